//! 转主动公开建议: cases of different people that ask one organ for the same, as a suggestion for the catalogue.
//!
//! Law: 条例 art. 44: 多个申请人就相同政府信息向同一行政机关提出公开申请, 且该政府信息属于可以公开的, 行政机关可以纳入主动公开的范围.
//! The law names no days: the office decides, and the unit publishes, each within those of art. 26.

pub mod gather;
pub mod handle;
pub mod listing;
pub mod seam;
pub mod store;

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::limits;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_basis::{Date, coded};
use gongkai_inspect::{Masking, NameMask, Rules, inspect, mask};

use crate::id::SuggestionId;
use crate::offer::Offer;
use crate::publication::Keep;
use crate::request::Request;
use crate::request::clock::{Light, SOON_WORKING_DAYS};

/// Different applicants from whom on it is a suggestion.
pub const APPLICANTS_MIN: i64 = 2;
/// Working days for the office to decide, and then for the unit to publish: those of art. 26.
pub const STEP_WORKING_DAYS: u16 = limits::PUBLICATION_DAYS;
/// Cases older than this many days begin no suggestion and join none.
pub const LOOKED_AT_DAYS: i64 = 730;
/// The kind of an offer whose address is not this site's.
pub const ELSEWHERE: &str = "request-cluster";
const SUBJECT_CHARS_MAX: usize = 120;

coded! {
    pub enum State {
        Open = "open", "待决定";
        Adopted = "adopted", "已采纳，待公开";
        Declined = "declined", "不采纳";
        Published = "published", "已公开";
    }
}

coded! {
    pub enum Act {
        Adopt = "adopt", "采纳";
        Decline = "decline", "不采纳";
        Publish = "publish", "登记公开";
        Reopen = "reopen", "重新决定";
        List = "list", "列入主动公开目录";
    }
}

impl State {
    /// Where an act leads; `None`: not from here.
    #[must_use]
    pub const fn after(self, act: Act) -> Option<Self> {
        match (self, act) {
            (Self::Open, Act::Adopt) => Some(Self::Adopted),
            (Self::Open, Act::Decline) => Some(Self::Declined),
            // What is public already needs no order before it.
            (Self::Open | Self::Adopted, Act::Publish) => Some(Self::Published),
            (Self::Adopted | Self::Declined | Self::Published, Act::Reopen) => Some(Self::Open),
            // What is to be public, or is, may be proposed for the catalogue at any time.
            (Self::Adopted, Act::List) => Some(Self::Adopted),
            (Self::Published, Act::List) => Some(Self::Published),
            (Self::Open, Act::Reopen | Act::List)
            | (Self::Adopted, Act::Adopt | Act::Decline)
            | (Self::Declined, Act::Adopt | Act::Decline | Act::Publish | Act::List)
            | (Self::Published, Act::Adopt | Act::Decline | Act::Publish) => None,
        }
    }

    /// Does somebody owe the next step?
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Open | Self::Adopted)
    }
}

/// What came of a cluster, with what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub subject: String,
    pub organ: (OrganId, String),
    pub of: Ref,
    pub title: String,
    pub path: String,
    pub on: Option<Date>,
}

impl Published {
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        self.of.kind == ELSEWHERE
    }

    /// As later applicants see it.
    #[must_use]
    pub fn offer(self) -> Offer {
        Offer {
            of: self.of,
            title: self.title,
            path: self.path,
            organ: Some(self.organ),
            dated_on: self.on,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    pub id: SuggestionId,
    pub organ: OrganId,
    pub organ_name: String,
    /// What was asked for, without personal data.
    pub subject: String,
    pub state: State,
    pub requests: i64,
    pub applicants: i64,
    /// The day from which several people had asked; `None` while it is one.
    pub arisen_on: Option<Date>,
    /// Until which day the next step is due.
    pub due_on: Option<Date>,
    /// The unit that publishes.
    pub owner: Option<(OrganId, String)>,
    pub ground: Option<Keep>,
    pub why: String,
    pub decided_by: String,
    pub decided_on: Option<Date>,
    pub published: Option<Published>,
    pub version: i64,
}

impl Cluster {
    /// The light of the step that is due, and its days in words.
    #[must_use]
    pub fn light(&self, today: Date, calendar: &WorkCalendar) -> (Light, String) {
        if !self.state.is_running() {
            return (Light::Done, String::new());
        }
        light(self.due_on, today, calendar)
    }
}

/// The light of a day that something is due, and the days in words.
#[must_use]
pub fn light(due: Option<Date>, today: Date, calendar: &WorkCalendar) -> (Light, String) {
    let Some(due) = due else {
        return (Light::Still, String::new());
    };
    if today > due {
        let over = calendar.between(due, today);
        let words = over.map_or_else(|_| String::new(), |n| format!("超{n}个工作日"));
        return (Light::Overdue, words);
    }
    match calendar.between(today, due) {
        Ok(0) => (Light::Soon, "今天到期".to_owned()),
        Ok(left) if left <= SOON_WORKING_DAYS => (Light::Soon, format!("还剩{left}个工作日")),
        Ok(left) => (Light::Normal, format!("还剩{left}个工作日")),
        Err(_) => (Light::Normal, String::new()),
    }
}

/// What a case asks for in one line, without its applicant and without anybody's data.
#[must_use]
pub fn plain_subject(request: &Request) -> String {
    let wish = &request.wish;
    let text = if wish.subject.trim().is_empty() {
        &wish.description
    } else {
        &wish.subject
    };
    let who = &request.applicant;
    let own = [
        &who.name,
        &who.head,
        &who.contact,
        &who.paper_number,
        &who.phone,
        &who.email,
        &who.address,
    ];
    let told = own
        .iter()
        .map(|one| one.trim())
        // One character of a name may stand in any word.
        .filter(|one| one.chars().count() > 1)
        .fold(text.clone(), |text, one| text.replace(one, ""));
    let line = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let clipped: String = line.chars().take(SUBJECT_CHARS_MAX).collect();
    let rules = Rules {
        whole_document: false,
        ..Rules::default()
    };
    let all = Masking {
        id_card: (0, 0),
        mobile: (0, 0),
        bank_card: (0, 0),
        name: NameMask::All,
    };
    mask(&clipped, &inspect(&clipped, &rules), &all)
}

#[cfg(test)]
mod tests {
    use super::{Act, State, plain_subject};
    use crate::request::tests::sample;

    #[test]
    fn every_act_from_every_state() {
        let table: Vec<String> = State::options()
            .into_iter()
            .filter_map(|(code, _)| State::from_code(code))
            .map(|state| {
                let leads = Act::options().into_iter().map(|(act, _)| {
                    let after = Act::from_code(act).and_then(|act| state.after(act));
                    after.map_or("-", State::code)
                });
                format!("{}: {}", state.code(), leads.collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(
            table,
            [
                "open: adopted declined published - -",
                "adopted: - - published open adopted",
                "declined: - - - open -",
                "published: - - - open published",
            ]
        );
    }

    #[test]
    fn a_subject_names_nobody() {
        let mut request = sample();
        request.applicant.name = "申请人甲".to_owned();
        request.applicant.phone = "13800138000".to_owned();
        request.wish.subject =
            "申请人甲（13800138000，身份证110101199003078515）\n要公交线路调整报告".to_owned();
        let subject = plain_subject(&request);
        assert!(subject.contains("公交线路调整报告"), "{subject}");
        for secret in ["申请人甲", "13800138000", "110101199003078515"] {
            assert!(!subject.contains(secret), "{subject}");
        }
    }
}

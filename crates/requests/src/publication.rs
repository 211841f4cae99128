//! 高频申请转主动公开 (条例 art. 44): closing a release asks "publish this?"; several applicants for the same make a suggestion.

pub mod store;

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::calendar::{WorkCalendar, WorkingDays};
use gongkai_basis::coded;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;

use crate::acts::TakeRequests;
use crate::id::RequestId;
use crate::reach;
use crate::request::submit::record;
use crate::request::{LINE_CHARS_MAX, Request, TEXT_CHARS_MAX, store as requests};
use crate::similar;
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};

/// Different applicants from whom on a cluster is a suggestion.
pub const APPLICANTS_MIN: usize = 2;
/// Working days from the decision to the publication: those of art. 26, for the law names none of its own.
pub const PUBLISH_WORKING_DAYS: u16 = 20;

coded! {
    pub enum Choice {
        Yes = "yes", "转为主动公开";
        No = "no", "不转";
        Later = "later", "以后再定";
    }
}

/// What was decided about one release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub choice: Choice,
    pub why: String,
    pub by: String,
    pub on: Date,
    pub publish_by: Option<Date>,
    /// Where it was published; empty while it is not.
    pub published_at: String,
}

impl Publication {
    /// Every reason why it cannot be decided so: what is not published needs its reason.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let wanted = match self.choice {
            Choice::No => Wanted::Yes,
            Choice::Yes | Choice::Later => Wanted::No,
        };
        [
            text_fault(("why", "原因"), &self.why, TEXT_CHARS_MAX, wanted),
            text_fault(
                ("published_at", "公开网址"),
                &self.published_at,
                LINE_CHARS_MAX,
                Wanted::No,
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Decides whether what was released to one becomes public to all.
///
/// # Errors
/// Not found outside of reach; refused for a case that released nothing, or with all the reasons.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<TakeRequests>,
    id: RequestId,
    (choice, why, published_at): (Choice, String, String),
    (today, calendar): (Date, &WorkCalendar),
) -> Result<(), NotDone> {
    let scope = reach::handled(tx, permit.roles()).await?;
    let case = requests::load(tx, &scope, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    let released = case
        .request
        .decision
        .as_ref()
        .is_some_and(|decision| decision.reply.releases());
    if !released || case.request.replied_on.is_none() {
        let sentence = "这件申请没有公开过内容，不能转为主动公开。".to_owned();
        return Err(NotDone::Refused(vec![("choice", sentence)]));
    }
    let days = WorkingDays::new(PUBLISH_WORKING_DAYS).ok();
    let publication = Publication {
        choice,
        why,
        by: permit.actor().name().to_owned(),
        on: today,
        publish_by: days
            .filter(|_| choice == Choice::Yes)
            .and_then(|days| calendar.after(today, days).ok()),
        published_at,
    };
    refused(publication.why_not())?;
    store::keep(tx, id, &publication).await?;
    let sentence = format!("{}：{}", case.request.number, choice.name());
    record(
        tx,
        permit.actor(),
        &case,
        "request.publication-decided",
        sentence,
    );
    Ok(())
}

/// Releases that ask for the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Newest first.
    pub requests: Vec<Request>,
    pub applicants: usize,
}

/// Groups releases by what they ask for; only those of several applicants, most asked first.
///
/// Law: art. 44: 多个申请人就相同政府信息向同一行政机关提出公开申请, 且该政府信息属于可以公开的, 行政机关可以纳入主动公开的范围.
#[must_use]
pub fn clusters(releases: Vec<Request>) -> Vec<Cluster> {
    let mut groups: Vec<Vec<Request>> = Vec::new();
    for request in releases {
        let fits = |group: &&mut Vec<Request>| {
            group.first().is_some_and(|first| {
                first.organ == request.organ
                    && similar::is_same(&first.wish.subject, &request.wish.subject)
            })
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(request),
            None => groups.push(vec![request]),
        }
    }
    let mut found: Vec<Cluster> = groups
        .into_iter()
        .map(|requests| {
            let people: BTreeMap<String, ()> = requests
                .iter()
                .map(|request| (requests::applicant_key(&request.applicant), ()))
                .collect();
            Cluster {
                applicants: people.len(),
                requests,
            }
        })
        .filter(|cluster| cluster.applicants >= APPLICANTS_MIN)
        .collect();
    found.sort_by_key(|cluster| std::cmp::Reverse(cluster.requests.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::clusters;
    use crate::request::tests::sample;

    #[test]
    fn only_different_applicants_of_one_organ_make_a_suggestion() {
        let asks = |subject: &str, paper: &str| {
            let mut request = sample();
            request.wish.subject = subject.to_owned();
            request.applicant.paper_number = paper.to_owned();
            request
        };
        let found = clusters(vec![
            asks("2025年老旧小区改造项目清单", "E1"),
            asks("城区学位分配方案", "E1"),
            asks("2025年老旧小区改造项目清单和资金", "E2"),
            asks("公交线路调整评估报告", "E3"),
            asks("公交线路调整的评估报告", "E3"),
        ]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].requests.len(), found[0].applicants), (2, 2));
        let mut other = asks("2025年老旧小区改造项目清单", "E2");
        other.organ = gongkai_basis::id::OrganId::new(uuid::Uuid::from_u128(9));
        assert!(clusters(vec![asks("2025年老旧小区改造项目清单", "E1"), other]).is_empty());
    }
}

//! 会议、听取汇报、培训、投稿、试点: something an organ did on a day, with who came and what came of it.

pub mod handle;
pub(crate) mod lookup;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::OrganId;
use sha2::{Digest as _, Sha256};

use crate::id::ActivityId;
use gongkai_platform::fault::{Wanted, text_fault};

/// The longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 200;
/// The longest place, person or outcome, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// The longest summary, in characters.
pub const TEXT_CHARS_MAX: usize = 5_000;
/// People on one list of attendance.
pub const ATTENDEES_MAX: usize = 500;

coded! {
    /// What was done. Plans demand the first three at least once a year (每年至少召开一次会议, 每年至少听取1次汇报,
    /// 定期组织培训), and encourage the others.
    pub enum ActivityKind {
        /// Of the leading group.
        Meeting = "meeting", "领导小组会议";
        /// The unit's head hears a report on open government.
        Hearing = "hearing", "听取汇报";
        Training = "training", "培训";
        /// To a journal such as 《政务公开工作交流》.
        Submission = "submission", "投稿";
        Pilot = "pilot", "试点";
    }
}

impl ActivityKind {
    /// What the person behind it is called.
    #[must_use]
    pub const fn person(self) -> &'static str {
        match self {
            Self::Meeting => "主持人",
            Self::Hearing => "听取汇报的主要负责同志",
            Self::Training => "授课人",
            Self::Submission => "作者",
            Self::Pilot => "负责人",
        }
    }

    /// What the day is called.
    #[must_use]
    pub const fn day(self) -> &'static str {
        match self {
            Self::Meeting | Self::Hearing => "召开日期",
            Self::Training => "培训日期",
            Self::Submission => "投稿日期",
            Self::Pilot => "开始日期",
        }
    }

    /// What the place is called.
    #[must_use]
    pub const fn place(self) -> &'static str {
        match self {
            Self::Meeting | Self::Hearing | Self::Training => "地点",
            Self::Submission => "刊物",
            Self::Pilot => "试点单位或区域",
        }
    }

    /// What came of it.
    #[must_use]
    pub const fn outcome(self) -> &'static str {
        match self {
            Self::Meeting | Self::Hearing => "议定事项",
            Self::Training => "效果",
            Self::Submission => "采用情况",
            Self::Pilot => "阶段成果",
        }
    }

    /// Is a list kept of who came?
    #[must_use]
    pub const fn has_attendance(self) -> bool {
        matches!(self, Self::Meeting | Self::Hearing | Self::Training)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    pub id: ActivityId,
    pub organ: OrganId,
    pub organ_name: String,
    pub kind: ActivityKind,
    pub words: Words,
    /// Taken off the list, with the reason.
    pub removed_why: Option<String>,
    pub recorded_by: String,
    pub version: i64,
}

/// What somebody writes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub held_on: Date,
    pub until_on: Option<Date>,
    pub place: String,
    pub person: String,
    pub summary: String,
    pub outcome: String,
    pub attendees: Vec<Attendee>,
}

/// A line of the list of attendance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    pub name: String,
    pub unit: String,
    pub attended: bool,
}

impl Words {
    /// How many were to come, and how many came.
    #[must_use]
    pub fn attendance(&self) -> (usize, usize) {
        let came = self.attendees.iter().filter(|one| one.attended).count();
        (self.attendees.len(), came)
    }

    /// Every reason why it cannot be kept so. `today`: nothing is noted before it has happened; a pilot may last.
    #[must_use]
    pub fn why_not(&self, kind: ActivityKind, today: Date) -> Vec<(&'static str, String)> {
        let line = |field: &'static str, name: &str, text: &str, wanted| {
            text_fault((field, name), text, LINE_CHARS_MAX, wanted)
        };
        let mut faults: Vec<(&'static str, String)> = [
            text_fault(("title", "名称"), &self.title, TITLE_CHARS_MAX, Wanted::Yes),
            line("place", kind.place(), &self.place, Wanted::No),
            line("person", kind.person(), &self.person, Wanted::No),
            text_fault(
                ("summary", "主要内容"),
                &self.summary,
                TEXT_CHARS_MAX,
                Wanted::Yes,
            ),
            text_fault(
                ("outcome", kind.outcome()),
                &self.outcome,
                TEXT_CHARS_MAX,
                Wanted::No,
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        if self.held_on > today {
            let sentence = "日期还没有到；活动举行以后再登记。".to_owned();
            faults.push(("held_on", sentence));
        }
        if self.until_on.is_some_and(|until| until < self.held_on) {
            faults.push(("until_on", "结束日期不能早于开始日期。".to_owned()));
        }
        if self.attendees.len() > ATTENDEES_MAX {
            faults.push((
                "attendees",
                format!("参加人员最多{ATTENDEES_MAX}人，更多的请以附件形式上传名单。"),
            ));
        }
        faults
    }
}

impl Activity {
    /// Changes when what the record says changes; evidence keeps it.
    #[must_use]
    pub fn seal(&self) -> String {
        let words = &self.words;
        let (called, came) = words.attendance();
        let until = words
            .until_on
            .map_or_else(String::new, |day| day.to_string());
        let parts = [
            self.organ.to_string(),
            self.kind.code().to_owned(),
            words.title.clone(),
            words.held_on.to_string(),
            until,
            words.summary.clone(),
            words.outcome.clone(),
            format!("{called}/{came}"),
        ];
        hex::encode(Sha256::digest(parts.join("\u{1f}").as_bytes()))
    }
}

/// Reads a list of attendance: one person a line, name, unit and 到 or 缺 apart by a comma, a tab or a 顿号; who is not
/// said to be missing came.
///
/// # Errors
/// The lines (from 1) that say no name, or something else in the third place.
pub fn attendees(text: &str) -> Result<Vec<Attendee>, Vec<usize>> {
    let mut wrong = Vec::new();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let mut parts = line.split([',', '，', '\t', '、']).map(str::trim);
        let name = parts.next().unwrap_or_default().to_owned();
        let unit = parts.next().unwrap_or_default().to_owned();
        let attended = match parts.next().unwrap_or_default() {
            "" | "到" | "出席" | "参加" => Some(true),
            "缺" | "缺席" | "请假" => Some(false),
            _ => None,
        };
        match attended {
            Some(attended) if !name.is_empty() && parts.next().is_none() => found.push(Attendee {
                name,
                unit,
                attended,
            }),
            _ => wrong.push(number),
        }
    }
    if wrong.is_empty() {
        Ok(found)
    } else {
        Err(wrong)
    }
}

/// The list as [`attendees`] reads it.
#[must_use]
pub fn attendees_text(list: &[Attendee]) -> String {
    let line = |one: &Attendee| {
        let mark = if one.attended { "到" } else { "缺" };
        format!("{}，{}，{mark}", one.name, one.unit)
    };
    list.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{ActivityKind, Words, attendees, attendees_text};

    #[test]
    fn a_list_of_attendance_is_read_and_written() {
        let list =
            attendees("林知远，市司法局\n\n何书瑶,市财政局,缺\n江闻舟\t市教育局\t到").unwrap();
        let short: Vec<(&str, bool)> = list
            .iter()
            .map(|one| (one.unit.as_str(), one.attended))
            .collect();
        assert_eq!(
            short,
            [("市司法局", true), ("市财政局", false), ("市教育局", true)]
        );
        assert_eq!(attendees(&attendees_text(&list)).unwrap(), list);
        assert_eq!(
            attendees("，市司法局\n林知远，市司法局，也许\n好"),
            Err(vec![1, 2])
        );
        assert!(attendees("").unwrap().is_empty());
    }

    #[test]
    fn all_reasons_come_at_once() {
        let words = Words {
            title: String::new(),
            held_on: "2026-10-13".parse().unwrap(),
            until_on: Some("2026-10-01".parse().unwrap()),
            place: "字".repeat(201),
            person: String::new(),
            summary: String::new(),
            outcome: String::new(),
            attendees: Vec::new(),
        };
        let faults = words.why_not(ActivityKind::Training, "2026-10-12".parse().unwrap());
        let fields: Vec<&str> = faults.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["title", "place", "summary", "held_on", "until_on"]);
    }
}

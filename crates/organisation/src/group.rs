//! 政务公开工作领导小组: who is in it on a day, and how it changed.

pub mod handle;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::OrganId;

use crate::id::MemberId;

/// The longest name, in characters.
pub const NAME_CHARS_MAX: usize = 50;
/// The longest post or reason, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// Rows of one group's whole history.
pub const HISTORY_MAX: i64 = 1_000;

coded! {
    /// 在领导小组中的职务
    pub enum GroupDuty {
        Head = "head", "组长";
        Deputy = "deputy", "副组长";
        Member = "member", "成员";
        OfficeHead = "office_head", "办公室主任";
    }
}

/// One person's time in the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: MemberId,
    /// Whose group it is: the government, or a unit with an office of its own.
    pub base: OrganId,
    pub duty: GroupDuty,
    pub name: String,
    /// 单位职务, such as 市司法局局长.
    pub post: String,
    pub from_on: Date,
    /// 依据, such as a document's number.
    pub from_why: String,
    /// The first day on which the person is no longer in it.
    pub until_on: Option<Date>,
    pub until_why: Option<String>,
    pub removed_why: Option<String>,
    pub recorded_by: String,
    pub version: i64,
}

impl Member {
    /// Is the person in the group on this day?
    #[must_use]
    pub fn is_in(&self, day: Date) -> bool {
        self.removed_why.is_none()
            && self.from_on <= day
            && self.until_on.is_none_or(|until| day < until)
    }

    /// Is the person in the group on this day or on a later one?
    #[must_use]
    pub fn is_in_since(&self, day: Date) -> bool {
        self.removed_why.is_none() && self.until_on.is_none_or(|until| day < until)
    }
}

/// The roster of a day, heads first; within a duty in the order of coming.
#[must_use]
pub fn roster(history: &[Member], day: Date) -> Vec<&Member> {
    let mut found: Vec<&Member> = history.iter().filter(|one| one.is_in(day)).collect();
    found.sort_by_key(|one| (one.duty, one.from_on, one.id));
    found
}

/// Something that happened to the group on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<'m> {
    pub on: Date,
    pub joined: Joined,
    pub member: &'m Member,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Joined {
    Came,
    Left,
}

/// Every coming and going, newest first.
#[must_use]
pub fn changes(history: &[Member]) -> Vec<Change<'_>> {
    let kept = history.iter().filter(|one| one.removed_why.is_none());
    let mut found: Vec<Change<'_>> = kept
        .flat_map(|member| {
            let came = Change {
                on: member.from_on,
                joined: Joined::Came,
                member,
            };
            let left = member.until_on.map(|on| Change {
                on,
                joined: Joined::Left,
                member,
            });
            std::iter::once(came).chain(left)
        })
        .collect();
    found.sort_by_key(|one| std::cmp::Reverse((one.on, one.joined, one.member.id)));
    found
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;
    use gongkai_basis::id::OrganId;
    use uuid::Uuid;

    use super::{GroupDuty, Joined, Member, changes, roster};
    use crate::id::MemberId;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn member(n: u128, duty: GroupDuty, from: &str, until: Option<&str>) -> Member {
        Member {
            id: MemberId::new(Uuid::from_u128(n)),
            base: OrganId::new(Uuid::from_u128(0)),
            duty,
            name: format!("某{n}"),
            post: String::new(),
            from_on: day(from),
            from_why: String::new(),
            until_on: until.map(day),
            until_why: until.map(|_| "工作调动".to_owned()),
            removed_why: None,
            recorded_by: String::new(),
            version: 1,
        }
    }

    #[test]
    fn the_roster_of_a_day_follows_from_the_history() {
        let mut history = vec![
            member(1, GroupDuty::Member, "2025-03-01", None),
            member(2, GroupDuty::Head, "2025-03-01", Some("2026-06-01")),
            member(3, GroupDuty::Head, "2026-06-01", None),
        ];
        let names = |history: &[Member], on: &str| -> Vec<String> {
            let found = roster(history, day(on));
            found.iter().map(|one| one.name.clone()).collect()
        };
        assert!(names(&history, "2025-02-28").is_empty());
        assert_eq!(names(&history, "2026-05-31"), ["某2", "某1"]);
        // Who leaves on a day is out of it that day, and the successor in.
        assert_eq!(names(&history, "2026-06-01"), ["某3", "某1"]);
        let steps: Vec<(String, Joined)> = changes(&history)
            .iter()
            .map(|change| (change.member.name.clone(), change.joined))
            .collect();
        assert_eq!(steps.len(), 4);
        assert_eq!(steps[0], ("某2".to_owned(), Joined::Left));
        history[2].removed_why = Some("录错".to_owned());
        assert_eq!(names(&history, "2026-06-01"), ["某1"]);
        assert_eq!(changes(&history).len(), 3);
    }
}

//! 各期公开情况的公布范围: how much the public reads of where the periods of a government's units stand.
//!
//! Ours. 条例 art. 11, 12 and 46 make the office keep and supervise; none asks it to publish who is late. Until its office decides,
//! a government shows what was made public, what did not arise, and what is not due yet. Lateness stays inside: in the first
//! months of a catalogue most of it is what nobody has registered here although it is public elsewhere, and a page of the
//! government would call that unpublished. An office that trusts its registrations opens it with one choice, and one that wants
//! none of it shown closes it.

pub mod handle;
pub mod store;

use gongkai_basis::coded;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::day;

use crate::filling::{Cell, Standing};
use crate::owner::publishes;

coded! {
    pub enum Publicity {
        Met = "met", "公布已公开、本期无和未到期，不公布超期";
        All = "all", "全部公布，包括超期未公开";
        Nothing = "nothing", "不公布各期情况";
    }
}

impl Publicity {
    /// Until the office decides.
    pub const UNDECIDED: Self = Self::Met;

    /// Does the public read of periods at all?
    #[must_use]
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Met | Self::All)
    }

    /// What the public reads of one period, with its day; `None` for what stays inside.
    #[must_use]
    pub fn said(self, cell: &Cell) -> Option<String> {
        if !self.is_shown() {
            return None;
        }
        let on = cell
            .filling
            .as_ref()
            .map(|filling| day(filling.confirmed_on));
        let on = on.unwrap_or_default();
        let due = cell.period.due_on.map(day);
        match (cell.standing, self) {
            (Standing::Filled, _) => Some(format!("已公开（{on}）")),
            (Standing::Doubtful, _) => Some(format!("已公开（{on}，网址正在核对）")),
            (Standing::Nothing, _) => Some(format!("本期无（{on}）")),
            (Standing::Open, _) => Some(match due {
                Some(due) => format!("未到期（最迟{due}）"),
                None => "未到期".to_owned(),
            }),
            (Standing::Overdue, Self::All) => {
                Some(format!("超期未公开（应于{}前）", due.unwrap_or_default()))
            }
            (Standing::Overdue, Self::Met | Self::Nothing) => None,
        }
    }
}

/// Is there a public page of where the periods of this organ stand?
///
/// # Errors
/// When the store fails.
pub async fn is_shown_of(tx: &mut Tx, organ: OrganId) -> Result<bool, StoreError> {
    let unit = organ::store::load(tx, organ).await?;
    let Some(unit) = unit.filter(publishes) else {
        return Ok(false);
    };
    Ok(store::of_path(tx, &unit.path).await?.is_shown())
}

#[cfg(test)]
mod tests {
    use gongkai_basis::calendar::WorkCalendar;

    use super::*;
    use crate::course::Course;
    use crate::entry::tests::entry;
    use crate::filling::year_of;
    use crate::period::Rhythm;

    #[test]
    fn lateness_is_for_those_who_opened_it() {
        let mut entry = entry(1);
        entry.rhythm = Rhythm::Quarterly;
        let course = Course::of(&entry, &[]);
        let today = "2026-08-03".parse().unwrap();
        let calendar = WorkCalendar::builtin();
        let cells = year_of((entry.id, &course), 2026, &[], &calendar, today);
        let told = |publicity: Publicity| -> Vec<String> {
            cells
                .iter()
                .filter_map(|cell| publicity.said(cell))
                .collect()
        };
        let all = told(Publicity::All);
        assert_eq!(all.len(), 4, "{all:?}");
        assert!(all[0].starts_with("超期未公开（应于2026年"), "{all:?}");
        assert!(all[3].starts_with("未到期"), "{all:?}");
        let met = told(Publicity::UNDECIDED);
        assert!(met.iter().all(|one| one.starts_with("未到期")), "{met:?}");
        assert!(met.len() < all.len() && !met.is_empty());
        assert_eq!(told(Publicity::Nothing), [""; 0]);
    }
}

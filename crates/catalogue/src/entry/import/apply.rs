//! What a table does to a catalogue: entries with a new 索引 are added, those with a known one are changed. Shown first, then done
//! in one transaction.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, refused};

use super::Row;
use crate::acts::KeepCatalogue;
use crate::entry::handle::{self, Change, New, Note};
use crate::entry::{Entry, store};
use crate::version::{self, Difference};

/// What one line does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    Adds,
    Changes(Box<Entry>, Vec<Difference>),
    /// The entry says so already.
    Nothing,
}

/// Lines of a table by what they do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub added: usize,
    pub changed: usize,
    pub same: usize,
    /// Grows when somebody changes one of the entries that the table changes.
    pub versions: i64,
}

impl Counts {
    #[must_use]
    pub fn of(effects: &[Effect]) -> Self {
        let mut counts = Self::default();
        for effect in effects {
            match effect {
                Effect::Adds => counts.added += 1,
                Effect::Changes(entry, _) => {
                    counts.changed += 1;
                    counts.versions += entry.version;
                }
                Effect::Nothing => counts.same += 1,
            }
        }
        counts
    }

    /// What a preview showed, to be compared before it is done.
    #[must_use]
    pub fn seen(&self) -> String {
        format!(
            "{}-{}-{}-{}",
            self.added, self.changed, self.same, self.versions
        )
    }
}

/// 生成日期 and 施行日期 of a line. Where it leaves out the second, an entry that is there keeps its own.
fn days(row: &Row, before: Option<&Entry>, today: Date) -> (Date, Date) {
    let formed_on = row.formed_on.parse().unwrap_or(today);
    let own = before.filter(|entry| entry.in_force_on != entry.formed_on);
    let kept = own.map_or(formed_on, |entry| entry.in_force_on);
    (formed_on, row.in_force_on.parse().unwrap_or(kept))
}

/// What each row does beside the entries of the same organ.
#[must_use]
pub fn effects(rows: &[Row], there: &[Entry], today: Date) -> Vec<Effect> {
    let one = |row: &Row| {
        let index = &row.words.index_number;
        let Some(before) = there.iter().find(|one| one.words.index_number == *index) else {
            return Effect::Adds;
        };
        let mut after = before.clone();
        after.words = row.words.clone();
        (after.formed_on, after.in_force_on) = days(row, Some(before), today);
        let told = version::differences(&version::fields(before), &version::fields(&after));
        if told.is_empty() {
            Effect::Nothing
        } else {
            Effect::Changes(Box::new(before.clone()), told)
        }
    };
    rows.iter().map(one).collect()
}

/// The effects on an organ's catalogue as it stands.
///
/// # Errors
/// When the store fails.
pub async fn look(
    tx: &mut Tx,
    organ: OrganId,
    rows: &[Row],
    today: Date,
) -> Result<Vec<Effect>, StoreError> {
    let there = store::of_organs(tx, &[organ]).await?;
    Ok(effects(rows, &there, today))
}

/// Adds and changes what the table says, all or nothing. `seen` is what the preview showed.
///
/// # Errors
/// Stale when the catalogue changed since the preview; refused without a note where entries change; as [`handle::add`]
/// and [`handle::change`].
pub async fn take_over(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    (organ, rows, seen): (OrganId, &[Row], &str),
    note: &Note,
    today: Date,
) -> Result<Counts, NotDone> {
    let effects = look(tx, organ, rows, today).await?;
    let counts = Counts::of(&effects);
    if counts.seen() != seen {
        return Err(StoreError::Stale.into());
    }
    if counts.changed > 0 {
        refused(note.why_not())?;
    }
    for (row, effect) in rows.iter().zip(effects) {
        let words = row.words.clone();
        match effect {
            Effect::Nothing => {}
            Effect::Adds => {
                let (formed_on, in_force_on) = days(row, None, today);
                let new = New {
                    organ,
                    overrides: None,
                    words,
                    formed_on,
                    in_force_on,
                };
                handle::add_of_table(tx, permit, new).await?;
            }
            Effect::Changes(entry, _) => {
                let (formed_on, in_force_on) = days(row, Some(entry.as_ref()), today);
                let change = Change {
                    words,
                    formed_on,
                    in_force_on,
                    note: note.clone(),
                };
                handle::change_of_table(tx, permit, (entry.id, entry.version), change).await?;
            }
        }
    }
    Ok(counts)
}

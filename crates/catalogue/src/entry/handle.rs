//! Entries are written, replaced for one organ, changed, confirmed, and removed.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};

use super::{Entry, LINE_CHARS_MAX, Words, store};
use crate::acts::KeepCatalogue;
use crate::due;
use crate::id::EntryId;
use crate::period::{Rhythm, STATUTORY_DAYS};
use crate::version::{self, Version, VersionKind, store as versions};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::organ::reach::{self, Reach};
use gongkai_platform::web::civil_day;

/// An entry that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    pub organ: OrganId,
    /// The entry of a higher organ that it stands for.
    pub overrides: Option<EntryId>,
    pub words: Words,
    pub formed_on: Date,
    pub in_force_on: Date,
}

fn record(tx: &mut Tx, actor: &Actor, entry: &Entry, kind: &'static str, sentence: String) {
    let subject = ("catalogue", entry.id.to_string());
    tx.record(Event::new(actor, kind, subject, sentence).organ(entry.organ));
}

/// Writes an entry.
///
/// # Errors
/// Not found for an organ out of reach; refused with all the reasons.
pub async fn add(tx: &mut Tx, permit: &Permit<KeepCatalogue>, new: New) -> Result<Entry, NotDone> {
    let reasons = new.words.why_not_typed();
    insert(tx, permit, new, reasons).await
}

/// As [`add`], for a line of a table: its channels are taken as they are.
///
/// # Errors
/// As [`add`].
pub(super) async fn add_of_table(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    new: New,
) -> Result<Entry, NotDone> {
    let reasons = new.words.why_not();
    insert(tx, permit, new, reasons).await
}

async fn insert(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    new: New,
    mut reasons: Vec<Reason>,
) -> Result<Entry, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let organ_name = reach::store::unit(tx, &within, new.organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    reasons.extend(index_fault(tx, new.organ, None, &new.words).await?);
    if let Some(above) = new.overrides {
        reasons.extend(override_fault(tx, new.organ, above).await?);
    }
    refused(reasons)?;
    let entry = Entry {
        id: EntryId::new(tx.fresh()),
        organ: new.organ,
        organ_name,
        overrides: new.overrides,
        rhythm: Rhythm::read(&new.words.limit_text).unwrap_or(Rhythm::Within(STATUTORY_DAYS)),
        words: new.words,
        formed_on: new.formed_on,
        in_force_on: new.in_force_on,
        removed_why: None,
        recorded_by: permit.actor().name().to_owned(),
        confirmed: None,
        version: 1,
    };
    store::insert(tx, &entry).await?;
    let note = Note {
        why: String::new(),
        legal_basis: entry.words.basis.clone(),
    };
    keep_version(tx, permit, &entry, (VersionKind::Added, note)).await?;
    let sentence = format!("{}的目录增加“{}”", entry.organ_name, entry.words.name());
    record(tx, permit.actor(), &entry, "catalogue.added", sentence);
    Ok(entry)
}

/// 索引 names one entry of an organ: a table that comes back finds its entries by it.
async fn index_fault(
    tx: &mut Tx,
    organ: OrganId,
    own: Option<EntryId>,
    words: &Words,
) -> Result<Option<Reason>, StoreError> {
    let taken = store::by_index(tx, organ, &words.index_number).await?;
    Ok(taken.filter(|entry| Some(entry.id) != own).map(|entry| {
        let sentence = format!(
            "索引“{}”已用于“{}”，每个事项的索引只能用一次。",
            words.index_number,
            entry.words.name()
        );
        ("index_number", sentence)
    }))
}

/// Only what holds in a unit from above can be replaced there, and only once.
async fn override_fault(
    tx: &mut Tx,
    organ: OrganId,
    above: EntryId,
) -> Result<Option<Reason>, NotDone> {
    let above = store::load(tx, &Reach::everything(), above)
        .await?
        .filter(|entry| entry.removed_why.is_none())
        .ok_or(NotDone::NotFound)?;
    if above.organ != organ && due::is_held(tx, &above, organ).await? {
        return Ok(None);
    }
    let sentence = "只能改写本单位正在沿用的上级事项；已经改写过的，请修改本单位自己的那一条。";
    Ok(Some(("organ", sentence.to_owned())))
}

/// Why an entry changes, and what law, rule or document asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    pub why: String,
    pub legal_basis: String,
}

impl Note {
    /// All the reasons why this is no note.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let faults = [
            text_fault(("why", "修改原因"), &self.why, LINE_CHARS_MAX, Wanted::Yes),
            text_fault(
                ("legal_basis", "修改依据"),
                &self.legal_basis,
                LINE_CHARS_MAX,
                Wanted::Yes,
            ),
        ];
        faults.into_iter().flatten().collect()
    }
}

async fn keep_version(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    entry: &Entry,
    (kind, note): (VersionKind, Note),
) -> Result<(), StoreError> {
    let version = Version {
        entry: entry.id,
        number: entry.version,
        kind,
        why: note.why,
        legal_basis: note.legal_basis,
        fields: version::fields(entry),
        changed_by: permit.actor().name().to_owned(),
        changed_on: civil_day(tx.now()),
    };
    versions::insert(tx, &version).await
}

/// What an entry is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub words: Words,
    pub formed_on: Date,
    pub in_force_on: Date,
    pub note: Note,
}

/// Changes an entry: a new version, the old one stays readable.
///
/// # Errors
/// Not found; stale when somebody changed it since; refused with all the reasons, and when nothing is different.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    of: (EntryId, i64),
    change: Change,
) -> Result<Entry, NotDone> {
    let reasons = change.words.why_not_typed();
    replace(tx, permit, of, (change, reasons)).await
}

/// As [`change`], for a line of a table: its channels are taken as they are.
///
/// # Errors
/// As [`change`].
pub(super) async fn change_of_table(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    of: (EntryId, i64),
    change: Change,
) -> Result<Entry, NotDone> {
    let reasons = change.words.why_not();
    replace(tx, permit, of, (change, reasons)).await
}

async fn replace(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    (id, version): (EntryId, i64),
    (change, mut reasons): (Change, Vec<Reason>),
) -> Result<Entry, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let before = store::load(tx, &within, id)
        .await?
        .filter(|entry| entry.removed_why.is_none())
        .ok_or(NotDone::NotFound)?;
    if before.version != version {
        return Err(StoreError::Stale.into());
    }
    reasons.append(&mut change.note.why_not());
    reasons.extend(index_fault(tx, before.organ, Some(id), &change.words).await?);
    refused(reasons)?;
    let mut after = before.clone();
    after.rhythm = Rhythm::read(&change.words.limit_text).unwrap_or(before.rhythm);
    after.words = change.words;
    after.formed_on = change.formed_on;
    after.in_force_on = change.in_force_on;
    let told = version::differences(&version::fields(&before), &version::fields(&after));
    if told.is_empty() {
        return Err(NotDone::Refused(vec![(
            "item",
            "没有改动任何内容，不需要保存。".to_owned(),
        )]));
    }
    store::update(tx, &after).await?;
    after.version += 1;
    let names: Vec<&str> = told.iter().map(|one| one.name).collect();
    let sentence = format!(
        "{}的目录修改“{}”的{}：{}",
        after.organ_name,
        after.words.name(),
        names.join("、"),
        change.note.why
    );
    keep_version(tx, permit, &after, (VersionKind::Changed, change.note)).await?;
    record(tx, permit.actor(), &after, "catalogue.changed", sentence);
    Ok(after)
}

/// Says that an entry still holds as it stands: the public list shows the day.
///
/// # Errors
/// Not found; stale when somebody changed it since.
pub async fn confirm(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    (id, version): (EntryId, i64),
    today: Date,
) -> Result<Entry, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let mut entry = store::load(tx, &within, id)
        .await?
        .filter(|entry| entry.removed_why.is_none())
        .ok_or(NotDone::NotFound)?;
    entry.confirmed = Some((today, permit.actor().name().to_owned()));
    entry.version = version;
    store::confirm(tx, &entry).await?;
    let sentence = format!(
        "{}确认目录事项“{}”仍为最新",
        entry.organ_name,
        entry.words.name()
    );
    record(tx, permit.actor(), &entry, "catalogue.confirmed", sentence);
    Ok(entry)
}

/// Takes an entry out of the catalogue, with the reason; it stays in the store.
///
/// # Errors
/// Not found; stale; refused without a reason.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<KeepCatalogue>,
    (id, version): (EntryId, i64),
    why: &str,
) -> Result<Entry, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let mut entry = store::load(tx, &within, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if entry.version != version {
        return Err(StoreError::Stale.into());
    }
    refused(
        text_fault(("why", "删除原因"), why, LINE_CHARS_MAX, Wanted::Yes)
            .into_iter()
            .collect(),
    )?;
    entry.removed_why = Some(why.to_owned());
    store::remove(tx, &entry).await?;
    entry.version += 1;
    let note = Note {
        why: why.to_owned(),
        legal_basis: String::new(),
    };
    keep_version(tx, permit, &entry, (VersionKind::Removed, note)).await?;
    let sentence = format!(
        "{}的目录删除“{}”：{why}",
        entry.organ_name,
        entry.words.name()
    );
    record(tx, permit.actor(), &entry, "catalogue.removed", sentence);
    Ok(entry)
}

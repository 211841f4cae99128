//! 撤下相同文件: the same bytes in every place that has them, taken down together with one reason.

use gongkai_basis::Actor;
use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::files::withheld::{self, Copy};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::seam::{Held, Seams};
use serde_json::json;

use crate::acts::TakeDownFiles;
use crate::document::handle::SUBJECT;
use crate::document::reading::forget::forget;
use crate::document::{SUMMARY_CHARS_MAX, Visibility, store, withdraw};
use crate::id::DocumentId;

/// One place with the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub copy: Copy,
    /// What its record is called; `None` where no capability knows more than the file's name.
    pub held: Option<Held>,
}

impl Place {
    /// The record in whose history the event stands.
    fn subject(&self) -> Ref {
        let held = self.held.as_ref().map(|held| held.of.clone());
        held.unwrap_or_else(|| Ref {
            kind: "file".to_owned(),
            id: self.copy.file.to_string(),
        })
    }

    #[must_use]
    pub fn title(&self) -> &str {
        self.held
            .as_ref()
            .map_or(&self.copy.name, |held| &held.title)
    }

    #[must_use]
    pub fn class(&self) -> &'static str {
        self.held
            .as_ref()
            .map_or("其他记录的文件", |held| held.class)
    }

    #[must_use]
    pub fn is_public(&self) -> bool {
        self.copy.withheld.is_none() && self.held.as_ref().is_some_and(|held| held.is_public)
    }

    /// The document whose page could go with its file.
    #[must_use]
    pub fn document(&self) -> Option<DocumentId> {
        let held = self.held.as_ref()?;
        (held.is_public && held.of.kind == SUBJECT)
            .then(|| held.of.id.parse().ok())
            .flatten()
    }
}

/// What was taken down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Down {
    pub files: usize,
    /// Whole pages.
    pub pages: usize,
}

/// What a person chose to take down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    pub files: Vec<FileId>,
    /// Whole pages that go with their files.
    pub documents: Vec<DocumentId>,
    /// Said to the public.
    pub reason: String,
}

/// What each of these files is called by the capability that has it.
///
/// # Errors
/// When the store fails.
pub async fn named(
    tx: &mut Tx,
    seams: &Seams,
    copies: Vec<Copy>,
) -> Result<Vec<Place>, StoreError> {
    let files: Vec<FileId> = copies.iter().map(|copy| copy.file).collect();
    let attached: Vec<(FileId, Ref)> = copies
        .iter()
        .filter_map(|copy| Some((copy.file, copy.attached.clone()?)))
        .collect();
    let mut held = Vec::new();
    for holder in &seams.holders {
        held.append(&mut holder.held(tx, &files, &attached).await?);
    }
    Ok(copies
        .into_iter()
        .map(|copy| Place {
            held: held.iter().find(|held| held.file == copy.file).cloned(),
            copy,
        })
        .collect())
}

/// Every place in reach with these bytes, and how many places there are beyond it.
///
/// # Errors
/// When the store fails.
pub async fn places(
    tx: &mut Tx,
    permit: &Permit<TakeDownFiles>,
    seams: &Seams,
    sha256: &str,
) -> Result<(Vec<Place>, i64), StoreError> {
    let within = Reach::of_permit(tx, permit).await?;
    let copies = withheld::copies(tx, &within, sha256).await?;
    let all = withheld::count(tx, sha256).await?;
    let beyond = all - i64::try_from(copies.len()).unwrap_or(all);
    Ok((named(tx, seams, copies).await?, beyond.max(0)))
}

fn event(actor: &Actor, place: &Place, kind: &'static str, sentence: String) -> Event {
    let of = place.subject();
    // Events name their kind by a word of the program, as the holders do.
    let kind_of = SUBJECTS
        .iter()
        .find(|known| **known == of.kind)
        .copied()
        .unwrap_or("file");
    let id = if kind_of == "file" {
        place.copy.file.to_string()
    } else {
        of.id
    };
    Event::new(actor, kind, (kind_of, id), sentence)
        .organ(place.copy.organ)
        .data(json!({ "file": place.copy.file.to_string(), "sha256": place.copy.sha256 }))
}

/// Records that keep a history of their own; what happens to other files stands under the file.
const SUBJECTS: [&str; 5] = ["document", "request", "plan", "finding", "activity"];

/// Takes down the chosen places, and the chosen pages with them; each leaves its event. Where no place is left, what was read
/// in the file goes, too.
///
/// # Errors
/// Not found for a place out of reach; refused with all the reasons.
pub async fn take_down(
    tx: &mut Tx,
    permit: &Permit<TakeDownFiles>,
    seams: &Seams,
    sha256: &str,
    chosen: &Chosen,
) -> Result<Down, NotDone> {
    let (places, _) = places(tx, permit, seams, sha256).await?;
    let mut reasons: Vec<Reason> = text_fault(
        ("reason", "撤下说明"),
        &chosen.reason,
        SUMMARY_CHARS_MAX,
        Wanted::Yes,
    )
    .into_iter()
    .collect();
    if chosen.files.is_empty() && chosen.documents.is_empty() {
        reasons.push(("place", "请至少选择一处。".to_owned()));
    }
    refused(reasons)?;
    let mut done = Down::default();
    for file in &chosen.files {
        let place = places
            .iter()
            .find(|place| place.copy.file == *file)
            .ok_or(NotDone::NotFound)?;
        if place.copy.withheld.is_some() {
            continue;
        }
        withheld::withhold(tx, permit.actor(), *file, &chosen.reason).await?;
        let sentence = format!(
            "撤下文件“{}”（{}，{}）：{}",
            place.copy.name,
            place.class(),
            place.title(),
            chosen.reason
        );
        tx.record(event(permit.actor(), place, "file.withheld", sentence));
        done.files += 1;
    }
    forget(tx, &[sha256.to_owned()]).await?;
    for id in &chosen.documents {
        if !places.iter().any(|place| place.document() == Some(*id)) {
            return Err(NotDone::NotFound);
        }
        let document = store::load(tx, &Scope::Everything, *id)
            .await?
            .ok_or(NotDone::NotFound)?;
        if document.visibility == Visibility::Public {
            withdraw::take_down(tx, permit.actor(), document, &chosen.reason).await?;
            done.pages += 1;
        }
    }
    if done == Down::default() {
        return Err(NotDone::Refused(vec![(
            "place",
            "选择的各处都已经撤下。".to_owned(),
        )]));
    }
    Ok(done)
}

/// Gives one place out again; the reason stays in its history. Tells whether everybody can have the file now: its page may be
/// withdrawn, or not public yet.
///
/// # Errors
/// Not found for a place out of reach or not taken down; refused without a reason.
pub async fn restore(
    tx: &mut Tx,
    permit: &Permit<TakeDownFiles>,
    seams: &Seams,
    (sha256, file): (&str, FileId),
    reason: &str,
) -> Result<bool, NotDone> {
    let (places, _) = places(tx, permit, seams, sha256).await?;
    let place = places
        .iter()
        .find(|place| place.copy.file == file && place.copy.withheld.is_some())
        .ok_or(NotDone::NotFound)?;
    refused(
        text_fault(
            ("reason", "恢复的理由"),
            reason,
            SUMMARY_CHARS_MAX,
            Wanted::Yes,
        )
        .into_iter()
        .collect(),
    )?;
    withheld::restore(tx, file).await?;
    let sentence = format!("恢复文件“{}”：{reason}", place.copy.name);
    tx.record(event(permit.actor(), place, "file.restored", sentence));
    Ok(place.held.as_ref().is_some_and(|held| held.is_public))
}

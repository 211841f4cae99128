//! 保存的查找: what a person looks for again at work, under a name. Each is its person's own: nobody else sees, renames or
//! deletes it.

mod store;

use gongkai_basis::Actor;
use gongkai_platform::access::Session;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::web::address;

pub(super) const NAME_CHARS_MAX: usize = 30;
pub(super) const PER_PERSON_MAX: usize = 50;
const SUBJECT: &str = "saved_search";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Saved {
    pub(super) id: String,
    pub(super) name: String,
    /// As they are typed.
    pub(super) words: String,
}

impl Saved {
    /// Opens it.
    pub(super) fn path(&self) -> String {
        path_of(&self.words)
    }
}

/// The page of these words.
pub(super) fn path_of(words: &str) -> String {
    let path = address("/workspace/find", &[("q", words)]);
    path.trim_end_matches(['&', '?']).to_owned()
}

/// A person's own, the newest first.
///
/// # Errors
/// When the store fails.
pub(super) async fn of_person(tx: &mut Tx, person: &Session) -> Result<Vec<Saved>, StoreError> {
    store::of_person(tx, person.account).await
}

/// What is wrong with a name beside these others of the same person.
fn why_not_called<'o>(
    field: &'static str,
    name: &str,
    mut others: impl Iterator<Item = &'o Saved>,
) -> Vec<Reason> {
    let fault = text_fault((field, "名称"), name, NAME_CHARS_MAX, Wanted::Yes);
    let mut reasons: Vec<Reason> = fault.into_iter().collect();
    if others.any(|one| one.name == name) {
        let sentence = format!("您已经有叫“{name}”的查找，请换一个名称，或者先删除那一个。");
        reasons.push((field, sentence));
    }
    reasons
}

/// Keeps words under a name.
///
/// # Errors
/// Refused without words or a name, with the name of another, or with too many.
pub(super) async fn save(
    tx: &mut Tx,
    person: &Session,
    (name, words): (&str, &str),
) -> Result<(), NotDone> {
    let known = store::of_person(tx, person.account).await?;
    let mut reasons = why_not_called("name", name, known.iter());
    if words.is_empty() {
        reasons.push(("name", "还没有查找，没有可以保存的。".to_owned()));
    }
    if known.len() >= PER_PERSON_MAX {
        let full = format!("每人最多保存{PER_PERSON_MAX}个查找，已经满了，请先删除不用的。");
        reasons.push(("name", full));
    }
    refused(reasons)?;
    let saved = Saved {
        id: tx.fresh().to_string(),
        name: name.to_owned(),
        words: words.to_owned(),
    };
    store::insert(tx, person.account, &saved).await?;
    record(tx, person, &saved, ("search.saved", "保存一个查找"));
    Ok(())
}

/// Gives one's own another name.
///
/// # Errors
/// Not found where it is nobody's or another's; refused without a name, or with the name of another.
pub(super) async fn rename(
    tx: &mut Tx,
    person: &Session,
    (id, name): (&str, &str),
) -> Result<(), NotDone> {
    let known = store::of_person(tx, person.account).await?;
    let saved = known.iter().find(|one| one.id == id);
    let saved = saved.ok_or(NotDone::NotFound)?;
    let others = known.iter().filter(|one| one.id != id);
    refused(why_not_called("renamed", name, others))?;
    store::rename(tx, id, name).await?;
    record(
        tx,
        person,
        saved,
        ("search.renamed", "把一个保存的查找改名"),
    );
    Ok(())
}

/// Deletes one's own; gives what it was.
///
/// # Errors
/// Not found where it is nobody's or another's.
pub(super) async fn delete(tx: &mut Tx, person: &Session, id: &str) -> Result<Saved, NotDone> {
    let known = store::of_person(tx, person.account).await?;
    let mut known = known.into_iter();
    let saved = known.find(|one| one.id == id).ok_or(NotDone::NotFound)?;
    store::delete(tx, id).await?;
    record(tx, person, &saved, ("search.unsaved", "删除一个保存的查找"));
    Ok(saved)
}

/// Name and words stay out of the chain: they may be somebody's name, and are nobody else's business.
fn record(
    tx: &mut Tx,
    person: &Session,
    saved: &Saved,
    (kind, sentence): (&'static str, &'static str),
) {
    let actor = Actor::Person {
        account: person.account,
        name: person.name.clone(),
    };
    let subject = (SUBJECT, saved.id.clone());
    tx.record(Event::new(&actor, kind, subject, sentence));
}

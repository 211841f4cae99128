//! 旧站迁入: what an older site had published comes in with its own dates, marked as not reviewed here.

mod store;
mod table;
#[cfg(test)]
mod tests;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::attachment::New;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, refused};
use gongkai_platform::organ;
use gongkai_platform::web::start_of;
use serde_json::json;

use crate::document::body::text_of;
use crate::document::handle::event;
use crate::document::validity::Turn;
use crate::document::{
    BODY_CHARS_MAX, Document, Edition, Head, State, Visibility, files, index_number, seal, sealed,
    store as documents,
};
use crate::house_field::{self, HouseField};
use crate::id::{DocumentId, EditionId};
use crate::kind::Kind;
use crate::picture;
use crate::review::demand;

pub use table::{Line, Repaired, TableError, left_alone, read};

/// Who stands as the author of what came in, and of what its list told about validity.
pub const AUTHOR: &str = "旧站迁入";

/// One document of the older site.
#[derive(Debug, Clone)]
pub struct Old {
    /// Its file's path inside the folder: taken once.
    pub source: String,
    /// Where it stood; may be empty.
    pub address: String,
    pub kind: Kind,
    /// 发布机构
    pub organ: OrganId,
    pub head: Head,
    /// Clean HTML.
    pub html: String,
    pub published_on: Date,
    /// As the older site numbered it; a new one is given where it is empty.
    pub index_number: String,
    /// What had become of it.
    pub turn: Option<Turn>,
    pub files: Vec<New>,
    /// Of its text.
    pub pictures: Vec<New>,
    /// Something in it must be settled first: it comes in as a draft and the public does not see it.
    pub doubtful: bool,
}

/// Why one comes in as a draft, which the public does not see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Something in it must be settled first; who read it has told what.
    Held,
    /// Its organ gave the 文号 to the document of this title.
    SameNumber(String),
    /// The document of this title has its 索引号.
    SameIndexNumber(String),
    /// Two of its days contradict each other.
    Days(&'static str),
}

impl Doubt {
    /// What the operator reads about it; `None` where it was told already.
    #[must_use]
    pub fn sentence(&self, old: &Old) -> Option<String> {
        let what = match self {
            Self::Held => return None,
            Self::SameNumber(title) => format!("文号“{}”与《{title}》相同", old.head.number),
            Self::SameIndexNumber(title) => {
                format!("索引号“{}”与《{title}》相同", old.index_number)
            }
            Self::Days(what) => (*what).to_owned(),
        };
        Some(format!("{what}，只迁入为草稿，不公开；请核对后改正再送审"))
    }

    /// As the event says it.
    fn told(&self) -> String {
        match self {
            Self::Held => "有内容要先处理".to_owned(),
            Self::SameNumber(title) => format!("文号与《{title}》相同"),
            Self::SameIndexNumber(title) => format!("索引号与《{title}》相同"),
            Self::Days(what) => (*what).to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    Published,
    /// In the house, not public, for at least one reason.
    Draft(Vec<Doubt>),
    /// It was taken in before and stays as it is.
    Known,
}

/// The fields that the government of an organ added to kinds of documents: columns of a list with their names fill them.
///
/// # Errors
/// Not found for an unknown organ.
pub async fn fields(tx: &mut Tx, organ: OrganId) -> Result<Vec<HouseField>, NotDone> {
    let organ = organ::store::load(tx, organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    let owner = worker(tx, &organ).await?;
    let house = demand::house(tx, owner.id).await?;
    Ok(house_field::kept(tx, house).await?)
}

/// Was this file of this organ taken in before?
///
/// # Errors
/// When the store fails.
pub async fn is_known(tx: &mut Tx, old: &Old) -> Result<bool, StoreError> {
    store::is_known(tx, old.organ, &old.source).await
}

/// What would become of one now, with nothing changed.
///
/// # Errors
/// Refused with all the reasons.
pub async fn outlook(tx: &mut Tx, old: &Old) -> Result<Taken, NotDone> {
    if is_known(tx, old).await? {
        return Ok(Taken::Known);
    }
    refused(why_not(tx, old))?;
    let doubts = doubts(tx, old).await?;
    Ok(if doubts.is_empty() {
        Taken::Published
    } else {
        Taken::Draft(doubts)
    })
}

async fn doubts(tx: &mut Tx, old: &Old) -> Result<Vec<Doubt>, StoreError> {
    let mut doubts = Vec::new();
    if old.doubtful {
        doubts.push(Doubt::Held);
    }
    let twin = documents::numbered(tx, (old.organ, &old.head.number), None).await?;
    doubts.extend(twin.map(|twin| Doubt::SameNumber(twin.title)));
    let twin = documents::indexed(tx, &old.index_number).await?;
    doubts.extend(twin.map(Doubt::SameIndexNumber));
    doubts.extend(crossed(old).map(Doubt::Days));
    Ok(doubts)
}

/// What cannot both be true of its days. A text may take effect before it is signed, and a site be filled again after a
/// repeal: neither is told.
fn crossed(old: &Old) -> impl Iterator<Item = &'static str> {
    let head = &old.head;
    let changed_on = old.turn.as_ref().map(|turn| turn.on);
    let pairs = [
        (head.expires_on, head.effective_on, "有效期至早于施行日期"),
        (head.expires_on, head.issued_on, "有效期至早于成文日期"),
        (
            Some(old.published_on),
            head.issued_on,
            "发布日期早于成文日期",
        ),
        (changed_on, head.issued_on, "有效性变动日期早于成文日期"),
    ];
    let wrong = |(later, first, _): &(Option<Date>, Option<Date>, _)| {
        later
            .zip(*first)
            .is_some_and(|(later, first)| later < first)
    };
    pairs.into_iter().filter(wrong).map(|(_, _, what)| what)
}

/// Takes one document in, in the caller's transaction. For the operators' command: the actor reaches everything.
///
/// # Errors
/// Not found for an unknown organ; refused with all the reasons.
pub async fn take(tx: &mut Tx, actor: &Actor, old: Old) -> Result<Taken, NotDone> {
    let organ = organ::store::load(tx, old.organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    let outlook = outlook(tx, &old).await?;
    if outlook == Taken::Known {
        return Ok(outlook);
    }
    let published_at = published_at(&old);
    let owner = worker(tx, &organ).await?;
    let id = DocumentId::new(tx.fresh());
    let edition = Edition {
        id: EditionId::new(tx.fresh()),
        document: id,
        number: 1,
        hash: seal(&old.head, &old.html),
        text: text_of(&old.html),
        head: old.head,
        html: old.html,
        author: "system".to_owned(),
        author_name: AUTHOR.to_owned(),
        created_at: published_at,
    };
    let mut document = first(&edition, old.kind, &owner, &organ);
    // A draft keeps it too: it was public from that day on, wherever its review leads.
    document.published_at = Some(published_at);
    documents::insert(tx, &document, &edition).await?;
    // A draft keeps what was told of it, so that a repealed text is never published as one in force.
    let is_taken = |doubt: &Doubt| matches!(doubt, Doubt::SameIndexNumber(_));
    let keeps_number = !matches!(&outlook, Taken::Draft(doubts) if doubts.iter().any(is_taken));
    if keeps_number {
        document.index_number = old.index_number;
    }
    if outlook == Taken::Published {
        if document.index_number.is_empty() {
            document.index_number =
                index_number::handle::next(tx, organ.id, old.published_on).await?;
        }
        document.state = State::Settled;
        document.visibility = Visibility::Public;
        document.published = Some(edition.id);
    }
    let public = document.published.map(|_| &edition.head);
    if public.is_some() || !document.index_number.is_empty() {
        documents::update(tx, &document, public).await?;
    }
    if let Some(turn) = &old.turn {
        documents::insert_turn(tx, id, turn).await?;
    }
    let change = files::Change {
        new: old.files,
        dropped: Vec::new(),
    };
    files::settle(tx, actor, (&document, None), change).await?;
    if document.published.is_some() {
        sealed::close(tx, &document, &edition).await?;
    }
    picture::attach(tx, actor, &document, old.pictures).await?;
    store::insert(tx, &document, &old.source, &old.address).await?;
    let (kind, said) = told(&outlook);
    let sentence = format!("《{}》{said}", edition.head.title);
    tx.record(
        event(actor, &document, kind, sentence)
            .data(json!({ "edition": edition.hash, "source": old.source })),
    );
    Ok(outlook)
}

/// How its coming in is told: the kind of the event, and what became of it.
fn told(taken: &Taken) -> (&'static str, String) {
    match taken {
        Taken::Draft(doubts) => {
            let why: Vec<String> = doubts.iter().map(Doubt::told).collect();
            let said = format!("从旧站迁入为草稿，{}，没有公开", why.join("，"));
            ("document.taken_in", said)
        }
        Taken::Published | Taken::Known => (
            "document.published",
            "从旧站迁入并公开，未经本系统审核".to_owned(),
        ),
    }
}

fn published_at(old: &Old) -> i64 {
    start_of(old.published_on).unwrap_or(i64::MAX)
}

fn why_not(tx: &Tx, old: &Old) -> Vec<Reason> {
    let text = text_of(&old.html);
    let mut reasons = old.head.why_not_save();
    if text.trim().is_empty() {
        reasons.push(("body", "正文是空的。".to_owned()));
    }
    if text.chars().count() > BODY_CHARS_MAX {
        reasons.push(("body", format!("正文超过{BODY_CHARS_MAX}字。")));
    }
    if published_at(old) > tx.now().as_millisecond() {
        reasons.push(("published_on", "发布日期晚于今天。".to_owned()));
    }
    reasons
}

/// Who works on what an organ publishes: a government's own office, else the organ itself.
async fn worker(tx: &mut Tx, organ: &organ::Organ) -> Result<organ::Organ, NotDone> {
    if organ.kind != organ::Kind::Government {
        return Ok(organ.clone());
    }
    let below = organ::store::children(tx, organ.id).await?;
    let office = below
        .into_iter()
        .find(|child| child.kind == organ::Kind::Office && child.is_active());
    Ok(office.unwrap_or_else(|| organ.clone()))
}

fn first(
    edition: &Edition,
    kind: Kind,
    owner: &organ::Organ,
    publisher: &organ::Organ,
) -> Document {
    let head = edition.head.clone();
    Document {
        id: edition.document,
        owner: owner.id,
        owner_name: owner.name.clone(),
        organ: publisher.id,
        organ_name: publisher.name.clone(),
        kind,
        state: State::Draft,
        visibility: Visibility::Never,
        index_number: String::new(),
        edition: edition.id,
        published: None,
        published_at: None,
        publish_at: None,
        explanation: String::new(),
        explained_at: None,
        title: head.title,
        number: head.number,
        theme: head.theme,
        issued_on: head.issued_on,
        effective_on: head.effective_on,
        expires_on: head.expires_on,
        shown_until: head.shown_until,
        limited: head.limited,
        interprets: head.interprets,
        // What an older site had published is open.
        review_on: None,
        discarded: None,
        version: 1,
    }
}

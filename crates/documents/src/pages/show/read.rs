//! What the page of one document is made of, read in one transaction.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_inspect::Finding;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::Attachment;
use gongkai_platform::audit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::Reason;
use gongkai_platform::web::day;

use super::concerned::{self, Concerning};
use crate::acts::ViewDocuments;
use crate::column::store::Place;
use crate::column::{self, Column};
use crate::document::cited::{self, Seen};
use crate::document::discard;
use crate::document::handle::SUBJECT;
use crate::document::history::Version;
use crate::document::map::{self, Picture};
use crate::document::own_head::contradictions;
use crate::document::schedule::Later;
use crate::document::validity::{self, Change, Recorded};
use crate::document::{
    Document, Edition, Lost, Openness, State as At, body, files, number, older, publish, sealed,
    store,
};
use crate::gazette;
use crate::house_field;
use crate::id::{DocumentId, EditionId};
use crate::kind::Kind;
use crate::review::{self, Stage, answer};
use crate::rules;

const EVENTS_MAX: i64 = 100;
/// Documents that cite this one, as far as they are listed.
const CITING_MAX: i64 = 50;

/// All that the page reads.
pub(super) struct Read {
    pub(super) document: Document,
    pub(super) edition: Edition,
    pub(super) editions: Vec<(EditionId, i64, String, String, i64)>,
    pub(super) stages: Vec<Stage>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) pictures: Vec<Picture>,
    pub(super) seal: Option<String>,
    pub(super) broken: Vec<String>,
    pub(super) recorded: Vec<Recorded>,
    pub(super) events: Vec<audit::Recorded>,
    pub(super) places: Vec<Place>,
    pub(super) choices: Vec<Column>,
    pub(super) cites: Vec<Seen>,
    pub(super) citing: Vec<Document>,
    pub(super) findings: Vec<Finding>,
    /// The government in whose list this person keeps what is no fault here.
    pub(super) except_in: Option<OrganId>,
    pub(super) twin: Option<Document>,
    pub(super) lost: Option<Lost>,
    pub(super) later: Option<Later>,
    pub(super) duty: Option<String>,
    pub(super) may_discard: bool,
    pub(super) printed_in: Vec<String>,
    pub(super) older: Vec<Version>,
    /// What the government demands beside the table and is still open.
    pub(super) asked: Vec<Reason>,
    pub(super) concerned: Concerning,
}

pub(super) async fn read(
    tx: &mut Tx,
    (permit, today, me): (&Permit<ViewDocuments>, Date, &str),
    id: DocumentId,
) -> Result<Option<Read>, StoreError> {
    let Some(document) = store::load(tx, permit.scope(), id).await? else {
        return Ok(None);
    };
    let Some(edition) = store::edition(tx, document.edition).await? else {
        return Ok(None);
    };
    let seal = store::sealed(tx, edition.id).await?.map(|(seal, _)| seal);
    let broken = match document.state {
        At::Reviewing | At::Approved => sealed::why_broken(tx, &document, &edition).await?,
        At::Draft | At::Discarded | At::Settled => Vec::new(),
    };
    let recorded = store::recorded(tx, id).await?;
    let mut asked = house_field::missing(tx, &document, &edition.head).await?;
    asked.extend(files::why_down(tx, &document, edition.id).await?);
    Ok(Some(Read {
        older: earlier(tx, &document, &recorded).await?,
        asked,
        concerned: concerned::read(tx, &document).await?,
        seal: seal.filter(|seal| !seal.is_empty()),
        broken,
        editions: store::editions(tx, id).await?,
        stages: review::store::of(tx, edition.id).await?,
        attachments: files::of(tx, &document, edition.id).await?,
        pictures: map::pictures(tx, &document, &edition).await?,
        events: audit::about(tx, SUBJECT, &id.to_string(), EVENTS_MAX).await?,
        recorded,
        places: column::store::places(tx, id).await?,
        choices: column::handle::choices(tx, &document).await?,
        cites: cited::seen(tx, &edition, today).await?,
        except_in: rules::kept_by(tx, permit.roles(), document.owner).await?,
        // What is settled was answered for; nobody is asked again.
        findings: match document.state {
            At::Draft | At::Reviewing | At::Approved => {
                answer::findings(tx, &document, &edition).await?
            }
            At::Discarded | At::Settled => Vec::new(),
        },
        twin: match document.state {
            At::Draft => number::taken(tx, &document, &edition.head).await?,
            At::Reviewing | At::Approved | At::Discarded | At::Settled => None,
        },
        lost: match document.state {
            At::Draft | At::Reviewing | At::Approved => store::lost(tx, id).await?,
            At::Discarded | At::Settled => None,
        },
        // Where its hour came and it did not go out, what was written stays for the next one.
        later: match document.state {
            At::Approved => store::later(tx, edition.id).await?,
            At::Draft | At::Reviewing | At::Discarded | At::Settled => None,
        },
        may_discard: may_discard(tx, &document).await?,
        duty: review::store::duty(tx, edition.id, me).await?,
        citing: match document.published {
            Some(_) => store::citing(tx, id, CITING_MAX).await?,
            None => Vec::new(),
        },
        printed_in: match document.published {
            Some(_) => issues_with(tx, id).await?,
            None => Vec::new(),
        },
        document,
        edition,
    }))
}

/// Could a reason put it aside?
async fn may_discard(tx: &mut Tx, document: &Document) -> Result<bool, StoreError> {
    match document.state {
        At::Draft => {
            let approved = discard::approved(tx, document).await?;
            Ok(discard::why_not(document, approved).is_empty())
        }
        At::Reviewing | At::Approved | At::Discarded | At::Settled => Ok(false),
    }
}

/// The texts before the one that the public reads; only of what was amended there are any.
async fn earlier(
    tx: &mut Tx,
    document: &Document,
    recorded: &[Recorded],
) -> Result<Vec<Version>, StoreError> {
    let mut turns = recorded.iter().map(|one| &one.turn);
    if turns.any(|turn| turn.change == Change::Amended) {
        older::texts(tx, document).await
    } else {
        Ok(Vec::new())
    }
}

/// The names of the gazette's issues in which a document stands.
async fn issues_with(tx: &mut Tx, id: DocumentId) -> Result<Vec<String>, StoreError> {
    let issues = gazette::store::issued_with(tx, id).await?;
    Ok(issues.iter().map(|issue| issue.words.name()).collect())
}

/// What is allowed and yet worth a second look.
pub(super) fn doubts(document: &Document, edition: &Edition, today: Date) -> Vec<String> {
    let head = &edition.head;
    let mut doubts = contradictions(head, &edition.text, document.kind.has_validity());
    if document.kind == Kind::Normative
        && let (Some(from), Some(to)) = (head.effective_on, head.expires_on)
    {
        let years = validity::years_max(&head.title);
        let last = from
            .checked_add(jiff::Span::new().years(years))
            .unwrap_or(to);
        if to > last {
            doubts.push(format!(
                "有效期超过{years}年：规范性文件一般不超过5年，暂行、试行的不超过3年。确需更长的请核对依据。"
            ));
        }
    }
    if let (Some(issued), Some(from)) = (head.issued_on, head.effective_on)
        && from < issued
    {
        doubts.push("施行日期早于成文日期，请核对。".to_owned());
    }
    let inner = body::inner_hosts(&edition.html);
    if !inner.is_empty() {
        doubts.push(format!(
            "正文里的链接指向内网或本机（{}），公众打不开，请改掉或去掉。",
            inner.join("、")
        ));
    }
    if head.shown_until.is_some_and(|last| last < today) {
        doubts.push("公示期至已经过去，发布时就会显示“公示期已满”。".to_owned());
    }
    if let Some(on) = document.published_before_on()
        && publish::kept_day(document, edition).is_none()
    {
        doubts.push(format!(
            "旧站清单的发布日期{}早于成文日期，发布时不沿用。成文日期写错的，请改正；发布日期写错的，请作废这份草稿，改正清单后重新迁入。",
            day(on)
        ));
    }
    // Whoever keeps it closed moves the document's day; the one in the text stays as it was written.
    if head.openness() != Openness::Open && document.review_on.is_some_and(|day| day < today) {
        doubts.push("公开属性复核日期已经过去，请改成以后的日期。".to_owned());
    }
    doubts
}

/// Each column, and below it each of its elements.
pub(super) fn choices(columns: &[Column]) -> Vec<(String, String)> {
    let mut choices = Vec::new();
    for column in columns {
        let name = &column.spec.name;
        for element in &column.spec.elements {
            choices.push((
                format!("{}|{element}", column.id),
                format!("{name}：{element}"),
            ));
        }
        choices.push((column.id.to_string(), format!("{name}：其他内容")));
    }
    choices
}

//! What everybody may read, without scripts and without an account: published editions, nothing else. Here the page of one
//! document.

pub(super) mod file;
pub(super) mod library;
pub(super) mod open;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::attachment::Attachment;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::{Face, Place};
use gongkai_platform::web::{
    App, Problem, Shell, civil_day, day, is_known, not_modified, page, qr, stamp,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::document::body::with_clauses;
use crate::document::cited::{self, Cited, Seen};
use crate::document::map::{self, Picture};
use crate::document::store;
use crate::document::validity::{self, Change, Recorded, Turn, Validity};
use crate::document::{Document, Edition, Visibility, history, sealed, successor};
use crate::id::DocumentId;
use crate::kind::{Kind, own};
use crate::old;
use crate::picture;

pub(super) const LIST: &str = "/documents";
/// Documents that one text replaced, as far as its page names them.
const REPLACED_MAX: i64 = 50;

pub(super) fn published_on(document: &Document) -> Option<Date> {
    let instant = jiff::Timestamp::from_millisecond(document.published_at?).ok()?;
    Some(civil_day(instant))
}

/// How each of these stands today, by one query for their events.
pub(super) async fn with_validity(
    tx: &mut Tx,
    documents: Vec<Document>,
    today: Date,
) -> Result<Vec<(Document, Validity)>, StoreError> {
    let ids: Vec<DocumentId> = documents.iter().map(|document| document.id).collect();
    let turns = store::turns(tx, &ids).await?;
    Ok(documents
        .into_iter()
        .map(|document| {
            let own: Vec<Turn> = turns
                .iter()
                .filter(|(id, _)| *id == document.id)
                .map(|(_, turn)| turn.clone())
                .collect();
            let (from, until) = (document.effective_on, document.expires_on);
            // A day typed into the form of another kind says nothing of it.
            let validity = if document.kind.has_validity() {
                validity::on(today, from, until, &own)
            } else {
                Validity::InForce
            };
            (document, validity)
        })
        .collect())
}

#[derive(Template)]
#[template(path = "documents/document.html")]
struct DocumentPage {
    shell: Shell,
    document: Document,
    edition: Edition,
    attachments: Vec<Attachment>,
    /// Pictures that are maps, each with its 审图号.
    maps: Vec<Picture>,
    interpretations: Vec<Document>,
    interprets: Option<(Document, Validity)>,
    /// Each with the page of what it rests on.
    turns: Vec<(Turn, Option<String>)>,
    /// What was recorded by mistake and taken back.
    undone: Vec<Recorded>,
    cites: Vec<Seen>,
    /// Documents whose place this one took.
    replaced: Vec<Document>,
    /// Days from which texts count that were published as amendments.
    amending_days: BTreeSet<Date>,
    /// 有效期至, as it is now.
    until: Option<String>,
    has_pdf: bool,
    today: Date,
    validity: Validity,
    /// 公示期 is over.
    over: bool,
    address: String,
    /// Where the documents beside it are, on this site or another.
    links: BTreeMap<DocumentId, String>,
    json_ld: String,
}

impl DocumentPage {
    fn link(&self, document: &Document) -> String {
        let link = self.links.get(&document.id).cloned();
        link.unwrap_or_else(|| format!("{LIST}/{}", document.id))
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn published(&self) -> String {
        published_on(&self.document).map_or_else(String::new, day)
    }

    /// The day of the correction that the public was told about.
    fn corrected(&self) -> Option<String> {
        self.document.explained_on().map(day)
    }

    fn stamp(&self) -> String {
        self.document.published_at.map_or_else(String::new, stamp)
    }

    /// `ColumnType` as government sites name the columns.
    fn column_type(&self) -> &'static str {
        let kind = self.document.kind;
        if matches!(kind, Kind::Interpretation | Kind::Duties) {
            kind.name()
        } else {
            "政策文件"
        }
    }

    /// Title, number, publisher, date, address: what somebody who cites it writes.
    fn cite(&self) -> String {
        let head = &self.edition.head;
        let number = if head.number.is_empty() {
            String::new()
        } else {
            format!("（{}）", head.number)
        };
        let dated = head.issued_on.or_else(|| published_on(&self.document));
        format!(
            "《{}》{number}，{}，{}，{}",
            head.title,
            self.document.organ_name,
            dated.map_or_else(String::new, day),
            self.address
        )
    }

    fn undone_on(&self, milliseconds: &i64) -> String {
        jiff::Timestamp::from_millisecond(*milliseconds)
            .map_or_else(|_| String::new(), |at| day(civil_day(at)))
    }

    /// The page's address as a QR code: side in modules, and the path of its dark ones.
    fn qr(&self) -> Option<(usize, String)> {
        qr::path(&self.address)
    }

    fn files(&self) -> String {
        format!("{LIST}/{}/files", self.document.id)
    }

    fn body(&self) -> String {
        let base = format!("{LIST}/{}", self.document.id);
        with_clauses(&picture::shown_at(&self.edition.html, &base))
    }

    /// How many days of 公示 are left, today among them.
    fn shown_for(&self) -> String {
        let last = self.edition.head.shown_until;
        let left = last.map_or(0, |last| (last - self.today).get_days() + 1);
        match left {
            ..1 => "已期满".to_owned(),
            1 => "今天是最后一天".to_owned(),
            left => format!("含今天还有{left}天"),
        }
    }

    fn has_validity(&self) -> bool {
        self.document.kind.has_validity()
    }

    /// The event that ended it, or the last day that it named.
    fn ended(&self) -> String {
        match self.ending() {
            Some((turn, _)) => format!("自{}起{}，依据：", day(turn.on), turn.change.name()),
            None => self
                .turns
                .iter()
                .rfind(|(turn, _)| turn.change == Change::Kept && turn.on <= self.today)
                .map_or(self.edition.head.expires_on, |(turn, _)| turn.until)
                .map_or_else(String::new, |last| {
                    format!("有效期至{}，已经届满", day(last))
                }),
        }
    }

    fn amendments(&self) -> impl DoubleEndedIterator<Item = &(Turn, Option<String>)> {
        let turns = self.turns.iter();
        turns.filter(|(turn, _)| turn.change == Change::Amended)
    }

    /// Did this amendment bring its text along?
    fn has_text(&self, turn: &Turn) -> bool {
        self.amending_days.contains(&turn.on)
    }

    /// Was it told by the list of an older site, whose text may be either?
    fn is_moved_in(&self, turn: &Turn) -> bool {
        turn.by == old::AUTHOR
    }

    /// The day from which the text counts, where that is still to come.
    fn amended_from(&self) -> Option<Date> {
        let (turn, _) = self.amendments().rfind(|(turn, _)| self.has_text(turn))?;
        (turn.on > self.today).then_some(turn.on)
    }

    /// The last amendment that counts already; the text of a later one may be shown before its day.
    fn amended(&self) -> Option<&(Turn, Option<String>)> {
        if self.amended_from().is_some() {
            return None;
        }
        self.amendments().rfind(|(turn, _)| turn.on <= self.today)
    }

    /// What ended it, and its page.
    fn ending(&self) -> Option<&(Turn, Option<String>)> {
        self.turns.iter().rfind(|(turn, _)| {
            turn.on <= self.today && matches!(turn.change, Change::Repealed | Change::Lapsed)
        })
    }

    fn short_hash(&self) -> String {
        self.edition.hash.chars().take(16).collect()
    }
}

#[derive(Template)]
#[template(path = "documents/withdrawn.html")]
struct WithdrawnPage {
    shell: Shell,
    document: Document,
}

impl WithdrawnPage {
    fn withdrawn(&self) -> Option<String> {
        self.document.explained_on().map(day)
    }

    /// The last day of 公示, where nobody but that day took it down.
    fn ended(&self) -> Option<String> {
        let last = self.document.shown_until.map(day);
        last.filter(|_| self.document.visibility == Visibility::Public)
    }
}

/// 410: it was public, and the reader is told what became of it.
pub(super) fn gone(shell: Shell, document: Document) -> Result<Response, Problem> {
    let mut response = page(&WithdrawnPage { shell, document })?;
    *response.status_mut() = StatusCode::GONE;
    Ok(response)
}

/// The document for search engines; `<` cannot end the element that it stands in.
fn json_ld(document: &Document, edition: &Edition, address: &str) -> String {
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "GovernmentDocument",
        "name": edition.head.title,
        "identifier": [edition.head.number, document.index_number],
        "url": address,
        "inLanguage": "zh-CN",
        "datePublished": published_on(document).map(|day| day.to_string()),
        "publisher": { "@type": "GovernmentOrganization", "name": document.organ_name },
    });
    if let Some(on) = document.modified_on()
        && let Some(data) = data.as_object_mut()
    {
        data.insert("dateModified".to_owned(), on.to_string().into());
    }
    if let Some(years) = own::covers(&edition.head.own)
        && let Some(data) = data.as_object_mut()
    {
        data.insert("temporalCoverage".to_owned(), years.into());
    }
    data.to_string().replace('<', "\\u003c")
}

async fn links(
    app: &App,
    face: &Face,
    interprets: &Option<(Document, Validity)>,
    interpretations: &[Document],
) -> Result<BTreeMap<DocumentId, String>, StoreError> {
    let beside: Vec<&Document> = interprets
        .iter()
        .map(|(document, _)| document)
        .chain(interpretations)
        .collect();
    let records: Vec<_> = beside
        .iter()
        .map(|document| (document.organ, format!("{LIST}/{}", document.id)))
        .collect();
    let links = app
        .db
        .read(async |tx: &mut Tx| face.links(tx, &records).await)
        .await?;
    Ok(beside
        .iter()
        .map(|document| document.id)
        .zip(links)
        .collect())
}

/// All that the page of one document says.
struct Read {
    document: Document,
    edition: Edition,
    attachments: Vec<Attachment>,
    maps: Vec<Picture>,
    interpretations: Vec<Document>,
    interprets: Option<(Document, Validity)>,
    turns: Vec<(Turn, Option<String>)>,
    undone: Vec<Recorded>,
    cites: Vec<Seen>,
    replaced: Vec<Document>,
    amending_days: BTreeSet<Date>,
}

/// The events with the page of the document that each rests on, where this library has it.
async fn with_basis(
    tx: &mut Tx,
    (own, organ): (DocumentId, OrganId),
    turns: Vec<Turn>,
) -> Result<Vec<(Turn, Option<String>)>, StoreError> {
    let mut found = Vec::with_capacity(turns.len());
    for turn in turns {
        let named = Cited::of_line(&turn.basis).filter(|_| turn.basis.starts_with('《'));
        let page = match named {
            Some(named) => store::meant_by(tx, organ, (&named.number, &named.title)).await?,
            None => None,
        };
        let page = page.filter(|(page, _)| *page != own);
        found.push((turn, page.map(|(page, _)| format!("{LIST}/{page}"))));
    }
    Ok(found)
}

async fn read(tx: &mut Tx, id: DocumentId, today: Date) -> Result<Option<Read>, StoreError> {
    let Some(document) = store::public(tx, id).await? else {
        return Ok(None);
    };
    let edition = match document.published {
        Some(edition) => store::edition(tx, edition).await?,
        None => None,
    };
    let Some(edition) = edition else {
        return Ok(None);
    };
    let of = edition
        .head
        .interprets
        .as_deref()
        .and_then(|of| of.parse().ok());
    let interprets = match of {
        Some(of) => store::public(tx, of).await?,
        None => None,
    };
    let recorded = store::recorded(tx, id).await?;
    let mut counting = validity::counting(&recorded);
    successor::unlink_gone(tx, counting.iter_mut()).await?;
    let amending_days = if counting.iter().any(|turn| turn.change == Change::Amended) {
        history::amending_days(tx, &document).await?
    } else {
        BTreeSet::new()
    };
    Ok(Some(Read {
        replaced: store::replaced(tx, id, REPLACED_MAX).await?,
        attachments: sealed::public(tx, &document, edition.id).await?,
        maps: map::maps(tx, &document, &edition).await?,
        interpretations: store::interpretations(tx, id).await?,
        interprets: with_validity(tx, interprets.into_iter().collect(), today)
            .await?
            .pop(),
        turns: with_basis(tx, (id, document.organ), counting).await?,
        undone: recorded
            .into_iter()
            .filter(|one| one.undone.is_some())
            .collect(),
        cites: cited::seen(tx, &edition, today).await?,
        amending_days,
        document,
        edition,
    }))
}

/// A digest over what the page says of others: files that were taken down, and how the documents stand that it names.
fn beside(read: &Read) -> String {
    let files = read.attachments.iter();
    let down = files.filter_map(|file| file.withheld.clone());
    let interprets = read
        .interprets
        .iter()
        .map(|(of, validity)| format!("{}{}", validity.code(), of.version));
    let cites = read.cites.iter().map(|one| {
        let validity = one.validity.map_or("", Validity::code);
        let version = one.document.as_ref().map_or(0, |document| document.version);
        let upper = one.upper.as_ref().map_or(0, |upper| upper.version);
        format!("{validity}{version}-{upper}")
    });
    let next = read.turns.iter().filter_map(|(turn, _)| {
        let next = turn.successor.as_ref()?;
        Some(format!("next{}", next.document.is_some()))
    });
    let replaced = read
        .replaced
        .iter()
        .map(|one| format!("{}{}", one.id, one.version));
    let all: Vec<String> = down
        .chain(interprets)
        .chain(cites)
        .chain(next)
        .chain(replaced)
        .collect();
    hex::encode(Sha256::digest(all.join("\n")))
}

/// The tag of the page of a day: validity and the banner change with it; so do the modes of the reader.
fn tag(read: &Read, shell: &Shell, today: Date) -> String {
    let hash = read.edition.hash.get(..16).unwrap_or("");
    let down = beside(read);
    format!(
        "\"{hash}-{}-{today}-{}-{}-{}\"",
        read.document.version,
        shell.mode.code(),
        down.get(..8).unwrap_or(""),
        shell.face.seal()
    )
}

/// `GET /documents/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: DocumentId = id.parse().map_err(|_| Problem::not_found())?;
    let today = app.today();
    let read = app
        .db
        .read(async |tx: &mut Tx| read(tx, id, today).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let path = format!("{LIST}/{id}");
    let address = match shell.face.place(&app, read.document.organ, &path).await? {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    if !read.document.is_readable(today) {
        return gone(shell, read.document);
    }
    let tag = tag(&read, &shell, today);
    let signed_in = shell.person.is_some();
    if !signed_in && is_known(&headers, &tag) {
        return Ok(not_modified(&tag));
    }
    let links = links(&app, &shell.face, &read.interprets, &read.interpretations).await?;
    let (document, edition) = (read.document, read.edition);
    let (from, to) = (edition.head.effective_on, edition.head.expires_on);
    let limited = document.limited;
    let turns: Vec<Turn> = read.turns.iter().map(|(turn, _)| turn.clone()).collect();
    let mut response = page(&DocumentPage {
        validity: validity::on(today, from, to, &turns),
        until: if document.kind.has_validity() {
            validity::until_in_words(today, to, &turns)
        } else {
            to.map(day)
        },
        amending_days: read.amending_days,
        cites: read.cites,
        has_pdf: app.printer.is_some(),
        today,
        over: document.is_over(today),
        json_ld: json_ld(&document, &edition, &address),
        shell,
        document,
        edition,
        attachments: read.attachments,
        maps: read.maps,
        interpretations: read.interpretations,
        interprets: read.interprets,
        turns: read.turns,
        replaced: read.replaced,
        undone: read.undone,
        address,
        links,
    })?;
    if !signed_in && let Ok(value) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    Ok(if limited {
        file::unlisted(response)
    } else {
        response
    })
}

/// Bytes of a page that gets a tag; pages are far smaller.
const TAGGED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The page with a tag of its own bytes, or nothing where the reader has it already. Only for readers without an account:
/// pages of others carry their names and messages.
pub(super) async fn tagged(
    headers: &HeaderMap,
    signed_in: bool,
    response: Response,
) -> Result<Response, Problem> {
    if signed_in {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, TAGGED_BYTES_MAX).await else {
        return Err(Problem::new(Problem::INTERNAL));
    };
    let hash = hex::encode(Sha256::digest(&bytes));
    let tag = format!("\"{}\"", hash.get(..32).unwrap_or(&hash));
    if is_known(headers, &tag) {
        return Ok(not_modified(&tag));
    }
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    Ok(Response::from_parts(parts, bytes.into()))
}

//! Writing: the form of a draft. The text is typed, pasted, or taken from a file.

mod brought;
mod interprets;
mod overtaken;
mod typed;
mod unit;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::attachment::{Attachment, Filled, Kept, New};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Cleaned;
use gongkai_platform::web::{App, FormErrors, Problem, Shell, has_asset, page, redirect_with};
use gongkai_platform::web::{Query, download::off_thread};
use serde::Deserialize;

use super::compare::Line;
use super::{DESK, hidden, refuse};
use crate::acts::WriteDocuments;
use crate::document::cited;
use crate::document::handle;
use crate::document::{Document, Edition, Ground, Head, Openness, body, files, store};
use crate::house_field::{self, HouseField};
use crate::id::DocumentId;
use crate::kind::own::{self, OwnField};
use crate::kind::{Field, Kind};
use crate::picture;
use brought::{pasted, said, text_of_file};
use gongkai_platform::fault::{NotDone, form_errors};
use interprets::{choices, interpreted};
use typed::{Typed, shown};
use unit::Units;

#[derive(Template)]
#[template(path = "documents/write.html")]
struct FormPage {
    shell: Shell,
    kind: Kind,
    /// The document that is written on, and its version.
    of: Option<(DocumentId, i64)>,
    /// Of a new one, for which it may be.
    units: Units,
    publishers: Vec<(String, String)>,
    interpretable: Vec<(String, String)>,
    /// What its government added to the kind.
    house: Vec<HouseField>,
    typed: Typed,
    /// What goes with the newest edition.
    attached: Vec<Attachment>,
    kept: Vec<Kept>,
    /// Who saved what while this was typed.
    overtaken: Option<String>,
    /// That one against what was typed: only what differs.
    differing: Vec<Line>,
    errors: FormErrors,
}

impl FormPage {
    /// The editor comes from npm; without it the body is a plain field.
    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn editor(&self) -> bool {
        has_asset("editor.min.js")
    }

    fn target(&self) -> String {
        match self.of {
            Some((id, _)) => format!("{DESK}/{id}/write"),
            None => self.units.address(self.kind.code()),
        }
    }

    fn wants(&self, code: &str) -> bool {
        Field::from_code(code).is_some_and(|field| self.kind.required().contains(&field))
    }

    /// What documents of this kind say and others do not.
    fn own(&self) -> Vec<&'static OwnField> {
        own::of(self.kind).collect()
    }

    fn is_kind(&self, code: &str) -> bool {
        self.kind.code() == code
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::options()
    }

    fn openness(&self) -> Vec<(&'static str, &'static str)> {
        Openness::options()
    }

    fn grounds(&self) -> Vec<(&'static str, &'static str)> {
        let mut grounds = vec![("", "主动公开，不用选")];
        grounds.extend(Ground::options());
        grounds
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    unit: String,
}

fn kind_of(asked: &Asked) -> Result<Kind, Problem> {
    if asked.kind.is_empty() {
        return Ok(Kind::Notice);
    }
    Kind::from_code(&asked.kind).ok_or_else(|| Problem::new(Problem::BAD_REQUEST))
}

/// `GET /workspace/documents/new?kind=notice&unit={organ}`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteDocuments>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (kind, units) = (kind_of(&asked)?, Units::of(&permit, &asked.unit)?);
    let owner = units.owner()?;
    let (publishers, interpretable) = app
        .db
        .read(async |tx: &mut Tx| choices(tx, owner, "").await)
        .await?;
    page(&FormPage {
        shell,
        kind,
        of: None,
        units,
        publishers,
        interpretable,
        house: added(&app, owner, kind).await?,
        typed: Typed {
            openness: Openness::Open.code().to_owned(),
            ..Typed::default()
        },
        attached: Vec::new(),
        kept: Vec::new(),
        overtaken: None,
        differing: Vec::new(),
        errors: FormErrors::default(),
    })
}

/// Places of a file that are kept as lost, and characters of each.
const LOST_MAX: usize = 500;
const LOST_CHARS_MAX: usize = 200;

fn cut(sentence: &str) -> String {
    sentence.chars().take(LOST_CHARS_MAX).collect()
}

/// What the government of a unit added to a kind.
async fn added(app: &App, owner: OrganId, kind: Kind) -> Result<Vec<HouseField>, StoreError> {
    app.db
        .read(async |tx: &mut Tx| house_field::of(tx, owner, kind).await)
        .await
}

struct Sent {
    typed: Typed,
    house: Vec<HouseField>,
    head: Head,
    html: String,
    files: files::Change,
    pictures: Vec<New>,
    /// The text came from a file, now or in a form that was refused.
    from_file: bool,
    /// What became of the files.
    notes: Vec<String>,
}

async fn sent(
    app: &App,
    permit: &Permit<WriteDocuments>,
    ((owner, kind), filled): ((OrganId, Kind), &mut Filled),
    errors: &mut FormErrors,
) -> Result<Sent, Problem> {
    let files = filled
        .attachments(app, permit.actor().account(), errors)
        .await?;
    let house = added(app, owner, kind).await?;
    let mut typed = Typed::of_form(filled, &house);
    interpreted(app, &mut typed, errors).await?;
    let mut pictures = Vec::new();
    let mut from_file = !typed.lost.is_empty();
    if let Some(text) = text_of_file(app, filled, &files, errors).await? {
        (typed.body, typed.is_html) = (body::without_title(&text.html, &typed.title), true);
        typed.lost = text
            .dropped
            .iter()
            .take(LOST_MAX)
            .map(|one| cut(one))
            .collect();
        (from_file, pictures) = (true, text.pictures);
    }
    let html = typed.html();
    if pictures.is_empty() {
        // A form that is sent again names the pictures that its file brought the first time.
        let (folder, text) = (app.files.clone(), html.clone());
        pictures = off_thread(move || picture::named(&folder, &text)).await?;
    }
    let Cleaned { files, notes } = if typed.as_it_is {
        Cleaned {
            files,
            ..Cleaned::default()
        }
    } else {
        hidden::clean(app, files, errors).await?
    };
    let mut notes = notes;
    notes.extend(said(app, owner, &files).await?);
    if typed.is_html {
        notes.extend(pasted(&typed.body, &html));
    }
    Ok(Sent {
        head: typed.head((kind, &house), errors),
        house,
        html,
        typed,
        files: files::Change {
            new: files,
            dropped: filled
                .all("drop")
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
        },
        pictures,
        from_file,
        notes,
    })
}

/// What of the file is not in the text as it was stands on the document's page.
fn not_brought(lost: &[String]) -> String {
    if lost.is_empty() {
        return String::new();
    }
    format!(
        "正文文件里有{}处没有原样带过来，已逐处列在这一页，请对照原文件检查。",
        lost.len()
    )
}

/// Keeps with the edition what its file lost.
async fn keep_lost(tx: &mut Tx, document: &Document, sent: &Sent) -> Result<(), StoreError> {
    if sent.from_file {
        store::set_losses(tx, document.edition, &sent.typed.lost).await?;
    }
    Ok(())
}

/// `set` is the hour at which the text before this one was to go out.
fn saved(id: DocumentId, sent: &Sent, set: Option<i64>) -> Response {
    let mut message = "已保存。".to_owned();
    if set.is_some() {
        message.push_str("原来定的发布时间已取消，审核通过后请重新定时。");
    }
    message.push_str(&not_brought(&sent.typed.lost));
    message.extend(sent.notes.iter().map(String::as_str));
    redirect_with(&format!("{DESK}/{id}"), &message)
}

/// `POST /workspace/documents/new?kind=notice&unit={organ}`
pub(super) async fn begin(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteDocuments>,
    Query(asked): Query<Asked>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let (kind, units) = (kind_of(&asked)?, Units::of(&permit, &asked.unit)?);
    let owner = units.owner()?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let of = ((owner, kind), &mut filled);
    let sent = sent(&app, &permit, of, &mut errors).await?;
    let organ: Option<OrganId> = sent.typed.organ.parse().ok();
    if organ.is_none() {
        errors.add("organ", "请选择发布机构。");
    }
    if let (Some(organ), true) = (organ, errors.is_empty()) {
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                let mut head = sent.head.clone();
                cited::bind(tx, organ, &mut head.cites).await?;
                let made =
                    handle::begin(tx, &permit, (owner, organ, kind), (head, sent.html.clone()))
                        .await?;
                files::settle(tx, permit.actor(), (&made, None), sent.files.clone()).await?;
                picture::attach(tx, permit.actor(), &made, sent.pictures.clone()).await?;
                keep_lost(tx, &made, &sent).await?;
                Ok::<_, NotDone>(made)
            })
            .await;
        match done {
            Ok(document) => return Ok(saved(document.id, &sent, None)),
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let (publishers, interpretable) = app
        .db
        .read(async |tx: &mut Tx| choices(tx, owner, &sent.typed.interprets).await)
        .await?;
    refuse(&FormPage {
        shell,
        kind,
        of: None,
        units,
        publishers,
        interpretable,
        house: sent.house,
        typed: sent.typed,
        attached: Vec::new(),
        kept: filled.kept(),
        overtaken: None,
        differing: Vec::new(),
        errors,
    })
}

async fn existing(
    app: &App,
    scope: &Scope,
    id: DocumentId,
) -> Result<(Document, Edition, Vec<Attachment>), Problem> {
    app.db
        .read(async |tx: &mut Tx| {
            let Some(document) = store::load(tx, scope, id).await? else {
                return Ok(None);
            };
            let attached = files::of(tx, &document, document.edition).await?;
            let edition = store::edition(tx, document.edition).await?;
            Ok::<_, StoreError>(edition.map(|edition| (document, edition, attached)))
        })
        .await?
        .ok_or_else(Problem::not_found)
}

/// `GET /workspace/documents/{id}/write`
pub(super) async fn ask_again(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
) -> Result<Response, Problem> {
    let (document, edition, attached) = existing(&app, permit.scope(), id).await?;
    let typed = Typed {
        // What was decided since at a later look.
        review_on: shown(document.review_on.or(edition.head.review_on)),
        ..Typed::of_edition(&edition)
    };
    let (_, interpretable) = app
        .db
        .read(async |tx: &mut Tx| choices(tx, document.owner, &typed.interprets).await)
        .await?;
    page(&FormPage {
        shell,
        kind: document.kind,
        of: Some((id, document.version)),
        units: Units::default(),
        publishers: Vec::new(),
        interpretable,
        house: added(&app, document.owner, document.kind).await?,
        typed,
        attached,
        kept: Vec::new(),
        overtaken: None,
        differing: Vec::new(),
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/documents/{id}/write`
pub(super) async fn write(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let (document, _, attached) = existing(&app, permit.scope(), id).await?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let of = ((document.owner, document.kind), &mut filled);
    let sent = sent(&app, &permit, of, &mut errors).await?;
    let version: i64 = filled.text("version").parse().unwrap_or(0);
    if errors.is_empty() {
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                let mut head = sent.head.clone();
                cited::bind(tx, document.organ, &mut head.cites).await?;
                let written =
                    handle::write(tx, &permit, (id, version), (head, sent.html.clone())).await?;
                let of = (&written, Some(document.edition));
                files::settle(tx, permit.actor(), of, sent.files.clone()).await?;
                picture::attach(tx, permit.actor(), &written, sent.pictures.clone()).await?;
                keep_lost(tx, &written, &sent).await?;
                Ok::<_, NotDone>(written)
            })
            .await;
        match done {
            Ok(_) => return Ok(saved(id, &sent, document.publish_at)),
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(NotDone::Store(StoreError::Stale)) => {
                return overtaken::again(&app, shell, permit.scope(), id, (sent, filled.kept()))
                    .await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let (_, interpretable) = app
        .db
        .read(async |tx: &mut Tx| choices(tx, document.owner, &sent.typed.interprets).await)
        .await?;
    refuse(&FormPage {
        shell,
        kind: document.kind,
        of: Some((id, version)),
        units: Units::default(),
        publishers: Vec::new(),
        interpretable,
        house: sent.house,
        typed: sent.typed,
        attached,
        kept: filled.kept(),
        overtaken: None,
        differing: Vec::new(),
        errors,
    })
}

//! 遮盖个人信息后的副本: of a file that is sent, for its sender to take away; of a draft's attachment, in its place. What was covered
//! is shown before, and a copy that still tells something is given to nobody.

use std::path::PathBuf;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::id::{AccountId, FileId};
use gongkai_inspect::{Finding, Masking, Rules};
use gongkai_office::{Unreadable, wire};
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::attachment::{AttachmentId, New, sniff};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::files::pending::{self, Pending};
use gongkai_platform::files::{Stored, hash_of, withheld};
use gongkai_platform::web::download::{attachment, off_thread};
use gongkai_platform::web::{
    App, Form, Problem, Query, Route, SandboxError, Shell, page, put_aside, redirect_with,
};
use serde::Deserialize;

use super::check::{self, FILE_BYTES_MAX};
use super::left::{Left, has_blank_formulas};
use super::{DESK, file};
use crate::acts::{CheckBeforePublication, WriteDocuments};
use crate::document::{Document, Edition, State as At, files, handle, reading, store};
use crate::id::DocumentId;
use crate::inspection::Inspection;
use crate::masking::file::{self as covering, Covered, plan};
use crate::masking::{self, Which};
use crate::rules;

/// Passages that the page lists.
const SHOWN_MAX: usize = 500;
/// Passages that a sentence names.
const NAMED_MAX: usize = 3;

pub(super) fn routes() -> Vec<Route> {
    const ATTACHED: &str = "/workspace/documents/{id}/files/{file}/cover";
    vec![
        Route::act::<CheckBeforePublication, _, _>(Method::POST, "/workspace/check/cover", sent)
            .body_bytes_max(FILE_BYTES_MAX + 2 * 1024 * 1024),
        Route::act::<CheckBeforePublication, _, _>(
            Method::GET,
            "/workspace/check/copies/{id}",
            taken,
        ),
        Route::act::<WriteDocuments, _, _>(Method::GET, ATTACHED, ask),
        Route::act::<WriteDocuments, _, _>(Method::POST, ATTACHED, replace),
    ]
}

/// A copy, and what was covered in it.
struct Made {
    bytes: Vec<u8>,
    covered: Vec<Covered>,
    /// What a check of the copy still finds.
    left: Left,
}

/// Why there is no copy.
enum Not {
    /// A sentence for people.
    Said(String),
    Failed(Problem),
}

impl From<Problem> for Not {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem)
    }
}

impl From<StoreError> for Not {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<SandboxError> for Not {
    fn from(error: SandboxError) -> Self {
        Self::Said(error.0)
    }
}

impl From<Unreadable> for Not {
    fn from(refused: Unreadable) -> Self {
        Self::Said(refused.message)
    }
}

/// By what is covered.
#[derive(Clone)]
struct By {
    rules: Rules,
    masking: Masking,
    which: Which,
}

/// The copy of a file where it lies.
async fn made(app: &App, path: PathBuf, by: &By) -> Result<Made, Not> {
    let pieces = wire::pieces_from_wire(&app.sandbox.pieces(path.clone()).await?)?;
    let own = by.clone();
    let planned = off_thread(move || plan(&pieces, (&own.rules, &own.masking), own.which));
    let planned = planned.await?.map_err(Not::Said)?;
    if planned.changes.is_empty() {
        let said = "没有找到要遮盖的个人信息，没有生成副本。把握低的没有算在内，可以选“把握低的也遮盖”再试。";
        return Err(Not::Said(said.to_owned()));
    }
    let changes = planned.changes;
    let has_blanks = has_blank_formulas(app, &path).await;
    let order = off_thread(move || {
        let bytes = std::fs::read(path)?;
        Ok::<_, std::io::Error>(wire::order_to_wire(&changes, &bytes))
    });
    let order = order.await?.map_err(StoreError::File)?;
    let order = put_aside(order).await?;
    let copy = app.sandbox.cover(order.path().to_owned()).await?;
    let bytes = wire::clean_from_wire(&copy)?;
    let file = put_aside(bytes.clone()).await?;
    let seen = proven(app, file.path().to_owned(), by).await?;
    let pieces = app.sandbox.pieces(file.path().to_owned()).await?;
    let covered = match wire::pieces_from_wire(&pieces) {
        Ok(pieces) => off_thread(move || covering::standing(planned.covered, &pieces)).await?,
        Err(_) => planned.covered,
    };
    Ok(Made {
        bytes,
        covered,
        left: Left {
            // No formula stays in a copy.
            has_blanks,
            ..Left::of(seen)
        },
    })
}

/// Reads the copy as any file that is checked: no personal data that the check is sure of may be left in it. Gives what else is.
async fn proven(app: &App, copy: PathBuf, by: &By) -> Result<Inspection, Not> {
    let seen = check::of_path(app, copy, &by.rules).await;
    let seen = seen.map_err(Not::Said)?;
    let found = covering::left(&seen.findings, &by.masking);
    if found.is_empty() {
        return Ok(seen);
    }
    let named = |one: &&Finding| format!("{}“{}”", one.kind.title(), one.text);
    let named: Vec<String> = found.iter().take(NAMED_MAX).map(named).collect();
    let more = if found.len() > NAMED_MAX { "等" } else { "" };
    Err(Not::Said(format!(
        "副本里还查出{}处个人信息：{}{more}。它们在系统不能改的地方（工作表名称、页眉页脚、图表等），没有给出副本，原文件没有改动。请在原文件里改好后再生成。",
        found.len(),
        named.join("、")
    )))
}

/// 名单.xlsx becomes 名单（已遮盖）.xlsx.
fn covered_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}（已遮盖）.{ending}"),
        None => format!("{name}（已遮盖）"),
    }
}

fn which(all: bool) -> Which {
    if all { Which::All } else { Which::Sure }
}

#[derive(Template)]
#[template(path = "documents/cover_file.html")]
struct CoverPage {
    shell: Shell,
    name: String,
    covered: Vec<Covered>,
    /// Further passages that are not listed.
    more: usize,
    left: Left,
    /// Why there is no copy.
    refused: Option<String>,
    /// What the rule leaves readable.
    masking: String,
    all: bool,
    /// Where the copy is taken from, or what puts it in the place of an attachment.
    address: String,
    draft: Option<InDraft>,
}

/// The document whose attachment it is, with its version; `seal` says which copy was seen.
struct InDraft {
    id: DocumentId,
    title: String,
    version: i64,
    seal: String,
    is_draft: bool,
}

impl CoverPage {
    fn of(
        shell: Shell,
        name: String,
        (made, by): (Result<Made, String>, &By),
        (address, draft): (String, Option<InDraft>),
    ) -> Self {
        let (mut covered, left, refused) = match made {
            Ok(made) => (made.covered, made.left, None),
            Err(sentence) => (Vec::new(), Left::default(), Some(sentence)),
        };
        let more = covered.len().saturating_sub(SHOWN_MAX);
        covered.truncate(SHOWN_MAX);
        Self {
            shell,
            name,
            covered,
            more,
            left,
            refused,
            masking: by.masking.sentence(),
            all: by.which == Which::All,
            address,
            draft,
        }
    }

    fn all_places(&self) -> usize {
        self.covered.len() + self.more
    }
}

/// `POST /workspace/check/cover`: shows what is covered in a file that is sent, and keeps the copy for its sender.
async fn sent(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CheckBeforePublication>,
    parts: Multipart,
) -> Result<Response, Problem> {
    let sent = check::receive(parts).await?;
    let account = permit.actor().account().ok_or_else(Problem::not_found)?;
    if let Some(why) = sent.why_no_file("遮盖") {
        return check::again(shell, sent.text, "file", why);
    }
    let own = check::own(&app, &permit).await?;
    let by = By {
        rules: own.rules,
        masking: own.masking,
        which: which(sent.all),
    };
    let kept = put_aside(sent.bytes).await?;
    let made = made(&app, kept.path().to_owned(), &by).await;
    let made = match made {
        Ok(made) => made,
        Err(Not::Said(sentence)) => return check::again(shell, sent.text, "file", sentence),
        Err(Not::Failed(problem)) => return Err(problem),
    };
    let name = covered_name(&sent.name);
    let address = keep(&app, account, (name.clone(), made.bytes.clone())).await?;
    page(&CoverPage::of(
        shell,
        name,
        (Ok(made), &by),
        (address, None),
    ))
}

/// Keeps a copy for its sender alone; gives its address.
pub(super) async fn keep(
    app: &App,
    account: AccountId,
    (name, bytes): (String, Vec<u8>),
) -> Result<String, Problem> {
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let folder = app.files.clone();
    let sha256 = off_thread(move || folder.put(&bytes)).await??;
    let id = app
        .db
        .upkeep(async |tx: &mut Tx| {
            let file = Pending {
                id: FileId::new(tx.fresh()),
                sha256: sha256.clone(),
                name: name.clone(),
                bytes: size,
            };
            pending::keep(tx, account, &file).await?;
            Ok::<_, StoreError>(file.id)
        })
        .await?;
    Ok(format!("/workspace/check/copies/{id}"))
}

/// `GET /workspace/check/copies/{id}`: the copy, for who had it made.
async fn taken(
    State(app): State<App>,
    permit: Permit<CheckBeforePublication>,
    Path(id): Path<FileId>,
) -> Result<Response, Problem> {
    let account = permit.actor().account().ok_or_else(Problem::not_found)?;
    let found = app
        .db
        .read(async |tx: &mut Tx| pending::find(tx, account, id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let (folder, sha256) = (app.files.clone(), found.sha256);
    let bytes = off_thread(move || folder.get(&sha256)).await??;
    Ok(attachment(&found.name, "application/octet-stream", bytes))
}

/// An attachment of a document in reach, and by what it is covered.
struct Attached {
    document: Document,
    edition: Edition,
    stored: Stored,
    /// Why it is given to nobody any more.
    down: Option<String>,
    by: By,
}

async fn attached(
    tx: &mut Tx,
    scope: &Scope,
    (id, file): (DocumentId, AttachmentId),
    which: Which,
) -> Result<Option<Attached>, StoreError> {
    let Some(document) = store::load(tx, scope, id).await? else {
        return Ok(None);
    };
    let Some(edition) = store::edition(tx, document.edition).await? else {
        return Ok(None);
    };
    let own = files::of(tx, &document, edition.id).await?;
    let stored = file::attached(tx, scope, (id, file)).await?;
    let Some(stored) = stored.filter(|_| own.iter().any(|one| one.id == file)) else {
        return Ok(None);
    };
    Ok(Some(Attached {
        down: withheld::reason(tx, stored.id).await?,
        by: By {
            rules: rules::rules(tx, document.owner).await?,
            masking: masking::of_unit(tx, document.owner).await?,
            which,
        },
        document,
        edition,
        stored,
    }))
}

/// The attachment and its copy, made anew each time: the same bytes by the same rule are the same copy. Where there is none, a
/// sentence says why.
async fn copied(
    app: &App,
    scope: &Scope,
    of: (DocumentId, AttachmentId),
    which: Which,
) -> Result<(Attached, Result<Made, String>), Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| attached(tx, scope, of, which).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    if let Some(reason) = &found.down {
        return Err(Problem::new(Problem::WITHHELD).detail(format!("撤下说明：{reason}")));
    }
    let path = app.files.path(&found.stored.sha256);
    let made = made(app, path, &found.by).await;
    match made {
        Ok(made) => Ok((found, Ok(made))),
        Err(Not::Said(sentence)) => Ok((found, Err(sentence))),
        Err(Not::Failed(problem)) => Err(problem),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `yes` where what is merely likely is covered, too.
    all: String,
}

/// `GET /workspace/documents/{id}/files/{file}/cover?all=yes`
async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteDocuments>,
    Path((id, file)): Path<(DocumentId, AttachmentId)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let which = which(asked.all == "yes");
    let (found, made) = copied(&app, permit.scope(), (id, file), which).await?;
    let seal = made.as_ref().map(|made| hash_of(&made.bytes));
    let draft = InDraft {
        id,
        title: found.edition.head.title,
        version: found.document.version,
        seal: seal.unwrap_or_default(),
        is_draft: found.document.state == At::Draft,
    };
    let address = format!("{DESK}/{id}/files/{file}/cover");
    page(&CoverPage::of(
        shell,
        found.stored.name,
        (made, &found.by),
        (address, Some(draft)),
    ))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    version: i64,
    all: String,
    seal: String,
}

fn refusal(sentence: &str) -> NotDone {
    NotDone::Refused(vec![("seal", sentence.to_owned())])
}

/// `POST /workspace/documents/{id}/files/{file}/cover`: the copy in the place of the attachment, as the next edition.
async fn replace(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Path((id, file)): Path<(DocumentId, AttachmentId)>,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Problem> {
    let which = which(wanted.all == "yes");
    let (found, made) = copied(&app, permit.scope(), (id, file), which).await?;
    let made = made.map_err(|sentence| Problem::refused(vec![sentence]))?;
    if found.document.version != wanted.version {
        return Err(StoreError::Stale.into());
    }
    if found.document.state != At::Draft {
        let why = "只有草稿的附件可以换成遮盖后的副本；正在审核的，请先撤回送审。";
        return Err(refusal(why).into());
    }
    if hash_of(&made.bytes) != wanted.seal {
        let why = "遮盖规则或者检查词库刚有变化，没有替换，附件没有变。请看过新的清单再替换。";
        return Err(refusal(why).into());
    }
    let places = made.covered.len();
    let media_type = sniff::media_type(&made.bytes).unwrap_or("application/octet-stream");
    let size = i64::try_from(made.bytes.len()).unwrap_or(i64::MAX);
    let folder = app.files.clone();
    let sha256 = off_thread(move || folder.put(&made.bytes)).await??;
    reading::at_upload(&app, &sha256).await?;
    let copy = New::File {
        sha256,
        name: covered_name(&found.stored.name),
        media_type,
        bytes: size,
    };
    put(&app, &permit, (&found, file), (copy, places)).await?;
    Ok(redirect_with(
        &format!("{DESK}/{id}"),
        &format!(
            "附件已换成遮盖后的副本，遮盖{places}处，存为新的一稿；原来的附件只在以前的稿件里，不会公开。"
        ),
    ))
}

async fn put(
    app: &App,
    permit: &Permit<WriteDocuments>,
    (found, file): (&Attached, AttachmentId),
    (copy, places): (New, usize),
) -> Result<(), Problem> {
    let document = &found.document;
    let how = format!("遮盖附件“{}”里的个人信息{places}处，", found.stored.name);
    let change = files::Change {
        new: vec![copy],
        dropped: vec![file],
    };
    app.db
        .write(async |tx: &mut Tx| {
            let mut head = found.edition.head.clone();
            // What was decided since at a later look.
            head.review_on = document.review_on.or(head.review_on);
            let of = (document.id, document.version);
            let text = (head, found.edition.html.clone());
            let written = handle::save(tx, permit, of, text, &how).await?;
            let carried = (&written, Some(document.edition));
            files::settle(tx, permit.actor(), carried, change.clone()).await
        })
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::covered_name;

    #[test]
    fn a_copy_says_in_its_name_what_it_is() {
        assert_eq!(covered_name("补贴名单.xlsx"), "补贴名单（已遮盖）.xlsx");
        assert_eq!(covered_name("名单"), "名单（已遮盖）");
    }
}

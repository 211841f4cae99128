//! 发布前检查: a text that is pasted or a file that is sent, looked at and forgotten again.

use std::path::PathBuf;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_inspect::{Confidence, Finding, Kind, Masking, Rules, inspect, mask};
use gongkai_office::wire;
use gongkai_platform::access::{Act as _, HeldRole, Permit};
use gongkai_platform::attachment::AttachmentId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::withheld;
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, FormErrors, Problem, Route, Shell, page, put_aside, refuse};

use super::file;
use crate::acts::{CheckBeforePublication, KeepCheckRules, ViewDocuments, WriteDocuments};
use crate::document::files::down_finding;
use crate::document::reading::{self, Reading};
use crate::document::{reference, store};
use crate::id::DocumentId;
use crate::inspection::Inspection;
use crate::review::answer::references_by;
use crate::{masking, rules};

/// Bytes of a file that is sent.
pub(super) const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Characters of a pasted text.
const TEXT_CHARS_MAX: usize = 200_000;
/// Characters of a text that the page shows with its marks.
const SHOWN_CHARS_MAX: usize = 30_000;
/// Findings that the page lists.
const SHOWN_FINDINGS_MAX: usize = 300;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::act::<CheckBeforePublication, _, _>(Method::GET, "/workspace/check", ask),
        Route::act::<CheckBeforePublication, _, _>(Method::POST, "/workspace/check", check)
            .body_bytes_max(FILE_BYTES_MAX + 2 * 1024 * 1024),
    ]
}

/// A stretch of the text, and which finding marks it, from 1.
struct Piece {
    text: String,
    number: Option<usize>,
}

struct Outcome {
    /// What was looked at: 粘贴的文字, or the file's name.
    of: String,
    findings: Vec<Finding>,
    sure: usize,
    more: usize,
    pieces: Vec<Piece>,
    is_cut: bool,
    /// The text with its personal data covered; `None` where nothing would be.
    masked: Option<String>,
    is_masked_cut: bool,
    /// What the rule leaves readable.
    masking: String,
    has_hidden: bool,
    is_unread: bool,
    /// What of a file was not looked at.
    gap: Option<String>,
}

impl Outcome {
    fn of(name: String, seen: Inspection, masking: &Masking) -> Self {
        let masked = mask(&seen.text, &seen.findings, masking);
        let is_masked_cut = masked.chars().nth(TEXT_CHARS_MAX).is_some();
        let masked = (masked != seen.text).then(|| masked.chars().take(TEXT_CHARS_MAX).collect());
        let has_hidden = seen.findings.iter().any(|one| one.kind == Kind::Hidden);
        let sure = seen
            .findings
            .iter()
            .filter(|one| one.confidence == Confidence::High)
            .count();
        let is_cut = seen.text.chars().nth(SHOWN_CHARS_MAX).is_some();
        let pieces = pieces(&seen.text, &seen.findings);
        let mut findings = seen.findings;
        let more = findings.len().saturating_sub(SHOWN_FINDINGS_MAX);
        findings.truncate(SHOWN_FINDINGS_MAX);
        Self {
            of: name,
            findings,
            sure,
            more,
            pieces,
            is_cut,
            masked,
            is_masked_cut,
            masking: masking.sentence(),
            has_hidden,
            is_unread: seen.unread.is_some(),
            gap: seen.gap,
        }
    }

    fn is_sure(&self, finding: &Finding) -> bool {
        finding.confidence == Confidence::High
    }
}

/// The text cut at its findings; of findings that overlap the first marks.
fn pieces(text: &str, findings: &[Finding]) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().take(SHOWN_CHARS_MAX).collect();
    let part = |from: usize, to: usize| -> String {
        chars
            .get(from..to.min(chars.len()))
            .unwrap_or_default()
            .iter()
            .collect()
    };
    let (mut pieces, mut at) = (Vec::new(), 0);
    for (number, one) in (1..).zip(findings).take(SHOWN_FINDINGS_MAX) {
        if one.start < at || one.end == 0 || one.start >= chars.len() {
            continue;
        }
        pieces.push(Piece {
            text: part(at, one.start),
            number: None,
        });
        pieces.push(Piece {
            text: part(one.start, one.end),
            number: Some(number),
        });
        at = one.end;
    }
    pieces.push(Piece {
        text: part(at, chars.len()),
        number: None,
    });
    pieces
}

#[derive(Template)]
#[template(path = "documents/check.html")]
struct CheckPage {
    shell: Shell,
    errors: FormErrors,
    text: String,
    outcome: Option<Outcome>,
    /// The attachment that this is, and its document.
    of: Option<(DocumentId, AttachmentId)>,
    /// The government in whose list this person keeps what is no fault.
    except_in: Option<OrganId>,
}

impl CheckPage {
    /// Leaders and supervisors see an attachment checked, and not by which rules.
    fn may_see_rules(&self) -> bool {
        self.shell.may(&CheckBeforePublication::ROW)
    }

    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn masked_max(&self) -> usize {
        TEXT_CHARS_MAX
    }

    /// Personal data stand in the file, and this person may have a copy of it in which they are covered.
    fn may_cover(&self, outcome: &Outcome) -> bool {
        outcome.masked.is_some() && self.shell.may(&WriteDocuments::ROW)
    }

    fn may_be_none(&self, finding: &Finding) -> bool {
        self.except_in.is_some()
            && rules::may_except(finding.kind)
            && self.shell.may(&KeepCheckRules::ROW)
    }
}

/// `GET /workspace/check`
async fn ask(shell: Shell, _: Permit<CheckBeforePublication>) -> Result<Response, Problem> {
    page(&CheckPage {
        shell,
        errors: FormErrors::default(),
        text: String::new(),
        outcome: None,
        of: None,
        except_in: None,
    })
}

#[derive(Default)]
pub(super) struct Sent {
    pub(super) text: String,
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// What is merely likely is covered, too.
    pub(super) all: bool,
}

impl Sent {
    /// Why there is no file to be dealt with in this way (清理); `None` where there is one.
    pub(super) fn why_no_file(&self, way: &str) -> Option<String> {
        match (self.bytes.is_empty(), self.name.as_str()) {
            (false, _) => None,
            (true, "") => Some(format!("请选择要{way}的文件。")),
            (true, name) => Some(format!(
                "文件是空的：“{name}”里没有任何内容，没有{way}。请核对后重新选择文件。"
            )),
        }
    }
}

pub(super) async fn receive(mut parts: Multipart) -> Result<Sent, Problem> {
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await? {
        match part.name() {
            Some("all") => sent.all = part.text().await? == "yes",
            Some("text") => sent.text = part.text().await?,
            Some("file") => {
                sent.name = part.file_name().unwrap_or_default().to_owned();
                sent.bytes = part.bytes().await?.to_vec();
            }
            _ => {}
        }
    }
    Ok(sent)
}

/// `POST /workspace/check`
async fn check(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CheckBeforePublication>,
    parts: Multipart,
) -> Result<Response, Problem> {
    let sent = receive(parts).await?;
    if !sent.name.is_empty()
        && let Some(why) = sent.why_no_file("检查")
    {
        return again(shell, sent.text, "file", why);
    }
    let own = own(&app, &permit).await?;
    let seen = if sent.bytes.is_empty() {
        of_text(&sent.text, &own.rules).map_err(|sentence| ("text", sentence))
    } else {
        of_file(&app, sent.bytes, &own.rules)
            .await?
            .map_err(|sentence| ("file", sentence))
    };
    let is_file = !sent.name.is_empty();
    let name = if is_file {
        sent.name
    } else {
        "粘贴的文字".to_owned()
    };
    match seen {
        Ok(seen) => {
            let seen = own.referring(&app, seen.called(&name)).await?;
            page(&CheckPage {
                shell,
                errors: FormErrors::default(),
                text: sent.text,
                outcome: Some(Outcome::of(name, seen, &own.masking)),
                of: None,
                except_in: own.except_in,
            })
        }
        Err((field, sentence)) => again(shell, sent.text, field, sentence),
    }
}

pub(super) fn again(
    shell: Shell,
    text: String,
    field: &str,
    sentence: String,
) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    errors.add(field, sentence);
    refuse(&CheckPage {
        shell,
        errors,
        text,
        outcome: None,
        of: None,
        except_in: None,
    })
}

fn of_text(text: &str, rules: &Rules) -> Result<Inspection, String> {
    if text.trim().is_empty() {
        return Err("请粘贴文字，或选择一个文件。".to_owned());
    }
    if text.chars().nth(TEXT_CHARS_MAX).is_some() {
        return Err(format!(
            "文字超过 {TEXT_CHARS_MAX} 字，请存为文件后上传检查。"
        ));
    }
    let text = text.replace("\r\n", "\n");
    Ok(Inspection {
        findings: inspect(&text, rules),
        text,
        ..Inspection::default()
    })
}

async fn of_file(
    app: &App,
    bytes: Vec<u8>,
    rules: &Rules,
) -> Result<Result<Inspection, String>, Problem> {
    let kept = put_aside(bytes).await?;
    Ok(of_path(app, kept.path().to_owned(), rules).await)
}

/// What holds for the texts of an organ.
pub(super) struct Own {
    /// `None` where the person works for none.
    unit: Option<OrganId>,
    pub(super) rules: Rules,
    pub(super) masking: Masking,
    /// The government in whose list the person keeps what is no fault.
    except_in: Option<OrganId>,
}

impl Own {
    async fn of(tx: &mut Tx, roles: &[HeldRole], unit: OrganId) -> Result<Self, StoreError> {
        Ok(Self {
            unit: Some(unit),
            rules: rules::rules(tx, unit).await?,
            masking: masking::of_unit(tx, unit).await?,
            except_in: rules::kept_by(tx, roles, unit).await?,
        })
    }

    /// The same with what the library says otherwise of the documents that the text names, in its places.
    async fn referring(&self, app: &App, mut seen: Inspection) -> Result<Inspection, StoreError> {
        let references = reference::in_text(&seen.text);
        let Some(unit) = self.unit.filter(|_| !references.is_empty()) else {
            return Ok(seen);
        };
        let otherwise = app
            .db
            .read(async |tx: &mut Tx| references_by(tx, (unit, &self.rules), &references).await);
        seen.findings.extend(otherwise.await?);
        // What stands outside the text comes last, as ever.
        seen.findings
            .sort_by_key(|one| (one.end == 0, one.start, one.end));
        Ok(seen)
    }
}

/// What holds for the texts of the unit that a person works for; the built-in rules where that is none.
pub(super) async fn own(
    app: &App,
    permit: &Permit<CheckBeforePublication>,
) -> Result<Own, StoreError> {
    let Some(unit) = permit.roles().first().map(|held| held.organ) else {
        return Ok(Own {
            unit: None,
            rules: Rules::default(),
            masking: Masking::default(),
            except_in: None,
        });
    };
    app.db
        .read(async |tx: &mut Tx| Own::of(tx, permit.roles(), unit).await)
        .await
}

/// A file where it lies, read in the child process; the sentence says why it could not be.
pub(super) async fn of_path(app: &App, path: PathBuf, rules: &Rules) -> Result<Inspection, String> {
    let hidden = app.sandbox.hidden(path.clone()).await;
    let hidden = wire::hidden_from_wire(&hidden.map_err(|refused| refused.0)?);
    let document = app.sandbox.read(path).await.map_err(|refused| refused.0)?;
    let read = Reading::of(wire::from_wire(&document), hidden);
    Inspection::of_reading(read, rules).map_err(|refused| refused.message)
}

/// `GET /workspace/documents/{id}/files/{file}/check`: an attachment as the check before publication sees it.
pub(super) async fn attached(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Path((id, file)): Path<(DocumentId, AttachmentId)>,
) -> Result<Response, Problem> {
    let stored = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(document) = store::load(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let Some(stored) = file::attached(tx, permit.scope(), (id, file)).await? else {
                return Ok(None);
            };
            // What was taken down is shown to nobody, not even in parts.
            let down = withheld::reason(tx, stored.id).await?;
            let own = Own::of(tx, permit.roles(), document.owner).await?;
            let same = withheld::down(tx, std::slice::from_ref(&stored.sha256)).await?;
            let same = same.into_values().next();
            let elsewhere = same.map(|reason| down_finding(&stored.name, &reason));
            Ok::<_, StoreError>(Some((stored, down, own, elsewhere)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let (stored, down, own, elsewhere) = stored;
    if let Some(reason) = down {
        return Err(Problem::new(Problem::WITHHELD).detail(format!("撤下说明：{reason}")));
    }
    let rules = own.rules.clone();
    let seen = match reading::of(&app, &stored.sha256).await {
        Ok(read) => off_thread(move || Inspection::of_reading(read, &rules))
            .await?
            .map_err(|refused| refused.message),
        Err(sentence) => Err(sentence),
    };
    match seen {
        Ok(seen) => {
            let mut seen = own.referring(&app, seen.called(&stored.name)).await?;
            seen.findings.extend(elsewhere);
            page(&CheckPage {
                shell,
                errors: FormErrors::default(),
                text: String::new(),
                outcome: Some(Outcome::of(stored.name.clone(), seen, &own.masking)),
                of: Some((id, file)),
                except_in: own.except_in,
            })
        }
        Err(sentence) => Err(Problem::refused(vec![sentence])),
    }
}

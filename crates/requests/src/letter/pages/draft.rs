//! Filling in a letter: what it needs, field by field.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, FormErrors, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use super::show;
use crate::acts::{ViewLetters, WriteLetters};
use crate::id::RequestId;
use crate::letter::compose::{self, Facts};
use crate::letter::handle::{self, Draft};
use crate::letter::lint::{Fault, Weight};
use crate::letter::remedy::Served;
use crate::letter::store;
use crate::letter::template::{Blank, BlankKind, Need};
use crate::letter::tie::{self, Known};
use crate::letter::{Letter, LetterId, LetterKind};
use crate::pages::{overtaken, refuse};
use crate::reach;
use crate::request;
use crate::request::case::Case;
use crate::request::reply::Ground;
use gongkai_platform::fault::{self, NotDone, form_errors};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    case: String,
    grounds: String,
}

/// A blank as the form shows it.
struct Field {
    blank: &'static Blank,
    value: String,
}

impl Field {
    fn code(&self) -> &'static str {
        self.blank.code
    }

    fn is_must(&self) -> bool {
        self.blank.need == Need::Must
    }

    /// Which control: `line`, `text`, `date`, `number`, `choice`, `grounds`.
    fn control(&self) -> &'static str {
        match self.blank.kind {
            BlankKind::Line => "line",
            BlankKind::Text => "text",
            BlankKind::Date => "date",
            BlankKind::Number(..) => "number",
            BlankKind::Choice(_) => "choice",
            BlankKind::Grounds => "grounds",
        }
    }

    fn options(&self) -> Vec<(&'static str, &'static str)> {
        match self.blank.kind {
            BlankKind::Choice(options) => [("", "请选择")]
                .into_iter()
                .chain(options.iter().copied())
                .collect(),
            BlankKind::Line
            | BlankKind::Text
            | BlankKind::Date
            | BlankKind::Number(..)
            | BlankKind::Grounds => Vec::new(),
        }
    }

    /// An example; dates and choices need none.
    fn hint(&self) -> String {
        match self.blank.kind {
            BlankKind::Line | BlankKind::Text if !self.blank.sample.is_empty() => {
                format!("例：{}", self.blank.sample.replace('\n', ""))
            }
            BlankKind::Number(from, to) => format!("{from}到{to}的整数。"),
            BlankKind::Line
            | BlankKind::Text
            | BlankKind::Date
            | BlankKind::Choice(_)
            | BlankKind::Grounds => String::new(),
        }
    }

    fn has(&self, ground: &Ground) -> bool {
        compose::grounds(&self.value).is_ok_and(|found| found.contains(ground))
    }
}

#[derive(Template)]
#[template(path = "letter/draft.html")]
struct DraftPage {
    shell: Shell,
    kind: LetterKind,
    organs: Vec<(OrganId, String)>,
    organ: String,
    case: String,
    fields: Vec<Field>,
    online: bool,
    /// Of the letter that is amended.
    amended: Option<(LetterId, i64)>,
    note: String,
    errors: FormErrors,
    /// What became of the text that has faults.
    kept: &'static str,
}

/// Nothing of a refused form was stored.
const REFUSED: &str = "草稿没有保存：标出的内容读不出来。填写的内容都在下面，改好再保存。";
/// Somebody else saved the draft meanwhile.
const OVERTAKEN: &str = "填写的内容都在下面，还没有保存。";
/// A stored draft is opened again with what its check found.
const STORED: &str = "这是已保存的草稿，还没有送出。改好标出的内容，再保存草稿。";

impl DraftPage {
    fn grounds(&self) -> Vec<Ground> {
        // 行政查询事项 is no ground of a refusal.
        let all = Ground::ALL.iter().copied();
        all.filter(|ground| *ground != Ground::Query).collect()
    }

    fn is_organ(&self, id: &OrganId) -> bool {
        self.organ == id.to_string()
    }
}

fn fields(kind: LetterKind, facts: &Facts) -> Vec<Field> {
    let field = |blank: &'static Blank| Field {
        blank,
        value: facts.get(blank.code).to_owned(),
    };
    kind.template()
        .all_blanks()
        .into_iter()
        .map(field)
        .collect()
}

/// How somebody with a receipt sees how far the case is; the code stands below.
fn query(app: &App) -> String {
    let url = &app.site.url;
    format!("打开{url}/requests/progress，填写申请编号和查询码")
}

/// Is the letter of a case ticked as going over the net before anybody has said so?
fn begins_online(kind: LetterKind, case: Option<&Case>) -> bool {
    case.is_some_and(|case| tie::leave::begins(kind, case) == Served::Online)
}

/// `GET /workspace/requests/letters/new?kind=refuse&case=…&grounds=n6`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteLetters>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let kind = LetterKind::from_code(&asked.kind).ok_or_else(Problem::not_found)?;
    let (today, calendar) = (app.today(), app.calendar());
    let (organs, case, facts) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let organs = store::organs(tx, &scope).await?;
            let case = match asked.case.parse::<RequestId>() {
                // It begins with who asks.
                Ok(id) => request::store::own(tx, &scope, id).await?,
                Err(_) => None,
            };
            let facts = match &case {
                Some(case) => {
                    let known = Known {
                        case,
                        letters: &tie::handle::of(tx, case).await?,
                        today,
                        calendar: &calendar,
                    };
                    let facts = tie::facts(kind, &known);
                    let facts = tie::handle::with_organ(tx, kind, case, facts).await?;
                    match kind {
                        LetterKind::Receipt => facts.with("query", query(&app)),
                        _ => facts,
                    }
                }
                None => Facts::default(),
            };
            Ok::<_, StoreError>((organs, case, facts))
        })
        .await?;
    if case.is_none() && !asked.case.is_empty() {
        return Err(Problem::not_found());
    }
    let facts = if asked.grounds.is_empty() {
        facts
    } else {
        facts.with("grounds", asked.grounds)
    };
    let first = organs.first().map(|(id, _)| *id);
    let organ = case.as_ref().map(|case| case.request.organ).or(first);
    let organs = match &case {
        Some(case) => organs
            .into_iter()
            .filter(|(id, _)| *id == case.request.organ)
            .collect(),
        None => organs,
    };
    page(&DraftPage {
        shell,
        kind,
        organ: organ.map_or_else(String::new, |id| id.to_string()),
        organs,
        case: asked.case,
        fields: fields(kind, &facts),
        online: begins_online(kind, case.as_ref()),
        amended: None,
        note: String::new(),
        errors: FormErrors::default(),
        kept: REFUSED,
    })
}

/// What the form sent, besides the blanks.
struct Sent {
    pairs: Vec<(String, String)>,
}

impl Sent {
    fn get(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(one, _)| one == name);
        found.map_or("", |(_, text)| text.trim())
    }

    fn served(&self) -> Served {
        if self.get("online") == "yes" {
            Served::Online
        } else {
            Served::OnPaper
        }
    }
}

/// What cannot be read at all; what is missing the check of the draft tells.
fn faults(kind: LetterKind, facts: &Facts) -> FormErrors {
    let mut errors = FormErrors::default();
    for blank in kind.template().all_blanks() {
        if let Err(sentence) = compose::value(blank, facts.get(blank.code)) {
            errors.add(blank.code, sentence);
        }
    }
    errors
}

/// `POST /workspace/requests/letters/new`
pub(super) async fn add(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteLetters>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let sent = Sent { pairs };
    let kind = LetterKind::from_code(sent.get("kind")).ok_or_else(Problem::not_found)?;
    let organ: OrganId = sent
        .get("organ")
        .parse()
        .map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    let facts = Facts::of_form(kind, &sent.pairs);
    let (today, calendar) = (app.today(), app.calendar());
    let mut errors = faults(kind, &facts);
    if errors.is_empty() {
        let new = Draft {
            organ,
            case_id: sent.get("case").chars().take(64).collect(),
            kind,
            facts: facts.clone(),
            served: sent.served(),
        };
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                let letter = handle::draft(tx, &permit, new).await?;
                let (_, faults) = handle::faults(tx, &letter, (today, &calendar)).await?;
                handle::held_back(tx, letter.id, &faults, today).await?;
                Ok::<_, NotDone>((letter.id, faults))
            })
            .await;
        match done {
            Ok((id, faults)) => {
                let path = format!("/workspace/requests/letters/{id}");
                return Ok(redirect_with(&path, &saved(&faults)));
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let organs = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            store::organs(tx, &scope).await
        })
        .await?;
    refuse(&DraftPage {
        shell,
        kind,
        organs,
        organ: organ.to_string(),
        case: sent.get("case").to_owned(),
        fields: fields(kind, &facts),
        online: sent.served() == Served::Online,
        amended: None,
        note: String::new(),
        errors,
        kept: REFUSED,
    })
}

/// What is stored now, and what is still to do.
fn saved(faults: &[Fault]) -> String {
    let stops = faults.iter().filter(|one| one.weight == Weight::Stop);
    match stops.count() {
        0 => "草稿已保存，还没有送出。没有必须改的内容。".to_owned(),
        count => {
            format!("草稿已保存，填写的内容都在，还没有送出：有{count}处必须改，列在检查结果里。")
        }
    }
}

/// The faults of a stored draft at their fields; those of no field stand on the letter's page.
fn at_fields(kind: LetterKind, faults: Vec<Fault>) -> FormErrors {
    let mut errors = FormErrors::default();
    for fault in faults {
        if kind.template().blank(&fault.place).is_some() {
            errors.add(fault.place, fault.sentence);
        }
    }
    errors
}

fn amending(
    shell: Shell,
    letter: &Letter,
    facts: &Facts,
    (errors, kept): (FormErrors, &'static str),
) -> DraftPage {
    DraftPage {
        kept,
        shell,
        kind: letter.kind,
        organs: Vec::new(),
        organ: letter.organ.to_string(),
        case: letter.case_id.clone(),
        fields: fields(letter.kind, facts),
        online: letter.served == Served::Online,
        amended: Some((letter.id, letter.version)),
        note: letter.note.clone(),
        errors,
    }
}

/// `GET /workspace/requests/letters/{id}/amend`; a letter that is no draft is shown to read, with the reason.
pub(super) async fn ask_amend(
    State(app): State<App>,
    shell: Shell,
    (permit, viewing): (Permit<WriteLetters>, Permit<ViewLetters>),
    Path(id): Path<LetterId>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let (letter, faults, goes) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let Some(letter) = store::load(tx, &scope, id).await? else {
                return Ok(None);
            };
            let (_, faults) = handle::faults(tx, &letter, (today, &calendar)).await?;
            let goes = show::with_case(tx, &letter).await?;
            Ok::<_, NotDone>(Some((letter, faults, goes)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    if let Some(closed) = show::why_closed(&letter, goes) {
        return show::read_only(&app, shell, &viewing, (id, closed)).await;
    }
    let errors = at_fields(letter.kind, faults);
    page(&amending(shell, &letter, &letter.facts, (errors, STORED)))
}

/// `POST /workspace/requests/letters/{id}/amend`
pub(super) async fn amend(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteLetters>,
    Path(id): Path<LetterId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let sent = Sent { pairs };
    let (mut letter, goes) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let Some(letter) = store::load(tx, &scope, id).await? else {
                return Ok(None);
            };
            let goes = show::with_case(tx, &letter).await?;
            Ok::<_, NotDone>(Some((letter, goes)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let version: i64 = sent
        .get("version")
        .parse()
        .map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    let facts = Facts::of_form(letter.kind, &sent.pairs);
    if let Some(closed) = show::why_closed(&letter, goes) {
        // Handed in while somebody else still had the form open.
        let errors = form_errors(vec![("closed", closed.to_owned())]);
        return overtaken(&amending(shell, &letter, &facts, (errors, OVERTAKEN)));
    }
    let errors = faults(letter.kind, &facts);
    if !errors.is_empty() {
        letter.served = sent.served();
        letter.version = version;
        return refuse(&amending(shell, &letter, &facts, (errors, REFUSED)));
    }
    let (today, calendar) = (app.today(), app.calendar());
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let new = (facts.clone(), sent.served());
            let letter = handle::amend(tx, &permit, (id, version), new).await?;
            let (_, faults) = handle::faults(tx, &letter, (today, &calendar)).await?;
            handle::held_back(tx, letter.id, &faults, today).await?;
            Ok::<_, NotDone>(faults)
        })
        .await;
    match done {
        Ok(faults) => {
            let path = format!("/workspace/requests/letters/{id}");
            Ok(redirect_with(&path, &saved(&faults)))
        }
        Err(NotDone::Store(StoreError::Stale)) => {
            // Who has read that and saves again means it: the form stands over the version loaded above.
            letter.served = sent.served();
            let errors = form_errors(vec![fault::overtaken()]);
            overtaken(&amending(shell, &letter, &facts, (errors, OVERTAKEN)))
        }
        Err(error) => Err(error.into()),
    }
}

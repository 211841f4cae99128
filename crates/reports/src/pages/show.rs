//! One report: its tables, its findings, its way to the public.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{HeldRole, Permit, Scope};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason};
use gongkai_platform::web::{App, Form, Problem, Shell, day, moment, page, redirect_with};
use serde::Deserialize;

use super::tables::{ShownTable, tables};
use super::{LIST, refuse};
use crate::acts::{ConfirmReport, PrecheckReport, PublishReport, ViewReports, WriteReport};
use crate::annual::handle::{self, SUBJECT};
use crate::annual::{Annual, store};
use crate::bound::{Named, Said, in_pieces};
use crate::check::{self, Finding, Weight};
use crate::due;
use crate::form::{Cell, SECTIONS};
use crate::id::AnnualId;
use crate::model::Report;
use crate::state;
use gongkai_platform::organ::reach::{self, Reach};

const EVENTS_MAX: i64 = 100;

/// What this person may do with this report now.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct May {
    write: bool,
    confirm: bool,
    precheck: bool,
    publish: bool,
    reopen: bool,
    withdraw: bool,
}

#[derive(Template)]
#[template(path = "reports/show.html")]
struct ShowPage {
    shell: Shell,
    annual: Annual,
    tables: Vec<ShownTable>,
    /// With the numbers of the tables.
    texts: [String; 6],
    findings: Vec<Finding>,
    remarks: Vec<String>,
    events: Vec<Recorded>,
    may: May,
    /// What stands against the next step forward.
    stops: Vec<String>,
    has_last: bool,
    due_on: Option<Date>,
    /// What this person sent when somebody else had been faster.
    late: Option<Late>,
    /// Why the step that this person took was refused: where each reason leads, and its sentence.
    refused: Vec<(String, String)>,
}

/// A step that came too late, with the reason that was typed for it: nothing of it was done.
struct Late {
    step: state::Step,
    why: String,
}

impl ShowPage {
    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn due(&self) -> String {
        self.due_on.map_or_else(String::new, day)
    }

    fn part(&self, at: &usize) -> &'static str {
        SECTIONS.get(*at).copied().unwrap_or("")
    }

    fn text(&self, at: &usize) -> &str {
        self.texts.get(*at).map_or("", String::as_str)
    }

    /// The text of a part in pieces: a number that is bound leads to where it comes from.
    fn said(&self, at: &usize) -> Vec<Piece> {
        let draft = &self.annual.draft;
        let text = draft.texts.get(*at).map_or("", String::as_str);
        let said = in_pieces(text, |cell| draft.value(cell), draft.told);
        said.into_iter()
            .map(|one| piece(one, &self.base()))
            .collect()
    }

    fn table(&self, part: &usize) -> Option<&ShownTable> {
        self.tables.iter().find(|table| table.part == *part)
    }

    fn base(&self) -> String {
        format!("{LIST}/{}", self.annual.id)
    }

    /// What was typed into the field of a reason, by a form that was refused or came too late.
    fn typed(&self, step: &str) -> &str {
        match &self.late {
            Some(late) if late.step.code() == step => &late.why,
            Some(_) => "",
            None => self.shell.again.text("why"),
        }
    }

    /// What somebody else did meanwhile: the newest of what happened.
    fn before(&self) -> Option<&Recorded> {
        self.events.iter().max_by_key(|event| event.seq)
    }

    /// Can the step that came too late still be taken?
    fn is_open(&self, step: &state::Step) -> bool {
        self.annual.state.after(*step).is_some()
    }

    /// Each reason with the address of the cell or the part that it is about: in the editor for who may write.
    fn led(&self, reasons: Vec<Reason>) -> Vec<(String, String)> {
        let editor = if self.may.write {
            format!("{}/edit", self.base())
        } else {
            String::new()
        };
        let link = |sentence: &str| {
            let named = self.findings.iter().find(|it| it.message == sentence);
            let cell = named.and_then(Finding::leads_to);
            let cell = cell.map(|cell| format!("{editor}#cell-{}", cell.code()));
            let part = named.and_then(Finding::part);
            let part = part.map(|part| format!("{editor}#part{part}"));
            cell.or(part).unwrap_or_else(|| "#step".to_owned())
        };
        let reasons = reasons.into_iter();
        reasons
            .map(|(_, sentence)| (link(&sentence), sentence))
            .collect()
    }

    fn wrong(&self) -> usize {
        let wrong = |finding: &&Finding| finding.weight == Weight::Wrong;
        self.findings.iter().filter(wrong).count()
    }
}

/// A piece of the prose, with the address behind a number; empty for what was written, and for what no table has.
struct Piece {
    text: String,
    link: String,
    /// What the number is.
    title: String,
}

fn piece(said: Said, base: &str) -> Piece {
    let named = said.named.as_ref();
    let cells = named.map_or(&[][..], Named::cells);
    Piece {
        link: match cells {
            [] => String::new(),
            [cell] => format!("{base}/cells/{}", cell.code()),
            // The table shows what is added up.
            [first, ..] => format!("#cell-{}", first.code()),
        },
        title: match (named, cells) {
            (Some(named), []) => format!("{}：本系统统计", named.name),
            (Some(_), cells) => {
                let paths: Vec<String> = cells.iter().map(Cell::to_string).collect();
                paths.join("，加")
            }
            (None, _) => String::new(),
        },
        text: said.text,
    }
}

async fn may(tx: &mut Tx, shell: &Shell, annual: &Annual) -> Result<May, StoreError> {
    let Some(person) = &shell.person else {
        return Ok(May::default());
    };
    let own = |scope: &Scope| scope.contains(annual.unit.id, "");
    let mut may = May::default();
    if let Some(permit) = person.permit::<WriteReport>() {
        may.write = own(&reach::own(tx, &permit).await?) && annual.state == state::State::Draft;
    }
    if let Some(permit) = person.permit::<ConfirmReport>() {
        may.confirm = own(&reach::own(tx, &permit).await?) && annual.state == state::State::Draft;
    }
    if let Some(permit) = person.permit::<PrecheckReport>() {
        let within = Reach::of(tx, permit.roles()).await?;
        let there = store::load(tx, &within, annual.id).await?.is_some();
        may.precheck = there && annual.state.after(state::Step::Return).is_some();
    }
    if let Some(permit) = person.permit::<PublishReport>() {
        let own = own(&reach::own(tx, &permit).await?);
        may.publish = own && annual.state == state::State::Checked;
        may.reopen = own && annual.state == state::State::Published;
        may.withdraw = own && annual.may_be_withdrawn();
    }
    Ok(may)
}

/// Why this person does not pass the report, as far as that hangs on who they are.
async fn own_word(
    tx: &mut Tx,
    shell: &Shell,
    annual: &Annual,
) -> Result<Option<String>, StoreError> {
    let person = shell.person.as_ref();
    let Some(permit) = person.and_then(|person| person.permit::<PrecheckReport>()) else {
        return Ok(None);
    };
    let why = handle::why_not_pass(tx, permit.actor(), annual).await?;
    Ok(why.map(|(_, sentence)| sentence))
}

/// Why the button that leads on would be refused; findings are told as a number, since they are listed on the page.
fn stops(annual: &Annual, may: May, when: (Option<&Report>, Date)) -> Vec<String> {
    let next = match annual.state {
        state::State::Draft if may.confirm => state::Step::Confirm,
        state::State::Confirmed if may.precheck => state::Step::Pass,
        state::State::Checked if may.publish => state::Step::Publish,
        _ => return Vec::new(),
    };
    let listed = annual.findings(when.0);
    let wrong: Vec<&str> = listed
        .iter()
        .filter(|finding| finding.weight == Weight::Wrong)
        .map(|finding| finding.message.as_str())
        .collect();
    let own = annual
        .why_not(next, "", when)
        .into_iter()
        .map(|(_, sentence)| sentence)
        .filter(|sentence| !wrong.contains(&sentence.as_str()));
    let counted = format!("上面有{}处错误，改好以后才能{}。", wrong.len(), next.name());
    let counted = Some(counted).filter(|_| !wrong.is_empty());
    counted.into_iter().chain(own).collect()
}

async fn shown(
    app: &App,
    shell: Shell,
    roles: &[HeldRole],
    id: AnnualId,
) -> Result<ShowPage, Problem> {
    let (annual, last, (events, due_on), (may, own)) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, roles).await?;
            let Some(annual) = store::load(tx, &within, id).await? else {
                return Ok(None);
            };
            let last = handle::last_of(tx, &annual).await?;
            let events = audit::about(tx, SUBJECT, &id.to_string(), EVENTS_MAX).await?;
            let may = may(tx, &shell, &annual).await?;
            let own = own_word(tx, &shell, &annual).await?;
            let due_on = annual.due_on(&due::store::terms(tx).await?);
            Ok::<_, StoreError>(Some((annual, last, (events, due_on), (may, own))))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let findings = annual.findings(last.as_ref());
    let mut stops = stops(&annual, may, (last.as_ref(), app.today()));
    stops.extend(own.filter(|_| may.precheck));
    Ok(ShowPage {
        stops,
        shell,
        tables: tables(&annual, None, &findings),
        texts: annual.draft.said(),
        remarks: check::remarks(&annual.report()),
        findings,
        annual,
        events,
        may,
        has_last: last.is_some(),
        due_on,
        late: None,
        refused: Vec::new(),
    })
}

/// `GET /workspace/reports/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewReports>,
    Path(id): Path<AnnualId>,
) -> Result<Response, Problem> {
    page(&shown(&app, shell, permit.roles(), id).await?)
}

/// The answer to a step: where somebody else was faster, the report as it is now, with what they did beside what was sent;
/// where it was refused, the report with the reasons above it.
async fn answered(
    (app, shell, roles): (&App, Shell, &[HeldRole]),
    id: AnnualId,
    (step, why): (state::Step, &str),
    outcome: Result<Annual, NotDone>,
) -> Result<Response, Problem> {
    match outcome {
        Ok(annual) => Ok(done(&annual, step)),
        Err(NotDone::Store(StoreError::Stale)) => {
            let mut now = shown(app, shell, roles, id).await?;
            now.late = Some(Late {
                step,
                why: why.to_owned(),
            });
            let mut response = page(&now)?;
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
        // A form without a reason to type: what stands against it is told where the page begins.
        Err(NotDone::Refused(reasons)) if !step.wants_reason() => {
            let mut now = shown(app, shell, roles, id).await?;
            now.refused = now.led(reasons);
            refuse(&now)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Turn {
    version: i64,
    step: String,
    why: String,
}

fn done(annual: &Annual, step: state::Step) -> Response {
    let place = format!("{LIST}/{}", annual.id);
    let now = annual.state.name();
    let said = match step {
        // Nothing is put right yet.
        state::Step::Reopen => {
            format!("已转为更正，报告现在是“{now}”；更正稿重新公布以前，公众仍看到现在这一版。")
        }
        state::Step::Withdraw => {
            format!("已撤下，公众看不到这份报告了；报告现在是“{now}”，改好以后按步骤公布。")
        }
        state::Step::Confirm | state::Step::Return | state::Step::Pass | state::Step::Publish => {
            format!("已{}，报告现在是“{now}”。", step.name())
        }
    };
    redirect_with(&place, &said)
}

fn step_of(turn: &Turn, allowed: &[state::Step]) -> Result<state::Step, Problem> {
    state::Step::from_code(&turn.step)
        .filter(|step| allowed.contains(step))
        .ok_or_else(|| Problem::new(Problem::BAD_REQUEST))
}

/// `POST /workspace/reports/{id}/confirm`
pub(super) async fn confirm(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ConfirmReport>,
    Path(id): Path<AnnualId>,
    Form(turn): Form<Turn>,
) -> Result<Response, Problem> {
    let outcome = app
        .db
        .write(async |tx: &mut Tx| handle::confirm(tx, &permit, (id, turn.version)).await)
        .await;
    let who = (&app, shell, permit.roles());
    answered(who, id, (state::Step::Confirm, ""), outcome).await
}

/// `POST /workspace/reports/{id}/precheck`: `step=pass` or `step=return&why=…`
pub(super) async fn precheck(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<PrecheckReport>,
    Path(id): Path<AnnualId>,
    Form(turn): Form<Turn>,
) -> Result<Response, Problem> {
    let step = step_of(&turn, &[state::Step::Pass, state::Step::Return])?;
    let what = (step, turn.why.trim());
    let outcome = app
        .db
        .write(async |tx: &mut Tx| handle::precheck(tx, &permit, (id, turn.version), what).await)
        .await;
    answered((&app, shell, permit.roles()), id, what, outcome).await
}

/// `POST /workspace/reports/{id}/publish`: `step=publish`, `step=reopen&why=…` or `step=withdraw&why=…`
pub(super) async fn publish(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<PublishReport>,
    Path(id): Path<AnnualId>,
    Form(turn): Form<Turn>,
) -> Result<Response, Problem> {
    let allowed = [
        state::Step::Publish,
        state::Step::Reopen,
        state::Step::Withdraw,
    ];
    let step = step_of(&turn, &allowed)?;
    let what = (step, turn.why.trim());
    let outcome = app
        .db
        .write(async |tx: &mut Tx| handle::publish(tx, &permit, (id, turn.version), what).await)
        .await;
    answered((&app, shell, permit.roles()), id, what, outcome).await
}

//! One finding: what it is, what was done about it, the next step for whoever looks.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::FindingId;
use serde::Deserialize;

use super::super::acts::{HandleFinding, MendFinding, ReadFinding, ViewFindings, ViewOwnFindings};
use super::super::handle::{Decision, FindingError, Mending, decide, mend};
use super::super::{Finding, FindingState, Step, store};
use super::form_errors;
use crate::access::{Permit, Scope};
use crate::attachment::{self, Attachment, AttachmentId, Filled, Kept};
use crate::audit::{self, Recorded};
use crate::db::{StoreError, Tx};
use crate::web::{
    self, App, Form, FormErrors, Problem, Shell, download, moment, page, redirect_with, refuse,
};

/// Events that the time line shows.
const EVENTS_MAX: i64 = 100;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    step: String,
    note: String,
    date: String,
}

#[derive(Template)]
#[template(path = "finding/show.html")]
struct ShowPage {
    shell: Shell,
    finding: Finding,
    attachments: Vec<Attachment>,
    events: Vec<Recorded>,
    today: Date,
    may_handle: bool,
    may_mend: bool,
    errors: FormErrors,
    asked: Asked,
    url: String,
    kept: Vec<Kept>,
}

impl ShowPage {
    fn day(&self, date: &Date) -> String {
        web::day(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn is_late(&self) -> bool {
        self.finding.is_late(self.today)
    }

    fn files(&self) -> String {
        format!("/workspace/findings/{}/files", self.finding.id)
    }

    /// The page of what it is about, where that has one here.
    fn about_path(&self) -> Option<String> {
        let (kind, id) = self.finding.about.as_ref()?;
        match kind.as_str() {
            "task" => Some(format!("/workspace/tasks/{id}")),
            "assignment" => Some(format!("/workspace/assignments/{id}")),
            "request" => Some(format!("/workspace/requests/{id}")),
            "remedy" => Some(format!("/workspace/requests/reviews/{id}")),
            _ => None,
        }
    }

    /// What the office may do from here; 已销号 opens again only when it is found again.
    fn offered(&self) -> Vec<Step> {
        let mut steps = vec![
            Step::Confirm,
            Step::Pass,
            Step::Fail,
            Step::Resume,
            Step::Defer,
            Step::Dismiss,
        ];
        steps.retain(|step| self.finding.state.after(*step).is_some());
        steps
    }

    fn decisions(&self) -> Vec<(&'static str, &'static str)> {
        let offered = self.offered().into_iter();
        offered.map(|step| (step.code(), step.name())).collect()
    }

    /// The step that is due. While the unit mends, none is: it is the unit's turn.
    fn is_main(&self, code: &str) -> bool {
        let due = match self.finding.state {
            FindingState::ToVerify | FindingState::Untrue => Some(Step::Confirm),
            FindingState::ToRecheck => Some(Step::Pass),
            FindingState::Deferred => Some(Step::Resume),
            FindingState::Confirmed | FindingState::Mending | FindingState::Closed => None,
        };
        due.is_some_and(|step| step.code() == code)
    }

    /// Whatever is chosen wants words.
    fn note_required(&self) -> bool {
        self.offered().iter().all(|step| step.needs_note())
    }

    /// `复核通过、认定不属实时必填。例：…`
    fn note_hint(&self) -> String {
        const EXAMPLE: &str = "例：9月22日打开网址，正文完整。";
        let offered = self.offered();
        let wanting = offered.iter().filter(|step| step.needs_note());
        let names: Vec<&str> = wanting.map(|step| step.name()).collect();
        if names.is_empty() || names.len() == offered.len() {
            EXAMPLE.to_owned()
        } else {
            format!("{}时必填。{EXAMPLE}", names.join("、"))
        }
    }

    /// Whatever is chosen wants a day, and none was proposed.
    fn date_required(&self) -> bool {
        let proposed = self.finding.fix_due_on;
        let proposed = proposed.is_some_and(|due| due >= self.today);
        !proposed && self.offered().iter().all(|step| step.needs_date())
    }

    fn date_hint(&self) -> String {
        let offered = self.offered();
        let says = [
            (Step::Confirm, "确认时填整改期限"),
            (Step::Defer, "暂缓时填暂缓到哪一天"),
        ];
        let said = says.iter().filter(|(step, _)| offered.contains(step));
        let said: Vec<&str> = said.map(|(_, words)| *words).collect();
        format!("{}。", said.join("，"))
    }

    /// What the unit may do from here.
    fn mendings(&self) -> Vec<(&'static str, &'static str)> {
        [Step::Claim, Step::Start]
            .into_iter()
            .filter(|step| self.finding.state.after(*step).is_some())
            .map(|step| (step.code(), step.name()))
            .collect()
    }

    fn wants_date(&self) -> bool {
        self.offered().iter().any(|step| step.needs_date())
    }
}

/// What of findings a person may see: as the office, and as a unit.
pub(super) struct Reach {
    office: Scope,
    unit: Scope,
}

impl Reach {
    pub(super) fn of(shell: &Shell) -> Self {
        let person = shell.person.as_ref();
        let office = person.and_then(|person| person.permit::<ViewFindings>());
        let unit = person.and_then(|person| person.permit::<ViewOwnFindings>());
        Self {
            office: office.map_or_else(Scope::nothing, |permit| permit.scope().clone()),
            unit: unit.map_or_else(Scope::nothing, |permit| permit.scope().clone()),
        }
    }

    async fn load(&self, tx: &mut Tx, id: FindingId) -> Result<Option<Finding>, StoreError> {
        match store::of_office(tx, &self.office, id).await? {
            Some(finding) => Ok(Some(finding)),
            None => store::of_unit(tx, &self.unit, id).await,
        }
    }
}

async fn build(app: &App, shell: Shell, id: FindingId) -> Result<ShowPage, Problem> {
    let reach = Reach::of(&shell);
    let person = shell.person.as_ref();
    let handle = person.and_then(|person| person.permit::<HandleFinding>());
    let mending = person.and_then(|person| person.permit::<MendFinding>());
    let (finding, attachments, events, may_handle, may_mend) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(finding) = reach.load(tx, id).await? else {
                return Ok(None);
            };
            let subject = id.to_string();
            let attachments = attachment::of(tx, ("finding", &subject)).await?;
            let events = audit::about(tx, "finding", &subject, EVENTS_MAX).await?;
            let may_handle = match &handle {
                Some(permit) => store::of_office(tx, permit.scope(), id).await?.is_some(),
                None => false,
            };
            let may_mend = match &mending {
                Some(permit) => store::of_unit(tx, permit.scope(), id).await?.is_some(),
                None => false,
            };
            Ok::<_, StoreError>(Some((finding, attachments, events, may_handle, may_mend)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(ShowPage {
        shell,
        finding,
        attachments,
        events,
        today: app.today(),
        may_handle,
        may_mend,
        errors: FormErrors::default(),
        asked: Asked::default(),
        url: String::new(),
        kept: Vec::new(),
    })
}

/// `GET /workspace/findings/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadFinding>,
    Path(id): Path<FindingId>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, id).await?)
}

/// `POST /workspace/findings/{id}/decide`
pub(super) async fn decide_step(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<HandleFinding>,
    Path(id): Path<FindingId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let step = Step::from_code(&asked.step)
        .ok_or_else(|| Problem::refused(vec!["请选择要办理的一步。".to_owned()]))?;
    let decision = Decision {
        step,
        note: asked.note.trim().to_owned(),
        date: asked.date.parse().ok(),
    };
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| decide(tx, &permit, id, decision, today).await)
        .await;
    match done {
        Ok(finding) => Ok(back(&finding, step)),
        Err(FindingError::Refused(refusals)) => {
            let mut view = build(&app, shell, id).await?;
            view.errors = form_errors(refusals);
            view.asked = asked;
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /workspace/findings/{id}/mend`
pub(super) async fn mend_step(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<MendFinding>,
    Path(id): Path<FindingId>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    // Who has no such finding learns nothing and stores nothing.
    app.db
        .read(async |tx: &mut Tx| store::of_unit(tx, permit.scope(), id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let proofs = filled
        .attachments(&app, permit.actor().account(), &mut errors)
        .await?;
    let step = Step::from_code(filled.text("step"))
        .ok_or_else(|| Problem::refused(vec!["请选择要办理的一步。".to_owned()]))?;
    let mending = Mending {
        step,
        note: filled.text("note").to_owned(),
        proofs,
    };
    let today = app.today();
    if errors.is_empty() {
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                mend(tx, &permit, id, mending, today).await
            })
            .await;
        match done {
            Ok(finding) => return Ok(back(&finding, step)),
            Err(FindingError::Refused(refusals)) => errors = form_errors(refusals),
            Err(error) => return Err(error.into()),
        }
    }
    let mut view = build(&app, shell, id).await?;
    view.errors = errors;
    view.asked.note = filled.text("note").to_owned();
    view.url = filled.text("url").to_owned();
    view.kept = filled.kept();
    refuse(&view)
}

fn back(finding: &Finding, step: Step) -> Response {
    redirect_with(
        &format!("/workspace/findings/{}", finding.id),
        &format!(
            "已办理“{}”，问题现在是“{}”。",
            step.name(),
            finding.state.name()
        ),
    )
}

/// `GET /workspace/findings/{id}/files/{file}`
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadFinding>,
    Path((id, file)): Path<(FindingId, AttachmentId)>,
) -> Result<Response, Problem> {
    let reach = Reach::of(&shell);
    let stored = app
        .db
        .read(async |tx: &mut Tx| match reach.load(tx, id).await? {
            Some(_) => attachment::file(tx, ("finding", &id.to_string()), file).await,
            None => Ok(None),
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}

//! What one unit hands in: its rows with their reports, what is missing, the next step for whoever looks, the printed version
//! and the sealed copy beside it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_office::form as office;
use gongkai_platform::access::{Act, Permit, Scope};
use gongkai_platform::attachment::{self, Attachment, AttachmentId, Kept};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::download::{self, attachment as answer, off_thread};
use gongkai_platform::web::{App, FormErrors, Problem, Query, Shell, page};
use serde::Deserialize;

use crate::acts::{
    ConfirmSubmission, ManageRounds, ReadRound, SubmitRound, ViewOwnRounds, ViewRounds,
};
use crate::carried;
use crate::export::form;
use crate::ledger::AssignmentRow;
use crate::pages::{NO_PRINTER, contacts};
use crate::plan;
use crate::round::store::{self, Owed, Side};
use crate::round::submit::{Completeness, completeness, is_untouched};
use crate::round::{Punctuality, Round, RoundId, Step, Submission, paper, print};
use crate::when;

const EVENTS_MAX: i64 = 100;

/// What of rounds a person may see: as the office, and as a unit.
pub(super) struct Reach {
    office: Scope,
    unit: Scope,
}

impl Reach {
    pub(super) fn of(shell: &Shell) -> Self {
        let person = shell.person.as_ref();
        let office = person.and_then(|person| person.permit::<ViewRounds>());
        let unit = person.and_then(|person| person.permit::<ViewOwnRounds>());
        Self {
            office: office.map_or_else(Scope::nothing, |permit| permit.scope().clone()),
            unit: unit.map_or_else(Scope::nothing, |permit| permit.scope().clone()),
        }
    }

    pub(super) async fn load(
        &self,
        tx: &mut Tx,
        (id, organ): (RoundId, OrganId),
    ) -> Result<Option<(Round, Submission)>, StoreError> {
        let sides = [
            (Side::Office(&self.office), &Scope::Everything),
            (Side::Unit(&self.unit), &self.unit),
        ];
        for (side, within) in sides {
            if let Some(round) = store::load(tx, side, id).await?
                && let Some(of) = store::unit(tx, id, within, organ).await?
            {
                return Ok(Some((round, of)));
            }
        }
        Ok(None)
    }
}

/// What was typed and refused.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) note: String,
    pub(super) answer: String,
    pub(super) signer: String,
    pub(super) url: String,
    pub(super) kept: Vec<Kept>,
}

/// What this person may do with this very submission.
#[derive(Debug, Clone, Copy, Default)]
struct May {
    confirm: bool,
    submit: bool,
    decide: bool,
}

#[derive(Template)]
#[template(path = "round/unit.html")]
pub(super) struct UnitPage {
    shell: Shell,
    round: Round,
    of: Submission,
    rows: Vec<AssignmentRow>,
    found: Completeness,
    owed: Vec<Owed>,
    scans: Vec<Attachment>,
    events: Vec<Recorded>,
    /// Who can confirm it, by name.
    confirmers: Vec<String>,
    left: String,
    today: Date,
    may: May,
    has_pdf: bool,
    pub(super) errors: FormErrors,
    pub(super) typed: Typed,
}

impl UnitPage {
    fn day(&self, date: &Date) -> String {
        when::day(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn path(&self) -> String {
        format!(
            "/workspace/rounds/{}/units/{}",
            self.round.id, self.of.organ
        )
    }

    fn files(&self) -> String {
        format!("{}/files", self.path())
    }

    fn punctuality(&self) -> Punctuality {
        self.of.punctuality(self.round.due_on, self.today)
    }

    fn due(&self, row: &AssignmentRow) -> String {
        row.due().whole()
    }

    /// The report is older than what the round is about.
    fn is_stale(&self, row: &AssignmentRow) -> bool {
        let on = row
            .latest
            .as_ref()
            .and_then(|latest| when::civil_day(latest.at));
        on.is_some_and(|on| on < self.round.from_on)
    }

    /// Returned, and not yet handed in again.
    fn is_asked_again(&self) -> bool {
        self.of.reason.is_some() && self.of.state.waits_for_unit()
    }

    /// Since the office returned it: anew, or as it was.
    fn since_return(&self, row: &AssignmentRow) -> Option<&'static str> {
        let at = self.of.reason.as_ref().and(self.of.decided_at)?;
        let owed = self.owed.iter().find(|owed| owed.assignment == row.id)?;
        Some(if owed.touched_since(at) {
            "退回后已修改"
        } else {
            "退回后没有改"
        })
    }

    /// Something was reported after the newest scan was put beside it.
    fn is_changed_since_scan(&self) -> bool {
        let scanned = self.scans.iter().map(|scan| scan.at).max();
        let reported = self.rows.iter().filter_map(|row| row.latest.as_ref());
        let reported = reported.map(|latest| latest.at).max();
        scanned.is_some_and(|scanned| reported.is_some_and(|reported| reported > scanned))
    }

    fn is_untouched(&self) -> bool {
        is_untouched(&self.of, &self.owed)
    }

    fn is(&self, code: &str) -> bool {
        self.of.state.code() == code
    }

    /// Nobody is there to confirm, so that what was signed on paper is taken.
    fn on_paper(&self) -> bool {
        self.may.submit && self.can("confirm") && self.confirmers.is_empty()
    }

    fn can(&self, code: &str) -> bool {
        self.round.state.code() != "cancelled"
            && Step::from_code(code).is_some_and(|step| self.of.state.after(step).is_some())
    }
}

async fn reaches<A: Act>(
    tx: &mut Tx,
    shell: &Shell,
    (id, organ): (RoundId, OrganId),
) -> Result<bool, StoreError> {
    match shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<A>())
    {
        Some(permit) => Ok(store::unit(tx, id, permit.scope(), organ).await?.is_some()),
        None => Ok(false),
    }
}

async fn may(tx: &mut Tx, shell: &Shell, key: (RoundId, OrganId)) -> Result<May, StoreError> {
    let manage = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<ManageRounds>());
    let decide = match manage {
        Some(permit) => store::load(tx, Side::Office(permit.scope()), key.0)
            .await?
            .is_some(),
        None => false,
    };
    Ok(May {
        confirm: reaches::<ConfirmSubmission>(tx, shell, key).await?,
        submit: reaches::<SubmitRound>(tx, shell, key).await?,
        decide,
    })
}

pub(super) async fn build(
    app: &App,
    shell: Shell,
    key: (RoundId, OrganId),
) -> Result<UnitPage, Problem> {
    let reach = Reach::of(&shell);
    let today = app.today();
    let loaded = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((round, of)) = reach.load(tx, key).await? else {
                return Ok(None);
            };
            let owed = store::owed(tx, key.0, key.1).await?;
            let found = completeness(&round, &owed);
            let rows = print::rows(tx, &of, today).await?;
            let subject = of.subject();
            let scans = attachment::of(tx, ("round_submission", &subject)).await?;
            let events = audit::about(tx, "round_submission", &subject, EVENTS_MAX).await?;
            let may = may(tx, &shell, key).await?;
            let confirmers = paper::confirmers(tx, key.1).await?;
            let found = (found, owed, confirmers);
            Ok::<_, StoreError>(Some((round, of, found, rows, scans, events, may)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let (round, of, (found, owed, confirmers), rows, scans, events, may) = loaded;
    let left = if of.state.waits_for_unit() && of.counted_at.is_none() {
        when::left(&app.calendar(), today, round.due_on)
    } else {
        String::new()
    };
    Ok(UnitPage {
        shell,
        round,
        of,
        rows,
        found,
        owed,
        scans,
        events,
        confirmers,
        left,
        today,
        may,
        has_pdf: app.printer.is_some(),
        errors: FormErrors::default(),
        typed: Typed::default(),
    })
}

/// `GET /workspace/rounds/{id}/units/{organ}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadRound>,
    Path(key): Path<(RoundId, OrganId)>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, key).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    format: String,
}

/// `GET /workspace/rounds/{id}/units/{organ}/print?format=docx`: the official form, to be sealed.
pub(super) async fn print(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadRound>,
    Path(key): Path<(RoundId, OrganId)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let (reach, today) = (Reach::of(&shell), app.today());
    let printer = app.printer.clone();
    let pdf = match wanted.format.as_str() {
        "docx" => false,
        "pdf" if printer.is_none() => return Err(Problem::new(NO_PRINTER)),
        "pdf" => true,
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    let (round, of, plan, rows, contacts, matters) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((round, of)) = reach.load(tx, key).await? else {
                return Ok(None);
            };
            let Some(plan) = plan::store::find(tx, round.plan).await? else {
                return Ok(None);
            };
            let rows = print::rows(tx, &of, today).await?;
            let contacts = contacts(tx, &rows).await?;
            let matters = carried::store::of_form(tx, plan.id, Some(key.1)).await?;
            Ok::<_, StoreError>(Some((round, of, plan, rows, contacts, matters)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let name = format!("{}{}{}", plan.title, of.organ_name, round.name);
    let made = off_thread(move || {
        let mut forms = form::forms(&plan, &rows, &contacts, (&matters, today));
        if forms.is_empty() {
            forms.push(form::empty(&plan, &of.organ_name));
        }
        match printer.filter(|_| pdf) {
            Some(printer) => printer
                .pdf("ledger", &office::typeset_data(&forms), today)
                .map_err(|error| error.to_string()),
            None => office::docx_all(&forms).map_err(|error| error.to_string()),
        }
    })
    .await?;
    let bytes = made.map_err(|sentence| Problem::refused(vec![sentence]))?;
    let media_type = if pdf { download::PDF } else { download::DOCX };
    let ending = if pdf { "pdf" } else { "docx" };
    Ok(answer(&format!("{name}.{ending}"), media_type, bytes))
}

/// `GET /workspace/rounds/{id}/units/{organ}/files/{file}`: a sealed copy.
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadRound>,
    Path((id, organ, file)): Path<(RoundId, OrganId, AttachmentId)>,
) -> Result<Response, Problem> {
    let reach = Reach::of(&shell);
    let stored = app
        .db
        .read(
            async |tx: &mut Tx| match reach.load(tx, (id, organ)).await? {
                Some((_, of)) => {
                    let subject = of.subject();
                    attachment::file(tx, ("round_submission", &subject), file).await
                }
                None => Ok::<_, StoreError>(None),
            },
        )
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}

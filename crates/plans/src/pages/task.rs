//! One task: its source, its organs, its dates with their working, what was reported, what happened to it.

mod due;
mod line;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, PlanId, TaskId};
use gongkai_office::Place;
use gongkai_platform::access::{Act as _, Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, page};
use serde::Deserialize;

use self::due::{DueLine, dues};
use self::line::{Line, lines};
use super::Readable;
use crate::acts::{CheckEvidence, ProposeChange, ReadTask, ReportProgress};
use crate::assignment::light::Light;
use crate::assignment::{self, Assignment, AssignmentState};
use crate::carried::{self, Carried};
use crate::change::{self, Change};
use crate::evidence::{self, Evidence};
use crate::ledger::{AssignmentRow, store as ledger};
use crate::pairing::PairKind;
use crate::pairing::rows::overdue_days;
use crate::pairing::store::{Relative, Side, relatives};
use crate::plan::{self, Plan, PlanState};
use crate::task::{self, Task, TaskState};
use crate::when;

/// The newest events, which stand open; those before are folded.
const EVENTS_OPEN: usize = 20;
/// The newest evidence that the page lists.
const EVIDENCE_MAX: i64 = 200;
/// Relatives of one sort that the page lists.
const RELATIVES_MAX: i64 = 60;

/// The task's relatives: 去年同项, 今年同项, 上级原文, 下级落实, and what was carried over.
#[derive(Default)]
struct Family {
    last_year: Vec<Relative>,
    this_year: Vec<Relative>,
    upper: Vec<Relative>,
    lower: Vec<Relative>,
    carried: Vec<Carried>,
}

impl Family {
    fn is_empty(&self) -> bool {
        self.last_year.is_empty()
            && self.this_year.is_empty()
            && self.upper.is_empty()
            && self.lower.is_empty()
            && self.carried.is_empty()
    }

    /// Of a task in a plan of the office's own scope; others have none.
    async fn load(
        tx: &mut Tx,
        readable: &Readable,
        plan: PlanId,
        id: TaskId,
    ) -> Result<Self, StoreError> {
        if plan::store::load(tx, &readable.plans, plan)
            .await?
            .is_none()
        {
            return Ok(Self::default());
        }
        let (year, level) = (PairKind::Year, PairKind::Level);
        Ok(Self {
            last_year: relatives(tx, id, year, Side::Old, RELATIVES_MAX).await?,
            this_year: relatives(tx, id, year, Side::New, RELATIVES_MAX).await?,
            upper: relatives(tx, id, level, Side::Old, RELATIVES_MAX).await?,
            lower: relatives(tx, id, level, Side::New, RELATIVES_MAX).await?,
            carried: carried::store::of_task(tx, id, RELATIVES_MAX).await?,
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Turned {
    page: String,
}

#[derive(Template)]
#[template(path = "task.html")]
struct TaskPage {
    shell: Shell,
    plan: Plan,
    task: Task,
    light: Light,
    place: String,
    dues: Vec<DueLine>,
    /// One page of the open parts.
    rows: Vec<AssignmentRow>,
    paging: Paging,
    /// Parts that are open no more.
    closed: Vec<(Assignment, &'static str)>,
    evidence: Vec<(Evidence, String)>,
    waiting: Vec<Change>,
    events: Vec<Line>,
    /// Read by the office alone: parts of other plans and of other organs.
    family: Family,
    today: Date,
    may_change: bool,
    /// The person works in the office whose plan it is, and reads its papers.
    of_office: bool,
    may_check: bool,
    /// Organs for which this person reports.
    own: Scope,
}

impl TaskPage {
    fn is_open(&self) -> bool {
        self.task.state == TaskState::Open
    }

    fn is_reported(&self) -> bool {
        self.rows.iter().any(|row| row.latest.is_some())
    }

    fn is_own(&self, row: &AssignmentRow) -> bool {
        self.own.contains(row.organ, "")
    }

    /// Older evidence is left out of the list.
    fn is_cut(&self) -> bool {
        i64::try_from(self.evidence.len()) == Ok(EVIDENCE_MAX)
    }

    fn folded(&self) -> usize {
        self.events.len().saturating_sub(EVENTS_OPEN)
    }

    /// The first event of those that are folded stands at this place.
    fn is_folded_from(&self, place: &usize) -> bool {
        *place == EVENTS_OPEN
    }

    fn address(&self) -> String {
        address(&format!("/workspace/tasks/{}", self.task.id), &[]) + "page="
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn stands(&self, relative: &Relative) -> String {
        let light = relative.standing.light(self.today);
        match overdue_days(relative.standing.next_due_on, self.today) {
            Some(days) if light == Light::Overdue => {
                format!("{} {} {days} 天", light.shape(), light.name())
            }
            Some(_) | None => format!("{} {}", light.shape(), light.name()),
        }
    }

    fn due(&self, row: &AssignmentRow) -> String {
        row.due().day()
    }
}

/// What is visible of a task, with its plan.
pub(super) async fn visible(
    tx: &mut Tx,
    readable: &Readable,
    id: TaskId,
) -> Result<Option<(Plan, Task)>, StoreError> {
    let Some(task) = task::store::load(tx, id).await? else {
        return Ok(None);
    };
    let mut seen = plan::store::load(tx, &readable.plans, task.plan).await?;
    if seen.is_none() && assignment::store::is_in(tx, &readable.parts, id).await? {
        seen = plan::store::find(tx, task.plan).await?;
    }
    Ok(seen
        .filter(|plan| plan.state == PlanState::Active)
        .map(|plan| (plan, task)))
}

struct Loaded {
    plan: Plan,
    task: Task,
    light: Light,
    next_due_on: Option<Date>,
    rows: Vec<AssignmentRow>,
    paging: Paging,
    closed: Vec<(Assignment, &'static str)>,
    evidence: Vec<(Evidence, String)>,
    waiting: Vec<Change>,
    events: Vec<Line>,
}

/// The names of the units of parts, as the directory has them.
async fn names(
    tx: &mut Tx,
    parts: &[Assignment],
) -> Result<BTreeMap<AssignmentId, String>, StoreError> {
    let ids: BTreeSet<OrganId> = parts.iter().map(|part| part.organ).collect();
    let ids: Vec<OrganId> = ids.into_iter().collect();
    let organs = organ::store::load_all(tx, &ids).await?.into_iter();
    let organs: BTreeMap<OrganId, String> = organs.map(|organ| (organ.id, organ.name)).collect();
    let name = |part: &Assignment| {
        let open = part.state == AssignmentState::Open;
        let known = organs.get(&part.organ).filter(|_| open);
        (part.id, known.unwrap_or(&part.named_as).clone())
    };
    Ok(parts.iter().map(name).collect())
}

async fn load(
    tx: &mut Tx,
    readable: &Readable,
    (id, wanted): (TaskId, Option<i64>),
    today: Date,
) -> Result<Option<Loaded>, StoreError> {
    let Some((plan, task)) = visible(tx, readable, id).await? else {
        return Ok(None);
    };
    let parts = assignment::store::of_task(tx, id).await?;
    let open: Vec<_> = parts
        .iter()
        .filter(|part| part.state == AssignmentState::Open)
        .map(|part| part.id)
        .collect();
    let (shown, paging) = Paging::of(wanted, open);
    let rows = ledger::assignment_page(tx, &shown, today).await?;
    let (light, next_due_on) = ledger::task_page(tx, &[id], today)
        .await?
        .first()
        .map_or((Light::Normal, None), |row| (row.light, row.next_due_on));
    let names = names(tx, &parts).await?;
    let evidence = evidence::store::newest_of_task(tx, id, EVIDENCE_MAX).await?;
    let evidence: Vec<(Evidence, String)> = evidence
        .into_iter()
        .map(|item| {
            let organ = names.get(&item.assignment).cloned();
            (item, organ.unwrap_or_default())
        })
        .collect();
    let changes = change::store::of_task(tx, id).await?;
    let events = lines(tx, (&plan, id), (&parts, &changes), (&evidence, &names)).await?;
    let waiting = changes
        .into_iter()
        .filter(|change| change.state == change::ChangeState::Proposed)
        .collect();
    let closed = parts
        .into_iter()
        .filter_map(|part| match part.state {
            AssignmentState::Open => None,
            AssignmentState::Cancelled => Some((part, "不再承担")),
            AssignmentState::Transferred => Some((part, "已转交")),
        })
        .collect();
    Ok(Some(Loaded {
        plan,
        task,
        light,
        next_due_on,
        rows,
        paging,
        closed,
        evidence,
        waiting,
        events,
    }))
}

/// The organs for which a person reports.
fn reports_for(shell: &Shell) -> Scope {
    let person = shell.person.as_ref();
    person
        .and_then(|person| person.permit::<ReportProgress>())
        .map_or_else(Scope::nothing, |permit| permit.scope().clone())
}

/// The organs for which a person reports. Whose office the plan is, and who reports on none of these rows, comes from the
/// ledger: the menu marks that, though the address is that of a unit's own tasks.
fn stands_for(shell: &mut Shell, of_office: bool, rows: &[AssignmentRow]) -> Scope {
    let own = reports_for(shell);
    if of_office && !rows.iter().any(|row| own.contains(row.organ, "")) {
        shell.stand_under("/workspace/ledger");
    }
    own
}

/// `GET /workspace/tasks/{id}`
pub(super) async fn show(
    State(app): State<App>,
    mut shell: Shell,
    _: Permit<ReadTask>,
    Path(id): Path<TaskId>,
    Query(query): Query<Turned>,
) -> Result<Response, Problem> {
    let today = app.today();
    let readable = Readable::of(&shell);
    let wanted = query.page.parse().ok();
    let propose = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<ProposeChange>());
    let (loaded, changeable, family) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(loaded) = load(tx, &readable, (id, wanted), today).await? else {
                return Ok(None);
            };
            let changeable = match &propose {
                Some(permit) => plan::store::load(tx, permit.scope(), loaded.plan.id)
                    .await?
                    .is_some(),
                None => false,
            };
            let family = Family::load(tx, &readable, loaded.plan.id, id).await?;
            Ok::<_, StoreError>(Some((loaded, changeable, family)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let calendar = app.calendar();
    let Loaded {
        plan,
        task,
        light,
        next_due_on,
        rows,
        paging,
        closed,
        evidence,
        waiting,
        events,
    } = loaded;
    let (of, until) = ((&plan, &task, rows.as_slice()), (light, next_due_on));
    let dues = dues(&calendar, today, of, until);
    let own = stands_for(&mut shell, changeable, &rows);
    let may_change = changeable && task.state == TaskState::Open;
    page(&TaskPage {
        dues,
        place: place_words(&task.place),
        may_check: shell.may(&CheckEvidence::ROW),
        shell,
        plan,
        light,
        rows,
        paging,
        closed,
        evidence,
        waiting,
        events,
        family,
        today,
        may_change,
        of_office: changeable,
        own,
        task,
    })
}

/// 第3页 表1 第5行
pub(super) fn place_words(place: &Place) -> String {
    let parts = [
        place.page.map(|n| format!("第{n}页")),
        place.table.map(|n| format!("表{n}")),
        place.row.map(|n| format!("第{n}行")),
        place
            .line
            .filter(|_| place.table.is_none())
            .map(|n| format!("第{n}段")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

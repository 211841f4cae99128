//! 今天必须做什么: the start page of every signed-in person.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Duty;
use gongkai_platform::web::{App, NavItem, Problem, Shell, SignedIn, page};

use super::due::Line;
use super::plans::{PlanLine, with_lights};
use crate::acts::{ImportPlan, ProposeChange, ViewLedger, ViewOwnTasks};
use crate::change::{self, Change, ChangeState};
use crate::draft::store::proposal::{self, Waiting};
use crate::due::{DueWork, Nearness};
use crate::ledger::store;
use crate::ledger::store::OwnCounts;
use crate::plan;
use crate::when;

/// Lines that a start page shows before it sends on to the whole list.
const LINES: i64 = 8;
const LINES_DUE: usize = 10;

struct Unit {
    counts: OwnCounts,
    /// What is due, whatever capability it comes from.
    due: Vec<(Nearness, usize)>,
    due_all: usize,
    more: bool,
    lines: Vec<Line>,
}

impl Unit {
    fn is_idle(&self) -> bool {
        self.counts.all == 0 && self.due_all == 0
    }
}

struct Office {
    plans: Vec<PlanLine>,
    /// Of the newest plan.
    late: Vec<(OrganId, String, i64)>,
    late_units: i64,
    waiting: Vec<Change>,
    corrections: Vec<Waiting>,
    may_import: bool,
}

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    shell: Shell,
    today: String,
    unit: Option<Unit>,
    office: Option<Office>,
    /// What waits, as the menu is grouped.
    duties: Vec<(&'static str, Vec<Duty>)>,
    /// For those whose work is elsewhere: their own menu, as links with words.
    links: Vec<NavItem>,
    administrator: Option<&'static str>,
}

impl StartPage {
    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn newest(&self) -> Option<&PlanLine> {
        self.office.as_ref().and_then(|office| office.plans.first())
    }
}

/// `GET /workspace`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
) -> Result<Response, Problem> {
    let own = person.permit::<ViewOwnTasks>();
    let ledger = person.permit::<ViewLedger>();
    let propose = person.permit::<ProposeChange>();
    let import = person.permit::<ImportPlan>();
    let today = app.today();
    let (unit, office, duties) = app
        .db
        .read(async |tx: &mut Tx| {
            let unit = match &own {
                Some(permit) => Some(unit(tx, &app, permit).await?),
                None => None,
            };
            // An office that has nothing of its own is shown the office's side alone.
            let unit = unit.filter(|unit| ledger.is_none() || !unit.is_idle());
            let office = match &ledger {
                Some(permit) => {
                    Some(office(tx, &app, permit, (propose.as_ref(), import.as_ref())).await?)
                }
                None => None,
            };
            let duties = app.seams.waiting(tx, &person, today).await?;
            Ok::<_, StoreError>((unit, office, by_group(&app.nav, duties)))
        })
        .await?;
    let links = app
        .nav
        .iter()
        .filter(|item| item.path != "/workspace" && person.may(&item.act))
        .copied()
        .collect();
    let administrator = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin]
        .into_iter()
        .find(|role| person.holds(*role))
        .map(Role::name);
    page(&StartPage {
        shell,
        today: when::day(app.today()),
        unit,
        office,
        duties,
        links,
        administrator,
    })
}

/// What waits, under the heads of the menu and in its order; what is late comes first.
fn by_group(nav: &[NavItem], duties: Vec<Duty>) -> Vec<(&'static str, Vec<Duty>)> {
    let entry = |duty: &Duty| {
        // 今天 stands above every page and groups nothing.
        let above = |item: &&NavItem| !item.group.is_empty() && duty.path.starts_with(item.path);
        nav.iter()
            .filter(above)
            .max_by_key(|item| item.path.len())
            .map_or(crate::LEDGER_GROUP, |item| item.group)
    };
    let order = |group: &str| {
        let at = nav.iter().position(|item| item.group == group);
        at.unwrap_or(nav.len())
    };
    let mut groups: Vec<(&'static str, Vec<Duty>)> = Vec::new();
    for duty in duties {
        let group = entry(&duty);
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, duties)) => duties.push(duty),
            None => groups.push((group, vec![duty])),
        }
    }
    groups.sort_by_key(|(group, _)| order(group));
    for (_, duties) in &mut groups {
        duties.sort_by_key(|duty| !duty.is_late());
    }
    groups
}

async fn unit(tx: &mut Tx, app: &App, permit: &Permit<ViewOwnTasks>) -> Result<Unit, StoreError> {
    let today = app.today();
    let calendar = app.calendar();
    let work = DueWork::gather(tx, &app.seams, permit.scope(), (&calendar, today)).await?;
    let shown = work.items.iter().take(LINES_DUE);
    Ok(Unit {
        counts: store::own_lights(tx, permit.scope(), today).await?,
        due: work.counts(today),
        due_all: work.items.len(),
        more: work.more,
        lines: shown.map(|item| Line::of(app, item, today)).collect(),
    })
}

async fn office(
    tx: &mut Tx,
    app: &App,
    permit: &Permit<ViewLedger>,
    (propose, import): (Option<&Permit<ProposeChange>>, Option<&Permit<ImportPlan>>),
) -> Result<Office, StoreError> {
    let today = app.today();
    let plans = plan::store::list(tx, permit.scope()).await?;
    // Last year's measures matter until this year's look back is over; older ones are in the list of plans.
    let recent = plans
        .into_iter()
        .filter(|plan| plan.year + 1 >= i64::from(today.year()))
        .take(usize::try_from(LINES).unwrap_or(usize::MAX))
        .collect();
    let plans = with_lights(tx, recent, today).await?;
    let (late, late_units) = match plans.first() {
        Some(line) => store::late_units(tx, line.plan.id, today, LINES).await?,
        None => (Vec::new(), 0),
    };
    let (waiting, corrections) = match propose {
        Some(permit) => {
            let scope = permit.scope();
            (
                change::store::list(tx, scope, Some(ChangeState::Proposed), (0, LINES)).await?,
                proposal::waiting(tx, scope, LINES).await?,
            )
        }
        None => (Vec::new(), Vec::new()),
    };
    Ok(Office {
        plans,
        late,
        late_units,
        waiting,
        corrections,
        may_import: import.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_stands_above_the_groups_of_the_menu() {
        let nav = crate::nav();
        let today = nav.first().unwrap();
        assert_eq!((today.title, today.group), ("今天", ""));
        assert!(nav.iter().skip(1).all(|item| !item.group.is_empty()));
    }

    #[test]
    fn what_waits_stands_under_the_heads_of_the_menu_and_late_things_first() {
        let duty = |name, path: &'static str| Duty {
            n: 1,
            name,
            path: path.into(),
        };
        let duties = vec![
            duty("督办单待签收", "/workspace/supervision/own"),
            duty("督办单逾期未回复", "/workspace/supervision?late=1"),
            duty("报送待接收", "/workspace/rounds"),
            duty("个单位没有人办理", "/workspace/unanswered"),
        ];
        let groups: Vec<(&str, Vec<&str>)> = by_group(&crate::nav(), duties)
            .into_iter()
            .map(|(group, duties)| (group, duties.iter().map(|duty| duty.name).collect()))
            .collect();
        assert_eq!(
            groups,
            [
                ("要点台账", vec!["报送待接收", "个单位没有人办理"]),
                ("监督", vec!["督办单逾期未回复", "督办单待签收"]),
            ]
        );
    }
}

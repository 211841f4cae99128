//! The time line of a task: who did what, as what, when, and what lies beside it.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, AssignmentId, EvidenceId, OrganId, PlanId, TaskId};
use gongkai_platform::account::store::{RoleRow, roles_of};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use serde_json::Value;

use crate::assignment::{Assignment, AssignmentState};
use crate::change::Change;
use crate::evidence::Evidence;
use crate::plan::Plan;
use crate::{supervision, when};

/// As what people act on tasks; whatever else they are in the same house says nothing here.
const ROLES: [Role; 6] = [
    Role::OfficeClerk,
    Role::OfficeHead,
    Role::Liaison,
    Role::UnitHead,
    Role::Supervisor,
    Role::Leader,
];
/// Events of one sort on a time line.
const EVENTS_MAX: i64 = 100;

/// One event.
pub(super) struct Line {
    /// Milliseconds since 1970.
    pub(super) at: i64,
    /// `张三（联络员）`; the name alone of who holds none of the roles of then any more.
    pub(super) who: String,
    /// The unit whose part it is about; empty for the whole task.
    pub(super) unit: String,
    pub(super) sentence: String,
    /// The evidence that it is about: words of the link, and its address.
    pub(super) beside: Vec<(String, String)>,
    /// The paper of the office that it is about, likewise.
    pub(super) paper: Option<(&'static str, String)>,
}

/// The time line, newest first. `evidence` is what the page lists, `names` are the units of the parts.
///
/// # Errors
/// When the store fails.
pub(super) async fn lines(
    tx: &mut Tx,
    (plan, id): (&Plan, TaskId),
    (parts, changes): (&[Assignment], &[Change]),
    (evidence, names): (&[(Evidence, String)], &BTreeMap<AssignmentId, String>),
) -> Result<Vec<Line>, StoreError> {
    let events = events(tx, (plan.id, id), parts, changes).await?;
    let mut bodies: BTreeSet<OrganId> = parts.iter().map(|part| part.organ).collect();
    bodies.extend([plan.organ, plan.government]);
    let people: BTreeSet<AccountId> = events.iter().filter_map(account).collect();
    let mut posts: BTreeMap<AccountId, Vec<RoleRow>> = BTreeMap::new();
    let today = when::today(tx);
    for post in roles_of(tx, people, today).await? {
        if bodies.contains(&post.organ) && ROLES.contains(&post.role) {
            posts.entry(post.account).or_default().push(post);
        }
    }
    let pieces: BTreeMap<EvidenceId, &Evidence> =
        evidence.iter().map(|(item, _)| (item.id, item)).collect();
    let line = |event: Recorded| Line {
        at: event.at,
        who: who(&event, &posts),
        unit: unit(&event, names),
        beside: named(&event.data)
            .iter()
            .filter_map(|id| pieces.get(id))
            .map(|item| beside(item))
            .collect(),
        paper: paper(&event),
        sentence: event.sentence,
    };
    Ok(events.into_iter().map(line).collect())
}

/// The time line: when its plan was confirmed, what happened to the task, its parts, and by its changes and 督办单; newest
/// first, so much of each sort.
async fn events(
    tx: &mut Tx,
    (plan, id): (PlanId, TaskId),
    parts: &[Assignment],
    changes: &[Change],
) -> Result<Vec<Recorded>, StoreError> {
    let mut events = audit::about(tx, "task", &id.to_string(), EVENTS_MAX).await?;
    let confirmed = ["plan.imported", "plan.corrected"];
    let plan = plan.to_string();
    let mut of_plan = audit::about_only(tx, ("plan", &plan), &confirmed, EVENTS_MAX).await?;
    events.append(&mut of_plan);
    // A part of the first version was never touched and has no events of its own.
    let touched = parts
        .iter()
        .filter(|part| part.version > 1 || part.state != AssignmentState::Open);
    let touched: Vec<String> = touched.map(|part| part.id.to_string()).collect();
    let changes: Vec<String> = changes.iter().map(|change| change.id.to_string()).collect();
    let orders = supervision::store::of_task(tx, id).await?;
    let orders: Vec<String> = orders.iter().map(ToString::to_string).collect();
    for (kind, ids) in [
        ("assignment", touched),
        ("change", changes),
        ("supervision", orders),
    ] {
        events.append(&mut audit::about_any(tx, kind, &ids, EVENTS_MAX).await?);
    }
    events.sort_by_key(|event| std::cmp::Reverse((event.at, event.seq)));
    Ok(events)
}

fn account(event: &Recorded) -> Option<AccountId> {
    event.actor_id.as_deref()?.parse().ok()
}

/// Whoever did it, with the roles that the person has held since then, in the unit or in the office: what was taken off since
/// is not known any more.
fn who(event: &Recorded, posts: &BTreeMap<AccountId, Vec<RoleRow>>) -> String {
    let held = account(event).and_then(|account| posts.get(&account));
    let mut names: Vec<String> = Vec::new();
    for post in held.into_iter().flatten() {
        let until = post.until.zip(when::civil_day(event.at));
        if event.at < post.since || until.is_some_and(|(until, day)| until < day) {
            continue;
        }
        let deputy = if post.deputy_for.is_some() {
            "代理"
        } else {
            ""
        };
        let name = format!("{deputy}{}", post.role.name());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        event.actor_name.clone()
    } else {
        format!("{}（{}）", event.actor_name, names.join("、"))
    }
}

/// The unit whose part an event is about.
fn unit(event: &Recorded, names: &BTreeMap<AssignmentId, String>) -> String {
    if event.subject_kind != "assignment" {
        return String::new();
    }
    let id: Option<AssignmentId> = event.subject_id.parse().ok();
    let name = id.and_then(|id| names.get(&id));
    name.cloned().unwrap_or_default()
}

/// The evidence that an event names among its facts: several pieces, or one.
fn named(data: &str) -> Vec<EvidenceId> {
    let data: Value = serde_json::from_str(data).unwrap_or_default();
    let ids: Vec<&Value> = match data.get("evidence") {
        Some(Value::Array(ids)) => ids.iter().collect(),
        Some(id) => vec![id],
        None => Vec::new(),
    };
    ids.into_iter()
        .filter_map(|id| id.as_str()?.parse().ok())
        .collect()
}

/// A file that can be fetched leads to itself, everything else to its own page.
fn beside(item: &Evidence) -> (String, String) {
    let page = format!("/workspace/evidence/{}", item.id);
    if item.is_file() && !item.is_withdrawn() {
        (format!("下载“{}”", item.title), format!("{page}/file"))
    } else {
        (format!("查看{}“{}”", item.kind_name(), item.title), page)
    }
}

fn paper(event: &Recorded) -> Option<(&'static str, String)> {
    let id = &event.subject_id;
    match event.subject_kind.as_str() {
        "change" => Some(("查看任务变更", format!("/workspace/changes/{id}"))),
        "supervision" => Some(("查看督办单", format!("/workspace/supervision/{id}"))),
        _ => None,
    }
}

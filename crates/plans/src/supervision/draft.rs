//! The office reminds units of chosen rows, or drafts a 督办单 for each of them.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId, PlanId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::hash_of;
use gongkai_platform::finding::Finding;
use gongkai_platform::inbox::Topic;
use serde_json::json;

use super::{
    ITEMS_MAX, Item, ItemKind, Order, OrderId, OrderState, REPLY_DAYS_MAX, TEXT_CHARS_MAX,
    TITLE_CHARS_MAX, store,
};
use crate::acts::ManageSupervision;
use crate::ledger::{self, AssignmentRow};
use crate::notify::{Notice, To, notify_all};
use crate::step::{StepError, refused, text_fault};
use crate::{assignment, offices, plan};

/// The rows of a unit among those chosen, of one office's plans.
#[derive(Debug, Clone)]
pub struct UnitRows {
    /// The office whose plans order them: its paper it is.
    pub office: OrganId,
    pub office_name: String,
    pub organ: OrganId,
    pub organ_name: String,
    pub rows: Vec<AssignmentRow>,
}

/// The chosen parts of tasks that lie in reach and are not done, by unit, and how many were too many to be looked at. Tasks
/// stand for all their open parts.
///
/// # Errors
/// When the store fails.
pub async fn chosen(
    tx: &mut Tx,
    permit: &Permit<ManageSupervision>,
    (tasks, parts): (&[TaskId], &[AssignmentId]),
    today: Date,
) -> Result<(Vec<UnitRows>, usize), StoreError> {
    let mut ids = store::open_parts(tx, tasks).await?;
    ids.extend(parts);
    ids.sort_unstable();
    ids.dedup();
    let left_out = ids.len().saturating_sub(ITEMS_MAX);
    ids.truncate(ITEMS_MAX);
    let ids = store::in_order(tx, &ids).await?;
    let rows = ledger::store::assignment_page(tx, &ids, today).await?;
    let mut plans: BTreeMap<PlanId, Option<OrganId>> = BTreeMap::new();
    let offices = offices::organs(permit);
    // In the order in which their first rows come.
    let mut units: Vec<UnitRows> = Vec::new();
    for row in rows {
        let office = match plans.get(&row.plan) {
            Some(office) => *office,
            None => {
                let plan = plan::store::load(tx, permit.scope(), row.plan).await?;
                let office = plan.map(|plan| plan.organ);
                plans.insert(row.plan, office);
                office
            }
        };
        let Some(office) = office else { continue };
        if row.light != assignment::light::Light::Done {
            let known = |unit: &&mut UnitRows| unit.organ == row.organ && unit.office == office;
            if let Some(unit) = units.iter_mut().find(known) {
                unit.rows.push(row);
                continue;
            }
            let mut named = offices.iter().filter(|(organ, _)| *organ == office);
            units.push(UnitRows {
                office,
                office_name: named
                    .next()
                    .map_or_else(String::new, |(_, name)| name.clone()),
                organ: row.organ,
                organ_name: row.organ_name.clone(),
                rows: vec![row],
            });
        }
    }
    Ok((units, left_out))
}

/// 催办: one notice to each unit, one line on the time line of each task.
///
/// # Errors
/// Refused without rows, or with too long a note.
pub async fn nudge(
    tx: &mut Tx,
    permit: &Permit<ManageSupervision>,
    units: &[UnitRows],
    note: &str,
    today: Date,
) -> Result<usize, StepError> {
    if units.is_empty() {
        return Err(StepError::refuse(
            "选中的任务都已完成，或不在您的管理范围内，没有发出催办。",
        ));
    }
    if note.chars().count() > TEXT_CHARS_MAX {
        return Err(StepError::Refused(vec![(
            "note",
            format!("催办的话最多{TEXT_CHARS_MAX}字。"),
        )]));
    }
    let with = if note.is_empty() {
        String::new()
    } else {
        format!("：{note}")
    };
    let mut sent = 0;
    let mut notices = Vec::new();
    for unit in units {
        for row in &unit.rows {
            sent += 1;
            tx.record(
                Event::new(
                    permit.actor(),
                    "supervision.nudged",
                    ("task", row.task.to_string()),
                    format!("催办{}{with}", unit.organ_name),
                )
                .organ(unit.organ)
                .data(json!({ "assignment": row.id })),
            );
        }
        let Some(first) = unit.rows.first() else {
            continue;
        };
        notices.push(Notice {
            to: To::Unit,
            organ: unit.organ,
            topic: Topic::Reminder,
            key: key(unit, note, today),
            title: format!("政务公开办催办{}项任务", unit.rows.len()),
            body: format!("{}{with}", crate::notify::short(&first.text)),
            path: "/workspace/tasks".to_owned(),
            about: Some(today),
        });
    }
    notify_all(tx, notices).await?;
    Ok(sent)
}

/// A second reminder of the same rows in the same words on the same day says nothing new.
fn key(unit: &UnitRows, note: &str, today: Date) -> String {
    let mut said: Vec<String> = unit.rows.iter().map(|row| row.id.to_string()).collect();
    said.sort_unstable();
    said.push(note.to_owned());
    format!("nudge:{today}:{}", hash_of(said.join("\n").as_bytes()))
}

/// The words of a 督办单.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub requirement: String,
    pub reply_days: Option<u32>,
}

impl Words {
    fn check(&self) -> Result<u32, StepError> {
        let mut reasons: Vec<_> = [
            text_fault("title", "标题", &self.title, TITLE_CHARS_MAX),
            text_fault("requirement", "督办要求", &self.requirement, TEXT_CHARS_MAX),
        ]
        .into_iter()
        .flatten()
        .collect();
        let days = self
            .reply_days
            .filter(|days| (1..=REPLY_DAYS_MAX).contains(days));
        if days.is_none() {
            reasons.push((
                "reply_days",
                format!("回复期限请填1至{REPLY_DAYS_MAX}个工作日。"),
            ));
        }
        refused(reasons)?;
        Ok(days.unwrap_or(1))
    }
}

fn item(row: &AssignmentRow) -> Item {
    Item {
        kind: ItemKind::Assignment,
        reference: row.id.to_string(),
        task: Some(row.task.to_string()),
        text: row.text.clone(),
        due_text: row.due().whole(),
    }
}

/// Drafts a 督办单 for each unit, in the name of the office whose plan it is. Nothing goes out before approval.
///
/// # Errors
/// Refused without rows, or with faulty words.
pub async fn draft(
    tx: &mut Tx,
    permit: &Permit<ManageSupervision>,
    units: &[UnitRows],
    words: &Words,
    today: Date,
) -> Result<Vec<OrderId>, StepError> {
    if units.is_empty() {
        return Err(StepError::refuse(
            "选中的任务都已完成，或不在您的管理范围内，没有起草督办单。",
        ));
    }
    let reply_days = words.check()?;
    let mut drafted = Vec::with_capacity(units.len());
    for unit in units {
        let order = Order {
            id: OrderId::new(tx.fresh()),
            office: unit.office,
            office_name: unit.office_name.clone(),
            organ: unit.organ,
            organ_name: unit.organ_name.clone(),
            number: None,
            title: words.title.clone(),
            requirement: words.requirement.clone(),
            reply_days,
            reply_due_on: None,
            state: OrderState::Draft,
            drafted_by: permit.actor().name().to_owned(),
            drafted_on: today,
            approved_by: None,
            issued_on: None,
            received_by: None,
            received_on: None,
            replied_on: None,
            again_due_on: None,
            missed_on: None,
            reason: None,
            version: 1,
        };
        let items: Vec<Item> = unit.rows.iter().map(item).collect();
        store::insert(tx, &order, &items).await?;
        tx.record(super::handle::event(
            permit.actor(),
            &order,
            "supervision.drafted",
            format!("起草督办单，对象{}，{}项", order.organ_name, items.len()),
        ));
        drafted.push(order.id);
    }
    Ok(drafted)
}

/// Changes the words and the findings of a draft; tasks stay as chosen, those unticked go.
///
/// # Errors
/// Not found; refused when it is no draft any more.
pub async fn revise(
    tx: &mut Tx,
    permit: &Permit<ManageSupervision>,
    id: OrderId,
    words: &Words,
    (kept, findings): (&[String], &[Finding]),
) -> Result<Order, StepError> {
    let mut order = store::load(tx, store::Side::Office(permit.scope()), id)
        .await?
        .ok_or(StepError::NotFound)?;
    if order.state != OrderState::Draft {
        return Err(StepError::refuse(format!(
            "督办单{}，不能再修改。",
            order.state.name()
        )));
    }
    order.reply_days = words.check()?;
    order.title.clone_from(&words.title);
    order.requirement.clone_from(&words.requirement);
    let mut items: Vec<Item> = store::items(tx, id)
        .await?
        .into_iter()
        .filter(|item| item.kind == ItemKind::Assignment && kept.contains(&item.reference))
        .collect();
    let chosen = findings
        .iter()
        .filter(|finding| finding.organ == order.organ && kept.contains(&finding.id.to_string()));
    items.extend(chosen.map(|finding| {
        Item {
            kind: ItemKind::Finding,
            reference: finding.id.to_string(),
            task: None,
            text: finding.title.clone(),
            due_text: finding
                .fix_due_on
                .map_or_else(String::new, crate::when::date),
        }
    }));
    if items.is_empty() {
        return Err(StepError::refuse("督办单至少要有一项任务或问题。"));
    }
    store::set_items(tx, id, &items).await?;
    store::update(tx, &order).await?;
    tx.record(super::handle::event(
        permit.actor(),
        &order,
        "supervision.revised",
        format!("修改督办单，共{}项", items.len()),
    ));
    Ok(order)
}

//! Whoever is sure must be right: a task that is not marked equals a labelled one in every field.
//! White space and the width of punctuation do not count.

use std::collections::BTreeSet;

use gongkai_journeys::render::{GoldPlan, GoldTask};
use gongkai_reading::{Confidence, Plan, Task};

/// Tasks that the reader gave out as sure and that no labelled task equals, a sentence each.
pub(crate) fn sure_and_wrong(gold: &GoldPlan, plan: &Plan) -> Vec<String> {
    let sure = plan
        .tasks
        .iter()
        .filter(|task| task.confidence == Confidence::Sure);
    sure.filter_map(|task| {
        let wanted = gold
            .tasks
            .iter()
            .find(|wanted| folded(&wanted.text) == folded(&task.text));
        match wanted.map(|wanted| wrong_fields(wanted, task)) {
            None => Some(format!("no such task: {}", task.text)),
            Some(fields) if fields.is_empty() => None,
            Some(fields) => Some(format!("{}: {}", task.text, fields.join("; "))),
        }
    })
    .collect()
}

fn wrong_fields(wanted: &GoldTask, task: &Task) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut differ = |field: &str, gold: &BTreeSet<String>, read: &BTreeSet<String>| {
        if gold != read {
            wrong.push(format!("{field} {gold:?} read as {read:?}"));
        }
    };
    let gold: BTreeSet<String> = wanted
        .organs
        .iter()
        .map(|organ| format!("{} {}", folded(&organ.name), organ.role))
        .collect();
    let read: BTreeSet<String> = task
        .organs
        .iter()
        .map(|organ| format!("{} {}", folded(&organ.name), organ.role.as_str()))
        .collect();
    let accepted = wanted
        .accept_organ_texts
        .iter()
        .any(|text| folded(text) == folded(&task.organ_text));
    if !accepted {
        differ("organs", &gold, &read);
    }
    let (gold, read) = deadlines(wanted, task);
    differ("deadlines", &gold, &read);
    for (field, gold, read) in [
        ("section", &wanted.section, &task.section),
        ("group", &wanted.group, &task.group),
    ] {
        let head = |head: &Option<String>| head.iter().map(|head| folded(head)).collect();
        differ(field, &head(gold), &head(read));
    }
    wrong
}

/// Dates with their kinds, labelled and read; what may be found or not is left out.
fn deadlines(wanted: &GoldTask, task: &Task) -> (BTreeSet<String>, BTreeSet<String>) {
    let shown = |date: Option<&str>, kind: &str| format!("{} {kind}", date.unwrap_or("-"));
    let gold = wanted
        .deadlines
        .iter()
        .map(|d| shown(d.date.as_deref(), &d.kind))
        .collect();
    let soft: Vec<String> = wanted
        .soft_deadlines
        .iter()
        .map(|d| folded(&d.text))
        .collect();
    let is_soft = |text: String| {
        soft.iter()
            .any(|soft| soft.contains(&text) || text.contains(soft))
    };
    let read = task.deadlines.iter().filter(|d| !is_soft(folded(&d.text)));
    let read = read.map(|d| {
        let date = d.date.map(|date| date.to_string());
        let same = wanted.deadlines.iter().find(|gold| {
            date.as_ref()
                .is_some_and(|date| gold.date_accept.contains(date))
        });
        shown(
            same.map_or(date.as_deref(), |gold| gold.date.as_deref()),
            d.kind.as_str(),
        )
    });
    (gold, read.collect())
}

pub(crate) fn folded(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '。' => '.',
            '、' => ',',
            '“' | '”' => '"',
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect();
    text.trim_matches(['.', ';', ',']).to_owned()
}

#[cfg(test)]
mod tests {
    use gongkai_journeys::render::{Deadline, Organ};
    use gongkai_reading::Role;

    use super::*;
    use crate::compare::read;
    use crate::source;

    fn county() -> Plan {
        read(&std::fs::read(source::folder().join("county-2026.html")).unwrap())
    }

    /// Labels that say of a plan just what was read.
    fn labels(plan: &Plan) -> GoldPlan {
        let organs = |task: &Task| {
            let organs = task.organs.iter().map(|organ| Organ {
                name: organ.name.clone(),
                role: organ.role.as_str().to_owned(),
            });
            organs.collect()
        };
        let deadlines = |task: &Task| {
            let deadlines = task.deadlines.iter().map(|deadline| Deadline {
                text: deadline.text.clone(),
                date: deadline.date.map(|date| date.to_string()),
                kind: deadline.kind.as_str().to_owned(),
                ..Deadline::default()
            });
            deadlines.collect()
        };
        let tasks = plan.tasks.iter().map(|task| GoldTask {
            no: task.no,
            section: task.section.clone(),
            group: task.group.clone(),
            text: task.text.clone(),
            organs: organs(task),
            organ_text: task.organ_text.clone(),
            deadlines: deadlines(task),
            ..GoldTask::default()
        });
        GoldPlan {
            tasks: tasks.collect(),
            ..GoldPlan::default()
        }
    }

    #[test]
    fn every_planted_fault_of_a_sure_task_is_seen() {
        let gold = labels(&county());
        let none: &[String] = &[];
        assert_eq!(sure_and_wrong(&gold, &county()), none);

        let faults: [fn(&mut Task); 5] = [
            |task| task.organs[0].role = Role::Cooperate,
            |task| task.deadlines.clear(),
            |task| task.section = None,
            |task| task.group = Some("（一）别组".to_owned()),
            |task| task.text.push('另'),
        ];
        for fault in faults {
            let mut plan = county();
            fault(&mut plan.tasks[0]);
            assert_eq!(sure_and_wrong(&gold, &plan).len(), 1);
            plan.tasks[0].confidence = Confidence::Check;
            assert_eq!(
                sure_and_wrong(&gold, &plan),
                none,
                "a marked task may be wrong"
            );
        }
    }
}

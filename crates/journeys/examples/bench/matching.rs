//! 对照 of two plans of sixty tasks, purely: what the plans at hand say, beside what others of them say.

use std::time::Instant;

use gongkai_office::Limits;
use gongkai_plans::draft::convert::read_draft;
use gongkai_plans::matching::{Item, Side, match_items};

use super::{ROUNDS, median, plans, print};

const TASKS: usize = 60;

pub(crate) fn run() {
    let mut tasks: Vec<Item> = Vec::new();
    for file in plans() {
        let bytes = std::fs::read(&file).unwrap();
        let document = gongkai_office::read(&bytes, &Limits::default()).unwrap();
        let content = read_draft(&document);
        tasks.extend(content.tasks.iter().map(|task| {
            Item {
                text: task.text.clone(),
                deadlines: task.deadlines.clone(),
                quantities: task.quantities.clone(),
                organs: task
                    .organs
                    .iter()
                    .map(|organ| (organ.name.clone(), organ.duty))
                    .collect(),
            }
        }));
    }
    assert!(!tasks.is_empty());
    let sixty = |from: usize| -> Vec<Item> {
        let tasks = tasks.iter().cycle().skip(from);
        tasks.take(TASKS).cloned().collect()
    };
    let (old, new) = (sixty(0), sixty(tasks.len() / 2));
    let times = (0..ROUNDS).map(|_| {
        let started = Instant::now();
        let matching = match_items(
            Side {
                year: 2025,
                items: &old,
            },
            Side {
                year: 2026,
                items: &new,
            },
        );
        let took = started.elapsed().as_secs_f64() * 1e3;
        let found = matching.unwrap();
        assert!(found.links.len() + found.old_alone.len() >= TASKS);
        took
    });
    let times: Vec<f64> = times.collect();
    print(
        &format!("matching of two plans of {TASKS} tasks"),
        median(times),
    );
}

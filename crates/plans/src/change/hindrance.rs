//! What stands in the way of a change: each reason once, with the tasks that it is about, and the steps that would have to
//! be left out.

use std::collections::BTreeSet;

use gongkai_basis::id::TaskId;

use super::effects::short;
use crate::task::Task;

/// Tasks that one sentence names; of more it says how many there are.
const NAMED_MAX: usize = 30;

/// Why a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// The unit of this name has the tasks already.
    Has(String),
    /// The unit of this name has them no longer.
    Left(String),
    /// They would go to the unit that has them.
    Same,
    /// A sentence of its own.
    Said(String),
}

impl Why {
    fn sentence(&self, tasks: &str) -> String {
        match self {
            Self::Has(organ) => format!(
                "“{organ}”已经承担{tasks}，不必再增加，也不能再转交给它；只要去掉原来的单位，请用“减少单位”。"
            ),
            Self::Left(organ) => format!("“{organ}”已不再承担{tasks}。"),
            Self::Same => format!("不能转交给原来的单位：{tasks}。"),
            Self::Said(sentence) => sentence.clone(),
        }
    }
}

/// A task that a sentence names.
#[derive(Debug)]
struct Named {
    id: TaskId,
    number: Option<i64>,
    text: String,
}

/// All that stands in the way of single steps.
#[derive(Debug, Default)]
pub(super) struct Hindrances {
    found: Vec<(Why, Vec<Named>)>,
    /// The places of the steps that cannot be taken.
    steps: BTreeSet<usize>,
    /// The place of the step that is looked at.
    at: usize,
}

impl Hindrances {
    /// From here on, what is found stands in the way of this step.
    pub(super) fn look_at(&mut self, step: usize) {
        self.at = step;
    }

    pub(super) fn say(&mut self, sentence: impl Into<String>) {
        self.add(Why::Said(sentence.into()), None);
    }

    pub(super) fn add(&mut self, why: Why, task: Option<&Task>) {
        self.steps.insert(self.at);
        let place = self.found.iter().position(|(known, _)| *known == why);
        let place = place.unwrap_or_else(|| {
            self.found.push((why, Vec::new()));
            self.found.len() - 1
        });
        let (Some((_, named)), Some(task)) = (self.found.get_mut(place), task) else {
            return;
        };
        if named.iter().all(|one| one.id != task.id) {
            named.push(Named {
                id: task.id,
                number: task.number,
                text: task.text.clone(),
            });
        }
    }

    /// Each reason once.
    pub(super) fn sentences(&self) -> Vec<String> {
        let found = self.found.iter();
        found
            .map(|(why, named)| why.sentence(&tasks(named)))
            .collect()
    }

    /// Does something stand in the way of the step at this place?
    pub(super) fn hinder(&self, step: usize) -> bool {
        self.steps.contains(&step)
    }
}

/// `第3、5项任务`; those without a printed number by their words.
fn tasks(named: &[Named]) -> String {
    let mut numbers: Vec<i64> = named.iter().filter_map(|one| one.number).collect();
    numbers.sort_unstable();
    numbers.truncate(NAMED_MAX);
    let mut words = Vec::new();
    if !numbers.is_empty() {
        let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
        words.push(format!("第{}项任务", numbers.join("、")));
    }
    let unnumbered = named.iter().filter(|one| one.number.is_none());
    let unnumbered = unnumbered.take(NAMED_MAX - numbers.len());
    words.extend(unnumbered.map(|one| format!("任务“{}”", short(&one.text))));
    match named.len() {
        0 => "其中一项任务".to_owned(),
        n if n > NAMED_MAX => format!("{}等{n}项", words.join("、")),
        _ => words.join("、"),
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMED_MAX, Named, tasks};
    use gongkai_basis::id::TaskId;
    use gongkai_platform::testing::uuid;

    fn named(number: Option<i64>) -> Named {
        Named {
            id: TaskId::new(uuid()),
            number,
            text: "增设窗口".to_owned(),
        }
    }

    #[test]
    fn tasks_are_named_by_their_numbers_as_far_as_anybody_reads_them() {
        let some = [named(Some(5)), named(None), named(Some(3))];
        assert_eq!(tasks(&some), "第3、5项任务、任务“增设窗口”");
        let most: Vec<Named> = (1..=30).map(|n| named(Some(n))).collect();
        assert_eq!(most.len(), NAMED_MAX);
        assert!(tasks(&most).ends_with("、29、30项任务"), "{}", tasks(&most));
        let more: Vec<Named> = (1..=31).map(|n| named(Some(n))).collect();
        assert!(
            tasks(&more).ends_with("、30项任务等31项"),
            "{}",
            tasks(&more)
        );
    }
}

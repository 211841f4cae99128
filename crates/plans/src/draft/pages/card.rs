//! One task on its card: what the form shows, and what it sends.

use std::collections::BTreeMap;

use gongkai_office::Place;
use gongkai_platform::organ::Directory;
use gongkai_platform::web::Again;
use serde::Deserialize;

use super::filled;
use super::overview::{deadlines, rows_again};
use crate::assignment::Duty;
use crate::draft::content::{Content, DraftTask, NamedOrgan};
use crate::draft::edit::{Card, Edit, EditError, ORGANS_MAX, Touched, position_before};
use crate::draft::settle::{Standing, standings};
use crate::draft::source::{anchor, place_name};
use crate::plan::DeadlineKind;

/// Kinds of dates with their names, as everywhere.
pub(super) const KINDS: [(&str, &str); 3] = DeadlineKind::OPTIONS;

/// A task as its card shows it.
#[derive(Debug, Clone)]
pub(super) struct CardView {
    pub(super) task: DraftTask,
    /// From 1.
    pub(super) nth: usize,
    pub(super) organs: Vec<OrganView>,
    pub(super) anchor: String,
    pub(super) place: String,
    pub(super) doubtful: bool,
    pub(super) unfolded: Option<Part>,
}

impl CardView {
    pub(super) fn unfolds(&self, part: Part) -> bool {
        self.unfolded == Some(part)
    }
}

/// What unfolds on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Edit,
    More,
}

/// The card on which the eye stays after an edit, and what stays unfolded on it for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Focus {
    pub(super) key: u32,
    pub(super) part: Option<Part>,
}

#[derive(Debug, Clone)]
pub(super) struct OrganView {
    pub(super) name: String,
    pub(super) duty: Duty,
    /// ✓, ？ or —, with words.
    pub(super) sign: &'static str,
    pub(super) note: String,
}

/// The cards of a run of tasks.
pub(super) fn cards(
    content: &Content,
    directory: &Directory,
    (from, count): (usize, usize),
    focus: Option<Focus>,
) -> Vec<CardView> {
    let shown: Vec<(usize, &DraftTask)> =
        (1..).zip(&content.tasks).skip(from).take(count).collect();
    let names = shown
        .iter()
        .flat_map(|(_, task)| task.organs.iter().map(|organ| organ.name.as_str()));
    let standings = standings(names, &content.decisions, directory);
    shown
        .into_iter()
        .map(|(nth, task)| CardView {
            nth,
            organs: task
                .organs
                .iter()
                .map(|organ| organ_view(organ, &standings, directory))
                .collect(),
            anchor: if task.place == Place::default() {
                String::new()
            } else {
                anchor(task.place)
            },
            place: place_name(task.place),
            doubtful: task.is_doubtful(),
            unfolded: focus
                .filter(|focus| focus.key == task.key)
                .and_then(|focus| focus.part),
            task: task.clone(),
        })
        .collect()
}

fn organ_view(
    organ: &NamedOrgan,
    standings: &BTreeMap<&str, Standing>,
    directory: &Directory,
) -> OrganView {
    let (sign, note) = match standings.get(organ.name.as_str()) {
        Some(Standing::Organ(id)) => (
            "✓",
            directory
                .entry(*id)
                .map_or_else(String::new, |entry| entry.name.clone()),
        ),
        Some(Standing::Collective(key)) => {
            ("✓", format!("统称：{}", directory.collective_title(key)))
        }
        Some(Standing::Organs(organs)) => ("✓", format!("指定 {} 个机关", organs.len())),
        Some(Standing::KeptOut(reason)) => ("—", format!("不分派：{reason}")),
        Some(Standing::Open) | None => ("？", "未对应到机关".to_owned()),
    };
    OrganView {
        name: organ.name.clone(),
        duty: organ.duty,
        sign,
        note,
    }
}

/// What a card's form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CardForm {
    pub(super) version: i64,
    pub(super) act: String,
    pub(super) key: Option<u32>,
    number: String,
    section: String,
    group: String,
    /// One, also when it was emptied; none on a form without this field.
    text: Vec<String>,
    organ_name: Vec<String>,
    organ_duty: Vec<String>,
    deadline_text: Vec<String>,
    deadline_date: Vec<String>,
    deadline_kind: Vec<String>,
    /// Characters before the cursor; a script knows it.
    at: String,
    /// The first words of the second part; people can type them.
    before: String,
}

impl CardForm {
    /// What was typed into a card whose form comes back, with its key.
    pub(super) fn again(again: &Again) -> Option<(u32, Self)> {
        let key = again.text("key").parse().ok()?;
        if again.has("act", "delete") || again.text("text").is_empty() {
            return None;
        }
        let typed = |name: &str| -> Vec<String> {
            let typed = (1..=ORGANS_MAX).map(|n| again.nth(name, &n).to_owned());
            typed.collect()
        };
        let [deadline_text, deadline_date, deadline_kind] = rows_again(again);
        let form = Self {
            number: again.text("number").to_owned(),
            section: again.text("section").to_owned(),
            group: again.text("group").to_owned(),
            text: vec![again.text("text").to_owned()],
            organ_name: typed("organ_name"),
            organ_duty: typed("organ_duty"),
            deadline_text,
            deadline_date,
            deadline_kind,
            ..Self::default()
        };
        Some((key, form))
    }

    /// Puts what was typed into a task, to be shown; what cannot be read leaves it as it is.
    pub(super) fn shown_in(&self, task: &mut DraftTask) {
        let text = self.text.first().map_or("", String::as_str);
        if let Ok(card) = self.card(text) {
            task.number = card.number;
            task.section = card.section;
            task.group = card.group;
            task.text = card.text;
            task.organs = card.organs;
            task.deadlines = card.deadlines;
        }
    }

    /// The edits that the button means: whatever stands in the form is saved first, so that nothing typed is lost.
    pub(super) fn edits(&self) -> Result<Vec<Edit>, EditError> {
        let key = self.key.ok_or(EditError::NoTask);
        let mut edits = Vec::new();
        if let (Ok(key), Some(text)) = (&key, self.text.first())
            && self.act != "delete"
        {
            edits.push(Edit::Save {
                key: *key,
                card: self.card(text)?,
            });
        }
        match self.act.as_str() {
            "split" => edits.push(Edit::Split {
                key: key?,
                at: self.split_point()?,
            }),
            "merge" => edits.push(Edit::Merge { key: key? }),
            "up" => edits.push(Edit::Up { key: key? }),
            "down" => edits.push(Edit::Down { key: key? }),
            "delete" => edits.push(Edit::Delete { key: key? }),
            "settle" => edits.push(Edit::SettleDoubts { key: key? }),
            "add" => edits.push(Edit::Add { after: self.key }),
            "undo" => return Ok(vec![Edit::Undo]),
            _ => {
                key?;
            }
        }
        Ok(edits)
    }

    /// What moved keeps the eye and stays unfolded; what was added is unfolded to be written.
    pub(super) fn focus(&self, content: &Content, touched: &Touched) -> Option<Focus> {
        let last = content.tasks.len().saturating_sub(1);
        let there = content.tasks.get(touched.at.min(last))?.key;
        let (key, part) = match self.act.as_str() {
            "up" | "down" => (self.key.unwrap_or(there), Some(Part::More)),
            "add" => (there, Some(Part::Edit)),
            _ => (there, None),
        };
        Some(Focus { key, part })
    }

    fn split_point(&self) -> Result<usize, EditError> {
        let text = self.text.first().map_or("", String::as_str);
        let text = filled(text).unwrap_or_default();
        position_before(&text, &self.before)
            .or_else(|| self.at.trim().parse().ok())
            .ok_or(EditError::SplitPoint)
    }

    fn card(&self, text: &str) -> Result<Card, EditError> {
        let number =
            match self.number.trim() {
                "" => None,
                number => Some(number.parse().map_err(|_| {
                    EditError::Limit("序号只能填数字。这一条没有改动。".to_owned())
                })?),
            };
        Ok(Card {
            number,
            section: filled(&self.section),
            group: filled(&self.group),
            text: filled(text).unwrap_or_default(),
            organs: self
                .organ_name
                .iter()
                .zip(&self.organ_duty)
                .filter_map(|(name, duty)| {
                    Some(NamedOrgan {
                        name: filled(name)?,
                        duty: Duty::from_code(duty).unwrap_or(Duty::Responsible),
                    })
                })
                .collect(),
            deadlines: deadlines(
                &self.deadline_text,
                &self.deadline_date,
                &self.deadline_kind,
            )
            .map_err(|sentence| EditError::Limit(format!("{sentence}这一条没有改动。")))?,
        })
    }
}

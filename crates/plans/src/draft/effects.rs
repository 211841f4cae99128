//! 预览: what confirming a draft would do, and why it cannot be confirmed yet. Pure.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::id::OrganId;
use gongkai_platform::organ::{Directory, MatchKind, Target};

use super::content::{Content, DraftTask};
use super::settle::{Standing, standings};
use crate::assignment::Duty;

/// An assignment that confirming would make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub organ: OrganId,
    pub duty: Duty,
    /// The name as printed; the collective's where the organ came from one, the organ's own where the plan misprints it.
    pub named_as: String,
}

/// What confirming would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// The assignments of each task, in the order of the draft's tasks.
    pub tasks: Vec<Vec<Planned>>,
    /// Tasks of each organ as lead, responsible, cooperating; in the directory's order.
    pub by_organ: Vec<(OrganId, [usize; 3])>,
    /// Assignments that came out of collectives.
    pub from_collectives: usize,
    /// One sentence for each organ that a task names with several duties: the strongest is kept.
    pub strongest: Vec<String>,
    /// Names kept out: reason and number of tasks.
    pub kept_out: Vec<(String, String, usize)>,
    /// Tasks whose date is known, and those with a printed date that means no day.
    pub dated: usize,
    pub undated: usize,
}

impl Effects {
    #[must_use]
    pub fn assignments(&self) -> usize {
        self.tasks.iter().map(Vec::len).sum()
    }
}

/// The stronger duty comes first: lead, responsible, cooperate.
const fn strength(duty: Duty) -> u8 {
    match duty {
        Duty::Lead => 0,
        Duty::Responsible => 1,
        Duty::Cooperate => 2,
    }
}

/// Works out what confirming would do. Names that are not settled yet make no assignment.
#[must_use]
pub fn effects(content: &Content, directory: &Directory) -> Effects {
    let names = content.names();
    let standings = standings(
        names.iter().map(|(name, _)| *name),
        &content.decisions,
        directory,
    );
    let slips = slips(&standings, directory);
    let mut effects = Effects::default();
    for (nth, task) in content.tasks.iter().enumerate() {
        let planned = expand(task, nth, (&standings, &slips), directory, &mut effects);
        effects.tasks.push(planned);
        match task
            .deadlines
            .iter()
            .any(|deadline| deadline.date.is_some())
        {
            true => effects.dated += 1,
            false if task.deadlines.is_empty() => {}
            false => effects.undated += 1,
        }
    }
    for (name, tasks) in names {
        if let Some(Standing::KeptOut(reason)) = standings.get(name) {
            effects
                .kept_out
                .push((name.to_owned(), reason.clone(), tasks));
        }
    }
    let mut counts: BTreeMap<OrganId, [usize; 3]> = BTreeMap::new();
    for planned in effects.tasks.iter().flatten() {
        let count = counts.entry(planned.organ).or_default();
        if let Some(count) = count.get_mut(usize::from(strength(planned.duty))) {
            *count += 1;
        }
    }
    effects.by_organ = directory
        .entries()
        .iter()
        .filter_map(|entry| counts.get(&entry.id).map(|counts| (entry.id, *counts)))
        .collect();
    effects
}

/// Names that the directory knows for no name of the organ that they were settled to, with that organ's own: what leaves the
/// house says who it is. The draft and the task's source keep what is printed.
fn slips<'n>(
    standings: &BTreeMap<&'n str, Standing>,
    directory: &'n Directory,
) -> BTreeMap<&'n str, &'n str> {
    let slip = |(name, standing): (&&'n str, &Standing)| {
        let Standing::Organ(id) = standing else {
            return None;
        };
        let is_name = directory
            .find(name)
            .iter()
            .any(|found| found.kind != MatchKind::Slip && found.target == Target::Organ(*id));
        let entry = directory.entry(*id).filter(|_| !is_name)?;
        Some((*name, entry.name.as_str()))
    };
    standings.iter().filter_map(slip).collect()
}

/// The assignments of one task: named organs first, then the members of collectives that are not named themselves.
fn expand(
    task: &DraftTask,
    nth: usize,
    (standings, slips): (&BTreeMap<&str, Standing>, &BTreeMap<&str, &str>),
    directory: &Directory,
    effects: &mut Effects,
) -> Vec<Planned> {
    let mut planned: Vec<Planned> = Vec::new();
    let mut index: BTreeMap<OrganId, usize> = BTreeMap::new();
    for organ in &task.organs {
        let Some(Standing::Organ(id)) = standings.get(organ.name.as_str()) else {
            continue;
        };
        match index.get(id).and_then(|at| planned.get_mut(*at)) {
            Some(known) if known.duty == organ.duty => {}
            Some(known) => {
                if strength(organ.duty) < strength(known.duty) {
                    known.duty = organ.duty;
                }
                let name = directory.entry(*id).map_or("", |entry| entry.name.as_str());
                effects.strongest.push(format!(
                    "第 {} 条：{name}有多种分工，按“{}”计。",
                    nth + 1,
                    known.duty.name()
                ));
            }
            None => {
                index.insert(*id, planned.len());
                let printed = organ.name.as_str();
                let name = slips.get(printed).copied().unwrap_or(printed);
                planned.push(Planned {
                    organ: *id,
                    duty: organ.duty,
                    named_as: name.to_owned(),
                });
            }
        }
    }
    let named: Vec<OrganId> = index.keys().copied().collect();
    let mut collectives: Vec<_> = task.organs.iter().collect();
    collectives.sort_by_key(|organ| strength(organ.duty));
    for organ in collectives {
        let members = match standings.get(organ.name.as_str()) {
            Some(Standing::Collective(key)) => directory.expand(key, &named),
            Some(Standing::Organs(organs)) => organs.clone(),
            Some(Standing::Organ(_) | Standing::KeptOut(_) | Standing::Open) | None => continue,
        };
        for id in members {
            // Who is named, or came from a stronger collective, stays what it is.
            if index.contains_key(&id) {
                continue;
            }
            index.insert(id, planned.len());
            effects.from_collectives += 1;
            planned.push(Planned {
                organ: id,
                duty: organ.duty,
                named_as: organ.name.clone(),
            });
        }
    }
    planned
}

/// Titles may have this many characters.
pub const TITLE_CHARS_MAX: usize = 300;
/// Years a plan can be of.
pub(super) const YEARS: std::ops::RangeInclusive<i64> = 2000..=2100;
/// Places that a reason lists before it only counts.
const LISTED_MAX: usize = 20;

/// What is missing or wrong in the document's head.
pub(super) fn of_head(content: &Content) -> Vec<String> {
    let mut reasons = Vec::new();
    if content.meta.title.trim().is_empty() {
        reasons.push("还没有方案标题。请在“识别结果”一步填写。".to_owned());
    }
    if content.meta.title.chars().count() > TITLE_CHARS_MAX {
        reasons.push(format!(
            "方案标题超过 {TITLE_CHARS_MAX} 字。请在“识别结果”一步改短。"
        ));
    }
    match content.meta.year {
        Some(year) if YEARS.contains(&year) => {}
        Some(year) => reasons.push(format!(
            "年度 {year} 不是有效年份。请在“识别结果”一步更正。"
        )),
        None => reasons.push("没有识别出年度。请在“识别结果”一步填写。".to_owned()),
    }
    reasons
}

/// The places of the tasks that are so, counted from 1.
fn places(content: &Content, wanted: impl Fn(&DraftTask) -> bool) -> Vec<usize> {
    (1..)
        .zip(&content.tasks)
        .filter(|(_, task)| wanted(task))
        .map(|(nth, _)| nth)
        .collect()
}

/// Are there tasks, and does each say something?
pub(super) fn of_tasks(content: &Content) -> Vec<String> {
    let mut reasons = Vec::new();
    if content.tasks.is_empty() {
        reasons.push("草稿中没有任务。请在“核对任务”一步添加。".to_owned());
    }
    let empty = places(content, |task| task.text.trim().is_empty());
    if !empty.is_empty() {
        reasons.push(format!("{}没有任务内容。请填写或删除。", listed(&empty)));
    }
    reasons
}

/// Somebody has to look at the source.
pub(super) fn of_doubts(content: &Content) -> Option<String> {
    let doubtful = places(content, DraftTask::is_doubtful);
    (!doubtful.is_empty()).then(|| {
        format!(
            "{}还有疑点没有核对。请对照原文核对后标为“已核对”。",
            listed(&doubtful)
        )
    })
}

/// All the reasons at once; empty when the draft can be confirmed.
#[must_use]
pub fn why_not_confirm(content: &Content, directory: &Directory) -> Vec<String> {
    let mut reasons = of_head(content);
    reasons.extend(of_tasks(content));
    let bare = places(content, |task| task.organs.is_empty());
    if !bare.is_empty() {
        reasons.push(format!(
            "{}没有落实单位。请在“核对任务”一步补上。",
            listed(&bare)
        ));
    }
    reasons.extend(of_doubts(content));
    let names: Vec<(&str, usize)> = content.names();
    let found = standings(
        names.iter().map(|(name, _)| *name),
        &content.decisions,
        directory,
    );
    let open: BTreeSet<&str> = found
        .iter()
        .filter(|(_, standing)| **standing == Standing::Open)
        .map(|(name, _)| *name)
        .collect();
    if !open.is_empty() {
        let shown: Vec<&str> = open.iter().copied().take(LISTED_MAX).collect();
        reasons.push(format!(
            "有 {} 个单位名称还没有对应到机关：{}{}。请在“对应单位”一步逐个确定。",
            open.len(),
            shown.join("、"),
            if open.len() > shown.len() { "等" } else { "" }
        ));
    }
    reasons
}

/// `第 3、5、9 条`
fn listed(numbers: &[usize]) -> String {
    let shown: Vec<String> = numbers
        .iter()
        .take(LISTED_MAX)
        .map(usize::to_string)
        .collect();
    if numbers.len() > shown.len() {
        format!("第 {} 等共 {} 条", shown.join("、"), numbers.len())
    } else {
        format!("第 {} 条", shown.join("、"))
    }
}

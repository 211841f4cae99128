//! What the page of a pair shows: each old task with what answers it, then the new tasks that answer none. Pure.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::id::TaskId;

use super::LinkState;
use super::store::{Adoption, Brief, adopted};
use super::{PairKind, TaskLink};
use crate::assignment::light::Light;
use crate::matching::{Cover, Item, Reason, Side, TooMany, Turn, compare, match_items};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub old: Option<Brief>,
    /// What answers it, or the new task that stands alone.
    pub new: Vec<Brief>,
    pub links: Vec<TaskLink>,
    pub turn: Turn,
    pub cover: Cover,
    pub adoption: Option<Adoption>,
}

impl Row {
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.links.iter().any(TaskLink::is_doubtful)
    }

    /// The class's code, shape and name, in the use that the pair has.
    #[must_use]
    pub fn class(&self, kind: PairKind) -> (&'static str, &'static str, &'static str) {
        match kind {
            PairKind::Year => (self.turn.code(), self.turn.shape(), self.turn.name()),
            PairKind::Level => (self.cover.code(), self.cover.shape(), self.cover.name()),
        }
    }

    #[must_use]
    pub fn reasons(&self) -> &[String] {
        self.links
            .first()
            .map_or(&[], |link| link.reasons.as_slice())
    }

    /// What differs in dates, figures and organs.
    pub fn facts(&self) -> impl Iterator<Item = &String> {
        self.reasons().iter().filter(|reason| !is_wording(reason))
    }

    /// What differs in the words, in one line; empty where nothing does.
    #[must_use]
    pub fn wording(&self) -> String {
        let shares = self.reasons().iter().filter(|reason| is_wording(reason));
        shares.map(String::as_str).collect::<Vec<_>>().join("，")
    }

    /// How alike the texts are, of 100; the least of several.
    #[must_use]
    pub fn likeness(&self) -> Option<i64> {
        self.links.iter().map(|link| link.likeness).min()
    }

    /// The old task's light today.
    #[must_use]
    pub fn light(&self, today: Date) -> Option<Light> {
        Some(self.old.as_ref()?.light(today))
    }

    /// Days that the old task is overdue.
    #[must_use]
    pub fn overdue_days(&self, today: Date) -> Option<i32> {
        let old = self.old.as_ref().filter(|old| !old.standing.finished)?;
        overdue_days(old.standing.next_due_on, today)
    }

    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.old.as_ref().is_some_and(|old| !old.standing.finished)
    }
}

/// Does a stored reason weigh the words?
fn is_wording(reason: &str) -> bool {
    [Reason::WordsGone(0), Reason::WordsCame(0)]
        .iter()
        .any(|weighed| {
            let words = weighed.to_string();
            reason.starts_with(words.trim_end_matches("0%"))
        })
}

/// How many days ago a date went by; `None` where it has not.
#[must_use]
pub fn overdue_days(due_on: Option<Date>, today: Date) -> Option<i32> {
    let due = due_on.filter(|due| *due < today)?;
    Some((today - due).get_days())
}

/// Brings tasks and links together: the old tasks in their order, then what is new.
#[must_use]
pub fn rows(
    old: Vec<Brief>,
    new: Vec<Brief>,
    links: &[TaskLink],
    adoptions: Vec<Adoption>,
) -> Vec<Row> {
    let known: BTreeMap<TaskId, Brief> = new.iter().map(|task| (task.id, task.clone())).collect();
    let mut adoptions: BTreeMap<TaskId, Adoption> =
        adoptions.into_iter().map(|it| (it.old, it)).collect();
    let mut of_old: BTreeMap<TaskId, Vec<TaskLink>> = BTreeMap::new();
    for link in links {
        // A new task that was cancelled answers nothing.
        if link.state.counts() && known.contains_key(&link.new) {
            of_old.entry(link.old).or_default().push(link.clone());
        }
    }
    let mut answered: BTreeSet<TaskId> = BTreeSet::new();
    let mut rows = Vec::with_capacity(old.len());
    for task in old {
        let mut links = of_old.remove(&task.id).unwrap_or_default();
        let adoption = adoptions.remove(&task.id);
        if let Some(there) = adoption.as_ref().filter(|it| it.there && links.is_empty()) {
            links.push(adopted(there.old, there.task));
        }
        answered.extend(links.iter().map(|link| link.new));
        let mut new: Vec<Brief> = links
            .iter()
            .filter_map(|link| known.get(&link.new).cloned())
            .collect();
        new.sort_by_key(|task| (task.position, task.id));
        rows.push(Row {
            old: Some(task),
            new,
            turn: links.first().map_or(Turn::Dropped, |link| link.turn),
            cover: links.first().map_or(Cover::Missing, |link| link.cover),
            links,
            adoption,
        });
    }
    let alone = new.into_iter().filter(|task| !answered.contains(&task.id));
    rows.extend(alone.map(|task| Row {
        old: None,
        new: vec![task],
        links: Vec::new(),
        turn: Turn::New,
        cover: Cover::AddedHere,
        adoption: None,
    }));
    rows
}

/// How many rows of each class there are, in the classes' order.
#[must_use]
pub fn counts(
    rows: &[Row],
    kind: PairKind,
) -> Vec<(&'static str, &'static str, &'static str, usize)> {
    let classes: Vec<(&'static str, &'static str, &'static str)> = match kind {
        PairKind::Year => Turn::ALL
            .iter()
            .map(|it| (it.code(), it.shape(), it.name()))
            .collect(),
        PairKind::Level => Cover::ALL
            .iter()
            .map(|it| (it.code(), it.shape(), it.name()))
            .collect(),
    };
    classes
        .into_iter()
        .map(|(code, shape, name)| {
            let n = rows.iter().filter(|row| row.class(kind).0 == code).count();
            (code, shape, name, n)
        })
        .collect()
}

/// A plan's tasks as they are matched, with the plan's year.
#[derive(Debug, Clone, Copy)]
pub struct Tasks<'a> {
    pub year: i64,
    pub items: &'a [(TaskId, Item)],
}

impl Tasks<'_> {
    fn list(&self) -> Vec<Item> {
        self.items.iter().map(|(_, item)| item.clone()).collect()
    }

    fn find(&self, id: TaskId) -> Option<&Item> {
        let found = self.items.iter().find(|(known, _)| *known == id);
        found.map(|(_, item)| item)
    }
}

/// What matching proposes beside what people settled: an old task that somebody accepted an answer for gets no more, and a
/// refused pair does not come back.
///
/// # Errors
/// When a plan has too many tasks.
pub fn propose(
    old: Tasks<'_>,
    new: Tasks<'_>,
    settled: &[TaskLink],
) -> Result<Vec<TaskLink>, TooMany> {
    let accepted: BTreeSet<TaskId> = settled
        .iter()
        .filter(|link| link.state == LinkState::Accepted)
        .map(|link| link.old)
        .collect();
    let known: BTreeSet<(TaskId, TaskId)> =
        settled.iter().map(|link| (link.old, link.new)).collect();
    let (old_items, new_items) = (old.list(), new.list());
    let matching = match_items(
        Side {
            year: old.year,
            items: &old_items,
        },
        Side {
            year: new.year,
            items: &new_items,
        },
    )?;
    let mut links = Vec::new();
    for link in matching.links {
        let ids = (old.items.get(link.old), new.items.get(link.new));
        let (Some((old_id, _)), Some((new_id, _))) = ids else {
            continue;
        };
        if accepted.contains(old_id) || known.contains(&(*old_id, *new_id)) {
            continue;
        }
        links.push(TaskLink {
            old: *old_id,
            new: *new_id,
            turn: Turn::Reworded,
            cover: Cover::TakenOver,
            reasons: Vec::new(),
            certainty: link.certainty,
            likeness: hundredths(link.likeness),
            state: LinkState::Proposed,
            settled_by: None,
        });
    }
    classify(old, new, &mut links);
    Ok(links)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share of 1 in hundredths"
)]
fn hundredths(share: f64) -> i64 {
    (share.clamp(0.0, 1.0) * 100.0).round() as i64
}

/// Says of each old task what became of it in all that answers it together: a measure that was split is not narrower for
/// it. Links that do not count keep what they have.
pub fn classify(old: Tasks<'_>, new: Tasks<'_>, links: &mut [TaskLink]) {
    let olds: BTreeSet<TaskId> = links.iter().map(|link| link.old).collect();
    for id in olds {
        let Some(item) = old.find(id) else { continue };
        let answers: Vec<&Item> = links
            .iter()
            .filter(|link| link.old == id && link.state.counts())
            .filter_map(|link| new.find(link.new))
            .collect();
        if answers.is_empty() {
            continue;
        }
        let comparison = compare((item, old.year), (&together(&answers), new.year));
        let mut reasons: Vec<String> = comparison.reasons.iter().map(ToString::to_string).collect();
        if answers.len() > 1 {
            reasons.insert(0, format!("一项拆为{}项", answers.len()));
        }
        for link in links
            .iter_mut()
            .filter(|link| link.old == id && link.state.counts())
        {
            link.turn = comparison.turn();
            link.cover = comparison.cover();
            link.reasons.clone_from(&reasons);
        }
    }
}

/// Several tasks as one.
#[must_use]
pub fn together(items: &[&Item]) -> Item {
    let mut whole = Item::default();
    for item in items {
        if !whole.text.is_empty() {
            whole.text.push('\n');
        }
        whole.text.push_str(&item.text);
        whole.deadlines.extend(item.deadlines.iter().cloned());
        whole.quantities.extend(item.quantities.iter().cloned());
        for (name, duty) in &item.organs {
            let known = whole.organs.entry(name.clone()).or_insert(*duty);
            *known = (*known).min(*duty);
        }
    }
    whole
}

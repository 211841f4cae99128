//! What a list would do to the directory: pure, so that the preview and the import are the same.

use std::collections::{HashMap, HashSet};

use gongkai_basis::id::OrganId;

use super::super::change::{Draft, differences, new_organ, set_names};
use super::super::{Alias, AliasKind, Organ, fold};
use super::{ImportRow, guess};

/// Parents of parents that are followed; more than the tree may have levels, far less than the stack can hold.
const CHAIN_MAX: usize = 32;

/// What becomes of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// `notes` say what was inferred.
    New {
        organ: Organ,
        notes: Vec<String>,
    },
    /// `changes` say what differs.
    Changed {
        organ: Organ,
        changes: Vec<String>,
    },
    Unchanged,
    Problem(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub line: usize,
    pub name: String,
    pub parent: String,
    pub verdict: Verdict,
}

/// The whole list, in its own order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub rows: Vec<Planned>,
    /// Indexes of `rows`, parents before their children.
    order: Vec<usize>,
}

impl Plan {
    /// Parents before their children, so that it can be carried out one by one.
    pub fn in_order(&self) -> impl Iterator<Item = &Planned> {
        self.order.iter().filter_map(|index| self.rows.get(*index))
    }

    /// 第 3 行：…, one line for each row with problems.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.rows
            .iter()
            .filter_map(|row| match &row.verdict {
                Verdict::Problem(reasons) => Some(format!(
                    "第 {} 行“{}”：{}",
                    row.line,
                    row.name,
                    reasons.join("；")
                )),
                Verdict::New { .. } | Verdict::Changed { .. } | Verdict::Unchanged => None,
            })
            .collect()
    }

    /// New, changed, unchanged rows, and those with problems.
    #[must_use]
    pub fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        let [new, changed, unchanged, problems] = &mut counts;
        for row in &self.rows {
            match row.verdict {
                Verdict::New { .. } => *new += 1,
                Verdict::Changed { .. } => *changed += 1,
                Verdict::Unchanged => *unchanged += 1,
                Verdict::Problem(_) => *problems += 1,
            }
        }
        counts
    }

    /// The first organ that hangs below nothing.
    pub(super) fn top(&self) -> Option<OrganId> {
        self.in_order().find_map(|row| match &row.verdict {
            Verdict::New { organ, .. } | Verdict::Changed { organ, .. } => {
                organ.parent.is_none().then_some(organ.id)
            }
            Verdict::Unchanged | Verdict::Problem(_) => None,
        })
    }
}

/// Compares a list with the directory below `root`. `fresh` makes ids for new organs.
#[must_use]
pub fn plan(
    existing: &[Organ],
    root: Option<OrganId>,
    rows: &[ImportRow],
    fresh: impl FnMut() -> OrganId,
) -> Plan {
    let mut planner = Planner::new(existing, root, rows, fresh);
    for index in 0..rows.len() {
        planner.settle(index);
    }
    planner.finish()
}

/// Where a row's parent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    Nothing,
    Organ(OrganId),
    Row(usize),
}

struct Planner<'a, F> {
    rows: &'a [ImportRow],
    root: Option<OrganId>,
    /// The directory as it is, and as it will be.
    organs: HashMap<OrganId, Organ>,
    /// Full names below a parent; one in use comes before one that is not.
    named: HashMap<(Option<OrganId>, String), OrganId>,
    /// All names in use below a parent, so that twins are seen.
    taken: HashMap<(Option<OrganId>, String), OrganId>,
    /// Full names, and short or other names, of organs and rows: where a parent is looked up.
    organs_by_name: HashMap<String, Vec<OrganId>>,
    organs_by_alias: HashMap<String, Vec<OrganId>>,
    rows_by_name: HashMap<String, Vec<usize>>,
    rows_by_alias: HashMap<String, Vec<usize>>,
    positions: HashMap<Option<OrganId>, i64>,
    settled: Vec<Option<(Verdict, Option<OrganId>)>>,
    /// Rows whose parents are being settled, to see circles.
    open: HashSet<usize>,
    order: Vec<usize>,
    seen: HashSet<OrganId>,
    fresh: F,
}

impl<'a, F: FnMut() -> OrganId> Planner<'a, F> {
    fn new(existing: &[Organ], root: Option<OrganId>, rows: &'a [ImportRow], fresh: F) -> Self {
        let mut planner = Self {
            rows,
            root,
            organs: existing
                .iter()
                .map(|organ| (organ.id, organ.clone()))
                .collect(),
            named: HashMap::new(),
            taken: HashMap::new(),
            organs_by_name: HashMap::new(),
            organs_by_alias: HashMap::new(),
            rows_by_name: HashMap::new(),
            rows_by_alias: HashMap::new(),
            positions: HashMap::new(),
            settled: vec![None; rows.len()],
            open: HashSet::new(),
            order: Vec::with_capacity(rows.len()),
            seen: HashSet::new(),
            fresh,
        };
        for organ in existing {
            let last = planner.positions.entry(organ.parent).or_default();
            *last = (*last).max(organ.position);
            let place = (organ.parent, fold(&organ.name));
            if organ.is_active() {
                planner.named.insert(place, organ.id);
                planner.take_names(organ);
                planner
                    .organs_by_name
                    .entry(fold(&organ.name))
                    .or_default()
                    .push(organ.id);
                for name in organ
                    .short_name
                    .iter()
                    .chain(organ.aliases.iter().map(|alias| &alias.text))
                {
                    planner
                        .organs_by_alias
                        .entry(fold(name))
                        .or_default()
                        .push(organ.id);
                }
            } else {
                planner.named.entry(place).or_insert(organ.id);
            }
        }
        for (index, row) in rows.iter().enumerate() {
            planner
                .rows_by_name
                .entry(fold(&row.name))
                .or_default()
                .push(index);
            for name in row.short.iter().chain(&row.aliases) {
                planner
                    .rows_by_alias
                    .entry(fold(name))
                    .or_default()
                    .push(index);
            }
        }
        planner
    }

    fn take_names(&mut self, organ: &Organ) {
        let names = [&organ.name].into_iter().chain(&organ.short_name);
        for name in names.chain(
            organ
                .aliases
                .iter()
                .filter(|alias| alias.kind == AliasKind::Alias)
                .map(|alias| &alias.text),
        ) {
            self.taken
                .entry((organ.parent, fold(name)))
                .or_insert(organ.id);
        }
    }

    /// Settles a row after its parent; gives the organ that it is.
    fn settle(&mut self, index: usize) -> Option<OrganId> {
        if let Some(Some((_, id))) = self.settled.get(index) {
            return *id;
        }
        let row = self.rows.get(index)?;
        if self.open.len() > CHAIN_MAX || !self.open.insert(index) {
            return None;
        }
        let outcome = if row.mistakes.is_empty() {
            self.decide(row)
        } else {
            Err(row.mistakes.clone())
        };
        self.open.remove(&index);
        let settled = match outcome {
            Ok((verdict, id)) => (verdict, Some(id)),
            Err(reasons) => (Verdict::Problem(reasons), None),
        };
        let id = settled.1;
        if let Some(place) = self.settled.get_mut(index) {
            *place = Some(settled);
        }
        self.order.push(index);
        id
    }

    fn decide(&mut self, row: &ImportRow) -> Result<(Verdict, OrganId), Vec<String>> {
        let parent = match self.above(row)? {
            Above::Nothing => None,
            Above::Organ(id) => Some(id),
            Above::Row(index) => Some(self.settle(index).ok_or_else(|| {
                let line = self.rows.get(index).map_or(0, |row| row.line);
                vec![format!("上级所在的第 {line} 行有问题，或上级之间互相循环")]
            })?),
        };
        let name = fold(&row.name);
        let own = self.own(row, parent, &name);
        if let Some(own) = own {
            let organ = self.organs.get(&own).cloned().ok_or_else(Vec::new)?;
            if !self.seen.insert(own) {
                return Err(vec!["与表中另一行是同一个机关，请只保留一行".to_owned()]);
            }
            if !organ.is_active() {
                return Err(vec![format!(
                    "名录中这个机关{}，请先恢复使用再导入",
                    organ.status.name()
                )]);
            }
            return self.change(row, organ);
        }
        self.add(row, parent)
    }

    /// The organ that the row speaks of, if the directory has it: same parent and name, or the name it had before.
    fn own(&self, row: &ImportRow, parent: Option<OrganId>, name: &str) -> Option<OrganId> {
        if let Some(root) = self.root.and_then(|root| self.organs.get(&root))
            && row.parent.is_none()
            && fold(&root.name) == *name
        {
            return Some(root.id);
        }
        let named = |name: String| self.named.get(&(parent, name)).copied();
        let in_use = |id: &OrganId| self.organs.get(id).is_some_and(Organ::is_active);
        named(name.to_owned()).or_else(|| {
            row.former
                .iter()
                .filter_map(|former| named(fold(former)))
                .find(in_use)
        })
    }

    fn above(&self, row: &ImportRow) -> Result<Above, Vec<String>> {
        let Some(name) = &row.parent else {
            return Ok(match self.root {
                // The government itself, listed in its own directory.
                Some(root) => match self.organs.get(&root) {
                    Some(organ) if fold(&organ.name) == fold(&row.name) => {
                        organ.parent.map_or(Above::Nothing, Above::Organ)
                    }
                    _ => Above::Organ(root),
                },
                None => Above::Nothing,
            });
        };
        let wanted = fold(name);
        for (organs, rows) in [
            (&self.organs_by_name, &self.rows_by_name),
            (&self.organs_by_alias, &self.rows_by_alias),
        ] {
            let organs = organs.get(&wanted).map_or(&[][..], Vec::as_slice);
            // A row that only repeats an organ of the directory is that organ.
            let rows: Vec<usize> = rows
                .get(&wanted)
                .into_iter()
                .flatten()
                .copied()
                .filter(|_| organs.is_empty())
                .collect();
            match (organs, rows.as_slice()) {
                ([organ], _) => return Ok(Above::Organ(*organ)),
                ([], [row]) => return Ok(Above::Row(*row)),
                ([], []) => {}
                _ => return Err(vec![format!("上级“{name}”有不止一个，请写能分辨的全称")]),
            }
        }
        Err(vec![format!("上级“{name}”既不在名录中，也不在本表中")])
    }

    fn add(
        &mut self,
        row: &ImportRow,
        parent: Option<OrganId>,
    ) -> Result<(Verdict, OrganId), Vec<String>> {
        let above = parent.and_then(|id| self.organs.get(&id)).cloned();
        let mut notes = Vec::new();
        let kind = match row.kind {
            Some(listed) => guess::corrected(listed, &row.name, above.as_ref()),
            None => guess::kind(&row.name, above.as_ref()),
        };
        if row.kind != Some(kind) {
            notes.push(format!("类型按名称推断为{}", kind.name()));
        }
        let level = row
            .level
            .unwrap_or_else(|| guess::level(kind, &row.name, above.as_ref()));
        if row.level.is_none() {
            notes.push(format!("级别按上级推断为{}", level.name()));
        }
        let elsewhere = self
            .organs_by_name
            .get(&fold(&row.name))
            .and_then(|ids| ids.first())
            .and_then(|id| self.organs.get(id)?.parent)
            .and_then(|id| self.organs.get(&id));
        if let Some(other) = elsewhere {
            notes.push(format!("“{}”之下已有同名机关，这是另外一个", other.name));
        }
        let draft = Draft {
            parent,
            name: row.name.clone(),
            short_name: row.short.clone(),
            aliases: row.aliases.clone(),
            former: row.former.clone(),
            level,
            kind,
        };
        let position = self.positions.entry(parent).or_default();
        *position += 1;
        let organ = new_organ((self.fresh)(), &draft, above.as_ref(), *position);
        self.accept(&organ, above.as_ref())?;
        self.seen.insert(organ.id);
        let id = organ.id;
        Ok((Verdict::New { organ, notes }, id))
    }

    fn change(
        &mut self,
        row: &ImportRow,
        before: Organ,
    ) -> Result<(Verdict, OrganId), Vec<String>> {
        let above = before.parent.and_then(|id| self.organs.get(&id)).cloned();
        let mut after = before.clone();
        let mut draft = Draft {
            parent: before.parent,
            name: row.name.trim().to_owned(),
            short_name: row.short.clone().or_else(|| before.short_name.clone()),
            aliases: before
                .names(AliasKind::Alias)
                .map(str::to_owned)
                .chain(row.aliases.iter().cloned())
                .collect(),
            former: before
                .names(AliasKind::Former)
                .map(str::to_owned)
                .chain(row.former.iter().cloned())
                .collect(),
            level: row.level.unwrap_or(before.level),
            kind: row.kind.map_or(before.kind, |kind| {
                guess::corrected(kind, &row.name, above.as_ref())
            }),
        };
        let mut changes = Vec::new();
        if fold(&before.name) != fold(&draft.name) {
            changes.push(format!("由“{}”更名", before.name));
            draft.former.push(before.name.clone());
            after.name.clone_from(&draft.name);
        }
        after.level = draft.level;
        after.kind = draft.kind;
        set_names(&mut after, &draft);
        // A name that moves from one list of names to the other would only be reordered.
        keep_known(&mut after.aliases, &before.aliases);
        if after == before {
            return Ok((Verdict::Unchanged, before.id));
        }
        self.accept(&after, above.as_ref())?;
        changes.extend(differences(&before, &after, above.as_ref()));
        let id = after.id;
        Ok((
            Verdict::Changed {
                organ: after,
                changes,
            },
            id,
        ))
    }

    /// Enters an organ into the directory as it will be, unless it does not fit.
    fn accept(&mut self, organ: &Organ, above: Option<&Organ>) -> Result<(), Vec<String>> {
        let mut reasons = Vec::new();
        if let Some(above) = above
            && organ.level < above.level
        {
            reasons.push(format!(
                "级别（{}）高于上级“{}”（{}）",
                organ.level.name(),
                above.name,
                above.level.name()
            ));
        }
        if organ.depth() > 9 {
            reasons.push("上下级超过 10 层".to_owned());
        }
        let names = [&organ.name].into_iter().chain(&organ.short_name);
        let names = names.chain(
            organ
                .aliases
                .iter()
                .filter(|alias| alias.kind == AliasKind::Alias)
                .map(|alias| &alias.text),
        );
        for name in names {
            if let Some(other) = self.taken.get(&(organ.parent, fold(name)))
                && *other != organ.id
            {
                let other = self
                    .organs
                    .get(other)
                    .map_or("", |other| other.name.as_str());
                reasons.push(format!("“{name}”已是“{other}”的名称"));
            }
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        self.take_names(organ);
        self.named
            .insert((organ.parent, fold(&organ.name)), organ.id);
        self.organs.insert(organ.id, organ.clone());
        Ok(())
    }

    fn finish(self) -> Plan {
        let organs = &self.organs;
        let rows = self
            .rows
            .iter()
            .zip(self.settled)
            .map(|(row, settled)| {
                let (verdict, id) = settled.unwrap_or_else(|| (Verdict::Problem(Vec::new()), None));
                let parent = id
                    .and_then(|id| organs.get(&id)?.parent)
                    .and_then(|id| organs.get(&id))
                    .map_or_else(
                        || row.parent.clone().unwrap_or_default(),
                        |parent| parent.name.clone(),
                    );
                Planned {
                    line: row.line,
                    name: row.name.clone(),
                    parent,
                    verdict,
                }
            })
            .collect();
        Plan {
            rows,
            order: self.order,
        }
    }
}

/// Names that the organ had keep the kind that they had.
fn keep_known(names: &mut [Alias], known: &[Alias]) {
    for name in names.iter_mut() {
        if let Some(before) = known.iter().find(|before| before.text == name.text) {
            name.kind = before.kind;
        }
    }
    names.sort_by(|a, b| (a.kind, &a.text).cmp(&(b.kind, &b.text)));
}

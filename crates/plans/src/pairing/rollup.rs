//! How the governments below stand, each with everything below it. Pure; nothing is hidden: the worst light shows.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::id::{OrganId, PlanId};

use super::store::PlanLights;
use crate::assignment::light::Light;

/// Counts of tasks by light.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub done: i64,
    pub normal: i64,
    pub soon: i64,
    pub decayed: i64,
    pub overdue: i64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.done += other.done;
        self.normal += other.normal;
        self.soon += other.soon;
        self.decayed += other.decayed;
        self.overdue += other.overdue;
    }

    /// The worst light that anything has; `None` where there is no task.
    #[must_use]
    pub fn worst(&self) -> Option<Light> {
        self.lights()
            .into_iter()
            .find_map(|(light, n)| (n > 0).then_some(light))
    }

    /// With their lights, the worst first.
    #[must_use]
    pub fn lights(&self) -> [(Light, i64); 5] {
        [
            (Light::Overdue, self.overdue),
            (Light::Decayed, self.decayed),
            (Light::Soon, self.soon),
            (Light::Normal, self.normal),
            (Light::Done, self.done),
        ]
    }
}

impl From<[i64; 5]> for Tally {
    fn from([done, normal, soon, decayed, overdue]: [i64; 5]) -> Self {
        Self {
            done,
            normal,
            soon,
            decayed,
            overdue,
        }
    }
}

/// A government as the roll-up needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Government {
    pub id: OrganId,
    /// The ids from the root joined by '/', with a '/' at both ends.
    pub path: String,
    pub name: String,
}

/// A government directly below, with everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub government: OrganId,
    pub name: String,
    /// Its own plans.
    pub plans: Vec<(PlanId, String)>,
    pub own: Tally,
    /// Its own and all below.
    pub all: Tally,
    /// How many plans stand below it.
    pub below: usize,
}

impl Row {
    #[must_use]
    pub fn worst(&self) -> Option<Light> {
        self.all.worst()
    }
}

/// The governments directly below `top`, in the order of `governments`, and what `top` has itself.
#[must_use]
pub fn rollup(
    top: &Government,
    governments: &[Government],
    plans: &[PlanLights],
) -> (Vec<Row>, Tally) {
    let known: BTreeSet<String> = governments.iter().map(|it| it.id.to_string()).collect();
    // The first government on the way down from the top; for one directly below, itself.
    let under = |path: &str| -> Option<String> {
        path.strip_prefix(top.path.as_str())?
            .split('/')
            .find(|id| known.contains(*id))
            .map(str::to_owned)
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let mut holder: BTreeMap<OrganId, usize> = BTreeMap::new();
    for government in governments {
        let Some(direct) = under(&government.path) else {
            continue;
        };
        if direct == government.id.to_string() {
            at.insert(direct, rows.len());
            rows.push(Row {
                government: government.id,
                name: government.name.clone(),
                plans: Vec::new(),
                own: Tally::default(),
                all: Tally::default(),
                below: 0,
            });
        }
    }
    for government in governments {
        if let Some(nth) = under(&government.path).and_then(|direct| at.get(&direct)) {
            holder.insert(government.id, *nth);
        }
    }
    let mut own = Tally::default();
    for plan in plans {
        let tally = Tally::from(plan.lights);
        let row = holder
            .get(&plan.government)
            .and_then(|nth| rows.get_mut(*nth));
        match row {
            Some(row) => {
                row.all.add(tally);
                if row.government == plan.government {
                    row.own.add(tally);
                    row.plans.push((plan.plan, plan.title.clone()));
                } else {
                    row.below += 1;
                }
            }
            None if plan.government == top.id => own.add(tally),
            None => {}
        }
    }
    (rows, own)
}

/// The sum of rows.
#[must_use]
pub fn total(rows: &[Row]) -> Tally {
    let mut sum = Tally::default();
    for row in rows {
        sum.add(row.all);
    }
    sum
}

//! Walks the events and gives each item its headings, units and deadlines.

use super::event::{Doubt, Event, Given, Item, Lead};
use super::keyed;
use super::organs::{Role, Units, as_above, parse};
use super::prose::{dates_in_heading, may_date};
use super::task::OrganOrigin;
use super::text::{Mark, Run, is_empty, plain};

/// An item with all that belongs to it.
#[derive(Debug, Clone)]
pub(crate) struct Assigned {
    pub(crate) item: Item,
    pub(crate) section: Option<Run>,
    pub(crate) group: Option<Run>,
    pub(crate) units: Vec<Units>,
    pub(crate) origin: OrganOrigin,
    /// Units come from a row of another group or section.
    pub(crate) across_group: bool,
}

/// A part left out, with code and reason; an empty reason means structure (a table head), which is no problem.
pub(crate) struct LeftOut {
    pub(crate) run: Run,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

#[derive(Default)]
struct Walk {
    out: Vec<Assigned>,
    asides: Vec<LeftOut>,
    headings: Vec<Run>,
    section: Option<Run>,
    group: Option<Run>,
    /// The heading between section and group, in a table with three columns of headings.
    middle: Option<Run>,
    /// Units of the last row, with the heading under which it stands.
    last: Option<(Vec<Units>, usize)>,
    /// Times of the last row.
    last_deadlines: Vec<Run>,
    /// Running number of the heading.
    heading: usize,
    /// First item since the last heading or unit paragraph.
    since: usize,
    /// Items that the last unit paragraph covered.
    covered: std::ops::Range<usize>,
    /// In a table of which each cell is a line.
    cell_lines: bool,
    heading_units: Option<Vec<Units>>,
    heading_deadlines: Vec<Run>,
    /// Those of the section, which hold for its groups that have none.
    section_units: Option<Vec<Units>>,
    section_deadlines: Vec<Run>,
    /// The section's title names a date that may be no time limit; and so does the group's.
    section_dated: bool,
    group_dated: bool,
}

/// Items in order; parts left out; all heading runs.
pub(crate) fn assign(events: Vec<Event>) -> (Vec<Assigned>, Vec<LeftOut>, Vec<Run>) {
    let mut walk = Walk::default();
    for event in events {
        match event {
            Event::Section(run) => walk.section(run),
            Event::Group(run) => walk.group(run),
            Event::Middle(run) => walk.middle(run),
            Event::Item(item) => walk.item(item),
            Event::Units(units) => walk.units(units),
            Event::CellLines(on) => walk.cell_lines = on,
            Event::UnitsEnd => walk.units_end(),
            Event::HeadingUnits(units) => walk.heading_units(units),
            Event::UnitsAbove(units) => walk.units_above(units),
            Event::HeadingDeadline(run) => walk.heading_deadline(run),
            Event::Deadline(run) => walk.deadline(run),
            Event::Aside { run, code, message } => walk.asides.push(LeftOut { run, code, message }),
        }
    }
    (walk.out, walk.asides, walk.headings)
}

fn same(a: Option<&Run>, b: &Run) -> bool {
    let bare = |r: &Run| plain(r).trim_end_matches(['。', ':', '.']).to_owned();
    a.is_some_and(|a| bare(a) == bare(b))
}

/// （县财政局，5月底前）: a date of its own among its units.
fn is_dated(item: &Item) -> bool {
    matches!(&item.units, Given::Here(units) if !parse(units).deadlines.is_empty())
}

impl Walk {
    fn section(&mut self, run: Run) {
        if same(self.section.as_ref(), &run) {
            self.headings.push(run);
            return;
        }
        self.group = None;
        self.group_dated = false;
        self.middle = None;
        let dates = dates_in_heading(&run);
        self.section_dated = dates.is_empty() && may_date(&run);
        self.section = self.keep(run);
        self.section_units = None;
        self.section_deadlines.clear();
        self.begin_heading();
        dates.into_iter().for_each(|run| self.heading_deadline(run));
    }

    fn heading_units(&mut self, units: Vec<Units>) {
        if self.group.is_none() {
            self.section_units = Some(units.clone());
        }
        self.heading_units = Some(units);
    }

    /// Units that hold from here on, in the place of those before; the dates beside those are over.
    fn units_above(&mut self, units: Vec<Units>) {
        self.since = self.out.len();
        if self.group.is_none() {
            self.section_deadlines.clear();
        }
        self.heading_deadlines.clone_from(&self.section_deadlines);
        self.heading_units(units);
    }

    fn heading_deadline(&mut self, run: Run) {
        if self.group.is_none() {
            self.section_deadlines.push(run.clone());
        }
        self.heading_deadlines.push(run);
    }

    fn group(&mut self, run: Run) {
        if same(self.group.as_ref(), &run) {
            self.headings.push(run);
            return;
        }
        let dates = dates_in_heading(&run);
        self.group_dated = dates.is_empty() && may_date(&run);
        self.group = self.keep(run);
        self.begin_heading();
        if self.group.is_some() {
            dates.into_iter().for_each(|run| self.heading_deadline(run));
        }
    }

    fn middle(&mut self, run: Run) {
        if same(self.middle.as_ref(), &run) {
            self.headings.push(run);
            return;
        }
        self.group = None;
        self.middle = self.keep(run);
        self.begin_heading();
    }

    /// The group; below a heading in the middle both, parted by a stroke.
    fn group_below_middle(&self) -> Option<Run> {
        let (Some(middle), Some(group)) = (&self.middle, &self.group) else {
            return self.middle.clone().or_else(|| self.group.clone());
        };
        let stroke = group.first().map(|first| Mark::new('／', first.at));
        let both = middle.iter().copied().chain(stroke);
        Some(both.chain(group.iter().copied()).collect())
    }

    fn keep(&mut self, run: Run) -> Option<Run> {
        self.headings.push(run.clone());
        (!is_empty(&run)).then_some(run)
    }

    fn begin_heading(&mut self) {
        self.heading += 1;
        self.since = self.out.len();
        self.heading_units.clone_from(&self.section_units);
        self.heading_deadlines.clone_from(&self.section_deadlines);
    }

    /// 【区司法局】 above, （配合单位：区人社局） in the measure: who only helps does not stand for the units of the heading.
    fn helped(&self, units: &[Units]) -> Option<Vec<Units>> {
        let above = self.heading_units.as_ref()?;
        let helps = |units: &[Units]| {
            let list = parse(units).list;
            !list.is_empty() && list.iter().all(|organ| organ.role == Role::Cooperate)
        };
        (helps(units) && !helps(above)).then(|| above.clone())
    }

    fn item(&mut self, mut item: Item) {
        if item.deadlines.iter().any(|run| as_above(&plain(run))) {
            self.times_above(&mut item.deadlines);
        }
        if item.deadlines.is_empty() && !self.heading_deadlines.is_empty() && !is_dated(&item) {
            item.deadlines.clone_from(&self.heading_deadlines);
        }
        let dated = self.group_dated || self.section_dated;
        if dated && item.deadlines.is_empty() && !is_dated(&item) {
            item.doubts.push(Doubt::DateInHeading);
        }
        self.last_deadlines.clone_from(&item.deadlines);
        let above = self.lead_above(&item);
        if let Given::Here(units) = &mut item.units {
            self.resolve(units);
            if !above.is_empty() {
                units.splice(0..0, above);
                item.doubts.push(Doubt::LeadAbove);
            }
            if let Some(above) = self.helped(units) {
                units.splice(0..0, above);
                item.doubts.push(Doubt::OnlyHelpers);
            }
        }
        let given = item.units.clone();
        let (units, origin, across_group) = match &given {
            // 无 in the column of units: nobody, and a blank below it says the same
            Given::Here(units) if units.is_empty() => {
                self.last = None;
                self.since = self.out.len() + 1;
                (Vec::new(), OrganOrigin::Missing, false)
            }
            Given::Here(units) => {
                self.last = Some((units.clone(), self.heading));
                self.since = self.out.len() + 1;
                self.covered = self.out.len()..self.out.len() + 1;
                (units.clone(), OrganOrigin::Own, false)
            }
            Given::Above if self.heading_holds(&mut item) => {
                let units = self.heading_units.clone().unwrap_or_default();
                (units, OrganOrigin::Heading, false)
            }
            Given::Above | Given::Merged => match &self.last {
                Some((units, heading)) => {
                    let across = *heading != self.heading && matches!(item.units, Given::Above);
                    (units.clone(), OrganOrigin::Inherited, across)
                }
                None => (Vec::new(), OrganOrigin::Missing, false),
            },
            Given::Later => match &self.heading_units {
                Some(units) => (units.clone(), OrganOrigin::Heading, false),
                None => (Vec::new(), OrganOrigin::Missing, false),
            },
        };
        self.out.push(Assigned {
            item,
            section: self.section.clone(),
            group: self.group_below_middle(),
            units,
            origin,
            across_group,
        });
    }

    /// A blank cell below a heading with units: they hold, unless a row above has units of its own. Those are taken then,
    /// and the row is to be checked.
    fn heading_holds(&self, item: &mut Item) -> bool {
        if self.heading_units.is_none() {
            return false;
        }
        let own = self.last.as_ref().is_some_and(|(_, h)| *h == self.heading);
        if own {
            item.doubts.push(Doubt::UnitsAbove);
        }
        !own
    }

    /// 第1—2项由财政所负责，第3项由民政办负责: each measure since the last units has those of its number. Tells whether
    /// the units were such.
    fn units_by_number(&mut self, units: &[Units]) -> bool {
        let open = self.since..self.out.len();
        let keyed = match units {
            [one] if !open.is_empty() => keyed::parts(one),
            _ => None,
        };
        let Some(keyed) = keyed else {
            if units.iter().any(|u| keyed::names_numbers(&u.text)) {
                let items = self.out.get_mut(open).unwrap_or_default();
                items
                    .iter_mut()
                    .for_each(|a| a.item.doubts.push(Doubt::WhichUnits));
            }
            return false;
        };
        for i in open {
            let no = self.out.get(i).and_then(|a| a.item.no);
            let own: Vec<Units> = keyed.units_of(no);
            if !own.is_empty() {
                self.give(i, &own, OrganOrigin::Own);
            }
            if let (true, Some(assigned)) = (keyed.doubtful, self.out.get_mut(i)) {
                assigned.item.doubts.push(Doubt::WhichUnits);
            }
            if let Some(assigned) = self.out.get_mut(i)
                && assigned.item.deadlines.is_empty()
            {
                assigned.item.deadlines.clone_from(&keyed.deadlines);
            }
        }
        units.iter().for_each(|u| self.structure(&u.text));
        self.since = self.out.len();
        true
    }

    /// A unit paragraph covers all items since the last one or the heading.
    fn units(&mut self, mut units: Vec<Units>) {
        if self.units_by_number(&units) {
            return;
        }
        self.resolve(&mut units);
        let open: Vec<usize> = (self.since..self.out.len())
            .filter(|i| {
                self.out
                    .get(*i)
                    .is_some_and(|a| a.origin == OrganOrigin::Missing)
            })
            .collect();
        // between two units of one heading, a cell a line: they may be merged down, too
        let above = self.last.as_ref().is_some_and(|(_, h)| *h == self.heading);
        let doubtful = self.cell_lines && above;
        self.last = Some((units.clone(), self.heading));
        let Some((last, earlier)) = open.split_last() else {
            let last = self.out.len().saturating_sub(1);
            let borrowed = |a: &Assigned| {
                a.origin == OrganOrigin::Heading || matches!(a.item.units, Given::Above)
            };
            if self.out.last().is_some_and(borrowed) {
                // its own units, in a row below, stand for those of the heading or of the row above
                self.give(last, &units, OrganOrigin::Own);
                self.covered = last..self.out.len();
                self.since = self.out.len();
            } else if let Some(last) = self.out.last_mut() {
                // nothing waits: more units of the last item
                last.units.extend(units);
            }
            return;
        };
        for i in earlier {
            self.give(*i, &units, OrganOrigin::Shared);
            if let (true, Some(assigned)) = (doubtful, self.out.get_mut(*i)) {
                assigned.item.doubts.push(Doubt::UnitsBelow);
            }
        }
        self.give(*last, &units, OrganOrigin::Own);
        self.covered = open.first().copied().unwrap_or(0)..self.out.len();
        self.since = self.out.len();
    }

    /// Items below the last units of their heading that have none: the units are merged down.
    fn units_end(&mut self) {
        let Some((units, heading)) = self.last.clone() else {
            return;
        };
        if heading != self.heading {
            return;
        }
        for i in self.since..self.out.len() {
            if let Some(assigned) = self.out.get_mut(i)
                && assigned.origin == OrganOrigin::Missing
            {
                assigned.units.clone_from(&units);
                assigned.origin = OrganOrigin::Inherited;
                assigned.item.doubts.push(Doubt::UnitsAbove);
            }
        }
        self.since = self.out.len();
    }

    /// Leading units of the row above, below the same heading, for an item whose own cell is blank.
    fn lead_above(&self, item: &Item) -> Vec<Units> {
        let near = |(_, heading): &&(Vec<Units>, usize)| {
            item.lead == Lead::Blank && *heading == self.heading
        };
        let leads = |u: &&Units| u.role == Some(Role::Lead);
        let last = self.last.as_ref().filter(near);
        last.map(|(units, _)| units.iter().filter(leads).cloned().collect())
            .unwrap_or_default()
    }

    /// 完成时限：同上: the times of the row before. Where that has none the words stay, and are shown.
    fn times_above(&mut self, times: &mut Vec<Run>) {
        let (said, mut own): (Vec<Run>, Vec<Run>) = std::mem::take(times)
            .into_iter()
            .partition(|run| as_above(&plain(run)));
        if self.last_deadlines.is_empty() {
            own.extend(said);
        } else {
            own.splice(0..0, self.last_deadlines.iter().cloned());
            said.iter().for_each(|run| self.structure(run));
        }
        *times = own;
    }

    /// Words that were read and stand in no field.
    fn structure(&mut self, run: &Run) {
        self.asides.push(LeftOut {
            run: run.clone(),
            code: "as-above",
            message: String::new(),
        });
    }

    /// 责任单位：同上: the units of the same column of the row before, or all those of the same role.
    fn resolve(&mut self, units: &mut Vec<Units>) {
        let above = |u: &Units| as_above(&plain(&u.text));
        let Some((last, _)) = self.last.clone().filter(|_| units.iter().any(above)) else {
            return;
        };
        let twins = last.len() == units.len()
            && last.iter().zip(units.iter()).all(|(l, u)| l.role == u.role);
        let resolved: Vec<Units> = units
            .iter()
            .enumerate()
            .flat_map(|(i, u)| match above(u) {
                true if twins => last.get(i).cloned().into_iter().collect(),
                true => {
                    let same = |l: &&Units| l.role == u.role;
                    last.iter().filter(same).cloned().collect()
                }
                false => vec![u.clone()],
            })
            .collect();
        let said: Vec<Run> = units
            .iter()
            .filter(|u| above(u))
            .map(|u| u.text.clone())
            .collect();
        said.iter().for_each(|run| self.structure(run));
        *units = if resolved.is_empty() {
            last.clone()
        } else {
            resolved
        };
    }

    fn give(&mut self, i: usize, units: &[Units], origin: OrganOrigin) {
        if let Some(assigned) = self.out.get_mut(i) {
            assigned.units = units.to_vec();
            assigned.origin = origin;
        }
    }

    /// A deadline paragraph belongs to the items of the last unit paragraph, or to those still open; of these to the ones that
    /// have none yet.
    fn deadline(&mut self, run: Run) {
        let range = if self.since < self.out.len() {
            self.since..self.out.len()
        } else {
            self.covered.clone()
        };
        let open = |a: &Assigned| a.item.deadlines.is_empty();
        let items = self.out.get_mut(range).unwrap_or_default();
        let any = items.iter().any(open);
        for assigned in items.iter_mut().filter(|a| !any || open(a)) {
            assigned.item.deadlines.push(run.clone());
        }
    }
}

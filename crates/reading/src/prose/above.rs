//! Units that stand above the measures that they hold for, several times below one heading:
//! 责任单位：甲 / 1.… / 2.… / 责任单位：乙 / 3.…

use super::super::labels::label;
use super::super::number::Level;
use super::line::{Kind, Line};
use super::structure::Plan;

/// What the units of such lines are to the measures.
#[derive(Debug, Default)]
pub(super) struct Above {
    /// Lines of units that govern what follows, up to the next ones; ascending.
    lines: Vec<usize>,
    /// They may be those of the measures above them.
    pub(super) doubtful: bool,
}

impl Above {
    pub(super) fn holds(&self, line: usize) -> bool {
        self.lines.binary_search(&line).is_ok()
    }
}

/// What one heading, or the text before the first one, has below it.
#[derive(Default)]
struct Stretch {
    /// It stands below a heading, which may have units of its own.
    headed: bool,
    units: Vec<usize>,
    /// Of each block of units with a measure between it and the one before: whether a date stands in it.
    dated: Vec<bool>,
    begins_with_units: bool,
    ends_with_measure: bool,
    measures: usize,
    /// Some units have no label.
    bare: bool,
}

/// How units above measures are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// 责任单位：…
    Labelled,
    /// 县财政局
    Bare,
    /// 各镇人民政府: may be who is addressed.
    Addressed,
}

impl Head {
    fn of(line: &Line) -> Self {
        match label(&line.run) {
            Some(_) => Self::Labelled,
            None if line.run.first().is_some_and(|m| m.fold == '各') => Self::Addressed,
            None => Self::Bare,
        }
    }
}

/// Blocks that tell how a heading's measures have their units. Two of them may be the heading's own units, and those of its
/// first measure below it.
const TELLING_MIN: usize = 3;

impl Stretch {
    fn below_heading() -> Self {
        Self {
            headed: true,
            ..Self::default()
        }
    }

    fn units(&mut self, line: usize, head: Head) {
        self.begins_with_units |= self.measures == 0 && head != Head::Addressed;
        self.bare |= head != Head::Labelled;
        if self.units.is_empty() || self.ends_with_measure {
            self.dated.push(false);
        }
        self.ends_with_measure = false;
        self.units.push(line);
    }

    /// A date beside units, in front of the next measure.
    fn date(&mut self) {
        if let Some(dated) = self.dated.last_mut().filter(|_| !self.ends_with_measure) {
            *dated = true;
        }
    }

    fn measure(&mut self) {
        self.measures += 1;
        self.ends_with_measure = true;
    }

    /// The first units have no measure above them, and the last ones have one below. One block is the heading's own; of two
    /// the first one is, where only the second has a date.
    fn is_led(&self) -> bool {
        let alike = match self.dated.as_slice() {
            [first, second] => *first || !*second,
            more => more.len() >= TELLING_MIN,
        };
        self.begins_with_units && self.ends_with_measure && alike
    }
}

/// Finds the headings below which units stand first, then measures, then units again, and measures last. `named`: a line
/// above each of the units heads what they answer for, and no more is to be known.
pub(super) fn units_above(lines: &[Line], plan: &Plan, named: bool) -> Above {
    let level = match plan.numbered {
        true => plan.item,
        false => Level::Group,
    };
    let mut above = Above::default();
    if plan.hint.is_table() || named {
        return above;
    }
    let (mut behind, mut few) = (false, false);
    let mut stretch = Stretch::default();
    let mut close = |stretch: Stretch| {
        behind |= stretch.measures > 0 && !stretch.units.is_empty() && !stretch.begins_with_units;
        if stretch.is_led() {
            // A heading's own units, then those of each measure but the last below it, look alike.
            let alike = stretch.headed && stretch.dated.len() == stretch.measures;
            few |= stretch.bare || alike || stretch.dated.len() < TELLING_MIN;
            above.lines.extend(stretch.units);
        }
    };
    for (i, line) in lines.iter().enumerate() {
        match &line.kind {
            Kind::Units(units, ends) if !units.is_empty() => {
                stretch.units(i, Head::of(line));
                if !ends.is_empty() {
                    stretch.date();
                }
            }
            Kind::Deadline(_) => stretch.date(),
            Kind::Numbered(n) if n.level == level => stretch.measure(),
            Kind::Numbered(n) if n.level < level => {
                close(std::mem::replace(&mut stretch, Stretch::below_heading()))
            }
            Kind::Heading | Kind::Name(_) => {
                close(std::mem::replace(&mut stretch, Stretch::below_heading()))
            }
            _ => {}
        }
    }
    close(stretch);
    // the units of the last measure may be lost, and then all units stand below
    let cut = lines.last().is_some_and(|line| {
        let last = line.run.last();
        last.is_some_and(|m| !matches!(m.fold, '。' | ';' | ')' | '.'))
    });
    above.doubtful = behind || few || cut;
    above
}

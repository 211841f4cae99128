//! Which level of numbering carries the measures.

use super::super::labels::label;
use super::super::number::{Level, Number, number};
use super::super::text::{Mark, plain, starts, trim, weight};
use super::Hint;
use super::heading::{is_around, run_in};
use super::inside;
use super::line::{Kind, Line};
use super::units::{Brackets, ends_in_bare_names, ends_in_names, split_at_units, take_units};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// The level whose lines are items.
    pub(crate) item: Level,
    /// Items carry numbers.
    pub(crate) numbered: bool,
    /// Numbers and plain paragraphs both are items.
    pub(crate) mixed: bool,
    /// 1. numbers headings, and the measures below them have no numbers.
    pub(crate) headings: bool,
    /// （一）… heads several paragraphs, each a measure with its units.
    pub(crate) titled: bool,
    /// The measures have units of their own, all in all.
    pub(crate) assigned: bool,
    pub(crate) hint: Hint,
}

pub(crate) fn plan(lines: &[Line], hint: Hint) -> Plan {
    let count = |level: Level| {
        lines
            .iter()
            .filter(
                |l| matches!(l.kind, Kind::Numbered(n) if n.level == level && weight(&l.run) > 6),
            )
            .count()
    };
    let items = count(Level::Item);
    let least = if hint.is_table() { 1 } else { 2 };
    let headings = numbers_headings(lines, hint);
    // Only the level 1. is a list of measures by itself; （1） and ① count where nothing else does.
    let (item, numbered) = if headings {
        (Level::Item, false)
    } else if let Some(level) = assigned_below(lines) {
        (level, true)
    } else if items >= least {
        (Level::Item, true)
    } else if let Some(level) = assigned_alone(lines) {
        (level, true)
    } else if count(Level::Sub) >= 3 && count(Level::Group) < 3 {
        (Level::Sub, true)
    } else if count(Level::Circled) >= 3 && count(Level::Group) < 3 && count(Level::Sub) == 0 {
        (Level::Circled, true)
    } else {
        (Level::Item, false)
    };
    let bodies = lines
        .iter()
        .filter(|l| matches!(l.kind, Kind::Body))
        .count();
    Plan {
        item,
        numbered,
        mixed: numbered && hint.is_table() && bodies > items,
        headings,
        titled: hint == Hint::Text && heads_paragraphs(lines),
        assigned: hint == Hint::Text && assigned(lines, item, numbered),
        hint,
    }
}

/// Fewest measures with units that tell how a text assigns its work.
const ASSIGNED_MIN: usize = 3;

/// Whether at least a third of the measures end in units, or have them in the next line; what stands below 工作要求 and the
/// like is no measure yet.
fn assigned(lines: &[Line], item: Level, numbered: bool) -> bool {
    let level = if numbered { item } else { Level::Group };
    let (mut all, mut own, mut around) = (0, 0, false);
    for (i, line) in lines.iter().enumerate() {
        let Kind::Numbered(n) = line.kind else {
            continue;
        };
        if n.level == Level::Section {
            around = is_around(&line.run);
        }
        if n.level == level && !around {
            all += 1;
            own += usize::from(has_units(lines, i));
        }
    }
    own >= ASSIGNED_MIN && own * 3 >= all || own > 1 && own == all
}

/// Whether a line ends in units, or the next one is nothing else.
pub(crate) fn has_units(lines: &[Line], i: usize) -> bool {
    let own = |l: &Line| take_units(&l.run).found() || inside::take(&l.run).is_some();
    lines.get(i).is_some_and(own)
        || matches!(lines.get(i + 1), Some(l) if matches!(l.kind, Kind::Units(..)))
}

/// 二、任务分工 / 由主管部门牵头，分步推动。 / （一）…（甲局）: the paragraph between a heading and the measures below it, which have
/// units of their own, is about all of them.
pub(crate) fn introduces(lines: &[Line], i: usize, plan: &Plan) -> bool {
    let level = |at: Option<usize>| match lines.get(at?)?.kind {
        Kind::Numbered(n) => Some(n.level),
        _ => None,
    };
    let above = i.checked_sub(1);
    let heads = above.and_then(|at| lines.get(at)).is_some_and(may_head);
    let deeper = level(above).zip(level(Some(i + 1)));
    plan.hint == Hint::Text
        && plan.assigned
        && heads
        && deeper.is_some_and(|(above, below)| below > above)
        && !has_units(lines, i)
        && above.is_some_and(|at| !has_units(lines, at))
        && has_units(lines, i + 1)
}

/// Longest heading with a number of a measure, in characters.
const HEADING_MAX: usize = 30;

/// 1.深化规划公开: reads like a heading, not like a measure.
fn may_head(line: &Line) -> bool {
    weight(&line.run) <= HEADING_MAX
        && !plain(&line.run)
            .trim_end_matches('。')
            .contains(['。', ';', ','])
}

/// In a table with a column of headings: most numbers stand at headings, with measures without number below them.
fn numbers_headings(lines: &[Line], hint: Hint) -> bool {
    if !matches!(hint, Hint::Table { headed: true }) {
        return false;
    }
    let numbered = |l: &Line| matches!(l.kind, Kind::Numbered(n) if n.level == Level::Item);
    let all = lines.iter().filter(|l| numbered(l)).count();
    let heads = lines
        .windows(2)
        .filter(|pair| match pair {
            [line, next] => {
                numbered(line) && may_head(line) && matches!(next.kind, Kind::Body | Kind::Heading)
            }
            _ => false,
        })
        .count();
    heads >= 2 && heads * 3 >= all * 2
}

/// Whether the number at `i` stands at a heading: see [`Plan::headings`]; or straight above the first of its measures.
pub(crate) fn is_numbered_heading(lines: &[Line], i: usize, n: Number, plan: &Plan) -> bool {
    let (Some(line), Some(next)) = (lines.get(i), lines.get(i + 1)) else {
        return false;
    };
    if n.level != Level::Item || !may_head(line) {
        return false;
    }
    match next.kind {
        Kind::Body | Kind::Heading => plan.headings,
        Kind::Numbered(below) => {
            let headed = matches!(plan.hint, Hint::Table { headed: true });
            (headed || below.nested) && below.level == Level::Item && below.value == 1 && !n.nested
        }
        _ => false,
    }
}

/// Longest title of a group whose first measure stands in its line, in characters.
const TITLE_MAX: usize = 40;

/// The title of a group and the measure behind it: （一）公开规划。归集规划文件，…（市发改委负责）.
pub(crate) fn titled(run: &[Mark]) -> Option<(&[Mark], &[Mark])> {
    let (title, rest) = run_in(run);
    let fits = weight(title) <= TITLE_MAX && weight(rest) > 0;
    (fits && take_units(rest).found()).then_some((title, rest))
}

/// （一）做好规划公开。归集规划。（市发改委负责）公布规划。（市档案馆负责）: the title heads several measures of its own line.
pub(crate) fn heads_parts(run: &[Mark]) -> Option<(&[Mark], &[Mark])> {
    let (title, rest) = run_in(run);
    let bracket = rest.first().is_none_or(|m| matches!(m.fold, '(' | '['));
    if bracket || weight(title) > TITLE_MAX {
        return None;
    }
    let parts = split_at_units(rest, Brackets::BehindSentences);
    let owned = parts.iter().filter(|p| take_units(p).found()).count();
    // …（市发改委负责）（三）公布规划: the next group ran on in the same line
    let runs_on = parts.iter().skip(1).any(|p| number(p).is_some());
    (owned > 1 && !runs_on).then_some((title, rest))
}

/// Whether a group's line with its units stands straight above a paragraph with units of its own.
fn heads_paragraphs(lines: &[Line]) -> bool {
    lines.windows(2).any(|pair| match pair {
        [line, next] => {
            matches!(line.kind, Kind::Numbered(n) if n.level == Level::Group)
                && matches!(next.kind, Kind::Body)
                && take_units(&next.run).found()
                && titled(&line.run).is_some()
        }
        _ => false,
    })
}

/// 2.做好财政公开 above （1）…（市财政局） （2）…（市审计局）: a number without units above several that all have them heads
/// them. Their level.
pub(crate) fn measures_below(lines: &[Line], i: usize, n: Number, plan: &Plan) -> Option<Level> {
    let line = lines.get(i)?;
    let item = n.level == Level::Item && plan.item == Level::Item && plan.hint == Hint::Text;
    if !item || !may_head(line) || has_units(lines, i) {
        return None;
    }
    let below = lines.iter().enumerate().skip(i + 1);
    let below: Vec<(usize, Level)> = below
        .take_while(|(_, l)| !matches!(l.kind, Kind::Numbered(n) if n.level <= Level::Item))
        .filter_map(|(i, l)| match l.kind {
            Kind::Numbered(n) => Some((i, n.level)),
            _ => None,
        })
        .collect();
    let (_, level) = *below.first()?;
    // ① and ② below a （2） that has no units are told by that one
    let inside = |(i, own): &(usize, Level)| *own > level && has_units(lines, *i);
    let own = |i: usize| has_units(lines, i) || assigned_inside(lines, i, level).is_some();
    let whole = |of: &(usize, Level)| of.1 == level && own(of.0) || inside(of);
    (below.len() > 1 && below.iter().all(whole)).then_some(level)
}

/// The level of the numbers straight below a number that has no units, where all of them have some.
pub(crate) fn assigned_inside(lines: &[Line], i: usize, level: Level) -> Option<Level> {
    let line = lines.get(i)?;
    if !may_head(line) || has_units(lines, i) {
        return None;
    }
    let below = lines.iter().enumerate().skip(i + 1);
    let below: Vec<(usize, Level)> = below
        .take_while(|(_, l)| !matches!(l.kind, Kind::Numbered(n) if n.level <= level))
        .filter_map(|(i, l)| match l.kind {
            Kind::Numbered(n) => Some((i, n.level)),
            _ => None,
        })
        .collect();
    let (_, first) = *below.first()?;
    let whole = |(i, own): &(usize, Level)| *own == first && has_units(lines, *i);
    below.iter().all(whole).then_some(first)
}

/// 1.人工智能＋旅游 above 一是…（甲局） 二是…（乙局）: a number without units above paragraphs that are counted in words and
/// have units of their own heads them.
pub(crate) fn counted_below(lines: &[Line], i: usize, plan: &Plan) -> bool {
    let Some(line) = lines.get(i) else {
        return false;
    };
    let heads = plan.hint == Hint::Text && may_head(line) && !has_units(lines, i);
    let counts = |at: usize, word: &str| {
        let body = lines.get(at).filter(|l| matches!(l.kind, Kind::Body));
        body.is_some_and(|l| starts(trim(&l.run), word).is_some() && take_units(&l.run).found())
    };
    heads && counts(i + 1, "一是") && counts(i + 2, "二是")
}

/// （1） or ① below 1., where they have units of their own and the numbers above have none: they are the measures.
fn assigned_below(lines: &[Line]) -> Option<Level> {
    let share = |level: Level| {
        let of = |l: &Line| matches!(l.kind, Kind::Numbered(n) if n.level == level);
        let all = lines.iter().filter(|l| of(l)).count();
        let owned = lines
            .iter()
            .enumerate()
            .filter(|(i, l)| of(l) && has_units(lines, *i))
            .count();
        (owned, all)
    };
    let below = |l: &Line| matches!(l.kind, Kind::Numbered(n) if matches!(n.level, Level::Sub | Level::Circled));
    if lines.iter().filter(|l| below(l)).count() < 3 {
        return None;
    }
    let (above, items) = share(Level::Item);
    if items == 0 || above * 5 > items {
        return None;
    }
    [Level::Sub, Level::Circled].into_iter().find(|level| {
        let (owned, all) = share(*level);
        owned >= 3 && owned * 5 >= all * 3 && all >= items
    })
}

/// Fewest such measures.
const ALONE_MIN: usize = 2;

/// （1） or ① straight below 一、 or below no heading, where no 1. stands anywhere: they have units of their own, and no heading
/// has any.
fn assigned_alone(lines: &[Line]) -> Option<Level> {
    let level = |l: &Line| match l.kind {
        Kind::Numbered(n) => Some(n.level),
        _ => None,
    };
    let owns = |i: usize| has_units(lines, i);
    let levels: Vec<(usize, Level)> = lines
        .iter()
        .enumerate()
        .filter_map(|(i, l)| Some((i, level(l)?)))
        .collect();
    let heads = |l: Level| l <= Level::Group;
    let led = levels.iter().any(|(i, l)| heads(*l) && owns(*i));
    let first = levels.iter().map(|(_, l)| *l).find(|l| !heads(*l))?;
    let own = levels.iter().filter(|(_, l)| *l == first);
    let owned = own.clone().filter(|(i, _)| owns(*i)).count();
    let all = own.count();
    let whole = owned >= ALONE_MIN && owned * 5 >= all * 4;
    (matches!(first, Level::Sub | Level::Circled) && whole && !led).then_some(first)
}

/// What names at the end of a measure mean here, in brackets or without any sign: units, where nearly all end in them.
/// Measures without numbers stand among headings and other paragraphs, so that half will do.
pub(crate) fn brackets(lines: &[Line], plan: &Plan) -> Brackets {
    let items: Vec<&Line> = lines
        .iter()
        .filter(|l| match l.kind {
            Kind::Numbered(n) if plan.numbered => n.level == plan.item,
            Kind::Numbered(n) => n.level == Level::Group,
            Kind::Body => !plan.numbered && plan.hint == Hint::Text,
            _ => false,
        })
        .collect();
    let habit = |ends: fn(&[Mark]) -> bool| {
        let named = items.iter().filter(|l| ends(&l.run)).count();
        named >= 3 && (named * 5 >= items.len() * 4 || !plan.numbered && named * 2 >= items.len())
    };
    if habit(ends_in_names) {
        Brackets::Always
    } else if plan.hint == Hint::Text && habit(ends_in_bare_names) {
        Brackets::Bare
    } else {
        Brackets::BehindSentences
    }
}

/// What brackets mean in each line: by the habit of the text, or as its units stand further down, in a line with a label or in
/// brackets, or at the end of its last paragraph behind a label.
pub(crate) fn brackets_of_lines(lines: &[Line], hint: Hint, habit: Brackets) -> Vec<Brackets> {
    let mut out = vec![habit; lines.len()];
    if hint.is_table() {
        return out;
    }
    let told = |l: &Line| {
        let bracket = l.run.first().is_some_and(|m| matches!(m.fold, '(' | '['));
        matches!(l.kind, Kind::Units(..)) && (bracket || label(&l.run).is_some())
    };
    // units of the paragraphs below, as far as they belong to one number
    let mut below = false;
    for (i, line) in lines.iter().enumerate().rev() {
        let next = lines.get(i + 1);
        let direct = next.is_some_and(told);
        let goes_on = next.is_some_and(|l| matches!(l.kind, Kind::Body));
        let tail = goes_on && next.is_some_and(|l| inside::is_labelled(&l.run));
        below = direct || tail || goes_on && below;
        let followed = direct || below && matches!(line.kind, Kind::Numbered(_));
        if let Some(slot) = out.get_mut(i).filter(|_| followed) {
            *slot = Brackets::Followed;
        }
    }
    out
}

/// Whether numbered items stand below the heading at `i`, before the next heading of its level.
pub(crate) fn has_items_below(lines: &[Line], i: usize, level: Level, item: Level) -> bool {
    lines
        .iter()
        .skip(i + 1)
        .take_while(|l| !matches!(l.kind, Kind::Numbered(n) if n.level <= level))
        .any(|l| matches!(l.kind, Kind::Numbered(n) if n.level > level && n.level <= item))
}

/// Whether the next line begins something new, or there is none.
pub(crate) fn nothing_below(lines: &[Line], i: usize) -> bool {
    lines
        .get(i + 1)
        .is_none_or(|l| matches!(l.kind, Kind::Numbered(_) | Kind::Units(..)))
}

/// Fewest blocks of units before their measures that tell how a text is built.
const LEADING_MIN: usize = 2;

/// 问题一：… / 责任单位：… / 整改措施：/ 1.… 2.…: the units stand before the measures that they hold for, and not behind them.
/// The first units have no measure above them, and behind each block, past labels such as 整改目标：, the numbers begin again.
pub(crate) fn units_lead(lines: &[Line], item: Level) -> bool {
    let number = |l: &Line| match l.kind {
        Kind::Numbered(n) if n.level == item => Some(n.value),
        _ => None,
    };
    let units = |l: &Line| matches!(l.kind, Kind::Units(..));
    let Some(first) = lines.iter().position(units) else {
        return false;
    };
    if lines.iter().take(first).any(|l| number(l).is_some()) {
        return false;
    }
    let blocks: Vec<usize> = (first..lines.len())
        .filter(|&i| lines.get(i).is_some_and(units))
        .collect();
    let labelled = |l: &Line| {
        let text = plain(&l.run);
        let label = text.find(':').map(|at| text.split_at(at).0);
        matches!(l.kind, Kind::Deadline(_)) || label.is_some_and(|l| l.chars().count() <= 8)
    };
    let leads = |&i: &usize| {
        let below = lines.iter().skip(i + 1).find(|l| !labelled(l));
        let named = i
            .checked_sub(1)
            .and_then(|j| lines.get(j))
            .is_some_and(may_name);
        named && below.and_then(number) == Some(1)
    };
    blocks.len() >= LEADING_MIN && blocks.iter().all(leads)
}

/// 问题一：…, （二）…: a line that names what the units below it answer for.
fn may_name(line: &Line) -> bool {
    matches!(line.kind, Kind::Body | Kind::Heading)
        || matches!(line.kind, Kind::Numbered(n) if n.level <= Level::Group)
}

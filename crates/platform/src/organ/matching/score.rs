//! How far a printed name is from a form of an organ's name: abbreviations and slips.

use super::MatchKind;

/// Characters of a name beyond which it is compared literally only; the slip test is quadratic.
const NAME_CHARS_MAX: usize = 40;

/// A penalty (0 is the same name), what the difference is, and the difference in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Score {
    pub(super) penalty: u32,
    pub(super) kind: MatchKind,
    pub(super) why: String,
}

/// The general noun at the end of an organ's name. Names of different classes are different organs, except where
/// reforms turned one class into another (局 and 委员会).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Bureau,
    Commission,
    Office,
    Centre,
    Branch,
    Division,
    Association,
    Other(&'static str),
    Unknown,
}

const TAILS: &[(&str, Tail)] = &[
    ("委员会", Tail::Commission),
    ("办公室", Tail::Office),
    ("办公厅", Tail::Office),
    ("联合会", Tail::Association),
    ("指挥部", Tail::Other("指挥部")),
    ("领导小组", Tail::Other("领导小组")),
    ("分局", Tail::Branch),
    ("中心", Tail::Centre),
    ("支队", Tail::Other("队")),
    ("大队", Tail::Other("队")),
    ("公司", Tail::Other("公司")),
    ("集团", Tail::Other("公司")),
    ("协会", Tail::Other("协会")),
    ("总局", Tail::Bureau),
    ("局", Tail::Bureau),
    ("厅", Tail::Bureau),
    ("委", Tail::Commission),
    ("办", Tail::Office),
    ("联", Tail::Association),
    ("科", Tail::Division),
    ("股", Tail::Division),
    ("处", Tail::Division),
    ("室", Tail::Division),
    ("部", Tail::Other("部")),
    ("所", Tail::Other("所")),
    ("站", Tail::Other("站")),
    ("院", Tail::Other("院")),
    ("馆", Tail::Other("馆")),
    ("校", Tail::Other("校")),
    ("府", Tail::Other("府")),
];

/// A name without its place, taken apart once and compared often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) rest: Vec<char>,
    /// Characters before the general noun.
    core: usize,
    tail: Tail,
    /// One bit for each character, for a quick "cannot match": of the whole, and of the core.
    mask: u64,
    core_mask: u64,
}

impl Shape {
    pub(super) fn of(rest: Vec<char>) -> Self {
        let (core, tail) = split_tail(&rest);
        let core_mask = mask(rest.iter().take(core));
        Self {
            core,
            tail,
            mask: mask(&rest),
            core_mask,
            rest,
        }
    }

    fn core(&self) -> &[char] {
        self.rest.get(..self.core).unwrap_or(&self.rest)
    }
}

/// A printed name: its shape, and its shape without a doubled character.
#[derive(Debug, Clone)]
pub(super) struct Printed {
    pub(super) shape: Shape,
    fixed: Option<(Shape, String)>,
}

impl Printed {
    pub(super) fn of(rest: Vec<char>) -> Self {
        let fixed = without_doubling(&rest).map(|(rest, doubled)| (Shape::of(rest), doubled));
        Self {
            shape: Shape::of(rest),
            fixed,
        }
    }
}

/// A bit for each character.
fn mask<'c>(characters: impl IntoIterator<Item = &'c char>) -> u64 {
    characters.into_iter().fold(0, |mask, character| {
        mask | 1 << (u32::from(*character).wrapping_mul(2_654_435_761) >> 26)
    })
}

/// How many characters stand before the general noun, and which noun it is.
fn split_tail(name: &[char]) -> (usize, Tail) {
    TAILS
        .iter()
        .find_map(|(spelling, tail)| {
            let mut before = name.iter();
            for wanted in spelling.chars().rev() {
                if before.next_back() != Some(&wanted) {
                    return None;
                }
            }
            let core = before.len();
            (core > 0).then_some((core, *tail))
        })
        .unwrap_or((name.len(), Tail::Unknown))
}

/// What it costs to take one general noun for the other; `None` when they cannot mean the same.
fn tail_penalty(a: Tail, b: Tail) -> Option<u32> {
    match (a, b) {
        _ if a == b => Some(0),
        (Tail::Bureau, Tail::Commission) | (Tail::Commission, Tail::Bureau) => Some(4),
        (Tail::Branch, Tail::Bureau) | (Tail::Bureau, Tail::Branch) => Some(5),
        (Tail::Office, Tail::Bureau | Tail::Division | Tail::Centre)
        | (Tail::Bureau | Tail::Division | Tail::Centre, Tail::Office) => Some(8),
        _ => None,
    }
}

/// Compares a printed name with a form's. `None`: nothing to do with each other.
pub(super) fn compare(printed: &Printed, form: &Shape) -> Option<Score> {
    let shape = &printed.shape;
    if shape.rest == form.rest {
        return Some(Score {
            penalty: 0,
            kind: MatchKind::Exact,
            why: String::new(),
        });
    }
    let (short, long) = (
        shape.rest.len().min(form.rest.len()),
        shape.rest.len().max(form.rest.len()),
    );
    if short < 2 || long > NAME_CHARS_MAX {
        return None;
    }
    let shortened = abbreviation(shape, form);
    let slipped = doubling(printed, form).or_else(|| slip(shape, form));
    match (shortened, slipped) {
        (Some(a), Some(b)) => Some(if b.penalty < a.penalty { b } else { a }),
        (one, other) => one.or(other),
    }
}

fn text(characters: &[char]) -> String {
    characters.iter().collect()
}

fn abbreviation(printed: &Shape, form: &Shape) -> Option<Score> {
    let reversed = printed.core > form.core;
    let (short, long) = if reversed {
        (form, printed)
    } else {
        (printed, form)
    };
    // The cheap refusal of almost every pair.
    if short.core_mask & !long.core_mask != 0 {
        return None;
    }
    let tail = tail_penalty(printed.tail, form.tail)?;
    let (short, long) = (short.core(), long.core());
    let (printed, form) = (&printed.rest, &form.rest);
    let core = core_penalty(short, long)?;
    let why = if reversed {
        format!("名录中的“{}”是“{}”的简写", text(form), text(printed))
    } else {
        format!("“{}”是“{}”的简写", text(printed), text(form))
    };
    Some(Score {
        penalty: core + tail + u32::from(reversed) * 2,
        kind: MatchKind::Abbreviation,
        why,
    })
}

/// How natural `short` is as a shortening of `long`.
fn core_penalty(short: &[char], long: &[char]) -> Option<u32> {
    if short == long {
        return Some(2);
    }
    if short.is_empty() {
        return None;
    }
    if without_joints(short) == without_joints(long) {
        return Some(2);
    }
    let skipped = u32::try_from(long.len() - short.len()).unwrap_or(u32::MAX);
    if let Some(at) = find_run(short, long) {
        if at == 0 {
            return (short.len() >= 2).then(|| 6 + skipped / 3);
        }
        // 疫情防控指挥部 inside 新冠肺炎疫情防控指挥部.
        return (short.len() >= 2).then(|| 11 + skipped / 3);
    }
    let runs = runs(short, long)?;
    if short.first() != long.first() {
        return None;
    }
    let lone = if short.len() == 1 { 6 } else { 0 };
    Some(6 + 2 * (runs - 1) + skipped / 3 + lone)
}

/// A name without 和 and its like, which people leave out.
fn without_joints(name: &[char]) -> Vec<char> {
    name.iter()
        .copied()
        .filter(|character| !matches!(character, '和' | '与' | '及' | '、'))
        .collect()
}

fn find_run(short: &[char], long: &[char]) -> Option<usize> {
    long.windows(short.len()).position(|window| window == short)
}

/// In how many pieces `short` lies in `long`, in order; `None` when it does not.
fn runs(short: &[char], long: &[char]) -> Option<u32> {
    let (mut runs, mut adjacent) = (0, false);
    let mut wanted = short.iter().peekable();
    for character in long {
        if wanted.peek() == Some(&character) {
            wanted.next();
            if !adjacent {
                runs += 1;
            }
            adjacent = true;
        } else {
            adjacent = false;
        }
    }
    wanted.peek().is_none().then_some(runs)
}

/// A name with something written twice, right or shortened otherwise.
fn doubling(printed: &Printed, form: &Shape) -> Option<Score> {
    let (fixed, doubled) = printed.fixed.as_ref()?;
    let score = |penalty: u32, why: String| {
        Some(Score {
            penalty,
            kind: MatchKind::Slip,
            why,
        })
    };
    if fixed.rest == form.rest {
        return score(5, format!("疑似重复书写了“{doubled}”"));
    }
    let also = abbreviation(fixed, form)?;
    score(
        also.penalty + 3,
        format!("疑似重复书写了“{doubled}”，且{}", also.why),
    )
}

fn slip(printed: &Shape, form: &Shape) -> Option<Score> {
    let score = |penalty: u32, why: String| {
        Some(Score {
            penalty,
            kind: MatchKind::Slip,
            why,
        })
    };
    let difference = printed.rest.len().abs_diff(form.rest.len());
    let shorter = printed.rest.len().min(form.rest.len());
    // Each wrong character changes at most two bits.
    if difference > 2 || shorter < 3 || (printed.mask ^ form.mask).count_ones() > 4 {
        return None;
    }
    let known = |tail: Tail| tail != Tail::Unknown;
    if printed.tail != form.tail && known(printed.tail) && known(form.tail) {
        return None;
    }
    let core = printed.core.min(form.core);
    let (printed, form) = (&printed.rest, &form.rest);
    match distance(printed, form) {
        1 if difference == 0 && !same_letters(printed, form) => {
            // 水利局 and 水务局 may be two organs; a long name that differs in one character is hardly another one.
            let why = format!("与“{}”只差一个字", text(form));
            if core >= 4 {
                score(8, why)
            } else if core >= 2 && printed.first() == form.first() {
                score(16, why)
            } else {
                None
            }
        }
        1 if difference == 0 => score(7, format!("与“{}”有相邻两字颠倒", text(form))),
        1 if core >= 3 => score(7, format!("与“{}”多一字或少一字", text(form))),
        1 => score(16, format!("与“{}”多一字或少一字", text(form))),
        _ if printed.len() >= 6
            && same_letters(&without_joints(printed), &without_joints(form)) =>
        {
            score(9, format!("与“{}”用字相同，字序不同", text(form)))
        }
        2 if core >= 6 => score(15, format!("与“{}”差两个字", text(form))),
        _ => None,
    }
}

fn same_letters(a: &[char], b: &[char]) -> bool {
    let sorted = |name: &[char]| {
        let mut name = name.to_vec();
        name.sort_unstable();
        name
    };
    a.len() == b.len() && sorted(a) == sorted(b)
}

/// Takes out the first character or pair that stands twice in a row: what is left, and what was doubled.
fn without_doubling(name: &[char]) -> Option<(Vec<char>, String)> {
    for length in [1, 2] {
        for (at, window) in name.windows(2 * length).enumerate() {
            let (first, second) = window.split_at_checked(length)?;
            if first == second {
                let fixed = name
                    .iter()
                    .take(at)
                    .chain(name.iter().skip(at + length))
                    .copied()
                    .collect();
                return Some((fixed, text(first)));
            }
        }
    }
    None
}

/// Edit distance with transpositions of neighbours (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut a_before = None;
    for (i, a_here) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        let mut b_before = None;
        for (j, b_here) in b.iter().enumerate() {
            let at =
                |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&last, j) + usize::from(a_here != b_here))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            if j > 0 && a_before == Some(b_here) && b_before == Some(a_here) {
                cost = cost.min(at(&before_last, j - 1) + 1);
            }
            row.push(cost);
            b_before = Some(b_here);
        }
        before_last = std::mem::replace(&mut last, row);
        a_before = Some(a_here);
    }
    last.last().copied().unwrap_or(0)
}

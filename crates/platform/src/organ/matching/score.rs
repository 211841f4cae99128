//! How far a printed name is from a form of an organ's name: abbreviations and slips.

use super::MatchKind;
use super::form::mask;

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

fn split_tail(name: &[char]) -> (&[char], Tail) {
    for (spelling, tail) in TAILS {
        let length = spelling.chars().count();
        if name.len() > length
            && let Some((core, end)) = name.split_at_checked(name.len() - length)
            && end.iter().copied().eq(spelling.chars())
        {
            return (core, *tail);
        }
    }
    (name, Tail::Unknown)
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

/// Compares a printed rest with a form's. `None`: nothing to do with each other.
pub(super) fn compare(
    printed: &[char],
    printed_mask: u64,
    form: &[char],
    form_mask: u64,
) -> Option<Score> {
    if printed == form {
        return Some(Score {
            penalty: 0,
            kind: MatchKind::Exact,
            why: String::new(),
        });
    }
    if printed.len() < 2 || form.len() < 2 || printed.len().max(form.len()) > NAME_CHARS_MAX {
        return None;
    }
    let shortened = abbreviation(printed, printed_mask, form, form_mask);
    let slipped = slip(printed, printed_mask, form, form_mask);
    match (shortened, slipped) {
        (Some(a), Some(b)) => Some(if b.penalty < a.penalty { b } else { a }),
        (one, other) => one.or(other),
    }
}

fn text(characters: &[char]) -> String {
    characters.iter().collect()
}

fn abbreviation(
    printed: &[char],
    printed_mask: u64,
    form: &[char],
    form_mask: u64,
) -> Option<Score> {
    let (printed_core, printed_tail) = split_tail(printed);
    let (form_core, form_tail) = split_tail(form);
    let tail = tail_penalty(printed_tail, form_tail)?;
    let (short, long, reversed) = if printed_core.len() <= form_core.len() {
        (printed_core, form_core, false)
    } else {
        (form_core, printed_core, true)
    };
    // The cheap refusal of almost every pair; general nouns are not part of the cores.
    let (short_mask, long_mask) = if reversed {
        (mask(short), printed_mask)
    } else {
        (mask(short), form_mask)
    };
    if short_mask & !long_mask != 0 {
        return None;
    }
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

fn slip(printed: &[char], printed_mask: u64, form: &[char], form_mask: u64) -> Option<Score> {
    let score = |penalty: u32, why: String| {
        Some(Score {
            penalty,
            kind: MatchKind::Slip,
            why,
        })
    };
    if let Some((fixed, doubled)) = without_doubling(printed) {
        let why = format!("疑似重复书写了“{doubled}”");
        if fixed == form {
            return score(5, why);
        }
        if let Some(also) = abbreviation(&fixed, mask(&fixed), form, form_mask) {
            return score(also.penalty + 3, format!("{why}，且{}", also.why));
        }
    }
    let difference = printed.len().abs_diff(form.len());
    // Each wrong character changes at most two bits.
    if difference > 2
        || printed.len().min(form.len()) < 3
        || (printed_mask ^ form_mask).count_ones() > 4
    {
        return None;
    }
    let (printed_core, printed_tail) = split_tail(printed);
    let (form_core, form_tail) = split_tail(form);
    let known = |tail: Tail| tail != Tail::Unknown;
    if printed_tail != form_tail && known(printed_tail) && known(form_tail) {
        return None;
    }
    let core = printed_core.len().min(form_core.len());
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

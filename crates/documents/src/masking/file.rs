//! A file with its personal data covered: which of its words become what, and what a copy still tells.

use std::collections::{BTreeMap, HashMap};

use gongkai_inspect::{CHARS_MAX, Confidence, Finding, Kind, Masking, Rules, mask};
use gongkai_office::hidden::{Change, Piece};

use super::{Which, personal};

/// What is covered may be what told that something beside it was none: it is looked at again, until a look covers nothing.
const LOOKS_MAX: usize = 10;
/// Passages that are looked for in the whole of a copy; of more it is not told which are gone.
const MOVED_MAX: usize = 1_000;
/// Digits from which on a run of letters and digits is the same number wherever it stands.
const NUMBER_DIGITS_MIN: usize = 6;

/// A passage that is covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// Where, for people: 工作表“名单”C5.
    pub place: String,
    pub kind: Kind,
    /// As it stands in the copy.
    pub masked: String,
}

/// What becomes of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub changes: Vec<Change>,
    /// In the order of the file.
    pub covered: Vec<Covered>,
}

/// The pieces as one text, in which heads of columns stand above what they explain.
struct Whole {
    chars: Vec<char>,
    /// Where each piece begins, in characters.
    starts: Vec<usize>,
}

impl Whole {
    fn of(pieces: &[Piece]) -> Self {
        let (mut chars, mut starts) = (Vec::new(), Vec::with_capacity(pieces.len()));
        let flat = |c: char| if matches!(c, '\n' | '\r') { ' ' } else { c };
        for piece in pieces {
            chars.extend(piece.before.chars());
            starts.push(chars.len());
            chars.extend(piece.text.chars().map(flat));
            if piece.ends_line {
                chars.push('\n');
            }
        }
        Self { chars, starts }
    }
}

/// What is covered: where it ends and its kind, by where it begins.
type Found = BTreeMap<usize, (usize, Kind)>;

/// Which words of a file become what.
///
/// # Errors
/// A sentence where there is more text than one look takes.
pub fn plan(
    pieces: &[Piece],
    (rules, masking): (&Rules, &Masking),
    which: Which,
) -> Result<Plan, String> {
    let whole = Whole::of(pieces);
    if whole.chars.len() > CHARS_MAX {
        return Err(format!(
            "文件里的文字超过{}万字，没有生成副本，原文件没有改动。请拆分后重试。",
            CHARS_MAX / 10_000
        ));
    }
    let mut text: String = whole.chars.iter().collect();
    let mut found = Found::new();
    for _ in 0..LOOKS_MAX {
        let seen = personal(&text, rules, which);
        let covered = mask(&text, &seen, masking);
        if covered == text {
            break;
        }
        let before: Vec<char> = text.chars().collect();
        let after: Vec<char> = covered.chars().collect();
        for one in seen {
            if before.get(one.start..one.end) != after.get(one.start..one.end) {
                found.insert(one.start, (one.end, one.kind));
            }
        }
        text = covered;
    }
    let mut after: Vec<char> = text.chars().collect();
    same_numbers(&whole.chars, &mut after, &mut found);
    Ok(Plan {
        changes: changes(pieces, &whole, &after),
        covered: covered(pieces, &whole, (after.as_slice(), &found)),
    })
}

/// Runs of letters and digits that are numbers: where each begins and ends.
fn numbers(chars: &[char]) -> Vec<(usize, usize)> {
    let (mut runs, mut from, mut digits) = (Vec::new(), None, 0_usize);
    for (at, c) in chars.iter().chain(['\n'].iter()).enumerate() {
        if c.is_ascii_alphanumeric() {
            from.get_or_insert(at);
            digits += usize::from(c.is_ascii_digit());
            continue;
        }
        if let Some(from) = from.take()
            && digits >= NUMBER_DIGITS_MIN
        {
            runs.push((from, at));
        }
        digits = 0;
    }
    runs
}

/// A number that is covered in one place is covered wherever it stands: one uncovered place would tell them all.
fn same_numbers(before: &[char], after: &mut [char], found: &mut Found) {
    let runs = numbers(before);
    let mut known: HashMap<&[char], (Vec<char>, Kind)> = HashMap::new();
    for (from, to) in &runs {
        let (Some(old), Some(new)) = (before.get(*from..*to), after.get(*from..*to)) else {
            continue;
        };
        let kind = found.range(..*to).next_back().map(|(_, (_, kind))| *kind);
        if let Some(kind) = kind.filter(|_| old != new) {
            known.insert(old, (new.to_vec(), kind));
        }
    }
    for (from, to) in runs {
        let (Some(old), Some(new)) = (before.get(from..to), after.get_mut(from..to)) else {
            continue;
        };
        if let Some((masked, kind)) = known.get(old)
            && old == &*new
        {
            new.copy_from_slice(masked);
            found.insert(from, (to, *kind));
        }
    }
}

fn changes(pieces: &[Piece], whole: &Whole, after: &[char]) -> Vec<Change> {
    let change = |(n, (piece, start)): (usize, (&Piece, &usize))| -> Option<Change> {
        let to = start + piece.text.chars().count();
        let (old, new) = (whole.chars.get(*start..to)?, after.get(*start..to)?);
        if old == new {
            return None;
        }
        let text: String = piece
            .text
            .chars()
            .zip(old.iter().zip(new))
            // What was flattened for the look stays as it was.
            .map(|(own, (old, new))| if old == new { own } else { *new })
            .collect();
        Some((n, text))
    };
    let all = pieces.iter().zip(&whole.starts).enumerate();
    all.filter_map(change).collect()
}

fn covered(pieces: &[Piece], whole: &Whole, (after, found): (&[char], &Found)) -> Vec<Covered> {
    let one = |(start, (end, kind)): (&usize, &(usize, Kind))| -> Option<Covered> {
        let at = whole.starts.partition_point(|from| from <= start);
        let masked: String = after.get(*start..*end)?.iter().collect();
        Some(Covered {
            place: pieces.get(at.checked_sub(1)?)?.place.clone(),
            kind: *kind,
            masked: masked.split_whitespace().collect::<Vec<_>>().join(" "),
        })
    };
    found.iter().filter_map(one).collect()
}

/// Text without white space: what is covered may stand over two lines.
fn packed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Those of what was covered that stand in the copy: what was hidden is gone with its words, and nobody has to look for it.
#[must_use]
pub fn standing(covered: Vec<Covered>, copy: &[Piece]) -> Vec<Covered> {
    let (mut whole, mut places) = (String::new(), HashMap::<&str, String>::new());
    for piece in copy {
        let text = packed(&piece.text);
        whole.push_str(&text);
        places.entry(&piece.place).or_default().push_str(&text);
    }
    // First each at its own place; then, since places may have moved, wherever its words are left over.
    let (mut here, mut taken) = (HashMap::new(), HashMap::<String, usize>::new());
    let mut kept: Vec<(bool, String, Covered)> = Vec::with_capacity(covered.len());
    for one in covered {
        let masked = packed(&one.masked);
        let there = places.get(one.place.as_str());
        let count = there.map_or(0, |text| text.matches(masked.as_str()).count());
        let left = here
            .entry((one.place.clone(), masked.clone()))
            .or_insert(count);
        let stands = *left > 0;
        if stands {
            *left -= 1;
            *taken.entry(masked.clone()).or_default() += 1;
        }
        kept.push((stands, masked, one));
    }
    let lost = kept.iter().filter(|(stands, _, _)| !stands).count();
    if lost > MOVED_MAX {
        return kept.into_iter().map(|(_, _, one)| one).collect();
    }
    let stands = |(stands, masked, one): (bool, String, Covered)| {
        let taken = taken.entry(masked.clone()).or_default();
        let is_left = !stands && whole.matches(masked.as_str()).count() > *taken;
        *taken += usize::from(is_left);
        (stands || is_left).then_some(one)
    };
    kept.into_iter().filter_map(stands).collect()
}

/// What the check is sure of in a copy and the rule would cover: nothing of it may be left.
#[must_use]
pub fn left<'f>(findings: &'f [Finding], masking: &Masking) -> Vec<&'f Finding> {
    let would_be = |one: &&Finding| {
        let alone = Finding {
            start: 0,
            end: one.text.chars().count(),
            ..(*one).clone()
        };
        mask(&one.text, &[alone], masking) != one.text
    };
    let sure = findings
        .iter()
        .filter(|one| one.kind.is_personal() && one.confidence == Confidence::High);
    sure.filter(would_be).collect()
}

#[cfg(test)]
mod tests {
    use gongkai_inspect::{Kind, Masking, NameMask, Rules, inspect};
    use gongkai_office::hidden::Piece;

    use super::super::Which;
    use super::{Covered, Plan, left, plan, standing};

    const ID: &str = "440203199003070016";

    fn piece(place: &str, before: &str, text: &str, ends_line: bool) -> Piece {
        Piece {
            place: place.to_owned(),
            text: text.to_owned(),
            before: before.to_owned(),
            ends_line,
        }
    }

    fn planned(pieces: &[Piece], masking: &Masking) -> Plan {
        let by = (&Rules::default(), masking);
        plan(pieces, by, Which::Sure).unwrap()
    }

    #[test]
    fn a_list_is_covered_cell_by_cell() {
        let pieces = [
            piece("A1", "", "姓名", false),
            piece("B1", "\t", "身份证号码", true),
            piece("A2", "", "张伟", false),
            piece("B2", "\t", ID, true),
            piece("A3", "", "合计", false),
            piece("B3", "\t", "1人", true),
        ];
        let plan = planned(&pieces, &Masking::default());
        assert_eq!(
            plan.changes,
            [(2, "张*".to_owned()), (3, "440*************16".to_owned())]
        );
        let told: Vec<(&str, Kind, &str)> = plan
            .covered
            .iter()
            .map(|one| (one.place.as_str(), one.kind, one.masked.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("A2", Kind::Name, "张*"),
                ("B2", Kind::IdCard, "440*************16")
            ]
        );
    }

    #[test]
    fn lines_of_a_csv_keep_their_commas_and_breaks_in_cells_stay() {
        let csv = [
            piece("第1行", "", "姓名,身份证号码", true),
            piece("第2行", "", &format!("张伟,{ID}"), true),
        ];
        let plan = planned(&csv, &Masking::default());
        assert_eq!(plan.changes, [(1, "张*,440*************16".to_owned())]);
        let quoted = [
            piece("第1行", "", "\"姓名\",\"身份证号码\",\"金额\"", true),
            piece("第2行", "", &format!("\"张伟\",\"{ID}\",\"7,00\""), true),
        ];
        let plan = planned(&quoted, &Masking::default());
        let wanted = "\"张*\",\"440*************16\",\"7,00\"".to_owned();
        assert_eq!(plan.changes, [(1, wanted)]);
        let broken = [piece("A1", "", &format!("身份证号：\n{ID}"), true)];
        let plan = planned(&broken, &Masking::default());
        assert_eq!(
            plan.changes,
            [(0, "身份证号：\n440*************16".to_owned())]
        );
    }

    #[test]
    fn the_same_number_is_covered_wherever_it_stands() {
        let pieces = [
            piece("正文第1段", "", &format!("身份证号：{ID}。"), true),
            piece("正文第2段", "", &format!("档案名 A-{ID}-1"), true),
        ];
        let plan = planned(&pieces, &Masking::default());
        assert!(
            plan.changes.len() == 2 && plan.changes.iter().all(|(_, text)| !text.contains(ID)),
            "{plan:?}"
        );
        assert_eq!(plan.covered.len(), 2);
    }

    #[test]
    fn what_was_hidden_is_not_counted_among_what_the_copy_has() {
        let one = |place: &str, masked: &str| Covered {
            place: place.to_owned(),
            kind: Kind::Name,
            masked: masked.to_owned(),
        };
        let all = vec![
            one("正文第1段", "张*"),
            one("正文第1段", "张*"),
            one("正文第2段", "李*"),
            one("正文第4段", "138****8000"),
            one("第1页第2行", "440*************16"),
        ];
        // The second 张* and 李* were hidden; a paragraph moved up, and a number stands over two lines.
        let copy = [
            piece("正文第1段", "", "申请人：张*", true),
            piece("正文第3段", "", "电话 138****8000", true),
            piece("第1页第2行", "", "440****", false),
            piece("第1页第3行", "", "*********16", true),
        ];
        let left = standing(all.clone(), &copy);
        let kept = [0, 3, 4].map(|n: usize| all[n].clone());
        assert_eq!(left, kept);
    }

    #[test]
    fn what_the_rule_leaves_readable_is_not_left() {
        let found = |text: &str| inspect(text, &Rules::default());
        let names = Masking {
            name: NameMask::Keep,
            ..Masking::default()
        };
        let list = found("姓名：张伟，身份证号码：11010519491231002X");
        let kinds = |masking: &Masking| -> Vec<Kind> {
            left(&list, masking).iter().map(|one| one.kind).collect()
        };
        assert!(kinds(&names).contains(&Kind::IdCard) && !kinds(&names).contains(&Kind::Name));
        assert!(kinds(&Masking::default()).contains(&Kind::Name));
        assert!(left(&found("身份证号码：110*************2X"), &names).is_empty());
    }
}

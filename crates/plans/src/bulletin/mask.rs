//! Personal data in a bulletin, found as before publication, however it is written: a mobile number becomes 138****1234, an
//! identity number keeps two digits before and three after, a name its family name, a home address ends with the 乡镇.

use gongkai_inspect::{Confidence, Finding, Kind, Masking, NameMask, Rules, inspect};

/// What was covered, for the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    pub what: &'static str,
    pub before: String,
    pub after: String,
}

/// What stays readable.
const MASKING: Masking = Masking {
    id_card: (2, 3),
    mobile: (3, 4),
    bank_card: (0, 4),
    name: NameMask::Surname,
};
/// What is covered may be what told that something beside it was none: it is looked at again, until a look covers nothing.
/// Each look but the last covers a passage more, so a line of sixty characters rests well before.
const LOOKS_MAX: usize = 10;
const MOBILE_DIGITS: usize = 11;
const ID_DIGITS: usize = 18;
/// What ends an address above the 乡镇.
const TOWNS: [&str; 3] = ["街道", "镇", "乡"];
/// What names a place below the 乡镇 exactly, after a number.
const DOORS: [char; 6] = ['号', '室', '组', '栋', '幢', '户'];
/// Words that say that an address is somebody's home.
const HOMES: [&str; 4] = ["住", "家庭地址", "地址", "户籍"];
const STOPS: [char; 12] = [
    '，', '。', '；', '、', '！', '？', '（', '）', ',', ';', '\n', ' ',
];

/// The text with personal data covered, and what was covered.
#[must_use]
pub fn mask(text: &str) -> (String, Vec<Covered>) {
    let mut covered = Vec::new();
    let mut whole = text.to_owned();
    for _ in 0..LOOKS_MAX {
        let before = covered.len();
        // What names stand beside tells that they are private: numbers are covered last.
        whole = addresses(&whole, &mut covered);
        whole = found(&whole, &mut covered);
        whole = numbers(&whole, &mut covered);
        if covered.len() == before {
            break;
        }
    }
    (whole, covered)
}

/// What may be personal in a text and is left as it is: its kind, and the passage. A person looks at it.
#[must_use]
pub fn doubts(text: &str) -> Vec<(&'static str, String)> {
    inspect(&mask(text).0, &Rules::default())
        .into_iter()
        .filter(|one| one.kind.is_personal() && !is_covered(one))
        .map(|one| (one.kind.title(), one.text))
        .collect()
}

/// Sure personal data; numbers of people also where they are merely likely, since a bulletin needs none.
fn is_covered(one: &Finding) -> bool {
    let number = matches!(one.kind, Kind::IdCard | Kind::Mobile | Kind::BankCard);
    one.kind.is_personal() && (number || one.confidence == Confidence::High)
}

fn found(text: &str, covered: &mut Vec<Covered>) -> String {
    let mut findings = inspect(text, &Rules::default());
    findings.retain(is_covered);
    let whole = gongkai_inspect::mask(text, &findings, &MASKING);
    for one in findings {
        let after: String = whole
            .chars()
            .skip(one.start)
            .take(one.end - one.start)
            .collect();
        if after != one.text {
            covered.push(Covered {
                what: one.kind.title(),
                before: one.text,
                after,
            });
        }
    }
    whole
}

/// Runs of digits as long as a mobile or an identity number, also those that are none by their digits: somebody may have
/// mistyped one.
fn numbers(text: &str, covered: &mut Vec<Covered>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        let digit = c.is_ascii_digit();
        // The check character of an identity number may be X.
        let check = matches!(c, 'X' | 'x') && run.chars().count() == ID_DIGITS - 1;
        if digit || check {
            run.push(c);
            continue;
        }
        out.push_str(&number(&run, covered));
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn number(run: &str, covered: &mut Vec<Covered>) -> String {
    let (what, head, stars, tail) = match run.len() {
        MOBILE_DIGITS if run.starts_with('1') && run.as_bytes().get(1) >= Some(&b'3') => {
            (Kind::Mobile.title(), 3, 4, 4)
        }
        ID_DIGITS => (Kind::IdCard.title(), 2, 13, 3),
        _ => return run.to_owned(),
    };
    let after = format!(
        "{}{}{}",
        run.get(..head).unwrap_or(""),
        "*".repeat(stars),
        run.get(run.len() - tail..).unwrap_or("")
    );
    covered.push(Covered {
        what,
        before: run.to_owned(),
        after: after.clone(),
    });
    after
}

/// Cuts addresses after the 乡镇, clause by clause.
fn addresses(text: &str, covered: &mut Vec<Covered>) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(STOPS) {
        let stop = piece.chars().next_back().filter(|c| STOPS.contains(c));
        let clause = match stop {
            Some(stop) => piece.strip_suffix(stop).unwrap_or(piece),
            None => piece,
        };
        match shortened(clause) {
            Some((end, last)) => {
                let kept = clause.get(..end).unwrap_or(clause);
                let rest = clause.get(last..).unwrap_or("");
                covered.push(Covered {
                    what: "住址",
                    before: clause.to_owned(),
                    after: format!("{kept}{rest}"),
                });
                out.push_str(kept);
                out.push_str(rest);
            }
            None => out.push_str(clause),
        }
        out.extend(stop);
    }
    out
}

/// Where the 乡镇 of a clause ends and where what is too exact ends, in bytes.
fn shortened(clause: &str) -> Option<(usize, usize)> {
    let town = TOWNS
        .iter()
        .filter_map(|town| clause.find(town).map(|at| at + town.len()))
        .min()?;
    let below = clause.get(town..)?;
    let mut last = None;
    let mut before = '\0';
    for (at, c) in below.char_indices() {
        if DOORS.contains(&c) && is_number(before) {
            last = Some(town + at + c.len_utf8());
        }
        before = c;
    }
    let home = HOMES
        .iter()
        .any(|word| clause.get(..town).is_some_and(|head| head.contains(word)));
    let village = below.rfind('村').map(|at| town + at + '村'.len_utf8());
    let end = last.max(village.filter(|_| home))?;
    Some((town, end))
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

#[cfg(test)]
mod tests {
    use super::{doubts, mask};
    use proptest::prelude::*;

    #[test]
    fn the_three_kinds_are_covered_as_in_official_bulletins() {
        let check = |text: &str, wanted: &str| assert_eq!(mask(text).0, wanted, "{text}");
        check("联系电话13800001234。", "联系电话138****1234。");
        check(
            "身份证号350000199001010123，",
            "身份证号35*************123，",
        );
        check("350000199001010X", "350000199001010X");
        check("35000019900101012X", "35*************12X");
        check(
            "家住安澜市云岭县青禾镇石桥村三组12号，未核实",
            "家住安澜市云岭县青禾镇，未核实",
        );
        check("住云岭县青禾镇石桥村的张某", "住云岭县青禾镇的张某");
        check(
            "青禾镇石桥村村务公开栏未更新。",
            "青禾镇石桥村村务公开栏未更新。",
        );
        check("安政办发〔2026〕12号文件", "安政办发〔2026〕12号文件");
        check(
            "电话0591-1234567，编号123456789012",
            "电话0591-1234567，编号123456789012",
        );
    }

    #[test]
    fn what_is_written_otherwise_is_covered_too() {
        let check = |text: &str, wanted: &str| assert_eq!(mask(text).0, wanted, "{text}");
        check("电话8613912345678。", "电话86139****5678。");
        check("电话+8613912345678。", "电话+86139****5678。");
        check("电话139-1234-5678。", "电话139-****-5678。");
        check("电话139 1234 5678。", "电话139 **** 5678。");
        check("电话１３９１２３４５６７８。", "电话１３９****５６７８。");
        check("银行卡号6222021234567890128", "银行卡号***************0128");
        check(
            "联系人：王建国，电话13912345678。",
            "联系人：王**，电话139****5678。",
        );
    }

    #[test]
    fn what_is_merely_likely_is_left_to_a_person() {
        let text = "整改情况请报anlanzwgk@163.com。";
        assert_eq!(mask(text).0, text);
        let doubt = ("个人邮箱", "anlanzwgk@163.com".to_owned());
        assert_eq!(doubts(text), [doubt]);
        assert!(doubts("联系电话13800001234。").is_empty());
    }

    proptest! {
        #[test]
        fn covering_twice_changes_nothing(text in "[0-9X住镇村号一，。a-z]{0,60}") {
            let (once, _) = mask(&text);
            let (twice, covered) = mask(&once);
            prop_assert_eq!(&once, &twice);
            prop_assert!(covered.is_empty());
        }

        #[test]
        fn no_mobile_number_gets_through(tail in 0_u64..1_000_000_000, before in "[a-z号，]{0,5}", after in "[a-z号，]{0,5}") {
            let number = format!("13{tail:09}");
            let (text, covered) = mask(&format!("{before}{number}{after}"));
            prop_assert!(!text.contains(&number));
            prop_assert!(covered.iter().any(|one| one.what == "手机号码"));
        }
    }
}

//! Personal data in a bulletin, found as before publication, however it is written, and covered by the rule of the government
//! whose office it is: by the built-in one a mobile number becomes 138****1234. A home address ends with the 乡镇.

use std::sync::Arc;

use gongkai_basis::id::OrganId;
use gongkai_inspect::{Confidence, Finding, Kind, Masking, NameMask, Rules, inspect};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Check;

/// What was covered, for the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    pub what: &'static str,
    pub before: String,
    pub after: String,
}

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

/// The rule by which an office's bulletins are covered: that of its government, as the check before publication knows it; the
/// built-in one where no check is there.
///
/// # Errors
/// When the store fails.
pub async fn rule(
    tx: &mut Tx,
    check: Option<&Arc<dyn Check>>,
    office: OrganId,
) -> Result<Masking, StoreError> {
    let Some(check) = check else {
        return Ok(Masking::default());
    };
    let rule = check.readable(tx, office).await?;
    Ok(Masking {
        id_card: rule.id_card,
        mobile: rule.mobile,
        bank_card: rule.bank_card,
        name: match rule.name {
            None => NameMask::Keep,
            Some(0) => NameMask::All,
            Some(_) => NameMask::Surname,
        },
    })
}

/// The text with personal data covered by this rule, and what was covered.
#[must_use]
pub fn mask(text: &str, rule: &Masking) -> (String, Vec<Covered>) {
    let mut covered = Vec::new();
    let mut whole = text.to_owned();
    for _ in 0..LOOKS_MAX {
        let before = covered.len();
        // What names stand beside tells that they are private: numbers are covered last.
        whole = addresses(&whole, &mut covered);
        whole = found(&whole, rule, &mut covered);
        whole = numbers(&whole, rule, &mut covered);
        if covered.len() == before {
            break;
        }
    }
    (whole, covered)
}

/// What may be personal in a text and is left as it is: its kind, and the passage. A person looks at it.
#[must_use]
pub fn doubts(text: &str, rule: &Masking) -> Vec<(&'static str, String)> {
    let is_left = |one: &Finding| {
        let is_kept = one.kind == Kind::Name && rule.name == NameMask::Keep;
        one.kind.is_personal() && (is_kept || !is_covered(one))
    };
    inspect(&mask(text, rule).0, &Rules::default())
        .into_iter()
        .filter(is_left)
        .map(|one| (one.kind.title(), one.text))
        .collect()
}

/// Sure personal data; numbers of people also where they are merely likely, since a bulletin needs none.
fn is_covered(one: &Finding) -> bool {
    let number = matches!(one.kind, Kind::IdCard | Kind::Mobile | Kind::BankCard);
    one.kind.is_personal() && (number || one.confidence == Confidence::High)
}

fn found(text: &str, rule: &Masking, covered: &mut Vec<Covered>) -> String {
    let mut findings = inspect(text, &Rules::default());
    findings.retain(is_covered);
    let whole = gongkai_inspect::mask(text, &findings, rule);
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
fn numbers(text: &str, rule: &Masking, covered: &mut Vec<Covered>) -> String {
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
        out.push_str(&number(&run, rule, covered));
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn number(run: &str, rule: &Masking, covered: &mut Vec<Covered>) -> String {
    let (what, (head, tail)) = match run.len() {
        MOBILE_DIGITS if run.starts_with('1') && run.as_bytes().get(1) >= Some(&b'3') => {
            (Kind::Mobile.title(), rule.mobile)
        }
        ID_DIGITS => (Kind::IdCard.title(), rule.id_card),
        _ => return run.to_owned(),
    };
    // A rule leaves less than the whole of a number; what would not is covered whole.
    let stars = run.len().saturating_sub(head.saturating_add(tail));
    let (head, tail) = if stars > 0 { (head, tail) } else { (0, 0) };
    let after = format!(
        "{}{}{}",
        run.get(..head).unwrap_or(""),
        "*".repeat(run.len() - head - tail),
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
    use gongkai_inspect::{Masking, NameMask};
    use proptest::prelude::*;

    use super::Covered;

    fn mask(text: &str) -> (String, Vec<Covered>) {
        super::mask(text, &Masking::default())
    }

    fn doubts(text: &str) -> Vec<(&'static str, String)> {
        super::doubts(text, &Masking::default())
    }

    #[test]
    fn a_government_covers_by_its_own_rule() {
        let rule = Masking {
            id_card: (6, 4),
            mobile: (0, 0),
            name: NameMask::Keep,
            ..Masking::default()
        };
        let check = |text: &str, wanted: &str| {
            let (covered, _) = super::mask(text, &rule);
            assert_eq!(covered, wanted, "{text}");
            assert_eq!(super::mask(&covered, &rule).0, wanted, "{text}");
        };
        check("联系电话13800001234。", "联系电话***********。");
        // A number that is none by its digits is covered as one.
        check(
            "身份证号350000199001010123，",
            "身份证号350000********0123，",
        );
        check("申请人：王建国，在场。", "申请人：王建国，在场。");
        // A name that stays is left to a person.
        let left = super::doubts("申请人：王建国，在场。", &rule);
        assert!(left.iter().any(|(_, text)| text == "王建国"), "{left:?}");
    }

    #[test]
    fn the_three_kinds_are_covered_as_in_official_bulletins() {
        let check = |text: &str, wanted: &str| assert_eq!(mask(text).0, wanted, "{text}");
        check("联系电话13800001234。", "联系电话138****1234。");
        check(
            "身份证号350000199001010123，",
            "身份证号350*************23，",
        );
        check("350000199001010X", "350000199001010X");
        check("35000019900101012X", "350*************2X");
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

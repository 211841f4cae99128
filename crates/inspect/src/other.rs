//! Passports, permits, plates, mail addresses, birth dates.

use std::sync::LazyLock;

use regex::Regex;

use crate::digits::pattern;
use crate::finding::{Confidence, Found, Kind};
use crate::person::within;
use crate::rules::Rules;
use crate::text::Text;

// Boundaries of ASCII words: 护照E12345678 has none otherwise, and Unicode's keep the quick automaton from running.
static PASSPORT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?-u:\b)(?:E[A-HJ-NP-Za-hj-np-z]\d{7}|[EGDSPegdsp]\d{8}|[DSPdsp][A-Za-z]\d{7})(?-u:\b)",
    )
});
static PERMIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?-u:\b)(?:[HMhm]\d{8}(?:\d{2})?|\d{8}(?:\d{2})?|\d{10}\([A-Z]\))(?-u:\b)")
});
static PLATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]\s?[·. -]?\s?(?:[A-HJ-NP-Z0-9]{5,6}|[A-HJ-NP-Z0-9]{4}[挂学警港澳])",
    )
});
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}\s?@\s?(?:[A-Za-z0-9-]{1,40}\.){1,4}[A-Za-z]{2,10}")
});
static BORN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:出生日期|出生年月日|出生年月|出生时间|生日|生于)\s*[:\t]?\s*((?:19|20)\d{2}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}\s?日?)|((?:19|20)\d{2}年\d{1,2}月\d{1,2}日)\s?(?:出?生)",
    )
});

pub(crate) fn find(text: &Text, rules: &Rules, found: &mut Vec<Found>) {
    numbered(text, &PASSPORT, "护照", Kind::Passport, found);
    numbered(
        text,
        &PERMIT,
        "通行证|回乡证|台胞证|台湾居民来往|港澳居民来往",
        Kind::TravelPermit,
        found,
    );
    for hit in PLATE.find_iter(&text.norm) {
        let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
        let digits = hit.as_str().chars().filter(char::is_ascii_digit).count();
        let free = !text.get(end).is_some_and(|c| c.is_ascii_alphanumeric());
        if digits >= 2 && free && !is_road(hit.as_str()) {
            found.push(Found::new(Kind::Plate, start, end, Confidence::Low));
        }
    }
    emails(text, rules, found);
}

/// 川G5001: a road and no car.
fn is_road(plate: &str) -> bool {
    let rest: Vec<char> = plate
        .chars()
        .skip(1)
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    matches!(rest.first(), Some('G' | 'S' | 'X')) && rest.len() <= 5
}

/// Letters and digits that only a word beside them makes a document of identity.
fn numbered(text: &Text, shape: &Regex, words: &str, kind: Kind, found: &mut Vec<Found>) {
    let word = pattern(words);
    for hit in shape.find_iter(&text.norm) {
        let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
        let column = text
            .column_label(start)
            .is_some_and(|label| word.is_match(label));
        if column || word.is_match(text.left(start, 20)) {
            found.push(Found::new(kind, start, end, Confidence::High));
        }
    }
}

fn emails(text: &Text, rules: &Rules, found: &mut Vec<Found>) {
    for hit in EMAIL.find_iter(&text.norm) {
        let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
        let address: String = hit
            .as_str()
            .to_ascii_lowercase()
            .chars()
            .filter(|c| *c != ' ')
            .collect();
        let (local, host) = address.split_once('@').unwrap_or_default();
        let official = host.ends_with(".gov.cn")
            || host == "gov.cn"
            || rules
                .official_mail_hosts
                .iter()
                .any(|own| host == own || host.ends_with(&format!(".{own}")));
        if official {
            continue;
        }
        let mobile = local.len() == 11
            && local.starts_with('1')
            && local.chars().all(|c| c.is_ascii_digit());
        let confidence = if mobile {
            Confidence::High
        } else {
            Confidence::Low
        };
        found.push(Found::new(Kind::Email, start, end, confidence));
    }
}

/// What depends on the people of the same record: mail addresses, plates and birth dates.
pub(crate) fn settle(text: &Text, found: &mut Vec<Found>) {
    let people: Vec<Found> = found
        .iter()
        .filter(|one| {
            one.confidence == Confidence::High
                && matches!(
                    one.kind,
                    Kind::Name | Kind::IdCard | Kind::Address | Kind::BankCard
                )
        })
        .cloned()
        .collect();
    let is_beside = |index: usize, around: usize| {
        let (start, end) = text.record(index, around);
        within(&people, start, end).next().is_some()
    };
    found.retain_mut(|one| match one.kind {
        Kind::Email | Kind::Plate if one.confidence == Confidence::Low => {
            let private = is_beside(one.start, 1);
            if private {
                one.confidence = Confidence::High;
            }
            private || one.kind == Kind::Email || !is_of_service(text, one.start)
        }
        _ => true,
    });
    for hit in BORN.captures_iter(&text.norm) {
        if let Some(date) = hit.get(1).or_else(|| hit.get(2)) {
            let (start, end) = (text.char_at(date.start()), text.char_at(date.end()));
            if is_beside(start, 1) {
                found.push(Found::new(Kind::BirthDate, start, end, Confidence::Low));
            }
        }
    }
}

/// A car of the service, which may be named.
fn is_of_service(text: &Text, index: usize) -> bool {
    static PUBLIC: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"公务|公车|执法车|拍卖|报废|处置|单位车辆|警车|救护车|公交|车改")
    });
    let (start, end) = text.record(index, 0);
    PUBLIC.is_match(text.slice(start, end))
}

//! 补登: what is registered only when its limit is over, or after its year's report is out, says why. Pure.

use gongkai_basis::Date;
use gongkai_platform::fault::{Reason, Wanted, text_fault};
use serde_json::json;

use super::TEXT_CHARS_MAX;
use super::case::Case;
use crate::letter::compose::printed;

/// Why a case cannot be registered on this day unless its history says why not before. A day of receipt that somebody set has
/// its reason already; so has one that an older system kept.
///
/// Law: art. 33: the days of the reply run from the receipt, whenever it is registered; art. 49 and 50: the report counts what
/// came in its year, and is out on 31 January of the next.
#[must_use]
pub fn fault(case: &Case, why: &str, today: Date) -> Option<Reason> {
    let request = &case.request;
    let by_rule = request
        .received_on
        .filter(|_| request.receipt.set.is_none());
    let Some(on) = by_rule.filter(|_| why.trim().is_empty()) else {
        let label = ("late_why", "补登的原因");
        return text_fault(label, why, TEXT_CHARS_MAX, Wanted::No);
    };
    let mut said = Vec::new();
    if let Some(due) = request.due_on.filter(|due| *due < today) {
        said.push(format!("期限{}已经届满", printed(due)));
    }
    let year = on.year();
    if Date::new(year + 1, 1, 31).is_ok_and(|last| last < today) {
        said.push(format!("{year}年的年度报告要把它算进去，已经公布的要更正"));
    }
    (!said.is_empty()).then(|| {
        let (on, said) = (printed(on), said.join("；"));
        let sentence = format!(
            "本件{on}收到，{said}。请先核对日期；没有填错的，写明为什么今天才登记，原因记入经过。"
        );
        ("late_why", sentence)
    })
}

/// Writes into the history of a new case why it was not registered before.
pub fn tell(case: &mut Case, why: &str) {
    let why = why.trim();
    let first = case.entries.first_mut().filter(|_| !why.is_empty());
    if let Some(first) = first {
        first.sentence = format!("{}。补登的原因：{why}", first.sentence);
        first.data = json!({ "late_why": why });
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;
    use gongkai_basis::calendar::WorkCalendar;

    use super::{fault, tell};
    use crate::request::case::Case;
    use crate::request::tests::sample;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Received on one day, registered on another.
    fn case(received: &str, today: &str) -> Case {
        let mut request = sample();
        request.received_on = Some(day(received));
        let mut case = Case::begin(request, ("经办".to_owned(), None), day(today));
        case.request.due_on = case.due_on(&WorkCalendar::builtin());
        case
    }

    #[test]
    fn what_is_registered_late_says_why() {
        for (received, today, words) in [
            ("2026-03-02", "2026-03-02", None),
            // Its last day is no late one.
            ("2026-03-02", "2026-03-30", None),
            (
                "2026-03-02",
                "2026-03-31",
                Some("期限2026年3月30日已经届满"),
            ),
            // Of another year whose report is still being written.
            ("2025-12-29", "2026-01-05", None),
            (
                "2025-12-29",
                "2026-12-01",
                Some("已经届满；2025年的年度报告"),
            ),
        ] {
            let late = case(received, today);
            let found = fault(&late, " ", day(today));
            let (field, said) = found.unwrap_or_default();
            assert_eq!(
                field == "late_why",
                words.is_some(),
                "{received} {today}: {said}"
            );
            assert!(said.contains(words.unwrap_or("")), "{said}");
            assert_eq!(fault(&late, "清点窗口收件时发现", day(today)), None);
        }
    }

    #[test]
    fn a_day_that_somebody_set_has_its_reason_already() {
        let mut late = case("2026-03-02", "2026-12-01");
        late.request.receipt.set = Some((day("2026-03-02"), "由原系统导入".to_owned()));
        assert_eq!(fault(&late, "", day("2026-12-01")), None);
    }

    #[test]
    fn the_reason_stands_in_the_history() {
        let mut late = case("2026-03-02", "2026-12-01");
        let before = late.entries[0].sentence.clone();
        tell(&mut late, "");
        assert_eq!(late.entries[0].sentence, before);
        tell(&mut late, "清点窗口收件时发现");
        let said = &late.entries[0].sentence;
        assert!(said.ends_with("补登的原因：清点窗口收件时发现"), "{said}");
    }
}

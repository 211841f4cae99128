//! The published vector passes; two hundred faults in it are each found and named.

use super::{Beside, Finding, Rules, Weight, check, remarks};
use crate::amount::{Amount, Value};
use crate::form::{CARRY_IN, Cell, TOTAL};
use crate::model::{Report, Schema};
use crate::sample::{city, city_before, set};

/// A small generator (xorshift64*): the same seed gives the same faults everywhere.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % n
    }
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn the_published_vector_passes() {
    let (report, last) = (city(), city_before());
    let beside = Beside {
        last: Some(&last),
        rules: Some(Rules::Makes),
    };
    assert_eq!(check(&report, beside), vec![]);
    assert_eq!(remarks(&report), Vec::<String>::new());
}

#[test]
fn two_hundred_seeded_faults_are_each_found_and_named() {
    let cells: Vec<Cell> = Cell::all()
        .filter(|cell| matches!(cell, Cell::Three(..) | Cell::Four(..)))
        .collect();
    for seed in 1..=200_u64 {
        let mut seeded = Seeded(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let cell = cells[seeded.below(cells.len())];
        let mut report = city();
        let now = report.amount(cell).unwrap().as_whole().unwrap();
        // A digit changed, two digits swapped, one off, a nought too many, nothing there.
        let wrong = match seeded.below(5) {
            0 => now + 10_i64.pow(u32::try_from(seeded.below(4)).unwrap()),
            1 if now >= 10 && now % 10 != now / 10 % 10 => {
                now / 100 * 100 + now % 10 * 10 + now / 10 % 10
            }
            2 if now > 0 => now - 1,
            3 if now > 0 => now * 10,
            4 if now > 0 => 0,
            _ => now + 1 + i64::try_from(seeded.below(90)).unwrap(),
        };
        eprintln!("seed {seed}: {cell} {now} → {wrong}");
        set(&mut report, cell, wrong);
        let findings = check(
            &report,
            Beside {
                last: None,
                rules: Some(Rules::Makes),
            },
        );
        let sums: Vec<&Finding> = findings
            .iter()
            .filter(|finding| matches!(finding.code, "C1" | "C2" | "C3" | "D1"))
            .collect();
        assert!(!sums.is_empty(), "seed {seed}: {cell} was not found");
        for finding in &sums {
            assert!(finding.cells.contains(&cell), "seed {seed}: {finding:?}");
            assert_ne!(finding.expected, finding.found, "seed {seed}");
        }
        // In table 三 two identities cross in the cell, and name it with its right value.
        if matches!(cell, Cell::Three(..)) {
            let named = Some((cell, now.to_string()));
            assert!(sums.len() >= 2, "seed {seed}: {sums:?}");
            assert!(
                sums.iter().all(|it| it.suspect == named),
                "seed {seed}: {sums:?}"
            );
            assert!(sums[0].message.contains(&cell.to_string()), "seed {seed}");
        }
    }
}

#[test]
fn two_hundred_seeded_faults_across_two_years_and_in_the_prose() {
    for seed in 1..=200_u64 {
        let mut seeded = Seeded(seed.wrapping_mul(0xD134_2543_DE82_EF95));
        let (mut report, last) = (city(), city_before());
        let off = 1 + i64::try_from(seeded.below(50)).unwrap();
        let (code, path) = match seeded.below(3) {
            0 => {
                let cell = Cell::Three(CARRY_IN, seeded.below(7));
                let now = report.amount(cell).unwrap().as_whole().unwrap();
                set(&mut report, cell, now + off);
                ("C4", cell.to_string())
            }
            1 => {
                let cell = [Cell::Two(2), Cell::Two(5)][seeded.below(2)];
                let now = report.amount(cell).unwrap().as_whole().unwrap();
                set(&mut report, cell, now + off);
                ("in-force", cell.to_string())
            }
            _ => {
                let quoted = ["14069", "560件", "13810", "819", "564"][seeded.below(5)];
                let digits = quoted.trim_end_matches('件');
                let wrong: i64 = digits.parse::<i64>().unwrap() + off;
                let text = report.sections[0].paragraphs[0].replace(digits, &wrong.to_string());
                report.sections[0].paragraphs[0] = text;
                ("prose-figure", "文字.一、总体情况".to_owned())
            }
        };
        eprintln!("seed {seed}: {code} {path} by {off}");
        let beside = Beside {
            last: Some(&last),
            rules: Some(Rules::Makes),
        };
        let findings = check(&report, beside);
        let named = findings
            .iter()
            .find(|finding| finding.code == code && finding.paths().contains(&path));
        let named = named.unwrap_or_else(|| panic!("seed {seed}: {findings:?}"));
        let gap = |text: &str| text.parse::<i64>().unwrap();
        assert_eq!(gap(&named.found) - gap(&named.expected), off, "seed {seed}");
    }
}

#[test]
fn what_is_no_count_is_named_and_does_not_upset_the_sums() {
    for (value, why) in [
        (Value::Odd("约12".into()), "不是数字"),
        (Value::whole(-3), "小于0"),
        (Value::read("1.5"), "不是整数"),
    ] {
        let mut report = city();
        report.cells.insert(Cell::Three(17, 0), value);
        let findings = check(&report, Beside::default());
        let own = findings
            .iter()
            .find(|finding| finding.code == "C5")
            .unwrap();
        assert!(own.message.contains(why), "{own:?}");
        assert_eq!(own.paths(), ["三.（五）3.自然人"]);
    }
    let mut report = city();
    report.cells.insert(Cell::Two(9), Value::read("1.5"));
    report.cells.insert(Cell::Three(17, 0), Value::Blank);
    assert_eq!(check(&report, Beside::default()), vec![]);
}

#[test]
fn rules_are_refused_to_those_who_make_none() {
    let mut report = city();
    report.organ = Some("云岭县".into());
    let findings = check(&report, Beside::default());
    assert_eq!(codes(&findings), ["rules-not-allowed"; 3]);
    assert_eq!(findings[2].paths(), ["二.规章.现行有效件数"]);
    let makes = Beside {
        last: None,
        rules: Some(Rules::Makes),
    };
    assert_eq!(check(&report, makes), vec![]);
}

#[test]
fn parts_tables_and_rows_that_are_missing_are_named() {
    let mut report = city();
    report.sections.retain(|section| section.part != 4);
    report
        .cells
        .retain(|cell, _| !matches!(cell, Cell::Four(..)) && !matches!(cell, Cell::Three(9, _)));
    let findings = check(&report, Beside::default());
    let found = codes(&findings);
    for code in ["section-missing", "table-missing", "row-missing", "C1"] {
        assert!(found.contains(&code), "{code} not in {found:?}");
    }
    let mut report = city();
    report.sections.swap(1, 2);
    let findings = check(&report, Beside::default());
    assert_eq!(codes(&findings), ["section-order"]);
    assert_eq!(findings[0].weight, Weight::Doubtful);
    let mut report = city();
    report.schema = Schema::Trial2019;
    assert_eq!(codes(&check(&report, Beside::default())), ["form-outdated"]);
}

#[test]
fn another_year_is_not_compared() {
    let (report, mut last) = (city(), city_before());
    last.year = Some(2022);
    let findings = check(
        &report,
        Beside {
            last: Some(&last),
            rules: None,
        },
    );
    assert_eq!(codes(&findings), ["last-year"]);
}

#[test]
fn two_faults_that_hide_each_other_in_one_sum_show_in_another() {
    let mut report = city();
    let [one, other] = [Cell::Three(2, 0), Cell::Three(3, 0)];
    let at = |report: &Report, cell| report.amount(cell).unwrap().as_whole().unwrap();
    let (a, b) = (at(&report, one), at(&report, other));
    set(&mut report, one, a + 7);
    set(&mut report, other, b - 7);
    let findings = check(&report, Beside::default());
    assert_eq!(codes(&findings), ["C3", "C3"]);
    assert!(
        findings
            .iter()
            .all(|it| it.cells[0] == Cell::Three(2, TOTAL) || it.cells[0] == Cell::Three(3, TOTAL))
    );
    assert_eq!(Amount::whole(a + 7), report.amount(one).unwrap());
}

#[test]
fn wrong_figures_in_the_prose_are_found_across_sentences() {
    let right = "因政府信息公开引发行政复议790件，其中维持376件、纠正97件，行政诉讼212件。\
        新收政府信息公开申请14069件，其中自然人申请13612件。其中，予以公开5548件。结转下年度819件。\
        全年制发规章3件，办理行政许可11398889件、行政处罚6937489件。";
    let mut report = city();
    report.sections[0].paragraphs.push(right.to_owned());
    assert_eq!(check(&report, Beside::default()), vec![]);
    for (now, wrong) in [
        ("行政诉讼212件", "行政诉讼213件"),
        ("维持376件", "维持377件"),
        ("纠正97件", "纠正98件"),
        ("自然人申请13612件", "自然人申请13611件"),
        ("规章3件", "规章2件"),
        ("行政许可11398889件", "行政许可8399件"),
        ("行政处罚6937489件", "行政处罚425件"),
        ("予以公开5548件", "予以公开5547件"),
        ("结转下年度819件。全年", "结转下年度820件。全年"),
    ] {
        let mut report = city();
        let text = right.replace("        ", "").replace(now, wrong);
        report.sections[0].paragraphs.push(text);
        let findings = check(&report, Beside::default());
        assert_eq!(codes(&findings), ["prose-figure"], "{wrong}: {findings:?}");
    }
    // Each sentence alone after the sample's own, as a paragraph goes on.
    for wrong in [
        "行政诉讼213件。",
        "行政复议790件，维持377件、纠正97件。",
        "自然人申请13611件。",
        "全年制发规章2件。",
        "办理行政许可8399件、行政处罚425件。",
        "其中，予以公开5547件。",
        "结转下年度820件。",
    ] {
        let mut report = city();
        let asked = "新收政府信息公开申请14069件。";
        report.sections[0]
            .paragraphs
            .push(format!("{asked}{wrong}"));
        let findings = check(&report, Beside::default());
        assert!(
            findings.iter().all(|it| it.code == "prose-figure") && !findings.is_empty(),
            "{wrong}: {findings:?}"
        );
    }
}

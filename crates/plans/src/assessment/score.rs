//! From facts to points: pure, so that the same facts give the same numbers at any time.

use serde::{Deserialize, Serialize};

use super::points::Points;
use super::scheme::{Indicator, Measure, Scheme};

/// Something that costs or earns points, with where it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The kind that a rule names; empty where the measure has one rule.
    #[serde(default)]
    pub kind: String,
    pub text: String,
    /// Its page in the workspace.
    pub path: String,
}

/// The facts of one indicator about one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The code of the indicator.
    pub indicator: String,
    /// Of [`Measure::Ledger`] and [`Measure::Evidence`]: how many are good, of how many.
    #[serde(default)]
    pub good: i64,
    #[serde(default)]
    pub all: i64,
    /// Of [`Measure::Judged`]: the points given; `None` before a person judged.
    #[serde(default)]
    pub judged: Option<Points>,
    #[serde(default)]
    pub note: String,
    /// What costs points; of a bonus, what earns them.
    #[serde(default)]
    pub records: Vec<Record>,
}

impl Input {
    #[must_use]
    pub fn empty(indicator: &str) -> Self {
        Self {
            indicator: indicator.to_owned(),
            good: 0,
            all: 0,
            judged: None,
            note: String::new(),
            records: Vec::new(),
        }
    }
}

/// One indicator of a unit's score sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub indicator: Indicator,
    pub input: Input,
    /// Before and after adjustments.
    pub measured: Points,
    pub adjustment: Points,
    pub points: Points,
    /// What each record counts for, in the order of the records; beyond the cap nothing.
    pub parts: Vec<Points>,
}

impl Line {
    /// A person has to judge it, and nobody did.
    #[must_use]
    pub fn is_unjudged(&self) -> bool {
        self.indicator.measure == Measure::Judged && self.input.judged.is_none()
    }
}

/// A unit's score sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitScore {
    pub lines: Vec<Line>,
    pub total: Points,
    pub grade: String,
    /// There is a record that forces the last grade.
    pub vetoed: bool,
    /// The records of vetoes.
    pub vetoes: Vec<Veto>,
}

/// A record that forces the last grade, unless an appeal against it was upheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Veto {
    /// What appeals and adjustments call it.
    pub code: String,
    pub record: Record,
    pub dropped: bool,
}

impl UnitScore {
    /// Lines that a person has to judge, and nobody did.
    #[must_use]
    pub fn unjudged(&self) -> usize {
        self.lines.iter().filter(|line| line.is_unjudged()).count()
    }
}

/// Cases count one by one until the cap is reached: what is taken off never exceeds what the item is worth.
fn capped(indicator: &Indicator, input: &Input) -> (Points, Vec<Points>) {
    let mut sum = Points::ZERO;
    let mut parts = Vec::with_capacity(input.records.len());
    for record in &input.records {
        let worth = indicator.case(&record.kind).unwrap_or(Points::ZERO);
        let part = worth.min(indicator.weight.minus(sum));
        sum = sum.plus(part);
        parts.push(part);
    }
    (sum, parts)
}

/// One line. A measure without anything to measure costs nothing. An item that nobody judged counts in full as long as
/// scores are tried: they cannot be computed before it is judged.
#[must_use]
pub fn line(indicator: &Indicator, input: &Input, adjustment: Points) -> Line {
    let weight = indicator.weight;
    let (measured, parts) = match indicator.measure {
        Measure::Ledger | Measure::Evidence => (weight.share(input.good, input.all), Vec::new()),
        Measure::Judged => {
            let judged = input.judged.unwrap_or(weight);
            (judged.clamp(Points::ZERO, weight), Vec::new())
        }
        Measure::Punctuality | Measure::Findings => {
            let (off, parts) = capped(indicator, input);
            (weight.minus(off), parts)
        }
        Measure::Bonus => capped(indicator, input),
    };
    Line {
        points: measured.plus(adjustment).clamp(Points::ZERO, weight),
        indicator: indicator.clone(),
        input: input.clone(),
        measured,
        adjustment,
        parts,
    }
}

/// The input under which vetoes are kept.
pub const VETO: &str = "veto";

/// The records that force the last grade; an adjustment under the code of one, of whatever points, drops it.
fn vetoes(inputs: &[Input], adjustments: &[(String, Points)]) -> Vec<Veto> {
    let own = inputs.iter().filter(|input| input.indicator == VETO);
    own.flat_map(|input| &input.records)
        .map(|record| {
            let id = record.path.rsplit('/').next().unwrap_or_default();
            let code = format!("{VETO}:{id}");
            Veto {
                dropped: adjustments.iter().any(|(of, _)| *of == code),
                code,
                record: record.clone(),
            }
        })
        .collect()
}

/// A unit's whole sheet. `inputs` may miss indicators, which then have nothing to measure.
#[must_use]
pub fn unit(scheme: &Scheme, inputs: &[Input], adjustments: &[(String, Points)]) -> UnitScore {
    let lines: Vec<Line> = scheme
        .indicators
        .iter()
        .map(|indicator| {
            let code = indicator.code.as_str();
            let own = inputs.iter().find(|input| input.indicator == code);
            let empty = Input::empty(code);
            let adjustment = adjustments
                .iter()
                .filter(|(of, _)| of == code)
                .map(|(_, points)| *points)
                .sum();
            line(indicator, own.unwrap_or(&empty), adjustment)
        })
        .collect();
    let of = |bonus: bool| -> Points {
        lines
            .iter()
            .filter(|line| (line.indicator.measure == Measure::Bonus) == bonus)
            .map(|line| line.points)
            .sum()
    };
    let total = of(false).plus(of(true).min(scheme.bonus_cap));
    let vetoes = vetoes(inputs, adjustments);
    let vetoed = vetoes.iter().any(|veto| !veto.dropped);
    UnitScore {
        grade: grade(scheme, total, vetoed),
        lines,
        total,
        vetoed,
        vetoes,
    }
}

fn grade(scheme: &Scheme, total: Points, vetoed: bool) -> String {
    let found = if vetoed {
        scheme.grades.last()
    } else {
        scheme.grades.iter().find(|grade| total >= grade.from)
    };
    found
        .or(scheme.grades.last())
        .map_or_else(String::new, |grade| grade.name.clone())
}

/// Ranks by total, highest first; equal totals share a rank.
#[must_use]
pub fn ranks(totals: &[Points]) -> Vec<usize> {
    let mut order: Vec<Points> = totals.to_vec();
    order.sort_unstable_by_key(|total| std::cmp::Reverse(*total));
    totals
        .iter()
        .map(|total| order.partition_point(|other| other > total) + 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Input, Points, Record, Scheme, VETO, ranks, unit};
    use proptest::prelude::*;

    fn record(kind: &str) -> Record {
        Record {
            kind: kind.to_owned(),
            text: String::new(),
            path: String::new(),
        }
    }

    #[test]
    fn nothing_known_is_full_marks_without_bonus() {
        let score = unit(&Scheme::standard(2026), &[], &[]);
        assert_eq!(
            (score.total, score.grade.as_str()),
            (Points(10_000), "优秀")
        );
    }

    #[test]
    fn deductions_stop_at_the_items_own_weight() {
        let scheme = Scheme::standard(2026);
        let input = Input {
            records: vec![record("late_reply"); 10],
            ..Input::empty("d1")
        };
        let score = unit(&scheme, &[input], &[]);
        assert_eq!(score.total, Points(8_000));
        let line = score
            .lines
            .iter()
            .find(|line| line.indicator.code == "d1")
            .unwrap();
        assert_eq!(line.points, Points(0));
        assert_eq!(
            &line.parts[..4],
            &[Points(600), Points(600), Points(600), Points(200)]
        );
        assert!(line.parts[4..].iter().all(|part| *part == Points(0)));
    }

    #[test]
    fn one_veto_forces_the_last_grade_and_an_adjustment_gives_back() {
        let scheme = Scheme::standard(2026);
        let veto = Input {
            records: vec![record("secrecy")],
            ..Input::empty(VETO)
        };
        let score = unit(&scheme, &[veto], &[]);
        assert_eq!((score.grade.as_str(), score.vetoed), ("不合格", true));
        let dropped = [("veto:".to_owned(), Points(0))];
        let score = unit(
            &scheme,
            &[Input {
                records: vec![record("secrecy")],
                ..Input::empty(VETO)
            }],
            &dropped,
        );
        assert_eq!((score.grade.as_str(), score.vetoed), ("优秀", false));
        assert_eq!(score.vetoes.len(), 1, "it is still told");
        let input = Input {
            records: vec![record("not_updated")],
            ..Input::empty("a2")
        };
        let given_back = [("a2".to_owned(), Points(500))];
        let score = unit(&scheme, &[input], &given_back);
        assert_eq!(score.total, Points(10_000), "never above the item's weight");
    }

    #[test]
    fn equal_totals_share_a_rank() {
        assert_eq!(
            ranks(&[Points(3), Points(5), Points(3), Points(1)]),
            [2, 1, 2, 4]
        );
    }

    proptest! {
        #[test]
        fn no_line_leaves_its_bounds(
            good in -5_i64..50, all in -5_i64..50, cases in 0_usize..40, given in -2000_i64..5000, change in -5000_i64..5000,
        ) {
            let scheme = Scheme::standard(2026);
            let inputs: Vec<Input> = scheme.indicators.iter().map(|indicator| Input {
                good, all, judged: Some(Points(given)),
                records: vec![record(&indicator.cases.first().map(|rule| rule.kind.clone()).unwrap_or_default()); cases],
                ..Input::empty(&indicator.code)
            }).collect();
            let adjustments: Vec<_> = scheme.indicators.iter().map(|one| (one.code.clone(), Points(change))).collect();
            let score = unit(&scheme, &inputs, &adjustments);
            for line in &score.lines {
                prop_assert!(line.points >= Points(0) && line.points <= line.indicator.weight);
            }
            prop_assert!(score.total >= Points(0) && score.total <= Points(10_500));
        }
    }
}

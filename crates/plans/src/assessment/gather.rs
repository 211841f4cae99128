//! The facts of units, from what the system knows: a handful of statements, however many units.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, Finding, FindingState};

use super::scheme::{Indicator, Measure};
use super::score::{Input, Record, VETO};
use super::store::{self, Case, PartFact};
use super::{Period, Points};
use crate::quote::quoted;
use crate::{round, when};

/// Characters of a task that a record quotes.
const QUOTE_CHARS_MAX: usize = 60;
/// Organs looked at in one statement, and late submissions that one gives: more rounds than a plan has, for each.
const ORGANS_AT_ONCE: usize = 200;
const LATE_MAX: i64 = 20_000;

/// Everything that is counted about some units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub parts: Vec<PartFact>,
    /// Confirmed findings of the period: id, organ, kind, title, what it is about.
    pub findings: Vec<FindingFact>,
    pub late: Vec<Case>,
    pub practices: Vec<Case>,
    pub judgements: Vec<(OrganId, String, Points, String)>,
}

/// A confirmed finding, as scores see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingFact {
    pub id: String,
    pub organ: OrganId,
    pub kind: &'static str,
    pub title: String,
    /// Neither closed nor put off.
    pub open: bool,
    /// The part of a task that it is about.
    pub assignment: Option<String>,
}

/// Reads the facts of units up to a day.
///
/// # Errors
/// When the store fails.
pub async fn facts(
    tx: &mut Tx,
    period: &Period,
    organs: &[OrganId],
    as_of: Date,
) -> Result<Facts, StoreError> {
    let office = Scope::Organs {
        single: vec![period.office],
        branches: Vec::new(),
    };
    let range = (period.from_on, period.to_on.min(as_of));
    let findings = finding::store::confirmed_between(tx, &office, organs, range).await?;
    let findings = findings.into_iter().filter_map(fact).collect();
    let mut late = store::late_orders(tx, period, organs, as_of).await?;
    for case in &mut late {
        case.0 = format!("/workspace/supervision/{}", case.0);
    }
    for (id, organ, text) in store::late_rectifications(tx, period, organs, as_of).await? {
        late.push((format!("/workspace/bulletins/{id}"), organ, text));
    }
    late.append(&mut late_rounds(tx, (&office, organs), range, as_of).await?);
    Ok(Facts {
        parts: store::part_facts(tx, period, organs).await?,
        findings,
        late,
        practices: store::practices(tx, period, organs).await?,
        judgements: store::judgements(tx, period.id, organs).await?,
    })
}

/// A confirmed finding that was not judged untrue since.
fn fact(finding: Finding) -> Option<FindingFact> {
    (finding.state != FindingState::Untrue).then(|| FindingFact {
        id: finding.id.to_string(),
        organ: finding.organ,
        kind: finding.kind.code(),
        open: finding.state.is_open(),
        assignment: finding
            .about
            .filter(|(kind, _)| kind == "assignment")
            .map(|(_, id)| id),
        title: finding.title,
    })
}

/// What a confirmed finding is recorded as on a score sheet.
pub(super) fn record_of(finding: &Finding) -> Option<Record> {
    fact(finding.clone()).as_ref().map(finding_record)
}

/// Rounds of the period for which units were late, or have submitted nothing by the day of counting.
async fn late_rounds(
    tx: &mut Tx,
    (office, organs): (&Scope, &[OrganId]),
    range: (Date, Date),
    as_of: Date,
) -> Result<Vec<Case>, StoreError> {
    let mut cases = Vec::new();
    for some in organs.chunks(ORGANS_AT_ONCE) {
        let most = (as_of, LATE_MAX);
        let late = round::store::late(tx, office, Some(some), range, most).await?;
        cases.extend(late.into_iter().map(|unit| {
            let path = format!("/workspace/rounds/{}/units/{}", unit.round, unit.organ);
            (path, unit.organ, unit.sentence(as_of))
        }));
    }
    Ok(cases)
}

fn part_record(part: &PartFact, what: &str) -> Record {
    Record {
        kind: String::new(),
        text: format!("{}：{what}", quoted(&part.text, QUOTE_CHARS_MAX)),
        path: format!("/workspace/assignments/{}", part.id),
    }
}

/// Of the parts that were due in the period by the day of counting, those done by their day; the others are recorded.
fn ledger(period: &Period, parts: &[&PartFact], as_of: Date, input: &mut Input) {
    let until = period.to_on.min(as_of);
    for part in parts {
        let Some(due) = part.due_on else { continue };
        // A day that is not over may still be met.
        if due < period.from_on || due > until || (due == as_of && !part.finished) {
            continue;
        }
        input.all += 1;
        let done_on = part.done_at.and_then(when::civil_day);
        match done_on.filter(|_| part.finished) {
            Some(on) if on <= due => input.good += 1,
            Some(on) => {
                let what = format!("应于{}前完成，{}才报完成", when::date(due), when::date(on));
                input.records.push(part_record(part, &what));
            }
            None => {
                let what = format!("应于{}前完成，未完成", when::date(due));
                input.records.push(part_record(part, &what));
            }
        }
    }
}

/// Of the finished parts, those with evidence in which nothing is known to have decayed.
fn evidence(parts: &[&PartFact], decayed: &BTreeSet<&str>, input: &mut Input) {
    for part in parts.iter().filter(|part| part.finished) {
        input.all += 1;
        if part.evidence == 0 {
            input.records.push(part_record(part, "报已完成，没有佐证"));
        } else if decayed.contains(part.id.as_str()) {
            input.records.push(part_record(part, "佐证失效"));
        } else {
            input.good += 1;
        }
    }
}

/// One unit's facts among all.
#[derive(Default)]
struct Own<'f> {
    parts: Vec<&'f PartFact>,
    findings: Vec<&'f FindingFact>,
    late: Vec<&'f Case>,
    practices: Vec<&'f Case>,
    judgements: Vec<&'f (OrganId, String, Points, String)>,
}

impl Facts {
    /// The inputs of each of these units, in the order of the units.
    #[must_use]
    pub fn inputs(&self, period: &Period, organs: &[OrganId], as_of: Date) -> Vec<Vec<Input>> {
        let mut own: BTreeMap<OrganId, Own<'_>> = BTreeMap::new();
        for part in &self.parts {
            own.entry(part.organ).or_default().parts.push(part);
        }
        for finding in &self.findings {
            own.entry(finding.organ).or_default().findings.push(finding);
        }
        for case in &self.late {
            own.entry(case.1).or_default().late.push(case);
        }
        for case in &self.practices {
            own.entry(case.1).or_default().practices.push(case);
        }
        for judged in &self.judgements {
            own.entry(judged.0).or_default().judgements.push(judged);
        }
        let nothing = Own::default();
        organs
            .iter()
            .map(|organ| own.get(organ).unwrap_or(&nothing).inputs(period, as_of))
            .collect()
    }
}

impl Own<'_> {
    fn inputs(&self, period: &Period, as_of: Date) -> Vec<Input> {
        let scheme = &period.scheme;
        let mut inputs: Vec<Input> = scheme
            .indicators
            .iter()
            .map(|indicator| self.input(period, indicator, as_of))
            .collect();
        let vetoes: Vec<Record> = self
            .findings
            .iter()
            .filter(|finding| scheme.vetoes.iter().any(|kind| kind == finding.kind))
            .map(|finding| finding_record(finding))
            .collect();
        if !vetoes.is_empty() {
            inputs.push(Input {
                records: vetoes,
                ..Input::empty(VETO)
            });
        }
        inputs
    }

    fn input(&self, period: &Period, indicator: &Indicator, as_of: Date) -> Input {
        let mut input = Input::empty(&indicator.code);
        match indicator.measure {
            Measure::Ledger => ledger(period, &self.parts, as_of, &mut input),
            Measure::Evidence => {
                let decayed: BTreeSet<&str> = self
                    .findings
                    .iter()
                    .filter(|finding| finding.kind == "evidence" && finding.open)
                    .filter_map(|finding| finding.assignment.as_deref())
                    .collect();
                evidence(&self.parts, &decayed, &mut input);
            }
            Measure::Punctuality => input.records = cases(&self.late, ""),
            Measure::Bonus => input.records = cases(&self.practices, "/workspace/practices/"),
            Measure::Findings => {
                input.records = self
                    .findings
                    .iter()
                    .filter(|finding| indicator.case(finding.kind).is_some())
                    .map(|finding| finding_record(finding))
                    .collect();
            }
            Measure::Judged => {
                let judged = self
                    .judgements
                    .iter()
                    .find(|(_, code, _, _)| *code == indicator.code);
                if let Some((_, _, points, note)) = judged {
                    input.judged = Some(*points);
                    input.note.clone_from(note);
                }
            }
        }
        input
    }
}

fn finding_record(finding: &FindingFact) -> Record {
    Record {
        kind: finding.kind.to_owned(),
        text: finding.title.clone(),
        path: format!("/workspace/findings/{}", finding.id),
    }
}

fn cases(cases: &[&Case], folder: &str) -> Vec<Record> {
    cases
        .iter()
        .map(|(id, _, text)| Record {
            kind: String::new(),
            text: text.clone(),
            path: format!("{folder}{id}"),
        })
        .collect()
}

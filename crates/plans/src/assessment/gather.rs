//! The facts of units, from what the system knows: a handful of statements, however many units.
//!
//! Whoever goes on with the work of a unit answers for it, as for its own: rights and duties go to the organ that goes on
//! exercising the powers of one that is no more (行政诉讼法 art. 26, 行政复议法 art. 19). So the sheet of an heir holds what a
//! merged unit had finished, was late with or earned in the period, each record once and under the name of the unit that it
//! came from; what the merger moved is the heir's already. A unit that was dissolved without an heir is not scored: there is
//! nobody whose work of the year would be judged, and nothing is dissolved with open work. What people judged stays with the
//! unit that they judged.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::store::Watched;
use gongkai_platform::finding::{self, Finding, FindingState};

use super::scheme::{Indicator, Measure};
use super::score::{Input, Record, VETO};
use super::store::{self, Case, Merged, PartFact};
use super::{Period, Points};
use crate::quote::quoted;
use crate::round::store::LateUnit;
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
    /// The units whose records are among those of their heirs.
    pub merged: BTreeMap<OrganId, Merged>,
}

/// What appeals gave back, by unit.
type Given = BTreeMap<OrganId, Vec<(String, Points)>>;

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
    let merged = store::merged_into(tx, organs).await?;
    let all = with(organs, &merged);
    let mut late = store::late_orders(tx, period, &all, as_of).await?;
    for case in &mut late {
        case.0 = format!("/workspace/supervision/{}", case.0);
    }
    for (id, organ, text) in store::late_rectifications(tx, period, &all, as_of).await? {
        late.push((format!("/workspace/bulletins/{id}"), organ, text));
    }
    let others = store::rounds_of_others(tx, period).await?;
    late.append(&mut late_rounds(tx, (&office, &all, &others), range, as_of).await?);
    let mut practices = store::practices(tx, period, &all).await?;
    for case in late.iter_mut().chain(&mut practices) {
        if let Some(gone) = merged.get(&case.1) {
            (case.1, case.2) = (gone.heir, format!("原{}：{}", gone.name, case.2));
        }
    }
    let mut parts = store::part_facts(tx, period, &all).await?;
    for part in &mut parts {
        if let Some(gone) = merged.get(&part.organ) {
            (part.organ, part.from) = (gone.heir, gone.name.clone());
        }
    }
    Ok(Facts {
        parts,
        findings: findings(tx, period, (organs, &merged), range).await?,
        late,
        practices,
        judgements: store::judgements(tx, period.id, organs).await?,
        merged,
    })
}

/// Units with those that went into them.
fn with(organs: &[OrganId], merged: &BTreeMap<OrganId, Merged>) -> Vec<OrganId> {
    organs.iter().chain(merged.keys()).copied().collect()
}

/// The confirmed findings of units, and of those that went into them, found in a range of days. One key is one finding: what
/// a merger joined into the heir's own, or what both had, is told once.
///
/// # Errors
/// When the store fails.
pub(super) async fn findings(
    tx: &mut Tx,
    period: &Period,
    (organs, merged): (&[OrganId], &BTreeMap<OrganId, Merged>),
    range: (Date, Date),
) -> Result<Vec<FindingFact>, StoreError> {
    let office = Scope::Organs {
        single: vec![period.office],
        branches: Vec::new(),
    };
    let watched = match period.desks.as_slice() {
        [] => Watched::Now(&office),
        desks => Watched::First(desks),
    };
    let all = with(organs, merged);
    let mut found = finding::store::confirmed_between(tx, watched, &all, range).await?;
    found.retain(|finding| finding.state != FindingState::Untrue);
    // The heir's own first.
    found.sort_by_key(|finding| merged.contains_key(&finding.organ));
    let mut known = BTreeSet::new();
    let mut facts = Vec::with_capacity(found.len());
    for mut finding in found {
        if let Some(gone) = merged.get(&finding.organ) {
            finding.organ = gone.heir;
            finding.title = format!("原{}：{}", gone.name, finding.title);
        }
        if known.insert((finding.organ, finding.key.clone())) {
            facts.push(fact(finding));
        }
    }
    Ok(facts)
}

/// A confirmed finding that was not judged untrue since.
fn fact(finding: Finding) -> FindingFact {
    FindingFact {
        id: finding.id.to_string(),
        organ: finding.organ,
        kind: finding.kind.code(),
        open: finding.state.is_open(),
        assignment: finding
            .about
            .filter(|(kind, _)| kind == "assignment")
            .map(|(_, id)| id),
        title: finding.title,
    }
}

/// Rounds of the period, those `others` apart, for which units were late, or have submitted nothing by the day of counting.
async fn late_rounds(
    tx: &mut Tx,
    (office, organs, others): (&Scope, &[OrganId], &BTreeSet<String>),
    range: (Date, Date),
    as_of: Date,
) -> Result<Vec<Case>, StoreError> {
    let mut cases = Vec::new();
    for some in organs.chunks(ORGANS_AT_ONCE) {
        let most = (as_of, LATE_MAX);
        let late = round::store::late(tx, office, Some(some), range, most).await?;
        let counts = |unit: &LateUnit| !others.contains(&unit.round.to_string());
        cases.extend(late.into_iter().filter(counts).map(|unit| {
            let path = format!("/workspace/rounds/{}/units/{}", unit.round, unit.organ);
            (path, unit.organ, unit.sentence(as_of))
        }));
    }
    Ok(cases)
}

fn part_record(part: &PartFact, what: &str) -> Record {
    let from = match part.from.as_str() {
        "" => String::new(),
        from => format!("原{from}："),
    };
    Record {
        kind: String::new(),
        text: format!("{from}{}：{what}", quoted(&part.text, QUOTE_CHARS_MAX)),
        path: format!("/workspace/assignments/{}", part.id),
    }
}

/// Of the parts that were due in the period by the day of counting, those done by their day; the others are recorded.
fn ledger(period: &Period, parts: &[&PartFact], as_of: Date, input: &mut Input) {
    let until = period.to_on.min(as_of);
    let mut taken = 0;
    for part in parts {
        let Some(due) = part.due_on else { continue };
        // A day that is not over may still be met.
        if due < period.from_on || due > until || (due == as_of && !part.finished) {
            continue;
        }
        input.all += 1;
        taken += usize::from(!part.from.is_empty());
        let should = if part.is_counted {
            "按方案推算应于"
        } else {
            "应于"
        };
        let done_on = part.done_at.and_then(when::civil_day);
        match done_on.filter(|_| part.finished) {
            Some(on) if on <= due => input.good += 1,
            Some(on) => {
                let (due, on) = (when::date(due), when::date(on));
                let what = format!("{should}{due}前完成，{on}才报完成");
                input.records.push(part_record(part, &what));
            }
            None => {
                let what = format!("{should}{}前完成，未完成", when::date(due));
                input.records.push(part_record(part, &what));
            }
        }
    }
    input.note = taken_over(taken);
}

/// Says how many of the counted parts were those of units that went into this one.
fn taken_over(parts: usize) -> String {
    match parts {
        0 => String::new(),
        n => format!("含已并入单位的{n}件"),
    }
}

/// Of the finished parts, those with evidence of which none has decayed, whether or not somebody has looked at the check's
/// finding yet; where one was confirmed, the record leads to it.
fn evidence(parts: &[&PartFact], findings: &BTreeMap<&str, &str>, input: &mut Input) {
    let mut taken = 0;
    for part in parts.iter().filter(|part| part.finished) {
        input.all += 1;
        taken += usize::from(!part.from.is_empty());
        if part.evidence == 0 {
            input.records.push(part_record(part, "报已完成，没有佐证"));
        } else if part.decayed > 0 {
            let mut record = part_record(part, "佐证失效");
            if let Some(finding) = findings.get(part.id.as_str()) {
                record.path = format!("/workspace/findings/{finding}");
            }
            input.records.push(record);
        } else {
            input.good += 1;
        }
    }
    input.note = taken_over(taken);
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
    /// Takes out what appeals gave back to a unit and to those that went into it since: their records are its own now.
    pub fn given_to(&self, organ: OrganId, given: &mut Given) -> Vec<(String, Points)> {
        let mut all = given.remove(&organ).unwrap_or_default();
        let gone = self.merged.iter().filter(|(_, gone)| gone.heir == organ);
        for (gone, _) in gone {
            all.extend(given.remove(gone).unwrap_or_default());
        }
        all
    }

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
                let findings: BTreeMap<&str, &str> = self
                    .findings
                    .iter()
                    .filter(|finding| finding.kind == "evidence" && finding.open)
                    .filter_map(|finding| {
                        Some((finding.assignment.as_deref()?, finding.id.as_str()))
                    })
                    .collect();
                evidence(&self.parts, &findings, &mut input);
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

/// What a confirmed finding is recorded as on a score sheet.
pub(super) fn finding_record(finding: &FindingFact) -> Record {
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

//! What late answers and lost reviews cost units in the year's assessments, for those who look at requests: as the sheets have it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{Figure, FigureKey};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::FindingKind;
use gongkai_platform::seam::FigureSource;

use super::gather::{self, finding_record};
use super::scheme::{Measure, Scheme};
use super::score::{self, Input};
use super::{Period, Points, store};

/// In hundredths of a point.
const NAME: &str = "scores.requests";
const KINDS: [FindingKind; 2] = [FindingKind::LateReply, FindingKind::LostReview];

pub(crate) struct TakenOff;

#[async_trait]
impl FigureSource for TakenOff {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[(NAME, "依申请公开考核扣分（以0.01分计）")]
    }

    fn fewer_is_better(&self) -> &'static [&'static str] {
        &[NAME]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut organs: BTreeMap<i16, Vec<OrganId>> = BTreeMap::new();
        for key in keys.iter().filter(|key| key.name == NAME) {
            organs.entry(key.year).or_default().push(key.organ);
        }
        let mut lost: BTreeMap<(i16, OrganId), Points> = BTreeMap::new();
        for (year, organs) in organs {
            for period in store::of_year(tx, i64::from(year)).await? {
                for (organ, points) in of_period(tx, &period, &organs).await? {
                    let sum = lost.entry((year, organ)).or_insert(Points::ZERO);
                    *sum = sum.plus(points);
                }
            }
        }
        let figure = |key: &FigureKey| {
            let of = (key.name == NAME).then_some((key.year, key.organ))?;
            let points = lost.get(&of)?;
            Some(Figure {
                value: points.0,
                refs: Vec::new(),
            })
        };
        Ok(keys.iter().map(figure).collect())
    }
}

/// What a period takes off those of these units that it is about: from what is kept, or, before scores are computed, from the
/// findings as they are.
async fn of_period(
    tx: &mut Tx,
    period: &Period,
    organs: &[OrganId],
) -> Result<Vec<(OrganId, Points)>, StoreError> {
    let within = Scope::Organs {
        single: organs.to_vec(),
        branches: Vec::new(),
    };
    let most = i64::try_from(organs.len()).unwrap_or(i64::MAX);
    let kept = store::kept(tx, period.id, Some(&within), (0, most)).await?;
    if !kept.is_empty() {
        let one = |unit: &super::Kept| (unit.organ, lost(&period.scheme, &unit.inputs));
        return Ok(kept.iter().map(one).collect());
    }
    let units = store::units(tx, period, Some(&within), (0, most)).await?;
    let units: Vec<OrganId> = units.into_iter().map(|(id, _)| id).collect();
    let range = (period.from_on, period.to_on);
    let merged = store::merged_into(tx, &units).await?;
    let findings = gather::findings(tx, period, (&units, &merged), range).await?;
    let one = |organ: &OrganId| {
        let own = findings.iter().filter(|finding| finding.organ == *organ);
        let records: Vec<_> = own.map(finding_record).collect();
        let inputs: Vec<Input> = period
            .scheme
            .indicators
            .iter()
            .map(|indicator| Input {
                records: records
                    .iter()
                    .filter(|record| indicator.case(&record.kind).is_some())
                    .cloned()
                    .collect(),
                ..Input::empty(&indicator.code)
            })
            .collect();
        (*organ, lost(&period.scheme, &inputs))
    };
    Ok(units.iter().map(one).collect())
}

/// Of what the lines take off, what is taken off for these kinds.
fn lost(scheme: &Scheme, inputs: &[Input]) -> Points {
    let by_case = scheme
        .indicators
        .iter()
        .filter(|indicator| indicator.measure == Measure::Findings);
    by_case
        .filter_map(|indicator| {
            let input = inputs
                .iter()
                .find(|input| input.indicator == indicator.code)?;
            Some((score::line(indicator, input, Points::ZERO), input))
        })
        .flat_map(|(line, input)| {
            let parts = line.parts.into_iter().zip(&input.records);
            parts
                .filter(|(_, record)| KINDS.iter().any(|kind| kind.code() == record.kind))
                .map(|(points, _)| points)
                .collect::<Vec<_>>()
        })
        .sum()
}

#[cfg(test)]
mod tests;

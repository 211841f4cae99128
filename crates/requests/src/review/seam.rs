//! What reviews and suits offer to the others: the columns of table 四, and answers that are due.

use async_trait::async_trait;
use gongkai_basis::reference::{Claim, DateRange, Figure, FigureKey, Ref, Verdict};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{
    DueItem, EvidenceSource, FOUND_MAX, FigureSource, Found, Obligation, Wanted,
};
use sha2::{Digest as _, Sha256};

use super::{Remedy, RemedyKind, RemedyOutcome, store};

const REMEDY: &str = "remedy";

/// References that a figure carries at most; the number itself is whole.
const REFS_MAX: i64 = 200;

/// Table 四 of the annual report, one figure for each column.
pub(crate) struct Table4;

const KEYS: &[(&str, &str)] = &[
    ("requests.table4.review_kept", "行政复议：结果维持"),
    ("requests.table4.review_corrected", "行政复议：结果纠正"),
    ("requests.table4.review_other", "行政复议：其他结果"),
    ("requests.table4.review_pending", "行政复议：尚未审结"),
    ("requests.table4.review_total", "行政复议：总计"),
    ("requests.table4.direct_kept", "未经复议直接起诉：结果维持"),
    (
        "requests.table4.direct_corrected",
        "未经复议直接起诉：结果纠正",
    ),
    ("requests.table4.direct_other", "未经复议直接起诉：其他结果"),
    (
        "requests.table4.direct_pending",
        "未经复议直接起诉：尚未审结",
    ),
    ("requests.table4.direct_total", "未经复议直接起诉：总计"),
    ("requests.table4.after_kept", "复议后起诉：结果维持"),
    ("requests.table4.after_corrected", "复议后起诉：结果纠正"),
    ("requests.table4.after_other", "复议后起诉：其他结果"),
    ("requests.table4.after_pending", "复议后起诉：尚未审结"),
    ("requests.table4.after_total", "复议后起诉：总计"),
];

/// The block, and the outcomes that its column adds up; `None` among them is 尚未审结.
fn column(name: &str) -> Option<(RemedyKind, Vec<Option<RemedyOutcome>>)> {
    let (kind, column) = name.strip_prefix("requests.table4.")?.split_once('_')?;
    let kind = RemedyKind::from_code(kind)?;
    let outcomes = match column {
        "pending" => vec![None],
        "total" => RemedyOutcome::ALL
            .iter()
            .copied()
            .map(Some)
            .chain([None])
            .collect(),
        outcome => vec![Some(RemedyOutcome::from_code(outcome)?)],
    };
    Some((kind, outcomes))
}

#[async_trait]
impl FigureSource for Table4 {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        KEYS
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            let Some((kind, outcomes)) = column(&key.name) else {
                figures.push(None);
                continue;
            };
            let (mut value, mut refs) = (0, Vec::new());
            for outcome in outcomes {
                let of = (key.organ, key.year);
                let (n, ids) = store::figure(tx, (kind, outcome), of, REFS_MAX).await?;
                value += n;
                refs.extend(
                    ids.iter()
                        .filter_map(|id| id.parse().ok())
                        .map(store::reference),
                );
            }
            figures.push(Some(Figure { value, refs }));
        }
        Ok(figures)
    }
}

/// Reviews and suits by name: behind the figures of table 四, and as evidence.
pub(crate) struct Remedies;

/// Who applied or sued stays out of what others may cite.
fn found(remedy: &Remedy) -> Found {
    let words = &remedy.words;
    let ending = remedy.ending.as_ref();
    Found {
        of: store::reference(remedy.id),
        organ: remedy.organ,
        title: format!(
            "{}{}{}：{}",
            remedy.organ_name,
            words.kind.name(),
            words.case_number,
            remedy.state_name()
        ),
        dated_on: Some(ending.map_or(words.filed_on, |ending| ending.decided_on)),
        path: format!("/workspace/requests/reviews/{}", remedy.id),
        seal: seal(remedy),
    }
}

fn seal(remedy: &Remedy) -> String {
    let decided = remedy.ending.as_ref().map(|ending| ending.decided_on);
    let decided = decided.map_or_else(String::new, |on| on.to_string());
    let parts = [remedy.words.kind.code(), remedy.state_name(), &decided];
    hex::encode(Sha256::digest(parts.join("\u{1f}").as_bytes()))
}

async fn by_ref(tx: &mut Tx, of: &Ref) -> Result<Option<Remedy>, StoreError> {
    match of.id.parse() {
        Ok(id) if of.kind == REMEDY => {
            let there = store::load(tx, &Scope::Everything, id).await?;
            Ok(there.filter(|one| one.removed_why.is_none()))
        }
        _ => Ok(None),
    }
}

#[async_trait]
impl EvidenceSource for Remedies {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(REMEDY, "行政复议、行政诉讼")]
    }

    async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        let narrow = store::Narrow {
            text: wanted.words.clone(),
            ..store::Narrow::default()
        };
        let rows = i64::try_from(FOUND_MAX).unwrap_or(i64::MAX);
        let there = store::list(tx, scope, &narrow, (0, rows)).await?;
        let within = |one: &Found| {
            let range = wanted.within;
            range.is_none_or(|range| one.dated_on.is_some_and(|on| store::within(range, on)))
        };
        Ok(there.iter().map(found).filter(within).collect())
    }

    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let mut described = Vec::with_capacity(refs.len());
        for of in refs {
            described.push(by_ref(tx, of).await?.as_ref().map(found));
        }
        Ok(described)
    }

    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let mut verdicts = Vec::with_capacity(claims.len());
        for claim in claims {
            verdicts.push(match by_ref(tx, &claim.of).await? {
                None => Verdict::Gone("没有这件复议、诉讼的登记。".to_owned()),
                Some(remedy) => match &claim.seal {
                    Some(kept) if *kept != seal(&remedy) => {
                        Verdict::Changed("这件复议、诉讼的结果引用以后改变过。".to_owned())
                    }
                    Some(_) | None => Verdict::Holds,
                },
            });
        }
        Ok(verdicts)
    }
}

/// The organ's own answers to a review or a suit.
pub(crate) struct Answers;

#[async_trait]
impl Obligation for Answers {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(REMEDY, "复议诉讼答复")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let open = store::unanswered(tx, scope).await?;
        let mut items: Vec<DueItem> = open
            .into_iter()
            .filter_map(|remedy| {
                let due_on = remedy.answer_limit()?;
                store::within(range, due_on).then(|| DueItem {
                    of: store::reference(remedy.id),
                    organ: remedy.organ,
                    title: format!("{}答复：{}", remedy.words.kind.name(), remedy.words.matter),
                    due_on,
                    path: format!("/workspace/requests/reviews/{}", remedy.id),
                })
            })
            .collect();
        items.sort_by_key(|item| item.due_on);
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::{KEYS, column};

    #[test]
    fn fifteen_columns_and_each_total_adds_the_four_before_it() {
        assert_eq!(KEYS.len(), 15);
        for (name, _) in KEYS {
            let (_, outcomes) = column(name).unwrap();
            assert_eq!(
                outcomes.len(),
                if name.ends_with("total") { 4 } else { 1 },
                "{name}"
            );
        }
        assert_eq!(column("requests.table4.review_won"), None);
        assert_eq!(column("requests.table3.open.natural"), None);
    }
}

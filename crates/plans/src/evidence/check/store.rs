//! The SQL of checks.

use gongkai_basis::id::{EvidenceId, FileId};
use gongkai_basis::reference::Verdict;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::files;

use super::{By, Check, CheckKind, HISTORY_MAX, Item};
use crate::evidence::Proof;
use crate::evidence::store::from_row;
use crate::evidence::verdict::Judged;
use crate::plan::store::corrupt;

/// Evidence in one statement.
const ITEMS_AT_ONCE: usize = 200;

/// Evidence in force with what is around it, in the order asked; what was withdrawn or is not there is left out.
///
/// # Errors
/// When the store fails.
pub async fn items(tx: &mut Tx, ids: &[EvidenceId]) -> Result<Vec<Item>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(ITEMS_AT_ONCE) {
        let mut statement = sql(
            "SELECT e.*, a.task_id, t.text AS task_text, a.organ_id, a.plan_id, p.organ_id AS office_id, p.government_id, p.year \
             FROM evidence e JOIN assignment a ON a.id = e.assignment_id JOIN task t ON t.id = a.task_id JOIN plan p ON p.id = a.plan_id \
             WHERE e.withdrawn_at IS NULL AND e.id IN ",
        );
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.push(Item {
                evidence: from_row(&row)?,
                sha256: None,
                task: row.get("task_id")?,
                task_text: row.get("task_text")?,
                organ: row.get("organ_id")?,
                plan: row.get("plan_id")?,
                office: row.get("office_id")?,
                government: row.get("government_id")?,
                year: row.get("year")?,
            });
        }
    }
    let of = |item: &Item| match item.evidence.proof {
        Proof::File(file) => Some(file),
        Proof::Link(_) | Proof::Event(_) | Proof::Figure(_) | Proof::Record(_) => None,
    };
    let stored: Vec<FileId> = found.iter().filter_map(of).collect();
    let hashes = files::hashes(tx, &stored).await?;
    for item in &mut found {
        item.sha256 = of(item).and_then(|file| hashes.get(&file).cloned());
    }
    found.sort_by_key(|item| ids.iter().position(|id| *id == item.evidence.id));
    Ok(found)
}

pub(super) async fn insert(
    tx: &mut Tx,
    by: By<'_>,
    (evidence, kind): (EvidenceId, CheckKind),
    judged: &Judged,
) -> Result<(), StoreError> {
    let (id, now) = (tx.fresh().to_string(), tx.now().as_millisecond());
    tx.run(
        sql("INSERT INTO evidence_check (id, evidence_id, run_id, kind, verdict, why, seen, seal, checked_by, checked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind(id)
            .bind(evidence)
            .bind(by.run.map(|run| run.to_string()))
            .bind(kind.code())
            .bind(judged.verdict.code())
            .bind(judged.verdict.sentence())
            .bind(&judged.seen)
            .bind(judged.seal.clone())
            .bind(by.name)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Keeps the last verdict beside the evidence. A page's seal is that of the first time it held.
pub(super) async fn set(
    tx: &mut Tx,
    id: EvidenceId,
    judged: &Judged,
    decayed: bool,
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let first = judged
        .seal
        .clone()
        .filter(|_| judged.verdict == Verdict::Holds);
    tx.run(
        sql("UPDATE evidence SET checked_at = $1, verdict = $2, verdict_why = $3, verdict_seal = $4, decayed = $5, \
             seal = COALESCE(seal, $6) WHERE id = $7 AND withdrawn_at IS NULL")
            .bind(now)
            .bind(judged.verdict.code())
            .bind(judged.verdict.sentence())
            .bind(judged.seal.clone())
            .bind(decayed)
            .bind(first)
            .bind(id),
    )
    .await?;
    Ok(())
}

/// The office accepts this verdict on what was seen.
pub(super) async fn accept(
    tx: &mut Tx,
    id: EvidenceId,
    judged: &Judged,
    (why, by): (&str, &str),
) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run_versioned(
        sql("UPDATE evidence SET decayed = 0, accepted_verdict = $1, accepted_seal = $2, accepted_why = $3, accepted_by = $4, accepted_at = $5 \
             WHERE id = $6 AND decayed = 1 AND withdrawn_at IS NULL")
            .bind(judged.verdict.code())
            .bind(judged.seal.clone())
            .bind(why)
            .bind(by)
            .bind(now)
            .bind(id),
    )
    .await
}

/// The newest checks of one piece of evidence, newest first.
///
/// # Errors
/// When the store fails.
pub async fn history(tx: &mut Tx, id: EvidenceId) -> Result<Vec<Check>, StoreError> {
    tx.all(
        sql("SELECT * FROM evidence_check WHERE evidence_id = $1 ORDER BY checked_at DESC, id DESC LIMIT $2")
            .bind(id)
            .bind(HISTORY_MAX),
    )
    .await?
    .iter()
    .map(|row| {
        let (code, why): (String, String) = (row.get("verdict")?, row.get("why")?);
        Ok(Check {
            kind: row.coded("kind", CheckKind::from_code)?,
            verdict: Verdict::from_parts(&code, why).ok_or_else(|| corrupt("verdict", &code))?,
            seen: row.get("seen")?,
            seal: row.get("seal")?,
            by: row.get("checked_by")?,
            at: row.get("checked_at")?,
        })
    })
    .collect()
}

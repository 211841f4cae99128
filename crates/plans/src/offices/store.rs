//! The SQL of what offices hold.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

/// How much there is of which an organ is the office.
pub(super) async fn count_held(tx: &mut Tx, office: OrganId) -> Result<i64, StoreError> {
    tx.one(
        sql("SELECT (SELECT COUNT(*) FROM plan WHERE organ_id = $1) + (SELECT COUNT(*) FROM import_draft WHERE organ_id = $1) \
             + (SELECT COUNT(*) FROM supervision WHERE office_id = $1) + (SELECT COUNT(*) FROM bulletin WHERE office_id = $1) \
             + (SELECT COUNT(*) FROM practice WHERE office_id = $1) + (SELECT COUNT(*) FROM report_round WHERE office_id = $1) \
             + (SELECT COUNT(*) FROM score_period WHERE office_id = $1) + (SELECT COUNT(*) FROM score_scheme WHERE office_id = $1) AS n")
            .bind(office),
    )
    .await?
    .get("n")
}

/// What moves as it is, and keeps from whose desk it came first. Papers keep their printed numbers; where the heir has given the
/// same number of the year itself, its series goes on from its own. Its schemes stand before those of the other, and its rules
/// alone hold: a rule without a row is one that it left as it comes.
const MOVES: [&str; 8] = [
    "UPDATE plan SET desk_id = COALESCE(desk_id, organ_id), organ_id = $1, version = version + 1 WHERE organ_id = $2",
    "UPDATE import_draft SET organ_id = $1, version = version + 1 WHERE organ_id = $2",
    "UPDATE supervision SET desk_id = COALESCE(desk_id, office_id), office_id = $1, version = version + 1, n = CASE WHEN EXISTS (SELECT 1 FROM supervision k \
     WHERE k.office_id = $1 AND k.year = supervision.year AND k.n = supervision.n) THEN NULL ELSE n END WHERE office_id = $2",
    "UPDATE bulletin SET desk_id = COALESCE(desk_id, office_id), office_id = $1, version = version + 1, n = CASE WHEN EXISTS (SELECT 1 FROM bulletin k \
     WHERE k.office_id = $1 AND k.year = bulletin.year AND k.n = bulletin.n) THEN NULL ELSE n END WHERE office_id = $2",
    "UPDATE practice SET desk_id = COALESCE(desk_id, office_id), office_id = $1, version = version + 1 WHERE office_id = $2",
    "UPDATE report_round SET office_id = $1, version = version + 1 WHERE office_id = $2",
    "UPDATE score_period SET office_id = $1, version = version + 1 WHERE office_id = $2",
    "UPDATE score_scheme SET office_id = $1 WHERE office_id = $2 AND year NOT IN (SELECT k.year FROM score_scheme k WHERE k.office_id = $1)",
];

/// What has a history of its own: the kind of subject in it, and its ids.
const PAPERS: [(&str, &str); 3] = [
    ("plan", "SELECT id FROM plan WHERE organ_id = $1"),
    (
        "supervision",
        "SELECT id FROM supervision WHERE office_id = $1",
    ),
    ("bulletin", "SELECT id FROM bulletin WHERE office_id = $1"),
];

/// What an office holds that has a history of its own.
pub(super) async fn papers(
    tx: &mut Tx,
    office: OrganId,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let mut papers = Vec::new();
    for (kind, statement) in PAPERS {
        for row in tx.all(sql(statement).bind(office)).await? {
            papers.push((kind, row.get("id")?));
        }
    }
    Ok(papers)
}

/// From whose desks the records of an office came by mergers before.
const DESKS: &str = "SELECT desk_id FROM plan WHERE organ_id = $1 AND desk_id IS NOT NULL \
    UNION SELECT desk_id FROM supervision WHERE office_id = $1 AND desk_id IS NOT NULL \
    UNION SELECT desk_id FROM bulletin WHERE office_id = $1 AND desk_id IS NOT NULL \
    UNION SELECT desk_id FROM practice WHERE office_id = $1 AND desk_id IS NOT NULL";

/// Periods of assessment that an office has before it becomes one with another stay about what it had till then.
async fn keep_apart(tx: &mut Tx, office: OrganId) -> Result<(), StoreError> {
    let mut desks = vec![office.to_string()];
    for row in tx.all(sql(DESKS).bind(office)).await? {
        desks.push(row.get("desk_id")?);
    }
    tx.run(
        sql("UPDATE score_period SET desks = $1 WHERE office_id = $2 AND desks IS NULL")
            .bind(desks.join(" "))
            .bind(office),
    )
    .await?;
    Ok(())
}

/// Gives to an heir all of which an organ is the office.
pub(super) async fn give(tx: &mut Tx, from: OrganId, to: OrganId) -> Result<(), StoreError> {
    for office in [from, to] {
        keep_apart(tx, office).await?;
    }
    for statement in MOVES {
        tx.run(sql(statement).bind(to).bind(from)).await?;
    }
    Ok(())
}

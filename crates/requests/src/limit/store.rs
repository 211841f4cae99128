//! The SQL of 本机关办理期限.

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{Row, Sql, StoreError, Tx, sql};

use super::{OwnLimit, Proof};

/// A limit that holds for an organ, and whose setting it is; of nobody where it is the default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InForce {
    pub limit: OwnLimit,
    pub set_by: Option<(OrganId, String)>,
}

/// What holds for an organ: its own setting, or that of the nearest organ above it.
///
/// # Errors
/// When the store fails.
pub async fn in_force(tx: &mut Tx, organ: OrganId) -> Result<InForce, StoreError> {
    let row = tx
        .optional(
            sql("SELECT l.correction_days, l.complaint_days, l.basis, l.proof, l.version, a.id, a.name FROM request_limit l \
                 JOIN organ a ON a.id = l.organ_id JOIN organ o ON o.path LIKE a.path || '%' WHERE o.id = $1 \
                 ORDER BY LENGTH(a.path) DESC LIMIT 1")
                .bind(organ),
        )
        .await?;
    let Some(row) = row else {
        return Ok(InForce::default());
    };
    Ok(InForce {
        limit: limit_from(&row)?,
        set_by: Some((row.get("id")?, row.get("name")?)),
    })
}

fn limit_from(row: &Row) -> Result<OwnLimit, StoreError> {
    let days = |column| -> Result<u16, StoreError> {
        let days: i64 = row.get(column)?;
        Ok(u16::try_from(days).unwrap_or(u16::MAX))
    };
    Ok(OwnLimit {
        correction: days("correction_days")?,
        complaint: days("complaint_days")?,
        basis: row.get("basis")?,
        proof: row.coded("proof", Proof::from_code)?,
        version: row.get("version")?,
    })
}

/// Keeps an organ's own, over the version that was read.
pub(super) async fn save(tx: &mut Tx, organ: OrganId, limit: &OwnLimit) -> Result<(), StoreError> {
    let bound = |statement: Sql| {
        statement
            .bind(i64::from(limit.correction))
            .bind(i64::from(limit.complaint))
            .bind(&limit.basis)
            .bind(organ)
            .bind(limit.proof.code())
    };
    if limit.version == 0 {
        return tx
            .run_versioned(bound(sql(
                "INSERT INTO request_limit (correction_days, complaint_days, basis, organ_id, proof, version) VALUES ($1, $2, $3, $4, $5, 1) \
                 ON CONFLICT DO NOTHING",
            )))
            .await;
    }
    tx.run_versioned(
        bound(sql(
            "UPDATE request_limit SET correction_days = $1, complaint_days = $2, basis = $3, proof = $5, version = version + 1 \
             WHERE organ_id = $4 AND version = $6",
        ))
        .bind(limit.version),
    )
    .await
}

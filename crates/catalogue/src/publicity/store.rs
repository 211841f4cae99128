//! The SQL of what governments let the public read.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{Row, StoreError, Tx, sql};

use super::Publicity;

/// What an office decided for its government.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub organ: OrganId,
    pub publicity: Publicity,
    pub set_by: String,
    pub set_on: Date,
    /// 0 before it is stored.
    pub version: i64,
}

/// What holds for an organ with this path: what the nearest government at or above it has decided.
///
/// # Errors
/// When the store fails.
pub async fn of_path(tx: &mut Tx, path: &str) -> Result<Publicity, StoreError> {
    let above = path.split('/').filter_map(|id| id.parse::<OrganId>().ok());
    let mut statement = sql(
        "SELECT p.publicity FROM catalogue_publicity p JOIN organ o ON o.id = p.organ_id WHERE p.organ_id IN ",
    );
    statement
        .push_list(above)
        .push(" ORDER BY LENGTH(o.path) DESC LIMIT 1");
    let row = tx.optional(statement).await?;
    row.map_or(Ok(Publicity::UNDECIDED), |row| {
        row.coded("publicity", Publicity::from_code)
    })
}

/// What was decided for a government itself.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, organ: OrganId) -> Result<Option<Decided>, StoreError> {
    tx.optional(sql("SELECT * FROM catalogue_publicity WHERE organ_id = $1").bind(organ))
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// Keeps a decision under the version that was read.
///
/// # Errors
/// [`StoreError::Stale`] when somebody was first.
pub(super) async fn save(tx: &mut Tx, decided: &Decided) -> Result<(), StoreError> {
    tx.run_versioned(
        sql("INSERT INTO catalogue_publicity (organ_id, publicity, set_by, set_on, version) VALUES ($1, $2, $3, $4, 1) \
             ON CONFLICT (organ_id) DO UPDATE SET publicity = $2, set_by = $3, set_on = $4, \
             version = catalogue_publicity.version + 1 WHERE catalogue_publicity.version = $5")
            .bind(decided.organ)
            .bind(decided.publicity.code())
            .bind(&decided.set_by)
            .bind(decided.set_on)
            .bind(decided.version),
    )
    .await
}

fn from_row(row: &Row) -> Result<Decided, StoreError> {
    Ok(Decided {
        organ: row.get("organ_id")?,
        publicity: row.coded("publicity", Publicity::from_code)?,
        set_by: row.get("set_by")?,
        set_on: row.get("set_on")?,
        version: row.get("version")?,
    })
}

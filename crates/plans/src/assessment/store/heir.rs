//! The SQL of who answers in a period for units that are no more.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx, sql};

/// A unit that went into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub name: String,
    /// Who answers for it.
    pub heir: OrganId,
}

/// The units that went into some others by mergers, at whatever remove.
///
/// # Errors
/// When the store fails.
pub async fn merged_into(
    tx: &mut Tx,
    heirs: &[OrganId],
) -> Result<BTreeMap<OrganId, Merged>, StoreError> {
    let mut found = BTreeMap::new();
    for some in heirs.chunks(200) {
        let mut statement = sql(
            "WITH RECURSIVE gone (id, heir_id) AS (SELECT m.id, m.successor_id FROM organ m WHERE m.status = 'merged' AND m.successor_id IN ",
        );
        statement.push_list(some.iter().copied()).push(
            " UNION SELECT m.id, gone.heir_id FROM organ m JOIN gone ON gone.id = m.successor_id WHERE m.status = 'merged') \
             SELECT gone.id, gone.heir_id, o.name FROM gone JOIN organ o ON o.id = gone.id",
        );
        for row in tx.all(statement).await? {
            let merged = Merged {
                name: row.get("name")?,
                heir: row.get("heir_id")?,
            };
            found.insert(row.get("id")?, merged);
        }
    }
    Ok(found)
}

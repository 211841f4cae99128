//! The SQL of 机构信息.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::credit_code::organisation_code_of;
use gongkai_basis::id::OrganId;

use super::{Profile, Words};
use crate::access::Scope;
use crate::db::{Row, Sql, StoreError, Tx, containing, sql};
use crate::organ::store::government_of;
use crate::organ::{Kind, Level};

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;
/// Characters of words that may mean an organ.
const MEANT_CHARS_MIN: usize = 2;
/// Organs that are weighed for one search.
const MEANT_MAX: i64 = 50;
/// Organs of one level that a page lists.
pub const LISTED_MAX: i64 = 3_000;
/// Organs with a page of their own: not offices inside a unit, nor villages, which are no organs of state.
const LISTED: &str =
    "o.status = 'active' AND o.kind NOT IN ('section', 'village', 'community') AND ";

/// An organ in a public list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: OrganId,
    pub name: String,
    pub kind: Kind,
    pub path: String,
}

fn from_row(row: &Row) -> Result<Profile, StoreError> {
    Ok(Profile {
        words: Words {
            duties: row.get("duties")?,
            sections: row.get("sections")?,
            address: row.get("address")?,
            hours: row.get("hours")?,
            phone: row.get("phone")?,
            leaders: row.get("leaders")?,
            credit_code: row.get("credit_code")?,
            house_code: row.get("house_code")?,
        },
        index_scheme: row.get("index_scheme")?,
        version: row.get("version")?,
    })
}

/// What is kept of an organ; an empty one where nothing is.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, organ: OrganId) -> Result<Profile, StoreError> {
    let found = of(tx, &[organ]).await?;
    Ok(found.into_values().next().unwrap_or_default())
}

/// What is kept of these organs.
///
/// # Errors
/// When the store fails.
pub async fn of(tx: &mut Tx, organs: &[OrganId]) -> Result<BTreeMap<OrganId, Profile>, StoreError> {
    let mut found = BTreeMap::new();
    for some in organs.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT * FROM organ_profile WHERE organ_id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.insert(row.get("organ_id")?, from_row(&row)?);
        }
    }
    Ok(found)
}

/// Which codes other organs have already: the field, and whose it is. A credit code is one organ's in the whole country, also
/// where it or the 组织机构代码 in it stands among another's names; a code that a place gave is compared within that place.
///
/// # Errors
/// When the store fails.
pub async fn taken(
    tx: &mut Tx,
    organ: OrganId,
    words: &Words,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let mut found = Vec::new();
    if let Some(name) = with_credit_code(tx, organ, &words.credit_code).await? {
        found.push(("credit_code", name));
    }
    if let Some(name) = with_house_code(tx, organ, &words.house_code).await? {
        found.push(("house_code", name));
    }
    Ok(found)
}

async fn with_credit_code(
    tx: &mut Tx,
    organ: OrganId,
    code: &str,
) -> Result<Option<String>, StoreError> {
    if code.is_empty() {
        return Ok(None);
    }
    let mut written = vec![code.to_owned()];
    if let Some(inside) = organisation_code_of(code)
        && let Some((body, check)) = inside.split_at_checked(8)
    {
        written.push(format!("{body}-{check}"));
        written.push(inside.to_owned());
    }
    let mut statement = sql("SELECT o.name FROM organ o WHERE o.id <> ");
    statement
        .push_value(organ)
        .push(" AND (o.id IN (SELECT p.organ_id FROM organ_profile p WHERE p.credit_code = ")
        .push_value(code)
        .push(") OR o.id IN (SELECT a.organ_id FROM organ_alias a WHERE a.alias IN ")
        .push_list(written)
        .push(")) ORDER BY o.id LIMIT 1");
    let row = tx.optional(statement).await?;
    row.map(|row| row.get("name")).transpose()
}

async fn with_house_code(
    tx: &mut Tx,
    organ: OrganId,
    code: &str,
) -> Result<Option<String>, StoreError> {
    if code.is_empty() {
        return Ok(None);
    }
    let Some(place) = place_of(tx, organ).await? else {
        return Ok(None);
    };
    let others = tx
        .all(
            sql(
                "SELECT o.name, o.path FROM organ_profile p JOIN organ o ON o.id = p.organ_id \
                 JOIN organ place ON o.path LIKE place.path || '%' \
                 WHERE p.house_code = $1 AND o.id <> $2 AND place.id = $3 ORDER BY o.id",
            )
            .bind(code)
            .bind(organ)
            .bind(place.id()),
        )
        .await?;
    if others.is_empty() {
        return Ok(None);
    }
    let parts = parts_of(tx, place).await?;
    for other in others {
        let path: String = other.get("path")?;
        if !path.split('/').any(|id| parts.contains(id)) {
            return Ok(Some(other.get("name")?));
        }
    }
    Ok(None)
}

/// Whose codes stand beside those of an organ.
#[derive(Clone, Copy)]
enum Place {
    /// Those below whose nearest rule of 索引号 is this organ's.
    Rule(OrganId),
    /// Those for which no rule holds, of one government.
    Government(OrganId),
}

impl Place {
    const fn id(self) -> OrganId {
        match self {
            Self::Rule(id) | Self::Government(id) => id,
        }
    }
}

async fn place_of(tx: &mut Tx, organ: OrganId) -> Result<Option<Place>, StoreError> {
    match index_scheme(tx, organ).await? {
        Some((place, _)) => Ok(Some(Place::Rule(place))),
        None => Ok(government_of(tx, organ).await?.map(Place::Government)),
    }
}

/// The organs below with which another place begins.
async fn parts_of(tx: &mut Tx, place: Place) -> Result<BTreeSet<String>, StoreError> {
    let mut statement = sql(
        "SELECT o.id FROM organ o JOIN organ place ON o.path LIKE place.path || '_%' \
         LEFT JOIN organ_profile p ON p.organ_id = o.id WHERE place.id = ",
    );
    statement
        .push_value(place.id())
        .push(" AND (p.index_scheme <> ''");
    if let Place::Government(_) = place {
        let kinds = Kind::ALL.iter().copied().filter(|kind| kind.governs());
        statement.push(" OR o.kind IN ").push_list(kinds);
    }
    statement.push(")");
    let found = tx.all(statement).await?;
    found.iter().map(|row| row.get("id")).collect()
}

/// Writes over the version that was read; the caller records the event.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else was first.
pub async fn keep(tx: &mut Tx, organ: OrganId, profile: &Profile) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let words = &profile.words;
    let statement = if profile.version == 0 {
        "INSERT INTO organ_profile (duties, sections, address, hours, phone, leaders, credit_code, house_code, index_scheme, \
         changed_at, organ_id, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 + 1) ON CONFLICT (organ_id) DO NOTHING"
    } else {
        "UPDATE organ_profile SET duties = $1, sections = $2, address = $3, hours = $4, phone = $5, leaders = $6, credit_code = $7, \
         house_code = $8, index_scheme = $9, changed_at = $10, version = version + 1 WHERE organ_id = $11 AND version = $12"
    };
    tx.run_versioned(
        sql(statement)
            .bind(&words.duties)
            .bind(&words.sections)
            .bind(&words.address)
            .bind(&words.hours)
            .bind(&words.phone)
            .bind(&words.leaders)
            .bind(&words.credit_code)
            .bind(&words.house_code)
            .bind(&profile.index_scheme)
            .bind(now)
            .bind(organ)
            .bind(profile.version),
    )
    .await
}

/// How 索引号 are made for an organ: the nearest rule at or above it, and whose it is.
///
/// # Errors
/// When the store fails.
pub async fn index_scheme(
    tx: &mut Tx,
    organ: OrganId,
) -> Result<Option<(OrganId, String)>, StoreError> {
    let found = tx
        .optional(
            sql("SELECT p.organ_id, p.index_scheme FROM organ_profile p JOIN organ above ON above.id = p.organ_id \
                 JOIN organ below ON below.path LIKE above.path || '%' \
                 WHERE below.id = $1 AND p.index_scheme <> '' ORDER BY LENGTH(above.path) DESC LIMIT 1")
                .bind(organ),
        )
        .await?;
    found
        .map(|row| Ok((row.get("organ_id")?, row.get("index_scheme")?)))
        .transpose()
}

/// How many organs of each level a site lists, the highest first.
///
/// # Errors
/// When the store fails.
pub async fn levels(tx: &mut Tx, scope: &Scope) -> Result<Vec<(Level, i64)>, StoreError> {
    let mut statement = sql("SELECT o.level, COUNT(*) AS n FROM organ o WHERE ");
    push_listed(&mut statement, scope);
    statement.push(" GROUP BY o.level");
    let mut found = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("level")?, row.get("n")?)))
        .collect::<Result<Vec<(Level, i64)>, StoreError>>()?;
    found.sort();
    Ok(found)
}

/// The organs that a site lists of a level, or those whose name holds a text, in the order of the directory.
///
/// # Errors
/// When the store fails.
pub async fn listed(
    tx: &mut Tx,
    scope: &Scope,
    level: Option<Level>,
    text: &str,
) -> Result<Vec<Listed>, StoreError> {
    let mut statement = sql("SELECT o.id, o.name, o.kind, o.path FROM organ o WHERE ");
    push_listed(&mut statement, scope);
    if let Some(level) = level {
        statement.push(" AND o.level = ").push_value(level);
    }
    if !text.is_empty() {
        statement
            .push(" AND (o.name LIKE ")
            .push_value(containing(text))
            .push(" ESCAPE '!' OR o.short_name LIKE ")
            .push_value(containing(text))
            .push(" ESCAPE '!')");
    }
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(LISTED_MAX);
    let one = |row: &Row| {
        Ok(Listed {
            id: row.get("id")?,
            name: row.get("name")?,
            kind: row.get("kind")?,
            path: row.get("path")?,
        })
    };
    tx.all(statement).await?.iter().map(one).collect()
}

/// Organs of a site that a search may mean, the likeliest first: their name, short name or another name holds the words, or
/// the words hold one of these.
///
/// # Errors
/// When the store fails.
pub async fn meant(
    tx: &mut Tx,
    scope: &Scope,
    words: &str,
    rows: usize,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let words: String = words.split_whitespace().collect();
    if words.chars().count() < MEANT_CHARS_MIN {
        return Ok(Vec::new());
    }
    let mut statement = sql("SELECT o.id, o.name, o.short_name FROM organ o WHERE ");
    push_listed(&mut statement, scope);
    for (before, after) in [
        ("AND (o.name LIKE ", " ESCAPE '!' OR "),
        ("o.short_name LIKE ", " ESCAPE '!' OR "),
        (
            "EXISTS (SELECT 1 FROM organ_alias a WHERE a.organ_id = o.id AND a.alias LIKE ",
            " ESCAPE '!') OR ",
        ),
    ] {
        statement
            .push(before)
            .push_value(containing(&words))
            .push(after);
    }
    statement
        .push_value(words.clone())
        .push(" LIKE '%' || o.name || '%' OR LENGTH(o.short_name) > 2 AND ")
        .push_value(words.clone())
        .push(" LIKE '%' || o.short_name || '%') ORDER BY LENGTH(o.path), LENGTH(o.name), o.path LIMIT ")
        .push_value(MEANT_MAX);
    let mut found = tx
        .all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("name")?, row.get("short_name")?)))
        .collect::<Result<Vec<(OrganId, String, Option<String>)>, StoreError>>()?;
    // Its whole name before a part of one; the rest in the order of the directory.
    let is_whole = |name: &str, short: &Option<String>| {
        name == words || short.as_ref().is_some_and(|short| *short == words)
    };
    found.sort_by_key(|(_, name, short)| !is_whole(name, short));
    found.truncate(rows);
    Ok(found.into_iter().map(|(id, name, _)| (id, name)).collect())
}

fn push_listed(statement: &mut Sql, scope: &Scope) {
    statement.push(LISTED);
    scope.push_condition(statement, "o.id", "o.path");
}

/// Ids of the organs that a site lists after this one, with when their pages changed.
///
/// # Errors
/// When the store fails.
pub async fn listed_after(
    tx: &mut Tx,
    scope: &Scope,
    last: &str,
    rows: i64,
) -> Result<Vec<(OrganId, i64)>, StoreError> {
    let mut statement = sql(
        "SELECT o.id, COALESCE(p.changed_at, o.created_at) AS changed_at FROM organ o \
         LEFT JOIN organ_profile p ON p.organ_id = o.id WHERE ",
    );
    push_listed(&mut statement, scope);
    statement
        .push(" AND o.id > ")
        .push_value(last)
        .push(" ORDER BY o.id LIMIT ")
        .push_value(rows);
    tx.all(statement)
        .await?
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("changed_at")?)))
        .collect()
}

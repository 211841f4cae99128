//! The SQL of the overview: three statements for a page, however many units.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{Sql, StoreError, Tx, sql};
use gongkai_platform::organ::{Kind, Status};

use super::UnitYear;
use crate::activity::ActivityKind;
use crate::staff::StaffKind;
use gongkai_platform::organ::reach::{Reach, store as reach};

/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// Which units are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    All,
    /// Those that lack a hearing this year, or a part of the register.
    Unmet,
}

fn push_units(statement: &mut Sql, within: &Reach, which: Units, (from, to): (Date, Date)) {
    statement
        .push("o.status = ")
        .push_value(Status::Active)
        .push(" AND ");
    reach::push(statement, within);
    match which {
        Units::All => {}
        Units::Unmet => {
            statement
                .push(" AND (NOT EXISTS (SELECT 1 FROM activity a WHERE a.organ_id = o.id AND a.kind = ")
                .push_value(ActivityKind::Hearing.code())
                .push(" AND a.removed_why IS NULL AND a.held_on >= ")
                .push_value(from)
                .push(" AND a.held_on <= ")
                .push_value(to)
                .push(") OR (SELECT COUNT(DISTINCT s.kind) FROM staff_entry s WHERE s.organ_id = o.id AND s.until_on IS NULL) < ")
                .push_value(i64::try_from(StaffKind::ALL.len()).unwrap_or(0))
                .push(")");
        }
    }
}

/// # Errors
/// When the store fails.
pub async fn count(
    tx: &mut Tx,
    within: &Reach,
    which: Units,
    year: (Date, Date),
) -> Result<i64, StoreError> {
    let mut statement = sql("SELECT COUNT(*) AS n FROM organ o WHERE ");
    push_units(&mut statement, within, which, year);
    tx.one(statement).await?.get("n")
}

/// One page of units in the order of the directory, with their year.
///
/// # Errors
/// When the store fails.
pub async fn page(
    tx: &mut Tx,
    within: &Reach,
    (which, year): (Units, (Date, Date)),
    (offset, rows): (i64, i64),
) -> Result<Vec<UnitYear>, StoreError> {
    let mut statement = sql("SELECT o.id, o.name FROM organ o WHERE ");
    push_units(&mut statement, within, which, year);
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(rows)
        .push(" OFFSET ")
        .push_value(offset);
    let mut units = Vec::new();
    for row in tx.all(statement).await? {
        units.push(UnitYear {
            organ: row.get("id")?,
            name: row.get("name")?,
            counts: BTreeMap::new(),
            staff: Vec::new(),
        });
    }
    let ids: Vec<OrganId> = units.iter().map(|unit| unit.organ).collect();
    let (mut counts, mut staff) = (counts(tx, &ids, year).await?, staff(tx, &ids).await?);
    for unit in &mut units {
        unit.counts = counts.remove(&unit.organ).unwrap_or_default();
        unit.staff = staff.remove(&unit.organ).unwrap_or_default();
    }
    Ok(units)
}

async fn counts(
    tx: &mut Tx,
    organs: &[OrganId],
    (from, to): (Date, Date),
) -> Result<BTreeMap<OrganId, BTreeMap<ActivityKind, i64>>, StoreError> {
    let mut found: BTreeMap<OrganId, BTreeMap<ActivityKind, i64>> = BTreeMap::new();
    for some in organs.chunks(IDS_AT_ONCE) {
        let mut statement = sql(
            "SELECT organ_id, kind, COUNT(*) AS n FROM activity WHERE removed_why IS NULL AND organ_id IN ",
        );
        statement
            .push_list(some.iter().copied())
            .push(" AND held_on >= ")
            .push_value(from)
            .push(" AND held_on <= ")
            .push_value(to)
            .push(" GROUP BY organ_id, kind");
        for row in tx.all(statement).await? {
            let of = found.entry(row.get("organ_id")?).or_default();
            of.insert(row.coded("kind", ActivityKind::from_code)?, row.get("n")?);
        }
    }
    Ok(found)
}

async fn staff(
    tx: &mut Tx,
    organs: &[OrganId],
) -> Result<BTreeMap<OrganId, Vec<StaffKind>>, StoreError> {
    let mut found: BTreeMap<OrganId, Vec<StaffKind>> = BTreeMap::new();
    for some in organs.chunks(IDS_AT_ONCE) {
        let mut statement = sql(
            "SELECT DISTINCT organ_id, kind FROM staff_entry WHERE until_on IS NULL AND organ_id IN ",
        );
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            let of = found.entry(row.get("organ_id")?).or_default();
            of.push(row.coded("kind", StaffKind::from_code)?);
        }
    }
    Ok(found)
}

/// The organs whose meetings are those of a government's own leading group: the government and its office; in a town, where
/// a section is the office, its sections too. A county's meeting is the county's.
///
/// # Errors
/// When the store fails.
pub async fn desks(tx: &mut Tx, bases: &[OrganId]) -> Result<Vec<OrganId>, StoreError> {
    let mut statement = sql("SELECT id FROM organ WHERE id IN ");
    statement
        .push_list(bases.iter().copied())
        .push(" OR (parent_id IN ")
        .push_list(bases.iter().copied())
        .push(" AND kind IN ")
        .push_list([Kind::Office, Kind::Section])
        .push(") ORDER BY id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

/// The governments in use that have an office below them.
///
/// # Errors
/// When the store fails.
pub async fn governments(tx: &mut Tx) -> Result<Vec<OrganId>, StoreError> {
    let governing = Kind::ALL.iter().copied().filter(|kind| kind.governs());
    let mut statement = sql("SELECT g.id FROM organ g WHERE g.status = ");
    statement
        .push_value(Status::Active)
        .push(" AND g.kind IN ")
        .push_list(governing)
        .push(" AND EXISTS (SELECT 1 FROM organ o WHERE o.parent_id = g.id AND o.status = ")
        .push_value(Status::Active)
        .push(" AND o.kind IN ")
        .push_list([Kind::Office, Kind::Section])
        .push(") ORDER BY g.id");
    tx.all(statement)
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect()
}

/// The governments (or units with an office) that keep a leading group here.
///
/// # Errors
/// When the store fails.
pub async fn bases(tx: &mut Tx) -> Result<Vec<OrganId>, StoreError> {
    tx.all(sql(
        "SELECT DISTINCT base_id FROM leading_member ORDER BY base_id",
    ))
    .await?
    .iter()
    .map(|row| row.get("base_id"))
    .collect()
}

/// The organs that may be a government's office, best first: its general offices; where it has none, the sections straight
/// below it, as a town has them. A bureau's sections are none.
///
/// # Errors
/// When the store fails.
pub async fn offices_of(tx: &mut Tx, base: OrganId) -> Result<Vec<OrganId>, StoreError> {
    let governing = Kind::ALL.iter().copied().filter(|kind| kind.governs());
    let mut statement =
        sql("SELECT o.id, o.kind FROM organ o JOIN organ b ON b.id = o.parent_id WHERE b.id = ");
    statement
        .push_value(base)
        .push(" AND o.status = ")
        .push_value(Status::Active)
        .push(" AND (o.kind = ")
        .push_value(Kind::Office)
        .push(" OR (o.kind = ")
        .push_value(Kind::Section)
        .push(" AND b.kind IN ")
        .push_list(governing)
        .push(")) ORDER BY o.position, o.id");
    let (mut offices, mut sections) = (Vec::new(), Vec::new());
    for row in tx.all(statement).await? {
        if row.get::<Kind>("kind")? == Kind::Office {
            offices.push(row.get("id")?);
        } else {
            sections.push(row.get("id")?);
        }
    }
    Ok(if offices.is_empty() {
        sections
    } else {
        offices
    })
}

//! The SQL of sites.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gongkai_basis::id::OrganId;

use super::{
    Accent, Extent, Foot, Header, HostName, PORTALS_MAX, Portal, PortalId, PortalKind, Words,
};
use crate::access::Scope;
use crate::db::{Row, StoreError, Tx, sql};
use crate::organ;

const SELECT: &str =
    "SELECT p.*, o.name AS organ_name FROM portal p JOIN organ o ON o.id = p.organ_id WHERE ";
/// Ids in one list of a statement.
const IDS_AT_ONCE: usize = 200;

/// Where the organ of a site stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed {
    pub path: String,
    /// The organs of its own level, where the site shows no others.
    pub own: Vec<OrganId>,
}

fn from_row(row: &Row, hosts: Vec<HostName>) -> Result<Portal, StoreError> {
    let emblem: String = row.get("emblem")?;
    Ok(Portal {
        id: row.parsed("id", "an id")?,
        organ_name: row.get("organ_name")?,
        emblem: STANDARD.decode(emblem).unwrap_or_default(),
        version: row.get("version")?,
        words: Words {
            organ: row.get("organ_id")?,
            kind: match row.get::<i64>("is_main")? {
                0 => PortalKind::Beside,
                _ => PortalKind::Main,
            },
            name: row.get("name")?,
            hosts,
            extent: row.coded("reach", Extent::from_code)?,
            intro: row.get("intro")?,
            accent: row.coded("accent", Accent::from_code)?,
            header: row.coded("header", Header::from_code)?,
            logo: row.get("logo")?,
            foot: Foot {
                sponsor: row.get("sponsor")?,
                site_code: row.get("site_code")?,
                icp: row.get("icp")?,
                police: row.get("police")?,
                contact: row.get("contact")?,
                operator: row.get("operator")?,
                mistakes_url: row.get("mistakes_url")?,
                badge_url: row.get("badge_url")?,
            },
        },
    })
}

/// Every site, the main one first, then in the order of the directory. Two queries.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<Portal>, StoreError> {
    let mut statement = sql(SELECT);
    statement
        .push("1 = 1 ORDER BY p.is_main DESC, LENGTH(o.path), o.position, o.path, p.id LIMIT ")
        .push_value(PORTALS_MAX);
    let rows = tx.all(statement).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let named = tx
        .all(sql(
            "SELECT host, portal_id FROM portal_host ORDER BY portal_id, position",
        ))
        .await?;
    let mut hosts: HashMap<String, Vec<HostName>> = HashMap::new();
    for row in &named {
        let of: String = row.get("portal_id")?;
        hosts
            .entry(of)
            .or_default()
            .push(row.parsed("host", "a host name")?);
    }
    rows.iter()
        .map(|row| {
            let id: String = row.get("id")?;
            from_row(row, hosts.remove(&id).unwrap_or_default())
        })
        .collect()
}

/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, id: PortalId) -> Result<Option<Portal>, StoreError> {
    let mut statement = sql(SELECT);
    statement.push("p.id = ").push_value(id.to_string());
    let Some(row) = tx.optional(statement).await? else {
        return Ok(None);
    };
    let hosts = tx
        .all(
            sql("SELECT host FROM portal_host WHERE portal_id = $1 ORDER BY position")
                .bind(id.to_string()),
        )
        .await?
        .iter()
        .map(|row| row.parsed("host", "a host name"))
        .collect::<Result<_, _>>()?;
    from_row(&row, hosts).map(Some)
}

/// Where an organ stands, and which organs are of its own level where that is asked: those at or below it with no other
/// government between.
///
/// # Errors
/// When the store fails.
pub async fn placed(tx: &mut Tx, organ: OrganId, extent: Extent) -> Result<Placed, StoreError> {
    let paths = paths(tx, &[organ]).await?;
    let path = paths.get(&organ).cloned().unwrap_or_default();
    if extent == Extent::Branch || path.is_empty() {
        return Ok(Placed {
            path,
            own: Vec::new(),
        });
    }
    let rows = tx
        .all(sql("SELECT id, path, kind FROM organ WHERE path LIKE $1").bind(format!("{path}%")))
        .await?;
    let mut below: Vec<(OrganId, String, organ::Kind)> = Vec::with_capacity(rows.len());
    for row in &rows {
        below.push((row.get("id")?, row.get("path")?, row.get("kind")?));
    }
    let governments: Vec<&String> = below
        .iter()
        .filter(|(id, _, kind)| *id != organ && kind.governs())
        .map(|(_, path, _)| path)
        .collect();
    let own = below
        .iter()
        .filter(|(_, path, _)| !governments.iter().any(|other| path.starts_with(*other)))
        .map(|(id, _, _)| *id)
        .collect();
    Ok(Placed { path, own })
}

/// The paths of organs in the tree.
///
/// # Errors
/// When the store fails.
pub async fn paths(
    tx: &mut Tx,
    organs: &[OrganId],
) -> Result<BTreeMap<OrganId, String>, StoreError> {
    let mut found = BTreeMap::new();
    for some in organs.chunks(IDS_AT_ONCE) {
        let mut statement = sql("SELECT id, path FROM organ WHERE id IN ");
        statement.push_list(some.iter().copied());
        for row in tx.all(statement).await? {
            found.insert(row.get("id")?, row.get("path")?);
        }
    }
    Ok(found)
}

/// The ids of all organs inside a scope; `None` where that is everything.
///
/// # Errors
/// When the store fails.
pub async fn organs(tx: &mut Tx, scope: &Scope) -> Result<Option<Vec<OrganId>>, StoreError> {
    if *scope == Scope::Everything {
        return Ok(None);
    }
    let mut statement = sql("SELECT o.id FROM organ o WHERE ");
    scope.push_condition(&mut statement, "o.id", "o.path");
    let rows = tx.all(statement).await?;
    rows.iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()
        .map(Some)
}

/// Active organs that none of these scopes holds: their number and some names.
///
/// # Errors
/// When the store fails.
pub async fn unshown(
    tx: &mut Tx,
    scopes: &[&Scope],
    names: i64,
) -> Result<(i64, Vec<String>), StoreError> {
    let condition = |statement: &mut crate::db::Sql| {
        statement.push("o.status = 'active'");
        for scope in scopes {
            // Not `NOT`: an empty list makes the condition unknown where it is not true.
            statement.push(" AND CASE WHEN ");
            scope.push_condition(statement, "o.id", "o.path");
            statement.push(" THEN 0 ELSE 1 END = 1");
        }
    };
    let mut statement = sql("SELECT COUNT(*) AS n FROM organ o WHERE ");
    condition(&mut statement);
    let n: i64 = tx.one(statement).await?.get("n")?;
    let mut statement = sql("SELECT o.name FROM organ o WHERE ");
    condition(&mut statement);
    statement
        .push(" ORDER BY LENGTH(o.path), o.position, o.path LIMIT ")
        .push_value(names);
    let named = tx.all(statement).await?;
    let named = named
        .iter()
        .map(|row| row.get("name"))
        .collect::<Result<_, _>>()?;
    Ok((n, named))
}

/// What another site has that this one wants: the field and the other's name.
///
/// # Errors
/// When the store fails.
pub async fn taken(
    tx: &mut Tx,
    words: &Words,
    except: Option<PortalId>,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let except = except.map_or_else(String::new, |id| id.to_string());
    let mut found = Vec::new();
    let named = tx
        .optional(
            sql("SELECT name FROM portal WHERE name = $1 AND id <> $2")
                .bind(&words.name)
                .bind(&except),
        )
        .await?;
    if let Some(row) = named {
        found.push(("name", row.get("name")?));
    }
    if words.kind == PortalKind::Main {
        let main = tx
            .optional(sql("SELECT name FROM portal WHERE is_main = 1 AND id <> $1").bind(&except))
            .await?;
        if let Some(row) = main {
            found.push(("kind", row.get("name")?));
        }
    }
    let mut statement = sql("SELECT h.host FROM portal_host h WHERE h.portal_id <> ");
    statement
        .push_value(except)
        .push(" AND h.host IN ")
        .push_list(words.hosts.iter().map(HostName::as_str));
    for row in tx.all(statement).await? {
        found.push(("hosts", row.get("host")?));
    }
    Ok(found)
}

async fn put_hosts(tx: &mut Tx, portal: &Portal) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM portal_host WHERE portal_id = $1").bind(portal.id.to_string()))
        .await?;
    for (position, host) in (0_i64..).zip(&portal.words.hosts) {
        tx.run(
            sql("INSERT INTO portal_host (host, portal_id, position) VALUES ($1, $2, $3)")
                .bind(host.as_str())
                .bind(portal.id.to_string())
                .bind(position),
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn insert(tx: &mut Tx, portal: &Portal) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let (words, foot) = (&portal.words, &portal.words.foot);
    tx.run(
        sql("INSERT INTO portal (id, organ_id, is_main, name, reach, intro, accent, header, logo, emblem, sponsor, site_code, icp, police, contact, \
             operator, mistakes_url, badge_url, version, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1, $19)")
            .bind(portal.id.to_string())
            .bind(words.organ)
            .bind(i64::from(words.kind == PortalKind::Main))
            .bind(&words.name)
            .bind(words.extent.code())
            .bind(&words.intro)
            .bind(words.accent.code())
            .bind(words.header.code())
            .bind(&words.logo)
            .bind(STANDARD.encode(&portal.emblem))
            .bind(&foot.sponsor)
            .bind(&foot.site_code)
            .bind(&foot.icp)
            .bind(&foot.police)
            .bind(&foot.contact)
            .bind(&foot.operator)
            .bind(&foot.mistakes_url)
            .bind(&foot.badge_url)
            .bind(now),
    )
    .await?;
    put_hosts(tx, portal).await
}

/// Writes a site over the version that was read.
pub(super) async fn update(tx: &mut Tx, portal: &Portal) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    let (words, foot) = (&portal.words, &portal.words.foot);
    tx.run_versioned(
        sql("UPDATE portal SET organ_id = $1, is_main = $2, name = $3, reach = $4, intro = $5, accent = $6, header = $7, logo = $8, emblem = $9, \
             sponsor = $10, site_code = $11, icp = $12, police = $13, contact = $14, operator = $15, mistakes_url = $16, \
             badge_url = $17, changed_at = $18, version = version + 1 WHERE id = $19 AND version = $20")
            .bind(words.organ)
            .bind(i64::from(words.kind == PortalKind::Main))
            .bind(&words.name)
            .bind(words.extent.code())
            .bind(&words.intro)
            .bind(words.accent.code())
            .bind(words.header.code())
            .bind(&words.logo)
            .bind(STANDARD.encode(&portal.emblem))
            .bind(&foot.sponsor)
            .bind(&foot.site_code)
            .bind(&foot.icp)
            .bind(&foot.police)
            .bind(&foot.contact)
            .bind(&foot.operator)
            .bind(&foot.mistakes_url)
            .bind(&foot.badge_url)
            .bind(now)
            .bind(portal.id.to_string())
            .bind(portal.version),
    )
    .await?;
    put_hosts(tx, portal).await
}

pub(super) async fn remove(tx: &mut Tx, portal: &Portal) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM portal_host WHERE portal_id = $1").bind(portal.id.to_string()))
        .await?;
    tx.run_versioned(
        sql("DELETE FROM portal WHERE id = $1 AND version = $2")
            .bind(portal.id.to_string())
            .bind(portal.version),
    )
    .await
}

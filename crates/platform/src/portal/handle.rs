//! Sites are set up, changed and given up: each one event, which names what changed.

use serde_json::{Value, json};

use super::acts::ManagePortals;
use super::{Portal, PortalId, PortalKind, Words, store};
use crate::access::Permit;
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::fault::{NotDone, refused};
use crate::{files, organ};

/// What events and links call a site.
pub const SUBJECT: &str = "portal";

/// What the form says about the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmblemChange {
    Keep,
    Drop,
    /// A PNG that [`super::emblem::clean`] gave.
    Put(Vec<u8>),
}

fn facts(portal: &Portal) -> Value {
    let words = &portal.words;
    json!({
        "organ": words.organ.to_string(),
        "main": words.kind == PortalKind::Main,
        "name": words.name,
        "hosts": words.hosts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "reach": words.extent.code(),
        "accent": words.accent.code(),
        "header": words.header.code(),
        "logo": words.logo,
        "intro": words.intro,
        "sponsor": words.foot.sponsor,
        "site_code": words.foot.site_code,
        "icp": words.foot.icp,
        "police": words.foot.police,
        "contact": words.foot.contact,
        "operator": words.foot.operator,
        "mistakes_url": words.foot.mistakes_url,
        "badge_url": words.foot.badge_url,
        "emblem": (!portal.emblem.is_empty()).then(|| files::hash_of(&portal.emblem)),
    })
}

fn record(
    tx: &mut Tx,
    permit: &Permit<ManagePortals>,
    portal: &Portal,
    kind: &'static str,
    sentence: String,
) {
    let subject = (SUBJECT, portal.id.to_string());
    let event = Event::new(permit.actor(), kind, subject, sentence);
    tx.record(event.organ(portal.words.organ).data(facts(portal)));
}

async fn check(tx: &mut Tx, words: &Words, except: Option<PortalId>) -> Result<String, NotDone> {
    let mut reasons = words.why_not();
    for (field, other) in store::taken(tx, words, except).await? {
        let sentence = match field {
            "hosts" => format!("域名“{other}”已经是另一个站点的，一个域名只能进入一个站点。"),
            "kind" => format!("主站已经设置为“{other}”，请直接修改它。"),
            _ => format!("已有叫“{other}”的站点，请换一个名称。"),
        };
        reasons.push((field, sentence));
    }
    let organ = organ::store::load(tx, words.organ).await?;
    if organ.is_none() {
        reasons.push(("organ", "请从名录中选择机关。".to_owned()));
    }
    refused(reasons)?;
    Ok(organ.map(|organ| organ.name).unwrap_or_default())
}

/// Sets up a site.
///
/// # Errors
/// Refused with all the reasons: a host leads to one site, a name is used once, there is one main site.
pub async fn open(
    tx: &mut Tx,
    permit: &Permit<ManagePortals>,
    (words, emblem): (Words, EmblemChange),
) -> Result<Portal, NotDone> {
    let organ_name = check(tx, &words, None).await?;
    let portal = Portal {
        id: PortalId::new(tx.fresh()),
        words,
        organ_name,
        emblem: match emblem {
            EmblemChange::Put(png) => png,
            EmblemChange::Keep | EmblemChange::Drop => Vec::new(),
        },
        version: 1,
    };
    store::insert(tx, &portal).await?;
    let sentence = format!(
        "设立站点“{}”，展示{}的信息",
        portal.words.name, portal.organ_name
    );
    record(tx, permit, &portal, "portal.opened", sentence);
    Ok(portal)
}

async fn existing(tx: &mut Tx, (id, version): (PortalId, i64)) -> Result<Portal, NotDone> {
    let portal = store::load(tx, id).await?.ok_or(NotDone::NotFound)?;
    if portal.version == version {
        Ok(portal)
    } else {
        Err(StoreError::Stale.into())
    }
}

/// Changes a site.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<ManagePortals>,
    of: (PortalId, i64),
    (words, emblem): (Words, EmblemChange),
) -> Result<Portal, NotDone> {
    let mut portal = existing(tx, of).await?;
    portal.organ_name = check(tx, &words, Some(portal.id)).await?;
    portal.words = words;
    match emblem {
        EmblemChange::Keep => {}
        EmblemChange::Drop => portal.emblem = Vec::new(),
        EmblemChange::Put(png) => portal.emblem = png,
    }
    store::update(tx, &portal).await?;
    let sentence = format!("修改站点“{}”", portal.words.name);
    record(tx, permit, &portal, "portal.changed", sentence);
    Ok(portal)
}

/// Gives a site up. What it showed stays where it is; its hosts lead to the main site.
///
/// # Errors
/// Not found; stale.
pub async fn close(
    tx: &mut Tx,
    permit: &Permit<ManagePortals>,
    of: (PortalId, i64),
) -> Result<Portal, NotDone> {
    let portal = existing(tx, of).await?;
    store::remove(tx, &portal).await?;
    let sentence = format!("撤销站点“{}”", portal.words.name);
    record(tx, permit, &portal, "portal.closed", sentence);
    Ok(portal)
}

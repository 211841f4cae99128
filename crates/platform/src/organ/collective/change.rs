//! Changing who belongs to a collective.

use gongkai_basis::id::OrganId;
use serde_json::json;

use super::{Collective, CollectiveKey, Rule, expand, squeeze, store};
use crate::access::Permit;
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::organ::acts::EditOrgans;
use crate::organ::change::{NAME_CHARS_MAX, OrganError, reach};
use crate::organ::{Directory, Hooks, MemberChange, Organ, directory};
use crate::web::FormErrors;

/// Members that a sentence names; the data hold all.
const NAMED_MAX: usize = 10;
/// Collectives that one office may name.
const COLLECTIVES_MAX: usize = 200;

/// What a changed rule would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effect {
    pub added: Vec<OrganId>,
    pub removed: Vec<OrganId>,
    /// One line for each thing of a capability that is touched.
    pub touched: Vec<String>,
}

/// Compares the rule in force with another one, and asks the capabilities what that touches.
///
/// # Errors
/// When the store cannot be read.
pub async fn effect(
    tx: &mut Tx,
    hooks: &Hooks,
    directory: &Directory,
    key: &CollectiveKey,
    rule: &Rule,
) -> Result<Effect, StoreError> {
    let (added, removed) = difference(directory, key, rule);
    let mut effect = Effect {
        added,
        removed,
        touched: Vec::new(),
    };
    if let Some(root) = directory.home() {
        for source in &hooks.touches {
            let change = MemberChange {
                root,
                collective: key,
                added: &effect.added,
                removed: &effect.removed,
            };
            let mut touched = source.touched_by(tx, change).await?;
            effect.touched.append(&mut touched);
        }
    }
    Ok(effect)
}

async fn reachable_root(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    root: OrganId,
) -> Result<Organ, OrganError> {
    let organ = crate::organ::store::load(tx, root)
        .await?
        .ok_or(OrganError::NotFound)?;
    if reach(tx, permit).await?.contains(organ.id, &organ.path) {
        Ok(organ)
    } else {
        Err(OrganError::OutOfReach)
    }
}

/// Names a new collective, such as 涉及26个领域的有关单位; its members are picked afterwards.
///
/// # Errors
/// A name that is empty, long or taken; a government out of reach; a failing store.
pub async fn create(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    root: OrganId,
    name: &str,
) -> Result<CollectiveKey, OrganError> {
    let government = reachable_root(tx, permit, root).await?;
    let name = name.trim();
    let known = store::all(tx, root).await?;
    let mut errors = FormErrors::default();
    if squeeze(name).is_empty() {
        errors.add("name", "请填写统称，例如“涉及26个领域的有关单位”。");
    } else if name.chars().count() > NAME_CHARS_MAX {
        errors.add("name", format!("统称不超过 {NAME_CHARS_MAX} 个字。"));
    } else if known
        .iter()
        .any(|other| squeeze(&other.name) == squeeze(name))
    {
        errors.add("name", "已有这个统称，请在列表中打开它修改。");
    } else if known.len() >= COLLECTIVES_MAX {
        errors.add(
            "name",
            format!("统称最多 {COLLECTIVES_MAX} 个，请先删除不用的。"),
        );
    }
    if !errors.is_empty() {
        return Err(OrganError::Form(errors));
    }
    let id = crate::organ::store::fresh_id(tx.now()).to_string();
    let collective = Collective {
        key: CollectiveKey::Named(id),
        name: name.to_owned(),
        rule: Rule {
            manual: true,
            ..Rule::default()
        },
        version: 0,
    };
    store::save(tx, root, &collective).await?;
    let sentence = format!("在“{}”名录中新增统称“{name}”", government.name);
    tx.record(
        Event::new(
            permit.actor(),
            "collective.created",
            ("collective", subject(root, &collective.key)),
            sentence,
        )
        .organ(root),
    );
    Ok(collective.key)
}

/// The subject of a collective's events: a built-in one is another one in each government.
#[must_use]
pub fn subject(root: OrganId, key: &CollectiveKey) -> String {
    match key {
        CollectiveKey::Builtin(_) => format!("{root}{key}"),
        CollectiveKey::Named(id) => id.clone(),
    }
}

/// Changes a rule. A built-in collective whose rule is its own again is no longer stored.
///
/// # Errors
/// A rule that changes nothing; somebody else's change in the meantime; a government out of reach; a failing store.
pub async fn save(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    root: OrganId,
    (key, version): (&CollectiveKey, i64),
    rule: Rule,
) -> Result<(), OrganError> {
    reachable_root(tx, permit, root).await?;
    let directory = directory(tx, root).await?;
    let stored = directory
        .collectives()
        .iter()
        .find(|collective| collective.key == *key)
        .cloned();
    if stored.as_ref().map_or(0, |stored| stored.version) != version {
        return Err(StoreError::Stale.into());
    }
    let before = directory.rule(key).ok_or(OrganError::NotFound)?;
    if before == rule {
        return Err(OrganError::Refused(vec![
            "规则与原来相同，没有需要保存的改动。".to_owned(),
        ]));
    }
    let own = match key {
        CollectiveKey::Builtin(builtin) => builtin.default_rule(directory.home_level()) == rule,
        CollectiveKey::Named(_) => false,
    };
    let changed = Collective {
        key: key.clone(),
        name: stored
            .as_ref()
            .map(|stored| stored.name.clone())
            .unwrap_or_default(),
        rule,
        version,
    };
    let (added, removed) = difference(&directory, key, &changed.rule);
    match stored {
        Some(stored) if own => store::remove(tx, root, &stored).await?,
        _ => store::save(tx, root, &changed).await?,
    }
    let title = directory.collective_title(key);
    let mut sentence = format!("修改统称“{title}”的规则");
    for (word, organs) in [("增加", &added), ("去掉", &removed)] {
        if !organs.is_empty() {
            sentence.push_str(&format!("；{word}{}", listed(&directory, organs)));
        }
    }
    let ids = |organs: &[OrganId]| organs.iter().map(ToString::to_string).collect::<Vec<_>>();
    tx.record(
        Event::new(
            permit.actor(),
            "collective.changed",
            ("collective", subject(root, key)),
            sentence,
        )
        .organ(root)
        .data(json!({
            "before": before,
            "after": changed.rule,
            "added": ids(&added),
            "removed": ids(&removed),
        })),
    );
    Ok(())
}

fn difference(
    directory: &Directory,
    key: &CollectiveKey,
    rule: &Rule,
) -> (Vec<OrganId>, Vec<OrganId>) {
    let before = directory.expand(key, &[]);
    let after = expand(rule, directory, &[]);
    let without = |these: &[OrganId], those: &[OrganId]| {
        these
            .iter()
            .filter(|id| !those.contains(id))
            .copied()
            .collect()
    };
    (without(&after, &before), without(&before, &after))
}

fn listed(directory: &Directory, organs: &[OrganId]) -> String {
    let names: Vec<&str> = organs
        .iter()
        .take(NAMED_MAX)
        .filter_map(|id| directory.entry(*id).map(|entry| entry.name.as_str()))
        .collect();
    let more = if organs.len() > NAMED_MAX {
        format!("等 {} 个", organs.len())
    } else {
        String::new()
    };
    format!("{}{more}", names.join("、"))
}

/// Removes a named collective. Assignments that were made from it stay as they are.
///
/// # Errors
/// A built-in one; somebody else's change in the meantime; a government out of reach; a failing store.
pub async fn delete(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    root: OrganId,
    (key, version): (&CollectiveKey, i64),
) -> Result<String, OrganError> {
    reachable_root(tx, permit, root).await?;
    let known = store::all(tx, root).await?;
    let stored = known
        .into_iter()
        .find(|collective| collective.key == *key && matches!(key, CollectiveKey::Named(_)))
        .ok_or(OrganError::NotFound)?;
    if stored.version != version {
        return Err(StoreError::Stale.into());
    }
    store::remove(tx, root, &stored).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "collective.deleted",
            ("collective", subject(root, key)),
            format!("删除统称“{}”", stored.name),
        )
        .organ(root)
        .data(json!({"rule": stored.rule})),
    );
    Ok(stored.name)
}

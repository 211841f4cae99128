//! Changes of the directory: each one use case, one event.

mod check;
mod retire;

use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use serde_json::json;

use super::acts::EditOrgans;
use super::{Alias, AliasKind, Kind, Level, Organ, Status, fold, store};
use crate::access::{Permit, Scope};
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::web::{FormErrors, Problem};

use check::{check, check_reason};
pub(super) use check::{length_mistake, name_mistake};
pub use retire::{Merger, dissolve, merge, reasons_against_dissolving, reinstate};

/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 60;
/// Other names of one organ.
pub const ALIASES_MAX: usize = 40;
/// Characters of a reason.
pub const REASON_CHARS_MAX: usize = 500;
/// Levels of the tree; deeper is a mistake.
const DEPTH_MAX: usize = 10;

#[derive(Debug, thiserror::Error)]
pub enum OrganError {
    #[error("the organ does not exist")]
    NotFound,
    #[error("the organ lies outside the directory of the person's government")]
    OutOfReach,
    #[error("the change is refused")]
    Refused(Vec<String>),
    #[error("the form has mistakes")]
    Form(FormErrors),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OrganError> for Problem {
    fn from(error: OrganError) -> Self {
        match error {
            OrganError::NotFound => Self::not_found(),
            OrganError::OutOfReach => Self::new(Self::FORBIDDEN)
                .detail("只能维护本级政府名录中的机关，这个机关在名录之外。"),
            OrganError::Refused(reasons) => Self::refused(reasons),
            OrganError::Form(errors) => Self {
                details: errors
                    .iter()
                    .map(|(_, message)| message.to_owned())
                    .collect(),
                ..Self::new(Self::BAD_REQUEST)
            },
            OrganError::Store(error) => error.into(),
        }
    }
}

/// What a person fills in about an organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub parent: Option<OrganId>,
    pub name: String,
    pub short_name: Option<String>,
    pub aliases: Vec<String>,
    pub former: Vec<String>,
    pub level: Level,
    pub kind: Kind,
}

/// The branches of the tree whose directory this person keeps: each role's government with all below it.
///
/// # Errors
/// When the store cannot be read.
pub async fn reach(tx: &mut Tx, permit: &Permit<EditOrgans>) -> Result<Scope, StoreError> {
    if *permit.scope() == Scope::Everything {
        return Ok(Scope::Everything);
    }
    let mut branches = Vec::new();
    for held in permit.roles() {
        if let Some(root) = store::government_of(tx, held.organ).await?
            && let Some(root) = store::load(tx, root).await?
            && !branches.contains(&root.path)
        {
            branches.push(root.path);
        }
    }
    Ok(Scope::Organs {
        single: Vec::new(),
        branches,
    })
}

pub(super) async fn reachable(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    id: OrganId,
) -> Result<Organ, OrganError> {
    let organ = store::load(tx, id).await?.ok_or(OrganError::NotFound)?;
    if reach(tx, permit).await?.contains(organ.id, &organ.path) {
        Ok(organ)
    } else {
        Err(OrganError::OutOfReach)
    }
}

async fn read_at(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    id: OrganId,
    version: i64,
) -> Result<Organ, OrganError> {
    let organ = reachable(tx, permit, id).await?;
    if organ.version == version {
        Ok(organ)
    } else {
        Err(StoreError::Stale.into())
    }
}

/// Adds an organ.
///
/// # Errors
/// Mistakes of the form, all at once; a parent outside the person's reach; a failing store.
pub async fn create(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    draft: &Draft,
) -> Result<OrganId, OrganError> {
    let parent = match draft.parent {
        Some(parent) => Some(reachable(tx, permit, parent).await?),
        None if *permit.scope() == Scope::Everything => None,
        None => {
            let mut errors = FormErrors::default();
            errors.add("parent", "请选择上级机关。");
            return Err(OrganError::Form(errors));
        }
    };
    check(tx, draft, parent.as_ref(), None).await?;
    let id = store::fresh_id(tx.now());
    let position = store::next_position(tx, draft.parent).await?;
    let organ = new_organ(id, draft, parent.as_ref(), position);
    store::insert(tx, &organ).await?;
    tx.record(
        event(
            permit.actor(),
            "organ.created",
            &organ,
            format!("新增机关“{}”", organ.name),
        )
        .data(facts(&organ)),
    );
    Ok(id)
}

pub(super) fn new_organ(
    id: OrganId,
    draft: &Draft,
    parent: Option<&Organ>,
    position: i64,
) -> Organ {
    let mut organ = Organ {
        id,
        parent: draft.parent,
        path: format!("{}{id}/", parent.map_or("/", |parent| parent.path.as_str())),
        name: draft.name.trim().to_owned(),
        short_name: None,
        level: draft.level,
        kind: draft.kind,
        status: Status::Active,
        successor: None,
        position,
        version: 1,
        aliases: Vec::new(),
    };
    set_names(&mut organ, draft);
    organ
}

/// Sets the short name and the other names: trimmed, each once, none equal to the name itself.
pub(super) fn set_names(organ: &mut Organ, draft: &Draft) {
    organ.short_name = draft
        .short_name
        .as_deref()
        .map(str::trim)
        .filter(|short| !short.is_empty() && *short != organ.name)
        .map(str::to_owned);
    let mut aliases: Vec<Alias> = Vec::new();
    let named = draft
        .former
        .iter()
        .map(|text| (text, AliasKind::Former))
        .chain(draft.aliases.iter().map(|text| (text, AliasKind::Alias)));
    for (text, kind) in named {
        let text = text.trim();
        let known = text.is_empty()
            || text == organ.name
            || organ.short_name.as_deref() == Some(text)
            || aliases.iter().any(|alias| alias.text == text);
        if !known {
            aliases.push(Alias {
                text: text.to_owned(),
                kind,
            });
        }
    }
    aliases.sort_by(|a, b| (a.kind, &a.text).cmp(&(b.kind, &b.text)));
    organ.aliases = aliases;
}

/// Changes everything but the name, for which there is [`rename`]. A new parent takes all below along.
///
/// # Errors
/// Mistakes of the form; somebody else's change in the meantime; a failing store.
pub async fn revise(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    id: OrganId,
    version: i64,
    draft: &Draft,
) -> Result<(), OrganError> {
    let before = read_at(tx, permit, id, version).await?;
    let draft = Draft {
        name: before.name.clone(),
        ..draft.clone()
    };
    let parent = match draft.parent {
        Some(parent) if Some(parent) == before.parent => store::load(tx, parent).await?,
        Some(parent) => Some(reachable(tx, permit, parent).await?),
        None => None,
    };
    if draft.parent.is_none() && before.parent.is_some() {
        let mut errors = FormErrors::default();
        errors.add("parent", "请选择上级机关。");
        return Err(OrganError::Form(errors));
    }
    check(tx, &draft, parent.as_ref(), Some(&before)).await?;
    let mut after = before.clone();
    if draft.parent != before.parent {
        after.position = store::next_position(tx, draft.parent).await?;
        after.parent = draft.parent;
        after.path = format!(
            "{}{id}/",
            parent.as_ref().map_or("/", |parent| parent.path.as_str())
        );
    }
    after.level = draft.level;
    after.kind = draft.kind;
    set_names(&mut after, &draft);
    if after == before {
        return Err(OrganError::Refused(vec![
            "内容与原来相同，没有需要保存的改动。".to_owned(),
        ]));
    }
    store::update(tx, &mut after).await?;
    let changes = differences(&before, &after, parent.as_ref());
    let sentence = format!("修改机关“{}”：{}", after.name, changes.join("；"));
    tx.record(
        event(permit.actor(), "organ.revised", &after, sentence)
            .data(json!({"before": facts(&before), "after": facts(&after)})),
    );
    Ok(())
}

/// What changed, each in words.
pub(super) fn differences(before: &Organ, after: &Organ, parent: Option<&Organ>) -> Vec<String> {
    let mut changes = Vec::new();
    if before.parent != after.parent {
        let parent = parent.map_or("（无）", |parent| parent.name.as_str());
        changes.push(format!("上级改为“{parent}”"));
    }
    if before.short_name != after.short_name {
        changes.push(match &after.short_name {
            Some(short) => format!("简称改为“{short}”"),
            None => "去掉简称".to_owned(),
        });
    }
    if before.level != after.level {
        changes.push(format!("级别改为{}", after.level.name()));
    }
    if before.kind != after.kind {
        changes.push(format!("类型改为{}", after.kind.name()));
    }
    let names = |these: &Organ, those: &Organ| -> Vec<String> {
        these
            .aliases
            .iter()
            .filter(|alias| !those.aliases.contains(alias))
            .map(|alias| format!("{}“{}”", alias.kind.name(), alias.text))
            .collect()
    };
    let (added, removed) = (names(after, before), names(before, after));
    if !added.is_empty() {
        changes.push(format!("增加{}", added.join("、")));
    }
    if !removed.is_empty() {
        changes.push(format!("去掉{}", removed.join("、")));
    }
    changes
}

/// Gives an organ a new name; the old one stays as a former name.
///
/// # Errors
/// Mistakes of the form; somebody else's change in the meantime; a failing store.
pub async fn rename(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    id: OrganId,
    version: i64,
    (name, reason): (&str, &str),
) -> Result<(), OrganError> {
    let before = read_at(tx, permit, id, version).await?;
    let name = name.trim();
    let mut errors = FormErrors::default();
    check_reason(&mut errors, reason);
    if fold(name) == fold(&before.name) {
        errors.add("name", "新名称与现在的名称相同，请填写新的名称。");
    }
    let parent = match before.parent {
        Some(parent) => store::load(tx, parent).await?,
        None => None,
    };
    let former: Vec<String> = before
        .names(AliasKind::Former)
        .map(str::to_owned)
        .chain([before.name.clone()])
        .collect();
    let draft = Draft {
        parent: before.parent,
        name: name.to_owned(),
        short_name: before.short_name.clone(),
        aliases: before.names(AliasKind::Alias).map(str::to_owned).collect(),
        former,
        level: before.level,
        kind: before.kind,
    };
    if let Err(OrganError::Form(more)) = check(tx, &draft, parent.as_ref(), Some(&before)).await {
        for (field, message) in more.iter() {
            errors.add(field, message);
        }
    }
    if !errors.is_empty() {
        return Err(OrganError::Form(errors));
    }
    let mut after = before.clone();
    after.name = name.to_owned();
    set_names(&mut after, &draft);
    store::update(tx, &mut after).await?;
    tx.record(
        event(
            permit.actor(),
            "organ.renamed",
            &after,
            format!("“{}”更名为“{name}”，原因：{}", before.name, reason.trim()),
        )
        .data(json!({"before": before.name, "after": name, "reason": reason.trim()})),
    );
    Ok(())
}

pub(super) fn event(actor: &Actor, kind: &'static str, organ: &Organ, sentence: String) -> Event {
    Event::new(actor, kind, ("organ", organ.id.to_string()), sentence).organ(organ.id)
}

fn facts(organ: &Organ) -> serde_json::Value {
    json!({
        "name": organ.name,
        "short_name": organ.short_name,
        "aliases": organ.names(AliasKind::Alias).collect::<Vec<_>>(),
        "former": organ.names(AliasKind::Former).collect::<Vec<_>>(),
        "level": organ.level.code(),
        "kind": organ.kind.code(),
        "parent": organ.parent.map(|parent| parent.to_string()),
    })
}

#[cfg(test)]
mod tests;

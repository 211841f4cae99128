//! Changes of the directory: each one use case, one event.

use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use serde_json::json;

use super::acts::EditOrgans;
use super::hooks::{Hooks, Moved};
use super::{Alias, AliasKind, Kind, Level, Organ, Status, fold, store};
use crate::access::{Permit, Scope};
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::web::{FormErrors, Problem};

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
                row: Self::BAD_REQUEST,
                details: errors
                    .iter()
                    .map(|(_, message)| message.to_owned())
                    .collect(),
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

async fn reachable(
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

/// What a merger did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merger {
    /// Title and count of the open work that moved.
    pub moved: Vec<(&'static str, i64)>,
    /// Organs below that now stand below the successor.
    pub children: usize,
}

/// Merges an organ into another: it gets no new work, its names lead to the successor, its open work and the organs
/// below it go there.
///
/// # Errors
/// All reasons why not; somebody else's change in the meantime; a failing store.
pub async fn merge(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    hooks: &Hooks,
    (id, version): (OrganId, i64),
    (into, reason): (OrganId, &str),
) -> Result<Merger, OrganError> {
    let mut organ = read_at(tx, permit, id, version).await?;
    let successor = reachable(tx, permit, into).await?;
    let mut errors = FormErrors::default();
    check_reason(&mut errors, reason);
    if !organ.is_active() {
        errors.add(
            "into",
            format!("“{}”{}，不能再合并。", organ.name, organ.status.name()),
        );
    }
    if !successor.is_active() {
        errors.add(
            "into",
            format!(
                "“{}”{}，请选择在用的机关。",
                successor.name,
                successor.status.name()
            ),
        );
    }
    if successor.is_within(&organ) {
        errors.add("into", "不能并入自己或自己的下级，请选择其他机关。");
    }
    if !errors.is_empty() {
        return Err(OrganError::Form(errors));
    }
    let reason = reason.trim();
    let mut moved = Vec::new();
    for work in &hooks.open_work {
        let place = Moved {
            from: id,
            to: into,
            reason,
        };
        let count = work.move_all(tx, permit.actor(), place).await?;
        if count > 0 {
            moved.push((work.title(), count));
        }
    }
    let children = adopt(tx, id, &successor).await?;
    organ.status = Status::Merged;
    organ.successor = Some(into);
    store::update(tx, &mut organ).await?;
    let mut sentence = format!("“{}”并入“{}”，原因：{reason}", organ.name, successor.name);
    for (title, count) in &moved {
        sentence.push_str(&format!("；{title}移交 {count} 项"));
    }
    if children > 0 {
        sentence.push_str(&format!("；下级机关随转 {children} 个"));
    }
    tx.record(
        event(permit.actor(), "organ.merged", &organ, sentence).data(json!({
            "into": into.to_string(),
            "reason": reason,
            "moved": moved.iter().map(|(title, count)| json!({"title": title, "count": count})).collect::<Vec<_>>(),
            "children": children,
        })),
    );
    Ok(Merger { moved, children })
}

/// Hangs the organs below one under another.
async fn adopt(tx: &mut Tx, from: OrganId, to: &Organ) -> Result<usize, OrganError> {
    let children = store::children(tx, from).await?;
    let count = children.len();
    let mut position = store::next_position(tx, Some(to.id)).await?;
    for mut child in children {
        child.parent = Some(to.id);
        child.path = format!("{}{}/", to.path, child.id);
        child.position = position;
        position += 1;
        store::update(tx, &mut child).await?;
    }
    Ok(count)
}

/// Why an organ cannot be dissolved now; empty when it can.
///
/// # Errors
/// When the store cannot be read.
pub async fn reasons_against_dissolving(
    tx: &mut Tx,
    hooks: &Hooks,
    organ: &Organ,
) -> Result<Vec<String>, StoreError> {
    let mut reasons = Vec::new();
    if !organ.is_active() {
        reasons.push(format!("“{}”{}。", organ.name, organ.status.name()));
    }
    for (title, count) in hooks.open_work_of(tx, organ.id).await? {
        reasons.push(format!(
            "还有{title} {count} 项，请先移交给其他机关，或改用“并入其他机关”。"
        ));
    }
    let active: Vec<String> = store::children(tx, organ.id)
        .await?
        .iter()
        .filter(|child| child.is_active())
        .map(|child| child.name.clone())
        .collect();
    if !active.is_empty() {
        let shown: Vec<&str> = active.iter().take(5).map(String::as_str).collect();
        reasons.push(format!(
            "还有在用的下级机关 {} 个（{}{}），请先撤销、合并或改到其他机关之下。",
            active.len(),
            shown.join("、"),
            if active.len() > shown.len() {
                "等"
            } else {
                ""
            }
        ));
    }
    Ok(reasons)
}

/// Dissolves an organ that has neither open work nor organs below it.
///
/// # Errors
/// All reasons why not; somebody else's change in the meantime; a failing store.
pub async fn dissolve(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    hooks: &Hooks,
    (id, version): (OrganId, i64),
    reason: &str,
) -> Result<(), OrganError> {
    let mut organ = read_at(tx, permit, id, version).await?;
    let reasons = reasons_against_dissolving(tx, hooks, &organ).await?;
    if !reasons.is_empty() {
        return Err(OrganError::Refused(reasons));
    }
    require_reason(reason)?;
    organ.status = Status::Dissolved;
    store::update(tx, &mut organ).await?;
    let sentence = format!("撤销机关“{}”，原因：{}", organ.name, reason.trim());
    tx.record(
        event(permit.actor(), "organ.dissolved", &organ, sentence)
            .data(json!({"reason": reason.trim()})),
    );
    Ok(())
}

/// Takes a merged or dissolved organ into use again. Work that was moved stays where it is.
///
/// # Errors
/// All reasons why not; somebody else's change in the meantime; a failing store.
pub async fn reinstate(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    (id, version): (OrganId, i64),
    reason: &str,
) -> Result<(), OrganError> {
    let mut organ = read_at(tx, permit, id, version).await?;
    let mut reasons = Vec::new();
    if organ.is_active() {
        reasons.push(format!("“{}”正在使用。", organ.name));
    }
    if let Some(parent) = organ.parent
        && let Some(parent) = store::load(tx, parent).await?
    {
        if !parent.is_active() {
            reasons.push(format!(
                "上级机关“{}”{}，请先恢复上级机关。",
                parent.name,
                parent.status.name()
            ));
        }
        if twin(tx, Some(parent.id), &organ.name, Some(id))
            .await?
            .is_some()
        {
            reasons.push(format!("“{}”之下已有同名的机关。", parent.name));
        }
    }
    if !reasons.is_empty() {
        return Err(OrganError::Refused(reasons));
    }
    require_reason(reason)?;
    organ.status = Status::Active;
    organ.successor = None;
    store::update(tx, &mut organ).await?;
    let sentence = format!("恢复使用机关“{}”，原因：{}", organ.name, reason.trim());
    tx.record(
        event(permit.actor(), "organ.reinstated", &organ, sentence)
            .data(json!({"reason": reason.trim()})),
    );
    Ok(())
}

fn event(actor: &Actor, kind: &'static str, organ: &Organ, sentence: String) -> Event {
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

fn check_reason(errors: &mut FormErrors, reason: &str) {
    if reason.trim().is_empty() {
        errors.add(
            "reason",
            "请填写原因，例如“机构改革方案（某发〔2026〕1号）”。",
        );
    } else if reason.chars().count() > REASON_CHARS_MAX {
        errors.add("reason", format!("原因不超过 {REASON_CHARS_MAX} 个字。"));
    }
}

fn require_reason(reason: &str) -> Result<(), OrganError> {
    let mut errors = FormErrors::default();
    check_reason(&mut errors, reason);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(OrganError::Form(errors))
    }
}

/// What is wrong with a name, if anything.
pub(super) fn name_mistake(name: &str) -> Option<String> {
    let length = name.trim().chars().count();
    if length < 2 {
        Some("请填写机关名称，至少两个字，例如“安澜市财政局”。".to_owned())
    } else if length > NAME_CHARS_MAX {
        Some(format!(
            "名称不超过 {NAME_CHARS_MAX} 个字，请核对是否多粘贴了内容。"
        ))
    } else if name.chars().any(char::is_control) {
        Some("名称中有看不见的控制字符，请重新输入。".to_owned())
    } else {
        None
    }
}

async fn check(
    tx: &mut Tx,
    draft: &Draft,
    parent: Option<&Organ>,
    before: Option<&Organ>,
) -> Result<(), OrganError> {
    let mut errors = FormErrors::default();
    if let Some(mistake) = name_mistake(&draft.name) {
        errors.add("name", mistake);
    }
    if let Some(parent) = parent {
        if !parent.is_active() && before.is_none_or(|before| before.parent != Some(parent.id)) {
            errors.add(
                "parent",
                format!(
                    "“{}”{}，请选择在用的机关。",
                    parent.name,
                    parent.status.name()
                ),
            );
        }
        if draft.level < parent.level {
            errors.add(
                "level",
                format!(
                    "级别不能高于上级机关“{}”（{}）。",
                    parent.name,
                    parent.level.name()
                ),
            );
        }
        if parent.depth() + 1 >= DEPTH_MAX {
            errors.add(
                "parent",
                format!("名录最多 {DEPTH_MAX} 层，请选择更高一级的机关。"),
            );
        }
        if before.is_some_and(|before| parent.is_within(before)) {
            errors.add("parent", "上级不能是自己或自己的下级。");
        }
    }
    let own = before.map(|before| before.id);
    if twin(tx, draft.parent, &draft.name, own).await?.is_some() {
        errors.add(
            "name",
            "同一上级之下已有同名的机关，请核对；如为同一机关，请直接修改原有的。",
        );
    }
    let others = draft.short_name.iter().map(|name| ("short_name", name));
    let others = others.chain(draft.aliases.iter().map(|name| ("aliases", name)));
    for (field, name) in others {
        if name.chars().count() > NAME_CHARS_MAX {
            errors.add(
                field,
                format!(
                    "“{}…”超过 {NAME_CHARS_MAX} 个字。",
                    name.chars().take(10).collect::<String>()
                ),
            );
        } else if let Some(twin) = twin(tx, draft.parent, name, own).await? {
            errors.add(
                field,
                format!("“{name}”已是“{twin}”的名称，会使方案中的单位无法分辨。"),
            );
        }
    }
    if draft
        .former
        .iter()
        .any(|name| name.chars().count() > NAME_CHARS_MAX)
    {
        errors.add(
            "former",
            format!("曾用名每个不超过 {NAME_CHARS_MAX} 个字。"),
        );
    }
    if draft.aliases.len() + draft.former.len() > ALIASES_MAX {
        errors.add(
            "aliases",
            format!("别名和曾用名合计不超过 {ALIASES_MAX} 个。"),
        );
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(OrganError::Form(errors))
    }
}

/// The organ in use beside `own`, below the same parent, that is already met under this name.
async fn twin(
    tx: &mut Tx,
    parent: Option<OrganId>,
    name: &str,
    own: Option<OrganId>,
) -> Result<Option<String>, StoreError> {
    let wanted = fold(name);
    if wanted.is_empty() {
        return Ok(None);
    }
    let siblings = match parent {
        Some(parent) => store::children(tx, parent).await?,
        None => store::roots(tx).await?,
    };
    Ok(siblings
        .into_iter()
        .filter(|sibling| sibling.is_active() && Some(sibling.id) != own)
        .find(|sibling| {
            fold(&sibling.name) == wanted
                || sibling
                    .short_name
                    .as_deref()
                    .is_some_and(|short| fold(short) == wanted)
                || sibling
                    .names(AliasKind::Alias)
                    .any(|alias| fold(alias) == wanted)
        })
        .map(|sibling| sibling.name))
}

#[cfg(test)]
mod tests;

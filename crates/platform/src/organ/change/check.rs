//! What a change may not do: mistakes of forms, told all at once.

use gongkai_basis::id::OrganId;

use super::super::{AliasKind, Organ, fold, store};
use super::{ALIASES_MAX, DEPTH_MAX, Draft, NAME_CHARS_MAX, OrganError, REASON_CHARS_MAX};
use crate::db::{StoreError, Tx};
use crate::web::FormErrors;

pub(super) fn check_reason(errors: &mut FormErrors, reason: &str) {
    if reason.trim().is_empty() {
        errors.add(
            "reason",
            "请填写原因，例如“机构改革方案（某发〔2026〕1号）”。",
        );
    } else if reason.chars().count() > REASON_CHARS_MAX {
        errors.add("reason", format!("原因不超过 {REASON_CHARS_MAX} 个字。"));
    }
}

pub(super) fn require_reason(reason: &str) -> Result<(), OrganError> {
    let mut errors = FormErrors::default();
    check_reason(&mut errors, reason);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(OrganError::Form(errors))
    }
}

/// What is wrong with a name, if anything.
pub(in crate::organ) fn name_mistake(name: &str) -> Option<String> {
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

/// What is wrong with a short name or another name as long as this, if anything: which it is, and how it begins.
pub(in crate::organ) fn length_mistake(what: &str, name: &str) -> Option<String> {
    (name.chars().count() > NAME_CHARS_MAX).then(|| {
        let start: String = name.chars().take(10).collect();
        format!("{what}“{start}…”超过 {NAME_CHARS_MAX} 个字")
    })
}

pub(super) async fn check(
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
    let short = draft.short_name.iter();
    let others = short.map(|name| ("short_name", "简称", name));
    let aliases = draft.aliases.iter();
    let others = others.chain(aliases.map(|name| ("aliases", "别名", name)));
    for (field, what, name) in others {
        if let Some(mistake) = length_mistake(what, name) {
            errors.add(field, format!("{mistake}。"));
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
pub(super) async fn twin(
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

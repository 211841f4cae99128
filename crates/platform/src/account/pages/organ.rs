//! The organ in which a role is held: chosen from the list of all, or called by its name where the list would be long.

use std::collections::BTreeSet;

use gongkai_basis::id::OrganId;

use super::super::store::{self, MEANT_MAX, Meant};
use crate::db::{StoreError, Tx};

/// Organs that somebody finds in a list without searching; where there are more, names are typed.
const LIST_MAX: usize = 100;

/// What a form offers.
#[derive(Debug, Default)]
pub(super) struct Offer {
    /// To choose from, as (id, name); empty while the name is to be typed.
    pub(super) list: Vec<(String, String)>,
    /// Proposed to whoever types, in the directory's order.
    pub(super) names: Vec<String>,
}

/// All organs in the directory's order, drawn in as deep as each stands in the tree; where they are too many for a list,
/// those that what was typed may mean, or their names to type.
pub(super) async fn choices(tx: &mut Tx, typed: &str) -> Result<Offer, StoreError> {
    let offer = |first: &str, lines: Vec<(OrganId, String)>| {
        let lines = lines.into_iter().map(|(id, name)| (id.to_string(), name));
        std::iter::once((String::new(), first.to_owned()))
            .chain(lines)
            .collect()
    };
    let all = store::organ_choices(tx).await?;
    if let Some(few) = all.as_ref().filter(|all| all.len() <= LIST_MAX) {
        let drawn_in = few
            .iter()
            .map(|(id, name, depth)| (*id, format!("{}{name}", "　".repeat(*depth))));
        return Ok(Offer {
            list: offer("请选择机关", drawn_in.collect()),
            names: Vec::new(),
        });
    }
    let lines: Vec<(OrganId, String)> = match typed.trim().parse() {
        Ok(id) => store::organ_name(tx, id)
            .await?
            .map(|name| (id, name))
            .into_iter()
            .collect(),
        Err(_) => match found(tx, typed).await? {
            few if few.len() < 2 => Vec::new(),
            many => many.into_iter().take(MEANT_MAX).map(told).collect(),
        },
    };
    if !lines.is_empty() {
        return Ok(Offer {
            list: offer("请选择机关；都不是的，按“后退”改填名称", lines),
            names: Vec::new(),
        });
    }
    // Organs of one name are told apart in the next step.
    let mut seen = BTreeSet::new();
    let names = all.unwrap_or_default().into_iter().map(|(_, name, _)| name);
    Ok(Offer {
        list: Vec::new(),
        names: names.filter(|name| seen.insert(name.clone())).collect(),
    })
}

/// Organs of one name are told apart by the one above.
fn told(one: Meant) -> (OrganId, String) {
    if one.above.is_empty() {
        (one.id, one.name)
    } else {
        (one.id, format!("{}（上级：{}）", one.name, one.above))
    }
}

/// The organ that a form names, or why it names none; nothing was chosen where the field is blank.
pub(super) async fn named(
    tx: &mut Tx,
    typed: &str,
) -> Result<Result<Option<OrganId>, String>, StoreError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    if let Ok(id) = typed.parse() {
        return Ok(Ok(Some(id)));
    }
    let found = found(tx, typed).await?;
    Ok(match found.as_slice() {
        [one] => Ok(Some(one.id)),
        [] => Err(format!("没有名称含“{typed}”的机关，请核对名称")),
        many if many.len() > MEANT_MAX => Err(format!(
            "名称含“{typed}”的机关超过{MEANT_MAX}个，请填得更完整，或者在列出的{MEANT_MAX}个中选择"
        )),
        many => Err(format!(
            "名称含“{typed}”的机关有{}个，请选择其中一个",
            many.len()
        )),
    })
}

/// Those that are called so; where none is, those whose name holds the text.
async fn found(tx: &mut Tx, typed: &str) -> Result<Vec<Meant>, StoreError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = store::organs_meant(tx, typed).await?;
    if found.iter().any(|one| one.is_whole) {
        found.retain(|one| one.is_whole);
    }
    Ok(found)
}

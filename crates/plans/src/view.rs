//! 保存的视图: a ledger's filters and order under a name, for one person, with a link that can be passed on.

pub mod store;

use gongkai_basis::id::{AccountId, ViewId};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};

use crate::acts::ViewLedger;

const NAME_CHARS_MAX: usize = 30;
const PER_PERSON_MAX: usize = 30;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: ViewId,
    pub name: String,
    /// The address after `?`.
    pub query: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    #[error("{0}")]
    Refused(String),
    #[error("the view could not be stored")]
    Store(#[from] StoreError),
}

/// Saves a view; a name that is there already gets the new filters. Gives whether it was there.
///
/// # Errors
/// Refused without a name or a person, or with too many.
pub async fn save(
    tx: &mut Tx,
    permit: &Permit<ViewLedger>,
    name: &str,
    query: &str,
) -> Result<bool, ViewError> {
    let refuse = |sentence: String| Err(ViewError::Refused(sentence));
    let Some(account) = permit.actor().account() else {
        return refuse("只有登录的人员可以保存视图。".to_owned());
    };
    let chars = name.chars().count();
    if chars == 0 || chars > NAME_CHARS_MAX {
        return refuse(format!(
            "请给视图起一个不超过{NAME_CHARS_MAX}字的名称，如“市司法局逾期任务”。"
        ));
    }
    let known = store::of_person(tx, account).await?;
    let same = known.iter().find(|view| view.name == name);
    if same.is_none() && known.len() >= PER_PERSON_MAX {
        return refuse(format!(
            "每人最多保存{PER_PERSON_MAX}个视图，请先删除不用的。"
        ));
    }
    let view = SavedView {
        id: same.map_or_else(|| ViewId::new(crate::fresh(tx.now())), |view| view.id),
        name: name.to_owned(),
        query: query.to_owned(),
    };
    let was_there = same.is_some();
    store::save(tx, account, &view).await?;
    let verb = if was_there { "改存" } else { "保存" };
    record(tx, permit, "view.saved", &view, verb);
    Ok(was_there)
}

/// Deletes one's own view.
///
/// # Errors
/// [`StoreError::Stale`] when it is not there.
pub async fn delete(
    tx: &mut Tx,
    permit: &Permit<ViewLedger>,
    account: AccountId,
    id: ViewId,
) -> Result<(), StoreError> {
    let view = store::of_person(tx, account)
        .await?
        .into_iter()
        .find(|view| view.id == id)
        .ok_or(StoreError::Stale)?;
    store::delete(tx, account, id).await?;
    record(tx, permit, "view.deleted", &view, "删除");
    Ok(())
}

fn record(
    tx: &mut Tx,
    permit: &Permit<ViewLedger>,
    kind: &'static str,
    view: &SavedView,
    verb: &str,
) {
    let sentence = format!("{verb}台账视图“{}”", view.name);
    tx.record(Event::new(
        permit.actor(),
        kind,
        ("view", view.id.to_string()),
        sentence,
    ));
}

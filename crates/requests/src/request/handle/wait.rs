//! For whom a case waits: by name, or who has to be appointed first.

use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox;

use super::stand::{REVIEW, has_no_head, has_no_reviewer, lacks};
use crate::request::case::Case;
use crate::request::state::{Act, State};

/// Who signs a reply.
const SIGN: &[Role] = &[Role::OfficeHead, Role::UnitHead];

/// Whom a reply waits for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waits {
    /// Empty where the desk itself goes on.
    pub words: String,
    /// Nobody can do it until somebody is appointed.
    pub is_stuck: bool,
}

/// Who reviews or signs a reply, by name, or who has to be appointed for that and where.
///
/// Law: art. 17: a review with a named responsible person.
///
/// # Errors
/// When the store fails.
pub async fn waits_for(tx: &mut Tx, case: &Case) -> Result<Waits, StoreError> {
    let organ = case.request.organ;
    let (what, roles, missing) = match case.request.state {
        State::Reviewing if has_no_reviewer(tx, organ).await? => {
            let what = "没有任命保密审查员和工作机构负责人，由单位负责人做公开审查（条例第17条）";
            (what, &[Role::UnitHead][..], "保密审查员")
        }
        State::Reviewing => ("等待公开审查（条例第17条）", REVIEW, "保密审查员"),
        State::Signing => ("等待审签", SIGN, "单位负责人"),
        _ => return Ok(Waits::default()),
    };
    let names = inbox::who(tx, organ, roles, roles).await?;
    let drafter = case.last(Act::Decide).map_or("", |entry| entry.by.as_str());
    let is_drafters = !names.is_empty();
    let others: Vec<String> = names.into_iter().filter(|name| name != drafter).collect();
    if !others.is_empty() {
        return Ok(Waits {
            words: format!("{what}，可以办理的是{}", others.join("、")),
            is_stuck: false,
        });
    }
    let why = if is_drafters {
        "能办理的只有拟稿人自己，拟稿人不能审自己的稿"
    } else if case.request.state == State::Reviewing {
        "本机关没有任命保密审查员、工作机构负责人，也没有单位负责人，没有人能做公开审查（条例第17条）"
    } else {
        "本机关没有任命工作机构负责人，也没有单位负责人，没有人能审签"
    };
    let appoints = appoints(tx, organ).await?;
    Ok(Waits {
        words: format!("{why}，答复发不出去；{appoints}一名{missing}"),
        is_stuck: true,
    })
}

/// Whose approval an extension of this organ waits for, in words.
///
/// # Errors
/// When the store fails.
pub async fn approver(tx: &mut Tx, organ: OrganId) -> Result<String, StoreError> {
    Ok(if !has_no_head(tx, organ).await? {
        "等待工作机构负责人批准".to_owned()
    } else if lacks(tx, organ, &[Role::UnitHead]).await? {
        let appoints = appoints(tx, organ).await?;
        format!("本机关没有任命工作机构负责人，也没有单位负责人，没有人能批准；{appoints}")
    } else {
        "本机关没有任命工作机构负责人，等待单位负责人批准".to_owned()
    })
}

/// Who appoints people, by name where they are known.
async fn appoints(tx: &mut Tx, organ: OrganId) -> Result<String, StoreError> {
    let names = inbox::who_above(tx, organ, &[Role::SecurityAdmin]).await?;
    Ok(if names.is_empty() {
        "请联系安全管理员在“账号”里任命".to_owned()
    } else {
        format!("请联系安全管理员（{}）在“账号”里任命", names.join("、"))
    })
}

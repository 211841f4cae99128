//! Who goes on with running cases: another officer when somebody leaves, the heir when an organ is merged or dissolved.
//! The clock of a case goes on as it was; its history says who had it.

pub(crate) mod store;

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_platform::account::{self, HandledWork};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{Moved, OpenWork};
use gongkai_platform::web::civil_day;
use serde_json::json;

use crate::request::case::{Case, Entry};
use crate::request::state::Act;
use crate::request::submit;

/// Cases that a person handles and that are not over.
pub struct CasesOfPerson;

/// Cases that an organ handles and that are not over.
pub struct CasesOfOrgan;

#[async_trait]
impl HandledWork for CasesOfPerson {
    fn name(&self) -> &'static str {
        "在办的依申请公开"
    }

    async fn count(&self, tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
        store::count_of_person(tx, account).await
    }

    async fn transfer(
        &self,
        tx: &mut Tx,
        from: AccountId,
        to: AccountId,
    ) -> Result<i64, StoreError> {
        let successor = account::store::load(tx, to)
            .await?
            .ok_or(StoreError::Stale)?;
        let mut moved = 0;
        for mut case in store::of_person(tx, from).await? {
            let had = case.request.handler.replace((to, successor.name.clone()));
            let had = had.map_or_else(String::new, |(_, name)| name);
            let sentence = format!("由{had}转交{}经办：工作移交", successor.name);
            let data = json!({ "to": successor.name, "why": "工作移交" });
            keep(tx, &mut case, (Act::Reassign, sentence, data)).await?;
            moved += 1;
        }
        Ok(moved)
    }
}

#[async_trait]
impl OpenWork for CasesOfOrgan {
    fn title(&self) -> &'static str {
        "在办的依申请公开"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        store::count_of_organ(tx, organ).await
    }

    /// The heir's desk assigns each anew: nobody there has it yet.
    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let heir = moved.to;
        let mut count = 0;
        for mut case in store::of_organ(tx, moved.from).await? {
            let had = std::mem::replace(&mut case.request.organ_name, heir.name.clone());
            case.request.organ = heir.id;
            case.request.handler = None;
            let sentence = format!("机构调整，由{had}移交{}：{}", heir.name, moved.reason);
            let data = json!({ "to": heir.name, "why": moved.reason });
            keep(tx, &mut case, (Act::Transfer, sentence.clone(), data)).await?;
            let told = format!("{}：{sentence}", case.request.number);
            submit::record(tx, actor, &case, "request.moved", told);
            submit::tell_desk(tx, &case, "机构调整，由本机关继续办理").await?;
            count += 1;
        }
        store::move_asked(tx, moved).await?;
        Ok(count)
    }
}

/// Keeps a case with its new line.
async fn keep(
    tx: &mut Tx,
    case: &mut Case,
    (act, sentence, data): (Act, String, serde_json::Value),
) -> Result<(), StoreError> {
    let entry = Entry {
        act: Some(act),
        on: civil_day(tx.now()),
        at: tx.now().as_millisecond(),
        by: "系统".to_owned(),
        account: None,
        sentence,
        public: String::new(),
        data,
        clock: Vec::new(),
    };
    case.entries.push(entry.clone());
    crate::request::store::save(tx, case, &entry).await
}

//! First organs and accounts, for `init` and the demo: the same tables and events as on the screens.

use anyhow::Result;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::{Actor, Role};
use gongkai_platform::account::{self, Purpose};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx};
use gongkai_platform::organ::{self, Kind, Level, Organ, Status};
use jiff::SignedDuration;
use uuid::Uuid;

/// Somebody who gets an account and a link.
pub(crate) struct Newcomer<'a> {
    pub login: &'a str,
    pub name: &'a str,
    pub roles: &'a [(Role, OrganId)],
}

pub(crate) async fn organ(
    db: &Db,
    parent: Option<OrganId>,
    name: &str,
    level: Level,
    kind: Kind,
) -> Result<OrganId> {
    let id = OrganId::new(Uuid::now_v7());
    db.write(async |tx: &mut Tx| {
        let above = match parent {
            None => "/".to_owned(),
            Some(parent) => organ::store::load(tx, parent)
                .await?
                .map_or_else(|| "/".to_owned(), |organ| organ.path),
        };
        let organ = Organ {
            id,
            parent,
            path: format!("{above}{id}/"),
            name: name.to_owned(),
            short_name: None,
            level,
            kind,
            status: Status::Active,
            successor: None,
            position: 1,
            version: 1,
            aliases: Vec::new(),
        };
        organ::store::insert(tx, &organ).await?;
        tx.record(
            Event::new(
                &Actor::System,
                "organ.created",
                ("organ", id.to_string()),
                format!("建立机关“{name}”"),
            )
            .organ(id),
        );
        Ok::<_, StoreError>(())
    })
    .await?;
    Ok(id)
}

/// Makes the account and gives it with the token of its one-time link.
pub(crate) async fn invite(
    db: &Db,
    newcomer: &Newcomer<'_>,
    purpose: Purpose,
    valid: SignedDuration,
) -> Result<(AccountId, String)> {
    let id = AccountId::new(Uuid::now_v7());
    let today = db
        .now()
        .to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai")?)
        .date();
    let token = db
        .write(async |tx: &mut Tx| {
            account::store::insert(tx, id, newcomer.login, newcomer.name, None).await?;
            for (role, organ) in newcomer.roles {
                account::store::grant(tx, id, *role, *organ, None, today).await?;
            }
            tx.record(Event::new(
                &Actor::System,
                "account.created",
                ("account", id.to_string()),
                format!("为“{}”建立账号并发放一次性链接", newcomer.name),
            ));
            account::issue_link(tx, id, purpose, valid).await
        })
        .await?;
    Ok((id, token))
}

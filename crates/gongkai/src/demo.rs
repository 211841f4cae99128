//! The demo's city: who is in it, and the work that fills it through the real import path.

use anyhow::{Context as _, Result, bail};
use gongkai_basis::id::{AccountId, JobId, OrganId};
use gongkai_basis::{Actor, Role};
use gongkai_platform::account::{self, Purpose};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, Tx};
use gongkai_platform::job;
use gongkai_platform::organ;
use gongkai_platform::organ::import::{self, Faulty};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::people::{self, Newcomer};

mod catalogue;
mod changes;
pub mod clock;
mod column;
mod documents;
pub mod evidence;
mod gazette;
mod guides;
mod old_site;
mod organisation;
pub mod portals;
mod profiles;
mod publications;
mod reports;
mod requests;
mod reviews;
mod rounds;
pub mod seed;
mod supervision;
mod uppers;
mod year;

pub const CITY: &str = "安澜市";
const ORGANS: &[u8] = include_bytes!("../../../samples/organs.csv");
/// The links live as long as the demo.
const LINK_VALID: SignedDuration = SignedDuration::from_hours(24);

/// A way in: whose, and the one-time link.
pub struct Link {
    account: AccountId,
    pub name: String,
    token: String,
}

impl Link {
    #[must_use]
    pub fn path(&self) -> String {
        Purpose::Enter.path(&self.token)
    }
}

/// Who can enter: login, role, organ. People are roles here; nobody has a name.
const PEOPLE: [(&str, Role, &str); 22] = [
    ("clerk", Role::OfficeClerk, "安澜市人民政府办公室"),
    ("head", Role::OfficeHead, "安澜市人民政府办公室"),
    ("liaison", Role::Liaison, "安澜市司法局"),
    ("unithead", Role::UnitHead, "安澜市司法局"),
    ("liaison2", Role::Liaison, "安澜市市场监督管理局"),
    ("leader", Role::Leader, "安澜市人民政府"),
    ("supervisor", Role::Supervisor, "安澜市人民政府"),
    ("county", Role::OfficeClerk, "云岭县人民政府办公室"),
    ("town", Role::OfficeClerk, "青禾镇党政综合办公室"),
    ("officer", Role::RequestOfficer, "安澜市人民政府办公室"),
    ("officer2", Role::RequestOfficer, "安澜市司法局"),
    ("reviewer", Role::SecrecyReviewer, "安澜市司法局"),
    ("author", Role::Author, "安澜市人民政府办公室"),
    ("proof", Role::Proofreader, "安澜市人民政府办公室"),
    ("review1", Role::FirstReviewer, "安澜市人民政府办公室"),
    ("review2", Role::SecondReviewer, "安澜市人民政府办公室"),
    ("secrecy", Role::SecrecyReviewer, "安澜市人民政府办公室"),
    ("legality", Role::LegalityReviewer, "安澜市人民政府办公室"),
    ("review3", Role::ThirdReviewer, "安澜市人民政府办公室"),
    ("sysadmin", Role::SystemAdmin, "安澜市人民政府办公室"),
    ("secadmin", Role::SecurityAdmin, "安澜市人民政府办公室"),
    ("auditadmin", Role::AuditAdmin, "安澜市人民政府办公室"),
];

/// Fills the directory of organs and gives a one-time link for each role.
///
/// # Errors
/// When the sample list does not fit the program, or the store fails.
pub async fn people(db: &Db) -> Result<Vec<Link>> {
    let rows = import::read(ORGANS).context("the sample list of organs cannot be read")?;
    db.write(async |tx: &mut Tx| {
        import::import(tx, &Actor::System, None, &rows, Faulty::Refuse).await
    })
    .await?;
    portals::open(db).await?;
    profiles::write(db).await?;
    let mut links = Vec::with_capacity(PEOPLE.len());
    for (login, role, organ_name) in PEOPLE {
        let organ = organ(db, organ_name).await?;
        let short = organ_name.replace(CITY, "市");
        let name = format!("演示·{}（{short}）", role.name());
        let mut roles = vec![(role, organ)];
        // What the city asks of the county lies with the county's office.
        if login == "county" {
            roles.push((Role::Liaison, self::organ(db, "云岭县人民政府").await?));
        }
        let newcomer = Newcomer {
            login,
            name: &name,
            roles: &roles,
        };
        let (account, token) = people::invite(db, &newcomer, Purpose::Enter, LINK_VALID).await?;
        links.push(Link {
            account,
            name,
            token,
        });
    }
    Ok(links)
}

/// Gives a new link for each one that was used, so that whoever left or was idle for too long can come back. Gives their
/// places.
///
/// # Errors
/// When the store fails.
pub async fn renew(db: &Db, links: &mut [Link]) -> Result<Vec<usize>> {
    let mut renewed = Vec::new();
    for (at, link) in links.iter_mut().enumerate() {
        let is_there = db
            .read(async |tx: &mut Tx| account::is_usable(tx, &link.token, Purpose::Enter).await)
            .await?;
        if is_there {
            continue;
        }
        link.token = db
            .write(async |tx: &mut Tx| {
                tx.record(Event::new(
                    &Actor::System,
                    "account.link_renewed",
                    ("account", link.account.to_string()),
                    format!("“{}”的一次性链接已用过，发放新的", link.name),
                ));
                account::issue_link(tx, link.account, Purpose::Enter, LINK_VALID).await
            })
            .await?;
        renewed.push(at);
    }
    Ok(renewed)
}

/// Queues the heavier part, which arrives as a visible job.
///
/// # Errors
/// When the store fails.
pub async fn queue_work(db: &Db) -> Result<()> {
    db.upkeep(async |tx: &mut Tx| {
        let id = JobId::new(Uuid::now_v7());
        job::queue(
            tx,
            id,
            seed::KIND,
            "导入演示方案",
            &serde_json::Value::Null,
            None,
        )
        .await
    })
    .await?;
    Ok(())
}

/// The organ of the sample list with exactly this name.
pub async fn organ(db: &Db, name: &str) -> Result<OrganId> {
    let organs = db
        .read(async |tx: &mut Tx| organ::store::all(tx).await)
        .await?;
    match organs.iter().find(|organ| organ.name == name) {
        Some(organ) => Ok(organ.id),
        None => bail!("the sample list of organs has no {name}"),
    }
}

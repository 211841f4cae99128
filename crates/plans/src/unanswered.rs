//! 没有人办理的单位: units with open parts of a plan in which nobody has been appointed to answer. What is told to them reaches
//! nobody, so the office of the plan is told of them.

pub(crate) mod store;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};

use crate::notify;

/// A unit that nobody answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) id: OrganId,
    pub(crate) name: String,
    /// Its parts that are open and not done.
    pub(crate) parts: i64,
}

/// Plans of this year and of the last matter: until its look back is over, last year's parts are worked on.
pub(crate) fn from_year(today: Date) -> i16 {
    today.year().saturating_sub(1)
}

/// The ids of the units that nobody answers for, among those with open parts in plans of offices of a scope from a year
/// on; in the directory's order.
///
/// # Errors
/// When the store fails.
pub(crate) async fn ids(
    tx: &mut Tx,
    offices: &Scope,
    from_year: i16,
) -> Result<Vec<OrganId>, StoreError> {
    let units = store::units(tx, offices, from_year).await?;
    notify::unanswered(tx, &units).await
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Role;
    use gongkai_platform::db::Tx;
    use gongkai_platform::organ::{self, Kind};
    use gongkai_platform::testing::{self, backends};

    use crate::assignment::Duty;
    use crate::testing::World;

    #[tokio::test]
    async fn a_government_is_answered_for_by_its_office_and_the_city_sees_where_nobody_does() {
        for backend in backends() {
            let mut world = World::on(&backend).await;
            let county = testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await;
            let office = testing::organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
            for (id, kind) in [(county, Kind::Government), (office, Kind::Office)] {
                world
                    .write("test.kind", async |tx: &mut Tx| {
                        let mut organ = organ::store::load(tx, id).await?.unwrap();
                        organ.kind = kind;
                        organ::store::update(tx, &mut organ).await
                    })
                    .await;
            }
            world.units.push(county);
            let parts = [(0, Duty::Lead), (3, Duty::Responsible)];
            let task = world.task(1, "公开规章", Some("2026-12-01"), &parts).await;
            let alone = testing::organ(&world.db, "市档案馆", Some(world.city)).await;
            world.units.push(alone);
            let beside = [(0, Duty::Lead), (4, Duty::Cooperate)];
            world.task(2, "公开预算", Some("2026-12-01"), &beside).await;
            let list = "/workspace/units/unanswered";
            let mut clerk = world.browser(world.clerk).await;
            let page = clerk.get(list).await.page();
            assert!(
                page.contains("云岭县人民政府") && !page.contains(">市司法局<"),
                "{page}"
            );
            assert!(!page.contains("市档案馆"), "it helps another: {page}");
            let page = clerk.get("/workspace").await.page();
            assert!(page.contains("个单位没有人办理"), "{page}");

            let left = [(4, Duty::Cooperate)];
            world.task(3, "公开档案", Some("2026-12-01"), &left).await;
            let page = clerk.get(list).await.page();
            assert!(page.contains("市档案馆"), "{page}");
            let own = [(Role::Liaison, alone)];
            testing::person(&world.db, "档案馆联络员", &own).await;

            let own = [(Role::OfficeClerk, office)];
            let own = testing::person(&world.db, "县文书", &own).await;
            let page = clerk.get(list).await.page();
            assert!(page.contains("每个单位都有人办理"), "{page}");
            let part = world.assignment(task, 3).await.id.to_string();
            clerk
                .post("/workspace/supervision/nudge", &[("assignment", &part)])
                .await
                .redirected();
            let mut own = world.browser(own).await;
            let page = own.get("/workspace/inbox?unread=1").await.page();
            assert!(page.contains("催办1项任务"), "{page}");
            let page = own.get("/workspace/tasks").await.page();
            assert!(
                page.contains("公开规章") && page.contains("填报进展"),
                "{page}"
            );

            // Whoever has no ledger has 今天 all the same, and no head of the ledger above it.
            let author = [(Role::Author, world.city)];
            let author = testing::person(&world.db, "撰稿人", &author).await;
            let page = world.browser(author).await.get("/workspace").await.page();
            assert!(
                page.contains(">今天</a>") && !page.contains("side-title\">要点台账<"),
                "{page}"
            );
        }
    }
}

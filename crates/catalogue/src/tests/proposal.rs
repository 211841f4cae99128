//! What others propose becomes an entry, or is declined with a reason; who proposed it reads which.

use gongkai_basis::reference::Ref;
use gongkai_platform::audit;
use gongkai_platform::seam::{Listed, ToList};

use super::*;

const LIST: &str = "/workspace/catalogue/proposals";

fn of(id: &str) -> Ref {
    Ref {
        kind: "request-cluster".to_owned(),
        id: id.to_owned(),
    }
}

impl World {
    async fn proposes(&self, id: &str, title: &str) {
        let wanted = ToList {
            of: of(id),
            owner: self.unit,
            title: title.to_owned(),
            source: "3人申请同一信息".to_owned(),
            path: "/workspace/requests/suggestions/1".to_owned(),
            due_on: "2026-11-09".parse().ok(),
        };
        let catalogue = self.app.seams.listings.as_ref().unwrap();
        // The event is that of whoever adopts a suggestion.
        self.db
            .upkeep(async |tx: &mut Tx| catalogue.propose(tx, &Actor::System, &wanted).await)
            .await
            .unwrap();
    }

    async fn listed(&self, id: &str) -> Option<Listed> {
        let catalogue = self.app.seams.listings.as_ref().unwrap();
        let refs = [of("none"), of(id)];
        let found = self
            .db
            .read(async |tx: &mut Tx| catalogue.listed(tx, &refs).await)
            .await
            .unwrap();
        assert_eq!(found[0], None);
        found[1].clone()
    }
}

/// What stands between two pieces of a page.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let rest = text.split(start).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("{start} not in\n{text}"));
    rest.split(end).next().unwrap()
}

#[tokio::test]
async fn a_proposal_becomes_an_entry_and_tells_of_its_material() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.proposes("1", "城区义务教育学位分配方案").await;
        assert!(matches!(
            world.listed("1").await,
            Some(Listed::Proposed { .. })
        ));
        let mut clerk = world.browser(world.clerk).await;
        let list = clerk.get("/workspace/catalogue").await.page();
        assert!(list.contains("建议列入目录的事项（1）"), "{list}");
        let page = clerk.get(LIST).await.page();
        assert!(page.contains("2026年11月9日"), "{page}");
        let id = between(&page, "new?proposal=", "\"").to_owned();
        // The form knows its unit, its domain, its basis.
        let form = clerk
            .get(&format!("/workspace/catalogue/new?proposal={id}"))
            .await
            .page();
        for words in [
            "城区义务教育学位分配方案",
            "第四十四条第一款",
            "value=\"义务教育\"",
        ] {
            assert!(form.contains(words), "{words} not in\n{form}");
        }
        let organ = world.unit.to_string();
        let fields = entry_fields(
            Some(organ.as_str()),
            &[("proposal", &*id), ("sub_item", "学位分配方案")],
        );
        let entry = clerk
            .post("/workspace/catalogue/new", &fields)
            .await
            .redirected();
        assert!(clerk.get(&entry).await.page().contains("3人申请同一信息"));
        let Some(Listed::Kept { path, material, .. }) = world.listed("1").await else {
            panic!("it is an entry");
        };
        assert_eq!((path.as_str(), material), (&*entry, None));
        // Once more is too late: the entry is not made twice.
        let mut again = fields.clone();
        again.retain(|(name, _)| *name != "index_number");
        again.push(("index_number", "AL-07-002"));
        let answer = clerk.post("/workspace/catalogue/new", &again).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("已加入目录"), "{}", answer.text());
        let filled = [
            ("organ", organ.as_str()),
            ("period", "2026-Q1"),
            ("kind", "address"),
            ("title", "学位分配方案"),
            ("address", "https://www.example.gov.cn/1.html"),
        ];
        let mut liaison = world.browser(world.liaison).await;
        liaison
            .post(&format!("{entry}/fill"), &filled)
            .await
            .redirected();
        let Some(Listed::Kept {
            material: Some(material),
            ..
        }) = world.listed("1").await
        else {
            panic!("it is filled");
        };
        assert_eq!(material.address, "https://www.example.gov.cn/1.html");
        assert!(material.confirmed_seq.is_some(), "by its event");
        // Proposed anew it stays the entry that it is.
        world.proposes("2", "另一件").await;
        world.proposes("1", "城区义务教育学位分配方案").await;
        assert!(matches!(world.listed("1").await, Some(Listed::Kept { .. })));
    }
}

#[tokio::test]
async fn a_proposal_is_declined_with_a_reason_or_taken_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.proposes("1", "公交线路调整评估报告").await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(LIST).await.page();
        let id = between(&page, "new?proposal=", "\"").to_owned();
        let decline = format!("{LIST}/{id}/decline");
        let no_reason = [("version", "1"), ("proposal", &*id), ("why", "")];
        assert_eq!(clerk.post(&decline, &no_reason).await.status, 422);
        let mut liaison = world.browser(world.liaison).await;
        let reason = [
            ("version", "1"),
            ("why", "一次性的材料，不是经常公开的事项"),
        ];
        assert_eq!(liaison.post(&decline, &reason).await.status, 403);
        clerk.post(&decline, &reason).await.redirected();
        let Some(Listed::Declined { why, .. }) = world.listed("1").await else {
            panic!("it was declined");
        };
        assert_eq!(why, "一次性的材料，不是经常公开的事项");
        // Proposed anew it waits anew; who proposed it may take it back.
        world.proposes("1", "公交线路调整评估报告").await;
        let catalogue = world.app.seams.listings.as_ref().unwrap();
        let one = of("1");
        world
            .db
            .write(async |tx: &mut Tx| {
                catalogue
                    .withdraw(tx, &Actor::System, &one, "改变了决定")
                    .await
            })
            .await
            .unwrap();
        assert_eq!(world.listed("1").await, None);
        let events = world
            .db
            .read(async |tx: &mut Tx| audit::page(tx, 0, 1_000).await)
            .await
            .unwrap();
        let told: Vec<&str> = events
            .iter()
            .map(|event| event.kind.as_str())
            .filter(|kind| kind.starts_with("catalogue.propos"))
            .collect();
        assert_eq!(
            told,
            [
                "catalogue.proposed",
                "catalogue.proposal-declined",
                "catalogue.proposed",
                "catalogue.proposal-withdrawn"
            ]
        );
    }
}

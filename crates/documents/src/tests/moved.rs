//! What an older site had published and came in as a draft: what it keeps of its number and of its day.

use super::*;
use crate::document::{Document, Head, store};
use crate::old::{self, Old, Taken};

const INDEX_NUMBER: &str = "11990000000000001G/2021-00007";

/// A notice of an older site; where its days cross it comes in as a draft.
fn moved(organ: OrganId, issued_on: &str) -> Old {
    Old {
        source: "1.html".to_owned(),
        address: String::new(),
        kind: Kind::Notice,
        organ,
        head: Head {
            title: "旧站通知".to_owned(),
            theme: "综合政务".to_owned(),
            issued_on: Some(issued_on.parse().unwrap()),
            ..Head::default()
        },
        html: "<p>旧站的正文。</p>".to_owned(),
        published_on: "2021-03-09".parse().unwrap(),
        index_number: INDEX_NUMBER.to_owned(),
        turn: None,
        files: Vec::new(),
        pictures: Vec::new(),
        doubtful: false,
    }
}

impl World {
    async fn moves(&self, old: Old) -> Taken {
        self.db
            .write(async |tx: &mut Tx| old::take(tx, &Actor::System, old.clone()).await)
            .await
            .unwrap()
    }

    async fn all(&self) -> Vec<Document> {
        let ids: Vec<String> = self
            .db
            .read(async |tx: &mut Tx| {
                let rows = tx.all(sql("SELECT id FROM document ORDER BY id")).await?;
                rows.iter().map(|row| row.get("id")).collect()
            })
            .await
            .unwrap();
        self.db
            .read(async |tx: &mut Tx| store::by_ids(tx, &ids).await)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn what_an_older_site_numbered_comes_back_without_a_number_that_went_on() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let draft = world.moves(moved(world.city, "2021-03-10")).await;
        assert!(matches!(draft, Taken::Draft(_)), "{draft:?}");
        let path = format!("/workspace/documents/{}", world.all().await[0].id);
        assert_eq!(world.aside(&path, "清单有误").await, 303);
        assert_eq!(world.back(&path, "先留着").await, 303);
        assert_eq!(world.all().await[0].index_number, INDEX_NUMBER);
        assert_eq!(world.aside(&path, "清单已经改正，重新迁入").await, 303);
        // The same file comes again, and is known from then on.
        let again = moved(world.city, "2021-03-08");
        assert_eq!(world.moves(again.clone()).await, Taken::Published);
        let known = world
            .db
            .read(async |tx: &mut Tx| old::is_known(tx, &again).await)
            .await;
        assert!(known.unwrap());
        assert_eq!(world.back(&path, "要用了").await, 303);
        let with_it: Vec<_> = world.all().await;
        let with_it = with_it
            .iter()
            .filter(|one| one.index_number == INDEX_NUMBER);
        let with_it: Vec<String> = with_it.map(|one| one.id.to_string()).collect();
        assert_eq!(with_it.len(), 1, "one number, one document");
        assert!(!path.ends_with(&with_it[0]), "the public one keeps it");
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        let said = format!("索引号“{INDEX_NUMBER}”作废期间已用于另一份文件，发布时另编");
        assert!(page.contains(&said), "{page}");
    }
}

#[tokio::test]
async fn what_an_older_site_published_keeps_its_day_through_review() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let after = "旧站清单的发布日期2021年3月9日早于成文日期";
        for (source, issued_on, says, day) in [
            (
                "1.html",
                "2021-03-08",
                "审核后发布时沿用这一天",
                "2021年3月9日",
            ),
            // Nothing is published before it is signed.
            ("2.html", "2021-03-10", after, "2026年10月12日"),
        ] {
            let old = Old {
                source: source.to_owned(),
                index_number: String::new(),
                doubtful: true,
                ..moved(world.city, issued_on)
            };
            let taken = world.moves(old).await;
            assert!(matches!(taken, Taken::Draft(_)), "{taken:?}");
            let all = world.all().await;
            let draft = all.iter().find(|one| one.index_number.is_empty());
            let draft = draft.unwrap().id;
            let path = format!("/workspace/documents/{draft}");
            let page = clerk.get(&path).await.page();
            assert!(page.contains(says), "{page}");
            world.goes_out(&path, Kind::Notice).await;
            let page = world.public().get(&format!("/documents/{draft}")).await;
            let page = page.page();
            assert!(page.contains(day), "{page}");
            let all = world.all().await;
            let out = all.iter().find(|one| one.id == draft).unwrap();
            let at = gongkai_platform::web::moment(out.published_at.unwrap());
            assert!(at.starts_with(day), "{at}");
            // The number is of the year of that day.
            let year = format!("/{}-", day.split('年').next().unwrap());
            assert!(out.index_number.contains(&year), "{}", out.index_number);
        }
    }
}

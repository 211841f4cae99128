//! What cites or interprets a document that was withdrawn says so, and leads nowhere.

use super::*;
use crate::document::{Head, store};
use crate::old::{self, Old, Taken};

#[tokio::test]
async fn what_was_withdrawn_is_no_link_and_not_in_force_where_it_is_named() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let law = world.law("甲办法").await;
        let id = law.rsplit('/').next().unwrap();
        let below = world.draft("notice", "乙通知", "<p>依据甲办法。</p>").await;
        let cites = "《甲办法》（安府规〔2026〕3号）";
        let head = [
            ("title", "乙通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "html"),
            ("body", "<p>依据甲办法。</p>"),
            ("cites", cites),
        ];
        world.rewrites(&below, &head).await;
        world.goes_out(&below, Kind::Notice).await;
        let city = world.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", "甲办法解读"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("interprets", id),
            ("markup", "html"),
            ("body", "<p>为什么制定甲办法。</p>"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let new = "/workspace/documents/new?kind=interpretation";
        let reading = clerk.upload(new, &fields, ("file", "", b"")).await;
        let reading = reading.redirected();
        world.goes_out(&reading, Kind::Interpretation).await;

        let pages = [below, reading].map(|path| path.replace("/workspace", ""));
        let link = format!("href=\"/documents/{id}\"");
        let mut tags = Vec::new();
        for page in &pages {
            let answer = world.public().get(page).await;
            tags.push(answer.headers.get("etag").unwrap().clone());
            let text = answer.text();
            assert!(text.contains(&link) && !text.contains("已撤下"), "{text}");
        }
        let why = [("why", "内容有误。")];
        assert_eq!(world.act(world.clerk, &law, "withdraw", &why).await, 303);
        for (page, tag) in pages.iter().zip(tags) {
            let answer = world.public().get(page).await;
            // Browsers that kept the page do not go on showing it.
            assert_ne!(answer.headers.get("etag").unwrap(), &tag);
            let text = answer.text();
            assert!(text.contains("（已撤下）"), "{text}");
            assert!(
                !text.contains(&link) && !text.contains("现行有效"),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn a_title_that_several_organs_have_means_ones_own_or_none() {
    const TITLE: &str = "政府信息公开指南";
    for backend in backends() {
        let world = World::on(&backend).await;
        let counties = [
            testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await,
            testing::organ(&world.db, "清溪县人民政府", Some(world.city)).await,
        ];
        let meant = async |organ: OrganId| {
            let found = world
                .db
                .read(async |tx: &mut Tx| store::meant_by(tx, organ, ("", TITLE)).await);
            found.await.unwrap().map(|(id, _)| id.to_string())
        };
        let mut own = Vec::new();
        for (n, county) in counties.into_iter().enumerate() {
            let old = Old {
                source: format!("{n}.html"),
                address: String::new(),
                kind: Kind::Notice,
                organ: county,
                head: Head {
                    title: TITLE.to_owned(),
                    theme: "综合政务".to_owned(),
                    ..Head::default()
                },
                html: "<p>指南。</p>".to_owned(),
                published_on: "2021-03-09".parse().unwrap(),
                index_number: String::new(),
                turn: None,
                files: Vec::new(),
                pictures: Vec::new(),
                doubtful: false,
            };
            let taken = world
                .db
                .write(async |tx: &mut Tx| old::take(tx, &Actor::System, old.clone()).await);
            assert_eq!(taken.await.unwrap(), Taken::Published);
            own.push(meant(county).await);
            if n == 0 {
                assert_eq!(meant(world.city).await, own[0], "only one has it");
            }
        }
        assert!(own[0].is_some() && own[1].is_some() && own[0] != own[1]);
        for (county, one) in counties.into_iter().zip(&own) {
            assert_eq!(meant(county).await, *one);
        }
        assert_eq!(meant(world.city).await, None, "it may be either");
    }
}

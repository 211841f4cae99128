//! The same bytes in several places are found, taken down together, and given back.

use super::*;
use gongkai_platform::access::Scope;
use gongkai_platform::attachment::{self, New};
use gongkai_platform::seam::Seams;

const SECRET: &[u8] = "王某某，低保，银行卡号……".as_bytes();

impl World {
    async fn sitemap(&self, seams: &Seams) -> String {
        let mut paths = Vec::new();
        for source in &seams.pages {
            let urls = self
                .db
                .read(async |tx: &mut Tx| source.urls(tx, &Scope::Everything, None, 100).await)
                .await
                .unwrap();
            paths.extend(urls.into_iter().map(|page| page.path));
        }
        paths.join("\n")
    }
}

/// The values of the checkboxes with this name.
fn boxes(page: &str, name: &str) -> Vec<String> {
    let begin = format!("name=\"{name}\" value=\"");
    let rest = page.split(&begin).skip(1);
    rest.map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// The address of the first file that a page links to.
fn file_link(page: &str) -> Option<String> {
    let links = page.split("href=\"").skip(1);
    links
        .filter_map(|rest| rest.split('"').next())
        .find(|link| link.contains("/documents/") && link.contains("/files/"))
        .map(str::to_owned)
}

#[tokio::test]
async fn bytes_are_found_everywhere_and_taken_down_together() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let out = world
            .with_file("关于公示名单的通知", ("名单.xlsx", SECRET))
            .await;
        let draft = world
            .with_file("关于补充名单的通知", ("改了名.txt", SECRET))
            .await;
        world.goes_out(&out, Kind::Notice).await;
        let public = out.replace("/workspace", "");
        let page = world.public().get(&public).await;
        let tag = page
            .headers
            .get("etag")
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let download = file_link(&page.text()).unwrap();
        assert_eq!(world.public().get(&download).await.status, 200);
        let mut clerk = world.browser(world.clerk).await;
        let own_copy = file_link(&clerk.get(&draft).await.page()).unwrap();

        // A third copy stands with a record that no capability here knows, in a unit below the government.
        let unit = testing::organ(&world.db, "市民政局", Some(world.city)).await;
        let sha256 = world.app.files.put(SECRET).unwrap();
        world
            .db
            .write(async |tx: &mut Tx| {
                let file = New::File {
                    sha256: sha256.clone(),
                    name: "佐证.txt".to_owned(),
                    media_type: "text/plain",
                    bytes: SECRET.len() as i64,
                };
                attachment::attach(tx, &Actor::System, ("elsewhere", "1"), unit, vec![file])
                    .await?;
                tx.record(Event::new(
                    &Actor::System,
                    "test",
                    ("organ", String::new()),
                    "试",
                ));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();

        // Found by the bytes; nobody without the right looks, and another unit's office sees nothing of it.
        let found = clerk
            .upload("/workspace/files", &[], ("file", "随便什么名.bin", SECRET))
            .await
            .redirected();
        assert_eq!(found, format!("/workspace/files/{sha256}"));
        let proof = world.who(Role::Proofreader);
        assert_eq!(world.browser(proof).await.get(&found).await.status, 403);
        let stranger = world.browser(world.stranger).await.get(&found).await.page();
        assert!(
            stranger.contains("另有3处") && !stranger.contains("名单"),
            "{stranger}"
        );
        let list = clerk.get(&found).await.page();
        let (places, pages) = (boxes(&list, "place"), boxes(&list, "page"));
        assert_eq!((places.len(), pages.len()), (3, 1), "{list}");
        for words in [
            "公示名单",
            "补充名单",
            "佐证.txt",
            "市民政局",
            "改了名.txt",
            "共3处",
        ] {
            assert!(list.contains(words), "{words} in {list}");
        }

        // Not without a reason, not without a choice, not by a stranger.
        let mut all: Vec<(&str, &str)> = places.iter().map(|id| ("place", id.as_str())).collect();
        assert_eq!(clerk.post(&found, &all).await.status, 422);
        let why = ("reason", "含个人信息，整改后重新公开。");
        assert_eq!(clerk.post(&found, &[why]).await.status, 422);
        all.push(why);
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.post(&found, &all).await.status, 404);
        assert_eq!(world.public().get(&download).await.status, 200);

        assert_eq!(clerk.post(&found, &all).await.status, 303);
        let gone = world.public().get(&download).await;
        assert_eq!(gone.status, 410);
        assert!(gone.text().contains("含个人信息"), "{}", gone.text());
        assert_eq!(clerk.get(&own_copy).await.status, 410);
        let known = axum::http::Request::get(&public).header("if-none-match", &tag);
        let page = world.public().send(known, axum::body::Body::empty()).await;
        assert_eq!(
            page.status, 200,
            "the page that readers kept is not current any more"
        );
        assert!(
            page.text().contains("已撤下：含个人信息"),
            "{}",
            page.text()
        );
        assert_eq!(file_link(&page.text()), None);
        let id = out.rsplit('/').next().unwrap();
        let events = world
            .db
            .read(async |tx: &mut Tx| gongkai_platform::audit::about(tx, "document", id, 50).await)
            .await
            .unwrap();
        let withheld = events.iter().filter(|event| event.kind == "file.withheld");
        assert_eq!(withheld.count(), 1, "one event for each place");

        // The page itself goes, too, while its file is down or up.
        let first = places.iter().find(|id| {
            let label = format!("value=\"{id}\" checked aria-label=\"撤下《关于公示名单的通知》");
            list.contains(&label)
        });
        let first = first.unwrap();
        let restore = format!("{found}/{first}/restore");
        assert_eq!(clerk.post(&restore, &[]).await.status, 422);
        let because = [("reason", "已核实，可以公开。")];
        assert_eq!(stranger.post(&restore, &because).await.status, 404);
        assert_eq!(clerk.post(&restore, &because).await.status, 303);
        assert_eq!(world.public().get(&download).await.status, 200);
        assert_eq!(clerk.get(&own_copy).await.status, 410);
        let seams = crate::seams();
        assert!(world.sitemap(&seams).await.contains(&public));
        let whole = [("page", pages[0].as_str()), ("place", first.as_str()), why];
        assert_eq!(clerk.post(&found, &whole).await.status, 303);
        let told = clerk.get(&found).await.page();
        assert!(
            told.contains("已撤下1处文件，连同1个页面"),
            "files and pages are counted apart: {told}"
        );
        assert_eq!(clerk.post(&restore, &because).await.status, 303);
        let told = clerk.get(&found).await.page();
        assert!(told.contains("它所在的页面没有公开"), "{told}");
        assert_eq!(clerk.post(&found, &whole[1..]).await.status, 303);
        let gone = world.public().get(&public).await;
        assert_eq!(gone.status, 410);
        assert!(gone.text().contains("含个人信息") && !gone.text().contains("名单见附件"));
        assert_eq!(world.public().get(&download).await.status, 404);
        for list in ["/documents", "/documents/feed.xml"] {
            let list = world.public().get(list).await.text();
            assert!(!list.contains("关于公示名单的通知"), "{list}");
        }
        assert!(!world.sitemap(&seams).await.contains(&public));
        let refs = [Ref {
            kind: "document".to_owned(),
            id: id.to_owned(),
        }];
        let source = seams.searchable.first().unwrap();
        let entry = world
            .db
            .read(async |tx: &mut Tx| source.entries(tx, &refs).await)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(entry, None);
        let page = clerk.get("/workspace/files").await.page();
        assert!(
            page.contains("名单.xlsx") && page.contains("佐证.txt"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn what_was_taken_down_does_not_go_out_again_with_another_text() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let list = "甲，乙，丙。".as_bytes();
        let first = world
            .with_file("关于公示名单的通知", ("名单.txt", list))
            .await;
        world.goes_out(&first, Kind::Notice).await;
        // One is on its way, unread by anybody who takes the other down; one comes after it.
        world.clock.advance(jiff::SignedDuration::from_secs(60));
        let approved = world
            .with_file("关于补充名单的通知", ("补充.txt", list))
            .await;
        world.approve(&approved, Kind::Notice).await;
        world.takes_down(list, "含个人信息。").await;
        assert_eq!(world.act(world.clerk, &approved, "publish", &[]).await, 422);
        let at = [("at", "2026-12-01T09:00")];
        assert_eq!(
            world.act(world.clerk, &approved, "schedule", &at).await,
            422
        );
        let later = world
            .with_file("关于再次公示名单的通知", ("再次.txt", list))
            .await;
        let page = world.browser(world.clerk).await.get(&later).await.page();
        for words in [
            "附件“再次.txt”与已经撤下的文件内容完全相同（撤下说明：含个人信息）",
            "附件“再次.txt”：与已经撤下的文件内容相同",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
        assert_eq!(world.act(world.clerk, &later, "send", &[]).await, 422);

        let found = format!("/workspace/files/{}", world.app.files.put(list).unwrap());
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&found).await.page();
        let restore = page.split(&format!("action=\"{found}/")).nth(1).unwrap();
        let restore = format!("{found}/{}", restore.split('"').next().unwrap());
        let because = [("reason", "已核实，可以公开。")];
        assert_eq!(clerk.post(&restore, &because).await.status, 303);
        assert_eq!(world.act(world.clerk, &approved, "publish", &[]).await, 303);
        assert_eq!(world.act(world.clerk, &later, "send", &[]).await, 303);
    }
}

//! Review seals a text with its attachments: nothing that it did not see goes out.

use super::*;

const SHOWN: &[u8] = "审核时看到的名单".as_bytes();
const OTHER: &[u8] = "后来换上的名单".as_bytes();

impl World {
    /// As somebody with a hand in the database would.
    pub(super) async fn tampers(&self, statement: &'static str, values: &[&str]) {
        self.db
            .write(async |tx: &mut Tx| {
                let mut statement = sql(statement);
                for value in values {
                    statement = statement.bind(*value);
                }
                tx.run(statement).await?;
                let subject = ("organ", String::new());
                tx.record(Event::new(&Actor::System, "test", subject, "试"));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }

    async fn swaps(&self, from: &str, to: &str) {
        self.tampers("UPDATE file SET sha256 = $1 WHERE sha256 = $2", &[to, from])
            .await;
    }
}

#[tokio::test]
async fn a_file_that_review_did_not_see_does_not_go_out() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .with_file("关于公布名单的通知", ("名单.txt", SHOWN))
            .await;
        let public = path.replace("/workspace", "");
        let (shown, other) = (
            world.app.files.put(SHOWN).unwrap(),
            world.app.files.put(OTHER).unwrap(),
        );

        // While it is looked at: the step does not pass.
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let proof = world.who(Role::Proofreader);
        assert_eq!(world.review(proof, &path, "claim", &[], "").await, 303);
        world.swaps(&shown, &other).await;
        let checks = world.fine(&path, Step::FirstProof).await;
        assert_eq!(world.review(proof, &path, "pass", &checks, "").await, 422);
        let page = world.browser(proof).await.get(&path).await.page();
        assert!(
            page.contains("附件“名单.txt”的内容在送审以后变了"),
            "{page}"
        );
        world.swaps(&other, &shown).await;
        assert_eq!(world.act(world.clerk, &path, "recall", &[]).await, 303);
        world.approve(&path, Kind::Notice).await;
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(page.contains("连同1个附件") && !page.contains("不是送审时的样子"));

        // After the approval: changed, and renamed.
        world.swaps(&shown, &other).await;
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        world.swaps(&other, &shown).await;
        let rename = "UPDATE attachment SET title = $1 WHERE title = $2";
        world.tampers(rename, &["全部名单.txt", "名单.txt"]).await;
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        world.tampers(rename, &["名单.txt", "全部名单.txt"]).await;
        let id = path.rsplit('/').next().unwrap().to_owned();
        let forget = "DELETE FROM sealed_file WHERE edition_id IN (SELECT edition_id FROM document WHERE id = $1)";
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
        assert_eq!(world.public().get(&public).await.status, 200);

        // What is public stays what was sealed.
        let page = world.public().get(&public).await.page();
        let begin = format!("{public}/files/");
        let file = page.split(&begin).nth(1).unwrap();
        let address = format!("{begin}{}", file.split('"').next().unwrap());
        assert_eq!(world.public().get(&address).await.status, 200);
        world.swaps(&shown, &other).await;
        assert_eq!(world.public().get(&address).await.status, 404);
        assert!(
            !world
                .public()
                .get(&public)
                .await
                .page()
                .contains("名单.txt")
        );
        world.swaps(&other, &shown).await;
        std::fs::write(world.app.files.path(&shown), OTHER).unwrap();
        let damaged = world.public().get(&address).await;
        assert_eq!(damaged.status, 500);
        assert!(
            damaged.text().contains("校验值不一致"),
            "{}",
            damaged.text()
        );
        std::fs::write(world.app.files.path(&shown), SHOWN).unwrap();
        world.tampers(forget, &[&id]).await;
        assert_eq!(world.public().get(&address).await.status, 404);
    }
}

#[tokio::test]
async fn only_files_of_the_public_text_are_called_public() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .with_file("关于公布名单的通知", ("名单.txt", SHOWN))
            .await;
        world.goes_out(&path, Kind::Notice).await;
        let version = world.version(&path).await;
        let fields = [
            ("version", version.as_str()),
            ("title", "关于公布名单的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "名单见附件，更正。"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let saved = clerk
            .upload(
                &format!("{path}/write"),
                &fields,
                ("file", "新名单.txt", OTHER),
            )
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        for (bytes, public) in [(SHOWN, true), (OTHER, false)] {
            let found = clerk
                .upload("/workspace/files", &[], ("file", "x", bytes))
                .await
                .redirected();
            let page = clerk.get(&found).await.page();
            assert_eq!(page.contains("■ 能"), public, "{page}");
            assert_eq!(page.contains("不在公开的这一稿里"), !public, "{page}");
        }
    }
}

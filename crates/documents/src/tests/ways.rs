//! 审核流程: a kind or a column demands a step beside the table, and the stricter wins.

use super::*;

const WAYS: &str = "/workspace/documents/ways";

impl World {
    async fn demands(&self, act: &str, of: &str, step: &str) -> u16 {
        let mut clerk = self.browser(self.clerk).await;
        let fields = [("of", of), ("step", step)];
        clerk
            .post(&format!("{WAYS}/{act}"), &fields)
            .await
            .status
            .as_u16()
    }

    /// The steps of the newest edition, in order.
    async fn steps(&self, path: &str) -> Vec<String> {
        let id = path.rsplit('/').next().unwrap().to_owned();
        self.db
            .read(async |tx: &mut Tx| {
                tx.all(
                    sql("SELECT s.step FROM review_step s JOIN document d ON d.edition_id = s.edition_id \
                         WHERE d.id = $1 ORDER BY s.position")
                        .bind(&id),
                )
                .await
            })
            .await
            .unwrap()
            .iter()
            .map(|row| row.get("step").unwrap())
            .collect()
    }
}

#[tokio::test]
async fn kinds_and_columns_demand_steps_and_the_stricter_wins() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(WAYS).await.page();
        assert!(
            page.contains("文号、主题分类、成文日期、施行日期、有效期至"),
            "{page}"
        );
        let column = world.column("education", "news").await;
        let column = format!("column:{}", column.rsplit('/').next().unwrap());
        let id = column.trim_start_matches("column:");

        // What is there already, and what is nothing, is refused.
        for (of, step) in [
            ("kind:rule", "legality"),
            ("kind:notice", "secrecy"),
            ("kind:nothing", "legality"),
            ("kind:notice", ""),
        ] {
            assert_eq!(world.demands("add", of, step).await, 422, "{of} {step}");
        }
        let before = world.draft("notice", "此前的通知", "<p>正文。</p>").await;
        world.goes_out(&before, Kind::Notice).await;
        assert_eq!(world.demands("add", &column, "legality").await, 303);
        let place = [("place", id), ("act", "put")];
        let put = async |path: &str| {
            let mut clerk = world.browser(world.clerk).await;
            let put = clerk.post(&format!("{path}/columns"), &place).await;
            put.status.as_u16()
        };
        assert_eq!(
            put(&before).await,
            422,
            "it did not pass what the column demands"
        );

        // A draft that stands in the column passes the step on its way.
        let path = world.draft("notice", "专栏的通知", "<p>正文。</p>").await;
        assert_eq!(put(&path).await, 303);
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let longest: Vec<&str> = Kind::Rule.chain().iter().map(|step| step.code()).collect();
        assert_eq!(world.steps(&path).await, longest);
        for step in Kind::Rule.chain() {
            world.pass(&path, *step).await;
        }
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);

        // The kind alone, and not any more.
        assert_eq!(world.demands("add", "kind:notice", "legality").await, 303);
        let page = clerk.get(WAYS).await.page();
        assert!(page.contains("不再要求通知公告经过合法性审查"), "{page}");
        let path = world.draft("notice", "另一份通知", "<p>正文。</p>").await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(world.steps(&path).await, longest);
        assert_eq!(
            world.demands("remove", "kind:notice", "legality").await,
            303
        );
        let path = world.draft("notice", "再一份通知", "<p>正文。</p>").await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(world.steps(&path).await.len(), Kind::Notice.chain().len());
        // Who works in two governments chooses which one's ways these are.
        let county = testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await;
        let office = testing::organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
        set_kind(&world.db, county, "government").await;
        set_kind(&world.db, office, "office").await;
        let roles = [
            (Role::OfficeClerk, world.office),
            (Role::OfficeClerk, office),
        ];
        let both = testing::person(&world.db, "两地文书", &roles).await;
        let mut both = world.browser(both).await;
        let page = both.get(WAYS).await.page();
        assert!(
            page.contains("您在几个政府任职") && page.contains("云岭县人民政府"),
            "{page}"
        );
        let fields = [("of", "kind:notice"), ("step", "legality")];
        let unnamed = both.post(&format!("{WAYS}/add"), &fields).await;
        assert_eq!(unnamed.status, 422);
        let county = county.to_string();
        let fields = [
            ("organ", county.as_str()),
            ("of", "kind:notice"),
            ("step", "legality"),
        ];
        let added = both.post(&format!("{WAYS}/add"), &fields).await;
        let added = added.redirected();
        let page = both.get(&added).await.page();
        assert!(
            page.contains("以下是云岭县人民政府的审核流程")
                && page.contains("不再要求通知公告经过合法性审查"),
            "{page}"
        );
        let page = clerk.get(WAYS).await.page();
        assert!(
            page.contains("以下是安澜市人民政府的审核流程")
                && !page.contains("不再要求通知公告经过合法性审查"),
            "{page}"
        );
        let theirs = clerk.get(&format!("{WAYS}?organ={county}")).await;
        assert_eq!(theirs.status, 404);
        // Those without the act see it and change nothing.
        let mut reviewer = world.browser(world.who(Role::FirstReviewer)).await;
        let page = reviewer.get(WAYS).await.page();
        assert!(!page.contains("加上这一步"), "{page}");
        let fields = [("of", "kind:notice"), ("step", "legality")];
        let refused = reviewer.post(&format!("{WAYS}/add"), &fields).await;
        assert_eq!(refused.status, 403);
    }
}

//! The office opens rounds, and reminds by hand.

use super::*;

#[tokio::test]
async fn the_office_opens_rounds_from_the_notice_or_by_hand() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let plan = world.plan.to_string();
        world
            .write("test.deadline", async |tx: &mut Tx| {
                tx.run(
                    sql("INSERT INTO plan_deadline (plan_id, position, text, due_on, kind) VALUES ($1, 1, '12月27日前', '2026-12-27', 'by')")
                        .bind(world.plan),
                )
                .await
            })
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk
            .get(&format!("/workspace/rounds/new?plan={plan}"))
            .await
            .page();
        assert!(
            page.contains("12月27日前报送") && page.contains("请核对"),
            "{page}"
        );
        let form = clerk
            .get(&format!("/workspace/rounds/new?plan={plan}&from=1"))
            .await
            .page();
        assert!(
            form.contains("value=\"2026-12-27\"") && form.contains("已对照原文核对"),
            "{form}"
        );
        let fields = [
            ("plan", plan.as_str()),
            ("from", "1"),
            ("name", "年末报送"),
            ("due_on", "2026-12-27"),
            ("from_on", "2026-01-01"),
            ("to_on", "2026-12-27"),
        ];
        // A Sunday, and the words' place is not known: a person has to say that they were looked at.
        let unseen = clerk.post("/workspace/rounds/new", &fields).await;
        assert_eq!(unseen.status, 422);
        assert!(
            unseen.text().contains("请对照原文核对后勾选"),
            "{}",
            unseen.text()
        );
        let mut seen = fields.to_vec();
        seen.push(("looked_at", "1"));
        let empty = clerk.post("/workspace/rounds/new", &seen).await;
        assert_eq!(
            empty.status, 422,
            "a plan without tasks has nothing to report"
        );
        world
            .task(
                1,
                "公开规章",
                None,
                &[(0, Duty::Lead), (1, Duty::Cooperate)],
            )
            .await;
        let round = clerk
            .post("/workspace/rounds/new", &seen)
            .await
            .redirected();
        let page = clerk.get(&round).await.page();
        assert!(page.contains("通知要求：12月27日前"), "{page}");
        let twice = clerk.post("/workspace/rounds/new", &seen).await;
        assert_eq!(twice.status, 422);
        // By hand, with all reasons at once.
        let wrong = clerk
            .post(
                "/workspace/rounds/new",
                &[("plan", &plan), ("due_on", "2026-09-20")],
            )
            .await;
        assert_eq!(wrong.status, 422);
        for words in [
            "请填写“轮次名称”",
            "请填写“设定原因”",
            "截止日期已经过去",
            "从哪天到哪天",
        ] {
            assert!(wrong.text().contains(words), "{words}: {}", wrong.text());
        }
        let mut asking = by_hand(&world, "十月报送", "2026-10-20").to_vec();
        asking.push(("cooperating", "1"));
        let other = clerk
            .post("/workspace/rounds/new", &asking)
            .await
            .redirected();
        assert!(
            clerk.get(&other).await.page().contains("市财政局"),
            "who cooperates is asked"
        );
        let page = clerk.get("/workspace/rounds").await.page();
        assert!(
            page.contains("年末报送") && page.contains("十月报送"),
            "{page}"
        );
        // What comes later is taken up, once.
        let none = clerk.post(&format!("{round}/fill"), &[]).await;
        assert_eq!(none.status, 422);
        world.task(2, "公开预算", None, &[(2, Duty::Lead)]).await;
        clerk.post(&format!("{round}/fill"), &[]).await.redirected();
        assert!(clerk.get(&round).await.page().contains("市教育局"));
        // The third unit sees its own; nobody sees a cancelled one.
        let mut liaison = world.browser(world.liaisons[2]).await;
        assert!(
            liaison
                .get("/workspace/rounds/own")
                .await
                .page()
                .contains("年末报送")
        );
        clerk
            .post(
                &format!("{round}/step"),
                &[("step", "cancel"), ("note", "改用另一轮")],
            )
            .await
            .redirected();
        let page = liaison.get("/workspace/rounds/own").await.page();
        assert!(page.contains("没有要报送的轮次"), "{page}");
        assert!(inbox(&mut liaison).await.contains("已撤销，不用再报"));
        // Long after its day nobody is late in it.
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 200));
        let mut clerk = world.browser(world.clerk).await;
        let shown = clerk.get(&round).await.page();
        assert!(
            shown.contains("已撤销") && !shown.contains("?late=1") && !shown.contains("天未报"),
            "{shown}"
        );
        let mut stranger = world.browser(world.liaisons[0]).await;
        assert_eq!(stranger.get(&other).await.status, 403);
    }
}

#[tokio::test]
async fn the_office_reminds_chosen_units_by_hand_in_the_same_words_once_a_day() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let (first, second) = (world.units[0].to_string(), world.units[1].to_string());
        reports(&world, 0, "已做").await;
        let mut boss = world.browser(unit_head(&world, 0).await).await;
        for step in ["confirm", "submit"] {
            let path = unit_path(&world, &round, 0);
            boss.post(&format!("{path}/{step}"), &[]).await.redirected();
        }
        let mut clerk = world.browser(world.clerk).await;
        let chosen = [
            ("unit", first.as_str()),
            ("unit", second.as_str()),
            ("note", "请今天报"),
        ];
        let nudge = format!("{round}/remind");
        clerk.post(&nudge, &chosen).await.redirected();
        let again = clerk.post(&nudge, &chosen).await;
        assert_eq!(again.status, 422);
        assert!(
            again.text().contains("今天已经收到同样的催报"),
            "{}",
            again.text()
        );
        let mut liaison = world.browser(world.liaisons[1]).await;
        let page = liaison.get("/workspace/inbox?topic=reminder").await.page();
        assert!(
            page.contains("共 1 条") && page.contains("请今天报"),
            "{page}"
        );
        // Other words on the same day are another reminder, and stand in the time line once each.
        let other = [("unit", second.as_str()), ("note", "请下班前报")];
        clerk.post(&nudge, &other).await.redirected();
        let page = liaison.get("/workspace/inbox?topic=reminder").await.page();
        assert!(
            page.contains("共 2 条") && page.contains("请下班前报"),
            "{page}"
        );
        let path = unit_path(&world, &round, 1);
        let page = clerk.get(&path).await.page();
        assert_eq!(
            page.matches("催报“第三季度报送”：请今天报").count(),
            1,
            "{page}"
        );
        let mut done = world.browser(world.liaisons[0]).await;
        let page = done.get("/workspace/inbox?topic=reminder").await.page();
        assert!(
            page.contains("没有符合条件的消息"),
            "who has submitted is left alone: {page}"
        );
        let none = clerk
            .post(&format!("{round}/remind"), &[("unit", &first)])
            .await;
        assert_eq!(none.status, 422);
        for (filter, here, gone) in [
            ("state=submitted", "市司法局", "市财政局"),
            ("waiting=1", "市财政局", "市司法局"),
            ("text=%E8%B4%A2%E6%94%BF", "市财政局", "市司法局"),
        ] {
            let page = clerk.get(&format!("{round}?{filter}")).await.page();
            let table = page
                .split("<tbody>")
                .nth(1)
                .unwrap()
                .split("</tbody>")
                .next()
                .unwrap();
            assert!(
                table.contains(here) && !table.contains(gone),
                "{filter}: {table}"
            );
        }
    }
}

//! 协商确认: a text that concerns another organ goes out only when that organ agrees, or the principal decides.

use super::*;

impl World {
    async fn concerns(&self, path: &str, organ: &str, due_on: &str) -> u16 {
        let fields = [
            ("concerned_organ", organ),
            ("concerned_about", "第一条的办理时限"),
            ("concerned_due", due_on),
        ];
        self.act(self.clerk, path, "concerned", &fields).await
    }

    /// The newest question: its page, and its version.
    async fn question_asked(&self) -> (String, String) {
        let row = self
            .db
            .read(async |tx: &mut Tx| {
                tx.one(sql(
                    "SELECT id, version FROM document_concerned ORDER BY position DESC LIMIT 1",
                ))
                .await
            })
            .await
            .unwrap();
        let id: String = row.get("id").unwrap();
        let version: i64 = row.get("version").unwrap();
        (format!("/workspace/concerned/{id}"), version.to_string())
    }

    async fn organ_answers(&self, who: AccountId, answer: &str, words: &str) -> u16 {
        let (page, version) = self.question_asked().await;
        let fields = [
            ("version", version.as_str()),
            ("answer", answer),
            ("words", words),
        ];
        let mut browser = self.browser(who).await;
        browser.post(&page, &fields).await.status.as_u16()
    }

    /// What the forms on the document's page call the newest question.
    async fn question_key(&self) -> String {
        let (page, version) = self.question_asked().await;
        format!("{}:{version}", page.rsplit('/').next().unwrap())
    }

    /// Another text of 关于甲的通知.
    async fn writes_question_anew(&self, path: &str, body: &str) {
        let head = ("关于甲的通知", "安府规〔2026〕30号");
        self.rewrites(path, &form(head, ("html", body))).await;
    }

    async fn organ_named(&self, name: &'static str) -> OrganId {
        let found = sql("SELECT id FROM organ WHERE name = $1").bind(name);
        let row = self
            .db
            .read(async |tx: &mut Tx| tx.one(found.clone()).await)
            .await
            .unwrap();
        row.get("id").unwrap()
    }

    async fn told_of(&self, title: &str) -> i64 {
        let row = self
            .db
            .read(async |tx: &mut Tx| {
                tx.one(
                    sql("SELECT COUNT(*) AS n FROM inbox_message WHERE title LIKE $1")
                        .bind(format!("{title}%")),
                )
                .await
            })
            .await
            .unwrap();
        row.get("n").unwrap()
    }
}

#[tokio::test]
async fn a_text_waits_for_the_organ_that_it_concerns() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = testing::person(&world.db, "主任", &[(Role::OfficeHead, world.office)]).await;
        let path = world
            .draft("notice", "关于办理时限的通知", "<p>第一条 五日内办结。</p>")
            .await;
        // Unknown; the unit itself; in the past.
        for (organ, due_on) in [
            ("市某某局", "2026-10-19"),
            ("安澜市人民政府办公室", "2026-10-19"),
            ("市司法局", "2026-10-11"),
        ] {
            assert_eq!(world.concerns(&path, organ, due_on).await, 422, "{organ}");
        }
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 303);
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 422);
        assert_eq!(world.told_of("请协商确认").await, 1);
        world.approve(&path, Kind::Notice).await;
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        let hour = [("at", "2026-10-13T09:00")];
        assert_eq!(world.act(world.clerk, &path, "schedule", &hour).await, 422);

        // The organ reads it although it is no document of its own; nobody else does.
        let mut browser = world.browser(world.stranger).await;
        assert_eq!(browser.get(&path).await.status, 404);
        let list = browser.get("/workspace/concerned").await.page();
        assert!(list.contains("关于办理时限的通知"), "{list}");
        let (page, _) = world.question_asked().await;
        let shown = browser.get(&page).await.page();
        assert!(shown.contains("五日内办结"), "{shown}");
        // Nothing is chosen at first.
        assert!(
            shown.contains("<option value=\"\" selected>请选择</option>"),
            "{shown}"
        );
        let mut own = world.browser(world.clerk).await;
        assert_eq!(own.get(&page).await.status, 404);

        assert_eq!(
            world.organ_answers(world.stranger, "differs", "").await,
            422
        );
        assert_eq!(
            world.organ_answers(world.stranger, "", "时限不对").await,
            422
        );
        let said = "应为三日内办结";
        assert_eq!(
            world.organ_answers(world.stranger, "differs", said).await,
            303
        );
        assert_eq!(
            world.told_of("协商确认答复“不一致”").await,
            2,
            "clerk and head"
        );
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        let key = world.question_key().await;
        let back = [("taken_back", key.as_str()), ("why_taken_back", "填错了")];
        let taken = world.act(world.clerk, &path, "concerned/take-back", &back);
        assert_eq!(taken.await, 422, "what was answered stays");

        let without = [("decided", key.as_str()), ("why_decided", "")];
        let with = [
            ("decided", key.as_str()),
            ("why_decided", "以省里的时限为准"),
        ];
        let decide = "concerned/decide";
        assert_eq!(world.act(world.clerk, &path, decide, &with).await, 403);
        assert_eq!(world.act(head, &path, decide, &without).await, 422);
        assert_eq!(world.act(head, &path, decide, &with).await, 303);
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
        assert_eq!(world.organ_answers(world.stranger, "agreed", "").await, 422);
        for page in [path.clone(), format!("{path}/record")] {
            let shown = own.get(&page).await.page();
            for words in ["市司法局", "不一致", said, "以省里的时限为准", "主任"] {
                assert!(shown.contains(words), "{words}: {shown}");
            }
        }
    }
}

#[tokio::test]
async fn an_organ_that_agreed_is_asked_anew_about_the_next_text() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于甲的通知", "<p>五日内。</p>")
            .await;
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 303);
        assert_eq!(world.organ_answers(world.stranger, "agreed", "").await, 303);
        // Who was about to publish on its word sees that it took it back.
        let seen = world.version(&path).await;
        let other = world.organ_answers(world.stranger, "differs", "应为三日");
        assert_eq!(other.await, 303);
        assert_ne!(world.version(&path).await, seen);
        assert_eq!(world.organ_answers(world.stranger, "agreed", "").await, 303);
        world.writes_question_anew(&path, "<p>三日内。</p>").await;
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(page.contains("向市司法局提出协商确认的是第1稿"), "{page}");
        assert_eq!(
            world.organ_answers(world.stranger, "differs", "晚了").await,
            422
        );
        world.approve(&path, Kind::Notice).await;
        assert_eq!(
            world.told_of("请协商确认").await,
            2,
            "asked anew when it was sent"
        );
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        // The organ goes into another: the heir answers.
        let other = world.organ_named("市司法局").await;
        let heir = testing::organ(&world.db, "市法治局", Some(world.city)).await;
        let heads = testing::person(&world.db, "局长", &[(Role::UnitHead, heir)]).await;
        world.merges(other, heir).await;
        assert_eq!(world.organ_answers(world.stranger, "agreed", "").await, 404);
        assert_eq!(world.organ_answers(heads, "agreed", "").await, 303);
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
    }
}

#[tokio::test]
async fn what_was_asked_by_mistake_holds_nothing_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.draft("notice", "关于甲的通知", "<p>正文。</p>").await;
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 303);
        let key = world.question_key().await;
        let back = [
            ("taken_back", key.as_str()),
            ("why_taken_back", "内容与该局无关"),
        ];
        let take_back = "concerned/take-back";
        assert_eq!(world.act(world.clerk, &path, take_back, &back).await, 303);
        let (page, _) = world.question_asked().await;
        let mut browser = world.browser(world.stranger).await;
        assert_eq!(
            browser.get(&page).await.status,
            404,
            "the draft is closed again"
        );
        world.goes_out(&path, Kind::Notice).await;
        let shown = world.browser(world.clerk).await.get(&path).await.page();
        assert!(shown.contains("内容与该局无关"), "{shown}");
    }
}

#[tokio::test]
async fn nothing_is_decided_about_a_draft_that_was_put_aside() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = testing::person(&world.db, "主任", &[(Role::OfficeHead, world.office)]).await;
        let path = world.draft("notice", "关于甲的通知", "<p>正文。</p>").await;
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 303);
        let aside = [("why_discarded", "重复起草")];
        assert_eq!(world.act(world.clerk, &path, "discard", &aside).await, 303);
        let key = world.question_key().await;
        let with = [("decided", key.as_str()), ("why_decided", "情况紧急")];
        let decided = world.act(head, &path, "concerned/decide", &with);
        assert_eq!(decided.await, 422);
        assert_eq!(world.organ_answers(world.stranger, "agreed", "").await, 422);
        let mut organ = world.browser(world.stranger).await;
        let list = organ.get("/workspace/concerned").await.page();
        assert!(!list.contains("关于甲的通知"), "{list}");
    }
}

#[tokio::test]
async fn an_hour_that_was_set_can_be_taken_back_while_an_organ_is_asked() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.draft("notice", "关于甲的通知", "<p>正文。</p>").await;
        world.approve(&path, Kind::Notice).await;
        let hour = [("at", "2026-10-13T09:00")];
        assert_eq!(world.act(world.clerk, &path, "schedule", &hour).await, 303);
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 303);
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(
            page.contains("取消定时发布") && !page.contains("现在发布"),
            "{page}"
        );
        let none = [("at", "")];
        assert_eq!(world.act(world.clerk, &path, "schedule", &none).await, 303);
    }
}

#[tokio::test]
async fn who_asked_does_not_answer_for_its_government() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = testing::person(&world.db, "主任", &[(Role::OfficeHead, world.office)]).await;
        let path = world.draft("notice", "关于甲的通知", "<p>正文。</p>").await;
        // In the office's own name.
        world
            .tampers("UPDATE document SET organ_id = owner_id", &[])
            .await;
        let city = "安澜市人民政府";
        assert_eq!(world.concerns(&path, city, "2026-10-19").await, 303);
        assert_eq!(world.organ_answers(world.clerk, "agreed", "").await, 422);
        assert_eq!(world.organ_answers(head, "agreed", "").await, 303);
        // Somebody of that name in another organ is another person.
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 303);
        let name = "UPDATE document_concerned SET asked_by = '外人'";
        world.tampers(name, &[]).await;
        assert_eq!(world.organ_answers(world.stranger, "agreed", "").await, 303);
    }
}

#[tokio::test]
async fn what_was_decided_of_one_text_stays_with_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = testing::person(&world.db, "主任", &[(Role::OfficeHead, world.office)]).await;
        let path = world
            .draft("notice", "关于甲的通知", "<p>五日内。</p>")
            .await;
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 303);
        let key = world.question_key().await;
        let with = [
            ("decided", key.as_str()),
            ("why_decided", "以省里的时限为准"),
        ];
        let decided = world.act(head, &path, "concerned/decide", &with);
        assert_eq!(decided.await, 303);
        world.writes_question_anew(&path, "<p>三日内。</p>").await;
        world.approve(&path, Kind::Notice).await;
        assert_eq!(world.told_of("请协商确认").await, 2, "of the new text");
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        let mut clerk = world.browser(world.clerk).await;
        let record = clerk.get(&format!("{path}/record")).await.page();
        assert!(record.contains("以省里的时限为准"), "{record}");
        assert!(!record.contains("文稿已改"), "{record}");
    }
}

#[tokio::test]
async fn other_files_beside_the_same_text_are_confirmed_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.with_file("关于名单的通知", ("名单.txt", b"x")).await;
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 303);
        let agreed = world.organ_answers(world.stranger, "agreed", "无意见");
        assert_eq!(agreed.await, 303);
        let (page, _) = world.question_asked().await;
        let mut organ = world.browser(world.stranger).await;
        let shown = organ.get(&page).await.page();
        let file = shown.split(&format!("{page}/files/")).nth(1).unwrap();
        let file = format!("{page}/files/{}", file.split('"').next().unwrap());
        assert_eq!(organ.get(&file).await.status, 200);
        let (city, version) = (world.city.to_string(), world.version(&path).await);
        let fields = [
            ("version", version.as_str()),
            ("organ", city.as_str()),
            ("title", "关于名单的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "名单见附件。"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        clerk
            .upload(
                &format!("{path}/write"),
                &fields,
                ("file", "名单二.txt", b"y"),
            )
            .await
            .redirected();
        assert_eq!(world.told_of("附件已更换").await, 1);
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("市司法局还没有答复协商确认") && page.contains("○ 等待答复"),
            "{page}"
        );
        // What it had said is still to be read, and nobody takes its question away.
        assert!(page.contains("（更换附件以前答复“一致”）无意见"), "{page}");
        let key = world.question_key().await;
        let back = [("taken_back", key.as_str()), ("why_taken_back", "填错了")];
        let taken = world.act(world.clerk, &path, "concerned/take-back", &back);
        assert_eq!(taken.await, 422);
    }
}

#[tokio::test]
async fn nobody_decides_against_what_was_not_approved() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = testing::person(&world.db, "主任", &[(Role::OfficeHead, world.office)]).await;
        let path = world
            .draft("notice", "关于疫情的通知", "<p>正文。</p>")
            .await;
        let asked = [
            ("concerned_organ", "市司法局"),
            ("concerned_matter", "approval"),
            ("concerned_about", "依照有关规定，发布前须经批准"),
            ("concerned_due", "2026-10-19"),
        ];
        let ask = "concerned";
        assert_eq!(world.act(world.clerk, &path, ask, &asked).await, 303);
        assert_eq!(world.told_of("请批准发布").await, 1);
        world.approve(&path, Kind::Notice).await;
        let refused = world.organ_answers(world.stranger, "differs", "数据没有核实");
        assert_eq!(refused.await, 303);
        let shown = world.browser(head).await.get(&path).await.page();
        assert!(shown.contains("不批准发布"), "{shown}");
        let key = world.question_key().await;
        let with = [("decided", key.as_str()), ("why_decided", "情况紧急")];
        let decide = "concerned/decide";
        assert_eq!(world.act(head, &path, decide, &with).await, 422);
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        let (page, version) = world.question_asked().await;
        let agrees = [("version", version.as_str()), ("answer", "agreed")];
        let mut organ = world.browser(world.stranger).await;
        organ.post(&page, &agrees).await.redirected();
        let shown = organ.get(&page).await.page();
        assert!(shown.contains("已答复“批准”"), "{shown}");
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
    }
}

#[tokio::test]
async fn who_passes_the_last_step_reads_that_an_organ_has_not_answered() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于台风的通知", "<p>正文。</p>")
            .await;
        assert_eq!(world.concerns(&path, "市司法局", "2026-10-19").await, 303);
        let urgent = [("urgent", "yes"), ("reason", "台风红色预警")];
        assert_eq!(world.act(world.clerk, &path, "send", &urgent).await, 303);
        let steps = crate::review::urgent::chain(Kind::Notice.chain());
        world.pass(&path, steps[0]).await;
        // The last step before an urgent publication, by a browser that reads what is said.
        let who = world.who(steps[1].role());
        assert_eq!(world.review(who, &path, "claim", &[], "").await, 303);
        let version = world.step_version(&path).await;
        let checks = world.fine(&path, steps[1]).await;
        let mut fields = vec![("version", version.as_str()), ("act", "pass")];
        fields.extend(checks.iter().map(|check| ("check", check.as_str())));
        let mut reviewer = world.browser(who).await;
        let passed = reviewer.post(&format!("{path}/review"), &fields).await;
        let page = reviewer.get(&passed.redirected()).await.page();
        assert!(page.contains("市司法局还没有答复协商确认"), "{page}");
        assert!(!page.contains("现在可以紧急发布"), "{page}");
    }
}

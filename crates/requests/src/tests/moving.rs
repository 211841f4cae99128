//! Joined, split, handed on, sent to another organ.

use super::*;

#[tokio::test]
async fn only_cases_of_one_applicant_are_joined_and_a_part_keeps_the_clock() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let first = letters::counter_case(&world, &mut officer, "E1").await;
        let other = letters::counter_case(&world, &mut officer, "E2").await;
        world.days(1);
        let mut officer = world.browser(world.officer).await;
        let second = letters::counter_case(&world, &mut officer, "E1").await;
        let number = |page: String| letters::number(&page);
        let into = number(officer.get(&first).await.page());
        let late = number(officer.get(&second).await.page());
        let merge = [("into", into.as_str()), ("why", "内容相同")];
        says(
            &act(&mut officer, &other, "merge", &merge).await,
            422,
            "另一位申请人",
        );
        let later = [("into", late.as_str()), ("why", "内容相同")];
        says(
            &act(&mut officer, &first, "merge", &later).await,
            422,
            "会推迟答复期限",
        );
        act(&mut officer, &second, "merge", &merge)
            .await
            .redirected();
        // It is done in the other case from now on, not here again.
        let mut head = world.browser(world.head).await;
        let page = head.get(&second).await.page();
        assert!(
            page.contains("已办结") && !page.contains("/act/redo"),
            "{page}"
        );
        let page = officer.get(&first).await.page();
        assert!(page.contains(&format!("{late}并入本件一并办理")), "{page}");
        // What is split off after an extension is due on the same day.
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        act(&mut officer, &first, "propose_extension", &ask)
            .await
            .redirected();
        act(&mut head, &first, "approve_extension", &[])
            .await
            .redirected();
        let notice = letters::written(&mut officer, &first, "extension", &[]).await;
        letters::post(&mut officer, &notice, "submit", &[])
            .await
            .redirected();
        letters::post(&mut head, &notice, "decide", &[("step", "pass")])
            .await
            .redirected();
        letters::post(&mut officer, &notice, "issue", &[])
            .await
            .redirected();
        act(
            &mut officer,
            &first,
            "split",
            &[("subject", "其中的资金来源")],
        )
        .await
        .redirected();
        let list = officer.get("/workspace/requests").await.page();
        assert_eq!(list.matches("2026年4月14日").count(), 2, "{list}");
        assert!(!super::has_bare_day(&list), "{list}");
    }
}

#[tokio::test]
async fn a_part_is_open_to_its_applicant_and_knows_what_was_asked_of_the_whole() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let (number, code, path) = again::confirmed(&world, &mut officer).await;
        // Told on the sixth working day, too late to be heard of as in time.
        world.days(8);
        let mut officer = world.browser(world.officer).await;
        let ask = [("items", "请写明年份"), ("until", "2026-03-20")];
        act(&mut officer, &path, "ask_supplement", &ask)
            .await
            .redirected();
        let mut visitor = world.visitor();
        let fields = [
            ("number", number.as_str()),
            ("code", code.as_str()),
            ("act", "supplement"),
            ("text", "2025年的"),
        ];
        let sent = visitor
            .upload("/requests/progress/act", &fields, ("file", "", b""))
            .await;
        says(&sent, 200, "答复期限从今天起重新计算");
        let split = [("subject", "其中的资金来源")];
        act(&mut officer, &path, "split", &split).await.redirected();

        // The whole leads its applicant to the part.
        let whole = [("number", number.as_str()), ("code", code.as_str())];
        let page = visitor.post("/requests/progress", &whole).await.page();
        let part = page.split("<td data-label=\"编号\">").nth(1).unwrap();
        let part = part.split('<').next().unwrap();
        let opens = page.split("<td data-label=\"查询码\"><b>").nth(1).unwrap();
        let opens = opens.split('<').next().unwrap();
        assert_ne!((part, opens), (number.as_str(), code.as_str()));
        let fields = [("number", part), ("code", opens)];
        let page = visitor.post("/requests/progress", &fields).await.page();
        assert!(
            page.contains("其中的资金来源") && page.contains("从2026-000001拆出"),
            "{page}"
        );
        assert!(!page.contains("拆分办理的部分"), "{page}");
        let list = officer.get("/workspace/requests").await.page();
        let part = list.split(&format!(">{part}")).next().unwrap();
        let part = part.rsplit("href=\"").next().unwrap();
        let part = part.split('"').next().unwrap();
        let page = officer.get(part).await.page();
        assert!(page.contains(&format!("<b>{opens}</b>")), "{page}");
        assert!(page.contains("请写明年份") && page.contains("2025年的"));
        // What was asked of the whole came first.
        assert!(
            page.find("发出补正告知书") < page.find("从2026-000001拆出"),
            "{page}"
        );
        assert!(!page.contains("“告知补正”还没有文书"), "{page}");
        // Asked of the whole, it was asked of the part.
        says(
            &act(&mut officer, part, "ask_supplement", &ask).await,
            422,
            "一件申请只能告知补正一次",
        );
        act(&mut officer, part, "accept", &[]).await.redirected();
        let unclear = [("reply", "R13"), ("text", "仍不明确")];
        let answer = act(&mut officer, part, "decide", &unclear).await;
        assert!(!answer.text().contains("没有经过补正"));
        // The notice that was late is one.
        let mut above = world.browser(world.supervisor).await;
        let page = above.get("/workspace/requests/units").await.page();
        assert!(
            page.contains("aria-label=\"安澜市司法局补正告知过晚1件\""),
            "{page}"
        );
    }
}

#[tokio::test]
async fn after_a_transfer_the_desk_is_back_at_its_list_and_told_where_the_case_went() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let receipt = world
            .applied(&testing::uuid().to_string(), "公交线路补贴")
            .await;
        let (number, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let mut officer = world.browser(world.officer).await;
        let other = world.other.to_string();
        let fields = [("organ", other.as_str()), ("why", "由财政部门负责")];
        let next = act(&mut officer, &path, "transfer", &fields).await;
        let next = next.redirected();
        assert_eq!(next, "/workspace/requests");
        let told = format!("{number}已转安澜市财政局办理");
        says(&officer.get(&next).await, 200, &told);
        let mut stranger = world.browser(world.stranger).await;
        says(&stranger.get(&path).await, 200, "公交线路补贴");
        // The receipt is still of what was handed in, where it was.
        let text = async || world.visitor().get(&format!("{receipt}/text")).await.text();
        let first = text().await;
        assert!(first.contains("受理机关：安澜市司法局\n"), "{first}");
        // A new name of the organ changes nothing that was signed.
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                let name = sql("UPDATE organ SET name = '安澜市司法服务局' WHERE id = $1");
                tx.run(name.bind(world.bureau)).await
            })
            .await
            .unwrap();
        assert_eq!(text().await, first);
    }
}

#[tokio::test]
async fn a_case_is_given_to_somebody_and_handed_on_with_a_reason() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = super::letters::counter_case(&world, &mut officer, "F30").await;
        let form = officer.get(&format!("{path}/act/reassign")).await.page();
        assert!(
            form.contains("机构负责人") && form.contains("经办") && !form.contains("别的经办"),
            "{form}"
        );
        let (head_id, own) = (world.head.to_string(), world.officer.to_string());
        let stranger = world.stranger.to_string();
        for (handler, why, said) in [
            (head_id.as_str(), "", "请填写“转交原因”"),
            (stranger.as_str(), "休假", "不能办理本机关的申请"),
            (own.as_str(), "休假", "现在就由经办经办"),
        ] {
            let fields = [("handler", handler), ("why", why)];
            let answer = act(&mut officer, &path, "reassign", &fields).await;
            says(&answer, 422, said);
        }
        let fields = [("handler", head_id.as_str()), ("why", "休假")];
        act(&mut officer, &path, "reassign", &fields)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("由经办转交机构负责人经办：休假"), "{page}");
        let told = async |account: AccountId| -> bool {
            let mut routes = crate::routes();
            routes.extend(gongkai_platform::inbox::routes());
            let mut browser = Browser::new(web::wrap(web::router(routes), world.app.clone()));
            browser.sign_in(&world.db, account).await;
            let page = browser.get("/workspace/inbox").await.page();
            page.contains("申请分派给您办理")
        };
        assert!(told(world.head).await && !told(world.officer).await);
        // A reason is asked however it is tried; before anybody has it, who takes it is chosen freely.
        assert!(!page.contains("/act/accept"), "{page}");
        let fields = [("handler", own.as_str())];
        let again = act(&mut head, &path, "accept", &fields).await;
        says(
            &again,
            422,
            "现在由机构负责人经办；换人办理的，请办理“转交经办人”",
        );
        assert!(!told(world.officer).await);
        let token = testing::uuid().to_string();
        let receipt = world.applied(&token, "学位分配方案").await;
        let (_, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        act(&mut head, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        act(&mut head, &path, "accept", &fields).await.redirected();
        assert!(told(world.officer).await);
        let page = officer.get(&path).await.page();
        assert!(page.contains("审核后分派给经办办理"), "{page}");
    }
}

/// What the lists of a person show of the cases that went elsewhere.
async fn gone(world: &World, account: AccountId, text: &str) -> String {
    let mut browser = world.browser(account).await;
    let path = format!("/workspace/requests?view=left&text={text}");
    browser.get(&path).await.page()
}

#[tokio::test]
async fn the_old_desk_finds_a_case_that_went_elsewhere_and_only_reads_what_was_its_own() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let third = testing::organ(&world.db, "安澜市教育局", Some(world.city)).await;
        set_kind(&world.db, third, "department").await;
        let teacher = [(Role::RequestOfficer, third)];
        let teacher = testing::person(&world.db, "教育经办", &teacher).await;
        let token = testing::uuid().to_string();
        let receipt = world.applied(&token, "公交线路补贴").await;
        let (number, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        assert!(!gone(&world, world.officer, "").await.contains(&number));
        let other = world.other.to_string();
        let fields = [("organ", other.as_str()), ("why", "由财政部门负责")];
        act(&mut officer, &path, "transfer", &fields)
            .await
            .redirected();
        let mut finance = world.browser(world.stranger).await;
        act(&mut finance, &path, "accept", &[]).await.redirected();
        let note = [("words", "财政局自己的会商")];
        act(&mut finance, &path, "note", &note).await.redirected();
        // The old desk finds it, by its words too, and reads what was done there, no more.
        for text in ["", "补贴", number.as_str()] {
            let list = gone(&world, world.officer, text).await;
            assert!(
                list.contains(&number) && list.contains("安澜市财政局"),
                "{list}"
            );
        }
        let none = gone(&world, world.officer, "没有的词").await;
        assert!(none.contains("没有符合条件的申请"), "{none}");
        let page = officer.get(&path).await;
        says(&page, 200, "现在由安澜市财政局办理：正在办理");
        says(&page, 200, "由财政部门负责");
        let page = page.text();
        for words in [
            "财政局自己的会商",
            "E00000001",
            "0000-0000000",
            "/act/",
            "<form method=\"post\" action=\"/workspace/requests/",
        ] {
            assert!(!page.contains(words), "{words}: {page}");
        }
        for address in ["/clock", "/act/note", "/publication", "/package", "/spot"] {
            let answer = officer.get(&format!("{path}{address}")).await;
            assert_eq!(answer.status, 404, "{address}");
        }
        let forged = [("version", "4"), ("words", "越权")];
        let answer = officer
            .upload(&format!("{path}/act/note"), &forged, ("file", "", b""))
            .await;
        assert_eq!(answer.status, 404);
        // Nobody else finds it there; those above have it in their own list.
        for account in [teacher, world.stranger, world.supervisor] {
            let list = gone(&world, account, "").await;
            assert!(!list.contains(&number), "{list}");
        }
        let mut stranger = world.browser(teacher).await;
        assert_eq!(stranger.get(&path).await.status, 404);
        // On to a third organ: each of the two learns where it is now; back again, it is nobody's past.
        let teaching = third.to_string();
        let fields = [("organ", teaching.as_str()), ("why", "由教育部门负责")];
        act(&mut finance, &path, "transfer", &fields)
            .await
            .redirected();
        for account in [world.officer, world.stranger] {
            let mut browser = world.browser(account).await;
            says(&browser.get(&path).await, 200, "现在由安澜市教育局办理");
        }
        assert!(!officer.get(&path).await.page().contains("由教育部门负责"));
        let bureau = world.bureau.to_string();
        let fields = [("organ", bureau.as_str()), ("why", "仍由司法局答复")];
        act(&mut stranger, &path, "transfer", &fields)
            .await
            .redirected();
        assert!(!gone(&world, world.officer, "").await.contains(&number));
        says(&officer.get(&path).await, 200, "财政局自己的会商");
        says(&stranger.get(&path).await, 200, "现在由安澜市司法局办理");
    }
}

//! A case at the desk, from registration to the archive.

use super::*;

#[tokio::test]
async fn a_case_goes_from_desk_to_archive() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let receipt = world
            .applied(&testing::uuid().to_string(), "公交线路调整评估报告")
            .await;
        let (number, code, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        // An act that is over says so before somebody fills in its form for nothing.
        let over = officer.get(&format!("{path}/act/confirm")).await.page();
        assert!(
            over.contains("不能办理“确认收到”") && over.contains("disabled>确认收到"),
            "{over}"
        );
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("2026年3月30日") && page.contains("还剩20个工作日"),
            "{page}"
        );
        // 补正, answered on the portal, restarts.
        let ask = [("items", "请写明年份"), ("until", "2026-03-20")];
        act(&mut officer, &path, "ask_supplement", &ask)
            .await
            .redirected();
        world.days(2);
        let mut officer = world.browser(world.officer).await;
        let mut visitor = world.visitor();
        let asked = [("number", number.as_str()), ("code", code.as_str())];
        says(
            &visitor.post("/requests/progress", &asked).await,
            200,
            "请写明年份",
        );
        let mut fields = asked.to_vec();
        fields.extend([("act", "supplement"), ("text", "2025年的")]);
        let paper = ("file", "身份证明.txt", "证明".as_bytes());
        let answer = visitor
            .upload("/requests/progress/act", &fields, paper)
            .await;
        says(&answer, 200, "答复期限从今天起重新计算");
        // Sent once more, it is the same one; another text is too late.
        let again = visitor
            .upload("/requests/progress/act", &fields, ("file", "", b""))
            .await;
        says(&again, 200, "答复期限从今天起重新计算");
        let mut other = fields.clone();
        other.retain(|(name, _)| *name != "text");
        other.push(("text", "2024年的"));
        let late = visitor
            .upload("/requests/progress/act", &other, ("file", "", b""))
            .await;
        says(&late, 422, "不能再补正");
        // The form is gone, what was typed into it is not.
        says(&late, 422, "您刚才填写的内容没有提交");
        says(&late, 422, "2024年的</textarea>");
        act(&mut officer, &path, "accept", &[]).await.redirected();
        // A third party answers with the code of its letter.
        let ask = [
            ("asked", "third_party"),
            ("name", "安澜公交公司"),
            ("question", "是否含商业秘密"),
            ("got_on", "2026-03-04"),
        ];
        act(&mut officer, &path, "consult", &ask).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("暂停计时"), "{page}");
        let letter = page
            .split("查询码 <b>")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned();
        world.days(2);
        let mut officer = world.browser(world.officer).await;
        let opened = [("number", number.as_str()), ("code", letter.as_str())];
        says(
            &visitor
                .upload("/requests/opinion", &opened, ("file", "", b""))
                .await,
            200,
            "是否含商业秘密",
        );
        let mut fields = opened.to_vec();
        // An objection without a reason comes back, its fault linked to the field.
        fields.extend([("opinion", "object"), ("words", "")]);
        let refused = visitor
            .upload("/requests/opinion", &fields, ("file", "", b""))
            .await;
        says(&refused, 422, "<a href=\"#words\">不同意公开的，请写明理由");
        says(&refused, 422, "name=\"words\"");
        // Neither does one without a choice look as if it had been read.
        fields.truncate(opened.len());
        let mut undecided = fields.clone();
        undecided.extend([("answers", "yes"), ("words", "再想想")]);
        let refused = visitor
            .upload("/requests/opinion", &undecided, ("file", "", b""))
            .await;
        says(
            &refused,
            422,
            "<a href=\"#opinion\">请选择“同意公开”“部分同意公开”或者“不同意公开”",
        );
        says(&refused, 422, "再想想");
        fields.extend([("opinion", "agree"), ("words", "不含商业秘密")]);
        says(
            &visitor
                .upload("/requests/opinion", &fields, ("file", "", b""))
                .await,
            200,
            "您的答复已收到",
        );
        // Sent once more by a reload, it is the same answer; opened afresh, the letter says what was answered.
        says(
            &visitor
                .upload("/requests/opinion", &fields, ("file", "", b""))
                .await,
            200,
            "您的答复已收到",
        );
        let again = visitor
            .upload("/requests/opinion", &opened, ("file", "", b""))
            .await;
        says(&again, 200, "同意公开。理由：不含商业秘密");
        says(&again, 200, "不能再答复");
        // A unit inside helps and sees the case; another unit's officer cannot act beyond that.
        let other = world.other.to_string();
        let ask = [
            ("organ", other.as_str()),
            ("question", "提供资金数"),
            ("until", "2026-03-20"),
        ];
        act(&mut officer, &path, "ask_unit", &ask)
            .await
            .redirected();
        // Another unit helps, too: neither answers for the other.
        let third = testing::organ(&world.db, "安澜市教育局", Some(world.city)).await;
        let third_helper = testing::person(&world.db, "教育联络", &[(Role::Liaison, third)]).await;
        let other = third.to_string();
        let ask = [
            ("organ", other.as_str()),
            ("question", "提供学生乘车数"),
            ("until", "2026-03-20"),
        ];
        act(&mut officer, &path, "ask_unit", &ask)
            .await
            .redirected();
        let mut helper = world.browser(world.helper).await;
        let page = helper.get(&format!("{path}/act/unit_answer")).await.page();
        assert!(page.contains("安澜市财政局（") && !page.contains("安澜市教育局（"));
        // Who helps learns what is asked, not who asks, and fetches no paper of theirs.
        let (seen, own) = (
            helper.get(&path).await.page(),
            officer.get(&path).await.page(),
        );
        assert!(seen.contains("只有受理机关可见"), "{seen}");
        for words in ["E00000001", "0000-0000000", "申请人甲", "身份证明.txt"] {
            assert!(
                own.contains(words) && !seen.contains(words),
                "{words}: {seen}"
            );
        }
        let file = own.split(&format!("{path}/files/request/")).nth(1).unwrap();
        let file = file.split('"').next().unwrap();
        let file = format!("{path}/files/request/{file}");
        assert_eq!(officer.get(&file).await.status, 200);
        assert_eq!(helper.get(&file).await.status, 404);
        let desk = officer.get(&format!("{path}/act/unit_answer")).await.page();
        assert!(desk.contains("安澜市财政局（") && desk.contains("安澜市教育局（"));
        let of = page
            .split("<option value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let mut stranger = world.browser(third_helper).await;
        let answer = [("of", of.as_str()), ("words", "资金120万元")];
        says(
            &act(&mut stranger, &path, "unit_answer", &answer).await,
            422,
            "这份协办是请安澜市财政局答复的",
        );
        act(&mut helper, &path, "unit_answer", &answer)
            .await
            .redirected();
        says(
            &act(
                &mut helper,
                &path,
                "search",
                &[("places", "a"), ("method", "b"), ("result", "c")],
            )
            .await,
            422,
            "不能由您办理",
        );
        // Extension by the head only; the draft is reviewed by somebody else; then it leaves.
        act(
            &mut officer,
            &path,
            "propose_extension",
            &[("days", "5"), ("why", "卷宗多")],
        )
        .await
        .redirected();
        says(
            &act(&mut officer, &path, "approve_extension", &[]).await,
            422,
            "不能由您办理",
        );
        let mut head = world.browser(world.head).await;
        act(&mut head, &path, "approve_extension", &[])
            .await
            .redirected();
        let decide = [
            ("reply", "R3p"),
            ("grounds", "N4"),
            ("text", "商业秘密"),
            ("open_part", "评估报告正文"),
            ("closed_part", "票款明细"),
        ];
        let decide = (decide.as_slice(), ("file", "评估报告.txt", GIVEN));
        act_with(&mut officer, &path, "decide", decide)
            .await
            .redirected();
        // The letter's reason says too little: the case stays with the officer until the letter is handed in.
        let mut reviewer = world.browser(world.reviewer).await;
        let pass = [("words", "隐去部分属商业秘密")];
        let answer = act(&mut reviewer, &path, "pass", &pass).await;
        says(&answer, 422, "现在的状态是“办理中”");
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("没有送公开审查，仍由经办人办理") && page.contains("/act/decide"),
            "{page}"
        );
        let letter = letters::link(&officer.get(&path).await.page(), 0);
        let draft = officer.get(&letter).await.page();
        assert!(
            draft.contains("评估报告正文") && draft.contains("票款明细"),
            "each part of the letter comes from its own field: {draft}"
        );
        let more = [
            ("reason", "票款明细体现企业经营状况，公开会损害其合法权益。"),
            ("opinion", "某公司书面同意公开评估报告正文"),
        ];
        letters::amend(&mut officer, &letter, &more)
            .await
            .redirected();
        letters::post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        act(&mut reviewer, &path, "pass", &pass).await.redirected();
        // Its reply leaves with the case alone.
        let answer = letters::post(&mut head, &letter, "decide", &[("step", "pass")]).await;
        says(&answer, 422, "随案件一起审查");
        act(&mut head, &path, "sign", &[]).await.redirected();
        act(
            &mut officer,
            &path,
            "dispatch",
            &[("service", "web"), ("on", "2026-03-06"), ("proof", "")],
        )
        .await
        .redirected();
        let page = officer.get(&letter).await.page();
        assert!(page.contains("安财公开〔2026〕1号"), "{page}");
        says(
            &visitor.post("/requests/progress", &asked).await,
            200,
            "部分公开（区分处理）",
        );
        act(
            &mut officer,
            &path,
            "deliver",
            &[("on", "2026-03-06"), ("proof", "网上查收")],
        )
        .await
        .redirected();
        act(&mut officer, &path, "archive", &[("number", "2026-公开-1")])
            .await
            .redirected();
        assert!(
            officer
                .get(&format!("{path}/clock"))
                .await
                .page()
                .contains("第几个")
        );
        // A page left open says that somebody was first.
        let stale = officer
            .upload(
                &format!("{path}/act/redo"),
                &[("version", "1"), ("why", "x"), ("on", "2026-03-06")],
                ("file", "", b""),
            )
            .await;
        assert_eq!(stale.status, 409);
        let events = world
            .db
            .read(async |tx: &mut Tx| audit::about(tx, "request", &id, 50).await)
            .await
            .unwrap();
        // The reply was decided twice: with an unfinished letter, and when that was handed in.
        assert_eq!(events.len(), 19, "each act leaves its event");
        assert!(
            events
                .iter()
                .all(|event| !event.sentence.contains("申请人甲"))
        );
    }
}

#[tokio::test]
async fn everything_that_is_missing_in_a_form_is_named_at_once_by_its_label() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = super::letters::counter_case(&world, &mut officer, "F1").await;
        type Wrong = (
            &'static str,
            &'static [(&'static str, &'static str)],
            &'static [&'static str],
        );
        let empty: [Wrong; 4] = [
            (
                "ask_supplement",
                &[("until", "下周")],
                &["请填写“需要补正的事项”", "“补正期限”不是日期"],
            ),
            (
                "charge",
                &[("scheme", "pages"), ("count", "六十八")],
                &[
                    "数量应是0或正整数",
                    "请填写“缴纳方式与账户”",
                    "请填写“缴费期限”",
                ],
            ),
            (
                "decide",
                &[],
                &["请选择“答复类型”", "请填写“答复内容或理由”"],
            ),
            (
                "ask_unit",
                &[],
                &["请选择“单位”", "请填写“协办内容”", "请填写“答复时限”"],
            ),
        ];
        for (step, fields, faults) in empty {
            let refused = act(&mut officer, &path, step, fields).await;
            for words in faults {
                says(&refused, 422, words);
            }
        }
        assert!(officer.get(&path).await.page().contains("办理中"));
        // Somebody else was faster: what was typed is still there, over the newest version; the next press counts.
        let note = |version: &'static str| [("version", version), ("words", "与档案馆会商")];
        let address = format!("{path}/act/note");
        let late = officer
            .upload(&address, &note("1"), ("file", "", b""))
            .await;
        says(&late, 409, "<a href=\"#overtaken\">");
        says(&late, 409, "与档案馆会商");
        let page = late.text();
        let version = page.split("name=\"version\" value=\"").nth(1).unwrap();
        let version = version.split('"').next().unwrap();
        let again = [("version", version), ("words", "与档案馆会商")];
        officer
            .upload(&address, &again, ("file", "", b""))
            .await
            .redirected();
        // A reason of no field leads to the button.
        let early = act(&mut officer, &path, "not_paid", &[]).await;
        says(&early, 422, "<a href=\"#act\">");
    }
}

#[tokio::test]
async fn nobody_reaches_a_case_that_is_not_theirs() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let receipt = world
            .applied(&testing::uuid().to_string(), "老旧小区改造清单")
            .await;
        let (_, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let mut stranger = world.browser(world.stranger).await;
        let list = stranger.get("/workspace/requests?view=all").await.page();
        assert!(!list.contains("老旧小区"), "{list}");
        for address in [
            path.clone(),
            format!("{path}/clock"),
            format!("{path}/act/confirm"),
            format!("{path}/publication"),
        ] {
            assert_eq!(stranger.get(&address).await.status, 404, "{address}");
        }
        let forged = [("version", "1"), ("on", "2026-03-02")];
        let answer = stranger
            .upload(&format!("{path}/act/confirm"), &forged, ("file", "", b""))
            .await;
        assert_eq!(answer.status, 404);
        let organ = world.bureau.to_string();
        let token = testing::uuid().to_string();
        let mut fields = application(&token, &organ, "替别人登记");
        fields.extend([("submitted_on", "2026-03-02")]);
        let answer = stranger
            .upload("/workspace/requests/new", &fields, ("file", "", b""))
            .await;
        assert_eq!(answer.status, 404);
        // Those above see it, and do nothing with it.
        let mut supervisor = world.browser(world.supervisor).await;
        assert!(supervisor.get(&path).await.page().contains("老旧小区"));
        assert_eq!(
            supervisor.get(&format!("{path}/act/confirm")).await.status,
            403
        );
        // The public reaches nothing inside.
        assert!(
            world
                .visitor()
                .get(&path)
                .await
                .redirected()
                .starts_with("/login")
        );
    }
}

#[tokio::test]
async fn a_unit_is_asked_for_an_answer_within_the_limit_of_the_reply() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = letters::counter_case(&world, &mut officer, "E1").await;
        let unit = world.other.to_string();
        let ask = |until: &'static str| {
            [
                ("organ", unit.clone()),
                ("question", "提供资金数".to_owned()),
                ("until", until.to_owned()),
            ]
        };
        for (until, said) in [
            ("2026-03-31", "答复期限到2026年3月30日"),
            ("2026-03-01", "答复时限不能早于今天"),
        ] {
            let ask = ask(until);
            let fields: Vec<(&str, &str)> = ask.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let refused = act(&mut officer, &path, "ask_unit", &fields).await;
            says(&refused, 422, said);
            says(&refused, 422, "<a href=\"#until\">");
            says(&refused, 422, "提供资金数");
        }
        let ask = ask("2026-03-30");
        let fields: Vec<(&str, &str)> = ask.iter().map(|(k, v)| (*k, v.as_str())).collect();
        act(&mut officer, &path, "ask_unit", &fields)
            .await
            .redirected();
        // Overdue, help is needed all the same.
        world.days(40);
        let mut officer = world.browser(world.officer).await;
        let late = [fields[0], fields[1], ("until", "2026-04-15")];
        act(&mut officer, &path, "ask_unit", &late)
            .await
            .redirected();
    }
}

//! The public applies, and nobody guesses.

use super::*;

#[tokio::test]
async fn the_public_applies_without_account_and_a_double_is_one_case() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut visitor = world.visitor();
        for path in [
            "/requests",
            "/requests/form",
            "/requests/key",
            "/requests/progress",
            "/requests/opinion",
        ] {
            visitor.get(path).await.page();
        }
        assert!(
            visitor
                .get("/requests/new")
                .await
                .page()
                .contains("安澜市司法局")
        );
        let token = testing::uuid().to_string();
        let organ = world.bureau.to_string();
        // All faults at once, and what was typed stays.
        let faulty = application(&token, &organ, "");
        let answer = visitor
            .upload("/requests/check", &faulty, ("file", "", b""))
            .await;
        says(&answer, 422, "请写明所需信息的名称、文号");
        assert!(answer.text().contains("E00000001"));
        // The check shows everything, with a file that is carried on.
        let fields = application(&token, &organ, "2025年老旧小区改造项目清单");
        let file = ("file", "身份证明.txt", "证明".as_bytes());
        let check = visitor
            .upload("/requests/check", &fields, file)
            .await
            .page();
        assert!(
            check.contains("还没有提交") && check.contains("身份证明.txt"),
            "{check}"
        );
        let held = check
            .split("name=\"held\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let held = held.replace("&#124;", "|");
        let mut handed = fields.clone();
        handed.push(("held", held.as_str()));
        let receipt = visitor.post("/requests/submit", &handed).await.redirected();
        assert_eq!(
            visitor.post("/requests/submit", &handed).await.redirected(),
            receipt
        );
        let page = visitor.get(&receipt).await.page();
        assert!(page.contains("2026-000001"), "{page}");
        let (number, code, _) = world.known(&receipt).await;
        let text = visitor.get(&format!("{receipt}/text")).await.text();
        let key_page = visitor.get("/requests/key").await.page();
        let public = key_page
            .split("十六进制：")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap();
        assert!(key::verifies(&text, public), "{text}");
        says(
            &visitor.post("/requests/key", &[("text", &text)]).await,
            200,
            "签名有效",
        );
        let altered = text.replace("司法局", "财政局");
        says(
            &visitor.post("/requests/key", &[("text", &altered)]).await,
            200,
            "签名无效",
        );
        // Progress by number and code; a forged file is not carried.
        let asked = [("number", number.as_str()), ("code", code.as_str())];
        let page = visitor.post("/requests/progress", &asked).await;
        says(&page, 200, "等待工作机构与您确认收到");
        assert!(page.text().contains("身份证明.txt"));
        let second = testing::uuid().to_string();
        let mut forged = application(&second, &organ, "另一项");
        forged.push(("held", "00|aa|1|x"));
        visitor.post("/requests/submit", &forged).await.redirected();
        let mut officer = world.browser(world.officer).await;
        let list = officer
            .get("/workspace/requests?view=unopened")
            .await
            .page();
        assert!(list.contains("共 2 条"), "{list}");
    }
}

/// Going back finds each page as it was: its own browser may keep it, and nobody else; the receipt lets that go.
#[tokio::test]
async fn the_pages_of_a_form_are_kept_by_its_own_browser_until_it_is_handed_in() {
    let world = World::on(&backends()[0]).await;
    let mut visitor = world.visitor();
    let (token, organ) = (testing::uuid().to_string(), world.bureau.to_string());
    let whole = application(&token, &organ, "2025年老旧小区改造项目清单");
    let mut guided = whole.clone();
    guided.push(("step", "2"));
    let mut faulty = application(&token, &organ, "");
    faulty.push(("step", "2"));
    let none = ("file", "", b"".as_slice());
    let check = "/requests/check";
    let answers = [
        (visitor.get("/requests/new?guided=1").await, 200),
        (visitor.upload(check, &guided, none).await, 200),
        (visitor.upload(check, &faulty, none).await, 422),
        (visitor.upload(check, &whole, none).await, 200),
        (visitor.post("/requests/new", &whole).await, 200),
    ];
    for (answer, status) in answers {
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.headers["cache-control"], "private, max-age=0");
    }
    let handed = visitor.post("/requests/submit", &whole).await;
    assert!(handed.redirected().contains(&token));
    let told = handed.headers.get("cache-control");
    assert!(told.is_none_or(|told| told == "no-store"), "{told:?}");
    let forgets = handed.headers.contains_key("clear-site-data");
    assert_eq!(forgets, world.app.site.secure);
}

#[tokio::test]
async fn the_content_of_a_receipt_goes_out_for_a_day_and_is_checked_ever_after() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let receipt = world
            .applied(&testing::uuid().to_string(), "2025年老旧小区改造项目清单")
            .await;
        let mut visitor = world.visitor();
        let (of, text) = (format!("{receipt}/content"), format!("{receipt}/text"));
        says(&visitor.get(&receipt).await, 200, &of);
        let (content, text) = (
            visitor.get(&of).await.text(),
            visitor.get(&text).await.text(),
        );
        assert!(content.contains("证件号码：E00000001\n"), "{content}");
        let hash = gongkai_platform::files::hash_of(content.as_bytes());
        assert!(text.contains(&format!("内容校验：{hash}\n")), "{text}");
        world.days(1);
        assert_eq!(visitor.get(&of).await.status, 404);
        let page = visitor.get(&receipt).await.page();
        assert!(!page.contains(&of), "{page}");
        // A form's own ends of lines.
        let pasted = content.trim().replace('\n', "\r\n");
        for (content, said) in [
            (pasted.clone(), "内容相符"),
            (pasted.replace("老旧", "新"), "内容不符"),
        ] {
            let fields = [("text", text.as_str()), ("content", content.as_str())];
            let answer = visitor.post("/requests/key", &fields).await;
            says(&answer, 200, "签名有效");
            says(&answer, 200, said);
        }
        let blank = [("text", text.as_str()), ("content", "  ")];
        let page = visitor.post("/requests/key", &blank).await.page();
        assert!(!page.contains("内容不符"), "{page}");
    }
}

#[tokio::test]
async fn guessing_codes_leads_nowhere_and_is_stopped() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let receipt = world
            .applied(&testing::uuid().to_string(), "老旧小区改造清单")
            .await;
        let (number, code, _) = world.known(&receipt).await;
        let mut visitor = world.visitor();
        let wrong = visitor
            .post(
                "/requests/progress",
                &[("number", &number), ("code", "AAAAAAAAAA")],
            )
            .await;
        let nobody = visitor
            .post(
                "/requests/progress",
                &[("number", "2026-999999"), ("code", "AAAAAAAAAA")],
            )
            .await;
        assert_eq!(wrong.status, nobody.status);
        let same = |answer: &Answer, number: &str| answer.text().replace(number, "");
        assert_eq!(
            same(&wrong, &number),
            same(&nobody, "2026-999999"),
            "no difference to see"
        );
        for _ in 0..9 {
            visitor
                .post(
                    "/requests/progress",
                    &[("number", &number), ("code", "BBBBBBBBBB")],
                )
                .await;
        }
        let asked = [("number", number.as_str()), ("code", code.as_str())];
        says(
            &visitor.post("/requests/progress", &asked).await,
            429,
            "请15分钟后再试；别的编号、别的网络不受影响",
        );
        // Another number behind the same address is not held up, nor is a third party's letter.
        let own = world
            .applied(&testing::uuid().to_string(), "2025年公交线路")
            .await;
        let (other, its_code, _) = world.known(&own).await;
        let asked_other = [("number", other.as_str()), ("code", its_code.as_str())];
        let page = visitor.post("/requests/progress", &asked_other).await;
        says(&page, 200, "申请");
        let letter = [("number", number.as_str()), ("code", "CCCCCCCCCC")];
        let page = visitor
            .upload("/requests/opinion", &letter, ("file", "", b""))
            .await;
        says(&page, 422, "编号或查询码不对");
        world.clock.advance(SignedDuration::from_mins(16));
        says(
            &visitor.post("/requests/progress", &asked).await,
            200,
            "申请",
        );
        let receipt = visitor
            .get(&format!("/requests/receipt/{}", testing::uuid()))
            .await;
        assert_eq!(receipt.status, 404);
    }
}

#[tokio::test]
async fn one_address_may_guess_at_many_numbers_a_hundred_times() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let receipt = world
            .applied(&testing::uuid().to_string(), "老旧小区改造清单")
            .await;
        let (number, code, _) = world.known(&receipt).await;
        let mut visitor = world.visitor();
        let asked = [("number", number.as_str()), ("code", code.as_str())];
        for guess in 0..100 {
            // At most nine for each number: none of them is full by itself.
            let other = format!("2025-{:06}", guess / 9);
            let wrong = [("number", other.as_str()), ("code", "BBBBBBBBBB")];
            let page = visitor.post("/requests/progress", &wrong).await;
            says(&page, 422, "编号或查询码不对");
            if guess == 98 {
                says(
                    &visitor.post("/requests/progress", &asked).await,
                    200,
                    "申请",
                );
            }
        }
        let page = visitor.post("/requests/progress", &asked).await;
        says(&page, 429, "所有编号请15分钟后再试；别的网络不受影响");
        assert!(!page.text().contains("别的编号"), "{}", page.text());
        world.clock.advance(SignedDuration::from_mins(16));
        says(
            &visitor.post("/requests/progress", &asked).await,
            200,
            "申请",
        );
    }
}

/// What a form's hidden fields carry to the next page.
fn hidden(page: &str) -> Vec<(String, String)> {
    let fields = page.split("<input type=\"hidden\" name=\"").skip(1);
    fields
        .filter_map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"")?;
            let (value, _) = rest.split_once('"')?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

#[tokio::test]
async fn the_guided_form_asks_one_thing_on_a_page_and_keeps_what_was_typed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut visitor = world.visitor();
        let organ = world.bureau.to_string();
        let pages: [&[(&str, &str)]; 6] = [
            &[("organ", &organ)],
            &[("subject", "2025年老旧小区改造项目清单")],
            &[("form", "electronic"), ("way", "email")],
            &[("applicant_kind", "natural")],
            &[
                ("name", "申请人甲"),
                ("paper", "护照"),
                ("paper_number", "E00000001"),
            ],
            &[("phone", "0000-0000000"), ("email", "a@b.cn")],
        ];
        let mut page = visitor.get("/requests/new?guided=1").await.page();
        assert!(page.contains("第 1 步，共 7 步") && !page.contains("id=\"subject\""));
        for (number, typed) in (1..).zip(pages) {
            let carried = hidden(&page);
            let with = |typed: &[(&str, &str)]| -> Vec<(String, String)> {
                let own = typed
                    .iter()
                    .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
                carried.iter().cloned().chain(own).collect()
            };
            let empty = with(&[]);
            let wrong: Vec<(&str, &str)> = empty.iter().map(|(k, v)| (&**k, &**v)).collect();
            // How the reply comes and as what somebody applies have an answer from the start.
            if ![3, 4].contains(&number) {
                let answer = visitor
                    .upload("/requests/check", &wrong, ("file", "", b""))
                    .await;
                says(&answer, 422, &format!("第 {number} 步"));
            }
            let right = with(typed);
            let right: Vec<(&str, &str)> = right.iter().map(|(k, v)| (&**k, &**v)).collect();
            page = visitor
                .upload("/requests/check", &right, ("file", "", b""))
                .await
                .page();
            assert!(page.contains(&format!("第 {} 步", number + 1)), "{page}");
            // Each page asks what follows from those before, and nothing else.
            match number {
                4 => assert!(
                    page.contains("id=\"workplace\"") && !page.contains("id=\"head\""),
                    "{page}"
                ),
                5 => assert!(
                    page.contains("您选择了用电子邮件获取") && !page.contains("选择邮寄的必填"),
                    "{page}"
                ),
                _ => {}
            }
        }
        let carried = hidden(&page);
        let fields: Vec<(&str, &str)> = carried.iter().map(|(k, v)| (&**k, &**v)).collect();
        let go = |where_: &'static str| {
            let mut fields = fields.clone();
            fields.push(("go", where_));
            fields
        };
        let back = visitor
            .upload("/requests/check", &go("back"), ("file", "", b""))
            .await
            .page();
        assert!(
            back.contains("第 6 步") && back.contains("a@b.cn"),
            "{back}"
        );
        let long = visitor
            .upload("/requests/check", &go("long"), ("file", "", b""))
            .await
            .page();
        assert!(
            long.contains("改为一步一步填写") && long.contains("E00000001"),
            "{long}"
        );
        let file = ("file", "身份证明.txt", "证明".as_bytes());
        let check = visitor
            .upload("/requests/check", &fields, file)
            .await
            .page();
        assert!(
            check.contains("核对申请") && check.contains("身份证明.txt"),
            "{check}"
        );
        let handed = hidden(&check);
        let handed: Vec<(&str, &str)> = handed.iter().map(|(k, v)| (&**k, &**v)).collect();
        let receipt = visitor.post("/requests/submit", &handed).await.redirected();
        says(&visitor.get(&receipt).await, 200, "申请已提交");
    }
}

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
        for _ in 0..8 {
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
            "尝试次数过多",
        );
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

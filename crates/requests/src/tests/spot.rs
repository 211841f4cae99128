//! Answered at the counter, on the day of receipt.

use super::*;

#[tokio::test]
async fn an_answer_on_the_spot_needs_its_signed_page_and_no_letter() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
        let mut fields = application(&token, &organ, "城区学位分配方案");
        fields.retain(|(name, _)| *name != "channel");
        let today = world.app.today().to_string();
        fields.extend([("channel", "counter"), ("submitted_on", today.as_str())]);
        let mut officer = world.browser(world.officer).await;
        let path = officer
            .upload("/workspace/requests/new", &fields, ("file", "", b""))
            .await
            .redirected();
        says(
            &officer.get(&format!("{path}/spot")).await,
            200,
            "当场答复记录",
        );
        let mut told = vec![
            ("reply", "R1"),
            ("text", "已在网站公开，当场打印一份"),
            ("place", "市政府网站教育栏目"),
            ("told_to", "申请人甲"),
            ("told_at", "10:30"),
            ("told_by", "经办"),
            ("paper", "not_wanted"),
            ("remedies", "told"),
        ];
        let answer = act(&mut officer, &path, "answer", &told).await;
        says(&answer, 422, "请附申请人签名的当场答复记录扫描件");
        assert!(
            answer.text().contains("当场打印一份"),
            "what was typed is kept"
        );
        let page = officer.get(&format!("{path}/act/answer")).await.page();
        let version = page.split("name=\"version\" value=\"").nth(1).unwrap();
        told.push(("version", version.split('"').next().unwrap()));
        let scan = ("file", "签名页.pdf", b"%PDF-1.7 signed".as_slice());
        officer
            .upload(&format!("{path}/act/answer"), &told, scan)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        for words in [
            "已送达",
            "10:30由经办当面答复申请人甲",
            "签名页.pdf",
            "予以公开",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("还没有文书"), "{page}");
        // The table counts it, and its package has the record and the page.
        let key = |name: &str| FigureKey {
            name: format!("requests.table3.{name}.natural"),
            organ: world.city,
            year: 2026,
        };
        let keys = [key("new"), key("open"), key("carry_out")];
        let figures = world
            .db
            .read(async |tx: &mut Tx| world.app.seams.figures(tx, &keys).await)
            .await
            .unwrap();
        let values: Vec<i64> = figures.into_iter().map(|one| one.unwrap().value).collect();
        assert_eq!(values, [1, 1, 0]);
        act(&mut officer, &path, "archive", &[("number", "1")])
            .await
            .redirected();
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let package = crate::archive::make::run(&world.app, &Actor::System, id)
            .await
            .unwrap();
        assert!(package.files >= 5, "{package:?}");
    }
}

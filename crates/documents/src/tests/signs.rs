//! What no text of people holds does not reach the store; what is longer than any address is refused.

use super::*;

#[tokio::test]
async fn signs_that_nobody_sees_do_not_reach_the_store() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let city = world.city.to_string();
        let mut clerk = world.browser(world.clerk).await;
        let new = "/workspace/documents/new?kind=notice";
        let fields = |title: &'static str| {
            [
                ("organ", city.clone()),
                ("title", title.to_owned()),
                ("openness", "open".to_owned()),
                ("markup", "text".to_owned()),
                ("body", "正文。\n\t第二行。".to_owned()),
            ]
        };
        for (title, status) in [("空\0字符", 400), ("软\u{b}换行", 303)] {
            let fields = fields(title);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let sent = clerk.upload(new, &fields, ("file", "", b"")).await;
            assert_eq!(sent.status, status, "{title:?}");
            if status == 400 {
                assert!(sent.text().contains("看不见的空字符"), "{}", sent.text());
            }
        }
        let list = clerk.get("/workspace/documents").await.page();
        assert!(list.contains("软 换行"), "{list}");
        let rule = [("what", "slip"), ("wrong", "截止到\0"), ("right", "截至")];
        let refused = clerk.post("/workspace/check/rules/add", &rule).await;
        assert_eq!(refused.status, 400);
    }
}

#[tokio::test]
async fn an_address_is_no_longer_than_ours_and_holds_a_text() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut public = world.public();
        let of = |length: usize| {
            let head = "/documents?text=";
            format!("{head}{}", "a".repeat(length - head.len()))
        };
        assert_eq!(public.get(&of(8 * 1024)).await.status, 200);
        let long = public.get(&of(8 * 1024 + 1)).await;
        assert_eq!(long.status, 414);
        assert!(long.text().contains("地址太长"), "{}", long.text());
        assert_eq!(public.get("/columns/%00").await.status, 404);
    }
}

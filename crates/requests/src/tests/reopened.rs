//! Ended for the lack of a supplement, and done again: it may still come.

use super::*;

/// Law: art. 30.
#[tokio::test]
async fn what_was_held_to_be_given_up_is_supplemented_when_it_is_done_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let (number, code, path) = again::confirmed(&world, &mut officer).await;
        // A few days are kept only by whoever says so.
        let hasty = [("items", "请写明年份"), ("until", "2026-03-03")];
        let refused = act(&mut officer, &path, "ask_supplement", &hasty).await;
        says(&refused, 422, "应当确定合理的补正期限");
        says(&refused, 422, "name=\"short\"");
        let ask = [("items", "请写明年份"), ("until", "2026-03-20")];
        act(&mut officer, &path, "ask_supplement", &ask)
            .await
            .redirected();
        world.days(30);
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        act(&mut officer, &path, "not_supplemented", &[])
            .await
            .redirected();
        let today = world.app.today().to_string();
        let redo = [("why", "补正已按期寄到"), ("on", today.as_str())];
        act(&mut head, &path, "redo", &redo).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("/act/supplement"), "{page}");
        world.days(2);
        let mut officer = world.browser(world.officer).await;
        let mut visitor = world.visitor();
        let asked = [("number", number.as_str()), ("code", code.as_str())];
        let page = visitor.post("/requests/progress", &asked).await.page();
        assert!(
            page.contains("可以在这里补正：请写明年份") && !page.contains("视为放弃申请"),
            "{page}"
        );
        let mut fields = asked.to_vec();
        fields.extend([("act", "supplement"), ("text", "2025年的")]);
        let sent = visitor
            .upload("/requests/progress/act", &fields, ("file", "", b""))
            .await;
        says(&sent, 200, "答复期限从今天起重新计算");
        says(&sent, 200, "已登记，正在审核");
        assert!(!sent.text().contains("<h2>补正</h2>"), "{}", sent.text());
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(!page.contains("/act/supplement"), "{page}");
        let unclear = [("reply", "R13"), ("text", "补正以后仍看不出要哪一年的材料")];
        act(&mut officer, &path, "decide", &unclear)
            .await
            .redirected();
        // What is in hand takes none.
        let other = letters::counter_case(&world, &mut officer, "E61").await;
        let page = officer.get(&other).await.page();
        assert!(!page.contains("/act/supplement"), "{page}");
    }
}

//! 更正: what becomes of it elsewhere is said by a person.

use super::*;

#[tokio::test]
async fn a_letter_does_not_guess_that_a_correction_was_handed_on() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
        let mut fields = application(&token, &organ, "本人社保记录有误");
        fields.retain(|(name, _)| *name != "kind");
        fields.extend([("kind", "correction"), ("description", "应为2018年")]);
        let mut visitor = world.visitor();
        let receipt = visitor.post("/requests/submit", &fields).await.redirected();
        let (_, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let decide = [
            ("reply", "C2"),
            ("text", "参保记录由市医疗保障局管理，应向市医疗保障局提出。"),
            ("place", "市医疗保障局"),
        ];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("没有送公开审查"), "{page}");
        let letter = letters::link(&page, 0);
        let draft = officer.get(&letter).await.page();
        assert!(draft.contains("处理结果"), "{draft}");
        assert!(!draft.contains("转送有权更正的机关"), "{draft}");
        let told = [("result", "told")];
        letters::amend(&mut officer, &letter, &told)
            .await
            .redirected();
        let draft = officer.get(&letter).await.page();
        assert!(draft.contains("告知向有权更正的机关提出"), "{draft}");
    }
}

/// Law: art. 47: who complained gets an answer to hold, numbered and dated like any other.
#[tokio::test]
async fn a_complaint_is_answered_by_a_paper_of_its_own() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let person = async |name, role| {
            let account = testing::person(&world.db, name, &[(role, world.city)]).await;
            world.browser(account).await
        };
        let mut officer = person("市府经办", Role::RequestOfficer).await;
        let mut head = person("市府机构负责人", Role::OfficeHead).await;
        let (organ, token) = (world.city.to_string(), testing::uuid().to_string());
        let mut fields = application(&token, &organ, "市司法局逾期不答复");
        fields.retain(|(name, _)| *name != "kind");
        fields.extend([("kind", "complaint"), ("description", "至今没有答复")]);
        let mut visitor = world.visitor();
        let receipt = visitor.post("/requests/submit", &fields).await.redirected();
        let (_, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let decide = [("reply", "T1"), ("text", "经查属实，已责令其限期答复。")];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("公开审查中"), "{page}");
        let letter = letters::link(&page, 0);
        let draft = officer.get(&letter).await.page();
        for words in ["投诉属实，予以督促整改", "已责令其限期答复", "第四十七条"]
        {
            assert!(draft.contains(words), "{words}: {draft}");
        }
        act(&mut head, &path, "pass", &[("words", "可以")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        says(&officer.get(&letter).await, 200, "依申请〔2026〕1号");
        let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        says(&officer.get(&path).await, 200, "已答复");
    }
}

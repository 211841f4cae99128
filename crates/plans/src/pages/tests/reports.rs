//! A liaison reports, corrects, meets a colleague's version, proves, withdraws.

use gongkai_platform::db::Tx;
use gongkai_platform::testing::backends;

use super::{hidden, refused};
use crate::assignment::Duty;
use crate::report;
use crate::testing::World;

const NO_FILE: (&str, &str, &[u8]) = ("file-1", "", b"");

#[tokio::test]
async fn reports_are_versions_and_two_people_lose_nothing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let part = world.assignment(task, 0).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let list = liaison.get("/workspace/tasks").await.page();
        // The columns are chosen in the row of the page's other tools.
        let head = list.split("<ul class=\"counts\">").next().unwrap();
        let tools = head.split("class=\"page-head\"").nth(1).unwrap();
        assert!(
            tools.contains("显示的列") && !list.contains("class=\"filters\""),
            "{list}"
        );
        assert!(list.contains(&form), "{list}");
        let empty = liaison.get(&form).await.page();
        assert!(empty.contains("2026年9月30日，还剩 6 个工作日"), "{empty}");

        let first = [
            ("based_on", ""),
            ("outcome", "in_progress"),
            ("done_text", "一月：调研\n二月：起草\n三月：送审"),
            ("pending_text", "三月公开"),
        ];
        let answer = liaison.upload(&form, &first, NO_FILE).await;
        assert_eq!(
            answer.redirected(),
            format!("/workspace/assignments/{}", part.id)
        );
        // Both open the form on version 1.
        let version = hidden(&liaison.get(&form).await.page(), "based_on");
        let mut colleague = liaison.clone();
        let theirs = [
            ("based_on", version.as_str()),
            ("outcome", "in_progress"),
            ("done_text", "一月：调研\n二月：起草\n三月：送审完成"),
            ("pending_text", "三月公开"),
        ];
        colleague.upload(&form, &theirs, NO_FILE).await.redirected();
        let mine = [
            ("based_on", version.as_str()),
            ("outcome", "in_progress"),
            ("done_text", "一月：调研5个县\n二月：起草\n三月：送审"),
            ("pending_text", "三月公开"),
        ];
        let conflict = liaison.upload(&form, &mine, NO_FILE).await;
        refused(&conflict, 409, "保存了第 2 版");
        let page = conflict.text();
        // Different paragraphs come together; both versions are there to compare.
        assert!(
            page.contains("一月：调研5个县\n二月：起草\n三月：送审完成</textarea>"),
            "{page}"
        );
        assert!(
            page.contains("<ins>5个县</ins>") && page.contains("<del>完成</del>"),
            "{page}"
        );
        let merged = hidden(&page, "based_on");
        assert_ne!(merged, version);
        let both = [
            ("based_on", merged.as_str()),
            ("outcome", "in_progress"),
            ("done_text", "一月：调研5个县\n二月：起草\n三月：送审完成"),
            ("pending_text", "三月公开"),
        ];
        liaison.upload(&form, &both, NO_FILE).await.redirected();
        // Saving without a change makes no version.
        let newest = hidden(&liaison.get(&form).await.page(), "based_on");
        let mut again = both;
        again[0].1 = &newest;
        liaison.upload(&form, &again, NO_FILE).await.redirected();
        let history = liaison
            .get(&format!("/workspace/assignments/{}?from=2&to=3", part.id))
            .await
            .page();
        assert!(
            history.contains("共 3 版") && history.contains("<ins>5个县</ins>"),
            "{history}"
        );
    }
}

#[tokio::test]
async fn what_only_the_other_touched_is_as_the_other_wants_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let part = world.assignment(task, 0).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let mut colleague = liaison.clone();
        let first = [
            ("outcome", "in_progress"),
            ("done_text", "一月：调研"),
            ("pending_text", "三月公开"),
        ];
        liaison.upload(&form, &first, NO_FILE).await.redirected();
        let version = hidden(&liaison.get(&form).await.page(), "based_on");
        let theirs = [
            ("based_on", version.as_str()),
            ("outcome", "done"),
            ("done_text", "一月：调研"),
            ("pending_text", ""),
            ("planned_on", "2026-09-28"),
            ("no_evidence_why", "口头布置"),
        ];
        colleague.upload(&form, &theirs, NO_FILE).await.redirected();
        // One sentence more, in a form that was open since before.
        let mine = [
            ("based_on", version.as_str()),
            ("outcome", "in_progress"),
            ("done_text", "一月：调研5个县"),
            ("pending_text", "三月公开"),
        ];
        let answer = liaison.upload(&form, &mine, NO_FILE).await;
        refused(&answer, 409, "已把双方的改动合在一起");
        let page = answer.text();
        for kept in [
            "<option value=\"done\" selected>",
            "value=\"2026-09-28\"",
            "口头布置</textarea>",
            "一月：调研5个县</textarea>",
        ] {
            assert!(page.contains(kept), "{kept} not in {page}");
        }
        assert!(!page.contains("三月公开</textarea>"), "{page}");

        // Both change one field: a person has to choose, and is told which.
        let version = hidden(&page, "based_on");
        let with = |planned_on| {
            [
                ("based_on", version.as_str()),
                ("outcome", "done"),
                ("done_text", "一月：调研"),
                ("planned_on", planned_on),
                ("no_evidence_why", "口头布置"),
            ]
        };
        let theirs = with("2026-09-29");
        colleague.upload(&form, &theirs, NO_FILE).await.redirected();
        let answer = liaison.upload(&form, &with("2026-09-25"), NO_FILE).await;
        refused(&answer, 409, "“计划完成时间”双方都改了");
        assert!(answer.text().contains("value=\"2026-09-25\""));
    }
}

#[tokio::test]
async fn what_was_typed_on_a_version_that_was_taken_back_is_not_lost() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let part = world.assignment(task, 0).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let first = [("outcome", "in_progress"), ("done_text", "一月：调研")];
        liaison.upload(&form, &first, NO_FILE).await.redirected();
        let version = hidden(&liaison.get(&form).await.page(), "based_on");
        world
            .write("test.taken_back", async |tx: &mut Tx| {
                let found = report::store::load(tx, version.parse().unwrap()).await?;
                report::store::take_back(tx, &found.unwrap(), task).await
            })
            .await;
        let mine = [
            ("based_on", version.as_str()),
            ("outcome", "in_progress"),
            ("done_text", "写了很久的话"),
        ];
        let answer = liaison.upload(&form, &mine, NO_FILE).await;
        refused(&answer, 409, "原来有效的一版填报被撤回");
        let page = answer.text();
        assert!(page.contains("写了很久的话</textarea>"), "{page}");
        let based_on = hidden(&page, "based_on");
        assert_eq!(based_on, "");
        let again = [
            ("based_on", based_on.as_str()),
            ("outcome", "in_progress"),
            ("done_text", "写了很久的话"),
        ];
        liaison.upload(&form, &again, NO_FILE).await.redirected();
        let page = liaison
            .get(&format!("/workspace/tasks/{task}"))
            .await
            .page();
        assert!(page.contains("写了很久的话"), "{page}");
    }
}

#[tokio::test]
async fn done_wants_proof_and_a_file_survives_a_refusal_of_the_words() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let part = world.assignment(task, 0).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let done = [("outcome", "done"), ("done_text", "已公开12件")];
        refused(
            &liaison.upload(&form, &done, NO_FILE).await,
            422,
            "须至少有一份佐证",
        );
        // The words are refused, the file is kept.
        let wordless = [
            ("outcome", "done"),
            ("done_text", ""),
            ("proves-1", "规章已公开"),
        ];
        let answer = liaison
            .upload(
                &form,
                &wordless,
                ("file-1", "C:\\材料\\规章 目录.pdf", b"%PDF-1.7 x"),
            )
            .await;
        refused(&answer, 422, "须写明已落实情况");
        assert!(
            answer.text().contains("佐证已保存：规章 目录.pdf"),
            "{}",
            answer.text()
        );
        liaison.upload(&form, &done, NO_FILE).await.redirected();

        let page = liaison
            .get(&format!("/workspace/tasks/{task}"))
            .await
            .page();
        assert!(
            page.contains("✓ 已完成") && page.contains("规章 目录.pdf"),
            "{page}"
        );
        let file = super::link(&page, "/workspace/evidence/");
        let download = liaison.get(&file).await;
        assert_eq!(&download.bytes[..], b"%PDF-1.7 x");
        assert_eq!(download.headers["content-type"], "application/pdf");
        assert_eq!(download.headers["x-content-type-options"], "nosniff");
        assert_eq!(
            download.headers["content-disposition"],
            "attachment; filename=\"download.pdf\"; filename*=UTF-8''%E8%A7%84%E7%AB%A0%20%E7%9B%AE%E5%BD%95.pdf"
        );
        // It is all that proves the work: first another proof, then it may go.
        let withdraw = file.replace("/file", "/withdraw");
        refused(
            &liaison.post(&withdraw, &[("why", "传错了")]).await,
            422,
            "唯一佐证",
        );
        let history = liaison
            .get(&format!("/workspace/assignments/{}/report", part.id))
            .await
            .page();
        let version = hidden(&history, "based_on");
        let more = [
            ("based_on", version.as_str()),
            ("outcome", "done"),
            ("done_text", "已公开12件"),
            ("url-2", "https://www.example.gov.cn/gz"),
            ("title-2", "规章库"),
            ("proves-2", "已公开"),
        ];
        liaison.upload(&form, &more, NO_FILE).await.redirected();
        liaison
            .post(&withdraw, &[("why", "传错了")])
            .await
            .redirected();
        assert_eq!(liaison.get(&file).await.status.as_u16(), 404);
        let page = liaison
            .get(&format!("/workspace/tasks/{task}"))
            .await
            .page();
        assert!(
            page.contains("（已撤回：传错了）") && page.contains("https://www.example.gov.cn/gz"),
            "{page}"
        );
        assert!(
            page.contains("撤回佐证“规章 目录.pdf”"),
            "the time line tells it: {page}"
        );
    }
}

#[tokio::test]
async fn bad_evidence_is_named_and_the_typed_words_stay() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let part = world.assignment(task, 0).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let words = [
            ("outcome", "in_progress"),
            ("done_text", "写了很久的话"),
            ("url-2", "javascript:alert(1)"),
            ("title-2", "<b>"),
            ("proves-2", "x"),
        ];
        let answer = liaison
            .upload(&form, &words, ("file-1", "a.exe", b"MZ\x90\x00"))
            .await;
        refused(&answer, 422, "可执行程序");
        let empty = liaison
            .upload(&form, &words[..2], ("file-1", "会议纪要.pdf", b""))
            .await;
        refused(&empty, 422, "“会议纪要.pdf”是空文件，没有保存");
        let false_picture = liaison
            .upload(&form, &words[..2], ("file-1", "现场.jpg", b"no picture"))
            .await;
        refused(&false_picture, 422, "“现场.jpg”的名称是图片，内容却不是");
        let page = answer.text();
        assert!(page.contains("网址须以 http:// 或 https:// 开头"), "{page}");
        assert!(
            page.contains("写了很久的话</textarea>") && page.contains("value=\"&#60;b&#62;\""),
            "{page}"
        );
        assert!(
            !liaison
                .get(&format!("/workspace/tasks/{task}"))
                .await
                .page()
                .contains("a.exe")
        );
    }
}

#[tokio::test]
async fn a_chosen_file_waits_while_the_rest_of_the_form_is_mended() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let part = world.assignment(task, 0).await;
        let form = format!("/workspace/assignments/{}/report", part.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let wrong = [
            ("outcome", "in_progress"),
            ("done_text", "已公开"),
            ("proves-1", "规章已公开"),
            ("dated_on-1", "去年"),
        ];
        let answer = liaison
            .upload(&form, &wrong, ("file-1", "规章目录.pdf", b"%PDF-1.7 x"))
            .await;
        refused(&answer, 422, "已选择“规章目录.pdf”");
        let kept = super::hidden(&answer.text(), "kept-1");
        // What waits for one person is not found by another.
        let other = world.assignment(world.task(2, "公开预算", None, &[(1, Duty::Lead)]).await, 1);
        let theirs = format!("/workspace/assignments/{}/report", other.await.id);
        let right = [
            ("outcome", "in_progress"),
            ("done_text", "已公开"),
            ("proves-1", "规章已公开"),
            ("kept-1", kept.as_str()),
        ];
        let mut stranger = world.browser(world.liaisons[1]).await;
        let answer = stranger.upload(&theirs, &right, NO_FILE).await;
        refused(&answer, 422, "请选择文件，或填写网址");
        // A person may do without it.
        let mut without = right.to_vec();
        without.push(("kept-1", ""));
        let answer = liaison.upload(&form, &without, NO_FILE).await;
        refused(&answer, 422, "请选择文件，或填写网址");

        liaison.upload(&form, &right, NO_FILE).await.redirected();
        let page = liaison
            .get(&format!("/workspace/tasks/{task}"))
            .await
            .page();
        assert!(page.contains("规章目录.pdf"), "{page}");
        // It has found its place and does not wait any more.
        let answer = liaison.upload(&form, &right, NO_FILE).await;
        refused(&answer, 422, "请选择文件，或填写网址");
    }
}

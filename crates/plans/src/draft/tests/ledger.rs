use gongkai_basis::Role;
use gongkai_platform::testing::{self, backends};

use super::journey::settle_doubts;
use super::world::{CITY_HTML, World, value_of};
use crate::draft::import_whole;
use crate::testing::without_results;

/// The city's ledger in the official form; its second task is worded a little otherwise.
pub(super) const LEDGER: &str = "<html><body><table>\
    <tr><td rowspan=2>落实单位名称</td><td rowspan=2>具体工作事项</td><td colspan=2>具体工作事项进度</td><td rowspan=2>完成时限</td></tr>\
    <tr><td>已落实事项情况</td><td>待完成事项计划</td></tr>\
    <tr><td>市司法局</td><td>1.公布现行有效规章清单，2026年9月底前完成。</td><td>已公布规章17件。</td><td></td><td>9月底前</td></tr>\
    <tr><td>市教育局</td><td>2.修订主动公开基本目录，组织两期培训。</td><td>已完成初稿。</td><td>下半年组织培训。</td><td></td></tr>\
    <tr><td>市财政局</td><td>9.全然无关的一件事。</td><td>做了。</td><td></td><td></td></tr>\
    </table></body></html>";

pub(super) async fn world_with_plan(
    backend: &gongkai_platform::testing::Backend,
) -> (World, String) {
    let world = World::on(backend).await;
    let permit = world.permit().await;
    let bytes = CITY_HTML.as_bytes().to_vec();
    let plan = import_whole(&world.app, &permit, world.office, "方案.html", bytes)
        .await
        .unwrap();
    (world, plan.to_string())
}

#[tokio::test]
async fn an_existing_ledger_becomes_reports() {
    for backend in backends() {
        let (mut world, plan) = world_with_plan(&backend).await;
        let address = world
            .upload(
                &format!("/workspace/plans/{plan}/import-progress"),
                "台账.html",
                LEDGER.as_bytes(),
            )
            .await;
        let preview = world.browser.get(&address).await.redirected();
        let page = world.browser.get(&preview).await.page();
        for words in [
            "<b>1</b>行已对应",
            "<b>1</b>行需确认",
            "<b>1</b>行未对应",
            "方案中没有内容相近的任务",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let events = world.count("SELECT COUNT(*) AS n FROM event").await;
        let version = value_of(&page, "version");
        // Nothing chosen is refused, and nothing comes back chosen.
        let none = [("version", version.as_str()), ("outcome", "in_progress")];
        let refused = world.browser.post_from(&preview, &preview, &none).await;
        assert_eq!(refused.status, 422);
        let shown = refused.text();
        assert!(
            shown.matches("\" checked").count() == 1
                && shown.contains("value=\"in_progress\" checked"),
            "{shown}"
        );
        let seen = [value_of(&page, "seen-0"), value_of(&page, "seen-1")];
        let fields = [
            ("version", version.as_str()),
            ("row", "0"),
            ("row", "1"),
            ("seen-0", seen[0].as_str()),
            ("seen-1", seen[1].as_str()),
            ("outcome", "done"),
        ];
        world.browser.post(&preview, &fields).await.redirected();
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM report WHERE author_name = '导入'")
                .await,
            2
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM report WHERE outcome = 'done'")
                .await,
            1
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM assignment WHERE report_id IS NOT NULL")
                .await,
            2
        );
        assert_eq!(
            world.count("SELECT COUNT(*) AS n FROM event").await,
            events + 1
        );

        // Now somebody has worked on it: the import can no longer be taken back.
        let refused = world
            .browser
            .post(&format!("/workspace/plans/{plan}/undo-import"), &[])
            .await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("已有 2 份进展填报"),
            "{}",
            refused.text()
        );
        // Twice is refused.
        let again = world.browser.post(&preview, &fields).await;
        assert_eq!(again.status, 422, "{}", again.text());
    }
}

#[tokio::test]
async fn nothing_of_a_ledger_is_cut_or_dropped_in_silence() {
    for backend in backends() {
        let (mut world, plan) = world_with_plan(&backend).await;
        let long = "长".repeat(crate::report::TEXT_CHARS_MAX);
        let ledger = format!(
            "<html><body><table>\
            <tr><td>落实单位名称</td><td>具体工作事项</td><td>已落实事项情况</td><td>待完成事项计划</td><td>完成时限</td></tr>\
            <tr><td>市财政局</td><td></td><td>没有事项的进展。</td><td></td><td></td></tr>\
            <tr><td>市司法局</td><td>1.公布现行有效规章清单，2026年9月底前完成。</td><td>{long}</td><td>还差两件。</td><td>10月底前</td></tr>\
            <tr><td></td><td></td><td>又公布3件。</td><td></td><td></td></tr>\
            </table></body></html>"
        );
        let to = format!("/workspace/plans/{plan}/import-progress");
        let address = world.upload(&to, "台账.html", ledger.as_bytes()).await;
        let preview = world.browser.get(&address).await.redirected();
        let page = world.browser.get(&preview).await.page();
        assert!(
            page.contains("“事项”一栏是空的，不知道是哪项任务")
                && page.contains("“事项”一栏是空的，按上一行的事项对应")
                && page.contains("完成时限：10月底前"),
            "{page}"
        );
        let version = value_of(&page, "version");
        let seen = [value_of(&page, "seen-1"), value_of(&page, "seen-2")];
        let both = [
            ("version", version.as_str()),
            ("row", "1"),
            ("row", "2"),
            ("seen-1", seen[0].as_str()),
            ("seen-2", seen[1].as_str()),
            ("outcome", "in_progress"),
        ];
        let refused = world.browser.post(&preview, &both).await;
        assert_eq!(refused.status, 422);
        let words = "的“已落实”合起来有5007字，最多5000字，没有导入任何进展";
        assert!(refused.text().contains(words), "{}", refused.text());
        let reports = "SELECT COUNT(*) AS n FROM report";
        assert_eq!(world.count(reports).await, 0);
        let one = [
            ("version", version.as_str()),
            ("row", "1"),
            ("seen-1", seen[0].as_str()),
            ("seen-2", seen[1].as_str()),
            ("outcome", "in_progress"),
        ];
        world.browser.post(&preview, &one).await.redirected();
        let planned = "SELECT COUNT(*) AS n FROM report WHERE planned_on = '2026-10-31'";
        assert_eq!(world.count(planned).await, 1);
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM report WHERE LENGTH(done_text) = 5000")
                .await,
            1
        );
    }
}

#[tokio::test]
async fn progress_in_a_formula_without_its_result_is_named() {
    let (mut world, plan) = world_with_plan(&backends()[0]).await;
    let bytes = without_results(&[
        &["单位", "事项", "已落实情况"],
        &["市司法局", "公布现行有效规章清单", "=1+1"],
    ]);
    let to = format!("/workspace/plans/{plan}/import-progress");
    let address = world.upload(&to, "台账.xlsx", &bytes).await;
    let page = world.browser.get(&address).await.page();
    assert!(
        page.contains("未能读取") && page.contains("的 C2是公式"),
        "{page}"
    );
}

#[tokio::test]
async fn a_file_without_a_ledger_says_so() {
    for backend in backends() {
        let (mut world, plan) = world_with_plan(&backend).await;
        let address = world
            .upload(
                &format!("/workspace/plans/{plan}/import-progress"),
                "方案.html",
                CITY_HTML.as_bytes(),
            )
            .await;
        let page = world.browser.get(&address).await.page();
        assert!(page.contains("没有在文件中找到台账表格"), "{page}");
    }
}

/// The city's plan corrected: another date of issue, another number, another date, other units, one task for another.
pub(super) fn corrected() -> String {
    CITY_HTML
        .replace("2026年3月16日", "2026年3月18日")
        .replace("2.修订", "4.修订")
        .replace("2026年9月底前完成", "2026年10月底前完成")
        .replace(
            "<td>市教育局、市财政局</td>",
            "<td>市教育局牵头，市司法局配合</td>",
        )
        .replace(
            "3.开展年度考核，11月底前通报结果。",
            "3.建立政策问答知识库并对外开放。",
        )
}

/// The codes of the changes that a page offers.
pub(super) fn codes(page: &str) -> Vec<String> {
    page.split("name=\"change\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_correction_is_compared_and_taken_over() {
    for backend in backends() {
        let (mut world, plan) = world_with_plan(&backend).await;
        for (nth, name) in [(2, "司法局联络员"), (4, "财政局联络员")] {
            let roles = [(Role::Liaison, world.organs[nth])];
            testing::person(&world.db, name, &roles).await;
        }
        let corrected = corrected();
        let address = world
            .upload(
                &format!("/workspace/plans/{plan}/reimport"),
                "更正.html",
                corrected.as_bytes(),
            )
            .await;
        // Doubts of the new text are settled like those of any draft.
        settle_doubts(&mut world, &address).await;
        let mut head = world.head().await;
        let page = head.get(&format!("{address}/changes")).await.page();
        for words in [
            "<b>1</b>处文件信息",
            "<del>2026年3月16日</del> → <ins>2026年3月18日</ins>",
            "编号：2 → 4",
            "<b>1</b>条新增",
            "<b>2</b>条修改",
            "<b>1</b>条删去",
            "<b>0</b>条不变",
            "去掉单位：安澜市财政局",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(page.contains("<ins>") && page.contains("<del>"));
        // Nothing chosen is refused, and nothing comes back chosen.
        let changes = format!("{address}/changes");
        let none = [("version", &*value_of(&page, "version"))];
        let refused = head.post_from(&changes, &changes, &none).await;
        assert_eq!(refused.status, 422);
        let shown = refused.text();
        assert!(
            shown.contains("没有选中任何改动")
                && shown.contains("请填写更正原因")
                && !shown.contains("\" checked"),
            "{shown}"
        );
        let version = value_of(&page, "version");
        let codes = codes(&page);
        let mut fields = vec![("version", version.as_str()), ("reason", "原文错漏")];
        fields.extend(codes.iter().map(|code| ("change", code.as_str())));
        head.post(&changes, &fields).await.redirected();
        let closed = head.get(&address).await.page();
        assert!(
            closed.contains("<dt>更正原因</dt><dd>原文错漏</dd>") && closed.contains("<dd>主任，"),
            "{closed}"
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM task WHERE state = 'open'")
                .await,
            3
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM task WHERE state = 'cancelled'")
                .await,
            1
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM task WHERE due_on = '2026-10-31'")
                .await,
            1
        );
        assert_eq!(
            world
                .count(
                    "SELECT COUNT(*) AS n FROM plan WHERE issued_on = '2026-03-18' AND version = 2"
                )
                .await,
            1
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM task WHERE number = 4 AND text LIKE '%修订%'")
                .await,
            1
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM event WHERE kind = 'plan.corrected'")
                .await,
            1
        );
        for told in [
            "SELECT COUNT(*) AS n FROM inbox_message m JOIN account a ON a.id = m.account_id WHERE a.name = '财政局联络员' AND m.title LIKE '%转出或取消1项%'",
            "SELECT COUNT(*) AS n FROM inbox_message m JOIN account a ON a.id = m.account_id WHERE a.name = '司法局联络员' AND m.title LIKE '%新增1项、有修改1项%'",
        ] {
            assert_eq!(world.count(told).await, 1, "{told}");
        }
        assert_eq!(
            world.count("SELECT COUNT(*) AS n FROM assignment a JOIN task t ON t.id = a.task_id WHERE t.text LIKE '%修订%' AND a.state = 'open'").await,
            2
        );
        // The first document once more: what was cancelled comes back only on somebody's word.
        let to = format!("/workspace/plans/{plan}/reimport");
        let again = world.upload(&to, "原稿.html", CITY_HTML.as_bytes()).await;
        let page = world.browser.get(&format!("{again}/changes")).await.page();
        let at = page.find("同样的任务已经取消").expect("it is told");
        let line = &page[page[..at].rfind("<li>").unwrap()..at];
        assert!(!line.contains(" checked"), "{line}");
    }
}

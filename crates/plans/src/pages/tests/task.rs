//! The page of one task: the working of its date, and its time line.

use gongkai_basis::Role;
use gongkai_platform::account;
use gongkai_platform::db::Tx;
use gongkai_platform::testing::backends;
use jiff::SignedDuration;

use crate::assignment::Duty;
use crate::testing::{TODAY, World, day};

#[tokio::test]
async fn the_working_of_a_date_is_a_calendar_and_a_list_for_those_who_listen() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-10-15"), &[(0, Duty::Lead)])
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&format!("/workspace/tasks/{task}")).await.page();
        let (_, working) = page.split_once("怎么算的</summary>").unwrap();
        let (working, _) = working.split_once("</details>").unwrap();
        for words in [
            "<div class=\"months counted\" aria-hidden=\"true\">",
            "<caption>2026年10月</caption>",
            "<ol class=\"sr\"><li>2026年9月22日（周二）　第1个工作日</li>",
            "2026年10月10日（周六）　第9个工作日（国庆",
            "（周四）　不计：国庆",
        ] {
            assert!(working.contains(words), "{words} not in {working}");
        }
    }
}

#[tokio::test]
async fn the_time_line_says_who_as_what_and_what_lies_beside() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-10-15"), &[(0, Duty::Lead)])
            .await;
        let part = world.assignment(task, 0).await.id.to_string();
        let mut liaison = world.browser(world.liaisons[0]).await;
        let report = [
            ("outcome", "in_progress"),
            ("done_text", "已公开"),
            ("proves-1", "规章已公开"),
        ];
        let file: (&str, &str, &[u8]) = ("file-1", "规章目录.pdf", b"%PDF-1.7 x");
        let form = format!("/workspace/assignments/{part}/report");
        liaison.upload(&form, &report, file).await.redirected();
        let mut clerk = world.browser(world.clerk).await;
        let order = [
            ("assignment", part.as_str()),
            ("title", "督办通知"),
            ("requirement", "限期公开"),
            ("reply_days", "5"),
        ];
        clerk
            .post("/workspace/supervision/draft", &order)
            .await
            .redirected();
        // Who becomes somebody else later was not that then.
        world.clock.advance(SignedDuration::from_mins(1));
        world
            .write("test.granted", async |tx: &mut Tx| {
                let (role, today) = (Role::OfficeHead, day(TODAY));
                account::store::grant(tx, world.clerk, role, world.office, None, today).await
            })
            .await;

        let address = format!("/workspace/tasks/{task}");
        let page = clerk.get(&address).await.page();
        let (_, line) = page.split_once("<h2>经过</h2>").unwrap();
        for words in [
            "市司法局联络员（联络员）",
            "文书（政务公开办）",
            ">下载“规章目录.pdf”</a>",
            ">查看督办单</a>",
        ] {
            assert!(line.contains(words), "{words} not in {line}");
        }
        assert!(!line.contains("工作机构负责人"), "{line}");
        // A paper of the office is the office's until it goes out.
        let page = liaison.get(&address).await.page();
        assert!(
            page.contains(">下载“规章目录.pdf”</a>") && !page.contains("查看督办单"),
            "{page}"
        );
    }
}

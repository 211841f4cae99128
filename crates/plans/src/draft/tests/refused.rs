//! What a clerk is told where a step of the import is refused, and what is still there.

use gongkai_office::INPUT_BYTES_MAX;
use gongkai_platform::access::Scope;
use gongkai_platform::db::Tx;
use gongkai_platform::testing::backends;

use super::world::{CITY_HTML, TOWN_TXT, World, value_of};
use crate::plan::store::open_drafts;

#[tokio::test]
async fn a_file_past_the_limit_is_told_its_limit() {
    let mut world = World::on(&backends()[0]).await;
    // A little too large, and so large that the body is cut before its size is known.
    for past in [1, 8 * 1024 * 1024] {
        let bytes = vec![b'a'; INPUT_BYTES_MAX + past];
        let answer = world
            .browser
            .upload("/workspace/import", &[], ("file", "方案.pdf", &bytes))
            .await;
        let text = answer.text();
        assert_eq!(answer.status, 413, "{text}");
        assert!(
            text.contains("文件超过 32 MB") && !text.contains("检查网络"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_unreadable_file_is_said_to_be_kept_and_nothing_else() {
    let mut world = World::on(&backends()[0]).await;
    let address = world
        .upload("/workspace/import", "扫描.png", b"\x89PNG\r\n\x1a\nxxxx")
        .await;
    let page = world.browser.get(&address).await.page();
    assert!(
        page.contains("上传的文件已原样保存") && !page.contains("未保存"),
        "{page}"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_no_doubt_to_settle() {
    for backend in backends() {
        let (mut world, _) = World::with(&backend, "方案.txt", TOWN_TXT).await;
        world
            .upload("/workspace/import", "扫描.png", b"\x89PNG\r\n\x1a\nxxxx")
            .await;
        let open = world
            .db
            .read(async |tx: &mut Tx| open_drafts(tx, &Scope::Everything).await)
            .await
            .unwrap();
        assert_eq!((open.failed, open.doubtful + open.ready), (1, 1));
        let failed = "/workspace/import?show=failed";
        let list = world.browser.get(failed).await.page();
        assert!(
            list.contains("扫描.png") && !list.contains("方案.txt"),
            "{list}"
        );
        let doubts = "/workspace/import?show=doubts";
        let list = world.browser.get(doubts).await.page();
        assert!(!list.contains("扫描.png"), "{list}");
        let all = world.browser.get("/workspace/import").await.page();
        assert!(
            all.contains("扫描.png") && all.contains("方案.txt"),
            "{all}"
        );
    }
}

#[tokio::test]
async fn a_year_of_five_digits_is_refused_where_it_is_typed() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let version = world.version(&address).await;
        for (year, status) in [("20266", 422), ("2026", 303)] {
            let fields = [
                ("version", version.as_str()),
                ("title", "安澜市2026年政务公开工作要点分工方案"),
                ("year", year),
            ];
            let answer = world
                .browser
                .post(&format!("{address}/meta"), &fields)
                .await;
            assert_eq!(answer.status, status, "{}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_refused_name_comes_back_with_what_was_typed() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.txt", TOWN_TXT).await;
        let organs = format!("{address}/organs");
        let page = world.browser.get(&organs).await.page();
        let version = value_of(&page, "version");
        let name = "市幻想事务局";
        let cases = [
            ("", "", "", "请先选择“市幻想事务局”对应哪个机关"),
            ("other", " ", "", "请填写“市幻想事务局”对应的其他机关"),
            ("other", "市没有的局", "", "没有找到“市没有的局”"),
            (
                "several",
                "",
                "安澜市司法局、市没有的局",
                "名录中没有找到：市没有的局",
            ),
        ];
        for (choice, other, several, sentence) in cases {
            let fields = [
                ("version", version.as_str()),
                ("name", name),
                ("choice", choice),
                ("other", other),
                ("several", several),
                ("reason", "不是本市机关"),
            ];
            let answer = world.browser.post_from(&organs, &organs, &fields).await;
            let text = answer.text();
            assert_eq!(answer.status, 422, "{text}");
            assert!(text.contains(sentence), "{sentence}: {text}");
            assert!(
                text.contains("href=\"#refused\"") && text.contains("id=\"refused\""),
                "{text}"
            );
            assert!(
                text.contains("value=\"不是本市机关\"")
                    && text.contains(&format!(">{several}</textarea>")),
                "{text}"
            );
            assert!(!text.contains("没有带过来"), "{text}");
        }

        let new = format!("{organs}/new");
        let fields = [
            ("version", version.as_str()),
            ("name", name),
            ("organ_name", ""),
            ("parent", "市没有的局"),
            ("level", "county"),
            ("kind", "department"),
        ];
        let answer = world.browser.post_from(&organs, &new, &fields).await;
        let text = answer.text();
        assert_eq!(answer.status, 422, "{text}");
        assert!(
            text.contains("的机关全称。没有新建机关")
                && text.contains("上级机关“市没有的局”不在名录里"),
            "{text}"
        );
        assert!(
            text.contains("id=\"refused-new\" open") && text.contains("value=\"市没有的局\""),
            "{text}"
        );
        assert!(text.contains("value=\"county\" selected"), "{text}");
    }
}

#[tokio::test]
async fn a_unit_with_a_very_long_name_enters_the_directory_without_it_as_an_alias() {
    let long = format!("市{}管理局", "大数据发展促进".repeat(9));
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.txt", TOWN_TXT).await;
        let (tasks, organs) = (format!("{address}/tasks"), format!("{address}/organs"));
        let version = world.version(&tasks).await;
        let card = [
            ("version", version.as_str()),
            ("key", "2"),
            ("act", "save"),
            ("text", "公布惠农补贴结果。"),
            ("organ_name", long.as_str()),
            ("organ_duty", "responsible"),
        ];
        world.browser.post(&tasks, &card).await.redirected();
        let page = world.browser.get(&organs).await.page();
        let version = value_of(&page, "version");
        let new = format!("{organs}/new");
        let fields = |organ_name| {
            [
                ("version", version.as_str()),
                ("name", long.as_str()),
                ("organ_name", organ_name),
                ("parent", "安澜市人民政府"),
                ("level", "city"),
                ("kind", "department"),
            ]
        };
        let answer = world.browser.post(&new, &fields(&long)).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert!(
            answer.text().contains("名称不超过 60 个字"),
            "{}",
            answer.text()
        );
        world
            .browser
            .post(&new, &fields("安澜市大数据管理局"))
            .await
            .redirected();
        let page = world.browser.get(&organs).await.page();
        assert!(
            page.contains("超过60个字，没有存为别名") && page.contains("所有名称都已确定"),
            "{page}"
        );
        let aliases = "SELECT COUNT(*) AS n FROM organ_alias";
        assert_eq!(world.count(aliases).await, 0);
    }
}

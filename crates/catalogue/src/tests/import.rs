//! A catalogue comes as a table: first what it would do, then done.

use gongkai_platform::testing::{Browser, backends};

use super::World;
use crate::standard::HEADS;

fn table(limit: &str, more: &str) -> String {
    let line = |index: &str, limit: &str| {
        format!(
            "1\t{index}\t7\t\t预决算\t部门预算\t收支表\t预算法\t{limit}\t各部门\t■政府网站\t全社会\t主动\t市级\t2026-01-05\t"
        )
    };
    format!("{}\n{}\n{more}", HEADS.join("\t"), line("AL-1", limit))
}

/// Pastes a table into the form; the page that comes back.
async fn pasted(browser: &mut Browser, organ: &str, text: &str) -> (u16, String) {
    let fields = [("organ", organ), ("pasted", text)];
    let none = ("file", "", &b""[..]);
    let answer = browser
        .upload("/workspace/catalogue/import", &fields, none)
        .await;
    (answer.status.as_u16(), answer.text())
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!(r#"name="{name}" value=""#);
    let rest = page.split_once(&start).unwrap().1;
    let value = rest.split_once('"').unwrap().0;
    value.replace("&#34;", "\"").replace("&#38;", "&")
}

#[tokio::test]
async fn a_table_is_shown_first_and_changes_only_with_a_reason() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let organ = world.city.to_string();
        let apply = "/workspace/catalogue/import/apply";

        let (status, page) = pasted(&mut clerk, &organ, &table("每年", "")).await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("<b>1</b> 增加"));
        assert!(
            !clerk.get("/catalogue").await.page().contains("AL-1"),
            "nothing is stored yet"
        );
        let (rows, seen) = (hidden(&page, "rows"), hidden(&page, "seen"));
        let first = [("organ", organ.as_str()), ("rows", &rows), ("seen", &seen)];
        clerk.post(apply, &first).await.redirected();
        assert!(clerk.get("/catalogue").await.page().contains("AL-1"));
        // The same preview again would add twice: the catalogue is not what it showed.
        let again = clerk.post(apply, &first).await;
        assert_eq!(again.status.as_u16(), 422);
        assert!(again.text().contains("<b>1</b> 没有变化"));

        let (_, page) = pasted(&mut clerk, &organ, &table("每季度", "")).await;
        assert!(page.contains("<del>每年</del>") && page.contains("<ins>每季度</ins>"));
        let (rows, seen) = (hidden(&page, "rows"), hidden(&page, "seen"));
        let bare = [("organ", organ.as_str()), ("rows", &rows), ("seen", &seen)];
        assert_eq!(clerk.post(apply, &bare).await.status.as_u16(), 422);
        let mut whole = bare.to_vec();
        whole.extend([("why", "新指引"), ("legal_basis", "标准指引2026版")]);
        clerk.post(apply, &whole).await.redirected();
        let list = clerk.get("/workspace/catalogue").await.page();
        assert!(list.contains("每季度") && list.matches("AL-1<").count() == 1);

        let twice = table(
            "每年",
            "1\tAL-1\t7\t\t预决算\t\t表\t法\t每年\t各部门\t■\t全社会\t主动\t市级\t2026-01-05\t",
        );
        let (status, page) = pasted(&mut clerk, &organ, &twice).await;
        assert_eq!(status, 422);
        assert!(page.contains("和第2行重复"));
    }
}

#[tokio::test]
async fn the_preview_names_the_lines_that_oblige_nobody() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let organ = world.city.to_string();
        let line = |index: &str, publisher: &str| {
            format!(
                "1\t{index}\t7\t\t预决算\t部门预算\t收支表\t预算法\t每年\t{publisher}\t■政府网站\t全社会\t主动\t市级\t2026-01-05\t"
            )
        };
        let more = [
            line("AL-2", "海洋渔业部门"),
            line("AL-3", "财政部门"),
            line("AL-4", "海洋渔业部门"),
        ];
        let (status, page) = pasted(&mut clerk, &organ, &table("每年", &more.join("\n"))).await;
        assert_eq!(status, 200, "{page}");
        let said = "第3、5行：公开主体“海洋渔业部门”，公开层级“市级”";
        assert!(page.contains(said), "{page}");
        assert!(!page.contains("公开主体“财政部门”") && !page.contains("公开主体“各部门”"));
    }
}

//! A clerk checks a draft without touching the mouse: next doubt, settled, next task, edit, merge, undo.

use gongkai_journeys::{Page, World, browser_here};
use gongkai_platform::testing::Backend;
use thirtyfour::{Key, TypingData};

const PLAN: &str = "安澜市2026年政务公开工作要点分工方案\n\n\
    工作任务\t具体要求\t责任单位\n\
    做好规划公开\t1. 主动公开国土空间规划。\t市自然资源局会市司法局\n\
    \t2. 修订规章库，8月前公开现行有效规章。\t市司法局\n\
    做好监管公开\t3. 公开市场监管随机抽查结果。\t市市场监管局\n";

/// Does the page tell when it saved by Beijing's clock, wherever the computer stands? A minute or two may have gone by.
const IN_BEIJING: &str = "
    const said = document.querySelector('[data-import-status]').textContent;
    const clock = (ago) => new Date(Date.now() + 8 * 3600e3 - ago * 60e3).toISOString().slice(11, 16);
    return [0, 1, 2].some((ago) => said.endsWith(clock(ago)));";

/// Types into whatever has the focus.
async fn press(page: &Page, keys: impl Into<TypingData>) {
    let chain = page.driver.action_chain().send_keys(keys);
    chain.perform().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_checked_by_keys_alone() {
    if !browser_here() {
        return;
    }
    let world = World::on(&Backend::Sqlite, "2026-10-12T09:00:00+08:00").await;
    world.moves_in().await;
    let clerk = world.account("clerk").await;
    let mut http = world.http(clerk).await;
    let file = ("file", "方案.txt", PLAN.as_bytes());
    let draft = http
        .upload("/workspace/import", &[], file)
        .await
        .redirected();
    let page = Page::open(&world, Some(clerk), 1280).await;
    page.goto(&format!("{draft}/tasks")).await;
    let doubts = "[data-import-doubts]";
    let open: usize = page
        .find(doubts)
        .await
        .text()
        .await
        .unwrap()
        .parse()
        .unwrap();
    assert!(open >= 2, "the plan holds doubts: {open}");
    for left in (0..open).rev() {
        press(&page, "n").await;
        press(&page, "x").await;
        page.finds(doubts, &left.to_string()).await;
    }
    press(&page, "n").await;
    page.says("这一页没有疑点了").await;

    // From the last doubt on to the last task, whose text is opened, lengthened and saved on leaving.
    for _ in 0..3 {
        press(&page, "j").await;
    }
    press(&page, "e").await;
    press(&page, Key::End).await;
    press(&page, "每季度公布一次。").await;
    press(&page, Key::Escape).await;
    page.says("已保存到草稿").await;
    let told = page.driver.execute(IN_BEIJING, Vec::new()).await.unwrap();
    assert_eq!(told.json().as_bool(), Some(true));
    press(&page, "m").await;
    page.finds("[data-import-total]", "2").await;
    press(&page, "u").await;
    page.finds("[data-import-total]", "3").await;
    // Moved up twice by the same key: what unfolded stays so, and the button keeps the focus.
    let last = "form.import-card:nth-of-type(3)";
    page.find(&format!("{last} details.import-more summary"))
        .await
        .focus()
        .await
        .unwrap();
    press(&page, " ").await;
    page.find(&format!("{last} button[value=up]"))
        .await
        .focus()
        .await
        .unwrap();
    for place in ["2", "1"] {
        press(&page, Key::Enter).await;
        let moved = format!("form.import-card:nth-of-type({place}) details[open] button:focus");
        page.finds(&moved, "上移").await;
    }
    for place in ["2", "3"] {
        press(&page, "u").await;
        let back = format!("form.import-card:nth-of-type({place}) .import-text");
        page.finds(&back, "公开市场监管随机抽查结果。每季度公布一次。")
            .await;
    }
    page.goto(&format!("{draft}/tasks")).await;
    page.says("公开市场监管随机抽查结果。每季度公布一次。")
        .await;
    // Who does not want single keys turns them off, as on every page that has them.
    let total = "[data-import-total]";
    page.click("关闭单键操作").await;
    press(&page, "j").await;
    press(&page, "d").await;
    page.click("打开单键操作").await;
    press(&page, "d").await;
    page.finds(total, "2").await;
    page.goto(&format!("{draft}/tasks")).await;
    page.finds(total, "2").await;
    page.close().await;
}

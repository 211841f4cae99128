//! A document becomes a ledger: upload → settle → confirm → report → export, in a real browser.

use gongkai_journeys::{Page, World, browser_here};
use gongkai_platform::testing::Backend;

const PLAN: &str = "安澜市2026年政务公开工作要点分工方案\n\n\
    工作任务\t具体要求\t责任单位\n\
    做好规划公开\t1. 主动公开国土空间规划，做好历史规划归集。\t市自然资源局牵头，市司法局配合\n\
    \t2. 2026年11月底前修订规章库，公开现行有效规章。\t市司法局\n\
    做好监管公开\t3. 公开市场监管随机抽查结果。\t市市市场监管局\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_document_becomes_a_ledger_and_leaves_in_the_official_form() {
    if !browser_here() {
        return;
    }
    let world = World::on(&Backend::Sqlite, "2026-10-12T09:00:00+08:00").await;
    world.moves_in().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("分工方案.txt");
    std::fs::write(&file, PLAN).unwrap();

    let clerk = Page::open(&world, Some(world.account("clerk").await), 1280).await;
    clerk.goto("/workspace/import").await;
    clerk
        .find("input[type=file]")
        .await
        .send_keys(file.to_str().unwrap())
        .await
        .unwrap();
    clerk
        .find("form.import-upload button.main")
        .await
        .click()
        .await
        .unwrap();
    clerk.says("识别结果").await;
    clerk.says("3条任务").await;
    clerk.click("核对任务").await;
    clerk.says("主动公开国土空间规划").await;
    settle_doubts(&clerk).await;
    clerk.goto_step("organs").await;
    clerk.says("对应单位").await;
    settle_names(&clerk).await;
    clerk.goto_step("confirm").await;
    clerk.says("确认方案，生成台账").await;
    clerk.click("确认方案，生成台账").await;
    clerk.says("方案已确认，任务和分工已进入台账").await;
    clerk.goto("/workspace/ledger").await;
    clerk.says("主动公开国土空间规划").await;
    clerk.close().await;

    let liaison = Page::open(&world, Some(world.account("liaison").await), 1280).await;
    liaison.goto("/workspace/tasks").await;
    liaison.says("修订规章库").await;
    liaison.click("填报进展").await;
    liaison
        .fill("#done_text", "已于10月9日公开现行有效规章12件。")
        .await;
    liaison.fill("#pending_text", "11月底前完成修订。").await;
    liaison
        .find("form.stack button.main")
        .await
        .click()
        .await
        .unwrap();
    liaison.says("已于10月9日公开现行有效规章12件").await;
    liaison.close().await;

    let mut office = world.http(world.account("clerk").await).await;
    let ledger = office.get("/workspace/ledger").await.page();
    let plan = ledger
        .split("/workspace/plans/")
        .nth(1)
        .unwrap()
        .split(['/', '"'])
        .next()
        .unwrap()
        .to_owned();
    let docx = office
        .get(&format!(
            "/workspace/plans/{plan}/export/file?organ=&layout=one&format=docx"
        ))
        .await;
    assert_eq!(docx.status, 200);
    let read = gongkai_office::read(&docx.bytes, &gongkai_office::Limits::default()).unwrap();
    let text = format!("{:?}", read.blocks);
    for wanted in [
        "落实单位名称",
        "待完成事项计划",
        "已于10月9日公开现行有效规章12件。",
    ] {
        assert!(text.contains(wanted), "the form lacks {wanted}");
    }
}

/// Takes the best organ for each name that is still open.
async fn settle_names(page: &Page) {
    while page.has("main > section.import-choice").await {
        page.find("main > section.import-choice input[type=radio]")
            .await
            .click()
            .await
            .unwrap();
        assert!(
            page.try_click("main > section.import-choice > form button")
                .await
        );
    }
}

/// Presses the key that settles a doubt until none is left.
async fn settle_doubts(page: &Page) {
    while page.try_click("button[value=settle]").await {}
}

//! 上级来文: a city that is alone in its store compares its plan with the province's.

use gongkai_basis::id::PlanId;
use gongkai_basis::reference::FigureKey;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::organ;
use gongkai_platform::testing::{self, backends};

use super::journey::confirm;
use super::world::{CITY_HTML, World, value_of};
use crate::draft::import_whole;
use crate::draft::upper::{Above, above};

/// The province's 要点: one measure that the city has too, one that it lacks.
const PROVINCE_HTML: &str = "<html><head><title>江南省人民政府</title></head><body>\
    <h1>江南省人民政府办公厅关于印发江南省2026年政务公开工作要点分工方案的通知</h1>\
    <p>江政办发〔2026〕3号</p><p>各市、县（区）人民政府，省政府各部门：</p>\
    <p>现将《江南省2026年政务公开工作要点分工方案》印发给你们，请认真贯彻落实。</p>\
    <p>江南省人民政府办公厅</p><p>2026年2月16日</p>\
    <h2>江南省2026年政务公开工作要点分工方案</h2><table>\
    <tr><th>工作任务</th><th>具体措施</th><th>责任单位</th></tr>\
    <tr><td rowspan=\"2\">一、夯实基础</td><td>1.公布现行有效规章清单，2026年9月底前完成。</td><td>省司法厅</td></tr>\
    <tr><td>2.建立依申请公开疑难事项会商机制，2026年6月底前完成。</td><td>省政府办公厅</td></tr>\
    </table></body></html>";

async fn ids(world: &World, state: &'static str) -> Vec<PlanId> {
    world
        .db
        .read(async |tx: &mut Tx| {
            let plans = sql("SELECT id FROM plan WHERE state = $1 ORDER BY id").bind(state);
            let rows = tx.all(plans).await?;
            rows.iter()
                .map(|row| row.get("id"))
                .collect::<Result<_, StoreError>>()
        })
        .await
        .unwrap()
}

/// Uploads the province's document as what came from above, and confirms it.
async fn keeps_the_provinces(world: &mut World) -> (String, PlanId) {
    let address = world
        .browser
        .upload(
            "/workspace/import",
            &[("purpose", "upper")],
            ("file", "省.html", PROVINCE_HTML.as_bytes()),
        )
        .await
        .redirected();
    confirm(world, &address).await;
    let upper = ids(world, "upper").await;
    assert_eq!(upper.len(), 1);
    (address, upper[0])
}

#[tokio::test]
async fn a_plan_from_above_is_compared_with_and_is_in_no_ledger() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let permit = world.permit().await;
        let bytes = CITY_HTML.as_bytes().to_vec();
        let own = import_whole(&world.app, &permit, world.office, "方案.html", bytes)
            .await
            .unwrap();
        let list = format!("/workspace/plans/{own}/compare/level");
        let empty = world.browser.get(&list).await.page();
        assert!(empty.contains("导入上级来文"), "{empty}");
        let parts = world.count("SELECT COUNT(*) AS n FROM assignment").await;
        let notices = world.count("SELECT COUNT(*) AS n FROM inbox_message").await;

        let (address, upper) = keeps_the_provinces(&mut world).await;
        let closed = world.browser.get(&address).await.page();
        assert!(
            closed.contains("不进台账") && closed.contains(&*list),
            "{closed}"
        );
        // Nobody has a part in it, nobody is told, and no list, ledger or figure counts it.
        assert_eq!(
            world.count("SELECT COUNT(*) AS n FROM assignment").await,
            parts
        );
        assert_eq!(
            world.count("SELECT COUNT(*) AS n FROM inbox_message").await,
            notices
        );
        let plans = world.browser.get("/workspace/plans").await.page();
        assert!(!plans.contains("江南省"), "{plans}");
        let ledger = format!("/workspace/ledger?plan={upper}");
        assert!(!world.browser.get(&ledger).await.text().contains("会商机制"));
        for path in ["export", "source", "reviews", "tasks/new", "reimport"] {
            let at = format!("/workspace/plans/{upper}/{path}");
            let status = world.browser.get(&at).await.status.as_u16();
            assert_eq!(status, 404, "{path}");
        }
        let seams = crate::seams();
        let city = world.organs[0];
        let counted = async |tx: &mut Tx| {
            let key = |name: &str| FigureKey {
                name: name.to_owned(),
                organ: city,
                year: 2026,
            };
            let keys = [key("tasks.all"), key("plans.own")];
            seams.figures(tx, &keys).await
        };
        let counted = world.db.read(counted).await.unwrap();
        let values: Vec<i64> = counted.into_iter().flatten().map(|it| it.value).collect();
        assert_eq!(values, [3, 1]);

        // It is offered, compared, and what is missing becomes a task on its way.
        let page = world.browser.get(&list).await.page();
        assert!(
            page.contains("（上级来文，江南省人民政府办公厅）"),
            "{page}"
        );
        let chosen = upper.to_string();
        world
            .browser
            .post(&list, &[("other", chosen.as_str())])
            .await
            .redirected();
        let page = world.browser.get(&list).await.page();
        assert!(
            page.contains("● 已承接") && page.contains("○ 缺项") && !page.contains("上级交办"),
            "{page}"
        );
        let matrix = format!("/workspace/plans/{upper}/coverage");
        assert!(page.contains(&*matrix), "{page}");
        let shown = world.browser.get(&matrix).await.page();
        assert!(
            shown.contains("安澜市人民政府")
                && shown.contains("会商机制")
                && !shown.contains("还没有导入今年的方案"),
            "{shown}"
        );
        let at = page.find("/adopt/").unwrap();
        let missing: String = page[at + 7..].chars().take_while(|c| *c != '"').collect();
        let side = world.browser.get(&format!("{list}/{missing}")).await.page();
        assert!(side.contains("原文：省政府办公厅"), "{side}");
        world
            .browser
            .post(&format!("/workspace/plans/{own}/adopt/{missing}"), &[])
            .await
            .redirected();
        let page = world.browser.get(&list).await.page();
        assert!(page.contains("已生成草案，待审批"), "{page}");
        // What was made of it keeps it.
        let undo = format!("/workspace/plans/{upper}/undo-import");
        let refused = world.browser.post(&undo, &[]).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(refused.text().contains("任务草案"), "{}", refused.text());
    }
}

#[tokio::test]
async fn a_plan_from_above_is_kept_once_and_can_be_taken_back() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let (_, upper) = keeps_the_provinces(&mut world).await;
        let again = world
            .browser
            .upload(
                "/workspace/import",
                &[("purpose", "upper")],
                ("file", "省.html", PROVINCE_HTML.as_bytes()),
            )
            .await
            .redirected();
        super::journey::settle_doubts(&mut world, &again).await;
        let last = format!("{again}/confirm");
        let version = world.version(&last).await;
        let refused = world.browser.post(&last, &[("version", &version)]).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(refused.text().contains("已经导入过"), "{}", refused.text());
        let undo = format!("/workspace/plans/{upper}/undo-import");
        world.browser.post(&undo, &[]).await.redirected();
        assert!(ids(&world, "upper").await.is_empty());
        // Now the second copy is the only one. A document of the own government did not come from above.
        let page = world.browser.get(&again).await.page();
        let head = [
            ("version", value_of(&page, "version")),
            ("title", "江南省2026年政务公开工作要点分工方案".to_owned()),
            ("issuer", "安澜市人民政府办公室".to_owned()),
            ("year", "2026".to_owned()),
        ];
        let head: Vec<(&str, &str)> = head.iter().map(|(a, b)| (*a, b.as_str())).collect();
        let meta = format!("{again}/meta");
        world.browser.post(&meta, &head).await.redirected();
        let page = world.browser.get(&last).await.page();
        assert!(page.contains("不是上级"), "{page}");
        let version = value_of(&page, "version");
        let refused = world.browser.post(&last, &[("version", &version)]).await;
        assert_eq!(refused.status.as_u16(), 422);
    }
}

#[tokio::test]
async fn what_was_chosen_and_taken_back_is_compared_with_no_more() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let permit = world.permit().await;
        let bytes = CITY_HTML.as_bytes().to_vec();
        let own = import_whole(&world.app, &permit, world.office, "方案.html", bytes)
            .await
            .unwrap();
        let (_, upper) = keeps_the_provinces(&mut world).await;
        let list = format!("/workspace/plans/{own}/compare/level");
        let chosen = upper.to_string();
        world
            .browser
            .post(&list, &[("other", chosen.as_str())])
            .await
            .redirected();
        let undo = format!("/workspace/plans/{upper}/undo-import");
        world.browser.post(&undo, &[]).await.redirected();
        let page = world.browser.get(&list).await.page();
        assert!(
            page.contains("还没有选定上级方案") && !page.contains("＋ 自增"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn the_government_above_is_an_organ_where_the_directory_has_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let city = world.organs[0];
        let county = testing::organ(&world.db, "云岭县人民政府", Some(city)).await;
        testing::organ(&world.db, "云岭县教育局", Some(county)).await;
        let found = async |government, issuer: Option<&'static str>| {
            world
                .db
                .read(async |tx: &mut Tx| {
                    let directory = organ::directory(tx, government).await?;
                    above(tx, government, (issuer, &directory)).await
                })
                .await
                .unwrap()
        };
        let of_city = Above::Organ(city, "安澜市人民政府".to_owned());
        for issuer in ["安澜市人民政府", " 安澜市人民政府办公室"] {
            assert_eq!(found(county, Some(issuer)).await, of_city, "{issuer}");
        }
        let named = |name: &str| Above::Named(name.to_owned());
        let province = "江南省人民政府办公厅";
        assert_eq!(found(county, Some(province)).await, named(province));
        assert_eq!(found(city, Some(province)).await, named(province));
        let own = Above::Own("云岭县教育局".to_owned());
        assert_eq!(found(county, Some("云岭县教育局")).await, own);
        assert_eq!(found(city, None).await, Above::Unknown);
        assert_eq!(found(city, Some(" ")).await, Above::Unknown);
    }
}

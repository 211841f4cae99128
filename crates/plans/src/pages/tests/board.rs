//! What is seen of a plan as a whole: dashboard, brief, the start pages of those who watch.

use std::sync::Arc;

use gongkai_basis::{Date, Role};
use gongkai_platform::access::Scope;
use gongkai_platform::db::Tx;
use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web::{self, App, PrintError, Printer};

use super::refused;
use crate::assignment::Duty;
use crate::bulletin::store::overdue;
use crate::ledger::store::late_units;
use crate::testing::{World, day};

async fn filled(world: &World) {
    for (position, text, due, units) in [
        (
            1,
            "公开规章",
            Some("2026-09-01"),
            &[(0, Duty::Lead), (1, Duty::Cooperate)][..],
        ),
        (2, "公开预算", Some("2026-09-25"), &[(1, Duty::Lead)]),
        (3, "公开名录", None, &[(2, Duty::Responsible)]),
        (
            4,
            "公开年报",
            Some("2026-08-01"),
            &[(0, Duty::Lead), (2, Duty::Lead)],
        ),
    ] {
        world.task(position, text, due, units).await;
    }
}

#[tokio::test]
async fn the_dashboard_is_tables_with_files_of_what_they_show() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/dashboard").await.page();
        for words in [
            "<b>0.0%</b> 任务完成率",
            "<b>2</b> <span class=\"light light-overdue\">■ 已逾期",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(page.contains("共 2 个单位有逾期"), "{page}");
        assert!(page.contains("共 3 条"), "{page}");
        let csv = |table: &str| {
            format!(
                "/workspace/dashboard?plan={}&table={table}&format=csv",
                world.plan
            )
        };
        let units = clerk.get(&csv("units")).await.text();
        assert!(units.contains("市司法局,2,0,0,0,0,2,0.0%,2"), "{units}");
        let sections = clerk.get(&csv("sections")).await.text();
        assert!(
            sections.contains("二、依申请公开,1,0,0,1,0,2,0.0%"),
            "{sections}"
        );
        let xlsx = clerk
            .get(&format!(
                "/workspace/dashboard/trend?plan={}&format=xlsx",
                world.plan
            ))
            .await;
        assert!(xlsx.bytes.starts_with(b"PK"));
        let trend = clerk.get("/workspace/dashboard/trend").await.page();
        assert!(trend.contains("还没有填报过，没有趋势可看"), "{trend}");
        let strange = clerk
            .get("/workspace/dashboard?plan=01900000-0000-7000-8000-000000000000")
            .await;
        refused(&strange, 404, "不在您的权限范围内");
        let unit = world
            .browser(world.liaisons[0])
            .await
            .get("/workspace/dashboard")
            .await;
        refused(&unit, 403, "没有办理这件事的权限");
    }
}

struct Paper;

impl Printer for Paper {
    fn pdf(
        &self,
        template: &str,
        data: &serde_json::Value,
        _: Date,
    ) -> Result<Vec<u8>, PrintError> {
        Ok(format!("%PDF {template} {data}").into_bytes())
    }
}

#[tokio::test]
async fn the_brief_fits_the_leader_on_screen_as_word_and_as_pdf() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        let leader = testing::person(&world.db, "领导", &[(Role::Leader, world.city)]).await;
        let mut browser = world.browser(leader).await;
        let page = browser.get("/workspace/brief").await.page();
        for words in [
            "共4项任务：已完成0项，完成率0.0%；正常推进1项，将到期1项，佐证失效0项，已逾期2项。",
            "2个单位有逾期，3个单位从未填报",
            "市司法局、市教育局",
            "目前没有等待决定的事项",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let file =
            |format: &str| format!("/workspace/brief/file?plan={}&format={format}", world.plan);
        let docx = browser.get(&file("docx")).await;
        let read = gongkai_office::read(&docx.bytes, &gongkai_office::Limits::default()).unwrap();
        let mut text = String::new();
        for block in &read.blocks {
            text.push_str(&serde_json::to_string(block).unwrap());
            text.push('\n');
        }
        for words in [
            "政务公开工作要点落实情况简报",
            "一、总体进展",
            "公开年报",
            "51",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        refused(&browser.get(&file("pdf")).await, 503, "没有安装PDF生成组件");
        let mut parts = testing::parts(&world.db, &world.guard, crate::nav());
        parts.printer = Some(Arc::new(Paper));
        let app = App::new(parts);
        let mut printing = Browser::new(web::wrap(web::router(crate::routes()), app));
        printing.sign_in(&world.db, leader).await;
        let pdf = printing.get(&file("pdf")).await.text();
        assert!(
            pdf.starts_with("%PDF brief") && pdf.contains("二、逾期任务"),
            "{pdf}"
        );
    }
}

#[tokio::test]
async fn administrators_see_their_own_business_alone() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let system = testing::person(&world.db, "系统", &[(Role::SystemAdmin, world.office)]).await;
        let page = world.browser(system).await.get("/workspace").await.page();
        assert!(
            !page.contains("变更") && page.contains("不参与业务办理"),
            "{page}"
        );
        let security =
            testing::person(&world.db, "安全", &[(Role::SecurityAdmin, world.office)]).await;
        let page = world.browser(security).await.get("/workspace").await.page();
        assert!(
            page.contains("/workspace/admin/accounts?state=new") && page.contains("账号未设密码"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn late_units_that_are_not_named_are_counted_all_the_same() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        let today = day("2026-10-08");
        for rows in [1, 2, 50] {
            let (named, all) = world
                .db
                .read(async |tx: &mut Tx| late_units(tx, world.plan, today, rows).await)
                .await
                .unwrap();
            // Who cooperates in a task that another leads is not late with it.
            assert_eq!(all, 3, "{named:?}");
            let first = named.first().map(|(unit, _, n)| (*unit, *n));
            assert_eq!(first, Some((world.units[0], 2)));
            assert_eq!(named.len(), usize::try_from(rows.min(all)).unwrap());
        }
    }
}

#[tokio::test]
async fn what_is_offered_to_a_bulletin_first_is_the_beginning_of_all() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        let office = Scope::Organs {
            single: vec![world.office],
            branches: Vec::new(),
        };
        let today = day("2026-10-08");
        let offered = async |rows: i64| {
            world
                .db
                .read(async |tx: &mut Tx| overdue(tx, &office, today, rows).await)
                .await
                .unwrap()
        };
        let all = offered(50).await;
        assert_eq!(all.len(), 4, "{all:?}");
        assert!(all[0].text.contains("公开年报"), "{all:?}");
        for few in 1..=3 {
            let some = offered(i64::try_from(few).unwrap()).await;
            assert_eq!(some, all[..few]);
        }
    }
}

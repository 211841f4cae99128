//! 回头看事项 as people meet them.

mod alone;
mod late;
mod merger;
mod paged;
mod undone;

use gongkai_basis::Role;
use gongkai_platform::db::Tx;
use gongkai_platform::organ::OpenWork as _;
use gongkai_platform::testing::{self, backends};

use super::directory::OpenMatters;
use super::{CarriedState, Step};
use crate::assignment::Duty;
use crate::pages::tests::hidden;
use crate::pairing::tests::{plan, task, years};
use crate::testing::World;

#[test]
fn every_step_from_every_state() {
    use CarriedState::{Claimed, Closed, Open, Waived, Working};
    let can = |state: CarriedState, step: Step| match (state, step) {
        (Open | Working, Step::Report) | (Claimed, Step::Return) => Some(Working),
        (Open | Working, Step::Finish) => Some(Claimed),
        (Claimed, Step::Confirm) => Some(Closed),
        (Open | Working | Claimed, Step::Waive) => Some(Waived),
        (Closed | Waived, Step::Reopen) => Some(Open),
        _ => None,
    };
    let mut taken = 0;
    for &state in CarriedState::ALL {
        assert_eq!(CarriedState::from_code(state.code()), Some(state));
        for &step in Step::ALL {
            assert_eq!(Step::from_code(step.code()), Some(step));
            assert_eq!(state.after(step), can(state, step), "{state:?} {step:?}");
            taken += usize::from(state.after(step).is_some());
            if state.after(step) == Some(Closed) {
                assert!(step.is_of_office(), "only the office closes");
            }
        }
    }
    assert_eq!(taken, 11);
    assert!(
        CarriedState::ALL
            .iter()
            .filter(|state| state.is_open())
            .count()
            == 3
    );
}

#[tokio::test]
async fn unfinished_parts_are_carried_reported_closed_and_printed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let compare = format!("/workspace/plans/{}/compare/year", world.plan);
        let carry = format!("/workspace/plans/{}/carry", world.plan);
        assert_eq!(
            clerk.post(&carry, &[]).await.status.as_u16(),
            422,
            "no plan is chosen yet"
        );
        let other = years.last.to_string();
        clerk
            .post(&compare, &[("other", other.as_str())])
            .await
            .redirected();
        assert!(
            clerk
                .get(&compare)
                .await
                .page()
                .contains("还有 3 项单位分工没有完成")
        );
        let list = clerk.post(&carry, &[]).await.redirected();
        let page = clerk.get(&list).await.page();
        assert!(
            page.contains("<b>3</b> ■ 待整改") && page.contains("已逾期 448 天"),
            "{page}"
        );
        assert_eq!(
            clerk.post(&carry, &[]).await.status.as_u16(),
            422,
            "not twice"
        );

        let mut liaison = world.browser(world.liaisons[0]).await;
        let page = liaison.get("/workspace/reviews").await.page();
        assert!(
            page.contains("规章") && !page.contains("预算"),
            "only its own: {page}"
        );
        let at = page.find("/workspace/reviews/").unwrap();
        let matter: String = page[at..].chars().take_while(|c| *c != '"').collect();
        let form = liaison.get(&matter).await.page();
        let version = hidden(&form, "version");
        let empty = [
            ("version", version.as_str()),
            ("step", "report"),
            ("done_text", ""),
        ];
        let refused = liaison.post(&matter, &empty).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(
            refused.text().contains("计划完成时间"),
            "{}",
            refused.text()
        );
        let said = [
            ("version", version.as_str()),
            ("step", "report"),
            ("done_text", "已补录规章3件"),
            ("planned_on", "2026-10-15"),
        ];
        liaison.post(&matter, &said).await.redirected();
        assert_eq!(
            liaison.post(&matter, &said).await.status.as_u16(),
            409,
            "an older version"
        );
        let mut other_unit = world.browser(world.liaisons[1]).await;
        assert_eq!(other_unit.get(&matter).await.status.as_u16(), 404);

        // The form's two columns, for the unit.
        let file = format!(
            "/workspace/plans/{}/export/file?format=docx&organ={}",
            world.plan, world.units[0]
        );
        let bytes = clerk.get(&file).await.bytes;
        let document = gongkai_office::read(&bytes, &gongkai_office::Limits::default()).unwrap();
        let text = serde_json::to_string(&document.blocks).unwrap();
        assert!(
            text.contains("已逾期448天")
                && text.contains("【整改中】已补录规章3件（计划2026年10月15日前完成）"),
            "{text}"
        );
        // The data have all of them.
        let data = format!("/workspace/plans/{}/export/file?format=", world.plan);
        let bytes = clerk.get(&format!("{data}json")).await.bytes;
        let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let carried = json["carried"].as_array().unwrap();
        let told = |matter: &&serde_json::Value| {
            matter["state"] == "working" && matter["done"] == "已补录规章3件"
        };
        assert_eq!((carried.len(), carried.iter().filter(told).count()), (3, 1));
        let csv = clerk.get(&format!("{data}csv")).await.text();
        assert_eq!(csv.matches("回头看事项").count(), 3, "{csv}");
        assert!(csv.contains("已补录规章3件"), "{csv}");

        let version = hidden(&liaison.get(&matter).await.page(), "version");
        let done = [
            ("version", version.as_str()),
            ("step", "finish"),
            ("done_text", "已全部补录"),
        ];
        liaison.post(&matter, &done).await.redirected();
        let version = hidden(&clerk.get(&matter).await.page(), "version");
        let decide = format!("{matter}/decide");
        let back = [
            ("version", version.as_str()),
            ("step", "return"),
            ("note", ""),
        ];
        assert_eq!(
            clerk.post(&decide, &back).await.status.as_u16(),
            422,
            "a return needs a reason"
        );
        let close = [
            ("version", version.as_str()),
            ("step", "confirm"),
            ("note", ""),
        ];
        assert_eq!(liaison.post(&decide, &close).await.status.as_u16(), 403);
        clerk.post(&decide, &close).await.redirected();
        let page = clerk.get(&matter).await.page();
        assert!(
            page.contains("✓ 已销号") && page.contains("核实销号"),
            "{page}"
        );
        for words in ["填报整改进展", "报告整改完成"] {
            assert!(page.contains(words), "each step leaves its event: {page}");
        }
    }
}

#[tokio::test]
async fn a_merger_gives_the_open_ones_to_the_heir() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let compare = format!("/workspace/plans/{}/compare/year", world.plan);
        let other = years.last.to_string();
        clerk
            .post(&compare, &[("other", other.as_str())])
            .await
            .redirected();
        let carry = format!("/workspace/plans/{}/carry", world.plan);
        clerk.post(&carry, &[]).await.redirected();
        let (from, to) = (world.units[1], world.units[2]);
        let moved = world
            .db
            .write(async |tx: &mut Tx| testing::inherit(tx, &OpenMatters, (from, to)).await)
            .await
            .unwrap();
        assert_eq!(moved, 2);
        let left = world
            .db
            .read(async |tx: &mut Tx| OpenMatters.count(tx, from).await)
            .await
            .unwrap();
        assert_eq!(left, 0);
        let mut heir = world.browser(world.liaisons[2]).await;
        let page = heir.get("/workspace/reviews").await.page();
        assert!(page.contains("<b>2</b> ■ 待整改"), "{page}");
    }
}

/// This year's plan is compared with another, and takes over what is unfinished there; the list of it.
async fn carries(
    clerk: &mut gongkai_platform::testing::Browser,
    (new, old): (gongkai_basis::id::PlanId, gongkai_basis::id::PlanId),
) -> String {
    let other = old.to_string();
    let compare = format!("/workspace/plans/{new}/compare/year");
    clerk
        .post(&compare, &[("other", other.as_str())])
        .await
        .redirected();
    let carry = format!("/workspace/plans/{new}/carry");
    clerk.post(&carry, &[]).await.redirected()
}

/// The one matter of the list, by its path.
/// The list from the first row on that quotes a text; above it stand the choices of its filters.
fn below<'p>(page: &'p str, text: &str) -> &'p str {
    let rows = &page[page.find("<table").unwrap()..];
    &rows[rows.find(text).unwrap()..]
}

fn first(page: &str) -> String {
    let at = page.find("/workspace/reviews/").unwrap();
    page[at..].chars().take_while(|c| *c != '"').collect()
}

#[tokio::test]
async fn a_matter_of_the_office_itself_is_closed_by_another_of_its_people() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let own = [(world.office, "市政府办公室", Duty::Lead)];
        let text = "修订政务公开考核办法并印发。";
        task(&world, years.last, (4, text), Some("2025-11-30"), &own).await;
        let roles = [(Role::OfficeClerk, world.office)];
        let second = testing::person(&world.db, "另一文书", &roles).await;
        world.names(&[world.clerk, second], "李明").await;
        let mut clerk = world.browser(world.clerk).await;
        carries(&mut clerk, (world.plan, years.last)).await;
        let list = clerk.get("/workspace/reviews").await.page();
        assert!(list.contains(text) && list.contains("共 1 条"), "{list}");
        let matter = first(&list);
        let version = hidden(&clerk.get(&matter).await.page(), "version");
        let done = [
            ("version", version.as_str()),
            ("step", "finish"),
            ("done_text", "已印发"),
        ];
        clerk.post(&matter, &done).await.redirected();
        let page = clerk.get(&matter).await.page();
        assert!(page.contains("核实销号"), "{page}");
        let version = hidden(&page, "version");
        let decide = format!("{matter}/decide");
        let close = [("version", version.as_str()), ("step", "confirm")];
        // A name is shared and changes: the account decides.
        world.names(&[world.clerk], "李鸣").await;
        let alone = clerk.post(&decide, &close).await;
        assert_eq!(alone.status.as_u16(), 422);
        assert!(
            alone.text().contains("请由本办其他人核实销号"),
            "{}",
            alone.text()
        );
        let mut second = world.browser(second).await;
        assert!(second.get(&matter).await.page().contains("核实销号"));
        second.post(&decide, &close).await.redirected();
        assert!(clerk.get(&matter).await.page().contains("✓ 已销号"));
    }
}

#[tokio::test]
async fn what_had_no_date_is_late_from_the_day_that_it_counted_to() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let own = [(world.office, "市政府办公室", Duty::Lead)];
        task(&world, years.last, (4, "健全考核办法。"), None, &own).await;
        let mut clerk = world.browser(world.clerk).await;
        carries(&mut clerk, (world.plan, years.last)).await;
        let list = clerk.get("/workspace/reviews").await.page();
        assert!(list.contains("计到2025年12月31日 <span"), "{list}");
        assert!(!list.contains("未规定"), "{list}");
    }
}

#[tokio::test]
async fn what_was_closed_is_owed_nowhere_and_what_is_open_lies_on_the_desk() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        carries(&mut clerk, (world.plan, years.last)).await;
        let old = world.assignment(years.old[0], 0).await;
        let owed = format!("/workspace/assignments/{}", old.id);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let due = liaison.get("/workspace/due").await.page();
        assert!(due.contains(&owed), "{due}");
        let desk = liaison.get("/workspace").await.page();
        assert!(desk.contains("<b>1</b> 回头看事项待整改"), "{desk}");
        let matter = first(&liaison.get("/workspace/reviews").await.page());
        assert!(!due.contains(&matter), "no day was promised: {due}");
        let version = hidden(&liaison.get(&matter).await.page(), "version");
        let said = [
            ("version", version.as_str()),
            ("step", "report"),
            ("done_text", "已补录规章3件"),
            ("planned_on", "2026-09-25"),
        ];
        liaison.post(&matter, &said).await.redirected();
        let due = liaison.get("/workspace/due").await.page();
        assert!(due.contains(&matter) && due.contains("回头看事项"), "{due}");
        let desk = liaison.get("/workspace").await.page();
        assert!(desk.contains("<b>1</b> 回头看事项整改中"), "{desk}");
        let version = hidden(&liaison.get(&matter).await.page(), "version");
        let done = [
            ("version", version.as_str()),
            ("step", "finish"),
            ("done_text", "已全部补录"),
        ];
        liaison.post(&matter, &done).await.redirected();
        let desk = clerk.get("/workspace").await.page();
        let list = format!("/workspace/plans/{}/reviews?state=claimed", world.plan);
        assert!(
            desk.contains("<b>1</b> 回头看整改待核实") && desk.contains(&list),
            "{desk}"
        );
        let version = hidden(&clerk.get(&matter).await.page(), "version");
        let close = [("version", version.as_str()), ("step", "confirm")];
        let decide = format!("{matter}/decide");
        clerk.post(&decide, &close).await.redirected();
        let due = liaison.get("/workspace/due").await.page();
        assert!(!due.contains(&owed) && !due.contains(&matter), "{due}");
        let desk = liaison.get("/workspace").await.page();
        assert!(
            !desk.contains("回头看事项待整改") && !desk.contains("回头看事项整改中"),
            "{desk}"
        );
        // The bulletin does not call it late either; the other unit's parts it does.
        let office = gongkai_platform::access::Scope::Organs {
            single: vec![world.office],
            branches: Vec::new(),
        };
        let today = crate::testing::day(crate::testing::TODAY);
        let late =
            async |tx: &mut Tx| crate::bulletin::store::overdue(tx, &office, today, 50).await;
        let late = world.db.read(late).await.unwrap();
        let text = format!("{late:?}");
        assert!(!text.contains(&old.id.to_string()), "{text}");
        let other = world.assignment(years.old[1], 1).await.id.to_string();
        assert!(text.contains(&other), "{text}");
        // Asked for again, it is owed again.
        let version = hidden(&clerk.get(&matter).await.page(), "version");
        let again = [
            ("version", version.as_str()),
            ("step", "reopen"),
            ("note", "抽查发现又缺"),
        ];
        clerk.post(&decide, &again).await.redirected();
        let due = liaison.get("/workspace/due").await.page();
        assert!(due.contains(&owed), "{due}");
    }
}

#[tokio::test]
async fn what_is_open_after_two_years_is_carried_on_with_its_origin() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let city = (world.office, world.city);
        let older = plan(&world, city, 2024, "安澜市2024年政务公开工作要点分工方案").await;
        let law = [(world.units[0], "市司法局", Duty::Lead)];
        let text = "清理公布行政许可事项目录。";
        let first_task = task(&world, older, (1, text), Some("2024-06-30"), &law).await;
        let mut clerk = world.browser(world.clerk).await;
        carries(&mut clerk, (years.last, older)).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let matter = first(&liaison.get("/workspace/reviews").await.page());
        let version = hidden(&liaison.get(&matter).await.page(), "version");
        let said = [
            ("version", version.as_str()),
            ("step", "report"),
            ("done_text", "已清理一半"),
            ("planned_on", "2026-12-01"),
        ];
        liaison.post(&matter, &said).await.redirected();
        let compare = format!("/workspace/plans/{}/compare/year", world.plan);
        let other = years.last.to_string();
        clerk
            .post(&compare, &[("other", other.as_str())])
            .await
            .redirected();
        let page = clerk.get(&compare).await.page();
        assert!(page.contains("还有 4 项单位分工没有完成"), "{page}");
        let list = carries(&mut clerk, (world.plan, years.last)).await;
        let page = clerk.get(&list).await.page();
        assert!(
            page.contains(text) && page.contains("已逾期 813 天") && page.contains("已清理一半"),
            "{page}"
        );
        // The unit has it once, and puts it right in the newest ledger.
        let own = liaison.get("/workspace/reviews").await.page();
        assert_eq!(own.matches(text).count(), 1, "{own}");
        let old_page = liaison.get(&matter).await.page();
        assert!(
            old_page.contains("已继续结转到下一年度")
                && !old_page.contains("报告整改完成</button>"),
            "{old_page}"
        );
        let late = [
            ("version", "2"),
            ("step", "finish"),
            ("done_text", "已清理"),
        ];
        let refused = liaison.post(&matter, &late).await;
        assert_eq!(refused.status.as_u16(), 422);
        let at = own.find(text).unwrap();
        let newest = first(&own[at..]);
        assert_ne!(newest, matter);
        let version = hidden(&clerk.get(&newest).await.page(), "version");
        let waive = [
            ("version", version.as_str()),
            ("step", "waive"),
            ("note", "事项目录已并入清单"),
        ];
        clerk
            .post(&format!("{newest}/decide"), &waive)
            .await
            .redirected();
        for page in [&matter, &newest] {
            let shown = clerk.get(page).await.page();
            assert!(shown.contains("— 不再要求"), "{shown}");
        }
        let old = world.assignment(first_task, 0).await.id;
        let due = liaison.get("/workspace/due").await.page();
        assert!(
            !due.contains(&format!("/workspace/assignments/{old}")),
            "{due}"
        );
    }
}

#[tokio::test]
async fn a_matter_leads_to_the_task_that_answers_it_now() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        carries(&mut clerk, (world.plan, years.last)).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let matter = first(&liaison.get("/workspace/reviews").await.page());
        let leads = |page: &str, task: gongkai_basis::id::TaskId| {
            page.contains(&format!("\"/workspace/tasks/{task}\">今年对应任务"))
        };
        let page = clerk.get(&matter).await.page();
        assert!(leads(&page, years.new[1]), "{page}");
        let side = format!(
            "/workspace/plans/{}/compare/year/{}",
            world.plan, years.old[0]
        );
        let other = years.new[2].to_string();
        let chosen = [("act", "choose"), ("other", other.as_str())];
        clerk.post(&side, &chosen).await.redirected();
        let page = clerk.get(&matter).await.page();
        assert!(leads(&page, years.new[2]), "{page}");
        clerk.post(&side, &[("act", "nobody")]).await.redirected();
        let page = clerk.get(&matter).await.page();
        assert!(!page.contains("今年对应任务"), "{page}");
    }
}

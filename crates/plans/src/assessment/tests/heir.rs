//! What a unit that is no more had done in the period stands on its heir's sheet, once.

use gongkai_platform::access::Scope;
use gongkai_platform::db::Tx;
use gongkai_platform::finding::{self, FindingKind};
use gongkai_platform::testing::{Browser, backends};
use jiff::SignedDuration;

use super::returned::{DAY, appeals, computed, decision, merge, opened, takes};
use crate::assignment::Duty;
use crate::testing::{World, page};

const IN_TIME: Option<&str> = Some("2026-09-25");

async fn does(world: &World, task: gongkai_basis::id::TaskId, unit: usize) {
    let proof = page("https://www.anlan.example/1", "");
    world.done(task, unit, vec![proof]).await;
}

fn sheet(period: &str, world: &World, unit: usize) -> String {
    format!("{period}/units/{}", world.units[unit])
}

#[tokio::test]
async fn the_heir_is_scored_for_what_a_merged_unit_finished_and_for_its_faults_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let both = [(0, Duty::Lead), (1, Duty::Lead)];
        let shared = world.task(1, "公开规章", IN_TIME, &both).await;
        let alone = [(0, Duty::Lead)];
        let own = world.task(2, "公开预算", IN_TIME, &alone).await;
        does(&world, shared, 0).await;
        does(&world, own, 0).await;
        // Both had the same column wrong, and the one that is no more answered late.
        for unit in [0, 1] {
            let wrong = world.wrong(unit, FindingKind::NotUpdated, "栏目未更新");
            world.finds(wrong).await;
        }
        let late = world.wrong(0, FindingKind::LateReply, "答复超期");
        world.finds(late).await;
        // It goes into a unit that goes into another.
        merge(&world, 0, 2).await;
        merge(&world, 2, 1).await;
        let period = computed(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let list = clerk.get(&period).await.page();
        let heir = sheet(&period, &world, 1);
        assert!(list.contains(&heir), "{list}");
        for gone in [0, 2] {
            let gone = sheet(&period, &world, gone);
            assert!(!list.contains(&gone), "{list}");
            assert_eq!(clerk.get(&gone).await.status, 404);
        }
        let shown = clerk.get(&heir).await.page();
        for words in [
            "2 / 3 件（含已并入单位的2件）",
            "2 / 2 件（含已并入单位的2件）",
            "“公开规章”：应于2026年9月25日前完成，未完成",
            "原市司法局：答复超期",
        ] {
            assert!(shown.contains(words), "{words} not in {shown}");
        }
        assert_eq!(shown.matches("栏目未更新").count(), 1, "{shown}");
        assert!(!shown.contains("原市司法局：栏目未更新"), "{shown}");
        // The heir reads what it is scored for.
        let part = world.assignment(own, 0).await.id;
        let part = format!("/workspace/assignments/{part}");
        let mut unit = world.browser(world.liaisons[1]).await;
        assert_eq!(unit.get(&part).await.status, 200);
        let sheet = unit.get(&heir).await.page();
        let record = sheet.split("\">原市司法局：答复超期").next().unwrap();
        let record = record.rsplit('/').next().unwrap().parse().unwrap();
        let scope = Scope::Organs {
            single: vec![world.units[1]],
            branches: Vec::new(),
        };
        let read = async |tx: &mut Tx| finding::store::of_unit(tx, &scope, record).await;
        assert!(world.db.read(read).await.unwrap().is_some());
    }
}

async fn sees(unit: &mut Browser, sheet: &str, words: &str) {
    let list = unit.get("/workspace/scores/own").await.page();
    assert_eq!(list.matches(sheet).count(), 1, "{list}");
    let shown = unit.get(sheet).await.page();
    assert!(shown.contains(words), "{words} not in {shown}");
}

#[tokio::test]
async fn an_heir_without_a_part_of_its_own_is_scored_for_what_came_to_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let alone = [(0, Duty::Lead)];
        let task = world.task(1, "公开规章", IN_TIME, &alone).await;
        does(&world, task, 0).await;
        merge(&world, 0, 1).await;
        let mut clerk = world.browser(world.clerk).await;
        let mut heir = world.browser(world.liaisons[1]).await;
        let tried = opened(&mut clerk).await;
        let words = "1 / 1 件（含已并入单位的1件）";
        sees(&mut heir, &sheet(&tried, &world, 1), words).await;
        let mut stranger = world.browser(world.liaisons[2]).await;
        let list = stranger.get("/workspace/scores/own").await.page();
        assert!(!list.contains("9月考核"), "{list}");
        let cancel = [("step", "cancel"), ("note", "重新开启")];
        let step = format!("{tried}/step");
        clerk.post(&step, &cancel).await.redirected();
        let period = computed(&world).await;
        let mut heir = world.browser(world.liaisons[1]).await;
        sees(&mut heir, &sheet(&period, &world, 1), words).await;
    }
}

#[tokio::test]
async fn what_an_appeal_gave_back_goes_with_the_record_to_the_heir() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let both = [(0, Duty::Lead), (1, Duty::Lead)];
        world.task(1, "公开规章", None, &both).await;
        let wrong = world.wrong(0, FindingKind::NotUpdated, "栏目未更新");
        world.finds(wrong).await;
        let period = computed(&world).await;
        let unit = sheet(&period, &world, 0);
        let mut own = world.browser(world.liaisons[0]).await;
        appeals(&mut own, &unit, "a2", "当天已更新")
            .await
            .redirected();
        let mut clerk = world.browser(world.clerk).await;
        let decide = decision(&clerk.get(&unit).await.page());
        let upheld = [("state", "upheld"), ("change", "1"), ("decision", "属实")];
        clerk.post(&decide, &upheld).await.redirected();
        world.clock.advance(SignedDuration::from_hours(DAY * 15));
        let mut clerk = world.browser(world.clerk).await;
        let mut head = world.browser(world.head).await;
        takes(&mut clerk, &period, "submit").await.redirected();
        let reject = [("step", "reject"), ("note", "机构已合并")];
        head.post(&format!("{period}/decide"), &reject)
            .await
            .redirected();
        merge(&world, 0, 1).await;
        let heir = sheet(&period, &world, 1);
        for is_tried in [true, false] {
            let shown = clerk.get(&heir).await.page();
            for words in ["原市司法局：栏目未更新", "申诉调整 1 分", "：100 分"] {
                assert!(shown.contains(words), "{words} not in {shown}");
            }
            if is_tried {
                takes(&mut clerk, &period, "compute").await.redirected();
            }
        }
    }
}

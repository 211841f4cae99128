//! What those above see of the units below, and what becomes of late answers and lost reviews.

use super::*;
use gongkai_platform::finding::store::Side;
use gongkai_platform::finding::{self, Finding, FindingKind, FindingState};

const UNITS: &str = "/workspace/requests/units";

async fn findings(world: &World, kind: FindingKind) -> Vec<Finding> {
    let narrow = finding::Narrow {
        kind: Some(kind),
        ..finding::Narrow::default()
    };
    world
        .db
        .read(async |tx: &mut Tx| {
            let side = Side::Office(&Scope::Everything);
            finding::store::list(tx, side, &narrow, (0, 50)).await
        })
        .await
        .unwrap()
}

/// The office verifies what the night noted.
async fn verified(world: &World, of: &Finding) {
    let id = of.id;
    world
        .db
        .upkeep(async |tx: &mut Tx| {
            tx.run(
                sql(
                    "UPDATE finding SET state = 'confirmed', confirmed_on = found_on WHERE id = $1",
                )
                .bind(id),
            )
            .await
            .map(|_| ())
        })
        .await
        .unwrap();
}

/// A case that an organ took in over the counter today, up to the desk.
async fn taken(world: &World, officer: AccountId, organ: OrganId, subject: &str) -> String {
    let (organ, token) = (organ.to_string(), testing::uuid().to_string());
    let today = world.app.today().to_string();
    let mut fields = application(&token, &organ, subject);
    fields.retain(|(name, _)| *name != "channel");
    fields.extend([("channel", "counter"), ("submitted_on", today.as_str())]);
    let mut officer = world.browser(officer).await;
    officer
        .upload("/workspace/requests/new", &fields, ("file", "", b""))
        .await
        .redirected()
}

/// The figure of a unit under a column, as its cell links it.
fn cell(page: &str, label: &str) -> bool {
    page.contains(&format!("aria-label=\"{label}\""))
}

#[tokio::test]
async fn those_above_see_units_with_lights_and_what_several_do_wrong() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let told = taken(&world, world.officer, world.bureau, "学位分配方案").await;
        let late = taken(&world, world.officer, world.bureau, "老旧小区改造清单").await;
        taken(&world, world.stranger, world.other, "部门预算明细").await;
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &late, "accept", &[]).await.redirected();
        // The sixth working day after 2 March.
        world.days(8);
        let mut officer = world.browser(world.officer).await;
        let ask = [("items", "请写明年度"), ("until", "2026-04-10")];
        act(&mut officer, &told, "ask_supplement", &ask)
            .await
            .redirected();
        let organ = world.bureau.to_string();
        let letter = [
            ("kind", "refuse"),
            ("organ", organ.as_str()),
            ("applicant", "甲"),
        ];
        officer
            .post("/workspace/requests/letters/new", &letter)
            .await
            .redirected();
        let mut above = world.browser(world.supervisor).await;
        let page = above.get(UNITS).await.page();
        assert!(cell(&page, "安澜市司法局在办2件"), "{page}");
        assert!(cell(&page, "安澜市司法局补正告知过晚1件"), "{page}");
        assert!(cell(&page, "安澜市司法局文书检查未过1件"), "{page}");
        assert!(!page.contains("共性</span>"), "{page}");
        // The due day of the two that nobody asked about is 30 March.
        world.days(20);
        let mut above = world.browser(world.supervisor).await;
        let page = above.get(UNITS).await.page();
        assert!(cell(&page, "安澜市司法局今天到期1件"), "{page}");
        world.days(1);
        let mut above = world.browser(world.supervisor).await;
        let page = above.get(UNITS).await.page();
        for label in ["安澜市司法局已逾期1件", "安澜市财政局答复超期1件"] {
            assert!(cell(&page, label), "{label}\n{page}");
        }
        assert!(page.contains("共性</span>"), "late in two units\n{page}");
        let behind = format!("{UNITS}/cases?what=late&organ={organ}");
        let list = above.get(&behind).await.page();
        assert!(
            list.contains("老旧小区改造清单") && !list.contains("部门预算"),
            "{list}"
        );
        let list = above
            .get(&format!("{UNITS}/cases?what=told-late"))
            .await
            .page();
        assert!(
            list.contains("学位分配方案") && !list.contains("老旧小区"),
            "{list}"
        );
        let held = format!("/workspace/requests/letters?held=2026&organ={organ}");
        assert!(above.get(&held).await.page().contains("不予公开"));
        let csv = above.get(&format!("{UNITS}?format=csv")).await.text();
        assert!(csv.contains("安澜市司法局,安澜市人民政府,2,1,"), "{csv}");
        assert_eq!(
            above.get(&format!("{UNITS}/cases?what=held")).await.status,
            404
        );
        assert_eq!(
            above.get(&format!("{UNITS}/cases?what=x")).await.status,
            404
        );
        // A bureau's own head sees the bureau; whoever handles cases alone sees no such page.
        let mut head = world.browser(world.head).await;
        let page = head.get(UNITS).await.page();
        assert!(
            page.contains("安澜市司法局") && !page.contains("安澜市财政局"),
            "{page}"
        );
        let elsewhere = format!("{UNITS}/cases?what=late&organ={}", world.other);
        assert_eq!(head.get(&elsewhere).await.status, 404);
        let mut officer = world.browser(world.officer).await;
        assert_eq!(officer.get(UNITS).await.status, 403);
    }
}

#[tokio::test]
async fn late_answers_and_lost_reviews_become_findings_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = taken(&world, world.officer, world.bureau, "老旧小区改造清单").await;
        taken(&world, world.stranger, world.other, "部门预算明细").await;
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "accept", &[]).await.redirected();
        world.days(28);
        assert_eq!(
            night::run(&world.app).await.unwrap().late,
            0,
            "its last day"
        );
        world.days(1);
        assert_eq!(night::run(&world.app).await.unwrap().late, 2);
        world.days(1);
        assert_eq!(night::run(&world.app).await.unwrap().late, 0, "noted once");
        let found = findings(&world, FindingKind::LateReply).await;
        assert!(
            found
                .iter()
                .all(|one| one.state == FindingState::ToVerify && one.times == 1)
        );
        let own = found.iter().find(|one| one.organ == world.bureau).unwrap();
        assert_eq!(own.office, world.city);
        verified(&world, own).await;
        // Answered at last: mended, and it counts all the same.
        let mut officer = world.browser(world.officer).await;
        let decide = [("reply", "R2"), ("text", "提供清单一份")];
        let decide = (decide.as_slice(), ("file", "清单.txt", GIVEN));
        act_with(&mut officer, &path, "decide", decide)
            .await
            .redirected();
        let mut head = world.browser(world.head).await;
        act(&mut head, &path, "pass", &[("words", "可以公开")])
            .await
            .redirected();
        act(&mut head, &path, "sign", &[]).await.redirected();
        let today = world.app.today().to_string();
        let send = [("service", "web"), ("on", today.as_str()), ("proof", "")];
        act(&mut officer, &path, "dispatch", &send)
            .await
            .redirected();
        let found = findings(&world, FindingKind::LateReply).await;
        let own = found.iter().find(|one| one.organ == world.bureau).unwrap();
        assert_eq!(own.state, FindingState::Closed);
        assert!(own.confirmed_on.is_some());
        let mut above = world.browser(world.supervisor).await;
        let page = above.get(UNITS).await.page();
        assert!(
            cell(&page, "安澜市司法局答复超期1件"),
            "answered late\n{page}"
        );
        lost(&world, &mut officer).await;
    }
}

/// A review is lost; entered by mistake, it goes again.
async fn lost(world: &World, officer: &mut Browser) {
    let organ = world.bureau.to_string();
    let note = [
        ("organ", organ.as_str()),
        ("kind", "review"),
        ("applicant", "刘某"),
        ("body", "安澜市人民政府"),
        ("matter", "撤销答复"),
        ("procedure", "ordinary"),
        ("filed_on", "2026-03-20"),
        ("copy_on", "2026-03-23"),
    ];
    let path = officer
        .post("/workspace/requests/reviews/new", &note)
        .await
        .redirected();
    for (text, found) in [
        ("刘某", true),
        ("安澜市人民政府", true),
        ("撤销答", true),
        ("刘_", false),
        ("没有的人", false),
    ] {
        let list = format!("/workspace/requests/reviews?text={text}");
        let page = officer.get(&list).await.page();
        assert_eq!(page.contains(&path), found, "{text}: {page}");
    }
    let end = [
        ("version", "1"),
        ("outcome", "corrected"),
        ("decided_on", "2026-03-31"),
        ("reason", "没有征求第三方意见"),
        ("lesson", "先书面征求第三方意见"),
        ("lesson_kind", "refuse"),
    ];
    officer
        .post(&format!("{path}/end"), &end)
        .await
        .redirected();
    let found = findings(world, FindingKind::LostReview).await;
    assert_eq!((found.len(), found[0].state), (1, FindingState::ToVerify));
    let mut above = world.browser(world.supervisor).await;
    let page = above.get(UNITS).await.page();
    assert!(cell(&page, "安澜市司法局复议诉讼被纠正1件"), "{page}");
    let list = format!("/workspace/requests/reviews?outcome=corrected&year=2026&organ={organ}");
    assert!(above.get(&list).await.page().contains("撤销答复"));
    let other = list.replace("2026", "2025");
    assert!(!above.get(&other).await.page().contains("撤销答复"));
    let gone = [("version", "2"), ("why", "重复登记")];
    officer
        .post(&format!("{path}/remove"), &gone)
        .await
        .redirected();
    let found = findings(world, FindingKind::LostReview).await;
    assert_eq!(found[0].state, FindingState::Closed);
    assert!(found[0].confirmed_on.is_none(), "never counted");
}

#[tokio::test]
async fn lists_of_letters_lead_to_their_second_page() {
    let world = World::on(&backends()[0]).await;
    let mut officer = world.browser(world.officer).await;
    let organ = world.bureau.to_string();
    for number in 0..51 {
        let name = format!("申请人{number}");
        let fields = [
            ("kind", "supplement"),
            ("organ", organ.as_str()),
            ("applicant", name.as_str()),
        ];
        officer
            .post("/workspace/requests/letters/new", &fields)
            .await
            .redirected();
    }
    let list = "/workspace/requests/letters?kind=supplement&";
    let first = officer.get(list).await.page();
    assert!(
        first.contains("kind=supplement&#38;page=2")
            || first.contains("kind=supplement&amp;page=2"),
        "{first}"
    );
    let second = officer.get(&format!("{list}page=2")).await.page();
    assert!(second.contains("第 51–51 条，共 51 条"), "{second}");
    // What was typed is found, signs of patterns mean themselves.
    for (text, found) in [
        ("申请人50", true),
        ("申请人_0", false),
        ("%25", false),
        ("没有的人", false),
    ] {
        let page = officer.get(&format!("{list}text={text}")).await.page();
        assert_eq!(page.contains("申请人50"), found, "{text}: {page}");
        assert!(!page.contains("申请人49"), "{text}: {page}");
    }
}

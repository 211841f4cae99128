//! People of several offices or units act in the name of the one whose work it is.

mod merger;

use gongkai_basis::Role;
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::db::Tx;
use gongkai_platform::testing::{self, Browser, backends, person};
use jiff::SignedDuration;

use crate::assignment::Duty;
use crate::plan::{self, Plan, PlanState};
use crate::testing::World;

/// A plan of 2026, in the place of the world's own for the tasks that follow.
async fn has_plan(world: &mut World, office: OrganId, government: OrganId) {
    let plan = Plan {
        id: PlanId::new(testing::uuid()),
        organ: office,
        government,
        title: "2026年政务公开工作要点分工方案".to_owned(),
        notice_title: None,
        document_number: None,
        issuer: None,
        issued_on: None,
        published_on: None,
        year: 2026,
        state: PlanState::Active,
        source_file: None,
        draft: None,
        version: 1,
    };
    world
        .write("test.plan", async |tx: &mut Tx| {
            plan::store::insert(tx, &plan, &[]).await
        })
        .await;
    world.plan = plan.id;
}

/// A county below the city, with its office.
async fn county(world: &World) -> (OrganId, OrganId) {
    let county = testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await;
    let office = testing::organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
    (county, office)
}

async fn of(world: &World, name: &str, roles: &[(Role, OrganId)]) -> Browser {
    let account = person(&world.db, name, roles).await;
    world.browser(account).await
}

#[tokio::test]
async fn papers_are_of_the_office_whose_plan_or_facts_they_are() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let (county, below) = county(&world).await;
        let own = world
            .task(1, "市里的任务", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        has_plan(&mut world, below, county).await;
        let theirs = world
            .task(1, "县里的任务", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        let desks = [
            (Role::OfficeClerk, world.office),
            (Role::OfficeClerk, below),
        ];
        let mut both = of(&world, "兼职文书", &desks).await;
        let mut there = of(&world, "县文书", &[(Role::OfficeClerk, below)]).await;
        let mut here = world.browser(world.clerk).await;

        let tasks = [own.to_string(), theirs.to_string()];
        let fields = tasks.each_ref().map(|task| ("task", task.as_str()));
        let page = both
            .post("/workspace/supervision/new", &fields)
            .await
            .page();
        assert!(
            page.contains("1 个单位，2 项") && page.contains("云岭县人民政府办公室的方案"),
            "{page}"
        );
        let words = [
            ("title", "督办通知"),
            ("requirement", "限期公开"),
            ("reply_days", "5"),
        ];
        let all: Vec<_> = fields.iter().chain(&words).copied().collect();
        both.post("/workspace/supervision/draft", &all)
            .await
            .redirected();
        let list = "/workspace/supervision?state=draft";
        for browser in [&mut here, &mut there] {
            let page = browser.get(list).await.page();
            assert_eq!(page.matches("督办通知").count(), 1, "{page}");
        }

        let new = "/workspace/bulletins/new?kind=criticism";
        let page = both.get(&format!("{new}&office={below}")).await.page();
        assert!(
            page.contains("县里的任务") && !page.contains("市里的任务"),
            "{page}"
        );
        let fact = page.split("name=\"fact\" value=\"").nth(1).unwrap();
        let fact = fact.split('"').next().unwrap();
        let below_id = below.to_string();
        let fields = [
            ("kind", "criticism"),
            ("office", below_id.as_str()),
            ("fact", fact),
        ];
        let bulletin = both
            .post("/workspace/bulletins/new", &fields)
            .await
            .redirected();
        assert_eq!(there.get(&bulletin).await.status, 200);
        assert_eq!(here.get(&bulletin).await.status, 404);
        let stranger = here.get(&format!("{new}&office={below}")).await;
        assert_eq!(stranger.status, 404, "nobody's office but one's own");
        assert!(!here.get(new).await.page().contains("以哪个办公室的名义"));
    }
}

#[tokio::test]
async fn score_periods_are_of_the_office_that_is_chosen() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (_, below) = county(&world).await;
        let desks = [
            (Role::OfficeClerk, world.office),
            (Role::OfficeClerk, below),
        ];
        let mut both = of(&world, "兼职文书", &desks).await;
        let mut there = of(&world, "县文书", &[(Role::OfficeClerk, below)]).await;
        let below = below.to_string();
        let json = both
            .get("/workspace/scores/scheme/file?year=2026&format=json")
            .await
            .text();
        let scheme = [
            ("year", "2026"),
            ("office", below.as_str()),
            ("json", json.as_str()),
        ];
        let saved = both
            .post("/workspace/scores/scheme/import", &scheme)
            .await
            .redirected();
        assert!(both.get(&saved).await.page().contains("（第 1 版）"));
        let mut here = world.browser(world.clerk).await;
        let page = here.get("/workspace/scores/scheme?year=2026").await.page();
        assert!(page.contains("还没有保存"), "{page}");
        let fields = [
            ("title", "2026年县考核"),
            ("year", "2026"),
            ("from_on", "2026-01-01"),
            ("to_on", "2026-12-31"),
            ("office", ""),
        ];
        let unsaid = both.post("/workspace/scores/new", &fields).await;
        assert!(
            unsaid.status == 422 && unsaid.text().contains("请选择以哪一个的名义办理"),
            "{}",
            unsaid.text()
        );
        let mut said = fields;
        said[4].1 = &below;
        let period = both.post("/workspace/scores/new", &said).await.redirected();
        assert_eq!(there.get(&period).await.status, 200);
        assert_eq!(here.get(&period).await.status, 404);
        let page = there.get("/workspace/scores").await.page();
        assert!(!page.contains("以哪个办公室的名义"), "{page}");
    }
}

const CASE: [(&str, &str); 3] = [
    ("title", "一键更新"),
    ("done_text", "当天更新"),
    ("effect_text", "缩到当天"),
];

#[tokio::test]
async fn cases_are_submitted_and_taken_up_for_the_unit_that_is_chosen() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", None, &[(0, Duty::Lead), (1, Duty::Lead)])
            .await;
        let units = [
            (Role::Liaison, world.units[0]),
            (Role::Liaison, world.units[1]),
        ];
        let mut both = of(&world, "兼职联络员", &units).await;
        let new = "/workspace/practices/new";
        let unsaid = both.upload(new, &CASE, ("file", "", b"")).await;
        assert!(
            unsaid.status == 422 && unsaid.text().contains("以哪个单位的名义"),
            "{}",
            unsaid.text()
        );
        let second = world.units[1].to_string();
        let mut fields = CASE.to_vec();
        fields.push(("unit", &second));
        let case = both
            .upload(new, &fields, ("file", "", b""))
            .await
            .redirected();
        let page = both.get(&case).await.page();
        assert!(page.contains("<dd>市财政局</dd>"), "{page}");
        let mut head = world.browser(world.head).await;
        head.post(&format!("{case}/choose"), &[("step", "choose")])
            .await
            .redirected();
        head.post(&format!("{case}/approve"), &[])
            .await
            .redirected();
        // The other unit of the same person may take it up; there is nothing to choose.
        both.post(&format!("{case}/borrow"), &[("note", "照此办理")])
            .await
            .redirected();
        let page = both.get(&case).await.page();
        assert!(page.contains("市司法局：照此办理"), "{page}");
        // What was chosen stands still chosen beside the fault.
        let units = units.map(|(role, _)| role).into_iter();
        let others = [world.units[0], world.units[2]];
        let two: Vec<_> = units.zip(others).collect();
        let mut two = of(&world, "两单位联络员", &two).await;
        let second = world.units[2].to_string();
        let fields = [("unit", second.as_str()), ("note", "")];
        let refused = two.post(&format!("{case}/borrow"), &fields).await;
        assert_eq!(refused.status, 422);
        let text = refused.text();
        let chosen = format!("value=\"{second}\" selected");
        assert!(text.contains(&chosen), "{text}");
    }
}

#[tokio::test]
async fn a_county_bureaus_case_goes_to_the_county_though_the_citys_plan_is_newer() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let (county, below) = county(&world).await;
        let bureau = testing::organ(&world.db, "云岭县教育局", Some(county)).await;
        world.units.push(bureau);
        has_plan(&mut world, below, county).await;
        world.task(1, "县里的任务", None, &[(3, Duty::Lead)]).await;
        world.clock.advance(SignedDuration::from_hours(24));
        let (office, city) = (world.office, world.city);
        has_plan(&mut world, office, city).await;
        world.task(1, "市里的任务", None, &[(3, Duty::Lead)]).await;
        let mut liaison = of(&world, "县教育局联络员", &[(Role::Liaison, bureau)]).await;
        let case = liaison
            .upload("/workspace/practices/new", &CASE, ("file", "", b""))
            .await
            .redirected();
        let mut there = of(&world, "县文书", &[(Role::OfficeClerk, below)]).await;
        let list = "/workspace/practices?side=office";
        assert!(there.get(list).await.page().contains(&case));
        let mut here = world.browser(world.clerk).await;
        assert!(!here.get(list).await.page().contains(&case));
    }
}

#[tokio::test]
async fn a_head_of_two_offices_sets_the_rules_of_each() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (_, below) = county(&world).await;
        let heads = [(Role::OfficeHead, world.office), (Role::OfficeHead, below)];
        let mut both = of(&world, "兼任主任", &heads).await;
        let office = below.to_string();
        let orders = ("/workspace/supervision", "/workspace/supervision/pattern");
        let bulletins = ("/workspace/bulletins", "/workspace/bulletins/rules");
        for (list, form) in [orders, bulletins] {
            let mut fields = vec![("pattern", "云〔{year}〕{n}号"), ("approver", "leader")];
            let unsaid = both.post(form, &fields).await;
            assert!(
                unsaid.status == 422 && unsaid.text().contains("请选择以哪一个的名义办理"),
                "{}",
                unsaid.text()
            );
            fields.push(("office", &office));
            both.post(form, &fields).await.redirected();
            let page = both.get(list).await.page();
            assert!(
                page.contains("云岭县人民政府办公室的") && page.matches("〕{n}号\"").count() == 2,
                "{page}"
            );
            let mut there = of(&world, &format!("县主任{list}"), &heads[1..]).await;
            assert!(there.get(list).await.page().contains("云〔{year}〕{n}号"));
            let mut here = world.browser(world.head).await;
            assert!(!here.get(list).await.page().contains("云〔{year}〕{n}号"));
        }
    }
}

//! A lower plan against its upper one, and what adds up from below.

use super::*;

/// A county below the city, with its office, clerk, head and plan.
pub(super) struct County {
    pub(super) plan: PlanId,
    pub(super) clerk: AccountId,
    head: AccountId,
}

pub(super) async fn county(world: &World) -> County {
    let county = testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await;
    for id in [world.city, county] {
        world
            .write("test.government", async |tx: &mut Tx| {
                let mut organ = organ::store::load(tx, id).await?.unwrap();
                organ.kind = organ::Kind::Government;
                organ::store::update(tx, &mut organ).await
            })
            .await;
    }
    let office = testing::organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
    let clerk = testing::person(&world.db, "县文书", &[(Role::OfficeClerk, office)]).await;
    let head = testing::person(&world.db, "县主任", &[(Role::OfficeHead, office)]).await;
    let plan = plan(
        world,
        (office, county),
        2026,
        "云岭县2026年政务公开工作要点分工方案",
    )
    .await;
    // The city's plan gives the county a part.
    task(
        world,
        world.plan,
        (
            1,
            "公开义务教育招生范围、条件、程序和结果，公布当年招生方案。",
        ),
        Some("2026-04-30"),
        &[(county, "各县（区）政府", Duty::Responsible)],
    )
    .await;
    task(
        world,
        world.plan,
        (2, "食品药品抽检结果和不合格产品处置情况向社会公布。"),
        Some("2026-09-30"),
        &[(county, "各县（区）政府", Duty::Responsible)],
    )
    .await;
    task(
        world,
        plan,
        (
            1,
            "公开义务教育招生范围、条件、程序和结果，公布当年招生方案。",
        ),
        Some("2026-04-15"),
        &[(office, "县教育局", Duty::Lead)],
    )
    .await;
    task(
        world,
        plan,
        (2, "办好云岭面对面政策宣讲活动。"),
        Some("2026-08-31"),
        &[(office, "县政府办公室", Duty::Lead)],
    )
    .await;
    County { plan, clerk, head }
}

#[tokio::test]
async fn a_measure_taken_over_keeps_what_it_counts() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let county = county(&world).await;
        let counted = crate::plan::Quantity {
            text: "不少于4场".to_owned(),
            value: 4,
            max: None,
            unit: "场".to_owned(),
        };
        let text = "举行新闻发布会不少于4场。";
        let measure = world
            .counted_task(text, &[], &[counted], &[(0, Duty::Lead)])
            .await;
        let mut clerk = world.browser(county.clerk).await;
        let list = format!("/workspace/plans/{}/compare/level", county.plan);
        let upper = world.plan.to_string();
        clerk
            .post(&list, &[("other", upper.as_str())])
            .await
            .redirected();
        let adopt = format!("/workspace/plans/{}/adopt/{measure}", county.plan);
        clerk.post(&adopt, &[]).await.redirected();
        let page = clerk.get(&list).await.page();
        let change = super_link(&page, "/workspace/changes/");
        let mut head = world.browser(county.head).await;
        head.post(&format!("{change}/approve"), &[])
            .await
            .redirected();
        let of_county = async |tx: &mut Tx| task::store::of_plan(tx, county.plan).await;
        let tasks = world.db.read(of_county).await.unwrap();
        let taken = tasks.iter().find(|task| task.text == text).unwrap();
        assert_eq!(taken.quantities.len(), 1, "{taken:?}");
        assert_eq!(taken.quantities[0].value, 4);
    }
}

#[tokio::test]
async fn a_missing_measure_becomes_a_task_by_one_key() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let county = county(&world).await;
        let mut clerk = world.browser(county.clerk).await;
        let list = format!("/workspace/plans/{}/compare/level", county.plan);
        let page = clerk.get(&list).await.page();
        assert!(
            page.contains("安澜市2026年政务公开工作要点分工方案"),
            "{page}"
        );
        let upper = world.plan.to_string();
        clerk
            .post(&list, &[("other", upper.as_str())])
            .await
            .redirected();
        let page = clerk.get(&list).await.page();
        assert!(
            page.contains("▲ 加严") && page.contains("○ 缺项") && page.contains("＋ 自增"),
            "{page}"
        );
        // The city sees the cell and cannot settle it.
        let matrix = format!("/workspace/plans/{}/coverage", world.plan);
        let mut city = world.browser(world.clerk).await;
        let page = city.get(&matrix).await.page();
        assert!(
            page.contains("云岭县人民政府") && page.contains("▲ 加严") && page.contains("○ 缺项"),
            "{page}"
        );
        // What the city gave the county and the county left out stands out, and can be listed alone.
        assert!(
            page.contains("其中已交办 <b class=\"figure\">1</b>") && page.contains("cover-missing"),
            "{page}"
        );
        let missed = city.get(&format!("{matrix}?class=missed")).await.page();
        assert!(
            missed.contains("食品药品抽检结果") && !missed.contains("公布当年招生方案"),
            "{missed}"
        );
        let own = clerk.get(&format!("{list}?only=missed")).await.page();
        assert!(
            own.contains("食品药品抽检结果")
                && own.contains("上级交办")
                && !own.contains("公布当年招生方案"),
            "{own}"
        );
        let cell = super_link(
            &page,
            &format!("/workspace/plans/{}/compare/level/", county.plan),
        );
        let shown = city.get(&cell).await.page();
        assert!(
            shown.contains("期限提前") && !shown.contains("改为所选任务"),
            "{shown}"
        );
        // Both sides of what changed are marked.
        assert!(
            shown.contains("data-label=\"上级\"><del>")
                && shown.contains("data-label=\"本级\"><ins>"),
            "{shown}"
        );
        let csv = city
            .get(&format!("{matrix}/file?class=missing"))
            .await
            .text();
        assert!(
            csv.contains("缺项") && !csv.contains("加严") && csv.contains("自增"),
            "{csv}"
        );
        // One key, then the approval that every change needs.
        let page = clerk.get(&list).await.page();
        let at = page.find("/adopt/").unwrap();
        let adopt: String = page[at + 7..].chars().take_while(|c| *c != '"').collect();
        let adopt = format!("/workspace/plans/{}/adopt/{adopt}", county.plan);
        clerk.post(&adopt, &[]).await.redirected();
        assert!(clerk.get(&list).await.page().contains("已生成草案，待审批"));
        assert_eq!(
            clerk.post(&adopt, &[]).await.status.as_u16(),
            422,
            "not twice"
        );
        assert_eq!(
            city.post(&adopt, &[]).await.status.as_u16(),
            404,
            "not from above"
        );
        let page = clerk.get(&list).await.page();
        let change = super_link(&page, "/workspace/changes/");
        let mut head = world.browser(county.head).await;
        head.post(&format!("{change}/approve"), &[])
            .await
            .redirected();
        let page = clerk.get(&list).await.page();
        assert!(
            page.contains("● 已承接") && !page.contains("待审批"),
            "{page}"
        );
        let page = city.get(&matrix).await.page();
        assert!(page.contains("○ 缺项 <b class=\"figure\">0</b>"), "{page}");
    }
}

#[tokio::test]
async fn the_matrix_names_who_has_not_answered() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let county = county(&world).await;
        let district = testing::organ(&world.db, "东渚区人民政府", Some(world.city)).await;
        let town = testing::organ(&world.db, "青禾镇人民政府", Some(district)).await;
        for (id, kind) in [
            (district, organ::Kind::Government),
            (town, organ::Kind::Town),
        ] {
            world
                .write("test.government", async |tx: &mut Tx| {
                    let mut organ = organ::store::load(tx, id).await?.unwrap();
                    organ.kind = kind;
                    organ::store::update(tx, &mut organ).await
                })
                .await;
        }
        let matrix = format!("/workspace/plans/{}/coverage", world.plan);
        let mut city = world.browser(world.clerk).await;
        let page = city.get(&matrix).await.page();
        assert!(
            page.contains("还没有选定本方案为上级方案：云岭县人民政府。")
                && page.contains("还没有导入今年的方案：东渚区人民政府。"),
            "a town answers its district: {page}"
        );
        let list = format!("/workspace/plans/{}/compare/level", county.plan);
        let upper = world.plan.to_string();
        let mut clerk = world.browser(county.clerk).await;
        clerk
            .post(&list, &[("other", upper.as_str())])
            .await
            .redirected();
        let page = city.get(&matrix).await.page();
        assert!(
            !page.contains("还没有选定本方案") && page.contains("东渚区人民政府"),
            "{page}"
        );
    }
}

pub(super) fn super_link(page: &str, start: &str) -> String {
    let at = page
        .find(&format!("\"{start}"))
        .unwrap_or_else(|| panic!("no link to {start} in\n{page}"));
    page[at + 1..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn levels_show_the_overdue_one_under_its_parent() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let county = county(&world).await;
        let mut city = world.browser(world.clerk).await;
        let page = city.get("/workspace/levels").await.page();
        // Both of the county's dates have gone by; nobody reported.
        assert!(
            page.contains("<th scope=\"row\">云岭县人民政府</th>"),
            "{page}"
        );
        assert!(
            page.contains("<td data-label=\"已逾期\" class=\"num\">2</td>"),
            "{page}"
        );
        assert!(
            page.contains("办好云岭面对面政策宣讲活动。"),
            "named under the parent: {page}"
        );
        assert!(
            page.contains("<span class=\"light light-overdue\">■ ") && !page.contains("未落实单位"),
            "{page}"
        );
        let mut below = world.browser(county.clerk).await;
        let page = below.get("/workspace/levels").await.page();
        assert!(
            page.contains("没有下级政府") && page.contains("请政务公开办在机关名录里补上"),
            "{page}"
        );
        let (plans, today) = world
            .db
            .read(async |tx: &mut Tx| {
                let today = day(TODAY);
                let found =
                    store::lights_below(tx, world.city, 2026, (today, day("2026-10-01"))).await?;
                Ok::<_, StoreError>((found, today))
            })
            .await
            .unwrap();
        assert_eq!(today, day(TODAY));
        let of_county = plans.iter().find(|it| it.plan == county.plan).unwrap();
        assert_eq!(of_county.lights, [0, 0, 0, 0, 2]);
        let (late, n) = world
            .db
            .read(async |tx: &mut Tx| {
                store::late_below(tx, world.city, 2026, day(TODAY), (0, 50)).await
            })
            .await
            .unwrap();
        assert_eq!((late.len(), n), (2, 2));
        assert_eq!(late[0].due_on, day("2026-04-15"));

        // A task that no organ has is told as the ledger does.
        world
            .write("test.gone", async |tx: &mut Tx| {
                tx.run(
                    gongkai_platform::db::sql("DELETE FROM assignment WHERE plan_id = $1")
                        .bind(county.plan),
                )
                .await
            })
            .await;
        let page = city.get("/workspace/levels").await.page();
        assert!(page.contains("◌ 未落实单位"), "{page}");
    }
}

#[test]
fn a_rollup_is_the_naive_count() {
    let organ = |n: u128| OrganId::new(uuid::Uuid::from_u128(n));
    let path = |ids: &[u128]| {
        let mut path = "/".to_owned();
        for n in ids {
            path.push_str(&format!("{}/", organ(*n)));
        }
        path
    };
    let government = |ids: &[u128], name: &str| Government {
        id: organ(*ids.last().unwrap()),
        path: path(ids),
        name: name.to_owned(),
    };
    let top = government(&[1], "市");
    let all = [
        top.clone(),
        government(&[1, 2], "甲县"),
        government(&[1, 2, 9, 4], "甲县一镇"),
        government(&[1, 3], "乙县"),
    ];
    let plan = |n: u128, government: u128, lights: [i64; 5]| PlanLights {
        plan: PlanId::new(uuid::Uuid::from_u128(n)),
        title: format!("方案{n}"),
        government: organ(government),
        lights,
    };
    let plans = [
        plan(10, 1, [5, 5, 5, 5, 5]),
        plan(11, 2, [10, 3, 0, 0, 0]),
        plan(12, 4, [0, 0, 2, 3, 1]),
        plan(13, 99, [9, 9, 9, 9, 9]),
    ];
    let (rows, own) = rollup(&top, &all, &plans);
    assert_eq!(own, Tally::from([5, 5, 5, 5, 5]));
    assert_eq!(
        rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["甲县", "乙县"]
    );
    assert_eq!(rows[0].own, Tally::from([10, 3, 0, 0, 0]));
    assert_eq!(
        rows[0].all,
        Tally::from([10, 3, 2, 3, 1]),
        "the town's counts stand in the county's"
    );
    assert_eq!(
        rows[0].worst(),
        Some(Light::Overdue),
        "the county is green, its town is not"
    );
    assert_eq!((rows[0].below, rows[1].worst()), (1, None));
    let naive = plans
        .iter()
        .filter(|plan| [organ(2), organ(3), organ(4)].contains(&plan.government))
        .fold([0; 5], |mut sum: [i64; 5], plan| {
            for (sum, n) in sum.iter_mut().zip(plan.lights) {
                *sum += n;
            }
            sum
        });
    assert_eq!(total(&rows), Tally::from(naive));
}

#[test]
fn a_document_that_names_a_plan_is_known_by_its_title() {
    let names = crate::pairing::handle::names_plan;
    assert!(names(
        "根据《安澜市2026年政务公开工作要点分工方案》",
        "安澜市2026年政务公开工作要点分工方案"
    ));
    assert!(names(
        "为落实安澜市2025年政务公开工作要点，",
        "安澜市2025年政务公开工作要点分工方案"
    ));
    assert!(!names(
        "根据市里部署",
        "安澜市2026年政务公开工作要点分工方案"
    ));
    assert!(!names("", "分工方案"));
}

#[tokio::test]
async fn in_january_the_levels_show_the_year_that_has_plans() {
    for backend in backends() {
        let world = World::on(&backend).await;
        county(&world).await;
        let january = "2027-01-05T09:00:00+08:00".parse::<jiff::Timestamp>();
        let ahead = january.unwrap().duration_since(world.clock.now());
        world.clock.advance(ahead);
        let mut city = world.browser(world.clerk).await;
        let page = city.get("/workspace/levels").await.page();
        assert!(
            page.contains("<option selected>2026</option>")
                && page.contains("云岭县2026年政务公开工作要点分工方案")
                && !page.contains("未导入方案"),
            "{page}"
        );
        let page = city.get("/workspace/levels?year=2027").await.page();
        assert!(page.contains("未导入方案"), "{page}");
    }
}

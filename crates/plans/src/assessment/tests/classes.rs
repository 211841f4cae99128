//! Units are ranked among those of their class: the scheme's page, the table, the sheet, the file.

use gongkai_basis::id::OrganId;
use gongkai_office::Limits;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Tx, sql};
use gongkai_platform::testing::backends;

use super::period;
use crate::assessment::handle::class_names;
use crate::assessment::{Period, PeriodId, PeriodState, Points, class, store};
use crate::assignment::Duty;
use crate::testing::{TODAY, World, day};

#[tokio::test]
async fn classes_are_part_of_the_scheme_as_they_are_typed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let path = "/workspace/scores/scheme";
        let scheme = [
            ("year", "2026"),
            ("title", "办法"),
            ("year_weight", "4"),
            ("bonus_cap", "5"),
            ("grades", "优秀 90；不合格 0"),
            ("code", "a"),
            ("group", "主动公开"),
            ("name", "按期完成"),
            ("weight", "100"),
            ("measure", "ledger"),
            ("rules", ""),
        ];
        let with = |classes: &'static str| [&scheme[..], &[("classes", classes)]].concat();
        let wrong = with("甲类：市司法局、没有这个局");
        let refused = clerk.post(path, &wrong).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        assert!(
            page.contains("“没有这个局”不是机关的级别或类型")
                && page.contains("甲类：市司法局、没有这个局</textarea>"),
            "{page}"
        );
        let right = "甲类：市司法局\n乙类：工作部门";
        let next = clerk.post(path, &with(right)).await.redirected();
        let page = clerk.get(&next).await.page();
        assert!(page.contains(&format!("{right}</textarea>")), "{page}");
        // A bulletin of January ranks by them until the new year has a scheme of its own.
        let unit = world.units[0];
        for (year, named) in [(2026, true), (2027, true), (2028, false), (2025, false)] {
            let classes = world
                .db
                .read(async |tx: &mut Tx| class_names(tx, (world.office, year), &[unit]).await)
                .await
                .unwrap();
            let class = classes.get(&unit).map(String::as_str);
            assert_eq!(class, named.then_some("甲类"), "{year}");
        }
        let json = clerk
            .get(&format!("{path}/file?year=2026&format=json"))
            .await
            .text();
        let import = format!("{path}/import");
        let stranger = json.replace(
            &world.units[0].to_string(),
            "00000000-0000-7000-8000-000000000000",
        );
        assert_ne!(stranger, json);
        let refused = clerk
            .post(&import, &[("year", "2026"), ("json", &stranger)])
            .await;
        assert!(
            refused.status == 422 && refused.text().contains("机关名录中没有的单位"),
            "{}",
            refused.text()
        );
        clerk.post(path, &scheme).await.redirected();
        let page = clerk.get(&next).await.page();
        assert!(!page.contains("甲类"), "{page}");
    }
}

/// Class, rank and name of each row of the table.
fn rows(page: &str) -> Vec<String> {
    let until = |text: &str| text.split('<').next().unwrap().to_owned();
    let row = |row: &str| {
        let rank = row.split("data-label=\"名次\" class=\"num\">").nth(1);
        let name = row.split("/units/").nth(1).unwrap();
        format!(
            "{} {} {}",
            until(row),
            rank.map(until).unwrap_or_default(),
            until(name.split('>').nth(1).unwrap())
        )
    };
    let rows = page.split("<td data-label=\"类别\">").skip(1);
    rows.map(row).collect()
}

/// Locks a period with these totals, and makes something else of an organ afterwards.
async fn locks(world: &World, id: PeriodId, totals: [(OrganId, i64); 3]) {
    world
        .write("test.locked", async |tx: &mut Tx| {
            let everything = Scope::Everything;
            let side = store::Side::Office(&everything);
            let computed = store::load(tx, side, id).await?.unwrap();
            assert_eq!(computed.scheme.classes[0].members, [totals[0].0]);
            assert_eq!(computed.scheme.classes[1].members.len(), 2);
            for mut kept in store::kept(tx, id, None, (0, 10)).await? {
                let (_, total) = totals
                    .iter()
                    .find(|(organ, _)| *organ == kept.organ)
                    .unwrap();
                kept.total = Points(*total);
                store::update_kept(tx, id, &kept).await?;
            }
            let locked = Period {
                state: PeriodState::Locked,
                locked_on: Some(day(TODAY)),
                ..computed
            };
            store::update_period(tx, &locked).await?;
            tx.run(sql("UPDATE organ SET kind = 'office' WHERE id = $1").bind(totals[2].0))
                .await
        })
        .await;
}

#[tokio::test]
async fn ranks_are_told_within_a_class_from_approval_on() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let [first, second, third] = [world.units[0], world.units[1], world.units[2]];
        world
            .task(
                1,
                "公开规章",
                Some("2026-09-01"),
                &[(0, Duty::Lead), (1, Duty::Lead), (2, Duty::Lead)],
            )
            .await;
        let mut open = period();
        open.office = world.office;
        open.to_on = day("2026-09-10");
        open.scheme.indicators.retain(|one| one.code == "a1");
        let known = [(first, "市司法局".to_owned())];
        open.scheme.classes = class::read("甲类：市司法局\n乙类：市级工作部门", &known).0;
        let id = open.id;
        world
            .write("test.period", async |tx: &mut Tx| {
                store::insert_period(tx, &open).await
            })
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let path = format!("/workspace/scores/{id}");
        let page = clerk.get(&path).await.page();
        let mut tried = rows(&page);
        tried.sort();
        assert_eq!(
            tried,
            ["乙类  市教育局", "乙类  市财政局", "甲类  市司法局"]
        );
        assert!(!page.contains("不在任何一类"), "{page}");
        clerk
            .post(&format!("{path}/step"), &[("step", "compute")])
            .await
            .redirected();
        locks(
            &world,
            id,
            [(first, 6_000), (second, 9_000), (third, 7_000)],
        )
        .await;
        let page = clerk.get(&path).await.page();
        assert_eq!(
            rows(&page),
            ["甲类 1 市司法局", "乙类 1 市财政局", "乙类 2 市教育局"],
            "{page}"
        );
        let sheet = clerk.get(&format!("{path}/units/{third}")).await.page();
        assert!(sheet.contains("名次：乙类 2 个单位中第 2 名"), "{sheet}");
        let file = clerk.get(&format!("{path}/file?format=xlsx")).await;
        let file = gongkai_office::read(&file.bytes, &Limits::default()).unwrap();
        let text = format!("{:?}", file.blocks);
        for words in ["类别", "甲类", "乙类", "名次"] {
            assert!(text.contains(words), "{words} not in {text}");
        }
    }
}

#[tokio::test]
async fn units_of_no_class_are_told_before_anything_is_ranked() {
    let world = World::on(&backends()[0]).await;
    world
        .task(1, "公开规章", None, &[(0, Duty::Lead), (1, Duty::Lead)])
        .await;
    let mut open = period();
    open.office = world.office;
    let known = [(world.units[0], "市司法局".to_owned())];
    open.scheme.classes = class::read("甲类：市司法局", &known).0;
    let id = open.id;
    world
        .write("test.period", async |tx: &mut Tx| {
            store::insert_period(tx, &open).await
        })
        .await;
    let mut clerk = world.browser(world.clerk).await;
    let page = clerk.get(&format!("/workspace/scores/{id}")).await.page();
    assert!(
        page.contains("1 个单位不在任何一类：市财政局。锁定后它们单独排名。")
            && page.contains("<td data-label=\"类别\">未分类</td>"),
        "{page}"
    );
}

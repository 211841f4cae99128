//! What an upper office sees of the plans below it.

use gongkai_platform::db::sql;

use super::levels::{county, super_link};
use super::*;

/// The last line of the matrix as a file: what a lower plan has of its own.
fn added(csv: &str) -> &str {
    let last = csv.lines().last().unwrap();
    last.rsplit(',').next().unwrap().trim_matches('"')
}

#[tokio::test]
async fn a_measure_that_was_cancelled_above_is_answered_by_nobody() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let county = county(&world).await;
        let list = format!("/workspace/plans/{}/compare/level", county.plan);
        let file = format!("/workspace/plans/{}/coverage/file", world.plan);
        let mut clerk = world.browser(county.clerk).await;
        let mut city = world.browser(world.clerk).await;
        let upper = world.plan.to_string();
        let chosen = [("other", upper.as_str())];
        clerk.post(&list, &chosen).await.redirected();
        // A person said so: matching anew does not forget it.
        let rows = rows_of(&world, county.plan, PairKind::Level).await;
        let answered = rows.iter().find(|row| !row.links.is_empty()).unwrap();
        let (measure, task) = (answered.links[0].old, answered.links[0].new.to_string());
        let said = [("act", "choose"), ("other", task.as_str())];
        let side = format!("{list}/{measure}");
        clerk.post(&side, &said).await.redirected();
        assert_eq!(added(&city.get(&file).await.text()), "1");
        world
            .write("test.cancelled", async |tx: &mut Tx| {
                let cancelled =
                    sql("UPDATE task SET state = 'cancelled', version = version + 1 WHERE id = $1");
                tx.run(cancelled.bind(measure)).await
            })
            .await;
        for again in [false, true] {
            if again {
                clerk.post(&list, &chosen).await.redirected();
            }
            let rows = rows_of(&world, county.plan, PairKind::Level).await;
            let alone = rows.iter().filter(|row| row.old.is_none()).count();
            assert_eq!(alone, 2);
            assert_eq!(added(&city.get(&file).await.text()), "2", "{again}");
        }
    }
}

#[tokio::test]
async fn an_upper_office_is_led_to_no_page_that_it_may_not_open() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let county = county(&world).await;
        let list = format!("/workspace/plans/{}/compare/level", county.plan);
        let mut clerk = world.browser(county.clerk).await;
        let upper = world.plan.to_string();
        clerk
            .post(&list, &[("other", upper.as_str())])
            .await
            .redirected();
        let mut city = world.browser(world.clerk).await;
        let matrix = format!("/workspace/plans/{}/coverage", world.plan);
        let cell = super_link(&city.get(&matrix).await.page(), &format!("{list}/"));
        // 15 April to 21 September.
        let shown = city.get(&cell).await.page();
        assert!(
            shown.contains("■ 已逾期 159 天") && !shown.contains("/workspace/tasks/"),
            "{shown}"
        );
        let shown = city.get(&format!("{list}?class=added-here")).await.page();
        assert!(
            shown.contains("■ 已逾期 21 天") && !shown.contains("/workspace/tasks/"),
            "{shown}"
        );
        let own = clerk.get(&cell).await.page();
        assert!(own.contains("打开任务"), "{own}");
        // Late tasks below lead to where they stand beside the own measure, and name their units.
        let levels = city.get("/workspace/levels").await.page();
        assert!(
            levels.contains(&format!("<a href=\"{cell}\">"))
                && levels.contains("　公开义务教育招生范围")
                && !levels.contains("/workspace/tasks/")
                && levels.contains("云岭县人民政府办公室"),
            "{levels}"
        );
        let opened = super_link(&levels, &format!("{list}/"));
        assert_eq!(city.get(&opened).await.status.as_u16(), 200);
    }
}

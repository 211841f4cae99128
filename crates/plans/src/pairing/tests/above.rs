//! What an upper office sees of the plans below it.

use gongkai_platform::db::sql;

use super::levels::county;
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

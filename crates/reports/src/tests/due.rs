//! By when reports are due, as an office sets it for its area.

use super::*;

const DUE: &str = "/workspace/reports/due";

fn fields<'f>(
    organ: &'f str,
    version: &'f str,
    departments: &'f str,
    towns: &'f str,
) -> [(&'f str, &'f str); 6] {
    [
        ("organ", organ),
        ("version", version),
        ("departments", departments),
        ("governments", "03-31"),
        ("towns", towns),
        ("basis", "安澜市府办2026年12月1日通知"),
    ]
}

/// The days on which the units owe their reports, as a calendar of duties has them.
async fn owed(world: &World) -> Vec<(OrganId, String)> {
    let range = DateRange {
        from: "2027-01-01".parse().unwrap(),
        to: "2027-04-30".parse().unwrap(),
    };
    let due = async |tx: &mut Tx| world.app.seams.due(tx, &Scope::Everything, range).await;
    let items = world.db.read(due).await.unwrap();
    let days = items
        .into_iter()
        .map(|item| (item.organ, item.due_on.to_string()));
    days.collect()
}

#[tokio::test]
async fn an_office_sets_the_days_of_its_area_and_duties_follow() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let city = world.city.to_string();
        let town = testing::organ(&world.db, "安澜市临江镇", Some(world.city)).await;
        set_kind(&world.db, town, "town").await;
        let mut clerk = world.browser(world.clerk).await;
        let bureau = world.units[0];
        let both = async || {
            let owed = owed(&world).await;
            let day = |organ| owed.iter().find(|(of, _)| *of == organ).unwrap().1.clone();
            [day(bureau), day(town)]
        };
        assert_eq!(both().await, ["2027-01-31", "2027-01-31"]);
        says(&clerk.get(LIST).await, 200, DUE);
        says(&clerk.get(DUE).await, 200, "没有另行设置");
        // What the law says, and days that are none.
        let late = fields(&city, "0", "02-01", "04-01");
        let refused = clerk.post(DUE, &late).await;
        says(&refused, 422, "最迟1月31日");
        says(&refused, 422, "最迟3月31日");
        says(&refused, 422, "value=\"02-01\"");
        let odd = fields(&city, "0", "01-31", "2月20日");
        says(&clerk.post(DUE, &odd).await, 422, "月-日");
        assert_eq!(both().await, ["2027-01-31", "2027-01-31"]);
        let good = fields(&city, "0", "01-20", "02-20");
        clerk.post(DUE, &good).await.redirected();
        assert_eq!(both().await, ["2027-01-20", "2027-02-20"]);
        let list = clerk.get(LIST).await.page();
        assert!(list.contains("2027年2月20日"), "{list}");
        says(&clerk.get(DUE).await, 200, "安澜市府办2026年12月1日通知");
        // Somebody else was faster: what was typed is there, over what is stored now.
        let overtaken = clerk.post(DUE, &fields(&city, "0", "01-15", "02-10")).await;
        says(&overtaken, 409, "value=\"01-15\"");
        says(&overtaken, 409, "name=\"version\" value=\"1\"");
        // Nobody sets another's days.
        let own = bureau.to_string();
        let others = fields(&own, "0", "01-15", "02-10");
        assert_eq!(clerk.post(DUE, &others).await.status, 404);
        let mut liaison = world.browser(world.liaison).await;
        assert_eq!(liaison.get(DUE).await.status, 403);
        assert_eq!(liaison.post(DUE, &good).await.status, 403);
        assert_eq!(both().await, ["2027-01-20", "2027-02-20"]);
    }
}

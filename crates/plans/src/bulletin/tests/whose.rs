//! Whose part is answered: a person with two units, and an office that is told of itself.

use super::*;

/// A bulletin about whatever there is, approved by the head.
pub(super) async fn issued(world: &World) -> String {
    let mut clerk = world.browser(world.clerk).await;
    let mut head = world.browser(world.head).await;
    let bulletin = drafted(&mut clerk, "criticism").await;
    clerk
        .post(&format!("{bulletin}/step"), &[("step", "submit")])
        .await
        .redirected();
    head.post(&format!("{bulletin}/decide"), &[("step", "approve")])
        .await
        .redirected();
    bulletin
}

#[tokio::test]
async fn a_person_with_two_units_answers_for_each_of_them() {
    for backend in backends() {
        let world = World::on(&backend).await;
        finding(&world, 0, "规章栏目未更新").await;
        finding(&world, 1, "预算栏目未更新").await;
        let bulletin = issued(&world).await;
        let both = [
            (Role::Liaison, world.units[0]),
            (Role::Liaison, world.units[1]),
        ];
        let both = person(&world.db, "兼任联络员", &both).await;
        let mut both = world.browser(both).await;
        let page = both.get(&bulletin).await.page();
        let reply = format!("{bulletin}/reply");
        for (unit, text) in [(1, "预算已更新"), (0, "规章已更新")] {
            let unit = world.units[unit].to_string();
            let hidden = format!("name=\"unit\" value=\"{unit}\"");
            assert!(page.contains(&hidden), "{page}");
            let fields = [("unit", unit.as_str()), ("text", text)];
            both.upload(&reply, &fields, ("file", "", b""))
                .await
                .redirected();
        }
        for (unit, own, other) in [
            (0, "规章已更新", "预算已更新"),
            (1, "预算已更新", "规章已更新"),
        ] {
            let mut browser = world.browser(world.liaisons[unit]).await;
            let page = browser.get(&bulletin).await.page();
            assert!(page.contains(own) && !page.contains(other), "{page}");
        }
        // Nobody answers for somebody else.
        let unit = world.units[1].to_string();
        let fields = [("unit", unit.as_str()), ("text", "代报")];
        let mut stranger = world.browser(world.liaisons[0]).await;
        let answer = stranger.upload(&reply, &fields, ("file", "", b"")).await;
        assert_eq!(answer.status, 404);
    }
}

#[tokio::test]
async fn an_office_answers_what_is_said_of_itself() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let own = Found {
            organ: world.office,
            ..world.wrong(0, FindingKind::NotUpdated, "政府网站首页未更新")
        };
        world.finds(own).await;
        finding(&world, 0, "规章栏目未更新").await;
        let bulletin = issued(&world).await;
        world.names(&[world.clerk, world.head], "李明").await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&bulletin).await.page();
        let hidden = |organ| format!("name=\"unit\" value=\"{organ}\"");
        assert!(
            page.contains(&hidden(world.office)) && !page.contains(&hidden(world.units[0])),
            "{page}"
        );
        let office = world.office.to_string();
        let fields = [("unit", office.as_str()), ("text", "已更新首页")];
        clerk
            .upload(&format!("{bulletin}/reply"), &fields, ("file", "", b""))
            .await
            .redirected();
        let check = format!("{bulletin}/recheck");
        let pass = [
            ("unit", office.as_str()),
            ("step", "pass"),
            ("note", "首页已是今天的"),
        ];
        // A name is shared and changes: the account decides.
        world.names(&[world.clerk], "李鸣").await;
        let refused = clerk.post(&check, &pass).await;
        assert!(
            refused.text().contains("由本办其他人复核"),
            "{}",
            refused.text()
        );
        mended(&world, world.office, "政府网站首页未更新").await;
        let mut head = world.browser(world.head).await;
        head.post(&check, &pass).await.redirected();
        assert!(head.get(&bulletin).await.page().contains("已销号"));
    }
}

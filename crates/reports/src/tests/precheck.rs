//! Two people take a step of one report: one has it, the other sees both and keeps what was typed.

use super::*;

/// A report that waits for the pre-check.
async fn confirmed(world: &World) -> String {
    let path = world.begun().await;
    let mut liaison = world.browser(world.liaison).await;
    let edit = format!("{path}/edit");
    liaison.post(&edit, &filled("1", "7")).await.redirected();
    let mut head = world.browser(world.head).await;
    let version = [("version", "2")];
    head.post(&format!("{path}/confirm"), &version)
        .await
        .redirected();
    path
}

#[tokio::test]
async fn two_at_the_precheck_lose_nothing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = confirmed(&world).await;
        let (mut one, precheck) = (world.browser(world.clerk).await, format!("{path}/precheck"));
        let mut other = one.clone();
        let send_back = |why: &'static str| [("version", "3"), ("step", "return"), ("why", why)];
        // Both opened the same page; they press at the same moment.
        let (of_one, of_other) = (send_back("问题写得太少"), send_back("缺改进情况"));
        let (first, second) = tokio::join!(
            one.post(&precheck, &of_one),
            other.post(&precheck, &of_other)
        );
        let (done, late, own, others) = if first.status == 409 {
            (second, first, "问题写得太少", "缺改进情况")
        } else {
            (first, second, "缺改进情况", "问题写得太少")
        };
        done.redirected();
        says(&late, 409, "别人刚刚办理了这份报告");
        says(
            &late,
            409,
            &format!("<dt>您的办理</dt><dd>退回修改：{own}</dd>"),
        );
        says(&late, 409, &format!("退回修改：{others}"));
        says(&late, 409, "您填写的原因请先复制留存");
        let returned = world.events(&path).await;
        let returned = returned.iter().filter(|kind| *kind == "annual.returned");
        assert_eq!(returned.count(), 1);
        // Passed by one, it can still be returned by the other: the reason stands in the form, over the newest version.
        let mut head = world.browser(world.head).await;
        head.post(&format!("{path}/confirm"), &[("version", "4")])
            .await
            .redirected();
        one.post(&precheck, &[("version", "5"), ("step", "pass")])
            .await
            .redirected();
        let fields = [("version", "5"), ("step", "return"), ("why", "数字待核")];
        let late = other.post(&precheck, &fields).await;
        says(&late, 409, "报告现在是“预审通过，待公布”");
        says(&late, 409, "name=\"why\" value=\"数字待核\"");
        says(&late, 409, "name=\"version\" value=\"6\"");
        let fields = [("version", "6"), ("step", "return"), ("why", "数字待核")];
        other.post(&precheck, &fields).await.redirected();
        // A head whose page is older than what the unit saved sees so, too.
        let stale = head
            .post(&format!("{path}/confirm"), &[("version", "5")])
            .await;
        says(&stale, 409, "<dt>您的办理</dt><dd>确认报告</dd>");
    }
}

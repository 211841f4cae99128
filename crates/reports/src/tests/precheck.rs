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

/// The office's own report: its head confirms it and could pass it, too.
#[tokio::test]
async fn who_confirmed_a_report_does_not_pass_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let roles = [(Role::OfficeHead, world.office)];
        let principal = testing::person(&world.db, "主任", &roles).await;
        let mut clerk = world.browser(world.clerk).await;
        let mut principal = world.browser(principal).await;
        let city = world.city.to_string();
        let fields = [("organ", city.as_str()), ("year", "2026")];
        let begun = clerk.post(&format!("{LIST}/new"), &fields).await;
        let edit = begun.redirected();
        let path = edit.trim_end_matches("/edit");
        clerk.post(&edit, &filled("1", "7")).await.redirected();
        let (confirm, precheck) = (format!("{path}/confirm"), format!("{path}/precheck"));
        principal
            .post(&confirm, &[("version", "2")])
            .await
            .redirected();
        let said = "这份报告由您确认，预审须由其他人办理，可以预审的是文书。";
        let page = principal.get(path).await.page();
        assert!(page.contains(said), "{page}");
        assert!(page.contains("disabled>预审通过"), "{page}");
        let pass = [("version", "3"), ("step", "pass")];
        says(&principal.post(&precheck, &pass).await, 422, said);
        assert!(!clerk.get(path).await.page().contains("由您确认"));
        clerk.post(&precheck, &pass).await.redirected();
        let kinds = world.events(path).await;
        assert!(kinds.contains(&"annual.passed".to_owned()), "{kinds:?}");
    }
}

/// Nobody else is there: the page says who can help, as it does with letters that wait for a colleague.
#[tokio::test]
async fn where_nobody_else_may_pass_the_page_says_whom_to_ask() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let roles = [(Role::OfficeHead, world.office)];
        let principal = testing::person(&world.db, "主任", &roles).await;
        let retired = world.clerk;
        world
            .db
            .write(async |tx: &mut Tx| {
                let gone = sql("DELETE FROM account_role WHERE account_id = $1");
                tx.run(gone.bind(retired)).await?;
                let subject = ("account", retired.to_string());
                tx.record(Event::new(&Actor::System, "test.role", subject, "卸任"));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let mut principal = world.browser(principal).await;
        let city = world.city.to_string();
        let fields = [("organ", city.as_str()), ("year", "2026")];
        let begun = principal.post(&format!("{LIST}/new"), &fields).await;
        let edit = begun.redirected();
        let path = edit.trim_end_matches("/edit");
        principal.post(&edit, &filled("1", "7")).await.redirected();
        principal
            .post(&format!("{path}/confirm"), &[("version", "2")])
            .await
            .redirected();
        let said = "现在没有其他人能预审：请联系安全管理员";
        says(&principal.get(path).await, 200, said);
        let pass = [("version", "3"), ("step", "pass")];
        let refused = principal.post(&format!("{path}/precheck"), &pass).await;
        says(&refused, 422, said);
    }
}

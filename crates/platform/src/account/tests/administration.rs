//! The security administrator's desk, and its limits.

use axum::http::Method;
use gongkai_basis::Role;

use super::{PASSWORD, World, address_in};
use crate::account::second_factor;
use crate::db::Tx;
use crate::testing::{self, backends};
use crate::web::Access;

#[tokio::test]
async fn a_new_account_gets_its_link_shown_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut desk = world.security_desk().await;
        let page = desk.get("/workspace/admin/accounts/new").await.page();
        assert!(page.contains("市司法局") && page.contains("安全管理员"));
        let justice = world.justice.to_string();
        let path = "/workspace/admin/accounts/new";
        let fields = [
            ("name", "<b>张伟</b>"),
            ("login", "Zhang.Wei"),
            ("contact", "0710-1234567"),
            ("role", "liaison"),
            ("organ", &justice),
        ];
        let shown = desk.post(path, &fields).await.page();
        assert!(shown.contains("&#60;b&#62;张伟"), "names are text: {shown}");
        let link = address_in(&shown, "http://gongkai.test/invite/");
        let mut person = world.elsewhere();
        let invite = link.trim_start_matches("http://gongkai.test");
        person
            .post(
                invite,
                &[("password", "七个字的密码吗"), ("again", "七个字的密码吗")],
            )
            .await;
        assert_eq!(
            person.get(invite).await.status,
            200,
            "a refused password does not use the link up"
        );
        person
            .post(invite, &[("password", PASSWORD), ("again", PASSWORD)])
            .await
            .redirected();
        world
            .log_in(&mut person, "zhang.wei", PASSWORD)
            .await
            .redirected();
        assert!(
            person
                .get("/workspace/account")
                .await
                .page()
                .contains("联络员（市司法局）")
        );
        // What cannot be: taken, odd, empty.
        for (login, name, role, organ, reason) in [
            ("ZHANG.WEI", "另一人", "", "", "已有人使用"),
            ("a b", "另一人", "", "", "汉字和 . - _ @。"),
            ("x", "另一人", "", "", "2 至 40 个字符。"),
            ("li.na", " ", "", "", "请填写姓名。"),
            ("li.na", "李娜", "liaison", "", "请选择在哪个机关"),
            ("li.na", "李娜", "", justice.as_str(), "还要选择角色"),
            (
                "li.na",
                "李娜",
                "liaison",
                "01900000-0000-7000-8000-000000000000",
                "所选机关不存在",
            ),
        ] {
            let fields = [
                ("name", name),
                ("login", login),
                ("role", role),
                ("organ", organ),
            ];
            let answer = desk.post(path, &fields).await;
            assert!(
                answer.status == 422 && answer.text().contains(reason),
                "{reason}: {}",
                answer.text()
            );
        }
        assert_eq!(
            world.events("account.created").await,
            ["新建账号 <b>张伟</b>（zhang.wei），担任市司法局联络员"]
        );
    }
}

#[tokio::test]
async fn a_page_that_shows_what_is_stored_does_not_say_that_what_was_typed_stands_there() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let seats = [(Role::Liaison, world.justice)];
        let id = world.person("张伟", &seats).await;
        let mut desk = world.security_desk().await;
        let page = format!("/workspace/admin/accounts/{id}");
        let stale = [("version", "99"), ("name", "张大伟"), ("contact", "")];
        let answer = desk
            .post_from(&page, &format!("{page}/details"), &stale)
            .await;
        assert_eq!(answer.status, 409);
        let said = answer.text();
        assert!(said.contains("刚才填写的没有带过来"), "{said}");
        assert!(!said.contains("填写的内容还在下面"), "{said}");
        // A button types nothing.
        let seat = [("seat", "没有这个角色")];
        let said = desk
            .post_from(&page, &format!("{page}/roles/end"), &seat)
            .await
            .text();
        assert!(said.contains("下面是系统里现在的内容。"), "{said}");
        assert!(!said.contains("刚才填写的"), "{said}");
    }
}

#[tokio::test]
async fn the_list_filters_pages_and_asks_three_questions() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for number in 0..55 {
            testing::person(
                &world.db,
                &format!("联络员{number:02}"),
                &[(Role::Liaison, world.justice), (Role::Author, world.top)],
            )
            .await;
        }
        let mut desk = world.security_desk().await;
        let page = desk.get("/workspace/admin/accounts").await.page();
        assert!(page.contains("第 1–50 条，共 56 条") && page.contains("联络员（市司法局）"));
        let page = desk.get("/workspace/admin/accounts?page=2").await.page();
        assert!(page.contains("第 51–56 条，共 56 条"));
        let page = desk
            .get("/workspace/admin/accounts?text=%E8%81%94%E7%BB%9C%E5%91%980")
            .await
            .page();
        assert!(page.contains("共 10 条"), "{page}");
        assert!(
            desk.get("/workspace/admin/accounts?role=security_admin")
                .await
                .page()
                .contains("共 1 条")
        );
        assert!(
            desk.get("/workspace/admin/accounts?state=new&role=author")
                .await
                .page()
                .contains("共 55 条")
        );
        assert!(
            desk.get("/workspace/admin/accounts?state=disabled")
                .await
                .page()
                .contains("没有符合条件的账号")
        );
        // What is typed is looked for to the letter.
        let page = desk.get("/workspace/admin/accounts?text=%25").await.page();
        assert!(page.contains("没有符合条件的账号"), "{page}");
    }
}

#[tokio::test]
async fn a_reset_takes_the_password_at_once_and_leaves_the_second_factor() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let wei = world.person("张伟", &[]).await;
        let secret = second_factor::fresh_secret().unwrap();
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                crate::account::store::set_second_factor(tx, wei, Some(&secret), 0).await
            })
            .await
            .unwrap();
        let (mut desk, mut person) = (world.security_desk().await, world.elsewhere());
        person.sign_in(&world.db, wei).await;
        let account = format!("/workspace/admin/accounts/{wei}");
        let shown = desk.post(&format!("{account}/password"), &[]).await.page();
        let link = address_in(&shown, "http://gongkai.test/invite/");
        assert!(
            !desk.get(&account).await.page().contains("/invite/"),
            "shown once"
        );
        assert!(!world.is_in(&mut person).await);
        assert_eq!(
            world.log_in(&mut person, "张伟", PASSWORD).await.status,
            422
        );
        let invite = link.trim_start_matches("http://gongkai.test");
        let new = "海上明月共潮生呀呀呀";
        person
            .post(invite, &[("password", new), ("again", new)])
            .await
            .redirected();
        let page = world.log_in(&mut person, "张伟", new).await.page();
        assert!(page.contains("验证码") && !world.is_in(&mut person).await);
        // Who lost the phone gets the factor taken off, with a reason.
        let second = format!("{account}/second-factor");
        assert!(
            desk.post(&second, &[("reason", " ")])
                .await
                .text()
                .contains("请写明原因")
        );
        desk.post(&second, &[("reason", "手机丢失，已当面核实")])
            .await
            .redirected();
        world.log_in(&mut person, "张伟", new).await.redirected();
        assert!(world.events("account.second_factor_reset").await[0].contains("手机丢失"));
    }
}

#[tokio::test]
async fn a_locked_account_is_unlocked_before_its_time() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let wei = world.person("张伟", &[]).await;
        let (mut desk, mut person) = (world.security_desk().await, world.elsewhere());
        for _ in 0..5 {
            world.log_in(&mut person, "张伟", "wrong password").await;
        }
        let account = format!("/workspace/admin/accounts/{wei}");
        assert!(desk.get(&account).await.page().contains("▲ 暂时锁定"));
        desk.post(&format!("{account}/unlock"), &[])
            .await
            .redirected();
        world
            .log_in(&mut person, "张伟", PASSWORD)
            .await
            .redirected();
    }
}

#[tokio::test]
async fn disabling_ends_everything_and_enabling_brings_the_roles_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let wei = world
            .person("张伟", &[(Role::Liaison, world.justice)])
            .await;
        let qiang = world.person("王强", &[(Role::Author, world.justice)]).await;
        let (mut desk, mut person) = (world.security_desk().await, world.elsewhere());
        person.sign_in(&world.db, wei).await;
        let seat = format!("liaison:{}", world.justice);
        let fields = [
            ("seat", seat.as_str()),
            ("deputy", &qiang.to_string()),
            ("until", "2026-10-20"),
        ];
        person
            .post("/workspace/account/deputies", &fields)
            .await
            .redirected();
        let account = format!("/workspace/admin/accounts/{wei}");
        assert!(
            desk.post(&format!("{account}/disable"), &[("reason", "")])
                .await
                .text()
                .contains("请写明原因")
        );
        desk.post(&format!("{account}/disable"), &[("reason", "借调期满")])
            .await
            .redirected();
        assert!(!world.is_in(&mut person).await);
        assert_eq!(
            world.log_in(&mut person, "张伟", PASSWORD).await.status,
            422
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM account_role WHERE deputy_for IS NOT NULL")
                .await,
            0
        );
        let page = desk.get(&account).await.page();
        assert!(page.contains("■ 已停用") && page.contains("借调期满"));
        assert_eq!(
            desk.post(&format!("{account}/disable"), &[("reason", "再停")])
                .await
                .status,
            422
        );
        assert_eq!(
            desk.post(&format!("{account}/password"), &[]).await.status,
            422
        );
        desk.post(&format!("{account}/enable"), &[("reason", "返岗")])
            .await
            .redirected();
        world
            .log_in(&mut person, "张伟", PASSWORD)
            .await
            .redirected();
        assert!(
            person
                .get("/workspace/account")
                .await
                .page()
                .contains("联络员（市司法局）")
        );
        let own = format!("/workspace/admin/accounts/{}/disable", world.security);
        assert!(
            desk.post(&own, &[("reason", "测试")])
                .await
                .text()
                .contains("不能改自己账号")
        );
    }
}

#[tokio::test]
async fn details_are_saved_unless_somebody_was_faster() {
    let world = World::on(&backends()[0]).await;
    let wei = testing::person(&world.db, "张伟", &[]).await;
    let mut desk = world.security_desk().await;
    let path = format!("/workspace/admin/accounts/{wei}/details");
    desk.post(
        &path,
        &[("name", "张玮"), ("contact", "0710-1"), ("version", "1")],
    )
    .await
    .redirected();
    assert_eq!(
        desk.post(
            &path,
            &[("name", "张维"), ("contact", ""), ("version", "1")]
        )
        .await
        .status,
        409
    );
    let page = desk
        .get(&format!("/workspace/admin/accounts/{wei}"))
        .await
        .page();
    assert!(page.contains("张玮") && page.contains("0710-1") && !page.contains("张维"));
}

#[tokio::test]
async fn sessions_of_others_are_ended_by_the_administrator() {
    let world = World::on(&backends()[0]).await;
    let wei = world.person("张伟", &[]).await;
    let (mut desk, mut one, mut two) = (
        world.security_desk().await,
        world.elsewhere(),
        world.elsewhere(),
    );
    one.sign_in(&world.db, wei).await;
    two.sign_in(&world.db, wei).await;
    let path = format!("/workspace/admin/accounts/{wei}/sessions/end");
    let name = crate::web::hash_token(&one.cookies[crate::web::SESSION_COOKIE]);
    desk.post(&path, &[("session", &name)]).await.redirected();
    assert!(!world.is_in(&mut one).await && world.is_in(&mut two).await);
    desk.post(&path, &[]).await.redirected();
    assert!(!world.is_in(&mut two).await);
}

/// Every route that wants an act turns away everybody whose roles do not allow it, and nobody signed out gets in.
#[tokio::test]
async fn the_desk_is_closed_to_everybody_else() {
    let world = World::on(&backends()[0]).await;
    let mut people = Vec::new();
    for role in Role::ALL {
        let mut browser = world.elsewhere();
        browser
            .sign_in(
                &world.db,
                testing::person(&world.db, role.code(), &[(*role, world.top)]).await,
            )
            .await;
        people.push((*role, browser));
    }
    let target = testing::person(&world.db, "张伟", &[]).await.to_string();
    for route in crate::account::routes() {
        let path = route.path.replace("{id}", &target);
        let Access::Act(act) = route.access else {
            continue;
        };
        let mut nobody = world.elsewhere();
        let answer = match route.method {
            Method::GET => nobody.get(&path).await,
            _ => nobody.post(&path, &[]).await,
        };
        assert!(
            answer.status == 401
                || answer
                    .location()
                    .is_some_and(|place| place.starts_with("/login?next=")),
            "{path}"
        );
        for (role, browser) in &mut people {
            if act.reach(*role).is_none() {
                let answer = match route.method {
                    Method::GET => browser.get(&path).await,
                    _ => browser.post(&path, &[]).await,
                };
                assert_eq!(answer.status, 403, "{path} for {}", role.name());
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_account_is_not_found() {
    let world = World::on(&backends()[0]).await;
    let mut desk = world.security_desk().await;
    assert_eq!(
        desk.get("/workspace/admin/accounts/01900000-0000-7000-8000-000000000000")
            .await
            .status,
        404
    );
    assert!(matches!(
        desk.get("/workspace/admin/accounts/nonsense")
            .await
            .status
            .as_u16(),
        400 | 404
    ));
}

//! Ways in beside the password: links that work once, and the second factor.

use gongkai_basis::Role;
use jiff::{SignedDuration, Timestamp};

use super::{MINUTE, PASSWORD, World, address_in};
use crate::account::manage::{self, ChangeError};
use crate::account::{Purpose, second_factor, session, store};
use crate::db::Tx;
use crate::testing::backends;

#[tokio::test]
async fn an_invitation_sets_the_first_password_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = crate::testing::person(&world.db, "新人", &[]).await;
        let token = world
            .link(id, Purpose::Invite, SignedDuration::from_hours(72))
            .await;
        assert!(token.len() >= 43, "256 bits");
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM login_link WHERE length(token_hash) = 64")
                .await,
            1,
            "only the hash is kept"
        );
        let (mut browser, path) = (world.elsewhere(), format!("/invite/{token}"));
        // Previews of links look without using it up.
        for _ in 0..3 {
            assert!(browser.get(&path).await.page().contains("新人"));
        }
        let short = browser
            .post(&path, &[("password", "short"), ("again", "short")])
            .await;
        assert_eq!(short.status, 422);
        assert!(short.text().contains("密码太短"));
        let unlike = browser
            .post(&path, &[("password", PASSWORD), ("again", "春江潮水连海")])
            .await;
        assert!(unlike.text().contains("两次输入的新密码不一样"));
        let set = [
            ("password", PASSWORD),
            ("again", PASSWORD),
            ("username", "新人"),
        ];
        assert_eq!(browser.post(&path, &set).await.redirected(), "/login");
        assert!(
            !world.is_in(&mut browser).await,
            "the link alone lets nobody in"
        );
        for answer in [browser.get(&path).await, browser.post(&path, &set).await] {
            assert_eq!(answer.status, 410);
            assert!(answer.text().contains("已经用过或已过期"));
        }
        world
            .log_in(&mut browser, "新人", PASSWORD)
            .await
            .redirected();
        assert_eq!(
            world.events("account.password_set").await,
            ["通过一次性链接设置密码"]
        );
    }
}

#[tokio::test]
async fn links_end_with_their_time_their_purpose_and_a_newer_link() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = crate::testing::person(&world.db, "新人", &[]).await;
        let hours = SignedDuration::from_hours(72);
        let first = world.link(id, Purpose::Invite, hours).await;
        let second = world.link(id, Purpose::Invite, hours).await;
        let mut browser = world.elsewhere();
        assert_eq!(browser.get(&format!("/invite/{first}")).await.status, 410);
        assert_eq!(
            browser.get(&format!("/enter/{second}")).await.status,
            410,
            "another purpose"
        );
        world.clock.advance(hours - SignedDuration::from_secs(1));
        assert_eq!(browser.get(&format!("/invite/{second}")).await.status, 200);
        world.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(browser.get(&format!("/invite/{second}")).await.status, 410);
        let purged = world
            .db
            .upkeep(async |tx: &mut Tx| session::purge(tx).await)
            .await
            .unwrap();
        assert_eq!(purged, 1);
    }
}

#[tokio::test]
async fn a_link_to_enter_works_by_its_button_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id =
            crate::testing::person(&world.db, "演示员", &[(Role::Liaison, world.justice)]).await;
        let token = world
            .link(id, Purpose::Enter, SignedDuration::from_hours(1))
            .await;
        let (mut browser, path) = (world.elsewhere(), format!("/enter/{token}"));
        assert!(
            browser
                .get(&path)
                .await
                .page()
                .contains("以“演示员”的身份进入")
        );
        assert!(!world.is_in(&mut browser).await, "looking does not enter");
        assert_eq!(browser.post(&path, &[]).await.redirected(), "/workspace");
        assert!(world.is_in(&mut browser).await);
        let mut second = world.elsewhere();
        assert_eq!(second.post(&path, &[]).await.status, 410);
        assert!(!world.is_in(&mut second).await);
    }
}

#[tokio::test]
async fn a_link_to_enter_does_not_pass_by_the_second_factor() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world.person("张伟", &[]).await;
        let secret = second_factor::fresh_secret().unwrap();
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                crate::account::store::set_second_factor(tx, id, Some(&secret), 0).await
            })
            .await
            .unwrap();
        let token = world
            .link(id, Purpose::Enter, SignedDuration::from_hours(1))
            .await;
        let (mut browser, path) = (world.elsewhere(), format!("/enter/{token}"));
        assert_eq!(browser.post(&path, &[]).await.status, 422);
        assert!(!world.is_in(&mut browser).await);
        let code = second_factor::code_at(&secret, world.clock.now()).unwrap();
        browser.post(&path, &[("code", &code)]).await.redirected();
        assert!(world.is_in(&mut browser).await);
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_no_code_counts_twice() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world.person("张伟", &[]).await;
        let secret = second_factor::fresh_secret().unwrap();
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                crate::account::store::set_second_factor(tx, id, Some(&secret), 0).await
            })
            .await
            .unwrap();
        let now = |world: &World| -> Timestamp { world.clock.now() };
        let mut browser = world.elsewhere();
        let page = world.log_in(&mut browser, "张伟", PASSWORD).await.page();
        assert!(
            !world.is_in(&mut browser).await,
            "the password alone is not enough"
        );
        let ticket = address_in(page.split("name=\"ticket\" value=\"").nth(1).unwrap(), "");
        let code = second_factor::code_at(&secret, now(&world)).unwrap();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert_eq!(
            browser
                .post("/login/code", &[("ticket", &ticket), ("code", wrong)])
                .await
                .status,
            422
        );
        let right = [
            ("ticket", ticket.as_str()),
            ("code", code.as_str()),
            ("next", "/workspace/account"),
        ];
        assert_eq!(
            browser.post("/login/code", &right).await.redirected(),
            "/workspace/account"
        );
        assert!(world.is_in(&mut browser).await);
        // The same code again, with the same ticket and with a fresh one.
        let mut second = world.elsewhere();
        assert_eq!(second.post("/login/code", &right).await.status, 422);
        let page = world.log_in(&mut second, "张伟", PASSWORD).await.page();
        let ticket = address_in(page.split("name=\"ticket\" value=\"").nth(1).unwrap(), "");
        assert_eq!(
            second
                .post("/login/code", &[("ticket", &ticket), ("code", &code)])
                .await
                .status,
            422
        );
        assert!(!world.is_in(&mut second).await);
        world.clock.advance(SignedDuration::from_secs(30));
        let code = second_factor::code_at(&secret, now(&world)).unwrap();
        second
            .post("/login/code", &[("ticket", &ticket), ("code", &code)])
            .await
            .redirected();
        // The clock was a year ahead while a code was used, and was set right.
        let year = SignedDuration::from_hours(24 * 365);
        world.clock.advance(year);
        let mut ahead = world.elsewhere();
        let page = world.log_in(&mut ahead, "张伟", PASSWORD).await.page();
        let ticket = address_in(page.split("name=\"ticket\" value=\"").nth(1).unwrap(), "");
        let code = second_factor::code_at(&secret, now(&world)).unwrap();
        ahead
            .post("/login/code", &[("ticket", &ticket), ("code", &code)])
            .await
            .redirected();
        world.clock.advance(-year);
        world.clock.advance(SignedDuration::from_secs(30));
        let page = world.log_in(&mut ahead, "张伟", PASSWORD).await.page();
        let ticket = address_in(page.split("name=\"ticket\" value=\"").nth(1).unwrap(), "");
        let code = second_factor::code_at(&secret, now(&world)).unwrap();
        ahead
            .post("/login/code", &[("ticket", &ticket), ("code", &code)])
            .await
            .redirected();
        // A ticket ends after five minutes.
        let mut third = world.elsewhere();
        let page = world.log_in(&mut third, "张伟", PASSWORD).await.page();
        let ticket = address_in(page.split("name=\"ticket\" value=\"").nth(1).unwrap(), "");
        world.clock.advance(SignedDuration::from_secs(5 * MINUTE));
        let code = second_factor::code_at(&secret, now(&world)).unwrap();
        assert_eq!(
            third
                .post("/login/code", &[("ticket", &ticket), ("code", &code)])
                .await
                .status,
            422
        );
    }
}

#[tokio::test]
async fn the_machine_lets_anybody_in_again_and_takes_the_second_factor_off_only_when_told() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world
            .person("张伟", &[(Role::Liaison, world.justice)])
            .await;
        let secret = second_factor::fresh_secret().unwrap();
        world
            .db
            .upkeep(async |tx: &mut Tx| store::set_second_factor(tx, id, Some(&secret), 0).await)
            .await
            .unwrap();
        let mut within = world.elsewhere();
        within.sign_in(&world.db, id).await;
        let recover = async |login: &'static str, without_second_factor| {
            world
                .db
                .write(async |tx: &mut Tx| manage::recover(tx, login, without_second_factor).await)
                .await
        };
        let has_second_factor = async || {
            let account = world.db.read(async |tx: &mut Tx| store::load(tx, id).await);
            account.await.unwrap().unwrap().totp_secret.is_some()
        };
        recover("张伟", false).await.unwrap();
        assert!(has_second_factor().await);
        assert!(!world.is_in(&mut within).await, "sessions end");
        let token = recover("张伟", true).await.unwrap();
        assert!(!has_second_factor().await);
        let set = [("password", PASSWORD), ("again", PASSWORD)];
        let mut browser = world.elsewhere();
        browser
            .post(&Purpose::Reset.path(&token), &set)
            .await
            .redirected();
        world
            .log_in(&mut browser, "张伟", PASSWORD)
            .await
            .redirected();
        assert!(world.is_in(&mut browser).await);
        let nobody = recover("查无此人", true).await;
        assert!(matches!(nobody, Err(ChangeError::NotFound)));
        let said = "在服务器上为 张伟 生成设置密码的一次性链接，原密码失效";
        let without = format!("{said}，登录验证码关闭");
        assert_eq!(world.events("account.recovered").await, [said, &without]);
    }
}

#[tokio::test]
async fn wrong_codes_lock_the_account_as_wrong_passwords_do() {
    let world = World::on(&backends()[0]).await;
    let id = world.person("张伟", &[]).await;
    let secret = second_factor::fresh_secret().unwrap();
    world
        .db
        .upkeep(async |tx: &mut Tx| {
            crate::account::store::set_second_factor(tx, id, Some(&secret), 0).await
        })
        .await
        .unwrap();
    let mut browser = world.elsewhere();
    let page = world.log_in(&mut browser, "张伟", PASSWORD).await.page();
    let ticket = address_in(page.split("name=\"ticket\" value=\"").nth(1).unwrap(), "");
    for _ in 0..5 {
        browser
            .post("/login/code", &[("ticket", &ticket), ("code", "x")])
            .await;
    }
    let code = second_factor::code_at(&secret, world.clock.now()).unwrap();
    assert_eq!(
        browser
            .post("/login/code", &[("ticket", &ticket), ("code", &code)])
            .await
            .status,
        422
    );
}

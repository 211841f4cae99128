//! Signing in, locks, sessions.

use gongkai_basis::Role;
use jiff::SignedDuration;

use super::{MINUTE, PASSWORD, World};
use crate::db::Tx;
use crate::testing::backends;
use crate::web::SESSION_COOKIE;

#[tokio::test]
async fn a_person_signs_in_goes_where_they_wanted_and_out() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .person("张伟", &[(Role::Liaison, world.justice)])
            .await;
        let mut browser = world.elsewhere();
        let sent = browser.get("/workspace/account?x=1").await.redirected();
        assert_eq!(sent, "/login?next=%2Fworkspace%2Faccount%3Fx%3D1");
        assert!(
            browser
                .get(&sent)
                .await
                .page()
                .contains("value=\"/workspace/account?x=1\"")
        );
        let fields = [
            ("login", " 张伟 "),
            ("password", PASSWORD),
            ("next", "/workspace/account?x=1"),
        ];
        assert_eq!(
            browser.post("/login", &fields).await.redirected(),
            "/workspace/account?x=1"
        );
        assert!(
            browser
                .get("/workspace/account")
                .await
                .page()
                .contains("联络员（市司法局）")
        );
        assert_eq!(browser.post("/logout", &[]).await.redirected(), "/login");
        assert!(!browser.cookies.contains_key(SESSION_COOKIE));
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM session").await, 0);
        assert_eq!(
            world.events("account.signed").await,
            ["登录（密码）", "退出登录"]
        );
    }
}

#[tokio::test]
async fn signing_in_never_leads_off_the_site() {
    let world = World::on(&backends()[0]).await;
    world.person("li.na", &[]).await;
    for next in [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "\t//evil.test",
    ] {
        let fields = [("login", "li.na"), ("password", PASSWORD), ("next", next)];
        assert_eq!(
            world.elsewhere().post("/login", &fields).await.redirected(),
            "/workspace",
            "{next}"
        );
        let mode = format!(
            "/mode/elder?next={}",
            percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC)
        );
        assert_eq!(
            world.elsewhere().get(&mode).await.redirected(),
            "/",
            "{next}"
        );
    }
}

#[tokio::test]
async fn unknown_login_wrong_password_and_disabled_account_get_the_same_page() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.person("张伟", &[]).await;
        let gone = world.person("旧人", &[]).await;
        crate::testing::person(&world.db, "新人", &[]).await;
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                crate::account::store::set_disabled(tx, gone, Some("调离")).await
            })
            .await
            .unwrap();
        let mut pages = Vec::new();
        for (login, password) in [
            ("张伟", "wrong password"),
            ("无此人", PASSWORD),
            ("旧人", PASSWORD),
            ("新人", ""),
        ] {
            let answer = world.log_in(&mut world.elsewhere(), login, password).await;
            assert_eq!(answer.status, 422);
            assert!(
                answer
                    .headers
                    .get("set-cookie")
                    .is_none_or(|line| !line.to_str().unwrap().contains(SESSION_COOKIE))
            );
            pages.push(answer.text().replace(login, "…"));
        }
        assert!(pages[0].contains("登录名或密码不正确"));
        assert!(pages.iter().all(|page| *page == pages[0]));
        let failures = world.events("account.sign_in_failed").await;
        assert_eq!(failures.len(), 4);
        assert!(
            failures.iter().all(|sentence| !sentence.contains("无此人")),
            "what was typed is not kept"
        );
    }
}

#[tokio::test]
async fn five_failures_lock_an_account_for_a_quarter_of_an_hour() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.person("张伟", &[]).await;
        let mut browser = world.elsewhere();
        for _ in 0..4 {
            world.log_in(&mut browser, "张伟", "wrong password").await;
        }
        // A success forgets the failures before it.
        world
            .log_in(&mut browser, "张伟", PASSWORD)
            .await
            .redirected();
        let mut browser = world.elsewhere();
        for _ in 0..4 {
            world.log_in(&mut browser, "张伟", "wrong password").await;
        }
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM account WHERE locked_until IS NOT NULL")
                .await,
            0
        );
        world.log_in(&mut browser, "张伟", "wrong password").await;
        assert!(
            world
                .events("account.sign_in_failed")
                .await
                .last()
                .unwrap()
                .contains("锁定 15 分钟")
        );
        assert_eq!(
            world.log_in(&mut browser, "张伟", PASSWORD).await.status,
            422
        );
        // Trying on does not make the lock longer.
        world
            .clock
            .advance(SignedDuration::from_secs(15 * MINUTE - 1));
        assert_eq!(
            world.log_in(&mut browser, "张伟", PASSWORD).await.status,
            422
        );
        world.clock.advance(SignedDuration::from_secs(1));
        world
            .log_in(&mut browser, "张伟", PASSWORD)
            .await
            .redirected();
    }
}

#[tokio::test]
async fn an_address_that_guesses_at_many_accounts_is_turned_away() {
    let world = World::on(&backends()[0]).await;
    world.person("张伟", &[]).await;
    let mut browser = world.elsewhere();
    // Links are the cheap way to fail: no password is computed.
    for _ in 0..crate::account::lockout::ADDRESS_FAILURES_MAX {
        browser.post("/enter/unknown", &[("code", "")]).await;
    }
    let answer = world.log_in(&mut browser, "张伟", PASSWORD).await;
    assert_eq!(answer.status, 429);
    assert!(answer.text().contains("尝试次数过多"));
    world.clock.advance(SignedDuration::from_secs(15 * MINUTE));
    world
        .log_in(&mut browser, "张伟", PASSWORD)
        .await
        .redirected();
}

#[tokio::test]
async fn a_planted_session_does_not_survive_signing_in() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let attacker = world.person("坏人", &[]).await;
        world.person("张伟", &[]).await;
        let mut victim = world.elsewhere();
        victim.sign_in(&world.db, attacker).await;
        let planted = victim.cookies[SESSION_COOKIE].clone();
        world
            .log_in(&mut victim, "张伟", PASSWORD)
            .await
            .redirected();
        assert_ne!(victim.cookies[SESSION_COOKIE], planted);
        assert!(
            victim
                .get("/workspace/account")
                .await
                .page()
                .contains("<dd>张伟</dd>")
        );
        let mut other = world.elsewhere();
        other.cookies.insert(SESSION_COOKIE.to_owned(), planted);
        assert!(!world.is_in(&mut other).await);
        other
            .cookies
            .insert(SESSION_COOKIE.to_owned(), "made-up".to_owned());
        world
            .log_in(&mut other, "坏人", PASSWORD)
            .await
            .redirected();
        assert_ne!(other.cookies[SESSION_COOKIE], "made-up");
    }
}

#[tokio::test]
async fn sessions_end_when_idle_and_when_old() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.person("张伟", &[]).await;
        let mut browser = world.elsewhere();
        world
            .log_in(&mut browser, "张伟", PASSWORD)
            .await
            .redirected();
        world.clock.advance(SignedDuration::from_secs(29 * MINUTE));
        assert!(world.is_in(&mut browser).await);
        world.clock.advance(SignedDuration::from_secs(30 * MINUTE));
        assert!(
            !world.is_in(&mut browser).await,
            "half an hour without a request"
        );
        world
            .log_in(&mut browser, "张伟", PASSWORD)
            .await
            .redirected();
        for _ in 0..47 {
            world.clock.advance(SignedDuration::from_secs(15 * MINUTE));
            assert!(world.is_in(&mut browser).await);
        }
        world.clock.advance(SignedDuration::from_secs(15 * MINUTE));
        assert!(!world.is_in(&mut browser).await, "twelve hours in all");
        // The clock was a year ahead while somebody signed in, and was set right.
        world.clock.advance(SignedDuration::from_hours(24 * 365));
        world
            .log_in(&mut browser, "张伟", PASSWORD)
            .await
            .redirected();
        world.clock.advance(SignedDuration::from_hours(-24 * 365));
        assert!(!world.is_in(&mut browser).await, "a session of next year");
    }
}

#[tokio::test]
async fn an_account_keeps_ten_sessions_the_newest() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.person("张伟", &[]).await;
        let mut first = world.elsewhere();
        world
            .log_in(&mut first, "张伟", PASSWORD)
            .await
            .redirected();
        let mut last = first.clone();
        for _ in 0..10 {
            world.clock.advance(SignedDuration::from_secs(1));
            last = world.elsewhere();
            world.log_in(&mut last, "张伟", PASSWORD).await.redirected();
        }
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM session").await, 10);
        assert!(!world.is_in(&mut first).await);
        assert!(world.is_in(&mut last).await);
    }
}

#[tokio::test]
async fn the_reading_mode_is_a_link_and_a_cookie() {
    let world = World::on(&backends()[0]).await;
    let mut browser = world.elsewhere();
    assert_eq!(
        browser.get("/mode/elder?next=%2Flogin").await.redirected(),
        "/login"
    );
    assert!(
        browser
            .get("/login")
            .await
            .page()
            .contains("class=\"mode-elder\"")
    );
    // The characters are another choice, which leaves this one as it is.
    let back = browser.get("/mode/hant?next=%2Fsearch").await.redirected();
    assert_eq!(back, "/search");
    assert_eq!(browser.cookies["gk_hanzi"], "hant");
    assert_eq!(browser.cookies["gk_mode"], "elder");
    browser.get("/mode/hans").await.redirected();
    assert_eq!(browser.cookies["gk_hanzi"], "hans");
    browser.get("/mode/nonsense").await.redirected();
    assert!(
        browser
            .get("/login")
            .await
            .page()
            .contains("class=\"mode-normal\"")
    );
}

#[tokio::test]
async fn forms_with_foreign_fields_or_from_foreign_sites_are_refused() {
    let world = World::on(&backends()[0]).await;
    let id = world.person("张伟", &[]).await;
    let mut browser = world.elsewhere();
    let answer = browser
        .post(
            "/login",
            &[
                ("login", "张伟"),
                ("password", PASSWORD),
                ("role", "system_admin"),
            ],
        )
        .await;
    assert_eq!(answer.status, 400);
    browser.sign_in(&world.db, id).await;
    let request = axum::http::Request::builder()
        .method("POST")
        .uri("/logout")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(
        browser
            .send(request, axum::body::Body::empty())
            .await
            .status,
        403
    );
    assert!(world.is_in(&mut browser).await);
}

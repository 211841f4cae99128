//! 我的账号: what everybody does for themselves.

use gongkai_basis::Role;
use jiff::SignedDuration;

use super::{PASSWORD, World};
use crate::account::second_factor;
use crate::testing::backends;
use crate::web::SESSION_COOKIE;

const NEW: &str = "海上明月共潮生呀呀呀";

#[tokio::test]
async fn the_answer_to_a_form_leads_back_to_the_page_of_the_form() {
    let world = World::on(&backends()[0]).await;
    let id = world.person("张伟", &[]).await;
    let mut browser = world.elsewhere();
    browser.sign_in(&world.db, id).await;
    let (page, form) = ("/workspace/account", "/workspace/account/password");
    let typed = [("current", "not it"), ("password", NEW), ("again", NEW)];
    let leads = |shown: &str, to: &str| {
        let all = shown.matches("?next=").count();
        let right = format!("?next={}\"", to.replace('/', "%2F"));
        let urlencoded = format!("?next={to}\"");
        assert!(all > 0, "{shown}");
        let found = shown.matches(&right).count() + shown.matches(&urlencoded).count();
        assert_eq!(found, all, "{to}: {shown}");
    };
    // The second mistake is made on the answer to the first, whose address has no page of its own.
    for from in [page, form] {
        let answer = browser.post_from(from, form, &typed).await;
        assert_eq!(answer.status, 422);
        leads(&answer.text(), page);
    }
    assert_eq!(browser.get(form).await.redirected(), page);
    // Who comes from nowhere is led to the desk, and to nothing by an address that this browser sent no form to.
    let mut other = world.elsewhere();
    other.sign_in(&world.db, id).await;
    let answer = other.post(form, &typed).await;
    assert_eq!(answer.status, 422);
    leads(&answer.text(), "/workspace");
    assert_eq!(other.get(form).await.status, 404);
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_renames_this_one() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world.person("张伟", &[]).await;
        let (mut here, mut there) = (world.elsewhere(), world.elsewhere());
        here.sign_in(&world.db, id).await;
        there.sign_in(&world.db, id).await;
        let before = here.cookies[SESSION_COOKIE].clone();
        let path = "/workspace/account/password";
        let wrong = here
            .post(
                path,
                &[("current", "not it"), ("password", NEW), ("again", NEW)],
            )
            .await;
        assert!(wrong.status == 422 && wrong.text().contains("现在的密码不正确"));
        let weak = here
            .post(
                path,
                &[
                    ("current", PASSWORD),
                    ("password", "woaini1314"),
                    ("again", "woaini1314"),
                ],
            )
            .await;
        assert!(weak.status == 422 && weak.text().contains("太常见"));
        let fields = [
            ("current", PASSWORD),
            ("password", NEW),
            ("again", NEW),
            ("username", "张伟"),
        ];
        assert_eq!(
            here.post(path, &fields).await.redirected(),
            "/workspace/account"
        );
        assert_ne!(here.cookies[SESSION_COOKIE], before);
        assert!(world.is_in(&mut here).await);
        assert!(!world.is_in(&mut there).await);
        let mut old = world.elsewhere();
        assert_eq!(world.log_in(&mut old, "张伟", PASSWORD).await.status, 422);
        world.log_in(&mut old, "张伟", NEW).await.redirected();
    }
}

#[tokio::test]
async fn a_second_factor_goes_on_with_a_code_and_off_with_password_and_code() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world.person("张伟", &[]).await;
        let (mut browser, mut other) = (world.elsewhere(), world.elsewhere());
        browser.sign_in(&world.db, id).await;
        other.sign_in(&world.db, id).await;
        let path = "/workspace/account/second-factor";
        let page = browser.get(path).await.page();
        assert!(
            page.contains("<svg") && page.contains("otpauth:&#47;&#47;totp/")
                || page.contains("otpauth://totp/"),
            "{page}"
        );
        let secret: String = page
            .split("name=\"secret\" value=\"")
            .nth(1)
            .unwrap()
            .chars()
            .take_while(|c| *c != '"')
            .collect();
        assert_eq!(secret.len(), 32);
        let code = second_factor::code_at(&secret, world.clock.now()).unwrap();
        let wrong = browser
            .post(
                path,
                &[
                    ("secret", &secret),
                    ("current", PASSWORD),
                    ("code", "12345"),
                ],
            )
            .await;
        assert!(
            wrong.status == 422 && wrong.text().contains(&secret),
            "the same secret is shown again"
        );
        let no_password = browser
            .post(
                path,
                &[("secret", &secret), ("current", "no"), ("code", &code)],
            )
            .await;
        assert_eq!(no_password.status, 422);
        browser
            .post(
                path,
                &[("secret", &secret), ("current", PASSWORD), ("code", &code)],
            )
            .await
            .redirected();
        assert!(
            browser
                .get("/workspace/account")
                .await
                .page()
                .contains("● 已启用")
        );
        assert!(
            !world.is_in(&mut other).await,
            "sessions from before the factor end"
        );
        // The code that switched it on is used up; another browser must wait for the next.
        let off = "/workspace/account/second-factor/off";
        assert_eq!(
            browser
                .post(off, &[("current", PASSWORD), ("code", &code)])
                .await
                .status,
            422
        );
        world.clock.advance(SignedDuration::from_secs(60));
        let code = second_factor::code_at(&secret, world.clock.now()).unwrap();
        assert_eq!(
            browser
                .post(off, &[("current", "no"), ("code", &code)])
                .await
                .status,
            422
        );
        browser
            .post(off, &[("current", PASSWORD), ("code", &code)])
            .await
            .redirected();
        assert!(
            browser
                .get("/workspace/account")
                .await
                .page()
                .contains("启用登录验证码")
        );
        assert_eq!(
            world.events("account.second_factor").await,
            ["启用登录验证码", "关闭登录验证码"]
        );
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended_only_ones_own() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world.person("张伟", &[]).await;
        let other = world.person("李娜", &[]).await;
        let (mut here, mut there, mut hers) =
            (world.elsewhere(), world.elsewhere(), world.elsewhere());
        here.sign_in(&world.db, id).await;
        there.sign_in(&world.db, id).await;
        hers.sign_in(&world.db, other).await;
        let page = here.get("/workspace/account").await.page();
        assert!(page.contains("本机"));
        let name = |browser: &crate::testing::Browser| {
            crate::web::hash_token(&browser.cookies[SESSION_COOKIE])
        };
        assert!(page.contains(&name(&there)) && !page.contains(&name(&hers)));
        let end = "/workspace/account/sessions/end";
        assert_eq!(
            here.post(end, &[("session", &name(&hers))]).await.status,
            422
        );
        assert!(world.is_in(&mut hers).await);
        here.post(end, &[("session", &name(&there))])
            .await
            .redirected();
        assert!(!world.is_in(&mut there).await);
        there.sign_in(&world.db, id).await;
        here.post(end, &[]).await.redirected();
        assert!(!world.is_in(&mut there).await && world.is_in(&mut here).await);
    }
}

#[tokio::test]
async fn a_deputy_may_what_the_person_may_until_the_day() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let wei = world
            .person(
                "张伟",
                &[
                    (Role::Liaison, world.justice),
                    (Role::UnitHead, world.justice),
                ],
            )
            .await;
        let qiang = world.person("王强", &[(Role::Author, world.justice)]).await;
        let far = world.person("外人", &[(Role::Liaison, world.top)]).await;
        let mut browser = world.elsewhere();
        browser.sign_in(&world.db, wei).await;
        let page = browser.get("/workspace/account").await.page();
        assert!(page.contains("王强（市司法局）") && !page.contains("外人"));
        let seat = format!("liaison:{}", world.justice);
        let (deputies, qiang_id) = ("/workspace/account/deputies", qiang.to_string());
        let name = |until: &'static str, deputy: String| {
            [
                ("seat", seat.clone()),
                ("deputy", deputy),
                ("until", until.to_owned()),
            ]
        };
        for (until, deputy, reason) in [
            ("2026-10-11", qiang_id.clone(), "截止日期"),
            ("2027-10-12", qiang_id.clone(), "最长 180 天"),
            ("soon", qiang_id.clone(), "请选择代理截止日期"),
            ("2026-10-20", far.to_string(), "同一机关"),
            ("2026-10-20", wei.to_string(), "同一机关"),
        ] {
            let fields = name(until, deputy);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .collect();
            let answer = browser.post(deputies, &fields).await;
            assert!(
                answer.status == 422 && answer.text().contains(reason),
                "{until} {reason}: {}",
                answer.text()
            );
        }
        let fields = name("2026-10-20", qiang_id.clone());
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        browser.post(deputies, &fields).await.redirected();
        assert!(
            browser
                .get("/workspace/account")
                .await
                .page()
                .contains("代理张伟，至2026年10月20日")
        );
        let mut his = world.elsewhere();
        his.sign_in(&world.db, qiang).await;
        assert!(
            his.get("/workspace/account")
                .await
                .page()
                .contains("联络员（市司法局）：代理张伟")
        );
        // A deputy cannot pass it on.
        let on = his.get("/workspace/account").await.page();
        assert!(!on.contains(&format!("<option value=\"{seat}\"")), "{on}");
        world.clock.advance(SignedDuration::from_hours(8 * 24));
        his.sign_in(&world.db, qiang).await;
        assert!(
            his.get("/workspace/account")
                .await
                .page()
                .contains("代理张伟"),
            "the last day counts"
        );
        world.clock.advance(SignedDuration::from_hours(24));
        his.sign_in(&world.db, qiang).await;
        assert!(
            !his.get("/workspace/account")
                .await
                .page()
                .contains("代理张伟"),
            "it ended by itself"
        );
        // A lapsed one gives way to a new one, which the person ends early.
        browser.sign_in(&world.db, wei).await;
        let fields = name("2026-11-01", qiang_id.clone());
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        browser.post(deputies, &fields).await.redirected();
        assert_eq!(
            browser.post(deputies, &fields).await.status,
            422,
            "not twice"
        );
        browser
            .post(
                "/workspace/account/deputies/end",
                &[("seat", &seat), ("deputy", &qiang_id)],
            )
            .await
            .redirected();
        assert!(
            !his.get("/workspace/account")
                .await
                .page()
                .contains("代理张伟")
        );
        assert_eq!(world.events("account.deputy").await.len(), 3);
    }
}

#[tokio::test]
async fn nobody_names_a_deputy_for_an_administrators_role_or_anothers() {
    let world = World::on(&backends()[0]).await;
    let second = world
        .person("安全员乙", &[(Role::SecurityAdmin, world.top)])
        .await;
    let liaison = world
        .person("联络员甲", &[(Role::Liaison, world.justice)])
        .await;
    let colleague = world.person("同事", &[(Role::Author, world.justice)]).await;
    let mut desk = world.security_desk().await;
    assert!(
        desk.get("/workspace/account")
            .await
            .page()
            .contains("没有可以请人代理的角色")
    );
    let seat = format!("security_admin:{}", world.top);
    let fields = [
        ("seat", seat.as_str()),
        ("deputy", &second.to_string()),
        ("until", "2026-10-20"),
    ];
    assert_eq!(
        desk.post("/workspace/account/deputies", &fields)
            .await
            .status,
        422
    );
    let mut browser = world.elsewhere();
    browser.sign_in(&world.db, liaison).await;
    let seat = format!("unit_head:{}", world.justice);
    let fields = [
        ("seat", seat.as_str()),
        ("deputy", &colleague.to_string()),
        ("until", "2026-10-20"),
    ];
    let answer = browser.post("/workspace/account/deputies", &fields).await;
    assert!(answer.text().contains("本人没有担任这一角色"));
    assert_eq!(world.events("account.deputy").await.len(), 0);
}

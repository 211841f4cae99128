//! The inbox as senders and readers meet it.

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, OrganId};
use jiff::SignedDuration;

use super::{BODY_CHARS_MAX, Outgoing, TITLE_CHARS_MAX, Topic, read_until, send, store};
use crate::access::Reach;
use crate::account::store as accounts;
use crate::db::{Db, StoreError, Tx, sql};
use crate::testing::{self, Browser, MovableClock, backends};
use crate::web;

const NOW: &str = "2026-10-12T09:00:00+08:00";

fn told(organ: OrganId, roles: &'static [Role], key: &str) -> Outgoing {
    Outgoing {
        organ,
        roles,
        reach: Reach::Own,
        topic: Topic::Reminder,
        key: key.to_owned(),
        title: format!("催办{key}"),
        body: "请在周五前填报".to_owned(),
        path: "/workspace/tasks".to_owned(),
        about: None,
    }
}

async fn tell(db: &Db, outgoing: Vec<Outgoing>) -> u64 {
    db.upkeep(async |tx: &mut Tx| send(tx, outgoing).await)
        .await
        .unwrap()
}

async fn unread(db: &Db, reader: AccountId) -> i64 {
    db.read(async |tx: &mut Tx| store::unread(tx, reader).await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_message_reaches_everybody_whose_business_it_is_once() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let unit = testing::organ(&db, "市司法局", Some(city)).await;
        let other = testing::organ(&db, "市财政局", Some(city)).await;
        let both = [(Role::Liaison, unit), (Role::UnitHead, unit)];
        let liaison = testing::person(&db, "联络员兼负责人", &both).await;
        let stranger = testing::person(&db, "别的联络员", &[(Role::Liaison, other)]).await;
        let leader = testing::person(&db, "领导", &[(Role::Leader, city)]).await;
        let gone = testing::person(&db, "已停用", &[(Role::Liaison, unit)]).await;
        let deputy = testing::person(&db, "代理", &[]).await;
        let former = testing::person(&db, "代理已到期", &[]).await;
        db.upkeep(async |tx: &mut Tx| {
            tx.run(sql("UPDATE account SET disabled_at = 1 WHERE id = $1").bind(gone))
                .await?;
            let today = "2026-10-10".parse().unwrap();
            for (person, until) in [(deputy, "2026-10-12"), (former, "2026-10-11")] {
                let seat = Some((liaison, until.parse().unwrap()));
                accounts::grant(tx, person, Role::Liaison, unit, seat, today).await?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        let roles: &[Role] = &[Role::Liaison, Role::UnitHead];
        assert_eq!(tell(&db, vec![told(unit, roles, "甲")]).await, 2);
        assert_eq!(
            tell(&db, vec![told(unit, roles, "甲")]).await,
            0,
            "told once"
        );
        for (reader, n) in [
            (liaison, 1),
            (deputy, 1),
            (former, 0),
            (gone, 0),
            (stranger, 0),
        ] {
            assert_eq!(unread(&db, reader).await, n);
        }
        // 领导 above hears only where the role reaches below.
        let own = told(unit, &[Role::Leader], "乙");
        let below = Outgoing {
            reach: Reach::Below,
            ..told(unit, &[Role::Leader], "丙")
        };
        assert_eq!(tell(&db, vec![own, below]).await, 1);
        assert_eq!(unread(&db, leader).await, 1);
        assert_eq!(tell(&db, Vec::new()).await, 0);
    }
}

#[tokio::test]
async fn nobody_hears_of_what_did_not_happen() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let unit = testing::organ(&db, "市司法局", None).await;
        let liaison = testing::person(&db, "联络员", &[(Role::Liaison, unit)]).await;
        let undone = db
            .write(async |tx: &mut Tx| send(tx, vec![told(unit, &[Role::Liaison], "甲")]).await)
            .await;
        assert!(matches!(undone, Err(StoreError::NoEvent)));
        assert_eq!(unread(&db, liaison).await, 0);
    }
}

#[tokio::test]
async fn what_is_too_long_is_cut_and_no_link_leads_elsewhere() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let unit = testing::organ(&db, "市司法局", None).await;
        let liaison = testing::person(&db, "联络员", &[(Role::Liaison, unit)]).await;
        let at_limit = Outgoing {
            title: "长".repeat(TITLE_CHARS_MAX),
            body: "长".repeat(BODY_CHARS_MAX),
            ..told(unit, &[Role::Liaison], "甲")
        };
        let beyond = Outgoing {
            title: "长".repeat(TITLE_CHARS_MAX + 1),
            body: "长".repeat(BODY_CHARS_MAX + 1),
            path: "//evil.test".to_owned(),
            ..told(unit, &[Role::Liaison], "乙")
        };
        tell(&db, vec![at_limit, beyond]).await;
        let list = db
            .read(async |tx: &mut Tx| {
                store::list(tx, liaison, store::Narrow::default(), (0, 10)).await
            })
            .await
            .unwrap();
        let cut: Vec<bool> = list.iter().map(|one| one.title.ends_with('…')).collect();
        assert_eq!(cut.iter().filter(|cut| **cut).count(), 1);
        for one in &list {
            assert_eq!(one.title.chars().count(), TITLE_CHARS_MAX);
            assert_eq!(one.body.chars().count(), BODY_CHARS_MAX);
            assert!(one.path.starts_with("/workspace"), "{}", one.path);
        }
    }
}

#[tokio::test]
async fn a_reader_sees_what_is_new_first_and_marks_it() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(&backend, clock.clock()).await;
        let unit = testing::organ(&db, "市司法局", None).await;
        let liaison = testing::person(&db, "联络员", &[(Role::Liaison, unit)]).await;
        let stranger = testing::person(&db, "系统员", &[(Role::SystemAdmin, unit)]).await;
        let router = web::wrap(
            web::router(crate::routes()),
            testing::app(&db, &guard, crate::nav()),
        );
        let mut browser = Browser::new(router);
        assert_eq!(browser.get("/workspace/inbox").await.status, 303);
        browser.sign_in(&db, liaison).await;
        let page = browser.get("/workspace/inbox").await.page();
        assert!(
            page.contains("还没有消息") && !page.contains("条未读"),
            "{page}"
        );
        tell(&db, vec![told(unit, &[Role::Liaison], "一")]).await;
        clock.advance(SignedDuration::from_mins(1));
        let two = Outgoing {
            title: "<b>督办</b>".to_owned(),
            topic: Topic::Supervision,
            path: "/workspace/account?a=1".to_owned(),
            ..told(unit, &[Role::Liaison], "二")
        };
        tell(&db, vec![two]).await;
        let page = browser.get("/workspace/inbox").await.page();
        assert!(
            page.contains("<b>2</b><span class=\"sr\"> 条未读"),
            "{page}"
        );
        assert!(
            page.contains("&#60;b&#62;督办") && !page.contains("<b>督办"),
            "{page}"
        );
        let place = |page: &str, words: &str| page.find(words).unwrap();
        assert!(
            place(&page, "&#60;b&#62;督办") < place(&page, "催办一"),
            "newest first"
        );
        let open = page
            .split('"')
            .find(|part| part.ends_with("/open"))
            .unwrap()
            .to_owned();
        let mut other = browser.clone();
        other.sign_in(&db, stranger).await;
        assert_eq!(
            other.post(&open, &[]).await.status,
            404,
            "another's message"
        );
        assert_eq!(
            browser.post(&open, &[]).await.redirected(),
            "/workspace/account?a=1"
        );
        let page = browser.get("/workspace/inbox").await.page();
        assert!(
            page.contains("<b>1</b><span class=\"sr\"> 条未读"),
            "{page}"
        );
        assert!(
            place(&page, "催办一") < place(&page, "&#60;b&#62;督办"),
            "unread first"
        );
        let page = browser
            .get("/workspace/inbox?topic=supervision")
            .await
            .page();
        assert!(!page.contains("催办一"), "{page}");
        let page = browser.get("/workspace/inbox?topic=score").await.page();
        assert!(page.contains("没有符合条件的消息"), "{page}");
        // What came after the page was shown stays unread.
        let shown = clock.now().as_millisecond().to_string();
        clock.advance(SignedDuration::from_mins(1));
        tell(&db, vec![told(unit, &[Role::Liaison], "三")]).await;
        let back = browser
            .post(
                "/workspace/inbox/read",
                &[("until", &shown), ("unread", "1")],
            )
            .await
            .redirected();
        assert_eq!(back, "/workspace/inbox?unread=1&");
        let page = browser.get(&back).await.page();
        assert!(
            page.contains("已把1条消息") && page.contains("催办三"),
            "{page}"
        );
        assert!(!page.contains("催办一"), "{page}");
        let one = page
            .split('"')
            .find(|part| part.ends_with("/read") && part.contains("/inbox/0"))
            .unwrap()
            .to_owned();
        assert_eq!(other.post(&one, &[]).await.status, 404);
        browser.post(&one, &[]).await.redirected();
        assert_eq!(unread(&db, liaison).await, 0);
    }
}

#[tokio::test]
async fn a_full_inbox_pages_and_the_top_bar_counts_to_its_limit() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(&backend, clock.clock()).await;
        let unit = testing::organ(&db, "市司法局", None).await;
        let liaison = testing::person(&db, "联络员", &[(Role::Liaison, unit)]).await;
        let many = |n: std::ops::Range<i32>| {
            n.map(|n| told(unit, &[Role::Liaison], &n.to_string()))
                .collect::<Vec<_>>()
        };
        let router = web::wrap(
            web::router(crate::routes()),
            testing::app(&db, &guard, crate::nav()),
        );
        let mut browser = Browser::new(router);
        browser.sign_in(&db, liaison).await;
        assert_eq!(tell(&db, many(0..99)).await, 99);
        let page = browser.get("/workspace/inbox?page=2").await.page();
        assert!(page.contains("第 51–99 条，共 99 条"), "{page}");
        assert!(page.contains("<b>99</b><span"), "{page}");
        // More than one statement takes.
        assert_eq!(tell(&db, many(99..350)).await, 251);
        let page = browser.get("/workspace/inbox").await.page();
        assert!(page.contains("<b>99+</b><span"), "{page}");
    }
}

#[tokio::test]
async fn what_was_not_read_moves_to_the_successor_and_what_was_goes_in_time() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let unit = testing::organ(&db, "市司法局", None).await;
        let leaving = testing::person(&db, "离岗", &[(Role::Liaison, unit)]).await;
        tell(
            &db,
            vec![
                told(unit, &[Role::Liaison], "一"),
                told(unit, &[Role::Liaison], "二"),
            ],
        )
        .await;
        let successor = testing::person(&db, "接手", &[(Role::Liaison, unit)]).await;
        tell(&db, vec![told(unit, &[Role::Liaison], "三")]).await;
        let work = super::handled_work().remove(0);
        let (count, moved) = db
            .upkeep(async |tx: &mut Tx| {
                let count = work.count(tx, leaving).await?;
                Ok::<_, StoreError>((count, work.transfer(tx, leaving, successor).await?))
            })
            .await
            .unwrap();
        assert_eq!((count, moved), (3, 2), "the third was told to both");
        assert_eq!(unread(&db, successor).await, 3);
        let later = clock.now().as_millisecond();
        db.upkeep(async |tx: &mut Tx| store::read_all(tx, successor, None, later).await)
            .await
            .unwrap();
        let purge = async || {
            db.upkeep(async |tx: &mut Tx| super::purge(tx).await)
                .await
                .unwrap()
        };
        clock.advance(SignedDuration::from_hours(24 * 180));
        assert_eq!(purge().await, 0, "kept for 180 days");
        clock.advance(SignedDuration::from_secs(1));
        assert_eq!(purge().await, 3);
        assert_eq!(unread(&db, leaving).await, 1, "what nobody read stays");
    }
}

#[tokio::test]
async fn a_person_says_where_the_digest_goes() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(&backend, clock.clock()).await;
        let unit = testing::organ(&db, "市司法局", None).await;
        let liaison = testing::person(&db, "联络员", &[(Role::Liaison, unit)]).await;
        let router = web::wrap(
            web::router(crate::routes()),
            testing::app(&db, &guard, crate::nav()),
        );
        let mut browser = Browser::new(router);
        browser.sign_in(&db, liaison).await;
        let set = "/workspace/account/mail";
        let address = async || {
            db.read(async |tx: &mut Tx| accounts::load(tx, liaison).await)
                .await
                .unwrap()
                .unwrap()
                .mail_address
        };
        for wrong in [
            "没有地址",
            "a@b",
            "@example.gov.cn",
            "a@example.gov.cn\r\nBcc: b@example.gov.cn",
            "a@b.cn,c@d.cn",
            "a@@example.gov.cn",
        ] {
            let refused = browser.post(set, &[("address", wrong)]).await;
            assert_eq!(refused.status, 422, "{wrong:?}");
            assert!(refused.text().contains("不是邮箱地址"));
        }
        assert_eq!(address().await, None);
        let right = [("address", " liaison.2@mail.example.gov.cn ")];
        browser.post(set, &right).await.redirected();
        assert_eq!(
            address().await.as_deref(),
            Some("liaison.2@mail.example.gov.cn")
        );
        let page = browser.get("/workspace/account").await.page();
        assert!(page.contains("没有启用邮件"), "{page}");
        browser.post(set, &[("address", "")]).await.redirected();
        assert_eq!(address().await, None);
    }
}

#[tokio::test]
async fn what_is_older_than_an_instant_is_read_for_everybody() {
    for backend in backends() {
        let clock = MovableClock::at(NOW);
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let unit = testing::organ(&db, "市司法局", None).await;
        let reader = testing::person(&db, "联络员", &[(Role::Liaison, unit)]).await;
        tell(&db, vec![told(unit, &[Role::Liaison], "一")]).await;
        let until = clock.clock()();
        clock.advance(SignedDuration::from_mins(1));
        tell(&db, vec![told(unit, &[Role::Liaison], "二")]).await;
        let left = db
            .upkeep(async |tx: &mut Tx| {
                assert_eq!(read_until(tx, until).await?, 1);
                store::unread(tx, reader).await
            })
            .await
            .unwrap();
        assert_eq!(left, 1);
    }
}

//! Hand-over: somebody leaves, and nothing is left lying.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use gongkai_basis::Role;
use gongkai_basis::id::AccountId;

use super::{PASSWORD, World};
use crate::account::HandledWork;
use crate::db::{StoreError, Tx};
use crate::testing::backends;

/// Letters on somebody's desk.
struct Letters(Arc<AtomicI64>);

#[async_trait]
impl HandledWork for Letters {
    fn name(&self) -> &'static str {
        "在办来信"
    }

    async fn count(&self, _: &mut Tx, _: AccountId) -> Result<i64, StoreError> {
        Ok(self.0.load(Ordering::SeqCst))
    }

    async fn transfer(&self, _: &mut Tx, _: AccountId, _: AccountId) -> Result<i64, StoreError> {
        Ok(self.0.swap(0, Ordering::SeqCst))
    }
}

#[tokio::test]
async fn roles_and_work_move_and_the_account_closes_in_one_event() {
    for backend in backends() {
        let letters = Arc::new(AtomicI64::new(7));
        let world = World::with(&backend, vec![Arc::new(Letters(letters.clone()))]).await;
        let wei = world
            .person(
                "张伟",
                &[
                    (Role::Liaison, world.justice),
                    (Role::Author, world.justice),
                ],
            )
            .await;
        let yang = world.person("刘洋", &[(Role::Author, world.justice)]).await;
        let (mut desk, mut leaving, mut staying) = (
            world.security_desk().await,
            world.elsewhere(),
            world.elsewhere(),
        );
        leaving.sign_in(&world.db, wei).await;
        staying.sign_in(&world.db, yang).await;
        // Until the hand-over 刘洋 stands in as liaison; afterwards the role is held for good.
        let seat = format!("liaison:{}", world.justice);
        let fields = [
            ("seat", seat.as_str()),
            ("deputy", &yang.to_string()),
            ("until", "2026-10-20"),
        ];
        leaving
            .post("/workspace/account/deputies", &fields)
            .await
            .redirected();
        let path = format!("/workspace/admin/accounts/{wei}/hand-over");
        let page = desk.get(&path).await.page();
        assert!(page.contains("在办来信：7 项") && page.contains("联络员（市司法局）"));
        for (successor, reason, said) in [
            ("无此人", "调离", "没有这个登录名"),
            ("刘洋", "", "请写明原因"),
            ("张伟", "调离", "接手人不能是本人"),
            ("安全员", "调离", "不能改自己账号"),
        ] {
            let answer = desk
                .post(&path, &[("successor", successor), ("reason", reason)])
                .await;
            assert!(
                answer.status == 422 && answer.text().contains(said),
                "{said}: {}",
                answer.text()
            );
        }
        assert_eq!(
            letters.load(Ordering::SeqCst),
            7,
            "a refused hand-over moves nothing"
        );
        desk.post(
            &path,
            &[("successor", "刘洋"), ("reason", "张伟调市发展改革委")],
        )
        .await
        .redirected();
        assert_eq!(letters.load(Ordering::SeqCst), 0);
        assert!(!world.is_in(&mut leaving).await && !world.is_in(&mut staying).await);
        assert_eq!(
            world.log_in(&mut leaving, "张伟", PASSWORD).await.status,
            422
        );
        world
            .log_in(&mut staying, "刘洋", PASSWORD)
            .await
            .redirected();
        let page = staying.get("/workspace/account").await.page();
        assert!(
            page.contains("联络员（市司法局）")
                && page.contains("撰稿（市司法局）")
                && !page.contains("代理张伟")
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM account_role WHERE deputy_for IS NOT NULL")
                .await,
            0
        );
        assert_eq!(
            world.events("account.handed_over").await,
            [
                "张伟 的工作移交 刘洋：角色 2 个，在办来信 7 项；张伟 的账号停用，原因：张伟调市发展改革委"
            ]
        );
        assert_eq!(
            world.events("account.disabled").await.len(),
            0,
            "one event says it all"
        );
    }
}

#[tokio::test]
async fn a_hand_over_joins_no_powers() {
    let world = World::on(&backends()[0]).await;
    let system = world
        .person("系统员", &[(Role::SystemAdmin, world.top)])
        .await;
    world
        .person("张伟", &[(Role::Liaison, world.justice)])
        .await;
    let mut desk = world.security_desk().await;
    let path = format!("/workspace/admin/accounts/{system}/hand-over");
    let answer = desk
        .post(&path, &[("successor", "张伟"), ("reason", "退休")])
        .await;
    assert!(
        answer.status == 422 && answer.text().contains("不能同时担任业务角色"),
        "{}",
        answer.text()
    );
    assert_eq!(
        world
            .count("SELECT COUNT(*) AS n FROM account WHERE disabled_at IS NOT NULL")
            .await,
        0
    );
}

#[tokio::test]
async fn who_is_disabled_already_can_still_hand_over() {
    for backend in backends() {
        let letters = Arc::new(AtomicI64::new(3));
        let world = World::with(&backend, vec![Arc::new(Letters(letters.clone()))]).await;
        let wei = world
            .person("张伟", &[(Role::Liaison, world.justice)])
            .await;
        world.person("刘洋", &[(Role::Author, world.justice)]).await;
        let mut desk = world.security_desk().await;
        let account = format!("/workspace/admin/accounts/{wei}");
        let page = desk.get(&account).await.page();
        assert!(
            page.contains("手上还有没办完的工作：在办来信 3 项"),
            "{page}"
        );
        desk.post(&format!("{account}/disable"), &[("reason", "借调期满")])
            .await
            .redirected();
        let page = desk.get(&account).await.page();
        assert!(page.contains("账号停用期间没有人办"), "{page}");
        let path = format!("{account}/hand-over");
        assert!(desk.get(&path).await.page().contains("不必先启用"));
        desk.post(&path, &[("successor", "刘洋"), ("reason", "不再回来")])
            .await
            .redirected();
        assert_eq!(letters.load(Ordering::SeqCst), 0);
        assert_eq!(
            world.events("account.handed_over").await,
            [
                "张伟 的工作移交 刘洋：角色 1 个，在办来信 3 项；张伟 的账号此前已停用，移交原因：不再回来"
            ]
        );
        let page = desk.get(&account).await.page();
        assert!(page.contains("原因：借调期满"), "why it was disabled stays");
        assert!(!page.contains("手上还有没办完的工作"), "{page}");
    }
}

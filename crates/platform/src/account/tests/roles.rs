//! Giving roles: the organ they hold in, what a change ends, and powers that stay apart.

use gongkai_basis::Role;
use gongkai_basis::id::AccountId;

use super::World;
use crate::db::{Tx, Value, sql};
use crate::testing::{self, backends};

/// So many organs more, each with a number in its name.
async fn many_organs(world: &World, count: usize) {
    let row = |number: usize| {
        let id = testing::uuid().to_string();
        let path = format!("/{}/{id}/", world.top);
        let text = |text: &str| Value::from(text);
        [
            text(&id),
            Value::from(world.top),
            text(&path),
            text(&format!("第{number:04}所")),
            text("city"),
            text("department"),
            text("active"),
            Value::from(0_i64),
            Value::from(1_i64),
            Value::from(1_i64),
        ]
    };
    let rows: Vec<_> = (0..count).map(row).collect();
    let columns = "INSERT INTO organ (id, parent_id, path, name, level, kind, status, position, version, created_at)";
    world
        .db
        .upkeep(async |tx: &mut Tx| tx.insert(columns, rows, "").await)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_organ_is_called_by_its_name_where_they_are_too_many_to_list() {
    for backend in backends() {
        let world = World::on(&backend).await;
        many_organs(&world, 3_000).await;
        let mut desk = world.security_desk().await;
        let new = "/workspace/admin/accounts/new";
        let page = desk.get(new).await.page();
        assert!(page.contains("机关较多，请填名称") && !page.contains("第0001所"));
        let mut create = async |login: &str, organ: &str| {
            let fields = [
                ("name", "张伟"),
                ("login", login),
                ("role", "liaison"),
                ("organ", organ),
            ];
            desk.post(new, &fields).await
        };
        for (organ, reason) in [
            ("没有这个所", "没有名称含“没有这个所”的机关"),
            ("第1", "超过50个"),
            ("第012", "有10个，请选择其中一个"),
        ] {
            let answer = create("zhang", organ).await;
            assert_eq!(answer.status, 422, "{organ}");
            assert!(answer.text().contains(reason), "{}", answer.text());
        }
        let page = create("zhang", "第012").await.text();
        assert!(page.contains("第0123所（上级：") && !page.contains("第1234所"));
        let id = page
            .split("<option value=\"")
            .find(|one| one.contains("第0123所"));
        let id = id.unwrap().split('"').next().unwrap().to_owned();
        // What was chosen stays chosen beside another mistake.
        let page = create("", &id).await.text();
        assert!(page.contains(&format!("<option value=\"{id}\" selected>第0123所")));
        assert_eq!(create("zhang", &id).await.status, 200);
        // A whole name needs no choice, whatever else begins so.
        assert_eq!(create("wang", " 第2999所").await.status, 200);
        assert_eq!(
            world.events("account.created").await,
            [
                "新建账号 张伟（zhang），担任第0123所联络员",
                "新建账号 张伟（wang），担任第2999所联络员"
            ]
        );

        let other = world.person("李娜", &[]).await;
        let account = format!("/workspace/admin/accounts/{other}");
        let mut grant = async |organ: &str| {
            let fields = [("role", "unit_head"), ("organ", organ)];
            desk.post(&format!("{account}/roles"), &fields).await
        };
        let answer = grant("第012").await;
        assert_eq!(answer.status, 422);
        let page = answer.text();
        assert!(page.contains("第0123所（上级：") && page.contains("value=\"unit_head\" selected"));
        grant("第0123所").await.redirected();
        assert!(desk.get(&account).await.page().contains("第0123所"));
    }
}

#[tokio::test]
async fn organs_to_choose_from_stand_in_the_directorys_order() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let county = testing::organ(&world.db, "云岭县", Some(world.top)).await;
        testing::organ(&world.db, "云岭县财政局", Some(county)).await;
        let last = testing::organ(&world.db, "市审计局", Some(world.top)).await;
        // Made last and first in the directory, as an office orders it by hand.
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                let first = sql("UPDATE organ SET position = -1 WHERE id = $1");
                tx.run(first.bind(last)).await
            })
            .await
            .unwrap();
        let person = world.person("李娜", &[]).await;
        let account = format!("/workspace/admin/accounts/{person}");
        let mut desk = world.security_desk().await;
        for address in ["/workspace/admin/accounts/new", account.as_str()] {
            let page = desk.get(address).await.page();
            let list = page.split("<select id=\"organ\"").nth(1).unwrap();
            let at = |name: &str| list.find(name).unwrap();
            let order = [
                at(">安澜市人民政府<"),
                at(">　市审计局<"),
                at(">　市司法局<"),
                at(">　云岭县<"),
                at(">　　云岭县财政局<"),
            ];
            assert!(order.is_sorted(), "{address}: {order:?}");
        }
    }
}

#[tokio::test]
async fn of_a_hundred_organs_and_more_the_name_is_typed_with_proposals() {
    for backend in backends() {
        let world = World::on(&backend).await;
        many_organs(&world, 1_000).await;
        let mut desk = world.security_desk().await;
        let new = "/workspace/admin/accounts/new";
        let page = desk.get(new).await.page();
        assert!(!page.contains("<select id=\"organ\""), "{page}");
        assert!(page.contains("list=\"organs\""), "{page}");
        let proposed = page.split("<datalist id=\"organs\">").nth(1).unwrap();
        let proposed = proposed.split("</datalist>").next().unwrap();
        assert_eq!(proposed.matches("<option").count(), 1_002);
        assert!(proposed.find("第0001所") < proposed.find("第0999所"));
        let fields = [
            ("name", "张伟"),
            ("login", "zhang"),
            ("role", "liaison"),
            ("organ", "第0999所"),
        ];
        assert_eq!(desk.post(new, &fields).await.status, 200);
        assert_eq!(
            world.events("account.created").await,
            ["新建账号 张伟（zhang），担任第0999所联络员"]
        );
    }
}

#[tokio::test]
async fn changing_roles_ends_sessions_and_keeps_the_powers_apart() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let wei = world
            .person("张伟", &[(Role::Liaison, world.justice)])
            .await;
        let audit = world
            .person("审计员", &[(Role::AuditAdmin, world.top)])
            .await;
        let mut desk = world.security_desk().await;
        let (justice, top) = (world.justice.to_string(), world.top.to_string());
        let roles = |id: AccountId| format!("/workspace/admin/accounts/{id}/roles");
        let mut person = world.elsewhere();
        person.sign_in(&world.db, wei).await;
        desk.post(&roles(wei), &[("role", "unit_head"), ("organ", &justice)])
            .await
            .redirected();
        assert!(
            !world.is_in(&mut person).await,
            "a change of rights asks for a new session"
        );
        for (id, role, organ, reason) in [
            (wei, "unit_head", &justice, "已担任这一角色"),
            (wei, "system_admin", &top, "不能同时担任业务角色"),
            (audit, "security_admin", &top, "三权分立"),
            (audit, "liaison", &justice, "不能同时担任业务角色"),
            (world.security, "security_admin", &justice, "不能改自己账号"),
            (wei, "root", &justice, "请选择角色和机关"),
        ] {
            let answer = desk
                .post(&roles(id), &[("role", role), ("organ", organ)])
                .await;
            assert!(
                answer.status == 422 && answer.text().contains(reason),
                "{reason}: {}",
                answer.text()
            );
        }
        person.sign_in(&world.db, wei).await;
        let end = format!("{}/end", roles(wei));
        desk.post(&end, &[("seat", &format!("liaison:{justice}"))])
            .await
            .redirected();
        assert!(!world.is_in(&mut person).await);
        assert_eq!(
            world.events("account.role").await,
            ["张伟 担任市司法局单位负责人", "张伟 不再担任市司法局联络员"]
        );
    }
}

#[tokio::test]
async fn no_sequence_of_grants_joins_two_powers() {
    let world = World::on(&backends()[0]).await;
    let wei = world.person("张伟", &[]).await;
    let mut desk = world.security_desk().await;
    let path = format!("/workspace/admin/accounts/{wei}/roles");
    let organs = [world.top.to_string(), world.justice.to_string()];
    // A small generator with a fixed seed: every run tries the same 200 grants and ends.
    let mut state = 20_261_012_u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..200 {
        let (role, organ) = (Role::ALL[next(Role::ALL.len())], &organs[next(2)]);
        if next(3) == 0 {
            desk.post(
                &format!("{path}/end"),
                &[("seat", &format!("{}:{organ}", role.code()))],
            )
            .await;
        } else {
            desk.post(&path, &[("role", role.code()), ("organ", organ)])
                .await;
        }
        let held: Vec<Role> = world
            .db
            .read(async |tx: &mut Tx| {
                crate::account::session::held_roles(tx, wei, "2026-10-12".parse().unwrap()).await
            })
            .await
            .unwrap()
            .into_iter()
            .map(|held| held.role)
            .collect();
        let powers: std::collections::BTreeSet<Role> = held
            .iter()
            .copied()
            .filter(|role| role.is_administrator())
            .collect();
        assert!(
            powers.len() <= 1
                && (powers.is_empty() || held.iter().all(|role| role.is_administrator())),
            "{held:?}"
        );
    }
}

use super::{desk, find, refused};
use crate::db::Tx;
use crate::organ::{Target, directory};
use crate::testing::Browser;

#[tokio::test]
async fn a_rule_is_saved_only_after_its_effects_were_seen() {
    let mut desk = desk().await;
    let page = desk.clerk.get("/workspace/organs/collectives").await.page();
    assert!(
        page.contains("市直各单位")
            && page.contains("市直其他单位")
            && page.contains("各县（市、区）政府")
    );
    assert!(!page.contains("各村（社区）"), "nobody belongs to it here");
    let path = "/workspace/organs/collectives/@departments.all";
    let page = desk.clerk.get(path).await.page();
    assert!(page.contains("成员 3 个") && page.contains("市级 · 工作部门（2 个）"));
    let root = desk.root.to_string();
    let filled = |seen: &str| -> Vec<(String, String)> {
        [
            ("root", root.as_str()),
            ("version", "0"),
            ("groups", "city.department"),
            ("groups", "city.office"),
            ("include", "市委宣传部"),
            ("exclude", "市司法局"),
            ("seen", seen),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    };
    let post = async |browser: &mut Browser, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        browser.post(path, &fields).await
    };
    let page = post(&mut desk.clerk, filled("")).await.page();
    assert!(
        page.contains("增加 1 个成员：中共安澜市委宣传部")
            && page.contains("减少 1 个成员：安澜市司法局")
    );
    assert!(page.contains("受影响的分工 1 项") && page.contains("第 12 项 规范性文件集中公开"));
    let start = page.find(r#"name="seen" value=""#).unwrap() + r#"name="seen" value=""#.len();
    let seen = page[start..]
        .split('"')
        .next()
        .unwrap()
        .replace("&#34;", "\"");
    assert!(
        desk.clerk.get(path).await.page().contains("成员 3 个"),
        "nothing is saved yet"
    );
    assert_eq!(post(&mut desk.liaison, filled(&seen)).await.status, 403);
    assert_eq!(post(&mut desk.district, filled(&seen)).await.status, 403);
    let next = post(&mut desk.clerk, filled(&seen)).await.redirected();
    let page = desk.clerk.get(&next).await.page();
    assert!(
        page.contains("已调整")
            && page
                .contains("修改统称“市直各单位”的规则；增加中共安澜市委宣传部；去掉安澜市司法局")
    );
    assert_eq!(
        post(&mut desk.clerk, filled(&seen)).await.status,
        409,
        "an old form changes nothing"
    );
    let page = desk
        .clerk
        .get(&format!("{path}?root={root}&default=1"))
        .await
        .page();
    assert!(page.contains("增加 1 个成员：安澜市司法局") && page.contains("保存规则"));
    let mut wrong = filled("");
    wrong[4].1 = "外星事务局\n市司法".into();
    let page = refused(&post(&mut desk.clerk, wrong).await);
    assert!(
        page.contains("“外星事务局”不在名录中")
            && page.contains("“市司法”不能确定是哪个机关，是否指“安澜市司法局”")
    );
    assert_eq!(
        desk.clerk
            .get("/workspace/organs/collectives/@nobody.all")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn the_office_names_a_collective_and_the_plan_finds_it() {
    let mut desk = desk().await;
    let root = desk.root.to_string();
    let sent = desk
        .clerk
        .post(
            "/workspace/organs/collectives",
            &[("root", &root), ("name", "（）")],
        )
        .await;
    let page = refused(&sent);
    assert!(page.contains("请填写统称") && page.contains(r#"name="name" value="（）""#));
    let next = desk
        .clerk
        .post(
            "/workspace/organs/collectives",
            &[("root", &root), ("name", "涉及26个领域的有关单位")],
        )
        .await
        .redirected();
    assert!(desk.clerk.get(&next).await.page().contains("尚未指定成员"));
    let again = desk
        .clerk
        .post(
            "/workspace/organs/collectives",
            &[("root", &root), ("name", "涉及 26 个领域的有关单位")],
        )
        .await;
    let again = refused(&again);
    assert!(again.contains("已有这个统称"));
    let path = next.split('?').next().unwrap().to_owned();
    let rule = r#"{"groups":[],"under":null,"except_named":false,"include":["ID"],"exclude":[],"manual":true}"#;
    let finance = find(&desk.db, desk.root, "市财政局").await.id;
    let seen = rule.replace("ID", &finance.to_string());
    let fields = [
        ("root", root.as_str()),
        ("version", "1"),
        ("manual", "1"),
        ("include", "市财政局"),
        ("seen", &seen),
    ];
    desk.clerk.post(&path, &fields).await.redirected();
    let directory = desk
        .db
        .read(async |tx: &mut Tx| directory(tx, desk.root).await)
        .await
        .unwrap();
    let found = directory.find("涉及26个领域的有关单位");
    let Target::Collective(key) = &found[0].target else {
        panic!("{found:?}")
    };
    assert_eq!(directory.expand(key, &[]), [finance]);
    let delete = format!("{path}/delete");
    assert_eq!(
        desk.clerk
            .post(&delete, &[("root", &root), ("version", "1")])
            .await
            .status,
        409
    );
    desk.clerk
        .post(&delete, &[("root", &root), ("version", "2")])
        .await
        .redirected();
    assert_eq!(desk.clerk.get(&next).await.status, 404);
}

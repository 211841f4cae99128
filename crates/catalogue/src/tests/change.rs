//! Entries change with a reason; what they said before stays readable.

use gongkai_platform::testing::backends;

use super::{World, entry_fields};

fn fields<'f>(version: &'f str, limit: &'f str) -> Vec<(&'f str, &'f str)> {
    entry_fields(
        None,
        &[
            ("version", version),
            ("why", "按常务会议要求提高频次"),
            ("legal_basis", "县政府第12次常务会议"),
            ("limit_text", limit),
            ("in_force_on", "2026-01-05"),
        ],
    )
}

#[tokio::test]
async fn a_change_is_a_new_version_and_the_slower_one_sees_both() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.city, "", "预算执行情况").await;
        let public = path.replace("/workspace/catalogue/entries", "/catalogue");
        let mut clerk = world.browser(world.clerk).await;
        let change = format!("{path}/change");
        assert!(clerk.get(&change).await.page().contains("保存新版本"));

        let same = clerk.post(&change, &fields("1", "每季度公开")).await;
        assert_eq!(same.status.as_u16(), 422, "nothing is different");
        let mut bare = fields("1", "每月公开");
        bare.retain(|(name, _)| *name != "why" && *name != "legal_basis");
        let refused = clerk.post(&change, &bare).await;
        assert_eq!(refused.status.as_u16(), 422);
        let text = refused.text();
        assert!(text.contains("请填写“修改原因”。") && text.contains("请填写“修改依据”。"));

        clerk
            .post(&change, &fields("1", "每月公开"))
            .await
            .redirected();
        let slow = clerk.post(&change, &fields("1", "每半年公开")).await;
        assert_eq!(slow.status.as_u16(), 409);
        let text = slow.text();
        assert!(text.contains("每月公开") && text.contains("每半年公开"));
        assert!(
            text.contains(r#"name="version" value="2""#),
            "saving once more is possible"
        );

        let history = clerk.get(&format!("{path}/history")).await.page();
        assert!(
            history.contains("<del>每季度公开</del>") && history.contains("<ins>每月公开</ins>")
        );
        let page = clerk.get(&public).await.page();
        assert!(page.contains("第2版") && page.contains("县政府第12次常务会议"));
        assert!(!page.contains("文书"), "the public page names no staff");

        let mut liaison = world.browser(world.liaison).await;
        assert_eq!(liaison.get(&change).await.status.as_u16(), 403);
        assert!(
            liaison
                .get(&format!("{path}/history"))
                .await
                .page()
                .contains("第2版"),
            "a unit reads what holds in it"
        );
    }
}

#[tokio::test]
async fn the_public_list_shows_when_an_entry_was_last_confirmed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.city, "", "预算执行情况").await;
        let mut clerk = world.browser(world.clerk).await;
        assert!(clerk.get("/catalogue").await.page().contains("尚未确认"));
        let stale = clerk
            .post(&format!("{path}/confirm"), &[("version", "7")])
            .await;
        assert_eq!(stale.status.as_u16(), 409);
        clerk
            .post(&format!("{path}/confirm"), &[("version", "1")])
            .await
            .redirected();
        let list = clerk.get("/catalogue").await.page();
        assert!(list.contains("2026年10月12日") && !list.contains("尚未确认"));
    }
}

#[tokio::test]
async fn an_index_names_one_entry_and_only_what_comes_from_above_is_replaced_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.city, "", "预算执行情况").await;
        let id = path.rsplit('/').next().unwrap();
        let mut clerk = world.browser(world.clerk).await;
        let mut add = async |organ: String, over: &str, index: &str| {
            let mut typed = fields("0", "每季度公开");
            typed.retain(|(name, _)| *name != "index_number");
            typed.extend([
                ("organ", organ.as_str()),
                ("over", over),
                ("index_number", index),
            ]);
            let answer = clerk.post("/workspace/catalogue/new", &typed).await;
            (answer.status.as_u16(), answer.text())
        };
        let (city, unit) = (world.city.to_string(), world.unit.to_string());
        let (status, page) = add(city.clone(), "", "AL-07-001").await;
        assert_eq!(status, 422);
        assert!(page.contains("每个事项的索引只能用一次"));
        // Its own entry is changed, not replaced.
        assert_eq!(add(city, id, "AL-07-002").await.0, 422);
        assert_eq!(add(unit.clone(), id, "CZ-01").await.0, 303);
        let (status, page) = add(unit, id, "CZ-02").await;
        assert_eq!(status, 422);
        assert!(page.contains("只能改写本单位正在沿用的上级事项"));
    }
}

#[tokio::test]
async fn a_channel_is_marked_and_what_leads_nowhere_is_said() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let city = world.city.to_string();
        let mut clerk = world.browser(world.clerk).await;
        let mut typed = vec![
            ("organ", city.as_str()),
            ("index_number", "AL-07-002"),
            ("class", "7"),
            ("domain", "太空旅游"),
            ("item", "财政预决算"),
            ("content", "收支执行情况"),
            ("basis", "《中华人民共和国预算法》"),
            ("limit_text", "每季度公开"),
            ("publisher", "不存在的部门"),
            ("channels", "政府网站"),
            ("audience", "全社会"),
            ("method", "主动"),
            ("levels", "市级"),
            ("formed_on", "2026-01-05"),
        ];
        let answer = clerk.post("/workspace/catalogue/new", &typed).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("在它前面写“■”"));
        typed.retain(|(name, _)| *name != "channels");
        typed.push(("channels", "■政府网站 □公开查阅点"));
        let path = clerk
            .post("/workspace/catalogue/new", &typed)
            .await
            .redirected();
        let page = clerk.get(&path).await.page();
        for words in ["现在没有单位需要登记这一项", "不是26个试点领域之一"] {
            assert!(page.contains(words), "{words} in {page}");
        }
        // What an entry was added with, a change does not take away; it is told of the same things.
        typed.extend([
            ("version", "1"),
            ("why", "调整频次"),
            ("legal_basis", "会议纪要"),
            ("in_force_on", "2026-01-05"),
        ]);
        let change = format!("{path}/change");
        typed.retain(|(name, _)| *name != "channels" && *name != "limit_text");
        typed.extend([("limit_text", "每月公开"), ("channels", "□政府网站")]);
        let answer = clerk.post(&change, &typed).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("在它前面写“■”"));
        typed.retain(|(name, _)| *name != "channels");
        typed.push(("channels", "■政府网站"));
        let next = clerk.post(&change, &typed).await.redirected();
        let page = clerk.get(&next).await.page();
        for words in [
            "也不是条例第二十一条增加的内容",
            "已保存第2版",
            "现在没有单位需要登记这一项",
            "不是26个试点领域之一",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
    }
}

use gongkai_platform::db::{Tx, sql};
use gongkai_platform::testing::{Browser, backends};
use gongkai_platform::web;

use super::world::{CITY_HTML, TOWN_TXT, World, value_of};
use crate::draft::{ImportError, import_whole};

/// Settles all doubts of a draft, as a person would by its buttons.
pub(super) async fn settle_doubts(world: &mut World, address: &str) {
    loop {
        let page = world.browser.get(&format!("{address}/tasks")).await.page();
        let Some(at) = page.find("import-doubtful") else {
            return;
        };
        let key = value_of(&page[at..], "key");
        let version = value_of(&page, "version");
        world
            .browser
            .post(
                &format!("{address}/tasks"),
                &[("version", &version), ("key", &key), ("act", "settle")],
            )
            .await
            .redirected();
    }
}

pub(super) async fn confirm(world: &mut World, address: &str) {
    settle_doubts(world, address).await;
    let version = world.version(&format!("{address}/confirm")).await;
    world
        .browser
        .post(&format!("{address}/confirm"), &[("version", &version)])
        .await
        .redirected();
}

#[tokio::test]
async fn a_web_page_becomes_a_ledger_and_is_taken_back() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let page = world.browser.get(&address).await.page();
        assert!(
            page.contains("安澜市2026年政务公开工作要点分工方案"),
            "{page}"
        );
        let events = world.count("SELECT COUNT(*) AS n FROM event").await;

        // One task is split, by the words with which its second part begins, and merged again.
        let tasks = world.browser.get(&format!("{address}/tasks")).await.page();
        assert!(
            tasks.contains("<b class=\"figure\" data-import-total>3</b>"),
            "{tasks}"
        );
        let version = value_of(&tasks, "version");
        let split = world
            .browser
            .post(
                &format!("{address}/tasks"),
                &[
                    ("version", &version),
                    ("key", "2"),
                    ("act", "split"),
                    ("text", "修订主动公开基本目录并组织培训。"),
                    ("organ_name", "市教育局"),
                    ("organ_duty", "responsible"),
                    ("before", "并组织"),
                ],
            )
            .await
            .redirected();
        assert!(split.contains("#task-2"), "{split}");
        let tasks = world.browser.get(&format!("{address}/tasks")).await.page();
        assert!(tasks.contains(">4</b> 条任务"), "{tasks}");
        let version = value_of(&tasks, "version");
        world
            .browser
            .post(
                &format!("{address}/tasks"),
                &[("version", &version), ("act", "undo")],
            )
            .await
            .redirected();
        assert_eq!(
            world.count("SELECT COUNT(*) AS n FROM event").await,
            events,
            "a draft is nobody's state"
        );

        confirm(&mut world, &address).await;
        let one = world
            .count("SELECT COUNT(*) AS n FROM event WHERE kind = 'plan.imported'")
            .await;
        assert_eq!(one, 1);
        assert_eq!(
            world.count("SELECT COUNT(*) AS n FROM event").await,
            events + 1
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM task WHERE state = 'open'")
                .await,
            3
        );
        // 司法局 leads, the office and two bureaus follow as 其他; then 教育局 alone (the other was cleared), then the office.
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM assignment WHERE role = 'lead'")
                .await,
            1
        );
        let others = world
            .count("SELECT COUNT(*) AS n FROM assignment WHERE named_as = '市直其他单位'")
            .await;
        assert!(others >= 2, "{others}");

        let closed = world.browser.get(&address).await.page();
        let plan = closed
            .split("/workspace/plans/")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        world
            .browser
            .post(&format!("/workspace/plans/{plan}/undo-import"), &[])
            .await
            .redirected();
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM task WHERE state = 'open'")
                .await,
            0
        );
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM assignment WHERE state = 'open'")
                .await,
            0
        );
        // The draft is open again and can be confirmed anew.
        confirm(&mut world, &address).await;
        assert_eq!(
            world
                .count("SELECT COUNT(*) AS n FROM plan WHERE state = 'active'")
                .await,
            1
        );
    }
}

#[tokio::test]
async fn what_else_stands_on_a_card_is_saved_where_its_text_was_emptied() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let version = world.version(&format!("{address}/tasks")).await;
        let form = [
            ("version", version.as_str()),
            ("key", "1"),
            ("act", "save"),
            ("text", ""),
            ("organ_name", "市审计局"),
            ("organ_duty", "lead"),
        ];
        world
            .browser
            .post(&format!("{address}/tasks"), &form)
            .await
            .redirected();
        let page = world.browser.get(&format!("{address}/tasks")).await.page();
        assert!(
            page.contains("（还没有内容，请展开填写）") && page.contains("市审计局"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn two_people_on_one_draft_lose_nothing() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let version = world.version(&format!("{address}/tasks")).await;
        let form = [("version", version.as_str()), ("key", "1"), ("act", "down")];
        let moved = world
            .browser
            .post(&format!("{address}/tasks"), &form)
            .await
            .redirected();
        assert!(moved.ends_with("?page=1&more=1#task-1"), "{moved}");
        let page = world.browser.get(&moved).await.page();
        let card = page
            .split("id=\"task-")
            .find(|card| card.starts_with("1\""));
        assert!(
            card.is_some_and(|card| card.contains("class=\"import-more\" open")),
            "what moved stays unfolded, to be moved again: {page}"
        );
        let late = world.browser.post(&format!("{address}/tasks"), &form).await;
        assert_eq!(late.status, 409);
        assert!(late.text().contains("别人刚刚改动了同一内容"));
    }
}

#[tokio::test]
async fn the_units_of_a_task_stand_as_the_plan_names_them() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let units = ["市财政局", "市司法局", "市教育局"];
        let mut plan = "安澜市2026年政务公开工作要点分工方案\n\n一、规范基础工作\n\n".to_owned();
        for number in 1..=20 {
            let units = units.join("、");
            plan += &format!(
                "{number}.公布第{number}类事项清单，每季度更新。（责任单位：{units}）\n\n"
            );
        }
        let address = world
            .upload("/workspace/import", "方案.txt", plan.as_bytes())
            .await;
        settle_doubts(&mut world, &address).await;
        confirm(&mut world, &address).await;
        let named: Vec<String> = world
            .db
            .read(async |tx: &mut Tx| {
                tx.all(sql("SELECT named_as FROM assignment ORDER BY position, id"))
                    .await
            })
            .await
            .unwrap()
            .iter()
            .map(|row| row.get("named_as").unwrap())
            .collect();
        assert_eq!(named, units.repeat(20));
    }
}

#[tokio::test]
async fn unsettled_names_refuse_and_may_be_kept_out() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.txt", TOWN_TXT).await;
        settle_doubts(&mut world, &address).await;
        let version = world.version(&format!("{address}/confirm")).await;
        let refused = world
            .browser
            .post(&format!("{address}/confirm"), &[("version", &version)])
            .await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("市幻想事务局"),
            "{}",
            refused.text()
        );
        let keep = |reason| {
            [
                ("version", version.clone()),
                ("name", "市幻想事务局".to_owned()),
                ("choice", "keep-out".to_owned()),
                ("reason", reason),
            ]
        };
        for (reason, status) in [(String::new(), 422), ("不属于本市机关".to_owned(), 303)] {
            let fields = keep(reason);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let answer = world
                .browser
                .post(&format!("{address}/organs"), &fields)
                .await;
            assert_eq!(answer.status, status, "{}", answer.text());
        }
        confirm(&mut world, &address).await;
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM assignment").await, 2);
    }
}

#[tokio::test]
async fn a_new_organ_enters_the_directory_on_the_way() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.txt", TOWN_TXT).await;
        let version = world.version(&format!("{address}/organs")).await;
        // The directory stands once on the page, however many names ask for a parent.
        let page = world.browser.get(&format!("{address}/organs")).await.page();
        let parents = page.split("id=\"organ-parents\"").nth(1).unwrap();
        let parents = parents.split("</datalist>").next().unwrap();
        let parent = parents.split('"').nth(1).unwrap();
        // Of a draft that changed in the meantime nothing stays, the organ neither.
        let stale = [
            ("version", "0"),
            ("name", "市幻想事务局"),
            ("organ_name", "安澜市幻想事务局"),
            ("parent", parent),
            ("level", "city"),
            ("kind", "department"),
        ];
        let new = format!("{address}/organs/new");
        assert_eq!(world.browser.post(&new, &stale).await.status, 409);
        let made = "SELECT COUNT(*) AS n FROM organ WHERE name = '安澜市幻想事务局'";
        assert_eq!(world.count(made).await, 0);
        for (parent, status) in [("市没有的局", 422), (parent, 303)] {
            let fields = [
                ("version", version.as_str()),
                ("name", "市幻想事务局"),
                ("organ_name", "安澜市幻想事务局"),
                ("parent", parent),
                ("level", "city"),
                ("kind", "department"),
            ];
            let answer = world
                .browser
                .post(&format!("{address}/organs/new"), &fields)
                .await;
            assert_eq!(answer.status, status, "{}", answer.text());
        }
        let page = world.browser.get(&format!("{address}/organs")).await.page();
        assert!(page.contains("安澜市幻想事务局"));
        assert!(page.contains("所有名称都已确定"), "{page}");
    }
}

#[tokio::test]
async fn a_new_organ_is_proposed_at_the_level_of_its_parent() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.txt", TOWN_TXT).await;
        let county = async |tx: &mut Tx| tx.run(sql("UPDATE organ SET level = 'county'")).await;
        world.db.upkeep(county).await.unwrap();
        let page = world.browser.get(&format!("{address}/organs")).await.page();
        let proposed = page.contains("<option value=\"county\" selected>");
        assert!(
            proposed && !page.contains("value=\"city\" selected"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_picture_says_why_and_a_letter_goes_on_by_hand() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let address = world
            .upload("/workspace/import", "扫描.png", b"\x89PNG\r\n\x1a\nxxxx")
            .await;
        let page = world.browser.get(&address).await.page();
        assert!(
            page.contains("未能读取这份文件") && page.contains("做文字识别"),
            "{page}"
        );

        let letter = "关于召开会议的通知\n\n定于3月20日召开会议，请准时参加。\n";
        let address = world
            .upload("/workspace/import", "通知.txt", letter.as_bytes())
            .await;
        let page = world.browser.get(&address).await.page();
        assert!(page.contains("对照原文手工录入"), "{page}");
        let version = value_of(&page, "version");
        world
            .browser
            .post(&format!("{address}/by-hand"), &[("version", &version)])
            .await
            .redirected();
        let version = world.version(&format!("{address}/tasks")).await;
        let added = world
            .browser
            .post(
                &format!("{address}/tasks"),
                &[("version", &version), ("act", "add")],
            )
            .await
            .redirected();
        assert!(added.contains("&edit=1#task-1"), "{added}");
        let page = world.browser.get(&format!("{address}/tasks")).await.page();
        assert!(
            page.contains("id=\"task-1\"") && page.contains("定于3月20日召开会议"),
            "{page}"
        );

        let version = value_of(&page, "version");
        world
            .browser
            .post(&format!("{address}/discard"), &[("version", &version)])
            .await
            .redirected();
        assert!(
            !world
                .browser
                .get("/workspace/import")
                .await
                .page()
                .contains("通知.txt")
        );
    }
}

#[tokio::test]
async fn the_script_gets_only_what_an_edit_changed() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let version = world.version(&format!("{address}/tasks")).await;
        let request = axum::http::Request::builder()
            .method("POST")
            .uri(format!("{address}/tasks"))
            .header("sec-fetch-site", "same-origin")
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded");
        let body = axum::body::Body::from(format!("version={version}&key=3&act=merge"));
        let answer = world.browser.send(request, body).await;
        let json: serde_json::Value = serde_json::from_str(&answer.page()).unwrap();
        assert_eq!(json["removed"], serde_json::json!([2, 3]));
        assert_eq!(json["inserted"], serde_json::json!([2]));
        assert_eq!((&json["after"], &json["total"]), (&1.into(), &2.into()));
        assert!(json["html"].as_str().unwrap().contains("id=\"task-2\""));
    }
}

#[tokio::test]
async fn the_whole_way_runs_without_screens() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let permit = world.permit().await;
        let bytes = TOWN_TXT.as_bytes().to_vec();
        import_whole(&world.app, &permit, world.office, "方案.txt", bytes)
            .await
            .unwrap();
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM task").await, 2);
        assert_eq!(
            world.count("SELECT COUNT(*) AS n FROM assignment").await,
            2,
            "the unknown name is kept out"
        );
        let letter = "关于召开会议的通知\n\n请准时参加。\n".as_bytes().to_vec();
        let outcome = import_whole(&world.app, &permit, world.office, "通知.txt", letter).await;
        assert!(
            matches!(outcome, Err(ImportError::Unreadable(_))),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn others_have_no_way_in() {
    for backend in backends() {
        let (world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let stranger = gongkai_platform::testing::person(
            &world.db,
            "外单位",
            &[(gongkai_basis::Role::OfficeClerk, world.organs[2])],
        )
        .await;
        let mut browser = Browser::new(web::wrap(web::router(crate::routes()), world.app.clone()));
        browser.sign_in(&world.db, stranger).await;
        for path in ["", "/tasks", "/organs", "/confirm"] {
            assert_eq!(browser.get(&format!("{address}{path}")).await.status, 404);
        }
    }
}

#[tokio::test]
async fn other_meanings_of_the_columns_keep_what_was_edited() {
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", CITY_HTML).await;
        let tasks = format!("{address}/tasks");
        let version = world.version(&tasks).await;
        let edited = [
            ("version", version.as_str()),
            ("key", "2"),
            ("number", "2"),
            ("act", "save"),
            ("section", "一、夯实基础"),
            ("text", "修订主动公开基本目录，并组织两期培训。"),
            ("organ_name", "市教育局"),
            ("organ_duty", "responsible"),
            ("organ_name", "市财政局"),
            ("organ_duty", "responsible"),
        ];
        world.browser.post(&tasks, &edited).await.redirected();

        let columns = |version: &str, units: &str| {
            let fields = [
                ("version", version),
                ("role", "heading"),
                ("role", "text"),
                ("role", units),
            ];
            fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let version = world.version(&address).await;
        let fields = columns(&version, "lead");
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        let again = world
            .browser
            .post(&format!("{address}/columns"), &fields)
            .await
            .redirected();
        let page = world.browser.get(&again).await.page();
        assert!(page.contains("1 条的手工修改都已保留"), "{page}");
        let page = world.browser.get(&tasks).await.page();
        assert!(page.contains("并组织两期培训"), "{page}");
        let leads = page.matches("value=\"lead\" selected").count();
        assert!(leads >= 2, "the column leads now: {leads}");

        let version = value_of(&page, "version");
        let undo = [("version", version.as_str()), ("act", "undo")];
        world.browser.post(&tasks, &undo).await.redirected();
        let page = world.browser.get(&tasks).await.page();
        assert!(
            page.contains("并组织两期培训"),
            "the edit is the older step"
        );
        assert!(page.matches("value=\"lead\" selected").count() < leads);
    }
}

#[tokio::test]
async fn units_concerned_are_picked_by_name() {
    let plan = CITY_HTML.replace("<td>市教育局、市财政局</td>", "<td>市直有关单位</td>");
    for backend in backends() {
        let (mut world, address) = World::with(&backend, "方案.html", &plan).await;
        let organs = format!("{address}/organs");
        let page = world.browser.get(&organs).await.page();
        assert!(page.contains("这个统称还没有成员"), "{page}");
        let version = value_of(&page, "version");
        let pick = |several: &'static str| {
            [
                ("version".to_owned(), version.clone()),
                ("name".to_owned(), "市直有关单位".to_owned()),
                ("choice".to_owned(), "several".to_owned()),
                ("several".to_owned(), several.to_owned()),
            ]
        };
        for (wrong, sentence) in [
            ("市教育局、市幻想局", "名录中没有找到：市幻想局"),
            ("", "请写出“市直有关单位”包括哪些机关"),
        ] {
            let fields = pick(wrong);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            let refused = world.browser.post(&organs, &fields).await;
            assert_eq!(refused.status, 422);
            assert!(refused.text().contains(sentence), "{}", refused.text());
        }
        let fields = pick("市教育局、安澜市财政局\n市教育局");
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        world.browser.post(&organs, &fields).await.redirected();
        let page = world.browser.get(&organs).await.page();
        assert!(page.contains("安澜市教育局、安澜市财政局"), "{page}");
        confirm(&mut world, &address).await;
        let picked = "SELECT COUNT(*) AS n FROM assignment WHERE named_as = '市直有关单位'";
        assert_eq!(world.count(picked).await, 2);
    }
}

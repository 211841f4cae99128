//! Issues of several governments, and those that never came out.

use super::*;

#[tokio::test]
async fn a_countys_first_issue_stands_beside_the_citys() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let county = testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await;
        let office = testing::organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
        let town = testing::organ(&world.db, "青禾镇人民政府", Some(county)).await;
        let town_office = testing::organ(&world.db, "青禾镇党政综合办公室", Some(town)).await;
        for (organ, kind) in [
            (county, "government"),
            (office, "office"),
            (town, "town"),
            (town_office, "office"),
        ] {
            set_kind(&world.db, organ, kind).await;
        }
        let clerk = testing::person(&world.db, "县文书", &[(Role::OfficeClerk, office)]).await;
        let county_head = testing::person(&world.db, "县主任", &[(Role::OfficeHead, office)]).await;
        let in_town =
            testing::person(&world.db, "镇文书", &[(Role::OfficeClerk, town_office)]).await;
        let (_, id) = world.notice("关于开放日的通知", "<p>10月开放。</p>").await;
        let item = [("document", id.as_str()), ("section", "其他")];

        let city_issue = world.begin_issue("1").await;
        let mut county_clerk = world.browser(clerk).await;
        let form = county_clerk.get("/workspace/gazette/new").await.page();
        assert!(form.contains("name=\"number\" value=\"1\""), "{form}");
        let fields = [
            ("year", "2026"),
            ("number", "1"),
            ("total", "1"),
            ("dated_on", "2026-10-12"),
            ("sections", "其他"),
        ];
        let county_issue = county_clerk
            .post("/workspace/gazette/new", &fields)
            .await
            .redirected();
        let again = county_clerk.post("/workspace/gazette/new", &fields).await;
        assert_eq!(again.status, 422, "its own first is there already");
        assert!(again.text().contains("2026年第1期（总第1期）已经有了"));
        let mut town_clerk = world.browser(in_town).await;
        let refused = town_clerk.post("/workspace/gazette/new", &fields).await;
        assert_eq!(refused.status, 422);

        for (issue, editor, signer) in [
            (&city_issue, world.clerk, head),
            (&county_issue, clerk, county_head),
        ] {
            assert_eq!(world.gazette(editor, issue, "items", &item).await, 303);
            assert_eq!(world.gazette(editor, issue, "propose", &[]).await, 303);
            assert_eq!(world.gazette(signer, issue, "issue", &[]).await, 303);
        }
        // The city's address stays as short as it was; the county's names the county.
        let county_path = format!("/gazette/of/{county}/2026/1");
        let city = world.public().get("/gazette/2026/1").await.page();
        assert!(city.contains("安澜市人民政府公报"), "{city}");
        let contents = world.public().get(&county_path).await.page();
        assert!(contents.contains("云岭县人民政府公报"), "{contents}");
        assert!(contents.contains(&format!("{county_path}/1")), "{contents}");
        let text = world.public().get(&format!("{county_path}/1")).await.page();
        assert!(text.contains("10月开放。"), "{text}");
        for gone in ["2", "1/2", "1/0"] {
            let path = format!("/gazette/of/{county}/2026/{gone}");
            assert_eq!(world.public().get(&path).await.status, 404, "{path}");
        }
        let years = world.public().get("/gazette").await.page();
        let (city_at, county_at) = (
            years.find("<h2>安澜市人民政府公报</h2>").unwrap(),
            years.find("<h2>云岭县人民政府公报</h2>").unwrap(),
        );
        assert!(
            city_at < county_at && years.contains(&county_path),
            "{years}"
        );

        // An erratum of the county is not printed by the city.
        let row = world
            .db
            .read(async |tx: &mut Tx| {
                tx.one(
                    sql("SELECT id FROM gazette_item WHERE issue_id = $1")
                        .bind(county_issue.rsplit('/').next().unwrap()),
                )
                .await
            })
            .await
            .unwrap();
        let errata = format!(
            "{county_issue}/items/{}/errata",
            row.get::<String>("id").unwrap()
        );
        let erratum = [
            ("wrong", "10月"),
            ("correct", "11月"),
            ("dated_on", "2026-10-12"),
        ];
        assert_eq!(county_clerk.post(&errata, &erratum).await.status, 303);
        let mut clerk = world.browser(world.clerk).await;
        let next = world.begin_issue("2").await;
        assert!(!clerk.get(&next).await.page().contains("应为“11月”"));
        let form = county_clerk.get("/workspace/gazette/new").await.page();
        assert!(form.contains("name=\"number\" value=\"2\""), "{form}");
        let fields = [("number", "2"), ("total", "2")];
        let fields: Vec<_> = [
            ("year", "2026"),
            ("dated_on", "2026-10-12"),
            ("sections", "其他"),
        ]
        .into_iter()
        .chain(fields)
        .collect();
        let next = county_clerk
            .post("/workspace/gazette/new", &fields)
            .await
            .redirected();
        assert!(county_clerk.get(&next).await.page().contains("应为“11月”"));
    }
}

#[tokio::test]
async fn an_issue_that_never_came_out_is_given_up_with_a_reason() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let issue = world.begin_issue("3").await;
        let (_, id) = world.notice("关于开放日的通知", "<p>10月开放。</p>").await;
        let fields = [("document", id.as_str()), ("section", "其他")];
        assert_eq!(
            world.gazette(world.clerk, &issue, "items", &fields).await,
            303
        );
        let why = [("why", "期号编错")];
        for (who, fields, status) in [
            (world.clerk, &[("why", "")], 422),
            (head, &why, 403),
            (world.stranger, &why, 404),
        ] {
            assert_eq!(world.gazette(who, &issue, "discard", fields).await, status);
        }
        // What waits to be issued, or came out, is not given up.
        assert_eq!(
            world.gazette(world.clerk, &issue, "propose", &[]).await,
            303
        );
        assert_eq!(
            world.gazette(world.clerk, &issue, "discard", &why).await,
            422
        );
        let back = [("remark", "再改")];
        assert_eq!(world.gazette(head, &issue, "return", &back).await, 303);
        assert_eq!(
            world.gazette(world.clerk, &issue, "discard", &why).await,
            303
        );
        let mut clerk = world.browser(world.clerk).await;
        assert_eq!(clerk.get(&issue).await.status, 404);
        let list = clerk.get("/workspace/gazette").await.page();
        assert!(list.contains("还没有公报"), "{list}");
        let told = world
            .db
            .read(async |tx: &mut Tx| {
                tx.one(sql(
                    "SELECT sentence, data FROM event WHERE kind = 'gazette.discarded'",
                ))
                .await
            })
            .await
            .unwrap();
        let (sentence, data): (String, String) =
            (told.get("sentence").unwrap(), told.get("data").unwrap());
        assert!(sentence.contains("期号编错") && data.contains("关于开放日的通知"));
        // Its number is free, and its document can be chosen again.
        let again = world.comes_out(head, "3", &id).await;
        assert_eq!(
            world.gazette(world.clerk, &again, "discard", &why).await,
            422
        );
    }
}

/// Whoever cites an article of the gazette links to it, as on the page of the document.
#[tokio::test]
async fn a_printed_text_has_the_anchors_of_its_document() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let body = "<p>第一章　总则</p><p>第一条 公开是常态。</p><p>第二条 不公开是例外。</p>";
        let path = world.draft("normative", "甲办法", body).await;
        world.goes_out(&path, Kind::Normative).await;
        let issue = world.begin_issue("3").await;
        let id = path.rsplit('/').next().unwrap();
        let item = [("document", id), ("section", "其他")];
        for (who, act, fields) in [
            (world.clerk, "items", &item[..]),
            (world.clerk, "propose", &[]),
            (head, "issue", &[]),
        ] {
            assert_eq!(world.gazette(who, &issue, act, fields).await, 303);
        }
        let anchors = async |address: &str| {
            let page = world.public().get(address).await.page();
            let ids = page.split("<span class=\"clause\" id=\"").skip(1);
            let ids = ids.map(|rest| rest.split('"').next().unwrap().to_owned());
            ids.collect::<Vec<_>>()
        };
        let printed = anchors("/gazette/2026/3/1").await;
        assert_eq!(printed, ["第一章", "第一条", "第二条"]);
        assert_eq!(printed, anchors(&path.replace("/workspace", "")).await);
    }
}

#[tokio::test]
async fn a_map_is_printed_with_its_number() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let path = world.drawn().await;
        let said = world.is_map(&path, "粤S（2026）012号", "标准地图服务网站");
        assert_eq!(said.await, 303);
        world.goes_out(&path, Kind::Notice).await;
        let id = path.rsplit('/').next().unwrap();
        let issue = world.comes_out(head, "3", id).await;
        let told = "地图“流程图”审图号：粤S（2026）012号；来源：标准地图服务网站";
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(text.contains(told), "{text}");
        let data = world.whole(&issue).await.typeset_data();
        assert!(data.to_string().contains(told), "{data}");
    }
}

//! Running cases of an older system go on here, in the state in which they came.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gongkai_platform::web::{Sandbox, SandboxError, SheetLine};

use super::*;
use crate::request::import::heads;

/// Reads the same sheet from every file.
struct Sheet(Vec<Vec<(&'static str, &'static str)>>);

#[async_trait]
impl Sandbox for Sheet {
    async fn read(&self, _: PathBuf) -> Result<Vec<u8>, SandboxError> {
        Err(SandboxError("这里只读清单。".to_owned()))
    }

    async fn sheets(&self, _: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        let head = heads().map(str::to_owned).to_vec();
        let line = |row: &Vec<(&str, &str)>| -> Vec<String> {
            let cell = |head: &str| {
                let found = row.iter().find(|(name, _)| *name == head);
                found.map_or_else(String::new, |(_, text)| (*text).to_owned())
            };
            heads().into_iter().map(cell).collect()
        };
        let lines = std::iter::once(head).chain(self.0.iter().map(line));
        Ok(vec![(1..).zip(lines).collect()])
    }
}

const COMMON: [(&str, &str); 6] = [
    ("受理机关", "安澜市司法局"),
    ("申请人", "甲"),
    ("申请内容", "老旧小区清单"),
    ("渠道", "当面"),
    ("收到日期", "2026-02-03"),
    ("申请人类型", "自然人"),
];

fn rows() -> Vec<Vec<(&'static str, &'static str)>> {
    let own: [&[(&str, &str)]; 4] = [
        &[
            ("原编号", "旧1"),
            ("告知补正日期", "2026-02-05"),
            ("补正截止日期", "2026-03-10"),
        ],
        &[
            ("原编号", "旧2"),
            ("收费通知日期", "2026-02-05"),
            ("计收方式和数量", "按件12"),
            ("缴费截止日期", "2026-03-12"),
        ],
        &[
            ("原编号", "旧3"),
            ("征求意见发出日期", "2026-02-10"),
            ("征求对象", "某公司"),
            ("征求意见书收到日期", "2026-02-11"),
        ],
        &[("原编号", "旧4"), ("收到补正日期", "2026-02-10")],
    ];
    own.iter()
        .map(|own| own.iter().chain(&COMMON).copied().collect())
        .collect()
}

/// State and due day of each case, by its old number.
async fn stand(world: &World) -> Vec<(String, String, Option<String>)> {
    let rows = world
        .db
        .read(async |tx: &mut Tx| {
            let query = "SELECT id, state, due_on FROM request ORDER BY other_number";
            tx.all(sql(query)).await
        })
        .await
        .unwrap();
    let one = |row: &gongkai_platform::db::Row| {
        let id: String = row.get("id").unwrap();
        let path = format!("/workspace/requests/{id}");
        (path, row.get("state").unwrap(), row.get("due_on").unwrap())
    };
    rows.iter().map(one).collect()
}

/// The officer where every table that is uploaded holds these rows.
async fn importer(world: &World, rows: Vec<Vec<(&'static str, &'static str)>>) -> Browser {
    let mut parts = testing::parts(&world.db, &world._guard, crate::nav());
    parts.seams = crate::seams();
    parts.sandbox = Arc::new(Sheet(rows));
    let router = web::router(crate::routes());
    let mut officer = Browser::new(web::wrap(router, App::new(parts)));
    officer.sign_in(&world.db, world.officer).await;
    officer
}

#[tokio::test]
async fn running_cases_wait_here_for_what_they_waited_for() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = importer(&world, rows()).await;
        // Brought twice, they are there once.
        for _ in 0..2 {
            officer
                .upload(
                    "/workspace/requests/import",
                    &[],
                    ("file", "在办.xlsx", b"x"),
                )
                .await
                .redirected();
        }
        // The desk hears once of the whole table, and knows its cases.
        assert_eq!(world.told(world.officer, "导入在办申请4件").await, 1);
        assert_eq!(world.told(world.officer, "收到新的申请").await, 0);
        let list = officer.get("/workspace/requests").await.page();
        assert!(list.contains("<b>0</b> 未打开"), "{list}");
        let cases = stand(&world).await;
        let states: Vec<&str> = cases.iter().map(|(_, state, _)| state.as_str()).collect();
        assert_eq!(
            states,
            [
                "awaiting_supplement",
                "awaiting_payment",
                "consulting",
                "registered"
            ]
        );
        let due: Vec<Option<&str>> = cases.iter().map(|(_, _, due)| due.as_deref()).collect();
        assert_eq!(due, [None, None, None, Some("2026-03-16")]);
        let page = officer.get(&cases[0].0).await.page();
        assert!(
            page.contains("2026年3月10日（含当日）前补正") && page.contains("暂停计时"),
            "{page}"
        );
        // Not before the day that the applicant was given; asked once, in the older system.
        let answer = act(&mut officer, &cases[0].0, "not_supplemented", &[]).await;
        says(&answer, 422, "还没有期满");
        let again = [("items", "年份"), ("until", "2026-03-20")];
        let answer = act(&mut officer, &cases[3].0, "ask_supplement", &again).await;
        says(&answer, 422, "只能告知补正一次");
        // What was waited for comes: the count begins anew, or goes on.
        let got = [("text", "2025年的"), ("on", "2026-03-02")];
        act(&mut officer, &cases[0].0, "supplement", &got)
            .await
            .redirected();
        let paid = [("on", "2026-03-02"), ("proof", "财政票据1号")];
        act(&mut officer, &cases[1].0, "pay", &paid)
            .await
            .redirected();
        let page = officer
            .get(&format!("{}/act/opinion", cases[2].0))
            .await
            .page();
        let of = page.split("<option value=\"").nth(1).unwrap();
        let of = of.split('"').next().unwrap().to_owned();
        let agreed = [
            ("of", of.as_str()),
            ("opinion", "agree"),
            ("words", "同意"),
            ("on", "2026-03-02"),
        ];
        act(&mut officer, &cases[2].0, "opinion", &agreed)
            .await
            .redirected();
        let after = stand(&world).await;
        let due: Vec<Option<&str>> = after.iter().map(|(_, _, due)| due.as_deref()).collect();
        // 2026-02-03 to 02-10 are five days; the 15 others follow 03-02.
        assert_eq!(
            due,
            [
                Some("2026-03-30"),
                Some("2026-03-30"),
                Some("2026-03-23"),
                Some("2026-03-16")
            ]
        );
    }
}

/// A case of the bureau whose officer asks for five more days.
async fn asks_for_extension(world: &World) -> (Browser, String) {
    let organ = world.other.to_string();
    let token = testing::uuid().to_string();
    let mut fields = application(&token, &organ, "预算公开清单");
    fields.retain(|(name, _)| *name != "channel");
    fields.extend([("channel", "counter"), ("submitted_on", "2026-03-02")]);
    let mut officer = world.browser(world.stranger).await;
    let path = officer
        .upload("/workspace/requests/new", &fields, ("file", "", b""))
        .await
        .redirected();
    act(&mut officer, &path, "accept", &[]).await.redirected();
    let ask = [("days", "5"), ("why", "卷宗多")];
    act(&mut officer, &path, "propose_extension", &ask)
        .await
        .redirected();
    (officer, path)
}

#[tokio::test]
async fn without_a_head_of_its_office_a_bureau_extends_by_its_own_head() {
    for backend in backends() {
        let world = World::on(&backend).await;
        set_profile(&world.db, world.other).await;
        let (mut officer, path) = asks_for_extension(&world).await;
        says(&officer.get(&path).await, 200, "没有人能批准");
        let admin = [(Role::SecurityAdmin, world.city)];
        testing::person(&world.db, "陈安全", &admin).await;
        let appoints = "请联系安全管理员（陈安全）在“账号”里任命";
        says(&officer.get(&path).await, 200, appoints);
        let decide = [
            ("reply", "R1"),
            ("place", "市财政局网站“财政预决算”栏目"),
            ("text", "已公开"),
        ];
        let (_, stuck) = asks_for_extension(&world).await;
        act(&mut officer, &stuck, "decide", &decide)
            .await
            .redirected();
        let page = officer.get(&stuck).await;
        for words in ["没有人能做公开审查", appoints, "一名保密审查员"] {
            says(&page, 200, words);
        }
        let head = testing::person(&world.db, "局长", &[(Role::UnitHead, world.other)]).await;
        says(&officer.get(&path).await, 200, "等待单位负责人批准");
        let answer = act(&mut officer, &path, "approve_extension", &[]).await;
        says(&answer, 422, "单位负责人（没有任命工作机构负责人的）");
        let mut head = world.browser(head).await;
        act(&mut head, &path, "approve_extension", &[])
            .await
            .redirected();
        says(&head.get(&path).await, 200, "批准延长5个工作日");
        // Where the head of the office is appointed, nobody else approves.
        let receipt = world
            .applied(&testing::uuid().to_string(), "公交线路")
            .await;
        let (_, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let mut officer = world.browser(world.officer).await;
        let confirm = [("on", "2026-03-02")];
        act(&mut officer, &path, "confirm", &confirm)
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        act(
            &mut officer,
            &path,
            "propose_extension",
            &[("days", "5"), ("why", "卷宗多")],
        )
        .await
        .redirected();
        let leads = testing::person(&world.db, "司法局长", &[(Role::UnitHead, world.bureau)]).await;
        let mut leads = world.browser(leads).await;
        let answer = act(&mut leads, &path, "approve_extension", &[]).await;
        says(&answer, 422, "不能由您办理");
    }
}

#[tokio::test]
async fn an_open_opinion_older_than_a_supplement_is_taken_over_and_ends() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let row: Vec<(&'static str, &'static str)> = [
            ("原编号", "旧5"),
            ("征求意见发出日期", "2026-02-09"),
            ("征求对象", "某公司"),
            ("收到补正日期", "2026-02-12"),
        ]
        .into_iter()
        .chain(COMMON)
        .collect();
        let mut officer = importer(&world, vec![row]).await;
        let file = ("file", "在办.xlsx", b"x".as_slice());
        let import = "/workspace/requests/import";
        officer.upload(import, &[], file).await.redirected();
        let stood = stand(&world).await;
        let (path, state, due) = &stood[0];
        assert_eq!(
            (state.as_str(), due),
            ("consulting", &None),
            "the clock stands still"
        );
        let page = officer.get(path).await.page();
        let (sent, restarted) = (page.find("发出征求意见书"), page.find("原系统收到补正"));
        assert!(
            sent.is_some() && sent < restarted,
            "in the order of the days"
        );
        let form = officer.get(&format!("{path}/act/opinion")).await.page();
        let of = form.split("<option value=\"").nth(1).unwrap();
        let of = of.split('"').next().unwrap().to_owned();
        let opinion = [
            ("of", of.as_str()),
            ("opinion", "agree"),
            ("words", "同意"),
            ("on", "2026-03-02"),
        ];
        act(&mut officer, path, "opinion", &opinion)
            .await
            .redirected();
        // 2026-03-02 on, 20 working days: what stood still before the new count is no part of it.
        assert_eq!(stand(&world).await[0].2.as_deref(), Some("2026-03-30"));
    }
}

#[tokio::test]
async fn without_a_reviewer_the_units_head_reviews_and_the_letter_names_who_approved_as_what() {
    for backend in backends() {
        let world = World::on(&backend).await;
        set_profile(&world.db, world.other).await;
        let (mut officer, path) = asks_for_extension(&world).await;
        let head = testing::person(&world.db, "局长", &[(Role::UnitHead, world.other)]).await;
        let mut head = world.browser(head).await;
        let id = path.rsplit('/').next().unwrap();
        let draft = format!("/workspace/requests/letters/new?kind=extension&case={id}");
        // Before it is approved, too: who will, and as what.
        let page = officer.get(&draft).await.page();
        assert!(
            page.contains("value=\"unit_head\" selected") && page.contains("局长"),
            "{page}"
        );
        act(&mut head, &path, "approve_extension", &[])
            .await
            .redirected();
        let page = officer.get(&draft).await.page();
        assert!(
            page.contains("value=\"unit_head\" selected") && page.contains("局长"),
            "{page}"
        );
        let decide = [
            ("reply", "R1"),
            ("place", "市财政局网站“财政预决算”栏目"),
            ("text", "已公开"),
        ];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        says(&officer.get(&path).await, 200, "由单位负责人做公开审查");
        let pass = [("words", "可以答复")];
        let answer = act(&mut officer, &path, "pass", &pass).await;
        says(
            &answer,
            422,
            "单位负责人（没有任命审查人和工作机构负责人的）",
        );
        act(&mut head, &path, "pass", &pass).await.redirected();
        says(&head.get(&path).await, 200, "（由单位负责人办理）");
        act(&mut head, &path, "sign", &[]).await.redirected();
    }
}

#[tokio::test]
async fn a_case_comes_to_who_had_it_in_hand() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let named = |name: &'static str| -> Vec<Vec<(&'static str, &'static str)>> {
            let mut rows = rows();
            for row in &mut rows {
                row.push(("经办人", name));
            }
            rows
        };
        let (import, file) = (
            "/workspace/requests/import",
            ("file", "在办.xlsx", b"x".as_slice()),
        );
        let mut officer = importer(&world, named("别的经办")).await;
        let refused = officer.upload(import, &[], file).await;
        says(&refused, 422, "经办人“别的经办”不能办理这个机关的申请");
        assert!(stand(&world).await.is_empty(), "all or none");
        let mut officer = importer(&world, named("经办")).await;
        officer.upload(import, &[], file).await.redirected();
        let cases = stand(&world).await;
        let states: Vec<&str> = cases.iter().map(|(_, state, _)| state.as_str()).collect();
        assert_eq!(
            states,
            [
                "awaiting_supplement",
                "awaiting_payment",
                "consulting",
                "handling"
            ]
        );
        let due: Vec<Option<&str>> = cases.iter().map(|(_, _, due)| due.as_deref()).collect();
        assert_eq!(due, [None, None, None, Some("2026-03-16")]);
        let handlers = async |tx: &mut Tx| {
            let counted = sql("SELECT COUNT(*) AS n FROM request WHERE handler_id = $1");
            tx.one(counted.bind(world.officer)).await?.get::<i64>("n")
        };
        let n: Result<i64, StoreError> = world.db.read(handlers).await;
        assert_eq!(n.unwrap(), 4);
    }
}

//! Scores from the what-if to the lock, through the pages.

use gongkai_basis::Role;
use gongkai_platform::db::Tx;
use gongkai_platform::finding::{FindingKind, Found};
use gongkai_platform::testing::{Browser, backends, person};
use jiff::SignedDuration;

use super::period;
use crate::assessment::scheme::Measure;
use crate::assessment::{Input, Kept, Period, PeriodId, PeriodState, Points, Scheme, store};
use crate::assignment::Duty;
use crate::testing::{World, day};

#[tokio::test]
async fn the_scheme_is_data_with_versions() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let path = "/workspace/scores/scheme";
        let page = clerk.get(path).await.page();
        assert!(
            page.contains("还没有保存") && page.contains("工作要点任务按期完成"),
            "{page}"
        );
        let json = clerk
            .get(&format!("{path}/file?year=2026&format=json"))
            .await
            .text();
        let low = json.replace("\"year_weight\": 400", "\"year_weight\": 300");
        assert_ne!(low, json);
        let import = format!("{path}/import");
        let bad = clerk
            .post(&import, &[("year", "2026"), ("json", "{}")])
            .await;
        assert_eq!(bad.status, 422);
        let refused = clerk
            .post(&import, &[("year", "2026"), ("json", &low)])
            .await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("写明低于要求的理由"));
        let reasoned = low.replace(
            "\"year_weight\": 300,",
            "\"year_weight\": 300, \"year_weight_why\": \"考核办定为3%\",",
        );
        let next = clerk
            .post(&import, &[("year", "2026"), ("json", &reasoned)])
            .await
            .redirected();
        let page = clerk.get(&next).await.page();
        assert!(
            page.contains("（第 1 版）")
                && page.contains("低于4%")
                && page.contains("理由：考核办定为3%"),
            "{page}"
        );
        let fields = [
            ("year", "2026"),
            ("title", "办法"),
            ("year_weight", "4"),
            ("bonus_cap", "5"),
            ("grades", "优秀 90；不合格 0"),
            ("code", "a"),
            ("group", "主动公开"),
            ("name", "更新"),
            ("weight", "100"),
            ("measure", "findings"),
            ("rules", "没有这种 1"),
        ];
        let refused = clerk.post(path, &fields).await;
        assert!(
            refused.text().contains("看不懂“没有这种 1”"),
            "{}",
            refused.text()
        );
        let mut right = fields;
        right[10].1 = "更新不及时 1.5";
        clerk.post(path, &right).await.redirected();
        let page = clerk.get(&next).await.page();
        assert!(
            page.contains("（第 2 版）") && page.contains("更新不及时 1.5"),
            "{page}"
        );
        let xlsx = clerk
            .get(&format!("{path}/file?year=2026&format=xlsx"))
            .await;
        assert!(xlsx.bytes.starts_with(b"PK"));
    }
}

#[tokio::test]
async fn scores_are_tried_computed_appealed_and_locked() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(
                1,
                "公开规章",
                Some("2026-09-01"),
                &[(0, Duty::Lead), (1, Duty::Lead)],
            )
            .await;
        let wrong = world.wrong(0, FindingKind::NotUpdated, "栏目未更新");
        world.finds(wrong).await;
        let mut clerk = world.browser(world.clerk).await;
        let open = [
            ("title", "2026年9月考核"),
            ("year", "2026"),
            ("from_on", "2026-01-01"),
            ("to_on", "2026-09-25"),
        ];
        let early = clerk.post("/workspace/scores/new", &open).await;
        assert!(
            early.text().contains("还没有2026年的考核办法"),
            "{}",
            early.text()
        );
        for (json, sentence) in [
            (" ", "请粘贴从本页导出的内容。"),
            ("{", "从第1行起读不下去"),
        ] {
            let fields = [("year", "2026"), ("json", json)];
            let wrong = clerk.post("/workspace/scores/scheme/import", &fields).await;
            let text = wrong.text();
            assert_eq!(wrong.status, 422, "{text}");
            assert!(text.contains(sentence) && !text.contains("EOF"), "{text}");
        }
        let undated: Vec<_> = open
            .iter()
            .filter(|(name, _)| *name != "year")
            .copied()
            .collect();
        let undated = clerk.post("/workspace/scores/new", &undated).await.text();
        assert!(
            undated.contains("<a href=\"#year\">请填写四位年份，如 2026。</a>")
                && !undated.contains("还没有0年"),
            "{undated}"
        );
        let json = clerk
            .get("/workspace/scores/scheme/file?year=2026&format=json")
            .await
            .text();
        clerk
            .post(
                "/workspace/scores/scheme/import",
                &[("year", "2026"), ("json", &json)],
            )
            .await
            .redirected();
        let period = clerk
            .post("/workspace/scores/new", &open)
            .await
            .redirected();
        let unit = format!("{period}/units/{}", world.units[0]);
        let page = clerk.get(&unit).await.page();
        // One of one late costs all 15, one finding costs 1.
        for words in [
            "84 分，良好",
            "试算",
            "应于2026年9月1日前完成，未完成",
            "栏目未更新",
            "−1",
        ] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        let mut own = world.browser(world.liaisons[0]).await;
        assert!(own.get(&unit).await.page().contains("84 分"));
        let other = format!("{period}/units/{}", world.units[1]);
        assert_eq!(own.get(&other).await.status, 404, "each unit its own");
        assert_eq!(
            world
                .browser(world.liaisons[2])
                .await
                .get(&unit)
                .await
                .status,
            404
        );
        let leader = person(&world.db, "市长", &[(Role::Leader, world.city)]).await;
        assert_eq!(
            world.browser(leader).await.get(&period).await.status,
            404,
            "what-if is no result"
        );
        let judge = format!("{unit}/judge");
        let refused = clerk
            .post(
                &judge,
                &[("indicator", "b1"), ("points", "16"), ("note", "")],
            )
            .await;
        assert!(refused.text().contains("0至15分") && refused.text().contains("请填写“评定依据”"));
        clerk
            .post(
                &judge,
                &[
                    ("indicator", "b1"),
                    ("points", "12.5"),
                    ("note", "解读不及时"),
                ],
            )
            .await
            .redirected();
        let step = format!("{period}/step");
        let refused = clerk.post(&step, &[("step", "compute")]).await;
        assert!(
            refused.text().contains("结束前只能试算"),
            "{}",
            refused.text()
        );

        world.clock.advance(SignedDuration::from_hours(24 * 8));
        let mut clerk = world.browser(world.clerk).await;
        let mut own = world.browser(world.liaisons[0]).await;
        the_rest_is_judged_before_anything_is_computed(&mut clerk, &period).await;
        clerk.post(&step, &[("step", "compute")]).await.redirected();
        let page = clerk.get(&period).await.page();
        assert!(page.contains("当日仍可申诉。"), "{page}");
        let page = own.get(&unit).await.page();
        assert!(
            page.contains("81.5 分，良好")
                && page.contains("对这一项申诉")
                && !page.contains("名次"),
            "{page}"
        );
        // What happens later changes nothing that was computed.
        let later = Found {
            found_on: day("2026-09-20"),
            ..world.wrong(0, FindingKind::LateReply, "答复超期")
        };
        world.finds(later).await;
        assert!(own.get(&unit).await.page().contains("81.5 分"));
        let appeal = format!("{unit}/appeal");
        assert_eq!(
            own.upload(
                &appeal,
                &[("indicator", "a2"), ("text", "")],
                ("file", "", b"")
            )
            .await
            .status,
            422
        );
        own.upload(
            &appeal,
            &[("indicator", "a2"), ("text", "当天已更新")],
            ("file", "截图.png", b"\x89PNG\r\n\x1a\n"),
        )
        .await
        .redirected();
        assert_eq!(
            own.upload(
                &appeal,
                &[("indicator", "a2"), ("text", "再来")],
                ("file", "", b"")
            )
            .await
            .status,
            422,
            "once for each line"
        );
        let refused = clerk.post(&step, &[("step", "submit")]).await;
        assert!(
            refused.text().contains("申诉期到") && refused.text().contains("还有1项申诉没有裁定")
        );
        let page = clerk.get(&unit).await.page();
        assert!(page.contains("截图.png"), "{page}");
        let decide = page
            .split('"')
            .find(|part| part.contains("/appeals/") && !part.contains("/files"))
            .unwrap()
            .to_owned();
        let wrong = clerk
            .post(&decide, &[("state", "upheld"), ("decision", "属实")])
            .await;
        assert_eq!(wrong.status, 422);
        let beyond = [("state", "upheld"), ("change", "99"), ("decision", "属实")];
        let wrong = clerk.post(&decide, &beyond).await;
        assert!(
            wrong.status == 422 && wrong.text().contains("最多加回"),
            "more than the line lost cannot be given back: {}",
            wrong.text()
        );
        clerk
            .post(
                &decide,
                &[
                    ("state", "upheld"),
                    ("change", "1"),
                    ("decision", "截图属实"),
                ],
            )
            .await
            .redirected();
        world.clock.advance(SignedDuration::from_hours(24 * 15));
        let mut clerk = world.browser(world.clerk).await;
        let mut head = world.browser(world.head).await;
        let mut own = world.browser(world.liaisons[0]).await;
        let page = clerk.get(&period).await.page();
        assert!(
            page.contains("由主任审批。")
                && page.contains("为止，已经结束。")
                && !page.contains("当日仍可申诉"),
            "{page}"
        );
        clerk.post(&step, &[("step", "submit")]).await.redirected();
        let page = clerk.get(&period).await.page();
        assert!(page.contains("正在等主任审批，批准之前不锁定"), "{page}");
        assert!(
            !clerk.get(&period).await.page().contains(">名次<"),
            "no rank before approval"
        );
        assert_eq!(
            head.post(&format!("{period}/decide"), &[("step", "reject")])
                .await
                .status,
            422
        );
        head.post(&format!("{period}/decide"), &[("step", "approve")])
            .await
            .redirected();
        let page = head.get(&period).await.page();
        assert!(page.contains(">名次<") && page.contains("已锁定"), "{page}");
        let page = own.get(&unit).await.page();
        for words in ["82.5 分，良好", "第 2 名", "申诉调整 1 分", "截图属实"] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        for format in ["xlsx", "docx"] {
            assert!(
                head.get(&format!("{period}/file?format={format}"))
                    .await
                    .bytes
                    .starts_with(b"PK")
            );
            assert!(
                own.get(&format!("{unit}/file?format={format}"))
                    .await
                    .bytes
                    .starts_with(b"PK")
            );
        }
        assert_eq!(
            own.get(&format!("{period}/file?format=xlsx")).await.status,
            404
        );
        the_kept_facts_give_the_same_numbers(&world, &period).await;
    }
}

/// The first unit was judged on one item; the others and the other unit are named, and judged alike.
/// A house of a thousand units appeals more than one page holds, and ends more periods than one page shows.
#[tokio::test]
async fn appeals_and_periods_beyond_a_page_are_reached() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let json = clerk
            .get("/workspace/scores/scheme/file?year=2026&format=json")
            .await
            .text();
        let scheme = [("year", "2026"), ("json", json.as_str())];
        let import = "/workspace/scores/scheme/import";
        clerk.post(import, &scheme).await.redirected();
        let mut opened = Vec::new();
        for month in 1..=3 {
            let (from, to) = (format!("2026-0{month}-01"), format!("2026-0{month}-28"));
            let title = format!("第{month}期");
            let fields = [
                ("title", title.as_str()),
                ("year", "2026"),
                ("from_on", &from),
                ("to_on", &to),
            ];
            opened.push(
                clerk
                    .post("/workspace/scores/new", &fields)
                    .await
                    .redirected(),
            );
        }
        let (period, unit) = (opened[0].clone(), world.units[0]);
        let id: PeriodId = period.rsplit('/').next().unwrap().parse().unwrap();
        world
            .write("test.appeals", async |tx: &mut Tx| {
                let rows = (0..600_i64).map(|n| {
                    [
                        format!("appeal-{n:03}").into(),
                        id.to_string().into(),
                        unit.into(),
                        format!("x{n}").into(),
                        "有异议".into(),
                        "联络员".into(),
                        "2026-07-08".into(),
                        "waiting".into(),
                        0_i64.into(),
                        1_i64.into(),
                    ]
                });
                tx.insert(
                    "INSERT INTO score_appeal (id, period_id, organ_id, indicator, text, appealed_by, appealed_on, state, points, version)",
                    rows,
                    "",
                )
                .await
            })
            .await;
        let first = clerk.get(&period).await.page();
        assert!(
            first.contains("待裁定 600 项") && first.contains("：x0 "),
            "{first}"
        );
        assert!(!first.contains("：x599 "), "{first}");
        let last = clerk.get(&format!("{period}?appeals=12")).await.page();
        assert!(
            last.contains("第 551–600 条，共 600 条") && last.contains("：x599 "),
            "{last}"
        );
        let found = world
            .db
            .read(async |tx: &mut Tx| store::appeals_of(tx, id, unit).await)
            .await
            .unwrap();
        assert_eq!(found.len(), 600);
        world
            .write("test.periods", async |tx: &mut Tx| {
                for n in 0..60 {
                    let mut copy = gongkai_platform::db::sql(
                        "INSERT INTO score_period (id, office_id, title, year, from_on, to_on, scheme, scheme_version, state, version, created_at) SELECT ",
                    );
                    copy.push_value(gongkai_platform::testing::uuid().to_string())
                        .push(", office_id, ")
                        .push_value(format!("旧{n}期"))
                        .push(", year, from_on, '2020-01-01', scheme, scheme_version, state, version, created_at FROM score_period WHERE id = ")
                        .push_value(id.to_string());
                    tx.run(copy).await?;
                }
                Ok(())
            })
            .await;
        let list = clerk.get("/workspace/scores").await.page();
        assert!(list.contains("第 1–50 条，共 63 条"), "{list}");
        let second = clerk.get("/workspace/scores?page=2").await.page();
        assert!(
            second.contains("第 51–63 条") && second.contains("旧"),
            "{second}"
        );
    }
}

async fn the_rest_is_judged_before_anything_is_computed(clerk: &mut Browser, period: &str) {
    let step = format!("{period}/step");
    let refused = clerk.post(&step, &[("step", "compute")]).await;
    assert_eq!(refused.status, 422);
    let text = refused.text();
    let judged: Vec<_> = Scheme::standard(2026)
        .indicators
        .into_iter()
        .filter(|one| one.measure == Measure::Judged)
        .collect();
    for one in &judged {
        let missing = if one.code == "b1" {
            "1个单位没有人工评定：市财政局。"
        } else {
            "2个单位没有人工评定：市司法局、市财政局。"
        };
        let words = format!("“{}”还有{missing}", one.name);
        assert!(text.contains(&words), "{words} not in {text}");
    }
    let rest = format!("{period}/judge-rest");
    let wordless = [("indicator", "b1"), ("points", "3"), ("note", "")];
    assert_eq!(clerk.post(&rest, &wordless).await.status, 422);
    for one in &judged {
        let weight = one.weight.to_string();
        let fields = [
            ("indicator", one.code.as_str()),
            ("points", weight.as_str()),
            ("note", "抽查没有问题"),
        ];
        clerk.post(&rest, &fields).await.redirected();
        assert_eq!(
            clerk.post(&rest, &fields).await.status,
            422,
            "nobody is left"
        );
    }
    assert!(clerk.get(period).await.page().contains("都已评定"));
}

/// What an older version computed without a judgement is judged afterwards, and not approved before.
#[tokio::test]
async fn what_was_computed_unjudged_is_not_sent_to_approval() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        let mut kept_period = period();
        kept_period.office = world.office;
        kept_period.scheme.indicators.retain(|one| one.code == "b1");
        let (id, unit) = (kept_period.id, world.units[0]);
        world
            .write("test.scores", async |tx: &mut Tx| {
                store::insert_period(tx, &kept_period).await?;
                let computed = Period {
                    state: PeriodState::Computed,
                    computed_on: Some(day("2026-09-01")),
                    appeal_until: Some(day("2026-09-10")),
                    ..kept_period.clone()
                };
                store::update_period(tx, &computed).await?;
                let kept = Kept {
                    organ: unit,
                    organ_name: String::new(),
                    inputs: vec![Input::empty("b1")],
                    adjustments: Vec::new(),
                    total: Points(1_500),
                    grade: String::new(),
                    version: 1,
                };
                store::keep(tx, id, &kept).await
            })
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let (step, judge) = (
            format!("/workspace/scores/{id}/step"),
            format!("/workspace/scores/{id}/units/{unit}/judge"),
        );
        let refused = clerk.post(&step, &[("step", "submit")]).await;
        assert!(
            refused.status == 422
                && refused
                    .text()
                    .contains("还有1个单位没有人工评定：市司法局。"),
            "{}",
            refused.text()
        );
        let fields = [("indicator", "b1"), ("points", "9"), ("note", "解读少")];
        clerk.post(&judge, &fields).await.redirected();
        let page = clerk
            .get(&format!("/workspace/scores/{id}/units/{unit}"))
            .await
            .page();
        assert!(
            page.contains("：9 分，") && page.contains("解读少"),
            "{page}"
        );
        assert_eq!(clerk.post(&judge, &fields).await.status, 422, "judged once");
        clerk.post(&step, &[("step", "submit")]).await.redirected();
    }
}

async fn the_kept_facts_give_the_same_numbers(world: &World, path: &str) {
    let id: PeriodId = path.rsplit('/').next().unwrap().parse().unwrap();
    let everything = gongkai_platform::access::Scope::Everything;
    let (period, kept) = world
        .db
        .read(async |tx: &mut Tx| {
            let period = store::load(tx, store::Side::Office(&everything), id).await?;
            let kept = store::kept(tx, id, None, (0, 100)).await?;
            Ok::<_, gongkai_platform::db::StoreError>((period.unwrap(), kept))
        })
        .await
        .unwrap();
    assert_eq!(kept.len(), 2);
    for unit in kept {
        let again = unit.recomputed(&period.scheme);
        assert_eq!((again.total, &again.grade), (unit.total, &unit.grade));
    }
    assert_eq!(Points(8_250).to_string(), "82.5");
}

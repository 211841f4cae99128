//! Whole stories on both databases: what a person does, what others see, what the seams give.

use std::path::PathBuf;
use std::sync::Arc;

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::reference::{Claim, DateRange, FigureKey, Ref, Verdict};
use gongkai_basis::{Actor, Role};
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::finding;
use gongkai_platform::seam::Wanted;
use gongkai_platform::testing::{self, Answer, Backend, Browser, Guard, MovableClock, backends};
use gongkai_platform::web::{self, App, BoxFuture, Sandbox, SandboxError, SheetLine};

const NOW: &str = "2026-10-12T09:00:00+08:00";

/// Gives the same table for every file.
struct OneTable(Vec<Vec<&'static str>>);

impl Sandbox for OneTable {
    fn read(&self, _: PathBuf) -> BoxFuture<'_, Result<Vec<u8>, SandboxError>> {
        Box::pin(async { Err(SandboxError("这里不读方案。".to_owned())) })
    }

    fn sheets(&self, _: PathBuf) -> BoxFuture<'_, Result<Vec<Vec<SheetLine>>, SandboxError>> {
        let lines = (1..)
            .zip(&self.0)
            .map(|(n, cells)| (n, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect();
        Box::pin(async move { Ok(vec![lines]) })
    }
}

struct World {
    db: Db,
    clock: MovableClock,
    guard: Guard,
    app: App,
    city: OrganId,
    office: OrganId,
    /// 市司法局, 市财政局
    units: Vec<OrganId>,
    clerk: AccountId,
    liaisons: Vec<AccountId>,
    leader: AccountId,
}

impl World {
    async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let office = testing::organ(&db, "安澜市人民政府办公室", Some(city)).await;
        for (organ, kind) in [(city, "government"), (office, "office")] {
            set_kind(&db, organ, kind).await;
        }
        let (mut units, mut liaisons) = (Vec::new(), Vec::new());
        for name in ["市司法局", "市财政局"] {
            let unit = testing::organ(&db, name, Some(city)).await;
            units.push(unit);
            let person = format!("{name}联络员");
            liaisons.push(testing::person(&db, &person, &[(Role::Liaison, unit)]).await);
        }
        let clerk = testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await;
        let leader = testing::person(&db, "领导", &[(Role::Leader, city)]).await;
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.seams = crate::seams();
        Self {
            app: App::new(parts),
            db,
            clock,
            guard,
            city,
            office,
            units,
            clerk,
            liaisons,
            leader,
        }
    }

    async fn browser(&self, account: AccountId) -> Browser {
        let router = web::wrap(web::router(crate::routes()), self.app.clone());
        let mut browser = Browser::new(router);
        browser.sign_in(&self.db, account).await;
        browser
    }

    /// Notes something and gives the address of its page.
    async fn noted(&self, who: AccountId, kind: &str, organ: OrganId, title: &str) -> String {
        let organ = organ.to_string();
        let fields = [
            ("organ", organ.as_str()),
            ("title", title),
            ("held_on", "2026-09-18"),
            ("summary", "研究部署政务公开工作。"),
            ("attendees", "林知远，市司法局\n何书瑶，市财政局，缺"),
        ];
        let path = format!("/workspace/organisation/activities/new?kind={kind}");
        let file = ("file", "", &b""[..]);
        let mut browser = self.browser(who).await;
        browser.upload(&path, &fields, file).await.redirected()
    }

    async fn findings(&self, organ: OrganId) -> Vec<(String, finding::FindingState)> {
        let narrow = finding::Narrow::default();
        let found = self
            .db
            .read(async |tx: &mut Tx| finding::of(tx, organ, &narrow, 50).await)
            .await
            .unwrap();
        let mut found: Vec<_> = found.into_iter().map(|one| (one.key, one.state)).collect();
        found.sort();
        found
    }
}

async fn set_kind(db: &Db, organ: OrganId, kind: &'static str) {
    db.write(async |tx: &mut Tx| {
        tx.run(
            sql("UPDATE organ SET kind = $1 WHERE id = $2")
                .bind(kind)
                .bind(organ),
        )
        .await?;
        tx.record(Event::new(
            &Actor::System,
            "test.kind",
            ("organ", organ.to_string()),
            kind,
        ));
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
}

fn refused(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert!(
        answer.text().contains(words),
        "{words} not in\n{}",
        answer.text()
    );
}

#[tokio::test]
async fn records_are_noted_mended_taken_off_and_put_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let empty = liaison
            .get("/workspace/organisation/activities")
            .await
            .page();
        assert!(empty.contains("还没有登记过"), "{empty}");
        let path = world
            .noted(world.liaisons[0], "hearing", world.units[0], "党组听取汇报")
            .await;
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("应到 2，实到 1") && page.contains("市司法局登记听取汇报“党组听取汇报”"),
            "{page}"
        );
        // Its office sees it, another unit does not.
        let mut clerk = world.browser(world.clerk).await;
        assert!(clerk.get(&path).await.page().contains("党组听取汇报"));
        let mut other = world.browser(world.liaisons[1]).await;
        assert_eq!(other.get(&path).await.status, 404);
        // Stale, without a reason, then with one; and back.
        let remove = format!("{path}/remove");
        refused(
            &liaison
                .post(&remove, &[("version", "9"), ("why", "重复")])
                .await,
            409,
            "别人刚刚改动",
        );
        refused(
            &liaison
                .post(&remove, &[("version", "1"), ("why", " ")])
                .await,
            422,
            "请填写“删除原因”",
        );
        liaison
            .post(&remove, &[("version", "1"), ("why", "重复登记")])
            .await
            .redirected();
        let list = liaison
            .get("/workspace/organisation/activities")
            .await
            .page();
        assert!(!list.contains("党组听取汇报"), "{list}");
        liaison
            .post(&format!("{path}/restore"), &[("version", "2")])
            .await
            .redirected();
        let list = liaison
            .get("/workspace/organisation/activities?kind=hearing&year=2026&text=党组")
            .await
            .page();
        assert!(
            list.contains("党组听取汇报") && list.contains("2／1"),
            "{list}"
        );
        let csv = clerk
            .get("/workspace/organisation/activities?format=csv")
            .await
            .text();
        assert!(
            csv.contains("市司法局,听取汇报,党组听取汇报,2026-09-18"),
            "{csv}"
        );
        // A meeting of the leading group is not a unit's to note.
        let organ = world.units[0].to_string();
        let answer = liaison
            .upload(
                "/workspace/organisation/activities/new?kind=meeting",
                &[
                    ("organ", organ.as_str()),
                    ("title", "会"),
                    ("held_on", "2026-09-18"),
                    ("summary", "议"),
                ],
                ("file", "", b""),
            )
            .await;
        assert_eq!(answer.status, 404, "{}", answer.text());
        // All faults at once, what was typed stays.
        let faulty = liaison
            .upload(
                "/workspace/organisation/activities/new?kind=training",
                &[
                    ("organ", organ.as_str()),
                    ("title", "轮训"),
                    ("held_on", "2026-11-18"),
                    ("summary", ""),
                ],
                ("file", "", b""),
            )
            .await;
        refused(&faulty, 422, "日期还没有到");
        assert!(faulty.text().contains("请填写“主要内容”") && faulty.text().contains("轮训"));
    }
}

#[tokio::test]
async fn the_leading_group_changes_by_date() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let base = world.city.to_string();
        for (duty, name, from) in [("head", "甲", "2026-01-01"), ("member", "乙", "2026-01-01")] {
            let fields = [
                ("base", base.as_str()),
                ("duty", duty),
                ("name", name),
                ("post", "副市长"),
                ("from_on", from),
                ("from_why", "安政办函〔2026〕1号"),
            ];
            clerk
                .post("/workspace/organisation/group", &fields)
                .await
                .redirected();
        }
        let page = clerk.get("/workspace/organisation/group").await.page();
        assert!(page.contains("共 2 人"), "{page}");
        let leave = page
            .split("action=\"")
            .find(|part| part.contains("/leave\""))
            .unwrap();
        let leave = leave.split('"').next().unwrap().to_owned();
        refused(
            &clerk
                .post(
                    &leave,
                    &[("version", "1"), ("on", "2025-01-01"), ("why", "调动")],
                )
                .await,
            422,
            "离任日期不能早于任职日期",
        );
        clerk
            .post(
                &leave,
                &[("version", "1"), ("on", "2026-06-01"), ("why", "调动")],
            )
            .await
            .redirected();
        let today = clerk.get("/workspace/organisation/group").await.page();
        assert!(
            today.contains("共 1 人") && today.contains("离任"),
            "{today}"
        );
        let before = clerk
            .get(&format!(
                "/workspace/organisation/group?base={base}&on=2026-05-31"
            ))
            .await
            .page();
        assert!(before.contains("共 2 人"), "{before}");
        let restore = leave.replace("/leave", "/restore");
        clerk.post(&restore, &[("version", "2")]).await.redirected();
        let again = clerk.get("/workspace/organisation/group").await.page();
        assert!(again.contains("共 2 人"), "{again}");
        let twice = [
            ("base", base.as_str()),
            ("duty", "member"),
            ("name", "乙"),
            ("post", "局长"),
            ("from_on", "2026-03-01"),
            ("from_why", "会议"),
        ];
        refused(
            &clerk.post("/workspace/organisation/group", &twice).await,
            422,
            "已经在领导小组中",
        );
        let unit = world
            .browser(world.liaisons[0])
            .await
            .get("/workspace/organisation/group")
            .await
            .page();
        assert!(
            unit.contains("共 2 人") && !unit.contains("登记离任"),
            "{unit}"
        );
        let by_unit = world
            .browser(world.liaisons[0])
            .await
            .post("/workspace/organisation/group", &twice)
            .await;
        assert_eq!(by_unit.status, 403);
    }
}

#[tokio::test]
async fn the_register_is_kept_imported_and_checked() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let path = format!("/workspace/organisation/staff/{}", world.units[0]);
        for name in ["林知远", "江闻舟"] {
            let fields = [("kind", "leader"), ("name", name), ("post", "副局长")];
            liaison.post(&path, &fields).await.redirected();
        }
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("由江闻舟接替") && page.contains("未登记责任人"),
            "{page}"
        );
        refused(
            &liaison
                .post(&path, &[("kind", "leader"), ("name", "江闻舟")])
                .await,
            422,
            "已经登记为分管领导",
        );
        let other = format!("/workspace/organisation/staff/{}", world.units[1]);
        assert_eq!(liaison.get(&other).await.status, 404);
        // A check finds what is missing, confirmed findings are settled by the next.
        let mut clerk = world.browser(world.clerk).await;
        clerk
            .post("/workspace/organisation/check", &[])
            .await
            .redirected();
        let keys: Vec<String> = world
            .findings(world.units[0])
            .await
            .into_iter()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(
            keys,
            ["organisation:staff:body", "organisation:staff:responsible"]
        );
        // One bad line: nothing is taken over. Then the whole table.
        let bad = vec![
            vec!["单位", "类别", "姓名"],
            vec!["市司法局", "责任人", "何书瑶"],
            vec!["火星局", "责任人", "某"],
        ];
        let good = vec![
            vec!["单位", "类别", "姓名", "职务", "电话"],
            vec!["市司法局", "责任人", "何书瑶", "副主任", "0700-1"],
            vec!["市司法局", "承办机构", "办公室", "", ""],
            vec!["市财政局", "责任人员", "沈照宁", "", ""],
        ];
        for (table, status) in [(bad, 422), (good, 303)] {
            let mut parts = testing::parts(&world.db, &world.guard, crate::nav());
            parts.sandbox = Arc::new(OneTable(table));
            world.app = App::new(parts);
            let mut clerk = world.browser(world.clerk).await;
            let answer = clerk
                .upload(
                    "/workspace/organisation/staff/import",
                    &[],
                    ("file", "名册.xlsx", b"PK"),
                )
                .await;
            assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
            if status == 422 {
                assert!(answer.text().contains("第 3 行：没有找到单位“火星局”"));
                let file = "/workspace/organisation/staff?format=csv";
                let csv = clerk.get(file).await.text();
                assert!(!csv.contains("何书瑶"), "{csv}");
            }
        }
        let mut clerk = world.browser(world.clerk).await;
        let list = clerk.get("/workspace/organisation/staff").await.page();
        assert!(
            list.contains("何书瑶（副主任，0700-1）") && list.contains("沈照宁"),
            "{list}"
        );
        let without = clerk
            .get("/workspace/organisation/staff?without=body")
            .await
            .page();
        assert!(
            without.contains("市财政局</a>") && !without.contains("市司法局</a>"),
            "{without}"
        );
        let csv = clerk
            .get("/workspace/organisation/staff?format=csv")
            .await
            .text();
        assert!(
            csv.contains("市司法局,责任人,何书瑶,副主任,0700-1"),
            "{csv}"
        );
        clerk
            .post("/workspace/organisation/check", &[])
            .await
            .redirected();
        let states = world.findings(world.units[0]).await;
        assert!(
            states
                .iter()
                .all(|(_, state)| *state == finding::FindingState::Closed),
            "{states:?}"
        );
    }
}

#[tokio::test]
async fn the_overview_counts_exactly_what_is_there() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .noted(world.liaisons[0], "hearing", world.units[0], "听取汇报一")
            .await;
        world
            .noted(world.liaisons[0], "hearing", world.units[0], "听取汇报二")
            .await;
        world
            .noted(world.clerk, "meeting", world.office, "领导小组第一次会议")
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let csv = clerk.get("/workspace/organisation?format=csv").await.text();
        assert!(
            csv.contains("市司法局,2,0,0,0,0,未登记,未登记,未登记,未达标"),
            "{csv}"
        );
        assert!(csv.contains("安澜市人民政府办公室,0,0,1,0,0,"), "{csv}");
        let page = clerk.get("/workspace/organisation?year=2025").await.page();
        assert!(page.contains("<b>0</b> 次领导小组会议"), "{page}");
        let leader = world
            .browser(world.leader)
            .await
            .get("/workspace/organisation")
            .await
            .page();
        assert!(
            leader.contains("市财政局") && !leader.contains("检查缺项"),
            "{leader}"
        );
        let own = world
            .browser(world.liaisons[0])
            .await
            .get("/workspace/organisation")
            .await
            .page();
        assert!(
            own.contains("市司法局") && !own.contains("市财政局"),
            "{own}"
        );
        // From November on a year without its hearing is a finding.
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 25));
        let mut clerk = world.browser(world.clerk).await;
        clerk
            .post("/workspace/organisation/check", &[])
            .await
            .redirected();
        let keys = |found: Vec<(String, finding::FindingState)>| -> Vec<String> {
            found.into_iter().map(|(key, _)| key).collect()
        };
        let late = keys(world.findings(world.units[1]).await);
        assert!(
            late.contains(&"organisation:hearing:2026".to_owned()),
            "{late:?}"
        );
        let held = keys(world.findings(world.units[0]).await);
        assert!(
            !held.contains(&"organisation:hearing:2026".to_owned()),
            "{held:?}"
        );
    }
}

#[tokio::test]
async fn records_prove_things_until_they_change_or_go() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .noted(world.liaisons[0], "training", world.units[0], "业务培训")
            .await;
        let seams = crate::seams();
        let wanted = Wanted {
            kind: "training".to_owned(),
            words: "业务".to_owned(),
            within: Some(DateRange {
                from: "2026-01-01".parse().unwrap(),
                to: "2026-12-31".parse().unwrap(),
            }),
        };
        let own = Scope::Organs {
            single: vec![world.units[0]],
            branches: Vec::new(),
        };
        let found = world
            .db
            .read(async |tx: &mut Tx| {
                assert!(seams.find(tx, &Scope::nothing(), &wanted).await?.is_empty());
                seams.find(tx, &own, &wanted).await
            })
            .await
            .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, path);
        let claim = |seal: Option<&str>| Claim {
            of: found[0].of.clone(),
            seal: seal.map(str::to_owned),
        };
        let missing = Claim {
            of: Ref {
                kind: "training".to_owned(),
                id: world.office.to_string(),
            },
            seal: None,
        };
        let key = FigureKey {
            name: "trainings.held".to_owned(),
            organ: world.city,
            year: 2026,
        };
        let ask = async || {
            let claims = [claim(Some(&found[0].seal)), claim(None), missing.clone()];
            world
                .db
                .read(async |tx: &mut Tx| {
                    let verdicts = seams.verify(tx, &claims).await?;
                    let figures = seams.figures(tx, std::slice::from_ref(&key)).await?;
                    let there = seams.describe(tx, &found[0].of).await?.is_some();
                    Ok::<_, StoreError>((verdicts, figures[0].as_ref().unwrap().value, there))
                })
                .await
                .unwrap()
        };
        let (verdicts, value, there) = ask().await;
        assert_eq!(verdicts[..2], [Verdict::Holds, Verdict::Holds]);
        assert!(matches!(verdicts[2], Verdict::Gone(_)) && value == 1 && there);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let organ = world.units[0].to_string();
        let fields = [
            ("version", "1"),
            ("organ", organ.as_str()),
            ("title", "业务培训"),
            ("held_on", "2026-09-18"),
            ("summary", "换了内容。"),
        ];
        liaison
            .upload(&format!("{path}/amend"), &fields, ("file", "", b""))
            .await
            .redirected();
        let (verdicts, ..) = ask().await;
        assert!(matches!(verdicts[0], Verdict::Changed(_)) && verdicts[1] == Verdict::Holds);
        liaison
            .post(
                &format!("{path}/remove"),
                &[("version", "2"), ("why", "误录")],
            )
            .await
            .redirected();
        let (verdicts, value, there) = ask().await;
        assert!(matches!(verdicts[1], Verdict::Gone(_)) && value == 0 && !there);
    }
}

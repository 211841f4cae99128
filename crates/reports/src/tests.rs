//! Whole stories on both databases: a report from its first figure to the public, and what others see of it.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::reference::{DateRange, Figure, FigureKey, Ref};
use gongkai_basis::{Actor, Role};
use gongkai_office::Limits;
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::seam::FigureSource;
use gongkai_platform::testing::{self, Answer, Backend, Browser, Guard, MovableClock, backends};
use gongkai_platform::web::{self, App, Sandbox, SandboxError, SheetLine};

use crate::annual::Annual;
use crate::check::{Beside, check};
use crate::draft::Draft;
use crate::form::Cell;
use crate::id::AnnualId;
use crate::sample::city;
use crate::{export, read};

const NOW: &str = "2027-01-12T09:00:00+08:00";
const LIST: &str = "/workspace/reports";

/// Reads without a child: tests have no binary.
struct Here;

#[async_trait]
impl Sandbox for Here {
    async fn read(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let bytes = std::fs::read(file).map_err(|error| SandboxError(error.to_string()))?;
        let read = gongkai_office::read(&bytes, &Limits::default());
        Ok(gongkai_office::wire::to_wire(&read))
    }

    async fn sheets(&self, _: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        Err(SandboxError("这里不读清单。".to_owned()))
    }
}

/// Counts 7 new requests of natural persons for each unit; for the city those of its three units and 4 of its own.
struct Seven {
    city: OrganId,
}

#[async_trait]
impl FigureSource for Seven {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[("requests.table3.new.natural", "新收")]
    }

    async fn figures(
        &self,
        _: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let one = |key: &FigureKey| {
            (key.name == "requests.table3.new.natural").then(|| Figure {
                value: if key.organ == self.city { 3 * 7 + 4 } else { 7 },
                refs: vec![Ref {
                    kind: "request".to_owned(),
                    id: "甲号申请".to_owned(),
                }],
            })
        };
        Ok(keys.iter().map(one).collect())
    }
}

struct World {
    db: Db,
    _clock: MovableClock,
    _guard: Guard,
    app: App,
    units: Vec<OrganId>,
    clerk: AccountId,
    liaison: AccountId,
    head: AccountId,
    other: AccountId,
}

impl World {
    async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let office = testing::organ(&db, "安澜市人民政府办公室", Some(city)).await;
        let mut units = Vec::new();
        for name in ["安澜市司法局", "安澜市财政局"] {
            units.push(testing::organ(&db, name, Some(city)).await);
        }
        for (organ, kind) in [
            (city, "government"),
            (office, "office"),
            (units[0], "department"),
            (units[1], "department"),
        ] {
            set_kind(&db, organ, kind).await;
        }
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.seams = crate::seams();
        parts.seams.figures.push(Arc::new(Seven { city }));
        parts.sandbox = Arc::new(Here);
        Self {
            clerk: testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await,
            liaison: testing::person(&db, "联络员", &[(Role::Liaison, units[0])]).await,
            head: testing::person(&db, "局长", &[(Role::UnitHead, units[0])]).await,
            other: testing::person(&db, "别局", &[(Role::Liaison, units[1])]).await,
            app: App::new(parts),
            db,
            _clock: clock,
            _guard: guard,
            units,
        }
    }

    async fn browser(&self, account: AccountId) -> Browser {
        let router = web::wrap(web::router(crate::routes()), self.app.clone());
        let mut browser = Browser::new(router);
        browser.sign_in(&self.db, account).await;
        browser
    }

    async fn public(&self, path: &str) -> Answer {
        let router = web::wrap(web::router(crate::routes()), self.app.clone());
        Browser::new(router).get(path).await
    }

    /// Two people begin the same report at once: one has it, the other is told.
    async fn begun_twice(&self) -> Vec<u16> {
        let organ = self.units[1].to_string();
        let mut one = self.browser(self.other).await;
        let mut other = one.clone();
        let (path, fields) = (
            format!("{LIST}/new"),
            [("organ", &*organ), ("year", "2026")],
        );
        let (one, other) = tokio::join!(one.post(&path, &fields), other.post(&path, &fields));
        let mut both = vec![one.status.as_u16(), other.status.as_u16()];
        both.sort_unstable();
        both
    }

    async fn begun(&self) -> String {
        let organ = self.units[0].to_string();
        let mut liaison = self.browser(self.liaison).await;
        let fields = [("organ", organ.as_str()), ("year", "2026")];
        let edit = liaison
            .post(&format!("{LIST}/new"), &fields)
            .await
            .redirected();
        edit.trim_end_matches("/edit").to_owned()
    }

    async fn events(&self, path: &str) -> Vec<String> {
        let id = path.rsplit('/').next().unwrap().to_owned();
        let found = self
            .db
            .read(async |tx: &mut Tx| {
                gongkai_platform::audit::about(tx, crate::annual::handle::SUBJECT, &id, 50).await
            })
            .await
            .unwrap();
        let mut kinds: Vec<String> = found.into_iter().map(|event| event.kind).collect();
        kinds.sort();
        kinds
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

fn says(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert!(
        answer.text().contains(words),
        "{words} not in\n{}",
        answer.text()
    );
}

/// Everything a clean report needs: 7 requests, all answered.
fn filled(version: &'static str, open: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("version", version),
        ("c:3.new.natural", "7"),
        ("c:3.open.natural", open),
        ("why", "依申请台账"),
        ("text0", "全年新收政府信息公开申请7件。"),
        ("text4", "解读还不够。"),
        ("text5", "未收取信息处理费。"),
    ]
}

#[tokio::test]
async fn a_report_goes_from_its_figures_to_the_public_and_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (mut liaison, mut head, mut clerk) = (
            world.browser(world.liaison).await,
            world.browser(world.head).await,
            world.browser(world.clerk).await,
        );
        let path = world.begun().await;
        // The figure is there with its records; another unit sees nothing.
        let cell = liaison
            .get(&format!("{path}/cells/3.new.natural"))
            .await
            .page();
        assert!(
            cell.contains("系统统计") && cell.contains("甲号申请"),
            "{cell}"
        );
        let mut other = world.browser(world.other).await;
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(other.get(&format!("{path}/edit")).await.status, 404);
        // Nobody confirms what does not add up; a changed number needs its reason.
        says(
            &head
                .post(&format!("{path}/confirm"), &[("version", "1")])
                .await,
            422,
            "第三项加第四项",
        );
        let edit = format!("{path}/edit");
        let mut fields = filled("1", "6");
        fields.retain(|(name, _)| *name != "why");
        says(
            &liaison.post(&edit, &fields).await,
            422,
            "请填写原因或数据来源",
        );
        liaison.post(&edit, &filled("1", "6")).await.redirected();
        let page = liaison.get(&edit).await.page();
        assert!(page.contains("应为7，表中为6"), "{page}");
        says(
            &liaison.post(&edit, &filled("1", "7")).await,
            409,
            "别人刚刚改动",
        );
        liaison.post(&edit, &filled("2", "7")).await.redirected();
        // The head confirms, the office returns, and so on to the public.
        head.post(&format!("{path}/confirm"), &[("version", "3")])
            .await
            .redirected();
        says(&liaison.post(&edit, &filled("4", "7")).await, 422, "已确认");
        let precheck = format!("{path}/precheck");
        says(
            &clerk
                .post(
                    &precheck,
                    &[("version", "4"), ("step", "return"), ("why", " ")],
                )
                .await,
            422,
            "请写明原因",
        );
        clerk
            .post(
                &precheck,
                &[
                    ("version", "4"),
                    ("step", "return"),
                    ("why", "问题写得太少"),
                ],
            )
            .await
            .redirected();
        assert!(liaison.get(&path).await.page().contains("问题写得太少"));
        head.post(&format!("{path}/confirm"), &[("version", "5")])
            .await
            .redirected();
        clerk
            .post(&precheck, &[("version", "6"), ("step", "pass")])
            .await
            .redirected();
        let address = format!("/reports/{}/2026", world.units[0]);
        assert_eq!(world.public(&address).await.status, 404);
        let publish = format!("{path}/publish");
        head.post(&publish, &[("version", "7"), ("step", "publish")])
            .await
            .redirected();
        says(
            &world.public(&address).await,
            200,
            "全年新收政府信息公开申请7件",
        );
        says(
            &world.public("/reports").await,
            200,
            "安澜市司法局2026年政府信息公开工作年度报告",
        );
        // A correction is written while the public reads on.
        head.post(
            &publish,
            &[("version", "8"), ("step", "reopen"), ("why", "漏写一节")],
        )
        .await
        .redirected();
        let mut fields = filled("9", "7");
        fields[6] = ("text5", "未收取信息处理费。补一节。");
        liaison.post(&edit, &fields).await.redirected();
        assert!(!world.public(&address).await.text().contains("补一节"));
        assert_eq!(
            world.events(&path).await,
            [
                "annual.begun",
                "annual.confirmed",
                "annual.confirmed",
                "annual.passed",
                "annual.published",
                "annual.reopened",
                "annual.returned",
                "annual.saved",
                "annual.saved",
                "annual.saved",
            ]
        );
    }
}

#[tokio::test]
async fn published_pages_and_files_read_back_with_equal_cells() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let city = world
            .app
            .db
            .read(async |tx: &mut Tx| gongkai_platform::organ::store::roots(tx).await)
            .await
            .unwrap()[0]
            .id;
        let organ = city.to_string();
        let wanted = crate::sample::city();
        let bytes = export::sheet(&annual(&wanted), None).docx().unwrap();
        let fields = [
            ("organ", organ.as_str()),
            ("year", "2025"),
            ("brought", "published"),
        ];
        let file = ("file", "年报.docx", bytes.as_slice());
        let path = clerk
            .upload(&format!("{LIST}/import"), &fields, file)
            .await
            .redirected();
        assert!(clerk.get(&path).await.page().contains("核对通过"));
        // A second one is refused, and the wrong year.
        says(
            &clerk.upload(&format!("{LIST}/import"), &fields, file).await,
            422,
            "已经有了",
        );
        let address = format!("/reports/{organ}/2025");
        let mut answers = vec![world.public(&address).await];
        for format in ["docx", "xlsx"] {
            answers.push(world.public(&format!("{address}/{format}")).await);
        }
        for answer in answers {
            assert_eq!(answer.status, 200, "{}", answer.text());
            let document = gongkai_office::read(&answer.bytes, &Limits::default()).unwrap();
            let found = read::read(&document);
            assert_eq!((found.year, found.sections.len()), (Some(2025), 6));
            for cell in Cell::all() {
                assert_eq!(found.amount(cell), wanted.amount(cell), "{cell}");
            }
            assert_eq!(check(&found, Beside::default()), vec![]);
        }
        let json: serde_json::Value =
            serde_json::from_slice(&world.public(&format!("{address}/json")).await.bytes).unwrap();
        assert_eq!(json["cells"]["3.new.total"], "14069");
        assert_eq!(world.public(&format!("{address}/exe")).await.status, 404);
    }
}

/// A report as if it stood in the store.
fn annual(report: &crate::model::Report) -> Annual {
    Annual {
        id: AnnualId::new(testing::uuid()),
        unit: crate::annual::Unit {
            id: OrganId::new(testing::uuid()),
            name: "安澜市".to_owned(),
            kind: gongkai_platform::organ::Kind::Government,
            level: gongkai_platform::organ::Level::City,
        },
        year: report.year.unwrap(),
        state: crate::state::State::Draft,
        draft: Draft::imported(report, "年报.docx"),
        returned_why: String::new(),
        published_at: None,
        written_by: String::new(),
        version: 1,
    }
}

#[test]
fn a_file_keeps_a_fault_for_the_checker_to_find() {
    let mut report = city();
    crate::sample::set(&mut report, Cell::Three(4, 0), 14);
    for bytes in [
        export::sheet(&annual(&report), None).docx().unwrap(),
        export::sheet(&annual(&report), None).xlsx().unwrap(),
    ] {
        let document = gongkai_office::read(&bytes, &Limits::default()).unwrap();
        let findings = check(&read::read(&document), Beside::default());
        assert_eq!(findings.len(), 2, "{findings:?}");
        let named = Some((Cell::Three(4, 0), "13".to_owned()));
        assert!(
            findings.iter().all(|finding| finding.suspect == named),
            "{findings:?}"
        );
    }
}

#[tokio::test]
async fn dues_waiting_search_and_site_map() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.begun().await;
        let range = DateRange {
            from: "2027-01-01".parse().unwrap(),
            to: "2027-03-31".parse().unwrap(),
        };
        let seams = crate::seams();
        let due = world
            .db
            .read(async |tx: &mut Tx| seams.due(tx, &Scope::Everything, range).await)
            .await
            .unwrap();
        let days: Vec<(String, String)> = due
            .iter()
            .map(|item| (item.due_on.to_string(), item.path.clone()))
            .collect();
        assert_eq!(days.len(), 4, "{days:?}");
        assert!(
            days.contains(&("2027-01-31".to_owned(), path.clone())),
            "{days:?}"
        );
        assert_eq!(days[3].0, "2027-03-31", "the government's own");
        let (mut liaison, mut head) = (
            world.browser(world.liaison).await,
            world.browser(world.head).await,
        );
        liaison
            .post(&format!("{path}/edit"), &filled("1", "7"))
            .await
            .redirected();
        head.post(&format!("{path}/confirm"), &[("version", "2")])
            .await
            .redirected();
        let mut clerk = world.browser(world.clerk).await;
        clerk
            .post(
                &format!("{path}/precheck"),
                &[("version", "3"), ("step", "pass")],
            )
            .await
            .redirected();
        head.post(
            &format!("{path}/publish"),
            &[("version", "4"), ("step", "publish")],
        )
        .await
        .redirected();
        let (refs, entries, pages, due) = world
            .db
            .read(async |tx: &mut Tx| {
                let refs = seams.searchable[0].after(tx, None, 10).await?;
                let entries = seams.searchable[0].entries(tx, &refs).await?;
                let pages = seams.pages[0]
                    .urls(tx, &Scope::Everything, None, 10)
                    .await?;
                let rest = seams.pages[0]
                    .urls(tx, &Scope::Everything, Some(pages[0].path.as_str()), 10)
                    .await?;
                assert_eq!(rest, vec![]);
                let due = seams.due(tx, &Scope::Everything, range).await?;
                Ok::<_, StoreError>((refs, entries, pages, due))
            })
            .await
            .unwrap();
        assert_eq!((refs.len(), pages.len(), due.len()), (1, 1, 3));
        let entry = entries[0].clone().unwrap();
        assert_eq!(entry.path, pages[0].path);
        assert_eq!(entry.title, "安澜市司法局2026年政府信息公开工作年度报告");
        let seal = world
            .db
            .read(async |tx: &mut Tx| seams.describe(tx, &refs[0]).await)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(seal.title, entry.title);
    }
}

#[tokio::test]
async fn copied_passages_and_sums_of_units_are_shown() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.begun().await;
        let mut liaison = world.browser(world.liaison).await;
        let copied = "着力提升政策解读质量，坚持政策文件与解读材料同步起草、同步审批、同步发布，全年发布解读材料36篇。";
        let mut fields = filled("1", "7");
        fields[4] = ("text0", copied);
        liaison
            .post(&format!("{path}/edit"), &fields)
            .await
            .redirected();
        let mut other = world.browser(world.other).await;
        let organ = world.units[1].to_string();
        let edit = other
            .post(
                &format!("{LIST}/new"),
                &[("organ", organ.as_str()), ("year", "2026")],
            )
            .await
            .redirected();
        let older = copied.replace("36", "21");
        other
            .post(&edit, &[("version", "1"), ("text0", older.as_str())])
            .await
            .redirected();
        // The office sees both; a unit does not see its sibling's draft.
        let mut clerk = world.browser(world.clerk).await;
        let compared = clerk.get(&format!("{path}/compare")).await.page();
        assert!(
            compared.contains("安澜市财政局") && compared.contains("21篇"),
            "{compared}"
        );
        assert!(
            !liaison
                .get(&format!("{path}/compare"))
                .await
                .page()
                .contains("安澜市财政局")
        );
        let list = clerk.get(&format!("{LIST}?year=2026")).await.page();
        assert!(
            list.contains("编写中") && list.contains("未编写") && list.contains("1月31日"),
            "{list}"
        );
        // The government has 4 of its own; two of its three units have reports: 7 and 7.
        let city = world
            .app
            .db
            .read(async |tx: &mut Tx| gongkai_platform::organ::store::roots(tx).await)
            .await
            .unwrap()[0]
            .id
            .to_string();
        let edit = clerk
            .post(
                &format!("{LIST}/new"),
                &[("organ", city.as_str()), ("year", "2026")],
            )
            .await
            .redirected();
        let own = edit.trim_end_matches("/edit");
        let units = clerk.get(&format!("{own}/units")).await.page();
        assert!(
            units.contains("三.一.自然人")
                && units.contains("安澜市财政局 7；") | units.contains("安澜市司法局 7"),
            "{units}"
        );
        // Taken again, nothing counts twice.
        for version in ["1", "2"] {
            let typed = [("version", version)];
            clerk
                .post(&format!("{own}/take-units"), &typed)
                .await
                .redirected();
            let units = clerk.get(&format!("{own}/units")).await.page();
            assert!(units.contains("每一格都等于本级加各单位之和"), "{units}");
            assert!(
                units.contains(
                    r#"class="num">4</td><td data-label="各单位之和" class="num">14</td><td data-label="本报告" class="num">18</td>"#
                ),
                "{units}"
            );
        }
    }
}

#[tokio::test]
async fn a_year_is_begun_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        assert_eq!(world.begun_twice().await, [303, 422]);
    }
}

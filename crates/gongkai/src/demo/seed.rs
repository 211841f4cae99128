//! The job that fills the demo: plans through the real import path, then reports as units would write them.

use std::collections::BTreeMap;

use anyhow::Context as _;
use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, PlanId};
use gongkai_plans::assignment::Duty;
use gongkai_plans::evidence::attach::attach;
use gongkai_plans::evidence::run::{self, Over};
use gongkai_plans::evidence::target;
use gongkai_plans::pairing::PairKind;
use gongkai_plans::progress::publish::{Words, publish};
use gongkai_plans::report::submit::{SubmitError, submit};
use gongkai_plans::report::{Content, Outcome};
use gongkai_plans::step::StepError;
use gongkai_plans::{assignment, carried, draft, pairing, plan, task};
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::App;
use jiff::ToSpan as _;

use super::clock;
use super::evidence::{is_enough, outdated, proofs};
use super::year::Year;
use crate::failure;

/// The job's kind.
pub const KIND: &str = "demo.seed";

/// A document of the demo's city.
struct Document {
    name: &'static str,
    bytes: &'static [u8],
    /// The office that imports it.
    office: &'static str,
    year: i16,
}

const CITY: &str = "安澜市人民政府办公室";
const COUNTY: &str = "云岭县人民政府办公室";
const DISTRICT: &str = "东渚区人民政府办公室";
const TOWN: &str = "青禾镇党政综合办公室";

const DOCUMENTS: [Document; 8] = [
    Document {
        name: "安澜市2025年分工方案（演示）.pdf",
        bytes: include_bytes!("../../../../samples/city-2025.pdf"),
        office: CITY,
        year: 2025,
    },
    Document {
        name: "云岭县2025年分工方案（演示）.html",
        bytes: include_bytes!("../../../../samples/county-2025.html"),
        office: COUNTY,
        year: 2025,
    },
    Document {
        name: "青禾镇2025年分工方案（演示）.txt",
        bytes: include_bytes!("../../../../samples/town-2025.txt"),
        office: TOWN,
        year: 2025,
    },
    Document {
        name: "安澜市2026年分工方案（演示）.docx",
        bytes: include_bytes!("../../../../samples/city-2026.docx"),
        office: CITY,
        year: 2026,
    },
    Document {
        name: "云岭县2026年分工方案（演示）.html",
        bytes: include_bytes!("../../../../samples/county-2026.html"),
        office: COUNTY,
        year: 2026,
    },
    Document {
        name: "东渚区2026年分工方案（演示）.txt",
        bytes: include_bytes!("../../../../samples/district-2026.txt"),
        office: DISTRICT,
        year: 2026,
    },
    Document {
        name: "青禾镇2026年分工方案（演示）.txt",
        bytes: include_bytes!("../../../../samples/town-2026.txt"),
        office: TOWN,
        year: 2026,
    },
    Document {
        name: "市住房城乡建设局2026年分工表（演示）.xlsx",
        bytes: include_bytes!("../../../../samples/bureau-2026.xlsx"),
        office: "安澜市住房和城乡建设局",
        year: 2026,
    },
];

/// One assignment that a unit reports on.
struct Row {
    /// Its place in the plan.
    task: usize,
    assignment: AssignmentId,
    /// The first words of its task.
    start: String,
    due_on: Option<Date>,
}

/// How a unit's report goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    Done,
    /// Done, some days after its date.
    DoneLate,
    InProgress,
    Silent,
}

impl Course {
    /// Of the plan's task with this number, for all its units, so that tasks are seen to be whole.
    /// Last year was nearly finished; this year shows every state.
    fn of(number: usize, last_year: bool) -> Self {
        match (last_year, number % 21) {
            (true, 3 | 17) => Self::InProgress,
            (true, 6 | 12) | (false, 9) => Self::DoneLate,
            (true, _) => Self::Done,
            (false, n) if n % 3 == 0 => Self::Done,
            (false, n) if n % 3 == 1 => Self::InProgress,
            (false, _) => Self::Silent,
        }
    }
}

/// Imports the sample documents as clerks would, and reports on some of their tasks.
pub struct Seeder(App);

impl Seeder {
    #[must_use]
    pub fn new(app: App) -> Self {
        Self(app)
    }

    async fn seed(&self, progress: &Progress) -> anyhow::Result<String> {
        let total = 2 * DOCUMENTS.len() as i64;
        let mut done = 0;
        let mut left_out = Vec::new();
        let mut plans = Vec::new();
        for document in &DOCUMENTS {
            let plan = match self.import(document).await? {
                Ok(plan) => plan,
                Err(error) => {
                    left_out.push(format!("{}：{error}", document.name));
                    done += 2;
                    continue;
                }
            };
            done += 1;
            progress.report(done, total).await?;
            self.report_on(plan, document.year).await?;
            self.publish(plan).await?;
            self.check(plan).await?;
            done += 1;
            progress.report(done, total).await?;
            plans.push((document, plan));
        }
        let of = |office: &str, year: i16| {
            let mut found = plans.iter();
            let found = found.find(|(it, _)| it.office == office && it.year == year);
            found.map(|(_, plan)| *plan)
        };
        for office in [CITY, COUNTY, TOWN] {
            self.pair(PairKind::Year, of(office, 2026), of(office, 2025))
                .await?;
        }
        for (office, upper) in [(COUNTY, CITY), (DISTRICT, CITY), (TOWN, COUNTY)] {
            self.pair(PairKind::Level, of(office, 2026), of(upper, 2026))
                .await?;
        }
        if let Some(plan) = of(CITY, 2026) {
            let year = Year::new(&self.0, plan);
            if let Some(county) = of(COUNTY, 2026) {
                year.county_round(county).await.context("县级报送轮次")?;
            }
            year.passes().await?;
        }
        Ok(if left_out.is_empty() {
            "演示方案已全部导入。".to_owned()
        } else {
            format!("未能导入：{}", left_out.join("；"))
        })
    }

    /// Imports a document in the spring of its year.
    async fn import(
        &self,
        document: &Document,
    ) -> anyhow::Result<Result<PlanId, draft::ImportError>> {
        let office = super::organ(&self.0.db, document.office).await?;
        let permit = Permit::system();
        let bytes = document.bytes.to_vec();
        let imported = draft::import_whole(&self.0, &permit, office, document.name, bytes);
        Ok(clock::at(self.not_after_today(spring(document.year)?), imported).await)
    }

    fn not_after_today(&self, day: Date) -> Date {
        day.min(self.0.today())
    }

    /// Units report through the year.
    async fn report_on(&self, plan: PlanId, year: i16) -> anyhow::Result<()> {
        let rows = self.rows(plan).await?;
        let last_year = year < self.0.today().year();
        let most = if last_year {
            LAST_YEAR_MAX
        } else {
            REPORTS_MAX
        };
        let mut done = 0;
        for (number, row) in rows.iter().enumerate().take(most) {
            let course = Course::of(row.task, last_year);
            if course != Course::Silent && self.report(row, (number, year, done), course).await? {
                done += 1;
            }
        }
        Ok(())
    }

    /// What units other than cooperating ones have to report on; tasks of few units first, so that many are seen whole.
    async fn rows(&self, plan: PlanId) -> anyhow::Result<Vec<Row>> {
        let mut rows = self
            .0
            .db
            .read(async |tx: &mut Tx| {
                let mut found = Vec::new();
                for (number, task) in task::store::of_plan(tx, plan).await?.iter().enumerate() {
                    for assignment in assignment::store::of_task(tx, task.id).await? {
                        if assignment.duty != Duty::Cooperate && assignment.report.is_none() {
                            found.push(Row {
                                task: number,
                                assignment: assignment.id,
                                start: task.text.chars().take(18).collect(),
                                due_on: assignment.due_on,
                            });
                        }
                    }
                }
                Ok::<_, StoreError>(found)
            })
            .await?;
        let mut units: BTreeMap<usize, usize> = BTreeMap::new();
        for row in &rows {
            *units.entry(row.task).or_default() += 1;
        }
        rows.sort_by_key(|row| (units.get(&row.task).copied(), row.task));
        Ok(rows)
    }

    /// Whether the row is done: the next of so many that are.
    async fn report(
        &self,
        row: &Row,
        (number, year, before): (usize, i16, usize),
        course: Course,
    ) -> anyhow::Result<bool> {
        let wanted = self
            .0
            .db
            .read(async |tx: &mut Tx| target::store::of_assignment(tx, row.assignment).await)
            .await?
            .0;
        let site = &self.0.site.url;
        let mut proofs = proofs(&wanted, site, before)?;
        let today = self.0.today();
        proofs.retain(|proof| proof.dated_on.is_none_or(|on| on <= today));
        // What the plan counts by the quarter or by the hundred is still going on.
        let done =
            course != Course::InProgress && !proofs.is_empty() && is_enough(&wanted, &proofs);
        proofs.extend(outdated(site, before)?);
        let last_proof = proofs.iter().filter_map(|proof| proof.dated_on).max();
        let day = spring(year)?.checked_add((20 + 9 * i64::try_from(number % 16)?).days())?;
        let day = match (row.due_on, course) {
            (Some(due), Course::DoneLate) => due.checked_add(6.days())?,
            (Some(due), _) => day.min(due),
            (None, _) => day,
        };
        let day = last_proof
            .filter(|_| done)
            .map_or(day, |proof| day.max(proof));
        let report = content(&row.start, done);
        let work = self.0.db.write(async |tx: &mut Tx| {
            let permit = Permit::system();
            if done {
                attach(tx, &permit, row.assignment, proofs).await?;
            }
            submit(tx, &permit, row.assignment, None, report).await?;
            Ok::<_, SubmitError>(())
        });
        clock::at(self.not_after_today(day), work).await?;
        Ok(done)
    }

    /// Compares two plans; of last year's, what is unfinished is carried over.
    async fn pair(
        &self,
        kind: PairKind,
        plan: Option<PlanId>,
        other: Option<PlanId>,
    ) -> anyhow::Result<()> {
        let (Some(plan), Some(other)) = (plan, other) else {
            return Ok(());
        };
        self.0
            .db
            .write(async |tx: &mut Tx| {
                pairing::handle::choose(tx, &Permit::system(), (plan, kind), other).await?;
                if kind == PairKind::Year {
                    carried::handle::carry(tx, &Permit::system(), plan).await?;
                }
                Ok::<_, StepError>(())
            })
            .await?;
        Ok(())
    }

    /// All evidence is checked as by night, so that some are seen to have decayed.
    async fn check(&self, plan: PlanId) -> anyhow::Result<()> {
        self.0
            .db
            .write(async |tx: &mut Tx| {
                if let Some(plan) = plan::store::load(tx, &Scope::Everything, plan).await? {
                    run::ask(tx, &Permit::system(), &plan, Over::Plan(plan.id)).await?;
                }
                Ok::<_, StoreError>(())
            })
            .await?;
        Ok(())
    }

    async fn publish(&self, plan: PlanId) -> anyhow::Result<()> {
        let now = (Words::Include, self.0.today());
        self.0
            .db
            .write(async |tx: &mut Tx| publish(tx, &Permit::system(), plan, now).await)
            .await?;
        Ok(())
    }
}

/// When plans are imported.
fn spring(year: i16) -> anyhow::Result<Date> {
    Ok(Date::new(year, 3, 20)?)
}

pub(super) fn content(start: &str, done: bool) -> Content {
    let (outcome, done_text, pending_text) = if done {
        (
            Outcome::Done,
            format!("（演示）“{start}…”已按要求完成，有关内容已在门户网站公开。"),
            String::new(),
        )
    } else {
        (
            Outcome::InProgress,
            format!("（演示）“{start}…”已制定措施，完成第一批。"),
            "（演示）继续推进第二批，按期完成后补充佐证。".to_owned(),
        )
    };
    Content {
        outcome,
        done_text,
        pending_text,
        planned_on: None,
        no_evidence_why: String::new(),
    }
}

/// Reports made for one plan: enough to show every light, few enough to be there soon.
const REPORTS_MAX: usize = 90;
/// Of last year's nearly all.
const LAST_YEAR_MAX: usize = 250;

#[async_trait]
impl Worker for Seeder {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, _: Job, progress: Progress) -> Result<String, String> {
        match self.seed(&progress).await {
            Ok(sentence) => Ok(sentence),
            // Trying again would import the same plans twice.
            Err(error) => Ok(format!("演示数据没有全部导入：{}", failure::told(&error))),
        }
    }
}

//! A year of supervision at size: so many units, sixty tasks, two years of plans, with reports, evidence, rounds, 回头看,
//! levels, 督办单, findings, scores and full inboxes. Each list and matrix is measured over a small house first: its time
//! there is the reference of the same run.

mod lists;

use std::collections::BTreeMap;

use gongkai_basis::id::{AccountId, AssignmentId, OrganId, PlanId, TaskId};
use gongkai_basis::{Actor, Date};
use gongkai_office::Place;
use gongkai_plans::acts::{ManageScores, ManageSupervision};
use gongkai_plans::assessment::scheme::Scheme;
use gongkai_plans::assessment::{self, PeriodId, Points, judge};
use gongkai_plans::assignment::{self, Assignment, AssignmentState, Duty};
use gongkai_plans::pairing::{self, PairKind};
use gongkai_plans::plan::{self, Deadline, DeadlineKind, Plan, PlanState};
use gongkai_plans::progress::publish::{Words, publish};
use gongkai_plans::round::open::{self, Wanted};
use gongkai_plans::round::{RoundId, Source};
use gongkai_plans::supervision::draft;
use gongkai_plans::task::{self, Task, TaskState};
use gongkai_plans::{carried, step::StepError};
use gongkai_platform::access::{Act, Permit, Reach, Session};
use gongkai_platform::account;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::finding::{self, FindingKind, Found, Severity};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::testing::{self, Backend, Browser, uuid};

use super::city::City;
use super::{page_time, print};
use lists::Lists;

const TASKS: i64 = 60;
const LARGE: usize = 1_000;
const SMALL: usize = 50;
/// Counties below the city, each with a plan of its own.
const COUNTIES: usize = 30;
/// What lies in one person's inbox, and what was found wrong.
const MESSAGES: usize = 2_000;
const FINDINGS: usize = 2_000;
/// Units that get a 督办单 in one go.
const ORDERED_AT_ONCE: usize = 100;
const SECTIONS: [&str; 4] = [
    "一、主动公开",
    "二、解读回应",
    "三、平台建设",
    "四、监督保障",
];
const MATTERS: [&str; 6] = [
    "规章和行政规范性文件",
    "重大建设项目批准和实施信息",
    "财政预算决算",
    "政策解读材料",
    "依申请公开答复文书",
    "公共企事业单位办事指南",
];

pub(crate) async fn run(backend: &Backend, name: &str) {
    for units in [SMALL, LARGE] {
        let house = House::founded(backend, units).await;
        house.measures(name).await;
        house.measures_lists(name).await;
    }
}

struct House {
    city: City,
    units: usize,
    last: PlanId,
    this: PlanId,
    round: RoundId,
    period: PeriodId,
    lists: Lists,
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn stored(kind: &'static str) -> Event {
    let subject = (kind, String::new());
    Event::new(&Actor::System, "bench.stored", subject, "测试数据")
}

impl House {
    async fn founded(backend: &Backend, units: usize) -> Self {
        let city = City::founded(backend, units).await;
        let last = city.plan_of(2025, &city.units).await;
        let this = city.plan_of(2026, &city.units).await;
        city.reported(last, 20).await;
        city.reported(this, 2).await;
        city.compared(this, last).await;
        city.published(this).await;
        let mut counties = Vec::new();
        for number in 0..COUNTIES {
            counties.push(city.county(number, this).await);
        }
        let round = city.round(this).await;
        city.orders(this).await;
        city.found_wrong().await;
        let period = city.scores().await;
        city.told().await;
        let lists = Lists::of(&city, this, counties[0]).await;
        city.is_known_to_the_planner().await;
        Self {
            units: city.units.len(),
            lists,
            city,
            last,
            this,
            round,
            period,
        }
    }

    async fn measures(&self, name: &str) {
        let (last, this, organ) = (self.last, self.this, self.city.units.first().unwrap());
        let mut clerk = self.city.clerk().await;
        let mut liaison = self.city.liaison().await;
        let ledger = format!("/workspace/ledger?plan={this}");
        let round = format!("/workspace/rounds/{}", self.round);
        let scores = format!("/workspace/scores/{}", self.period);
        let office = [
            ("start page", "/workspace".to_owned()),
            ("ledger", ledger.clone()),
            ("ledger, overdue", format!("{ledger}&light=overdue")),
            ("ledger, assignments", format!("{ledger}&view=assignments")),
            (
                "ledger, assignments, page 60",
                format!("{ledger}&view=assignments&page=60"),
            ),
            (
                "ledger of last year",
                format!("/workspace/ledger?plan={last}"),
            ),
            ("dashboard", format!("/workspace/dashboard?plan={this}")),
            ("trend", format!("/workspace/dashboard/trend?plan={this}")),
            ("brief", format!("/workspace/brief?plan={this}")),
            ("gantt", format!("/workspace/gantt?plan={this}")),
            ("calendar", "/workspace/calendar?year=2026".to_owned()),
            (
                "回头看, pairs",
                format!("/workspace/plans/{this}/compare/year"),
            ),
            (
                "回头看, matters",
                format!("/workspace/plans/{this}/reviews"),
            ),
            ("coverage", format!("/workspace/plans/{this}/coverage")),
            ("levels", "/workspace/levels".to_owned()),
            ("rounds", "/workspace/rounds".to_owned()),
            ("round", round.clone()),
            ("round, waiting", format!("{round}?waiting=1")),
            ("督办", "/workspace/supervision".to_owned()),
            ("findings", "/workspace/findings".to_owned()),
            ("scores", "/workspace/scores".to_owned()),
            ("scores of a period", scores.clone()),
            ("inbox", "/workspace/inbox".to_owned()),
        ];
        self.prints(&mut clerk, &office, name).await;
        let unit = [
            ("start page of a unit", "/workspace".to_owned()),
            ("我的任务", "/workspace/tasks".to_owned()),
            (
                "我的任务, overdue",
                "/workspace/tasks?light=overdue".to_owned(),
            ),
            ("due of a unit", "/workspace/due".to_owned()),
            (
                "calendar of a unit",
                "/workspace/calendar?year=2026".to_owned(),
            ),
            ("回头看 of a unit", "/workspace/reviews".to_owned()),
            ("rounds of a unit", "/workspace/rounds/own".to_owned()),
            ("unit in a round", format!("{round}/units/{organ}")),
            ("督办 of a unit", "/workspace/supervision/own".to_owned()),
            ("findings of a unit", "/workspace/findings/own".to_owned()),
            ("scores of a unit", format!("{scores}/units/{organ}")),
            ("inbox of a unit", "/workspace/inbox".to_owned()),
        ];
        self.prints(&mut liaison, &unit, name).await;
    }

    /// The times of these pages, as this person sees them.
    async fn prints(&self, person: &mut Browser, pages: &[(&str, String)], name: &str) {
        let units = self.units;
        for (page, path) in pages {
            let took = page_time(person, path, super::ROUNDS).await;
            print(
                &format!("{page}, {units} units × {TASKS} tasks × 2 years, {name}"),
                took,
            );
        }
    }
}

impl City {
    /// A plan of sixty tasks, each of them given to these units, without the reading of a document.
    async fn plan_of(&self, year: i16, units: &[OrganId]) -> PlanId {
        self.plan_below(self.office, self.government, year, units)
            .await
    }

    async fn plan_below(
        &self,
        office: OrganId,
        government: OrganId,
        year: i16,
        units: &[OrganId],
    ) -> PlanId {
        let id = PlanId::new(uuid());
        let plan = Plan {
            id,
            organ: office,
            government,
            title: format!("{year}年政务公开工作要点分工方案"),
            notice_title: None,
            document_number: None,
            issuer: None,
            issued_on: Some(Date::new(year, 3, 20).unwrap()),
            published_on: None,
            year: i64::from(year),
            state: PlanState::Active,
            source_file: None,
            draft: None,
            version: 1,
        };
        self.db
            .write(async |tx: &mut Tx| {
                plan::store::insert(tx, &plan, &[]).await?;
                for position in 1..=TASKS {
                    let task = task_of(&plan, position);
                    task::store::insert(tx, &task).await?;
                    let parts: Vec<Assignment> =
                        units.iter().map(|unit| part_of(&task, *unit)).collect();
                    assignment::store::insert_all(tx, &parts).await?;
                }
                tx.record(stored("plan"));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        id
    }

    /// Of each `most` parts all but one are reported on, most of them as done and with a proof.
    async fn reported(&self, plan: PlanId, most: usize) {
        self.db
            .write(async |tx: &mut Tx| {
                let ids: Vec<AssignmentId> = tx
                    .all(sql("SELECT id FROM assignment WHERE plan_id = $1 ORDER BY task_id, organ_id").bind(plan))
                    .await?
                    .iter()
                    .map(|row| row.get("id"))
                    .collect::<Result<_, StoreError>>()?;
                let (mut reports, mut proofs) = (Vec::new(), Vec::new());
                for (number, id) in ids.iter().copied().enumerate().filter(|(n, _)| n % most != 0) {
                    let done = number % 7 != 1;
                    // One part a minute, over the months before today.
                    let at = 1_772_000_000_000 + i64::try_from(number).unwrap() * 60_000;
                    reports.push([
                        id.into(),
                        id.into(),
                        1_i64.into(),
                        if done { "done" } else { "in_progress" }.into(),
                        "已在门户网站公开有关内容，并同步更新目录。".into(),
                        if done { "" } else { "继续推进第二批。" }.into(),
                        "联络员".into(),
                        at.into(),
                        plan.into(),
                        i64::from(done).into(),
                    ]);
                    if done {
                        proofs.push([
                            id.into(),
                            id.into(),
                            "url".into(),
                            format!("https://www.anlan.example/{number}").into(),
                            "公开页面".into(),
                            "已经公开".into(),
                            at.into(),
                        ]);
                    }
                }
                tx.insert(
                    "INSERT INTO report (id, assignment_id, sequence, outcome, done_text, pending_text, author_name, created_at, plan_id, turned)",
                    reports,
                    "",
                )
                .await?;
                tx.insert(
                    "INSERT INTO evidence (id, assignment_id, kind, url, title, proves, created_at)",
                    proofs,
                    "",
                )
                .await?;
                tx.run(
                    sql("UPDATE assignment SET report_id = id, \
                         finished = CASE WHEN EXISTS (SELECT 1 FROM report r WHERE r.id = assignment.id AND r.outcome = 'done') THEN 1 ELSE 0 END, \
                         evidence_count = (SELECT COUNT(*) FROM evidence e WHERE e.assignment_id = assignment.id) \
                         WHERE plan_id = $1 AND EXISTS (SELECT 1 FROM report r WHERE r.id = assignment.id)")
                        .bind(plan),
                )
                .await?;
                tx.record(stored("report"));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }

    async fn compared(&self, this: PlanId, last: PlanId) {
        self.db
            .write(async |tx: &mut Tx| {
                let kind = (this, PairKind::Year);
                pairing::handle::choose(tx, &Permit::system(), kind, last).await?;
                carried::handle::carry(tx, &Permit::system(), this).await?;
                Ok::<_, StepError>(())
            })
            .await
            .unwrap();
    }

    /// On the portal, so that those below can answer it.
    async fn published(&self, plan: PlanId) {
        let now = (Words::Include, day("2026-09-28"));
        self.db
            .write(async |tx: &mut Tx| publish(tx, &Permit::system(), plan, now).await)
            .await
            .unwrap();
    }

    /// A county with a plan of its own, compared with the city's: its office, and the plan.
    async fn county(&self, number: usize, upper: PlanId) -> (OrganId, PlanId) {
        let name = format!("第{number}县人民政府");
        let government = testing::organ(&self.db, &name, Some(self.government)).await;
        let office = testing::organ(&self.db, &format!("{name}办公室"), Some(government)).await;
        let plan = self.plan_below(office, government, 2026, &[office]).await;
        self.db
            .write(async |tx: &mut Tx| {
                let kind = (plan, PairKind::Level);
                pairing::handle::choose(tx, &Permit::system(), kind, upper).await
            })
            .await
            .unwrap();
        (office, plan)
    }

    async fn round(&self, plan: PlanId) -> RoundId {
        let wanted = |name: &str, from: &str, to: &str| Wanted {
            name: name.to_owned(),
            due_on: Some(day(to)),
            from_on: Some(day(from)),
            to_on: Some(day(to)),
            source: Source::Hand,
            text: "按年度工作安排集中收报。".to_owned(),
            place: String::new(),
            cooperating: false,
            looked_at: true,
            sure: true,
        };
        let first = wanted("上半年台账", "2026-01-01", "2026-06-30");
        let second = wanted("三季度台账", "2026-07-01", "2026-09-30");
        self.db
            .write(async |tx: &mut Tx| {
                let permit = Permit::system();
                open::open(tx, &permit, plan, first, day("2026-06-01")).await?;
                let round = open::open(tx, &permit, plan, second, day("2026-09-01")).await?;
                Ok::<_, StepError>(round.id)
            })
            .await
            .unwrap()
    }

    /// A 督办单 for each unit that is late with something.
    async fn orders(&self, plan: PlanId) {
        let clerk = self.permit::<ManageSupervision>().await;
        let late: BTreeMap<OrganId, AssignmentId> = self
            .db
            .read(async |tx: &mut Tx| {
                tx.all(
                    sql("SELECT organ_id, MIN(id) AS id FROM assignment WHERE plan_id = $1 AND finished = 0 AND next_due_on < '2026-09-28' GROUP BY organ_id")
                        .bind(plan),
                )
                .await?
                .iter()
                .map(|row| Ok((row.get("organ_id")?, row.get("id")?)))
                .collect::<Result<_, StoreError>>()
            })
            .await
            .unwrap();
        let parts: Vec<AssignmentId> = late.into_values().collect();
        let words = draft::Words {
            title: "关于抓紧办理逾期要点任务的督办单".to_owned(),
            requirement: "请说明原因。".to_owned(),
            reply_days: Some(5),
        };
        let today = day("2026-09-28");
        for some in parts.chunks(ORDERED_AT_ONCE) {
            self.db
                .write(async |tx: &mut Tx| {
                    let (units, _) = draft::chosen(tx, &clerk, (&[], some), today).await?;
                    draft::draft(tx, &clerk, &units, &words, today).await
                })
                .await
                .unwrap();
        }
        self.db
            .write(async |tx: &mut Tx| {
                tx.run(sql("UPDATE supervision SET state = 'issued', issued_on = '2026-09-20', reply_due_on = '2026-09-27'"))
                    .await?;
                tx.record(stored("supervision"));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }

    async fn found_wrong(&self) {
        self.db
            .write(async |tx: &mut Tx| {
                for number in 0..FINDINGS {
                    let unit = self.units.get(number % self.units.len()).unwrap();
                    let found = Found {
                        organ: *unit,
                        office: self.office,
                        key: format!("bench:{number}"),
                        kind: FindingKind::DeadLink,
                        severity: Severity::Minor,
                        source: finding::Source::Person,
                        title: format!("抽查结果栏目第{number}个链接打不开"),
                        detail: "日常巡查时发现。".to_owned(),
                        url: None,
                        about: None,
                        found_on: day("2026-09-10"),
                        fix_due_on: Some(day("2026-09-25")),
                    };
                    finding::report(tx, &Actor::System, found).await?;
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }

    /// Scores of all units for the first half of the year.
    async fn scores(&self) -> PeriodId {
        let clerk = self.permit::<ManageScores>().await;
        let calendar = self.app.calendar();
        let today = day("2026-09-28");
        self.db
            .write(async |tx: &mut Tx| {
                let scheme = Scheme::standard(2026);
                assessment::handle::save_scheme(tx, &clerk, ("", 2026), &scheme).await?;
                let range = (Some(day("2026-01-01")), Some(day("2026-06-30")));
                let period =
                    assessment::handle::open(tx, &clerk, "", ("2026年上半年考核", 2026), range)
                        .await?;
                for (code, points) in [("b1", 1_300), ("c1", 900), ("f3", 450)] {
                    let judged = (Some(Points(points)), "抽查门户网站，内容齐全。");
                    judge::judge_rest(tx, &clerk, (period.id, code), judged).await?;
                }
                assessment::handle::compute(tx, &clerk, period.id, (&calendar, today)).await?;
                Ok::<_, StepError>(period.id)
            })
            .await
            .unwrap()
    }

    /// Fills the inboxes of the clerk and of one liaison.
    async fn told(&self) {
        for person in [self.clerk, self.liaison] {
            self.db
                .write(async |tx: &mut Tx| {
                    for number in 0..MESSAGES {
                        let one = Outgoing {
                            organ: self.office,
                            roles: &[],
                            reach: Reach::Own,
                            topic: Topic::Round,
                            key: format!("bench:{number}"),
                            title: format!("第{number}件事等您办理"),
                            body: String::new(),
                            path: "/workspace/rounds".to_owned(),
                            about: None,
                        };
                        inbox::send_to(tx, person, one).await?;
                    }
                    tx.record(stored("inbox"));
                    Ok::<_, StoreError>(())
                })
                .await
                .unwrap();
        }
    }

    /// What the clerk may do.
    async fn permit<A: Act>(&self) -> Permit<A> {
        let account: AccountId = self.clerk;
        let roles = self
            .db
            .read(async |tx: &mut Tx| {
                account::session::held_roles(tx, account, day("2026-09-28")).await
            })
            .await
            .unwrap();
        let session = Session {
            account,
            name: "文书".to_owned(),
            roles,
            second_factor: false,
            unread: 0,
            id_hash: String::new(),
        };
        session.permit().unwrap()
    }
}

fn task_of(plan: &Plan, position: i64) -> Task {
    let number = usize::try_from(position).unwrap();
    let matter = MATTERS.get(number % MATTERS.len()).unwrap();
    let section = SECTIONS.get((number - 1) / 15).unwrap();
    let year = i16::try_from(plan.year).unwrap();
    let month = i8::try_from(number % 12 + 1).unwrap();
    let by = Date::new(year, month, 1).unwrap().last_of_month();
    // Every fifth names no day.
    let deadlines = (number % 5 != 0).then(|| Deadline {
        text: format!("{year}年{month}月底前"),
        date: Some(by),
        kind: DeadlineKind::By,
    });
    Task {
        id: TaskId::new(uuid()),
        plan: plan.id,
        position,
        number: Some(position),
        section: Some((*section).to_owned()),
        group: None,
        text: format!("集中公开{matter}，完成第{position}批整理，{year}年内持续更新目录。"),
        organ_text: "各有关单位".to_owned(),
        deadlines: deadlines.into_iter().collect(),
        quantities: Vec::new(),
        place: Place::default(),
        state: TaskState::Open,
        version: 1,
    }
}

fn part_of(task: &Task, unit: OrganId) -> Assignment {
    Assignment {
        id: AssignmentId::new(uuid()),
        plan: task.plan,
        task: task.id,
        organ: unit,
        duty: Duty::Responsible,
        named_as: "各有关单位".to_owned(),
        state: AssignmentState::Open,
        due_on: task.due_on(),
        next_due_on: None,
        report: None,
        version: 1,
    }
}

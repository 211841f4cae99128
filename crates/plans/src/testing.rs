//! A small city for tests: an office, three bureaus, people, and a plan with tasks.

use std::path::PathBuf;
use std::sync::Arc;

use gongkai_basis::id::{AccountId, AssignmentId, OrganId, PlanId, TaskId};
use gongkai_basis::{Actor, Date, Role};
use gongkai_office::{Limits, Place, wire};
use gongkai_platform::access::{Act, Permit};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx};
use gongkai_platform::testing::{self, Backend, Browser, Guard, MovableClock, uuid};
use gongkai_platform::web::{self, App, BoxFuture, Sandbox, SandboxError, SheetLine};

use crate::assignment::{self, Assignment, AssignmentState, Duty};
use crate::plan::{self, Deadline, DeadlineKind, Plan, PlanState};
use crate::task::{self, Task, TaskState};

pub(crate) const NOW: &str = "2026-09-21T09:00:00+08:00";
pub(crate) const TODAY: &str = "2026-09-21";

pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) clock: MovableClock,
    pub(crate) guard: Guard,
    pub(crate) app: App,
    pub(crate) city: OrganId,
    pub(crate) office: OrganId,
    /// 市司法局, 市财政局, 市教育局
    pub(crate) units: Vec<OrganId>,
    pub(crate) clerk: AccountId,
    pub(crate) head: AccountId,
    /// The liaison of each unit.
    pub(crate) liaisons: Vec<AccountId>,
    pub(crate) plan: PlanId,
}

/// Reads foreign files without the child: tests have no hostile ones.
pub(crate) struct InProcess;

impl Sandbox for InProcess {
    fn read(&self, file: PathBuf) -> BoxFuture<'_, Result<Vec<u8>, SandboxError>> {
        Box::pin(async move {
            let bytes = std::fs::read(file).map_err(|error| SandboxError(error.to_string()))?;
            Ok(wire::to_wire(&gongkai_office::read(
                &bytes,
                &Limits::default(),
            )))
        })
    }

    fn sheets(&self, _: PathBuf) -> BoxFuture<'_, Result<Vec<Vec<SheetLine>>, SandboxError>> {
        Box::pin(async { Err(SandboxError("这里不导入名录。".to_owned())) })
    }
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn by(text: &str) -> Deadline {
    Deadline {
        text: format!("{text}前"),
        date: Some(day(text)),
        kind: DeadlineKind::By,
    }
}

impl World {
    pub(crate) async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at(NOW);
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let office = testing::organ(&db, "安澜市人民政府办公室", Some(city)).await;
        let mut units = Vec::new();
        let mut liaisons = Vec::new();
        for name in ["市司法局", "市财政局", "市教育局"] {
            let unit = testing::organ(&db, name, Some(city)).await;
            units.push(unit);
            let person = format!("{name}联络员");
            liaisons.push(testing::person(&db, &person, &[(Role::Liaison, unit)]).await);
        }
        let clerk = testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await;
        let head = testing::person(&db, "主任", &[(Role::OfficeHead, office)]).await;
        let plan = PlanId::new(uuid());
        let mut parts = testing::parts(&db, &guard, crate::nav());
        parts.sandbox = Arc::new(InProcess);
        let app = App::new(parts);
        let world = Self {
            db,
            clock,
            guard,
            app,
            city,
            office,
            units,
            clerk,
            head,
            liaisons,
            plan,
        };
        world.store_plan().await;
        world
    }

    async fn store_plan(&self) {
        let plan = Plan {
            id: self.plan,
            organ: self.office,
            government: self.city,
            title: "安澜市2026年政务公开工作要点分工方案".to_owned(),
            notice_title: None,
            document_number: Some("安政办发〔2026〕12号".to_owned()),
            issuer: Some("安澜市人民政府办公室".to_owned()),
            issued_on: Some(day("2026-05-20")),
            published_on: None,
            year: 2026,
            state: PlanState::Active,
            source_file: None,
            draft: None,
            version: 1,
        };
        self.write("test.plan", async |tx: &mut Tx| {
            plan::store::insert(tx, &plan, &[]).await
        })
        .await;
    }

    /// Runs store calls that record no event of their own.
    pub(crate) async fn write<T>(
        &self,
        kind: &'static str,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>,
    ) -> T {
        self.db
            .write(async |tx: &mut Tx| {
                let value = work(tx).await?;
                tx.record(Event::new(
                    &Actor::System,
                    kind,
                    ("test", String::new()),
                    kind,
                ));
                Ok::<_, StoreError>(value)
            })
            .await
            .unwrap()
    }

    /// A task with its date, given to units by their number.
    pub(crate) async fn task(
        &self,
        position: i64,
        text: &str,
        due: Option<&str>,
        units: &[(usize, Duty)],
    ) -> TaskId {
        let id = TaskId::new(uuid());
        let task = Task {
            id,
            plan: self.plan,
            position,
            number: Some(position),
            section: Some(
                if position < 3 {
                    "一、主动公开"
                } else {
                    "二、依申请公开"
                }
                .to_owned(),
            ),
            group: None,
            text: text.to_owned(),
            organ_text: "各有关单位".to_owned(),
            deadlines: due.map(by).into_iter().collect(),
            quantities: Vec::new(),
            place: Place {
                table: Some(1),
                row: Some(3),
                ..Place::default()
            },
            state: TaskState::Open,
            version: 1,
        };
        let parts: Vec<Assignment> = units
            .iter()
            .map(|(unit, duty)| self.part(&task, *unit, *duty))
            .collect();
        self.write("test.task", async |tx: &mut Tx| {
            task::store::insert(tx, &task).await?;
            assignment::store::insert_all(tx, &parts).await
        })
        .await;
        id
    }

    fn part(&self, task: &Task, unit: usize, duty: Duty) -> Assignment {
        Assignment {
            id: AssignmentId::new(uuid()),
            plan: self.plan,
            task: task.id,
            organ: self.units[unit],
            duty,
            named_as: ["市司法局", "市财政局", "市教育局"][unit].to_owned(),
            state: AssignmentState::Open,
            due_on: task.due_on(),
            report: None,
            version: 1,
        }
    }

    /// A unit's part in a task.
    pub(crate) async fn assignment(&self, task: TaskId, unit: usize) -> Assignment {
        self.db
            .read(async |tx: &mut Tx| assignment::store::of_organ(tx, task, self.units[unit]).await)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn permit<A: Act>(&self, account: AccountId) -> Permit<A> {
        let roles = self
            .db
            .read(async |tx: &mut Tx| {
                gongkai_platform::account::session::held_roles(tx, account, day(TODAY)).await
            })
            .await
            .unwrap();
        gongkai_platform::access::Session {
            account,
            name: "某人".to_owned(),
            roles,
            second_factor: false,
            unread: 0,
            id_hash: String::new(),
        }
        .permit::<A>()
        .unwrap()
    }

    pub(crate) async fn browser(&self, account: AccountId) -> Browser {
        let mut browser = self.visitor();
        browser.sign_in(&self.db, account).await;
        browser
    }

    /// Somebody without an account.
    pub(crate) fn visitor(&self) -> Browser {
        let mut routes = crate::routes();
        routes.extend(gongkai_platform::inbox::routes());
        Browser::new(web::wrap(web::router(routes), self.app.clone()))
    }
}

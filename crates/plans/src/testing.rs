//! A small city for tests: an office, three bureaus, people, and a plan with tasks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gongkai_basis::id::{AccountId, AssignmentId, OrganId, PlanId, TaskId};
use gongkai_basis::reference::{Claim, Ref, Verdict};
use gongkai_basis::{Actor, Date, Role};
use gongkai_office::{Limits, Place, wire};
use gongkai_platform::access::{Act, Permit, Scope};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::finding::{self, FindingKind, Severity, Source};
use gongkai_platform::job;
use gongkai_platform::outside::{Answered, NoAnswer, Outside};
use gongkai_platform::seam::{EvidenceSource, Found, Seams, Wanted};
use gongkai_platform::testing::{self, Backend, Browser, Guard, MovableClock, uuid};
use gongkai_platform::web::{self, App, Sandbox, SandboxError, SheetLine};

use crate::acts::ReportProgress;
use crate::assignment::{self, Assignment, AssignmentState, Duty};
use crate::evidence::Evidence;
use crate::evidence::attach::{NewEvidence, NewProof, attach};
use crate::plan::{self, Deadline, DeadlineKind, Plan, PlanState, Quantity};
use crate::report::submit::{SubmitError, submit};
use crate::report::{Content, Outcome};
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
    /// What other sites say.
    pub(crate) site: Arc<Site>,
    /// Records of another capability that prove things.
    pub(crate) records: Arc<Records>,
}

/// Everything under `https://www.anlan.example/`, as the test wants it.
#[derive(Default)]
pub(crate) struct Site {
    answers: Mutex<BTreeMap<String, Result<Answered, NoAnswer>>>,
    /// The page that never answers, and who waits to hear that it was asked for.
    stuck: Mutex<Option<String>>,
    pub(crate) asked: tokio::sync::Notify,
}

impl Site {
    pub(crate) fn says(&self, address: &str, page: &str) {
        let answered = Answered {
            status: 200,
            bytes: page.as_bytes().to_vec(),
        };
        self.answers(address, Ok(answered));
    }

    pub(crate) fn status(&self, address: &str, status: u16) {
        let answered = Answered {
            status,
            bytes: Vec::new(),
        };
        self.answers(address, Ok(answered));
    }

    pub(crate) fn answers(&self, address: &str, answer: Result<Answered, NoAnswer>) {
        let mut answers = self.answers.lock().unwrap();
        answers.insert(address.to_owned(), answer);
    }

    pub(crate) fn is_stuck_at(&self, address: Option<&str>) {
        *self.stuck.lock().unwrap() = address.map(str::to_owned);
    }
}

#[async_trait]
impl Outside for Site {
    fn lists(&self, address: &str) -> bool {
        address.starts_with("https://www.anlan.example/")
    }

    async fn get(&self, address: &str) -> Result<Answered, NoAnswer> {
        if !self.lists(address) {
            return Err(NoAnswer::NotListed(address.to_owned()));
        }
        let stuck = self.stuck.lock().unwrap().clone();
        if stuck.as_deref() == Some(address) {
            self.asked.notify_one();
            std::future::pending::<()>().await;
        }
        let answers = self.answers.lock().unwrap();
        answers.get(address).cloned().unwrap_or(Ok(Answered {
            status: 404,
            bytes: Vec::new(),
        }))
    }
}

/// Meetings of another capability: id, organ, seal; how often they were asked about.
#[derive(Default)]
pub(crate) struct Records {
    pub(crate) meetings: Mutex<BTreeMap<String, (OrganId, String)>>,
    pub(crate) calls: AtomicUsize,
    /// Everybody reads them.
    pub(crate) public: AtomicBool,
    /// The day of all of them; 1 June 2026 where none is set.
    pub(crate) on: Mutex<Option<Date>>,
}

impl Records {
    fn found(&self, id: &str) -> Option<Found> {
        let meetings = self.meetings.lock().unwrap();
        meetings.get(id).map(|(organ, seal)| Found {
            of: Ref {
                kind: "meeting".to_owned(),
                id: id.to_owned(),
            },
            organ: *organ,
            title: format!("会议{id}"),
            dated_on: Some(self.on.lock().unwrap().unwrap_or(day("2026-06-01"))),
            path: format!("/workspace/meetings/{id}"),
            seal: seal.clone(),
        })
    }
}

#[async_trait]
impl EvidenceSource for Records {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("meeting", "会议记录")]
    }

    fn is_public(&self) -> bool {
        self.public.load(Ordering::SeqCst)
    }

    async fn find(
        &self,
        _: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        let ids: Vec<String> = self.meetings.lock().unwrap().keys().cloned().collect();
        let found = ids.iter().filter_map(|id| self.found(id));
        Ok(found
            .filter(|found| found.title.contains(&wanted.words) && scope.contains(found.organ, ""))
            .collect())
    }

    async fn describe(&self, _: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        Ok(refs.iter().map(|of| self.found(&of.id)).collect())
    }

    async fn verify(&self, _: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let verdict = |claim: &Claim| match self.found(&claim.of.id) {
            None => Verdict::Gone("会议记录已删除。".to_owned()),
            Some(found) if Some(&found.seal) == claim.seal.as_ref() => Verdict::Holds,
            Some(_) => Verdict::Changed("会议记录已修改。".to_owned()),
        };
        Ok(claims.iter().map(verdict).collect())
    }
}

/// Reads foreign files without the child: tests have no hostile ones.
pub(crate) struct InProcess;

#[async_trait]
impl Sandbox for InProcess {
    async fn read(&self, file: PathBuf) -> Result<Vec<u8>, SandboxError> {
        let bytes = std::fs::read(file).map_err(|error| SandboxError(error.to_string()))?;
        Ok(wire::to_wire(&gongkai_office::read(
            &bytes,
            &Limits::default(),
        )))
    }

    async fn sheets(&self, _: PathBuf) -> Result<Vec<Vec<SheetLine>>, SandboxError> {
        Err(SandboxError("这里不导入名录。".to_owned()))
    }
}

/// A workbook whose cells with `=1+1` have lost their results, as programs write it that do not calculate.
pub(crate) fn without_results(rows: &[&[&str]]) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            match text.strip_prefix('=') {
                Some(formula) => sheet.write_formula(row, column, formula).unwrap(),
                None => sheet.write_string(row, column, *text).unwrap(),
            };
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for nth in 0..from.len() {
        let mut part = from.by_index(nth).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        to.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        let text = text.replace("</f><v>0</v>", "</f><v></v>");
        to.write_all(text.as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A page as evidence, with the sentence that it must go on saying.
pub(crate) fn page(address: &str, quote: &str) -> NewEvidence {
    NewEvidence {
        proof: NewProof::Link(address.parse().unwrap()),
        title: "规章库".to_owned(),
        proves: "规章已公开".to_owned(),
        quote: quote.to_owned(),
        dated_on: Some(day("2026-06-01")),
    }
}

/// Opens a period of assessment of this title by the standard scheme, from New Year to a day; its page.
pub(crate) async fn assesses(office: &mut Browser, title: &str, to_on: &str) -> String {
    let json = office
        .get("/workspace/scores/scheme/file?year=2026&format=json")
        .await
        .text();
    let scheme = [("year", "2026"), ("json", json.as_str())];
    office
        .post("/workspace/scores/scheme/import", &scheme)
        .await
        .redirected();
    let fields = [
        ("title", title),
        ("year", "2026"),
        ("from_on", "2026-01-01"),
        ("to_on", to_on),
    ];
    office
        .post("/workspace/scores/new", &fields)
        .await
        .redirected()
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
        let (site, records) = (Arc::new(Site::default()), Arc::new(Records::default()));
        parts.outside = site.clone();
        parts.seams = Seams::of_all([crate::seams(), gongkai_platform::seams()]);
        parts.seams.evidence.push(records.clone());
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
            site,
            records,
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
        let deadlines: Vec<Deadline> = due.map(by).into_iter().collect();
        self.task_with((position, text), (&deadlines, &[]), units)
            .await
    }

    /// A task with what its plan counts.
    pub(crate) async fn counted_task(
        &self,
        text: &str,
        deadlines: &[Deadline],
        quantities: &[Quantity],
        units: &[(usize, Duty)],
    ) -> TaskId {
        self.task_with((1, text), (deadlines, quantities), units)
            .await
    }

    async fn task_with(
        &self,
        (position, text): (i64, &str),
        (deadlines, quantities): (&[Deadline], &[Quantity]),
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
            deadlines: deadlines.to_vec(),
            quantities: quantities.to_vec(),
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
            named_as: ["市司法局", "市财政局", "市教育局", "云岭县政府", "市档案馆"][unit]
                .to_owned(),
            state: AssignmentState::Open,
            due_on: task.due_on(),
            next_due_on: None,
            report: None,
            version: 1,
        }
    }

    /// What a person found wrong at a unit on 10 September; its title tells it from others.
    pub(crate) fn wrong(&self, unit: usize, kind: FindingKind, title: &str) -> finding::Found {
        finding::Found {
            organ: self.units[unit],
            office: self.office,
            key: format!("test:{title}"),
            kind,
            severity: Severity::Minor,
            source: Source::Person,
            title: title.to_owned(),
            detail: String::new(),
            url: None,
            about: None,
            found_on: day("2026-09-10"),
            fix_due_on: None,
        }
    }

    pub(crate) async fn finds(&self, found: finding::Found) {
        let report = async |tx: &mut Tx| finding::report(tx, &Actor::System, found).await;
        self.db.write(report).await.unwrap();
    }

    /// Does all waiting jobs.
    pub(crate) async fn works_off_jobs(&self) {
        let workers = crate::workers(&self.app);
        while job::run_next(&self.db, &workers).await.unwrap() {}
    }

    /// A unit's part in a task, with evidence and reported as done.
    pub(crate) async fn done(
        &self,
        task: TaskId,
        unit: usize,
        proofs: Vec<NewEvidence>,
    ) -> Vec<Evidence> {
        let part = self.assignment(task, unit).await;
        let permit = self.permit::<ReportProgress>(self.liaisons[unit]).await;
        let content = Content {
            outcome: Outcome::Done,
            done_text: "已完成。".to_owned(),
            pending_text: String::new(),
            planned_on: None,
            no_evidence_why: String::new(),
        };
        self.db
            .write(async |tx: &mut Tx| {
                let kept = attach(tx, &permit, part.id, proofs).await?;
                submit(tx, &permit, part.id, None, content).await?;
                Ok::<_, SubmitError>(kept)
            })
            .await
            .unwrap()
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

    /// Gives people a name, whatever they were called before.
    pub(crate) async fn names(&self, people: &[AccountId], name: &str) {
        for person in people {
            self.write("test.named", async |tx: &mut Tx| {
                let named = sql("UPDATE account SET name = $1 WHERE id = $2");
                tx.run(named.bind(name).bind(*person)).await
            })
            .await;
        }
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

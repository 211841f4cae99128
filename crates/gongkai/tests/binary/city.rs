//! A plan with units that report, stored beside the server, and a client that reports as a liaison's browser does.

use gongkai_basis::id::{AccountId, AssignmentId, OrganId, PlanId, TaskId};
use gongkai_basis::{Actor, Role};
use gongkai_office::Place;
use gongkai_plans::assignment::{self, Assignment, AssignmentState, Duty};
use gongkai_plans::plan::{self, Plan, PlanState};
use gongkai_plans::task::{self, Task, TaskState};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx};
use gongkai_platform::testing::{self, Browser, uuid};
use gongkai_platform::web::SESSION_COOKIE;
use reqwest::header::COOKIE;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response, redirect};

use crate::server::Site;

pub(crate) struct City {
    plan: PlanId,
    /// Each unit with the session of its liaison.
    units: Vec<(OrganId, String)>,
    /// The session of the security administrator.
    pub(crate) admin: String,
}

impl City {
    /// Moves into an empty store.
    pub(crate) async fn founded(db: &Db, units: usize) -> Self {
        db.migrate().await.unwrap();
        let government = testing::organ(db, "安澜市人民政府", None).await;
        let office = testing::organ(db, "安澜市人民政府办公室", Some(government)).await;
        let admin = testing::person(db, "安全管理员", &[(Role::SecurityAdmin, office)]).await;
        let mut city = Self {
            plan: PlanId::new(uuid()),
            units: Vec::new(),
            admin: session(db, admin).await,
        };
        for number in 1..=units {
            let unit = testing::organ(db, &format!("市第{number}局"), Some(government)).await;
            let name = format!("第{number}局联络员");
            let liaison = testing::person(db, &name, &[(Role::Liaison, unit)]).await;
            city.units.push((unit, session(db, liaison).await));
        }
        let plan = Plan {
            id: city.plan,
            organ: office,
            government,
            title: "安澜市2026年政务公开工作要点分工方案".to_owned(),
            notice_title: None,
            document_number: None,
            issuer: None,
            issued_on: None,
            published_on: None,
            year: 2026,
            state: PlanState::Active,
            source_file: None,
            draft: None,
            version: 1,
        };
        db.write(async |tx: &mut Tx| {
            plan::store::insert(tx, &plan, &[]).await?;
            tx.record(stored("plan"));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        city
    }

    /// Tasks of which each unit has a part: task by task, the units' assignments with their liaisons' sessions.
    pub(crate) async fn tasks(&self, db: &Db, count: u32) -> Vec<Vec<(AssignmentId, String)>> {
        db.write(async |tx: &mut Tx| {
            let mut tasks = Vec::new();
            for position in 1..=count {
                let task = self.task(i64::from(position));
                task::store::insert(tx, &task).await?;
                let parts: Vec<Assignment> = self
                    .units
                    .iter()
                    .map(|(unit, _)| part(&task, *unit))
                    .collect();
                assignment::store::insert_all(tx, &parts).await?;
                let ids = parts.iter().map(|part| part.id);
                let sessions = self.units.iter().map(|(_, session)| session.clone());
                tasks.push(ids.zip(sessions).collect());
            }
            tx.record(stored("task"));
            Ok::<_, StoreError>(tasks)
        })
        .await
        .unwrap()
    }

    fn task(&self, position: i64) -> Task {
        Task {
            id: TaskId::new(uuid()),
            plan: self.plan,
            position,
            number: Some(position),
            section: None,
            group: None,
            text: format!("公开第{position}项"),
            organ_text: "各有关单位".to_owned(),
            deadlines: Vec::new(),
            quantities: Vec::new(),
            place: Place::default(),
            state: TaskState::Open,
            version: 1,
        }
    }
}

fn part(task: &Task, unit: OrganId) -> Assignment {
    Assignment {
        id: AssignmentId::new(uuid()),
        plan: task.plan,
        task: task.id,
        organ: unit,
        duty: Duty::Responsible,
        named_as: "各有关单位".to_owned(),
        state: AssignmentState::Open,
        due_on: None,
        next_due_on: None,
        report: None,
        version: 1,
    }
}

fn stored(kind: &'static str) -> Event {
    Event::new(
        &Actor::System,
        "test.stored",
        (kind, String::new()),
        "测试数据",
    )
}

/// Signs an account in; gives the session's secret.
pub(crate) async fn session(db: &Db, account: AccountId) -> String {
    let mut browser = Browser::new(axum::Router::new());
    browser.sign_in(db, account).await;
    browser.cookies.remove(SESSION_COOKIE).unwrap()
}

/// A client that follows nothing by itself.
pub(crate) fn client() -> Client {
    crate::choose_cryptography();
    Client::builder()
        .redirect(redirect::Policy::none())
        .build()
        .unwrap()
}

/// Opens the form of a part, fills it in and sends it, with one file or none, as its liaison's browser does.
pub(crate) async fn report(
    client: &Client,
    site: &Site,
    (part, session): &(AssignmentId, String),
    mark: &str,
    proof: Option<Vec<u8>>,
) -> reqwest::Result<Response> {
    let url = site.url(&format!("/workspace/assignments/{part}/report"));
    let cookie = format!("{SESSION_COOKIE}={session}");
    let form = client.get(&url).header(COOKIE, &cookie).send().await?;
    assert_eq!(form.status(), 200, "the form of {mark}");
    let form = form.text().await?;
    let (_, rest) = form.split_once("name=\"based_on\" value=\"").unwrap();
    let based_on = rest.split('"').next().unwrap().to_owned();
    let mut fields = Form::new()
        .text("based_on", based_on)
        .text("outcome", "in_progress")
        .text("done_text", mark.to_owned())
        .text("pending_text", "继续办理");
    if let Some(proof) = proof {
        let file = Part::bytes(proof).file_name(format!("{mark}.txt"));
        fields = fields
            .text("title-1", mark.to_owned())
            .text("proves-1", "已经公开")
            .part("file-1", file);
    }
    client
        .post(&url)
        .header(COOKIE, &cookie)
        .header("sec-fetch-site", "same-origin")
        .multipart(fields)
        .send()
        .await
}

//! The lists that come with a year of supervision, each at the size of a large house: bulletins, practices, the organisation
//! ledger, a sheet that came back, changes, imports, units that nobody answers for, and a county's answer to the city.

use std::fmt::Write as _;

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, AssignmentId, FileId, OrganId, PlanId};
use gongkai_office::{Block, Limits};
use gongkai_plans::acts::ProposeChange;
use gongkai_plans::change::propose::{Proposal, propose};
use gongkai_plans::change::{ChangeId, ChangeKind, Operation};
use gongkai_platform::db::{StoreError, Tx, Value, sql};
use gongkai_platform::files::{self, Stored};
use gongkai_platform::testing::{self, uuid};

use super::{House, day, stored};
use crate::city::City;

/// Of each list that grows by the years.
const RECORDS: i64 = 1_000;
const CHANGES: usize = 100;
const PARTS_OF_A_CHANGE: usize = 20;
/// Heads of an activity and rows of the register that each unit has.
const HELD: [&str; 3] = ["hearing", "training", "submission"];
const REGISTERED: [&str; 3] = ["leader", "body", "responsible"];

/// What of it has a page of its own.
pub(super) struct Lists {
    bulletin: String,
    change: ChangeId,
    sheet: String,
    /// A clerk below, and the plan that answers the city's.
    below: (AccountId, PlanId),
}

impl Lists {
    pub(super) async fn of(city: &City, plan: PlanId, (county, below): (OrganId, PlanId)) -> Self {
        city.bulletins().await;
        city.practices().await;
        city.organisation().await;
        city.imported(plan).await;
        let person = testing::person(&city.db, "县文书", &[(Role::OfficeClerk, county)]).await;
        Self {
            bulletin: city.drafted().await,
            change: city.changes(plan).await,
            sheet: city.came_back().await,
            below: (person, below),
        }
    }
}

impl House {
    pub(super) async fn measures_lists(&self, name: &str) {
        let lists = &self.lists;
        let bulletins = "/workspace/bulletins";
        let organisation = "/workspace/organisation";
        let office = [
            ("通报", bulletins.to_owned()),
            (
                "通报, facts to choose",
                format!("{bulletins}/new?kind=criticism"),
            ),
            ("通报, draft", lists.bulletin.clone()),
            ("优秀案例", "/workspace/practices".to_owned()),
            (
                "优秀案例 of the office",
                "/workspace/practices?side=office".to_owned(),
            ),
            ("组织保障", organisation.to_owned()),
            ("组织保障, activities", format!("{organisation}/activities")),
            ("组织保障, register", format!("{organisation}/staff")),
            ("任务变更", "/workspace/changes".to_owned()),
            (
                "任务变更, one of them",
                format!("/workspace/changes/{}", lists.change),
            ),
            (
                "units without anybody",
                "/workspace/units/unanswered".to_owned(),
            ),
            ("导入记录", "/workspace/import".to_owned()),
        ];
        self.prints(&mut self.city.clerk().await, &office, name)
            .await;
        let unit = [
            ("表格填报", "/workspace/sheets".to_owned()),
            ("表格填报, comparison", lists.sheet.clone()),
        ];
        self.prints(&mut self.city.liaison().await, &unit, name)
            .await;
        let (person, plan) = lists.below;
        let county = [(
            "承接上级 of a county",
            format!("/workspace/plans/{plan}/compare/level"),
        )];
        self.prints(&mut self.city.browser(person).await, &county, name)
            .await;
    }
}

/// The day of a record, so many back.
fn back(number: i64) -> String {
    let days = jiff::Span::new().days(number % 600);
    day("2026-09-28").checked_sub(days).unwrap().to_string()
}

impl City {
    async fn fills<const N: usize>(&self, head: &'static str, rows: Vec<[Value; N]>) {
        self.db
            .write(async |tx: &mut Tx| {
                tx.insert(head, rows, "").await?;
                tx.record(stored("list"));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }

    /// Those of the years before.
    async fn bulletins(&self) {
        let row = |number: i64| -> [Value; 18] {
            [
                uuid().to_string().into(),
                self.office.into(),
                "criticism".into(),
                "关于政务公开工作有关问题的通报".into(),
                2025_i64.into(),
                number.into(),
                format!("安政公开通报〔2025〕{number}号").into(),
                "现将有关情况通报如下。".into(),
                "请按期整改。".into(),
                0_i64.into(),
                10_i64.into(),
                "issued".into(),
                "head".into(),
                "文书".into(),
                back(number).into(),
                back(number).into(),
                1_i64.into(),
                number.into(),
            ]
        };
        let head = "INSERT INTO bulletin (id, office_id, kind, title, year, n, number, opening, closing, ranking, reply_days, state, approver, drafted_by, drafted_on, issued_on, version, created_at)";
        self.fills(head, (1..=RECORDS).map(row).collect()).await;
    }

    async fn practices(&self) {
        let row = |number: i64| -> [Value; 11] {
            let nth = usize::try_from(number).unwrap() % self.units.len();
            [
                uuid().to_string().into(),
                self.units[nth].into(),
                self.office.into(),
                format!("办事指南一次告知的第{number}个做法").into(),
                "把材料、时限和窗口写在一页上。".into(),
                "来电咨询少了一半。".into(),
                ["approved", "submitted"][nth % 2].into(),
                "联络员".into(),
                back(number).into(),
                1_i64.into(),
                number.into(),
            ]
        };
        let head = "INSERT INTO practice (id, organ_id, office_id, title, done_text, effect_text, state, submitted_by, submitted_on, version, created_at)";
        self.fills(head, (1..=RECORDS).map(row).collect()).await;
    }

    /// Of each unit what the year demands.
    async fn organisation(&self) {
        let mut held: Vec<[Value; 12]> = Vec::new();
        let mut registered: Vec<[Value; 10]> = Vec::new();
        for (number, unit) in (0_i64..).zip(&self.units) {
            for kind in HELD {
                held.push([
                    uuid().to_string().into(),
                    (*unit).into(),
                    kind.into(),
                    "政务公开工作专题".into(),
                    back(number).into(),
                    "第一会议室".into(),
                    "主要负责同志".into(),
                    "学习条例，研究本单位的公开工作。".into(),
                    "按季度更新目录。".into(),
                    "联络员".into(),
                    1_i64.into(),
                    number.into(),
                ]);
            }
            for kind in REGISTERED {
                registered.push([
                    uuid().to_string().into(),
                    (*unit).into(),
                    kind.into(),
                    "办公室".into(),
                    "负责同志".into(),
                    "000-0000000".into(),
                    "2026-01-05".into(),
                    "联络员".into(),
                    1_i64.into(),
                    number.into(),
                ]);
            }
        }
        let head = "INSERT INTO activity (id, organ_id, kind, title, held_on, place, person, summary, outcome, recorded_by, version, created_at)";
        self.fills(head, held).await;
        let head = "INSERT INTO staff_entry (id, organ_id, kind, name, post, phone, from_on, recorded_by, version, created_at)";
        self.fills(head, registered).await;
    }

    /// Drafts of imports, all of them confirmed long ago.
    async fn imported(&self, plan: PlanId) {
        let file = Stored {
            id: FileId::new(uuid()),
            sha256: "0".repeat(64),
            name: "方案.docx".to_owned(),
            media_type: "application/octet-stream".to_owned(),
            bytes: 1,
            organ: Some(self.office),
        };
        self.db
            .write(async |tx: &mut Tx| {
                files::insert(tx, &file).await?;
                tx.record(stored("file"));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let row = |number: i64| -> [Value; 14] {
            [
                uuid().to_string().into(),
                self.office.into(),
                self.clerk.into(),
                "confirmed".into(),
                "plan".into(),
                file.id.into(),
                file.name.as_str().into(),
                plan.into(),
                "2026年政务公开工作要点分工方案".into(),
                60_i64.into(),
                0_i64.into(),
                1_i64.into(),
                number.into(),
                number.into(),
            ]
        };
        let head = "INSERT INTO import_draft (id, organ_id, account_id, state, purpose, file_id, file_name, plan_id, title, tasks, doubts, version, created_at, updated_at)";
        self.fills(head, (1..=RECORDS).map(row).collect()).await;
    }

    /// A bulletin of all the facts that one page offers.
    async fn drafted(&self) -> String {
        let mut clerk = self.clerk().await;
        let new = "/workspace/bulletins/new";
        let page = clerk.get(&format!("{new}?kind=criticism")).await.page();
        let offered = page.split("name=\"fact\" value=\"").skip(1);
        let facts: Vec<String> = offered
            .map(|rest| rest.split('"').next().unwrap().replace("&#58;", ":"))
            .collect();
        assert!(facts.len() > 10, "{}", facts.len());
        let mut fields = vec![("kind", "criticism")];
        fields.extend(facts.iter().map(|fact| ("fact", fact.as_str())));
        clerk.post(new, &fields).await.redirected()
    }

    /// Later dates for some units each; all of them wait for the head.
    async fn changes(&self, plan: PlanId) -> ChangeId {
        let clerk = self.permit::<ProposeChange>().await;
        let most = i64::try_from(CHANGES * PARTS_OF_A_CHANGE).unwrap();
        let parts: Vec<AssignmentId> = self
            .db
            .read(async |tx: &mut Tx| {
                tx.all(
                    sql("SELECT id FROM assignment WHERE plan_id = $1 ORDER BY id LIMIT $2")
                        .bind(plan)
                        .bind(most),
                )
                .await?
                .iter()
                .map(|row| row.get("id"))
                .collect::<Result<_, StoreError>>()
            })
            .await
            .unwrap();
        let mut last = None;
        for some in parts.chunks(PARTS_OF_A_CHANGE) {
            let later = |part: &AssignmentId| Operation::PartDue {
                assignment: *part,
                due_on: day("2026-12-15"),
            };
            let proposal = Proposal {
                plan,
                kind: ChangeKind::Due,
                operations: some.iter().map(later).collect(),
                reason: "上级文件改期。".to_owned(),
            };
            let change = self
                .db
                .write(async |tx: &mut Tx| propose(tx, &clerk, None, proposal).await)
                .await
                .unwrap();
            last = Some(change.id);
        }
        last.unwrap()
    }

    /// The liaison's own sheet, each of its rows filled in anew.
    async fn came_back(&self) -> String {
        let mut liaison = self.liaison().await;
        let left = liaison.get("/workspace/sheets/file").await;
        let document = gongkai_office::read(&left.bytes, &Limits::default()).unwrap();
        let mut text = "行码,已落实情况,完成情况\n".to_owned();
        for block in &document.blocks {
            let Block::Table(table) = block else {
                continue;
            };
            let first = table.rows.iter().filter_map(|row| row.cells.first());
            for code in first.filter(|cell| cell.text.starts_with('R')) {
                writeln!(text, "{},已在门户网站公开第二批。,进行中", code.text).unwrap();
            }
        }
        assert!(text.lines().count() > 100, "{text}");
        let sheet = ("file", "填报表.csv", text.as_bytes());
        let answer = liaison.upload("/workspace/sheets", &[], sheet).await;
        answer.redirected()
    }
}

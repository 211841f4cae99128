//! 一页纸简报: how a plan stands, which tasks are late, what waits for a decision; for a leader, on one page.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_office::form::brief::{Brief, Part};
use gongkai_office::form::letter::{Line, Listing};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;

use crate::acts::{ApproveBulletin, DraftBulletin};
use crate::assessment::PeriodState;
use crate::assignment::light::Light;
use crate::bulletin::BulletinState;
use crate::bulletin::handle::is_principal;
use crate::change::ChangeState;
use crate::dashboard::store::LateUnits;
use crate::dashboard::{self, Dashboard};
use crate::draft::store::proposal;
use crate::ledger::{self, Narrow, Sort, TaskRow};
use crate::plan::Plan;
use crate::seam::store::counting_submitted;
use crate::supervision::OrderState;
use crate::{assessment, bulletin, change, supervision, when};

/// Sections that the page has room for.
const SECTIONS_SHOWN: usize = 6;
/// Late tasks that the page names.
const LATE_SHOWN: i64 = 4;
/// Late units of a task that the page names.
const UNITS_NAMED: i64 = 2;
/// Decisions of one kind that the page names.
const DECISIONS_SHOWN: i64 = 3;
/// Decisions of all kinds that the page names.
const ALL_DECISIONS_SHOWN: usize = 3;
/// Characters of a decision's title: one line.
const DECISION_CHARS_MAX: usize = 18;
/// Characters of a task or title on the page.
const QUOTE_CHARS_MAX: usize = 30;
/// Characters of a late task: two lines of its column.
const LATE_CHARS_MAX: usize = 26;

/// A task past its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateTask {
    pub task: TaskRow,
    /// Its late units; those that only cooperate are left out.
    pub units: LateUnits,
}

impl LateTask {
    /// Two units by name; of more, the first and how many they are: the page has room for two lines.
    #[must_use]
    pub fn units_text(&self) -> String {
        match self.units.first.as_slice() {
            [first, ..] if self.units.n > UNITS_NAMED => {
                format!("{first}等{}个单位", self.units.n)
            }
            few => few.join("、"),
        }
    }
}

/// Something that a person has to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// 任务变更审批, 更正稿审批, 督办单印发, 通报印发, 考核得分锁定
    pub kind: &'static str,
    pub title: String,
    pub path: String,
}

/// What the page is written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub plan: Plan,
    pub office: String,
    pub reader: Reader,
    pub today: Date,
    pub board: Dashboard,
    pub late: Vec<LateTask>,
    pub decisions: Vec<Decision>,
    /// Of all kinds, those not named included.
    pub decisions_all: i64,
    /// Submissions that the office has not accepted or returned yet.
    pub submissions: i64,
    /// Appeals that the office has not decided yet.
    pub appeals: i64,
}

/// Whose page it is: what waits for a decision is named to those whose business it is, and counted for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Those who prepare it, and their head: everything.
    Office,
    /// 领导, where the office's rule gives bulletins and scores to them: those.
    Principal,
    /// Those above: how much there is.
    Above,
}

impl Reader {
    /// # Errors
    /// When the store fails.
    pub async fn of(
        tx: &mut Tx,
        person: Option<&Session>,
        office: OrganId,
    ) -> Result<Self, StoreError> {
        let own = person.and_then(|person| person.permit::<DraftBulletin>());
        // The acts of an office reach no organ but its own.
        if own.is_some_and(|permit| permit.scope().contains(office, "")) {
            return Ok(Self::Office);
        }
        let approver = assessment::handle::approver_of(tx, office).await?;
        if let Some(permit) = person.and_then(|person| person.permit::<ApproveBulletin>())
            && is_principal(tx, &permit, (office, approver)).await?
        {
            return Ok(Self::Principal);
        }
        Ok(Self::Above)
    }
}

/// # Errors
/// When the store fails.
pub async fn gather(
    tx: &mut Tx,
    plan: Plan,
    reader: Reader,
    today: Date,
) -> Result<Facts, StoreError> {
    let board = dashboard::store::dashboard(tx, plan.id, today).await?;
    let narrow = Narrow {
        light: Some(Light::Overdue),
        ..Narrow::default()
    };
    let page = (0, LATE_SHOWN);
    let ids = ledger::store::task_ids(tx, plan.id, &narrow, Sort::Light, today, page).await?;
    let tasks = ledger::store::task_page(tx, &ids, today).await?;
    let mut units = dashboard::store::late_units_of(tx, &ids, UNITS_NAMED, today).await?;
    let late = tasks
        .into_iter()
        .map(|task| LateTask {
            units: units.remove(&task.id).unwrap_or_default(),
            task,
        })
        .collect();
    let office = organ::store::load(tx, plan.organ).await?;
    let scope = Scope::Organs {
        single: vec![plan.organ],
        branches: Vec::new(),
    };
    let (decisions, decisions_all) = decisions(tx, &scope, reader).await?;
    let submissions = tx.one(counting_submitted(&scope)).await?.get("n")?;
    let appeals = tx
        .one(assessment::store::counting_appeals(&scope))
        .await?
        .get("n")?;
    Ok(Facts {
        office: office.map(|organ| organ.name).unwrap_or_default(),
        plan,
        reader,
        today,
        board,
        late,
        decisions,
        decisions_all,
        submissions,
        appeals,
    })
}

/// What waits for approval in an office, oldest kinds of work first, as far as it is named to a reader; and how much it is
/// in all.
async fn decisions(
    tx: &mut Tx,
    scope: &Scope,
    reader: Reader,
) -> Result<(Vec<Decision>, i64), StoreError> {
    let mut found = Vec::new();
    let mut all = changes(tx, scope, (reader, &mut found)).await?;
    all += corrections(tx, scope, (reader, &mut found)).await?;
    all += orders(tx, scope, (reader, &mut found)).await?;
    all += bulletins(tx, scope, (reader, &mut found)).await?;
    all += periods(tx, scope, (reader, &mut found)).await?;
    found.truncate(ALL_DECISIONS_SHOWN);
    Ok((found, all))
}

const PAGE: (i64, i64) = (0, DECISIONS_SHOWN);

async fn changes(
    tx: &mut Tx,
    scope: &Scope,
    (reader, found): (Reader, &mut Vec<Decision>),
) -> Result<i64, StoreError> {
    let proposed = Some(ChangeState::Proposed);
    if reader == Reader::Office {
        let changes = change::store::list(tx, scope, proposed, PAGE).await?;
        found.extend(changes.into_iter().map(|change| Decision {
            kind: "任务变更审批",
            title: format!("{}：{}", change.kind.name(), change.reason),
            path: format!("/workspace/changes/{}", change.id),
        }));
    }
    change::store::count(tx, scope, proposed).await
}

async fn corrections(
    tx: &mut Tx,
    scope: &Scope,
    (reader, found): (Reader, &mut Vec<Decision>),
) -> Result<i64, StoreError> {
    if reader == Reader::Office {
        let waiting = proposal::waiting(tx, scope, DECISIONS_SHOWN).await?;
        found.extend(waiting.into_iter().map(|waiting| Decision {
            kind: "更正稿审批",
            title: format!("{}（《{}》）", waiting.reason, waiting.plan_title),
            path: format!("/workspace/import/{}/changes", waiting.draft),
        }));
    }
    tx.one(proposal::counting(scope)).await?.get("n")
}

async fn orders(
    tx: &mut Tx,
    scope: &Scope,
    (reader, found): (Reader, &mut Vec<Decision>),
) -> Result<i64, StoreError> {
    let side = supervision::store::Side::Office(scope);
    let narrow = supervision::store::Narrow {
        state: Some(OrderState::Submitted),
        ..supervision::store::Narrow::default()
    };
    if reader == Reader::Office {
        let orders = supervision::store::list(tx, side, &narrow, PAGE).await?;
        found.extend(orders.into_iter().map(|order| Decision {
            kind: "督办单印发",
            title: format!("{}（{}）", order.title, order.organ_name),
            path: format!("/workspace/supervision/{}", order.id),
        }));
    }
    supervision::store::count(tx, side, &narrow).await
}

/// Nobody reads a bulletin before its approval but the office, and 领导 one that waits for them.
async fn bulletins(
    tx: &mut Tx,
    scope: &Scope,
    (reader, found): (Reader, &mut Vec<Decision>),
) -> Result<i64, StoreError> {
    let office = bulletin::store::Reach::office(scope);
    let submitted = Some(BulletinState::Submitted);
    let reach = match reader {
        Reader::Office => Some(office.clone()),
        Reader::Principal => Some(bulletin::store::Reach {
            principal: scope.clone(),
            ..bulletin::store::Reach::office(&Scope::nothing())
        }),
        Reader::Above => None,
    };
    if let Some(reach) = reach {
        let side = bulletin::store::Side::Reach(&reach);
        let bulletins = bulletin::store::list(tx, side, submitted, PAGE).await?;
        found.extend(bulletins.into_iter().map(|bulletin| Decision {
            kind: "通报印发",
            title: bulletin.title,
            path: format!("/workspace/bulletins/{}", bulletin.id),
        }));
    }
    bulletin::store::count(tx, bulletin::store::Side::Reach(&office), submitted).await
}

async fn periods(
    tx: &mut Tx,
    scope: &Scope,
    (reader, found): (Reader, &mut Vec<Decision>),
) -> Result<i64, StoreError> {
    if reader != Reader::Above {
        let side = assessment::store::Side::Office(scope);
        let periods = assessment::store::list(tx, side, PAGE).await?;
        let waiting = periods
            .into_iter()
            .filter(|period| period.state == PeriodState::Submitted);
        found.extend(waiting.map(|period| Decision {
            kind: "考核得分锁定",
            title: period.title,
            path: format!("/workspace/scores/{}", period.id),
        }));
    }
    let submitted = assessment::store::submitted(tx, scope).await?;
    Ok(submitted.iter().map(|(_, n)| n).sum())
}

impl Facts {
    /// 一、总体进展, in sentences.
    #[must_use]
    pub fn progress(&self) -> Vec<String> {
        let (tasks, parts) = (&self.board.tasks, &self.board.parts);
        let number = self
            .plan
            .document_number
            .as_ref()
            .map_or_else(String::new, |number| format!("（{number}）"));
        let mut lines = vec![format!(
            "《{}》{number}共{}项任务：已完成{}项，完成率{}；正常推进{}项，将到期{}项，佐证失效{}项，已逾期{}项。",
            self.plan.title,
            tasks.all(),
            tasks.done,
            tasks.done_text(),
            tasks.normal,
            tasks.soon,
            tasks.decayed,
            tasks.overdue,
        )];
        let decayed = match parts.decayed {
            0 => String::new(),
            n => format!("（其中{n}项佐证失效）"),
        };
        lines.push(format!(
            "各单位牵头和负责的分工{}项，已报完成{}项{decayed}；{}个单位有逾期，{}个单位从未填报。",
            parts.all(),
            parts.reported_done(),
            self.board.late_units(),
            self.board.silent_units(),
        ));
        lines
    }

    /// How many late tasks the page does not name.
    #[must_use]
    pub fn late_left_out(&self) -> i64 {
        self.board.tasks.overdue - i64::try_from(self.late.len()).unwrap_or(0)
    }

    #[must_use]
    pub fn decisions_left_out(&self) -> i64 {
        self.decisions_all - i64::try_from(self.decisions.len()).unwrap_or(0)
    }

    /// The page in the official layout.
    #[must_use]
    pub fn brief(&self) -> Brief {
        let mut progress = vec![Line::Heading("一、总体进展".to_owned())];
        progress.extend(self.progress().into_iter().map(Line::Text));
        Brief {
            title: "政务公开工作要点落实情况简报".to_owned(),
            subtitle: format!("（截至{}）", when::date(self.today)),
            parts: vec![
                Part {
                    lines: progress,
                    listing: self.section_listing(),
                },
                self.late_part(),
                self.decision_part(),
            ],
            signed: self.office.clone(),
            dated: when::date(self.today),
        }
    }

    fn section_listing(&self) -> Option<Listing> {
        let sections = &self.board.sections;
        let rows: Vec<Vec<String>> = sections
            .iter()
            .take(SECTIONS_SHOWN)
            .map(|line| {
                vec![
                    short(line.section.as_deref().unwrap_or("（未分章节）")),
                    line.tasks.all().to_string(),
                    line.tasks.done.to_string(),
                    line.tasks.overdue.to_string(),
                    line.tasks.done_text(),
                ]
            })
            .collect();
        (!rows.is_empty()).then(|| Listing {
            title: String::new(),
            headers: heads(&[
                ("章节", 6),
                ("任务", 1),
                ("完成", 1),
                ("逾期", 1),
                ("完成率", 2),
            ]),
            rows,
        })
    }

    fn late_part(&self) -> Part {
        if self.late.is_empty() {
            let none = Line::Text("没有逾期任务。".to_owned());
            return Part {
                lines: vec![Line::Heading("二、逾期任务".to_owned()), none],
                listing: None,
            };
        }
        let rest = self.late_left_out();
        let cut = if rest > 0 {
            format!("（最久的{}项，其余{rest}项见台账）", self.late.len())
        } else {
            String::new()
        };
        let rows = self.late.iter().map(|late| {
            let due = late.task.next_due_on;
            vec![
                late.task
                    .number
                    .map_or_else(String::new, |number| number.to_string()),
                crate::quote::beginning(&late.task.text, LATE_CHARS_MAX),
                late.units_text(),
                late.task.due().day(),
                due.map_or_else(String::new, |due| {
                    format!("{}天", (self.today - due).get_days())
                }),
            ]
        });
        Part {
            lines: vec![Line::Heading(format!("二、逾期任务{cut}"))],
            listing: Some(Listing {
                title: String::new(),
                headers: heads(&[
                    ("序号", 2),
                    ("任务", 12),
                    ("未完成单位", 8),
                    ("时限", 6),
                    ("逾期", 3),
                ]),
                rows: rows.collect(),
            }),
        }
    }

    /// What the office has to handle beside decisions: `待办理：报送待接收3件、考核申诉待裁定1件。`
    #[must_use]
    pub fn waiting_words(&self) -> Option<String> {
        let each = [
            ("报送待接收", self.submissions),
            ("考核申诉待裁定", self.appeals),
        ];
        let each: Vec<String> = each
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(name, n)| format!("{name}{n}件"))
            .collect();
        (!each.is_empty()).then(|| format!("待办理：{}。", each.join("、")))
    }

    fn decision_part(&self) -> Part {
        let mut lines = vec![Line::Heading("三、需要决定的事项".to_owned())];
        if self.decisions_all == 0 && self.waiting_words().is_none() {
            lines.push(Line::Text("目前没有等待决定的事项。".to_owned()));
        }
        lines.extend((1..).zip(&self.decisions).map(|(n, decision)| {
            Line::Text(format!(
                "（{n}）{}：{}",
                decision.kind,
                crate::quote::beginning(&decision.title, DECISION_CHARS_MAX)
            ))
        }));
        if let Some(words) = self.waiting_words() {
            lines.push(Line::Text(words));
        }
        if self.decisions_left_out() > 0 {
            let other = if self.decisions.is_empty() { "" } else { "另" };
            // Neither the principal's start page nor that of those above names the office's own.
            let place = match self.reader {
                Reader::Office => "，见工作台",
                Reader::Principal | Reader::Above => "",
            };
            lines.push(Line::Text(format!(
                "{other}有{}件等待决定{place}。",
                self.decisions_left_out()
            )));
        }
        Part {
            lines,
            listing: None,
        }
    }
}

fn heads(columns: &[(&str, u32)]) -> Vec<(String, u32)> {
    let owned = |(name, width): &(&str, u32)| ((*name).to_owned(), *width);
    columns.iter().map(owned).collect()
}

/// The beginning of a text, as the page has room for it.
#[must_use]
pub fn short(text: &str) -> String {
    crate::quote::beginning(text, QUOTE_CHARS_MAX)
}

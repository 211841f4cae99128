//! The job that fills the demo: plans through the real import path, then reports as units would write them.

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, PlanId};
use gongkai_plans::assignment::Duty;
use gongkai_plans::evidence::StatedFigure;
use gongkai_plans::evidence::attach::{NewEvidence, NewProof, attach};
use gongkai_plans::evidence::run::{self, Over};
use gongkai_plans::evidence::target::{self, Counted, Tally, Wanted, What};
use gongkai_plans::progress::publish::{Words, publish};
use gongkai_plans::report::submit::submit;
use gongkai_plans::report::{Content, Outcome};
use gongkai_plans::{assignment, draft, plan, task};
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::{Job, Progress, Worker};
use gongkai_platform::web::{App, BoxFuture};

/// The job's kind.
pub const KIND: &str = "demo.seed";

/// The documents, with the office that imports each.
const DOCUMENTS: [(&str, &[u8], &str); 5] = [
    (
        "安澜市2025年分工方案（演示）.pdf",
        include_bytes!("../../../../samples/city-2025.pdf"),
        "安澜市人民政府办公室",
    ),
    (
        "安澜市2026年分工方案（演示）.docx",
        include_bytes!("../../../../samples/city-2026.docx"),
        "安澜市人民政府办公室",
    ),
    (
        "云岭县2026年分工方案（演示）.html",
        include_bytes!("../../../../samples/county-2026.html"),
        "云岭县人民政府办公室",
    ),
    (
        "青禾镇2026年分工方案（演示）.txt",
        include_bytes!("../../../../samples/town-2026.txt"),
        "青禾镇党政综合办公室",
    ),
    (
        "市住房城乡建设局2026年分工表（演示）.xlsx",
        include_bytes!("../../../../samples/bureau-2026.xlsx"),
        "安澜市住房和城乡建设局",
    ),
];

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
        for (name, bytes, office) in DOCUMENTS {
            let organ = super::organ(&self.0.db, office).await?;
            let permit = Permit::system();
            let imported = draft::import_whole(&self.0, &permit, organ, name, bytes.to_vec());
            let plan = match imported.await {
                Ok(plan) => plan,
                Err(error) => {
                    left_out.push(format!("{name}：{error}"));
                    done += 2;
                    continue;
                }
            };
            done += 1;
            progress.report(done, total).await?;
            self.report_on(plan).await?;
            self.publish(plan).await?;
            self.check(plan).await?;
            done += 1;
            progress.report(done, total).await?;
        }
        Ok(if left_out.is_empty() {
            "演示方案已全部导入。".to_owned()
        } else {
            format!("未能导入：{}", left_out.join("；"))
        })
    }

    /// Every third assignment is done with evidence, every third in progress, the rest not yet reported.
    async fn report_on(&self, plan: PlanId) -> anyhow::Result<()> {
        let assignments: Vec<(AssignmentId, String)> = self
            .0
            .db
            .read(async |tx: &mut Tx| {
                let mut found = Vec::new();
                for task in task::store::of_plan(tx, plan).await? {
                    for assignment in assignment::store::of_task(tx, task.id).await? {
                        if assignment.duty != Duty::Cooperate && assignment.report.is_none() {
                            let start: String = task.text.chars().take(18).collect();
                            found.push((assignment.id, start));
                        }
                    }
                }
                Ok::<_, StoreError>(found)
            })
            .await?;
        for (number, (assignment, start)) in assignments.iter().enumerate().take(REPORTS_MAX) {
            let done = match number % 3 {
                0 => true,
                1 => false,
                _ => continue,
            };
            let wanted = self
                .0
                .db
                .read(async |tx: &mut Tx| target::store::of_assignment(tx, *assignment).await)
                .await?
                .0;
            let mut proofs = proofs(&wanted)?;
            // What the plan counts by the quarter or by the hundred is still going on.
            let done = done && is_enough(&wanted, &proofs);
            if number == 0 {
                proofs.push(outdated()?);
            }
            self.0
                .db
                .write(async |tx: &mut Tx| {
                    let permit = Permit::system();
                    if done {
                        attach(tx, &permit, *assignment, proofs).await?;
                    }
                    submit(tx, &permit, *assignment, None, content(start, done)).await?;
                    Ok::<_, gongkai_plans::report::submit::SubmitError>(())
                })
                .await?;
        }
        Ok(())
    }

    /// All evidence is checked as by night, so that one is seen to have decayed.
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

fn content(start: &str, done: bool) -> Content {
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

/// As many proofs as the plan counts, each of another month of its year.
fn proofs(wanted: &Wanted) -> anyhow::Result<Vec<NewEvidence>> {
    const PROOFS_MAX: i64 = 5;
    let most = wanted.targets.iter().map(|target| target.least).max();
    let months = 3..3 + i8::try_from(most.unwrap_or(1).clamp(1, PROOFS_MAX))?;
    months
        .map(|month| {
            Ok(NewEvidence {
                proof: NewProof::Link("https://www.anlan.example/zwgk/demo.html".parse()?),
                title: format!("（演示）门户网站专栏{month}月"),
                proves: "有关内容已经公开。".to_owned(),
                quote: String::new(),
                dated_on: Some(Date::new(wanted.year, month, 10)?),
            })
        })
        .collect()
}

fn is_enough(wanted: &Wanted, proofs: &[NewEvidence]) -> bool {
    let counted: Vec<Counted> = proofs
        .iter()
        .filter_map(|proof| {
            Some(Counted {
                on: proof.dated_on?,
                what: What::Other,
            })
        })
        .collect();
    wanted.tally(&counted).iter().all(Tally::is_met)
}

/// A figure that is true no more: the check finds it, and its task opens again.
fn outdated() -> anyhow::Result<NewEvidence> {
    Ok(NewEvidence {
        proof: NewProof::Figure(StatedFigure {
            value: "1".parse()?,
            unit: "项".to_owned(),
            from: "（演示）导入时的台账".to_owned(),
            key: Some("tasks.all".to_owned()),
        }),
        title: "（演示）要点任务数".to_owned(),
        proves: "任务已经全部列入台账。".to_owned(),
        quote: String::new(),
        dated_on: None,
    })
}

/// Reports made for one plan: enough to show every light, few enough to be there soon.
const REPORTS_MAX: usize = 60;

impl Worker for Seeder {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn work(&self, _: Job, progress: Progress) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async move {
            match self.seed(&progress).await {
                Ok(sentence) => Ok(sentence),
                // Trying again would import the same plans twice.
                Err(error) => Ok(format!("演示数据没有全部导入：{error:#}")),
            }
        })
    }
}

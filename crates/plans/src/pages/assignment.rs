//! What one unit reported on its part, version by version, with what changed between any two.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::AssignmentId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::diff::{self, Piece};
use gongkai_platform::organ;
use gongkai_platform::seam::Seams;
use gongkai_platform::web::{App, Problem, Query, Shell, page};
use serde::Deserialize;

use super::{Readable, task};
use crate::acts::{ReadTask, ReportProgress};
use crate::assignment::{self, Assignment, AssignmentState};
use crate::evidence::propose::{Offer, Part, offers};
use crate::evidence::target::Tally;
use crate::evidence::{self, Evidence};
use crate::plan::Plan;
use crate::report::{self, Report};
use crate::task::Task;
use crate::when;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Between {
    from: String,
    to: String,
}

/// Two versions side by side.
pub(super) struct Comparison {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) fields: Vec<Compared>,
}

/// One field of two versions: prose with its pieces, anything else as a whole.
pub(super) struct Compared {
    pub(super) name: &'static str,
    pub(super) old: String,
    pub(super) new: String,
    pub(super) pieces: Vec<Piece>,
}

#[derive(Template)]
#[template(path = "assignment.html")]
struct AssignmentPage {
    shell: Shell,
    plan: Plan,
    task: Task,
    part: Assignment,
    organ: String,
    reports: Vec<Report>,
    evidence: Vec<Evidence>,
    comparison: Option<Comparison>,
    /// How the evidence that the plan counts stands.
    tallies: Vec<Tally>,
    /// Records of the unit that prove what is missing, for who may add them.
    offers: Vec<Offer>,
    may_report: bool,
}

impl AssignmentPage {
    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn is_first(&self, report: &Report) -> bool {
        report.sequence == 1
    }
}

/// Compares two versions field by field; fields that agree are left out.
pub(super) fn compare(old: &Report, new: &Report) -> Comparison {
    let date = |report: &Report| {
        report
            .content
            .planned_on
            .map_or_else(String::new, when::date)
    };
    let fields = [
        (
            "进展",
            old.content.outcome.name().to_owned(),
            new.content.outcome.name().to_owned(),
            false,
        ),
        (
            "已落实情况",
            old.content.done_text.clone(),
            new.content.done_text.clone(),
            true,
        ),
        (
            "待完成计划",
            old.content.pending_text.clone(),
            new.content.pending_text.clone(),
            true,
        ),
        ("计划完成时间", date(old), date(new), false),
        (
            "没有佐证的原因",
            old.content.no_evidence_why.clone(),
            new.content.no_evidence_why.clone(),
            true,
        ),
    ];
    Comparison {
        from: old.sequence,
        to: new.sequence,
        fields: fields
            .into_iter()
            .filter(|(_, old, new, _)| old != new)
            .map(|(name, old, new, prose)| Compared {
                pieces: if prose {
                    diff::chars(&old, &new)
                } else {
                    Vec::new()
                },
                name,
                old,
                new,
            })
            .collect(),
    }
}

struct Loaded {
    plan: Plan,
    task: Task,
    part: Assignment,
    organ: String,
    reports: Vec<Report>,
    evidence: Vec<Evidence>,
    tallies: Vec<Tally>,
    offers: Vec<Offer>,
    may_report: bool,
}

async fn load(
    tx: &mut Tx,
    seams: &Seams,
    (readable, own): (&Readable, Option<&Permit<ReportProgress>>),
    id: AssignmentId,
) -> Result<Option<Loaded>, StoreError> {
    let Some(part) = assignment::store::find(tx, id).await? else {
        return Ok(None);
    };
    let Some((plan, task)) = task::visible(tx, readable, part.task).await? else {
        return Ok(None);
    };
    let organ = organ::store::load(tx, part.organ)
        .await?
        .map_or_else(String::new, |organ| organ.name);
    let evidence = evidence::store::of_assignment(tx, id).await?;
    let (wanted, counted) = evidence::target::store::of_assignment(tx, id).await?;
    let tallies = wanted.tally(&counted);
    let mine = match own {
        Some(permit) => assignment::store::load(tx, permit.scope(), id)
            .await?
            .is_some(),
        None => false,
    };
    let may_report = mine && part.state == AssignmentState::Open;
    let (office, single) = ([plan.organ, plan.government], [part.organ]);
    let offers = match own {
        Some(permit) if may_report => {
            let of_office = office.contains(&part.organ);
            let asked = Part {
                organs: if of_office { &office } else { &single },
                text: &task.text,
                wanted: &wanted,
                tallies: &tallies,
                evidence: &evidence,
            };
            offers(tx, seams, (asked, permit.scope())).await?
        }
        Some(_) | None => Vec::new(),
    };
    Ok(Some(Loaded {
        reports: report::store::versions(tx, id).await?,
        plan,
        task,
        part,
        organ,
        evidence,
        tallies,
        offers,
        may_report,
    }))
}

/// `GET /workspace/assignments/{id}?from=1&to=2`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadTask>,
    Path(id): Path<AssignmentId>,
    Query(between): Query<Between>,
) -> Result<Response, Problem> {
    let readable = Readable::of(&shell);
    let own = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<ReportProgress>());
    let loaded = app
        .db
        .read(async |tx: &mut Tx| load(tx, &app.seams, (&readable, own.as_ref()), id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let version = |text: &str| {
        let wanted: i64 = text.parse().ok()?;
        let mut reports = loaded.reports.iter();
        reports.find(|report| report.sequence == wanted)
    };
    let comparison = version(&between.from)
        .zip(version(&between.to))
        .map(|(old, new)| compare(old, new));
    page(&AssignmentPage {
        shell,
        plan: loaded.plan,
        task: loaded.task,
        part: loaded.part,
        organ: loaded.organ,
        reports: loaded.reports,
        evidence: loaded.evidence,
        comparison,
        tallies: loaded.tallies,
        offers: loaded.offers,
        may_report: loaded.may_report,
    })
}

//! Evidence that is no file and no page: an event, a figure, a record of this system.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId};
use gongkai_basis::reference::{FigureKey, Ref};
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::seam::{FOUND_MAX, Found, Wanted};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Query, Shell, page, redirect_with, refuse,
};
use serde::Deserialize;

use crate::acts::ReportProgress;
use crate::assignment::Assignment;
use crate::evidence::attach::{NewEvidence, NewProof, attach, shortfall};
use crate::evidence::verdict::bears_out;
use crate::evidence::{FigureOf, Occasion, OccasionKind, StatedFigure};
use crate::plan;
use crate::report::Refusal;
use crate::report::submit::{SubmitError, open_assignment};
use crate::task::{self, Task};
use crate::when;

/// What is being added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Event,
    Figure,
    Record,
}

impl Kind {
    const fn code(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Figure => "figure",
            Self::Record => "record",
        }
    }
}

/// What was typed, kept as typed until it can be read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Typed {
    kind: Kind,
    title: String,
    proves: String,
    dated_on: String,
    event_kind: String,
    attendance: String,
    value: String,
    unit: String,
    from: String,
    key: String,
    whose: String,
    /// The kind of record that is looked for, words of its title, and the one that was chosen.
    of: String,
    words: String,
    record: String,
}

#[derive(Template)]
#[template(path = "evidence/new.html")]
struct NewPage {
    shell: Shell,
    task: Task,
    part: Assignment,
    typed: Typed,
    /// Kinds of records that other parts of the system offer.
    kinds: Vec<(&'static str, &'static str)>,
    /// Each with the name of its organ.
    found: Vec<(Found, String)>,
    keys: Vec<(&'static str, &'static str)>,
    /// What the plan counts and is missing.
    missing: Option<String>,
    errors: FormErrors,
}

impl NewPage {
    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn is(&self, code: &str) -> bool {
        self.typed.kind.code() == code
    }

    fn event_kinds(&self) -> Vec<(&'static str, &'static str)> {
        OccasionKind::options()
    }

    fn owners(&self) -> Vec<(&'static str, &'static str)> {
        FigureOf::options()
    }

    /// There may be more of them than the list shows.
    fn is_cut(&self) -> bool {
        self.found.len() >= FOUND_MAX
    }

    fn listed_max(&self) -> usize {
        FOUND_MAX
    }

    fn is_chosen(&self, found: &Found) -> bool {
        self.typed.record == reference(&found.of)
    }

    fn reference(&self, found: &Found) -> String {
        reference(&found.of)
    }

    fn action(&self) -> String {
        format!("/workspace/assignments/{}/evidence/new", self.part.id)
    }
}

fn reference(of: &Ref) -> String {
    format!("{}:{}", of.kind, of.id)
}

async fn build(
    app: &App,
    shell: Shell,
    permit: &Permit<ReportProgress>,
    (id, typed): (AssignmentId, Typed),
) -> Result<NewPage, Problem> {
    let wanted = Wanted {
        kind: typed.of.clone(),
        words: typed.words.trim().to_owned(),
        within: None,
    };
    let (part, task, found, missing) = app
        .db
        .read(async |tx: &mut Tx| {
            let part = open_assignment(tx, permit, id).await?;
            let task = task::store::load(tx, part.task).await?;
            let task = task.ok_or(SubmitError::NotFound)?;
            let found = if wanted.kind.is_empty() {
                Vec::new()
            } else {
                let within = within(tx, app, permit, (&part, &wanted.kind)).await?;
                let found = app.seams.find(tx, &within, &wanted).await?;
                named(tx, found).await?
            };
            let missing = shortfall(tx, id).await?;
            Ok::<_, SubmitError>((part, task, found, missing))
        })
        .await?;
    let keys = app.seams.figures.iter().flat_map(|source| source.keys());
    Ok(NewPage {
        kinds: app.seams.kinds(),
        keys: std::iter::once(("", "不对应，由本单位统计"))
            .chain(keys.copied())
            .collect(),
        shell,
        task,
        part,
        typed,
        found,
        missing,
        errors: FormErrors::default(),
    })
}

/// `GET /workspace/assignments/{id}/evidence/new?kind=event`
pub(in crate::pages) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<AssignmentId>,
    Query(typed): Query<Typed>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, &permit, (id, typed)).await?)
}

/// `POST /workspace/assignments/{id}/evidence/new`
pub(in crate::pages) async fn add(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReportProgress>,
    Path(id): Path<AssignmentId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    if let Some(item) = typed.read(&mut errors) {
        let kept = app
            .db
            .write(async |tx: &mut Tx| {
                let part = open_assignment(tx, &permit, id).await?;
                let item = sealed(tx, &app, &permit, (&part, item)).await?;
                let kept = attach(tx, &permit, id, vec![item]).await?;
                Ok::<_, SubmitError>((kept, shortfall(tx, id).await?))
            })
            .await;
        match kept {
            Ok((kept, missing)) => {
                let title = kept.first().map_or("", |item| item.title.as_str());
                let missing = missing.map_or_else(String::new, |missing| format!("{missing}。"));
                return Ok(redirect_with(
                    &format!("/workspace/assignments/{id}"),
                    &format!("佐证已保存：{title}。{missing}"),
                ));
            }
            Err(SubmitError::Refused(refusals)) => {
                for refusal in refusals {
                    errors.add(refusal.field, refusal.sentence);
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    let mut view = build(&app, shell, &permit, (id, typed)).await?;
    view.errors = errors;
    refuse(&view)
}

/// Whose records prove a part: those of its unit, and what its government and the government's office have published.
async fn within(
    tx: &mut Tx,
    app: &App,
    permit: &Permit<ReportProgress>,
    (part, kind): (&Assignment, &str),
) -> Result<Scope, StoreError> {
    if !app.seams.is_public(kind) {
        return Ok(permit.scope().clone());
    }
    let plan = plan::store::load(tx, &Scope::Everything, part.plan).await?;
    let above = plan.map_or(Vec::new(), |plan| vec![plan.government, plan.organ]);
    Ok(permit.scope().and(&above))
}

/// Each with the name of its organ.
async fn named(tx: &mut Tx, found: Vec<Found>) -> Result<Vec<(Found, String)>, StoreError> {
    let ids: Vec<OrganId> = found.iter().map(|found| found.organ).collect();
    let organs = organ::store::load_all(tx, &ids).await?;
    let name = |found: &Found| {
        let organ = organs.iter().find(|organ| organ.id == found.organ);
        organ.map_or_else(String::new, |organ| organ.name.clone())
    };
    let names: Vec<String> = found.iter().map(name).collect();
    Ok(found.into_iter().zip(names).collect())
}

fn refused(field: &'static str, sentence: String) -> SubmitError {
    SubmitError::Refused(vec![Refusal { field, sentence }])
}

/// What this system knows is compared with it before it is kept: a figure with the live one; a record is sealed as its
/// source knows it now, and one of somebody else's is not found.
async fn sealed(
    tx: &mut Tx,
    app: &App,
    permit: &Permit<ReportProgress>,
    (part, mut item): (&Assignment, NewEvidence),
) -> Result<NewEvidence, SubmitError> {
    let (of, seal) = match &mut item.proof {
        NewProof::Record { of, seal } => (of, seal),
        NewProof::Figure(figure) => {
            borne_out(tx, app, (part, &*figure)).await?;
            return Ok(item);
        }
        NewProof::File { .. } | NewProof::Link(_) | NewProof::Event(_) => return Ok(item),
    };
    let found: Result<Option<Found>, StoreError> = app.seams.describe(tx, of).await;
    let mut own = None;
    if let Some(found) = found? {
        let organ = organ::store::load(tx, found.organ).await?;
        let within = within(tx, app, permit, (part, &of.kind)).await?;
        let inside = organ.is_some_and(|organ| within.contains(organ.id, &organ.path));
        own = inside.then_some(found);
    }
    let Some(found) = own else {
        let sentence = "没有这条记录，或它不属于本单位。请重新查找。";
        return Err(refused("record", sentence.to_owned()));
    };
    *seal = found.seal;
    if item.title.is_empty() {
        item.title = found.title;
    }
    // It has a day of its own: what is typed beside it does not move it into another period.
    item.dated_on = found.dated_on.or(item.dated_on);
    Ok(item)
}

/// A figure that is one of this system's must be borne out by it.
async fn borne_out(
    tx: &mut Tx,
    app: &App,
    (part, figure): (&Assignment, &StatedFigure),
) -> Result<(), SubmitError> {
    let Some(name) = &figure.key else {
        return Ok(());
    };
    let plan = plan::store::load(tx, &Scope::Everything, part.plan).await?;
    let plan = plan.ok_or(SubmitError::NotFound)?;
    let key = FigureKey {
        name: name.clone(),
        organ: match figure.of {
            FigureOf::Unit => part.organ,
            FigureOf::Government => plan.government,
        },
        year: i16::try_from(plan.year).unwrap_or(i16::MAX),
    };
    let mut live = app.seams.figures(tx, &[key]).await?;
    let Some(live) = live.pop().flatten() else {
        let sentence =
            "系统现在没有这个数字。佐证还没有保存。请重新选择，或选“不对应，由本单位统计”。";
        return Err(refused("key", sentence.to_owned()));
    };
    if bears_out(figure, live.value, app.seams.better(name)) {
        return Ok(());
    }
    Err(refused(
        "value",
        format!(
            "您填的是{}，系统现在{}的数字是{}。佐证还没有保存。请核对后按系统的数字填写；按别的口径统计的，“对应的系统数字”请选“不对应，由本单位统计”。",
            figure.value,
            figure.of.name(),
            live.value
        ),
    ))
}

impl Typed {
    /// What was typed, or errors under its fields.
    fn read(&self, errors: &mut FormErrors) -> Option<NewEvidence> {
        let text = |text: &String| text.trim().to_owned();
        let dated_on = self.date(errors);
        let proof = match self.kind {
            Kind::Event => self.event(errors),
            Kind::Figure => self.figure(errors),
            Kind::Record => self.record(errors),
        };
        Some(NewEvidence {
            proof: proof?,
            title: text(&self.title),
            proves: text(&self.proves),
            quote: String::new(),
            dated_on: dated_on?,
        })
    }

    fn date(&self, errors: &mut FormErrors) -> Option<Option<Date>> {
        let text = self.dated_on.trim();
        if text.is_empty() {
            return Some(None);
        }
        let date = text.parse().ok();
        if date.is_none() {
            errors.add("dated_on", "日期无法识别，请按 2026-09-30 的样子填写。");
        }
        date.map(Some)
    }

    fn event(&self, errors: &mut FormErrors) -> Option<NewProof> {
        let kind = OccasionKind::from_code(&self.event_kind);
        if kind.is_none() {
            errors.add("event_kind", "请选择活动类型。");
        }
        let people = self.attendance.trim();
        let attendance: Option<Option<i64>> = if people.is_empty() {
            Some(None)
        } else {
            people.parse().ok().map(Some)
        };
        if attendance.is_none() {
            errors.add("attendance", "参加人数请填写0到1000万之间的整数。");
        }
        Some(NewProof::Event(Occasion {
            kind: kind?,
            attendance: attendance?,
        }))
    }

    fn figure(&self, errors: &mut FormErrors) -> Option<NewProof> {
        let value = self
            .value
            .parse()
            .map_err(|error: crate::evidence::AmountError| errors.add("value", error.to_string()));
        Some(NewProof::Figure(StatedFigure {
            value: value.ok()?,
            unit: self.unit.trim().to_owned(),
            from: self.from.trim().to_owned(),
            key: (!self.key.is_empty()).then(|| self.key.clone()),
            of: FigureOf::from_code(&self.whose).unwrap_or(FigureOf::Unit),
        }))
    }

    fn record(&self, errors: &mut FormErrors) -> Option<NewProof> {
        let Some((kind, id)) = self.record.split_once(':') else {
            errors.add("record", "请先查找，再选中一条记录。");
            return None;
        };
        Some(NewProof::Record {
            of: Ref {
                kind: kind.to_owned(),
                id: id.to_owned(),
            },
            seal: String::new(),
        })
    }
}

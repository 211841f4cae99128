//! 领导小组: the roster of a day, its changes, and the form for who comes.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Query, Shell, address, day, page, redirect_with,
};
use serde::Deserialize;

use super::{file, is_file, refuse};
use crate::acts::{KeepGroup, ViewOrganisation};
use crate::group::handle::{self, Newcomer};
use crate::group::{GroupDuty, Joined, Member, changes, roster, store};
use crate::id::MemberId;
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ::reach::{Reach, base_of};

const PATH: &str = "/workspace/organisation/group";
const HEADS: [&str; 6] = [
    "小组职务",
    "姓名",
    "单位职务",
    "任职日期",
    "依据",
    "离任日期",
];

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    base: String,
    on: String,
    format: String,
}

/// What the form for who comes holds, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    base: String,
    duty: String,
    name: String,
    post: String,
    from_on: String,
    from_why: String,
}

struct Step {
    on: String,
    sentence: String,
    why: String,
}

#[derive(Template)]
#[template(path = "organisation/group.html")]
struct GroupPage {
    shell: Shell,
    bases: Vec<(OrganId, String)>,
    base: Option<OrganId>,
    on: Date,
    members: Vec<Member>,
    /// Who left, or was entered by mistake: can be put back.
    gone: Vec<Member>,
    steps: Vec<Step>,
    may_keep: bool,
    typed: Typed,
    errors: FormErrors,
}

impl GroupPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn duties(&self) -> Vec<(&'static str, &'static str)> {
        GroupDuty::options()
    }

    fn is_base(&self, organ: &OrganId) -> bool {
        self.base == Some(*organ)
    }

    fn file(&self, format: &str) -> String {
        let base = self.base.map_or_else(String::new, |base| base.to_string());
        let on = self.on.to_string();
        let parts = [("base", base.as_str()), ("on", &on), ("format", format)];
        address(PATH, &parts)
    }
}

/// The groups that a person may see: an office its own; others that of the government above them.
async fn bases(
    tx: &mut Tx,
    permit: &Permit<ViewOrganisation>,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let within = Reach::of(tx, permit.roles()).await?;
    let mut ids = within.bases;
    for held in permit.roles() {
        let above = match held.role {
            gongkai_basis::Role::Supervisor | gongkai_basis::Role::Leader => {
                Some(base_of(tx, held.organ).await?)
            }
            _ => organ::government_of(tx, held.organ).await?,
        };
        ids.extend(above);
    }
    ids.sort();
    ids.dedup();
    let organs = organ::store::load_all(tx, &ids).await?;
    Ok(organs
        .into_iter()
        .map(|organ| (organ.id, organ.name))
        .collect())
}

fn step_of(change: &crate::group::Change<'_>) -> Step {
    let member = change.member;
    let who = format!("{}{}（{}）", member.duty.name(), member.name, member.post);
    let (sentence, why) = match change.joined {
        Joined::Came => (format!("{who}任职"), member.from_why.clone()),
        Joined::Left => (
            format!("{who}离任"),
            member.until_why.clone().unwrap_or_default(),
        ),
    };
    Step {
        on: day(change.on),
        sentence,
        why,
    }
}

async fn build(
    app: &App,
    shell: Shell,
    permit: &Permit<ViewOrganisation>,
    filter: &Filter,
    (typed, errors): (Typed, FormErrors),
) -> Result<GroupPage, Problem> {
    let on = filter.on.parse().unwrap_or_else(|_| app.today());
    let (bases, base, history) = app
        .db
        .read(async |tx: &mut Tx| {
            let bases = bases(tx, permit).await?;
            let asked: Option<OrganId> = filter.base.parse().ok();
            let base = match asked {
                Some(asked) => bases.iter().find(|(id, _)| *id == asked),
                None => bases.first(),
            };
            let base = base.map(|(id, _)| *id);
            let history = match base {
                Some(base) => store::history(tx, base).await?,
                None => Vec::new(),
            };
            Ok::<_, StoreError>((bases, base, history))
        })
        .await?;
    if base.is_none() && !filter.base.is_empty() {
        return Err(Problem::not_found());
    }
    let own = shell.person.as_ref();
    let own = own.and_then(|person| person.permit::<KeepGroup>());
    let may_keep = match (&own, base) {
        (Some(permit), Some(base)) => app
            .db
            .read(async |tx: &mut Tx| Reach::of(tx, permit.roles()).await)
            .await?
            .bases
            .contains(&base),
        _ => false,
    };
    Ok(GroupPage {
        members: roster(&history, on).into_iter().cloned().collect(),
        steps: changes(&history).iter().map(step_of).collect(),
        gone: history
            .iter()
            .filter(|one| one.until_on.is_some() || one.removed_why.is_some())
            .cloned()
            .collect(),
        shell,
        bases,
        base,
        on,
        may_keep,
        typed,
        errors,
    })
}

/// `GET /workspace/organisation/group?base=…&on=2026-09-01&format=xlsx`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOrganisation>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let empty = (Typed::default(), FormErrors::default());
    let built = build(&app, shell, &permit, &filter, empty).await?;
    if is_file(&filter.format) {
        let line = |member: Member| {
            vec![
                member.duty.name().to_owned(),
                member.name,
                member.post,
                member.from_on.to_string(),
                member.from_why,
                member
                    .until_on
                    .map_or_else(String::new, |day| day.to_string()),
            ]
        };
        let rows = built.members.into_iter().map(line).collect();
        return file(
            "领导小组成员名单",
            &filter.format,
            &HEADS,
            rows,
            app.today(),
        )
        .await;
    }
    page(&built)
}

/// `POST /workspace/organisation/group`
pub(super) async fn join(
    State(app): State<App>,
    shell: Shell,
    view: Permit<ViewOrganisation>,
    permit: Permit<KeepGroup>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    let duty = GroupDuty::from_code(&typed.duty);
    if duty.is_none() {
        errors.add("duty", "请选择小组职务。");
    }
    let from_on: Option<Date> = typed.from_on.parse().ok();
    if from_on.is_none() {
        errors.add("from_on", "请填写任职日期，例：2026-03-01。");
    }
    let base: OrganId = typed
        .base
        .parse()
        .map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    if let (Some(duty), Some(from_on)) = (duty, from_on) {
        let new = Newcomer {
            duty,
            name: typed.name.trim().to_owned(),
            post: typed.post.trim().to_owned(),
            from_on,
            from_why: typed.from_why.trim().to_owned(),
        };
        let done = app
            .db
            .write(async |tx: &mut Tx| handle::join(tx, &permit, base, new).await)
            .await;
        match done {
            Ok(member) => {
                let sentence = format!("已登记{}{}。", member.duty.name(), member.name);
                return Ok(redirect_with(&format!("{PATH}?base={base}"), &sentence));
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let filter = Filter {
        base: typed.base.clone(),
        ..Filter::default()
    };
    refuse(&build(&app, shell, &view, &filter, (typed, errors)).await?)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Leaving {
    version: i64,
    on: String,
    why: String,
}

fn back(member: &Member, sentence: &str) -> Response {
    redirect_with(&format!("{PATH}?base={}", member.base), sentence)
}

/// `POST /workspace/organisation/group/{id}/leave`
pub(super) async fn leave(
    State(app): State<App>,
    permit: Permit<KeepGroup>,
    Path(id): Path<MemberId>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    let on: Date = form
        .on
        .parse()
        .map_err(|_| Problem::refused(vec!["请填写离任日期，例：2026-06-01。".to_owned()]))?;
    let member = app
        .db
        .write(async |tx: &mut Tx| {
            handle::leave(tx, &permit, (id, form.version), (on, form.why.trim())).await
        })
        .await?;
    Ok(back(&member, "已登记离任；登错了可以在下面撤销。"))
}

/// `POST /workspace/organisation/group/{id}/remove`
pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit<KeepGroup>,
    Path(id): Path<MemberId>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    let member = app
        .db
        .write(async |tx: &mut Tx| {
            handle::remove(tx, &permit, (id, form.version), form.why.trim()).await
        })
        .await?;
    Ok(back(&member, "已删除误录；删错了可以在下面撤销。"))
}

/// `POST /workspace/organisation/group/{id}/restore`
pub(super) async fn restore(
    State(app): State<App>,
    permit: Permit<KeepGroup>,
    Path(id): Path<MemberId>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    let member = app
        .db
        .write(async |tx: &mut Tx| handle::restore(tx, &permit, (id, form.version)).await)
        .await?;
    Ok(back(&member, "已撤销，恢复在任。"))
}

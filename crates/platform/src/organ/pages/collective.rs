//! Collectives: who belongs to each, and the rule that says so.

mod rule;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use serde::Deserialize;

use self::rule::{GroupChoice, RuleForm, group_choices};
use super::super::acts::{EditOrgans, ViewOrgans};
use super::super::collective::{
    self, Builtin, CollectiveKey, Extent, Family, Rule, candidates, change,
};
use super::super::{Directory, Organ, OrganError, directory, store};
use super::view::{OrganLine, editable, form_answer, governments};
use crate::access::{HeldRole, Permit};
use crate::audit;
use crate::db::Tx;
use crate::web::{App, Form, FormErrors, Problem, Query, Shell, address, moment, redirect_with};

const PATH: &str = "/workspace/organs/collectives";
/// Events on the page of one collective.
const EVENTS_MAX: i64 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RootQuery {
    root: String,
    /// Fill the form with the built-in rule.
    default: Option<String>,
}

struct CollectiveLine {
    href: String,
    title: String,
    rule: String,
    members: usize,
    changed: bool,
    manual: bool,
}

#[derive(Template)]
#[template(path = "organ/collectives.html")]
struct ListPage {
    shell: Shell,
    root: Organ,
    roots: Vec<(String, String)>,
    builtin: Vec<CollectiveLine>,
    named: Vec<CollectiveLine>,
    may_edit: bool,
    /// The name of a new collective, after a mistake.
    typed: String,
    errors: FormErrors,
}

/// The government that is looked at: the one asked for, or the first of the person's own.
async fn root_of(
    tx: &mut Tx,
    roles: &[HeldRole],
    asked: &str,
) -> Result<(Organ, Vec<Organ>), Problem> {
    let own = governments(tx, roles).await?;
    let asked = match asked.parse::<OrganId>() {
        Ok(id) => store::load(tx, id).await?,
        Err(_) => own.first().cloned(),
    };
    match asked {
        Some(root) => Ok((root, own)),
        None => Err(Problem::not_found().detail("您的角色所在机关还不在名录中。")),
    }
}

/// The rule in words.
fn in_words(rule: &Rule, directory: &Directory) -> String {
    let mut words = Vec::new();
    let groups: Vec<String> = rule
        .groups
        .iter()
        .map(|group| format!("{}{}", group.level.name(), group.kind.name()))
        .collect();
    if rule.manual {
        words.push("由政务公开办逐个指定".to_owned());
    } else if !groups.is_empty() {
        words.push(groups.join("、"));
    }
    if let Some(under) = rule.under {
        let name = directory
            .entry(under)
            .map_or("（已停用的机关）", |entry| &entry.name);
        words.push(format!("限“{name}”之下"));
    }
    if rule.except_named {
        words.push("除去同一任务已点名的".to_owned());
    }
    if !rule.include.is_empty() {
        words.push(format!("另加 {} 个", rule.include.len()));
    }
    if !rule.exclude.is_empty() {
        words.push(format!("排除 {} 个", rule.exclude.len()));
    }
    words.join("；")
}

fn line(directory: &Directory, root: &Organ, key: &CollectiveKey) -> CollectiveLine {
    let rule = directory.rule(key).unwrap_or_default();
    CollectiveLine {
        href: format!("{PATH}/{key}?root={}", root.id),
        title: directory.collective_title(key),
        members: collective::expand(&rule, directory, &[]).len(),
        changed: directory
            .collectives()
            .iter()
            .any(|stored| stored.key == *key),
        manual: rule.manual,
        rule: in_words(&rule, directory),
    }
}

/// The built-in collectives that mean something here: somebody belongs to them, or the office changed them.
fn relevant(directory: &Directory, root: &Organ) -> Vec<CollectiveLine> {
    Family::ALL
        .iter()
        .flat_map(|family| {
            Extent::ALL.iter().map(|extent| Builtin {
                family: *family,
                extent: *extent,
            })
        })
        .filter(|builtin| {
            let key = CollectiveKey::Builtin(*builtin);
            let own = builtin.default_rule(directory.home_level());
            !candidates(&own, directory).is_empty()
                || directory
                    .collectives()
                    .iter()
                    .any(|stored| stored.key == key)
        })
        .map(|builtin| line(directory, root, &CollectiveKey::Builtin(builtin)))
        .collect()
}

async fn list_page(
    app: &App,
    shell: Shell,
    (roles, asked): (&[HeldRole], &str),
    (typed, errors): (String, FormErrors),
) -> Result<Response, Problem> {
    let template = app
        .db
        .read(async |tx: &mut Tx| {
            let (root, own) = root_of(tx, roles, asked).await?;
            let directory = directory(tx, root.id).await?;
            let scope = editable(tx, &shell).await?;
            Ok::<_, Problem>(ListPage {
                builtin: relevant(&directory, &root),
                named: directory
                    .collectives()
                    .iter()
                    .filter(|stored| matches!(stored.key, CollectiveKey::Named(_)))
                    .map(|stored| line(&directory, &root, &stored.key))
                    .collect(),
                may_edit: scope.contains(root.id, &root.path),
                roots: own
                    .into_iter()
                    .map(|organ| (organ.id.to_string(), organ.name))
                    .collect(),
                root,
                shell,
                typed,
                errors,
            })
        })
        .await?;
    form_answer(&template, &template.errors)
}

/// `GET /workspace/organs/collectives`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOrgans>,
    Query(query): Query<RootQuery>,
) -> Result<Response, Problem> {
    let place = (permit.roles(), query.root.as_str());
    list_page(&app, shell, place, (String::new(), FormErrors::default())).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewForm {
    root: String,
    name: String,
}

/// `POST /workspace/organs/collectives`
pub(super) async fn create(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Form(form): Form<NewForm>,
) -> Result<Response, Problem> {
    let root: OrganId = form.root.parse().map_err(|_| Problem::not_found())?;
    let outcome = app
        .db
        .write(async |tx: &mut Tx| change::create(tx, &permit, root, &form.name).await)
        .await;
    match outcome {
        Ok(key) => Ok(redirect_with(
            &format!("{PATH}/{key}?root={root}"),
            "已新增统称，请在下面指定成员。",
        )),
        Err(OrganError::Form(errors)) => {
            let place = (permit.roles(), form.root.as_str());
            list_page(&app, shell, place, (form.name, errors)).await
        }
        Err(error) => Err(error.into()),
    }
}

struct EventLine {
    at: String,
    who: String,
    sentence: String,
}

/// A change that was filled in but not yet saved.
struct Effects {
    added: Vec<String>,
    removed: Vec<String>,
    touched: Vec<String>,
}

#[derive(Template)]
#[template(path = "organ/collective.html")]
struct ShowPage {
    shell: Shell,
    root: Organ,
    key: String,
    title: String,
    named: bool,
    changed: bool,
    rule: String,
    members: Vec<OrganLine>,
    manual: bool,
    groups: Vec<GroupChoice>,
    form: RuleForm,
    errors: FormErrors,
    effects: Option<Effects>,
    may_edit: bool,
    events: Vec<EventLine>,
    back: String,
}

fn key_of(text: &str) -> Result<CollectiveKey, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// What a page of one collective shows beside what is stored.
#[derive(Default)]
struct Filled {
    form: Option<RuleForm>,
    errors: FormErrors,
    effects: Option<Effects>,
}

async fn show_page(
    app: &App,
    shell: Shell,
    (root, key): (Organ, CollectiveKey),
    filled: Filled,
) -> Result<Response, Problem> {
    let template = app
        .db
        .read(async |tx: &mut Tx| {
            let directory = directory(tx, root.id).await?;
            let rule = directory.rule(&key).ok_or_else(Problem::not_found)?;
            let scope = editable(tx, &shell).await?;
            let stored = directory
                .collectives()
                .iter()
                .find(|stored| stored.key == key);
            let version = stored.map_or(0, |stored| stored.version);
            let form = filled
                .form
                .unwrap_or_else(|| RuleForm::of(&rule, &root, version, &directory));
            let members = collective::expand(&rule, &directory, &[]);
            let members = store::load_all(tx, &members).await?;
            let subject = change::subject(root.id, &key);
            let events = audit::about(tx, "collective", &subject, EVENTS_MAX).await?;
            Ok::<_, Problem>(ShowPage {
                title: directory.collective_title(&key),
                named: matches!(key, CollectiveKey::Named(_)),
                changed: stored.is_some(),
                rule: in_words(&rule, &directory),
                members: members
                    .iter()
                    .map(|organ| OrganLine::of(organ, 0, ""))
                    .collect(),
                manual: rule.manual,
                groups: group_choices(&directory, &form),
                form,
                errors: filled.errors,
                effects: filled.effects,
                may_edit: scope.contains(root.id, &root.path),
                events: events
                    .into_iter()
                    .map(|event| EventLine {
                        at: moment(event.at),
                        who: event.actor_name,
                        sentence: event.sentence,
                    })
                    .collect(),
                back: address(PATH, &[("root", &root.id.to_string())]),
                key: key.to_string(),
                root,
                shell,
            })
        })
        .await?;
    form_answer(&template, &template.errors)
}

/// `GET /workspace/organs/collectives/{key}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOrgans>,
    Path(key): Path<String>,
    Query(query): Query<RootQuery>,
) -> Result<Response, Problem> {
    let key = key_of(&key)?;
    let (root, filled) = app
        .db
        .read(async |tx: &mut Tx| {
            let (root, _) = root_of(tx, permit.roles(), &query.root).await?;
            let filled = match (&key, &query.default) {
                (CollectiveKey::Builtin(builtin), Some(_)) => {
                    let directory = directory(tx, root.id).await?;
                    let own = builtin.default_rule(directory.home_level());
                    let version = version_of(&directory, &key);
                    let mut form = RuleForm::of(&own, &root, version, &directory);
                    let effects = effects(tx, &app, &directory, &key, &own).await?;
                    form.seen = as_json(&own);
                    Filled {
                        form: Some(form),
                        effects: Some(effects),
                        ..Filled::default()
                    }
                }
                _ => Filled::default(),
            };
            Ok::<_, Problem>((root, filled))
        })
        .await?;
    show_page(&app, shell, (root, key), filled).await
}

fn version_of(directory: &Directory, key: &CollectiveKey) -> i64 {
    directory
        .collectives()
        .iter()
        .find(|stored| stored.key == *key)
        .map_or(0, |stored| stored.version)
}

fn as_json(rule: &Rule) -> String {
    serde_json::json!(rule).to_string()
}

async fn effects(
    tx: &mut Tx,
    app: &App,
    directory: &Directory,
    key: &CollectiveKey,
    rule: &Rule,
) -> Result<Effects, Problem> {
    let effect = change::effect(tx, &app.organ_hooks, directory, key, rule).await?;
    let names = |ids: &[OrganId]| {
        ids.iter()
            .filter_map(|id| directory.entry(*id).map(|entry| entry.name.clone()))
            .collect()
    };
    Ok(Effects {
        added: names(&effect.added),
        removed: names(&effect.removed),
        touched: effect.touched,
    })
}

/// `POST /workspace/organs/collectives/{key}`: first shows the effects, then, unchanged, saves.
pub(super) async fn save(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(key): Path<String>,
    Form(mut form): Form<RuleForm>,
) -> Result<Response, Problem> {
    let key = key_of(&key)?;
    let (root, rule, shown) = app
        .db
        .read(async |tx: &mut Tx| {
            let (root, _) = root_of(tx, permit.roles(), &form.root).await?;
            let directory = directory(tx, root.id).await?;
            let rule = form.rule(&directory);
            let shown = match &rule {
                Ok(rule) => Some(effects(tx, &app, &directory, &key, rule).await?),
                Err(_) => None,
            };
            Ok::<_, Problem>((root, rule, shown))
        })
        .await?;
    let rule = match rule {
        Ok(rule) => rule,
        Err(errors) => {
            let filled = Filled {
                form: Some(form),
                errors,
                effects: None,
            };
            return show_page(&app, shell, (root, key), filled).await;
        }
    };
    let seen = as_json(&rule);
    if form.seen != seen {
        form.seen = seen;
        let filled = Filled {
            form: Some(form),
            effects: shown,
            ..Filled::default()
        };
        return show_page(&app, shell, (root, key), filled).await;
    }
    app.db
        .write(async |tx: &mut Tx| {
            change::save(tx, &permit, root.id, (&key, form.version), rule).await
        })
        .await?;
    Ok(redirect_with(
        &format!("{PATH}/{key}?root={}", root.id),
        "已保存统称的规则，今后确认方案时按新规则展开。",
    ))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeleteForm {
    root: String,
    version: i64,
}

/// `POST /workspace/organs/collectives/{key}/delete`
pub(super) async fn delete(
    State(app): State<App>,
    permit: Permit<EditOrgans>,
    Path(key): Path<String>,
    Form(form): Form<DeleteForm>,
) -> Result<Response, Problem> {
    let key = key_of(&key)?;
    let root: OrganId = form.root.parse().map_err(|_| Problem::not_found())?;
    let name = app
        .db
        .write(async |tx: &mut Tx| change::delete(tx, &permit, root, (&key, form.version)).await)
        .await?;
    Ok(redirect_with(
        &format!("{PATH}?root={root}"),
        &format!("已删除统称“{name}”，已下达的分工不受影响。"),
    ))
}

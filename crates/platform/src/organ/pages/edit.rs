//! Forms about one organ: new, edit, rename.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::super::acts::EditOrgans;
use super::super::change::{self, Draft, reach};
use super::super::{AliasKind, Kind, Level, Organ, OrganError};
use super::view::{choices, editable_organ, form_answer, kinds, levels, lines, organ_id};
use crate::access::Permit;
use crate::db::{StoreError, Tx};
use crate::web::{App, Form, FormErrors, Problem, Query, Shell, page, redirect_with, refuse};

/// What the form sends; also what it shows again after a mistake.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct OrganForm {
    name: String,
    short_name: String,
    aliases: String,
    former: String,
    level: String,
    kind: String,
    parent: String,
    version: i64,
}

impl OrganForm {
    fn of(organ: &Organ) -> Self {
        let joined = |kind| organ.names(kind).collect::<Vec<_>>().join("\n");
        Self {
            name: organ.name.clone(),
            short_name: organ.short_name.clone().unwrap_or_default(),
            aliases: joined(AliasKind::Alias),
            former: joined(AliasKind::Former),
            level: organ.level.code().to_owned(),
            kind: organ.kind.code().to_owned(),
            parent: organ.parent.map(|id| id.to_string()).unwrap_or_default(),
            version: organ.version,
        }
    }

    fn draft(&self) -> Result<Draft, FormErrors> {
        let mut errors = FormErrors::default();
        let level = Level::from_code(&self.level);
        if level.is_none() {
            errors.add("level", "请选择级别。");
        }
        let kind = Kind::from_code(&self.kind);
        if kind.is_none() {
            errors.add("kind", "请选择类型。");
        }
        let parent = match self.parent.as_str() {
            "" => None,
            text => match text.parse() {
                Ok(id) => Some(id),
                Err(_) => {
                    errors.add("parent", "请从列表中选择上级机关。");
                    None
                }
            },
        };
        match (level, kind) {
            (Some(level), Some(kind)) if errors.is_empty() => Ok(Draft {
                parent,
                name: self.name.clone(),
                short_name: Some(self.short_name.clone()),
                aliases: lines(&self.aliases),
                former: lines(&self.former),
                level,
                kind,
            }),
            _ => Err(errors),
        }
    }
}

#[derive(Template)]
#[template(path = "organ/edit.html")]
struct FormPage {
    shell: Shell,
    /// The organ's id and name; `None` for a new one.
    organ: Option<(String, String)>,
    /// The top of a tree has no parent to choose.
    top: bool,
    form: OrganForm,
    errors: FormErrors,
    parents: Vec<(String, String)>,
    levels: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
}

async fn form_page(
    app: &App,
    shell: Shell,
    permit: &Permit<EditOrgans>,
    organ: Option<&Organ>,
    (form, errors): (OrganForm, FormErrors),
) -> Result<Response, Problem> {
    let mut parents = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach(tx, permit).await?;
            choices(tx, &scope).await
        })
        .await?;
    // The government itself hangs below something that its office does not keep.
    if let Some(parent) = organ
        .and_then(|organ| organ.parent)
        .map(|id| id.to_string())
        && !parents.iter().any(|(id, _)| *id == parent)
    {
        parents.insert(0, (parent, "（保持现在的上级）".to_owned()));
    }
    let view = FormPage {
        shell,
        organ: organ.map(|organ| (organ.id.to_string(), organ.name.clone())),
        top: organ.is_some_and(|organ| organ.parent.is_none()),
        form,
        errors,
        parents,
        levels: levels(),
        kinds: kinds(),
    };
    form_answer(&view, &view.errors)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewQuery {
    parent: String,
}

/// `GET /workspace/organs/new`
pub(super) async fn new_page(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Query(query): Query<NewQuery>,
) -> Result<Response, Problem> {
    let mut form = OrganForm {
        kind: Kind::Department.code().to_owned(),
        ..OrganForm::default()
    };
    if let Ok(parent) = query.parent.parse() {
        let parent = app
            .db
            .read(async |tx: &mut Tx| super::super::store::load(tx, parent).await)
            .await?;
        if let Some(parent) = parent {
            form.parent = parent.id.to_string();
            form.level = parent.level.code().to_owned();
        }
    }
    form_page(&app, shell, &permit, None, (form, FormErrors::default())).await
}

/// `POST /workspace/organs/new`
pub(super) async fn create(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Form(form): Form<OrganForm>,
) -> Result<Response, Problem> {
    let outcome = match form.draft() {
        Ok(draft) => {
            app.db
                .write(async |tx: &mut Tx| change::create(tx, &permit, &draft).await)
                .await
        }
        Err(errors) => Err(OrganError::Form(errors)),
    };
    match outcome {
        Ok(id) => Ok(redirect_with(
            &format!("/workspace/organs/{id}"),
            &format!("已新增机关“{}”。", form.name.trim()),
        )),
        Err(OrganError::Form(errors)) => {
            form_page(&app, shell, &permit, None, (form, errors)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn load(app: &App, permit: &Permit<EditOrgans>, id: &str) -> Result<Organ, Problem> {
    let id = organ_id(id)?;
    let (organ, _) = app
        .db
        .read(async |tx: &mut Tx| editable_organ(tx, permit, id).await)
        .await?;
    Ok(organ)
}

/// `GET /workspace/organs/{id}/edit`
pub(super) async fn edit_page(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let organ = load(&app, &permit, &id).await?;
    let form = OrganForm::of(&organ);
    form_page(
        &app,
        shell,
        &permit,
        Some(&organ),
        (form, FormErrors::default()),
    )
    .await
}

/// `POST /workspace/organs/{id}/edit`
pub(super) async fn revise(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
    Form(form): Form<OrganForm>,
) -> Result<Response, Problem> {
    let organ = load(&app, &permit, &id).await?;
    let outcome = match form.draft() {
        Ok(draft) => {
            app.db
                .write(async |tx: &mut Tx| {
                    change::revise(tx, &permit, organ.id, form.version, &draft).await
                })
                .await
        }
        Err(errors) => Err(OrganError::Form(errors)),
    };
    match outcome {
        Ok(()) => Ok(redirect_with(
            &format!("/workspace/organs/{}", organ.id),
            &format!("已保存“{}”的改动。", organ.name),
        )),
        Err(OrganError::Form(errors)) => {
            form_page(&app, shell, &permit, Some(&organ), (form, errors)).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RenameForm {
    name: String,
    reason: String,
    version: i64,
}

#[derive(Template)]
#[template(path = "organ/rename.html")]
struct RenamePage {
    shell: Shell,
    organ: Organ,
    form: RenameForm,
    errors: FormErrors,
}

/// `GET /workspace/organs/{id}/rename`
pub(super) async fn rename_page(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let organ = load(&app, &permit, &id).await?;
    let form = RenameForm {
        version: organ.version,
        ..RenameForm::default()
    };
    page(&RenamePage {
        shell,
        organ,
        form,
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/organs/{id}/rename`
pub(super) async fn rename(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditOrgans>,
    Path(id): Path<String>,
    Form(form): Form<RenameForm>,
) -> Result<Response, Problem> {
    let organ = load(&app, &permit, &id).await?;
    let outcome = app
        .db
        .write(async |tx: &mut Tx| {
            let new = (form.name.as_str(), form.reason.as_str());
            change::rename(tx, &permit, organ.id, form.version, new).await
        })
        .await;
    match outcome {
        Ok(()) => Ok(redirect_with(
            &format!("/workspace/organs/{}", organ.id),
            &format!(
                "“{}”已更名为“{}”，原名称留作曾用名。",
                organ.name,
                form.name.trim()
            ),
        )),
        Err(OrganError::Form(errors)) => refuse(&RenamePage {
            shell,
            organ,
            form,
            errors,
        }),
        Err(OrganError::Store(StoreError::Stale)) => Err(StoreError::Stale.into()),
        Err(error) => Err(error.into()),
    }
}

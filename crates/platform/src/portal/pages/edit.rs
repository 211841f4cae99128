//! The form of one site, for a new one too, and the look before it is kept.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::super::acts::ManagePortals;
use super::super::handle::{self, EmblemChange};
use super::super::known::Look;
use super::super::{
    Accent, Extent, Face, Header, Known, Portal, PortalId, PortalKind, Words, store,
};
use super::DESK;
use super::typed::Typed;
use crate::access::Permit;
use crate::db::{StoreError, Tx};
use crate::fault::{NotDone, form_errors};
use crate::organ;
use crate::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with};

#[derive(Template)]
#[template(path = "portal/edit.html")]
struct EditPage {
    shell: Shell,
    /// `None` for a new one.
    id: Option<PortalId>,
    title: String,
    typed: Typed,
    has_emblem: bool,
    organs: Vec<(String, String)>,
    errors: FormErrors,
    /// What somebody else has kept meanwhile: the field's name and its text.
    meanwhile: Vec<(&'static str, String)>,
}

impl EditPage {
    fn get(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn kinds(&self) -> [(&'static str, &'static str); 2] {
        [("beside", "分站（县区、镇街、部门）"), ("main", "主站")]
    }

    fn extents(&self) -> [(&'static str, &'static str); 2] {
        [Extent::Branch, Extent::Own].map(|one| (one.code(), one.name()))
    }

    fn accents(&self) -> [(&'static str, &'static str); 7] {
        Accent::ALL.map(|one| (one.code(), one.name()))
    }

    fn headers(&self) -> [(&'static str, &'static str); 3] {
        Header::ALL.map(|one| (one.code(), one.name()))
    }

    fn action(&self) -> String {
        self.id
            .map_or_else(|| format!("{DESK}/new"), |id| format!("{DESK}/{id}"))
    }
}

/// Active organs but sections, in the order of the tree, moved in by their depth.
async fn organs(app: &App) -> Result<Vec<(String, String)>, Problem> {
    let all = app
        .db
        .read(async |tx: &mut Tx| organ::store::all(tx).await)
        .await?;
    let choice = (String::new(), "请选择".to_owned());
    let rest = all
        .into_iter()
        .filter(|organ| organ.is_active() && organ.kind != organ::Kind::Section)
        .map(|organ| {
            let indent = "　".repeat(organ.depth());
            (organ.id.to_string(), format!("{indent}{}", organ.name))
        });
    Ok(std::iter::once(choice).chain(rest).collect())
}

async fn form(
    (app, shell): (&App, Shell),
    portal: Option<&Portal>,
    (typed, errors): (Typed, FormErrors),
    meanwhile: Vec<(&'static str, String)>,
) -> Result<Response, Problem> {
    let wrong = !errors.is_empty();
    let status = match (wrong, meanwhile.is_empty()) {
        (_, false) => StatusCode::CONFLICT,
        (true, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, true) => StatusCode::OK,
    };
    let mut made = page(&EditPage {
        shell,
        id: portal.map(|portal| portal.id),
        title: portal.map_or_else(
            || "新增站点".to_owned(),
            |portal| format!("站点“{}”", portal.words.name),
        ),
        typed,
        has_emblem: portal.is_some_and(|portal| !portal.emblem.is_empty()),
        organs: organs(app).await?,
        errors,
        meanwhile,
    })?;
    *made.status_mut() = status;
    Ok(made)
}

/// `GET /workspace/admin/sites/new`
pub(super) async fn blank(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ManagePortals>,
) -> Result<Response, Problem> {
    let typed = (Typed::default(), FormErrors::default());
    form((&app, shell), None, typed, Vec::new()).await
}

async fn load(app: &App, id: PortalId) -> Result<Portal, Problem> {
    app.db
        .read(async |tx: &mut Tx| store::load(tx, id).await)
        .await?
        .ok_or_else(Problem::not_found)
}

/// `GET /workspace/admin/sites/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ManagePortals>,
    Path(id): Path<PortalId>,
) -> Result<Response, Problem> {
    let portal = load(&app, id).await?;
    let typed = (Typed::of(&portal), FormErrors::default());
    form((&app, shell), Some(&portal), typed, Vec::new()).await
}

#[derive(Template)]
#[template(path = "portal/preview.html")]
struct PreviewPage {
    shell: Shell,
}

/// The words as a page of the portal; nothing is kept.
async fn preview(
    (app, mut shell): (&App, Shell),
    portal: Option<&Portal>,
    (words, emblem): (Words, EmblemChange),
) -> Result<Response, Problem> {
    let (organ, extent) = (words.organ, words.extent);
    let placed = app
        .db
        .read(async |tx: &mut Tx| store::placed(tx, organ, extent).await)
        .await?;
    let before = portal.map_or_else(Vec::new, |portal| portal.emblem.clone());
    let shown = Portal {
        id: PortalId::new(uuid::Uuid::nil()),
        organ_name: String::new(),
        emblem: match emblem {
            EmblemChange::Put(png) => png,
            EmblemChange::Drop => Vec::new(),
            EmblemChange::Keep => before,
        },
        version: 0,
        words,
    };
    let look = Look::of(&app.site, &shown, &placed).with_emblem_inside();
    shell.site.clone_from(&look.name);
    shell.face = Face::new(std::sync::Arc::new(Known::only(look)), None);
    shell.person = None;
    page(&PreviewPage { shell })
}

/// `POST /workspace/admin/sites/new`
pub(super) async fn open(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManagePortals>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let typed = Typed::read(multipart).await?;
    let done = match typed.parse(&app.site.url) {
        Ok(wanted) if typed.is_preview() => return preview((&app, shell), None, wanted).await,
        Ok(wanted) => {
            app.db
                .write(async |tx: &mut Tx| handle::open(tx, &permit, wanted.clone()).await)
                .await
        }
        Err(reasons) => Err(NotDone::Refused(reasons)),
    };
    app.portals().forget();
    match done {
        Ok(portal) => Ok(redirect_with(
            DESK,
            &format!("站点“{}”已设立，公众现在可以打开。", portal.words.name),
        )),
        Err(NotDone::Refused(reasons)) => {
            form(
                (&app, shell),
                None,
                (typed, form_errors(reasons)),
                Vec::new(),
            )
            .await
        }
        Err(error) => Err(error.into()),
    }
}

/// Where what was typed and what is stored now differ.
fn differing(typed: &Typed, now: &Portal) -> Vec<(&'static str, String)> {
    let now = Typed::of(now);
    let fields = [
        ("name", "站点名称"),
        ("hosts", "域名"),
        ("extent", "展示范围"),
        ("intro", "简介"),
        ("accent", "主色"),
        ("header", "抬头样式"),
        ("logo", "抬头文字"),
        ("sponsor", "主办单位"),
        ("site_code", "网站标识码"),
        ("icp", "ICP备案号"),
        ("police", "公安备案号"),
        ("contact", "联系方式"),
        ("operator", "承办单位"),
        ("mistakes_url", "网站找错的网址"),
        ("badge_url", "党政机关网站标识的网址"),
    ];
    let mut found: Vec<(&'static str, String)> = fields
        .into_iter()
        .filter(|(field, _)| typed.get(field) != now.get(field))
        .map(|(field, name)| match now.get(field) {
            "" => (name, "（空）".to_owned()),
            text => (name, text.replace('\n', "、")),
        })
        .collect();
    if found.is_empty() {
        found.push(("文字", "与您填写的相同；标识或机关可能已改。".to_owned()));
    }
    found
}

/// `POST /workspace/admin/sites/{id}`
pub(super) async fn change(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManagePortals>,
    Path(id): Path<PortalId>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let mut typed = Typed::read(multipart).await?;
    let before = load(&app, id).await?;
    let version = typed.version();
    let done = match typed.parse(&app.site.url) {
        Ok(wanted) if typed.is_preview() => {
            return preview((&app, shell), Some(&before), wanted).await;
        }
        Ok(wanted) => {
            let of = (id, version);
            app.db
                .write(async |tx: &mut Tx| handle::change(tx, &permit, of, wanted.clone()).await)
                .await
        }
        Err(reasons) => Err(NotDone::Refused(reasons)),
    };
    app.portals().forget();
    match done {
        Ok(portal) => Ok(redirect_with(
            DESK,
            &format!(
                "站点“{}”已修改，公众看到的页面随即更新。",
                portal.words.name
            ),
        )),
        Err(NotDone::Refused(reasons)) => {
            let typed = (typed, form_errors(reasons));
            form((&app, shell), Some(&before), typed, Vec::new()).await
        }
        Err(NotDone::Store(StoreError::Stale)) => {
            let meanwhile = differing(&typed, &before);
            // Who has read the difference and saves again means it.
            typed.set("version", before.version.to_string());
            let typed = (typed, FormErrors::default());
            form((&app, shell), Some(&before), typed, meanwhile).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Closing {
    version: i64,
}

/// `POST /workspace/admin/sites/{id}/close`
pub(super) async fn close(
    State(app): State<App>,
    permit: Permit<ManagePortals>,
    Path(id): Path<PortalId>,
    Form(closing): Form<Closing>,
) -> Result<Response, Problem> {
    let of = (id, closing.version);
    let portal = app
        .db
        .write(async |tx: &mut Tx| handle::close(tx, &permit, of).await)
        .await?;
    app.portals().forget();
    let said = match portal.words.kind {
        PortalKind::Main => "主站恢复为配置文件中的名称和样式。".to_owned(),
        PortalKind::Beside => format!(
            "站点“{}”已撤销，它的域名改为进入主站；信息本身没有改动。",
            portal.words.name
        ),
    };
    Ok(redirect_with(DESK, &said))
}

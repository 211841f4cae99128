//! What stands around every page: names, menu, the person, the reading mode.

use askama::Template;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};

use super::again::{Again, page_before};
use super::app::App;
use super::assets::asset_version;
use super::hanzi::Hanzi;
use super::layers::{ClientAddress, cookie};
use super::local::local_path;
use super::problem::Problem;
use crate::access::{Act, ActRow, Permit, Session};
use crate::portal::{Face, is_for_staff};

/// Says that a response is a page, whatever its status.
pub(super) const PAGE_HEADER: &str = "x-gongkai-page";
/// One sentence for the next page.
pub(super) const FLASH_COOKIE: &str = "gk_flash";
/// Where a reader's [`Mode`] is kept.
pub(super) const MODE_COOKIE: &str = "gk_mode";

/// How the reader wants pages: chosen by a link, kept in a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Normal,
    Elder,
    Contrast,
    Dark,
}

impl Mode {
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "elder" => Self::Elder,
            "contrast" => Self::Contrast,
            "dark" => Self::Dark,
            _ => Self::Normal,
        }
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Elder => "elder",
            Self::Contrast => "contrast",
            Self::Dark => "dark",
        }
    }
}

#[derive(Debug, Clone)]
pub struct NavGroup {
    /// Empty for what stands above all groups.
    pub title: &'static str,
    pub entries: Vec<NavEntry>,
}

#[derive(Debug, Clone)]
pub struct NavEntry {
    pub title: &'static str,
    pub path: &'static str,
    pub current: bool,
    /// What people find there, on the portal.
    pub about: &'static str,
}

/// What a page's 栏目标签 say: 国办发〔2017〕47号, annex 网页标签.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    /// `ColumnType`
    pub kind: &'static str,
    pub about: &'static str,
}

/// Pages of the portal itself, which no entry of its menu names.
const OWN_COLUMNS: [(&str, Column); 4] = [
    (
        "/",
        Column {
            name: "首页",
            kind: "首页",
            about: "最新公开的政府信息和全部栏目。",
        },
    ),
    (
        "/api",
        Column {
            name: "开放接口",
            kind: "开放接口",
            about: "供程序读取的公开信息。",
        },
    ),
    (
        "/feeds",
        Column {
            name: "订阅",
            kind: "订阅",
            about: "可以用阅读软件订阅的最新信息。",
        },
    ),
    (
        "/sitemap",
        Column {
            name: "站点地图",
            kind: "站点地图",
            about: "全部栏目和其中的分类页面。",
        },
    ),
];

/// The words for `ColumnType` that government sites use, by the address of the column.
const COLUMN_TYPES: [(&str, &str); 10] = [
    ("/documents", "政策文件"),
    ("/interpretations", "政策解读"),
    ("/catalogue", "信息公开目录"),
    ("/columns", "专题专栏"),
    ("/guide", "信息公开指南"),
    ("/organs", "机构职能"),
    ("/plans", "工作动态"),
    ("/requests", "依申请公开"),
    ("/requests/progress", "依申请公开"),
    ("/reports", "信息公开年报"),
];

/// The frame's data; every page struct has one in its field `shell`.
#[derive(Debug, Clone)]
pub struct Shell {
    pub site: String,
    /// The site that the request's host names.
    pub face: Face,
    /// The one address of what the page shows, where it may be shown at several.
    pub canonical: Option<String>,
    pub demo: bool,
    pub mode: Mode,
    /// The characters that the reader wants pages of the public in.
    pub hanzi: Hanzi,
    pub path: String,
    /// Path and query, for links that come back here; of the form's page where this answers a form, since a form's own
    /// address need not have a page.
    pub target: String,
    /// The page of this site that led here, as the browser tells.
    pub came_from: Option<String>,
    pub person: Option<Session>,
    pub nav: Vec<NavGroup>,
    /// The portal's menu.
    pub portal: Vec<NavEntry>,
    /// One sentence about what was just done.
    pub flash: Option<String>,
    /// The form that was sent from this page and refused.
    pub again: Again,
    pub assets: &'static str,
}

impl Shell {
    pub(super) fn of(app: &App, request: &Request) -> Self {
        Self::build(
            app,
            request.method(),
            request.uri(),
            request.headers(),
            request.extensions(),
        )
    }

    fn build(
        app: &App,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Self {
        let person = extensions.get::<Session>();
        let face = extensions.get::<Face>().cloned();
        let face = face.unwrap_or_else(|| Face::plain(app));
        let path = uri.path().to_owned();
        let mut nav: Vec<NavGroup> = Vec::new();
        let items: Vec<_> = app
            .nav
            .iter()
            .filter(|item| person.is_some_and(|person| person.may(&item.act)))
            .collect();
        let leads_here = |entry: &str| {
            path == entry || (entry != "/workspace" && path.starts_with(&format!("{entry}/")))
        };
        // An entry below another one is the nearer: `/workspace/catalogue/units`, not `/workspace/catalogue`.
        let nearest = items
            .iter()
            .map(|item| item.path)
            .filter(|entry| leads_here(entry))
            .max_by_key(|entry| entry.len());
        for item in items {
            let entry = NavEntry {
                title: item.title,
                path: item.path,
                current: nearest == Some(item.path),
                about: "",
            };
            match nav.iter_mut().find(|group| group.title == item.group) {
                Some(group) => group.entries.push(entry),
                None => nav.push(NavGroup {
                    title: item.group,
                    entries: vec![entry],
                }),
            }
        }
        Self {
            site: face.name.clone(),
            face,
            canonical: None,
            demo: app.site.demo,
            mode: Mode::from_code(cookie(headers, MODE_COOKIE).unwrap_or("")),
            hanzi: Hanzi::of(headers),
            target: target(method, uri, headers),
            portal: portal_menu(app, &path),
            came_from: page_before(headers),
            path,
            person: person.cloned(),
            nav,
            flash: cookie(headers, FLASH_COOKIE).and_then(|text| {
                percent_encoding::percent_decode_str(text)
                    .decode_utf8()
                    .ok()
                    .map(|text| text.into_owned())
            }),
            again: extensions.get::<Again>().cloned().unwrap_or_default(),
            assets: asset_version(),
        }
    }

    /// Marks an entry of the menu that leads to this page for this person, where its address stands below another's; without
    /// such an entry nothing changes.
    pub fn stand_under(&mut self, entry: &str) {
        let mut entries = self.nav.iter().flat_map(|group| &group.entries);
        if !entries.any(|one| one.path == entry) {
            return;
        }
        for one in self.nav.iter_mut().flat_map(|group| &mut group.entries) {
            one.current = one.path == entry;
        }
    }

    /// The column of the portal that the page stands in; `None` outside all of them.
    #[must_use]
    pub fn column(&self) -> Option<Column> {
        if let Some((_, own)) = OWN_COLUMNS.iter().find(|(path, _)| *path == self.path) {
            return Some(*own);
        }
        let entry = self.portal.iter().find(|entry| entry.current)?;
        let known = COLUMN_TYPES.iter().find(|(path, _)| *path == entry.path);
        Some(Column {
            name: entry.title,
            // A column without a word of its own is named by its title.
            kind: known.map_or(entry.title, |(_, kind)| *kind),
            about: entry.about,
        })
    }

    /// Does an entry of the portal's menu lead there?
    #[must_use]
    pub fn leads_to(&self, path: &str) -> bool {
        self.portal.iter().any(|entry| entry.path == path)
    }

    /// Can the page be had in traditional characters? Those of people who work here cannot.
    #[must_use]
    pub fn offers_hanzi(&self) -> bool {
        !is_for_staff(&self.path)
    }

    /// Has the portal's head a search box? Not above a page that is one itself, nor where nothing answers it.
    #[must_use]
    pub fn has_head_search(&self) -> bool {
        let is_search = ["/", "/search"].contains(&self.path.as_str());
        // Staff see the portal's frame in a preview, which shows the box of the first page.
        !is_search && !is_for_staff(&self.path) && self.leads_to("/search")
    }

    /// May the person at the keyboard do this act? For buttons.
    #[must_use]
    pub fn may(&self, act: &ActRow) -> bool {
        self.person.as_ref().is_some_and(|person| person.may(act))
    }

    /// `联络员（市司法局）、…`: the roles of the person at the keyboard.
    #[must_use]
    pub fn roles_line(&self) -> String {
        let Some(person) = &self.person else {
            return String::new();
        };
        person
            .roles
            .iter()
            .map(|held| format!("{}（{}）", held.role.name(), held.organ_name))
            .collect::<Vec<_>>()
            .join("、")
    }
}

/// The page that shows this again: itself, or the one on which the form stood.
fn target(method: &Method, uri: &Uri, headers: &HeaderMap) -> String {
    if method == Method::POST {
        let start = if is_for_staff(uri.path()) {
            "/workspace"
        } else {
            "/"
        };
        return page_before(headers).unwrap_or_else(|| start.to_owned());
    }
    let own = uri.path_and_query();
    own.map_or_else(|| uri.path().to_owned(), ToString::to_string)
}

/// The path that the browser says it came from, where it is one of this host.
pub(super) fn came_from(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name)?.to_str().ok();
    let (_, rest) = text(header::REFERER)?.split_once("://")?;
    let path = rest.strip_prefix(text(header::HOST)?)?;
    (local_path(path, "") == path && path.len() > 1).then(|| path.to_owned())
}

fn portal_menu(app: &App, path: &str) -> Vec<NavEntry> {
    let entries = app.seams.portal.iter();
    let leads_here = |entry: &&str| path == *entry || path.starts_with(&format!("{entry}/"));
    let nearest = entries.clone().map(|entry| entry.path);
    let nearest = nearest.filter(leads_here).max_by_key(|entry| entry.len());
    entries
        .map(|entry| NavEntry {
            title: entry.title,
            path: entry.path,
            about: entry.about,
            current: nearest == Some(entry.path),
        })
        .collect()
}

impl FromRequestParts<App> for Shell {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self::build(
            app,
            &parts.method,
            &parts.uri,
            &parts.headers,
            &parts.extensions,
        ))
    }
}

/// Proof of a session, for what everybody does with their own account.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Session);

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Session>()
            .cloned()
            .map(Self)
            .ok_or_else(|| Problem::new(Problem::SIGN_IN))
    }
}

impl<A: Act> FromRequestParts<App> for Permit<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let session = parts
            .extensions
            .get::<Session>()
            .ok_or_else(|| Problem::new(Problem::SIGN_IN))?;
        session.permit::<A>().ok_or_else(|| {
            Problem::new(Problem::FORBIDDEN).detail(format!("需要的权限：{}。", A::ROW.name))
        })
    }
}

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .copied()
            .ok_or_else(|| Problem::new(Problem::INTERNAL))
    }
}

/// Renders a page.
///
/// # Errors
/// When the template fails, which is a programmer's mistake and becomes the internal problem.
pub fn page(template: &impl Template) -> Result<Response, Problem> {
    let mut response = Html(template.render()?).into_response();
    response
        .headers_mut()
        .insert(PAGE_HEADER, HeaderValue::from_static("1"));
    Ok(response)
}

/// A page that shows a form again with what was wrong in it. The status says that nothing was kept.
///
/// # Errors
/// As [`page`].
pub fn refuse(template: &impl Template) -> Result<Response, Problem> {
    let mut response = page(template)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    shell: Shell,
    problem: &'a Problem,
    number: &'a str,
}

/// The same between the portal's head and foot.
#[derive(Template)]
#[template(path = "portal/problem.html")]
struct PublicProblemPage<'a> {
    shell: Shell,
    problem: &'a Problem,
    number: &'a str,
}

impl PublicProblemPage<'_> {
    /// The columns of this portal that lead on from a dead end.
    fn ways(&self) -> Vec<&NavEntry> {
        const WAYS: [&str; 3] = ["/search", "/requests", "/guide"];
        let entry = |path| self.shell.portal.iter().find(|entry| entry.path == path);
        WAYS.into_iter().filter_map(entry).collect()
    }
}

pub(super) fn problem_page(shell: Shell, problem: &Problem, number: &str) -> Response {
    let html = if is_for_staff(&shell.path) {
        ProblemPage {
            shell,
            problem,
            number,
        }
        .render()
    } else {
        PublicProblemPage {
            shell,
            problem,
            number,
        }
        .render()
    };
    match html {
        Ok(html) => (problem.status(), Html(html)).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, problem.row.title).into_response(),
    }
}

pub(super) fn problem_json(problem: &Problem, number: &str) -> Response {
    let body = serde_json::json!({
        "type": format!("urn:gongkai:problem:{}", problem.row.code),
        "title": problem.row.title,
        "status": problem.row.status,
        "detail": problem.details.join("；"),
        "safe": problem.row.safe,
        "advice": problem.row.advice,
        "instance": number,
    });
    (
        problem.status(),
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}

//! For machines: the site map, the feed of what is new, the search description, the rules for robots.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::Face;
use gongkai_platform::seam::{PAGES_AT_ONCE, PublicPage};
use gongkai_platform::web::{App, Hanzi, Problem, Query as Asked, Shell, page};
use gongkai_search::{Answer, Hit, OFFSET_MAX, Order, Query};
use jiff::Timestamp;

use super::page::Wanted;
use super::{Finding, failed, within};

/// Addresses of one part of the site map, as its standard allows.
const PART_MAX: i64 = 50_000;
/// The same, for what is in memory.
const PART_ROWS_MAX: usize = 50_000;
/// Entries of the feed.
const FEED: usize = 50;
/// Pages that belong to no capability.
pub(super) const OWN_PAGES: [&str; 5] = ["/", "/api", "/feeds", "/search", "/sitemap"];

/// `<` and its kind, for text inside XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no place for other control characters.
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

fn xml(kind: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

#[derive(Template)]
#[template(path = "find/feed.xml", escape = "xml")]
struct Feed<'a> {
    url: &'a str,
    name: &'a str,
    title: String,
    /// The whole address of the page for people, and the feed's own.
    page: String,
    own: String,
    /// What names the feed for good.
    id: String,
    previous: Option<String>,
    next: Option<String>,
    updated: String,
    /// The feeds of parts of the site.
    related: Vec<(String, String)>,
    entries: Vec<FeedEntry>,
}

struct FeedEntry {
    title: String,
    path: String,
    published: String,
    /// Later than it was published where it was corrected.
    updated: String,
    summary: String,
}

#[derive(Template)]
#[template(path = "find/feeds.html")]
struct FeedsPage {
    shell: Shell,
    feeds: Vec<(String, String)>,
}

/// What a site offers to subscribe to beside all that is new.
async fn feeds(app: &App, face: &Face) -> Result<Vec<(String, String)>, Problem> {
    let of_sources = async |tx: &mut Tx| {
        let mut feeds = Vec::new();
        for source in &app.seams.pages {
            feeds.append(&mut source.feeds(tx, &face.scope).await?);
        }
        Ok::<_, StoreError>(feeds)
    };
    Ok(app.db.read(of_sources).await?)
}

/// `GET /feeds`
pub(super) async fn list(State(app): State<App>, shell: Shell) -> Result<Response, Problem> {
    let feeds = feeds(&app, &shell.face).await?;
    page(&FeedsPage { shell, feeds })
}

fn instant(day: i64) -> String {
    format!(
        "{:04}-{:02}-{:02}T00:00:00+08:00",
        day / 10_000,
        day / 100 % 100,
        day % 100
    )
}

/// `GET /feed.xml`
pub(super) async fn atom(
    State(app): State<App>,
    finder: Finding,
    face: Face,
) -> Result<Response, Problem> {
    let query = Query {
        within: within(&app, &face).await?,
        order: Order::Newest,
        limit: FEED,
        ..Query::default()
    };
    let answer = finder.query(query).await.map_err(|error| failed(&error))?;
    let entries = entries(answer.hits);
    let feed = Feed {
        url: &face.url,
        name: &face.name,
        title: format!("{}政府信息公开", face.name),
        page: format!("{}/", face.url),
        own: format!("{}/feed.xml", face.url),
        id: format!("{}/", face.url),
        previous: None,
        next: None,
        updated: updated(&entries),
        related: feeds(&app, &face).await?,
        entries,
    };
    Ok(xml("application/atom+xml; charset=utf-8", feed.render()?))
}

/// What has a day, in the order given.
fn entries(hits: Vec<Hit>) -> Vec<FeedEntry> {
    let entry = |hit: Hit| {
        let void = if hit.void {
            format!("（{}）", hit.validity)
        } else {
            String::new()
        };
        FeedEntry {
            title: hit.title.plain() + &void,
            path: hit.path,
            published: instant(hit.day),
            updated: instant(hit.day.max(hit.changed)),
            summary: hit.snippet.plain(),
        }
    };
    let dated = hits.into_iter().filter(|hit| hit.day > 0);
    dated.map(entry).collect()
}

/// The newest stands first, and an older one may have been corrected since.
fn updated(entries: &[FeedEntry]) -> String {
    let updated = entries.iter().map(|entry| entry.updated.clone()).max();
    updated.unwrap_or_else(|| instant(19_700_101))
}

/// `GET /search/feed.xml?q=…`: what a search finds, the newest first, so that what is new comes to whoever subscribed.
pub(super) async fn of_search(
    State(app): State<App>,
    finder: Finding,
    face: Face,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let number = wanted.page_of(FEED);
    let query = Query {
        order: Order::Newest,
        offset: (number - 1) * FEED,
        limit: FEED,
        ..wanted.query(Hanzi::Simplified, within(&app, &face).await?)
    };
    let mut answer = finder.query(query).await.map_err(|error| failed(&error))?;
    if answer.relaxed {
        // What has only some of the words is an answer for people, and no news.
        answer = Answer::default();
    }
    let (total, entries) = (answer.total, entries(answer.hits));
    let at = |page: usize| format!("{}{}", face.url, wanted.feed(wanted.typed(), page));
    let feed = Feed {
        url: &face.url,
        name: &face.name,
        title: format!("检索“{}” · {}政府信息公开", wanted.typed(), face.name),
        page: format!("{}{}", face.url, wanted.with("sort", "newest")),
        own: at(number),
        id: at(1),
        previous: (number > 1).then(|| at(number - 1)),
        next: (number * FEED < total && number * FEED <= OFFSET_MAX).then(|| at(number + 1)),
        updated: updated(&entries),
        related: Vec::new(),
        entries,
    };
    Ok(xml("application/atom+xml; charset=utf-8", feed.render()?))
}

/// Where the parts of one capability begin.
async fn parts(app: &App, face: &Face, source: usize) -> Result<Vec<Option<String>>, Problem> {
    let source = app.seams.pages.get(source).ok_or_else(Problem::not_found)?;
    let read = async |tx: &mut Tx| source.parts(tx, &face.scope, PART_MAX).await;
    Ok(app.db.read(read).await?)
}

/// The addresses of one part of a capability, in the order of paths.
async fn addresses(
    app: &App,
    face: &Face,
    (source, part): (usize, usize),
) -> Result<Vec<PublicPage>, Problem> {
    let starts = parts(app, face, source).await?;
    let source = app.seams.pages.get(source).ok_or_else(Problem::not_found)?;
    let mut last = starts.get(part).cloned().ok_or_else(Problem::not_found)?;
    let end = starts.get(part.saturating_add(1)).cloned().flatten();
    let mut all: Vec<PublicPage> = Vec::new();
    loop {
        let read = async |tx: &mut Tx| {
            source
                .urls(tx, &face.scope, last.as_deref(), PAGES_AT_ONCE)
                .await
        };
        let pages = app.db.read(read).await?;
        let Some(next) = pages.last().map(|page| page.path.clone()) else {
            return Ok(all);
        };
        for page in pages {
            let is_end = end.as_ref() == Some(&page.path);
            all.push(page);
            // More came meanwhile than a part holds: they are told the next time.
            if is_end || all.len() == PART_ROWS_MAX {
                return Ok(all);
            }
        }
        last = Some(next);
    }
}

/// `GET /sitemap.xml`: its parts; the first of all holds the fixed pages.
pub(super) async fn sitemap_index(State(app): State<App>, face: Face) -> Result<Response, Problem> {
    let url = escaped(&face.url);
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    body.push_str(&format!(
        "<sitemap><loc>{url}/sitemap/fixed.xml</loc></sitemap>\n"
    ));
    for source in 0..app.seams.pages.len() {
        let parts = parts(&app, &face, source).await?;
        for part in 0..parts.len() {
            body.push_str(&format!(
                "<sitemap><loc>{url}/sitemap/{source}-{part}.xml</loc></sitemap>\n"
            ));
        }
    }
    body.push_str("</sitemapindex>\n");
    Ok(xml("application/xml; charset=utf-8", body))
}

/// `GET /sitemap/{part}`
pub(super) async fn sitemap(
    State(app): State<App>,
    face: Face,
    Path(part): Path<String>,
) -> Result<Response, Problem> {
    let part = part.strip_suffix(".xml").ok_or_else(Problem::not_found)?;
    let url = escaped(&face.url);
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    if part == "fixed" {
        let fixed = app.seams.pages.iter().flat_map(|source| source.fixed());
        for path in OWN_PAGES.into_iter().chain(fixed) {
            body.push_str(&format!("<url><loc>{url}{}</loc></url>\n", escaped(path)));
        }
    } else {
        let numbers = part.split_once('-');
        let (source, part): (usize, usize) = numbers
            .and_then(|(source, part)| Some((source.parse().ok()?, part.parse().ok()?)))
            .ok_or_else(Problem::not_found)?;
        for page in addresses(&app, &face, (source, part)).await? {
            let changed = Timestamp::from_millisecond(page.changed_at).unwrap_or_default();
            body.push_str(&format!(
                "<url><loc>{url}{}</loc><lastmod>{}</lastmod></url>\n",
                escaped(&page.path),
                changed.strftime("%Y-%m-%dT%H:%M:%SZ")
            ));
        }
    }
    body.push_str("</urlset>\n");
    Ok(xml("application/xml; charset=utf-8", body))
}

/// `GET /opensearch.xml`
pub(super) async fn opensearch(face: Face) -> Response {
    let (url, name) = (escaped(&face.url), escaped(&face.name));
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{name}政府信息</ShortName>\n<Description>在{name}政府信息公开网站中查找</Description>\n\
         <InputEncoding>UTF-8</InputEncoding>\n\
         <Url type=\"text/html\" template=\"{url}/search?q={{searchTerms}}\"/>\n\
         <Url type=\"application/x-suggestions+json\" template=\"{url}/search/typed?q={{searchTerms}}\"/>\n\
         </OpenSearchDescription>\n"
    );
    xml("application/opensearchdescription+xml; charset=utf-8", body)
}

/// `GET /robots.txt`
pub(super) async fn robots(face: Face) -> String {
    format!(
        "User-agent: *\nDisallow: /workspace\nDisallow: /login\nDisallow: /enter\nDisallow: /search?\nDisallow: /search/\n\nSitemap: {}/sitemap.xml\n",
        face.url
    )
}

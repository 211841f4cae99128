//! The index of this node: it follows the audit chain with a cursor of its own, and can be deleted at any time.

pub(crate) mod acts;
mod alike;
mod desk;
mod feed;
mod follow;
mod home;
mod map;
mod miss;
mod open;
mod page;
mod pick;
mod same;
mod saved;
mod staff;
mod store;
#[cfg(test)]
pub(crate) mod tests;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Extension;
use axum::http::Method;
use gongkai_platform::access::Act as _;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::{self, Face};
use gongkai_platform::seam::PortalEntry;
use gongkai_platform::web::{App, NavItem, Problem, Route};
use gongkai_search::{Answer, Index, Query, SearchError, Synonyms};

use acts::ManageSearch;
pub use follow::{catch_up, follow, step};

/// What handlers of this module take.
type Finding = Extension<Finder>;

/// The index and where it stands in the chain; cheap to clone.
#[derive(Debug, Clone)]
pub struct Finder {
    index: Arc<Index>,
    /// The newest event that was looked at; the index itself remembers the last one that changed it.
    seen: Arc<Mutex<Option<follow::Cursor>>>,
    misses: Arc<miss::Misses>,
    /// The office's synonyms were read since this process began.
    has_learned: Arc<AtomicBool>,
}

impl Finder {
    /// Opens the index of a folder, or begins an empty one.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        Ok(Self {
            index: Arc::new(Index::open(folder)?),
            seen: Arc::default(),
            misses: Arc::default(),
            has_learned: Arc::default(),
        })
    }

    /// Answers beside the threads that serve.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub async fn query(&self, query: Query) -> Result<Answer, SearchError> {
        let index = self.index.clone();
        blocking(move || index.query(&query)).await
    }

    /// Forgets what the index holds: the next look builds it anew, as where its folder was lost.
    ///
    /// # Errors
    /// When another process writes the index, or the disk fails.
    pub async fn forget(&self) -> Result<(), SearchError> {
        let index = self.index.clone();
        blocking(move || index.clear("")).await?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    async fn typed(&self, query: Query) -> Result<Vec<String>, SearchError> {
        let index = self.index.clone();
        blocking(move || index.typed(&query)).await
    }

    /// The office's synonyms, from the next query on.
    fn knows(&self, own: Synonyms) {
        self.index.set_synonyms(own);
        self.has_learned.store(true, Ordering::Release);
    }

    fn has_learned(&self) -> bool {
        self.has_learned.load(Ordering::Acquire)
    }

    fn seen(&self) -> Option<follow::Cursor> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }

    fn saw(&self, cursor: follow::Cursor) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(cursor);
    }
}

/// The organs whose records a site's search may find; `None` for all.
async fn within(app: &App, face: &Face) -> Result<Option<Vec<String>>, StoreError> {
    let organs = app
        .db
        .read(async |tx: &mut Tx| portal::store::organs(tx, &face.scope).await)
        .await?;
    Ok(organs.map(|organs| organs.iter().map(ToString::to_string).collect()))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
) -> Result<T, SearchError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(_) => Err(SearchError::Folder(std::io::Error::other(
            "the search was cut off",
        ))),
    }
}

/// The portal's own pages.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::public(Method::GET, "/", home::show).for_all(),
        Route::public(Method::GET, "/search", page::show),
        Route::public(Method::GET, "/search/typed", page::typed),
        Route::public(Method::GET, "/search/feed.xml", feed::of_search).for_all(),
        Route::public(Method::GET, "/opensearch.xml", feed::opensearch),
        Route::public(Method::GET, "/feed.xml", feed::atom).for_all(),
        Route::public(Method::GET, "/feeds", feed::list).for_all(),
        Route::public(Method::GET, "/api", open::show).for_all(),
        Route::public(Method::GET, "/sitemap", map::show).for_all(),
        Route::public(Method::GET, "/sitemap.xml", feed::sitemap_index).for_all(),
        Route::public(Method::GET, "/sitemap/{part}", feed::sitemap).for_all(),
        Route::public(Method::GET, "/robots.txt", feed::robots),
        Route::signed_in(Method::GET, "/workspace/find", staff::show),
        Route::signed_in(Method::POST, "/workspace/find/saved", staff::save),
        Route::signed_in(
            Method::POST,
            "/workspace/find/saved/{id}/rename",
            staff::rename,
        ),
        Route::signed_in(
            Method::POST,
            "/workspace/find/saved/{id}/delete",
            staff::delete,
        ),
        Route::act::<ManageSearch, _, _>(Method::GET, "/workspace/search", desk::show),
        Route::act::<ManageSearch, _, _>(Method::POST, "/workspace/search/picks", desk::add),
        Route::act::<ManageSearch, _, _>(
            Method::POST,
            "/workspace/search/picks/{id}/remove",
            desk::remove,
        ),
        Route::act::<ManageSearch, _, _>(Method::POST, "/workspace/search/same", desk::add_same),
        Route::act::<ManageSearch, _, _>(
            Method::POST,
            "/workspace/search/same/{id}/remove",
            desk::remove_same,
        ),
    ]
}

/// The workspace's menu.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        group: "信息发布",
        title: "检索管理",
        path: "/workspace/search",
        act: ManageSearch::ROW,
    }]
}

/// What the portal's menu may hold, in its order.
const ENTRIES: [PortalEntry; 12] = [
    entry(
        "政策文件",
        "/documents",
        "规章、行政规范性文件和其他文件，标明是否有效。",
    ),
    entry(
        "政策解读",
        "/interpretations",
        "文件是什么意思，和您有什么关系。",
    ),
    entry("政府公报", "/gazette", "各期公报的目录和全文。"),
    entry(
        "主动公开目录",
        "/catalogue",
        "应当公开的事项、由谁公开、公开在哪里。",
    ),
    entry(
        "重点领域",
        "/columns",
        "财政、教育、医疗、养老等领域的信息。",
    ),
    entry("公开指南", "/guide", "怎样查找和申请政府信息。"),
    entry(
        "机构职能",
        "/organs",
        "各机关的职能、地址、电话、负责人和公开的信息。",
    ),
    entry(
        "工作要点进展",
        "/plans",
        "每项工作由谁负责、何时完成、做到了哪一步。",
    ),
    entry("依申请公开", "/requests", "没有找到的信息，可以申请公开。"),
    entry(
        "申请进度",
        "/requests/progress",
        "凭查询码查看申请办到了哪一步。",
    ),
    entry("年度报告", "/reports", "各机关的政府信息公开工作年度报告。"),
    entry("检索", "/search", "按词语、文号、索引号、拼音查找。"),
];

const fn entry(title: &'static str, path: &'static str, about: &'static str) -> PortalEntry {
    PortalEntry { title, path, about }
}

/// The entries whose pages this program has.
#[must_use]
pub fn portal(routes: &[Route]) -> Vec<PortalEntry> {
    let there = |entry: &PortalEntry| {
        routes
            .iter()
            .any(|route| route.path == entry.path && route.method == Method::GET)
    };
    ENTRIES.into_iter().filter(there).collect()
}

/// A failed search as a page.
fn failed(error: &SearchError) -> Problem {
    tracing::error!(error = error as &dyn std::error::Error, "the search failed");
    Problem::new(Problem::INTERNAL).detail("检索暂时不能使用，文件本身没有受影响。请先从栏目查找。")
}

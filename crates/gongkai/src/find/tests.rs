//! The index beside both databases: a small portal of notes, and what its visitors and the office do with it.

mod feed;
mod found;
mod missed;
mod same;
mod saved;
mod staff;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Extension;
use axum::extract::Path;
use axum::http::Method;
use axum::response::{Html, IntoResponse as _, Response};
use gongkai_basis::Actor;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx};
use gongkai_platform::seam::{Entry, PublicPage, PublicPages, Seams, Searchable};
use gongkai_platform::testing::{self, Backend, Guard, MovableClock};
use gongkai_platform::web::{self, App, Problem, Route};

use super::{Finder, routes};

/// A capability of notes: id, and title and body. What stands here is public.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<BTreeMap<String, (String, String)>>>);

impl Notes {
    fn ids_after(&self, last: &str, limit: i64) -> Vec<String> {
        let notes = self.0.lock().unwrap();
        let later = notes.keys().filter(|id| id.as_str() > last);
        later
            .take(usize::try_from(limit).unwrap())
            .cloned()
            .collect()
    }
}

#[async_trait]
impl Searchable for Notes {
    fn kinds(&self) -> &'static [&'static str] {
        &["note"]
    }

    async fn entries(&self, _: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError> {
        let notes = self.0.lock().unwrap();
        let entry = |of: &Ref| {
            let (title, body) = notes.get(&of.id)?;
            Some(Entry {
                kind: "note".into(),
                id: of.id.clone(),
                title: title.clone(),
                path: format!("/notes/{}", of.id),
                body: body.clone(),
                class: "通知公告".into(),
                dated_on: Some("2026-03-05".parse().unwrap()),
                changed_on: title
                    .contains("（修订）")
                    .then(|| "2026-03-09".parse().unwrap()),
                ..Entry::default()
            })
        };
        let entries = refs.iter().map(entry).collect();
        Ok(entries)
    }

    async fn after(
        &self,
        _: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError> {
        let ids = self.ids_after(last.map_or("", |of| of.id.as_str()), limit);
        let of = |id| Ref {
            kind: "note".into(),
            id,
        };
        Ok(ids.into_iter().map(of).collect())
    }
}

#[async_trait]
impl PublicPages for Notes {
    fn fixed(&self) -> Vec<&'static str> {
        Vec::new()
    }

    async fn feeds(&self, _: &mut Tx, _: &Scope) -> Result<Vec<(String, String)>, StoreError> {
        Ok(vec![("便笺".to_owned(), "/feed.xml".to_owned())])
    }

    async fn urls(
        &self,
        _: &mut Tx,
        _: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError> {
        let last = after.and_then(|path| path.strip_prefix("/notes/"));
        let ids = self.ids_after(last.unwrap_or(""), limit);
        let page = |id| PublicPage {
            path: format!("/notes/{id}"),
            changed_at: 0,
        };
        Ok(ids.into_iter().map(page).collect())
    }
}

async fn note(
    Extension(notes): Extension<Notes>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let notes = notes.0.lock().unwrap();
    let (title, body) = notes.get(&id).ok_or_else(Problem::not_found)?;
    Ok(Html(format!("<title>{title}</title>{body}")).into_response())
}

pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) app: App,
    pub(crate) router: axum::Router,
    pub(crate) notes: Notes,
    pub(crate) finder: Finder,
    pub(crate) guard: Guard,
}

impl World {
    pub(crate) async fn on(backend: &Backend) -> Self {
        let clock = MovableClock::at("2026-03-05T08:00:00+08:00");
        let (db, guard) = testing::scratch(backend, clock.clock()).await;
        let notes = Notes::default();
        let mut parts = testing::parts(&db, &guard, Vec::new());
        parts.seams = Seams {
            searchable: vec![Arc::new(notes.clone())],
            pages: vec![Arc::new(notes.clone())],
            lookups: vec![Arc::new(staff::Cases)],
            ..Seams::default()
        };
        let app = App::new(parts);
        let finder = Finder::open(&guard.folder().join("search")).unwrap();
        let mut table = routes();
        table.push(Route::public(Method::GET, "/notes/{id}", note));
        table.push(Route::public(
            Method::GET,
            "/assets/{version}/{name}",
            web::asset,
        ));
        let router = web::router(table)
            .layer(Extension(finder.clone()))
            .layer(Extension(notes.clone()));
        let router = web::wrap(router, app.clone());
        Self {
            db,
            app,
            router,
            notes,
            finder,
            guard,
        }
    }

    pub(crate) async fn publish(&self, id: &str, title: &str, body: &str) {
        let kept = (title.to_owned(), body.to_owned());
        self.notes.0.lock().unwrap().insert(id.into(), kept);
        self.changed(id).await;
    }

    pub(crate) async fn withdraw(&self, id: &str) {
        self.notes.0.lock().unwrap().remove(id);
        self.changed(id).await;
    }

    async fn changed(&self, id: &str) {
        self.db
            .write(async |tx: &mut Tx| {
                tx.record(Event::new(
                    &Actor::System,
                    "note.changed",
                    ("note", id.into()),
                    "改",
                ));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }
}

fn asking(words: &str) -> String {
    web::address("/search", &[("q", words)])
}

#[test]
fn the_menu_holds_only_pages_that_exist() {
    let routes = crate::compose::routes();
    let entries = super::portal(&routes);
    assert!(entries.iter().any(|entry| entry.path == "/plans"));
    for entry in entries {
        assert!(
            routes.iter().any(|route| route.path == entry.path),
            "{}",
            entry.path
        );
    }
}

/// Cleaned texts hold links whose address was no web address: their words stay words.
#[tokio::test]
async fn what_leads_nowhere_does_not_look_like_a_link() {
    let world = World::on(&Backend::Sqlite).await;
    let mut visitor = testing::Browser::new(world.router.clone());
    let style = format!("/assets/{}/gongkai.css", web::asset_version());
    let style = visitor.get(&style).await.text();
    let plain = style.find("\na:not([href]) { color: inherit;").unwrap();
    assert!(
        style.find("\na:hover {").is_some_and(|link| link < plain),
        "the later of two that are as near counts"
    );
}

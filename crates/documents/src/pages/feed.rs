//! Lists of documents as Atom feeds.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongkai_platform::db::Tx;
use gongkai_platform::portal::Face;
use gongkai_platform::web::{App, Problem};

use super::portal::{LIST, with_validity};
use crate::document::Document;
use crate::document::body::escape;
use crate::document::store::{self, Library};
use crate::document::validity::Validity;

/// Entries of the feed.
pub(super) const FEED_MAX: i64 = 50;

/// `GET /documents/feed.xml`: the newest, as an Atom feed.
pub(super) async fn feed(State(app): State<App>, face: Face) -> Result<Response, Problem> {
    let shown = Library {
        within: face.scope.clone(),
        ..Library::default()
    };
    let today = app.today();
    let documents = app
        .db
        .read(async |tx: &mut Tx| {
            let documents = store::library(tx, &shown, (0, FEED_MAX)).await?;
            with_validity(tx, documents, today).await
        })
        .await?;
    let title = format!("{} 政府信息公开", face.name);
    Ok(atom(&face.url, (&title, LIST), &documents))
}

/// One entry of a feed.
pub(super) struct Entry {
    pub(super) title: String,
    pub(super) path: String,
    /// Milliseconds.
    pub(super) at: Option<i64>,
    pub(super) by: String,
    pub(super) class: &'static str,
}

/// Documents as an Atom feed of the list at this path.
pub(super) fn atom(
    site: &str,
    (title, list): (&str, &str),
    documents: &[(Document, Validity)],
) -> Response {
    let entry = |(document, validity): &(Document, Validity)| Entry {
        title: format!("{}{}", document.title, validity.mark()),
        path: format!("{LIST}/{}", document.id),
        at: document.changed_at(),
        by: document.organ_name.clone(),
        class: document.kind.name(),
    };
    let entries: Vec<Entry> = documents.iter().map(entry).collect();
    of_entries(site, (title, list, list.to_owned()), &entries)
}

/// The entries, newest first, as an Atom feed of the list at this path.
///
/// `title`, the list for people, and what stands before `/feed.xml` in the feed's own address, which names it for good.
pub(super) fn of_entries(
    site: &str,
    (title, list, own): (&str, &str, String),
    entries: &[Entry],
) -> Response {
    let time = |at: Option<i64>| {
        let instant = at
            .and_then(|at| jiff::Timestamp::from_millisecond(at).ok())
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">",
    );
    let newest = entries.iter().filter_map(|entry| entry.at).max();
    let _ = write!(
        xml,
        "<title>{}</title><id>{site}{own}</id><link href=\"{site}{list}\"/><link rel=\"self\" href=\"{site}{own}/feed.xml\"/><updated>{}</updated>",
        escape(title),
        time(newest),
    );
    for entry in entries {
        let path = &entry.path;
        let _ = write!(
            xml,
            "<entry><title>{}</title><id>{site}{path}</id><link href=\"{site}{path}\"/><updated>{}</updated><author><name>{}</name></author><category term=\"{}\"/></entry>",
            escape(&entry.title),
            time(entry.at),
            escape(&entry.by),
            entry.class,
        );
    }
    xml.push_str("</feed>\n");
    (
        [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")],
        xml,
    )
        .into_response()
}

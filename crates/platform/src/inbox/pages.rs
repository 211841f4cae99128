//! The screen of the inbox. Everybody reads their own and nobody else's.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::Date;
use gongkai_basis::id::MessageId;
use serde::Deserialize;

use super::store::{self, Narrow};
use super::{Message, Topic};
use crate::db::{StoreError, Tx};
use crate::web::{
    self, App, Form, Paging, Problem, Query, Route, Shell, SignedIn, page, redirect_with,
};

const DESK: &str = "/workspace/inbox";

/// The routes of the inbox.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::signed_in(Method::GET, "/workspace/inbox", list),
        Route::signed_in(Method::POST, "/workspace/inbox/read", read_all),
        Route::signed_in(Method::POST, "/workspace/inbox/{id}/open", open),
        Route::signed_in(Method::POST, "/workspace/inbox/{id}/read", read),
    ]
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    topic: String,
    unread: String,
    page: String,
}

impl Filter {
    fn narrow(&self) -> Narrow {
        Narrow {
            topic: Topic::from_code(&self.topic),
            unread_only: self.unread == "1",
        }
    }

    fn address(&self) -> String {
        let parts = [("topic", self.topic.as_str()), ("unread", &self.unread)];
        web::address(DESK, &parts)
    }
}

#[derive(Template)]
#[template(path = "inbox/list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    messages: Vec<Message>,
    paging: Paging,
    /// Unread ones of all topics.
    unread: i64,
    topics: Vec<(Topic, i64)>,
    /// Milliseconds since 1970: what comes later stays unread.
    now: i64,
}

impl ListPage {
    fn options(&self) -> Vec<(&'static str, &'static str)> {
        Topic::options()
    }

    fn is_narrowed(&self) -> bool {
        self.filter.narrow() != Narrow::default()
    }

    fn at(&self, milliseconds: &i64) -> String {
        web::moment(*milliseconds)
    }

    fn day(&self, date: &Date) -> String {
        web::day(*date)
    }

    fn address(&self) -> String {
        self.filter.address() + "page="
    }
}

/// `GET /workspace/inbox`: three queries.
async fn list(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let narrow = filter.narrow();
    let reader = person.account;
    let (paging, messages, topics, now) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::count(tx, reader, narrow).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let messages = store::list(tx, reader, narrow, rows).await?;
            let topics = store::unread_topics(tx, reader).await?;
            Ok::<_, StoreError>((paging, messages, topics, tx.now().as_millisecond()))
        })
        .await?;
    page(&ListPage {
        shell,
        filter,
        messages,
        paging,
        unread: topics.iter().map(|(_, n)| n).sum(),
        topics,
        now,
    })
}

/// `POST /workspace/inbox/{id}/open`: reads a message and goes where it leads.
async fn open(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Path(id): Path<MessageId>,
) -> Result<Response, Problem> {
    let message = app
        .db
        .upkeep(async |tx: &mut Tx| {
            store::read(tx, person.account, id).await?;
            store::load(tx, person.account, id).await
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(Redirect::to(web::local_path(&message.path, DESK)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    topic: String,
    unread: String,
    until: String,
}

impl Asked {
    /// The list that the form stood on.
    fn list(&self) -> String {
        let filter = Filter {
            topic: self.topic.clone(),
            unread: self.unread.clone(),
            page: String::new(),
        };
        filter.address()
    }
}

/// `POST /workspace/inbox/{id}/read`
async fn read(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Path(id): Path<MessageId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    app.db
        .upkeep(async |tx: &mut Tx| {
            store::read(tx, person.account, id).await?;
            store::load(tx, person.account, id).await
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(redirect_with(&asked.list(), "已标为已读。"))
}

/// `POST /workspace/inbox/read`: all that the page could show.
async fn read_all(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let topic = Topic::from_code(&asked.topic);
    let until = asked.until.parse().unwrap_or(i64::MAX);
    let read = app
        .db
        .upkeep(async |tx: &mut Tx| store::read_all(tx, person.account, topic, until).await)
        .await?;
    let sentence = format!("已把{read}条消息标为已读。");
    Ok(redirect_with(&asked.list(), &sentence))
}

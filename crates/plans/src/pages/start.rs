//! 今天必须做什么: the start page of every signed-in person.

use askama::Template;
use axum::response::Response;
use gongkai_platform::web::{Problem, Shell, SignedIn, page};

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    shell: Shell,
}

/// `GET /workspace`
pub(super) async fn show(_: SignedIn, shell: Shell) -> Result<Response, Problem> {
    page(&StartPage { shell })
}

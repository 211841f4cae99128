//! 开放接口 for people who write programs: what there is, what may be asked, what comes.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_platform::seam::OpenData;
use gongkai_platform::web::{App, OPEN_ASKS_MAX, Problem, Shell, page};

#[derive(Template)]
#[template(path = "find/open.html")]
struct OpenPage {
    shell: Shell,
    parts: Vec<OpenData>,
    asks_max: u32,
}

impl OpenPage {
    /// Where the answer can be looked at; an address with something to fill in cannot.
    fn link(&self, part: &OpenData) -> Option<&'static str> {
        (!part.path.contains('{')).then_some(part.path)
    }
}

/// `GET /api`
pub(super) async fn show(State(app): State<App>, shell: Shell) -> Result<Response, Problem> {
    page(&OpenPage {
        parts: app.seams.open.clone(),
        asks_max: OPEN_ASKS_MAX,
        shell,
    })
}

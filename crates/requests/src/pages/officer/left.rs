//! A case that went to another organ, as its old desk reads it: where it is now, and what was done here before.

use askama::Template;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::web::{Problem, Shell, day, moment, page};

use crate::request::case::{Entry, in_order};
use crate::request::store::left::Left;

#[derive(Template)]
#[template(path = "requests/left.html")]
struct LeftPage {
    shell: Shell,
    left: Left,
    entries: Vec<Entry>,
}

impl LeftPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }
}

pub(super) fn show(shell: Shell, (left, entries): (Left, Vec<Entry>)) -> Result<Response, Problem> {
    page(&LeftPage {
        shell,
        left,
        entries: in_order(&entries).cloned().collect(),
    })
}

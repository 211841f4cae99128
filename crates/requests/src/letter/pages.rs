//! The screens of letters: the standard papers, the way to the right one, drafts, and what an organ's letters carry.

mod decide;
mod draft;
mod list;
mod settings;
mod show;
mod templates;

use axum::http::Method;
use axum::response::Response;
use gongkai_office::form::letter::Line;
use gongkai_office::form::letterhead::Letterhead;
use gongkai_platform::web::download::{self, attachment, off_thread};
use gongkai_platform::web::{App, Problem, ProblemRow, Route};

use super::door::Door;
use super::profile::Profile;
use super::{Letter, compose};
use crate::acts::{IssueLetters, SetLetters, ViewLetters, WriteLetters};

const NO_PRINTER: ProblemRow = ProblemRow {
    code: "letter-no-printer",
    status: 503,
    title: "本系统没有安装 PDF 输出",
    safe: "文书没有被改动。",
    advice: "请下载 Word 文件；需要 PDF 的，请系统管理员换用带 PDF 功能的程序。",
};

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = all();
    routes.extend(one());
    routes
}

/// The list, the standard papers, the way to the right one, the organ's data.
fn all() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<ViewLetters, _, _>(get(), "/workspace/requests/letters", list::list),
        Route::act::<ViewLetters, _, _>(
            get(),
            "/workspace/requests/letters/templates",
            templates::list,
        ),
        Route::act::<ViewLetters, _, _>(
            get(),
            "/workspace/requests/letters/templates/{kind}",
            templates::show,
        ),
        Route::act::<ViewLetters, _, _>(
            get(),
            "/workspace/requests/letters/templates/{kind}/file",
            templates::file,
        ),
        Route::act::<ViewLetters, _, _>(get(), "/workspace/requests/letters/decide", decide::ask),
        Route::act::<ViewLetters, _, _>(
            get(),
            "/workspace/requests/letters/decide/table",
            decide::table,
        ),
        Route::act::<SetLetters, _, _>(
            get(),
            "/workspace/requests/letters/settings",
            settings::ask,
        ),
        Route::act::<SetLetters, _, _>(
            post(),
            "/workspace/requests/letters/settings",
            settings::save,
        ),
    ]
}

/// One letter: drafting, and the way until it leaves.
fn one() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::act::<WriteLetters, _, _>(get(), "/workspace/requests/letters/new", draft::ask),
        Route::act::<WriteLetters, _, _>(post(), "/workspace/requests/letters/new", draft::add),
        Route::act::<ViewLetters, _, _>(get(), "/workspace/requests/letters/{id}", show::show),
        Route::act::<ViewLetters, _, _>(get(), "/workspace/requests/letters/{id}/file", show::file),
        Route::act::<WriteLetters, _, _>(
            get(),
            "/workspace/requests/letters/{id}/amend",
            draft::ask_amend,
        ),
        Route::act::<WriteLetters, _, _>(
            post(),
            "/workspace/requests/letters/{id}/amend",
            draft::amend,
        ),
        Route::act::<WriteLetters, _, _>(
            post(),
            "/workspace/requests/letters/{id}/submit",
            show::submit,
        ),
        Route::act::<WriteLetters, _, _>(
            post(),
            "/workspace/requests/letters/{id}/decide",
            show::decide,
        ),
        Route::act::<IssueLetters, _, _>(
            post(),
            "/workspace/requests/letters/{id}/issue",
            show::issue,
        ),
        Route::act::<WriteLetters, _, _>(
            post(),
            "/workspace/requests/letters/{id}/discard",
            show::discard,
        ),
    ]
}

/// A letter as a page shows it: one line of the body with whether it is a heading.
struct Preview {
    letter: Letterhead,
}

impl Preview {
    fn lines(&self) -> Vec<(bool, &str)> {
        let lines = self.letter.body.iter();
        lines
            .map(|line| match line {
                Line::Heading(text) => (true, text.as_str()),
                Line::Text(text) => (false, text.as_str()),
            })
            .collect()
    }

    fn annexes(&self) -> String {
        self.letter.annexes.join("、")
    }
}

/// A kept letter as a file; `format` is `docx` or `pdf`.
pub(crate) async fn fetch(
    app: &App,
    letter: &Letter,
    (profile, door): (&Profile, Option<&Door>),
    format: &str,
) -> Result<Response, Problem> {
    let number = letter.number.as_deref();
    let number = number.unwrap_or(if letter.issued_on.is_some() {
        "无文号"
    } else {
        "草稿"
    });
    let name = format!("{}（{number}）", compose::title(letter.kind));
    let paper = show::paper(letter, (profile, door)).letter;
    download(app, paper, &name, format).await
}

/// A download named like this; `format` is `docx` or `pdf`.
async fn download(
    app: &App,
    letter: Letterhead,
    name: &str,
    format: &str,
) -> Result<Response, Problem> {
    let today = app.today();
    let (bytes, media_type) = match format {
        "docx" => (
            off_thread(move || letter.docx().map_err(|error| error.to_string())).await?,
            download::DOCX,
        ),
        "pdf" => {
            let printer = app.printer.clone();
            let printer = printer.ok_or_else(|| Problem::new(NO_PRINTER))?;
            let made = off_thread(move || {
                printer
                    .pdf("letterhead", &letter.typeset_data(), today)
                    .map_err(|error| error.to_string())
            })
            .await?;
            (made, download::PDF)
        }
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    let bytes = bytes.map_err(|sentence| Problem::refused(vec![sentence]))?;
    Ok(attachment(&format!("{name}.{format}"), media_type, bytes))
}

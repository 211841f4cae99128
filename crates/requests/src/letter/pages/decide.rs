//! The way to the right letter, one question at a time; and all ways as a table.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::web::{App, Problem, Query, Shell, address, page};
use serde::Deserialize;

use super::templates::may_write;
use crate::acts::ViewLetters;
use crate::letter::LetterKind;
use crate::letter::decide::{Given, Outcome, Question, Stand, walk};
use crate::request::reply::{Decision, Ground, Reply, ResultRow};

const PATH: &str = "/workspace/requests/letters/decide";
/// Answers that an address can hold; the tree is not as deep.
const ANSWERS_MAX: usize = 20;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The answers so far, with a comma between them.
    path: String,
    /// The one just given.
    answer: String,
    /// The case for which the letter will be.
    case: String,
}

#[derive(Template)]
#[template(path = "letter/decide.html")]
struct AskPage {
    shell: Shell,
    given: Vec<Given>,
    stand: Stand,
    path: String,
    case: String,
    /// Something was sent, but no answer chosen.
    is_missing: bool,
    may_write: bool,
}

impl AskPage {
    fn question(&self) -> Option<&'static Question> {
        match self.stand {
            Stand::Ask(question) => Some(question),
            Stand::Done(_) => None,
        }
    }

    fn outcome(&self) -> Option<Outcome> {
        match self.stand {
            Stand::Ask(_) => None,
            Stand::Done(outcome) => Some(outcome),
        }
    }

    /// Back to the n-th question.
    fn back(&self, n: &usize) -> String {
        let answers: Vec<&str> = self
            .given
            .iter()
            .take(*n)
            .map(|one| one.choice.code)
            .collect();
        address(PATH, &[("path", &answers.join(",")), ("case", &self.case)])
    }

    /// From the first question, for the same case.
    fn anew(&self) -> String {
        self.back(&0)
    }

    fn row(&self, outcome: &Outcome) -> &'static str {
        outcome.row().map_or("不计入", ResultRow::name)
    }

    fn draft(&self, outcome: &Outcome) -> String {
        let grounds = outcome.ground.map_or("", Ground::code);
        let parts = [
            ("kind", outcome.letter.code()),
            ("case", self.case.as_str()),
            ("grounds", grounds),
        ];
        address("/workspace/requests/letters/new", &parts)
    }
}

/// `GET /workspace/requests/letters/decide?path=information,yes&answer=no`
pub(super) async fn ask(
    State(_): State<App>,
    shell: Shell,
    _: Permit<ViewLetters>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let before = asked.path.split(',').filter(|code| !code.is_empty());
    let answers: Vec<&str> = before
        .chain(
            [asked.answer.as_str()]
                .into_iter()
                .filter(|code| !code.is_empty()),
        )
        .take(ANSWERS_MAX)
        .collect();
    let (given, stand) = walk(&answers);
    let is_missing = given.len() < answers.len();
    let path: Vec<&str> = given.iter().map(|one| one.choice.code).collect();
    let may_write = may_write(&shell);
    page(&AskPage {
        shell,
        path: path.join(","),
        given,
        stand,
        case: asked.case,
        is_missing,
        may_write,
    })
}

#[derive(Template)]
#[template(path = "letter/decide_table.html")]
struct TablePage {
    shell: Shell,
}

impl TablePage {
    fn situations(&self) -> impl Iterator<Item = &'static Reply> {
        // 更正 and 投诉举报 are no applications for information.
        let others = [LetterKind::Correction, LetterKind::Complaint];
        let counted = move |reply: &&Reply| !others.contains(&reply.letter());
        Reply::ALL.iter().filter(counted)
    }

    fn grounds(&self) -> &'static [Ground] {
        Ground::ALL
    }

    fn letter(&self, situation: &Reply) -> LetterKind {
        situation.letter()
    }

    fn row(&self, situation: &Reply) -> &'static str {
        let row = Decision::of(*situation).row();
        row.map_or("（三）不予公开", ResultRow::name)
    }

    fn refused(&self, ground: &Ground) -> &'static str {
        let decision = Decision {
            grounds: vec![*ground],
            ..Decision::of(Reply::Refused)
        };
        decision.row().map_or("", ResultRow::name)
    }
}

/// `GET /workspace/requests/letters/decide/table`
pub(super) async fn table(shell: Shell, _: Permit<ViewLetters>) -> Result<Response, Problem> {
    page(&TablePage { shell })
}

//! Verifying what checks found, many at once: the list of what waits with a box at each row.

use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use serde::Deserialize;

use super::super::FindingState;
use super::super::acts::HandleFinding;
use super::super::handle::{Chosen, Decision, FindingError, decide_all};
use super::super::{Step, store::Side};
use super::list::{self, Filter};
use super::{LIST, form_errors};
use crate::access::Permit;
use crate::db::Tx;
use crate::web::{self, App, Form, Problem, Shell, redirect_with, refuse};

/// What was ticked and typed, and the list that it stood on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) finding: Vec<String>,
    /// Lines of several: the id of one, a colon, how many there were.
    pub(super) alike: Vec<String>,
    step: String,
    pub(super) note: String,
    pub(super) date: String,
    kind: String,
    source: String,
    organ: String,
    text: String,
    title: String,
    each: String,
    page: String,
}

impl Asked {
    fn chosen(&self, today: Date) -> Chosen {
        let line = |text: &String| {
            let (id, n) = text.split_once(':')?;
            Some((id.parse().ok()?, n.parse().ok()?))
        };
        Chosen {
            findings: self
                .finding
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
            alike: self.alike.iter().filter_map(line).collect(),
            narrow: self.filter().narrow(today),
        }
    }

    fn filter(&self) -> Filter {
        Filter {
            state: FindingState::ToVerify.code().to_owned(),
            kind: self.kind.clone(),
            source: self.source.clone(),
            organ: self.organ.clone(),
            late: String::new(),
            text: self.text.clone(),
            title: self.title.clone(),
            each: self.each.clone(),
            page: self.page.clone(),
        }
    }
}

/// `POST /workspace/findings/verify`
pub(super) async fn verify(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<HandleFinding>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let step = Step::from_code(&asked.step)
        .filter(|step| matches!(step, Step::Confirm | Step::Dismiss))
        .ok_or_else(|| Problem::refused(vec!["请选择确认属实或不属实。".to_owned()]))?;
    let decision = Decision {
        step,
        note: asked.note.trim().to_owned(),
        date: asked.date.parse().ok(),
    };
    let today = app.today();
    let chosen = asked.chosen(today);
    let done = app
        .db
        .write(async |tx: &mut Tx| decide_all(tx, &permit, &chosen, &decision, today).await)
        .await;
    match done {
        Ok(n) => {
            let place = web::address(LIST, &[("state", FindingState::ToVerify.code())]);
            let sentence = format!("{n}个问题已{}。", step.name());
            Ok(redirect_with(&place, &sentence))
        }
        Err(FindingError::Refused(refusals)) => {
            let side = Side::Office(permit.scope());
            let filter = asked.filter();
            let mut view = list::build(&app, shell, side, filter, (LIST, true)).await?;
            view.errors = form_errors(refusals);
            view.asked = asked;
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

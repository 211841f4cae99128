//! The letters that a person reaches.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, moment, page};
use serde::Deserialize;

use super::templates::may_write;
use crate::acts::ViewLetters;
use crate::letter::store::{self, Narrow};
use crate::letter::{Letter, LetterKind, LetterState};
use crate::reach;

const PATH: &str = "/workspace/requests/letters";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    state: String,
    kind: String,
    case: String,
    page: Option<i64>,
}

#[derive(Template)]
#[template(path = "letter/list.html")]
struct ListPage {
    shell: Shell,
    letters: Vec<Letter>,
    counts: Vec<(LetterState, i64)>,
    paging: Paging,
    filter: Filter,
    may_write: bool,
}

impl ListPage {
    fn states(&self) -> Vec<(LetterState, i64)> {
        let count = |state: &LetterState| {
            let found = self.counts.iter().find(|(one, _)| one == state);
            (*state, found.map_or(0, |(_, n)| *n))
        };
        LetterState::ALL.iter().map(count).collect()
    }

    fn kinds(&self) -> &'static [LetterKind] {
        LetterKind::ALL
    }

    fn with_state(&self, state: &LetterState) -> String {
        let parts = [
            ("state", state.code()),
            ("kind", self.filter.kind.as_str()),
            ("case", &self.filter.case),
        ];
        address(PATH, &parts)
    }

    fn address(&self) -> String {
        let parts = [
            ("state", self.filter.state.as_str()),
            ("kind", &self.filter.kind),
            ("case", &self.filter.case),
        ];
        address(PATH, &parts)
    }

    fn is_narrowed(&self) -> bool {
        !(self.filter.state.is_empty()
            && self.filter.kind.is_empty()
            && self.filter.case.is_empty())
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }
}

/// `GET /workspace/requests/letters?state=checking`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLetters>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let narrow = Narrow {
        state: LetterState::from_code(&filter.state),
        kind: LetterKind::from_code(&filter.kind),
        case_id: (!filter.case.is_empty()).then(|| filter.case.clone()),
    };
    let (letters, counts, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let counts = store::counts(tx, &scope, &narrow).await?;
            let shown = counts
                .iter()
                .filter(|(state, _)| narrow.state.is_none_or(|wanted| wanted == *state));
            let paging = Paging::new(filter.page, shown.map(|(_, n)| n).sum());
            let place = (paging.offset(), paging.rows());
            let letters = store::list(tx, &scope, &narrow, place).await?;
            Ok::<_, StoreError>((letters, counts, paging))
        })
        .await?;
    let may_write = may_write(&shell);
    page(&ListPage {
        shell,
        letters,
        counts,
        paging,
        filter,
        may_write,
    })
}

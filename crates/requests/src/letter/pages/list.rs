//! The letters that a person reaches.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::OrganId;
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
    organ: String,
    /// The year in which the check held it back.
    held: String,
    text: String,
    page: Option<i64>,
}

impl Filter {
    /// The filter in an address, in another state.
    fn parts<'f>(&'f self, state: &'f str) -> [(&'f str, &'f str); 6] {
        [
            ("state", state),
            ("kind", &self.kind),
            ("case", &self.case),
            ("organ", &self.organ),
            ("held", &self.held),
            ("text", &self.text),
        ]
    }
}

#[derive(Template)]
#[template(path = "letter/list.html")]
struct ListPage {
    shell: Shell,
    letters: Vec<Letter>,
    counts: Vec<(LetterState, i64)>,
    organs: Vec<(OrganId, String)>,
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

    fn is_organ(&self, id: &OrganId) -> bool {
        self.filter.organ == id.to_string()
    }

    fn with_state(&self, state: &LetterState) -> String {
        address(PATH, &self.filter.parts(state.code()))
    }

    fn address(&self) -> String {
        let parts = self.filter.parts(&self.filter.state);
        format!("{}page=", address(PATH, &parts))
    }

    fn is_narrowed(&self) -> bool {
        let parts = self.filter.parts(&self.filter.state);
        parts.iter().any(|(_, part)| !part.is_empty())
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
        organ: filter.organ.parse().ok(),
        held: filter.held.parse().ok(),
        text: filter.text.trim().to_owned(),
    };
    let (letters, counts, organs, paging) = app
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
            let organs = store::writers(tx, &scope).await?;
            Ok::<_, StoreError>((letters, counts, organs, paging))
        })
        .await?;
    let may_write = may_write(&shell);
    page(&ListPage {
        shell,
        letters,
        counts,
        organs,
        paging,
        filter,
        may_write,
    })
}

//! 已确认、已作废: what became of a draft, and the way back.

use askama::Template;
use axum::response::Response;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Shell, moment, page};

use crate::draft::undo::why_not_undo;
use crate::draft::{CorrectionProposal, Draft, DraftState, Purpose, progress, store};
use crate::plan::{self, Plan, PlanState};

/// The newest own plans with which an upper one can be compared.
const OWN_PLANS_SHOWN: i64 = 5;

#[derive(Template)]
#[template(path = "import/closed.html")]
struct ClosedPage {
    shell: Shell,
    draft: Draft,
    when: String,
    why_not_undo: Vec<String>,
    /// Corrections of the plan that wait for the head.
    proposed: i64,
    /// The office's own plans, for an upper one.
    own: Vec<Plan>,
    /// Of a correction: why it was taken over, and who decided that.
    proposal: Option<CorrectionProposal>,
}

impl ClosedPage {
    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }
}

/// The page of a draft that is confirmed or discarded.
pub(super) async fn show(app: &App, shell: Shell, draft: Draft) -> Result<Response, Problem> {
    let begins = matches!(draft.purpose, Purpose::Plan | Purpose::Upper);
    let brings = draft.purpose == Purpose::Progress && draft.state == DraftState::Confirmed;
    let (why_not_undo, proposed, own, proposal) = app
        .db
        .read(async |tx: &mut Tx| {
            let why_not_undo = match draft.plan {
                Some(plan) if begins => why_not_undo(tx, plan).await?,
                Some(plan) if brings => progress::why_not_undo(tx, &draft, plan).await?,
                _ => Vec::new(),
            };
            let proposed = match draft.plan {
                Some(plan) if begins => store::proposal::waiting_of_plan(tx, plan).await?,
                _ => 0,
            };
            let own = if draft.purpose == Purpose::Upper {
                let office = (draft.organ, PlanState::Active);
                plan::store::of_office(tx, office, OWN_PLANS_SHOWN).await?
            } else {
                Vec::new()
            };
            let proposal = store::proposal::of(tx, draft.id).await?;
            Ok::<_, StoreError>((why_not_undo, proposed, own, proposal))
        })
        .await?;
    page(&ClosedPage {
        shell,
        when: moment(draft.updated_at),
        draft,
        why_not_undo,
        proposed,
        own,
        proposal,
    })
}

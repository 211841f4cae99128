//! 检查汇总: the findings of the check over all documents that have not gone out, kind by kind.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract;
use axum::response::Response;
use gongkai_inspect::Kind;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, page};
use serde::Deserialize;

use super::DESK;
use crate::acts::ViewDocuments;
use crate::document::store::{self, Through};
use crate::document::{State, files};
use crate::id::DocumentId;
use crate::review::together::{
    self, Candidate, Look, NAMED_MAX, PUBLIC_AT_ONCE, PUBLIC_MAX, Piece, STATES, Wanted,
};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    kind: String,
    page: String,
}

#[derive(Template)]
#[template(path = "documents/together.html")]
struct TogetherPage {
    shell: Shell,
    /// Each kind that was found, with its pieces and how many of them several documents have.
    kinds: Vec<(Kind, usize, usize)>,
    kind: Option<Kind>,
    /// Each state with how many documents in it were looked at.
    states: Vec<(State, usize)>,
    /// Only what documents in this state have.
    state: Option<State>,
    pieces: Vec<Piece>,
    paging: Paging,
    looked: usize,
    more: i64,
    /// Published documents in which personal pieces were looked for; `None` where there is none of these.
    public: Option<usize>,
}

#[expect(clippy::unused_self, reason = "the template asks the page")]
impl TogetherPage {
    fn is_shown(&self, kind: &Kind) -> bool {
        self.kind == Some(*kind)
    }

    fn is_narrowed_to(&self, state: &State) -> bool {
        self.state == Some(*state)
    }

    /// 审核中（已封存）
    fn state_title(&self, state: &State) -> String {
        let sealed = match state {
            State::Reviewing | State::Approved | State::Settled => "已封存",
            State::Draft | State::Discarded => "未封存",
        };
        format!("{}（{sealed}）", state.name())
    }

    /// The list of a kind, as narrowed.
    fn of_kind(&self, kind: &Kind) -> String {
        let state = self.state.map_or("", State::code);
        format!("{DESK}/findings?state={state}&kind={}", kind.name())
    }

    fn address(&self) -> String {
        let state = self.state.map_or("", State::code);
        let kind = self.kind.map_or("", Kind::name);
        format!("{DESK}/findings?state={state}&kind={kind}&page=")
    }

    fn public_max(&self) -> usize {
        usize::try_from(PUBLIC_MAX).unwrap_or(usize::MAX)
    }

    fn named_max(&self) -> usize {
        NAMED_MAX
    }
}

fn kinds(pieces: &[Piece]) -> Vec<(Kind, usize, usize)> {
    let of = |kind: Kind| {
        let own = pieces.iter().filter(|piece| piece.kind == kind);
        let gathered = own.clone().filter(|piece| piece.is_gathered()).count();
        (kind, own.count(), gathered)
    };
    let all = Kind::ALL.into_iter().map(of);
    all.filter(|(_, pieces, _)| *pieces > 0).collect()
}

/// Looks for the personal pieces in what the public reads within the scope; gives how many texts that were. Texts that a
/// look before went through for all of these pieces are not read again.
async fn beside_public(
    app: &App,
    scope: &Scope,
    pieces: &mut [Piece],
) -> Result<Option<usize>, Problem> {
    let Some(wanted) = Wanted::of(pieces) else {
        return Ok(None);
    };
    let (key, hashes) = (together::key(scope), wanted.hashes(pieces));
    let known: BTreeSet<String> = hashes.keys().cloned().collect();
    let (kept, oldest, all) = app
        .db
        .read(async |tx: &mut Tx| {
            let kept = store::pieces_kept(tx, &key).await?;
            let oldest = store::oldest_of(tx, scope, PUBLIC_MAX).await?;
            let all = store::public_count(tx, scope).await?;
            Ok::<_, StoreError>((kept, oldest, all))
        })
        .await?;
    let through = if known.is_subset(&kept.pieces) {
        Through::Unseen
    } else {
        Through::All
    };
    let mut look = looked(app, (scope, &key), (wanted, through), oldest).await?;
    if !look.editions().is_empty() || known != kept.pieces {
        let found = look.matches(&hashes);
        app.db
            .upkeep(async |tx: &mut Tx| {
                let what = (look.editions(), found.as_slice());
                store::keep_look(tx, (&key, &kept), (&known, through), what).await
            })
            .await?;
    }
    if through == Through::Unseen {
        let read = async |tx: &mut Tx| store::pieces_found(tx, (scope, &key)).await;
        look.add_kept(app.db.read(read).await?, &hashes);
    }
    together::add_public(pieces, look.found());
    Ok(usize::try_from(all.min(PUBLIC_MAX)).ok())
}

/// Goes through public texts, the newest first.
async fn looked(
    app: &App,
    (scope, key): (&Scope, &str),
    (mut wanted, through): (Wanted, Through),
    oldest: Option<DocumentId>,
) -> Result<Look, Problem> {
    let unseen_by = (through == Through::Unseen).then_some(key);
    let (mut look, mut before) = (Look::default(), None);
    loop {
        let read = async |tx: &mut Tx| {
            let of = (scope, unseen_by);
            store::public_texts(tx, of, (before, oldest), PUBLIC_AT_ONCE).await
        };
        let texts = app.db.read(read).await?;
        let (mut editions, mut public) = (Vec::new(), Vec::new());
        for (edition, one) in texts {
            editions.push((one.0.0, edition));
            public.push(one);
        }
        let Some((last, _)) = editions.last() else {
            return Ok(look);
        };
        before = Some(*last);
        let found;
        (wanted, found) = off_thread(move || {
            let found = wanted.found(public);
            (wanted, found)
        })
        .await?;
        look.add(editions, found);
    }
}

/// Adds what was read in the attachments of drafts, one draft after the other: together they may be long.
async fn look_into_drafts(app: &App, candidates: &mut [Candidate]) -> Result<(), Problem> {
    for one in candidates {
        let attached = one.unsealed();
        if attached.is_empty() {
            continue;
        }
        let read = async |tx: &mut Tx| files::readings(tx, attached).await;
        let (read, rules) = (app.db.read(read).await?, one.rules());
        let found = off_thread(move || files::asked(read, &rules)).await?;
        one.add_found(found);
    }
    Ok(())
}

/// How many of these documents are in each state.
fn states(candidates: &[Candidate]) -> Vec<(State, usize)> {
    let of = |state: State| {
        let own = candidates.iter().filter(|one| one.state() == state);
        (state, own.count())
    };
    STATES.into_iter().map(of).collect()
}

/// `GET /workspace/documents/findings?state=…&kind=…`
pub(super) async fn list(
    extract::State(app): extract::State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let scope = permit.scope();
    let read = async |tx: &mut Tx| together::candidates(tx, scope).await;
    let mut candidates = app.db.read(read).await?;
    look_into_drafts(&app, &mut candidates.all).await?;
    let states = states(&candidates.all);
    let (looked, more) = (candidates.all.len(), candidates.more);
    let found = off_thread(move || together::inspected(candidates.all)).await?;
    let read = async |tx: &mut Tx| together::pieces(tx, found).await;
    let mut pieces = app.db.read(read).await?;
    let public = beside_public(&app, scope, &mut pieces).await?;
    let state = State::from_code(&asked.state).filter(|state| STATES.contains(state));
    pieces.retain(|piece| state.is_none_or(|state| piece.is_in(state)));
    together::sort(&mut pieces);
    let kinds = kinds(&pieces);
    let named = kinds.iter().find(|(kind, _, _)| kind.name() == asked.kind);
    let kind = named.or(kinds.first()).map(|(kind, _, _)| *kind);
    pieces.retain(|piece| Some(piece.kind) == kind);
    let (pieces, paging) = Paging::of(asked.page.parse().ok(), pieces);
    page(&TogetherPage {
        shell,
        kinds,
        kind,
        states,
        state,
        pieces,
        paging,
        looked,
        more,
        public,
    })
}

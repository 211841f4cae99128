//! 检查汇总: the findings of the check over all documents that have not gone out, kind by kind.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_inspect::Kind;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, page};
use serde::Deserialize;

use super::DESK;
use crate::acts::ViewDocuments;
use crate::review::together::{self, PUBLIC_MAX, Piece};

/// Documents that one line names.
const NAMED_MAX: usize = 10;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
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
    pieces: Vec<Piece>,
    paging: Paging,
    looked: usize,
    more: i64,
}

#[expect(clippy::unused_self, reason = "the template asks the page")]
impl TogetherPage {
    fn is_shown(&self, kind: &Kind) -> bool {
        self.kind == Some(*kind)
    }

    fn address(&self) -> String {
        let kind = self.kind.map_or("", Kind::name);
        format!("{DESK}/findings?kind={kind}&page=")
    }

    fn public_max(&self) -> i64 {
        PUBLIC_MAX
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

/// `GET /workspace/documents/findings?kind=…`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let seen = app
        .db
        .read(async |tx: &mut Tx| together::look(tx, permit.scope()).await)
        .await?;
    let kinds = kinds(&seen.pieces);
    let named = kinds.iter().find(|(kind, _, _)| kind.name() == asked.kind);
    let kind = named.or(kinds.first()).map(|(kind, _, _)| *kind);
    let mut pieces = seen.pieces;
    pieces.retain(|piece| Some(piece.kind) == kind);
    let (pieces, paging) = Paging::of(asked.page.parse().ok(), pieces);
    page(&TogetherPage {
        shell,
        kinds,
        kind,
        pieces,
        paging,
        looked: seen.looked,
        more: seen.more,
    })
}

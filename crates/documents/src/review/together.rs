//! 数据汇聚: what the check finds in the documents that have not gone out, seen together and beside what is public already.
//! Pieces that are harmless one by one may tell who somebody is when several documents have them.
//!
//! Law: 政府信息公开条例 (2019) art. 15, 17; 个人信息保护法 art. 28, 51.

use std::collections::BTreeMap;

use gongkai_inspect::{Confidence, Finding, Kind};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};

use super::answer::findings_by;
use crate::document::files::bare;
use crate::document::store::{self, Narrow};
use crate::document::{Document, State, Visibility};
use crate::id::DocumentId;
use crate::rules;

/// Documents of each state that one look goes through, the newest first.
pub const LOOKED_MAX: i64 = 60;
/// Published documents that the pieces are looked for in, the newest first.
pub const PUBLIC_MAX: i64 = 200;
/// Characters of a piece that is looked for among public texts: a surname alone is everywhere.
const PIECE_CHARS_MIN: usize = 2;

/// A document that has a piece.
pub type Holder = (DocumentId, String);

/// The same passage of the same kind, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub kind: Kind,
    pub text: String,
    pub is_sure: bool,
    /// Documents on their way out that have it.
    pub documents: Vec<Holder>,
    /// Documents that the public reads already and that have it, too.
    pub public: Vec<Holder>,
}

impl Piece {
    /// Several documents have it.
    #[must_use]
    pub fn is_gathered(&self) -> bool {
        self.documents.len() + self.public.len() > 1
    }
}

/// What one look saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    /// In the order of kinds; of one kind those first that several documents have.
    pub pieces: Vec<Piece>,
    /// Documents that were looked through.
    pub looked: usize,
    /// Further ones that were not.
    pub more: i64,
}

/// The pieces of these findings, each once.
#[must_use]
pub fn gathered(found: Vec<(Holder, Vec<Finding>)>) -> Vec<Piece> {
    let mut pieces: BTreeMap<(Kind, String), Piece> = BTreeMap::new();
    for (holder, findings) in found {
        for one in findings {
            // The same number in two attachments is the same number; what could not be checked is each file's own.
            let text = match one.kind {
                Kind::Unread => &one.text,
                _ => bare(&one.text),
            };
            let piece = pieces
                .entry((one.kind, text.to_owned()))
                .or_insert_with(|| Piece {
                    kind: one.kind,
                    text: text.to_owned(),
                    is_sure: false,
                    documents: Vec::new(),
                    public: Vec::new(),
                });
            piece.is_sure |= one.confidence == Confidence::High;
            if !piece.documents.contains(&holder) {
                piece.documents.push(holder.clone());
            }
        }
    }
    pieces.into_values().collect()
}

/// Adds to personal pieces which of these public texts have them, and sorts.
fn beside_public(pieces: &mut [Piece], public: &[(Holder, String)]) {
    for piece in pieces.iter_mut().filter(|piece| piece.kind.is_personal()) {
        if piece.text.chars().count() < PIECE_CHARS_MIN {
            continue;
        }
        let mut same: Vec<Holder> = public
            .iter()
            .filter(|(_, text)| text.contains(&piece.text))
            .map(|(holder, _)| holder.clone())
            .collect();
        same.retain(|holder| !piece.documents.contains(holder));
        piece.public = same;
    }
    let weight = |kind: Kind| Kind::ALL.iter().position(|one| *one == kind);
    pieces.sort_by_key(|piece| (weight(piece.kind), !piece.is_gathered(), !piece.is_sure));
}

/// Looks through the documents within a scope that are on their way out.
///
/// # Errors
/// When the store fails.
pub async fn look(tx: &mut Tx, scope: &Scope) -> Result<Together, StoreError> {
    let rules = rules::rules(tx).await?;
    let (mut found, mut all) = (Vec::new(), 0);
    let counts = store::counts(tx, scope, &Narrow::default()).await?;
    for state in [State::Reviewing, State::Approved, State::Draft] {
        let narrow = Narrow {
            state: Some(state),
            ..Narrow::default()
        };
        for document in store::list(tx, scope, &narrow, (0, LOOKED_MAX)).await? {
            let Some(edition) = store::edition(tx, document.edition).await? else {
                continue;
            };
            let findings = findings_by(tx, &rules, &document, &edition).await?;
            found.push(((document.id, edition.head.title), findings));
        }
        let known = counts.iter().find(|(of, _)| *of == state);
        all += known.map_or(0, |(_, n)| *n);
    }
    let looked = found.len();
    let mut pieces = gathered(found);
    beside_public(&mut pieces, &public_texts(tx, scope).await?);
    Ok(Together {
        pieces,
        looked,
        more: (all - i64::try_from(looked).unwrap_or(all)).max(0),
    })
}

/// The newest published texts within the scope, as the public reads them.
async fn public_texts(tx: &mut Tx, scope: &Scope) -> Result<Vec<(Holder, String)>, StoreError> {
    let narrow = Narrow {
        visibility: Some(Visibility::Public),
        ..Narrow::default()
    };
    let documents: Vec<Document> = store::list(tx, scope, &narrow, (0, PUBLIC_MAX)).await?;
    let editions: Vec<_> = documents.iter().filter_map(|one| one.published).collect();
    let mut texts = store::texts(tx, &editions).await?;
    Ok(documents
        .into_iter()
        .filter_map(|one| {
            let text = texts.remove(&one.published?)?;
            Some(((one.id, one.title), text))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use gongkai_inspect::{Confidence, Finding, Kind};

    use super::{Holder, beside_public, gathered};

    fn holder(n: u128, title: &str) -> Holder {
        let id = uuid::Uuid::from_u128(n).to_string().parse().unwrap();
        (id, title.to_owned())
    }

    fn finding(kind: Kind, text: &str) -> Finding {
        Finding {
            start: 0,
            end: 1,
            kind,
            confidence: Confidence::Low,
            text: text.to_owned(),
            advice: String::new(),
        }
    }

    #[test]
    fn what_several_documents_have_comes_first_and_once() {
        let (one, two, out) = (holder(1, "甲"), holder(2, "乙"), holder(3, "丙"));
        let mut pieces = gathered(vec![
            (
                one.clone(),
                vec![
                    finding(Kind::Mobile, "13900139000"),
                    finding(Kind::Mobile, "13800138000"),
                    finding(Kind::Mobile, "13800138000"),
                    finding(Kind::Name, "张伟"),
                ],
            ),
            (
                two.clone(),
                vec![finding(Kind::Mobile, "附件“名单.txt”：13800138000")],
            ),
        ]);
        let public = [(out.clone(), "<p>张伟，男</p>".to_owned())];
        beside_public(&mut pieces, &public);
        let said: Vec<(&str, usize, usize)> = pieces
            .iter()
            .map(|one| (one.text.as_str(), one.documents.len(), one.public.len()))
            .collect();
        assert_eq!(
            said,
            [("13800138000", 2, 0), ("13900139000", 1, 0), ("张伟", 1, 1)]
        );
        assert!(pieces[0].is_gathered() && !pieces[1].is_gathered() && pieces[2].is_gathered());
    }
}

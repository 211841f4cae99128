//! How many documents were published, and what became of rules.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::reference::{Figure, FigureKey, Ref};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::FigureSource;

use crate::document::handle::SUBJECT;
use crate::document::validity::{self, Turn, Validity};
use crate::document::{Document, store};
use crate::id::DocumentId;
use crate::kind::Kind;

/// How many documents were published.
pub(crate) struct Figures;

fn counted(name: &str) -> Option<Option<Kind>> {
    match name {
        "documents.published" => Some(None),
        "documents.rules" => Some(Some(Kind::Rule)),
        "documents.normative" => Some(Some(Kind::Normative)),
        "documents.interpretations" => Some(Some(Kind::Interpretation)),
        _ => None,
    }
}

/// What became of rules: the annual report's table 二.
fn turned(name: &str) -> Option<(Kind, Stood)> {
    Some(match name {
        "documents.table2.rules.repealed" => (Kind::Rule, Stood::Ended),
        "documents.table2.rules.in_force" => (Kind::Rule, Stood::InForce),
        "documents.table2.normative.repealed" => (Kind::Normative, Stood::Ended),
        "documents.table2.normative.in_force" => (Kind::Normative, Stood::InForce),
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stood {
    /// Repealed or declared lapsed in the year.
    Ended,
    /// At the end of the year.
    InForce,
}

/// References that a figure carries at most.
const REFS_MAX: usize = 50;

async fn stood(
    tx: &mut Tx,
    key: &FigureKey,
    (kind, stood): (Kind, Stood),
) -> Result<Figure, StoreError> {
    let documents = store::of_kind(tx, key.organ, (kind, key.year)).await?;
    let ids: Vec<DocumentId> = documents.iter().map(|document| document.id).collect();
    let mut own: BTreeMap<DocumentId, Vec<Turn>> = BTreeMap::new();
    for (id, turn) in store::turns(tx, &ids).await? {
        own.entry(id).or_default().push(turn);
    }
    let last = Date::new(key.year, 12, 31).ok();
    let counts = |document: &&Document| {
        let turns = own.get(&document.id).map_or(&[][..], Vec::as_slice);
        match stood {
            // Whatever ended stays so: the first end counts.
            Stood::Ended => turns
                .iter()
                .find(|turn| turn.change.is_end())
                .is_some_and(|turn| turn.on.year() == key.year),
            Stood::InForce => last.is_some_and(|day| {
                matches!(
                    validity::on(day, document.effective_on, document.expires_on, turns),
                    Validity::InForce | Validity::Amended
                )
            }),
        }
    };
    let found: Vec<&Document> = documents.iter().filter(counts).collect();
    Ok(Figure {
        value: i64::try_from(found.len()).unwrap_or(i64::MAX),
        refs: found
            .into_iter()
            .take(REFS_MAX)
            .map(|document| Ref {
                kind: SUBJECT.to_owned(),
                id: document.id.to_string(),
            })
            .collect(),
    })
}

#[async_trait]
impl FigureSource for Figures {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("documents.published", "公开文件件数"),
            ("documents.rules", "规章件数"),
            ("documents.normative", "行政规范性文件件数"),
            ("documents.interpretations", "政策解读篇数"),
            (
                "documents.table2.rules.repealed",
                "规章本年废止（含宣布失效）件数",
            ),
            ("documents.table2.rules.in_force", "规章年末现行有效件数"),
            (
                "documents.table2.normative.repealed",
                "行政规范性文件本年废止（含宣布失效）件数",
            ),
            (
                "documents.table2.normative.in_force",
                "行政规范性文件年末现行有效件数",
            ),
        ]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            if let Some(what) = turned(&key.name) {
                figures.push(Some(stood(tx, key, what).await?));
                continue;
            }
            let Some(kind) = counted(&key.name) else {
                figures.push(None);
                continue;
            };
            let (value, ids) = store::figure(tx, key.organ, key.year, kind).await?;
            let refs = ids
                .into_iter()
                .map(|id| Ref {
                    kind: SUBJECT.to_owned(),
                    id,
                })
                .collect();
            figures.push(Some(Figure { value, refs }));
        }
        Ok(figures)
    }
}

//! What is public already, for somebody who is about to apply for it: the index asked with whole sentences.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::seam::{Alike, Published};
use gongkai_search::Query;

use super::Finder;

/// Hits that are looked through for valid ones, for each that is wanted.
const HITS_FOR_ONE: usize = 3;

#[async_trait]
impl Published for Finder {
    async fn alike(&self, words: &str, within: Option<&[OrganId]>, rows: usize) -> Vec<Alike> {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            return Vec::new();
        }
        let query = Query {
            text: words,
            within: within.map(|organs| organs.iter().map(ToString::to_string).collect()),
            limit: rows * HITS_FOR_ONE,
            ..Query::default()
        };
        let answer = match self.query(query).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the search failed"
                );
                return Vec::new();
            }
        };
        let sure = !answer.relaxed;
        let valid = answer.hits.into_iter().filter(|hit| !hit.void);
        let alike = valid.map(|hit| Alike {
            title: hit.title.plain(),
            of: Ref {
                kind: hit.kind,
                id: hit.id,
            },
            sure,
        });
        alike.take(rows).collect()
    }
}

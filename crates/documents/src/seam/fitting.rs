//! Published documents that may be what others must make public.

use async_trait::async_trait;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Fit, Fitting, Theme};
use gongkai_platform::web::start_of;

use super::{Documents, found};
use crate::column::store as columns;
use crate::document::fitting::{InColumn, Said, reasons};
use crate::document::store;
use crate::id::DocumentId;

/// Documents of an organ that one answer looks through: the newest.
const LOOKED_AT: i64 = 500;

#[async_trait]
impl Fitting for Documents {
    async fn fitting(
        &self,
        tx: &mut Tx,
        theme: &Theme,
        most: usize,
    ) -> Result<Vec<Fit>, StoreError> {
        let after = theme.within.to.tomorrow().ok().and_then(start_of);
        let (Some(from), Some(to)) = (start_of(theme.within.from), after) else {
            return Ok(Vec::new());
        };
        let between = (from, to);
        let documents = store::published_between(tx, theme.organ, between, LOOKED_AT).await?;
        let ids: Vec<DocumentId> = documents.iter().map(|one| one.id).collect();
        let places = columns::names_of(tx, &ids).await?;
        let mut fits = Vec::new();
        for document in &documents {
            let there = places.get(&document.id).map_or(&[][..], Vec::as_slice);
            let one = |(name, element): &(String, String)| InColumn {
                name: name.clone(),
                element: element.clone(),
            };
            let columns: Vec<InColumn> = there.iter().map(one).collect();
            let said = Said {
                title: &document.title,
                theme: &document.theme,
                kind: document.kind,
                columns: &columns,
            };
            if let Some((score, why)) = reasons(theme, said) {
                let fit = Fit {
                    found: found(document),
                    formed_on: document.issued_on,
                    why,
                };
                fits.push((score, fit));
            }
        }
        // Of equal ones the newest stays first.
        fits.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        Ok(fits.into_iter().take(most).map(|(_, fit)| fit).collect())
    }
}

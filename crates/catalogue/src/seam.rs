//! What this capability offers to the others.

use gongkai_basis::reference::{Figure, FigureKey};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{FigureSource, PublicPage, PublicPages};
use gongkai_platform::web::BoxFuture;

use crate::entry::store as entries;
use crate::filling::store as fillings;

const PATH: &str = "/catalogue/";

/// How many periods a government and those below it filled in a year.
pub(crate) struct Filled;

impl FigureSource for Filled {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[("catalogue.filled", "目录已登记公开的期数")]
    }

    fn figures<'a>(
        &'a self,
        tx: &'a mut Tx,
        keys: &'a [FigureKey],
    ) -> BoxFuture<'a, Result<Vec<Option<Figure>>, StoreError>> {
        Box::pin(async move {
            let mut figures = Vec::with_capacity(keys.len());
            for key in keys {
                let figure = if key.name == "catalogue.filled" {
                    let value = fillings::count(tx, key.organ, key.year).await?;
                    Some(Figure {
                        value,
                        refs: Vec::new(),
                    })
                } else {
                    None
                };
                figures.push(figure);
            }
            Ok(figures)
        })
    }
}

/// The catalogue as the public reads it.
pub(crate) struct Public;

impl PublicPages for Public {
    fn fixed(&self) -> Vec<&'static str> {
        vec!["/catalogue"]
    }

    fn urls<'a>(
        &'a self,
        tx: &'a mut Tx,
        after: Option<&'a str>,
        limit: i64,
    ) -> BoxFuture<'a, Result<Vec<PublicPage>, StoreError>> {
        Box::pin(async move {
            // Every path of ours begins alike, so a path before them all starts at the first, and one after them ends.
            let last = match after {
                Some(path) if path > PATH => match path.strip_prefix(PATH) {
                    Some(id) => id,
                    None => return Ok(Vec::new()),
                },
                Some(_) | None => "",
            };
            let found = entries::after(tx, last, limit).await?;
            let page = |(id, changed_at): (String, i64)| PublicPage {
                path: format!("{PATH}{id}"),
                changed_at,
            };
            Ok(found.into_iter().map(page).collect())
        })
    }
}

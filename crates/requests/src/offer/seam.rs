//! The counts of offers, and of what became public, as figures that prove tasks of a plan.

use async_trait::async_trait;
use gongkai_basis::reference::{Figure, FigureKey};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::FigureSource;

use super::store;
use super::tally::Happened;
use crate::publication;

const AVOIDED: &str = "requests.offers.avoided";
const CLICKED: &str = "requests.offers.clicked";
const SHOWN: &str = "requests.offers.shown";
const TURNED: &str = "requests.turned_public";

pub(crate) struct Figures;

#[async_trait]
impl FigureSource for Figures {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (SHOWN, "申请前提示已公开信息次数"),
            (CLICKED, "申请前点开已公开信息次数"),
            (AVOIDED, "找到已公开信息后不再申请次数"),
            (TURNED, "依申请公开转为主动公开件数"),
        ]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            let of = (key.organ, key.year);
            let value = match key.name.as_str() {
                SHOWN => Some(store::figure(tx, of, Happened::Shown).await?),
                CLICKED => Some(store::figure(tx, of, Happened::Clicked).await?),
                AVOIDED => Some(store::figure(tx, of, Happened::Avoided).await?),
                TURNED => Some(publication::store::figure(tx, of).await?),
                _ => None,
            };
            figures.push(value.map(|value| Figure {
                value,
                refs: Vec::new(),
            }));
        }
        Ok(figures)
    }
}

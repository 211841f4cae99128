//! 信息处理费 that came in within a year: the annual report's part 六 says so (年报格式: 信息处理费收取情况).

use async_trait::async_trait;
use gongkai_basis::reference::{Figure, FigureKey, Ref};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::FigureSource;

use super::{REQUEST, store};

pub(crate) struct Fees;

const CASES: &str = "requests.fees.cases";
const YUAN: &str = "requests.fees.yuan";

#[async_trait]
impl FigureSource for Fees {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (CASES, "收取信息处理费的申请件数"),
            (YUAN, "收取信息处理费金额（元）"),
        ]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            if ![CASES, YUAN].contains(&key.name.as_str()) {
                figures.push(None);
                continue;
            }
            let paid = store::paid(tx, (key.organ, key.year)).await?;
            let value = if key.name == CASES {
                i64::try_from(paid.len()).unwrap_or(i64::MAX)
            } else {
                paid.iter().map(|(_, yuan)| yuan).sum()
            };
            let refs = paid.into_iter().map(|(id, _)| Ref {
                kind: REQUEST.to_owned(),
                id,
            });
            figures.push(Some(Figure {
                value,
                refs: refs.collect(),
            }));
        }
        Ok(figures)
    }
}

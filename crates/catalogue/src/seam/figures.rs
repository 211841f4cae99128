//! How much of the catalogue is public, of a government and all below it.

use async_trait::async_trait;
use gongkai_basis::reference::{Figure, FigureKey, Ref};
use gongkai_platform::access::Scope;
use gongkai_platform::calendar::load_calendar;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::seam::FigureSource;
use gongkai_platform::web::civil_day;

use crate::due;
use crate::filling::Standing;
use crate::filling::store as fillings;

/// Units that one figure counts over.
const UNITS_MAX: i64 = 3_000;
/// Units whose years are held at once.
const UNITS_AT_ONCE: usize = 100;
/// References that a figure carries at most; the number itself is whole.
const REFS_MAX: usize = 200;

/// Periods filled, due, and past their day.
pub(crate) struct Counted;

#[async_trait]
impl FigureSource for Counted {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("catalogue.filled", "目录已登记公开的期数"),
            ("catalogue.owed", "目录到期应公开的期数"),
            ("catalogue.overdue", "目录超期未公开的期数"),
        ]
    }

    fn fewer_is_better(&self) -> &'static [&'static str] {
        &["catalogue.overdue"]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            figures.push(match key.name.as_str() {
                "catalogue.filled" => Some(filled(tx, key).await?),
                "catalogue.owed" => Some(standing(tx, key, |_| true).await?),
                "catalogue.overdue" => {
                    Some(standing(tx, key, |one| one == Standing::Overdue).await?)
                }
                _ => None,
            });
        }
        Ok(figures)
    }
}

async fn filled(tx: &mut Tx, key: &FigureKey) -> Result<Figure, StoreError> {
    Ok(Figure {
        value: fillings::count(tx, key.organ, key.year).await?,
        refs: Vec::new(),
    })
}

/// Periods whose day is past, or that were filled before it, and that stand so; with their entries.
async fn standing(
    tx: &mut Tx,
    key: &FigureKey,
    counts: impl Fn(Standing) -> bool,
) -> Result<Figure, StoreError> {
    let mut figure = Figure {
        value: 0,
        refs: Vec::new(),
    };
    let Some(top) = organ::store::load(tx, key.organ).await? else {
        return Ok(figure);
    };
    let within = due::store::of_scope(&Scope::Organs {
        single: Vec::new(),
        branches: vec![top.path],
    });
    let units = due::store::units(tx, &within, (0, UNITS_MAX)).await?;
    let (calendar, today) = (load_calendar(tx).await?, civil_day(tx.now()));
    for some in units.chunks(UNITS_AT_ONCE) {
        let years = due::years(tx, some.to_vec(), key.year, (&calendar, today)).await?;
        for owed in years.iter().flat_map(|year| &year.owed) {
            let hit = |cell: &&crate::filling::Cell| {
                cell.standing != Standing::Open && counts(cell.standing)
            };
            let n = owed.cells.iter().filter(hit).count();
            figure.value += i64::try_from(n).unwrap_or(0);
            let of = Ref {
                kind: "catalogue".to_owned(),
                id: owed.entry.id.to_string(),
            };
            if n > 0 && figure.refs.len() < REFS_MAX && !figure.refs.contains(&of) {
                figure.refs.push(of);
            }
        }
    }
    Ok(figure)
}

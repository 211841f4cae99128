//! Numbers that one capability counts and others show.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::reference::{Figure, FigureKey};

use super::Seams;
use crate::db::{StoreError, Tx};

/// A capability that counts things.
#[async_trait]
pub trait FigureSource: Send + Sync {
    /// The names in its [`FigureKey`]s, and what people call them.
    fn keys(&self) -> &'static [(&'static str, &'static str)];

    /// Those of its names of which fewer are better: what is late, what is blank.
    fn fewer_is_better(&self) -> &'static [&'static str] {
        &[]
    }

    /// The figures in the order asked; `None` for a name that is not of this source.
    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError>;
}

/// Which way a figure gets better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    More,
    Fewer,
}

impl Seams {
    /// Which way the figure of this name gets better.
    #[must_use]
    pub fn better(&self, name: &str) -> Better {
        let fewer = |source: &Arc<dyn FigureSource>| source.fewer_is_better().contains(&name);
        if self.figures.iter().any(fewer) {
            Better::Fewer
        } else {
            Better::More
        }
    }

    /// The figures in the order asked; `None` where no source knows the name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures: Vec<Option<Figure>> = vec![None; keys.len()];
        for source in &self.figures {
            for (slot, found) in figures.iter_mut().zip(source.figures(tx, keys).await?) {
                *slot = slot.take().or(found);
            }
        }
        Ok(figures)
    }
}

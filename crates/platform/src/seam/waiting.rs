//! What waits for people, with or without a day.

use std::borrow::Cow;

use async_trait::async_trait;
use gongkai_basis::Date;

use super::Seams;
use crate::access::Session;
use crate::db::{StoreError, Tx};

/// So many things of one kind wait for a person; the path lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    pub n: i64,
    pub name: &'static str,
    pub path: Cow<'static, str>,
}

impl Duty {
    /// Its own words say that a day has gone by.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.name.contains("逾期") || self.name.contains("超期")
    }
}

/// A capability where things wait for people, with or without a day. Feeds the start page.
#[async_trait]
pub trait Waiting: Send + Sync {
    /// What waits for this person, by the acts that the person may do; noughts are left out by the asker.
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError>;
}

impl Seams {
    /// All that waits for a person, without noughts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        for source in &self.waiting {
            duties.append(&mut source.waiting(tx, person, today).await?);
        }
        duties.retain(|duty| duty.n > 0);
        Ok(duties)
    }
}

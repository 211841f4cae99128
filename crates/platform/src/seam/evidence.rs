//! Records that prove things.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{Claim, DateRange, Ref, Verdict};

use super::Seams;
use crate::access::Scope;
use crate::db::{StoreError, Tx};

/// Records that one answer of a source gives at most.
pub const FOUND_MAX: usize = 50;

/// A record that can serve as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub of: Ref,
    pub organ: OrganId,
    pub title: String,
    pub dated_on: Option<Date>,
    /// Where staff read it.
    pub path: String,
    /// Changes when what the record says changes; a claim keeps it.
    pub seal: String,
}

/// What a person looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// One of the source's kinds.
    pub kind: String,
    /// Words of the title; empty for all.
    pub words: String,
    pub within: Option<DateRange>,
}

/// A capability whose records prove things.
#[async_trait]
pub trait EvidenceSource: Send + Sync {
    /// Its kinds of records: the code in a [`Ref`], and what people call it.
    fn kinds(&self) -> &'static [(&'static str, &'static str)];

    /// Everybody can read its records: those of a government prove the work of each of its units.
    fn is_public(&self) -> bool {
        false
    }

    /// Records of organs inside the scope, newest first, at most [`FOUND_MAX`].
    async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError>;

    /// What records are called, in the order asked; `None` for those that are gone.
    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError>;

    /// A verdict for each claim, in the order asked.
    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError>;
}

impl Seams {
    /// Every kind of record that can be linked as evidence.
    #[must_use]
    pub fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let kinds = self.evidence.iter().flat_map(|source| source.kinds());
        kinds.copied().collect()
    }

    /// Can everybody read records of this kind?
    #[must_use]
    pub fn is_public(&self, kind: &str) -> bool {
        self.source(kind).is_some_and(|source| source.is_public())
    }

    fn source(&self, kind: &str) -> Option<&Arc<dyn EvidenceSource>> {
        self.evidence
            .iter()
            .find(|source| source.kinds().iter().any(|(code, _)| *code == kind))
    }

    /// Records of one kind; none where nobody knows the kind.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        match self.source(&wanted.kind) {
            Some(source) => source.find(tx, scope, wanted).await,
            None => Ok(Vec::new()),
        }
    }

    /// What one record is called.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn describe(&self, tx: &mut Tx, of: &Ref) -> Result<Option<Found>, StoreError> {
        match self.source(&of.kind) {
            Some(source) => {
                let mut found = source.describe(tx, std::slice::from_ref(of)).await?;
                Ok(found.pop().flatten())
            }
            None => Ok(None),
        }
    }

    /// Do the claims hold? One call to each source, the verdicts in the order asked.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let unknown = || Verdict::CannotTell("本系统现在没有这一类记录，无法核验。".to_owned());
        let mut verdicts: Vec<Verdict> = claims.iter().map(|_| unknown()).collect();
        for source in &self.evidence {
            let own = |claim: &Claim| {
                source
                    .kinds()
                    .iter()
                    .any(|(code, _)| *code == claim.of.kind)
            };
            let (places, asked): (Vec<usize>, Vec<Claim>) = claims
                .iter()
                .enumerate()
                .filter(|(_, claim)| own(claim))
                .map(|(place, claim)| (place, claim.clone()))
                .unzip();
            if asked.is_empty() {
                continue;
            }
            for (place, verdict) in places.into_iter().zip(source.verify(tx, &asked).await?) {
                if let Some(slot) = verdicts.get_mut(place) {
                    *slot = verdict;
                }
            }
        }
        Ok(verdicts)
    }
}

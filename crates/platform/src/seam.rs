//! How capabilities meet without knowing each other: small traits, wired by plain lists in the binary, asked in batches.

use std::sync::Arc;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{Claim, DateRange, Figure, FigureKey, Ref, Verdict};

use crate::access::Scope;
use crate::db::{StoreError, Tx};
use crate::web::BoxFuture;

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
pub trait EvidenceSource: Send + Sync {
    /// Its kinds of records: the code in a [`Ref`], and what people call it.
    fn kinds(&self) -> &'static [(&'static str, &'static str)];

    /// Records of organs inside the scope, newest first, at most [`FOUND_MAX`].
    fn find<'a>(
        &'a self,
        tx: &'a mut Tx,
        scope: &'a Scope,
        wanted: &'a Wanted,
    ) -> BoxFuture<'a, Result<Vec<Found>, StoreError>>;

    /// What records are called, in the order asked; `None` for those that are gone.
    fn describe<'a>(
        &'a self,
        tx: &'a mut Tx,
        refs: &'a [Ref],
    ) -> BoxFuture<'a, Result<Vec<Option<Found>>, StoreError>>;

    /// A verdict for each claim, in the order asked.
    fn verify<'a>(
        &'a self,
        tx: &'a mut Tx,
        claims: &'a [Claim],
    ) -> BoxFuture<'a, Result<Vec<Verdict>, StoreError>>;
}

/// A capability that counts things.
pub trait FigureSource: Send + Sync {
    /// The names in its [`FigureKey`]s, and what people call them.
    fn keys(&self) -> &'static [(&'static str, &'static str)];

    /// The figures in the order asked; `None` for a name that is not of this source.
    fn figures<'a>(
        &'a self,
        tx: &'a mut Tx,
        keys: &'a [FigureKey],
    ) -> BoxFuture<'a, Result<Vec<Option<Figure>>, StoreError>>;
}

/// Something that must be done by a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueItem {
    pub of: Ref,
    pub organ: OrganId,
    pub title: String,
    pub due_on: Date,
    /// Where staff deal with it.
    pub path: String,
}

/// A capability with work that is due; read only. Feeds today's page, calendars, dashboards.
pub trait Obligation: Send + Sync {
    /// What is open and falls due within the range, for organs inside the scope, earliest first.
    fn due<'a>(
        &'a self,
        tx: &'a mut Tx,
        scope: &'a Scope,
        range: DateRange,
    ) -> BoxFuture<'a, Result<Vec<DueItem>, StoreError>>;
}

/// All that capabilities offer each other.
#[derive(Clone, Default)]
pub struct Seams {
    pub evidence: Vec<Arc<dyn EvidenceSource>>,
    pub figures: Vec<Arc<dyn FigureSource>>,
    pub obligations: Vec<Arc<dyn Obligation>>,
}

impl Seams {
    /// Every kind of record that can be linked as evidence.
    #[must_use]
    pub fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let kinds = self.evidence.iter().flat_map(|source| source.kinds());
        kinds.copied().collect()
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

    /// All that falls due within the range, earliest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let mut due = Vec::new();
        for obligation in &self.obligations {
            due.append(&mut obligation.due(tx, scope, range).await?);
        }
        due.sort_by_key(|item| item.due_on);
        Ok(due)
    }
}

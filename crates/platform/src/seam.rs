//! How capabilities meet without knowing each other: small traits, wired by plain lists in the binary, asked in batches.

mod accomplishment;
mod check;
mod fitting;
mod listing;
mod open;

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::id::{FileId, OrganId};
use gongkai_basis::reference::{Claim, DateRange, Figure, FigureKey, Ref, Verdict};
use gongkai_basis::{Actor, Date};

use crate::access::{Scope, Session};
use crate::db::{StoreError, Tx};

pub use accomplishment::{Accomplishment, Accomplishments};
pub use check::{Check, Cleaned, Readable, Spotted};
pub use fitting::{Fit, Fitting, Theme};
pub use listing::{Listed, Listings, Material, ToList};
pub use open::OpenData;

/// Records that one answer of a source gives at most.
pub const FOUND_MAX: usize = 50;
/// Items that one [`Obligation`] gives at most.
pub const DUE_MAX: i64 = 1_000;

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
#[async_trait]
pub trait Obligation: Send + Sync {
    /// The kinds in its items' [`Ref`]s, and what people call them.
    fn kinds(&self) -> &'static [(&'static str, &'static str)];

    /// What is open and falls due within the range, for organs inside the scope, earliest first, at most
    /// [`DUE_MAX`].
    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError>;
}

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

/// A record that a person who works here may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub title: String,
    /// What tells it from others of the same title: number, unit, state.
    pub note: String,
    pub path: String,
}

/// A capability whose records people look up at work, each within what this person may see.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// What its records are called: the head of their part of the answer.
    fn name(&self) -> &'static str;

    /// The newest records that contain the words, at most so many; none where the person may see none.
    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError>;
}

/// What the public may find of one record: never more than its public page says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub kind: String,
    pub id: String,
    pub title: String,
    /// The public page.
    pub path: String,
    /// Plain text.
    pub body: String,
    /// 发布机构: its id and its name.
    pub organ: Option<(String, String)>,
    /// What people filter by: 政策文件, 政策解读, 目录 …
    pub class: String,
    pub dated_on: Option<Date>,
    /// When what it says was corrected last; `None` where it never was.
    pub changed_on: Option<Date>,
    /// 文号
    pub document_number: String,
    /// 索引号
    pub index_number: String,
    /// 有效, 失效, 废止 …; empty where validity means nothing.
    pub validity: String,
    /// Void documents stand below valid ones.
    pub void: bool,
    /// 主题词, former names: found by, not shown.
    pub keywords: Vec<String>,
}

/// A capability whose public records can be searched. The index follows the audit chain: an event whose subject is of one of
/// these kinds asks again for that record.
#[async_trait]
pub trait Searchable: Send + Sync {
    fn kinds(&self) -> &'static [&'static str];

    /// What the public may find now, in the order asked; `None` takes the record out of the index.
    async fn entries(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError>;

    /// Public records after this one in the order of kind and id, for a rebuild; `None` for the first.
    async fn after(
        &self,
        tx: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError>;
}

/// A public record whose words are like what somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    pub of: Ref,
    pub title: String,
    /// All the words were found together; otherwise at least half of them.
    pub sure: bool,
}

/// Knows what is public already, for somebody who is about to ask for it.
#[async_trait]
pub trait Published: Send + Sync {
    /// Valid public records like these words, the likest first, at most so many; of these organs alone, or all there are,
    /// also those of no organ. A failure is logged and gives none: nobody is kept from asking.
    async fn alike(&self, words: &str, within: Option<&[OrganId]>, rows: usize) -> Vec<Alike>;
}

/// A public page for the site map, the feeds and the static export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPage {
    pub path: String,
    /// Milliseconds since 1970, UTC.
    pub changed_at: i64,
}

/// A page below an entry of the portal's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The entry's.
    pub below: &'static str,
    pub title: String,
    pub path: String,
}

/// A page that tells of one organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganLink {
    pub title: String,
    pub path: String,
}

/// A capability that keeps public pages of organs: each organ's own page leads to them.
#[async_trait]
pub trait AboutOrgan: Send + Sync {
    /// 公开指南, 年度报告 …
    fn name(&self) -> &'static str;

    /// What there is of this organ, a few.
    async fn links(&self, tx: &mut Tx, organ: OrganId) -> Result<Vec<OrganLink>, StoreError>;
}

/// Pages that are asked from a capability at once.
pub const PAGES_AT_ONCE: i64 = 5_000;

/// A capability with pages that the public reads.
#[async_trait]
pub trait PublicPages: Send + Sync {
    /// Its fixed pages and lists: few.
    fn fixed(&self) -> Vec<&'static str>;

    /// What a site map for people names below its lists: the parts of a list that have pages of their own.
    async fn branches(&self, _: &mut Tx, _: &Scope) -> Result<Vec<Branch>, StoreError> {
        Ok(Vec::new())
    }

    /// What can be subscribed to inside the scope: what it is called, and the address of its feed.
    async fn feeds(&self, _: &mut Tx, _: &Scope) -> Result<Vec<(String, String)>, StoreError> {
        Ok(Vec::new())
    }

    /// Pages of records of organs inside the scope, after this path in the order of paths; `None` for the first.
    async fn urls(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError>;

    /// After which of these paths the parts of a site map begin, `None` for the first; none where there are no pages. A part
    /// has at most so many pages, and some thousands. A capability with very many pages answers without reading them all.
    async fn parts(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        pages: i64,
    ) -> Result<Vec<Option<String>>, StoreError> {
        let batch = pages.clamp(1, PAGES_AT_ONCE);
        let (mut starts, mut last, mut n) = (Vec::new(), None, 0);
        loop {
            let next = self.urls(tx, scope, last.as_deref(), batch).await?;
            let Some(end) = next.last().map(|page| page.path.clone()) else {
                return Ok(starts);
            };
            if n == 0 {
                starts.push(last);
            }
            n += i64::try_from(next.len()).unwrap_or(batch);
            if n + batch > pages {
                n = 0;
            }
            last = Some(end);
        }
    }
}

/// Where a stored file stands, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub file: FileId,
    /// The record that has it; its events tell what became of the file.
    pub of: Ref,
    /// 文件附件, 佐证 …
    pub class: &'static str,
    pub title: String,
    /// Where staff see the record.
    pub path: String,
    /// Everybody can download it now.
    pub is_public: bool,
}

/// A capability whose records have stored files: asked when bytes must be found everywhere.
#[async_trait]
pub trait FileHolder: Send + Sync {
    /// Those of these files that its records have, by its own rows or as attachments of its subjects. `attached` says of
    /// which subject each attached file is.
    async fn held(
        &self,
        tx: &mut Tx,
        files: &[FileId],
        attached: &[(FileId, Ref)],
    ) -> Result<Vec<Held>, StoreError>;
}

/// What a unit is told to make public: its draft begins with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDraft {
    pub owner: OrganId,
    pub title: String,
    /// Where the order comes from. It stands in the draft's history, never in its text.
    pub source: String,
}

/// A draft that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    pub of: Ref,
    /// Where staff write it.
    pub path: String,
}

/// A capability that begins drafts for others: an order to publish is something to write.
#[async_trait]
pub trait Drafts: Send + Sync {
    /// Begins a draft without a text; `None` where the unit cannot have one.
    async fn begin(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        wanted: &ToDraft,
    ) -> Result<Option<Drafted>, StoreError>;
}

/// An entry of the portal's menu and home page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortalEntry {
    pub title: &'static str,
    pub path: &'static str,
    /// What the public finds there, in one sentence.
    pub about: &'static str,
}

/// All that capabilities offer each other.
#[derive(Clone, Default)]
pub struct Seams {
    pub evidence: Vec<Arc<dyn EvidenceSource>>,
    pub figures: Vec<Arc<dyn FigureSource>>,
    pub accomplishments: Vec<Arc<dyn Accomplishments>>,
    pub obligations: Vec<Arc<dyn Obligation>>,
    pub waiting: Vec<Arc<dyn Waiting>>,
    pub lookups: Vec<Arc<dyn Lookup>>,
    pub searchable: Vec<Arc<dyn Searchable>>,
    pub pages: Vec<Arc<dyn PublicPages>>,
    pub about: Vec<Arc<dyn AboutOrgan>>,
    pub portal: Vec<PortalEntry>,
    pub open: Vec<OpenData>,
    pub holders: Vec<Arc<dyn FileHolder>>,
    pub published: Option<Arc<dyn Published>>,
    pub drafts: Option<Arc<dyn Drafts>>,
    pub check: Option<Arc<dyn Check>>,
    pub listings: Option<Arc<dyn Listings>>,
    pub fitting: Option<Arc<dyn Fitting>>,
}

impl Seams {
    /// What several capabilities offer, as one.
    #[must_use]
    pub fn of_all(offers: impl IntoIterator<Item = Self>) -> Self {
        offers.into_iter().fold(Self::default(), |mut all, offer| {
            all.evidence.extend(offer.evidence);
            all.figures.extend(offer.figures);
            all.accomplishments.extend(offer.accomplishments);
            all.obligations.extend(offer.obligations);
            all.waiting.extend(offer.waiting);
            all.lookups.extend(offer.lookups);
            all.searchable.extend(offer.searchable);
            all.pages.extend(offer.pages);
            all.about.extend(offer.about);
            all.portal.extend(offer.portal);
            all.open.extend(offer.open);
            all.holders.extend(offer.holders);
            all.published = all.published.or(offer.published);
            all.drafts = all.drafts.or(offer.drafts);
            all.check = all.check.or(offer.check);
            all.listings = all.listings.or(offer.listings);
            all.fitting = all.fitting.or(offer.fitting);
            all
        })
    }

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

    /// What the public may find of records now, in the order asked; `None` for what is not public or of no known kind.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn entries(
        &self,
        tx: &mut Tx,
        refs: &[Ref],
    ) -> Result<Vec<Option<Entry>>, StoreError> {
        let mut entries: Vec<Option<Entry>> = vec![None; refs.len()];
        for source in &self.searchable {
            let (places, own): (Vec<usize>, Vec<Ref>) = refs
                .iter()
                .enumerate()
                .filter(|(_, of)| source.kinds().contains(&of.kind.as_str()))
                .map(|(place, of)| (place, of.clone()))
                .unzip();
            if own.is_empty() {
                continue;
            }
            for (place, entry) in places.into_iter().zip(source.entries(tx, &own).await?) {
                if let Some(slot) = entries.get_mut(place) {
                    *slot = entry;
                }
            }
        }
        Ok(entries)
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

    /// What people call a kind of due item.
    #[must_use]
    pub fn due_kind(&self, kind: &str) -> &'static str {
        self.obligations
            .iter()
            .flat_map(|obligation| obligation.kinds())
            .find(|(code, _)| *code == kind)
            .map_or("事项", |(_, name)| name)
    }

    /// The kinds of due items, and what people call them.
    #[must_use]
    pub fn due_kinds(&self) -> Vec<(&'static str, &'static str)> {
        let kinds = self.obligations.iter().flat_map(|each| each.kinds());
        kinds.copied().collect()
    }

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

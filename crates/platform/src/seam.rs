//! How capabilities meet without knowing each other: small traits, wired by plain lists in the binary, asked in batches.

mod accomplishment;
mod check;
mod draft;
mod evidence;
mod figure;
mod fitting;
mod holder;
mod listing;
mod lookup;
mod obligation;
mod open;
mod page;
mod searchable;
mod waiting;

use std::sync::Arc;

pub use accomplishment::{Accomplishment, Accomplishments};
pub use check::{Check, Cleaned, Readable, Spotted};
pub use draft::{Drafted, Drafts, ToDraft};
pub use evidence::{EvidenceSource, FOUND_MAX, Found, Wanted};
pub use figure::{Better, FigureSource};
pub use fitting::{Fit, Fitting, Theme};
pub use holder::{FileHolder, Held};
pub use listing::{Listed, Listings, Material, ToList};
pub use lookup::{Hit, Lookup};
pub use obligation::{DUE_MAX, DueItem, Obligation};
pub use open::OpenData;
pub use page::{
    AboutOrgan, Branch, OrganLink, PAGES_AT_ONCE, PortalEntry, PublicPage, PublicPages,
};
pub use searchable::{Alike, Entry, Published, Searchable};
pub use waiting::{Duty, Waiting};

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
}

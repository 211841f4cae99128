//! 申请前提示: what is public already, shown to somebody who is about to apply for it. Counted by record and day; nothing is
//! kept of who asked, or of what they wrote.
//!
//! Law: 条例 art. 36(1): for what is public, the reply is where it stands; a person who is told before need not apply.

pub mod limit;
pub mod seam;
pub mod store;
pub mod tally;

use std::collections::BTreeSet;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::store as portal;
use gongkai_platform::seam::Entry;
use gongkai_platform::web::App;

use crate::{cluster, similar};

/// Offers at most: a person who types must see them at a glance.
pub const OFFERS_MAX: usize = 5;
/// Shorter texts say too little.
pub const TEXT_CHARS_MIN: usize = 4;
/// Of a text, so much is looked at.
const TEXT_CHARS_MAX: usize = 200;
/// In hundredths of the shorter text's pairs: from here on a title is like the text, when not all words were found together.
const ALIKE_HUNDREDTHS: usize = 34;
/// What everybody writes and nobody looks for.
const FILLERS: [&str; 16] = [
    "（演示）",
    "申请公开",
    "申请获取",
    "依法公开",
    "我想了解",
    "我想要",
    "我要",
    "请公开",
    "请提供",
    "希望公开",
    "政府信息公开",
    "政府信息",
    "的有关情况",
    "相关材料",
    "相关信息",
    "有关信息",
];

/// A public record that may be what somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub of: Ref,
    pub title: String,
    /// Where it stands: a page of this site, or an address elsewhere.
    pub path: String,
    pub organ: Option<(OrganId, String)>,
    pub dated_on: Option<Date>,
}

impl Offer {
    fn of_entry(entry: Entry) -> Self {
        let organ = entry
            .organ
            .and_then(|(id, name)| Some((id.parse().ok()?, name)));
        Self {
            of: Ref {
                kind: entry.kind,
                id: entry.id,
            },
            title: entry.title,
            path: entry.path,
            organ,
            dated_on: entry.dated_on,
        }
    }

    /// Is it of one of these organs? Where all are meant, it may be of none.
    fn is_within(&self, organs: Option<&[OrganId]>) -> bool {
        let own = self.organ.as_ref().map(|(id, _)| id);
        organs.is_none_or(|organs| own.is_some_and(|id| organs.contains(id)))
    }

    /// What names it in forms and links.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.of.kind, self.of.id)
    }

    /// Who published it and when, for people.
    #[must_use]
    pub fn note(&self) -> String {
        let organ = self.organ.as_ref().map_or("", |(_, name)| name.as_str());
        match self.dated_on {
            Some(on) if organ.is_empty() => on.to_string(),
            Some(on) => format!("{organ}　{on}"),
            None => organ.to_owned(),
        }
    }
}

/// A key read back.
#[must_use]
pub fn of_key(key: &str) -> Option<Ref> {
    let (kind, id) = key.split_once(':')?;
    (!kind.is_empty() && !id.is_empty()).then(|| Ref {
        kind: kind.to_owned(),
        id: id.to_owned(),
    })
}

/// What a text looks for: without what everybody writes.
#[must_use]
pub fn wanted(subject: &str, description: &str) -> String {
    let text = if subject.chars().count() >= TEXT_CHARS_MIN {
        subject
    } else {
        description
    };
    let clipped: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let bare = FILLERS
        .iter()
        .fold(clipped, |text, filler| text.replace(filler, " "));
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Records that may be what a text asks for, of organs inside the scope: first what came of earlier cases that asked for it,
/// then what the index finds. A site offers what it shows, so that whoever follows an offer stays there.
///
/// # Errors
/// When the store fails.
pub async fn find(app: &App, scope: &Scope, text: &str) -> Result<Vec<Offer>, StoreError> {
    if text.chars().count() < TEXT_CHARS_MIN {
        return Ok(Vec::new());
    }
    let within = app
        .db
        .read(async |tx: &mut Tx| portal::organs(tx, scope).await)
        .await?;
    let alike = match &app.seams.published {
        Some(published) => {
            published
                .alike(text, within.as_deref(), 2 * OFFERS_MAX)
                .await
        }
        None => Vec::new(),
    };
    let likely = alike
        .into_iter()
        .filter(|one| one.sure || similar::within(text, &one.title) >= ALIKE_HUNDREDTHS);
    let found: Vec<Ref> = likely.map(|one| one.of).collect();
    app.db
        .read(async |tx: &mut Tx| {
            let mut offers = came_of_cases(app, tx, text).await?;
            let entries = app.seams.entries(tx, &found).await?;
            let valid = entries.into_iter().flatten().filter(|entry| !entry.void);
            offers.extend(valid.map(Offer::of_entry));
            offers.retain(|offer| offer.is_within(within.as_deref()));
            let mut seen = BTreeSet::new();
            offers.retain(|offer| seen.insert(offer.key()));
            offers.truncate(OFFERS_MAX);
            Ok(offers)
        })
        .await
}

/// What was published because earlier applicants asked for the same.
async fn came_of_cases(app: &App, tx: &mut Tx, text: &str) -> Result<Vec<Offer>, StoreError> {
    let published = cluster::store::published(tx).await?;
    let mut like: Vec<(usize, cluster::Published)> = published
        .into_iter()
        .map(|one| (similar::alike(text, &one.subject), one))
        .filter(|(score, _)| *score >= similar::ALIKE_HUNDREDTHS)
        .collect();
    like.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let own: Vec<Ref> = like.iter().map(|(_, one)| one.of.clone()).collect();
    let entries = app.seams.entries(tx, &own).await?;
    let offer = |((_, one), entry): ((usize, cluster::Published), Option<Entry>)| {
        if one.is_elsewhere() {
            return Some(one.offer());
        }
        entry.filter(|entry| !entry.void).map(Offer::of_entry)
    };
    Ok(like.into_iter().zip(entries).filter_map(offer).collect())
}

/// The record behind a key, when the public may see it now, of an organ inside the scope.
///
/// # Errors
/// When the store fails.
pub async fn open(app: &App, scope: &Scope, of: Ref) -> Result<Option<Offer>, StoreError> {
    app.db
        .read(async |tx: &mut Tx| {
            let within = portal::organs(tx, scope).await?;
            let found = if of.kind == cluster::ELSEWHERE {
                let found = cluster::store::published_as(tx, &of.id).await?;
                found.map(cluster::Published::offer)
            } else {
                let entries = app.seams.entries(tx, &[of]).await?;
                let entry = entries.into_iter().flatten().find(|entry| !entry.void);
                entry.map(Offer::of_entry)
            };
            Ok(found.filter(|offer| offer.is_within(within.as_deref())))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::{of_key, wanted};

    #[test]
    fn what_everybody_writes_is_not_looked_for() {
        assert_eq!(
            wanted("（演示）我要申请公开2025年老旧小区改造清单", ""),
            "2025年老旧小区改造清单"
        );
        assert_eq!(wanted("", "请提供公交线路调整报告"), "公交线路调整报告");
        assert_eq!(wanted("申请公开", "城区学位分配"), "");
        assert_eq!(wanted("字".repeat(300).as_str(), "").chars().count(), 200);
    }

    #[test]
    fn a_key_is_read_back_whole() {
        let of = of_key("document:01:2").unwrap();
        assert_eq!((of.kind.as_str(), of.id.as_str()), ("document", "01:2"));
        assert!(of_key("document").is_none() && of_key(":1").is_none());
    }
}

//! What this capability offers to the others: published documents as evidence, as figures, to search and to list; reviews
//! that wait and fall due.

mod column;
mod concerned;
mod fitting;
mod gazette;
mod held;
mod organ;
mod statistics;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::reference::{Claim, Ref, Verdict};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{
    Branch, Entry, EvidenceSource, FOUND_MAX, Found, PublicPage, PublicPages, Searchable, Wanted,
};
use gongkai_platform::web::civil_day;

use crate::document::handle::SUBJECT;
use crate::document::store::{self, Narrow};
use crate::document::validity::{self, Turn};
use crate::document::{Document, Visibility};
use crate::id::DocumentId;
use crate::kind::own::OwnValue;

pub(crate) use column::Columns;
pub(crate) use concerned::{ConcernedDesk, ConcernedDue};
pub(crate) use gazette::{Gazette, GazetteDesk};
pub(crate) use organ::Organs;
pub(crate) use statistics::Figures;
pub(crate) use waiting::{Desk, OpennessDue, ReviewsDue};

/// Published documents.
pub(crate) struct Documents;

fn published_on(document: &Document) -> Option<Date> {
    let instant = jiff::Timestamp::from_millisecond(document.published_at?).ok()?;
    Some(civil_day(instant))
}

fn found(document: &Document) -> Found {
    Found {
        of: Ref {
            kind: SUBJECT.to_owned(),
            id: document.id.to_string(),
        },
        organ: document.organ,
        title: if document.number.is_empty() {
            format!("《{}》", document.title)
        } else {
            format!("《{}》（{}）", document.title, document.number)
        },
        dated_on: published_on(document),
        path: format!("/documents/{}", document.id),
        seal: document
            .published
            .map_or_else(String::new, |edition| edition.to_string()),
    }
}

async fn by_ids(
    tx: &mut Tx,
    refs: impl Iterator<Item = String>,
) -> Result<BTreeMap<String, Document>, StoreError> {
    let ids: Vec<String> = refs.collect();
    let found = store::by_ids(tx, &ids).await?;
    Ok(found
        .into_iter()
        .map(|document| (document.id.to_string(), document))
        .collect())
}

#[async_trait]
impl EvidenceSource for Documents {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(SUBJECT, "已发布的文件")]
    }

    fn is_public(&self) -> bool {
        true
    }

    async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        let narrow = Narrow {
            visibility: Some(Visibility::Public),
            text: wanted.words.clone(),
            ..Narrow::default()
        };
        let rows = i64::try_from(FOUND_MAX * 2).unwrap_or(i64::MAX);
        let documents = store::list(tx, scope, &narrow, (0, rows)).await?;
        let within = |document: &&Document| {
            wanted.within.is_none_or(|days| {
                published_on(document).is_some_and(|on| days.from <= on && on <= days.to)
            })
        };
        // 特定范围公示 proves nothing to everybody.
        let listed = documents.iter().filter(|document| !document.limited);
        let fit = listed.filter(within);
        Ok(fit.take(FOUND_MAX).map(found).collect())
    }

    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let there = by_ids(tx, refs.iter().map(|of| of.id.clone())).await?;
        let one = |of: &Ref| {
            there
                .get(&of.id)
                .filter(|document| document.visibility == Visibility::Public && !document.limited)
                .map(found)
        };
        Ok(refs.iter().map(one).collect())
    }

    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let there = by_ids(tx, claims.iter().map(|claim| claim.of.id.clone())).await?;
        let verdict = |claim: &Claim| match there.get(&claim.of.id) {
            None => Verdict::Gone("文件库里没有这份文件。".to_owned()),
            Some(document) => match document.visibility {
                Visibility::Never => Verdict::Gone(format!("《{}》没有发布。", document.title)),
                Visibility::Withdrawn => Verdict::Gone(format!(
                    "《{}》已撤下：{}",
                    document.title, document.explanation
                )),
                // As in `describe`: it proves nothing to everybody any more.
                Visibility::Public if document.limited => Verdict::Gone(format!(
                    "《{}》改为特定范围公示，不列入目录。",
                    document.title
                )),
                Visibility::Public => match &claim.seal {
                    Some(seal) if *seal != found(document).seal => {
                        Verdict::Changed(format!("《{}》登记以后更正过。", document.title))
                    }
                    Some(_) | None => Verdict::Holds,
                },
            },
        };
        Ok(claims.iter().map(verdict).collect())
    }
}

#[async_trait]
impl Searchable for Documents {
    fn kinds(&self) -> &'static [&'static str] {
        &[SUBJECT]
    }

    async fn entries(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError> {
        let there = by_ids(tx, refs.iter().map(|of| of.id.clone())).await?;
        let ids: Vec<DocumentId> = there.values().map(|document| document.id).collect();
        let turns = store::turns(tx, &ids).await?;
        let today = civil_day(tx.now());
        let mut entries = Vec::with_capacity(refs.len());
        for of in refs {
            // What was shown for a time is not indexed beyond it.
            let public = there.get(&of.id).filter(|one| one.is_found(today));
            let entry = match public {
                Some(document) => entry(tx, document, &turns, today).await?,
                None => None,
            };
            entries.push(entry);
        }
        Ok(entries)
    }

    async fn after(
        &self,
        tx: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError> {
        let ids =
            store::published_after(tx, &Scope::Everything, last.map_or("", |of| &of.id), limit)
                .await?;
        Ok(ids
            .into_iter()
            .map(|(id, _)| Ref {
                kind: SUBJECT.to_owned(),
                id,
            })
            .collect())
    }
}

async fn entry(
    tx: &mut Tx,
    document: &Document,
    turns: &[(DocumentId, Turn)],
    today: Date,
) -> Result<Option<Entry>, StoreError> {
    let Some(edition) = document.published else {
        return Ok(None);
    };
    let Some(edition) = store::edition(tx, edition).await? else {
        return Ok(None);
    };
    let own: Vec<Turn> = turns
        .iter()
        .filter(|(id, _)| *id == document.id)
        .map(|(_, turn)| turn.clone())
        .collect();
    let validity = validity::on(today, document.effective_on, document.expires_on, &own);
    let means = document.kind.has_validity();
    Ok(Some(Entry {
        kind: SUBJECT.to_owned(),
        id: document.id.to_string(),
        body: words(edition.text, &edition.head.own),
        title: edition.head.title,
        path: format!("/documents/{}", document.id),
        organ: Some((document.organ.to_string(), document.organ_name.clone())),
        class: document.kind.name().to_owned(),
        dated_on: published_on(document),
        changed_on: document.modified_on(),
        document_number: edition.head.number,
        index_number: document.index_number.clone(),
        validity: if means {
            validity.name().to_owned()
        } else {
            String::new()
        },
        void: means && validity.is_void(),
        keywords: edition
            .head
            .keywords
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
    }))
}

/// The text with what stands above it in the fields of its kind.
fn words(mut text: String, own: &[OwnValue]) -> String {
    for one in own {
        text.push('\n');
        text.push_str(&one.line());
    }
    text
}

#[async_trait]
impl PublicPages for Documents {
    fn fixed(&self) -> Vec<&'static str> {
        vec!["/documents", "/documents/feed.xml", "/documents/years"]
    }

    async fn branches(&self, tx: &mut Tx, scope: &Scope) -> Result<Vec<Branch>, StoreError> {
        let mut years: Vec<(i64, i64)> = Vec::new();
        for (year, _, n) in store::by_year(tx, scope).await? {
            match years.last_mut() {
                Some((last, total)) if *last == year => *total += n,
                Some(_) | None => years.push((year, n)),
            }
        }
        let one = |(year, n)| Branch {
            below: "/documents",
            title: format!("{year}年文件（{n}件）"),
            path: format!("/documents/years/{year}"),
        };
        Ok(years.into_iter().map(one).collect())
    }

    async fn feeds(&self, _: &mut Tx, _: &Scope) -> Result<Vec<(String, String)>, StoreError> {
        Ok(vec![(
            "政策文件".to_owned(),
            "/documents/feed.xml".to_owned(),
        )])
    }

    async fn urls(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError> {
        let last = after
            .and_then(|path| path.strip_prefix("/documents/"))
            .unwrap_or("");
        // Each may bring the page of its texts along.
        let ids = store::published_after(tx, scope, last, (limit / 2).max(1)).await?;
        let keys: Vec<DocumentId> = ids.iter().filter_map(|(id, _)| id.parse().ok()).collect();
        let turned: BTreeSet<DocumentId> = store::turns(tx, &keys)
            .await?
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        let mut found = Vec::with_capacity(ids.len());
        for (id, changed_at) in ids {
            let path = format!("/documents/{id}");
            let history = id.parse().is_ok_and(|id| turned.contains(&id));
            found.push(PublicPage {
                path: path.clone(),
                changed_at,
            });
            if history {
                found.push(PublicPage {
                    path: format!("{path}/history"),
                    changed_at,
                });
            }
        }
        Ok(found)
    }

    async fn parts(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        pages: i64,
    ) -> Result<Vec<Option<String>>, StoreError> {
        if store::published_after(tx, scope, "", 1).await?.is_empty() {
            return Ok(Vec::new());
        }
        // Each may bring the page of its texts along.
        let documents = (pages / 2).max(1);
        let (mut starts, mut last) = (vec![None], String::new());
        while let Some(id) = store::published_far_after(tx, scope, &last, documents).await? {
            let history = !store::turns(tx, &[id]).await?.is_empty();
            let page = format!("/documents/{id}");
            starts.push(Some(if history { page + "/history" } else { page }));
            last = id.to_string();
        }
        Ok(starts)
    }
}

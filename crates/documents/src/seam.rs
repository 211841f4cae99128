//! What this capability offers to the others: published documents as evidence, as figures, to search and to list; reviews
//! that wait and fall due.

mod column;
mod concerned;
mod fitting;
mod gazette;
mod held;
mod organ;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::reference::{Claim, DateRange, Figure, FigureKey, Ref, Verdict};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{
    Branch, DUE_MAX, DueItem, Duty, Entry, EvidenceSource, FOUND_MAX, FigureSource, Found,
    Obligation, PublicPage, PublicPages, Searchable, Waiting, Wanted,
};
use gongkai_platform::web::civil_day;

use crate::acts::{PublishDocuments, ReviewDocuments, WriteDocuments};
use crate::document::handle::SUBJECT;
use crate::document::store::{self, Narrow};
use crate::document::validity::{self, Turn, Validity};
use crate::document::{Document, State, Visibility};
use crate::id::DocumentId;
use crate::kind::own::OwnValue;
use crate::kind::{Kind, Step};
use crate::pages::desk::own_steps;
use crate::review;

pub(crate) use column::Columns;
pub(crate) use concerned::{ConcernedDesk, ConcernedDue};
pub(crate) use gazette::{Gazette, GazetteDesk};
pub(crate) use organ::Organs;

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

/// How many documents were published.
pub(crate) struct Figures;

fn counted(name: &str) -> Option<Option<Kind>> {
    match name {
        "documents.published" => Some(None),
        "documents.rules" => Some(Some(Kind::Rule)),
        "documents.normative" => Some(Some(Kind::Normative)),
        "documents.interpretations" => Some(Some(Kind::Interpretation)),
        _ => None,
    }
}

/// What became of rules: the annual report's table 二.
fn turned(name: &str) -> Option<(Kind, Stood)> {
    Some(match name {
        "documents.table2.rules.repealed" => (Kind::Rule, Stood::Ended),
        "documents.table2.rules.in_force" => (Kind::Rule, Stood::InForce),
        "documents.table2.normative.repealed" => (Kind::Normative, Stood::Ended),
        "documents.table2.normative.in_force" => (Kind::Normative, Stood::InForce),
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stood {
    /// Repealed or declared lapsed in the year.
    Ended,
    /// At the end of the year.
    InForce,
}

/// References that a figure carries at most.
const REFS_MAX: usize = 50;

async fn stood(
    tx: &mut Tx,
    key: &FigureKey,
    (kind, stood): (Kind, Stood),
) -> Result<Figure, StoreError> {
    let documents = store::of_kind(tx, key.organ, (kind, key.year)).await?;
    let ids: Vec<DocumentId> = documents.iter().map(|document| document.id).collect();
    let mut own: BTreeMap<DocumentId, Vec<Turn>> = BTreeMap::new();
    for (id, turn) in store::turns(tx, &ids).await? {
        own.entry(id).or_default().push(turn);
    }
    let last = Date::new(key.year, 12, 31).ok();
    let counts = |document: &&Document| {
        let turns = own.get(&document.id).map_or(&[][..], Vec::as_slice);
        match stood {
            // Whatever ended stays so: the first end counts.
            Stood::Ended => turns
                .iter()
                .find(|turn| turn.change.is_end())
                .is_some_and(|turn| turn.on.year() == key.year),
            Stood::InForce => last.is_some_and(|day| {
                matches!(
                    validity::on(day, document.effective_on, document.expires_on, turns),
                    Validity::InForce | Validity::Amended
                )
            }),
        }
    };
    let found: Vec<&Document> = documents.iter().filter(counts).collect();
    Ok(Figure {
        value: i64::try_from(found.len()).unwrap_or(i64::MAX),
        refs: found
            .into_iter()
            .take(REFS_MAX)
            .map(|document| Ref {
                kind: SUBJECT.to_owned(),
                id: document.id.to_string(),
            })
            .collect(),
    })
}

#[async_trait]
impl FigureSource for Figures {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("documents.published", "公开文件件数"),
            ("documents.rules", "规章件数"),
            ("documents.normative", "行政规范性文件件数"),
            ("documents.interpretations", "政策解读篇数"),
            (
                "documents.table2.rules.repealed",
                "规章本年废止（含宣布失效）件数",
            ),
            ("documents.table2.rules.in_force", "规章年末现行有效件数"),
            (
                "documents.table2.normative.repealed",
                "行政规范性文件本年废止（含宣布失效）件数",
            ),
            (
                "documents.table2.normative.in_force",
                "行政规范性文件年末现行有效件数",
            ),
        ]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            if let Some(what) = turned(&key.name) {
                figures.push(Some(stood(tx, key, what).await?));
                continue;
            }
            let Some(kind) = counted(&key.name) else {
                figures.push(None);
                continue;
            };
            let (value, ids) = store::figure(tx, key.organ, key.year, kind).await?;
            let refs = ids
                .into_iter()
                .map(|id| Ref {
                    kind: SUBJECT.to_owned(),
                    id,
                })
                .collect();
            figures.push(Some(Figure { value, refs }));
        }
        Ok(figures)
    }
}

/// Review steps by their day.
pub(crate) struct ReviewsDue;

#[async_trait]
impl Obligation for ReviewsDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("document-review", "文件审核")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let open = review::store::open(tx, scope, Step::ALL, DUE_MAX).await?;
        Ok(open
            .into_iter()
            .filter_map(|one| {
                let due_on = one
                    .due_on
                    .filter(|day| range.from <= *day && *day <= range.to)?;
                Some(DueItem {
                    of: Ref {
                        kind: "document-review".to_owned(),
                        id: one.document.to_string(),
                    },
                    organ: one.owner,
                    title: format!("{}：《{}》", one.step.name(), one.title),
                    due_on,
                    path: format!("/workspace/documents/{}", one.document),
                })
            })
            .collect())
    }
}

/// What is not open, by the day on which that is looked at again.
pub(crate) struct OpennessDue;

#[async_trait]
impl Obligation for OpennessDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("document-openness", "公开属性复核")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let found = store::falling_within(tx, scope, range, DUE_MAX).await?;
        let item = |document: Document| {
            Some(DueItem {
                of: Ref {
                    kind: "document-openness".to_owned(),
                    id: document.id.to_string(),
                },
                organ: document.owner,
                title: format!("复核公开属性：《{}》", document.title),
                due_on: document.review_on?,
                path: format!("/workspace/documents/{}#openness", document.id),
            })
        };
        Ok(found.into_iter().filter_map(item).collect())
    }
}

/// What waits for a person.
pub(crate) struct Desk;

#[async_trait]
impl Waiting for Desk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        if let Some(permit) = person.permit::<ReviewDocuments>() {
            let me = person.account.to_string();
            let steps = own_steps(&permit);
            let of = (me.as_str(), steps.as_slice());
            duties.push(Duty {
                n: review::store::open_to_count(tx, permit.scope(), of).await?,
                name: "份稿件等您校对或审核",
                path: "/workspace/documents".into(),
            });
        }
        if let Some(permit) = person.permit::<PublishDocuments>() {
            let counts = store::counts(tx, permit.scope(), &Narrow::default()).await?;
            let n = counts
                .iter()
                .find(|(state, _)| *state == State::Approved)
                .map_or(0, |(_, n)| *n);
            duties.push(Duty {
                n,
                name: "份文件审核通过，等待发布",
                path: "/workspace/documents?state=approved".into(),
            });
        }
        if let Some(permit) = person.permit::<WriteDocuments>() {
            let n = review::store::returned(tx, permit.scope()).await?;
            duties.push(Duty {
                n,
                name: "份文件被退回，等待修改",
                path: "/workspace/documents?state=draft".into(),
            });
            let looking = store::Looking::DueBy(today);
            duties.push(Duty {
                n: store::unopened_count(tx, permit.scope(), looking).await?,
                name: "份没有主动公开的文件到了公开属性复核日期",
                path: "/workspace/documents/openness".into(),
            });
        }
        Ok(duties)
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

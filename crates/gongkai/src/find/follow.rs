//! From events to the index: which records changed, what the public may find of them now.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::audit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{self, Kind, Level};
use gongkai_platform::seam::{Entry, Searchable};
use gongkai_platform::web::App;
use gongkai_search::{Doc, SearchError};
use tokio::sync::watch;

use super::{Finder, blocking, same};

/// How often new events are looked for: what is published must be found within two seconds.
const POLL: Duration = Duration::from_millis(400);
/// After a failure.
const POLL_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How often words that found nothing are written down.
const WRITE_DOWN: Duration = Duration::from_secs(60);
/// Events of one look.
const EVENTS: i64 = 1_000;
/// Records of one batch of a rebuild.
const BATCH: i64 = 500;

/// An event: its number and its hash, so that an index never follows another store's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    seq: i64,
    hash: String,
}

impl Cursor {
    fn read(text: &str) -> Option<Self> {
        let (seq, hash) = text.split_once(':')?;
        Some(Self {
            seq: seq.parse().ok()?,
            hash: hash.to_owned(),
        })
    }

    fn text(&self) -> String {
        format!("{}:{}", self.seq, self.hash)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    #[error("the store failed")]
    Store(#[from] StoreError),
    #[error("the index failed")]
    Search(#[from] SearchError),
}

/// Follows until told to stop.
pub async fn follow(app: App, finder: Finder, mut stopped: watch::Receiver<bool>) {
    let mut written = tokio::time::Instant::now();
    while !*stopped.borrow() {
        if written.elapsed() >= WRITE_DOWN {
            written = tokio::time::Instant::now();
            if let Err(error) = finder.misses.write_down(&app).await {
                tracing::warn!(%error, "words that found nothing could not be written down");
            }
        }
        let wait = match step(&app, &finder).await {
            Ok(true) => continue,
            Ok(false) => POLL,
            Err(FollowError::Search(SearchError::Locked)) => {
                // Another process of this folder follows; see what it did.
                if let Err(error) = finder.index.reload() {
                    tracing::warn!(%error, "the search index cannot be read");
                }
                POLL
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the search index could not follow"
                );
                POLL_AFTER_FAILURE
            }
        };
        let _ = tokio::time::timeout(wait, stopped.wait_for(|stop| *stop)).await;
    }
}

/// Follows until nothing is new. Where another process of this folder follows, its work is what there is.
///
/// # Errors
/// When the store or the index fails.
pub async fn catch_up(app: &App, finder: &Finder) -> Result<(), FollowError> {
    loop {
        match step(app, finder).await {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(FollowError::Search(SearchError::Locked)) => {
                // It looks at the chain this often, so that it has seen by then what stands there now.
                tokio::time::sleep(2 * POLL).await;
                return Ok(finder.index.reload()?);
            }
            Err(error) => return Err(error),
        }
    }
}

/// One look: new events, or a rebuild where the index has no place in this chain. Gives whether there may be more.
///
/// # Errors
/// When the store or the index fails; the next call begins at the same place.
pub async fn step(app: &App, finder: &Finder) -> Result<bool, FollowError> {
    if !finder.has_learned() {
        same::learn(app, finder).await?;
    }
    let cursor = match finder.seen() {
        Some(cursor) => Some(cursor),
        None => finder.index.cursor()?.as_deref().and_then(Cursor::read),
    };
    let Some(cursor) = cursor else {
        rebuild(app, finder).await?;
        return Ok(true);
    };
    let from = cursor.seq;
    let events = app
        .db
        // The event of the cursor itself comes along, to be compared.
        .read(async |tx: &mut Tx| audit::page(tx, from - 1, EVENTS).await)
        .await?;
    let mut events = events.into_iter().peekable();
    let same_chain = match from {
        0 => true,
        _ => events
            .next_if(|event| event.seq == cursor.seq)
            .is_some_and(|event| event.hash == cursor.hash),
    };
    if !same_chain {
        tracing::warn!("the search index belongs to another store and is rebuilt");
        rebuild(app, finder).await?;
        return Ok(true);
    }
    let (mut changed, mut last) = (BTreeSet::new(), None);
    for event in events {
        last = Some(Cursor {
            seq: event.seq,
            hash: event.hash,
        });
        changed.insert(Ref {
            kind: event.subject_kind,
            id: event.subject_id,
        });
    }
    let Some(last) = last else {
        return Ok(false);
    };
    if changed.iter().any(|of| of.kind == same::SUBJECT) {
        same::learn(app, finder).await?;
    }
    bring(app, finder, changed, &last).await?;
    finder.saw(last);
    Ok(true)
}

/// Brings records up to date in one commit; records of no searchable kind cost nothing.
async fn bring(
    app: &App,
    finder: &Finder,
    changed: BTreeSet<Ref>,
    cursor: &Cursor,
) -> Result<(), FollowError> {
    let (mut upserts, mut removals) = (Vec::new(), Vec::new());
    for source in &app.seams.searchable {
        let own: Vec<Ref> = changed
            .iter()
            .filter(|of| source.kinds().contains(&of.kind.as_str()))
            .cloned()
            .collect();
        if own.is_empty() {
            continue;
        }
        let entries = ask(app, source.as_ref(), &own).await?;
        for (of, entry) in own.into_iter().zip(entries) {
            match entry {
                Some(entry) => upserts.push(entry),
                None => removals.push((of.kind, of.id)),
            }
        }
    }
    if upserts.is_empty() && removals.is_empty() {
        return Ok(());
    }
    let upserts = docs(app, upserts).await?;
    let (index, cursor) = (finder.index.clone(), cursor.text());
    Ok(blocking(move || index.apply(&upserts, &removals, &cursor)).await?)
}

async fn ask(
    app: &App,
    source: &dyn Searchable,
    refs: &[Ref],
) -> Result<Vec<Option<Entry>>, StoreError> {
    app.db
        .read(async |tx: &mut Tx| source.entries(tx, refs).await)
        .await
}

/// Everything anew. The place in the chain is taken first: what changes meanwhile is looked at again.
async fn rebuild(app: &App, finder: &Finder) -> Result<(), FollowError> {
    let (seq, hash) = app
        .db
        .read(async |tx: &mut Tx| audit::newest(tx).await)
        .await?;
    let index = finder.index.clone();
    // Without a cursor until all is there: a rebuild that was cut off begins again.
    blocking(move || index.clear("")).await?;
    for source in &app.seams.searchable {
        let mut last: Option<Ref> = None;
        loop {
            let refs = app
                .db
                .read(async |tx: &mut Tx| source.after(tx, last.as_ref(), BATCH).await)
                .await?;
            let Some(end) = refs.last().cloned() else {
                break;
            };
            let entries = ask(app, source.as_ref(), &refs).await?;
            let docs = docs(app, entries.into_iter().flatten().collect()).await?;
            let index = finder.index.clone();
            blocking(move || index.apply(&docs, &[], "")).await?;
            last = Some(end);
        }
    }
    let cursor = Cursor { seq, hash };
    let (index, text) = (finder.index.clone(), cursor.text());
    blocking(move || index.apply(&[], &[], &text)).await?;
    finder.saw(cursor);
    Ok(())
}

/// Entries as the index keeps them, each with the level of its organ.
async fn docs(app: &App, entries: Vec<Entry>) -> Result<Vec<Doc>, StoreError> {
    let mut ids: Vec<OrganId> = entries.iter().filter_map(organ_of).collect();
    ids.sort();
    ids.dedup();
    let organs = app
        .db
        .read(async |tx: &mut Tx| organ::store::load_all(tx, &ids).await)
        .await?;
    let known: HashMap<OrganId, (Level, Kind)> = organs
        .into_iter()
        .map(|organ| (organ.id, (organ.level, organ.kind)))
        .collect();
    Ok(entries
        .into_iter()
        .map(|entry| {
            let organ = organ_of(&entry).and_then(|id| known.get(&id));
            Doc {
                level: organ.map_or_else(String::new, |(level, _)| level.name().to_owned()),
                standing: organ.map_or(0, |(level, kind)| standing(*level, *kind)),
                ..doc(entry)
            }
        })
        .collect())
}

/// A government speaks before its bureaus, and an upper one before a lower one.
fn standing(level: Level, kind: Kind) -> u64 {
    if !kind.governs() {
        return 0;
    }
    match level {
        Level::Province => 4,
        Level::City => 3,
        Level::County => 2,
        Level::Town => 1,
        Level::Village | Level::Section => 0,
    }
}

fn organ_of(entry: &Entry) -> Option<OrganId> {
    entry.organ.as_ref().and_then(|(id, _)| id.parse().ok())
}

/// 20240305; 0 for none.
fn as_number(date: Option<Date>) -> i64 {
    date.map_or(0, |date| {
        let (year, month, day) = (date.year(), date.month(), date.day());
        i64::from(year) * 10_000 + i64::from(month) * 100 + i64::from(day)
    })
}

fn doc(entry: Entry) -> Doc {
    Doc {
        kind: entry.kind,
        id: entry.id,
        title: entry.title,
        path: entry.path,
        body: entry.body,
        organ: entry.organ,
        class: entry.class,
        day: as_number(entry.dated_on),
        changed: as_number(entry.changed_on),
        document_number: entry.document_number,
        index_number: entry.index_number,
        validity: entry.validity,
        void: entry.void,
        keywords: entry.keywords,
        level: String::new(),
        standing: 0,
    }
}

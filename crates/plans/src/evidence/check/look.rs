//! Looking at evidence: files in the store of files, pages on listed sites, records and figures by those who keep them.

use std::collections::BTreeMap;

use futures::StreamExt as _;
use futures::stream;
use gongkai_basis::reference::{Claim, FigureKey};
use gongkai_office::{Block, Document};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::hash_of;
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, BoxFuture, put_aside};

use super::Item;
use crate::evidence::verdict::{Judged, Seen, Text, fold, judge};
use crate::evidence::{FigureOf, Proof};

/// Files and pages that are looked at together.
const AT_ONCE: usize = 5;

/// What is found out about each, in the order asked: one call to each source of records and figures, pages and files a
/// few at a time. Nothing is stored.
///
/// # Errors
/// When the store fails.
pub async fn look(app: &App, items: &[Item]) -> Result<Vec<Judged>, StoreError> {
    let mut asked = ask(app, items).await?;
    let waiting: Vec<BoxFuture<'_, Seen>> = items
        .iter()
        .enumerate()
        .map(|(place, item)| one(app, item, asked.remove(&place)))
        .collect();
    let seen: Vec<Seen> = stream::iter(waiting).buffered(AT_ONCE).collect().await;
    let judged = items.iter().zip(&seen);
    Ok(judged
        .map(|(item, seen)| judge(&item.evidence, seen))
        .collect())
}

/// Asks those who keep records and figures, each once for all; the answers by place.
async fn ask(app: &App, items: &[Item]) -> Result<BTreeMap<usize, Seen>, StoreError> {
    let (mut claims, mut keys) = (Vec::new(), Vec::new());
    for (place, item) in items.iter().enumerate() {
        match &item.evidence.proof {
            Proof::Record(of) => claims.push((
                place,
                Claim {
                    of: of.clone(),
                    seal: item.evidence.seal.clone(),
                },
            )),
            Proof::Figure(figure) => {
                if let Some(name) = &figure.key {
                    keys.push((
                        place,
                        FigureKey {
                            name: name.clone(),
                            organ: match figure.of {
                                FigureOf::Unit => item.organ,
                                FigureOf::Government => item.government,
                            },
                            year: i16::try_from(item.year).unwrap_or(i16::MAX),
                        },
                    ));
                }
            }
            Proof::File(_) | Proof::Link(_) | Proof::Event(_) => {}
        }
    }
    let mut seen = BTreeMap::new();
    if claims.is_empty() && keys.is_empty() {
        return Ok(seen);
    }
    let (record_places, claims): (Vec<usize>, Vec<Claim>) = claims.into_iter().unzip();
    let (figure_places, keys): (Vec<usize>, Vec<FigureKey>) = keys.into_iter().unzip();
    let (verdicts, figures) = app
        .db
        .read(async |tx: &mut Tx| {
            let verdicts = app.seams.verify(tx, &claims).await?;
            Ok::<_, StoreError>((verdicts, app.seams.figures(tx, &keys).await?))
        })
        .await?;
    seen.extend(
        record_places
            .into_iter()
            .zip(verdicts.into_iter().map(Seen::Record)),
    );
    let figures = figures.into_iter().zip(&keys).map(|(figure, key)| {
        figure.map_or(Seen::FigureUnknown, |figure| {
            Seen::Figure(figure.value, app.seams.better(&key.name))
        })
    });
    seen.extend(figure_places.into_iter().zip(figures));
    Ok(seen)
}

/// Looks at one, unless those who keep it were asked already.
fn one<'i>(app: &'i App, item: &'i Item, known: Option<Seen>) -> BoxFuture<'i, Seen> {
    Box::pin(async move {
        match (known, &item.evidence.proof) {
            (Some(seen), _) => seen,
            (None, Proof::File(_)) => file(app, item.sha256.clone()).await,
            (None, Proof::Link(link)) => page(app, link.as_str()).await,
            (None, Proof::Event(_)) => Seen::Event,
            (None, Proof::Figure(_)) => Seen::FigureUnbound,
            (None, Proof::Record(_)) => Seen::NoRecord,
        }
    })
}

async fn file(app: &App, sha256: Option<String>) -> Seen {
    let Some(sha256) = sha256 else {
        return Seen::FileMissing;
    };
    let files = app.files.clone();
    match off_thread(move || files.look(&sha256)).await {
        Ok(Ok(Some(hash))) => Seen::File(hash),
        Ok(Ok(None)) => Seen::FileMissing,
        Ok(Err(_)) | Err(_) => Seen::FileUnreadable,
    }
}

async fn page(app: &App, address: &str) -> Seen {
    match app.outside.get(address).await {
        Err(why) => Seen::NoPage(why.to_string()),
        Ok(answer) if (200..300).contains(&answer.status) => {
            match text_of(app, answer.bytes).await {
                Some(text) => Seen::Page(text),
                None => Seen::PageUnreadable,
            }
        }
        Ok(answer) => Seen::Status(answer.status),
    }
}

/// The words of a page, read where a crash or a blow-up cannot hurt.
async fn text_of(app: &App, bytes: Vec<u8>) -> Option<Text> {
    let file = put_aside(bytes).await.ok()?;
    let wire = app.sandbox.read(file.path().to_path_buf()).await.ok()?;
    let document = gongkai_office::wire::from_wire(&wire).ok()?;
    let folded = fold(&words(&document));
    Some(Text {
        seal: hash_of(folded.as_bytes()),
        folded,
    })
}

fn words(document: &Document) -> String {
    let mut words = String::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => words.push_str(&paragraph.text),
            Block::Table(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.cells) {
                    words.push_str(&cell.text);
                    words.push('\n');
                }
            }
        }
        words.push('\n');
    }
    words
}

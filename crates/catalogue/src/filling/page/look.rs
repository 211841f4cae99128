//! Looking at a page of a listed site: through the guard that evidence is looked at with, read in the child process.

use gongkai_office::{Block, Document};
use gongkai_platform::web::{App, put_aside};
use tokio::task::JoinSet;

use super::Words;

/// What one look saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Why there was nothing to see.
    Nothing(String),
    /// An answer without a page: its HTTP status.
    Status(u16),
    Words(Words),
}

/// Looks at all of these, address and the name of the material, at once; in the order asked.
pub(super) async fn look(app: &App, pages: Vec<(String, String)>) -> Vec<Seen> {
    let nothing = || Seen::Nothing("没有看完，稍后会再试。".to_owned());
    let mut seen: Vec<Seen> = pages.iter().map(|_| nothing()).collect();
    let mut looks = JoinSet::new();
    for (place, (address, name)) in pages.into_iter().enumerate() {
        let app = app.clone();
        looks.spawn(async move { (place, one(&app, &address, &name).await) });
    }
    while let Some(done) = looks.join_next().await {
        if let Ok((place, found)) = done
            && let Some(slot) = seen.get_mut(place)
        {
            *slot = found;
        }
    }
    seen
}

async fn one(app: &App, address: &str, name: &str) -> Seen {
    match app.outside.get(address).await {
        Err(why) => Seen::Nothing(why.to_string()),
        Ok(answer) if (200..300).contains(&answer.status) => {
            match text_of(app, answer.bytes).await {
                Some(text) => Seen::Words(Words::of(&text, name)),
                None => Seen::Nothing("页面在，但内容无法识别成文字，请人工查看。".to_owned()),
            }
        }
        Ok(answer) => Seen::Status(answer.status),
    }
}

/// The words of a page, read where a crash or a blow-up cannot hurt.
async fn text_of(app: &App, bytes: Vec<u8>) -> Option<String> {
    let file = put_aside(bytes).await.ok()?;
    let wire = app.sandbox.read(file.path().to_path_buf()).await.ok()?;
    let document = gongkai_office::wire::from_wire(&wire).ok()?;
    Some(words(&document))
}

fn words(document: &Document) -> String {
    let mut words = String::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => words.push_str(&paragraph.text),
            Block::Table(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.cells) {
                    words.push_str(&cell.text);
                }
            }
        }
    }
    words
}

//! `/workspace/find`: everything that a person may see at work, by its words, and what the person saved of that.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::{Act as _, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::organ::acts::ViewOrgans;
use gongkai_platform::seam::Hit;
use gongkai_platform::web::{
    App, Form, Problem, Query, Shell, SignedIn, address, page, redirect_with,
};
use serde::Deserialize;

use super::saved::{self, Saved};

/// Records of each kind on the page.
const ROWS: usize = 20;
/// Records of each kind among which the one of the very number is looked for.
const LOOKED_MAX: i64 = 100;
const WORDS_CHARS_MAX: usize = 100;
const LIST: &str = "/workspace/find";

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
}

/// The records of one kind.
struct Group {
    name: &'static str,
    hits: Vec<Hit>,
    /// There are more.
    is_cut: bool,
}

impl Group {
    /// What bears the very name or number stands first; the rest as it was found.
    fn of(name: &'static str, mut hits: Vec<Hit>, words: &str) -> Self {
        let wanted = key(words);
        let is_it = |text: &str| !wanted.is_empty() && key(text) == wanted;
        // Beside its number a note has the unit and the state, which many share.
        let is_number = wanted.contains(|c: char| c.is_ascii_digit());
        let bears = |hit: &Hit| is_it(&hit.title) || is_number && hit.note.split('　').any(is_it);
        hits.sort_by_key(|hit| !bears(hit));
        let is_cut = hits.len() > ROWS;
        hits.truncate(ROWS);
        Self { name, hits, is_cut }
    }
}

/// A number or a name as it is compared: letters and figures alone, with or without 号 at its end.
pub(super) fn key(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_suffix('号').unwrap_or(text);
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[derive(Template)]
#[template(path = "find/staff.html")]
struct FindPage {
    shell: Shell,
    words: String,
    saved: Vec<Saved>,
    groups: Vec<Group>,
    /// The same words on the portal.
    public: String,
}

impl FindPage {
    fn saved_max(&self) -> usize {
        saved::PER_PERSON_MAX
    }

    /// There are words, and they are not saved yet.
    fn may_save(&self) -> bool {
        !self.words.is_empty() && self.saved.iter().all(|one| one.words != self.words)
    }
}

/// What is looked for; longer words are cut.
fn cut(words: &str) -> String {
    words.trim().chars().take(WORDS_CHARS_MAX).collect()
}

/// `GET /workspace/find?q=`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let words = cut(&wanted.q);
    let (saved, mut groups) = app
        .db
        .read(async |tx: &mut Tx| {
            let saved = saved::of_person(tx, &person).await?;
            let mut groups = Vec::new();
            if words.is_empty() {
                return Ok((saved, groups));
            }
            for lookup in &app.seams.lookups {
                let hits = lookup.find(tx, &person, &words, LOOKED_MAX).await?;
                groups.push(Group::of(lookup.name(), hits, &words));
            }
            groups.push(organs(tx, &person, &words).await?);
            Ok::<_, StoreError>((saved, groups))
        })
        .await?;
    groups.retain(|group| !group.hits.is_empty());
    page(&FindPage {
        shell,
        public: address("/search", &[("q", &words)]),
        words,
        saved,
        groups,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Saving {
    q: String,
    name: String,
}

/// `POST /workspace/find/saved`
pub(super) async fn save(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Form(form): Form<Saving>,
) -> Result<Response, Problem> {
    let (name, words) = (form.name.trim(), cut(&form.q));
    app.db
        .write(async |tx: &mut Tx| saved::save(tx, &person, (name, &words)).await)
        .await?;
    let said = format!("已保存为“{name}”，在“保存的查找”里打开。");
    Ok(redirect_with(&saved::path_of(&words), &said))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Renaming {
    renamed: String,
}

/// `POST /workspace/find/saved/{id}/rename`
pub(super) async fn rename(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
    Form(form): Form<Renaming>,
) -> Result<Response, Problem> {
    let name = form.renamed.trim();
    app.db
        .write(async |tx: &mut Tx| saved::rename(tx, &person, (&id, name)).await)
        .await?;
    Ok(redirect_with(LIST, &format!("已改名为“{name}”。")))
}

/// `POST /workspace/find/saved/{id}/delete`
pub(super) async fn delete(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let gone = app
        .db
        .write(async |tx: &mut Tx| saved::delete(tx, &person, &id).await)
        .await?;
    let said = format!(
        "已删除保存的查找“{}”；要恢复，请再查找一次并保存。",
        gone.name
    );
    Ok(redirect_with(LIST, &said))
}

async fn organs(tx: &mut Tx, person: &Session, words: &str) -> Result<Group, StoreError> {
    let mut hits = Vec::new();
    if person.may(&ViewOrgans::ROW)
        && let Some(permit) = person.permit::<ViewOrgans>()
    {
        let filter = organ::Filter {
            text: words.to_owned(),
            ..organ::Filter::default()
        };
        let (found, _) = organ::store::search(tx, permit.scope(), &filter, 0, LOOKED_MAX).await?;
        hits.extend(found.into_iter().map(|organ| Hit {
            note: format!("{}　{}", organ.level.name(), organ.kind.name()),
            path: format!("/workspace/organs/{}", organ.id),
            title: organ.name,
        }));
    }
    Ok(Group::of("机关", hits, words))
}

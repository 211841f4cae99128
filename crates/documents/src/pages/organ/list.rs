//! 机构职能: every organ of the site, by level, government and kind.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::profile::store::{self, Listed};
use gongkai_platform::organ::{self, Kind, Level};
use gongkai_platform::web::{App, Problem, Query, Shell, page};
use serde::Deserialize;

use crate::pages::portal;

/// Characters that the list looks for.
const TEXT_CHARS_MAX: usize = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    text: String,
}

/// Organs of one kind below one government.
struct Shelf {
    kind: &'static str,
    organs: Vec<Listed>,
}

/// A government and what belongs to it.
struct Group {
    name: String,
    shelves: Vec<Shelf>,
}

#[derive(Template)]
#[template(path = "organs/list.html")]
struct ListPage {
    shell: Shell,
    levels: Vec<(Level, i64)>,
    /// `None` where a name is looked for.
    level: Option<Level>,
    text: String,
    groups: Vec<Group>,
}

impl ListPage {
    fn is_shown(&self, level: &Level) -> bool {
        self.level == Some(*level)
    }

    fn found(&self) -> usize {
        let shelves = self.groups.iter().flat_map(|group| &group.shelves);
        shelves.map(|shelf| shelf.organs.len()).sum()
    }
}

/// The government whose list an organ stands in: itself, or the nearest above.
fn government_of(organ: &Listed, governments: &BTreeMap<OrganId, String>) -> String {
    let above: Vec<OrganId> = organ
        .path
        .split('/')
        .filter_map(|id| id.parse().ok())
        .collect();
    let nearest = above.iter().rev().find_map(|id| governments.get(id));
    nearest.cloned().unwrap_or_default()
}

/// In the order of the directory; kinds in the order of their list.
fn grouped(organs: Vec<Listed>, governments: &BTreeMap<OrganId, String>) -> Vec<Group> {
    let mut groups: Vec<(String, BTreeMap<Kind, Vec<Listed>>)> = Vec::new();
    for organ in organs {
        let name = government_of(&organ, governments);
        let at = groups.iter().position(|(known, _)| *known == name);
        let at = at.unwrap_or_else(|| {
            groups.push((name, BTreeMap::new()));
            groups.len() - 1
        });
        if let Some((_, kinds)) = groups.get_mut(at) {
            kinds.entry(organ.kind).or_default().push(organ);
        }
    }
    groups
        .into_iter()
        .map(|(name, kinds)| Group {
            name,
            shelves: kinds
                .into_iter()
                .map(|(kind, organs)| Shelf {
                    kind: kind.name(),
                    organs,
                })
                .collect(),
        })
        .collect()
}

async fn shown(
    app: &App,
    (shell, headers): (Shell, &HeaderMap),
    asked: Option<Level>,
    text: String,
) -> Result<Response, Problem> {
    let (levels, level, organs, governments) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = &shell.face.scope;
            let levels = store::levels(tx, scope).await?;
            let level = match (&asked, text.is_empty()) {
                (Some(level), _) => Some(*level),
                (None, true) => levels.first().map(|(level, _)| *level),
                (None, false) => None,
            };
            let organs = store::listed(tx, scope, level, &text).await?;
            let above: Vec<OrganId> = organs
                .iter()
                .flat_map(|organ| organ.path.split('/').filter_map(|id| id.parse().ok()))
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect();
            let governments = organ::store::load_all(tx, &above).await?;
            Ok::<_, StoreError>((levels, level, organs, governments))
        })
        .await?;
    if let Some(asked) = asked
        && levels.iter().all(|(level, _)| *level != asked)
    {
        return Err(Problem::not_found());
    }
    let governments = governments
        .into_iter()
        // Each town alone would be a list of one: towns stand below their county.
        .filter(|organ| organ.kind == Kind::Government && organ.level < Level::Town)
        .map(|organ| (organ.id, organ.name))
        .collect();
    let signed_in = shell.person.is_some();
    let made = page(&ListPage {
        shell,
        levels,
        level,
        text,
        groups: grouped(organs, &governments),
    })?;
    portal::tagged(headers, signed_in, made).await
}

/// `GET /organs?text=财政`: the highest level, or whoever is called so.
pub(in crate::pages) async fn list(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let text = asked.text.trim().chars().take(TEXT_CHARS_MAX).collect();
    shown(&app, (shell, &headers), None, text).await
}

/// `GET /organs/level/{level}`: an address of its own, so that the static export has it.
pub(in crate::pages) async fn of_level(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
    Path(level): Path<String>,
) -> Result<Response, Problem> {
    let level = Level::from_code(&level).ok_or_else(Problem::not_found)?;
    shown(&app, (shell, &headers), Some(level), String::new()).await
}

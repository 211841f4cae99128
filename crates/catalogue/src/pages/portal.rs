//! What everybody may read, without scripts: the catalogue by class, domain and organ, and an entry's materials.

pub(super) mod open;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::{Face, Place};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, day, page};
use serde::Deserialize;

use crate::entry::Entry;
use crate::entry::store::{self, Narrow};
use crate::filling::store::{self as fillings, Shown};
use crate::filling::{Means, page as filling_page, verify};
use crate::guide::store as guides;
use crate::id::{EntryId, FillingId};
use crate::period;
use crate::publicity;
use crate::standard::{CLASSES, DOMAINS, class_name, fields};
use crate::version::{Version, store as versions};
use gongkai_platform::organ::reach::Reach;

/// Versions that the public page of an entry lists.
const VERSIONS_SHOWN: i64 = 20;
/// Characters that the list looks for.
const TEXT_CHARS_MAX: usize = 100;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
    class: String,
    domain: String,
    text: String,
    page: String,
}

impl Asked {
    fn narrow(&self) -> Narrow {
        Narrow {
            organ: self.organ.parse().ok(),
            class: self.class.parse().ok(),
            domain: self.domain.clone(),
            text: self.text.trim().chars().take(TEXT_CHARS_MAX).collect(),
        }
    }

    /// The address of a list that is narrowed so, up to the number of a page.
    fn address(&self, list: &str) -> String {
        let parts = [
            ("organ", self.organ.as_str()),
            ("class", &self.class),
            ("domain", &self.domain),
            ("text", &self.text),
        ];
        address(list, &parts) + "page="
    }
}

#[derive(Template)]
#[template(path = "catalogue/portal_list.html")]
struct ListPage {
    shell: Shell,
    today: Date,
    asked: Asked,
    classes: Vec<(i64, &'static str, i64)>,
    /// With the day when somebody last said that it still holds or filled a period.
    entries: Vec<(Entry, Option<Date>)>,
    /// The one organ that was asked for has a public guide.
    guided: bool,
    /// The public may read where its periods stand.
    shows_standing: bool,
    paging: Paging,
}

impl ListPage {
    /// Those that narrow the list, and their heads.
    fn domains(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let mut all = fields();
        let added = all.split_off(DOMAINS.len());
        vec![("26个试点领域", all), ("条例第二十一条", added)]
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn address(&self) -> String {
        self.asked.address("/catalogue")
    }

    fn is_domain(&self, name: &str) -> bool {
        self.asked.domain == name
    }

    fn is_class(&self, number: &i64) -> bool {
        self.asked.class == number.to_string()
    }
}

/// `GET /catalogue?class=7&domain=…&organ=…`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let narrow = asked.narrow();
    let (counts, entries, filled, guided, shows_standing, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach {
                bases: Vec::new(),
                scope: shell.face.scope.clone(),
            };
            let counts = store::classes(tx, &within, &narrow).await?;
            let paging = Paging::new(
                asked.page.parse().ok(),
                store::count(tx, &within, &narrow).await?,
            );
            let entries =
                store::list(tx, &within, &narrow, (paging.offset(), paging.rows())).await?;
            let ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
            let filled = fillings::last_confirmed(tx, &ids).await?;
            let guides = match narrow.organ {
                Some(organ) => guides::public(tx, &[organ.to_string()]).await?,
                None => Vec::new(),
            };
            let shows = match narrow.organ {
                Some(organ) => publicity::is_shown_of(tx, organ).await?,
                None => false,
            };
            Ok::<_, StoreError>((counts, entries, filled, !guides.is_empty(), shows, paging))
        })
        .await?;
    let classes = CLASSES
        .iter()
        .map(|(number, name)| {
            let n = counts
                .iter()
                .find(|(class, _)| class == number)
                .map_or(0, |(_, n)| *n);
            (*number, *name, n)
        })
        .collect();
    let entries = entries
        .into_iter()
        .map(|entry| {
            let filled = filled.get(&entry.id.to_string()).copied();
            let said = entry.confirmed.as_ref().map(|(on, _)| *on);
            (entry, said.max(filled))
        })
        .collect();
    page(&ListPage {
        shell,
        today: app.today(),
        asked,
        classes,
        entries,
        guided,
        shows_standing,
        paging,
    })
}

/// How a material stands where a reader would find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    Here,
    Gone,
    /// A page elsewhere that somebody has to look at.
    Doubtful,
}

#[derive(Template)]
#[template(path = "catalogue/portal_entry.html")]
struct EntryPage {
    shell: Shell,
    today: Date,
    entry: Entry,
    /// With the address where a reader finds it, empty for 本期无, and how it stands there.
    materials: Vec<(Shown, String, There)>,
    confirmed: Option<Date>,
    paging: Paging,
    /// The newest ones.
    versions: Vec<Version>,
}

impl EntryPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn class(&self) -> &'static str {
        class_name(self.entry.words.class)
    }

    fn period(&self, shown: &Shown) -> String {
        period::spoken(&shown.filling.period)
    }

    /// What was said of a period in which nothing arose.
    fn statement(&self, shown: &Shown) -> String {
        match &shown.filling.means {
            Means::Nothing(statement) => statement.clone(),
            Means::Record { .. } | Means::Address(_) => String::new(),
        }
    }

    fn turn(&self) -> String {
        format!("/catalogue/{}?page=", self.entry.id)
    }
}

/// Where the documents among these materials are: on this site, or on the one of the organ that published them.
async fn links(app: &App, face: &Face, filled: &[Shown]) -> Result<Vec<String>, StoreError> {
    let refs: Vec<Ref> = filled
        .iter()
        .filter_map(|shown| match &shown.filling.means {
            Means::Record { of, .. } => Some(of.clone()),
            Means::Address(_) | Means::Nothing(_) => None,
        })
        .collect();
    let path = |of: &Ref| format!("/documents/{}", of.id);
    if face.is_plain() {
        return Ok(refs.iter().map(path).collect());
    }
    app.db
        .read(async |tx: &mut Tx| {
            let entries = app.seams.entries(tx, &refs).await?;
            let mut links: Vec<String> = refs.iter().map(path).collect();
            let mut known = Vec::new();
            for (place, entry) in entries.into_iter().enumerate() {
                let organ = entry.and_then(|entry| entry.organ);
                let organ = organ.and_then(|(id, _)| id.parse::<OrganId>().ok());
                known.extend(organ.zip(links.get(place).cloned()).map(|it| (place, it)));
            }
            let (places, records): (Vec<usize>, Vec<_>) = known.into_iter().unzip();
            for (place, link) in places.into_iter().zip(face.links(tx, &records).await?) {
                if let Some(slot) = links.get_mut(place) {
                    *slot = link;
                }
            }
            Ok::<_, StoreError>(links)
        })
        .await
}

/// `GET /catalogue/{id}`
pub(super) async fn show(
    State(app): State<App>,
    mut shell: Shell,
    Path(id): Path<EntryId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (entry, filled, gone, pages, last, versions, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let entry = store::load(tx, &Reach::everything(), id).await?;
            let Some(entry) = entry.filter(|entry| entry.removed_why.is_none()) else {
                return Ok(None);
            };
            let within = &shell.face.scope;
            let total = fillings::count_of_entry(tx, within, id).await?;
            let paging = Paging::new(asked.page.parse().ok(), total);
            let part = (paging.offset(), paging.rows());
            let filled = fillings::of_entry(tx, within, id, part).await?;
            let shown = filled.iter().map(|shown| &shown.filling);
            let gone = verify::gone(tx, &app.seams, shown).await?;
            let ids: Vec<FillingId> = filled.iter().map(|shown| shown.filling.id).collect();
            let pages = filling_page::store::of(tx, &ids).await?;
            let last = fillings::last_confirmed(tx, &[id]).await?;
            let last = last.into_values().max();
            let versions = versions::list(tx, id, (0, VERSIONS_SHOWN)).await?;
            let found = (entry, filled, gone, pages, last, versions, paging);
            Ok::<_, StoreError>(Some(found))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let canonical = match shell
        .face
        .place(&app, entry.organ, &format!("/catalogue/{id}"))
        .await?
    {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    shell.canonical = Some(canonical);
    let mut links = links(&app, &shell.face, &filled).await?.into_iter();
    let materials = filled
        .into_iter()
        .map(|shown| {
            let target = match &shown.filling.means {
                Means::Record { .. } => links.next().unwrap_or_default(),
                Means::Address(address) => address.clone(),
                Means::Nothing(_) => String::new(),
            };
            let id = shown.filling.id;
            let there = if gone.contains_key(&id) {
                There::Gone
            } else if pages.get(&id).is_some_and(|page| page.state.is_doubtful()) {
                There::Doubtful
            } else {
                There::Here
            };
            (shown, target, there)
        })
        .collect();
    let said = entry.confirmed.as_ref().map(|(on, _)| *on);
    page(&EntryPage {
        shell,
        today: app.today(),
        confirmed: said.max(last),
        entry,
        materials,
        paging,
        versions,
    })
}

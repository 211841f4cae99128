//! `/search`: what the public looks for, with filters, as a page that works without scripts.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::clause::Clause;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::Tx;
use gongkai_platform::organ::profile::store as profile;
use gongkai_platform::web::{
    App, Hanzi, Problem, Query as Asked, Shell, address, in_simplified, page,
};
use gongkai_search::{Answer, Facet, Hit, OFFSET_MAX, Order, Query};
use serde::Deserialize;

use super::miss::Missed;
use super::pick::{Pick, folded};
use super::{Finding, failed, store, within};

/// Hits on one page.
const ROWS: usize = 20;
/// Organs that stand above the hits.
const ORGANS_MAX: usize = 5;
/// Kinds of records whose pages have an anchor at each article.
const WITH_CLAUSES: [&str; 1] = ["document"];

/// What the form and the links carry. Everything may be missing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    class: String,
    organ: String,
    level: String,
    year: String,
    validity: String,
    sort: String,
    page: Option<String>,
}

impl Wanted {
    /// Blanks alone ask for nothing.
    fn of_words(mut self) -> Self {
        if self.q.trim().is_empty() {
            self.q.clear();
        }
        self
    }

    fn number(&self) -> usize {
        self.page_of(ROWS)
    }

    /// The page that is asked for, from 1, of pages with so many rows.
    pub(super) fn page_of(&self, rows: usize) -> usize {
        let page = self.page.as_deref().and_then(|page| page.parse().ok());
        page.unwrap_or(1).clamp(1, OFFSET_MAX / rows + 1)
    }

    pub(super) fn typed(&self) -> &str {
        &self.q
    }

    /// The feed of what these words and the same filters find, the newest first.
    pub(super) fn feed(&self, words: &str, page: usize) -> String {
        let page = if page > 1 {
            page.to_string()
        } else {
            String::new()
        };
        let mut parts = vec![("q", words)];
        let narrowed = self.parts().into_iter();
        parts.extend(narrowed.filter(|(name, _)| !["q", "sort"].contains(name)));
        parts.push(("page", &page));
        let address = address("/search/feed.xml", &parts);
        address.trim_end_matches(['&', '?']).to_owned()
    }

    /// Records are written in simplified characters: who reads traditional ones types them, too.
    fn words(&self, hanzi: Hanzi) -> String {
        if hanzi.is_traditional() {
            in_simplified(&self.q)
        } else {
            self.q.clone()
        }
    }

    pub(super) fn query(&self, hanzi: Hanzi, within: Option<Vec<String>>) -> Query {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Query {
            text: self.words(hanzi),
            kind: None,
            class: some(&self.class),
            organ: some(&self.organ),
            within,
            level: some(&self.level),
            year: some(&self.year),
            validity: some(&self.validity),
            order: if self.sort == "newest" {
                Order::Newest
            } else {
                Order::Relevance
            },
            offset: (self.number() - 1) * ROWS,
            limit: ROWS,
        }
    }

    fn parts(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("q", &self.q),
            ("class", &self.class),
            ("organ", &self.organ),
            ("level", &self.level),
            ("year", &self.year),
            ("validity", &self.validity),
            ("sort", &self.sort),
        ]
    }

    /// The same search with one part replaced, from its first page on.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let mut parts = self.parts();
        for (known, old) in &mut parts {
            if *known == name {
                *old = value;
            }
        }
        let address = address("/search", &parts);
        address.trim_end_matches(['&', '?']).to_owned()
    }

    /// Words alone, without a filter.
    fn is_plain(&self) -> bool {
        self.parts()
            .iter()
            .all(|(name, value)| *name == "q" || value.is_empty())
    }

    fn anything(&self) -> bool {
        self.parts().iter().any(|(_, value)| !value.is_empty())
    }
}

/// A way to narrow the search, or to take a filter away.
struct Choice {
    name: String,
    n: u64,
    address: String,
}

struct Group {
    title: &'static str,
    /// The filter that holds, and the address without it.
    chosen: Option<(String, String)>,
    choices: Vec<Choice>,
}

impl Group {
    fn of(title: &'static str, part: &str, held: &str, facets: &[Facet], wanted: &Wanted) -> Self {
        let name = |value: &str| {
            let facet = facets.iter().find(|facet| facet.value == value);
            facet.map_or_else(|| value.to_owned(), |facet| facet.name.clone())
        };
        let choices = facets.iter().map(|facet| Choice {
            name: facet.name.clone(),
            n: facet.n,
            address: wanted.with(part, &facet.value),
        });
        Self {
            title,
            chosen: (!held.is_empty()).then(|| (name(held), wanted.with(part, ""))),
            choices: choices.collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "find/search.html")]
struct SearchPage {
    shell: Shell,
    wanted: Wanted,
    answer: Answer,
    groups: Vec<Group>,
    by_relevance: String,
    by_day: String,
    suggested: Option<(String, String)>,
    /// What the office recommends for these words.
    picked: Option<Pick>,
    /// Organs that these words may mean.
    organs: Vec<(OrganId, String)>,
    previous: Option<String>,
    next: Option<String>,
    /// Where this search can be subscribed to; `None` before anything was asked.
    feed: Option<String>,
}

impl SearchPage {
    fn first(&self) -> usize {
        (self.wanted.number() - 1) * ROWS + 1
    }

    fn last(&self) -> usize {
        self.first() + self.answer.hits.len().saturating_sub(1)
    }

    fn day(&self, day: &i64) -> String {
        day_name(*day)
    }

    /// The article where the words stand, on a page that has an anchor for each.
    fn clause<'h>(&self, hit: &'h Hit) -> Option<&'h Clause> {
        let clause = hit.clause.as_ref();
        clause.filter(|_| WITH_CLAUSES.contains(&hit.kind.as_str()))
    }

    /// The same words without any filter; `None` where there is none to take away.
    fn unfiltered(&self) -> Option<String> {
        let all = address("/search", &[("q", self.wanted.q.as_str())]);
        let narrowed = self.groups.iter().any(|group| group.chosen.is_some());
        (narrowed && !self.wanted.q.is_empty()).then_some(all)
    }
}

/// `2024年3月5日`; empty where there is none.
pub(super) fn day_name(day: i64) -> String {
    if day <= 0 {
        return String::new();
    }
    format!("{}年{}月{}日", day / 10_000, day / 100 % 100, day % 100)
}

/// The office learns from every site what people miss. What has only some of the words is seldom what was looked for.
fn count_miss(finder: &Finding, shell: &Shell, wanted: &Wanted, answer: &Answer) {
    let face = &shell.face;
    let missed = match (answer.total, answer.relaxed) {
        (0, _) => Missed::Wholly,
        (_, true) => Missed::Partly,
        (_, false) => return,
    };
    if wanted.is_plain() && wanted.number() == 1 {
        let site = if face.is_beside() {
            face.name.as_str()
        } else {
            ""
        };
        finder
            .misses
            .count(site, &wanted.words(shell.hanzi), missed);
    }
}

/// `GET /search`
pub(super) async fn show(
    State(app): State<App>,
    finder: Finding,
    shell: Shell,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let wanted = wanted.of_words();
    let answer = if wanted.anything() {
        let within = within(&app, &shell.face).await?;
        let found = finder.query(wanted.query(shell.hanzi, within)).await;
        found.map_err(|error| failed(&error))?
    } else {
        Answer::default()
    };
    count_miss(&finder, &shell, &wanted, &answer);
    // What the office recommends is the main site's.
    let beside = shell.face.is_beside();
    let word = folded(&wanted.words(shell.hanzi));
    let picked = if word.is_empty() || wanted.number() > 1 || beside {
        None
    } else {
        app.db
            .read(async |tx: &mut Tx| store::pick_for(tx, &word).await)
            .await?
    };
    let organs = if wanted.is_plain() && wanted.number() == 1 {
        let (scope, words) = (&shell.face.scope, wanted.words(shell.hanzi));
        app.db
            .read(async |tx: &mut Tx| profile::meant(tx, scope, &words, ORGANS_MAX).await)
            .await?
    } else {
        Vec::new()
    };
    let facets = &answer.facets;
    let groups = [
        Group::of("类别", "class", &wanted.class, &facets.class, &wanted),
        Group::of("发布机构", "organ", &wanted.organ, &facets.organ, &wanted),
        Group::of("层级", "level", &wanted.level, &facets.level, &wanted),
        Group::of("年份", "year", &wanted.year, &facets.year, &wanted),
        Group::of(
            "有效性",
            "validity",
            &wanted.validity,
            &facets.validity,
            &wanted,
        ),
    ];
    let (number, total) = (wanted.number(), answer.total);
    let at = |page: usize| format!("{}&page={page}", wanted.with("", ""));
    let suggested = answer.suggestion.clone();
    page(&SearchPage {
        groups: groups
            .into_iter()
            .filter(|group| group.chosen.is_some() || group.choices.len() > 1)
            .collect(),
        by_relevance: wanted.with("sort", ""),
        by_day: wanted.with("sort", "newest"),
        suggested: suggested.map(|text| (wanted.with("q", &text), text)),
        picked,
        organs,
        previous: (number > 1).then(|| at(number - 1)),
        next: (number * ROWS < total && number * ROWS <= OFFSET_MAX).then(|| at(number + 1)),
        feed: wanted
            .anything()
            .then(|| wanted.feed(&wanted.words(shell.hanzi), 1)),
        shell,
        answer,
        wanted,
    })
}

/// `GET /search/typed?q=`: titles for what has been typed so far, in the form of OpenSearch suggestions.
pub(super) async fn typed(
    State(app): State<App>,
    finder: Finding,
    shell: Shell,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<(String, Vec<String>)>, Problem> {
    let query = Query {
        text: wanted.words(shell.hanzi),
        within: within(&app, &shell.face).await?,
        ..Query::default()
    };
    let titles = finder.typed(query).await;
    let titles = titles.map_err(|error| failed(&error))?;
    Ok(Json((wanted.q, titles)))
}

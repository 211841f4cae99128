//! `/workspace/find`: everything that a person may see at work, by its words.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_platform::access::{Act as _, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::organ::acts::ViewOrgans;
use gongkai_platform::seam::Hit;
use gongkai_platform::web::{App, Problem, Query, Shell, SignedIn, address, page};
use serde::Deserialize;

/// Records of each kind on the page.
const ROWS: i64 = 20;
const WORDS_CHARS_MAX: usize = 100;

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
}

/// The records of one kind.
struct Group {
    name: &'static str,
    hits: Vec<Hit>,
}

impl Group {
    fn is_cut(&self) -> bool {
        i64::try_from(self.hits.len()).is_ok_and(|found| found >= ROWS)
    }
}

#[derive(Template)]
#[template(path = "find/staff.html")]
struct FindPage {
    shell: Shell,
    words: String,
    groups: Vec<Group>,
    /// The same words on the portal.
    public: String,
}

/// `GET /workspace/find?q=`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let words: String = wanted.q.trim().chars().take(WORDS_CHARS_MAX).collect();
    let mut groups = Vec::new();
    if !words.is_empty() {
        groups = app
            .db
            .read(async |tx: &mut Tx| {
                let mut groups = Vec::new();
                for lookup in &app.seams.lookups {
                    let hits = lookup.find(tx, &person, &words, ROWS).await?;
                    groups.push(Group {
                        name: lookup.name(),
                        hits,
                    });
                }
                groups.push(organs(tx, &person, &words).await?);
                Ok::<_, StoreError>(groups)
            })
            .await?;
        groups.retain(|group| !group.hits.is_empty());
    }
    page(&FindPage {
        shell,
        public: address("/search", &[("q", &words)]),
        words,
        groups,
    })
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
        let (found, _) = organ::store::search(tx, permit.scope(), &filter, 0, ROWS).await?;
        hits.extend(found.into_iter().map(|organ| Hit {
            note: format!("{}　{}", organ.level.name(), organ.kind.name()),
            path: format!("/workspace/organs/{}", organ.id),
            title: organ.name,
        }));
    }
    Ok(Group {
        name: "机关", hits
    })
}

//! One organ: facts, names, what hangs below, history.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::super::acts::ViewOrgans;
use super::super::profile::{self, Profile};
use super::super::{AliasKind, Organ, store};
use super::view::{OrganLine, editable, organ_id};
use crate::access::Permit;
use crate::audit;
use crate::db::Tx;
use crate::web::{App, Problem, Shell, moment, page};

/// Events on the page.
const EVENTS_MAX: i64 = 50;
/// Organs below that the page lists; the directory has them all.
const CHILDREN_MAX: usize = 100;

pub(super) struct EventLine {
    at: String,
    who: String,
    sentence: String,
}

#[derive(Template)]
#[template(path = "organ/show.html")]
struct ShowPage {
    shell: Shell,
    organ: Organ,
    id: String,
    aliases: Vec<String>,
    former: Vec<String>,
    above: Vec<(String, String)>,
    successor: Option<(String, String)>,
    open_work: Vec<(&'static str, i64)>,
    children: Vec<OrganLine>,
    children_total: usize,
    events: Vec<EventLine>,
    profile: Profile,
    may_edit: bool,
}

impl ShowPage {
    /// What the public asks for first and does not find.
    fn missing(&self) -> Vec<&'static str> {
        let words = &self.profile.words;
        [
            ("机关职能", &words.duties),
            ("办公地址", &words.address),
            ("办公时间", &words.hours),
            ("联系电话", &words.phone),
            ("负责人", &words.leaders),
        ]
        .into_iter()
        .filter(|(_, text)| text.is_empty())
        .map(|(name, _)| name)
        .collect()
    }
}

/// `GET /workspace/organs/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ViewOrgans>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = organ_id(&id)?;
    let hooks = &app.organ_hooks;
    let template = app
        .db
        .read(async |tx: &mut Tx| {
            let organ = store::load(tx, id).await?.ok_or_else(Problem::not_found)?;
            let ids: Vec<_> = organ
                .path
                .split('/')
                .filter_map(|id| id.parse().ok())
                .collect();
            let mut above = store::load_all(tx, &ids).await?;
            above.retain(|other| other.id != id);
            above.sort_by_key(Organ::depth);
            let named = |organ: &Organ| (organ.id.to_string(), organ.name.clone());
            let successor = match organ.successor {
                Some(id) => store::load(tx, id).await?.as_ref().map(named),
                None => None,
            };
            let children = store::children(tx, id).await?;
            let scope = editable(tx, &shell).await?;
            Ok::<_, Problem>(ShowPage {
                id: id.to_string(),
                aliases: organ.names(AliasKind::Alias).map(str::to_owned).collect(),
                former: organ.names(AliasKind::Former).map(str::to_owned).collect(),
                above: above.iter().map(named).collect(),
                successor,
                open_work: hooks.open_work_of(tx, id).await?,
                children_total: children.len(),
                children: children
                    .iter()
                    .take(CHILDREN_MAX)
                    .map(|child| OrganLine::of(child, 0, ""))
                    .collect(),
                events: audit::about(tx, "organ", &id.to_string(), EVENTS_MAX)
                    .await?
                    .into_iter()
                    .map(|event| EventLine {
                        at: moment(event.at),
                        who: event.actor_name,
                        sentence: event.sentence,
                    })
                    .collect(),
                profile: profile::store::load(tx, id).await?,
                may_edit: scope.contains(organ.id, &organ.path),
                organ,
                shell,
            })
        })
        .await?;
    page(&template)
}

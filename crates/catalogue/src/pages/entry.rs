//! The catalogue's list, and the form of an entry.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, address, page, redirect_with,
};
use serde::Deserialize;

use super::{file, refuse};
use crate::acts::{KeepCatalogue, ViewCatalogue};
use crate::due;
use crate::entry::handle::{self, New, Note};
use crate::entry::store::{self, Narrow};
use crate::entry::{Entry, Words};
use crate::id::{EntryId, ProposalId};
use crate::proposal::{self, Proposal, store as proposals};
use crate::standard::{ARTICLE_21, AUDIENCES, CLASSES, DOMAINS, METHODS, class_name, place};
use crate::version::Difference;
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ::reach::{self, Reach};
use gongkai_platform::organ::{self, Organ};

const LIST: &str = "/workspace/catalogue";
/// Entries that one file holds.
const EXPORT_MAX: i64 = 10_000;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    organ: String,
    class: String,
    text: String,
    format: String,
    page: String,
}

#[derive(Template)]
#[template(path = "catalogue/list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    units: Vec<(OrganId, String)>,
    entries: Vec<Entry>,
    paging: Paging,
    /// Proposals that nobody has decided.
    proposed: i64,
    may_keep: bool,
}

impl ListPage {
    fn address(&self, last: &str) -> String {
        let parts = [
            ("organ", self.filter.organ.as_str()),
            ("class", &self.filter.class),
            ("text", &self.filter.text),
        ];
        address(LIST, &parts) + last
    }

    fn is_unit(&self, id: &OrganId) -> bool {
        self.filter.organ == id.to_string()
    }

    fn classes(&self) -> Vec<(String, &'static str)> {
        CLASSES
            .iter()
            .map(|(number, name)| (number.to_string(), *name))
            .collect()
    }

    fn class(&self, class: &i64) -> &'static str {
        class_name(*class)
    }
}

/// `GET /workspace/catalogue?organ=…&class=7&format=xlsx`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let narrow = Narrow {
        organ: filter.organ.parse().ok(),
        class: filter.class.parse().ok(),
        domain: String::new(),
        text: filter.text.trim().to_owned(),
    };
    let as_file = matches!(filter.format.as_str(), "csv" | "xlsx");
    let (units, entries, proposed, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let total = store::count(tx, &within, &narrow).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let part = if as_file {
                (0, EXPORT_MAX)
            } else {
                (paging.offset(), paging.rows())
            };
            let entries = store::list(tx, &within, &narrow, part).await?;
            let units = reach::store::units(tx, &within).await?;
            let open = Some(proposal::State::Open);
            let proposed = proposals::count(tx, &within, open).await?;
            Ok::<_, StoreError>((units, entries, proposed, paging))
        })
        .await?;
    if as_file {
        return file(&filter.format, entries, app.today()).await;
    }
    page(&ListPage {
        may_keep: shell.may(&KeepCatalogue::ROW),
        shell,
        filter,
        units,
        entries,
        proposed,
        paging,
    })
}

/// What the form holds, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    organ: String,
    over: String,
    /// The proposal that it is to be the entry of.
    proposal: String,
    index_number: String,
    class: String,
    domain: String,
    item: String,
    sub_item: String,
    content: String,
    basis: String,
    limit_text: String,
    publisher: String,
    channels: String,
    audience: String,
    method: String,
    levels: String,
    pub(super) formed_on: String,
    pub(super) in_force_on: String,
    pub(super) version: i64,
    why: String,
    legal_basis: String,
}

impl Typed {
    pub(super) fn words(&self) -> Words {
        let text = |text: &str| text.trim().to_owned();
        Words {
            index_number: text(&self.index_number),
            class: self.class.parse().unwrap_or(0),
            domain: text(&self.domain),
            item: text(&self.item),
            sub_item: text(&self.sub_item),
            content: text(&self.content),
            basis: text(&self.basis),
            limit_text: text(&self.limit_text),
            publisher: text(&self.publisher),
            channels: text(&self.channels),
            audience: text(&self.audience),
            method: text(&self.method),
            levels: text(&self.levels),
        }
    }

    /// A copy of a higher organ's entry, to be changed.
    fn of(entry: &Entry) -> Self {
        Self {
            over: entry.id.to_string(),
            formed_on: entry.formed_on.to_string(),
            ..Self::saying(entry.words.clone())
        }
    }

    /// What was proposed, for the unit that publishes it.
    fn proposed(proposal: &Proposal, owner: &Organ, today: Date) -> Self {
        Self {
            organ: owner.id.to_string(),
            proposal: proposal.id.to_string(),
            formed_on: today.to_string(),
            ..Self::saying(proposal.words(owner))
        }
    }

    fn saying(words: Words) -> Self {
        Self {
            index_number: words.index_number,
            class: match words.class {
                0 => String::new(),
                class => class.to_string(),
            },
            domain: words.domain,
            item: words.item,
            sub_item: words.sub_item,
            content: words.content,
            basis: words.basis,
            limit_text: words.limit_text,
            publisher: words.publisher,
            channels: words.channels,
            audience: words.audience,
            method: words.method,
            levels: words.levels,
            ..Self::default()
        }
    }

    /// An entry as it stands, to be changed itself.
    pub(super) fn own(entry: &Entry) -> Self {
        Self {
            over: String::new(),
            organ: entry.organ.to_string(),
            in_force_on: entry.in_force_on.to_string(),
            version: entry.version,
            ..Self::of(entry)
        }
    }

    pub(super) fn note(&self) -> Note {
        Note {
            why: self.why.trim().to_owned(),
            legal_basis: self.legal_basis.trim().to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "catalogue/entry_form.html")]
pub(super) struct FormPage {
    pub(super) shell: Shell,
    pub(super) typed: Typed,
    pub(super) errors: FormErrors,
    pub(super) units: Vec<(OrganId, String)>,
    /// The entry that is being changed; `None` for a new one.
    pub(super) changed: Option<Entry>,
    /// What somebody else wrote meanwhile, and what was typed here.
    pub(super) conflict: Vec<Difference>,
    /// What a new one comes from.
    pub(super) proposal: Option<Proposal>,
}

impl FormPage {
    fn classes(&self) -> Vec<(i64, &'static str)> {
        CLASSES.to_vec()
    }

    fn domains(&self) -> [&'static str; 26] {
        DOMAINS
    }

    /// What art. 21 adds, by level.
    fn added(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let of =
            |(levels, matters): (&'static str, &'static [&'static str])| (levels, matters.to_vec());
        ARTICLE_21.into_iter().map(of).collect()
    }

    fn audiences(&self) -> Vec<(&'static str, &'static str)> {
        AUDIENCES.iter().map(|name| (*name, *name)).collect()
    }

    fn methods(&self) -> Vec<(&'static str, &'static str)> {
        METHODS.iter().map(|name| (*name, *name)).collect()
    }
}

async fn units(
    app: &App,
    permit: &Permit<KeepCatalogue>,
) -> Result<Vec<(OrganId, String)>, Problem> {
    let units = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, permit).await?;
            reach::store::units(tx, &within).await
        })
        .await?;
    Ok(units)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Over {
    over: String,
    proposal: String,
}

/// The proposal that a form is to be the entry of, with the unit that publishes it now; nothing where it names none.
async fn proposal_of(
    app: &App,
    permit: &Permit<KeepCatalogue>,
    id: &str,
) -> Result<Option<(Proposal, Organ)>, Problem> {
    let Ok(id) = id.parse::<ProposalId>() else {
        return Ok(None);
    };
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, permit).await?;
            let Some(proposal) = proposals::load(tx, &within, id).await? else {
                return Ok(None);
            };
            let owner = organ::store::heir_of(tx, proposal.organ).await?;
            let owner = organ::store::load(tx, owner).await?;
            Ok::<_, StoreError>(owner.map(|owner| (proposal, owner)))
        })
        .await?;
    found.map(Some).ok_or_else(Problem::not_found)
}

/// `GET /workspace/catalogue/new?over=…&proposal=…`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepCatalogue>,
    Query(query): Query<Over>,
) -> Result<Response, Problem> {
    let proposed = proposal_of(&app, &permit, &query.proposal).await?;
    let typed = match (query.over.parse::<EntryId>(), &proposed) {
        (_, Some((proposal, owner))) => Typed::proposed(proposal, owner, app.today()),
        (Ok(id), None) => {
            let above = app
                .db
                .read(async |tx: &mut Tx| store::load(tx, &Reach::everything(), id).await)
                .await?;
            let above = above.ok_or_else(Problem::not_found)?;
            // What was due until now stays with the entry above; its own counts from today on.
            Typed {
                formed_on: app.today().to_string(),
                ..Typed::of(&above)
            }
        }
        (Err(_), None) => Typed {
            limit_text: proposal::LIMIT.to_owned(),
            channels: proposal::CHANNELS.to_owned(),
            formed_on: app.today().to_string(),
            ..Typed::default()
        },
    };
    let units = units(&app, &permit).await?;
    page(&FormPage {
        shell,
        typed,
        errors: FormErrors::default(),
        units,
        changed: None,
        conflict: Vec::new(),
        proposal: proposed.map(|(proposal, _)| proposal),
    })
}

/// What was done with an entry, and what in it leads nowhere.
pub(super) fn told(mut sentence: String, entry: &Entry, is_nobodys: bool) -> String {
    let words = &entry.words;
    if is_nobodys {
        sentence.push_str(&format!(
            "请核对：按公开主体“{}”和公开层级“{}”，现在没有单位需要登记这一项。",
            words.publisher, words.levels
        ));
    }
    if !words.domain.is_empty() && place(&words.domain).is_none() {
        sentence.push_str(&format!(
            "请核对：“{}”不是26个试点领域之一，也不是条例第二十一条增加的内容。",
            words.domain
        ));
    }
    sentence
}

/// `POST /workspace/catalogue/new`
pub(super) async fn add(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepCatalogue>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let proposed = proposal_of(&app, &permit, &typed.proposal).await?;
    let words = typed.words();
    let formed_on = typed.formed_on.parse::<Date>();
    let mut errors = form_errors(words.why_not_typed());
    if formed_on.is_err() {
        errors.add("formed_on", "请填写生成日期。");
    }
    if let (true, Ok(formed_on), Ok(organ)) = (errors.is_empty(), formed_on, typed.organ.parse()) {
        let new = New {
            organ,
            overrides: typed.over.parse().ok(),
            words,
            formed_on,
            in_force_on: typed.in_force_on.parse().unwrap_or(formed_on),
        };
        let today = app.today();
        match app
            .db
            .write(async |tx: &mut Tx| {
                let entry = handle::add(tx, &permit, new).await?;
                if let Some((proposal, _)) = &proposed {
                    proposal::handle::keep(tx, &permit, proposal.id, &entry, today).await?;
                }
                let owing = due::owing(tx, &Reach::everything(), &entry).await?;
                Ok::<_, NotDone>((entry, owing.is_empty()))
            })
            .await
        {
            Ok((entry, is_nobodys)) => {
                let sentence = format!("已加入目录：{}。", entry.words.name());
                let sentence = told(sentence, &entry, is_nobodys);
                return Ok(redirect_with(
                    &format!("{LIST}/entries/{}", entry.id),
                    &sentence,
                ));
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let units = units(&app, &permit).await?;
    refuse(&FormPage {
        shell,
        typed,
        errors,
        units,
        changed: None,
        conflict: Vec::new(),
        proposal: proposed.map(|(proposal, _)| proposal),
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Leaving {
    version: i64,
    why: String,
}

/// `POST /workspace/catalogue/entries/{id}/confirm`
pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit<KeepCatalogue>,
    Path(id): Path<EntryId>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    let today = app.today();
    app.db
        .write(async |tx: &mut Tx| handle::confirm(tx, &permit, (id, form.version), today).await)
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/entries/{id}"),
        "已确认仍为最新，公众看到的确认日期已更新。",
    ))
}

/// `POST /workspace/catalogue/entries/{id}/remove`
pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit<KeepCatalogue>,
    Path(id): Path<EntryId>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| {
            handle::remove(tx, &permit, (id, form.version), form.why.trim()).await
        })
        .await?;
    Ok(redirect_with(LIST, "已从目录删除，原因留在审计记录里。"))
}

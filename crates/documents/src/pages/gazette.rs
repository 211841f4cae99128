//! The gazette as staff see it: the list of issues, one issue with its texts and what differs, its form.

mod act;
pub(super) mod public;

pub(super) use act::{add, arrange, begin, change, correct, discard, issue, propose, return_};

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::web::{
    App, FormErrors, Paging, Problem, Query, Route, Shell, day, moment, page,
};
use serde::Deserialize;

use super::compare::{Line, diff};
use crate::acts::{EditGazette, IssueGazette, ViewGazette};
use crate::document::{Document, Head};
use crate::gazette::handle::{self, SUBJECT};
use crate::gazette::{Agreement, Erratum, Issue, Item, State as At, Whole, Words, check, store};
use crate::id::{IssueId, ItemId};
use crate::kind::own::OwnValue;

const LIST: &str = "/workspace/gazette";
const EVENTS_MAX: i64 = 100;
/// Documents offered at once; more by words of their titles.
const CHOICES_MAX: i64 = 30;

pub(super) fn routes() -> Vec<Route> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        Route::public(get(), "/gazette", public::years).for_all(),
        Route::public(get(), "/gazette/of/{organ}/feed.xml", public::feed).for_all(),
        Route::public(get(), "/gazette/{year}/{number}", public::contents).for_all(),
        Route::public(get(), "/gazette/{year}/{number}/issue.pdf", public::pdf),
        Route::public(get(), "/gazette/{year}/{number}/{place}", public::text).for_all(),
        Route::public(
            get(),
            "/gazette/of/{organ}/{year}/{number}",
            public::contents,
        )
        .for_all(),
        Route::public(
            get(),
            "/gazette/of/{organ}/{year}/{number}/issue.pdf",
            public::pdf,
        ),
        Route::public(
            get(),
            "/gazette/of/{organ}/{year}/{number}/{place}",
            public::text,
        )
        .for_all(),
        Route::act::<ViewGazette, _, _>(get(), "/workspace/gazette", list),
        Route::act::<EditGazette, _, _>(get(), "/workspace/gazette/new", ask),
        Route::act::<EditGazette, _, _>(post(), "/workspace/gazette/new", begin),
        Route::act::<ViewGazette, _, _>(get(), "/workspace/gazette/{id}", show),
        Route::act::<EditGazette, _, _>(get(), "/workspace/gazette/{id}/change", ask_change),
        Route::act::<EditGazette, _, _>(post(), "/workspace/gazette/{id}/change", change),
        Route::act::<EditGazette, _, _>(post(), "/workspace/gazette/{id}/items", add),
        Route::act::<ViewGazette, _, _>(get(), "/workspace/gazette/{id}/items/{item}", item),
        Route::act::<EditGazette, _, _>(post(), "/workspace/gazette/{id}/items/{item}", arrange),
        Route::act::<EditGazette, _, _>(
            post(),
            "/workspace/gazette/{id}/items/{item}/errata",
            correct,
        ),
        Route::act::<EditGazette, _, _>(post(), "/workspace/gazette/{id}/discard", discard),
        Route::act::<EditGazette, _, _>(post(), "/workspace/gazette/{id}/propose", propose),
        Route::act::<IssueGazette, _, _>(post(), "/workspace/gazette/{id}/return", return_),
        Route::act::<IssueGazette, _, _>(post(), "/workspace/gazette/{id}/issue", issue),
        Route::act::<ViewGazette, _, _>(get(), "/workspace/gazette/{id}/issue.pdf", proof),
    ]
}

#[derive(Template)]
#[template(path = "gazette/list.html")]
struct ListPage {
    shell: Shell,
    issues: Vec<(Issue, i64)>,
    /// Whoever looks below sees the gazettes of several governments.
    has_several: bool,
    paging: Paging,
    may_edit: bool,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Turned {
    page: String,
}

fn has_several(issues: &[(Issue, i64)]) -> bool {
    let mut organs = issues.iter().map(|(issue, _)| issue.organ);
    let first = organs.next();
    organs.any(|organ| Some(organ) != first)
}

/// `GET /workspace/gazette`
async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewGazette>,
    Query(turned): Query<Turned>,
) -> Result<Response, Problem> {
    let person = shell.person.as_ref();
    let editor = person.and_then(|person| person.permit::<EditGazette>());
    let (issues, may_edit) = app
        .db
        .read(async |tx: &mut Tx| {
            let may_edit = match editor.as_ref().and_then(owner) {
                Some(owner) => handle::government(tx, owner).await.is_ok(),
                None => false,
            };
            Ok::<_, StoreError>((store::list(tx, permit.scope()).await?, may_edit))
        })
        .await?;
    let has_several = has_several(&issues);
    let (issues, paging) = Paging::of(turned.page.parse().ok(), issues);
    page(&ListPage {
        may_edit,
        shell,
        issues,
        has_several,
        paging,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Looking {
    text: String,
}

#[derive(Template)]
#[template(path = "gazette/show.html")]
struct ShowPage {
    shell: Shell,
    whole: Whole,
    choices: Vec<Document>,
    events: Vec<Recorded>,
    text: String,
    may_edit: bool,
    may_issue: bool,
    me: String,
}

impl ShowPage {
    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn base(&self) -> String {
        format!("{LIST}/{}", self.whole.issue.id)
    }

    fn is_preparing(&self) -> bool {
        self.whole.issue.state == At::Preparing
    }

    fn is_proposed(&self) -> bool {
        self.whole.issue.state == At::Proposed
    }

    fn is_issued(&self) -> bool {
        self.whole.issue.state == At::Issued
    }

    /// What keeps it from going on, when it has something in it.
    fn wrong(&self) -> Vec<String> {
        let reasons = self.whole.why_not();
        reasons.into_iter().map(|(_, sentence)| sentence).collect()
    }

    /// ● 与网站一致; for an issued text that an erratum brought into line, that it did.
    fn told(&self, item: &Item) -> (&'static str, &'static str) {
        let agreement = item.agreement();
        if agreement == Agreement::Differs && check::told(&self.whole, item).is_none() {
            ("light-normal", "● 已勘误")
        } else {
            (agreement.light(), agreement.name())
        }
    }

    fn is_own(&self) -> bool {
        let proposed = self.whole.issue.proposed_by.as_ref();
        proposed.is_some_and(|(id, _)| *id == self.me)
    }

    fn wanting(&self) -> usize {
        let differs = |item: &&Item| check::told(&self.whole, item).is_some();
        self.whole.items.iter().filter(differs).count()
    }
}

/// `GET /workspace/gazette/{id}?text=…`
async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewGazette>,
    Path(id): Path<IssueId>,
    Query(looking): Query<Looking>,
) -> Result<Response, Problem> {
    let may_edit = shell.may(&EditGazette::ROW);
    let words = looking.text.trim().to_owned();
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(issue) = store::load(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let choices = if may_edit && issue.state == At::Preparing {
                store::choices(tx, issue.organ, &words, CHOICES_MAX).await?
            } else {
                Vec::new()
            };
            let events = audit::about(tx, SUBJECT, &id.to_string(), EVENTS_MAX).await?;
            let whole = store::whole(tx, issue).await?;
            Ok::<_, StoreError>(Some((whole, choices, events)))
        })
        .await?;
    let (whole, choices, events) = found.ok_or_else(Problem::not_found)?;
    let account = permit.actor().account();
    page(&ShowPage {
        may_issue: shell.may(&IssueGazette::ROW),
        shell,
        whole,
        choices,
        events,
        text: words,
        may_edit,
        me: account.map_or_else(String::new, |account| account.to_string()),
    })
}

/// `GET /workspace/gazette/{id}/issue.pdf`: the proof, or the print of what was issued.
async fn proof(
    State(app): State<App>,
    permit: Permit<ViewGazette>,
    Path(id): Path<IssueId>,
) -> Result<Response, Problem> {
    let whole = app
        .db
        .read(
            async |tx: &mut Tx| match store::load(tx, permit.scope(), id).await? {
                Some(issue) => Ok::<_, StoreError>(Some(store::whole(tx, issue).await?)),
                None => Ok(None),
            },
        )
        .await?
        .ok_or_else(Problem::not_found)?;
    public::print(&app, &whole).await
}

#[derive(Template)]
#[template(path = "gazette/item.html")]
struct ItemPage {
    shell: Shell,
    issue: Issue,
    item: Item,
    errata: Vec<Erratum>,
    lines: Vec<Line>,
    /// Fields of the head that differ: name, in the gazette, on the website.
    fields: Vec<(&'static str, String, String)>,
    today: Date,
    covered: bool,
    may_edit: bool,
}

impl ItemPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn is_preparing(&self) -> bool {
        self.issue.state == At::Preparing
    }

    fn is_issued(&self) -> bool {
        self.issue.state == At::Issued
    }

    /// What the erratum corrects in the gazette still stands on the website.
    fn website_says(&self, erratum: &Erratum) -> bool {
        let web = self.item.web.as_ref().filter(|_| self.is_shown());
        web.is_some_and(|web| web.text.contains(&erratum.wrong))
    }

    fn is_same(&self) -> bool {
        self.item.agreement() == Agreement::Same
    }

    fn is_shown(&self) -> bool {
        !self.item.web_seal().is_empty()
    }

    fn has_other_text(&self) -> bool {
        self.lines.iter().any(Line::is_change)
    }
}

/// What of the head differs, as words.
fn fields(item: &Item) -> Vec<(&'static str, String, String)> {
    let Some(web) = &item.web else {
        return Vec::new();
    };
    let date = |date: Option<Date>| date.map_or_else(|| "—".to_owned(), day);
    let (own, web) = (&item.head, &web.head);
    let of_kind = |head: &Head| -> String {
        let lines: Vec<String> = head.own.iter().map(OwnValue::line).collect();
        lines.join("；")
    };
    [
        ("名称", own.title.clone(), web.title.clone()),
        ("文号", own.number.clone(), web.number.clone()),
        ("主题分类", own.theme.clone(), web.theme.clone()),
        ("成文日期", date(own.issued_on), date(web.issued_on)),
        ("施行日期", date(own.effective_on), date(web.effective_on)),
        ("有效期至", date(own.expires_on), date(web.expires_on)),
        ("内容概述", own.summary.clone(), web.summary.clone()),
        ("主题词", own.keywords.clone(), web.keywords.clone()),
        ("专有要素", of_kind(own), of_kind(web)),
    ]
    .into_iter()
    .filter(|(_, own, web)| own != web)
    .collect()
}

/// `GET /workspace/gazette/{id}/items/{item}`: the gazette's text beside the website's.
async fn item(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewGazette>,
    Path((id, item)): Path<(IssueId, ItemId)>,
) -> Result<Response, Problem> {
    let whole = app
        .db
        .read(
            async |tx: &mut Tx| match store::load(tx, permit.scope(), id).await? {
                Some(issue) => Ok::<_, StoreError>(Some(store::whole(tx, issue).await?)),
                None => Ok(None),
            },
        )
        .await?
        .ok_or_else(Problem::not_found)?;
    let found = whole.items.iter().find(|one| one.id == item).cloned();
    let item = found.ok_or_else(Problem::not_found)?;
    let covered = check::told(&whole, &item).is_none();
    let web = item.web.as_ref().map_or("", |web| web.text.as_str());
    let mut errata = whole.errata;
    errata.retain(|erratum| erratum.item == item.id);
    page(&ItemPage {
        may_edit: shell.may(&EditGazette::ROW),
        shell,
        issue: whole.issue,
        lines: diff(&format!("{}\n", item.text), &format!("{web}\n")),
        fields: fields(&item),
        item,
        errata,
        today: app.today(),
        covered,
    })
}

/// The form as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    year: String,
    number: String,
    total: String,
    dated_on: String,
    sections: String,
}

impl Typed {
    fn of(words: &Words, version: i64) -> Self {
        Self {
            version,
            year: words.year.to_string(),
            number: words.number.to_string(),
            total: words.total.to_string(),
            dated_on: words.dated_on.to_string(),
            sections: words.sections.join("\n"),
        }
    }
}

#[derive(Template)]
#[template(path = "gazette/edit.html")]
struct FormPage {
    shell: Shell,
    of: Option<IssueId>,
    typed: Typed,
    errors: FormErrors,
}

impl FormPage {
    fn target(&self) -> String {
        match self.of {
            Some(id) => format!("{LIST}/{id}/change"),
            None => format!("{LIST}/new"),
        }
    }
}

/// The office that a new issue is made by.
fn owner(permit: &Permit<EditGazette>) -> Option<OrganId> {
    permit.roles().first().map(|held| held.organ)
}

/// `GET /workspace/gazette/new`
async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditGazette>,
) -> Result<Response, Problem> {
    let today = app.today();
    let owner = owner(&permit).ok_or_else(Problem::not_found)?;
    let words = app
        .db
        .read(async |tx: &mut Tx| {
            let government = handle::government(tx, owner).await?;
            Ok::<_, NotDone>(handle::next(tx, &government, today).await?)
        })
        .await?;
    page(&FormPage {
        shell,
        of: None,
        typed: Typed::of(&words, 0),
        errors: FormErrors::default(),
    })
}

/// `GET /workspace/gazette/{id}/change`
async fn ask_change(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EditGazette>,
    Path(id): Path<IssueId>,
) -> Result<Response, Problem> {
    let issue = app
        .db
        .read(async |tx: &mut Tx| store::load(tx, permit.scope(), id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&FormPage {
        shell,
        of: Some(id),
        typed: Typed::of(&issue.words, issue.version),
        errors: FormErrors::default(),
    })
}

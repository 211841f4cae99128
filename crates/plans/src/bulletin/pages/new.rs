//! Choosing the facts of a bulletin, page by page: what was chosen on other pages goes along in the form.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::Tx;
use gongkai_platform::web::{
    App, Form, FormErrors, PAGE_ROWS, Paging, Problem, Query, Shell, page, redirect_with, refuse,
};
use serde::Deserialize;

use crate::acts::DraftBulletin;
use crate::bulletin::assemble;
use crate::bulletin::facts::{FACTS_MAX, Fact, by_unit, gather};
use crate::bulletin::{BulletinKind, FactKind};
use crate::offices;
use crate::step::{StepError, form_errors};

/// Somebody closed a fact while it stood on the page.
const GONE: &str = "勾选的事实有的刚刚已经办结，不再列出，其余仍选着。请核对后再起草。";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    fact: Vec<String>,
    /// Whose bulletin it is, for people of several offices.
    office: String,
    /// Units whose names hold these words.
    unit: String,
    /// To which page, instead of drafting.
    go: String,
}

impl Asked {
    fn kind(&self) -> BulletinKind {
        BulletinKind::from_code(&self.kind).unwrap_or(BulletinKind::Criticism)
    }

    fn chose(&self, fact: &Fact) -> bool {
        self.fact.contains(&fact.reference.field())
    }
}

#[derive(Template)]
#[template(path = "bulletin/new.html")]
struct NewPage {
    shell: Shell,
    kind: BulletinKind,
    /// Those in whose name the person may draft, and the one whose facts these are.
    offices: Vec<(OrganId, String)>,
    office: OrganId,
    asked: Asked,
    /// Facts of the kind, in all units.
    all: usize,
    /// The kinds of facts of which only the first are offered.
    cut: Vec<&'static str>,
    paging: Paging,
    /// This page's.
    units: Vec<(OrganId, String, Vec<Fact>)>,
    /// What was chosen and stands on other pages.
    elsewhere: Vec<String>,
    errors: FormErrors,
}

impl NewPage {
    fn new(
        (shell, whose): (Shell, Whose),
        asked: Asked,
        facts: Vec<Fact>,
        errors: FormErrors,
    ) -> Self {
        let unit = asked.unit.trim();
        let ordered: Vec<&Fact> = facts
            .iter()
            .filter(|fact| fact.organ_name.contains(unit))
            .collect();
        let total = i64::try_from(ordered.len()).unwrap_or(i64::MAX);
        let page = asked
            .go
            .parse()
            .unwrap_or(1)
            .min((total - 1).max(0) / PAGE_ROWS + 1);
        let paging = Paging::new(Some(page), total);
        let (from, rows) = (paging.offset(), paging.rows());
        let shown: Vec<Fact> = ordered
            .into_iter()
            .skip(usize::try_from(from).unwrap_or(usize::MAX))
            .take(usize::try_from(rows).unwrap_or_default())
            .cloned()
            .collect();
        let elsewhere = facts
            .iter()
            .filter(|fact| asked.chose(fact) && !shown.contains(fact))
            .map(|fact| fact.reference.field());
        Self {
            kind: asked.kind(),
            offices: whose.offices,
            office: whose.office,
            all: facts.len(),
            cut: cut(&facts),
            paging,
            elsewhere: elsewhere.collect(),
            units: by_unit(shown),
            shell,
            asked,
            errors,
        }
    }

    fn kinds(&self) -> Vec<BulletinKind> {
        BulletinKind::ALL.to_vec()
    }

    fn is_chosen(&self, fact: &Fact) -> bool {
        self.asked.chose(fact)
    }

    fn chosen(&self) -> usize {
        let facts = self.units.iter().flat_map(|(_, _, facts)| facts);
        self.elsewhere.len() + facts.filter(|fact| self.asked.chose(fact)).count()
    }
}

fn cut(facts: &[Fact]) -> Vec<&'static str> {
    let many = |kind: &FactKind| {
        let of = |fact: &&Fact| fact.reference.kind == kind.code();
        i64::try_from(facts.iter().filter(of).count()).is_ok_and(|n| n >= FACTS_MAX)
    };
    let kinds = FactKind::ALL.iter().filter(|kind| many(kind));
    kinds.map(|kind| kind.name()).collect()
}

/// In whose name a person drafts.
struct Whose {
    offices: Vec<(OrganId, String)>,
    office: OrganId,
}

impl Whose {
    /// The office that the address names, else the person's first.
    fn of(permit: &Permit<DraftBulletin>, asked: &Asked) -> Result<Self, Problem> {
        let offices = offices::organs(permit);
        let first = offices.first().map(|(organ, _)| organ.to_string());
        let asked = match asked.office.as_str() {
            "" => first.unwrap_or_default(),
            named => named.to_owned(),
        };
        let (office, _) = offices::chosen(offices.clone(), ("office", &asked))?;
        Ok(Self { offices, office })
    }
}

async fn facts(app: &App, office: OrganId, kind: BulletinKind) -> Result<Vec<Fact>, Problem> {
    let today = app.today();
    let own = Scope::Organs {
        single: vec![office],
        branches: Vec::new(),
    };
    let facts = app
        .db
        .read(async |tx: &mut Tx| gather(tx, &own, kind, today).await)
        .await?;
    let by_unit = by_unit(facts).into_iter();
    Ok(by_unit.flat_map(|(_, _, facts)| facts).collect())
}

/// `GET /workspace/bulletins/new`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DraftBulletin>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let whose = Whose::of(&permit, &asked)?;
    let facts = facts(&app, whose.office, asked.kind()).await?;
    let errors = FormErrors::default();
    page(&NewPage::new((shell, whose), asked, facts, errors))
}

/// `POST /workspace/bulletins/new`: another page, with what was chosen so far; or the draft.
pub(super) async fn draft(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DraftBulletin>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let kind = asked.kind();
    let whose = Whose::of(&permit, &asked)?;
    let all = facts(&app, whose.office, kind).await?;
    let chosen: Vec<Fact> = all
        .iter()
        .filter(|fact| asked.chose(fact))
        .cloned()
        .collect();
    let gone = chosen.len() < asked.fact.len();
    if !gone && !asked.go.is_empty() {
        let errors = FormErrors::default();
        return page(&NewPage::new((shell, whose), asked, all, errors));
    }
    let today = app.today();
    let done = if gone {
        Err(StepError::refuse(GONE))
    } else {
        let office = whose.office.to_string();
        app.db
            .write(async |tx: &mut Tx| {
                let of = (office.as_str(), app.seams.check.as_ref());
                assemble::draft(tx, &permit, of, (kind, chosen), today).await
            })
            .await
    };
    match done {
        Ok(bulletin) => Ok(redirect_with(
            &format!("/workspace/bulletins/{}", bulletin.id),
            "通报已起草，只有本办看得到。逐句核对后送审批。",
        )),
        Err(StepError::Refused(reasons)) => {
            let view = NewPage::new((shell, whose), asked, all, form_errors(reasons));
            refuse(&view)
        }
        Err(error) => Err(error.into()),
    }
}

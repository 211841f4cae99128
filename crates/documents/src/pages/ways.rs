//! 审核流程: what each kind must say and which steps it passes, and what this government demands beside the table.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::organ::reach::{self, Reach};
use gongkai_platform::web::{App, Form, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use crate::acts::{KeepReviewWays, ViewDocuments};
use crate::column;
use crate::kind::{Kind, Step};
use crate::review::demand::{self, Demand};

const LIST: &str = "/workspace/documents/ways";

#[derive(Template)]
#[template(path = "documents/ways.html")]
struct WaysPage {
    shell: Shell,
    demands: Vec<Demand>,
    /// Code and name of each column.
    columns: Vec<(String, String)>,
    may_keep: bool,
}

#[expect(clippy::unused_self, reason = "the template asks the page")]
impl WaysPage {
    fn kinds(&self) -> &'static [Kind] {
        Kind::ALL
    }

    fn required(&self, kind: &Kind) -> String {
        let names: Vec<&str> = kind.required().iter().map(|field| field.name()).collect();
        names.join("、")
    }

    fn chain(&self, kind: &Kind) -> String {
        let demanded: Vec<Step> = self
            .demands
            .iter()
            .filter(|one| one.of == format!("kind:{}", kind.code()))
            .filter_map(Demand::step)
            .collect();
        let names: Vec<&str> = demand::together(kind.chain(), &demanded)
            .into_iter()
            .map(Step::name)
            .collect();
        names.join(" → ")
    }

    /// What may demand, kinds first.
    fn subjects(&self) -> Vec<(String, String)> {
        let kinds = Kind::ALL
            .iter()
            .map(|kind| (format!("kind:{}", kind.code()), kind.name().to_owned()));
        kinds.chain(self.columns.iter().cloned()).collect()
    }

    /// Steps that not every kind passes anyway.
    fn steps(&self) -> Vec<(&'static str, &'static str)> {
        Step::ALL
            .iter()
            .filter(|step| !Kind::ALL.iter().all(|kind| kind.chain().contains(step)))
            .map(|step| (step.code(), step.name()))
            .collect()
    }
}

async fn house<A: Act>(tx: &mut Tx, permit: &Permit<A>) -> Result<Option<OrganId>, StoreError> {
    let held = permit.roles().first().map(|held| held.organ);
    match held {
        Some(organ) => Ok(Some(demand::house(tx, organ).await?)),
        None => Ok(None),
    }
}

/// The government whose ways a person keeps: the one whose general office the person works in.
async fn kept_house(
    tx: &mut Tx,
    permit: &Permit<KeepReviewWays>,
) -> Result<Option<OrganId>, StoreError> {
    let governed = reach::governed(tx, permit.roles()).await?;
    Ok(governed.into_iter().next())
}

async fn columns(tx: &mut Tx, house: OrganId) -> Result<Vec<(String, String)>, StoreError> {
    let within = Reach {
        bases: vec![house],
        scope: gongkai_platform::access::Scope::nothing(),
    };
    let found = column::store::list(tx, &within).await?;
    Ok(found
        .into_iter()
        .filter(|(column, _)| column.closed_why.is_none())
        .map(|(column, _)| {
            let name = format!("“{}”专栏", column.spec.name);
            (format!("column:{}", column.id), name)
        })
        .collect())
}

/// `GET /workspace/documents/ways`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
) -> Result<Response, Problem> {
    let keeper = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<KeepReviewWays>());
    let (demands, columns, may_keep) = app
        .db
        .read(async |tx: &mut Tx| {
            let kept = match &keeper {
                Some(permit) => kept_house(tx, permit).await?,
                None => None,
            };
            let house = match kept {
                Some(house) => Some(house),
                None => house(tx, &permit).await?,
            };
            let Some(house) = house else {
                return Ok((Vec::new(), Vec::new(), false));
            };
            let demands = demand::kept(tx, house).await?;
            Ok::<_, StoreError>((demands, columns(tx, house).await?, kept.is_some()))
        })
        .await?;
    page(&WaysPage {
        may_keep,
        shell,
        demands,
        columns,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    of: String,
    step: String,
}

/// What was chosen, where it is a kind or one of these columns.
fn chosen(typed: &Typed, columns: &[(String, String)]) -> Option<Demand> {
    let kinds = Kind::ALL
        .iter()
        .map(|kind| (format!("kind:{}", kind.code()), kind.name().to_owned()));
    let mut all = kinds.chain(columns.iter().cloned());
    let (of, name) = all.find(|(of, _)| *of == typed.of)?;
    Some(Demand {
        of,
        name,
        step: typed.step.clone(),
    })
}

/// `POST /workspace/documents/ways/add`
pub(super) async fn add(
    State(app): State<App>,
    permit: Permit<KeepReviewWays>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| {
            let house = kept_house(tx, &permit).await?.ok_or(NotDone::NotFound)?;
            let columns = columns(tx, house).await?;
            let Some(demand) = chosen(&typed, &columns) else {
                let said = "请选择本级政府的一类文件，或者开着的一个专栏。";
                return Err(NotDone::Refused(vec![("of", said.to_owned())]));
            };
            demand::add(tx, &permit, house, &demand).await
        })
        .await?;
    Ok(redirect_with(
        LIST,
        "已加上，以后送审的都要经过这一步；正在审核的不变。",
    ))
}

/// `POST /workspace/documents/ways/remove`
pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit<KeepReviewWays>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let demand = Demand {
        of: typed.of,
        name: String::new(),
        step: typed.step,
    };
    app.db
        .write(async |tx: &mut Tx| {
            let house = kept_house(tx, &permit).await?.ok_or(NotDone::NotFound)?;
            demand::remove(tx, &permit, house, &demand).await
        })
        .await?;
    Ok(redirect_with(LIST, "已去掉；正在审核的不变。"))
}

//! 审核流程: what each kind must say and which steps it passes, and what this government demands beside the table.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::organ;
use gongkai_platform::organ::reach::{self, Reach};
use gongkai_platform::web::{App, Form, Problem, Query, Shell, address, page, redirect_with};
use serde::Deserialize;

use crate::acts::{KeepReviewWays, ViewDocuments};
use crate::column;
use crate::house_field::{self, HouseField};
use crate::kind::own;
use crate::kind::{Kind, Step};
use crate::review::demand::{self, Demand};

const LIST: &str = "/workspace/documents/ways";

#[derive(Template)]
#[template(path = "documents/ways.html")]
struct WaysPage {
    shell: Shell,
    houses: Vec<House>,
    house: House,
    demands: Vec<Demand>,
    /// What it added to what is filled in.
    fields: Vec<HouseField>,
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
        let common = kind.required().iter().map(|field| field.name());
        let own = own::of(*kind).filter(|field| field.required);
        let house = self
            .fields
            .iter()
            .filter(|field| field.kind == kind.code() && field.required);
        let names: Vec<&str> = common
            .chain(own.map(|field| field.name))
            .chain(house.map(|field| field.name.as_str()))
            .collect();
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

    fn kind_options(&self) -> Vec<(&'static str, &'static str)> {
        Kind::options()
    }

    /// How an added field may be filled in.
    fn forms(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("text", "文字"),
            ("date", "日期"),
            ("year", "年份"),
            ("years", "起止年份"),
            ("phone", "电话"),
            ("choice", "从列出的各项中选择"),
        ]
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

/// A government whose ways a person sees.
#[derive(Clone)]
pub(super) struct House {
    pub(super) id: OrganId,
    pub(super) name: String,
    /// The person works in its general office, and keeps its ways.
    pub(super) is_kept: bool,
}

/// The governments whose ways concern a person: first those whose general office the person works in, then those of the
/// other units.
pub(super) async fn houses<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
) -> Result<Vec<House>, StoreError> {
    let mut found: Vec<(OrganId, bool)> = Vec::new();
    for kept in reach::governed(tx, permit.roles()).await? {
        found.push((kept, true));
    }
    for held in permit.roles() {
        let seen = demand::house(tx, held.organ).await?;
        if found.iter().all(|(id, _)| *id != seen) {
            found.push((seen, false));
        }
    }
    let mut houses = Vec::new();
    for (id, is_kept) in found {
        if let Some(organ) = organ::store::load(tx, id).await? {
            houses.push(House {
                id,
                name: organ.name,
                is_kept,
            });
        }
    }
    Ok(houses)
}

/// The government that a form names, where the person keeps its ways; without a name the only one.
pub(super) async fn kept_house<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    named: &str,
) -> Result<OrganId, NotDone> {
    let mut kept = reach::governed(tx, permit.roles()).await?;
    if named.is_empty() && kept.len() > 1 {
        let said = "您在几个政府任职，请先选择给哪一个设置。";
        return Err(NotDone::Refused(vec![("organ", said.to_owned())]));
    }
    kept.retain(|id| named.is_empty() || id.to_string() == named);
    kept.into_iter().next().ok_or(NotDone::NotFound)
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

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
}

/// `GET /workspace/documents/ways?organ=…`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let may_keep = shell.may(&KeepReviewWays::ROW);
    let (houses, house, (demands, fields), columns) = app
        .db
        .read(async |tx: &mut Tx| {
            let houses = houses(tx, &permit).await?;
            let mut wanted = houses.iter();
            let house = if asked.organ.is_empty() {
                wanted.next().cloned()
            } else {
                wanted
                    .find(|one| one.id.to_string() == asked.organ)
                    .cloned()
            };
            let Some(house) = house else {
                return Ok(None);
            };
            let demands = demand::kept(tx, house.id).await?;
            let fields = house_field::kept(tx, house.id).await?;
            let columns = columns(tx, house.id).await?;
            Ok::<_, StoreError>(Some((houses, house, (demands, fields), columns)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&WaysPage {
        may_keep: may_keep && house.is_kept,
        shell,
        houses,
        house,
        demands,
        fields,
        columns,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    /// The government.
    organ: String,
    of: String,
    step: String,
}

pub(super) fn list_of(organ: &str) -> String {
    let list = address(LIST, &[("organ", organ)]);
    list.trim_end_matches(['&', '?']).to_owned()
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
            let house = kept_house(tx, &permit, &typed.organ).await?;
            let columns = columns(tx, house).await?;
            let Some(demand) = chosen(&typed, &columns) else {
                let said = "请选择本级政府的一类文件，或者开着的一个专栏。";
                return Err(NotDone::Refused(vec![("of", said.to_owned())]));
            };
            demand::add(tx, &permit, house, &demand).await
        })
        .await?;
    Ok(redirect_with(
        &list_of(&typed.organ),
        "已加上，以后送审的都要经过这一步；正在审核的不变。",
    ))
}

/// `POST /workspace/documents/ways/remove`
pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit<KeepReviewWays>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let Typed { organ, of, step } = typed;
    let demand = Demand {
        of,
        name: String::new(),
        step,
    };
    app.db
        .write(async |tx: &mut Tx| {
            let house = kept_house(tx, &permit, &organ).await?;
            demand::remove(tx, &permit, house, &demand).await
        })
        .await?;
    Ok(redirect_with(&list_of(&organ), "已去掉；正在审核的不变。"))
}

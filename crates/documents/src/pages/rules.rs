//! 检查词库和例外: a government's own rules of the check before publication with those of the governments above it, and what its
//! masking leaves readable.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_inspect::{Kind, Masking, NameMask};
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{
    App, Form, Problem, Query, Shell, address, download, moment, page, redirect_with,
};
use serde::Deserialize;

use super::ways::{House, houses, kept_house};
use crate::acts::{CheckBeforePublication, KeepCheckRules};
use crate::masking;
use crate::rules::{self, Kept, List, Rule};

const LIST: &str = "/workspace/check/rules";

#[derive(Template)]
#[template(path = "documents/rules.html")]
struct RulesPage {
    shell: Shell,
    /// The list of the government that is shown.
    own: Shown,
    /// Those of the governments above it, the highest first; only what holds anything.
    above: Vec<Shown>,
    may_keep: bool,
    houses: Vec<House>,
    /// The government whose list and masking are shown; nobody's for those who work for none.
    house: Option<House>,
    masking: Masking,
}

/// A list as a person may see it.
#[derive(Default)]
struct Shown {
    name: String,
    kept: Vec<Kept>,
    /// Documents that are not public, whose names only those read who keep this list.
    unnamed: usize,
}

impl Shown {
    fn of(name: String, kept: Vec<Kept>, may_read_all: bool) -> Self {
        let all = kept.len();
        let kept = readable(kept, may_read_all);
        Self {
            name,
            unnamed: all - kept.len(),
            kept,
        }
    }

    fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.unnamed == 0
    }
}

/// What of a list a person may read: what papers are not public only who keeps it.
fn readable(mut kept: Vec<Kept>, may_read_all: bool) -> Vec<Kept> {
    kept.retain(|one| may_read_all || !matches!(one.rule, Rule::NonPublic { .. }));
    kept
}

/// Does the person keep the list of this government?
fn keeps(houses: &[House], id: OrganId) -> bool {
    houses.iter().any(|one| one.id == id && one.is_kept)
}

impl RulesPage {
    /// The person keeps the list and the masking of the government that is shown.
    fn may_keep_here(&self) -> bool {
        self.may_keep && self.house.as_ref().is_some_and(|house| house.is_kept)
    }

    fn is_empty(&self) -> bool {
        self.own.is_empty() && self.above.is_empty()
    }

    /// What a form of the rule holds: field, name, and value.
    fn amounts(&self) -> [(&'static str, &'static str, String); 6] {
        let own = self.masking;
        [
            (
                "id_card_head",
                "身份证号码留前几位",
                own.id_card.0.to_string(),
            ),
            (
                "id_card_tail",
                "身份证号码留末几位",
                own.id_card.1.to_string(),
            ),
            ("mobile_head", "手机号码留前几位", own.mobile.0.to_string()),
            ("mobile_tail", "手机号码留末几位", own.mobile.1.to_string()),
            (
                "bank_card_head",
                "银行卡号留前几位",
                own.bank_card.0.to_string(),
            ),
            (
                "bank_card_tail",
                "银行卡号留末几位",
                own.bank_card.1.to_string(),
            ),
        ]
    }

    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn names(&self) -> [(&'static str, &'static str); 3] {
        NameMask::ALL.map(|one| (one.code(), one.title()))
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
}

/// The page of a government; without one, the page as it opens.
fn back(organ: &str) -> String {
    let back = address(LIST, &[("organ", organ)]);
    back.trim_end_matches(['&', '?']).to_owned()
}

/// The government that is asked for, or the first, among those that concern the person.
fn chosen(houses: &[House], organ: &str) -> Option<House> {
    let mut wanted = houses
        .iter()
        .filter(|one| organ.is_empty() || one.id.to_string() == organ);
    wanted.next().cloned()
}

/// The list of a government and those above it, as a person may see them.
async fn shown(
    tx: &mut Tx,
    houses: &[House],
    house: OrganId,
) -> Result<(Shown, Vec<Shown>), StoreError> {
    let (mut own, mut above) = (Shown::default(), Vec::new());
    for List { house: of, kept } in rules::lists(tx, house).await? {
        let organ = organ::store::load(tx, of).await?;
        let name = organ.map(|organ| organ.name).unwrap_or_default();
        let list = Shown::of(name, kept, keeps(houses, of));
        if of == house {
            own = list;
        } else if !list.is_empty() {
            above.push(list);
        }
    }
    Ok((own, above))
}

/// `GET /workspace/check/rules?organ=…`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CheckBeforePublication>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let ((own, above), houses, house, masking) = app
        .db
        .read(async |tx: &mut Tx| {
            let houses = houses(tx, &permit).await?;
            let house = chosen(&houses, &asked.organ);
            let (lists, masking) = match &house {
                Some(house) => (
                    shown(tx, &houses, house.id).await?,
                    masking::rule(tx, house.id).await?,
                ),
                None => ((Shown::default(), Vec::new()), Masking::default()),
            };
            Ok::<_, StoreError>((lists, houses, house, masking))
        })
        .await?;
    page(&RulesPage {
        may_keep: shell.may(&KeepCheckRules::ROW),
        shell,
        own,
        above,
        houses,
        house,
        masking,
    })
}

/// `GET /workspace/check/rules/masking.json?organ=…`
pub(super) async fn masking_file(
    State(app): State<App>,
    permit: Permit<CheckBeforePublication>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let masking = app
        .db
        .read(async |tx: &mut Tx| {
            let houses = houses(tx, &permit).await?;
            match chosen(&houses, &asked.organ) {
                Some(house) => Ok::<_, StoreError>(Some(masking::rule(tx, house.id).await?)),
                None => Ok(None),
            }
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let name = format!("遮盖规则{}.json", app.today());
    let bytes = masking::to_file(&masking).into_bytes();
    Ok(download::attachment(&name, "application/json", bytes))
}

/// The rule as it is typed: numbers of characters, and what becomes of names.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TypedMasking {
    organ: String,
    /// The sentence of the rule that the form showed.
    seen: String,
    id_card_head: String,
    id_card_tail: String,
    mobile_head: String,
    mobile_tail: String,
    bank_card_head: String,
    bank_card_tail: String,
    name_mask: String,
}

impl TypedMasking {
    fn masking(&self) -> Result<Masking, Problem> {
        let mut wrong = Vec::new();
        let mut number = |field: &'static str, typed: &str| {
            let number = typed.trim().parse::<u8>();
            if number.is_err() {
                wrong.push((field, "请填写数字，全部遮盖的填0。".to_owned()));
            }
            usize::from(number.unwrap_or_default())
        };
        let id_card = (
            number("id_card_head", &self.id_card_head),
            number("id_card_tail", &self.id_card_tail),
        );
        let mobile = (
            number("mobile_head", &self.mobile_head),
            number("mobile_tail", &self.mobile_tail),
        );
        let bank_card = (
            number("bank_card_head", &self.bank_card_head),
            number("bank_card_tail", &self.bank_card_tail),
        );
        let mut names = NameMask::ALL.into_iter();
        let name = names.find(|one| one.code() == self.name_mask);
        if name.is_none() {
            wrong.push(("name_mask", "请选择姓名怎么遮盖。".to_owned()));
        }
        match name {
            Some(name) if wrong.is_empty() => Ok(Masking {
                id_card,
                mobile,
                bank_card,
                name,
            }),
            _ => Err(Problem::of_form(wrong)),
        }
    }
}

/// `POST /workspace/check/rules/masking`
pub(super) async fn set_masking(
    State(app): State<App>,
    permit: Permit<KeepCheckRules>,
    Form(typed): Form<TypedMasking>,
) -> Result<Response, Problem> {
    let masking = typed.masking()?;
    app.db
        .write(async |tx: &mut Tx| {
            let house = kept_house(tx, &permit, &typed.organ).await?;
            masking::set(tx, &permit, house, (&typed.seen, masking)).await
        })
        .await?;
    Ok(redirect_with(
        &back(&typed.organ),
        "遮盖规则已改，以后的检查和遮盖都按这一条；已经保存的稿件不变。",
    ))
}

/// `GET /workspace/check/rules/words.json?organ=…`: what holds for the texts of a government, as far as the person may read it.
pub(super) async fn file(
    State(app): State<App>,
    permit: Permit<CheckBeforePublication>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let own = app
        .db
        .read(async |tx: &mut Tx| {
            let houses = houses(tx, &permit).await?;
            let Some(house) = chosen(&houses, &asked.organ) else {
                return Ok::<_, StoreError>(None);
            };
            let mut own: Vec<Rule> = Vec::new();
            for list in rules::lists(tx, house.id).await? {
                let kept = readable(list.kept, keeps(&houses, list.house));
                own.extend(kept.into_iter().map(|one| one.rule));
            }
            Ok(Some(own))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let name = format!("检查词库{}.json", app.today());
    let bytes = rules::to_file(&own).into_bytes();
    Ok(download::attachment(&name, "application/json", bytes))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    organ: String,
    what: String,
    kind: String,
    text: String,
    wrong: String,
    right: String,
    title: String,
    number: String,
}

impl Typed {
    fn rule(&self) -> Option<Rule> {
        let text = |text: &str| text.trim().to_owned();
        match self.what.as_str() {
            "exception" => {
                let kind = Kind::ALL
                    .into_iter()
                    .find(|kind| kind.name() == self.kind)?;
                Some(Rule::Exception {
                    kind,
                    text: text(&self.text),
                })
            }
            "slip" => Some(Rule::Slip {
                wrong: text(&self.wrong),
                right: text(&self.right),
            }),
            "non_public" => Some(Rule::NonPublic {
                title: text(&self.title).trim_matches(['《', '》']).to_owned(),
                number: text(&self.number),
            }),
            _ => None,
        }
    }
}

/// `POST /workspace/check/rules/add`
pub(super) async fn add(
    State(app): State<App>,
    permit: Permit<KeepCheckRules>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let rule = typed
        .rule()
        .ok_or_else(|| Problem::new(Problem::BAD_REQUEST))?;
    app.db
        .write(async |tx: &mut Tx| {
            let house = kept_house(tx, &permit, &typed.organ).await?;
            rules::add(tx, &permit, house, &rule).await
        })
        .await?;
    Ok(redirect_with(
        &back(&typed.organ),
        "已加入，本级和下级政府以后的检查都按这一条。",
    ))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Gone {
    organ: String,
    rule: String,
}

/// `POST /workspace/check/rules/remove`
pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit<KeepCheckRules>,
    Form(gone): Form<Gone>,
) -> Result<Response, Problem> {
    let rule: Rule =
        serde_json::from_str(&gone.rule).map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    app.db
        .write(async |tx: &mut Tx| {
            let house = kept_house(tx, &permit, &gone.organ).await?;
            rules::remove(tx, &permit, house, &rule).await
        })
        .await?;
    Ok(redirect_with(&back(&gone.organ), "已去掉。"))
}

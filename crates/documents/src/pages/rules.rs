//! 检查词库和例外: the house's own rules of the check before publication, and what each government's masking leaves readable.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_inspect::{Kind, Masking, NameMask};
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, Problem, Query, Shell, address, download, moment, page, redirect_with,
};
use serde::Deserialize;

use super::ways::{House, houses, kept_house};
use crate::acts::{CheckBeforePublication, KeepCheckRules};
use crate::masking;
use crate::rules::{self, Kept, Rule};

const LIST: &str = "/workspace/check/rules";

#[derive(Template)]
#[template(path = "documents/rules.html")]
struct RulesPage {
    shell: Shell,
    kept: Vec<Kept>,
    may_keep: bool,
    houses: Vec<House>,
    /// The government whose masking is shown; nobody's for those who work for none.
    house: Option<House>,
    masking: Masking,
}

impl RulesPage {
    /// The person keeps the masking of the government that is shown.
    fn may_mask(&self) -> bool {
        self.may_keep && self.house.as_ref().is_some_and(|house| house.is_kept)
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

/// The government that is asked for, or the first, among those that concern the person.
fn chosen(houses: &[House], organ: &str) -> Option<House> {
    let mut wanted = houses
        .iter()
        .filter(|one| organ.is_empty() || one.id.to_string() == organ);
    wanted.next().cloned()
}

/// `GET /workspace/check/rules?organ=…`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CheckBeforePublication>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (kept, houses, house, masking) = app
        .db
        .read(async |tx: &mut Tx| {
            let houses = houses(tx, &permit).await?;
            let house = chosen(&houses, &asked.organ);
            let masking = match &house {
                Some(house) => masking::rule(tx, house.id).await?,
                None => Masking::default(),
            };
            Ok::<_, StoreError>((rules::kept(tx).await?, houses, house, masking))
        })
        .await?;
    page(&RulesPage {
        may_keep: shell.may(&KeepCheckRules::ROW),
        shell,
        kept,
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
    let back = address(LIST, &[("organ", typed.organ.as_str())]);
    Ok(redirect_with(
        back.trim_end_matches(['&', '?']),
        "遮盖规则已改，以后的检查和遮盖都按这一条；已经保存的稿件不变。",
    ))
}

/// `GET /workspace/check/rules/words.json`
pub(super) async fn file(
    State(app): State<App>,
    _: Permit<CheckBeforePublication>,
) -> Result<Response, Problem> {
    let kept = app
        .db
        .read(async |tx: &mut Tx| rules::kept(tx).await)
        .await?;
    let name = format!("检查词库{}.json", app.today());
    let bytes = rules::to_file(&kept).into_bytes();
    Ok(download::attachment(&name, "application/json", bytes))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
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
        .write(async |tx: &mut Tx| rules::add(tx, &permit, &rule).await)
        .await?;
    Ok(redirect_with(LIST, "已加入，以后的检查都按这一条。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Gone {
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
        .write(async |tx: &mut Tx| rules::remove(tx, &permit, &rule).await)
        .await?;
    Ok(redirect_with(LIST, "已去掉。"))
}

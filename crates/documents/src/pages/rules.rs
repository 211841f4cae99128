//! 检查词库和例外: the house's own rules of the check before publication.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_inspect::Kind;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, Shell, download, moment, page, redirect_with};
use serde::Deserialize;

use crate::acts::{CheckBeforePublication, KeepCheckRules};
use crate::rules::{self, Kept, Rule};

const LIST: &str = "/workspace/check/rules";

#[derive(Template)]
#[template(path = "documents/rules.html")]
struct RulesPage {
    shell: Shell,
    kept: Vec<Kept>,
    may_keep: bool,
}

impl RulesPage {
    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }
}

/// `GET /workspace/check/rules`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    _: Permit<CheckBeforePublication>,
) -> Result<Response, Problem> {
    let kept = app
        .db
        .read(async |tx: &mut Tx| rules::kept(tx).await)
        .await?;
    page(&RulesPage {
        may_keep: shell.may(&KeepCheckRules::ROW),
        shell,
        kept,
    })
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

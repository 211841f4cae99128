//! 本级自定要素: added and taken away on the page of the ways of review.

use axum::extract::State;
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, redirect_with};
use serde::Deserialize;

use super::ways::{kept_house, list_of};
use crate::acts::KeepReviewWays;
use crate::house_field::{self, HouseField};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    /// The government.
    organ: String,
    kind: String,
    name: String,
    form: String,
    /// Of a choice, one a line.
    options: String,
    required: String,
}

impl Typed {
    fn field(&self) -> HouseField {
        let form = if self.form == "choice" {
            let listed = self.options.lines().map(str::trim);
            // The sign between options is none of them.
            let listed: Vec<String> = listed
                .filter(|one| !one.is_empty())
                .map(|one| one.replace('|', "／"))
                .collect();
            format!("choice:{}", listed.join("|"))
        } else {
            self.form.clone()
        };
        HouseField {
            kind: self.kind.clone(),
            name: self.name.trim().to_owned(),
            form,
            required: self.required == "yes",
        }
    }
}

/// `POST /workspace/documents/ways/fields/add`
pub(super) async fn add(
    State(app): State<App>,
    permit: Permit<KeepReviewWays>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let field = typed.field();
    app.db
        .write(async |tx: &mut Tx| {
            let house = kept_house(tx, &permit, &typed.organ).await?;
            house_field::add(tx, &permit, house, &field).await
        })
        .await?;
    Ok(redirect_with(
        &list_of(&typed.organ),
        "已加上，以后起草和修改这一类文件时可以填写；必填的，送审前要填好。",
    ))
}

/// `POST /workspace/documents/ways/fields/remove`
pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit<KeepReviewWays>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let of = (typed.kind.as_str(), typed.name.as_str());
    app.db
        .write(async |tx: &mut Tx| {
            let house = kept_house(tx, &permit, &typed.organ).await?;
            house_field::remove(tx, &permit, house, of).await
        })
        .await?;
    Ok(redirect_with(
        &list_of(&typed.organ),
        "已去掉，以后的稿子不再填写；已有的稿子写着的照旧。",
    ))
}

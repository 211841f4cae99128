//! 代理: somebody else holds a role of mine until a day.

use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use serde::Deserialize;

use super::super::deputy;
use super::super::manage::ChangeError;
use super::me::{MINE, mine};
use super::view::parse_seat;
use crate::db::Tx;
use crate::web::{App, Form, FormErrors, Problem, Shell, SignedIn, day, redirect_with, refuse};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeputyForm {
    seat: String,
    deputy: String,
    until: String,
}

/// `POST /workspace/account/deputies`
pub(super) async fn name(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
    Form(form): Form<DeputyForm>,
) -> Result<Response, Problem> {
    let today = app.today();
    let mut errors = FormErrors::default();
    let seat = parse_seat(&form.seat);
    if seat.is_none() {
        errors.add("seat", "请选择要请人代理的角色。");
    }
    let deputy = form.deputy.parse().ok();
    if deputy.is_none() {
        errors.add("deputy", "请选择代理人。");
    }
    let until = form.until.parse::<Date>().ok();
    if until.is_none() {
        errors.add("until", "请选择代理截止日期。");
    }
    if let (Some(seat), Some(deputy), Some(until)) = (seat, deputy, until) {
        let named = app
            .db
            .write(async |tx: &mut Tx| deputy::name(tx, &person, seat, deputy, until, today).await)
            .await;
        match named {
            Ok(()) => {
                return Ok(redirect_with(
                    MINE,
                    &format!("代理已设置，到{}自动结束。", day(until)),
                ));
            }
            Err(ChangeError::Refused(reasons)) => errors.add("seat", reasons.join("；")),
            Err(error) => return Err(error.into()),
        }
    }
    let mut again = mine(&app, shell, &person).await?;
    again.deputy_errors = errors;
    refuse(&again)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndDeputyForm {
    seat: String,
    deputy: String,
}

/// `POST /workspace/account/deputies/end`
pub(super) async fn end(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Form(form): Form<EndDeputyForm>,
) -> Result<Response, Problem> {
    let (Some(seat), Ok(deputy)) = (parse_seat(&form.seat), form.deputy.parse()) else {
        return Err(Problem::new(Problem::BAD_REQUEST));
    };
    app.db
        .write(async |tx: &mut Tx| deputy::end(tx, &person, seat, deputy).await)
        .await?;
    Ok(redirect_with(MINE, "代理已结束。"))
}

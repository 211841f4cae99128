//! 登录验证码: switched on and off by the person alone.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::super::login::Client;
use super::super::manage::ChangeError;
use super::super::store::{self, Account};
use super::super::{second_factor, session};
use super::me::{MINE, event, own_account, proved};
use crate::db::{StoreError, Tx};
use crate::web::{
    App, Form, FormErrors, Problem, Shell, SignedIn, page, qr, redirect_with, refuse,
};

#[derive(Template)]
#[template(path = "account/second_factor.html")]
struct SecondFactorPage {
    shell: Shell,
    errors: FormErrors,
    secret: String,
    address: String,
    side: usize,
    path: String,
    has_password: bool,
}

/// The secret to scan, as a picture and in letters.
fn filled(
    app: &App,
    shell: Shell,
    account: &Account,
    secret: String,
    errors: FormErrors,
) -> SecondFactorPage {
    let address = second_factor::address(&app.site.name, &account.login, &secret);
    let (side, path) = qr::path(&address).unwrap_or_default();
    SecondFactorPage {
        shell,
        errors,
        secret,
        address,
        side,
        path,
        has_password: account.password_hash.is_some(),
    }
}

/// `GET /workspace/account/second-factor`: a fresh secret to scan.
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
) -> Result<Response, Problem> {
    if person.second_factor {
        return Ok(redirect_with(MINE, "登录验证码已经启用。"));
    }
    let account = own_account(&app, &person).await?;
    let secret = second_factor::fresh_secret()?;
    page(&filled(
        &app,
        shell,
        &account,
        secret,
        FormErrors::default(),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondFactorForm {
    /// The secret that the page showed; it binds nobody but the person who sends it.
    secret: String,
    code: String,
    #[serde(default)]
    current: String,
}

/// `POST /workspace/account/second-factor`: switches it on once a code of it was shown.
pub(super) async fn on(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
    client: Client,
    Form(form): Form<SecondFactorForm>,
) -> Result<Response, Problem> {
    let account = own_account(&app, &person).await?;
    if account.totp_secret.is_some() {
        return Ok(redirect_with(MINE, "登录验证码已经启用。"));
    }
    let mut errors = FormErrors::default();
    if !proved(&app, &person, &account, &form.current, &client).await? {
        errors.add("current", "现在的密码不正确。");
    }
    let step = second_factor::step_of(&form.secret, &form.code, app.db.now());
    let Some(step) = step.filter(|_| errors.is_empty()) else {
        if step.is_none() {
            errors.add(
                "code",
                "验证码不正确。请确认手机时间准确，再输入当前显示的 6 位数字。",
            );
        }
        let again = filled(&app, shell, &account, form.secret, errors);
        return refuse(&again);
    };
    app.db
        .write(async |tx: &mut Tx| {
            store::set_second_factor(tx, account.id, Some(&form.secret), step).await?;
            session::end_others(tx, account.id, &person.id_hash).await?;
            tx.record(event(&person, "account.second_factor_on", "启用登录验证码"));
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(redirect_with(
        MINE,
        "登录验证码已启用。下次登录时，输入密码后还要输入手机上的验证码。",
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OffForm {
    #[serde(default)]
    current: String,
    code: String,
}

/// `POST /workspace/account/second-factor/off`: wants the password and a last code.
pub(super) async fn off(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    client: Client,
    Form(form): Form<OffForm>,
) -> Result<Response, Problem> {
    let account = own_account(&app, &person).await?;
    let proved = proved(&app, &person, &account, &form.current, &client).await?;
    let step = account
        .totp_secret
        .as_deref()
        .and_then(|secret| second_factor::step_of(secret, &form.code, app.db.now()));
    let (true, Some(step)) = (proved, step) else {
        app.gate().failed(client.address.0, app.db.now());
        return Err(Problem::refused(vec![
            "密码或验证码不正确，登录验证码仍然启用。".to_owned(),
        ]));
    };
    app.db
        .write(async |tx: &mut Tx| {
            if !store::use_step(tx, account.id, step).await? {
                return Err(ChangeError::refused(
                    "这个验证码已经用过，请等下一个验证码。",
                ));
            }
            store::set_second_factor(tx, account.id, None, step).await?;
            session::end_others(tx, account.id, &person.id_hash).await?;
            tx.record(event(
                &person,
                "account.second_factor_off",
                "关闭登录验证码",
            ));
            Ok(())
        })
        .await?;
    Ok(redirect_with(MINE, "登录验证码已关闭。"))
}

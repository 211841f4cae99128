//! Entering and leaving: sign-in, one-time links, sign-out, and the reading mode.

use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_basis::Actor;
use serde::Deserialize;

use super::super::link::{self, Purpose};
use super::super::login::{self, Client, Outcome};
use super::super::manage::ChangeError;
use super::super::store::{self, Account};
use super::super::{password, session};
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::web::{
    App, ClientAddress, Form, FormErrors, Hanzi, Mode, Problem, ProblemRow, Query, Shell,
    hash_token, local_path, page, redirect_with, refuse, session_cookie, session_token,
};

const AGENT_CHARS_MAX: usize = 300;
/// Where people land who did not come from a page.
const DESK: &str = "/workspace";
/// The reading mode is kept for a year.
const MODE_SECONDS: u32 = 365 * 24 * 60 * 60;
const LINK_GONE: ProblemRow = ProblemRow {
    code: "link-gone",
    status: 410,
    title: "这个链接已经用过或已过期",
    safe: "数据没有被改动，您的账号不受影响。",
    advice: "如果已设好密码，请直接登录；否则请联系安全管理员重新生成链接。",
};
const LINK_GONE_IN_DEMO: ProblemRow = ProblemRow {
    advice: "启动演示系统的终端里有这个角色的新链接，在“再次进入”一行。",
    ..LINK_GONE
};
/// The same words whatever was wrong, so that nobody learns which logins exist.
const REFUSED: &str = "登录名或密码不正确，或账号暂时不能登录。连续 5 次不成功，账号会锁定 15 分钟；仍不能登录请联系安全管理员。";
const CODE_REFUSED: &str = "验证码不正确、已用过或已过期。请等手机上出现下一个验证码再试。";

impl FromRequestParts<App> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let address = ClientAddress::from_request_parts(parts, app).await?;
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        Ok(Self {
            address,
            agent: agent.chars().take(AGENT_CHARS_MAX).collect(),
            before: session_token(&parts.headers),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "account/login.html")]
struct LoginPage {
    shell: Shell,
    errors: FormErrors,
    login: String,
    next: String,
}

/// `GET /login?next=`
pub(super) async fn login_page(
    shell: Shell,
    Query(query): Query<Next>,
) -> Result<Response, Problem> {
    if shell.person.is_some() {
        return Ok(Redirect::to(local_path(&query.next, DESK)).into_response());
    }
    page(&LoginPage {
        shell,
        errors: FormErrors::default(),
        login: String::new(),
        next: query.next,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginForm {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "account/code.html")]
struct CodePage {
    shell: Shell,
    errors: FormErrors,
    ticket: String,
    next: String,
}

/// `POST /login`
pub(super) async fn login(
    State(app): State<App>,
    shell: Shell,
    client: Client,
    Form(form): Form<LoginForm>,
) -> Result<Response, Problem> {
    match login::with_password(&app, &form.login, form.password, &client).await? {
        Outcome::Entered(token) => entered(&app, &token, &form.next),
        Outcome::WantsCode(ticket) => page(&CodePage {
            shell,
            errors: FormErrors::default(),
            ticket,
            next: form.next,
        }),
        Outcome::Refused => {
            let mut errors = FormErrors::default();
            errors.add("login", REFUSED);
            refuse(&LoginPage {
                shell,
                errors,
                login: form.login,
                next: form.next,
            })
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeForm {
    ticket: String,
    code: String,
    #[serde(default)]
    next: String,
}

/// `POST /login/code`: the second factor after the password.
pub(super) async fn code(
    State(app): State<App>,
    shell: Shell,
    client: Client,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    match login::with_code(&app, &form.ticket, &form.code, &client).await? {
        Outcome::Entered(token) => entered(&app, &token, &form.next),
        Outcome::WantsCode(_) | Outcome::Refused => {
            let mut errors = FormErrors::default();
            errors.add("code", CODE_REFUSED);
            refuse(&CodePage {
                shell,
                errors,
                ticket: form.ticket,
                next: form.next,
            })
        }
    }
}

/// `POST /logout`
pub(super) async fn logout(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let (Some(token), Some(person)) = (session_token(&headers), &shell.person) {
        let actor = Actor::Person {
            account: person.account,
            name: person.name.clone(),
        };
        app.db
            .write(async |tx: &mut Tx| {
                session::end(tx, &hash_token(&token)).await?;
                let subject = ("account", person.account.to_string());
                tx.record(Event::new(
                    &actor,
                    "account.signed_out",
                    subject,
                    "退出登录",
                ));
                Ok::<_, StoreError>(())
            })
            .await?;
    }
    let mut response = redirect_with("/login", "已退出登录。");
    set_session(&app, &mut response, "")?;
    Ok(response)
}

#[derive(Template)]
#[template(path = "account/enter.html")]
struct EnterPage {
    shell: Shell,
    errors: FormErrors,
    token: String,
    name: String,
    wants_code: bool,
}

/// `GET /enter/{token}`: shows a button. Looking, as previews of links do, does not use the link.
pub(super) async fn enter_page(
    State(app): State<App>,
    shell: Shell,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let account = owner(&app, &token, &[Purpose::Enter]).await?;
    page(&EnterPage {
        shell,
        errors: FormErrors::default(),
        token,
        wants_code: account.totp_secret.is_some(),
        name: account.name,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnterForm {
    #[serde(default)]
    code: String,
}

/// `POST /enter/{token}`
pub(super) async fn enter(
    State(app): State<App>,
    shell: Shell,
    client: Client,
    Path(token): Path<String>,
    Form(form): Form<EnterForm>,
) -> Result<Response, Problem> {
    match login::with_link(&app, &token, &form.code, &client).await? {
        Outcome::Entered(session) => entered(&app, &session, ""),
        Outcome::WantsCode(_) | Outcome::Refused => {
            let account = owner(&app, &token, &[Purpose::Enter]).await?;
            let mut errors = FormErrors::default();
            errors.add("code", CODE_REFUSED);
            refuse(&EnterPage {
                shell,
                errors,
                token,
                wants_code: account.totp_secret.is_some(),
                name: account.name,
            })
        }
    }
}

#[derive(Template)]
#[template(path = "account/invite.html")]
struct InvitePage {
    shell: Shell,
    errors: FormErrors,
    token: String,
    name: String,
    login: String,
}

const INVITES: [Purpose; 2] = [Purpose::Invite, Purpose::Reset];

/// `GET /invite/{token}`: the first password, or a new one.
pub(super) async fn invite_page(
    State(app): State<App>,
    shell: Shell,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let account = owner(&app, &token, &INVITES).await?;
    page(&InvitePage {
        shell,
        errors: FormErrors::default(),
        token,
        name: account.name,
        login: account.login,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InviteForm {
    password: String,
    again: String,
    /// The login, for password managers; the link alone says whose password it is.
    #[serde(default, rename = "username")]
    _username: String,
}

/// `POST /invite/{token}`: sets the password. Signing in comes after, with the second factor where there is one.
pub(super) async fn invite(
    State(app): State<App>,
    shell: Shell,
    Path(token): Path<String>,
    Form(form): Form<InviteForm>,
) -> Result<Response, Problem> {
    let account = owner(&app, &token, &INVITES).await?;
    let errors = password_errors(&form.password, &form.again, &account.login);
    if !errors.is_empty() {
        return refuse(&InvitePage {
            shell,
            errors,
            token,
            name: account.name,
            login: account.login,
        });
    }
    let hash = password::hash(form.password).await?;
    let taken = app
        .db
        .write(async |tx: &mut Tx| {
            if link::take(tx, &token, &INVITES).await?.is_none() {
                return Err(ChangeError::NotFound);
            }
            store::set_password(tx, account.id, &hash).await?;
            link::end_all(tx, account.id).await?;
            session::end_all(tx, account.id).await?;
            let actor = Actor::Person {
                account: account.id,
                name: account.name.clone(),
            };
            let subject = ("account", account.id.to_string());
            tx.record(Event::new(
                &actor,
                "account.password_set",
                subject,
                "通过一次性链接设置密码",
            ));
            Ok(())
        })
        .await;
    match taken {
        Ok(()) => Ok(redirect_with(
            "/login",
            &format!("密码已设好。请用登录名“{}”和新密码登录。", account.login),
        )),
        Err(ChangeError::NotFound) => Err(Problem::new(LINK_GONE)),
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with a new password and its repetition.
pub(super) fn password_errors(new: &str, again: &str, login: &str) -> FormErrors {
    let mut errors = FormErrors::default();
    if let Some(reason) = password::refusal(new, login) {
        errors.add("password", reason);
    } else if new != again {
        errors.add("again", "两次输入的新密码不一样。");
    }
    errors
}

/// Whose link it is; the account must be able to use it.
async fn owner(app: &App, token: &str, purposes: &[Purpose]) -> Result<Account, Problem> {
    app.db
        .read(async |tx: &mut Tx| {
            Ok::<_, StoreError>(match link::look(tx, token, purposes).await? {
                Some(id) => store::load(tx, id).await?,
                None => None,
            })
        })
        .await?
        .filter(|account| account.disabled_at.is_none())
        .ok_or_else(|| {
            Problem::new(match app.site.demo {
                true => LINK_GONE_IN_DEMO,
                false => LINK_GONE,
            })
        })
}

/// `GET /mode/{mode}?next=`: how this browser wants its pages, or in which characters; each choice leaves the other as it
/// is. Changes nothing in the store.
pub(super) async fn mode(
    State(app): State<App>,
    Path(mode): Path<String>,
    Query(query): Query<Next>,
) -> Result<Response, Problem> {
    let (name, value) = match Hanzi::from_code(&mode) {
        Some(hanzi) => ("gk_hanzi", hanzi.code()),
        None => ("gk_mode", Mode::from_code(&mode).code()),
    };
    let secure = if app.site.secure { "; Secure" } else { "" };
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={MODE_SECONDS}; HttpOnly; SameSite=Lax{secure}");
    let mut response = Redirect::to(local_path(&query.next, "/")).into_response();
    append_cookie(&mut response, &cookie)?;
    Ok(response)
}

fn entered(app: &App, token: &str, next: &str) -> Result<Response, Problem> {
    let mut response = Redirect::to(local_path(next, DESK)).into_response();
    set_session(app, &mut response, token)?;
    Ok(response)
}

/// Sets the session cookie, or takes it off when the token is empty.
pub(super) fn set_session(app: &App, response: &mut Response, token: &str) -> Result<(), Problem> {
    append_cookie(response, &session_cookie(app, token))
}

fn append_cookie(response: &mut Response, cookie: &str) -> Result<(), Problem> {
    let value = HeaderValue::from_str(cookie).map_err(|_| Problem::new(Problem::INTERNAL))?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}

//! 我的账号: roles, password, sessions, where the digest goes. Everything here concerns the person at the keyboard alone.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use serde::Deserialize;

use super::super::deputy;
use super::super::login::Client;
use super::super::manage::ChangeError;
use super::super::store::{self, Account};
use super::super::{password, session, token};
use super::entering::{password_errors, set_session};
use super::view::{Seat, SessionLine};
use crate::access::Session;
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::web::{
    App, Form, FormErrors, Problem, Shell, SignedIn, hash_token, page, redirect_with, refuse,
};

/// One's own account.
pub(super) const MINE: &str = "/workspace/account";

#[derive(Template)]
#[template(path = "account/me.html")]
pub(super) struct MyPage {
    shell: Shell,
    account: Account,
    roles: Vec<Seat>,
    deputies: Vec<Seat>,
    /// Roles for which a deputy can be named, and the colleagues who could be one: (value, title).
    own: Vec<(String, String)>,
    candidates: Vec<(String, String)>,
    sessions: Vec<SessionLine>,
    second_factor: bool,
    administrator: bool,
    today: Date,
    password_errors: FormErrors,
    pub(super) deputy_errors: FormErrors,
    mail_errors: FormErrors,
    /// The site sends mail at all.
    mails: bool,
    /// The address as it was typed and refused, else the one that is set.
    mail_typed: String,
}

pub(super) async fn mine(app: &App, shell: Shell, person: &Session) -> Result<MyPage, Problem> {
    let today = app.today();
    let (account, roles, deputies, candidates, living) = app
        .db
        .read(async |tx: &mut Tx| {
            let account = store::load(tx, person.account).await?;
            let roles = store::roles_of(tx, [person.account], today).await?;
            let deputies = store::deputies_of(tx, person.account, today).await?;
            let candidates = deputy::candidates(tx, person, today).await?;
            let living = session::living(tx, person.account).await?;
            Ok::<_, StoreError>((account, roles, deputies, candidates, living))
        })
        .await?;
    let own = deputy::own(person)
        .map(|held| {
            let value = format!("{}:{}", held.role.code(), held.organ);
            (
                value,
                format!("{}（{}）", held.role.name(), held.organ_name),
            )
        })
        .collect();
    let mut names: Vec<(String, String)> = candidates
        .into_iter()
        .map(|found| {
            (
                found.account.to_string(),
                format!("{}（{}）", found.name, found.organ_name),
            )
        })
        .collect();
    names.dedup_by(|one, other| one.0 == other.0);
    let account = account.ok_or_else(Problem::not_found)?;
    Ok(MyPage {
        shell,
        mail_typed: account.mail_address.clone().unwrap_or_default(),
        mail_errors: FormErrors::default(),
        mails: app.carriers.iter().any(|carrier| carrier.wants_address()),
        account,
        administrator: roles.iter().any(|row| row.role.is_administrator()),
        roles: roles.into_iter().map(Seat::from).collect(),
        deputies: deputies.into_iter().map(Seat::from).collect(),
        own,
        candidates: names,
        sessions: living
            .into_iter()
            .map(|living| SessionLine::of(living, &person.id_hash))
            .collect(),
        second_factor: person.second_factor,
        today,
        password_errors: FormErrors::default(),
        deputy_errors: FormErrors::default(),
    })
}

/// `GET /workspace/account`
pub(super) async fn page_of_mine(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
) -> Result<Response, Problem> {
    page(&mine(&app, shell, &person).await?)
}

#[derive(Deserialize)]
pub(super) struct MailForm {
    #[serde(default)]
    address: String,
}

/// `POST /workspace/account/mail`: where the digest of the inbox goes; an empty field ends it.
pub(super) async fn set_mail(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
    Form(form): Form<MailForm>,
) -> Result<Response, Problem> {
    let address = match parse_address(&form.address) {
        Ok(address) => address,
        Err(sentence) => {
            let mut view = mine(&app, shell, &person).await?;
            view.mail_errors.add("address", sentence);
            view.mail_typed = form.address;
            return refuse(&view);
        }
    };
    app.db
        .write(async |tx: &mut Tx| {
            store::set_mail_address(tx, person.account, address.as_deref()).await?;
            let what = if address.is_some() {
                "设置"
            } else {
                "清空"
            };
            // The address itself is nobody else's business.
            let sentence = format!("{what}摘要邮箱");
            tx.record(event(&person, "account.mail_set", &sentence));
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(redirect_with(MINE, "摘要邮箱已保存。"))
}

/// A mail address, as far as it can be told without sending to it; nothing for an empty field.
fn parse_address(text: &str) -> Result<Option<String>, String> {
    const CHARS_MAX: usize = 254;
    let address = text.trim();
    if address.is_empty() {
        return Ok(None);
    }
    let fits = |c: char| {
        c.is_ascii_graphic() && !matches!(c, ',' | ';' | '<' | '>' | '"' | '\\' | '(' | ')')
    };
    let parts = address.split_once('@');
    let whole = parts.is_some_and(|(name, domain)| {
        !name.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    if whole && address.chars().all(fits) && address.len() <= CHARS_MAX {
        Ok(Some(address.to_owned()))
    } else {
        Err(format!(
            "“{address}”不是邮箱地址，请按 name@example.gov.cn 的样子填写。"
        ))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordForm {
    #[serde(default)]
    current: String,
    password: String,
    again: String,
    #[serde(default, rename = "username")]
    _username: String,
}

/// `POST /workspace/account/password`: all sessions end, and this one goes on under a fresh secret.
pub(super) async fn change_password(
    State(app): State<App>,
    shell: Shell,
    SignedIn(person): SignedIn,
    client: Client,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let account = own_account(&app, &person).await?;
    let mut errors = password_errors(&form.password, &form.again, &account.login);
    if !proved(&app, &person, &account, &form.current, &client).await? {
        errors.add("current", "现在的密码不正确。");
    }
    if !errors.is_empty() {
        let mut again = mine(&app, shell, &person).await?;
        again.password_errors = errors;
        return refuse(&again);
    }
    let hash = password::hash(form.password).await?;
    let fresh = token::fresh()?;
    let address = client.address.0.to_string();
    app.db
        .write(async |tx: &mut Tx| {
            store::set_password(tx, account.id, &hash).await?;
            session::end_all(tx, account.id).await?;
            session::begin(tx, account.id, &hash_token(&fresh), &address, &client.agent).await?;
            tx.record(event(
                &person,
                "account.password_changed",
                "修改密码，其他会话结束",
            ));
            Ok::<_, StoreError>(())
        })
        .await?;
    let mut response = redirect_with(MINE, "密码已修改，其他设备上的登录已结束。");
    set_session(&app, &mut response, &fresh)?;
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndForm {
    /// One session; empty for all but this one.
    #[serde(default)]
    session: String,
}

/// `POST /workspace/account/sessions/end`
pub(super) async fn end_session(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Form(form): Form<EndForm>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| {
            if form.session.is_empty() {
                session::end_others(tx, person.account, &person.id_hash).await?;
            } else if !session::end_of(tx, person.account, &form.session).await? {
                return Err(ChangeError::refused("这个会话已经结束。"));
            }
            tx.record(event(
                &person,
                "account.sessions_ended",
                "结束自己的登录会话",
            ));
            Ok(())
        })
        .await?;
    Ok(redirect_with(MINE, "所选登录已结束。"))
}

pub(super) async fn own_account(app: &App, person: &Session) -> Result<Account, Problem> {
    app.db
        .read(async |tx: &mut Tx| store::load(tx, person.account).await)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Does the person know the current password? Who has none yet, having come by a one-time link, need not.
pub(super) async fn proved(
    app: &App,
    person: &Session,
    account: &Account,
    typed: &str,
    client: &Client,
) -> Result<bool, Problem> {
    let Some(kept) = account.password_hash.clone() else {
        return Ok(true);
    };
    let now = app.db.now();
    if !app.gate().admits(client.address.0, now) || account.is_locked(now.as_millisecond()) {
        return Err(Problem::new(Problem::TOO_MANY));
    }
    if password::verify(typed.to_owned(), Some(kept)).await? {
        return Ok(true);
    }
    app.gate().failed(client.address.0, now);
    app.db
        .write(async |tx: &mut Tx| {
            store::count_failure(tx, account.id).await?;
            tx.record(event(
                person,
                "account.password_wrong",
                "办理账号事项时输错密码",
            ));
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(false)
}

pub(super) fn event(person: &Session, kind: &'static str, sentence: &str) -> Event {
    let subject = ("account", person.account.to_string());
    Event::new(&deputy::actor(person), kind, subject, sentence)
}

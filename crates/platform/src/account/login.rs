//! Signing in: the same answer and the same work whatever was wrong.

use gongkai_basis::Actor;
use gongkai_basis::id::AccountId;
use serde_json::json;

use super::link::{self, Purpose, SECOND_VALID};
use super::store::{self, Account};
use super::{password, second_factor, session, token};
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::web::{App, ClientAddress, Problem, hash_token};

/// Living sessions of one account; the one seen longest ago ends first.
const SESSIONS_MAX: i64 = 10;

/// Where a request to sign in comes from.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) address: ClientAddress,
    /// The browser's own words, cut to a sane length.
    pub(super) agent: String,
    /// The session that the browser held before; it ends, so that nobody can plant one.
    pub(super) before: Option<String>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The secret for the session cookie.
    Entered(String),
    /// The password was right; the ticket waits for the second factor.
    WantsCode(String),
    Refused,
}

/// A login and a password.
///
/// # Errors
/// Too many attempts from this address; the store fails.
pub(super) async fn with_password(
    app: &App,
    login: &str,
    typed: String,
    client: &Client,
) -> Result<Outcome, Problem> {
    admit(app, client)?;
    let account = app
        .db
        .read(async |tx: &mut Tx| store::by_login(tx, login).await)
        .await?;
    let now = app.db.now().as_millisecond();
    let usable = account
        .as_ref()
        .filter(|account| account.disabled_at.is_none() && !account.is_locked(now));
    let kept = usable.and_then(|account| account.password_hash.clone());
    // Without a usable account the same work is done on nobody's password.
    let right = password::verify(typed, kept).await?;
    let Some(account) = account.as_ref().filter(|_| right) else {
        return refuse(app, account.as_ref(), client).await;
    };
    if account.totp_secret.is_some() {
        let ticket = app
            .db
            .upkeep(async |tx: &mut Tx| {
                link::issue_link(tx, account.id, Purpose::Second, SECOND_VALID).await
            })
            .await?;
        return Ok(Outcome::WantsCode(ticket));
    }
    enter(app, account.id, client, "密码").await
}

/// The code that follows the password.
///
/// # Errors
/// Too many attempts from this address; the store fails.
pub(super) async fn with_code(
    app: &App,
    ticket: &str,
    code: &str,
    client: &Client,
) -> Result<Outcome, Problem> {
    let purposes = [Purpose::Second];
    after_link(app, ticket, &purposes, code, client, "密码和验证码").await
}

/// A one-time link to enter by a click; an account with a second factor must still show it.
///
/// # Errors
/// Too many attempts from this address; the store fails.
pub(super) async fn with_link(
    app: &App,
    token: &str,
    code: &str,
    client: &Client,
) -> Result<Outcome, Problem> {
    after_link(app, token, &[Purpose::Enter], code, client, "一次性链接").await
}

async fn after_link(
    app: &App,
    token: &str,
    purposes: &[Purpose],
    code: &str,
    client: &Client,
    how: &'static str,
) -> Result<Outcome, Problem> {
    admit(app, client)?;
    let account = app
        .db
        .read(async |tx: &mut Tx| {
            Ok::<_, StoreError>(match link::look(tx, token, purposes).await? {
                Some(id) => store::load(tx, id).await?,
                None => None,
            })
        })
        .await?;
    let Some(account) = account else {
        app.gate().failed(client.address.0, app.db.now());
        return Ok(Outcome::Refused);
    };
    let now = app.db.now();
    let step = match &account.totp_secret {
        None => None,
        Some(secret) if !account.is_locked(now.as_millisecond()) => {
            match second_factor::step_of(secret, code, now) {
                Some(step) => Some(step),
                None => return refuse(app, Some(&account), client).await,
            }
        }
        Some(_) => return refuse(app, Some(&account), client).await,
    };
    let entered = app
        .db
        .write(async |tx: &mut Tx| {
            let fresh = match step {
                Some(step) => store::use_step(tx, account.id, step).await?,
                None => true,
            };
            if !fresh || link::take(tx, token, purposes).await?.is_none() {
                return Err(EnterError::Refused);
            }
            sign_in(tx, account.id, client, how).await
        })
        .await;
    settle(app, entered, Some(&account), client).await
}

async fn enter(
    app: &App,
    account: AccountId,
    client: &Client,
    how: &'static str,
) -> Result<Outcome, Problem> {
    let entered = app
        .db
        .write(async |tx: &mut Tx| sign_in(tx, account, client, how).await)
        .await;
    settle(app, entered, None, client).await
}

async fn settle(
    app: &App,
    entered: Result<String, EnterError>,
    account: Option<&Account>,
    client: &Client,
) -> Result<Outcome, Problem> {
    match entered {
        Ok(token) => Ok(Outcome::Entered(token)),
        Err(EnterError::Refused) => refuse(app, account, client).await,
        Err(EnterError::Store(error)) => Err(error.into()),
    }
}

enum EnterError {
    /// Somebody was faster: the account was locked or disabled, the code or the link used.
    Refused,
    Store(StoreError),
}

impl From<StoreError> for EnterError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Begins a session under a fresh secret and gives it.
async fn sign_in(
    tx: &mut Tx,
    id: AccountId,
    client: &Client,
    how: &'static str,
) -> Result<String, EnterError> {
    let now = tx.now().as_millisecond();
    let account = store::load(tx, id)
        .await?
        .filter(|account| account.disabled_at.is_none() && !account.is_locked(now))
        .ok_or(EnterError::Refused)?;
    if let Some(before) = &client.before {
        session::end(tx, &hash_token(before)).await?;
    }
    let token = token::fresh()?;
    let address = client.address.0.to_string();
    session::trim(tx, id, SESSIONS_MAX - 1).await?;
    session::begin(tx, id, &hash_token(&token), &address, &client.agent).await?;
    store::unlock(tx, id).await?;
    let actor = Actor::Person {
        account: id,
        name: account.name,
    };
    tx.record(
        Event::new(
            &actor,
            "account.signed_in",
            ("account", id.to_string()),
            format!("登录（{how}）"),
        )
        .data(json!({ "address": address })),
    );
    Ok(token)
}

fn admit(app: &App, client: &Client) -> Result<(), Problem> {
    if app.gate().admits(client.address.0, app.db.now()) {
        Ok(())
    } else {
        Err(Problem::new(Problem::TOO_MANY)
            .detail("这个网络地址登录失败次数过多，请 15 分钟后再试。"))
    }
}

/// Notes a failed attempt, with one write whether the account exists or not.
async fn refuse(app: &App, account: Option<&Account>, client: &Client) -> Result<Outcome, Problem> {
    app.gate().failed(client.address.0, app.db.now());
    let address = client.address.0.to_string();
    app.db
        .write(async |tx: &mut Tx| {
            let (subject, sentence) = match account {
                // What was typed is not kept: people type passwords into the wrong field.
                None => (String::from("-"), "登录失败：登录名不存在".to_owned()),
                Some(account) => {
                    let locked = store::count_failure(tx, account.id).await?;
                    let what = if locked {
                        "登录失败，账号锁定 15 分钟"
                    } else {
                        "登录失败"
                    };
                    (account.id.to_string(), format!("{}：{what}", account.name))
                }
            };
            tx.record(
                Event::new(
                    &Actor::System,
                    "account.sign_in_failed",
                    ("account", subject),
                    sentence,
                )
                .data(json!({ "address": address })),
            );
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(Outcome::Refused)
}

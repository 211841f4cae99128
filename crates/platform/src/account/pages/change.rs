//! What the security administrator's buttons do to one account.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::AccountId;
use gongkai_basis::{Date, Role};
use serde::Deserialize;

use super::super::acts::{
    ChangeRoles, CreateAccount, DisableAccount, EndSessions, HandOverWork, ResetAccount,
};
use super::super::handover::{self, Load};
use super::super::manage::{self, ChangeError, Details};
use super::super::store::{self, Account};
use super::admin::{detail_page, granting_page};
use super::organ;
use super::people::link_page;
use super::view::{Seat, parse_seat};
use crate::access::Permit;
use crate::db::{StoreError, Tx};
use crate::web::{App, Form, FormErrors, Problem, Shell, page, redirect_with, refuse};

fn desk(id: AccountId) -> String {
    format!("/workspace/admin/accounts/{id}")
}

/// Shows the account again with what was wrong, or fails for good.
async fn again(
    app: &App,
    shell: Shell,
    id: AccountId,
    field: &str,
    error: ChangeError,
) -> Result<Response, Problem> {
    let ChangeError::Refused(reasons) = error else {
        return Err(error.into());
    };
    let mut errors = FormErrors::default();
    errors.add(field, reasons.join("；"));
    refuse(&detail_page(app, shell, id, errors).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DetailsForm {
    name: String,
    #[serde(default)]
    contact: String,
    version: i64,
}

/// `POST …/details`
pub(super) async fn details(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CreateAccount>,
    Path(id): Path<AccountId>,
    Form(form): Form<DetailsForm>,
) -> Result<Response, Problem> {
    let details = match Details::parse(&form.name, &form.contact) {
        Ok(details) => details,
        Err(errors) => return refuse(&detail_page(&app, shell, id, errors).await?),
    };
    app.db
        .write(async |tx: &mut Tx| manage::rename(tx, &permit, id, &details, form.version).await)
        .await?;
    Ok(redirect_with(&desk(id), "姓名和联系方式已保存。"))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantForm {
    pub(super) role: String,
    pub(super) organ: String,
    /// The login of the person stood in for, with `until`.
    #[serde(default)]
    pub(super) deputy_for: String,
    #[serde(default)]
    pub(super) until: String,
}

/// `POST …/roles`
pub(super) async fn grant(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ChangeRoles>,
    Path(id): Path<AccountId>,
    Form(form): Form<GrantForm>,
) -> Result<Response, Problem> {
    let today = app.today();
    let granted = app
        .db
        .write(async |tx: &mut Tx| {
            let organ = organ::named(tx, &form.organ).await?;
            let organ = organ.map_err(ChangeError::refused)?;
            let seat = Role::from_code(&form.role).zip(organ);
            let seat = seat.ok_or_else(|| ChangeError::refused("请选择角色和机关"))?;
            let stand_in = match (form.deputy_for.trim(), form.until.parse::<Date>()) {
                ("", Err(_)) => None,
                ("", Ok(_)) => {
                    return Err(ChangeError::refused(
                        "填了代理截止日期，还要填代理谁；正式担任请把日期留空",
                    ));
                }
                (_, Err(_)) => return Err(ChangeError::refused("代理须填截止日期")),
                (login, Ok(until)) => {
                    let person = store::by_login(tx, login).await?.ok_or_else(|| {
                        ChangeError::refused(format!("没有登录名为“{login}”的账号"))
                    })?;
                    Some((person.id, until))
                }
            };
            manage::grant_role(tx, &permit, id, seat, stand_in, today).await
        })
        .await;
    match granted {
        Ok(()) => Ok(redirect_with(&desk(id), "角色已授予，本人需要重新登录。")),
        Err(ChangeError::Refused(reasons)) => {
            let mut errors = FormErrors::default();
            errors.add("role", reasons.join("；"));
            refuse(&granting_page(&app, shell, id, (form, errors)).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeatForm {
    seat: String,
}

/// `POST …/roles/end`
pub(super) async fn revoke(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ChangeRoles>,
    Path(id): Path<AccountId>,
    Form(form): Form<SeatForm>,
) -> Result<Response, Problem> {
    let seat = parse_seat(&form.seat).ok_or_else(|| Problem::new(Problem::BAD_REQUEST))?;
    let revoked = app
        .db
        .write(async |tx: &mut Tx| manage::revoke_role(tx, &permit, id, seat).await)
        .await;
    match revoked {
        Ok(()) => Ok(redirect_with(&desk(id), "角色已取消，本人需要重新登录。")),
        Err(error) => again(&app, shell, id, "role", error).await,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoFields {}

/// `POST …/password`: a link to set a new password, shown once.
pub(super) async fn reset_password(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ResetAccount>,
    Path(id): Path<AccountId>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    let reset = app
        .db
        .write(async |tx: &mut Tx| {
            let token = manage::reset_password(tx, &permit, id).await?;
            let account = manage::existing(tx, id).await?;
            Ok::<_, ChangeError>((token, account))
        })
        .await;
    match reset {
        Ok((token, account)) => {
            link_page(&app, shell, (id, account.name, account.login), &token, true)
        }
        Err(error) => again(&app, shell, id, "reset", error).await,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonForm {
    reason: String,
}

/// `POST …/second-factor`
pub(super) async fn reset_second_factor(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ResetAccount>,
    Path(id): Path<AccountId>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let done = with_reason(&form.reason, async |why| {
        app.db
            .write(async |tx: &mut Tx| manage::reset_second_factor(tx, &permit, id, why).await)
            .await
    })
    .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &desk(id),
            "登录验证码已关闭，请提醒本人重新启用。",
        )),
        Err(error) => again(&app, shell, id, "second-reason", error).await,
    }
}

/// `POST …/unlock`
pub(super) async fn unlock(
    State(app): State<App>,
    permit: Permit<ResetAccount>,
    Path(id): Path<AccountId>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| manage::unlock(tx, &permit, id).await)
        .await?;
    Ok(redirect_with(&desk(id), "锁定已解除，可以重新登录。"))
}

/// `POST …/disable`
pub(super) async fn disable(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DisableAccount>,
    Path(id): Path<AccountId>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let done = with_reason(&form.reason, async |why| {
        app.db
            .write(async |tx: &mut Tx| manage::disable(tx, &permit, id, why).await)
            .await
    })
    .await;
    match done {
        Ok(()) => Ok(redirect_with(
            &desk(id),
            "账号已停用，登录会话和代理已结束。",
        )),
        Err(error) => again(&app, shell, id, "state-reason", error).await,
    }
}

/// `POST …/enable`
pub(super) async fn enable(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<DisableAccount>,
    Path(id): Path<AccountId>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    let done = with_reason(&form.reason, async |why| {
        app.db
            .write(async |tx: &mut Tx| manage::enable(tx, &permit, id, why).await)
            .await
    })
    .await;
    match done {
        Ok(()) => Ok(redirect_with(&desk(id), "账号已启用。")),
        Err(error) => again(&app, shell, id, "state-reason", error).await,
    }
}

async fn with_reason(
    text: &str,
    act: impl AsyncFnOnce(&str) -> Result<(), ChangeError>,
) -> Result<(), ChangeError> {
    let why = manage::parse_reason(text).map_err(ChangeError::refused)?;
    act(&why).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionForm {
    /// One session; empty for all.
    #[serde(default)]
    session: String,
}

/// `POST …/sessions/end`
pub(super) async fn end_sessions(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<EndSessions>,
    Path(id): Path<AccountId>,
    Form(form): Form<SessionForm>,
) -> Result<Response, Problem> {
    let one = Some(form.session.as_str()).filter(|one| !one.is_empty());
    let ended = app
        .db
        .write(async |tx: &mut Tx| manage::end_sessions(tx, &permit, id, one).await)
        .await;
    match ended {
        Ok(()) => Ok(redirect_with(&desk(id), "所选登录会话已结束。")),
        Err(error) => again(&app, shell, id, "sessions", error).await,
    }
}

#[derive(Template)]
#[template(path = "account/hand_over.html")]
struct HandOverPage {
    shell: Shell,
    errors: FormErrors,
    id: String,
    account: Account,
    roles: Vec<Seat>,
    loads: Vec<Load>,
    successor: String,
    reason: String,
}

async fn hand_over_form(
    app: &App,
    shell: Shell,
    id: AccountId,
    (successor, reason): (String, String),
    errors: FormErrors,
) -> Result<HandOverPage, Problem> {
    let today = app.today();
    let (account, roles, loads) = app
        .db
        .read(async |tx: &mut Tx| {
            let account = store::load(tx, id).await?;
            let roles = store::roles_of(tx, [id], today).await?;
            let loads = handover::loads(tx, &app.handled_work, id).await?;
            Ok::<_, StoreError>((account, roles, loads))
        })
        .await?;
    Ok(HandOverPage {
        shell,
        errors,
        id: id.to_string(),
        account: account.ok_or_else(Problem::not_found)?,
        roles: roles
            .into_iter()
            .filter(|row| row.deputy_for.is_none())
            .map(Seat::from)
            .collect(),
        loads,
        successor,
        reason,
    })
}

/// `GET …/hand-over`
pub(super) async fn hand_over_page(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<HandOverWork>,
    Path(id): Path<AccountId>,
) -> Result<Response, Problem> {
    let nothing = (String::new(), String::new());
    page(&hand_over_form(&app, shell, id, nothing, FormErrors::default()).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HandOverForm {
    /// The successor's login.
    successor: String,
    reason: String,
}

/// `POST …/hand-over`
pub(super) async fn hand_over(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<HandOverWork>,
    Path(id): Path<AccountId>,
    Form(form): Form<HandOverForm>,
) -> Result<Response, Problem> {
    let today = app.today();
    let mut errors = FormErrors::default();
    match manage::parse_reason(&form.reason) {
        Err(reason) => errors.add("reason", reason),
        Ok(why) => {
            let moved = app
                .db
                .write(async |tx: &mut Tx| {
                    let successor =
                        store::by_login(tx, &form.successor).await?.ok_or_else(|| {
                            ChangeError::refused("没有这个登录名的账号，请核对接手人的登录名")
                        })?;
                    let pair = (id, successor.id);
                    handover::run(tx, &permit, &app.handled_work, pair, &why, today).await
                })
                .await;
            match moved {
                Ok(loads) => {
                    let work: String = loads
                        .iter()
                        .map(|load| format!("，{} {} 项", load.name, load.count))
                        .collect();
                    return Ok(redirect_with(
                        &desk(id),
                        &format!("角色{work}已移交，账号已停用。"),
                    ));
                }
                Err(ChangeError::Refused(reasons)) => errors.add("successor", reasons.join("；")),
                Err(error) => return Err(error.into()),
            }
        }
    }
    let typed = (form.successor, form.reason);
    refuse(&hand_over_form(&app, shell, id, typed, errors).await?)
}

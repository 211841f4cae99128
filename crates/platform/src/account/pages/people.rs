//! The security administrator's list of accounts, and a new one.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::id::AccountId;
use gongkai_basis::{Date, Role};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::acts::{CreateAccount, ReadAccounts};
use super::super::link::INVITE_VALID;
use super::super::manage::{self, ChangeError, Details};
use super::super::store::{self, Filter};
use super::super::{acts, link::Purpose};
use super::organ;
use super::view::role_choices;
use crate::access::{Act as _, Permit};
use crate::db::{StoreError, Tx};
use crate::web::{App, Form, FormErrors, Paging, Problem, Query, Shell, moment, page, refuse};

#[derive(Deserialize)]
pub(super) struct ListQuery {
    #[serde(default)]
    text: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    state: String,
    page: Option<i64>,
}

struct Line {
    id: String,
    name: String,
    login: String,
    contact: String,
    roles: Vec<String>,
    state: (&'static str, &'static str),
    second_factor: bool,
}

#[derive(Template)]
#[template(path = "account/list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    roles: Vec<(&'static str, &'static str)>,
    states: [(&'static str, &'static str); 4],
    lines: Vec<Line>,
    paging: Paging,
    address: String,
    may_create: bool,
}

const STATES: [(&str, &str); 4] = [
    ("active", "正常"),
    ("new", "未设密码"),
    ("locked", "暂时锁定"),
    ("disabled", "已停用"),
];

/// `GET /workspace/admin/accounts`: three queries, whatever the number of rows.
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ReadAccounts>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let filter = Filter {
        text: query.text.trim().to_owned(),
        role: query.role,
        state: query.state,
    };
    let today = app.today();
    let mut paging = Paging::wanted(query.page);
    let (accounts, roles) = app
        .db
        .read(async |tx: &mut Tx| {
            let accounts = loop {
                let (from, rows) = (paging.offset(), paging.rows());
                let (accounts, total) = store::search(tx, &filter, today, from, rows).await?;
                if paging.holds(total) {
                    break accounts;
                }
            };
            let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
            let roles = store::roles_of(tx, ids, today).await?;
            Ok::<_, StoreError>((accounts, roles))
        })
        .await?;
    let now = app.db.now().as_millisecond();
    let lines = accounts
        .into_iter()
        .map(|account| Line {
            state: account.state(now),
            roles: roles
                .iter()
                .filter(|row| row.account == account.id)
                .map(|row| {
                    let deputy = if row.deputy_for.is_some() {
                        "，代理"
                    } else {
                        ""
                    };
                    format!("{}（{}{deputy}）", row.role.name(), row.organ_name)
                })
                .collect(),
            id: account.id.to_string(),
            second_factor: account.totp_secret.is_some(),
            contact: account.contact.unwrap_or_default(),
            name: account.name,
            login: account.login,
        })
        .collect();
    let text = utf8_percent_encode(&filter.text, NON_ALPHANUMERIC);
    let (role, state) = (
        utf8_percent_encode(&filter.role, NON_ALPHANUMERIC),
        utf8_percent_encode(&filter.state, NON_ALPHANUMERIC),
    );
    let address = format!("/workspace/admin/accounts?text={text}&role={role}&state={state}&page=");
    let may_create = shell.may(&acts::CreateAccount::ROW);
    page(&ListPage {
        shell,
        filter,
        roles: role_choices(),
        states: STATES,
        lines,
        paging,
        address,
        may_create,
    })
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct NewForm {
    login: String,
    name: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    organ: String,
}

#[derive(Template)]
#[template(path = "account/new.html")]
struct NewPage {
    shell: Shell,
    errors: FormErrors,
    form: NewForm,
    roles: Vec<(String, String)>,
    organs: organ::Offer,
}

async fn new_form(
    app: &App,
    shell: Shell,
    form: NewForm,
    errors: FormErrors,
) -> Result<NewPage, Problem> {
    let organs = app
        .db
        .read(async |tx: &mut Tx| organ::choices(tx, &form.organ).await)
        .await?;
    let mut roles = vec![(String::new(), "先不授予角色".to_owned())];
    roles.extend(
        role_choices()
            .into_iter()
            .map(|(code, name)| (code.to_owned(), name.to_owned())),
    );
    Ok(NewPage {
        shell,
        errors,
        form,
        roles,
        organs,
    })
}

/// `GET /workspace/admin/accounts/new`
pub(super) async fn new_page(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<CreateAccount>,
) -> Result<Response, Problem> {
    page(&new_form(&app, shell, NewForm::default(), FormErrors::default()).await?)
}

/// A link that was just made, shown this once.
#[derive(Template)]
#[template(path = "account/link.html")]
pub(super) struct LinkPage {
    pub(super) shell: Shell,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) login: String,
    pub(super) link: String,
    pub(super) until: String,
    pub(super) reset: bool,
}

/// Shows an invitation. The host comes from the configuration, never from the request.
pub(super) fn link_page(
    app: &App,
    shell: Shell,
    account: (AccountId, String, String),
    token: &str,
    reset: bool,
) -> Result<Response, Problem> {
    let ends = app
        .db
        .now()
        .saturating_add(INVITE_VALID)
        .map_or(0, |ends| ends.as_millisecond());
    page(&LinkPage {
        shell,
        id: account.0.to_string(),
        name: account.1,
        login: account.2,
        link: format!("{}{}", app.site.url, Purpose::Invite.path(token)),
        until: moment(ends),
        reset,
    })
}

/// `POST /workspace/admin/accounts/new`
pub(super) async fn create(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CreateAccount>,
    Form(form): Form<NewForm>,
) -> Result<Response, Problem> {
    let today: Date = app.today();
    let mut errors = FormErrors::default();
    let login = match manage::parse_login(&form.login) {
        Ok(login) => login,
        Err(reason) => {
            errors.add("login", reason);
            String::new()
        }
    };
    let details = Details::parse(&form.name, &form.contact);
    if let Err(wrong) = &details {
        wrong
            .iter()
            .for_each(|(field, message)| errors.add(field, message));
    }
    let organ = app
        .db
        .read(async |tx: &mut Tx| organ::named(tx, &form.organ).await)
        .await?;
    let role = match (form.role.as_str(), organ) {
        (_, Err(reason)) => {
            errors.add("organ", reason);
            None
        }
        ("", Ok(None)) => None,
        ("", Ok(Some(_))) => {
            errors.add("role", "选择了机关，还要选择角色。");
            None
        }
        (role, Ok(organ)) => Role::from_code(role).zip(organ).or_else(|| {
            errors.add("organ", "请选择在哪个机关担任这一角色。");
            None
        }),
    };
    if let (true, Ok(details)) = (errors.is_empty(), &details) {
        let id = AccountId::new(uuid::Uuid::now_v7());
        let created = app
            .db
            .write(async |tx: &mut Tx| {
                manage::create(tx, &permit, id, &login, details, role, today).await
            })
            .await;
        match created {
            Ok(token) => {
                let account = (id, details.name.clone(), login);
                return link_page(&app, shell, account, &token, false);
            }
            Err(ChangeError::Refused(reasons)) => errors.add("login", reasons.join("；")),
            // Two administrators at once: the second sees the same sentence as if it had been later.
            Err(ChangeError::Store(error)) if error.is_duplicate() => {
                errors.add("login", format!("登录名“{login}”已有人使用"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    refuse(&new_form(&app, shell, form, errors).await?)
}

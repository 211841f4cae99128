//! One account at the security administrator's desk.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::AccountId;

use super::super::acts::ReadAccounts;
use super::super::handover::{self, Load};
use super::super::session;
use super::super::store::{self, Account};
use super::change::GrantForm;
use super::organ;
use super::view::{Seat, SessionLine, role_choices};
use crate::access::Permit;
use crate::audit;
use crate::db::{StoreError, Tx};
use crate::web::{App, FormErrors, Problem, Shell, moment, page};

/// Events of the account that its page shows.
const EVENTS_MAX: i64 = 30;

pub(super) struct EventLine {
    pub(super) at: String,
    pub(super) who: String,
    pub(super) sentence: String,
}

#[derive(Template)]
#[template(path = "account/detail.html")]
pub(super) struct DetailPage {
    shell: Shell,
    account: Account,
    id: String,
    state: (&'static str, &'static str),
    locked: bool,
    locked_until: String,
    disabled_at: String,
    created_at: String,
    roles: Vec<Seat>,
    deputies: Vec<Seat>,
    sessions: Vec<SessionLine>,
    /// What would lie if nobody took it over.
    loads: Vec<Load>,
    events: Vec<EventLine>,
    role_choices: Vec<(&'static str, &'static str)>,
    organs: organ::Offer,
    grant: GrantForm,
    oneself: bool,
    today: Date,
    errors: FormErrors,
}

/// The account's page: seven queries, and one for each kind of work that hangs on a person.
pub(super) async fn detail_page(
    app: &App,
    shell: Shell,
    id: AccountId,
    errors: FormErrors,
) -> Result<DetailPage, Problem> {
    granting_page(app, shell, id, (GrantForm::default(), errors)).await
}

/// The account's page with a role that was to be granted.
pub(super) async fn granting_page(
    app: &App,
    shell: Shell,
    id: AccountId,
    (grant, errors): (GrantForm, FormErrors),
) -> Result<DetailPage, Problem> {
    let today = app.today();
    let (account, roles, deputies, living, events, organs, loads) = app
        .db
        .read(async |tx: &mut Tx| {
            let account = store::load(tx, id).await?;
            let roles = store::roles_of(tx, [id], today).await?;
            let deputies = store::deputies_of(tx, id, today).await?;
            let living = session::living(tx, id).await?;
            let events = audit::about(tx, "account", &id.to_string(), EVENTS_MAX).await?;
            let organs = organ::choices(tx, &grant.organ).await?;
            let loads = handover::loads(tx, &app.handled_work, id).await?;
            Ok::<_, StoreError>((account, roles, deputies, living, events, organs, loads))
        })
        .await?;
    let account = account.ok_or_else(Problem::not_found)?;
    let now = app.db.now().as_millisecond();
    let (me, my_session) = shell
        .person
        .as_ref()
        .map_or((None, String::new()), |person| {
            (Some(person.account), person.id_hash.clone())
        });
    Ok(DetailPage {
        shell,
        id: id.to_string(),
        state: account.state(now),
        locked: account.is_locked(now),
        locked_until: account.locked_until.map(moment).unwrap_or_default(),
        disabled_at: account.disabled_at.map(moment).unwrap_or_default(),
        created_at: moment(account.created_at),
        account,
        roles: roles.into_iter().map(Seat::from).collect(),
        deputies: deputies.into_iter().map(Seat::from).collect(),
        sessions: living
            .into_iter()
            .map(|living| SessionLine::of(living, &my_session))
            .collect(),
        loads: loads.into_iter().filter(|load| load.count > 0).collect(),
        events: events
            .into_iter()
            .map(|event| EventLine {
                at: moment(event.at),
                who: event.actor_name,
                sentence: event.sentence,
            })
            .collect(),
        role_choices: role_choices(),
        organs,
        grant,
        oneself: me == Some(id),
        today,
        errors,
    })
}

/// `GET /workspace/admin/accounts/{id}`
pub(super) async fn detail(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ReadAccounts>,
    Path(id): Path<AccountId>,
) -> Result<Response, Problem> {
    page(&detail_page(&app, shell, id, FormErrors::default()).await?)
}

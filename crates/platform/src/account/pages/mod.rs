//! The pages of accounts: entering, one's own account, the security administrator's desk.

mod admin;
mod change;
mod deputy;
mod entering;
mod me;
mod organ;
mod people;
mod second_factor;
mod view;

use axum::http::Method;

use super::acts::{
    ChangeRoles, CreateAccount, DisableAccount, EndSessions, HandOverWork, ReadAccounts,
    ResetAccount,
};
use crate::access::Act as _;
use crate::web::{NavItem, Route};

/// The routes of this capability.
#[must_use]
pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let mut routes = vec![
        Route::public(get.clone(), "/login", entering::login_page),
        Route::public(post.clone(), "/login", entering::login),
        Route::public(post.clone(), "/login/code", entering::code),
        Route::public(post.clone(), "/logout", entering::logout),
        Route::public(get.clone(), "/enter/{token}", entering::enter_page),
        Route::public(post.clone(), "/enter/{token}", entering::enter),
        Route::public(get.clone(), "/invite/{token}", entering::invite_page),
        Route::public(post.clone(), "/invite/{token}", entering::invite),
        Route::public(get.clone(), "/mode/{mode}", entering::mode),
        Route::signed_in(get.clone(), "/workspace/account", me::page_of_mine),
        Route::signed_in(post.clone(), "/workspace/account/mail", me::set_mail),
        Route::signed_in(
            post.clone(),
            "/workspace/account/password",
            me::change_password,
        ),
        Route::signed_in(
            get.clone(),
            "/workspace/account/second-factor",
            second_factor::ask,
        ),
        Route::signed_in(
            post.clone(),
            "/workspace/account/second-factor",
            second_factor::on,
        ),
        Route::signed_in(
            post.clone(),
            "/workspace/account/second-factor/off",
            second_factor::off,
        ),
        Route::signed_in(
            post.clone(),
            "/workspace/account/sessions/end",
            me::end_session,
        ),
        Route::signed_in(post.clone(), "/workspace/account/deputies", deputy::name),
        Route::signed_in(post.clone(), "/workspace/account/deputies/end", deputy::end),
    ];
    routes.extend(admin_routes(&get, &post));
    routes.extend(ending_routes(&get, &post));
    routes
}

/// Accounts and their roles.
fn admin_routes(get: &Method, post: &Method) -> Vec<Route> {
    vec![
        Route::act::<ReadAccounts, _, _>(get.clone(), "/workspace/admin/accounts", people::list),
        Route::act::<CreateAccount, _, _>(
            get.clone(),
            "/workspace/admin/accounts/new",
            people::new_page,
        ),
        Route::act::<CreateAccount, _, _>(
            post.clone(),
            "/workspace/admin/accounts/new",
            people::create,
        ),
        Route::act::<ReadAccounts, _, _>(
            get.clone(),
            "/workspace/admin/accounts/{id}",
            admin::detail,
        ),
        Route::act::<CreateAccount, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/details",
            change::details,
        ),
        Route::act::<ChangeRoles, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/roles",
            change::grant,
        ),
        Route::act::<ChangeRoles, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/roles/end",
            change::revoke,
        ),
    ]
}

/// What ends something: passwords, factors, locks, sessions, the account itself.
fn ending_routes(get: &Method, post: &Method) -> Vec<Route> {
    vec![
        Route::act::<ResetAccount, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/password",
            change::reset_password,
        ),
        Route::act::<ResetAccount, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/second-factor",
            change::reset_second_factor,
        ),
        Route::act::<ResetAccount, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/unlock",
            change::unlock,
        ),
        Route::act::<DisableAccount, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/disable",
            change::disable,
        ),
        Route::act::<DisableAccount, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/enable",
            change::enable,
        ),
        Route::act::<EndSessions, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/sessions/end",
            change::end_sessions,
        ),
        Route::act::<HandOverWork, _, _>(
            get.clone(),
            "/workspace/admin/accounts/{id}/hand-over",
            change::hand_over_page,
        ),
        Route::act::<HandOverWork, _, _>(
            post.clone(),
            "/workspace/admin/accounts/{id}/hand-over",
            change::hand_over,
        ),
    ]
}

/// The menu entries of this capability.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        group: "管理",
        title: "账号和角色",
        path: "/workspace/admin/accounts",
        act: ReadAccounts::ROW,
    }]
}

//! Routes are data: the router, the permission matrix and the authorisation sweep are made from the same rows.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use futures::future::BoxFuture;

use super::app::App;
use super::hot;
use super::wait::Wait;
use crate::access::{Act, ActRow};

/// Who may call a route.
#[derive(Debug, Clone, Copy)]
pub enum Access {
    Public,
    /// Any signed-in person, about their own account.
    SignedIn,
    Act(ActRow),
}

/// One row of the route table.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    handler: MethodRouter<App>,
    wait: Wait,
}

impl Route {
    /// A page or file that anybody may read.
    pub fn public<H, T>(method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self::new(method, path, Access::Public, handler)
    }

    /// Something that any signed-in person does with their own account; the handler takes [`super::SignedIn`].
    pub fn signed_in<H, T>(method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self::new(method, path, Access::SignedIn, handler)
    }

    /// An act; the handler takes `Permit<A>`, and the authorisation sweep checks that it does.
    pub fn act<A: Act, H, T>(method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self::new(method, path, Access::Act(A::ROW), handler)
    }

    /// A larger body than the default, for uploads; their files may take their time on the way.
    #[must_use]
    pub fn body_bytes_max(mut self, bytes: usize) -> Self {
        self.handler = self.handler.layer(DefaultBodyLimit::max(bytes));
        self.wait = Wait::for_large(&self.method);
        self
    }

    /// The same page for every reader without an account, who may get it as it was made for another up to a second ago.
    /// Not for what counts readers or carries a secret.
    #[must_use]
    pub fn for_all(mut self) -> Self {
        self.handler = self.handler.layer(map_response(hot::mark));
        self
    }

    fn new<H, T>(method: Method, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        // Every method that the table uses has a filter; an unknown one is a mistake in the table itself.
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
        Self {
            method,
            path,
            access,
            handler: on(filter, Erased::new(handler)),
            wait: Wait::Page,
        }
    }
}

type Call = dyn Fn(Request, App) -> BoxFuture<'static, Response> + Send + Sync;

/// Any handler as one type: the dozens of functions that the router needs for each type of handler are compiled once.
#[derive(Clone)]
struct Erased(Arc<Call>);

impl Erased {
    fn new<H, T>(handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self(Arc::new(move |request, app| {
            Box::pin(handler.clone().call(request, app))
        }))
    }
}

impl Handler<(), App> for Erased {
    type Future = BoxFuture<'static, Response>;

    fn call(self, request: Request, app: App) -> Self::Future {
        (self.0)(request, app)
    }
}

/// Puts the rows together.
pub fn router(routes: Vec<Route>) -> Router<App> {
    routes.into_iter().fold(Router::new(), |router, route| {
        router.route(route.path, route.wait.around(route.handler))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_route_that_takes_files_waits_for_them() {
        let route = |method: Method| Route::public(method, "/files", async || ());
        assert_eq!(route(Method::POST).wait, Wait::Page);
        let large = |method| route(method).body_bytes_max(1).wait;
        assert_eq!(large(Method::POST), Wait::Upload);
        assert_eq!(large(Method::GET), Wait::Page);
    }
}

//! What one request sees: the site that its host names, or the main one.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::id::OrganId;

use super::acts::ManagePortals;
use super::{HostName, Known, Look, store};
use crate::access::{Act as _, Session};
use crate::db::{StoreError, Tx};
use crate::web::{self, App, Problem};

/// The pages of people who work here: on the main site alone, where their session is.
const STAFF: [&str; 6] = [
    "/workspace",
    "/login",
    "/logout",
    "/enter",
    "/invite",
    "/calendar",
];
/// What is the same on every site and asks no store.
const SHARED: [&str; 2] = ["/assets", "/healthz"];
/// `?site=…`: an administrator looks at a site whose name leads nowhere yet.
const PREVIEW: &str = "site";

/// The site of one request; reads like its [`Look`].
#[derive(Debug, Clone)]
pub struct Face {
    known: Arc<Known>,
    at: Option<usize>,
}

impl Deref for Face {
    type Target = Look;

    fn deref(&self) -> &Look {
        self.at
            .and_then(|at| self.known.beside.get(at))
            .unwrap_or(&self.known.main)
    }
}

/// Where the page of a record belongs.
#[derive(Debug)]
pub enum Place {
    /// It is shown here; its one address may still be another site's.
    Here { canonical: String },
    /// Another site shows it.
    Elsewhere(Response),
}

impl Face {
    #[must_use]
    pub fn new(known: Arc<Known>, at: Option<usize>) -> Self {
        Self { known, at }
    }

    /// Where no request is: the configuration's site.
    #[must_use]
    pub fn plain(app: &App) -> Self {
        Self::new(Arc::new(Known::plain(&app.site)), None)
    }

    /// Is there one site for everything?
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.known.is_plain()
    }

    /// Is it one beside the main site?
    #[must_use]
    pub fn is_beside(&self) -> bool {
        self.at.is_some()
    }

    /// Changes when the look of the site does: for the tags of pages.
    #[must_use]
    pub fn seal(&self) -> String {
        let id = self.id.map_or_else(String::new, |id| id.to_string());
        format!("{id}{}", self.version)
    }

    #[must_use]
    pub fn main(&self) -> &Look {
        &self.known.main
    }

    /// The sites beside the main one.
    #[must_use]
    pub fn others(&self) -> &[Look] {
        &self.known.beside
    }

    /// Where the page at a path, of a record of this organ, belongs.
    ///
    /// # Errors
    /// Not found where no site shows the organ; a failing store.
    pub async fn place(&self, app: &App, organ: OrganId, path: &str) -> Result<Place, Problem> {
        if self.known.is_plain() {
            let canonical = format!("{}{path}", self.url);
            return Ok(Place::Here { canonical });
        }
        let organ_path = app
            .db
            .read(async |tx: &mut Tx| store::paths(tx, &[organ]).await)
            .await?;
        let organ_path = organ_path.get(&organ).map_or("", String::as_str);
        let home = self.known.home(organ, organ_path);
        let address = home.map(|look| format!("{}{path}", look.url));
        match address {
            Some(canonical) if self.scope.contains(organ, organ_path) => {
                Ok(Place::Here { canonical })
            }
            // A site may be given up again, so the answer is not for ever.
            Some(address) => Ok(Place::Elsewhere(
                Redirect::temporary(&address).into_response(),
            )),
            None => Err(Problem::not_found()),
        }
    }

    /// Links from a page of this site to records of organs: to what this site shows by its path, else by the whole
    /// address. In the order asked, by one query at most.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn links(
        &self,
        tx: &mut Tx,
        records: &[(OrganId, String)],
    ) -> Result<Vec<String>, StoreError> {
        if self.known.is_plain() {
            return Ok(records.iter().map(|(_, path)| path.clone()).collect());
        }
        let organs: Vec<OrganId> = records.iter().map(|(organ, _)| *organ).collect();
        let paths = store::paths(tx, &organs).await?;
        let link = |(organ, path): &(OrganId, String)| {
            let of = paths.get(organ).map_or("", String::as_str);
            if self.scope.contains(*organ, of) {
                return path.clone();
            }
            let home = self.known.home(*organ, of).unwrap_or(&self.known.main);
            format!("{}{path}", home.url)
        };
        Ok(records.iter().map(link).collect())
    }
}

impl FromRequestParts<App> for Face {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let face = parts.extensions.get::<Self>().cloned();
        Ok(face.unwrap_or_else(|| Self::plain(app)))
    }
}

/// The host that a request names, if it names exactly one. What proxies add is not believed: they pass the host on.
fn host(uri: &Uri, headers: &HeaderMap) -> Option<HostName> {
    let mut named = headers.get_all(header::HOST).iter();
    match (named.next(), named.next()) {
        (Some(value), None) => HostName::of_header(value.to_str().ok()?),
        (Some(_), Some(_)) => None,
        // HTTP/2 names it in the address.
        (None, _) => HostName::of_header(uri.authority()?.as_str()),
    }
}

fn begins(path: &str, heads: &[&str]) -> bool {
    heads.iter().any(|head| {
        path.strip_prefix(head)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Is it a page of people who work here, or one that everybody may read?
pub(crate) fn is_for_staff(path: &str) -> bool {
    begins(path, &STAFF)
}

/// What an administrator asked to look at.
fn preview(request: &Request) -> Option<&str> {
    let session = request.extensions().get::<Session>()?;
    let query = request.uri().query()?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, word) = pairs.find(|(name, _)| *name == PREVIEW)?;
    session.may(&ManagePortals::ROW).then_some(word)
}

/// Puts the face of the request where handlers find it.
pub(crate) async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if begins(path, &SHARED) {
        return next.run(request).await;
    }
    let known = match app.portals().get(&app).await {
        Ok(known) => known,
        Err(error) => return web::answer(&app, &request, &error.into()),
    };
    let named = host(request.uri(), request.headers());
    let mut at = named.and_then(|host| known.at_host(&host));
    if let Some(word) = preview(&request) {
        at = known.at_word(word).or(at);
    }
    request.extensions_mut().insert(Face::new(known, at));
    next.run(request).await
}

/// Sends people who work here to the main site: nobody signs in on another one. An administrator who previews a site is
/// on the main one already.
pub(crate) async fn staff_layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let face = request.extensions().get::<Face>();
    let named =
        face.is_some_and(Face::is_beside) && request.extensions().get::<Session>().is_none();
    if !named || !is_for_staff(request.uri().path()) {
        return next.run(request).await;
    }
    if request.method() != Method::GET {
        return Problem::not_found().into_response();
    }
    let target = request.uri().path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    Redirect::temporary(&format!("{}{target}", app.site.url)).into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Uri, header};

    use super::host;

    #[test]
    fn one_host_header_is_believed_two_are_not() {
        let mut headers = HeaderMap::new();
        let uri = Uri::from_static("/");
        assert_eq!(host(&uri, &headers), None);
        let two = Uri::from_static("http://Yunxi.anlan.example:8080/");
        assert_eq!(
            host(&two, &headers).unwrap().as_str(),
            "yunxi.anlan.example"
        );
        headers.append(
            header::HOST,
            HeaderValue::from_static("yunxi.anlan.example"),
        );
        headers.append("x-forwarded-host", HeaderValue::from_static("evil.example"));
        assert_eq!(
            host(&uri, &headers).unwrap().as_str(),
            "yunxi.anlan.example"
        );
        headers.append(header::HOST, HeaderValue::from_static("evil.example"));
        assert_eq!(host(&uri, &headers), None);
        let bytes = HeaderValue::from_bytes(b"yunxi\xff.example").unwrap();
        headers.insert(header::HOST, bytes);
        assert_eq!(host(&uri, &headers), None);
    }
}

//! How long a request may take.

use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;

/// No page takes longer; long work is a job.
const PAGE_WAIT_MAX: Duration = Duration::from_secs(60);
/// A form with files takes as long as its way over a slow line: 32 MB at 512 kbit/s are nine minutes.
const UPLOAD_WAIT_MAX: Duration = Duration::from_secs(15 * 60);

/// What a route waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    Page,
    Upload,
}

impl Wait {
    /// Of a route that takes larger bodies than others.
    pub(super) fn for_large(method: &Method) -> Self {
        if *method == Method::POST {
            Self::Upload
        } else {
            Self::Page
        }
    }

    fn at_most(self, headers: &HeaderMap) -> Duration {
        let kind = headers.get(header::CONTENT_TYPE);
        let has_files = kind
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("multipart/form-data"));
        match self {
            Self::Upload if has_files => UPLOAD_WAIT_MAX,
            Self::Page | Self::Upload => PAGE_WAIT_MAX,
        }
    }

    /// The route, which ends what takes too long.
    pub(super) fn around<S: Clone + Send + Sync + 'static>(
        self,
        route: MethodRouter<S>,
    ) -> MethodRouter<S> {
        route.layer(middleware::from_fn(move |request: Request, next: Next| {
            in_time(self.at_most(request.headers()), request, next)
        }))
    }
}

async fn in_time(wait: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(wait, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::HeaderValue;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    #[test]
    fn only_files_on_a_route_that_takes_them_may_be_slow() {
        let of = |kind: &'static str| -> HeaderMap {
            let kind = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
            [kind].into_iter().collect()
        };
        let files = of("multipart/form-data; boundary=x");
        let form = of("application/x-www-form-urlencoded");
        for (method, kind, wait) in [
            (Method::POST, &files, UPLOAD_WAIT_MAX),
            (Method::POST, &form, PAGE_WAIT_MAX),
            (Method::POST, &HeaderMap::new(), PAGE_WAIT_MAX),
            (Method::GET, &files, PAGE_WAIT_MAX),
        ] {
            assert_eq!(Wait::for_large(&method).at_most(kind), wait, "{method}");
        }
        assert_eq!(Wait::Page.at_most(&files), PAGE_WAIT_MAX);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_ended() {
        let short = |request: Request, next: Next| in_time(Duration::from_millis(1), request, next);
        let route = post(std::future::pending::<()>).layer(middleware::from_fn(short));
        let request = Request::post("/").body(Body::empty()).unwrap();
        let router: Router = Router::new().route("/", route);
        let answer = router.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::GATEWAY_TIMEOUT);
    }
}

//! A site on this machine that behaves well and badly.

use axum::Router;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use gongkai_platform::outside::{Answered, HostList, NoAnswer, Outside as _, PAGE_BYTES_MAX};

use super::Http;

async fn site() -> u16 {
    let big = |bytes: usize, length: bool| {
        let chunks = futures::stream::iter((0..bytes.div_ceil(1 << 16)).map(move |n| {
            Ok::<_, std::convert::Infallible>(vec![b'x'; (bytes - n * (1 << 16)).min(1 << 16)])
        }));
        let mut answer = Response::new(Body::from_stream(chunks));
        if length {
            answer
                .headers_mut()
                .insert(header::CONTENT_LENGTH, bytes.into());
        }
        answer
    };
    let router = Router::new()
        .route("/page", get(async || "规章已公开"))
        .route("/gone", get(async || StatusCode::GONE))
        .route("/here", get(async || Redirect::to("/page")))
        .route("/round", get(async || Redirect::to("/round")))
        .route("/away", get(async || Redirect::to("https://evil.test/")))
        .route(
            "/inside",
            get(async || Redirect::to("http://169.254.169.254/latest")),
        )
        .route("/file", get(async || Redirect::to("file:///etc/passwd")))
        .route(
            "/odd",
            get(async || (StatusCode::FOUND, [(header::LOCATION, "http://[")], "").into_response()),
        )
        .route(
            "/full",
            get(move || async move { big(PAGE_BYTES_MAX, false) }),
        )
        .route(
            "/over",
            get(move || async move { big(PAGE_BYTES_MAX + 1, false) }),
        )
        .route(
            "/said",
            get(move || async move { big(PAGE_BYTES_MAX + 1, true) }),
        );
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

fn http(hosts: &[&str]) -> Http {
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    Http::new(HostList::read(&hosts).unwrap()).unwrap()
}

#[tokio::test]
async fn pages_of_listed_hosts_are_read_within_limits() {
    let port = site().await;
    let http = http(&[&format!("127.0.0.1:{port}"), "169.254.169.254:81"]);
    let read = async |path: &str| http.get(&format!("http://127.0.0.1:{port}{path}")).await;
    let page = Answered {
        status: 200,
        bytes: "规章已公开".into(),
    };
    assert_eq!(read("/page").await.unwrap(), page);
    assert_eq!(read("/here").await.unwrap(), page);
    assert_eq!(
        read("/gone").await.unwrap(),
        Answered {
            status: 410,
            bytes: Vec::new()
        }
    );
    assert_eq!(read("/missing").await.unwrap().status, 404);
    assert_eq!(read("/full").await.unwrap().bytes.len(), PAGE_BYTES_MAX);
    for (path, why) in [
        ("/over", NoAnswer::TooLarge),
        ("/said", NoAnswer::TooLarge),
        ("/round", NoAnswer::TooManyHops),
        ("/away", NoAnswer::Elsewhere("evil.test".into())),
        ("/inside", NoAnswer::Elsewhere("169.254.169.254".into())),
        ("/file", NoAnswer::Elsewhere("file:///etc/passwd".into())),
        ("/odd", NoAnswer::NoAddress),
    ] {
        assert_eq!(read(path).await, Err(why), "{path}");
    }
}

#[tokio::test]
async fn nobody_else_is_asked() {
    let port = site().await;
    // The name is listed only as one of all below: what it leads to is looked at, and it is this machine.
    let http = http(&["*.localhost.localdomain", "localhost:1"]);
    for address in [
        format!("http://127.0.0.1:{port}/page"),
        format!("http://localhost:{port}/page"),
        "https://evil.test/".to_owned(),
    ] {
        assert!(!http.lists(&address));
        let answer = http.get(&address).await;
        assert!(
            matches!(answer, Err(NoAnswer::NotListed(_))),
            "{address}: {answer:?}"
        );
    }
    assert_eq!(http.get("no address").await, Err(NoAnswer::NoAddress));
    // Listed, and nobody listens.
    assert_eq!(
        http.get("http://localhost:1/").await,
        Err(NoAnswer::Unreachable)
    );
}

#[tokio::test]
async fn a_name_that_is_not_listed_itself_never_leads_inside() {
    use reqwest::dns::Resolve as _;
    let list = |host: &str| std::sync::Arc::new(HostList::read(&[host.to_owned()]).unwrap());
    let below = super::PublicOnly(list("*.example.gov.cn"));
    let refused = below.resolve("localhost".parse().unwrap()).await;
    let refused = refused.err().expect("only private addresses");
    assert!(refused.downcast_ref::<super::OnlyPrivate>().is_some());
    let exact = super::PublicOnly(list("localhost"));
    assert!(
        exact
            .resolve("localhost".parse().unwrap())
            .await
            .unwrap()
            .count()
            > 0
    );
}

#[test]
fn without_a_list_nobody_is_asked_and_a_bad_list_is_refused() {
    assert!(!super::of(&[]).unwrap().lists("https://www.anlan.gov.cn/"));
    assert!(super::of(&["http://x".to_owned()]).is_err());
    assert!(
        super::of(&["www.anlan.gov.cn".to_owned()])
            .unwrap()
            .lists("https://www.anlan.gov.cn/a")
    );
}

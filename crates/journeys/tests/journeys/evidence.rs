//! Evidence on a real site: fetched over HTTP, judged, and what follows from it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use gongkai_basis::Role;
use gongkai_journeys::World;
use gongkai_plans::draft;
use gongkai_platform::access::Permit;
use gongkai_platform::testing::{self, Backend, Browser, backends};

use crate::filled;

/// What the demo's liaison has to report on where the rest of the demo is not there.
const PLAN: &str = "安澜市2026年政务公开工作要点分工方案\n\n一、基础工作\n\n\
    1.公布现行有效规章，2026年11月底前完成。（责任单位：市司法局）\n\n\
    2.公布义务教育招生政策，2026年11月底前完成。（责任单位：市教育局）\n";

/// A site on this machine; what it says can be changed.
#[derive(Clone, Default)]
struct Site(Arc<Mutex<Option<String>>>);

impl Site {
    async fn opens(&self) -> u16 {
        let says = self.0.clone();
        let page = move || {
            let says = says.clone();
            async move {
                match says.lock().unwrap().clone() {
                    Some(text) => Html(text).into_response(),
                    None => Response::from((StatusCode::NOT_FOUND, "").into_response()),
                }
            }
        };
        let router = Router::new().route("/gz.html", get(page));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        port
    }

    fn says(&self, text: Option<&str>) {
        *self.0.lock().unwrap() = text.map(str::to_owned);
    }
}

fn part(page: &str, start: &str, end: &str) -> String {
    let at = page
        .find(start)
        .unwrap_or_else(|| panic!("no {start} in\n{page}"))
        + start.len();
    page[at..].split(end).next().unwrap().to_owned()
}

/// The demo's liaison opens the form of the first task.
async fn form(liaison: &mut Browser) -> (String, String) {
    let tasks = liaison.get("/workspace/tasks?unreported=1").await.page();
    let path = format!(
        "/workspace/assignments/{}",
        part(&tasks, "href=\"/workspace/assignments/", "\"")
    );
    let page = liaison.get(&path).await.page();
    (path, part(&page, "name=\"based_on\" value=\"", "\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_taken_down_reopens_the_task() {
    for backend in backends() {
        let site = Site::default();
        let port = site.opens().await;
        let host = format!("127.0.0.1:{port}");
        let hosts = std::slice::from_ref(&host);
        let world = match backend {
            Backend::Sqlite => filled::looking_at(hosts).await,
            Backend::Postgres(_) => {
                let world = World::looking_at(&backend, filled::NOW, hosts).await;
                world.moves_in().await;
                let office = gongkai::demo::organ(&world.db, "安澜市人民政府办公室").await;
                let (permit, bytes) = (Permit::system(), PLAN.as_bytes().to_vec());
                draft::import_whole(&world.app, &permit, office.unwrap(), "方案.txt", bytes)
                    .await
                    .unwrap();
                world
            }
        };
        let mut liaison = world.http(world.account("liaison").await).await;
        let (path, based_on) = form(&mut liaison).await;
        site.says(Some("<html><body><p>现行有效规章 12 件</p></body></html>"));
        let url = format!("http://{host}/gz.html");
        let fields = [
            ("based_on", based_on.as_str()),
            ("outcome", "done"),
            ("done_text", "规章已全部公开"),
            ("url-1", url.as_str()),
            ("title-1", "规章库"),
            ("proves-1", "规章已公开"),
            ("quote-1", "现行有效规章12件"),
            ("dated_on-1", "2026-09-10"),
            ("no_evidence_why", "其余次数在年底前补齐"),
        ];
        liaison
            .upload(&path, &fields, ("file-2", "", b""))
            .await
            .redirected();
        world.works_off_jobs().await;
        let reports = path.replace("/report", "");
        let page = liaison.get(&reports).await.page();
        assert!(page.contains(">有效<"), "{page}");
        let evidence = format!(
            "/workspace/evidence/{}",
            part(&page, "href=\"/workspace/evidence/", "\"")
        );
        site.says(None);
        liaison
            .post(&format!("{evidence}/check"), &[])
            .await
            .redirected();
        let page = liaison.get(&evidence).await.page();
        assert!(
            page.contains("◇ 已不存在") && page.contains("任务因此重新打开"),
            "{page}"
        );
        let mine = liaison.get("/workspace/tasks?light=decayed").await.page();
        assert!(mine.contains("◇ 佐证失效"), "{mine}");
        site.says(Some("<p>现行有效规章12件</p>"));
        liaison
            .post(&format!("{evidence}/check"), &[])
            .await
            .redirected();
        let page = liaison.get(&evidence).await.page();
        assert!(!page.contains("任务因此重新打开"), "{page}");
        // Who has no part in it finds nothing.
        let organ = testing::organ(&world.db, "外市", None).await;
        let stranger = world.person("外市联络员", &[(Role::Liaison, organ)]).await;
        let answer = world.http(stranger).await.get(&evidence).await;
        assert_eq!(answer.status.as_u16(), 404);
    }
}

/// The demo's evidence holds because its own portal says what is quoted; two pieces do not, on purpose.
#[tokio::test(flavor = "multi_thread")]
async fn the_portal_says_what_the_demos_evidence_quotes() {
    let world = filled::world().await;
    let mut public = world.public();
    for (_, path, quote) in gongkai::demo::evidence::PAGES {
        let page = public.get(path).await.page();
        assert!(page.contains(quote), "{path}: {quote}");
        assert!(!page.contains(gongkai::demo::evidence::NO_MORE), "{path}");
    }
    let gone = public.get(gongkai::demo::evidence::GONE).await;
    assert_eq!(gone.status.as_u16(), 404);
}

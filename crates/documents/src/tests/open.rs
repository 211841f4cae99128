//! 开放接口: what programs of others get, and what they never do.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;

use super::*;
use crate::document::standing;
use crate::pages::OPEN_PARTS;

const LIST: &str = "/api/documents.json";

async fn json(browser: &mut Browser, path: &str) -> Value {
    serde_json::from_str(&browser.get(path).await.page()).unwrap()
}

/// Titles of a list, or of lines.
fn titles<'v>(all: impl IntoIterator<Item = &'v Value>) -> Vec<&'v str> {
    let title = |one: &'v Value| one["title"].as_str().unwrap();
    all.into_iter().map(title).collect()
}

async fn lines(browser: &mut Browser, path: &str) -> (Vec<Value>, Option<String>) {
    let answer = browser.get(path).await;
    let read = |line: &str| serde_json::from_str(line).unwrap();
    let all = answer.page().lines().map(read).collect();
    let link = answer.headers.get(header::LINK);
    let next = link.map(|link| {
        let link = link.to_str().unwrap();
        let (address, rel) = link.split_once('>').unwrap();
        assert_eq!(rel, "; rel=\"next\"");
        let (_, path) = address.split_once("/api/").unwrap();
        format!("/api/{path}")
    });
    (all, next)
}

#[tokio::test]
async fn a_document_is_data_as_long_as_it_is_public() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("normative", "行政规范性文件管理办法", HOSTILE)
            .await;
        let public = path.replace("/workspace", "");
        let data = format!("/api{public}.json");
        let mut program = world.public();
        assert_eq!(program.get(&data).await.status, 404, "a draft");
        assert_eq!(json(&mut program, LIST).await["total"], 0);
        world.goes_out(&path, Kind::Normative).await;
        let list = json(&mut program, LIST).await;
        assert_eq!(list["total"], 1);
        assert_eq!(list["next"], Value::Null);
        let listed = &list["documents"][0];
        let one = json(&mut program, &data).await;
        for (name, value) in listed.as_object().unwrap() {
            assert_eq!(&one[name], value, "{name}");
        }
        assert_eq!(one["title"], "行政规范性文件管理办法");
        assert_eq!(one["document_number"], "安府规〔2026〕3号");
        assert_eq!(one["kind"]["code"], "normative");
        assert_eq!(one["organ"]["name"], "安澜市人民政府");
        assert_eq!(one["issued_on"], "2026-09-01");
        assert_eq!(one["published_on"], "2026-10-12");
        assert_eq!(one["validity"]["name"], "现行有效");
        assert_eq!(one["theme"], "综合政务");
        assert_eq!(one["hash"].as_str().unwrap().len(), 64);
        let text = one["text"].as_str().unwrap();
        assert!(text.contains("公开是常态") && !text.contains("alert"));
        assert!(one["url"].as_str().unwrap().ends_with(&public));
        assert!(one["json_url"].as_str().unwrap().ends_with(&data));
        let word = one["text_url"].as_str().unwrap();
        let (_, word) = word.split_once("/documents/").unwrap();
        let word = program.get(&format!("/documents/{word}")).await;
        assert_eq!(word.status, 200);
        let page = program.get(&public).await.page();
        assert!(page.contains(&format!("href=\"{data}\"")), "{page}");
        let (all, next) = lines(&mut program, "/api/documents.ndjson").await;
        assert_eq!(all.len(), 1);
        assert_eq!(all[0]["text"], one["text"]);
        assert!(next.is_none() && all[0].get("attachments").is_none());
        let why = [("why", "内容有误。")];
        assert_eq!(world.act(world.clerk, &path, "withdraw", &why).await, 303);
        let gone = program.get(&data).await;
        assert_eq!(gone.status, 410);
        assert_eq!(
            gone.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
        assert_eq!(json(&mut program, LIST).await["total"], 0);
        let (all, _) = lines(&mut program, "/api/documents.ndjson").await;
        assert!(all.is_empty(), "{all:?}");
    }
}

#[tokio::test]
async fn data_have_a_tag_and_are_read_from_any_site() {
    let world = World::on(&backends()[0]).await;
    let path = world
        .draft("notice", "关于开放日的通知", "<p>10月。</p>")
        .await;
    world.goes_out(&path, Kind::Notice).await;
    let data = format!("/api{}.json", path.replace("/workspace", ""));
    for address in [LIST, &data] {
        let answer = world.public().get(address).await;
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-cache");
        let tag = answer.headers[header::ETAG].clone();
        let asked = Request::get(address).header(header::IF_NONE_MATCH, tag);
        let again = world.public().send(asked, Body::empty()).await;
        assert_eq!(again.status, 304, "{address}");
        assert!(again.bytes.is_empty());
    }
    for wrong in [
        "/api/documents/zzz.json",
        "/api/documents/0199.json",
        "/api/documents/%FF",
    ] {
        let answer = world.public().get(wrong).await;
        assert_eq!(answer.status, 404, "{wrong}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        let problem: Value = serde_json::from_slice(&answer.bytes).unwrap();
        assert!(problem["advice"].is_string(), "{problem}");
    }
    let wrong = world.public().get("/api/documents.ndjson?after=x").await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn what_is_for_some_people_or_some_days_is_no_data() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let few = world.shown("住户名单的公示", "2026-10-14", "yes").await;
        world.goes_out(&few, Kind::Notice).await;
        let few = few.replace("/workspace", "");
        let short = world.shown("补贴名单的公示", "2026-10-14", "").await;
        world.goes_out(&short, Kind::Notice).await;
        let short = format!("/api{}.json", short.replace("/workspace", ""));
        let mut program = world.public();
        let page = program.get(&few).await.page();
        assert!(!page.contains("数据（JSON）"), "{page}");
        assert_eq!(program.get(&format!("/api{few}.json")).await.status, 404);
        assert_eq!(program.get(&short).await.status, 200);
        let list = json(&mut program, LIST).await;
        let listed = list["documents"].as_array().unwrap();
        assert_eq!(titles(listed), ["补贴名单的公示"]);
        let one = json(&mut program, &short).await;
        assert_eq!(one["attachments"][0]["title"], "名单.txt");
        let (all, _) = lines(&mut program, "/api/documents.ndjson").await;
        assert_eq!(titles(&all), ["补贴名单的公示"]);
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 3));
        assert_eq!(program.get(&short).await.status, 410);
        assert_eq!(json(&mut program, LIST).await["total"], 0);
        // The same once the night has kept that its days are over.
        let settled = standing::run(&world.app, None).await.unwrap();
        assert_eq!(settled, 2);
        assert_eq!(json(&mut program, LIST).await["total"], 0);
        let (all, _) = lines(&mut program, "/api/documents.ndjson").await;
        assert!(all.is_empty());
    }
}

#[tokio::test]
async fn all_of_them_come_line_by_line_from_where_the_last_answer_ended() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for n in 0..12 {
            let kind = (Kind::Normative, if n % 2 == 0 { "教育" } else { "卫生" });
            world
                .takes(&format!("文件{n:02}"), kind, [None, None])
                .await;
        }
        let mut program = world.public();
        let (mut found, mut pages) = (Vec::new(), 0);
        let mut next = Some("/api/documents.ndjson?rows=5".to_owned());
        while let Some(path) = next {
            let (mut all, after) = lines(&mut program, &path).await;
            found.append(&mut all);
            pages += 1;
            next = after;
        }
        assert_eq!(pages, 3);
        let mut named = titles(&found);
        named.sort_unstable();
        named.dedup();
        assert_eq!(named.len(), 12);
        let ids: Vec<&str> = found
            .iter()
            .map(|one| one["id"].as_str().unwrap())
            .collect();
        assert!(ids.is_sorted());
        let (all, _) = lines(&mut program, "/api/documents.ndjson?rows=100000").await;
        assert_eq!(all.len(), 12);
        let narrowed = web::address(LIST, &[("theme", "教育"), ("kind", "normative")]);
        let list = json(&mut program, narrowed.trim_end_matches('&')).await;
        assert_eq!(list["total"], 6);
    }
}

/// Whoever turns the pages pays for no count of everything at each.
#[tokio::test]
async fn the_total_is_kept_and_not_counted() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let kind = (Kind::Normative, "教育");
        world.takes("甲办法", kind, [None, None]).await;
        let mut program = world.public();
        assert_eq!(json(&mut program, LIST).await["total"], 1);
        let more = "INSERT INTO document_standing_count (organ_id, year, kind, standing, is_over, n) \
             SELECT MIN(organ_id), 1999, 'normative', 'in_force', 0, 7 FROM document";
        world.tampers(more, &[]).await;
        assert_eq!(json(&mut program, LIST).await["total"], 8);
        let in_force = format!("{LIST}?validity=in_force&kind=normative");
        assert_eq!(json(&mut program, &in_force).await["total"], 8);
        let of_year = format!("{LIST}?year=2026");
        assert_eq!(json(&mut program, &of_year).await["total"], 1);
    }
}

#[tokio::test]
async fn a_program_that_asks_too_often_is_told_to_wait() {
    let world = World::on(&backends()[0]).await;
    let mut program = world.public();
    for _ in 0..web::OPEN_ASKS_MAX {
        assert_eq!(program.get("/api/documents.ndjson").await.status, 200);
    }
    let refused = program.get("/api/documents.ndjson").await;
    assert_eq!(refused.status, 429);
    assert!(
        refused.text().contains("一分钟后继续"),
        "{}",
        refused.text()
    );
    world.clock.advance(jiff::SignedDuration::from_mins(1));
    assert_eq!(program.get("/api/documents.ndjson").await.status, 200);
}

/// What is described is what comes.
#[tokio::test]
async fn the_description_names_every_field() {
    let world = World::on(&backends()[0]).await;
    world
        .takes("文件", (Kind::Normative, "教育"), [None, None])
        .await;
    let mut program = world.public();
    let list = json(&mut program, LIST).await;
    let one = list["documents"][0].as_object().unwrap();
    let data = one["json_url"].as_str().unwrap();
    let (_, data) = data.split_once("/api/").unwrap();
    let whole = json(&mut program, &format!("/api/{data}")).await;
    let told: Vec<&str> = OPEN_PARTS
        .iter()
        .flat_map(|part| part.fields)
        .flat_map(|(names, _)| names.split('、'))
        .collect();
    let all = list
        .as_object()
        .unwrap()
        .keys()
        .chain(whole.as_object().unwrap().keys());
    for name in all.filter(|name| *name != "documents") {
        assert!(told.contains(&name.as_str()), "{name}");
    }
    for part in OPEN_PARTS {
        serde_json::from_str::<Value>(part.example).unwrap();
    }
}

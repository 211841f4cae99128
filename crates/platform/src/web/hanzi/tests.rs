//! What is converted and what never is; which reader gets what.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use super::*;
use crate::testing::{self, Answer, Backend, Browser, Guard, MovableClock};
use crate::web::{Route, is_known, not_modified, router, wrap};

const SIMPLIFIED: &str = r#"<!DOCTYPE html>
<html lang="zh-CN" class="mode-elder">
<head>
<meta charset="utf-8">
<meta name="ColumnName" content="政策文件">
<title>政策文件 &amp; 规章 · 安澜市</title>
<style>.a::after { content: "历史 > 现在"; }</style>
<script type="application/ld+json">{"url":"https://a.test/文件?发=1&b=2","name":"规则 </p> 发布"}</script>
</head>
<body>
<!-- 说明 -->
<p id="发布" title="发布机构：市&quot;政&quot;府">安政发〔2026〕7号&nbsp;干部、头发和后面的<b>规范</b>范围 &lt;试行&gt; &amp;amp;</p>
<p><a href="/documents/文件?a=1&amp;b=发布" rel="noopener">行政复议</a><br><img src="/图.png" alt="联系方式"/></p>
<p>校验：<code>发布 <code>sha256</code> 发布</code>发布</p>
<p>繁体：<span lang="zh-Hant">乾淨</span>，英文：<span lang="en">The 规则</span>，<a href="/mode/hans" lang="zh-CN" translate="no" title="简体">简体</a></p>
<form action="/search" method="get"><input name="关键词" type="search" value="云岭县" placeholder="找文号">
<textarea name="text" placeholder="写明规则">
请复制 &lt;发布&gt;</textarea>
<select name="类别"><option value="发文">发文</option><option>发布</option></select><button name="做" value="发送">发送</button></form>
</body>
</html>
"#;

const TRADITIONAL: &str = r#"<!doctype html>
<html lang="zh-Hant" class="mode-elder">
<head>
<meta charset="utf-8">
<meta name="ColumnName" content="政策文件">
<title>政策文件 &amp; 規章 · 安瀾市</title>
<style>.a::after { content: "历史 > 现在"; }</style>
<script type="application/ld+json">{"url":"https://a.test/文件?发=1&b=2","name":"规则 </p> 发布"}</script>
</head>
<body>
<!-- 说明 -->
<p id="发布" title="發佈機構：市&quot;政&quot;府">安政發〔2026〕7號NBSP幹部、頭髮和後面的<b>規範</b>範圍 &lt;試行&gt; &amp;amp;</p>
<p><a href="/documents/文件?a=1&amp;b=发布" rel="noopener">行政復議</a><br><img src="/图.png" alt="聯繫方式"/></p>
<p>校驗：<code>发布 <code>sha256</code> 发布</code>發佈</p>
<p>繁體：<span lang="zh-Hant">乾淨</span>，英文：<span lang="en">The 规则</span>，<a href="/mode/hans" lang="zh-CN" translate="no" title="简体">简体</a></p>
<form action="/search" method="get"><input name="关键词" type="search" value="云岭县" placeholder="找文號">
<textarea name="text" placeholder="寫明規則">
请复制 &lt;发布&gt;</textarea>
<select name="类别"><option value="发文">發文</option><option>发布</option></select><button name="做" value="发送">發送</button></form>
</body>
</html>
"#;

fn to_traditional(html: &str) -> String {
    let tables = TO_TRADITIONAL.as_ref().unwrap();
    rewrite::page(html, &|text| in_traditional(tables, text)).unwrap()
}

#[test]
fn a_page_is_converted_where_people_read_it_and_nowhere_else() {
    let wanted = TRADITIONAL.replace("NBSP", "\u{a0}");
    assert_eq!(to_traditional(SIMPLIFIED), wanted);
    assert_eq!(to_traditional(&wanted), wanted, "twice is as once");
}

#[test]
fn a_broken_page_loses_nothing_that_was_read() {
    for (broken, wanted) in [
        ("", ""),
        ("规则", "規則"),
        ("<p>规则<", "<p>規則&lt;"),
        ("<p>规则 & 发布<b", "<p>規則 &amp; 發佈"),
        ("<textarea>规则", "<textarea>规则"),
        (
            "<p translate=no>规则<p>规则</p>规则",
            "<p translate=\"no\">规则<p>规则</p>规则",
        ),
    ] {
        assert_eq!(to_traditional(broken), wanted, "{broken}");
    }
}

#[test]
fn what_is_typed_in_traditional_characters_is_looked_for_as_it_was_written() {
    for (typed, kept) in [
        ("城鄉居民低保", "城乡居民低保"),
        ("安政發〔2026〕7號", "安政发〔2026〕7号"),
        ("anlan 2026", "anlan 2026"),
    ] {
        assert_eq!(in_simplified(typed), kept);
    }
}

/// A page with a tag of its own, as documents have; `?large` and `?file` are not converted.
async fn rules(request: Request<Body>) -> Response {
    let page = || Html("<html lang=\"zh-CN\"><p>规则</p></html>".to_owned());
    match request.uri().query() {
        Some("large") => Html("规则".repeat(400_000)).into_response(),
        Some("file") => {
            let file = [(header::CONTENT_DISPOSITION, "attachment")];
            (file, page()).into_response()
        }
        Some("text") => "规则".into_response(),
        Some("absent") => (StatusCode::NOT_FOUND, page()).into_response(),
        _ if is_known(request.headers(), "\"1\"") => not_modified("\"1\""),
        _ => ([(header::ETAG, "\"1\"")], page()).into_response(),
    }
}

async fn site() -> (Browser, Guard) {
    let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
    let (db, guard) = testing::scratch(&Backend::Sqlite, clock.clock()).await;
    let app = testing::app(&db, &guard, Vec::new());
    let routes = vec![
        Route::public(Method::GET, "/rules", rules),
        Route::public(Method::GET, "/kept", rules).for_all(),
        Route::public(Method::GET, "/workspace/rules", rules),
    ];
    (Browser::new(wrap(router(routes), app)), guard)
}

async fn ask(reader: &mut Browser, path: &str, known: &str) -> Answer {
    let asked = Request::get(path).header(header::IF_NONE_MATCH, known);
    reader.send(asked, Body::empty()).await
}

fn tag(answer: &Answer) -> &str {
    answer.headers.get(header::ETAG).unwrap().to_str().unwrap()
}

#[tokio::test]
async fn a_reader_who_chose_so_gets_pages_of_the_public_in_traditional_characters() {
    let (plain, _guard) = site().await;
    let mut chosen = plain.clone();
    chosen.cookies.insert("gk_hanzi".into(), "hant".into());
    for path in ["/rules", "/kept", "/rules?absent"] {
        for _ in 0..2 {
            let page = chosen.clone().get(path).await.text();
            assert_eq!(page, "<html lang=\"zh-Hant\"><p>規則</p></html>", "{path}");
            let page = plain.clone().get(path).await.text();
            assert!(page.contains("规则"), "{path}: {page}");
        }
    }
    for path in [
        "/rules?large",
        "/rules?file",
        "/rules?text",
        "/workspace/rules",
    ] {
        let page = chosen.get(path).await.text();
        assert!(page.contains("规则") && !page.contains("規則"), "{path}");
    }
    let mut unknown = plain.clone();
    unknown.cookies.insert("gk_hanzi".into(), "x".into());
    assert!(unknown.get("/rules").await.text().contains("规则"));
}

#[tokio::test]
async fn each_script_has_a_tag_of_its_own() {
    for path in ["/rules", "/kept"] {
        let (mut plain, _guard) = site().await;
        let mut chosen = plain.clone();
        chosen.cookies.insert("gk_hanzi".into(), "hant".into());
        let page = chosen.get(path).await;
        assert_eq!(tag(&page), "\"1-hant\"");
        let vary = page.headers.get_all(header::VARY).iter();
        let mut varies = vary.filter_map(|line| line.to_str().ok());
        assert!(varies.any(|line| line.contains("cookie")));
        for known in ["\"1-hant\"", "\"x\", W/\"1-hant\""] {
            let again = ask(&mut chosen, path, known).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path} {known}");
            assert_eq!(tag(&again), "\"1-hant\"");
        }
        let other = ask(&mut chosen, path, "\"1\"").await;
        assert!(other.text().contains("規則"), "{path}: another page");
        let back = ask(&mut plain, path, "\"1-hant\"").await;
        assert!(back.text().contains("规则"), "{path}: another page");
        let again = ask(&mut plain, path, "\"1\"").await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    }
}

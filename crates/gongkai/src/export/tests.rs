//! The export of a small portal: every link leads somewhere, what is withdrawn is gone, nothing leaves the folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gongkai_platform::portal::Face;
use gongkai_platform::testing::backends;
use gongkai_platform::web::download::attachment;
use reqwest::Url;

use super::disk::{file_of, name_of};
use super::{MANIFEST, Summary, Texts, links::relative, site};
use crate::find::catch_up;
use crate::find::tests::World;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// A web server that gives out the files of a folder below `base`, and nothing else: the bytes, and the address that a
/// folder without its slash leads on to.
fn served(folder: &Path, base: &str, url: &Url) -> Result<Vec<u8>, Option<Url>> {
    let path = percent_encoding::percent_decode_str(url.path());
    let path = path.decode_utf8().unwrap().into_owned();
    let inner = path.strip_prefix(base).ok_or(None)?;
    let target = folder.join(inner);
    if target.is_dir() && !path.ends_with('/') {
        let mut there = url.clone();
        there.set_path(&format!("{path}/"));
        return Err(Some(there));
    }
    let target = if target.is_dir() {
        target.join("index.html")
    } else {
        target
    };
    std::fs::read(target).map_err(|_| None)
}

/// Follows every link from the first page on; gives how many pages and links there were.
fn crawl(folder: &Path, base: &str) -> (usize, usize) {
    let first = Url::parse("http://static.test")
        .unwrap()
        .join(base)
        .unwrap();
    let base = percent_encoding::percent_decode_str(first.path())
        .decode_utf8()
        .unwrap()
        .into_owned();
    let (mut waiting, mut seen) = (vec![(first.clone(), first.clone())], BTreeSet::new());
    let (mut pages, mut followed) = (0, 0);
    while let Some((url, from)) = waiting.pop() {
        if !seen.insert(url.clone()) {
            continue;
        }
        let bytes = match served(folder, &base, &url) {
            Ok(bytes) => bytes,
            Err(Some(there)) => {
                waiting.push((there, from));
                continue;
            }
            Err(None) => panic!("{url} on {from}"),
        };
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        if !text.trim_start().starts_with('<') || !url.path().ends_with(['/', 'l']) {
            continue;
        }
        pages += 1;
        // What a form asks, no file answers.
        for rest in text.split("action=\"").skip(1) {
            let address = rest.split('"').next().unwrap();
            assert!(
                address.starts_with("http://gongkai.test/"),
                "{address} on {url}"
            );
        }
        for attribute in ["href=\"", "src=\""] {
            for rest in text.split(attribute).skip(1) {
                let address = rest.split('"').next().unwrap().replace("&amp;", "&");
                assert!(!address.starts_with('/'), "{address} on {url}");
                let mut there = url.join(&address).unwrap();
                there.set_fragment(None);
                // The server's own pages, such as search, are at the server.
                if there.host_str() == Some("static.test") {
                    followed += 1;
                    waiting.push((there, url.clone()));
                }
            }
        }
    }
    (pages, followed)
}

async fn run(world: &World, folder: &Path) -> anyhow::Result<Summary> {
    let face = Face::plain(&world.app);
    let texts = Texts::default();
    site(&world.app, world.router.clone(), (&face, texts), folder).await
}

#[tokio::test]
async fn every_link_of_the_export_leads_somewhere() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let links = "<a href=\"/notes/b\">乙</a><a href=\"/login\">登录</a><a href=\"/notes/a?page=2#x\">二</a>\
            <form method=\"get\" action=\"/notes/a\"><input name=\"text\"></form>";
        world.publish("a", "甲办法", links).await;
        world
            .publish("b", "乙办法", "<a href=\"/notes/a#top\">甲</a>")
            .await;
        catch_up(&world.app, &world.finder).await.unwrap();
        let folder = world.guard.folder().join("out");
        let summary = run(&world, &folder).await.unwrap();
        assert!(summary.broken.is_empty(), "{:?}", summary.broken);
        // Wherever it is hung up, by a server that knows nothing but files.
        for base in ["/", "/sub/安澜/"] {
            let (pages, followed) = crawl(&folder, base);
            assert!(pages >= 3 && followed > 5, "{base}: {pages}, {followed}");
        }
        let page = std::fs::read_to_string(folder.join("notes/a/index.html")).unwrap();
        assert!(page.contains("\"http://gongkai.test/login\""), "{page}");
        assert!(
            page.contains("action=\"http://gongkai.test/notes/a\""),
            "{page}"
        );
        let before = files(&folder).len();
        let manifest = std::fs::read_to_string(folder.join(MANIFEST)).unwrap();
        assert_eq!(manifest.lines().count(), before - 1);

        let again = run(&world, &folder).await.unwrap();
        assert_eq!((again.same, again.removed), (again.files, 0));

        world.publish("b", "乙办法", "没有链接").await;
        world.withdraw("a").await;
        catch_up(&world.app, &world.finder).await.unwrap();
        let last = run(&world, &folder).await.unwrap();
        assert_eq!((last.removed, last.broken.len()), (1, 0));
        for file in files(&folder) {
            let text = std::fs::read(&file).unwrap();
            let text = String::from_utf8_lossy(&text);
            assert!(
                !text.contains("甲办法") && !text.contains("notes/a"),
                "{}",
                file.display()
            );
        }
    }
}

/// Many times dearer than a page: written where somebody asks for them, else left to the server.
#[test]
fn texts_as_files_are_written_where_they_are_asked_for() {
    let page = "<a href=\"/documents/1/text.docx\">Word</a><a href=\"/documents/1/text.pdf\">PDF</a>\
        <a href=\"/notes/text.pdf\">别的</a>";
    let at = ("http://gongkai.test", "documents/1/index.html");
    for (word, pdf) in [(false, false), (true, false), (false, true), (true, true)] {
        let (page, links) = super::links::rewrite(page, at, Texts { word, pdf });
        for (kind, written) in [("docx", word), ("pdf", pdf)] {
            let path = format!("/documents/1/text.{kind}");
            assert_eq!(links.contains(&path), written, "{kind}: {links:?}");
            let link = if written {
                format!("href=\"text.{kind}\"")
            } else {
                format!("href=\"http://gongkai.test{path}\"")
            };
            assert!(page.contains(&link), "{page}");
        }
        assert!(links.contains(&"/notes/text.pdf".to_owned()));
    }
}

#[tokio::test]
async fn a_run_that_was_cut_off_goes_on() {
    let backend = &backends()[0];
    let world = World::on(backend).await;
    world.publish("a", "甲办法", "").await;
    // Its page never answers: the first run ends with a problem, but ends.
    world
        .publish("b", "乙办法", "<a href=\"/notes/none\">无</a>")
        .await;
    catch_up(&world.app, &world.finder).await.unwrap();
    let folder = world.guard.folder().join("out");
    let first = run(&world, &folder).await.unwrap();
    assert_eq!(first.broken, ["/notes/none"]);
    // As a kill leaves it: no manifest, a journal whose last line is half.
    let manifest = std::fs::read_to_string(folder.join(MANIFEST)).unwrap();
    std::fs::remove_file(folder.join(MANIFEST)).unwrap();
    std::fs::write(folder.join(".gongkai-export"), "x\n{\"path\":\"/no").unwrap();
    let second = run(&world, &folder).await.unwrap();
    assert_eq!(second.files, first.files);
    assert_eq!(
        std::fs::read_to_string(folder.join(MANIFEST)).unwrap(),
        manifest
    );
    assert!(!folder.join(".gongkai-export").exists());

    let other = world.guard.folder().join("other");
    std::fs::create_dir_all(&other).unwrap();
    std::fs::write(other.join("important.txt"), "x").unwrap();
    assert!(run(&world, &other).await.is_err());
}

#[test]
fn no_address_leaves_the_folder() {
    for (path, file) in [
        ("/", "index.html"),
        ("/plans", "plans/index.html"),
        ("/plans/", "plans/index.html"),
        ("/feed.xml", "feed.xml"),
        ("/documents/%E5%AE%89", "documents/安/index.html"),
    ] {
        assert_eq!(file_of(path).as_deref(), Some(file));
    }
    for path in [
        "",
        "plans",
        "//etc/passwd",
        "/../x",
        "/a/../../x",
        "/a/%2e%2e/x",
        "/a/..%2fx",
        "/a/%2Fetc",
        "/a\\..\\x",
        "/a/%5c..",
        "/C:/x",
        "/a/.htaccess",
        "/.gongkai-export",
        "/SHA256SUMS/",
        "/a/%00",
        "/a//b",
        "/a/%ff",
        "/a/x.",
    ] {
        assert!(
            file_of(path).is_none_or(|file| file.starts_with("SHA256SUMS/")),
            "{path}"
        );
    }
}

#[test]
fn a_link_leads_from_file_to_file() {
    for (from, to, link) in [
        ("index.html", "index.html", "index.html"),
        ("index.html", "a/index.html", "a/index.html"),
        ("a/index.html", "index.html", "../index.html"),
        ("a/b/index.html", "a/c/index.html", "../c/index.html"),
        ("a/index.html", "a/b/index.html", "b/index.html"),
        ("a/b/index.html", "a/index.html", "../index.html"),
        ("a/b/index.html", "assets/1/x.css", "../../assets/1/x.css"),
        (
            "a/index.html",
            "a/决算 表.xlsx",
            "%E5%86%B3%E7%AE%97%20%E8%A1%A8.xlsx",
        ),
    ] {
        assert_eq!(relative(from, to), link, "{from} → {to}");
    }
}

#[test]
fn a_download_lies_under_its_name() {
    let name = |told: &str, file: &str| {
        let mut headers = axum::http::HeaderMap::new();
        headers.insert("content-disposition", told.parse().unwrap());
        name_of(&headers, file)
    };
    let told = |name: &str| {
        let response = attachment(name, "application/pdf", Vec::new());
        let told = &response.headers()["content-disposition"];
        told.to_str().unwrap().to_owned()
    };
    let at = "documents/1/files/2/index.html";
    for (sent, kept) in [
        ("决算表.xlsx", Some("决算表.xlsx")),
        ("a/../b:c?.pdf", Some("a_.._b_c_.pdf")),
        ("...htaccess", Some("htaccess")),
        ("index.html", None),
        ("INDEX.HTML", None),
        ("..", None),
        ("\0.pdf", Some("_.pdf")),
    ] {
        assert_eq!(name(&told(sent), at).as_deref(), kept, "{sent}");
    }
    let long = name(&told(&format!("{}.docx", "长".repeat(100))), at).unwrap();
    assert!(long.len() <= 200 && long.ends_with("长.docx"), "{long}");
    assert_eq!(name("inline", at), None);
    assert_eq!(name(&told("issue.pdf"), "gazette/2026/3/issue.pdf"), None);
}

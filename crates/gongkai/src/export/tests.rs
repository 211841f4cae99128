//! The export of a small portal: every link leads somewhere, what is withdrawn is gone, nothing leaves the folder.

use std::path::{Path, PathBuf};

use gongkai_platform::portal::Face;
use gongkai_platform::testing::backends;
use gongkai_platform::web::download::attachment;

use super::disk::{file_of, name_of};
use super::{MANIFEST, Summary, links, site};
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

async fn run(world: &World, folder: &Path) -> anyhow::Result<Summary> {
    let face = Face::plain(&world.app);
    site(&world.app, world.router.clone(), &face, folder).await
}

#[tokio::test]
async fn every_link_of_the_export_leads_somewhere() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let links = "<a href=\"/notes/b\">乙</a><a href=\"/login\">登录</a><a href=\"/notes/a?page=2#x\">二</a>";
        world.publish("a", "甲办法", links).await;
        world
            .publish("b", "乙办法", "<a href=\"/notes/a#top\">甲</a>")
            .await;
        catch_up(&world.app, &world.finder).await.unwrap();
        let folder = world.guard.folder().join("out");
        let summary = run(&world, &folder).await.unwrap();
        assert!(summary.broken.is_empty(), "{:?}", summary.broken);
        let mut followed = 0;
        for page in files(&folder)
            .iter()
            .filter(|file| file.extension().is_some_and(|end| end == "html"))
        {
            let text = std::fs::read_to_string(page).unwrap();
            for link in links::rewrite(&text, "").1 {
                followed += 1;
                assert!(
                    folder.join(file_of(&link).unwrap()).is_file(),
                    "{link} on {}",
                    page.display()
                );
            }
            assert!(
                !text.contains("\"/login") && !text.contains("\"/search"),
                "the server's pages are at the server"
            );
        }
        assert!(followed > 5);
        let page = std::fs::read_to_string(folder.join("notes/a/index.html")).unwrap();
        assert!(page.contains("\"http://gongkai.test/login\""), "{page}");
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

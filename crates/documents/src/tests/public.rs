//! What the public reads, and what became of it later.

use super::*;

/// Each text is a file of its own address, which a static export keeps; the former addresses lead there.
#[tokio::test]
async fn the_text_is_given_out_as_a_file() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于开放日的通知", "<p>10月开放。</p>")
            .await;
        let public = path.replace("/workspace", "");
        let file = format!("{public}/text.docx");
        assert_eq!(world.public().get(&file).await.status, 404, "a draft");
        world.goes_out(&path, Kind::Notice).await;
        let page = world.public().get(&public).await.page();
        assert!(page.contains(&format!("href=\"{file}\"")), "{page}");
        let word = world.public().get(&file).await;
        assert_eq!(word.status, 200);
        assert!(word.bytes.starts_with(b"PK"));
        let named = word.headers["content-disposition"].to_str().unwrap();
        assert!(named.contains(".docx"), "{named}");
        for format in ["docx", "pdf"] {
            let old = world
                .public()
                .get(&format!("{public}/text?as={format}"))
                .await;
            assert_eq!(old.status, 308);
            let there = format!("{public}/text.{format}");
            assert_eq!(old.location(), Some(there.as_str()));
        }
        let other = world.public().get(&format!("{public}/text?as=exe")).await;
        assert_eq!(other.status, 404);
        let why = [("why", "活动取消。")];
        assert_eq!(world.act(world.clerk, &path, "withdraw", &why).await, 303);
        for address in ["", "/text.docx", "/text.pdf", "/history"] {
            let gone = world.public().get(&format!("{public}{address}")).await;
            assert_eq!(gone.status, 410, "{address}");
            assert!(gone.text().contains("活动取消"), "{address}");
        }
    }
}

#[tokio::test]
async fn a_correction_says_why_and_what_cites_it_learns_of_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于开放日的通知", "<p>10月开放。</p>")
            .await;
        let public = path.replace("/workspace", "");
        world.goes_out(&path, Kind::Notice).await;
        let of = Ref {
            kind: "document".to_owned(),
            id: path.rsplit('/').next().unwrap().to_owned(),
        };
        let seams = crate::seams();
        let found = world
            .db
            .read(async |tx: &mut Tx| seams.describe(tx, &of).await)
            .await
            .unwrap()
            .unwrap();
        let claims = [Claim {
            of: of.clone(),
            seal: Some(found.seal.clone()),
        }];
        let verdict = async || {
            world
                .db
                .read(async |tx: &mut Tx| seams.verify(tx, &claims).await)
                .await
                .unwrap()
                .remove(0)
        };
        assert_eq!(verdict().await, Verdict::Holds);
        let key = FigureKey {
            name: "documents.published".to_owned(),
            organ: world.city,
            year: 2026,
        };
        let figure = world
            .db
            .read(async |tx: &mut Tx| seams.figures(tx, std::slice::from_ref(&key)).await)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(figure.map(|figure| figure.value), Some(1));

        // The old text stands until the new one went the whole way.
        let version = world.version(&path).await;
        let fields = [
            ("version", version.as_str()),
            ("title", "关于开放日的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "11月开放。"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        assert_eq!(
            clerk
                .upload(&format!("{path}/write"), &fields, ("file", "", b""))
                .await
                .status,
            303
        );
        assert!(
            world
                .public()
                .get(&public)
                .await
                .page()
                .contains("10月开放")
        );
        world.approve(&path, Kind::Notice).await;
        assert_eq!(
            world.act(world.clerk, &path, "publish", &[]).await,
            422,
            "a correction needs its explanation"
        );
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        assert_eq!(
            world
                .act(
                    world.clerk,
                    &path,
                    "publish",
                    &[("explanation", "时间有误，更正为11月。")]
                )
                .await,
            303
        );
        let page = world.public().get(&public).await.page();
        assert!(
            page.contains("11月开放")
                && page.contains(
                    "【已更正】本文已于2026年10月13日更正。更正说明：时间有误，更正为11月。"
                ),
            "{page}"
        );
        assert!(page.contains(r#""dateModified":"2026-10-13""#), "{page}");
        let feed = world.public().get("/documents/feed.xml").await.text();
        assert!(feed.contains("<updated>2026-10-13T"), "{feed}");
        assert!(matches!(verdict().await, Verdict::Changed(_)));
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        let compare = page
            .split("href=\"")
            .find(|rest| rest.contains("/compare?"))
            .unwrap();
        let compare = compare.split('"').next().unwrap().replace("&amp;", "&");
        let page = clerk.get(&compare).await.page();
        assert!(
            page.contains("－ 1<del>0</del>月开放。") && page.contains("＋ 1<ins>1</ins>月开放。"),
            "{page}"
        );

        // Withdrawn: the page says why and keeps nothing of the text; the index drops it.
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        assert_eq!(world.act(world.clerk, &path, "withdraw", &[]).await, 422);
        assert_eq!(
            world
                .act(world.clerk, &path, "withdraw", &[("why", "内容重复。")])
                .await,
            303
        );
        let gone = world.public().get(&public).await;
        assert_eq!(gone.status, 410);
        let text = gone.text();
        assert!(
            text.contains("本文已于2026年10月14日撤下。撤下说明：内容重复。")
                && !text.contains("11月开放"),
            "{text}"
        );
        assert!(matches!(verdict().await, Verdict::Gone(_)));
        let source = seams.searchable.first().unwrap();
        let refs = [of.clone()];
        let entry = world
            .db
            .read(async |tx: &mut Tx| source.entries(tx, &refs).await)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(entry, None);
        assert_eq!(
            world.act(world.clerk, &path, "restore", &[]).await,
            422,
            "without a reason"
        );
        assert_eq!(
            world
                .act(world.clerk, &path, "restore", &[("why", "核实无误。")])
                .await,
            303
        );
        let entry = world
            .db
            .read(async |tx: &mut Tx| source.entries(tx, &refs).await)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(entry.unwrap().body, "11月开放。");
        let page = world.public().get(&public).await.page();
        assert!(
            !page.contains("更正") && page.contains(r#""dateModified":"2026-10-14""#),
            "{page}"
        );
    }
}

#[tokio::test]
async fn an_hour_that_was_set_publishes_by_itself() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.draft("notice", "定时的通知", "<p>正文。</p>").await;
        world.approve(&path, Kind::Notice).await;
        assert_eq!(
            world
                .act(
                    world.clerk,
                    &path,
                    "schedule",
                    &[("at", "2026-10-12T08:00")]
                )
                .await,
            422
        );
        assert_eq!(
            world
                .act(
                    world.clerk,
                    &path,
                    "schedule",
                    &[("at", "2026-10-12T10:00")]
                )
                .await,
            303
        );
        // What is set is shown, can be put off and taken back; with nothing set there is nothing to take back.
        let page = async || world.browser(world.clerk).await.get(&path).await.page();
        let shown = page().await;
        for words in [
            "已定于2026年10月12日 10:00自动发布",
            "value=\"2026-10-12T10:00\"",
            "改到什么时间发布",
            "取消定时发布",
        ] {
            assert!(shown.contains(words), "{words} in {shown}");
        }
        let at = async |at: &str| {
            world
                .act(world.clerk, &path, "schedule", &[("at", at)])
                .await
        };
        assert_eq!(at("").await, 303);
        assert!(!page().await.contains("改到什么时间发布"));
        assert_eq!(at("").await, 422);
        assert_eq!(at("2026-10-12T10:00").await, 303);
        let look = async || {
            job::schedule::queue_due(&world.db, &crate::schedules())
                .await
                .unwrap();
            while job::run_next(&world.db, &crate::workers(&world.app))
                .await
                .unwrap()
            {}
            world
                .public()
                .get(&path.replace("/workspace", ""))
                .await
                .status
                .as_u16()
        };
        assert_eq!(look().await, 404);
        world.clock.advance(jiff::SignedDuration::from_mins(61));
        assert_eq!(look().await, 200);
    }
}

/// The names and values of a page's meta tags, in their order.
fn tags(page: &str) -> Vec<(String, String)> {
    let metas = page.split("<meta name=\"").skip(1);
    metas
        .filter_map(|rest| {
            let (name, rest) = rest.split_once("\" content=\"")?;
            Some((name.to_owned(), rest.split('"').next()?.to_owned()))
        })
        .filter(|(name, _)| name != "viewport")
        .collect()
}

#[tokio::test]
async fn every_page_carries_the_tags_of_government_sites_and_old_years_are_found() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("normative", "安澜市政策解读工作办法", "<p>第一条</p>")
            .await;
        let public = path.replace("/workspace", "");
        world.goes_out(&path, Kind::Normative).await;
        let page = world.public().get(&public).await.text();
        let url = format!("{}{public}", world.app.site.url);
        let site = [
            ("SiteName", format!("{}政府信息公开", world.app.site.name)),
            ("SiteDomain", "gongkai.test".to_owned()),
        ];
        let column = [
            ("ColumnName", "行政规范性文件".to_owned()),
            ("ColumnType", "政策文件".to_owned()),
            ("ColumnKeywords", "行政规范性文件,政府信息公开".to_owned()),
            (
                "ColumnDescription",
                format!("{}公开的行政规范性文件", world.app.site.name),
            ),
        ];
        let article = [
            ("ArticleTitle", "安澜市政策解读工作办法".to_owned()),
            ("PubDate", "2026-10-12 09:00".to_owned()),
            ("ContentSource", "安澜市人民政府".to_owned()),
            ("Keywords", String::new()),
            ("Description", String::new()),
            ("Url", url.clone()),
        ];
        let wanted: Vec<(String, String)> = site
            .iter()
            .chain(&column)
            .chain(&article)
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        assert_eq!(tags(&page), wanted);
        // What people take along: a line to cite, and the address as a picture.
        let cite = "《安澜市政策解读工作办法》（安府规〔2026〕3号），安澜市人民政府，2026年9月1日";
        assert!(
            page.contains(cite) && page.contains(&format!("，{url}</textarea>")),
            "{page}"
        );
        assert!(page.contains("aria-label=\"本页网址的二维码\""), "{page}");
        for list in ["/documents", "/documents/years", "/gazette", "/columns"] {
            let names: Vec<String> = tags(&world.public().get(list).await.text())
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            assert_eq!(names[..2], ["SiteName", "SiteDomain"], "{list}");
        }

        let years = world.public().get("/documents/years").await.page();
        assert!(
            years.contains("href=\"/documents/years/2026/normative\""),
            "{years}"
        );
        for there in ["2026", "2026/normative", "2026/all/1", "2026/normative/1"] {
            let list = world
                .public()
                .get(&format!("/documents/years/{there}"))
                .await;
            assert_eq!(list.status, 200, "{there}");
            assert!(list.text().contains("安澜市政策解读工作办法"), "{there}");
        }
        for nowhere in [
            "2025",
            "2026/rule",
            "2026/nonsense",
            "2026/all/2",
            "x",
            "2026/all/-1/",
        ] {
            let list = world
                .public()
                .get(&format!("/documents/years/{nowhere}"))
                .await;
            assert!(list.status.is_client_error(), "{nowhere}: {}", list.status);
        }
    }
}

#[tokio::test]
async fn pictures_of_a_text_are_shown_with_it_and_go_with_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.with_picture().await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        let source = |page: &str| {
            page.split("src=\"")
                .filter_map(|rest| rest.split('"').next())
                .find(|source| source.contains("/pictures/"))
                .map(str::to_owned)
        };
        let own = source(&page).unwrap();
        assert!(page.contains("alt=\"流程图\""), "{page}");
        let shown = clerk.get(&own).await;
        assert_eq!(shown.status, 200);
        assert_eq!(shown.headers["content-type"], "image/png");
        assert_eq!(shown.headers["x-content-type-options"], "nosniff");
        assert_eq!(&shown.bytes[..], PNG);
        let public = path.replace("/workspace", "");
        let address = own.replace("/workspace", "");
        assert_eq!(world.public().get(&address).await.status, 404, "a draft's");
        assert_eq!(
            world.browser(world.stranger).await.get(&own).await.status,
            404
        );

        world.goes_out(&path, Kind::Notice).await;
        let page = world.public().get(&public).await.text();
        assert_eq!(source(&page).as_deref(), Some(address.as_str()));
        assert_eq!(world.public().get(&address).await.status, 200);
        let elsewhere = address.replace(
            path.rsplit('/').next().unwrap(),
            &testing::uuid().to_string(),
        );
        assert_eq!(world.public().get(&elsewhere).await.status, 404);

        // Found by its bytes like any other file.
        let list = world.takes_down(PNG, "图中有个人信息。").await;
        assert!(list.contains("文件正文里的图片"), "{list}");
        assert_eq!(world.public().get(&address).await.status, 410);
        let because = [("why", "全文撤下。")];
        assert_eq!(
            world.act(world.clerk, &path, "withdraw", &because).await,
            303
        );
        assert_eq!(world.public().get(&address).await.status, 404);
    }
}

#[tokio::test]
async fn nothing_that_people_wrote_is_markup_on_any_page() {
    const TITLE: &str = "通知</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
    const NAME: &str = "附件\"><img src=x onerror=alert(3)>.txt";
    for backend in backends() {
        let world = World::on(&backend).await;
        let city = world.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", TITLE),
            ("theme", "综合政务"),
            ("summary", TITLE),
            ("keywords", TITLE),
            ("openness", "open"),
            ("markup", "html"),
            ("body", HOSTILE),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let path = clerk
            .upload(
                "/workspace/documents/new?kind=notice",
                &fields,
                ("file", NAME, "名单".as_bytes()),
            )
            .await
            .redirected();
        world.goes_out(&path, Kind::Notice).await;
        let public = path.replace("/workspace", "");
        let mut pages = vec![
            clerk.get(&path).await.text(),
            clerk.get("/workspace/documents").await.text(),
            clerk.get("/workspace/files").await.text(),
        ];
        for page in [
            public.as_str(),
            "/documents",
            "/documents/feed.xml",
            "/documents/years/2026",
        ] {
            pages.push(world.public().get(page).await.text());
        }
        for page in &pages {
            for alive in ["<script>alert", "<img src=x", "onclick=\"x()"] {
                assert!(!page.contains(alive), "{alive} in {page}");
            }
        }
        assert!(
            pages[3].contains("通知&#60;/script&#62;") || pages[3].contains("通知&lt;/script&gt;"),
            "{}",
            pages[3]
        );
        // The name leaves encoded, in a header of one line.
        let link = pages[3]
            .split("href=\"")
            .filter_map(|rest| rest.split('"').next())
            .find(|link| link.contains("/files/"))
            .unwrap();
        let file = world.public().get(link).await;
        let disposition = file.headers["content-disposition"].to_str().unwrap();
        assert!(
            disposition.starts_with("attachment; ") && !disposition.contains('<'),
            "{disposition}"
        );
    }
}

#[tokio::test]
async fn files_of_a_correction_are_seen_with_it_and_not_before() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于名单的通知", "<p>见附件。</p>")
            .await;
        let public = path.replace("/workspace", "");
        let write = async |body: &str, file: &str, drop: &str| {
            let version = world.version(&path).await;
            let fields = [
                ("version", version.as_str()),
                ("title", "关于名单的通知"),
                ("theme", "综合政务"),
                ("openness", "open"),
                ("markup", "text"),
                ("body", body),
                ("drop", drop),
            ];
            let mut clerk = world.browser(world.clerk).await;
            let saved = clerk
                .upload(
                    &format!("{path}/write"),
                    &fields,
                    ("file", file, file.as_bytes()),
                )
                .await;
            assert_eq!(saved.status, 303, "{}", saved.text());
            clerk.get(&path).await.page()
        };
        // A file alone is a change, too, and leaves its event.
        let page = write("见附件。", "一.txt", "").await;
        assert!(page.contains("一.txt"), "{page}");
        let page = write("见附件。", "二.txt", "").await;
        assert!(page.contains("更换《关于名单的通知》的附件"), "{page}");
        world.goes_out(&path, Kind::Notice).await;
        let files = async || {
            let page = world.public().get(&public).await.page();
            let there = |name: &&str| page.contains(name);
            ["一.txt", "二.txt", "三.txt"]
                .into_iter()
                .filter(there)
                .collect::<Vec<_>>()
        };
        assert_eq!(files().await, ["一.txt", "二.txt"]);
        let page = world.public().get(&public).await.page();
        let (before, _) = page.split_once("\">一.txt").unwrap();
        let first = before.rsplit('/').next().unwrap().to_owned();

        let page = write("见新附件。", "三.txt", &first).await;
        assert!(
            page.contains("三.txt") && !page.contains("一.txt"),
            "{page}"
        );
        assert_eq!(
            files().await,
            ["一.txt", "二.txt"],
            "nobody reviewed it yet"
        );
        let begin = format!("{path}/files/");
        let third = page.split(&begin).skip(1);
        for id in third.filter_map(|rest| rest.split('"').next()) {
            let seen = world.public().get(&format!("{public}/files/{id}")).await;
            let held = world.browser(world.clerk).await;
            let name = held.clone().get(&format!("{path}/files/{id}")).await.text();
            assert_eq!(seen.status == 200, name.starts_with('二'), "{name}");
        }
        world.approve(&path, Kind::Notice).await;
        let because = [("explanation", "名单有误，予以更正。")];
        assert_eq!(
            world.act(world.clerk, &path, "publish", &because).await,
            303
        );
        assert_eq!(files().await, ["二.txt", "三.txt"]);
        let gone = world.public().get(&format!("{public}/files/{first}")).await;
        assert_eq!(gone.status, 404);
    }
}

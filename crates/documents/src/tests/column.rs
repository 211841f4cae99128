//! Columns: opened, filled by tags, public, stale, mended.

use gongkai_basis::reference::DateRange;
use gongkai_platform::seam::Theme;

use super::*;

impl World {
    pub(super) async fn column(&self, slug: &str, rhythm: &str) -> String {
        let organ = self.office.to_string();
        let mut clerk = self.browser(self.clerk).await;
        clerk
            .post(
                "/workspace/columns/new",
                &[
                    ("name", "义务教育"),
                    ("organ", organ.as_str()),
                    ("slug", slug),
                    ("about", "招生、学校、经费。"),
                    ("elements", "招生政策\n学校名录"),
                    ("rhythm", rhythm),
                ],
            )
            .await
            .redirected()
    }

    pub(super) async fn night(&self) {
        job::schedule::queue_due(&self.db, &crate::schedules())
            .await
            .unwrap();
        while job::run_next(&self.db, &crate::workers(&self.app))
            .await
            .unwrap()
        {}
    }

    /// State and title of the findings of this kind, in order.
    pub(super) async fn findings(&self, like: &'static str) -> Vec<(String, String)> {
        self.db
            .read(async |tx: &mut Tx| {
                tx.all(
                    sql("SELECT state, title FROM finding WHERE key LIKE $1 ORDER BY key, id")
                        .bind(like),
                )
                .await
            })
            .await
            .unwrap()
            .iter()
            .map(|row| (row.get("state").unwrap(), row.get("title").unwrap()))
            .collect()
    }

    /// The title under which the public's search has the column.
    async fn column_found(&self, id: &str) -> Option<String> {
        let of = Ref {
            kind: "column".to_owned(),
            id: id.to_owned(),
        };
        let seams = crate::seams();
        let there = self
            .db
            .read(async |tx: &mut Tx| seams.entries(tx, std::slice::from_ref(&of)).await)
            .await
            .unwrap()
            .remove(0);
        there.map(|entry| {
            assert!(entry.body.contains("学校名录"), "{entry:?}");
            assert_eq!(entry.path, "/columns/yiwu-jiaoyu");
            entry.title
        })
    }

    async fn published(&self, title: &str) -> String {
        let path = self.draft("notice", title, "<p>正文。</p>").await;
        self.goes_out(&path, Kind::Notice).await;
        path
    }

    async fn hash(&self, path: &str) -> String {
        let id = path.rsplit('/').next().unwrap().to_owned();
        self.db
            .read(async |tx: &mut Tx| {
                tx.one(
                    sql("SELECT e.hash FROM edition e JOIN document d ON d.published_id = e.id WHERE d.id = $1")
                        .bind(&id),
                )
                .await
            })
            .await
            .unwrap()
            .get("hash")
            .unwrap()
    }
}

#[tokio::test]
async fn a_column_is_filled_by_tags_and_told_when_it_grows_stale() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let column = world.column("yiwu-jiaoyu", "news").await;
        let id = column.rsplit('/').next().unwrap().to_owned();
        assert_eq!(world.column_found(&id).await.as_deref(), Some("义务教育"));
        let path = world.published("2026年秋季招生公告").await;
        let before = world.hash(&path).await;
        let mut clerk = world.browser(world.clerk).await;

        // Blank from the first night; neither is it found by a stranger's unit.
        world.night().await;
        assert_eq!(
            world.findings("column:%").await,
            [("to_verify".to_owned(), "“义务教育”专栏没有内容".to_owned())]
        );
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.get(&column).await.status, 404);

        // No column is chosen before somebody chooses it.
        let page = clerk.get(&path).await.page();
        let list = page.split("<select id=\"place\"").nth(1).unwrap();
        let list = list.split("</select>").next().unwrap();
        assert!(
            list.contains("<option value=\"\">请选择</option>") && !list.contains("selected"),
            "{list}"
        );
        let untouched = [("act", "put"), ("place", "")];
        let refused = clerk.post(&format!("{path}/columns"), &untouched).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("请选择一个专栏。"));

        // An element that the column does not have, a column that is not there, a document out of reach.
        let place = format!("{id}|收费标准");
        let target = format!("{path}/columns");
        let put = |place: String| [("act", "put".to_owned()), ("place", place)];
        for (who, place, status) in [
            (world.clerk, place, 422),
            (world.clerk, testing::uuid().to_string(), 422),
            (world.stranger, format!("{id}|招生政策"), 404),
            (world.clerk, format!("{id}|招生政策"), 303),
        ] {
            let fields = put(place);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let answer = world.browser(who).await.post(&target, &fields).await;
            assert_eq!(answer.status.as_u16(), status);
        }
        assert_eq!(world.hash(&path).await, before, "no edition changes by it");
        let page = clerk.get(&path).await.page();
        assert!(page.contains("归入“义务教育”专栏的“招生政策”"), "{page}");

        let list = world.public().get("/columns").await.page();
        assert!(list.contains("/columns/yiwu-jiaoyu"), "{list}");
        let page = world.public().get("/columns/yiwu-jiaoyu").await.page();
        assert!(page.contains("2026年秋季招生公告"), "{page}");
        let feed = world
            .public()
            .get("/columns/yiwu-jiaoyu/feed.xml")
            .await
            .text();
        assert!(feed.contains("<entry><title>2026年秋季招生公告"), "{feed}");

        let organ = world
            .public()
            .get(&format!("/organs/{}", world.city))
            .await
            .page();
        assert!(organ.contains("2026年秋季招生公告"), "{organ}");
        let nobody = world
            .public()
            .get(&format!("/organs/{}", testing::uuid()))
            .await;
        assert_eq!(nobody.status, 404);

        // The blank is closed by the re-check; the missing element is found; two weeks later it is stale.
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        world.night().await;
        let states = world.findings("column:%").await;
        assert_eq!(
            states,
            [
                ("closed".to_owned(), "“义务教育”专栏没有内容".to_owned()),
                (
                    "to_verify".to_owned(),
                    "“义务教育”专栏缺少必备要素".to_owned()
                ),
            ]
        );
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 14));
        world.night().await;
        assert_eq!(
            world.findings("column:%:stale").await,
            [("to_verify".to_owned(), "“义务教育”专栏更新超期".to_owned())]
        );
        // A session does not last so long.
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/columns?state=stale").await.page();
        assert!(page.contains("■ 更新超期1天"), "{page}");
        let due = gongkai_basis::reference::DateRange {
            from: "2026-10-01".parse().unwrap(),
            to: "2026-10-31".parse().unwrap(),
        };
        let seams = crate::seams();
        let items = world
            .db
            .read(async |tx: &mut Tx| {
                seams
                    .due(tx, &gongkai_platform::access::Scope::Everything, due)
                    .await
            })
            .await
            .unwrap();
        assert_eq!(items[0].title, "更新“义务教育”专栏");
        assert_eq!(items[0].due_on.to_string(), "2026-10-26");

        // New content mends both.
        let other = world.published("学校名录").await;
        let place = format!("{id}|学校名录");
        let answer = clerk
            .post(
                &format!("{other}/columns"),
                &[("act", "put"), ("place", &place)],
            )
            .await;
        assert_eq!(answer.status, 303);
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        world.night().await;
        let states = world.findings("column:%").await;
        assert!(
            states.iter().all(|(state, _)| state == "closed"),
            "{states:?}"
        );

        let mut clerk = world.browser(world.clerk).await;
        // Taken out again, it is no longer there; closed, the column says why.
        let answer = clerk
            .post(
                &format!("{other}/columns"),
                &[("act", "take"), ("place", &id)],
            )
            .await;
        assert_eq!(answer.status, 303);
        let page = world.public().get("/columns/yiwu-jiaoyu").await.page();
        assert!(!page.contains("学校名录"), "{page}");
        let closing = format!("{column}/close");
        for (version, why, status) in [
            ("7", "并入", 409),
            ("1", "", 422),
            ("1", "并入民生专栏", 303),
        ] {
            let fields = [("version", version), ("act", "close"), ("why", why)];
            assert_eq!(clerk.post(&closing, &fields).await.status.as_u16(), status);
        }
        let gone = world.public().get("/columns/yiwu-jiaoyu").await;
        assert_eq!(gone.status, 410);
        assert_eq!(world.column_found(&id).await, None);
        assert!(gone.text().contains("并入民生专栏"));
    }
}

#[tokio::test]
async fn a_column_has_one_address_and_a_whole_form() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let column = world.column("yiwu-jiaoyu", "policy").await;
        let mut clerk = world.browser(world.clerk).await;
        let organ = world.office.to_string();
        let fields = [
            ("name", "另一个"),
            ("organ", organ.as_str()),
            ("slug", "yiwu-jiaoyu"),
            ("about", "说明"),
            ("rhythm", "days"),
            ("days", "0"),
        ];
        let again = clerk.post("/workspace/columns/new", &fields).await;
        assert_eq!(again.status, 422);
        let text = again.text();
        assert!(
            text.contains("已用于“义务教育”专栏") && text.contains("1到730之间的天数"),
            "{text}"
        );
        let page = clerk.get(&format!("{column}/change")).await.page();
        assert!(page.contains("招生政策\n学校名录"), "{page}");

        // Another keeper and a new name for an element: the old keeper has nothing to mend any more, the new one has, and
        // what was put under the old name stands under the new one.
        let path = world.published("2026年秋季招生公告").await;
        let id = column.rsplit('/').next().unwrap();
        let place = format!("{id}|招生政策");
        let put = [("act", "put"), ("place", place.as_str())];
        let answer = clerk.post(&format!("{path}/columns"), &put).await;
        assert_eq!(answer.status, 303);
        world.night().await;
        let open = |state: &str| vec![(state.to_owned(), "“义务教育”专栏缺少必备要素".to_owned())];
        assert_eq!(world.findings("column:%").await, open("to_verify"));
        let city = world.city.to_string();
        let change = [
            ("version", "1"),
            ("name", "义务教育"),
            ("organ", city.as_str()),
            ("slug", "yiwu-jiaoyu"),
            ("about", "招生、学校、经费。"),
            ("elements", "招生入学政策\n学校名录"),
            ("rhythm", "policy"),
            ("follow", "yes"),
        ];
        let answer = clerk.post(&format!("{column}/change"), &change).await;
        assert_eq!(answer.status, 303);
        let mut states = world.findings("column:%").await;
        states.sort();
        assert_eq!(states, [open("closed"), open("to_verify")].concat());
        let page = clerk.get(&column).await.page();
        for words in [
            "“招生政策”改为“招生入学政策”，已归入的文件随之",
            "维护单位由安澜市人民政府办公室改为安澜市人民政府",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("<td data-label=\"要素\">招生入学政策</td>"),
            "{page}"
        );
        let mut reviewer = world.browser(world.who(Role::ThirdReviewer)).await;
        assert_eq!(reviewer.get("/workspace/columns/new").await.status, 403);
        // A page that the reader has already is not sent again.
        let first = world.public().get("/columns").await;
        let tag = first.headers.get("etag").unwrap().clone();
        let request = axum::http::Request::builder()
            .uri("/columns")
            .header("if-none-match", tag);
        let second = world
            .public()
            .send(request, axum::body::Body::empty())
            .await;
        assert_eq!(second.status, 304);
    }
}

/// What others must make public may be here already: by column, by name, by kind.
#[tokio::test]
async fn documents_fit_what_others_must_make_public() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let column = world.column("yiwu-jiaoyu", "news").await;
        let id = column.rsplit('/').next().unwrap().to_owned();
        let path = world.published("2026年秋季招生公告").await;
        world.published("关于放假的通知").await;
        let mut clerk = world.browser(world.clerk).await;
        let place = format!("{id}|招生政策");
        let put = [("act", "put"), ("place", place.as_str())];
        clerk
            .post(&format!("{path}/columns"), &put)
            .await
            .redirected();
        let fitting = crate::seams().fitting.unwrap();
        let fits = async |organ: OrganId, names: &[&str], to: &str| {
            let theme = Theme {
                organ,
                class: 11,
                domain: "义务教育".to_owned(),
                names: names.iter().map(|&name| name.to_owned()).collect(),
                within: DateRange {
                    from: "2026-01-01".parse().unwrap(),
                    to: to.parse().unwrap(),
                },
            };
            let fits = async |tx: &mut Tx| fitting.fitting(tx, &theme, 10).await;
            let fits = world.db.read(fits).await.unwrap();
            let told = fits.into_iter().map(|fit| (fit.found.title, fit.why));
            told.collect::<Vec<_>>()
        };
        let found = fits(world.city, &["招生政策"], "2026-12-31").await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0.contains("2026年秋季招生公告"), "{found:?}");
        assert_eq!(found[0].1, ["专栏“义务教育”的“招生政策”"]);
        // Not what was published on other days, nor by others.
        assert_eq!(fits(world.city, &["招生政策"], "2026-10-11").await, []);
        let other = testing::organ(&world.db, "市教育局", Some(world.city)).await;
        assert_eq!(fits(other, &["招生政策"], "2026-12-31").await, []);
    }
}

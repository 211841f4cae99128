//! What several people ask for becomes a suggestion, is decided, published, and offered to those who come later.

use super::offering::with_notes;
use super::*;
use crate::cluster::gather;
use crate::publication::store::{View, count as releases};
use gongkai_platform::job;

/// Hands in an application of somebody; gives the receipt.
pub(super) async fn asks(world: &World, subject: &str, paper: &str) -> String {
    let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
    let mut fields = application(&token, &organ, subject);
    fields.retain(|(name, _)| *name != "paper_number");
    fields.push(("paper_number", paper));
    let mut visitor = world.visitor();
    visitor.post("/requests/submit", &fields).await.redirected()
}

pub(super) fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let rest = text.split(start).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("{start} not in\n{text}"));
    rest.split(end).next().unwrap()
}

pub(super) async fn version(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await.page();
    between(&page, "name=\"version\" value=\"", "\"").to_owned()
}

pub(super) const LIST: &str = "/workspace/requests/suggestions";

#[tokio::test]
async fn what_several_people_ask_for_is_decided_published_and_offered() {
    for backend in backends() {
        let (world, notes) = with_notes(&backend).await;
        let office = testing::organ(&world.db, "安澜市人民政府办公室", Some(world.city)).await;
        set_kind(&world.db, office, "office").await;
        let clerk = [(Role::OfficeClerk, office)];
        let clerk = testing::person(&world.db, "办公室", &clerk).await;
        let liaison = [(Role::Liaison, world.other)];
        let liaison = testing::person(&world.db, "联络员", &liaison).await;
        // One person twice is no suggestion; a second person makes one, by the job of the case.
        asks(&world, "公交线路调整评估报告", "E1").await;
        asks(&world, "公交线路调整评估报告和附件", "E1").await;
        asks(&world, "城区学位分配方案", "E2").await;
        gather::all(&world.app, None).await.unwrap();
        let mut clerk = world.browser(clerk).await;
        says(&clerk.get(LIST).await, 200, "还没有多人申请同一信息的情况");
        asks(&world, "公交线路调整评估报告全文", "E3").await;
        let workers = crate::workers(&world.app);
        while job::run_next(&world.db, &workers).await.unwrap() {}
        let list = clerk.get(LIST).await.page();
        assert!(list.contains("公交线路调整评估报告") && list.contains("2026年3月30日"));
        assert!(!super::has_bare_day(&list), "{list}");
        let path = format!("{LIST}/{}", between(&list, &format!("{LIST}/"), "\""));
        assert_eq!(gather::all(&world.app, None).await.unwrap().cases, 0);
        // Who did not see the newest state is told; what is declined needs its reason.
        let seen = version(&mut clerk, &path).await;
        let owner = world.other.to_string();
        let no = [("act", "decline"), ("version", &*seen), ("ground", "")];
        says(&clerk.post(&path, &no).await, 422, "不采纳的，请选择理由");
        let adopt = [
            ("act", "adopt"),
            ("version", &*seen),
            ("owner", &*owner),
            ("why", ""),
        ];
        clerk.post(&path, &adopt).await.redirected();
        assert_eq!(clerk.post(&path, &adopt).await.status, 409);
        let mut liaison = world.browser(liaison).await;
        let told = liaison.get("/workspace/requests/suggestions").await;
        assert_eq!(told.status, 200);
        let findings = world
            .db
            .read(async |tx: &mut Tx| {
                let narrow = gongkai_platform::finding::Narrow::default();
                gongkai_platform::finding::of(tx, world.other, &narrow, 10).await
            })
            .await
            .unwrap();
        assert_eq!(findings.len(), 1);
        let title = &findings[0].title;
        assert!(title.contains("公交线路调整评估报告"), "{title}");
        assert_eq!(findings[0].fix_due_on, "2026-03-30".parse().ok());
        // Published: the owner's order is closed, and later applicants see it first.
        notes.publish("9", "关于2026年公共交通线网优化的通告", false);
        notes.publish("1", "公交线路调整评估报告附图", false);
        let seen = version(&mut clerk, &path).await;
        let publish = [
            ("act", "publish"),
            ("version", &*seen),
            ("record", "note:9"),
        ];
        // Said to be public, and nowhere: asked where first of all.
        let nowhere = [("act", "publish"), publish[1]];
        says(
            &clerk.post(&path, &nowhere).await,
            422,
            "<a href=\"#record\">请选择公开在哪里",
        );
        clerk.post(&path, &publish).await.redirected();
        let order = world
            .db
            .read(async |tx: &mut Tx| {
                let narrow = gongkai_platform::finding::Narrow::default();
                gongkai_platform::finding::of(tx, world.other, &narrow, 10).await
            })
            .await
            .unwrap();
        assert!(!order[0].state.is_open(), "{:?}", order[0].state);
        let mut visitor = world.visitor();
        let ask = [("subject", "申请公交线路调整评估报告"), ("seen", "")];
        let answer = visitor.post("/requests/offers", &ask).await.text();
        let first = answer.find("note:9").unwrap();
        assert!(first < answer.find("note:1").unwrap(), "{answer}");
        visitor
            .get("/requests/offers/open?of=note:9")
            .await
            .redirected();
        let found = [("of", "note:9")];
        visitor.post("/requests/offers/found", &found).await.page();
        crate::offer::tally::write_down(&world.app).await.unwrap();
        says(&clerk.get(&path).await, 200, "<b>1</b>次不再申请");
        // Withdrawn from the site, it is offered no more.
        notes.withdraw("9");
        let answer = visitor.post("/requests/offers", &ask).await.text();
        assert!(!answer.contains("note:9"), "{answer}");
        // Another government's desk sees nothing of it.
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.get(&path).await.status, 404);
        assert_eq!(stranger.post(&path, &adopt).await.status, 403);
        let events = world
            .db
            .read(async |tx: &mut Tx| audit::page(tx, 0, 1_000).await)
            .await
            .unwrap();
        let of = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
        assert_eq!(of("request-cluster.arisen"), 1);
        assert_eq!(of("request-cluster.decided"), 2);
    }
}

#[tokio::test]
async fn a_release_is_asked_about_ordered_and_closed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.released("公交线路调整评估报告", "E1").await;
        let mut officer = world.browser(world.officer).await;
        let page = officer.get(&path).await.page();
        assert!(page.contains("要转为主动公开吗"), "{page}");
        // The letter that left leads on to the question, too, until it is decided.
        let letter = super::letters::link(&page, 0);
        let asked = format!("{path}/publication\">现在决定");
        says(&officer.get(&letter).await, 200, &asked);
        let undecided = officer.get("/workspace/requests/publications").await.page();
        assert!(undecided.contains("公交线路调整评估报告") && undecided.contains("现在决定"));
        let publication = format!("{path}/publication");
        let owner = world.other.to_string();
        let yes = [("choice", "yes"), ("owner", &*owner), ("why", "多人关心")];
        officer.post(&publication, &yes).await.redirected();
        says(
            &officer.get(&path).await,
            200,
            "由安澜市财政局在2026年3月30日前公开",
        );
        let orders = async || {
            world
                .db
                .read(async |tx: &mut Tx| {
                    let narrow = gongkai_platform::finding::Narrow::default();
                    gongkai_platform::finding::of(tx, world.other, &narrow, 10).await
                })
                .await
                .unwrap()
        };
        assert!(orders().await[0].state.is_open());
        assert!(!officer.get(&letter).await.page().contains("现在决定"));
        // Back: the order is taken back. Yes again and published: closed.
        let no = [("choice", "no"), ("ground", "privacy"), ("why", "")];
        officer.post(&publication, &no).await.redirected();
        assert!(!orders().await[0].state.is_open());
        officer.post(&publication, &yes).await.redirected();
        assert!(orders().await[0].state.is_open());
        let mut public = yes.to_vec();
        public.push(("published_at", "javascript:alert(1)"));
        says(&officer.post(&publication, &public).await, 422, "网址以");
        public.retain(|(name, _)| *name != "published_at");
        public.push(("published_at", "/documents/1"));
        officer.post(&publication, &public).await.redirected();
        assert!(!orders().await[0].state.is_open());
        let scope = Scope::Everything;
        let mut found = Vec::new();
        for view in View::ALL {
            let n = async |tx: &mut Tx| releases(tx, &scope, *view).await;
            found.push(world.db.read(n).await.unwrap());
        }
        assert_eq!(found, [0, 0, 1, 0]);
        let figure = FigureKey {
            name: "requests.turned_public".to_owned(),
            organ: world.city,
            year: 2026,
        };
        let figures = world
            .db
            .read(async |tx: &mut Tx| world.app.seams.figures(tx, &[figure]).await)
            .await
            .unwrap();
        assert_eq!(figures[0].as_ref().unwrap().value, 1);
    }
}

#[tokio::test]
async fn an_order_of_a_merged_unit_is_closed_at_its_heir() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.released("公交线路调整评估报告", "E1").await;
        let publication = format!("{path}/publication");
        let owner = world.other.to_string();
        let yes = [("choice", "yes"), ("owner", &*owner), ("why", "多人关心")];
        let mut officer = world.browser(world.officer).await;
        officer.post(&publication, &yes).await.redirected();
        let (from, to) = (world.other, world.bureau);
        world
            .db
            .write(async |tx: &mut Tx| {
                let works = gongkai_platform::finding::organ_hooks().open_work;
                testing::merge(tx, &works, (from, to)).await
            })
            .await
            .unwrap();
        let orders = async || {
            let narrow = gongkai_platform::finding::Narrow::default();
            let list = async |tx: &mut Tx| gongkai_platform::finding::of(tx, to, &narrow, 10).await;
            world.db.read(list).await.unwrap()
        };
        assert!(orders().await[0].state.is_open());
        let no = [("choice", "no"), ("ground", "privacy"), ("why", "")];
        officer.post(&publication, &no).await.redirected();
        assert!(!orders().await[0].state.is_open());
    }
}

#[tokio::test]
async fn an_order_begins_a_draft_and_is_closed_by_its_publication() {
    for backend in backends() {
        let (world, notes) = with_notes(&backend).await;
        let subject = "申请公开公交线路调整评估报告（申请人甲）";
        let path = world.released(subject, "E00000001").await;
        let mut officer = world.browser(world.officer).await;
        let publication = format!("{path}/publication");
        let (owner, own) = (world.other.to_string(), world.bureau.to_string());
        let yes = [
            ("choice", "yes"),
            ("owner", &*owner),
            ("why", "申请人甲多次来问"),
        ];
        officer.post(&publication, &yes).await.redirected();
        // The draft is the owning unit's, and nothing of the applicant is in it.
        let drafts = notes.drafts();
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].owner, world.other);
        assert!(drafts[0].title.starts_with("公交线路调整评估报告"));
        let words = format!("{}{}", drafts[0].title, drafts[0].source);
        for personal in ["申请人甲", "E00000001", "0000-0000000"] {
            assert!(!words.contains(personal), "{words}");
        }
        let findings = async |organ| {
            let narrow = gongkai_platform::finding::Narrow::default();
            let list =
                async |tx: &mut Tx| gongkai_platform::finding::of(tx, organ, &narrow, 10).await;
            world.db.read(list).await.unwrap()
        };
        let told = findings(world.other).await;
        assert!(told[0].detail.contains("已在“信息发布—文件”里起草"));
        // Who watches over the unit sees the order, not the draft; who writes there is told where it is.
        assert_eq!(told[0].url, None);
        let mut routes = crate::routes();
        routes.extend(gongkai_platform::inbox::routes());
        let mut helper = Browser::new(web::wrap(web::router(routes), world.app.clone()));
        helper.sign_in(&world.db, world.helper).await;
        let inbox = helper.get("/workspace/inbox").await.page();
        let message = between(&inbox, "请补充正文、送审", "</");
        assert!(message.contains("公交线路调整评估报告"), "{message}");
        assert!(!message.contains("申请人甲"), "{message}");
        // Taken back and ordered again: the same draft. Ordered from another unit: another one.
        let no = [("choice", "no"), ("ground", "privacy"), ("why", "")];
        officer.post(&publication, &no).await.redirected();
        notes.publish("draft-1", "公交线路调整评估报告", false);
        assert_eq!(crate::draft::look(&world.app).await.unwrap(), 0);
        notes.withdraw("draft-1");
        officer.post(&publication, &yes).await.redirected();
        assert_eq!(notes.drafts().len(), 1);
        let other = [("choice", "yes"), ("owner", &*own), ("why", "")];
        officer.post(&publication, &other).await.redirected();
        assert_eq!(notes.drafts().len(), 2);
        // Not published yet: the order stays. Published: closed, once, and where it stands is told.
        assert_eq!(crate::draft::look(&world.app).await.unwrap(), 0);
        assert!(findings(world.bureau).await[0].state.is_open());
        notes.publish("draft-2", "公交线路调整评估报告", false);
        assert_eq!(crate::draft::look(&world.app).await.unwrap(), 1);
        assert_eq!(crate::draft::look(&world.app).await.unwrap(), 0);
        assert!(!findings(world.bureau).await[0].state.is_open());
        says(&officer.get(&path).await, 200, "/notes/draft-2");
    }
}

#[tokio::test]
async fn an_adopted_suggestion_is_published_by_its_draft() {
    for backend in backends() {
        let (world, notes) = with_notes(&backend).await;
        let office = testing::organ(&world.db, "安澜市人民政府办公室", Some(world.city)).await;
        set_kind(&world.db, office, "office").await;
        let clerk = [(Role::OfficeClerk, office)];
        let clerk = testing::person(&world.db, "办公室", &clerk).await;
        asks(&world, "公交线路调整评估报告", "E2").await;
        asks(&world, "公交线路调整评估报告全文", "E3").await;
        gather::all(&world.app, None).await.unwrap();
        let mut clerk = world.browser(clerk).await;
        let list = clerk.get(LIST).await.page();
        let path = format!("{LIST}/{}", between(&list, &format!("{LIST}/"), "\""));
        let (seen, owner) = (version(&mut clerk, &path).await, world.other.to_string());
        let adopt = [
            ("act", "adopt"),
            ("version", &*seen),
            ("owner", &*owner),
            ("why", ""),
        ];
        clerk.post(&path, &adopt).await.redirected();
        let title = &notes.drafts()[0].title;
        assert!(title.starts_with("公交线路调整评估报告"), "{title}");
        notes.publish("draft-1", "公交线路调整评估报告（2026年）", false);
        let workers = crate::workers(&world.app);
        let watch = workers.iter().find(|one| one.kind() == "requests.drafts");
        assert!(watch.is_some());
        assert_eq!(crate::draft::look(&world.app).await.unwrap(), 1);
        says(
            &clerk.get(&path).await,
            200,
            "公交线路调整评估报告（2026年）",
        );
        // Those who come later are led to it.
        let ask = [("subject", "公交线路调整评估报告"), ("seen", "")];
        let answer = world.visitor().post("/requests/offers", &ask).await.text();
        assert!(answer.contains("note:draft-1"), "{answer}");
    }
}

/// Who applies is told of what was published long ago, too.
#[tokio::test]
async fn all_that_was_published_is_there_however_much_it_is() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let organ = world.bureau;
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                for n in 0..3 {
                    tx.run(
                        sql("INSERT INTO request_cluster (id, organ_id, subject, state, requests, applicants, ground, why, decided_by, \
                             record_kind, record_id, record_title, record_path, published_on, version, last_at) \
                             VALUES ($1, $2, '清单', 'published', 2, 2, '', '', '', '', '', '清单', $3, '2026-03-02', 1, 0)")
                            .bind(testing::uuid().to_string())
                            .bind(organ)
                            .bind(format!("https://example.cn/{n}")),
                    )
                    .await?;
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let by_two = async |tx: &mut Tx| cluster::store::published_by(tx, 2).await;
        let found = world.db.read(by_two).await.unwrap();
        let mut paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
        paths.sort_unstable();
        assert_eq!(
            paths,
            [
                "https://example.cn/0",
                "https://example.cn/1",
                "https://example.cn/2"
            ]
        );
    }
}

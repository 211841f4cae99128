//! What a reply withheld is looked at again on its day, and may be open then.

use gongkai_platform::testing::{Answer, Browser, backends};

use super::letters::{amend, counter_case, link, post};
use super::{StoreError, Tx, World, act, has_bare_day, night, says, sql};

const LIST: &str = "/workspace/requests/withheld";
const TOLD: &str = "不予公开的内容到期复核";

/// A refusal of process information that has left, to be looked at on 6 May.
async fn refused(world: &World) -> String {
    let mut officer = world.browser(world.officer).await;
    let mut head = world.browser(world.head).await;
    let path = counter_case(world, &mut officer, "E41").await;
    let reason = "会议记录形成于决策讨论过程，尚未形成结论。";
    let mut decide = vec![("reply", "R3"), ("grounds", "N6"), ("text", reason)];
    decide.push(("look_on", "2026-03-02"));
    let early = act(&mut officer, &path, "decide", &decide).await;
    says(&early, 422, "复核日期应当在今天以后");
    decide.pop();
    decide.push(("look_on", "2026-05-06"));
    act(&mut officer, &path, "decide", &decide)
        .await
        .redirected();
    let letter = link(&officer.get(&path).await.page(), 0);
    amend(&mut officer, &letter, &[("separation", "全部为讨论意见")])
        .await
        .redirected();
    post(&mut officer, &letter, "submit", &[])
        .await
        .redirected();
    act(&mut head, &path, "pass", &[("words", "可以")])
        .await
        .redirected();
    act(&mut head, &path, "sign", &[]).await.redirected();
    let send = [("service", "post"), ("on", "2026-03-02"), ("proof", "EMS1")];
    act(&mut officer, &path, "dispatch", &send)
        .await
        .redirected();
    path
}

/// Registers what came of a look; gives where the desk goes on, or the page that says why not.
async fn look(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form = format!("{path}/withheld");
    let page = browser.get(&form).await.page();
    let (_, version) = page.split_once("name=\"version\" value=\"").unwrap();
    let (version, _) = version.split_once('"').unwrap();
    let mut all = vec![("version", version)];
    all.extend_from_slice(fields);
    browser.post(&form, &all).await
}

#[tokio::test]
async fn what_was_withheld_is_looked_at_on_its_day_and_may_be_open_then() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = refused(&world).await;
        let mut officer = world.browser(world.officer).await;
        let page = officer.get(&path).await.page();
        assert!(page.contains("2026年5月6日复核"), "{page}");
        let form = officer.get(&format!("{path}/withheld")).await.page();
        assert!(
            form.contains("<dt>复核日期</dt><dd>2026年5月6日</dd>") && !has_bare_day(&form),
            "{form}"
        );
        let due = officer.get(LIST).await.page();
        assert!(due.contains("没有到期要复核的"), "{due}");
        world.days(65);
        assert_eq!(night::run(&world.app).await.unwrap().told, 1);
        assert_eq!(night::run(&world.app).await.unwrap().told, 0, "once");
        assert_eq!(world.told(world.officer, TOLD).await, 1);
        let mut officer = world.browser(world.officer).await;
        let mut stranger = world.browser(world.stranger).await;
        let mark = format!("{path}/withheld");
        let due = officer.get(LIST).await.page();
        assert!(due.contains(&mark), "{due}");
        let others = stranger.get(LIST).await.page();
        assert!(!others.contains(&mark), "{others}");
        assert_eq!(stranger.get(&mark).await.status, 404);
        // Stays as it is: with a reason, and another day.
        let bare = look(&mut officer, &path, &[("outcome", "kept")]).await;
        says(&bare, 422, "复核的理由");
        let kept = [
            ("outcome", "kept"),
            ("why", "决策还没有作出"),
            ("next_on", "2026-06-05"),
        ];
        let next = look(&mut officer, &path, &kept).await.redirected();
        assert_eq!(next, path);
        says(&officer.get(&path).await, 200, "决策还没有作出");
        let due = officer.get(LIST).await.page();
        assert!(due.contains("没有到期要复核的"), "{due}");
        says(
            &officer.get(&format!("{LIST}?view=coming")).await,
            200,
            &mark,
        );
        world.days(30);
        assert_eq!(night::run(&world.app).await.unwrap().told, 1, "told anew");
        let mut officer = world.browser(world.officer).await;
        // May be open: then it is asked whether all may have it, as of a release.
        let publications = "/workspace/requests/publications";
        let asked = officer.get(publications).await.page();
        assert!(!asked.contains(&path), "{asked}");
        let open = [("outcome", "open"), ("why", "决策已经作出并公布")];
        let next = look(&mut officer, &path, &open).await.redirected();
        assert_eq!(next, format!("{path}/publication"));
        says(&officer.get(&next).await, 200, "当时不予公开的内容可以公开");
        says(&officer.get(publications).await, 200, &path);
        let events = async |tx: &mut Tx| {
            let counted =
                sql("SELECT COUNT(*) AS n FROM event WHERE kind = 'request.withheld-reviewed'");
            tx.one(counted).await?.get::<i64>("n")
        };
        let events: Result<i64, StoreError> = world.db.read(events).await;
        assert_eq!(events.unwrap(), 2);
        assert_eq!(night::run(&world.app).await.unwrap().told, 0);
        // Nobody keeps closed what a unit is ordered to publish: the order is taken back first.
        let publication = format!("{path}/publication");
        let owner = world.bureau.to_string();
        let yes = [("choice", "yes"), ("owner", &*owner), ("why", "")];
        officer.post(&publication, &yes).await.redirected();
        let closed = [("outcome", "kept"), ("why", "部分内容还在讨论")];
        let refused = look(&mut officer, &path, &closed).await;
        says(&refused, 422, "请先在“是否主动公开”改为不转");
        let no = [("choice", "no"), ("ground", "process"), ("why", "")];
        officer.post(&publication, &no).await.redirected();
        let next = look(&mut officer, &path, &closed).await.redirected();
        assert_eq!(next, path);
    }
}

#[tokio::test]
async fn what_may_be_open_now_is_asked_about_although_the_rest_is_public() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = refused(&world).await;
        let mut officer = world.browser(world.officer).await;
        let open = [("outcome", "open"), ("why", "决策已经作出并公布")];
        let publication = look(&mut officer, &path, &open).await.redirected();
        let owner = world.bureau.to_string();
        let yes = [("choice", "yes"), ("owner", &*owner), ("why", "多人关心")];
        officer.post(&publication, &yes).await.redirected();
        let mut public = yes.to_vec();
        public.push(("published_at", "/documents/1"));
        officer.post(&publication, &public).await.redirected();
        // That was the part that had been given; no look was before it.
        let given = async |tx: &mut Tx| tx.run(sql("UPDATE request SET opened_on = NULL")).await;
        world.db.upkeep(given).await.unwrap();
        look(&mut officer, &path, &open).await.redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("此前公开的部分：/documents/1"), "{page}");
        says(
            &officer.get("/workspace/requests/publications").await,
            200,
            &path,
        );
        officer.post(&publication, &yes).await.redirected();
        let orders = async |tx: &mut Tx| {
            let narrow = gongkai_platform::finding::Narrow::default();
            gongkai_platform::finding::of(tx, world.bureau, &narrow, 10).await
        };
        let orders: Result<_, StoreError> = world.db.read(orders).await;
        let orders = orders.unwrap();
        assert_eq!(orders.len(), 1);
        assert!(orders[0].state.is_open());
        // Said once more, it asks about nothing else.
        look(&mut officer, &path, &open).await.redirected();
        let asked = officer.get("/workspace/requests/publications").await.page();
        assert!(!asked.contains(&path), "{asked}");
    }
}

#[tokio::test]
async fn what_a_merged_organ_withheld_is_looked_at_by_its_heir() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = refused(&world).await;
        let mark = format!("{path}/withheld");
        let mut stranger = world.browser(world.stranger).await;
        for page in [&path, &mark] {
            assert_eq!(stranger.get(page).await.status, 404, "{page}");
        }
        let (from, to) = (world.bureau, world.other);
        let merged = async |tx: &mut Tx| {
            let merged = sql("UPDATE organ SET status = 'merged', successor_id = $1 WHERE id = $2");
            tx.run(merged.bind(to).bind(from)).await
        };
        world.db.upkeep(merged).await.unwrap();
        world.days(65);
        night::run(&world.app).await.unwrap();
        assert_eq!(world.told(world.stranger, TOLD).await, 1);
        let mut heir = world.browser(world.stranger).await;
        says(&heir.get(LIST).await, 200, &mark);
        says(&heir.get(&path).await, 200, &mark);
        let kept = [
            ("outcome", "kept"),
            ("why", "决策还没有作出"),
            ("next_on", "2026-06-05"),
        ];
        let next = look(&mut heir, &path, &kept).await.redirected();
        says(&heir.get(&next).await, 200, "决策还没有作出");
        let open = [("outcome", "open"), ("why", "决策已经作出并公布")];
        let next = look(&mut heir, &path, &open).await.redirected();
        says(&heir.get(&next).await, 200, "当时不予公开的内容可以公开");
        says(
            &heir.get("/workspace/requests/publications").await,
            200,
            &path,
        );
        // Nobody named: the heir publishes.
        let yes = [("choice", "yes"), ("owner", ""), ("why", "")];
        heir.post(&next, &yes).await.redirected();
        says(&heir.get(&path).await, 200, "由安澜市财政局在");
        let mut above = world.browser(world.supervisor).await;
        let due = above.get(LIST).await.page();
        assert!(!due.contains(&mark), "{due}");
    }
}

#[tokio::test]
async fn what_was_given_is_not_looked_at() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.released("2025年老旧小区改造项目清单", "E42").await;
        let mut officer = world.browser(world.officer).await;
        let page = officer.get(&path).await.page();
        assert!(!page.contains(&format!("{path}/withheld")), "{page}");
        let kept = [("outcome", "kept"), ("why", "理由")];
        let refused = look(&mut officer, &path, &kept).await;
        says(&refused, 422, "没有不予公开的内容");
    }
}

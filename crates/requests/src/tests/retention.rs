//! Data reach their term: proposed by one, approved by another, gone for good; figures and clock stay as they were.

use gongkai_basis::reference::FigureKey;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::files;

use super::*;
use crate::archive;
use crate::request::store::list::{self, Narrow};
use crate::retention::night as proposals;
use crate::retention::store::{View, count};

const CARD: &[u8] = "证件复印件的内容".as_bytes();

/// A case with an identity paper, archived on the day of the world.
async fn archived(world: &World, paper: &str) -> String {
    let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
    let mut fields = application(&token, &organ, "申请人甲要的改造项目清单");
    fields.retain(|(name, _)| *name != "channel" && *name != "paper_number");
    let today = world.app.today().to_string();
    fields.extend([
        ("channel", "counter"),
        ("submitted_on", today.as_str()),
        ("paper_number", paper),
    ]);
    let mut officer = world.browser(world.officer).await;
    let card = [CARD, paper.as_bytes()].concat();
    let file = ("file", "申请人甲身份证.txt", card.as_slice());
    let path = officer
        .upload("/workspace/requests/new", &fields, file)
        .await
        .redirected();
    act(&mut officer, &path, "accept", &[]).await.redirected();
    let decide = [("reply", "R2"), ("text", "给申请人甲提供清单一份")];
    let decide = (decide.as_slice(), ("file", "清单.txt", GIVEN));
    act_with(&mut officer, &path, "decide", decide)
        .await
        .redirected();
    let mut head = world.browser(world.head).await;
    act(&mut head, &path, "pass", &[("words", "可以公开")])
        .await
        .redirected();
    act(&mut head, &path, "sign", &[]).await.redirected();
    let send = [("service", "web"), ("on", today.as_str()), ("proof", "")];
    act(&mut officer, &path, "dispatch", &send)
        .await
        .redirected();
    let deliver = [("on", today.as_str()), ("proof", "网上查收")];
    act(&mut officer, &path, "deliver", &deliver)
        .await
        .redirected();
    act(&mut officer, &path, "archive", &[("number", "1")])
        .await
        .redirected();
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    archive::make::run(&world.app, &Actor::System, id)
        .await
        .unwrap();
    path
}

async fn version(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await.page();
    let after = page.split("name=\"version\" value=\"").nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

async fn step(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = format!("{path}/retention");
    let version = version(browser, &page).await;
    let approves = fields
        .iter()
        .any(|(name, value)| *name == "step" && matches!(*value, "approve" | "refuse"));
    let to = if approves {
        format!("{page}/decision")
    } else {
        page
    };
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&to, &all).await
}

/// Every cell of the annual report's table, of the year.
async fn table(world: &World) -> Vec<i64> {
    let keys: Vec<FigureKey> = crate::seams().figures[0]
        .keys()
        .iter()
        .map(|(name, _)| FigureKey {
            name: (*name).to_owned(),
            organ: world.city,
            year: 2026,
        })
        .collect();
    let found = world
        .db
        .read(async |tx: &mut Tx| world.app.seams.figures(tx, &keys).await)
        .await
        .unwrap();
    found.into_iter().map(|one| one.unwrap().value).collect()
}

/// All that the store holds of cases, letters and reviews, as one text.
async fn everything(world: &World) -> String {
    world
        .db
        .read(async |tx: &mut Tx| {
            let mut text = String::new();
            for (statement, columns) in [
                (
                    "SELECT * FROM request",
                    &[
                        "applicant_name",
                        "paper_number",
                        "phone",
                        "description",
                        "subject",
                        "decision",
                        "applicant_key",
                        "found_by",
                    ][..],
                ),
                (
                    "SELECT * FROM request_entry",
                    &["by_name", "sentence", "public", "data"],
                ),
                ("SELECT * FROM request_words", &["words"]),
                ("SELECT * FROM letter", &["facts", "note"]),
                ("SELECT * FROM attachment", &["title"]),
                ("SELECT * FROM file", &["name", "sha256"]),
                (
                    "SELECT * FROM request_erasure",
                    &["register", "why", "decided_why"],
                ),
                ("SELECT * FROM request_hold", &["why", "released_why"]),
                (
                    "SELECT * FROM request_consultation",
                    &["name", "question", "words"],
                ),
            ] {
                for row in tx.all(sql(statement)).await? {
                    for column in columns {
                        let cell: Option<String> = row.get(column)?;
                        text.push_str(&cell.unwrap_or_default());
                        text.push('\n');
                    }
                }
            }
            Ok::<_, StoreError>(text)
        })
        .await
        .unwrap()
}

/// The address of a case's receipt.
async fn receipt(world: &World, path: &str) -> String {
    let id = path.rsplit('/').next().unwrap();
    let row = async |tx: &mut Tx| {
        tx.one(sql("SELECT form_token FROM request WHERE id = $1").bind(id))
            .await
    };
    let token: String = world.db.read(row).await.unwrap().get("form_token").unwrap();
    format!("/requests/receipt/{token}")
}

/// How many cases a search finds.
async fn found(world: &World, text: &str) -> i64 {
    let narrow = Narrow {
        text: text.to_owned(),
        ..Narrow::default()
    };
    let page = async |tx: &mut Tx| list::page(tx, &Scope::Everything, &narrow, (0, 10)).await;
    world.db.read(page).await.unwrap().1
}

/// Makes what lies on the disk as old as something put yesterday.
fn age(world: &World, sha256: &str) {
    let file = std::fs::File::open(world.app.files.path(sha256)).unwrap();
    let at = file.metadata().unwrap().modified().unwrap();
    file.set_modified(at - std::time::Duration::from_secs(86_400))
        .unwrap();
}

#[tokio::test]
async fn data_go_by_two_people_and_the_figures_stay() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = archived(&world, "E77770001").await;
        let (figures, hash) = (
            table(&world).await,
            files::hash_of(&[CARD, b"E77770001"].concat()),
        );
        age(&world, &hash);
        assert!(world.app.files.path(&hash).exists());
        let mut officer = world.browser(world.officer).await;
        let clock = format!("{path}/clock");
        let working = officer.get(&clock).await.page();
        crate::cluster::gather::fresh(&world.app, None)
            .await
            .unwrap();
        let receipt = receipt(&world, &path).await;
        let mut public = world.visitor();
        let first = public.get(&format!("{receipt}/text")).await.text();
        assert!(first.contains("内容校验："), "{first}");
        // Too early, and nobody is told.
        let propose = [("step", "propose"), ("part", "all"), ("why", "期满")];
        says(
            &step(&mut officer, &path, &propose).await,
            422,
            "还没有期满",
        );
        assert_eq!(proposals::run(&world.app).await.unwrap(), (0, 0));
        world.days(3653);
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let (cases, told) = proposals::run(&world.app).await.unwrap();
        assert!(cases == 1 && told > 0, "{cases} {told}");
        assert_eq!(
            proposals::run(&world.app).await.unwrap(),
            (1, 0),
            "once a month"
        );
        let page = officer.get("/workspace/requests/retention").await.page();
        assert!(
            page.contains("申请人全部个人信息") && page.contains("2036年3月2日"),
            "{page}"
        );
        // Held back, it cannot go.
        let hold = [("step", "hold"), ("why", "申请人甲将申请再审")];
        step(&mut officer, &path, &hold).await.redirected();
        says(
            &step(&mut officer, &path, &propose).await,
            422,
            "将申请再审",
        );
        says(
            &officer.get("/workspace/requests/retention?view=kept").await,
            200,
            "申请人甲将申请再审",
        );
        let release = [("step", "release"), ("why", "没有申请")];
        step(&mut officer, &path, &release).await.redirected();
        // Ticked in the list.
        let value = page.split("name=\"case\" value=\"").nth(1).unwrap();
        let value = value.split('"').next().unwrap();
        let ticked = [("case", value), ("why", "归档满10年")];
        officer
            .post("/workspace/requests/retention", &ticked)
            .await
            .redirected();
        let approve = [("step", "approve"), ("sure", "yes"), ("why", "")];
        assert_eq!(step(&mut officer, &path, &approve).await.status, 403);
        let stays = everything(&world).await;
        assert!(stays.contains("申请人甲") && stays.contains("E77770001"));
        assert!(stays.contains(" 人甲 "), "a word of the index");
        assert_eq!(found(&world, "申请人甲").await, 1);
        says(
            &step(&mut head, &path, &[("step", "approve"), ("why", "")]).await,
            422,
            "不能恢复",
        );
        says(
            &step(&mut head, &path, &[("step", "refuse"), ("why", "")]).await,
            422,
            "不同意的原因",
        );
        // Reasons that name the applicant are shown to who approves, and go when they are ticked.
        let page = step_over(&mut head, &path).await.page();
        assert!(page.contains("保留、解除保留的原因"), "{page}");
        let mask = page.split("name=\"mask\" value=\"").nth(1).unwrap();
        let mask = mask.split('"').next().unwrap();
        assert!(mask.starts_with("hold:"), "{mask}");
        let (id, before) = kept_package(&world, &path).await;
        assert!(world.app.files.path(&before).exists(), "{id}");
        let approve = [approve[0], approve[1], approve[2], ("mask", mask)];
        step(&mut head, &path, &approve).await.redirected();
        let gone = !world.app.files.path(&before).exists();
        assert!(gone, "the package before, however young");
        let left = everything(&world).await;
        for word in [
            "申请人甲",
            "人甲",
            "E77770001",
            "0000-0000000",
            "身份证.txt",
        ] {
            assert!(!left.contains(word), "{word}: {left}");
        }
        assert!(left.contains("要的改造项目清单") && left.contains("〔已清除〕"));
        assert_eq!(
            [found(&world, "人甲").await, found(&world, "改造项目").await],
            [0, 1],
            "its name is in no index"
        );
        assert!(!world.app.files.path(&hash).exists(), "the bytes are gone");
        // No second receipt bears another hash; the first one holds.
        says(
            &public.get(&receipt).await,
            200,
            "2036年3月2日 清除，回执不能再打印",
        );
        let second = public.get(&format!("{receipt}/text")).await;
        says(&second, 410, "回执不能再打印");
        says(&second, 410, "申请人的个人信息已于2036年3月2日清除");
        for answer in [public.get(&receipt).await, second] {
            assert!(!answer.text().contains("内容校验："), "{}", answer.text());
        }
        let checked = public.post("/requests/key", &[("text", &first)]).await;
        says(&checked, 200, "签名有效");
        assert!(
            left.contains(&hash),
            "the register knows the file by its hash"
        );
        // What counts is as it was, and so is the clock.
        assert_eq!(table(&world).await, figures);
        let after = officer.get(&clock).await.page();
        let days = |page: &str| {
            let after = page.split("class=\"clock-months\"").nth(1).unwrap();
            after.split("<h2>").next().unwrap().to_owned()
        };
        assert!(days(&working).contains("第几个"));
        assert_eq!(days(&working), days(&after));
        // The package is made anew with the register in it, and holds.
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        archive::make::run(&world.app, &Actor::System, id)
            .await
            .unwrap();
        let bytes = package(&world, id).await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
        let mut texts = String::new();
        for n in 0..zip.len() {
            let mut part = zip.by_index(n).unwrap();
            texts.push_str(part.name().unwrap().as_ref());
            if part.name().unwrap().ends_with(".txt") {
                std::io::Read::read_to_string(&mut part, &mut texts).unwrap();
            }
        }
        assert!(texts.contains("清除登记.txt") && texts.contains(&hash));
        assert!(!texts.contains("申请人甲") && !texts.contains("E77770001"));
        // It is over: no second time, and the case cannot be done again.
        says(
            &step_over(&mut officer, &path).await,
            200,
            "申请人全部个人信息已于",
        );
        let today = world.app.today().to_string();
        let redo = [("why", "复议决定"), ("on", today.as_str())];
        let redo = act(&mut head, &path, "redo", &redo).await;
        says(&redo, 422, "不能重新办理");
        let events = world
            .db
            .read(async |tx: &mut Tx| {
                let subject = path.rsplit('/').next().unwrap();
                audit::about(tx, "request", subject, 50).await
            })
            .await
            .unwrap();
        let kinds = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
        for kind in [
            "request.held",
            "request.released",
            "request.erasure-proposed",
            "request.erased",
        ] {
            assert_eq!(kinds(kind), 1, "{kind}");
        }
        assert!(
            events
                .iter()
                .all(|event| !event.sentence.contains("申请人甲"))
        );
    }
}

/// The case's id, and the hash of its package.
async fn kept_package(world: &World, path: &str) -> (crate::id::RequestId, String) {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let stored = world
        .db
        .read(async |tx: &mut Tx| {
            let kept = archive::store::load(tx, id).await?.unwrap();
            files::load(tx, kept.file).await
        })
        .await;
    (id, stored.unwrap().unwrap().sha256)
}

async fn step_over(browser: &mut Browser, path: &str) -> Answer {
    browser.get(&format!("{path}/retention")).await
}

async fn package(world: &World, id: crate::id::RequestId) -> Vec<u8> {
    let stored = world
        .db
        .read(async |tx: &mut Tx| {
            let kept = archive::store::load(tx, id).await?.unwrap();
            files::load(tx, kept.file).await
        })
        .await
        .unwrap()
        .unwrap();
    world.app.files.get(&stored.sha256).unwrap()
}

#[tokio::test]
async fn a_proposer_does_not_approve_and_a_shared_file_stays() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let first = archived(&world, "E1").await;
        // The same bytes handed in with another case are one file on the disk.
        let second = archived(&world, "E1").await;
        let hash = files::hash_of(&[CARD, b"E1"].concat());
        age(&world, &hash);
        world.days(366);
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let page = officer.get("/workspace/requests/retention").await.page();
        assert!(page.contains("身份证明材料和证件号码"), "{page}");
        let identity = [("step", "propose"), ("part", "identity"), ("why", "满1年")];
        step(&mut head, &first, &identity).await.redirected();
        let approve = [("step", "approve"), ("sure", "yes"), ("why", "")];
        says(
            &step(&mut head, &first, &approve).await,
            422,
            "请由另一人批准",
        );
        let unit = of(&world, "单位负责人", Role::UnitHead).await;
        let mut unit = world.browser(unit).await;
        step(&mut unit, &first, &approve).await.redirected();
        assert!(
            world.app.files.path(&hash).exists(),
            "another case names it"
        );
        let page = officer.get(&first).await.page();
        assert!(
            page.contains("申请人甲") && !page.contains("护照 E1"),
            "{page}"
        );
        let page = officer.get(&second).await.page();
        assert!(page.contains("护照 E1"), "{page}");
        // A review that runs stands against it, in the list and on the page.
        let title = page.split("<h1>").nth(1).unwrap();
        let number = title.split('　').next().unwrap();
        let organ = world.bureau.to_string();
        let on = world.app.today().to_string();
        let review = [
            ("organ", organ.as_str()),
            ("number", number),
            ("kind", "review"),
            ("applicant", "申请人甲"),
            ("body", "安澜市人民政府"),
            ("matter", "撤销答复"),
            ("filed_on", on.as_str()),
            ("procedure", "ordinary"),
        ];
        officer
            .post("/workspace/requests/reviews/new", &review)
            .await
            .redirected();
        says(
            &step(&mut officer, &second, &identity).await,
            422,
            "尚未审结",
        );
        let scope = Scope::Everything;
        let today = world.app.today();
        let n = async |view: View| {
            let read = async |tx: &mut Tx| count(tx, &scope, (view, today)).await;
            world.db.read(read).await.unwrap()
        };
        assert_eq!(n(View::Due).await, 0);
        assert_eq!((n(View::Kept).await, n(View::Done).await), (1, 1));
        // A longer term, set by the head, holds at once; elsewhere nobody sees any of it.
        let terms = "/workspace/requests/retention/terms";
        let mut term = vec![
            ("organ", organ.as_str()),
            ("kind", "information"),
            ("version", "0"),
            ("data_years", "30"),
            ("identity_years", "40"),
            ("basis", "文书档案保管期限表"),
        ];
        says(&head.post(terms, &term).await, 422, "不能比其他个人信息长");
        term[4].1 = "5";
        head.post(terms, &term).await.redirected();
        assert_eq!(head.post(terms, &term).await.status, 409);
        assert_eq!(officer.post(terms, &term).await.status, 403);
        assert_eq!(n(View::Kept).await, 0);
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(
            stranger.get(&format!("{first}/retention")).await.status,
            404
        );
        let page = stranger
            .get("/workspace/requests/retention?view=done")
            .await
            .page();
        assert!(page.contains("还没有清除过"), "{page}");
    }
}

async fn of(world: &World, name: &str, role: Role) -> AccountId {
    testing::person(&world.db, name, &[(role, world.bureau)]).await
}

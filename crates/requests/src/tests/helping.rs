//! What a unit that only helps with a case learns of it: what is asked, and what it was given; never who asks.

use gongkai_basis::Role;
use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web::Access;

use super::letters::{counter_case, post, written};
use super::{GIVEN, World, act_with, says};
use crate::request::state::Act;

/// Of the application over the counter.
const NAMING: [&str; 2] = ["申请人甲", "0000-0000000"];

/// A case with whose answer another unit helps.
async fn helped(world: &World, officer: &mut Browser, paper: &str) -> String {
    let path = counter_case(world, officer, paper).await;
    asked(officer, &path, (&world.other.to_string(), "", b"")).await;
    path
}

/// Asks a unit, with a file or without one.
async fn asked(officer: &mut Browser, path: &str, (organ, name, bytes): (&str, &str, &[u8])) {
    let ask = [
        ("organ", organ),
        ("question", "提供资金数"),
        ("until", "2026-03-20"),
    ];
    act_with(officer, path, "ask_unit", (&ask, ("file", name, bytes)))
        .await
        .redirected();
}

/// A letter names its applicant and is held against the case: who only helps begins none, by whatever way it is sent.
#[tokio::test]
async fn a_unit_that_helps_writes_no_letter_and_decides_nothing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = helped(&world, &mut officer, "E61").await;
        let case = path.rsplit('/').next().unwrap();
        let mut stranger = world.browser(world.stranger).await;
        let page = stranger.get(&path).await;
        says(&page, 200, "只有受理机关可见");
        // Nor is it offered what it cannot open.
        let page = page.text();
        assert!(!page.contains("拟写协办函"), "{page}");
        assert!(officer.get(&path).await.text().contains("拟写协办函"));
        let organ = world.other.to_string();
        let draft = [
            ("kind", "refuse"),
            ("organ", organ.as_str()),
            ("case", case),
            ("applicant", "某人"),
        ];
        let new = "/workspace/requests/letters/new";
        let sent = stranger.post(new, &draft).await;
        assert_eq!(sent.status, 404, "{}", sent.text());
        for what in ["publication", "package", "package/verify"] {
            let sent = stranger.post(&format!("{path}/{what}"), &[]).await;
            assert_eq!(sent.status, 404, "{what}: {}", sent.text());
        }
    }
}

/// Every page × role of a unit that helps, and every act's form.
#[tokio::test]
async fn no_page_tells_a_unit_that_helps_who_asks() {
    for backend in backends().into_iter().take(1) {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = helped(&world, &mut officer, "E62").await;
        let case = path.rsplit('/').next().unwrap();
        let routes = crate::routes();
        let pages: Vec<&str> = routes
            .iter()
            .filter(|route| matches!(route.access, Access::Act(_)))
            .filter(|route| route.method == axum::http::Method::GET)
            .map(|route| route.path)
            .collect();
        let about = |page: &str, act: Act| {
            let page = page.replace("{id}", case).replace("{act}", act.code());
            format!("{page}?case={case}&kind=refuse")
        };
        let mut addresses = Vec::new();
        for page in &pages {
            if page.contains("{act}") {
                addresses.extend(Act::ALL.iter().map(|act| about(page, *act)));
            } else {
                addresses.push(about(page, Act::Decide));
            }
        }
        let mut wrong = Vec::new();
        for (n, role) in Role::ALL.iter().enumerate() {
            let name = format!("协办{n}");
            let person = testing::person(&world.db, &name, &[(*role, world.other)]).await;
            let mut browser = world.browser(person).await;
            for address in &addresses {
                let text = browser.get(address).await.text();
                if NAMING.iter().any(|words| text.contains(words)) {
                    wrong.push(format!("{role:?} {address}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        // The sweep itself can see: the desk of the case reads the name.
        for page in ["", "/act/amend"] {
            says(&officer.get(&format!("{path}{page}")).await, 200, NAMING[0]);
        }
        let review = about("/workspace/requests/reviews/new", Act::Decide);
        says(&officer.get(&review).await, 200, NAMING[0]);
    }
}

/// The address of a file that a page lists under this name.
fn listed(page: &str, name: &str) -> Option<String> {
    let before = page.split(&format!("\">{name}</a>")).next()?;
    let address = before.rsplit("href=\"").next()?;
    (before.len() < page.len() && address.contains("/files/")).then(|| address.to_owned())
}

/// Law: 个人信息保护法 art. 6: of the files of a case, a unit gets those that it needs, and nobody else's.
#[tokio::test]
async fn a_unit_that_helps_sees_what_it_was_given_and_what_it_gave() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E63").await;
        let third = testing::organ(&world.db, "安澜市教育局", Some(world.city)).await;
        let liaison = testing::person(&world.db, "教育联络", &[(Role::Liaison, third)]).await;
        let record = ("file", "来电记录.txt", "申请人来电".as_bytes());
        let note = [("words", "电话核实")];
        act_with(&mut officer, &path, "note", (&note, record))
            .await
            .redirected();
        let form = officer.get(&format!("{path}/act/ask_unit")).await;
        says(&form, 200, "附在这里的，这个协办单位可以看到和下载");
        let units = [
            (world.other, "资金表样.txt", "资金".as_bytes()),
            (third, "乘车表样.txt", "乘车".as_bytes()),
        ];
        for (organ, name, bytes) in units {
            asked(&mut officer, &path, (&organ.to_string(), name, bytes)).await;
        }
        let mut helper = world.browser(world.helper).await;
        let form = helper.get(&format!("{path}/act/unit_answer")).await.page();
        let of = form.split("<option value=\"").nth(1).unwrap();
        let answer = [
            ("of", of.split('"').next().unwrap()),
            ("words", "资金120万元"),
        ];
        let figures = ("file", "资金数.txt", "120万元".as_bytes());
        act_with(&mut helper, &path, "unit_answer", (&answer, figures))
            .await
            .redirected();
        let decide = [("reply", "R2"), ("text", "提供清单一份")];
        let given = (decide.as_slice(), ("file", "清单.txt", GIVEN));
        act_with(&mut officer, &path, "decide", given)
            .await
            .redirected();
        let own = officer.get(&path).await.page();
        let seen = own.split("安澜市财政局可见的材料：").nth(1).unwrap();
        let seen = seen.split('<').next().unwrap();
        assert!(
            seen.contains("资金表样.txt") && seen.contains("资金数.txt") && !seen.contains("乘车"),
            "{seen}"
        );
        let mut other = world.browser(liaison).await;
        for (browser, sees) in [
            (&mut helper, ["资金表样.txt", "资金数.txt"].as_slice()),
            (&mut other, ["乘车表样.txt"].as_slice()),
        ] {
            let page = browser.get(&path).await.page();
            for name in [
                "来电记录.txt",
                "资金表样.txt",
                "乘车表样.txt",
                "资金数.txt",
                "清单.txt",
            ] {
                let address = listed(&own, name).unwrap_or_else(|| panic!("{name}: {own}"));
                assert_eq!(officer.get(&address).await.status, 200, "{name}");
                let may = sees.contains(&name);
                assert_eq!(page.contains(name), may, "{name}: {page}");
                let status = if may { 200 } else { 404 };
                assert_eq!(browser.get(&address).await.status, status, "{name}");
            }
        }
    }
}

/// Law: 个人信息保护法 art. 6.
#[tokio::test]
async fn who_is_asked_to_help_is_not_told_who_asks() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = counter_case(&world, &mut officer, "E64").await;
        let organ = world.other.to_string();
        for (question, said) in [
            ("请提供审批表，申请人甲要的", "申请人的姓名"),
            ("请提供审批表，联系0000 0000000", "申请人的联系电话"),
        ] {
            let ask = [
                ("organ", organ.as_str()),
                ("question", question),
                ("until", "2026-03-20"),
            ];
            let none = ("file", "", b"".as_slice());
            let refused = act_with(&mut officer, &path, "ask_unit", (&ask, none)).await;
            says(&refused, 422, said);
            // A letter says so before a colleague has looked at it.
            let letter = [
                ("to", "安澜市财政局"),
                ("content", question),
                ("reply_by", "2026-03-20"),
            ];
            let letter = written(&mut officer, &path, "assist", &letter).await;
            says(&officer.get(&letter).await, 200, said);
            let refused = post(&mut officer, &letter, "submit", &[]).await;
            says(&refused, 422, said);
        }
        asked(&mut officer, &path, (&organ, "", b"")).await;
    }
}

//! The list of cases: what a search by text finds, on which page, and the counts above it.

use super::*;
use crate::request::import::Row;
use crate::request::import::judge::judge;
use crate::request::import::take::take_over;
use crate::request::store;
use crate::request::store::list::{self, Due, Narrow};
use gongkai_platform::access::Permit;

const MANY: usize = 1_100;
const OF_ONE: &str = "第7号地块";
const ROWS: i64 = 50;

/// Cases of the bureau, received over the days of January, all of them about a plot of land.
async fn take_many(world: &World) {
    let organs = [("安澜市司法局".to_owned(), world.bureau)].into();
    let (today, calendar) = (world.app.today(), world.app.calendar());
    let taken = (0..MANY).map(|number| {
        let cells = std::array::from_fn(|column| match column {
            0 => format!("旧{number:04}"),
            1 => "安澜市司法局".to_owned(),
            2 => format!("申请人{number}"),
            3 => format!("第{number}号地块补偿清单"),
            4 => "当面".to_owned(),
            5 => format!("2026-01-{:02}", 5 + number % 20),
            6 => "自然人".to_owned(),
            _ => String::new(),
        });
        judge(
            &Row {
                line: number,
                cells,
            },
            &organs,
            (today, &calendar),
        )
        .unwrap()
    });
    let (taken, permit) = (taken.collect(), Permit::system());
    world
        .db
        .write(async |tx: &mut Tx| take_over(tx, &permit, taken, (today, &calendar)).await)
        .await
        .unwrap();
}

/// The subjects on one page, and how many there are in all.
async fn found(world: &World, narrow: Narrow, offset: i64) -> (Vec<String>, i64) {
    let (requests, total) = world
        .db
        .read(async |tx: &mut Tx| list::page(tx, &Scope::Everything, &narrow, (offset, ROWS)).await)
        .await
        .unwrap();
    let subjects = requests.into_iter().map(|case| case.wish.subject);
    (subjects.collect(), total)
}

fn by_text(text: &str) -> Narrow {
    Narrow {
        text: text.to_owned(),
        ..Narrow::default()
    }
}

#[tokio::test]
async fn a_search_gives_pages_of_few_hits_and_of_many() {
    for backend in backends() {
        let world = World::on(&backend).await;
        take_many(&world).await;
        let all = i64::try_from(MANY).unwrap();
        for (text, offset, on_page, total) in [
            ("补偿清单", 0, 50, all),
            ("补偿清单", all - 10, 10, all),
            ("申请人105", 0, 11, 11),
            ("申请人10", 50, 50, 111),
            (OF_ONE, 0, 1, 1),
            (OF_ONE, 50, 0, 1),
            ("旧0042", 0, 1, 1),
            ("没有的词", 0, 0, 0),
            ("%", 0, 0, 0),
        ] {
            let (subjects, found) = found(&world, by_text(text), offset).await;
            assert_eq!((subjects.len(), found), (on_page, total), "{text} {offset}");
        }
        // Few are sorted as many are.
        let mut few = Vec::new();
        for offset in [0, 50, 100] {
            few.extend(found(&world, by_text("第10"), offset).await.0);
        }
        let mut many = Vec::new();
        for offset in (0..all).step_by(50) {
            many.extend(found(&world, by_text(""), offset).await.0);
        }
        many.retain(|subject| subject.starts_with("第10"));
        assert_eq!(few, many);
        let mut other = by_text(OF_ONE);
        other.organ = Some(world.other);
        assert_eq!(found(&world, other, 0).await, (Vec::new(), 0));
    }
}

/// Thousands that wait would make every search walk through all cases; a table that is taken over leaves none behind.
#[tokio::test]
async fn cases_from_a_table_are_found_by_their_words_at_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        take_many(&world).await;
        let rows = async |statement: &'static str| -> i64 {
            let count = async |tx: &mut Tx| tx.one(sql(statement)).await;
            world.db.read(count).await.unwrap().get("n").unwrap()
        };
        let all = i64::try_from(MANY).unwrap();
        assert_eq!(rows("SELECT COUNT(*) AS n FROM request_unworded").await, 0);
        assert_eq!(rows("SELECT COUNT(*) AS n FROM request_words").await, all);
        let of_one = found(&world, by_text(OF_ONE), 0).await;
        assert_eq!(of_one, (vec!["第7号地块补偿清单".to_owned()], 1));
    }
}

/// The newest of some organs are put together from the lists of each, page by page as from one list.
#[tokio::test]
async fn lists_of_some_organs_are_pages_of_one_list() {
    for backend in backends() {
        let world = World::on(&backend).await;
        take_many(&world).await;
        let organ = world.other.to_string();
        for subject in ["甲路补偿清单", "乙路补偿清单"] {
            let token = testing::uuid().to_string();
            let fields = application(&token, &organ, subject);
            let mut public = world.visitor();
            public.post("/requests/submit", &fields).await.redirected();
        }
        let some = Scope::Organs {
            single: vec![world.other, world.bureau, world.other],
            branches: Vec::new(),
        };
        for text in ["", "补偿清单"] {
            for narrowed in [None, Some(world.other)] {
                let mut narrow = by_text(text);
                narrow.organ = narrowed;
                let mut pages = Vec::new();
                for scope in [&Scope::Everything, &some] {
                    let mut numbers = Vec::new();
                    for offset in [0, ROWS, 1_000, 1_100] {
                        let rows = (offset, ROWS);
                        let page = async |tx: &mut Tx| list::page(tx, scope, &narrow, rows).await;
                        let (page, total) = world.db.read(page).await.unwrap();
                        numbers.extend(page.into_iter().map(|one| (one.number, total)));
                    }
                    pages.push(numbers);
                }
                let rows = if narrowed.is_some() { 2 } else { 152 };
                assert_eq!(pages[0].len(), rows, "{text} {narrowed:?}");
                assert_eq!(pages[0], pages[1], "{text} {narrowed:?}");
            }
        }
    }
}

/// What the index finds is what a walk through all cases finds, in whose scope ever.
#[tokio::test]
async fn the_index_finds_what_a_walk_finds() {
    for backend in backends() {
        let world = World::on(&backend).await;
        take_many(&world).await;
        let (organ, token) = (world.other.to_string(), testing::uuid().to_string());
        let fields = application(&token, &organ, "欧阳路A1地块（二期）补偿清单");
        let mut public = world.visitor();
        let receipt = public.post("/requests/submit", &fields).await.redirected();
        assert!(receipt.contains("/receipt/"), "{receipt}");
        let texts = [
            "欧阳",
            "欧",
            "A1地",
            "a1地",
            "Ａ１地",
            "（二期)",
            "A1地块（二期）",
            "（",
            "期）补",
            "第10",
            "旧0042",
            "旧00",
            "2026-0000",
            "申请人",
            "块补偿",
            "偿补",
            "没有的词",
            "-",
            "%",
            "_",
            " ",
            "第1 号",
        ];
        let only = |organ| Scope::Organs {
            single: vec![organ],
            branches: Vec::new(),
        };
        let scopes = [
            Scope::Everything,
            only(world.bureau),
            only(world.other),
            Scope::nothing(),
        ];
        // In whose scope ever, and among those that run in the scope that has all.
        let mut asked: Vec<(&Scope, Narrow)> = Vec::new();
        for scope in &scopes {
            asked.extend(texts.map(|text| (scope, by_text(text))));
        }
        asked.extend(texts.map(|text| {
            let narrow = Narrow {
                due: Some(Due::Running),
                ..by_text(text)
            };
            (&scopes[0], narrow)
        }));
        let look = async || {
            let mut all = Vec::new();
            for (scope, narrow) in &asked {
                let page = async |tx: &mut Tx| list::page(tx, scope, narrow, (0, ROWS)).await;
                let (page, total) = world.db.read(page).await.unwrap();
                let numbers: Vec<String> = page.into_iter().map(|one| one.number).collect();
                all.push((narrow.text.clone(), numbers, total));
            }
            all
        };
        // As when all of them were just handed in, and wait for their words.
        world.forget_words().await;
        let waiting = look().await;
        let fresh = crate::cluster::gather::fresh(&world.app, None).await;
        fresh.unwrap();
        let indexed = look().await;
        assert_eq!(waiting, indexed);
        let hits: Vec<i64> = indexed.iter().map(|(_, _, n)| *n).collect();
        assert_eq!(hits[..6], [1; 6], "欧阳, 欧, A1地, in any width and case");
        assert_eq!(hits[2 * texts.len()], 1, "the other bureau's own");
        assert_eq!(hits[texts.len()], 0, "and no other's");
        let nobody = 3 * texts.len()..4 * texts.len();
        assert!(hits[nobody].iter().all(|n| *n == 0));
        // As after an upgrade: cases without words, and a night that comes to them all.
        world.forget_words().await;
        assert_eq!(look().await, indexed);
        world.forget_text().await;
        let filled = crate::words::fill::run(&world.app, None).await.unwrap();
        assert_eq!(filled, i64::try_from(MANY).unwrap() + 1);
        assert_eq!(look().await, indexed);
        let again = crate::words::fill::run(&world.app, None).await.unwrap();
        assert_eq!(again, 0);
    }
}

#[tokio::test]
async fn the_case_of_letters_hides_neither_evidence_nor_a_similar_case() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let subject = "开发区A地块收B储项目C";
        world.released(subject, "E1").await;
        let wanted = Wanted {
            kind: "request".to_owned(),
            words: "a地块收b".to_owned(),
            within: None,
        };
        let scope = Scope::Everything;
        let receipt = world.applied(&testing::uuid().to_string(), subject).await;
        let token = receipt.rsplit('/').next().unwrap().parse().unwrap();
        let (found, alike) = world
            .db
            .read(async |tx: &mut Tx| {
                let found = world.app.seams.find(tx, &scope, &wanted).await?;
                let case = store::by_token(tx, token).await?.unwrap();
                let mut request = case.request;
                request.wish.subject = subject.to_lowercase();
                let alike = list::similar(tx, &scope, &request).await?;
                Ok::<_, StoreError>((found, alike))
            })
            .await
            .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(alike.len(), 1);
    }
}

impl World {
    /// As in a case from before it was kept.
    async fn forget_text(&self) {
        let forget = async |tx: &mut Tx| tx.run(sql("UPDATE request SET found_by = ''")).await;
        self.db.upkeep(forget).await.unwrap();
    }

    async fn forget_words(&self) {
        let forget = async |tx: &mut Tx| {
            tx.run(sql("DELETE FROM request_words")).await?;
            tx.run(sql("DELETE FROM request_unworded")).await?;
            tx.run(sql(
                "INSERT INTO request_unworded (request_id) SELECT id FROM request",
            ))
            .await
        };
        self.db.upkeep(forget).await.unwrap();
    }
}

#[tokio::test]
async fn the_counts_are_those_of_the_lists() {
    for backend in backends() {
        let world = World::on(&backend).await;
        take_many(&world).await;
        let (today, soon) = (world.app.today(), "2026-02-04".parse().unwrap());
        let bureau = Scope::Organs {
            single: vec![world.bureau],
            branches: Vec::new(),
        };
        for (scope, any) in [(bureau, true), (Scope::nothing(), false)] {
            let (counts, listed) = world
                .db
                .read(async |tx: &mut Tx| {
                    let counts = list::counts(tx, &scope, (today, soon)).await?;
                    let mut listed = Vec::new();
                    for due in [
                        None,
                        Some(Due::Running),
                        Some(Due::Over(today)),
                        Some(Due::Between(today, soon)),
                        Some(Due::Unopened),
                        Some(Due::Unconfirmed),
                    ] {
                        let narrow = Narrow {
                            due,
                            ..Narrow::default()
                        };
                        let total = list::page(tx, &scope, &narrow, (0, ROWS)).await?.1;
                        assert_eq!(counts.of(&narrow), Some(total), "{due:?}");
                        listed.push(total);
                        assert_eq!(
                            counts.of(&Narrow {
                                due,
                                ..by_text("第")
                            }),
                            None
                        );
                    }
                    Ok::<_, StoreError>((counts, listed))
                })
                .await
                .unwrap();
            let counted = [
                counts.all,
                counts.running,
                counts.over,
                counts.soon,
                counts.unopened,
                counts.unconfirmed,
            ];
            assert_eq!(listed, counted);
            assert_eq!(counts.all > 0 && counts.over > 0, any, "{counts:?}");
        }
    }
}

#[tokio::test]
async fn each_person_sees_the_columns_that_it_chose() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .applied(&testing::uuid().to_string(), "公交线路")
            .await;
        let mut officer = world.browser(world.officer).await;
        let all = "/workspace/requests?view=all";
        let page = officer.get(all).await.page();
        assert!(page.contains("<th>申请人</th>") && !page.contains("<th>渠道</th>"));
        let chosen = format!("{all}&col=subject&col=channel");
        let page = officer.get(&chosen).await.page();
        assert!(page.contains("<th>渠道</th>") && !page.contains("<th>申请人</th>"));
        // What was only looked at is not kept.
        let page = officer.get(all).await.page();
        assert!(page.contains("<th>申请人</th>"), "{page}");
        let keep = [("keep", "yes"), ("view", "all"), ("col", "channel")];
        let kept = officer.post("/workspace/requests/columns", &keep).await;
        let page = officer.get(&kept.redirected()).await.page();
        assert!(page.contains("<th>渠道</th>") && !page.contains("<th>申请人</th>"));
        let mut helper = world.browser(world.helper).await;
        let page = helper.get(all).await.page();
        assert!(!page.contains("<th>渠道</th>"), "another person's: {page}");
        let none = [("keep", "yes"), ("view", "all")];
        officer.post("/workspace/requests/columns", &none).await;
        let page = officer.get(all).await.page();
        assert!(page.contains("<th>申请人</th>"), "the usual ones: {page}");
    }
}

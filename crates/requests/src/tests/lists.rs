//! The list of cases: what a search by text finds, on which page, and the counts above it.

use super::*;
use crate::request::import::Row;
use crate::request::import::judge::judge;
use crate::request::import::take::take_over;
use crate::request::store::list::{self, Due, Narrow};
use gongkai_platform::access::Permit;

/// Above the number of hits that a search sorts by itself.
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
            ];
            assert_eq!(listed, counted);
            assert_eq!(counts.all > 0 && counts.over > 0, any, "{counts:?}");
        }
    }
}

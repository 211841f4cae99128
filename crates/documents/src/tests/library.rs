//! The public library, narrowed by 有效性 and 主题分类 along with everything else.

use std::time::Duration;

use gongkai_basis::Date;
use gongkai_platform::access::Scope;
use gongkai_platform::db::DbKind;

use super::*;
use crate::document::store::{self, Library, Way};
use crate::document::validity::{self, Change, Turn, Validity};
use crate::document::{Document, Head};
use crate::old::{self, Old};

const BEFORE: &str = "2026-03-01";
const DAY: &str = "2026-06-01";
const AFTER: &str = "2026-09-01";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn turn(change: Change, on: &str, until: Option<&str>) -> Turn {
    Turn {
        change,
        on: day(on),
        basis: "市政府第12次常务会议".to_owned(),
        until: until.map(day),
        successor: None,
        by: "文书".to_owned(),
    }
}

/// All that may have happened to a document.
fn stories() -> Vec<Vec<Turn>> {
    let mut stories = vec![Vec::new()];
    for on in [BEFORE, DAY, AFTER] {
        stories.push(vec![turn(Change::Amended, on, None)]);
        stories.push(vec![turn(Change::Repealed, on, None)]);
        stories.push(vec![turn(Change::Lapsed, on, None)]);
        stories.push(vec![turn(Change::Kept, on, Some(AFTER))]);
    }
    stories.push(vec![turn(Change::Kept, BEFORE, None)]);
    stories.push(vec![
        turn(Change::Kept, BEFORE, Some(AFTER)),
        turn(Change::Kept, DAY, Some(DAY)),
    ]);
    stories.push(vec![
        turn(Change::Amended, BEFORE, None),
        turn(Change::Repealed, AFTER, None),
    ]);
    stories.push(vec![
        turn(Change::Lapsed, BEFORE, None),
        turn(Change::Repealed, DAY, None),
    ]);
    stories
}

impl World {
    pub(super) async fn takes(
        &self,
        title: &str,
        (kind, theme): (Kind, &str),
        days: [Option<&str>; 2],
    ) {
        let [from, to] = days.map(|text| text.map(day));
        let one = Old {
            source: format!("{title}.html"),
            address: String::new(),
            kind,
            organ: self.city,
            head: Head {
                title: title.to_owned(),
                theme: theme.to_owned(),
                effective_on: from,
                expires_on: to,
                ..Head::default()
            },
            html: "<p>正文。</p>".to_owned(),
            published_on: day("2026-01-05"),
            index_number: String::new(),
            turn: None,
            files: Vec::new(),
            pictures: Vec::new(),
            doubtful: false,
        };
        self.db
            .write(async |tx: &mut Tx| old::take(tx, &Actor::System, one.clone()).await)
            .await
            .unwrap();
    }

    /// Public documents of several spans of validity, to each of which something else happened.
    async fn with_stories(&self) -> Vec<(Document, Vec<Turn>)> {
        let spans = [
            [None, None],
            [Some(BEFORE), Some(DAY)],
            [Some(DAY), None],
            [None, Some(BEFORE)],
            [Some(AFTER), None],
        ];
        for (n, span) in spans.into_iter().enumerate() {
            for story in 0..stories().len() {
                let kind = (Kind::Normative, "综合政务");
                self.takes(&format!("{n}-{story}"), kind, span).await;
            }
        }
        self.takes("通知", (Kind::Notice, "综合政务"), [None, None])
            .await;
        let stories = stories();
        let all = self.listed(Library::default()).await;
        let told = |document: Document| {
            let story = document.title.split_once('-').map(|(_, story)| story);
            let turns = story.map_or_else(Vec::new, |story| {
                stories[story.parse::<usize>().unwrap()].clone()
            });
            (document, turns)
        };
        let all: Vec<_> = all.into_iter().map(told).collect();
        self.db
            .upkeep(async |tx: &mut Tx| {
                for (document, turns) in &all {
                    for turn in turns {
                        store::insert_turn(tx, document.id, turn).await?;
                    }
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        all
    }

    /// Nothing is kept of how documents stand: as after an upgrade.
    async fn unsettles(&self) {
        let nothing = "UPDATE document SET stands_until = ''";
        self.db
            .upkeep(async |tx: &mut Tx| tx.run(sql(nothing)).await)
            .await
            .unwrap();
    }

    /// Keeps how documents stand on this day; gives of how many that was past.
    async fn settles(&self, today: Date) -> i64 {
        self.db
            .upkeep(async |tx: &mut Tx| store::settle_some(tx, today, 1_000).await)
            .await
            .unwrap()
    }

    async fn listed(&self, library: Library) -> Vec<Document> {
        self.db
            .read(async |tx: &mut Tx| {
                let found = store::library(tx, &library, (0, 1_000)).await?;
                let n = store::library_count(tx, &library).await?;
                assert_eq!(n, i64::try_from(found.len()).unwrap());
                Ok::<_, StoreError>(found)
            })
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn the_list_by_validity_says_what_the_rule_says() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let all = world.with_stories().await;
        world.unsettles().await;
        for today in [
            "2026-02-28",
            BEFORE,
            "2026-05-01",
            DAY,
            "2026-06-02",
            "2027-01-01",
        ] {
            let today = day(today);
            // First with what was kept for an earlier day, then with what is kept for this one.
            world.lists_by_validity(&all, today).await;
            world.settles(today).await;
            assert_eq!(world.settles(today).await, 0, "{today}");
            world.lists_by_validity(&all, today).await;
        }
    }
}

impl World {
    async fn lists_by_validity(&self, all: &[(Document, Vec<Turn>)], today: Date) {
        for validity in Validity::ALL {
            let mut want: Vec<String> = all
                .iter()
                .filter(|(document, _)| document.kind.has_validity())
                .filter(|(document, turns)| {
                    let (from, to) = (document.effective_on, document.expires_on);
                    validity::on(today, from, to, turns) == *validity
                })
                .map(|(document, _)| document.title.clone())
                .collect();
            let by_validity = Library {
                standing: Some((*validity, today)),
                ..Library::default()
            };
            let found = self.listed(by_validity.clone()).await;
            let mut found: Vec<String> = found.into_iter().map(|document| document.title).collect();
            want.sort();
            found.sort();
            assert_eq!(found, want, "{validity:?} on {today}");
            // The other ways to the same documents: by subject, by kind and subject, by words.
            for (kind, theme, text) in [
                (None, "综合政务", ""),
                (Some(Kind::Normative), "综合政务", ""),
                (Some(Kind::Normative), "", "-"),
            ] {
                let found = self
                    .listed(Library {
                        kind,
                        theme: theme.to_owned(),
                        text: text.to_owned(),
                        ..by_validity.clone()
                    })
                    .await;
                assert_eq!(found.len(), want.len(), "{validity:?}, {theme}, {text}");
            }
        }
    }
}

#[tokio::test]
async fn what_becomes_of_a_document_is_kept_at_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let kind = (Kind::Normative, "综合政务");
        world
            .takes("甲办法", kind, [None, Some("2031-01-31")])
            .await;
        let today = world.app.today();
        assert_eq!(world.settles(today).await, 0, "taking it in kept it");
        let found = world.listed(Library::default()).await;
        let id = found[0].id;
        let repealed = turn(Change::Repealed, BEFORE, None);
        world
            .db
            .upkeep(async |tx: &mut Tx| store::insert_turn(tx, id, &repealed).await)
            .await
            .unwrap();
        assert_eq!(world.settles(today).await, 0, "the repeal kept it");
        let of = |validity| Library {
            standing: Some((validity, today)),
            ..Library::default()
        };
        assert_eq!(world.listed(of(Validity::Repealed)).await.len(), 1);
        assert!(world.listed(of(Validity::InForce)).await.is_empty());
        // Past the code nothing keeps it, and no list says what is no longer so.
        world
            .tampers("UPDATE validity_event SET undone_at = 1", &[])
            .await;
        assert_eq!(world.listed(of(Validity::InForce)).await.len(), 1);
        assert!(world.listed(of(Validity::Repealed)).await.is_empty());
        assert_eq!(world.settles(today).await, 1);
        assert_eq!(world.listed(of(Validity::InForce)).await.len(), 1);
        world
            .tampers("UPDATE document SET expires_on = '2026-03-31'", &[])
            .await;
        assert_eq!(world.listed(of(Validity::Lapsed)).await.len(), 1);
    }
}

/// Whoever changes a document keeps how it stands: the night does not wait for it, and overwrites nothing.
#[tokio::test]
async fn the_night_passes_by_what_somebody_is_changing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        if world.db.kind() == DbKind::Sqlite {
            continue; // It has one writer.
        }
        let kind = (Kind::Normative, "综合政务");
        world.takes("甲办法", kind, [None, None]).await;
        let id = world.listed(Library::default()).await[0].id;
        world.takes("乙办法", kind, [None, None]).await;
        world.unsettles().await;
        let today = world.app.today();
        let repealed = turn(Change::Repealed, BEFORE, None);
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                store::insert_turn(tx, id, &repealed).await?;
                let night = tokio::time::timeout(Duration::from_secs(20), world.settles(today));
                assert_eq!(night.await.unwrap(), 1, "the other one");
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        assert_eq!(world.settles(today).await, 0);
        let repealed = Library {
            standing: Some((Validity::Repealed, today)),
            ..Library::default()
        };
        let found = world.listed(repealed).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].id, id);
    }
}

/// What was given its last day by 继续有效 alone is cleaned up like what had one printed.
#[tokio::test]
async fn the_clean_up_worksheet_says_what_the_rule_says() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let all = world.with_stories().await;
        world.unsettles().await;
        for (today, before) in [
            ("2026-02-28", DAY),
            (BEFORE, AFTER),
            (DAY, DAY),
            ("2026-07-01", AFTER),
            ("2026-10-12", "2027-04-12"),
        ] {
            let days = (day(today), day(before));
            world.cleans_up(&all, days).await;
            world.settles(days.0).await;
            world.cleans_up(&all, days).await;
        }
    }
}

impl World {
    async fn cleans_up(&self, all: &[(Document, Vec<Turn>)], (today, before): (Date, Date)) {
        let mut want: Vec<String> = all
            .iter()
            .filter(|(_, turns)| !turns.iter().any(|turn| turn.change.is_end()))
            .filter(|(document, turns)| {
                let left = validity::left(today, document.expires_on, turns);
                left.is_some_and(|(last, _)| last <= before)
            })
            .map(|(document, _)| document.title.clone())
            .collect();
        let scope = Scope::Everything;
        let (found, n) = self
            .db
            .read(async |tx: &mut Tx| {
                let days = (today, before);
                let found = store::expiring(tx, &scope, days, (0, 1_000)).await?;
                let n = store::expiring_count(tx, &scope, days).await?;
                Ok::<_, StoreError>((found, n))
            })
            .await
            .unwrap();
        assert_eq!(n, i64::try_from(found.len()).unwrap());
        let in_order: Vec<_> = found.iter().map(|one| one.id).collect();
        let mut found: Vec<String> = found.into_iter().map(|one| one.title).collect();
        want.sort();
        found.sort();
        assert_eq!(found, want, "{today}, {before}");
        let paged = self
            .db
            .read(async |tx: &mut Tx| {
                let mut paged = Vec::new();
                for page in 0..3 {
                    let of_page = (page * 7, 7);
                    paged.extend(store::expiring(tx, &scope, (today, before), of_page).await?);
                }
                Ok::<_, StoreError>(paged)
            })
            .await
            .unwrap();
        let paged: Vec<_> = paged.iter().map(|one| one.id).collect();
        assert_eq!(paged, in_order[..paged.len()], "{today}, {before}");
        // All of them are the office's; whichever way they are read, they are the same in the same order.
        let own = Scope::Organs {
            single: vec![self.office],
            branches: Vec::new(),
        };
        for (scope, wanted) in [
            (scope, &in_order[..]),
            (own, &in_order[..]),
            (Scope::nothing(), &in_order[..0]),
        ] {
            for way in [Way::ByUnit, Way::ByDay] {
                let read = async |tx: &mut Tx| {
                    let whole = ((0, 1_000), way);
                    store::expiring_by(tx, &scope, (today, before), whole).await
                };
                let found = self.db.read(read).await.unwrap();
                let found: Vec<_> = found.iter().map(|one| one.id).collect();
                assert_eq!(found, wanted, "{way:?}: {today}, {before}");
            }
        }
    }
}

#[tokio::test]
async fn subject_and_validity_narrow_the_library_together() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for (title, theme, to) in [
            ("甲办法", "教育", None),
            ("乙办法", "教育", Some("2026-03-01")),
            ("丙办法", "卫生", None),
        ] {
            world
                .takes(title, (Kind::Normative, theme), [None, to])
                .await;
        }
        world
            .takes("丁通知", (Kind::Notice, "教育"), [None, None])
            .await;
        let mut public = world.public();
        for (query, has) in [
            ("theme=%E6%95%99%E8%82%B2", "甲乙丁"),
            ("theme=%E6%95%99%E8%82%B2&validity=in_force", "甲"),
            ("validity=lapsed", "乙"),
            ("validity=in_force", "甲丙"),
            ("validity=&theme=&text=%E5%8A%9E%E6%B3%95", "甲乙丙"),
            ("theme=%E6%B0%91%E6%94%BF", ""),
        ] {
            let page = public.get(&format!("/documents?{query}")).await.page();
            for one in ["甲办法", "乙办法", "丙办法", "丁通知"] {
                let listed = page.contains(&format!("\">{one}</a>"));
                let first = one.chars().next().unwrap();
                assert_eq!(listed, has.contains(first), "{query}: {one}");
            }
            assert_eq!(
                page.contains("没有符合条件的文件"),
                has.is_empty(),
                "{query}"
            );
        }
        let page = public.get("/documents?kind=notice&validity=in_force").await;
        assert!(page.page().contains("“通知公告”不标有效性"));
        // What was chosen stays chosen; subjects come from what is public.
        let page = public
            .get("/documents?theme=%E6%95%99%E8%82%B2&validity=lapsed")
            .await
            .page();
        for said in [
            "<option value=\"教育\" selected>",
            "<option value=\"卫生\">",
            "<option value=\"lapsed\" selected>",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
        // Longer than any name: cut, not refused.
        let long = "%E5%8A%9E".repeat(900);
        let answer = public.get(&format!("/documents?text={long}")).await;
        assert_eq!(answer.status, 200);
    }
}

//! The public library, narrowed by 有效性 and 主题分类 along with everything else.

use gongkai_basis::Date;
use gongkai_platform::access::Scope;

use super::*;
use crate::document::store::{self, Library};
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
        for today in [
            "2026-02-28",
            BEFORE,
            "2026-05-01",
            DAY,
            "2026-06-02",
            "2027-01-01",
        ] {
            for validity in Validity::ALL {
                let mut want: Vec<String> = all
                    .iter()
                    .filter(|(document, _)| document.kind.has_validity())
                    .filter(|(document, turns)| {
                        let (from, to) = (document.effective_on, document.expires_on);
                        validity::on(day(today), from, to, turns) == *validity
                    })
                    .map(|(document, _)| document.title.clone())
                    .collect();
                let found = world
                    .listed(Library {
                        standing: Some((*validity, day(today))),
                        ..Library::default()
                    })
                    .await;
                let mut found: Vec<String> =
                    found.into_iter().map(|document| document.title).collect();
                want.sort();
                found.sort();
                assert_eq!(found, want, "{validity:?} on {today}");
            }
        }
    }
}

/// What was given its last day by 继续有效 alone is cleaned up like what had one printed.
#[tokio::test]
async fn the_clean_up_worksheet_says_what_the_rule_says() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let all = world.with_stories().await;
        for (today, before) in [
            ("2026-02-28", DAY),
            (BEFORE, AFTER),
            (DAY, DAY),
            ("2026-07-01", AFTER),
            ("2026-10-12", "2027-04-12"),
        ] {
            let (today, before) = (day(today), day(before));
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
            let (found, n) = world
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
            let mut found: Vec<String> = found.into_iter().map(|one| one.title).collect();
            want.sort();
            found.sort();
            assert_eq!(found, want, "{today}, {before}");
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

//! What is not public in time becomes a finding, falls due, waits for somebody, and is evidence once it is there.

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{Claim, DateRange, FigureKey, Verdict};
use gongkai_basis::{Actor, Role};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, FindingState, Narrow};
use gongkai_platform::seam::Wanted;
use gongkai_platform::testing::{self, backends};

use super::World;
use crate::gap;

impl World {
    pub(super) async fn findings(&self) -> Vec<(String, FindingState)> {
        self.findings_of(self.unit).await
    }

    async fn findings_of(&self, unit: OrganId) -> Vec<(String, FindingState)> {
        let found = self
            .db
            .read(async |tx: &mut Tx| finding::of(tx, unit, &Narrow::default(), 100).await)
            .await
            .unwrap();
        let mut found: Vec<(String, FindingState)> = found
            .into_iter()
            .map(|finding| (finding.key, finding.state))
            .collect();
        found.sort();
        found
    }
}

#[tokio::test]
async fn a_gap_is_found_once_and_closes_when_it_is_filled() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.city, "", "预算执行情况").await;
        let id: crate::id::EntryId = path.rsplit('/').next().unwrap().parse().unwrap();
        let look = || gap::run(&world.app, &Actor::System, world.city);
        let first = look().await.unwrap();
        // Two quarters are past their day in each of the three departments: the office is one of them.
        assert_eq!((first.gaps, first.settled), (6, 0));
        assert_eq!(look().await.unwrap().gaps, 6);
        let keys = [gap::key(id, "2026-Q1"), gap::key(id, "2026-Q2")];
        assert_eq!(
            world.findings().await,
            keys.clone().map(|key| (key, FindingState::ToVerify))
        );

        let unit = world.unit.to_string();
        let nothing = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("kind", "nothing"),
            ("statement", "本季度没有调整。"),
        ];
        let mut liaison = world.browser(world.liaison).await;
        liaison
            .post(&format!("{path}/fill"), &nothing)
            .await
            .redirected();
        let [one, two] = keys;
        assert_eq!(
            world.findings().await,
            [
                (one, FindingState::Closed),
                (two.clone(), FindingState::ToVerify)
            ]
        );

        // An entry that is removed is owed no more.
        let mut clerk = world.browser(world.clerk).await;
        let why = [("version", "1"), ("why", "已合并到其他事项")];
        clerk
            .post(&format!("{path}/remove"), &why)
            .await
            .redirected();
        let last = look().await.unwrap();
        assert_eq!((last.gaps, last.settled), (0, 5));
        let states: Vec<FindingState> = world
            .findings()
            .await
            .into_iter()
            .map(|one| one.1)
            .collect();
        assert_eq!(states, [FindingState::Closed, FindingState::Closed]);
    }
}

#[tokio::test]
async fn an_old_gap_closes_by_a_look_and_not_by_its_age() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.unit, "", "部门预算").await;
        let id: crate::id::EntryId = path.rsplit('/').next().unwrap().parse().unwrap();
        let look = || gap::run(&world.app, &Actor::System, world.city);
        assert_eq!(look().await.unwrap().gaps, 2);
        // Two years later neither of the years that are looked at has these periods.
        let two_years = jiff::SignedDuration::from_hours(24 * 500);
        world.clock.advance(two_years);
        let first = [gap::key(id, "2026-Q1"), gap::key(id, "2026-Q2")];
        let looked = look().await.unwrap();
        assert_eq!(looked.settled, 0);
        let found = world.findings().await;
        for key in &first {
            assert!(
                found.contains(&(key.clone(), FindingState::ToVerify)),
                "{found:?}"
            );
        }
        let unit = world.unit.to_string();
        let nothing = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("kind", "nothing"),
            ("statement", "本季度没有调整。"),
        ];
        let mut liaison = world.browser(world.liaison).await;
        let fill = format!("{path}/fill");
        liaison.post(&fill, &nothing).await.redirected();
        look().await.unwrap();
        let [one, two] = first;
        let found = world.findings().await;
        assert!(found.contains(&(one, FindingState::Closed)), "{found:?}");
        assert!(found.contains(&(two, FindingState::ToVerify)), "{found:?}");
    }
}

#[tokio::test]
async fn what_a_merged_unit_left_unfilled_stays_open_with_its_heir() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // Its own entry: the catalogue names nobody else for it.
        let path = world.added(world.unit, "", "部门预算").await;
        let id: crate::id::EntryId = path.rsplit('/').next().unwrap().parse().unwrap();
        let look = || gap::run(&world.app, &Actor::System, world.city);
        assert_eq!(look().await.unwrap().gaps, 2);
        let (from, to) = (world.unit, world.other);
        let unit = from.to_string();
        let third = [
            ("organ", unit.as_str()),
            ("period", "2026-Q3"),
            ("kind", "nothing"),
            ("statement", "合并前已经登记。"),
        ];
        let mut liaison = world.browser(world.liaison).await;
        let fill = format!("{path}/fill");
        liaison.post(&fill, &third).await.redirected();
        world
            .db
            .write(async |tx: &mut Tx| {
                let works = finding::organ_hooks().open_work;
                testing::merge(tx, &works, (from, to)).await
            })
            .await
            .unwrap();
        let open = [gap::key(id, "2026-Q1"), gap::key(id, "2026-Q2")];
        let open = open.map(|key| (key, FindingState::ToVerify));
        let looked = look().await.unwrap();
        assert_eq!((looked.gaps, looked.settled), (0, 0));
        assert_eq!(world.findings_of(to).await, open);

        // The link in the finding names the merged unit; its heir fills what it left.
        let heir = testing::person(&world.db, "司法局联络员", &[(Role::Liaison, to)]).await;
        let mut heir = world.browser(heir).await;
        let page = heir.get(&gap::path(id, from, "2026-Q1")).await.page();
        assert!(
            page.contains("市司法局") && page.contains("2026-Q1"),
            "{page}"
        );
        let organ = to.to_string();
        let nothing = [
            ("organ", organ.as_str()),
            ("period", "2026-Q1"),
            ("kind", "nothing"),
            ("statement", "本季度没有调整。"),
        ];
        heir.post(&fill, &nothing).await.redirected();
        assert_eq!(look().await.unwrap().settled, 0);
        let states: Vec<FindingState> = world
            .findings_of(to)
            .await
            .into_iter()
            .map(|one| one.1)
            .collect();
        assert_eq!(states, [FindingState::Closed, FindingState::ToVerify]);

        // What is owed by nobody any more is over for the heir, too.
        let mut clerk = world.browser(world.clerk).await;
        let why = [("version", "1"), ("why", "已合并到其他事项")];
        let removed = clerk.post(&format!("{path}/remove"), &why).await;
        removed.redirected();
        assert_eq!(look().await.unwrap().settled, 1);
    }
}

#[tokio::test]
async fn what_an_heir_takes_back_can_be_registered_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.unit, "", "部门预算").await;
        let id: crate::id::EntryId = path.rsplit('/').next().unwrap().parse().unwrap();
        let (from, to) = (world.unit, world.other);
        let (fill, undo) = (format!("{path}/fill"), format!("{path}/take-back"));
        let (unit, organ) = (from.to_string(), to.to_string());
        let material = |organ: &str, period: &str| {
            [
                ("organ", organ.to_owned()),
                ("period", period.to_owned()),
                ("kind", "address".to_owned()),
                ("title", "部门预算".to_owned()),
                ("address", "https://www.example.gov.cn/1.html".to_owned()),
            ]
        };
        let mut liaison = world.browser(world.liaison).await;
        // One of them is past its day, the other not yet.
        for period in ["2026-Q1", "2026-Q3"] {
            let fields = material(&unit, period);
            let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
            liaison.post(&fill, &fields).await.redirected();
        }
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                let works = finding::organ_hooks().open_work;
                testing::merge(tx, &works, (from, to)).await
            })
            .await
            .unwrap();
        let heir = testing::person(&world.db, "司法局联络员", &[(Role::Liaison, to)]).await;
        let mut heir = world.browser(heir).await;
        for period in ["2026-Q1", "2026-Q3"] {
            let back = [
                ("organ", organ.as_str()),
                ("period", period),
                ("why", "网址有误"),
            ];
            heir.post(&undo, &back).await.redirected();
        }
        let late = gap::key(id, "2026-Q1");
        let open = world.findings_of(to).await;
        assert!(
            open.len() == 1 && open[0].0 == late && open[0].1.is_open(),
            "{open:?}"
        );
        let look = || gap::run(&world.app, &Actor::System, world.city);
        assert_eq!(look().await.unwrap().settled, 0, "it stays open by night");
        let page = heir.get(&gap::path(id, to, "2026-Q1")).await.page();
        for period in ["2026-Q1", "2026-Q3"] {
            let offered = format!("<option value=\"{period}\"");
            assert!(page.contains(&offered), "{period}: {page}");
        }
        for period in ["2026-Q1", "2026-Q3"] {
            let fields = material(&organ, period);
            let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
            heir.post(&fill, &fields).await.redirected();
        }
        let closed = world.findings_of(to).await;
        assert_eq!(closed, [(late, FindingState::Closed)]);

        // What is taken back before its day is found by the first night behind it.
        let back = [
            ("organ", organ.as_str()),
            ("period", "2026-Q3"),
            ("why", "网址有误"),
        ];
        heir.post(&undo, &back).await.redirected();
        let forty_days = jiff::SignedDuration::from_hours(24 * 40);
        world.clock.advance(forty_days);
        for _ in 0..2 {
            assert_eq!(look().await.unwrap().settled, 0);
            let found = world.findings_of(to).await;
            let third = (gap::key(id, "2026-Q3"), FindingState::ToVerify);
            assert!(found.contains(&third), "{found:?}");
        }
    }
}

#[tokio::test]
async fn what_is_due_waits_and_counts_until_it_is_filled() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.city, "", "预算执行情况").await;
        let unit = world.unit.to_string();
        let seams = crate::seams();
        let due = async || {
            let range = DateRange {
                from: "2000-01-01".parse().unwrap(),
                to: "2026-12-31".parse().unwrap(),
            };
            let scope = Scope::Organs {
                single: vec![world.unit],
                branches: Vec::new(),
            };
            let items = world
                .db
                .read(async |tx: &mut Tx| seams.due(tx, &scope, range).await)
                .await
                .unwrap();
            let days = items.iter().map(|item| item.due_on.to_string());
            days.collect::<Vec<String>>()
        };
        // The fourth quarter falls due in the next year.
        assert_eq!(due().await, ["2026-04-29", "2026-07-28", "2026-11-03"]);
        let figure = async |name: &str| {
            let key = FigureKey {
                name: name.to_owned(),
                organ: world.city,
                year: 2026,
            };
            let found = world
                .db
                .read(async |tx: &mut Tx| seams.figures(tx, std::slice::from_ref(&key)).await)
                .await
                .unwrap();
            found[0].as_ref().unwrap().value
        };
        assert_eq!(figure("catalogue.overdue").await, 6);
        let address = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("kind", "address"),
            ("title", "一季度执行情况"),
            ("address", "https://www.example.gov.cn/q1.html"),
        ];
        let mut liaison = world.browser(world.liaison).await;
        let fill = format!("{path}/fill");
        liaison.post(&fill, &address).await.redirected();
        assert_eq!(due().await, ["2026-07-28", "2026-11-03"]);
        assert_eq!(figure("catalogue.overdue").await, 5);
        assert_eq!(figure("catalogue.owed").await, 6);
    }
}

#[tokio::test]
async fn a_filling_proves_a_task_until_it_is_taken_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.city, "", "预算执行情况").await;
        let unit = world.unit.to_string();
        let address = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("kind", "address"),
            ("title", "一季度执行情况"),
            ("address", "https://www.example.gov.cn/q1.html"),
        ];
        let mut liaison = world.browser(world.liaison).await;
        liaison
            .post(&format!("{path}/fill"), &address)
            .await
            .redirected();
        let seams = crate::seams();
        let wanted = Wanted {
            kind: "catalogue-filling".to_owned(),
            words: "一季度".to_owned(),
            within: None,
        };
        let find = async |scope: Scope| {
            world
                .db
                .read(async |tx: &mut Tx| seams.find(tx, &scope, &wanted).await)
                .await
                .unwrap()
        };
        assert!(find(Scope::nothing()).await.is_empty());
        let found = find(Scope::Everything).await.pop().unwrap();
        assert_eq!(
            found.title,
            "市财政局：预算执行情况（2026-Q1）：一季度执行情况"
        );
        let claim = Claim {
            of: found.of.clone(),
            seal: Some(found.seal),
        };
        let verdict = async || {
            let verdicts = world
                .db
                .read(async |tx: &mut Tx| {
                    let verdicts = seams.verify(tx, std::slice::from_ref(&claim)).await?;
                    Ok::<_, StoreError>(verdicts)
                })
                .await
                .unwrap();
            verdicts[0].clone()
        };
        assert_eq!(verdict().await, Verdict::Holds);
        let back = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("why", "网址有误"),
        ];
        liaison
            .post(&format!("{path}/take-back"), &back)
            .await
            .redirected();
        assert!(matches!(verdict().await, Verdict::Gone(_)));
        assert!(find(Scope::Everything).await.is_empty());
    }
}

/// As many columns as there are domains do not fit a window: the names of the units stay, and the page says that the others move.
#[tokio::test]
async fn the_table_of_units_scrolls_beside_their_names() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.added(world.city, "", "预算执行情况").await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/catalogue/units").await.page();
        let (before, table) = page.split_once("<div class=\"table-box\"").unwrap();
        assert!(before.contains("可以左右滚动"), "{before}");
        // What stands before its box tells the style sheet when to say so.
        assert!(
            before.trim_end().ends_with("</p>") && before.contains("<p class=\"hint scrolls\">"),
            "{before}"
        );
        assert!(table.contains("<table class=\"cards frozen\">"), "{table}");
        assert!(table.contains("市财政局"), "{table}");
    }
}

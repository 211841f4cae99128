//! What the night finds of itself, and that every kind of record can prove and be counted.

use gongkai_basis::reference::Figure;
use gongkai_platform::finding::FindingState;
use gongkai_platform::job::schedule::queue_due;
use gongkai_platform::job::{self};
use gongkai_platform::seam::FigureSource;

use super::*;

const MEETING: &str = "organisation:meeting:2026";
const HEARING: &str = "organisation:hearing:2026";

impl World {
    /// The government keeps a leading group here, so that the night looks after it.
    async fn has_group(&self) {
        let base = self.city.to_string();
        let fields = [
            ("base", base.as_str()),
            ("duty", "head"),
            ("name", "甲"),
            ("post", "副市长"),
            ("from_on", "2026-01-01"),
            ("from_why", "安政办函〔2026〕1号"),
        ];
        let mut clerk = self.browser(self.clerk).await;
        let path = "/workspace/organisation/group";
        clerk.post(path, &fields).await.redirected();
    }

    async fn night_passes(&self) {
        self.clock.advance(jiff::SignedDuration::from_hours(24));
        queue_due(&self.db, &crate::schedules()).await.unwrap();
        let workers = crate::workers(&self.app);
        while job::run_next(&self.db, &workers).await.unwrap() {}
    }

    async fn state(&self, organ: OrganId, key: &str) -> Option<FindingState> {
        let found = self.findings(organ).await;
        let mut found = found.into_iter().filter(|(own, _)| own == key);
        found.next().map(|(_, state)| state)
    }
}

#[tokio::test]
async fn the_night_tells_what_a_year_lacks_and_closes_it_when_it_is_there() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.has_group().await;
        world.night_passes().await;
        // In October two months are left, and nothing is said.
        assert_eq!(world.state(world.office, MEETING).await, None);
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 25));
        world.night_passes().await;
        let unit = world.units[0];
        for (organ, key) in [(world.office, MEETING), (unit, HEARING)] {
            let state = world.state(organ, key).await;
            assert!(state.is_some_and(|it| it != FindingState::Closed), "{key}");
        }
        world
            .noted(world.clerk, "meeting", world.office, "领导小组会议")
            .await;
        let hearing = world
            .noted(world.liaisons[0], "hearing", unit, "听取汇报")
            .await;
        world.night_passes().await;
        for (organ, key) in [(world.office, MEETING), (unit, HEARING)] {
            assert_eq!(
                world.state(organ, key).await,
                Some(FindingState::Closed),
                "{key}"
            );
        }
        // Who did not hold one is still told.
        let other = world.state(world.units[1], HEARING).await;
        assert!(other.is_some_and(|it| it != FindingState::Closed));
        // A record that is taken off proves nothing: it is found missing again.
        let mut liaison = world.browser(world.liaisons[0]).await;
        liaison
            .post(
                &format!("{hearing}/remove"),
                &[("version", "1"), ("why", "误录")],
            )
            .await
            .redirected();
        world.night_passes().await;
        let again = world.state(unit, HEARING).await;
        assert!(again.is_some_and(|it| it != FindingState::Closed));
    }
}

/// A city's plan has something to do; its office has recorded no leading group.
struct OnePlan(OrganId);

#[async_trait]
impl FigureSource for OnePlan {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[("tasks.all", "要点任务数")]
    }

    async fn figures(
        &self,
        _: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let figure = |key: &FigureKey| {
            let own = key.name == "tasks.all" && key.organ == self.0 && key.year == 2026;
            own.then_some(Figure {
                value: 80,
                refs: Vec::new(),
            })
        };
        Ok(keys.iter().map(figure).collect())
    }
}

const ROSTER: &str = "organisation:roster";

#[tokio::test]
async fn a_government_with_a_plan_is_looked_at_before_it_has_a_roster() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.night_passes().await;
        assert_eq!(world.state(world.office, ROSTER).await, None, "no plan");
        let mut parts = testing::parts(&world.db, &world.guard, crate::nav());
        parts.seams = crate::seams();
        parts.seams.figures.push(Arc::new(OnePlan(world.city)));
        world.app = App::new(parts);
        world.night_passes().await;
        let state = world.state(world.office, ROSTER).await;
        assert_eq!(state, Some(FindingState::ToVerify));
        assert!(
            !world.findings(world.units[0]).await.is_empty(),
            "its units are looked at too"
        );
        world.has_group().await;
        world.night_passes().await;
        let state = world.state(world.office, ROSTER).await;
        assert_eq!(state, Some(FindingState::Closed));
    }
}

#[tokio::test]
async fn the_meeting_of_a_county_or_a_bureau_is_not_the_citys() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.has_group().await;
        let county = testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await;
        set_kind(&world.db, county, "government").await;
        let desk = testing::organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
        set_kind(&world.db, desk, "office").await;
        let below = testing::person(&world.db, "县文书", &[(Role::OfficeClerk, desk)]).await;
        world
            .noted(below, "meeting", county, "县领导小组会议")
            .await;
        world
            .noted(world.clerk, "meeting", world.units[0], "局领导小组会议")
            .await;
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 25));
        world.night_passes().await;
        let state = world.state(world.office, MEETING).await;
        assert_eq!(state, Some(FindingState::ToVerify));
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/organisation").await.page();
        assert!(page.contains("<b>0</b> 次领导小组会议"), "{page}");
        world
            .noted(world.clerk, "meeting", world.city, "市领导小组会议")
            .await;
        world.night_passes().await;
        let state = world.state(world.office, MEETING).await;
        assert_eq!(state, Some(FindingState::Closed));
    }
}

#[tokio::test]
async fn every_kind_of_record_proves_and_is_counted() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let seams = crate::seams();
        for (kind, figure) in [
            ("meeting", "meetings.held"),
            ("hearing", "hearings.held"),
            ("training", "trainings.held"),
            ("submission", "submissions.made"),
            ("pilot", "pilots.run"),
        ] {
            let title = format!("记录{kind}");
            let path = world.noted(world.clerk, kind, world.office, &title).await;
            let wanted = Wanted {
                kind: kind.to_owned(),
                words: "记录".to_owned(),
                within: None,
            };
            let own = Scope::Organs {
                single: vec![world.office],
                branches: Vec::new(),
            };
            let key = |organ, year| FigureKey {
                name: figure.to_owned(),
                organ,
                year,
            };
            let keys = [key(world.city, 2026), key(world.city, 2025)];
            let (found, figures) = world
                .db
                .read(async |tx: &mut Tx| {
                    let found = seams.find(tx, &own, &wanted).await?;
                    Ok::<_, StoreError>((found, seams.figures(tx, &keys).await?))
                })
                .await
                .unwrap();
            assert_eq!(found.len(), 1, "{kind}");
            assert_eq!(found[0].path, path);
            let values: Vec<i64> = figures
                .iter()
                .map(|one| one.as_ref().unwrap().value)
                .collect();
            assert_eq!(values, [1, 0], "{kind}");
            assert_eq!(figures[0].as_ref().unwrap().refs, [found[0].of.clone()]);
        }
    }
}

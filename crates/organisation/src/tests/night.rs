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

/// One government has a plan of its own; every organ has a part in some plan.
struct OnePlan(OrganId);

#[async_trait]
impl FigureSource for OnePlan {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[("plans.own", "本级要点方案数"), ("tasks.all", "要点任务数")]
    }

    async fn figures(
        &self,
        _: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let figure = |key: &FigureKey| {
            let own = key.organ == self.0 && key.year == 2026;
            let value = match key.name.as_str() {
                "plans.own" => i64::from(own),
                "tasks.all" => 80,
                _ => return None,
            };
            Some(Figure {
                value,
                refs: Vec::new(),
            })
        };
        Ok(keys.iter().map(figure).collect())
    }
}

const ROSTER: &str = "organisation:roster";
const STAFF: &str = "organisation:staff:leader";

impl World {
    fn has_plan(&mut self, government: OrganId) {
        let mut parts = testing::parts(&self.db, &self.guard, crate::nav());
        parts.seams = crate::seams();
        parts.seams.figures.push(Arc::new(OnePlan(government)));
        self.app = App::new(parts);
    }

    /// A county below the city in whose office somebody works: the government and its office.
    async fn county(&self) -> (OrganId, OrganId) {
        let county = testing::organ(&self.db, "云岭县人民政府", Some(self.city)).await;
        set_kind(&self.db, county, "government").await;
        let desk = testing::organ(&self.db, "云岭县人民政府办公室", Some(county)).await;
        set_kind(&self.db, desk, "office").await;
        testing::person(&self.db, "县文书", &[(Role::OfficeClerk, desk)]).await;
        (county, desk)
    }
}

#[tokio::test]
async fn a_county_that_only_the_citys_plan_names_is_not_looked_at() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let (_, desk) = world.county().await;
        world.has_plan(world.city);
        world.night_passes().await;
        assert_eq!(world.state(desk, ROSTER).await, None);
        let state = world.state(world.office, ROSTER).await;
        assert_eq!(state, Some(FindingState::ToVerify));
    }
}

/// A town has no general office: the section in which somebody does its work stands for it.
#[tokio::test]
async fn what_a_town_lacks_is_told_to_the_section_that_is_its_office() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let town = testing::organ(&world.db, "青禾镇人民政府", Some(world.city)).await;
        set_kind(&world.db, town, "government").await;
        let mut sections = Vec::new();
        for name in ["青禾镇财政所", "青禾镇党政综合办公室"] {
            let section = testing::organ(&world.db, name, Some(town)).await;
            set_kind(&world.db, section, "section").await;
            sections.push(section);
        }
        let roles = [(Role::OfficeClerk, sections[1])];
        testing::person(&world.db, "镇文书", &roles).await;
        world.has_plan(town);
        world.night_passes().await;
        let state = world.state(sections[1], ROSTER).await;
        assert_eq!(state, Some(FindingState::ToVerify));
        for organ in [town, sections[0]] {
            assert_eq!(world.state(organ, ROSTER).await, None);
        }
    }
}

#[tokio::test]
async fn what_is_no_longer_looked_at_is_settled_with_the_reason() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let (county, desk) = world.county().await;
        world.has_plan(county);
        world.night_passes().await;
        let verified = Some(FindingState::ToVerify);
        assert_eq!(world.state(desk, ROSTER).await, verified);
        // The plan is taken back. Some nights later it may be there again; a month later it is not.
        world.has_plan(world.city);
        world.night_passes().await;
        assert_eq!(world.state(desk, ROSTER).await, verified);
        let month = jiff::SignedDuration::from_hours(24 * 30);
        world.clock.advance(month);
        world.night_passes().await;
        for key in [ROSTER, STAFF] {
            let state = world.state(desk, key).await;
            assert_eq!(state, Some(FindingState::Closed), "{key}");
        }
        let city = world.state(world.office, ROSTER).await;
        assert_eq!(city, verified, "what is looked at stays");
        let narrow = finding::Narrow::default();
        let told = async |tx: &mut Tx| finding::of(tx, desk, &narrow, 50).await;
        let told = world.db.read(told).await.unwrap();
        let why = told[0].verdict.as_deref().unwrap();
        assert!(why.contains("30天没有再检查"), "{why}");
    }
}

#[tokio::test]
async fn a_government_with_a_plan_is_looked_at_before_it_has_a_roster() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.night_passes().await;
        assert_eq!(world.state(world.office, ROSTER).await, None, "no plan");
        world.has_plan(world.city);
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

//! What the night finds of itself, and that every kind of record can prove and be counted.

use gongkai_platform::finding::FindingState;
use gongkai_platform::job::schedule::queue_due;
use gongkai_platform::job::{self};

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

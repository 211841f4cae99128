//! Documents that may be the material of an entry are proposed, ticked and registered at once.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gongkai_basis::reference::Ref;
use gongkai_platform::seam::{Fit, Fitting, Found, Theme};

use super::*;

/// Proposes these, by name and day, and keeps what it was asked for.
#[derive(Clone, Default)]
struct Shelf {
    there: Vec<(&'static str, &'static str)>,
    asked: Arc<Mutex<Vec<Theme>>>,
}

#[async_trait]
impl Fitting for Shelf {
    async fn fitting(
        &self,
        _: &mut Tx,
        theme: &Theme,
        most: usize,
    ) -> Result<Vec<Fit>, StoreError> {
        self.asked.lock().unwrap().push(theme.clone());
        let fit = |(name, on): &(&str, &str)| Fit {
            found: Found {
                of: Ref {
                    kind: "document".to_owned(),
                    id: (*name).to_owned(),
                },
                organ: theme.organ,
                title: format!("《{name}》"),
                dated_on: on.parse().ok(),
                path: format!("/documents/{name}"),
                seal: String::new(),
            },
            formed_on: None,
            why: vec!["名称含“预算执行”".to_owned()],
        };
        Ok(self.there.iter().take(most).map(fit).collect())
    }
}

const FIRST: &str = "一季度预算执行情况";
const SECOND: &str = "二季度预算执行情况";

#[tokio::test]
async fn what_is_public_is_proposed_for_its_period_and_registered_by_ticks() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let shelf = Shelf {
            there: vec![(FIRST, "2026-04-15"), (SECOND, "2026-07-10")],
            asked: Arc::default(),
        };
        let mut parts = testing::parts(&world.db, &world._guard, crate::nav());
        parts.seams = world.app.seams.clone();
        parts.seams.fitting = Some(Arc::new(shelf.clone()));
        world.app = App::new(parts);
        for name in [FIRST, SECOND] {
            world.library.publishes(name);
        }
        let path = world.added(world.unit, "", "预算执行情况").await;
        let unit = world.unit.to_string();
        let page = format!("{path}?organ={unit}&year=2026");
        let mut liaison = world.browser(world.liaison).await;
        let shown = liaison.get(&page).await.page();
        assert!(shown.contains("推荐的材料"), "{shown}");
        // Each line has the period before its day chosen.
        for code in ["2026-Q1", "2026-Q2"] {
            let chosen = format!("<option value=\"{code}\" selected>");
            assert_eq!(shown.matches(&chosen).count(), 1, "{code} in\n{shown}");
        }
        let asked = shelf.asked.lock().unwrap()[0].clone();
        assert_eq!(asked.organ, world.unit);
        assert_eq!(asked.names, ["预算执行情况", "财政预决算"]);
        assert_eq!(asked.within.to, "2026-10-12".parse().unwrap());
        let fill = format!("{path}/fill-many");
        let lines = [
            ("organ", unit.as_str()),
            ("year", "2026"),
            ("of", FIRST),
            ("when", "2026-Q1"),
            ("of", SECOND),
            ("when", "2026-Q1"),
        ];
        // Nothing ticked, or two for one period: nothing is registered.
        let none = liaison.post(&fill, &lines).await;
        assert_eq!(none.status, 422);
        let mut both = lines.to_vec();
        both.extend([("record", FIRST), ("record", SECOND)]);
        let twice = liaison.post(&fill, &both).await;
        assert_eq!(twice.status, 422);
        assert!(twice.text().contains("勾选的第2份"), "{}", twice.text());
        let matrix = format!("/workspace/catalogue/matrix?organ={unit}&year=2026");
        assert!(!liaison.get(&matrix).await.page().contains("第1季度 已公开"));
        both[5] = ("when", "2026-Q2");
        liaison.post(&fill, &both).await.redirected();
        let after = liaison.get(&matrix).await.page();
        for quarter in ["第1季度 已公开", "第2季度 已公开"] {
            assert!(after.contains(quarter), "{quarter} in\n{after}");
        }
        // What fills the entry already is proposed no more.
        let after = liaison.get(&page).await.page();
        assert!(!after.contains("推荐的材料"), "{after}");
    }
}

//! What is adopted becomes a proposed entry of the catalogue, and is public once the entry is kept and filled.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gongkai_platform::seam::{Listed, Listings, Material, ToList};

use super::clusters::{LIST, asks, between, version};
use super::offering::{Notes, ref_of, with_notes};
use super::*;
use crate::cluster::{State, gather, listing};

/// A catalogue that does what it is told.
#[derive(Clone, Default)]
struct Catalogue {
    proposed: Arc<Mutex<Vec<ToList>>>,
    listed: Arc<Mutex<BTreeMap<String, Listed>>>,
}

impl Catalogue {
    fn set(&self, listed: Listed) {
        let of = self.proposed.lock().unwrap()[0].of.id.clone();
        self.listed.lock().unwrap().insert(of, listed);
    }

    fn keep(&self, material: Option<Material>) {
        self.set(Listed::Kept {
            title: "公交线路调整评估".to_owned(),
            path: "/workspace/catalogue/entries/1".to_owned(),
            material,
        });
    }
}

#[async_trait]
impl Listings for Catalogue {
    async fn propose(&self, _: &mut Tx, _: &Actor, wanted: &ToList) -> Result<(), StoreError> {
        self.proposed.lock().unwrap().push(wanted.clone());
        let path = "/workspace/catalogue/proposals".to_owned();
        self.set(Listed::Proposed { path });
        Ok(())
    }

    async fn withdraw(&self, _: &mut Tx, _: &Actor, of: &Ref, _: &str) -> Result<(), StoreError> {
        self.listed.lock().unwrap().remove(&of.id);
        Ok(())
    }

    async fn listed(&self, _: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Listed>>, StoreError> {
        let listed = self.listed.lock().unwrap();
        Ok(refs.iter().map(|of| listed.get(&of.id).cloned()).collect())
    }
}

/// Two people asked for a report; the office's browser, the suggestion's page, the catalogue.
async fn suggested(backend: &Backend) -> (World, Notes, Catalogue, Browser, String) {
    let (mut world, notes) = with_notes(backend).await;
    let catalogue = Catalogue::default();
    let mut parts = testing::parts(&world.db, &world._guard, crate::nav());
    parts.seams = world.app.seams.clone();
    parts.seams.listings = Some(Arc::new(catalogue.clone()));
    world.app = App::new(parts);
    let office = testing::organ(&world.db, "安澜市人民政府办公室", Some(world.city)).await;
    set_kind(&world.db, office, "office").await;
    let clerk = [(Role::OfficeClerk, office)];
    let clerk = testing::person(&world.db, "办公室", &clerk).await;
    asks(&world, "申请公开公交线路调整评估报告", "E2").await;
    asks(&world, "申请公开公交线路调整评估报告全文", "E3").await;
    gather::all(&world.app, None).await.unwrap();
    let mut clerk = world.browser(clerk).await;
    let list = clerk.get(LIST).await.page();
    let path = format!("{LIST}/{}", between(&list, &format!("{LIST}/"), "\""));
    (world, notes, catalogue, clerk, path)
}

async fn state(world: &World, path: &str) -> State {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    let load = async |tx: &mut Tx| cluster::store::load(tx, &Scope::Everything, id).await;
    world.db.read(load).await.unwrap().unwrap().state
}

#[tokio::test]
async fn an_adopted_suggestion_is_proposed_and_public_when_its_entry_is_filled() {
    for backend in backends() {
        let (world, notes, catalogue, mut clerk, path) = suggested(&backend).await;
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("name=\"list\" value=\"yes\" checked"),
            "{page}"
        );
        let (seen, owner) = (version(&mut clerk, &path).await, world.other.to_string());
        let adopt = [
            ("act", "adopt"),
            ("version", &*seen),
            ("owner", &*owner),
            ("list", "yes"),
        ];
        clerk.post(&path, &adopt).await.redirected();
        let wanted = catalogue.proposed.lock().unwrap().clone();
        assert_eq!(wanted.len(), 1);
        assert_eq!(wanted[0].owner, world.other);
        assert!(wanted[0].title.starts_with("公交线路调整评估报告"));
        assert_eq!(wanted[0].due_on, "2026-03-30".parse().ok());
        assert_eq!(wanted[0].path, path);
        says(&clerk.get(&path).await, 200, "等待加入目录");
        // The draft is public, and the entry still waits: so does the suggestion.
        notes.publish("draft-1", "公交线路调整评估报告（2026年）", false);
        assert_eq!(crate::draft::look(&world.app).await.unwrap(), 0);
        assert_eq!(listing::look(&world.app).await.unwrap(), 0);
        assert_eq!(state(&world, &path).await, State::Adopted);
        // Kept and not filled, or with something that nobody can read: not yet.
        let material = |id: &str, on: &str| {
            Some(Material {
                title: "公交线路调整评估报告".to_owned(),
                of: Some(ref_of(id)),
                address: String::new(),
                confirmed_on: on.parse().unwrap(),
                confirmed_seq: None,
            })
        };
        catalogue.keep(None);
        assert_eq!(listing::look(&world.app).await.unwrap(), 0);
        says(&clerk.get(&path).await, 200, "还没有登记材料");
        catalogue.keep(material("7", "2026-03-02"));
        assert_eq!(listing::look(&world.app).await.unwrap(), 0);
        notes.publish("7", "公交线路调整评估报告", false);
        // What was there before the decision is not what it orders.
        catalogue.keep(material("7", "2026-03-01"));
        assert_eq!(listing::look(&world.app).await.unwrap(), 0);
        assert_eq!(state(&world, &path).await, State::Adopted);
        catalogue.keep(material("7", "2026-03-02"));
        assert_eq!(listing::look(&world.app).await.unwrap(), 1);
        assert_eq!(state(&world, &path).await, State::Published);
        says(&clerk.get(&path).await, 200, "/notes/7");
        // The unit's order is closed with it.
        let findings = world
            .db
            .read(async |tx: &mut Tx| {
                let narrow = gongkai_platform::finding::Narrow::default();
                gongkai_platform::finding::of(tx, world.other, &narrow, 10).await
            })
            .await
            .unwrap();
        assert!(!findings[0].state.is_open());
    }
}

#[tokio::test]
async fn what_is_adopted_anew_on_the_same_day_waits_for_newer_material() {
    for backend in backends() {
        let (world, notes, catalogue, mut clerk, path) = suggested(&backend).await;
        let owner = world.other.to_string();
        notes.publish("7", "公交线路调整评估报告", false);
        let today = gongkai_platform::web::civil_day(world.db.now());
        // As it was registered just now.
        let material = async || {
            let seq = world.db.read(async |tx: &mut Tx| audit::head(tx).await);
            Some(Material {
                title: "公交线路调整评估报告".to_owned(),
                of: Some(ref_of("7")),
                address: String::new(),
                confirmed_on: today,
                confirmed_seq: Some(seq.await.unwrap()),
            })
        };
        let mut old = None;
        for round in 0..2 {
            let seen = version(&mut clerk, &path).await;
            let adopt = [
                ("act", "adopt"),
                ("version", &*seen),
                ("owner", &*owner),
                ("list", "yes"),
            ];
            clerk.post(&path, &adopt).await.redirected();
            catalogue.keep(old.clone());
            assert_eq!(listing::look(&world.app).await.unwrap(), 0, "{round}");
            assert_eq!(state(&world, &path).await, State::Adopted);
            old = material().await;
            catalogue.keep(old.clone());
            assert_eq!(listing::look(&world.app).await.unwrap(), 1, "{round}");
            assert_eq!(state(&world, &path).await, State::Published);
            let seen = version(&mut clerk, &path).await;
            let reopen = [("act", "reopen"), ("version", &*seen), ("why", "登记错了")];
            clerk.post(&path, &reopen).await.redirected();
        }
    }
}

#[tokio::test]
async fn what_the_catalogue_declines_is_published_by_its_draft() {
    for backend in backends() {
        let (world, notes, catalogue, mut clerk, path) = suggested(&backend).await;
        let (seen, owner) = (version(&mut clerk, &path).await, world.other.to_string());
        let adopt = [("act", "adopt"), ("version", &*seen), ("owner", &*owner)];
        clerk.post(&path, &adopt).await.redirected();
        assert!(catalogue.proposed.lock().unwrap().is_empty());
        // Adopted without it, it can still be proposed.
        let seen = version(&mut clerk, &path).await;
        let list = [("act", "list"), ("version", &*seen)];
        clerk.post(&path, &list).await.redirected();
        assert_eq!(state(&world, &path).await, State::Adopted);
        catalogue.set(Listed::Declined {
            why: "一次性的材料".to_owned(),
            by: "办公室".to_owned(),
            on: "2026-03-03".parse().unwrap(),
        });
        says(&clerk.get(&path).await, 200, "没有列入：一次性的材料");
        notes.publish("draft-1", "公交线路调整评估报告（2026年）", false);
        assert_eq!(crate::draft::look(&world.app).await.unwrap(), 1);
        assert_eq!(state(&world, &path).await, State::Published);
        // Decided anew, nothing waits for the catalogue.
        let seen = version(&mut clerk, &path).await;
        let reopen = [
            ("act", "reopen"),
            ("version", &*seen),
            ("why", "公开的网址填错了"),
        ];
        clerk.post(&path, &reopen).await.redirected();
        assert!(catalogue.listed.lock().unwrap().is_empty());
        // Adopted anew, it waits for a draft of its own: the one before is public already.
        let seen = version(&mut clerk, &path).await;
        let adopt = [("act", "adopt"), ("version", &*seen), ("owner", &*owner)];
        clerk.post(&path, &adopt).await.redirected();
        assert_eq!(notes.drafts().len(), 2);
        assert_eq!(crate::draft::look(&world.app).await.unwrap(), 0);
        assert_eq!(state(&world, &path).await, State::Adopted);
    }
}

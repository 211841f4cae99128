//! What filled a period and is public no longer fills nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gongkai_basis::reference::{Claim, Ref, Verdict};
use gongkai_platform::access::Scope;
use gongkai_platform::finding::{self, Narrow};
use gongkai_platform::seam::{EvidenceSource, Found, Wanted};

use super::*;
use crate::gap;

/// A library of published documents, each called by its id.
#[derive(Clone, Default)]
pub(super) struct Library {
    public: Arc<Mutex<BTreeSet<String>>>,
}

impl Library {
    pub(super) fn publishes(&self, name: &str) {
        self.public.lock().unwrap().insert(name.to_owned());
    }
}

#[async_trait]
impl EvidenceSource for Library {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("document", "已发布的文件")]
    }

    async fn find(&self, tx: &mut Tx, _: &Scope, _: &Wanted) -> Result<Vec<Found>, StoreError> {
        let named = self.public.lock().unwrap().clone().into_iter();
        let refs: Vec<Ref> = named
            .map(|id| Ref {
                kind: "document".to_owned(),
                id,
            })
            .collect();
        Ok(self
            .describe(tx, &refs)
            .await?
            .into_iter()
            .flatten()
            .collect())
    }

    async fn describe(&self, _: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let public = self.public.lock().unwrap().clone();
        let found = |of: &Ref| Found {
            of: of.clone(),
            organ: OrganId::new(uuid::Uuid::nil()),
            title: of.id.clone(),
            dated_on: None,
            path: String::new(),
            seal: String::new(),
        };
        let one = |of: &Ref| public.contains(&of.id).then(|| found(of));
        Ok(refs.iter().map(one).collect())
    }

    async fn verify(&self, _: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let public = self.public.lock().unwrap().clone();
        let one = |claim: &Claim| {
            if public.contains(&claim.of.id) {
                Verdict::Holds
            } else {
                Verdict::Gone(format!("《{}》已撤下：有误", claim.of.id))
            }
        };
        Ok(claims.iter().map(one).collect())
    }
}

const NAME: &str = "一季度预算执行情况";

/// A document is public and fills the first quarter of an entry: the entry's page, the unit's id, its liaison.
async fn filled(world: &World) -> (String, String, Browser) {
    let path = world.added(world.unit, "", "预算执行情况").await;
    world.library.public.lock().unwrap().insert(NAME.to_owned());
    let unit = world.unit.to_string();
    let fields = [
        ("organ", unit.as_str()),
        ("period", "2026-Q1"),
        ("kind", "record"),
        ("record", NAME),
    ];
    let mut liaison = world.browser(world.liaison).await;
    let done = liaison.post(&format!("{path}/fill"), &fields).await;
    done.redirected();
    (path, unit, liaison)
}

#[tokio::test]
async fn no_document_fills_a_period_before_it_is_chosen() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.unit, "", "预算执行情况").await;
        world.library.public.lock().unwrap().insert(NAME.to_owned());
        let unit = world.unit.to_string();
        let mut liaison = world.browser(world.liaison).await;
        let page = liaison.get(&format!("{path}?organ={unit}&year=2026")).await;
        let page = page.page();
        let list = page.split("<select id=\"record\"").nth(1).unwrap();
        let list = list.split("</select>").next().unwrap();
        let (none, named) = list.split_once("请选择").unwrap();
        assert!(none.ends_with("<option value=\"\">"), "{list}");
        assert!(named.contains(NAME) && !list.contains("selected"), "{list}");
        // Pressed as it stands.
        let fields = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("kind", "record"),
            ("record", ""),
        ];
        let refused = liaison.post(&format!("{path}/fill"), &fields).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        assert!(
            page.contains("请选择一份已发布的文件；还没有登记。"),
            "{page}"
        );
        let matrix = format!("/workspace/catalogue/matrix?organ={unit}&year=2026");
        let matrix = liaison.get(&matrix).await.page();
        assert!(!matrix.contains("第1季度 已公开"), "{matrix}");
    }
}

#[tokio::test]
async fn a_withdrawn_document_leaves_its_period_open() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (path, unit, mut liaison) = filled(&world).await;
        let night = || gap::run(&world.app, &Actor::System, world.city);
        let first = night().await.unwrap();
        assert_eq!((first.gaps, first.lost), (1, 0));

        world.library.public.lock().unwrap().clear();
        // At once where people look …
        let matrix = format!("/workspace/catalogue/matrix?organ={unit}&year=2026");
        let public = path.replace("/workspace/catalogue/entries", "/catalogue");
        for (page, said) in [
            (&matrix, "第1季度 超期"),
            (&path, "材料不再公开（《一季度预算执行情况》已撤下：有误）"),
            (&public, "一季度预算执行情况（不再公开）"),
        ] {
            let page = liaison.get(page).await.page();
            assert!(page.contains(said), "{said}: {page}");
        }
        // … and by night for good, with a finding of its own.
        let second = night().await.unwrap();
        assert_eq!((second.gaps, second.lost), (2, 1));
        let id: crate::id::EntryId = path.rsplit('/').next().unwrap().parse().unwrap();
        let of = world.unit;
        let found = world
            .db
            .read(async |tx: &mut Tx| finding::of(tx, of, &Narrow::default(), 10).await)
            .await
            .unwrap();
        let key = gap::key(id, "2026-Q1");
        let gap = found.iter().find(|one| one.key == key).unwrap();
        assert!(gap.state.is_open());
        assert!(
            gap.detail.contains("《一季度预算执行情况》已撤下：有误"),
            "{}",
            gap.detail
        );
        let page = liaison.get(&public).await.page();
        assert!(page.contains("还没有公开的材料"), "{page}");
        // Its people hear why: somebody else may have withdrawn it.
        let mut routes = crate::routes();
        routes.extend(gongkai_platform::inbox::routes());
        let mut reader = Browser::new(web::wrap(web::router(routes), world.app.clone()));
        reader.sign_in(&world.db, world.liaison).await;
        let told = reader.get("/workspace/inbox").await.page();
        let said = "2026年第1季度登记的材料不再公开，请重新登记";
        assert!(
            told.contains(said) && told.contains("已撤下：有误"),
            "{told}"
        );
        assert_eq!(night().await.unwrap().lost, 0);
    }
}

#[tokio::test]
async fn what_is_public_again_fills_its_period_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let publish = || world.library.public.lock().unwrap().insert(NAME.to_owned());
        let withdraw = || world.library.public.lock().unwrap().clear();
        let (path, unit, mut liaison) = filled(&world).await;
        let night = || gap::run(&world.app, &Actor::System, world.city);
        withdraw();
        assert_eq!(night().await.unwrap().lost, 1);
        publish();
        let back = night().await.unwrap();
        assert_eq!((back.gaps, back.regained, back.settled), (1, 1, 1));
        let matrix = format!("/workspace/catalogue/matrix?organ={unit}&year=2026");
        let page = liaison.get(&matrix).await.page();
        assert!(page.contains("第1季度 已公开"), "{page}");
        assert_eq!(night().await.unwrap().regained, 0, "once");

        // As often as it goes and comes back, and each time its people hear of it.
        withdraw();
        assert_eq!(night().await.unwrap().lost, 1);
        publish();
        assert_eq!(night().await.unwrap().regained, 1);
        let told = world
            .db
            .read(async |tx: &mut Tx| {
                let told = sql("SELECT COUNT(*) AS n FROM inbox_message WHERE title LIKE $1");
                let lost = tx.one(told.bind("%不再公开%")).await?.get::<i64>("n")?;
                let told = sql("SELECT COUNT(*) AS n FROM inbox_message WHERE title LIKE $1");
                let back = tx.one(told.bind("%登记已恢复%")).await?.get::<i64>("n")?;
                Ok::<_, StoreError>((lost, back))
            })
            .await
            .unwrap();
        assert!(told.0 > 0 && told.0 == told.1, "{told:?}");
        assert_eq!(told.0 % 2, 0, "twice to each of them: {told:?}");

        // What people took back themselves stays so, whatever words they use.
        let back = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("why", "材料不再公开：已移到新站"),
        ];
        let undo = format!("{path}/take-back");
        liaison.post(&undo, &back).await.redirected();
        assert_eq!(night().await.unwrap().regained, 0);
    }
}

#[tokio::test]
async fn a_withdrawn_material_leaves_its_year_to_be_asked_about_until_it_is_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let limit = [("limit_text", "及时公开"), ("formed_on", "2025-06-02")];
        let (path, _) = world.adds(world.unit, &limit).await;
        let publish = || world.library.public.lock().unwrap().insert(NAME.to_owned());
        publish();
        let unit = world.unit.to_string();
        let fields = [
            ("organ", unit.as_str()),
            ("formed_on", "2025-09-03"),
            ("kind", "record"),
            ("record", NAME),
        ];
        let mut liaison = world.browser(world.liaison).await;
        let done = liaison.post(&format!("{path}/fill"), &fields).await;
        done.redirected();
        assert_eq!(world.night().await.gaps, 0);

        world.library.public.lock().unwrap().clear();
        let page = world.matrix(2025).await;
        assert!(page.contains("9月3日形成 超期"), "{page}");
        let lost = world.night().await;
        assert_eq!((lost.lost, lost.gaps), (1, 0));
        let page = world.matrix(2025).await;
        assert!(
            page.contains("全年 超期") && !page.contains("9月3日"),
            "{page}"
        );
        assert_eq!(world.night().await.gaps, 1);

        publish();
        let back = world.night().await;
        assert_eq!((back.gaps, back.regained, back.settled), (0, 1, 1));
        assert!(world.matrix(2025).await.contains("已公开 1件"));
        assert_eq!(world.night().await.regained, 0, "once");
    }
}

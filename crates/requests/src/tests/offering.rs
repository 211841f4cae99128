//! What is public is shown to somebody who applies, followed, enough; and counted without anybody's data.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gongkai_platform::access::Permit;
use gongkai_platform::portal::acts::ManagePortals;
use gongkai_platform::portal::handle::{self as portals, EmblemChange};
use gongkai_platform::portal::{Accent, Extent, Foot, Header, PortalKind, Words};
use gongkai_platform::seam::{Alike, Drafted, Drafts, Entry, Published, Searchable, ToDraft};

use super::*;
use crate::offer::limit::ASKS_MAX;

#[derive(Clone)]
struct Note {
    title: String,
    void: bool,
    organ: Option<OrganId>,
}

/// Public notes by id, and drafts of notes. A note is like words that it shares a piece of three characters with.
#[derive(Clone, Default)]
pub(super) struct Notes {
    public: Arc<Mutex<BTreeMap<String, Note>>>,
    drafts: Arc<Mutex<Vec<ToDraft>>>,
}

impl Notes {
    pub(super) fn publish(&self, id: &str, title: &str, void: bool) {
        let title = title.to_owned();
        let note = Note {
            title,
            void,
            organ: None,
        };
        self.public.lock().unwrap().insert(id.to_owned(), note);
    }

    fn publish_of(&self, id: &str, title: &str, organ: OrganId) {
        self.publish(id, title, false);
        self.public.lock().unwrap().get_mut(id).unwrap().organ = Some(organ);
    }

    pub(super) fn withdraw(&self, id: &str) {
        self.public.lock().unwrap().remove(id);
    }

    /// What was to be drafted; the drafts are called `draft-1` and so on.
    pub(super) fn drafts(&self) -> Vec<ToDraft> {
        self.drafts.lock().unwrap().clone()
    }
}

#[async_trait]
impl Drafts for Notes {
    async fn begin(
        &self,
        _: &mut Tx,
        _: &Actor,
        wanted: &ToDraft,
    ) -> Result<Option<Drafted>, StoreError> {
        let mut drafts = self.drafts.lock().unwrap();
        drafts.push(wanted.clone());
        let id = format!("draft-{}", drafts.len());

        Ok(Some(Drafted {
            path: format!("/workspace/notes/{id}"),
            of: ref_of(&id),
        }))
    }
}

pub(super) fn ref_of(id: &str) -> Ref {
    Ref {
        kind: "note".to_owned(),
        id: id.to_owned(),
    }
}

#[async_trait]
impl Published for Notes {
    async fn alike(&self, words: &str, _: Option<&[OrganId]>, rows: usize) -> Vec<Alike> {
        let chars: Vec<char> = words.chars().collect();
        let pieces: Vec<String> = chars
            .windows(3)
            .map(|piece| piece.iter().collect())
            .collect();
        let notes = self.public.lock().unwrap().clone();
        let found = notes
            .into_iter()
            .filter(|(_, note)| pieces.iter().any(|piece| note.title.contains(piece)))
            .map(|(id, note)| Alike {
                of: ref_of(&id),
                title: note.title,
                sure: false,
            });
        found.take(rows).collect()
    }
}

#[async_trait]
impl Searchable for Notes {
    fn kinds(&self) -> &'static [&'static str] {
        &["note"]
    }

    async fn entries(&self, _: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError> {
        let notes = self.public.lock().unwrap().clone();

        let entry = |of: &Ref| {
            let Note { title, void, organ } = notes.get(&of.id)?.clone();
            Some(Entry {
                organ: organ.map(|id| (id.to_string(), String::new())),
                kind: of.kind.clone(),
                id: of.id.clone(),
                path: format!("/notes/{}", of.id),
                title,
                void,
                ..Entry::default()
            })
        };
        Ok(refs.iter().map(entry).collect())
    }

    async fn after(&self, _: &mut Tx, _: Option<&Ref>, _: i64) -> Result<Vec<Ref>, StoreError> {
        Ok(Vec::new())
    }
}

/// A world in which something is public.
pub(super) async fn with_notes(backend: &Backend) -> (World, Notes) {
    let mut world = World::on(backend).await;
    let notes = Notes::default();
    let mut parts = testing::parts(&world.db, &world._guard, crate::nav());
    parts.seams = crate::seams();
    parts.seams.searchable = vec![Arc::new(notes.clone())];
    parts.seams.published = Some(Arc::new(notes.clone()));
    parts.seams.drafts = Some(Arc::new(notes.clone()));
    world.app = App::new(parts);
    (world, notes)
}

fn typed(answer: &Answer) -> Vec<String> {
    let body: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
    let offers = body["offers"].as_array().unwrap();
    offers
        .iter()
        .map(|offer| offer["key"].as_str().unwrap().to_owned())
        .collect()
}

/// Shown, followed, enough: as the office reads them this year.
async fn counts(world: &World) -> (i64, i64, i64) {
    let mut officer = world.browser(world.officer).await;
    let page = officer.get("/workspace/requests/offers").await.page();
    let count = |name: &str| {
        let before = page.split(&format!("</b> {name}")).next().unwrap();
        before.rsplit("<b>").next().unwrap().parse().unwrap()
    };
    (count("提示"), count("点开"), count("不再申请"))
}

#[tokio::test]
async fn what_is_public_is_offered_followed_and_enough() {
    for backend in backends() {
        let (world, notes) = with_notes(&backend).await;
        notes.publish("1", "公交线路调整评估报告", false);
        notes.publish("2", "公交线路调整评估报告（已废止）", true);
        notes.publish("3", "学位分配方案", false);
        let mut visitor = world.visitor();
        // While typing: valid records alone, counted once for a page.
        let ask = [("subject", "我要公交线路调整的评估报告"), ("seen", "")];
        let answer = visitor.post("/requests/offers", &ask).await;
        assert_eq!(typed(&answer), ["note:1"]);
        let again = [("subject", "公交线路调整评估报告全文"), ("seen", "note:1")];
        visitor.post("/requests/offers", &again).await;
        let short = [("subject", "公交"), ("seen", "")];
        assert!(typed(&visitor.post("/requests/offers", &short).await).is_empty());
        assert_eq!(counts(&world).await, (1, 0, 0));
        // Without scripts: a step before the check, once; what was typed goes on.
        let organ = world.bureau.to_string();
        let token = testing::uuid().to_string();
        let mut fields = application(&token, &organ, "公交线路调整评估报告");
        let step = visitor
            .upload("/requests/check", &fields, ("file", "", b""))
            .await
            .page();
        assert!(step.contains("这些已公开的信息可能有您要的"), "{step}");
        assert!(step.contains("name=\"offered\" value=\"1\"") && step.contains("E00000001"));
        fields.push(("offered", "1"));
        let check = visitor
            .upload("/requests/check", &fields, ("file", "", b""))
            .await
            .page();
        assert!(check.contains("核对申请"), "{check}");
        // Enough counts only for somebody who had looked, and once.
        let found = [("of", "note:1")];
        let early = visitor.post("/requests/offers/found", &found).await;
        says(&early, 200, "请先打开看看");
        let open = "/requests/offers/open?of=note%3A1";
        assert_eq!(visitor.get(open).await.redirected(), "/notes/1");
        visitor.get(open).await.redirected();
        let done = visitor.post("/requests/offers/found", &found).await;
        says(&done, 200, "不用申请了");
        visitor.post("/requests/offers/found", &found).await;
        assert_eq!(counts(&world).await, (2, 1, 1));
        // Nothing leads elsewhere, and what is not public is not there.
        notes.withdraw("1");
        for path in [open, "/requests/offers/open?of=//evil.invalid"] {
            assert_eq!(visitor.get(path).await.status, 404, "{path}");
        }
        let mut officer = world.browser(world.officer).await;
        let csv = officer.get("/workspace/requests/offers?format=csv").await;
        let csv = csv.text();
        assert!(
            csv.contains("2026-03,公交线路调整评估报告,,/notes/1,2,1,1"),
            "{csv}"
        );
        assert!(!csv.contains("申请人甲"));
    }
}

#[tokio::test]
async fn a_correction_is_not_held_up_and_too_many_looks_are_refused() {
    for backend in backends().into_iter().take(1) {
        let (world, notes) = with_notes(&backend).await;
        notes.publish("1", "公交线路调整评估报告", false);
        let mut visitor = world.visitor();
        let organ = world.bureau.to_string();
        let token = testing::uuid().to_string();
        let mut fields = application(&token, &organ, "公交线路调整评估报告");
        fields.retain(|(name, _)| *name != "kind");
        fields.extend([("kind", "correction"), ("description", "日期有误")]);
        let check = visitor
            .upload("/requests/check", &fields, ("file", "", b""))
            .await
            .page();
        assert!(check.contains("核对申请"), "{check}");
        let ask = [("subject", "公交线路调整评估报告"), ("seen", "")];
        for _ in 0..ASKS_MAX {
            assert_eq!(visitor.post("/requests/offers", &ask).await.status, 200);
        }
        assert_eq!(visitor.post("/requests/offers", &ask).await.status, 429);
        // Over the limit nobody is kept from applying.
        let token = testing::uuid().to_string();
        let fields = application(&token, &organ, "公交线路调整评估报告");
        let check = visitor
            .upload("/requests/check", &fields, ("file", "", b""))
            .await
            .page();
        assert!(check.contains("核对申请"), "{check}");
    }
}

/// A site of one organ's branch beside the main one.
async fn site(world: &World, organ: OrganId, host: &str) {
    let words = Words {
        organ,
        kind: PortalKind::Beside,
        name: "安澜市司法局".to_owned(),
        hosts: vec![host.parse().unwrap()],
        extent: Extent::Branch,
        intro: String::new(),
        accent: Accent::Jade,
        header: Header::Band,
        logo: String::new(),
        foot: Foot::default(),
    };
    let permit = Permit::<ManagePortals>::system();
    world
        .db
        .write(async |tx: &mut Tx| {
            portals::open(tx, &permit, (words.clone(), EmblemChange::Keep)).await
        })
        .await
        .unwrap();
    world.app.portals().forget();
}

#[tokio::test]
async fn a_site_offers_what_it_shows() {
    for backend in backends() {
        let (world, notes) = with_notes(&backend).await;
        notes.publish_of("1", "公交线路调整评估报告", world.bureau);
        notes.publish_of("2", "公交线路调整评估报告和预算", world.other);
        notes.publish("3", "公交线路调整评估报告摘要", false);
        site(&world, world.bureau, "sfj.gongkai.test").await;
        let ask = [("subject", "公交线路调整评估报告"), ("seen", "")];
        let mut main = world.visitor();
        let all = typed(&main.post("/requests/offers", &ask).await);
        assert_eq!(all, ["note:1", "note:2", "note:3"]);
        let mut own = main.at("sfj.gongkai.test");
        assert_eq!(typed(&own.post("/requests/offers", &ask).await), ["note:1"]);
        let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
        let fields = application(&token, &organ, "公交线路调整评估报告");
        let step = own.upload("/requests/check", &fields, ("file", "", b""));
        let step = step.await.page();
        assert!(step.contains("of=note%3A1") && !step.contains("of=note%3A2"));
        // Followed, it stays on the site; what only another site shows cannot be followed here.
        let open = own.get("/requests/offers/open?of=note:1").await;
        assert_eq!(open.redirected(), "/notes/1");
        for of in ["note:2", "note:3"] {
            let path = format!("/requests/offers/open?of={of}");
            assert_eq!(own.get(&path).await.status, 404);
            let found = own.post("/requests/offers/found", &[("of", of)]).await;
            assert_eq!(found.status, 404);
        }
    }
}

use gongkai_basis::id::{DraftId, FileId, ViewId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::{self, Stored};
use gongkai_platform::testing::{backends, person, uuid};

use super::world::World;
use crate::draft::content::Content;
use crate::draft::store::{self, Summary, Wanted};
use crate::draft::{Draft, DraftState, Purpose};
use crate::view::{self, SavedView};

async fn draft(world: &World) -> Draft {
    let file = Stored {
        id: FileId::new(uuid()),
        sha256: "00".into(),
        name: "方案.txt".into(),
        media_type: "text/plain".into(),
        bytes: 3,
        organ: Some(world.office),
    };
    let draft = Draft {
        id: DraftId::new(uuid()),
        organ: world.office,
        account: Some(world.clerk),
        state: DraftState::Reading,
        purpose: Purpose::Plan,
        file: file.id,
        file_name: file.name.clone(),
        job: None,
        failure: None,
        plan: None,
        title: String::new(),
        tasks: 0,
        doubts: 0,
        version: 1,
        created_at: 5,
        updated_at: 5,
    };
    world
        .db
        .upkeep(async |tx: &mut Tx| {
            files::insert(tx, &file).await?;
            store::insert(tx, &draft).await
        })
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
    draft
}

fn document() -> gongkai_office::Document {
    gongkai_office::read("甲".as_bytes(), &gongkai_office::Limits::default()).unwrap()
}

#[tokio::test]
async fn a_draft_is_read_once_and_edited_by_version() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let draft = draft(&world).await;
        let summary = Summary {
            title: "方案".into(),
            tasks: 3,
            doubts: 1,
        };
        let again = Summary {
            title: "另一次读取".into(),
            ..summary.clone()
        };
        let outcome: Result<(), StoreError> = world
            .db
            .upkeep(async |tx: &mut Tx| {
                store::set_read(tx, draft.id, &document(), &Content::default(), &summary).await?;
                // The job that comes second changes nothing.
                store::set_read(tx, draft.id, &document(), &Content::default(), &again).await?;
                store::set_failed(tx, draft.id, "晚到的失败").await?;
                let mut loaded = store::load(tx, &Scope::Everything, draft.id)
                    .await?
                    .unwrap();
                assert_eq!(
                    (loaded.title.as_str(), loaded.tasks, loaded.doubts),
                    ("方案", 3, 1)
                );
                assert_eq!((loaded.state, loaded.version), (DraftState::Open, 2));
                let mut stale = loaded.clone();
                let content = Content {
                    by_hand: true,
                    ..Content::default()
                };
                store::save(tx, &mut loaded, &content, summary.clone()).await?;
                assert_eq!(
                    store::content::<Content>(tx, draft.id).await?,
                    Some(content.clone())
                );
                let late = store::save(tx, &mut stale, &content, summary.clone()).await;
                assert!(matches!(late, Err(StoreError::Stale)));
                Ok(())
            })
            .await;
        outcome.unwrap();
    }
}

#[tokio::test]
async fn drafts_of_other_offices_are_not_found() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let draft = draft(&world).await;
        let elsewhere = Scope::Organs {
            single: vec![world.organs[2]],
            branches: Vec::new(),
        };
        let found: Result<_, StoreError> = world
            .db
            .read(async |tx: &mut Tx| {
                Ok((
                    store::load(tx, &elsewhere, draft.id).await?,
                    store::list(tx, &elsewhere, Wanted::All, (0, 50)).await?.1,
                    store::list(tx, &Scope::Everything, Wanted::All, (0, 50)).await?,
                ))
            })
            .await;
        let (none, zero, (all, total)) = found.unwrap();
        assert_eq!((none, zero, total), (None, 0, 1));
        assert_eq!(all, [draft]);
    }
}

#[tokio::test]
async fn drafts_and_views_move_when_a_person_leaves() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let draft = draft(&world).await;
        let heir = person(&world.db, "接手人", &[]).await;
        let works = crate::handled_work();
        let view = |name: &str| SavedView {
            id: ViewId::new(uuid()),
            name: name.to_owned(),
            query: "light=red".to_owned(),
        };
        let outcome: Result<(), StoreError> = world
            .db
            .upkeep(async |tx: &mut Tx| {
                view::store::save(tx, world.clerk, &view("逾期")).await?;
                view::store::save(tx, world.clerk, &view("我的")).await?;
                view::store::save(tx, heir, &view("我的")).await?;
                let mut found = Vec::new();
                for work in &works {
                    found.push((
                        work.count(tx, world.clerk).await?,
                        work.transfer(tx, world.clerk, heir).await?,
                        work.count(tx, heir).await?,
                    ));
                }
                // The heir's own view of the same name is not overwritten.
                assert_eq!(found, [(1, 1, 1), (2, 1, 2)]);
                let moved = store::load(tx, &Scope::Everything, draft.id)
                    .await?
                    .unwrap();
                assert_eq!((moved.account, moved.version), (Some(heir), 1));
                Ok(())
            })
            .await;
        outcome.unwrap();
    }
}

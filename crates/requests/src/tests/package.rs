//! A closed case is packed, fetched, verified; a package that was changed is told.

use std::io::Read as _;

use gongkai_basis::Actor;
use gongkai_office::Limits;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files;
use gongkai_platform::testing::{self, backends};

use super::letters::{post, written};
use super::{World, act, application, says};
use crate::{archive, key};

#[tokio::test]
async fn a_closed_case_is_packed_and_a_changed_package_is_told() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.released("2025年老旧小区改造项目清单", "E1").await;
        let mut officer = world.browser(world.officer).await;
        let package = format!("{path}/package");
        assert_eq!(officer.get(&package).await.status, 404);
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.post(&package, &[]).await.status, 404);
        officer.post(&package, &[]).await.redirected();
        let answer = officer.get(&package).await;
        assert_eq!(answer.status, 200);
        assert_eq!(stranger.get(&package).await.status, 404);
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let load = async || {
            world
                .db
                .read(async |tx: &mut Tx| {
                    let kept = archive::store::load(tx, id).await?.unwrap();
                    let stored = files::load(tx, kept.file).await?.unwrap();
                    Ok::<_, StoreError>((kept, stored))
                })
                .await
                .unwrap()
        };
        let (kept, stored) = load().await;
        let bytes = world.app.files.get(&stored.sha256).unwrap();
        assert!(archive::check(&bytes, &kept.list_sha256).is_empty());
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
        let names: Vec<String> = (0..zip.len())
            .map(|n| zip.by_index(n).unwrap().name().unwrap().into_owned())
            .collect();
        let has = |words: &str| names.iter().any(|name| name.contains(words));
        for words in [
            "申请.txt",
            "经过.txt",
            "期限计算.txt",
            "公开审查表.txt",
            "答复书",
            "送达凭证",
            "校验清单",
        ] {
            assert!(has(words), "{words}: {names:?}");
        }
        // The event carries the hash of the list, and no name.
        let subject = path.rsplit('/').next().unwrap();
        let events = world
            .db
            .read(async |tx: &mut Tx| {
                gongkai_platform::audit::about(tx, "request", subject, 50).await
            })
            .await
            .unwrap();
        assert!(
            events
                .iter()
                .any(|event| event.sentence.contains(&kept.list_sha256))
        );
        assert!(
            events
                .iter()
                .all(|event| !event.sentence.contains("申请人甲"))
        );
        officer
            .post(&format!("{package}/verify"), &[])
            .await
            .redirected();
        let damaged = world.app.files.path(&stored.sha256);
        let mut broken = bytes.clone();
        broken.truncate(bytes.len() / 2);
        std::fs::write(damaged, broken).unwrap();
        let answer = officer.post(&format!("{package}/verify"), &[]).await;
        let events = world
            .db
            .read(async |tx: &mut Tx| {
                gongkai_platform::audit::about(tx, "request", subject, 50).await
            })
            .await
            .unwrap();
        let told = |words: &str| events.iter().any(|event| event.sentence.contains(words));
        assert!(
            told("核对无误") && told("归档包有问题"),
            "{}",
            answer.text()
        );
        // Packed again, it is whole again, and archiving queues one by itself.
        archive::make::run(&world.app, &Actor::System, id)
            .await
            .unwrap();
        assert_ne!(load().await.1.id, stored.id);
        let on = world.app.today().to_string();
        let deliver = [("on", on.as_str()), ("proof", "网上查收")];
        act(&mut officer, &path, "deliver", &deliver)
            .await
            .redirected();
        act(&mut officer, &path, "archive", &[("number", "1")])
            .await
            .redirected();
        let queued = world
            .db
            .read(async |tx: &mut Tx| gongkai_platform::job::recent(tx, 5).await)
            .await
            .unwrap();
        assert!(queued.iter().any(|job| job.title.contains("归档包")));
        says(&officer.get(&path).await, 200, "下载归档包");
    }
}

/// The package goes to those, too, who only look on: it holds the papers without the code that opens the case.
#[tokio::test]
async fn a_package_prints_nobodys_code() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.released("2025年老旧小区改造项目清单", "E31").await;
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let said = [("query", "凭申请编号和查询码在网上查询")];
        let letter = written(&mut officer, &path, "receipt", &said).await;
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &letter, "issue", &[]).await.redirected();
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let package = archive::make::run(&world.app, &Actor::System, id)
            .await
            .unwrap();
        let stored = world
            .db
            .read(async |tx: &mut Tx| files::load(tx, package.file).await)
            .await
            .unwrap()
            .unwrap();
        let load = async |tx: &mut Tx| key::store::load(tx).await;
        let code = world.db.read(load).await.unwrap().unwrap().code(id);
        // Who hands the letter on sees it there.
        says(&officer.get(&letter).await, 200, &code);
        let bytes = world.app.files.get(&stored.sha256).unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
        let mut receipts = 0;
        for n in 0..zip.len() {
            let mut file = zip.by_index(n).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut part = Vec::new();
            file.read_to_end(&mut part).unwrap();
            let text = if name.contains(".docx") {
                let read = gongkai_office::read(&part, &Limits::default()).unwrap();
                format!("{read:?}")
            } else {
                String::from_utf8_lossy(&part).into_owned()
            };
            assert!(!text.contains(&code), "{name}: {text}");
            receipts += usize::from(text.contains("现予登记"));
        }
        assert_eq!(receipts, 1);
    }
}

/// Nobody has opened the form of the portal yet, nor the case: the letter is the first to need the keys.
#[tokio::test]
async fn a_letter_of_a_new_store_prints_its_code() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (organ, today) = (world.bureau.to_string(), world.app.today().to_string());
        let token = testing::uuid().to_string();
        let mut fields = application(&token, &organ, "2025年老旧小区改造项目清单");
        fields.retain(|(name, _)| *name != "channel");
        fields.extend([("channel", "counter"), ("submitted_on", today.as_str())]);
        let mut officer = world.browser(world.officer).await;
        let path = officer
            .upload("/workspace/requests/new", &fields, ("file", "", b""))
            .await
            .redirected();
        let keys = async || {
            let load = async |tx: &mut Tx| key::store::load(tx).await;
            world.db.read(load).await.unwrap()
        };
        assert!(keys().await.is_none());
        let said = [("query", "凭申请编号和查询码在网上查询")];
        let letter = written(&mut officer, &path, "receipt", &said).await;
        let page = officer.get(&letter).await.page();
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let code = keys().await.unwrap().code(id);
        assert!(page.contains(&code), "{page}");
    }
}

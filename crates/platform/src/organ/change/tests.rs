mod retire;

use gongkai_basis::Role;
use gongkai_basis::id::OrganId;

use super::{Draft, OrganError, create, reach, rename, revise};
use crate::access::{Permit, Scope};
use crate::account::session;
use crate::audit;
use crate::db::{Db, StoreError, Tx};
use crate::organ::acts::EditOrgans;
use crate::organ::{Kind, Level, Organ, directory, store};
use crate::testing::{self, MovableClock};

fn draft(parent: Option<OrganId>, name: &str, level: Level, kind: Kind) -> Draft {
    Draft {
        parent,
        name: name.to_owned(),
        short_name: None,
        aliases: Vec::new(),
        former: Vec::new(),
        level,
        kind,
    }
}

struct City {
    db: Db,
    city: OrganId,
    office: OrganId,
    finance: OrganId,
    justice: OrganId,
    district: OrganId,
    _guard: testing::Guard,
}

async fn cities() -> Vec<City> {
    let mut cities = Vec::new();
    for backend in testing::backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, guard) = testing::scratch(&backend, clock.clock()).await;
        let city = add(
            &db,
            draft(None, "安澜市人民政府", Level::City, Kind::Government),
        )
        .await;
        let below = async |name, level, kind| add(&db, draft(Some(city), name, level, kind)).await;
        cities.push(City {
            office: below("安澜市人民政府办公室", Level::City, Kind::Office).await,
            finance: below("安澜市财政局", Level::City, Kind::Department).await,
            justice: below("安澜市司法局", Level::City, Kind::Department).await,
            district: below("清河区人民政府", Level::County, Kind::Government).await,
            city,
            db,
            _guard: guard,
        });
    }
    cities
}

async fn add(db: &Db, draft: Draft) -> OrganId {
    db.write(async |tx: &mut Tx| create(tx, &Permit::system(), &draft).await)
        .await
        .unwrap()
}

async fn load(db: &Db, id: OrganId) -> Organ {
    db.read(async |tx: &mut Tx| store::load(tx, id).await)
        .await
        .unwrap()
        .unwrap()
}

async fn sentences(db: &Db, id: OrganId) -> Vec<String> {
    db.read(async |tx: &mut Tx| audit::about(tx, "organ", &id.to_string(), 50).await)
        .await
        .unwrap()
        .into_iter()
        .map(|event| event.sentence)
        .collect()
}

async fn permit_of(db: &Db, role: Role, organ: OrganId) -> Permit<EditOrgans> {
    let account = testing::person(
        db,
        &format!("{role:?}{}", testing::uuid()),
        &[(role, organ)],
    )
    .await;
    let roles = db
        .read(async |tx: &mut Tx| {
            session::held_roles(tx, account, "2026-10-12".parse().unwrap()).await
        })
        .await
        .unwrap();
    crate::access::Session {
        account,
        name: "李明".into(),
        roles,
        second_factor: false,
        unread: 0,
        id_hash: String::new(),
    }
    .permit()
    .unwrap()
}

fn messages(error: OrganError) -> Vec<String> {
    match error {
        OrganError::Form(errors) => errors
            .iter()
            .map(|(_, message)| message.to_owned())
            .collect(),
        OrganError::Refused(reasons) => reasons,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_organ_is_stored_with_its_names_and_its_place() {
    for town in cities().await {
        let id = add(
            &town.db,
            Draft {
                short_name: Some(" 市政数局 ".into()),
                aliases: vec!["市大数据局".into(), "市政数局".into(), String::new()],
                former: vec!["市行政服务中心".into()],
                ..draft(
                    Some(town.city),
                    "安澜市政务服务和数据管理局",
                    Level::City,
                    Kind::Department,
                )
            },
        )
        .await;
        let organ = load(&town.db, id).await;
        assert_eq!(organ.short_name.as_deref(), Some("市政数局"));
        assert_eq!(organ.aliases.len(), 2, "{:?}", organ.aliases);
        assert_eq!(organ.path, format!("/{}/{id}/", town.city));
        assert_eq!(organ.depth(), 1);
        assert_eq!(
            sentences(&town.db, id).await,
            ["新增机关“安澜市政务服务和数据管理局”"]
        );
        let below = town
            .db
            .read(async |tx: &mut Tx| store::all_below(tx, town.city).await)
            .await
            .unwrap();
        let names: Vec<&str> = below.iter().map(|organ| organ.name.as_str()).collect();
        assert_eq!(names.first(), Some(&"安澜市人民政府"));
        assert_eq!(
            names.last(),
            Some(&"安澜市政务服务和数据管理局"),
            "in the order of their making"
        );
    }
}

#[tokio::test]
async fn the_government_of_an_office_is_the_nearest_that_governs() {
    for town in cities().await {
        let street = add(
            &town.db,
            draft(
                Some(town.district),
                "东湖街道办事处",
                Level::Town,
                Kind::Street,
            ),
        )
        .await;
        let section = add(
            &town.db,
            draft(
                Some(street),
                "党政综合办公室",
                Level::Section,
                Kind::Section,
            ),
        )
        .await;
        let above = town
            .db
            .read(async |tx: &mut Tx| store::governments_of(tx, section).await)
            .await
            .unwrap();
        assert_eq!(above, [town.city, town.district, street]);
        for (organ, government) in [
            (town.office, Some(town.city)),
            (town.city, Some(town.city)),
            (town.district, Some(town.district)),
            (section, Some(street)),
            (OrganId::new(testing::uuid()), None),
        ] {
            let found = town
                .db
                .read(async |tx: &mut Tx| store::government_of(tx, organ).await)
                .await
                .unwrap();
            assert_eq!(found, government);
        }
    }
}

#[tokio::test]
async fn the_office_keeps_the_directory_of_its_government_and_no_other() {
    for town in cities().await {
        let clerk = permit_of(&town.db, Role::OfficeClerk, town.office).await;
        let scope = town
            .db
            .read(async |tx: &mut Tx| reach(tx, &clerk).await)
            .await
            .unwrap();
        let path = format!("/{}/", town.city);
        assert_eq!(
            scope,
            Scope::Organs {
                single: vec![],
                branches: vec![path]
            }
        );
        let elsewhere = add(
            &town.db,
            draft(None, "江北市人民政府", Level::City, Kind::Government),
        )
        .await;
        let refused = town
            .db
            .write(async |tx: &mut Tx| {
                create(
                    tx,
                    &clerk,
                    &draft(
                        Some(elsewhere),
                        "江北市财政局",
                        Level::City,
                        Kind::Department,
                    ),
                )
                .await
            })
            .await;
        assert!(matches!(refused, Err(OrganError::OutOfReach)));
        let root = town
            .db
            .write(async |tx: &mut Tx| {
                create(
                    tx,
                    &clerk,
                    &draft(None, "江南市人民政府", Level::City, Kind::Government),
                )
                .await
            })
            .await;
        assert_eq!(messages(root.unwrap_err()), ["请选择上级机关。"]);
        // A district's office does not reach up to the city.
        let district = permit_of(&town.db, Role::OfficeClerk, town.district).await;
        let up = town
            .db
            .write(async |tx: &mut Tx| {
                rename(tx, &district, town.finance, 1, ("安澜市金融局", "改革")).await
            })
            .await;
        assert!(matches!(up, Err(OrganError::OutOfReach)));
    }
}

#[tokio::test]
async fn all_mistakes_of_a_form_are_told_at_once() {
    for town in cities().await {
        let wrong = Draft {
            short_name: Some("安澜市财政局".into()),
            ..draft(Some(town.district), "局", Level::City, Kind::Department)
        };
        let error = town
            .db
            .write(async |tx: &mut Tx| create(tx, &Permit::system(), &wrong).await)
            .await
            .unwrap_err();
        let messages = messages(error);
        assert_eq!(messages.len(), 2, "{messages:?}");
        let twin = draft(
            Some(town.city),
            "安澜市 財政局",
            Level::City,
            Kind::Department,
        );
        let error = town
            .db
            .write(async |tx: &mut Tx| create(tx, &Permit::system(), &twin).await)
            .await
            .unwrap_err();
        assert!(
            matches!(&error, OrganError::Form(errors) if errors.on("name").is_some()),
            "the same name in other characters"
        );
    }
}

#[tokio::test]
async fn what_is_too_long_is_called_by_what_it_is() {
    let long = "数据".repeat(31);
    for town in cities().await {
        let wrong = Draft {
            aliases: vec![long.clone()],
            ..draft(
                Some(town.city),
                "安澜市数据局",
                Level::City,
                Kind::Department,
            )
        };
        let error = town
            .db
            .write(async |tx: &mut Tx| create(tx, &Permit::system(), &wrong).await)
            .await
            .unwrap_err();
        assert_eq!(
            messages(error),
            ["别名“数据数据数据数据数据…”超过 60 个字。"]
        );
    }
}

#[tokio::test]
async fn a_renamed_organ_is_still_found_under_its_former_name() {
    for town in cities().await {
        let permit = Permit::system();
        town.db
            .write(async |tx: &mut Tx| {
                rename(
                    tx,
                    &permit,
                    town.finance,
                    1,
                    ("安澜市财政金融局", "机构改革"),
                )
                .await
            })
            .await
            .unwrap();
        let organ = load(&town.db, town.finance).await;
        assert_eq!(organ.name, "安澜市财政金融局");
        assert_eq!(organ.version, 2);
        let found = town
            .db
            .read(async |tx: &mut Tx| {
                Ok::<_, StoreError>(directory(tx, town.city).await?.find("市财政局"))
            })
            .await
            .unwrap();
        assert_eq!(found[0].target, crate::organ::Target::Organ(town.finance));
        assert_eq!(found[0].kind, crate::organ::MatchKind::Former);
        assert_eq!(
            sentences(&town.db, town.finance).await[0],
            "“安澜市财政局”更名为“安澜市财政金融局”，原因：机构改革"
        );
        // Back again: the former name is the name, and the passing one becomes former.
        town.db
            .write(async |tx: &mut Tx| {
                rename(tx, &permit, town.finance, 2, ("安澜市财政局", "更正")).await
            })
            .await
            .unwrap();
        let organ = load(&town.db, town.finance).await;
        let names: Vec<&str> = organ
            .aliases
            .iter()
            .map(|alias| alias.text.as_str())
            .collect();
        assert_eq!(names, ["安澜市财政金融局"]);
        let same = town
            .db
            .write(async |tx: &mut Tx| {
                rename(tx, &permit, town.finance, 3, ("安澜市财政局", " ")).await
            })
            .await;
        assert_eq!(
            messages(same.unwrap_err()).len(),
            2,
            "no reason, no new name"
        );
    }
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_and_changes_nothing() {
    for town in cities().await {
        let permit = Permit::system();
        let first = Draft {
            short_name: Some("市财局".into()),
            ..draft(Some(town.city), "", Level::City, Kind::Department)
        };
        town.db
            .write(async |tx: &mut Tx| revise(tx, &permit, town.finance, 1, &first).await)
            .await
            .unwrap();
        let second = Draft {
            short_name: Some("财局".into()),
            ..first.clone()
        };
        let stale = town
            .db
            .write(async |tx: &mut Tx| revise(tx, &permit, town.finance, 1, &second).await)
            .await;
        assert!(matches!(stale, Err(OrganError::Store(StoreError::Stale))));
        assert_eq!(
            load(&town.db, town.finance).await.short_name.as_deref(),
            Some("市财局")
        );
        let same = town
            .db
            .write(async |tx: &mut Tx| revise(tx, &permit, town.finance, 2, &first).await)
            .await;
        assert!(
            matches!(same, Err(OrganError::Refused(_))),
            "nothing to save"
        );
    }
}

#[tokio::test]
async fn a_moved_organ_takes_all_below_along() {
    for town in cities().await {
        let street = add(
            &town.db,
            draft(
                Some(town.district),
                "东湖街道办事处",
                Level::Town,
                Kind::Street,
            ),
        )
        .await;
        let section = add(
            &town.db,
            draft(
                Some(street),
                "党政综合办公室",
                Level::Section,
                Kind::Section,
            ),
        )
        .await;
        let other = add(
            &town.db,
            draft(
                Some(town.city),
                "沙洲区人民政府",
                Level::County,
                Kind::Government,
            ),
        )
        .await;
        let permit = Permit::system();
        let moved = draft(Some(other), "", Level::Town, Kind::Street);
        town.db
            .write(async |tx: &mut Tx| revise(tx, &permit, street, 1, &moved).await)
            .await
            .unwrap();
        assert_eq!(
            load(&town.db, section).await.path,
            format!("/{}/{other}/{street}/{section}/", town.city)
        );
        assert_eq!(
            load(&town.db, street).await.path,
            format!("/{}/{other}/{street}/", town.city)
        );
        let into_itself = draft(Some(section), "", Level::Section, Kind::Street);
        let refused = town
            .db
            .write(async |tx: &mut Tx| revise(tx, &permit, street, 2, &into_itself).await)
            .await;
        assert_eq!(
            messages(refused.unwrap_err()),
            ["上级不能是自己或自己的下级。"]
        );
    }
}

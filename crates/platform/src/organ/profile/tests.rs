use super::*;
use crate::access::Scope;
use crate::organ::OrganError;
use crate::testing::{self, MovableClock, backends};

fn words() -> Words {
    Words {
        duties: "拟订财政政策。".to_owned(),
        address: "安澜市滨江路1号".to_owned(),
        phone: "0000-1234567".to_owned(),
        credit_code: "11441700007280420Y".to_owned(),
        ..Words::default()
    }
}

#[test]
fn every_wrong_line_is_named_at_once() {
    assert_eq!(words().why_not(), []);
    assert_eq!(Words::default().why_not(), [], "nothing has to be there");
    let wrong = Words {
        duties: "长".repeat(TEXT_CHARS_MAX + 1),
        address: "长".repeat(LINE_CHARS_MAX + 1),
        phone: "前台".to_owned(),
        credit_code: "11441700007280420X".to_owned(),
        house_code: "01 号".to_owned(),
        ..Words::default()
    };
    let fields: Vec<&str> = wrong.why_not().into_iter().map(|one| one.0).collect();
    assert_eq!(
        fields,
        ["duties", "address", "phone", "credit_code", "house_code"]
    );
}

#[tokio::test]
async fn a_profile_is_kept_once_and_not_over_another_change() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let bureau = testing::organ(&db, "安澜市财政局", Some(city)).await;
        let permit = Permit::<EditOrgans>::system();
        let keeps = async |organ, version, words: Words| {
            db.write(async |tx: &mut Tx| change(tx, &permit, (organ, version), words.clone()).await)
                .await
        };
        assert_eq!(
            db.read(async |tx: &mut Tx| store::load(tx, bureau).await)
                .await
                .unwrap(),
            Profile::default()
        );
        keeps(bureau, 0, words()).await.unwrap();
        for version in [0, 2] {
            let refused = keeps(bureau, version, Words::default()).await;
            assert!(
                matches!(refused, Err(OrganError::Store(StoreError::Stale))),
                "{version}"
            );
        }
        let Err(OrganError::Form(errors)) = keeps(city, 0, words()).await else {
            panic!("the same code twice");
        };
        assert!(errors.on("credit_code").unwrap().contains("安澜市财政局"));
        let other = Words {
            hours: "工作日8:30—17:30".to_owned(),
            ..words()
        };
        keeps(bureau, 1, other.clone()).await.unwrap();
        let kept = db
            .read(async |tx: &mut Tx| store::load(tx, bureau).await)
            .await
            .unwrap();
        assert_eq!((kept.words, kept.version), (other, 2));
    }
}

#[tokio::test]
async fn a_code_of_a_place_is_compared_within_that_place_and_a_credit_code_everywhere() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let mut bureaus = Vec::new();
        let mut cities = Vec::new();
        for name in ["安澜市", "云岭市"] {
            let city = testing::organ(&db, &format!("{name}人民政府"), None).await;
            for bureau in ["财政局", "民政局"] {
                let name = format!("{name}{bureau}");
                bureaus.push(testing::organ(&db, &name, Some(city)).await);
            }
            cities.push(city);
        }
        let permit = Permit::<EditOrgans>::system();
        let keeps = async |organ, words: Words| {
            let changed = db
                .write(async |tx: &mut Tx| change(tx, &permit, (organ, 0), words.clone()).await)
                .await;
            match changed {
                Ok(()) => None,
                Err(OrganError::Form(errors)) => errors
                    .on("house_code")
                    .or(errors.on("credit_code"))
                    .map(str::to_owned),
                Err(other) => panic!("{other}"),
            }
        };
        let house = || Words {
            house_code: "01".to_owned(),
            ..Words::default()
        };
        assert_eq!(keeps(bureaus[0], house()).await, None);
        let said = keeps(bureaus[1], house()).await.unwrap();
        assert!(said.contains("安澜市财政局"), "{said}");
        assert_eq!(keeps(bureaus[2], house()).await, None, "another government");

        // The credit code stands among another organ's names, in part or whole.
        for (n, alias) in ["11441700007280420Y", "007280420", "00728042-0"]
            .into_iter()
            .enumerate()
        {
            let (other, own) = (bureaus[0], bureaus[3]);
            db.upkeep(async |tx: &mut Tx| {
                tx.run(crate::db::sql("DELETE FROM organ_alias")).await?;
                let statement =
                    "INSERT INTO organ_alias (organ_id, alias, kind) VALUES ($1, $2, 'alias')";
                tx.run(crate::db::sql(statement).bind(other).bind(alias))
                    .await?;
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
            let said = keeps(own, words()).await;
            assert!(
                said.as_ref()
                    .is_some_and(|said| said.contains("安澜市财政局")),
                "{n} {said:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_code_is_compared_with_those_of_the_nearest_place_alone() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let county = testing::organ(&db, "云岭县人民政府", Some(city)).await;
        let bureau = testing::organ(&db, "安澜市财政局", Some(city)).await;
        let below = testing::organ(&db, "云岭县财政局", Some(county)).await;
        let code = |code: &str| Words {
            house_code: code.to_owned(),
            ..Words::default()
        };
        let keep = async |organ, profile: Profile| {
            db.upkeep(async |tx: &mut Tx| store::keep(tx, organ, &profile).await)
                .await
                .unwrap();
        };
        for organ in [city, county] {
            db.upkeep(async |tx: &mut Tx| {
                let governs = "UPDATE organ SET kind = 'government' WHERE id = $1";
                tx.run(crate::db::sql(governs).bind(organ)).await
            })
            .await
            .unwrap();
        }
        let profile = |words| Profile {
            words,
            ..Profile::default()
        };
        keep(below, profile(code("01"))).await;
        let taken = async |organ, words: Words| {
            db.read(async |tx: &mut Tx| store::taken(tx, organ, &words).await)
                .await
                .unwrap()
        };
        let found = |name: &str| vec![("house_code", name.to_owned())];
        // The county has its own codes; another bureau of it would have the same.
        assert_eq!(taken(bureau, code("01")).await, []);
        let other = testing::organ(&db, "云岭县民政局", Some(county)).await;
        assert_eq!(taken(other, code("01")).await, found("云岭县财政局"));
        // The city's rule holds for all below it, until the county has one of its own.
        let ruled = || Profile {
            index_scheme: "{单位}".to_owned(),
            ..Profile::default()
        };
        keep(city, ruled()).await;
        assert_eq!(taken(bureau, code("01")).await, found("云岭县财政局"));
        keep(county, ruled()).await;
        assert_eq!(taken(bureau, code("01")).await, []);
        assert_eq!(taken(other, code("01")).await, found("云岭县财政局"));
        // However many have it elsewhere, the questions are as many.
        let asked = async || {
            let before = db.statements();
            assert_eq!(taken(bureau, code("01")).await, []);
            db.statements() - before
        };
        let few = asked().await;
        keep(other, profile(code("01"))).await;
        let town = testing::organ(&db, "青禾镇财政所", Some(county)).await;
        keep(town, profile(code("01"))).await;
        assert_eq!(asked().await, few);
    }
}

#[tokio::test]
async fn a_search_for_an_organ_finds_it_by_any_of_its_names() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let tax = testing::organ(&db, "国家税务总局安澜市税务局", Some(city)).await;
        let branch = testing::organ(&db, "安澜市税务局稽查局", Some(city)).await;
        let gone = testing::organ(&db, "安澜市地方税务局", Some(city)).await;
        db.upkeep(async |tx: &mut Tx| {
            let short = "UPDATE organ SET short_name = '市税务局' WHERE id = $1";
            tx.run(crate::db::sql(short).bind(tax)).await?;
            let ended = "UPDATE organ SET status = 'dissolved' WHERE id = $1";
            tx.run(crate::db::sql(ended).bind(gone)).await?;
            let alias =
                "INSERT INTO organ_alias (organ_id, alias, kind) VALUES ($1, '国税局', 'alias')";
            tx.run(crate::db::sql(alias).bind(tax)).await?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        let meant = async |words: &str| {
            let found = db
                .read(async |tx: &mut Tx| store::meant(tx, &Scope::Everything, words, 5).await)
                .await
                .unwrap();
            found.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
        };
        for (words, organs) in [
            ("税务局", vec![branch, tax]),
            ("市税务局", vec![tax, branch]),
            ("市 税务局 办税时间", vec![tax]),
            ("国税局", vec![tax]),
            ("局", vec![]),
            ("100%", vec![]),
        ] {
            assert_eq!(meant(words).await, organs, "{words}");
        }
    }
}

#[tokio::test]
async fn the_nearest_rule_of_index_numbers_holds() {
    for backend in backends() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
        let city = testing::organ(&db, "安澜市人民政府", None).await;
        let county = testing::organ(&db, "云岭县人民政府", Some(city)).await;
        let town = testing::organ(&db, "青禾镇人民政府", Some(county)).await;
        let rule = async |organ| {
            db.read(async |tx: &mut Tx| store::index_scheme(tx, organ).await)
                .await
                .unwrap()
        };
        assert_eq!(rule(town).await, None);
        for (organ, scheme) in [(city, "市"), (county, "县")] {
            let profile = Profile {
                index_scheme: scheme.to_owned(),
                ..Profile::default()
            };
            db.upkeep(async |tx: &mut Tx| store::keep(tx, organ, &profile).await)
                .await
                .unwrap();
        }
        assert_eq!(rule(city).await, Some((city, "市".to_owned())));
        assert_eq!(rule(town).await, Some((county, "县".to_owned())));
    }
}

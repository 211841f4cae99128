//! Meetings, hearings and the like: noted, mended, taken off, cited as evidence.

use super::*;

#[tokio::test]
async fn records_are_noted_mended_taken_off_and_put_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let empty = liaison
            .get("/workspace/organisation/activities")
            .await
            .page();
        assert!(empty.contains("还没有登记过"), "{empty}");
        let path = world
            .noted(world.liaisons[0], "hearing", world.units[0], "党组听取汇报")
            .await;
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("应到 2，实到 1") && page.contains("市司法局登记听取汇报“党组听取汇报”"),
            "{page}"
        );
        // Its office sees it, another unit does not.
        let mut clerk = world.browser(world.clerk).await;
        assert!(clerk.get(&path).await.page().contains("党组听取汇报"));
        let mut other = world.browser(world.liaisons[1]).await;
        assert_eq!(other.get(&path).await.status, 404);
        // Stale, without a reason, then with one; and back.
        let remove = format!("{path}/remove");
        says(
            &liaison
                .post(&remove, &[("version", "9"), ("why", "重复")])
                .await,
            409,
            "别人刚刚改动",
        );
        says(
            &liaison
                .post(&remove, &[("version", "1"), ("why", " ")])
                .await,
            422,
            "请填写“删除原因”",
        );
        liaison
            .post(&remove, &[("version", "1"), ("why", "重复登记")])
            .await
            .redirected();
        let list = liaison
            .get("/workspace/organisation/activities")
            .await
            .page();
        assert!(!list.contains("党组听取汇报"), "{list}");
        liaison
            .post(&format!("{path}/restore"), &[("version", "2")])
            .await
            .redirected();
        let list = liaison
            .get("/workspace/organisation/activities?kind=hearing&year=2026&text=党组")
            .await
            .page();
        assert!(
            list.contains("党组听取汇报") && list.contains("2／1"),
            "{list}"
        );
        let csv = clerk
            .get("/workspace/organisation/activities?format=csv")
            .await
            .text();
        assert!(
            csv.contains("市司法局,听取汇报,党组听取汇报,2026-09-18"),
            "{csv}"
        );
        // A meeting of the leading group is not a unit's to note.
        let organ = world.units[0].to_string();
        let answer = liaison
            .upload(
                "/workspace/organisation/activities/new?kind=meeting",
                &[
                    ("organ", organ.as_str()),
                    ("title", "会"),
                    ("held_on", "2026-09-18"),
                    ("summary", "议"),
                ],
                ("file", "", b""),
            )
            .await;
        assert_eq!(answer.status, 404, "{}", answer.text());
        // All faults at once, what was typed stays.
        let faulty = liaison
            .upload(
                "/workspace/organisation/activities/new?kind=training",
                &[
                    ("organ", organ.as_str()),
                    ("title", "轮训"),
                    ("held_on", "2026-11-18"),
                    ("summary", ""),
                ],
                ("file", "", b""),
            )
            .await;
        says(&faulty, 422, "日期还没有到");
        assert!(faulty.text().contains("请填写“主要内容”") && faulty.text().contains("轮训"));
    }
}

#[tokio::test]
async fn the_same_on_the_same_day_is_asked_about_before_it_counts_twice() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .noted(world.liaisons[0], "training", world.units[0], "业务培训")
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let units: Vec<String> = world.units.iter().map(ToString::to_string).collect();
        let mut send = async |kind: &str, organ: &str, title: &str, held_on: &str, again: &str| {
            let fields = [
                ("organ", organ),
                ("title", title),
                ("held_on", held_on),
                ("summary", "讲解期限计算。"),
                ("again", again),
            ];
            let path = format!("/workspace/organisation/activities/new?kind={kind}");
            clerk.upload(&path, &fields, ("file", "", b"")).await
        };
        let (day, next) = ("2026-09-18", "2026-09-19");
        for title in ["业务培训", " 业务培训 "] {
            let answer = send("training", &units[0], title, day, "").await;
            says(&answer, 422, "这一天已经登记过同名的培训，仍要登记？");
            let page = answer.text();
            assert!(
                page.contains("<button name=\"again\" value=\"yes\">仍要登记</button>")
                    && page.contains("讲解期限计算。"),
                "{page}"
            );
        }
        // Another day, kind, title or unit is another record.
        send("training", &units[0], "业务培训", next, "")
            .await
            .redirected();
        send("hearing", &units[0], "业务培训", day, "")
            .await
            .redirected();
        send("training", &units[0], "业务培训第二期", day, "")
            .await
            .redirected();
        send("training", &units[1], "业务培训", day, "")
            .await
            .redirected();
        // It was held twice: the answer is taken once, without scripts.
        send("training", &units[0], "业务培训", day, "yes")
            .await
            .redirected();
        let csv = "/workspace/organisation/activities?kind=training&format=csv";
        let csv = world.browser(world.clerk).await.get(csv).await.text();
        assert_eq!(
            csv.matches("市司法局,培训,业务培训,2026-09-18").count(),
            2,
            "{csv}"
        );
    }
}

#[tokio::test]
async fn records_prove_things_until_they_change_or_go() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .noted(world.liaisons[0], "training", world.units[0], "业务培训")
            .await;
        let seams = crate::seams();
        let wanted = Wanted {
            kind: "training".to_owned(),
            words: "业务".to_owned(),
            within: Some(DateRange {
                from: "2026-01-01".parse().unwrap(),
                to: "2026-12-31".parse().unwrap(),
            }),
        };
        let own = Scope::Organs {
            single: vec![world.units[0]],
            branches: Vec::new(),
        };
        let found = world
            .db
            .read(async |tx: &mut Tx| {
                assert!(seams.find(tx, &Scope::nothing(), &wanted).await?.is_empty());
                seams.find(tx, &own, &wanted).await
            })
            .await
            .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, path);
        let claim = |seal: Option<&str>| Claim {
            of: found[0].of.clone(),
            seal: seal.map(str::to_owned),
        };
        let missing = Claim {
            of: Ref {
                kind: "training".to_owned(),
                id: world.office.to_string(),
            },
            seal: None,
        };
        let key = FigureKey {
            name: "trainings.held".to_owned(),
            organ: world.city,
            year: 2026,
        };
        let ask = async || {
            let claims = [claim(Some(&found[0].seal)), claim(None), missing.clone()];
            world
                .db
                .read(async |tx: &mut Tx| {
                    let verdicts = seams.verify(tx, &claims).await?;
                    let figures = seams.figures(tx, std::slice::from_ref(&key)).await?;
                    let there = seams.describe(tx, &found[0].of).await?.is_some();
                    Ok::<_, StoreError>((verdicts, figures[0].as_ref().unwrap().value, there))
                })
                .await
                .unwrap()
        };
        let (verdicts, value, there) = ask().await;
        assert_eq!(verdicts[..2], [Verdict::Holds, Verdict::Holds]);
        assert!(matches!(verdicts[2], Verdict::Gone(_)) && value == 1 && there);
        let mut liaison = world.browser(world.liaisons[0]).await;
        let organ = world.units[0].to_string();
        let fields = [
            ("version", "1"),
            ("organ", organ.as_str()),
            ("title", "业务培训"),
            ("held_on", "2026-09-18"),
            ("summary", "换了内容。"),
        ];
        liaison
            .upload(&format!("{path}/amend"), &fields, ("file", "", b""))
            .await
            .redirected();
        let (verdicts, ..) = ask().await;
        assert!(matches!(verdicts[0], Verdict::Changed(_)) && verdicts[1] == Verdict::Holds);
        liaison
            .post(
                &format!("{path}/remove"),
                &[("version", "2"), ("why", "误录")],
            )
            .await
            .redirected();
        let (verdicts, value, there) = ask().await;
        assert!(matches!(verdicts[1], Verdict::Gone(_)) && value == 0 && !there);
    }
}

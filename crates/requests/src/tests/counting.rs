//! How cases are counted in the annual report's table 三.

use super::*;

/// New, closed and carried out in a year.
async fn counted(world: &World, year: i16) -> [i64; 3] {
    let key = |row: &str| FigureKey {
        name: format!("requests.table3.{row}.total"),
        organ: world.bureau,
        year,
    };
    let keys = [key("new"), key("sum"), key("carry_out")];
    let figures = world
        .db
        .read(async |tx: &mut Tx| world.app.seams.figures(tx, &keys).await)
        .await
        .unwrap();
    let mut values = figures.into_iter().map(|figure| figure.unwrap().value);
    std::array::from_fn(|_| values.next().unwrap())
}

#[tokio::test]
async fn a_correction_stands_in_no_table_of_the_report() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.released("老旧小区改造项目清单", "E1").await;
        assert_eq!(counted(&world, 2026).await, [1, 1, 0]);
        // Law: 条例 art. 41, 47: other matters, with clocks of their own.
        for (kind, organ) in [("correction", world.bureau), ("complaint", world.city)] {
            let (organ, token) = (organ.to_string(), testing::uuid().to_string());
            let mut fields = application(&token, &organ, "本人社保记录有误");
            fields.retain(|(name, _)| *name != "kind");
            fields.extend([("kind", kind), ("description", "应为安澜市某某学校")]);
            let mut visitor = world.visitor();
            visitor.post("/requests/submit", &fields).await.redirected();
        }
        assert_eq!(counted(&world, 2026).await, [1, 1, 0]);
    }
}

#[tokio::test]
async fn what_leaves_on_the_last_day_of_the_year_belongs_to_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // 2 March and 304 days: 31 December, and the day after it.
        world.days(304);
        assert_eq!(world.app.today().to_string(), "2026-12-31");
        world.released("公交线路调整评估报告", "E1").await;
        assert_eq!(counted(&world, 2026).await, [1, 1, 0]);
        assert_eq!(counted(&world, 2027).await, [0, 0, 0]);
        let receipt = world
            .applied(&testing::uuid().to_string(), "学位分配方案")
            .await;
        let (_, _, id) = world.known(&receipt).await;
        let mut officer = world.browser(world.officer).await;
        let path = format!("/workspace/requests/{id}");
        act(&mut officer, &path, "confirm", &[("on", "2026-12-31")])
            .await
            .redirected();
        assert_eq!(counted(&world, 2026).await, [2, 1, 1]);
        assert_eq!(counted(&world, 2027).await, [0, 0, 1]);
    }
}

#[tokio::test]
async fn what_an_earlier_year_counted_is_done_again_without_a_second_count() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.released("公交线路调整评估报告", "E1").await;
        let figures = async |year: i16| -> Vec<i64> {
            let rows = ["new", "carry_in", "open", "sum", "carry_out"];
            let keys = rows.map(|row| FigureKey {
                name: format!("requests.table3.{row}.total"),
                organ: world.bureau,
                year,
            });
            let found = world
                .db
                .read(async |tx: &mut Tx| world.app.seams.figures(tx, &keys).await)
                .await
                .unwrap();
            found.into_iter().map(|one| one.unwrap().value).collect()
        };
        let (answered, nothing) = ([1, 0, 1, 1, 0], [0, 0, 0, 0, 0]);
        assert_eq!(figures(2026).await, answered);
        world.days(330);
        assert_eq!(world.app.today().to_string(), "2027-01-26");
        let mut head = world.browser(world.head).await;
        let redo = [("why", "复议决定责令重新答复"), ("on", "2027-01-26")];
        act(&mut head, &path, "redo", &redo).await.redirected();
        // The case runs again, yet last year's report stands as it was published.
        assert!(head.get(&path).await.page().contains("重新办理"));
        assert_eq!(figures(2026).await, answered);
        assert_eq!(figures(2027).await, nothing);
        let mut officer = world.browser(world.officer).await;
        act(
            &mut officer,
            &path,
            "withdraw",
            &[("why", "申请人书面撤回")],
        )
        .await
        .redirected();
        assert_eq!(figures(2026).await, answered);
        assert_eq!(figures(2027).await, nothing);
    }
}

#[tokio::test]
async fn a_count_of_an_earlier_year_that_cannot_be_read_is_no_second_count() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.released("公交线路调整评估报告", "E1").await;
        let id = path.rsplit('/').next().unwrap().to_owned();
        let read = async |row: &'static str| -> Result<bool, StoreError> {
            world
                .db
                .upkeep(async |tx: &mut Tx| {
                    tx.run(
                        sql("UPDATE request SET counted_on = $1, counted_row = $2 WHERE id = $3")
                            .bind("2025-12-31")
                            .bind(row)
                            .bind(id.as_str()),
                    )
                    .await
                })
                .await
                .unwrap();
            let id = id.parse().unwrap();
            let load =
                async |tx: &mut Tx| crate::request::store::load(tx, &Scope::Everything, id).await;
            let case = world.db.read(load).await?;
            Ok(case.unwrap().request.kept.counted.is_some())
        };
        assert!(read("open").await.unwrap());
        let refused = read("opened").await.unwrap_err();
        assert!(matches!(refused, StoreError::Corrupt { .. }), "{refused}");
    }
}

#[tokio::test]
async fn of_several_grounds_a_person_chooses_the_one_that_counts() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = letters::counter_case(&world, &mut officer, "E1").await;
        // Boxes arrive in the order of the page.
        let grounds = [
            ("reply", "R3"),
            ("grounds", "N2"),
            ("grounds", "N6"),
            ("text", "属于会议纪要"),
        ];
        let decide = async |officer: &mut Browser, more: &[(&'static str, &'static str)]| {
            let fields = [&grounds[..], more].concat();
            act(officer, &path, "decide", &fields).await
        };
        let why = ("principal_why", "会议纪要是过程性信息");
        for (more, said) in [
            (&[why][..], "在其中选择主要理由"),
            (&[("principal", "N5"), why], "在其中选择主要理由"),
            (&[("principal", "N6")], "写明为什么以它为主"),
        ] {
            says(&decide(&mut officer, more).await, 422, said);
        }
        decide(&mut officer, &[("principal", "N6"), why])
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        assert!(page.contains("（三）6.属于四类过程性信息"), "{page}");
        assert!(page.contains("：会议纪要是过程性信息"), "{page}");
    }
}

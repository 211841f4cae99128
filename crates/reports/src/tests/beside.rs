//! What others see of reports: dues, search, copied passages, sums of units.

use super::*;

#[tokio::test]
async fn dues_waiting_search_and_site_map() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.begun().await;
        let range = DateRange {
            from: "2027-01-01".parse().unwrap(),
            to: "2027-03-31".parse().unwrap(),
        };
        let seams = crate::seams();
        let due = world
            .db
            .read(async |tx: &mut Tx| seams.due(tx, &Scope::Everything, range).await)
            .await
            .unwrap();
        let days: Vec<(String, String)> = due
            .iter()
            .map(|item| (item.due_on.to_string(), item.path.clone()))
            .collect();
        assert_eq!(days.len(), 4, "{days:?}");
        assert!(
            days.contains(&("2027-01-31".to_owned(), path.clone())),
            "{days:?}"
        );
        assert_eq!(days[3].0, "2027-03-31", "the government's own");
        let (mut liaison, mut head) = (
            world.browser(world.liaison).await,
            world.browser(world.head).await,
        );
        liaison
            .post(&format!("{path}/edit"), &filled("1", "7"))
            .await
            .redirected();
        head.post(&format!("{path}/confirm"), &[("version", "2")])
            .await
            .redirected();
        let mut clerk = world.browser(world.clerk).await;
        clerk
            .post(
                &format!("{path}/precheck"),
                &[("version", "3"), ("step", "pass")],
            )
            .await
            .redirected();
        head.post(
            &format!("{path}/publish"),
            &[("version", "4"), ("step", "publish")],
        )
        .await
        .redirected();
        let (refs, entries, pages, due) = world
            .db
            .read(async |tx: &mut Tx| {
                let refs = seams.searchable[0].after(tx, None, 10).await?;
                let entries = seams.searchable[0].entries(tx, &refs).await?;
                let pages = seams.pages[0]
                    .urls(tx, &Scope::Everything, None, 10)
                    .await?;
                let rest = seams.pages[0]
                    .urls(tx, &Scope::Everything, Some(pages[0].path.as_str()), 10)
                    .await?;
                assert_eq!(rest, vec![]);
                let due = seams.due(tx, &Scope::Everything, range).await?;
                Ok::<_, StoreError>((refs, entries, pages, due))
            })
            .await
            .unwrap();
        assert_eq!((refs.len(), pages.len(), due.len()), (1, 1, 3));
        let entry = entries[0].clone().unwrap();
        assert_eq!(entry.path, pages[0].path);
        assert_eq!(entry.title, "安澜市司法局2026年政府信息公开工作年度报告");
        let seal = world
            .db
            .read(async |tx: &mut Tx| seams.describe(tx, &refs[0]).await)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(seal.title, entry.title);
    }
}

#[tokio::test]
async fn copied_passages_and_sums_of_units_are_shown() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.begun().await;
        let mut liaison = world.browser(world.liaison).await;
        let copied = "着力提升政策解读质量，坚持政策文件与解读材料同步起草、同步审批、同步发布，全年发布解读材料36篇。";
        let mut fields = filled("1", "7");
        fields[4] = ("text0", copied);
        liaison
            .post(&format!("{path}/edit"), &fields)
            .await
            .redirected();
        let mut other = world.browser(world.other).await;
        let organ = world.units[1].to_string();
        let edit = other
            .post(
                &format!("{LIST}/new"),
                &[("organ", organ.as_str()), ("year", "2026")],
            )
            .await
            .redirected();
        let older = copied.replace("36", "21");
        other
            .post(&edit, &[("version", "1"), ("text0", older.as_str())])
            .await
            .redirected();
        // The office sees both; a unit does not see its sibling's draft.
        let mut clerk = world.browser(world.clerk).await;
        let compared = clerk.get(&format!("{path}/compare")).await.page();
        assert!(
            compared.contains("安澜市财政局") && compared.contains("21篇"),
            "{compared}"
        );
        assert!(
            !liaison
                .get(&format!("{path}/compare"))
                .await
                .page()
                .contains("安澜市财政局")
        );
        let list = clerk.get(&format!("{LIST}?year=2026")).await.page();
        assert!(
            list.contains("编写中") && list.contains("未编写") && list.contains("1月31日"),
            "{list}"
        );
        // The government has 4 of its own; two of its three units have reports: 7 and 7.
        let city = world
            .app
            .db
            .read(async |tx: &mut Tx| gongkai_platform::organ::store::roots(tx).await)
            .await
            .unwrap()[0]
            .id
            .to_string();
        let edit = clerk
            .post(
                &format!("{LIST}/new"),
                &[("organ", city.as_str()), ("year", "2026")],
            )
            .await
            .redirected();
        let own = edit.trim_end_matches("/edit");
        let units = clerk.get(&format!("{own}/units")).await.page();
        assert!(
            units.contains("三.一.自然人")
                && units.contains("安澜市财政局 7；") | units.contains("安澜市司法局 7"),
            "{units}"
        );
        // Taken again, nothing counts twice.
        for version in ["1", "2"] {
            let typed = [("version", version)];
            clerk
                .post(&format!("{own}/take-units"), &typed)
                .await
                .redirected();
            let units = clerk.get(&format!("{own}/units")).await.page();
            assert!(units.contains("每一格都等于本级加各单位之和"), "{units}");
            assert!(
                units.contains(
                    r#"class="num">4</td><td data-label="各单位之和" class="num">14</td><td data-label="本报告" class="num">18</td>"#
                ),
                "{units}"
            );
        }
    }
}

#[tokio::test]
async fn a_year_is_begun_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        assert_eq!(world.begun_twice().await, [303, 422]);
    }
}

//! What nobody has filled in stops a report, and is told where it can be filled in.

use super::*;

/// A report whose 行政许可 nobody has filled in.
async fn with_a_hole(world: &World) -> String {
    let path = world.begun().await;
    let mut fields = filled("1", "7");
    fields.retain(|(name, _)| *name != "c:2.licences");
    let mut liaison = world.browser(world.liaison).await;
    let edit = format!("{path}/edit");
    liaison.post(&edit, &fields).await.redirected();
    path
}

const HOLE: &str = "二.行政许可.本年处理决定数量还没有填";

#[tokio::test]
async fn a_cell_that_nobody_filled_stops_the_confirmation() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = with_a_hole(&world).await;
        let (mut liaison, mut head) = (
            world.browser(world.liaison).await,
            world.browser(world.head).await,
        );
        let edit = format!("{path}/edit");
        for page in [liaison.get(&edit).await, head.get(&path).await] {
            says(&page, 200, HOLE);
            says(&page, 200, "href=\"#cell-2.licences\"");
            assert!(!page.text().contains("核对通过"), "{}", page.text());
        }
        says(&head.get(LIST).await, 200, "处错误");
        let made = liaison.get(&format!("{path}/file/html")).await;
        assert_eq!(made.text().matches(">—<").count(), 1, "{}", made.text());
        // Told at the top, and led to the cell in the editor.
        let confirm = format!("{path}/confirm");
        let refused = head.post(&confirm, &[("version", "2")]).await;
        says(&refused, 422, HOLE);
        let link = format!("<a href=\"{edit}#cell-2.licences\">{HOLE}");
        says(&refused, 422, &link);
        let text = refused.text();
        assert!(
            text.find(HOLE) < text.find("<dl class=\"facts\">"),
            "{text}"
        );
        assert_eq!(world.events(&path).await, ["annual.begun", "annual.saved"]);
        // A nought that a person writes is a number.
        let nought = [
            ("version", "2"),
            ("c:2.licences", "0"),
            ("why", "本单位没有许可事项"),
            ("text0", "全年新收政府信息公开申请7件。"),
            ("text4", "解读还不够。"),
            ("text5", "未收取信息处理费。"),
        ];
        liaison.post(&edit, &nought).await.redirected();
        let page = head.get(&path).await.page();
        assert!(!page.contains("还没有填"), "{page}");
        head.post(&confirm, &[("version", "3")]).await.redirected();
    }
}

/// Confirmed before this was asked, it does not pass either.
#[tokio::test]
async fn a_cell_that_nobody_filled_stops_the_precheck() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = with_a_hole(&world).await;
        let id = path.rsplit('/').next().unwrap().to_owned();
        world
            .db
            .write(async |tx: &mut Tx| {
                let confirmed = sql("UPDATE annual_report SET state = 'confirmed' WHERE id = $1");
                tx.run(confirmed.bind(id.clone())).await?;
                let subject = (crate::annual::handle::SUBJECT, id.clone());
                tx.record(Event::new(
                    &Actor::System,
                    "annual.confirmed",
                    subject,
                    "确认",
                ));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        assert!(page.contains("disabled>预审通过"), "{page}");
        let pass = [("version", "2"), ("step", "pass")];
        let refused = clerk.post(&format!("{path}/precheck"), &pass).await;
        says(&refused, 422, HOLE);
        // Who may not write there is led to the table.
        let link = format!("<a href=\"#cell-2.licences\">{HOLE}");
        says(&refused, 422, &link);
    }
}

#[tokio::test]
async fn a_wrong_number_is_told_with_the_reason_that_is_missing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.begun().await;
        let mut liaison = world.browser(world.liaison).await;
        let edit = format!("{path}/edit");
        let typed = [
            ("version", "1"),
            ("c:2.licences", "-1"),
            ("c:2.penalties", "abc"),
            ("text0", "写到一半。"),
        ];
        let refused = liaison.post(&edit, &typed).await;
        for words in [
            "<a href=\"#cell-2.licences\">二.行政许可.本年处理决定数量：-1小于0",
            "<a href=\"#cell-2.penalties\">二.行政处罚.本年处理决定数量：“abc”不是数字",
            "<a href=\"#why\">改动了",
            "name=\"c:2.penalties\" value=\"abc\"",
            "写到一半。",
        ] {
            says(&refused, 422, words);
        }
        assert_eq!(world.events(&path).await, ["annual.begun"]);
    }
}

#[tokio::test]
async fn a_part_that_was_saved_empty_is_no_passed_check() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.begun().await;
        let (mut liaison, mut head) = (
            world.browser(world.liaison).await,
            world.browser(world.head).await,
        );
        let mut fields = filled("1", "7");
        fields[4] = ("text0", " ");
        let edit = format!("{path}/edit");
        liaison.post(&edit, &fields).await.redirected();
        let page = liaison.get(&edit).await;
        says(&page, 200, "“一、总体情况”部分还没有写。");
        says(&page, 200, "<a href=\"#part0\">文字.一、总体情况</a>");
        assert!(!page.text().contains("核对通过"), "{}", page.text());
        let confirm = format!("{path}/confirm");
        let refused = head.post(&confirm, &[("version", "2")]).await;
        let link = format!("<a href=\"{edit}#part0\">“一、总体情况”部分还没有写。");
        says(&refused, 422, &link);
    }
}

/// In two tables at a stroke, by the word of a person; decisions and charges are written one by one.
#[tokio::test]
async fn what_is_empty_in_tables_of_applications_is_nought_by_a_persons_word() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.begun().await;
        let mut liaison = world.browser(world.liaison).await;
        let edit = format!("{path}/edit");
        says(&liaison.get(&edit).await, 200, "还空着的 155 格都是0");
        let mut fields = filled("1", "7");
        for (name, value) in &mut fields {
            if name.starts_with("c:") && *value == "0" {
                *value = "";
            }
        }
        fields.push(("noughts", "yes"));
        liaison.post(&edit, &fields).await.redirected();
        let page = liaison.get(&edit).await.page();
        assert!(!page.contains("name=\"noughts\""), "{page}");
        assert!(!page.contains("三.（三）1.自然人还没有填"), "{page}");
        assert!(
            page.contains("二.行政许可.本年处理决定数量还没有填"),
            "{page}"
        );
    }
}

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

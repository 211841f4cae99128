//! A limit that ends in a year whose notice is not there yet.

use gongkai_platform::testing::backends;

use super::letters::{amend, counter_case, post, written};
use super::{World, act, says};

/// The extension is told in time all the same, and no day is guessed.
#[tokio::test]
async fn an_extension_is_told_in_time_where_no_day_can_be_told() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // 14 December 2026: what is received then is due in 2027.
        world.days(287);
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let path = counter_case(&world, &mut officer, "E51").await;
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        act(&mut officer, &path, "propose_extension", &ask)
            .await
            .redirected();
        act(&mut head, &path, "approve_extension", &[])
            .await
            .redirected();
        let letter = written(&mut officer, &path, "extension", &[]).await;
        let page = officer.get(&letter).await.page();
        for words in ["没有2027年的放假安排", "规定的答复期限内作出答复"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let guessed = [("due_on", "2027-01-12")];
        amend(&mut officer, &letter, &guessed).await.redirected();
        let refused = post(&mut officer, &letter, "submit", &[]).await;
        says(&refused, 422, "不要估计");
        amend(&mut officer, &letter, &[("due_on", "")])
            .await
            .redirected();
        post(&mut officer, &letter, "submit", &[])
            .await
            .redirected();
        post(&mut head, &letter, "decide", &[("step", "pass")])
            .await
            .redirected();
        post(&mut officer, &letter, "issue", &[]).await.redirected();
        let page = officer.get(&path).await.page();
        for words in [
            "发出延期答复告知书，答复期限延长10个工作日",
            "到期日待定",
            "国务院办公厅公布2027年放假安排以后才能算出到期日",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // The case goes on, and nobody's guess calls it late.
        world.days(20);
        let mut officer = world.browser(world.officer).await;
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("到期日待定") && !page.contains("已逾期"),
            "{page}"
        );
    }
}

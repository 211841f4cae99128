//! 查找: what people look up at work.

use async_trait::async_trait;
use gongkai_basis::Role;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Hit, Lookup};
use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web;

use super::World;

/// Cases with numbers from 2026-000100 on, the newest first; each has been decided as the one before it.
pub(super) struct Cases;

#[async_trait]
impl Lookup for Cases {
    fn name(&self) -> &'static str {
        "依申请公开"
    }

    async fn find(
        &self,
        _: &mut Tx,
        _: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        let case = |n: i64| Hit {
            title: format!("参照2026-{:06}号办理的申请", n - 1),
            note: format!("2026-{n:06}　市司法局　办理中"),
            path: format!("/workspace/requests/{n}"),
        };
        let all = (100..160).rev().map(case);
        let found = all.filter(|hit| hit.title.contains(words) || hit.note.contains(words));
        Ok(found.take(usize::try_from(rows).unwrap()).collect())
    }
}

#[tokio::test]
async fn the_very_number_stands_before_what_only_names_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let office = testing::organ(&world.db, "安澜市人民政府办公室", None).await;
        let clerk = testing::person(&world.db, "文书", &[(Role::OfficeClerk, office)]).await;
        let mut browser = Browser::new(world.router.clone());
        browser.sign_in(&world.db, clerk).await;
        let mut first = async |words: &str| {
            let address = web::address("/workspace/find", &[("q", words)]);
            let page = browser.get(&address).await.page();
            let cases: Vec<String> = page
                .split("href=\"/workspace/requests/")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .map(str::to_owned)
                .collect();
            (cases, page.contains("只列最近的20条"))
        };
        let (cases, is_cut) = first("2026-000121").await;
        assert_eq!(cases, ["121", "122"]);
        assert!(!is_cut);
        let (cases, is_cut) = first(" 2026-0001").await;
        assert_eq!((cases.len(), cases[0].as_str()), (20, "159"));
        assert!(is_cut);
    }
}

#[test]
fn numbers_are_the_same_however_they_are_written() {
    for written in ["安府规〔2026〕31号", "安府规[2026]31", " 安府规2026 31号"] {
        assert_eq!(super::super::staff::key(written), "安府规202631");
    }
}

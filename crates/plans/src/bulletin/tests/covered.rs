//! Personal data in bulletins are covered by the rule of the government, as the check before publication knows it.

use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_platform::attachment::New;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Check, Cleaned, Readable, Seams, Spotted};
use gongkai_platform::testing;
use gongkai_platform::web::{App, FormErrors, Problem};

use super::*;

/// Has nothing to say of texts and files, and leaves nothing of a mobile number.
struct Strict;

#[async_trait]
impl Check for Strict {
    async fn texts(
        &self,
        _: &mut Tx,
        _: OrganId,
        texts: &[String],
    ) -> Result<Vec<Vec<Spotted>>, StoreError> {
        Ok(texts.iter().map(|_| Vec::new()).collect())
    }

    async fn files(
        &self,
        _: &mut Tx,
        _: OrganId,
        files: &[(String, String)],
    ) -> Result<Vec<Option<Vec<Spotted>>>, StoreError> {
        Ok(files.iter().map(|_| None).collect())
    }

    async fn read(&self, _: &App, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn clean(
        &self,
        _: &App,
        files: Vec<New>,
        _: &mut FormErrors,
    ) -> Result<Cleaned, Problem> {
        Ok(Cleaned {
            files,
            notes: Vec::new(),
        })
    }

    async fn readable(&self, _: &mut Tx, _: OrganId) -> Result<Readable, StoreError> {
        Ok(Readable {
            id_card: (3, 2),
            mobile: (0, 0),
            bank_card: (0, 4),
            name: Some(1),
        })
    }
}

#[tokio::test]
async fn a_bulletin_is_covered_by_the_rule_of_its_government() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let mut parts = testing::parts(&world.db, &world.guard, crate::nav());
        parts.seams = Seams::of_all([crate::seams(), gongkai_platform::seams()]);
        parts.seams.check = Some(Arc::new(Strict));
        world.app = App::new(parts);
        finding(&world, 1, "预算栏目未更新，联系人13911112222").await;
        let mut clerk = world.browser(world.clerk).await;
        let bulletin = drafted(&mut clerk, "criticism").await;
        let page = clerk.get(&bulletin).await.page();
        assert!(
            page.contains("联系人***********") && !page.contains("*2222"),
            "{page}"
        );

        let revise = format!("{bulletin}/revise");
        let mut fields = form(&page);
        let last = fields.len() - 1;
        fields[last].1 = "联系人13911112222反映。".to_owned();
        let mut preview = fields.clone();
        preview.push(("step".to_owned(), "preview".to_owned()));
        let shown = post(&mut clerk, &revise, &preview).await.page();
        assert!(shown.contains("<ins>***********</ins>"), "{shown}");
        post(&mut clerk, &revise, &fields).await.redirected();
        let page = clerk.get(&bulletin).await.page();
        assert!(
            page.contains("联系人***********反映") && !page.contains("*2222"),
            "{page}"
        );
    }
}

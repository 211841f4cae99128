//! What the public may find of plans: the published snapshot of each, and nothing that stands only in the ledger.

use std::fmt::Write as _;

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{
    AboutOrgan, Branch, Entry, OrganLink, PublicPage, PublicPages, Searchable,
};

use crate::progress::store::{self, OnPortal};
use crate::progress::{Published, Snapshot};

/// The subject of a plan's events.
const KIND: &str = "plan";

pub(crate) struct PublishedPlans;

fn path(plan: &str) -> String {
    format!("/plans/{plan}")
}

/// The tasks as the public page shows them, a line each.
fn body(snapshot: &Snapshot) -> String {
    let mut body = String::new();
    for task in &snapshot.tasks {
        let organs = task.organs.iter().map(|organ| organ.name.as_str());
        let organs = organs.collect::<Vec<_>>().join("、") + &task.organ_text;
        let progress = task.progress.as_deref().unwrap_or_default();
        // Writing to a text cannot fail.
        let _ = writeln!(body, "{} {organs} {} {progress}", task.text, task.due_text);
    }
    body
}

fn entry(on: OnPortal) -> Entry {
    let plan = on.published.plan.to_string();
    Entry {
        kind: KIND.into(),
        path: path(&plan),
        id: plan,
        body: body(&on.snapshot),
        title: on.snapshot.title,
        organ: Some(on.organ),
        class: "政务公开工作要点".into(),
        dated_on: on.snapshot.issued_on,
        document_number: on.snapshot.document_number.unwrap_or_default(),
        keywords: vec!["落实进展".into()],
        ..Entry::default()
    }
}

#[async_trait]
impl Searchable for PublishedPlans {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND]
    }

    async fn entries(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError> {
        let ids: Vec<String> = refs.iter().map(|of| of.id.clone()).collect();
        let found = store::of_plans(tx, &ids).await?;
        let mut entries: Vec<Entry> = found.into_iter().map(entry).collect();
        let mut take = |id: &str| {
            let at = entries.iter().position(|entry| entry.id == id)?;
            Some(entries.swap_remove(at))
        };
        Ok(refs.iter().map(|of| take(&of.id)).collect())
    }

    async fn after(
        &self,
        tx: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError> {
        let last = last.map_or("", |of| of.id.as_str());
        let plans = store::after(tx, &Scope::Everything, last, limit).await?;
        let of = |(id, _)| Ref {
            kind: KIND.into(),
            id,
        };
        Ok(plans.into_iter().map(of).collect())
    }
}

#[async_trait]
impl PublicPages for PublishedPlans {
    fn fixed(&self) -> Vec<&'static str> {
        vec!["/plans"]
    }

    async fn branches(&self, tx: &mut Tx, scope: &Scope) -> Result<Vec<Branch>, StoreError> {
        let plans = store::list(tx, scope).await?;
        let one = |plan: Published| Branch {
            below: "/plans",
            path: path(&plan.plan.to_string()),
            title: plan.title,
        };
        Ok(plans.into_iter().map(one).collect())
    }

    async fn urls(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError> {
        let last = after.and_then(|path| path.strip_prefix("/plans/"));
        let plans = store::after(tx, scope, last.unwrap_or_default(), limit).await?;
        let page = |(id, changed_at): (String, i64)| PublicPage {
            path: path(&id),
            changed_at,
        };
        Ok(plans.into_iter().map(page).collect())
    }
}

#[async_trait]
impl AboutOrgan for PublishedPlans {
    fn name(&self) -> &'static str {
        "工作要点进展"
    }

    async fn links(&self, tx: &mut Tx, organ: OrganId) -> Result<Vec<OrganLink>, StoreError> {
        let own = Scope::Organs {
            single: vec![organ],
            branches: Vec::new(),
        };
        let plans = store::list(tx, &own).await?;
        let link = |plan: Published| OrganLink {
            path: path(&plan.plan.to_string()),
            title: plan.title,
        };
        Ok(plans.into_iter().map(link).collect())
    }
}

//! The catalogue as the public finds and reads it.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::seam::{self, AboutOrgan, OrganLink, PublicPage, PublicPages, Searchable};

use crate::entry::store::Narrow;
use crate::entry::{Entry, store as entries};
use crate::publicity;
use crate::standard::class_name;

const KIND: &str = "catalogue";
const PATH: &str = "/catalogue/";

/// Entries in force.
pub(crate) struct Public;

fn found(entry: &Entry) -> seam::Entry {
    let words = &entry.words;
    seam::Entry {
        kind: KIND.to_owned(),
        id: entry.id.to_string(),
        title: format!("主动公开目录：{}", words.name()),
        path: format!("{PATH}{}", entry.id),
        body: [
            words.item.as_str(),
            &words.sub_item,
            &words.content,
            &words.basis,
            &words.publisher,
            class_name(words.class),
        ]
        .join("\n"),
        organ: Some((entry.organ.to_string(), entry.organ_name.clone())),
        class: "目录".to_owned(),
        dated_on: Some(entry.formed_on),
        index_number: words.index_number.clone(),
        keywords: vec![words.domain.clone()],
        ..seam::Entry::default()
    }
}

#[async_trait]
impl Searchable for Public {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND]
    }

    async fn entries(
        &self,
        tx: &mut Tx,
        refs: &[Ref],
    ) -> Result<Vec<Option<seam::Entry>>, StoreError> {
        let ids: Vec<String> = refs.iter().map(|of| of.id.clone()).collect();
        let there = entries::by_ids(tx, &ids).await?;
        let one = |of: &Ref| {
            let entry = there.iter().find(|entry| entry.id.to_string() == of.id)?;
            entry.removed_why.is_none().then(|| found(entry))
        };
        Ok(refs.iter().map(one).collect())
    }

    async fn after(
        &self,
        tx: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError> {
        let last = last.map_or("", |of| of.id.as_str());
        let ids = entries::after(tx, &Scope::Everything, last, limit).await?;
        let one = |(id, _)| Ref {
            kind: KIND.to_owned(),
            id,
        };
        Ok(ids.into_iter().map(one).collect())
    }
}

#[async_trait]
impl PublicPages for Public {
    fn fixed(&self) -> Vec<&'static str> {
        vec!["/catalogue"]
    }

    async fn urls(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError> {
        let last = after
            .and_then(|path| path.strip_prefix(PATH))
            .unwrap_or_default();
        let found = entries::after(tx, scope, last, limit).await?;
        let page = |(id, changed_at): (String, i64)| PublicPage {
            path: format!("{PATH}{id}"),
            changed_at,
        };
        Ok(found.into_iter().map(page).collect())
    }
}

#[async_trait]
impl AboutOrgan for Public {
    fn name(&self) -> &'static str {
        "主动公开目录"
    }

    async fn links(&self, tx: &mut Tx, organ: OrganId) -> Result<Vec<OrganLink>, StoreError> {
        let own = Narrow {
            organ: Some(organ),
            ..Narrow::default()
        };
        let n = entries::count(tx, &Reach::everything(), &own).await?;
        let link = OrganLink {
            title: format!("本机构的主动公开目录（{n}项）"),
            path: format!("/catalogue?organ={organ}"),
        };
        let mut links = if n > 0 { vec![link] } else { Vec::new() };
        if publicity::is_shown_of(tx, organ).await? {
            links.push(OrganLink {
                title: "本机构各期主动公开情况".to_owned(),
                path: format!("{PATH}organs/{organ}"),
            });
        }
        Ok(links)
    }
}

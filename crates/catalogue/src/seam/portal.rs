//! The catalogue as the public finds and reads it.

use gongkai_basis::reference::Ref;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{self, PublicPage, PublicPages, Searchable};
use gongkai_platform::web::BoxFuture;

use crate::entry::{Entry, store as entries};
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

impl Searchable for Public {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND]
    }

    fn entries<'a>(
        &'a self,
        tx: &'a mut Tx,
        refs: &'a [Ref],
    ) -> BoxFuture<'a, Result<Vec<Option<seam::Entry>>, StoreError>> {
        Box::pin(async move {
            let ids: Vec<String> = refs.iter().map(|of| of.id.clone()).collect();
            let there = entries::by_ids(tx, &ids).await?;
            let one = |of: &Ref| {
                let entry = there.iter().find(|entry| entry.id.to_string() == of.id)?;
                entry.removed_why.is_none().then(|| found(entry))
            };
            Ok(refs.iter().map(one).collect())
        })
    }

    fn after<'a>(
        &'a self,
        tx: &'a mut Tx,
        last: Option<&'a Ref>,
        limit: i64,
    ) -> BoxFuture<'a, Result<Vec<Ref>, StoreError>> {
        Box::pin(async move {
            let last = last.map_or("", |of| of.id.as_str());
            let ids = entries::after(tx, &Scope::Everything, last, limit).await?;
            let one = |(id, _)| Ref {
                kind: KIND.to_owned(),
                id,
            };
            Ok(ids.into_iter().map(one).collect())
        })
    }
}

impl PublicPages for Public {
    fn fixed(&self) -> Vec<&'static str> {
        vec!["/catalogue"]
    }

    fn urls<'a>(
        &'a self,
        tx: &'a mut Tx,
        scope: &'a Scope,
        after: Option<&'a str>,
        limit: i64,
    ) -> BoxFuture<'a, Result<Vec<PublicPage>, StoreError>> {
        Box::pin(async move {
            // Every path of ours begins alike, so a path before them all starts at the first, and one after them ends.
            let last = match after {
                Some(path) if path > PATH => match path.strip_prefix(PATH) {
                    Some(id) => id,
                    None => return Ok(Vec::new()),
                },
                Some(_) | None => "",
            };
            let found = entries::after(tx, scope, last, limit).await?;
            let page = |(id, changed_at): (String, i64)| PublicPage {
                path: format!("{PATH}{id}"),
                changed_at,
            };
            Ok(found.into_iter().map(page).collect())
        })
    }
}

//! Guides: when they are to be confirmed, which wait for whom, and as the public finds and reads them.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach;
use gongkai_platform::seam::{
    AboutOrgan, DUE_MAX, DueItem, Duty, Entry, Obligation, OrganLink, PublicPage, PublicPages,
    Searchable, Waiting,
};
use jiff::ToSpan as _;

use crate::acts::{ApproveGuide, WriteGuide};
use crate::guide::handle::SUBJECT;
use crate::guide::store::{self, Shown};
use crate::guide::{FIELDS, State};

const PATH: &str = "/guide/";

/// Guides, for every seam.
pub(crate) struct Guides;

#[async_trait]
impl Obligation for Guides {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(SUBJECT, "公开指南")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        // A day more at both ends: 29 February is confirmed by 28 February.
        let before = |day: Date, more: i64| {
            day.checked_sub(1.years())
                .and_then(|day| day.checked_add(more.days()))
                .unwrap_or(day)
        };
        let days = (before(range.from, -1), before(range.to, 1));
        let found = store::confirmed_between(tx, scope, days, DUE_MAX).await?;
        let items = found.into_iter().filter_map(|guide| {
            let due_on = guide
                .confirm_by()
                .filter(|due| range.from <= *due && *due <= range.to)?;
            Some(DueItem {
                of: Ref {
                    kind: SUBJECT.to_owned(),
                    id: guide.organ.to_string(),
                },
                organ: guide.organ,
                title: format!("确认或更新{}政府信息公开指南", guide.organ_name),
                due_on,
                path: format!("/workspace/guides/{}", guide.organ),
            })
        });
        Ok(items.collect())
    }
}

#[async_trait]
impl Waiting for Guides {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        _: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        if let Some(permit) = person.permit::<ApproveGuide>() {
            let own = reach::own(tx, &permit).await?;
            duties.push(Duty {
                n: store::waiting(tx, &own, State::Waiting).await?,
                name: "份公开指南待审核",
                path: "/workspace/guides?state=waiting".into(),
            });
        }
        if let Some(permit) = person.permit::<WriteGuide>() {
            let own = reach::own(tx, &permit).await?;
            duties.push(Duty {
                n: store::waiting(tx, &own, State::Draft).await?,
                name: "份公开指南被退回",
                path: "/workspace/guides?state=draft".into(),
            });
        }
        Ok(duties)
    }
}

fn found(shown: &Shown) -> Entry {
    let edition = &shown.edition;
    let texts = FIELDS.iter().map(|field| edition.words.text(field.code));
    Entry {
        kind: SUBJECT.to_owned(),
        id: edition.organ.to_string(),
        title: format!("{}政府信息公开指南", edition.organ_name),
        path: format!("{PATH}{}", edition.organ),
        body: texts.collect::<Vec<_>>().join("\n"),
        organ: Some((edition.organ.to_string(), edition.organ_name.clone())),
        class: "公开指南".to_owned(),
        dated_on: Some(edition.published_on),
        ..Entry::default()
    }
}

#[async_trait]
impl Searchable for Guides {
    fn kinds(&self) -> &'static [&'static str] {
        &[SUBJECT]
    }

    async fn entries(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError> {
        let ids: Vec<String> = refs.iter().map(|of| of.id.clone()).collect();
        let there = store::public(tx, &ids).await?;
        let one = |of: &Ref| {
            let is = |shown: &&Shown| shown.edition.organ.to_string() == of.id;
            there.iter().find(is).map(found)
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
        let there = store::public_after(tx, &Scope::Everything, last, limit).await?;
        let one = |(id, _)| Ref {
            kind: SUBJECT.to_owned(),
            id,
        };
        Ok(there.into_iter().map(one).collect())
    }
}

#[async_trait]
impl PublicPages for Guides {
    fn fixed(&self) -> Vec<&'static str> {
        vec!["/guide"]
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
        let there = store::public_after(tx, scope, last, limit).await?;
        let page = |(id, changed_at): (String, i64)| PublicPage {
            path: format!("{PATH}{id}"),
            changed_at,
        };
        Ok(there.into_iter().map(page).collect())
    }
}

#[async_trait]
impl AboutOrgan for Guides {
    fn name(&self) -> &'static str {
        "公开指南"
    }

    async fn links(&self, tx: &mut Tx, organ: OrganId) -> Result<Vec<OrganLink>, StoreError> {
        let there = store::public(tx, &[organ.to_string()]).await?;
        let link = |shown: Shown| OrganLink {
            title: format!("{}政府信息公开指南", shown.edition.organ_name),
            path: format!("{PATH}{organ}"),
        };
        Ok(there.into_iter().map(link).collect())
    }
}

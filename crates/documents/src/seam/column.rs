//! Columns for the others: as evidence that they are kept, as figures, as what falls due, and their public pages.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gongkai_basis::reference::{Claim, DateRange, Figure, FigureKey, Ref, Verdict};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{
    Branch, DueItem, Entry, EvidenceSource, FOUND_MAX, FigureSource, Found, Obligation, PublicPage,
    PublicPages, Searchable, Wanted,
};
use gongkai_platform::web::{civil_day, start_of};

use crate::column::handle::SUBJECT;
use crate::column::{Column, Content, Standing, store};

pub(crate) struct Columns;

fn of(column: &Column) -> Ref {
    Ref {
        kind: SUBJECT.to_owned(),
        id: column.id.to_string(),
    }
}

fn path(column: &Column) -> String {
    format!("/workspace/columns/{}", column.id)
}

fn public_path(column: &Column) -> String {
    format!("/columns/{}", column.spec.slug)
}

fn found((column, content): &(Column, Content)) -> Found {
    Found {
        of: of(column),
        organ: column.spec.organ,
        title: format!("“{}”专栏", column.spec.name),
        dated_on: content.last,
        path: public_path(column),
        // What a column proves is that it is kept; its content may and must change.
        seal: column.id.to_string(),
    }
}

async fn by_refs<'a>(
    tx: &mut Tx,
    refs: impl Iterator<Item = &'a Ref>,
) -> Result<BTreeMap<String, (Column, Content)>, StoreError> {
    let ids: Vec<String> = refs.map(|of| of.id.clone()).collect();
    let there = store::by_ids(tx, ids).await?;
    Ok(there
        .into_iter()
        .map(|one| (one.0.id.to_string(), one))
        .collect())
}

#[async_trait]
impl EvidenceSource for Columns {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(SUBJECT, "重点领域专栏")]
    }

    fn is_public(&self) -> bool {
        true
    }

    async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        let open = store::open_within(tx, scope).await?;
        let fits = |one: &&(Column, Content)| {
            one.0.spec.name.contains(wanted.words.trim())
                && wanted.within.is_none_or(|days| {
                    one.1
                        .last
                        .is_some_and(|on| days.from <= on && on <= days.to)
                })
        };
        Ok(open
            .iter()
            .filter(fits)
            .take(FOUND_MAX)
            .map(found)
            .collect())
    }

    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let there = by_refs(tx, refs.iter()).await?;
        let one = |of: &Ref| {
            there
                .get(&of.id)
                .filter(|(column, _)| column.closed_why.is_none())
                .map(found)
        };
        Ok(refs.iter().map(one).collect())
    }

    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let there = by_refs(tx, claims.iter().map(|claim| &claim.of)).await?;
        let today = civil_day(tx.now());
        let verdict = |claim: &Claim| match there.get(&claim.of.id) {
            None => Verdict::Gone("没有这个专栏。".to_owned()),
            Some((column, content)) => {
                let name = &column.spec.name;
                match (&column.closed_why, column.standing(content, today)) {
                    (Some(why), _) => Verdict::Gone(format!("“{name}”专栏已关闭：{why}")),
                    (None, Standing::Blank) => {
                        Verdict::Gone(format!("“{name}”专栏里没有公开的内容。"))
                    }
                    (None, Standing::Stale(days)) => {
                        Verdict::Changed(format!("“{name}”专栏更新超期{days}天。"))
                    }
                    (None, Standing::Fresh(_) | Standing::Soon(_)) => Verdict::Holds,
                }
            }
        };
        Ok(claims.iter().map(verdict).collect())
    }
}

#[async_trait]
impl FigureSource for Columns {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("columns.open", "重点领域专栏个数"),
            ("columns.wanting", "更新超期和空白的专栏个数"),
            ("columns.opened", "当年新开设专栏个数"),
        ]
    }

    fn fewer_is_better(&self) -> &'static [&'static str] {
        &["columns.wanting"]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let today = civil_day(tx.now());
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            if !self.keys().iter().any(|(name, _)| *name == key.name) {
                figures.push(None);
                continue;
            }
            let all = store::below(tx, key.organ).await?;
            let counts = |(column, content): &&(Column, Content)| match key.name.as_str() {
                "columns.wanting" => column.standing(content, today).is_wanting(),
                "columns.opened" => column.opened_on.year() == key.year,
                _ => true,
            };
            let refs: Vec<Ref> = all
                .iter()
                .filter(counts)
                .map(|(column, _)| of(column))
                .collect();
            let value = i64::try_from(refs.len()).unwrap_or(i64::MAX);
            figures.push(Some(Figure { value, refs }));
        }
        Ok(figures)
    }
}

#[async_trait]
impl Obligation for Columns {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(SUBJECT, "专栏更新")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let open = store::open_within(tx, scope).await?;
        let mut due: Vec<DueItem> = open
            .iter()
            .map(|(column, content)| DueItem {
                of: of(column),
                organ: column.spec.organ,
                title: format!("更新“{}”专栏", column.spec.name),
                due_on: column.due_on(content),
                path: path(column),
            })
            .filter(|item| range.from <= item.due_on && item.due_on <= range.to)
            .collect();
        due.sort_by_key(|item| item.due_on);
        Ok(due)
    }
}

#[async_trait]
impl Searchable for Columns {
    fn kinds(&self) -> &'static [&'static str] {
        &[SUBJECT]
    }

    async fn entries(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError> {
        let there = by_refs(tx, refs.iter()).await?;
        let one = |of: &Ref| {
            let (column, _) = there.get(&of.id)?;
            column.closed_why.is_none().then(|| entry(column))
        };
        Ok(refs.iter().map(one).collect())
    }

    async fn after(
        &self,
        tx: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError> {
        let open = store::open_within(tx, &Scope::Everything).await?;
        let mut refs: Vec<Ref> = open.iter().map(|(column, _)| of(column)).collect();
        refs.retain(|of| last.is_none_or(|last| of.id > last.id));
        refs.sort_by(|one, next| one.id.cmp(&next.id));
        refs.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(refs)
    }
}

/// The texts in it are found as documents; a column is found by its name and what must stand in it.
fn entry(column: &Column) -> Entry {
    let spec = &column.spec;
    let said = std::iter::once(spec.about.clone()).chain(spec.elements.iter().cloned());
    Entry {
        kind: SUBJECT.to_owned(),
        id: column.id.to_string(),
        title: spec.name.clone(),
        path: public_path(column),
        body: said.collect::<Vec<_>>().join("\n"),
        organ: Some((spec.organ.to_string(), column.organ_name.clone())),
        class: "重点领域专栏".to_owned(),
        dated_on: Some(column.opened_on),
        keywords: vec![format!("{}专栏", spec.name)],
        ..Entry::default()
    }
}

#[async_trait]
impl PublicPages for Columns {
    fn fixed(&self) -> Vec<&'static str> {
        vec!["/columns"]
    }

    async fn branches(&self, tx: &mut Tx, scope: &Scope) -> Result<Vec<Branch>, StoreError> {
        let open = store::open_within(tx, scope).await?;
        let one = |(column, _): (Column, _)| Branch {
            below: "/columns",
            path: public_path(&column),
            title: column.spec.name,
        };
        Ok(open.into_iter().map(one).collect())
    }

    async fn feeds(&self, tx: &mut Tx, scope: &Scope) -> Result<Vec<(String, String)>, StoreError> {
        let open = store::open_within(tx, scope).await?;
        let feed = |(column, _): (Column, _)| {
            let path = format!("/columns/{}/feed.xml", column.spec.slug);
            (format!("重点领域：{}", column.spec.name), path)
        };
        Ok(open.into_iter().map(feed).collect())
    }

    async fn urls(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError> {
        let open = store::open_within(tx, scope).await?;
        let mut pages: Vec<PublicPage> = open
            .iter()
            .map(|(column, content)| PublicPage {
                path: public_path(column),
                changed_at: start_of(content.last.unwrap_or(column.opened_on)).unwrap_or(0),
            })
            .filter(|page| after.is_none_or(|after| page.path.as_str() > after))
            .collect();
        pages.sort_by(|one, next| one.path.cmp(&next.path));
        pages.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(pages)
    }
}

//! Issued gazettes to search, to list, and as evidence that they were issued.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::reference::{Claim, Figure, FigureKey, Ref, Verdict};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{
    Duty, Entry, EvidenceSource, FOUND_MAX, FigureSource, Found, PublicPage, PublicPages,
    Searchable, Waiting, Wanted,
};

use crate::acts::{EditGazette, IssueGazette};
use crate::gazette::handle::SUBJECT;
use crate::gazette::{Issue, State, store};

pub(crate) struct Gazette;

fn title(issue: &Issue) -> String {
    format!("{}公报{}", issue.organ_name, issue.words.name())
}

fn of(id: String) -> Ref {
    Ref {
        kind: SUBJECT.to_owned(),
        id,
    }
}

fn found(issue: &Issue) -> Found {
    Found {
        of: of(issue.id.to_string()),
        organ: issue.organ,
        title: title(issue),
        dated_on: Some(issue.words.dated_on),
        path: issue.path(),
        seal: issue.seal.clone().unwrap_or_default(),
    }
}

async fn by_refs<'a>(
    tx: &mut Tx,
    refs: impl Iterator<Item = &'a Ref>,
) -> Result<BTreeMap<String, Issue>, StoreError> {
    let issues = store::issued_by_ids(tx, refs.map(|of| of.id.clone()).collect()).await?;
    Ok(issues
        .into_iter()
        .map(|issue| (issue.id.to_string(), issue))
        .collect())
}

#[async_trait]
impl EvidenceSource for Gazette {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(SUBJECT, "已出版的政府公报")]
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
        let issues = store::list(tx, scope).await?;
        let fits = |issue: &&Issue| {
            let on = issue.words.dated_on;
            issue.state == State::Issued
                && title(issue).contains(wanted.words.trim())
                && wanted
                    .within
                    .is_none_or(|days| days.from <= on && on <= days.to)
        };
        Ok(issues
            .iter()
            .map(|(issue, _)| issue)
            .filter(fits)
            .take(FOUND_MAX)
            .map(found)
            .collect())
    }

    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let there = by_refs(tx, refs.iter()).await?;
        Ok(refs.iter().map(|of| there.get(&of.id).map(found)).collect())
    }

    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let there = by_refs(tx, claims.iter().map(|claim| &claim.of)).await?;
        let verdict = |claim: &Claim| match there.get(&claim.of.id) {
            Some(_) => Verdict::Holds,
            None => Verdict::Gone("没有出版这一期公报。".to_owned()),
        };
        Ok(claims.iter().map(verdict).collect())
    }
}

/// Issues that wait for a person: to be issued, or to be mended.
pub(crate) struct GazetteDesk;

#[async_trait]
impl Waiting for GazetteDesk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        _: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        if let Some(permit) = person.permit::<IssueGazette>() {
            let me = person.account.to_string();
            duties.push(Duty {
                n: store::to_issue(tx, permit.scope(), &me).await?,
                name: "期公报等您签发",
                path: "/workspace/gazette".into(),
            });
        }
        if let Some(permit) = person.permit::<EditGazette>() {
            duties.push(Duty {
                n: store::returned(tx, permit.scope()).await?,
                name: "期公报被退回，等待修改",
                path: "/workspace/gazette".into(),
            });
        }
        Ok(duties)
    }
}

#[async_trait]
impl FigureSource for Gazette {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[("gazette.issues", "出版政府公报期数")]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            if key.name != "gazette.issues" {
                figures.push(None);
                continue;
            }
            let issues = store::issued(tx, &Scope::Everything, Some(i64::from(key.year))).await?;
            let refs: Vec<Ref> = issues
                .iter()
                .filter(|issue| issue.organ == key.organ || issue.owner == key.organ)
                .map(|issue| of(issue.id.to_string()))
                .collect();
            let value = i64::try_from(refs.len()).unwrap_or(i64::MAX);
            figures.push(Some(Figure { value, refs }));
        }
        Ok(figures)
    }
}

#[async_trait]
impl Searchable for Gazette {
    fn kinds(&self) -> &'static [&'static str] {
        &[SUBJECT]
    }

    async fn entries(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError> {
        let mut there = by_refs(tx, refs.iter()).await?;
        let mut entries = Vec::with_capacity(refs.len());
        for of in refs {
            let Some(issue) = there.remove(&of.id) else {
                entries.push(None);
                continue;
            };
            let whole = store::whole(tx, issue).await?;
            let issue = &whole.issue;
            // The texts themselves are found as documents; an issue is found by its contents.
            let lines = whole
                .items
                .iter()
                .map(|item| format!("{} {}", item.head.title, item.head.number));
            entries.push(Some(Entry {
                kind: SUBJECT.to_owned(),
                id: of.id.clone(),
                title: title(issue),
                path: issue.path(),
                body: lines.collect::<Vec<_>>().join("\n"),
                organ: Some((issue.organ.to_string(), issue.organ_name.clone())),
                class: "政府公报".to_owned(),
                dated_on: Some(issue.words.dated_on),
                ..Entry::default()
            }));
        }
        Ok(entries)
    }

    async fn after(
        &self,
        tx: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError> {
        let ids = store::issued_after(tx, last.map_or("", |of| &of.id), limit).await?;
        Ok(ids.into_iter().map(of).collect())
    }
}

#[async_trait]
impl PublicPages for Gazette {
    fn fixed(&self) -> Vec<&'static str> {
        vec!["/gazette"]
    }

    async fn feeds(&self, tx: &mut Tx, scope: &Scope) -> Result<Vec<(String, String)>, StoreError> {
        let mut issues = store::issued(tx, scope, None).await?;
        // Those of one government follow each other.
        issues.dedup_by_key(|issue| issue.organ);
        let feed = |issue: Issue| (format!("{}公报", issue.organ_name), issue.feed_path());
        Ok(issues.into_iter().map(feed).collect())
    }

    async fn urls(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError> {
        let issues = store::issued(tx, scope, None).await?;
        let texts = store::item_counts(tx).await?;
        let mut pages: Vec<PublicPage> = issues
            .iter()
            .flat_map(|issue| {
                let (path, changed_at) = (issue.path(), issue.issued_at.unwrap_or(0));
                let n = texts.get(&issue.id).copied().unwrap_or(0);
                let own = (1..=n).map({
                    let path = path.clone();
                    move |place| format!("{path}/{place}")
                });
                std::iter::once(path)
                    .chain(own)
                    .map(move |path| PublicPage { path, changed_at })
            })
            .filter(|page| after.is_none_or(|after| page.path.as_str() > after))
            .collect();
        pages.sort_by(|one, next| one.path.cmp(&next.path));
        pages.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(pages)
    }
}

//! What this capability offers to the others: reports as evidence, what is due and waits, what the public reads.

pub(crate) mod held;

use std::collections::BTreeMap;

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{Claim, DateRange, Ref, Verdict};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{
    AboutOrgan, DUE_MAX, DueItem, Duty, Entry, EvidenceSource, FOUND_MAX, Found, Obligation,
    OrganLink, PublicPage, PublicPages, Searchable, Waiting, Wanted,
};
use gongkai_platform::web::civil_day;

use crate::acts::{PrecheckReport, PublishReport, WriteReport};
use crate::annual::Annual;
use crate::annual::due;
use crate::annual::due::store::{Owed, Waits, waiting};
use crate::annual::handle::SUBJECT;
use crate::annual::store::public;
use crate::id::AnnualId;
use crate::state::State;
use gongkai_platform::organ::reach::{self, Reach};

/// Published reports as evidence.
pub(crate) struct Reports;

fn seal(annual: &Annual) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(annual.draft.to_json()))
}

fn published_on(annual: &Annual) -> Option<Date> {
    let at = jiff::Timestamp::from_millisecond(annual.published_at?).ok()?;
    Some(civil_day(at))
}

fn path(annual: &Annual) -> String {
    format!("/reports/{}/{}", annual.unit.id, annual.year)
}

fn found(annual: &Annual) -> Found {
    Found {
        of: Ref {
            kind: SUBJECT.to_owned(),
            id: annual.id.to_string(),
        },
        organ: annual.unit.id,
        title: annual.title(),
        dated_on: published_on(annual),
        path: path(annual),
        seal: seal(annual),
    }
}

async fn editions(tx: &mut Tx, refs: &[&Ref]) -> Result<BTreeMap<String, Annual>, StoreError> {
    let ids: Vec<AnnualId> = refs
        .iter()
        .filter(|of| of.kind == SUBJECT)
        .filter_map(|of| of.id.parse().ok())
        .collect();
    let found = public::by_ids(tx, &ids).await?;
    Ok(found
        .into_iter()
        .map(|one| (one.id.to_string(), one))
        .collect())
}

#[async_trait]
impl EvidenceSource for Reports {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(SUBJECT, "年度报告")]
    }

    async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        if wanted.kind != SUBJECT {
            return Ok(Vec::new());
        }
        let most = i64::try_from(FOUND_MAX).unwrap_or(i64::MAX);
        let found_there = public::find(tx, scope, &wanted.words, most).await?;
        let inside = |annual: &Annual| match (wanted.within, published_on(annual)) {
            (Some(range), Some(day)) => range.from <= day && day <= range.to,
            (Some(_), None) => false,
            (None, _) => true,
        };
        Ok(found_there
            .iter()
            .filter(|one| inside(one))
            .map(found)
            .collect())
    }

    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let there = editions(tx, &refs.iter().collect::<Vec<_>>()).await?;
        Ok(refs.iter().map(|of| there.get(&of.id).map(found)).collect())
    }

    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let refs: Vec<&Ref> = claims.iter().map(|claim| &claim.of).collect();
        let there = editions(tx, &refs).await?;
        let verdict = |claim: &Claim| match there.get(&claim.of.id) {
            None => Verdict::Gone("没有已公布的这份年度报告。".to_owned()),
            Some(annual) => match &claim.seal {
                Some(own) if *own != seal(annual) => {
                    Verdict::Changed(format!("《{}》公布以后有更正。", annual.title()))
                }
                Some(_) | None => Verdict::Holds,
            },
        };
        Ok(claims.iter().map(verdict).collect())
    }
}

/// 31 January, 31 March, or what was set.
pub(crate) struct Dues;

#[async_trait]
impl Obligation for Dues {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(SUBJECT, "年度报告")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let today = civil_day(tx.now());
        let owing = due::owing(tx, scope, today, DUE_MAX).await?;
        let inside = |due_on: Date| range.from <= due_on && due_on <= range.to;
        let item = |(owed, due_on): (Owed, Date)| {
            let id = owed.report.map_or_else(
                || format!("{}-{}", owed.unit.id, owed.year),
                |(id, _)| id.to_string(),
            );
            let path = owed.report.map_or_else(
                || format!("/workspace/reports?year={}", owed.year),
                |(id, _)| format!("/workspace/reports/{id}"),
            );
            DueItem {
                of: Ref {
                    kind: SUBJECT.to_owned(),
                    id,
                },
                organ: owed.unit.id,
                title: format!("公布{}年政府信息公开工作年度报告", owed.year),
                due_on,
                path,
            }
        };
        let most = usize::try_from(DUE_MAX).unwrap_or(usize::MAX);
        let items = owing.into_iter().filter(|(_, due_on)| inside(*due_on));
        Ok(items.map(item).take(most).collect())
    }
}

/// The year that is being reported on: until the end of March last year, then the running one.
pub(crate) fn reported_year(today: Date) -> i16 {
    if today.month() <= 3 {
        today.year() - 1
    } else {
        today.year()
    }
}

/// What waits for people.
pub(crate) struct Desk;

#[async_trait]
impl Waiting for Desk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        let duty = |n, name, path: &'static str| Duty {
            n,
            name,
            path: path.into(),
        };
        if let Some(permit) = person.permit::<PrecheckReport>() {
            let within = Reach::of(tx, permit.roles()).await?;
            let n = waiting(tx, &within, Waits::In(State::Confirmed)).await?;
            duties.push(duty(
                n,
                "份年度报告待预审",
                "/workspace/reports?state=confirmed",
            ));
        }
        if let Some(permit) = person.permit::<PublishReport>() {
            let within = own(tx, &permit).await?;
            let n = waiting(tx, &within, Waits::In(State::Checked)).await?;
            duties.push(duty(
                n,
                "份年度报告待公布",
                "/workspace/reports?state=checked",
            ));
        }
        if let Some(permit) = person.permit::<WriteReport>() {
            let within = own(tx, &permit).await?;
            let n = waiting(tx, &within, Waits::Returned).await?;
            duties.push(duty(
                n,
                "份年度报告被退回",
                "/workspace/reports?state=draft",
            ));
            duties.extend(of_last_year(tx, &within.scope, today).await?);
        }
        Ok(duties)
    }
}

/// Last year's reports of one's own units: those that nobody has begun, and those whose day has gone by.
async fn of_last_year(tx: &mut Tx, own: &Scope, today: Date) -> Result<[Duty; 2], StoreError> {
    let last = today.year() - 1;
    let owing = due::of_years(tx, own, &[last], DUE_MAX).await?;
    let (late, ahead): (Vec<_>, Vec<_>) = owing.iter().partition(|(_, day)| *day < today);
    let unbegun = ahead.iter().filter(|(owed, _)| owed.report.is_none());
    let duty = |n: usize, name, path: String| Duty {
        n: i64::try_from(n).unwrap_or(i64::MAX),
        name,
        path: path.into(),
    };
    let list = format!("/workspace/reports?year={last}");
    Ok([
        duty(
            unbegun.count(),
            "份年度报告待编写",
            format!("{list}&state=nothing"),
        ),
        duty(late.len(), "份年度报告逾期未公布", list),
    ])
}

async fn own<A: gongkai_platform::access::Act>(
    tx: &mut Tx,
    permit: &gongkai_platform::access::Permit<A>,
) -> Result<Reach, StoreError> {
    Ok(Reach {
        bases: Vec::new(),
        scope: reach::own(tx, permit).await?,
    })
}

/// Published reports in the search.
pub(crate) struct Published;

#[async_trait]
impl Searchable for Published {
    fn kinds(&self) -> &'static [&'static str] {
        &[SUBJECT]
    }

    async fn entries(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError> {
        let there = editions(tx, &refs.iter().collect::<Vec<_>>()).await?;
        Ok(refs.iter().map(|of| there.get(&of.id).map(entry)).collect())
    }

    async fn after(
        &self,
        tx: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError> {
        let last = last.map_or("", |of| of.id.as_str());
        let ids = public::after(tx, last, limit).await?;
        let one = |id| Ref {
            kind: SUBJECT.to_owned(),
            id,
        };
        Ok(ids.into_iter().map(one).collect())
    }
}

fn entry(annual: &Annual) -> Entry {
    Entry {
        kind: SUBJECT.to_owned(),
        id: annual.id.to_string(),
        title: annual.title(),
        path: path(annual),
        body: annual.draft.said().join("\n"),
        organ: Some((annual.unit.id.to_string(), annual.unit.name.clone())),
        class: "政府信息公开年报".to_owned(),
        dated_on: published_on(annual),
        keywords: vec!["年报".to_owned()],
        ..Entry::default()
    }
}

/// The public pages of reports.
pub(crate) struct PublishedPages;

#[async_trait]
impl PublicPages for PublishedPages {
    fn fixed(&self) -> Vec<&'static str> {
        vec!["/reports"]
    }

    async fn urls(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<PublicPage>, StoreError> {
        let last = after
            .and_then(|path| path.strip_prefix("/reports/"))
            .and_then(|rest| rest.split_once('/'))
            .and_then(|(organ, year)| Some((organ, year.parse().ok()?)))
            .unwrap_or(("", 0));
        let pages = public::pages(tx, scope, last, limit).await?;
        let one = |(organ, year, changed_at)| PublicPage {
            path: format!("/reports/{organ}/{year}"),
            changed_at,
        };
        Ok(pages.into_iter().map(one).collect())
    }
}

#[async_trait]
impl AboutOrgan for PublishedPages {
    fn name(&self) -> &'static str {
        "年度报告"
    }

    async fn links(&self, tx: &mut Tx, organ: OrganId) -> Result<Vec<OrganLink>, StoreError> {
        let own = public::list(tx, &Scope::Everything, None, Some(organ)).await?;
        let link = |one: public::Listed| OrganLink {
            title: format!("{}年度报告", one.year),
            path: format!("/reports/{organ}/{}", one.year),
        };
        Ok(own.into_iter().map(link).collect())
    }
}

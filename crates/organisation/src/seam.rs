//! What this capability offers to the others: its records as evidence, and how many there are.

pub(crate) mod named;

use async_trait::async_trait;
use gongkai_basis::reference::{Claim, DateRange, Figure, FigureKey, Ref, Verdict};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{EvidenceSource, FOUND_MAX, FigureSource, Found, Wanted};

use crate::activity::store::{self, Narrow};
use crate::activity::{Activity, ActivityKind};
use gongkai_platform::organ::reach::Reach;

/// References that a figure carries at most; the number itself is whole.
const REFS_MAX: i64 = 200;

/// Meetings, hearings, training, submissions and pilots.
pub(crate) struct Activities;

fn found(activity: Activity) -> Found {
    Found {
        of: Ref {
            kind: activity.kind.code().to_owned(),
            id: activity.id.to_string(),
        },
        organ: activity.organ,
        title: format!("{}：{}", activity.organ_name, activity.words.title),
        dated_on: Some(activity.words.held_on),
        path: format!("/workspace/organisation/activities/{}", activity.id),
        seal: activity.seal(),
    }
}

fn is_there(activity: &Activity, kind: &str) -> bool {
    activity.removed_why.is_none() && activity.kind.code() == kind
}

#[async_trait]
impl EvidenceSource for Activities {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("meeting", "领导小组会议"),
            ("hearing", "听取汇报"),
            ("training", "培训"),
            ("submission", "投稿"),
            ("pilot", "试点"),
        ]
    }

    async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        let Some(kind) = ActivityKind::from_code(&wanted.kind) else {
            return Ok(Vec::new());
        };
        let within = Reach {
            bases: Vec::new(),
            scope: scope.clone(),
        };
        let days = |range: DateRange| (range.from, range.to);
        let narrow = Narrow {
            kind: Some(kind),
            organ: None,
            within: wanted.within.map(days),
            text: wanted.words.clone(),
        };
        let rows = i64::try_from(FOUND_MAX).unwrap_or(i64::MAX);
        let activities = store::list(tx, &within, &narrow, (0, rows)).await?;
        Ok(activities.into_iter().map(found).collect())
    }

    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let ids: Vec<String> = refs.iter().map(|of| of.id.clone()).collect();
        let there = store::by_ids(tx, &ids).await?;
        let one = |of: &Ref| {
            let activity = there.get(&of.id)?;
            is_there(activity, &of.kind).then(|| found(activity.clone()))
        };
        Ok(refs.iter().map(one).collect())
    }

    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let ids: Vec<String> = claims.iter().map(|claim| claim.of.id.clone()).collect();
        let there = store::by_ids(tx, &ids).await?;
        let verdict = |claim: &Claim| match there.get(&claim.of.id) {
            None => Verdict::Gone("组织保障台账里没有这条记录。".to_owned()),
            Some(activity) if !is_there(activity, &claim.of.kind) => {
                let why = activity.removed_why.as_deref().unwrap_or("类别不符");
                Verdict::Gone(format!("记录已从组织保障台账删除：{why}。"))
            }
            Some(activity) => match &claim.seal {
                Some(seal) if *seal != activity.seal() => {
                    Verdict::Changed(format!("“{}”登记以后内容有修改。", activity.words.title))
                }
                Some(_) | None => Verdict::Holds,
            },
        };
        Ok(claims.iter().map(verdict).collect())
    }
}

/// How many records of each kind a government and those below it made in a year.
pub(crate) struct ActivityFigures;

fn counted(name: &str) -> Option<ActivityKind> {
    match name {
        "meetings.held" => Some(ActivityKind::Meeting),
        "hearings.held" => Some(ActivityKind::Hearing),
        "trainings.held" => Some(ActivityKind::Training),
        "submissions.made" => Some(ActivityKind::Submission),
        "pilots.run" => Some(ActivityKind::Pilot),
        _ => None,
    }
}

#[async_trait]
impl FigureSource for ActivityFigures {
    fn keys(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("meetings.held", "领导小组会议次数"),
            ("hearings.held", "听取汇报次数"),
            ("trainings.held", "培训次数"),
            ("submissions.made", "投稿篇数"),
            ("pilots.run", "试点个数"),
        ]
    }

    async fn figures(
        &self,
        tx: &mut Tx,
        keys: &[FigureKey],
    ) -> Result<Vec<Option<Figure>>, StoreError> {
        let mut figures = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(kind) = counted(&key.name) else {
                figures.push(None);
                continue;
            };
            let of = (key.organ, key.year);
            let (value, ids) = store::figure(tx, kind, of, REFS_MAX).await?;
            let refs = ids.into_iter().map(|id| Ref {
                kind: kind.code().to_owned(),
                id,
            });
            figures.push(Some(Figure {
                value,
                refs: refs.collect(),
            }));
        }
        Ok(figures)
    }
}

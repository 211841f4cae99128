//! From requests to publication: suggestions that the office decides, releases that become public or stay with their
//! applicant, and a half year of people who found what they wanted before they applied.

use anyhow::Result;
use gongkai_basis::Date;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_requests::acts::{DecideClusters, TakeRequests};
use gongkai_requests::cluster::handle::{self, Decision, Record};
use gongkai_requests::cluster::{Cluster, State, gather, store as clusters};
use gongkai_requests::offer::tally::{self, Happened};
use gongkai_requests::offer::{self, Offer};
use gongkai_requests::publication::store::{View, list};
use gongkai_requests::publication::{self, Choice, Decided, Keep};
use jiff::ToSpan as _;

use super::clock::at;
use super::organ;
use super::year::Year;

const CITY: &str = "安澜市人民政府";
const CARRIER: &str = "安澜市交通运输局";
/// When the night found them: so that some of what is open falls due.
const ARISEN_AGO: i64 = 24;
/// Public records that applicants saw, and for how many months.
const OFFERED: usize = 8;
const MONTHS: i64 = 6;
/// Public records looked through for one.
const LOOKED_AT: i64 = 400;

impl Year<'_> {
    pub(super) async fn publications(&self) -> Result<()> {
        let public = self.public_records().await?;
        at(self.ago(ARISEN_AGO)?, gather::all(self.app, None)).await?;
        self.suggestions(&public).await?;
        self.releases(&public).await?;
        self.offered(&public).await
    }

    /// What the public may see now.
    async fn public_records(&self) -> Result<Vec<Offer>> {
        let mut found = Vec::new();
        for source in &self.app.seams.searchable {
            let refs: Vec<Ref> = self
                .app
                .db
                .read(async |tx: &mut Tx| source.after(tx, None, LOOKED_AT).await)
                .await?;
            for of in refs {
                found.extend(offer::open(self.app, &Scope::Everything, of).await?);
            }
        }
        Ok(found)
    }

    /// One is adopted, one declined, one public already; the rest waits for the office.
    async fn suggestions(&self, public: &[Offer]) -> Result<()> {
        let permit = self.permit::<DecideClusters>("clerk").await?;
        let carrier = organ(&self.app.db, CARRIER).await?;
        let open = self
            .app
            .db
            .read(async |tx: &mut Tx| {
                clusters::list(tx, &Scope::Everything, Some(State::Open), (0, 50)).await
            })
            .await?;
        let about = |words: &str| open.iter().find(|one| one.subject.contains(words));
        let renewal = public.iter().find(|one| one.title.contains("老旧小区改造"));
        let decisions: [(Option<&Cluster>, Option<Decision>, i64); 3] = [
            (
                about("公交线路"),
                Some(Decision::Adopt {
                    owner: carrier,
                    why: "（演示）报告已经专家评审，可以公开。".to_owned(),
                    lists: true,
                }),
                15,
            ),
            (
                about("危房改造"),
                Some(Decision::Decline {
                    ground: Some(Keep::Privacy),
                    why: "（演示）名单含农户个人信息，汇总数已在专栏公开。".to_owned(),
                }),
                14,
            ),
            (
                about("老旧小区"),
                renewal.map(|record| Decision::Publish {
                    record: Record {
                        of: Some(record.of.clone()),
                        title: record.title.clone(),
                        path: record.path.clone(),
                    },
                }),
                12,
            ),
        ];
        for (cluster, decision, ago) in decisions {
            let (Some(cluster), Some(decision)) = (cluster, decision) else {
                continue;
            };
            let (day, calendar) = (self.ago(ago)?, self.app.calendar());
            let seams = &self.app.seams;
            let key = (cluster.id, cluster.version);
            let work = self.app.db.write(async |tx: &mut Tx| {
                handle::decide(tx, &permit, key, decision.clone(), (day, &calendar), seams).await
            });
            at(day, work).await?;
        }
        Ok(())
    }

    /// The city's desk decides about some of what it gave to applicants.
    async fn releases(&self, public: &[Offer]) -> Result<()> {
        let permit = self.permit::<TakeRequests>("officer").await?;
        let city = organ(&self.app.db, CITY).await?;
        let scope = Scope::Organs {
            single: vec![city],
            branches: Vec::new(),
        };
        let waiting = self
            .app
            .db
            .read(async |tx: &mut Tx| list(tx, &scope, View::Undecided, (0, 12)).await)
            .await?;
        for (number, (request, _)) in waiting.iter().enumerate() {
            let of = |choice| Decided {
                choice: Some(choice),
                ..Decided::default()
            };
            let decided = match number % 6 {
                1 => Decided {
                    owner: Some(city),
                    ..of(Choice::Yes)
                },
                2 => Decided {
                    owner: Some(city),
                    published_at: public
                        .get(number)
                        .map_or_else(String::new, |one| one.path.clone()),
                    ..of(Choice::Yes)
                },
                3 => Decided {
                    ground: Some(Keep::Own),
                    ..of(Choice::No)
                },
                4 => Decided {
                    ground: Some(Keep::Other),
                    why: "（演示）数据每月变化，已列入下季度统一公开。".to_owned(),
                    ..of(Choice::No)
                },
                _ => continue,
            };
            let mut day = self.soon_after(request.replied_on)?;
            if number % 6 == 1 {
                // Ordered lately, so that the day to publish is still to come.
                day = day.max(self.ago(6)?);
            }
            let (calendar, seams) = (self.app.calendar(), &self.app.seams);
            let work = self.app.db.write(async |tx: &mut Tx| {
                let decided = decided.clone();
                publication::decide(tx, &permit, request.id, decided, (day, &calendar), seams).await
            });
            at(day, work).await?;
        }
        Ok(())
    }

    /// A few days after a reply; never after today.
    fn soon_after(&self, day: Option<Date>) -> Result<Date> {
        let today = self.ago(0)?;
        let later = day.and_then(|day| day.checked_add(3.days()).ok());
        Ok(later.unwrap_or(today).min(today))
    }

    /// Some records are seen much and followed little, some save applications.
    async fn offered(&self, public: &[Offer]) -> Result<()> {
        let cluster: Option<Offer> = self
            .app
            .db
            .read(async |tx: &mut Tx| Ok::<_, StoreError>(clusters::published(tx).await?))
            .await?
            .into_iter()
            .next()
            .map(|published| published.offer());
        let step = (public.len() / OFFERED).max(1);
        let some = public.iter().step_by(step).take(OFFERED);
        for (number, record) in cluster.iter().chain(some).enumerate() {
            for month in 0..MONTHS {
                let day = self.ago(30 * month + i64::try_from(number)?)?;
                let shown = 4 + (number * 5 + usize::try_from(month)? * 3) % 11;
                let (clicked, avoided) = (shown * 3 / 5, shown * (3 - number % 4) / 8);
                at(day, async {
                    for (happened, times) in [
                        (Happened::Shown, shown),
                        (Happened::Clicked, clicked),
                        (Happened::Avoided, avoided.min(clicked)),
                    ] {
                        for _ in 0..times {
                            tally::count(self.app, record, happened);
                        }
                    }
                })
                .await;
            }
        }
        tally::write_down(self.app).await?;
        Ok(())
    }
}

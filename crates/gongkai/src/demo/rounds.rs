//! Rounds of reports on the plans of city and county, in every state.

use anyhow::Result;
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_plans::report::submit::submit as submit_report;
use gongkai_plans::round::open::{self, Wanted};
use gongkai_plans::round::store::{self, Narrow};
use gongkai_plans::round::{Round, RoundId, RoundStep, Source, Step, Submission, submit};
use gongkai_plans::step::StepError;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;

use super::seed::content;
use super::year::Year;

/// The unit of the demo's liaison, who still has to hand in.
const OWN: &str = "安澜市司法局";
/// Units that hand in.
const UNITS_MAX: i64 = 10;

/// Days before today: opened, due, and what the reports are about.
struct Days {
    opened: i64,
    due: i64,
    from: i64,
    to: i64,
}

/// A plan whose office calls for reports, and the login of who does so.
#[derive(Clone, Copy)]
struct Caller<'a> {
    login: &'a str,
    plan: PlanId,
}

impl Year<'_> {
    /// One that ended, one called off, one past its day with submissions in every state, one running.
    pub(super) async fn rounds(&self) -> Result<()> {
        let city = Caller {
            login: "clerk",
            plan: self.plan,
        };
        self.ended(city).await?;
        self.called_off(city).await?;
        let last = Days {
            opened: 40,
            due: 10,
            from: 200,
            to: 11,
        };
        let round = self.opened(city, "（演示）上次台账报送", &last).await?;
        self.handed_in(city, &round, last.due).await?;
        let next = Days {
            opened: 2,
            due: -18,
            from: 10,
            to: -18,
        };
        self.opened(city, "（演示）本次台账报送", &next).await?;
        Ok(())
    }

    /// The county's office calls for reports on its own plan, too.
    pub(super) async fn county_round(&self, plan: PlanId) -> Result<()> {
        let county = Caller {
            login: "county",
            plan,
        };
        let days = Days {
            opened: 30,
            due: 5,
            from: 150,
            to: 6,
        };
        let round = self.opened(county, "（演示）县级台账报送", &days).await?;
        self.handed_in(county, &round, days.due).await
    }

    /// Units handed in and were accepted, then the office ended it.
    async fn ended(&self, of: Caller<'_>) -> Result<()> {
        let days = Days {
            opened: 120,
            due: 95,
            from: 240,
            to: 96,
        };
        let round = self.opened(of, "（演示）第一次台账报送", &days).await?;
        let clerk = self.permit(of.login).await?;
        let units = self.units(&round).await?;
        for unit in units.iter().filter(|unit| unit.organ_name != OWN) {
            let key = (round.id, unit.organ);
            self.unit_confirmed(key, days.due + 2).await?;
            let day = self.ago(days.due + 1)?;
            self.on(day, async |tx: &mut Tx| {
                submit::submit(tx, &Permit::system(), key, day).await
            })
            .await?;
            self.on(self.ago(days.due - 2)?, async |tx: &mut Tx| {
                submit::decide(tx, &clerk, key, (Step::Accept, "")).await
            })
            .await?;
        }
        self.stepped(of, &round, days.due - 5, (RoundStep::Close, ""))
            .await
    }

    async fn called_off(&self, of: Caller<'_>) -> Result<()> {
        let days = Days {
            opened: 75,
            due: 55,
            from: 95,
            to: 56,
        };
        let round = self.opened(of, "（演示）专项工作报送", &days).await?;
        let why = "（演示）与上级要求的专项统计内容重复，改为随本年台账一并报送。";
        self.stepped(of, &round, days.opened - 2, (RoundStep::Cancel, why))
            .await
    }

    async fn stepped(
        &self,
        of: Caller<'_>,
        round: &Round,
        ago: i64,
        step: (RoundStep, &str),
    ) -> Result<()> {
        let (clerk, day) = (self.permit(of.login).await?, self.ago(ago)?);
        self.on(day, async |tx: &mut Tx| {
            open::step(tx, &clerk, round.id, step, day).await
        })
        .await?;
        Ok(())
    }

    async fn opened(&self, of: Caller<'_>, name: &str, days: &Days) -> Result<Round> {
        let day = self.ago(days.opened)?;
        let wanted = Wanted {
            name: name.to_owned(),
            due_on: Some(self.ago(days.due)?),
            from_on: Some(self.ago(days.from)?),
            to_on: Some(self.ago(days.to)?),
            source: Source::Hand,
            text: "（演示）按年度工作安排集中收报。".to_owned(),
            place: String::new(),
            cooperating: false,
            looked_at: true,
            sure: true,
        };
        let clerk = self.permit(of.login).await?;
        self.on(day, async |tx: &mut Tx| {
            open::open(tx, &clerk, of.plan, wanted, day).await
        })
        .await
    }

    async fn units(&self, round: &Round) -> Result<Vec<Submission>> {
        let today = self.ago(0)?;
        Ok(self
            .app
            .db
            .read(async |tx: &mut Tx| {
                store::units(tx, round, &Narrow::default(), today, (0, UNITS_MAX)).await
            })
            .await?)
    }

    /// The unit reports on what it has not reported on yet, and its head confirms.
    async fn unit_confirmed(&self, key: (RoundId, OrganId), ago: i64) -> Result<()> {
        self.on(self.ago(ago)?, async |tx: &mut Tx| {
            for row in store::owed(tx, key.0, key.1).await? {
                if row.report.is_none() {
                    let report = content("本项任务", false);
                    submit_report(tx, &Permit::system(), row.assignment, None, report)
                        .await
                        .map_err(|_| StepError::NotFound)?;
                }
            }
            submit::confirm(tx, &Permit::system(), key, "").await
        })
        .await?;
        Ok(())
    }

    /// Some units hand in: one after the other in time and accepted, late, returned, only confirmed. The rest owe.
    async fn handed_in(&self, of: Caller<'_>, round: &Round, due: i64) -> Result<()> {
        let units = self.units(round).await?;
        let clerk = self.permit(of.login).await?;
        let units = units.iter().filter(|unit| unit.organ_name != OWN);
        for (number, unit) in units.enumerate() {
            let key = (round.id, unit.organ);
            let late = number % 4 == 1;
            let ago = if late { due - 4 } else { due + 3 };
            self.unit_confirmed(key, ago).await?;
            if number % 4 == 3 {
                continue;
            }
            let day = self.ago(ago)?;
            self.on(day, async |tx: &mut Tx| {
                submit::submit(tx, &Permit::system(), key, day).await
            })
            .await?;
            let decision = match number % 4 {
                0 => (Step::Accept, ""),
                2 => (Step::Return, "（演示）第二项的佐证打不开，请更换后重报。"),
                _ => continue,
            };
            self.on(self.ago(due - 5)?, async |tx: &mut Tx| {
                submit::decide(tx, &clerk, key, decision).await
            })
            .await?;
        }
        Ok(())
    }
}

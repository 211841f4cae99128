//! Two rounds of reports on the city's plan: one past its day with submissions in every state, one still open.

use anyhow::Result;
use gongkai_plans::report::submit::submit as submit_report;
use gongkai_plans::round::open::{self, Wanted};
use gongkai_plans::round::store::{self, Narrow};
use gongkai_plans::round::{Round, Source, Step, submit};
use gongkai_plans::step::StepError;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;

use super::seed::content;
use super::year::Year;

/// The unit of the demo's liaison.
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

impl Year<'_> {
    pub(super) async fn rounds(&self) -> Result<()> {
        let first = Days {
            opened: 40,
            due: 10,
            from: 200,
            to: 11,
        };
        let round = self.opened("（演示）上次台账报送", &first).await?;
        self.handed_in(&round, first.due).await?;
        let next = Days {
            opened: 2,
            due: -18,
            from: 10,
            to: -18,
        };
        self.opened("（演示）本次台账报送", &next).await?;
        Ok(())
    }

    async fn opened(&self, name: &str, days: &Days) -> Result<Round> {
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
        let (clerk, plan) = (self.permit("clerk").await?, self.plan);
        self.on(day, async |tx: &mut Tx| {
            open::open(tx, &clerk, plan, wanted, day).await
        })
        .await
    }

    /// Some units hand in: one after the other in time and accepted, late, returned, only confirmed. The rest owe.
    async fn handed_in(&self, round: &Round, due: i64) -> Result<()> {
        let today = self.ago(0)?;
        let units = self
            .app
            .db
            .read(async |tx: &mut Tx| {
                store::units(tx, round, &Narrow::default(), today, (0, UNITS_MAX)).await
            })
            .await?;
        let clerk = self.permit("clerk").await?;
        // The unit of the demo's liaison still has to do it.
        let units = units.into_iter().filter(|unit| unit.organ_name != OWN);
        for (number, unit) in units.enumerate() {
            let key = (round.id, unit.organ);
            let late = number % 4 == 1;
            let day = self.ago(if late { due - 4 } else { due + 3 })?;
            self.on(day, async |tx: &mut Tx| {
                for row in store::owed(tx, round.id, unit.organ).await? {
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
            if number % 4 == 3 {
                continue;
            }
            self.on(day, async |tx: &mut Tx| {
                submit::submit(tx, &Permit::system(), key, day).await
            })
            .await?;
            let decision = match number % 4 {
                0 => (Step::Accept, ""),
                2 => (Step::Return, "（演示）第二项的佐证打不开，请更换后重报。"),
                _ => continue,
            };
            self.on(self.ago(due - 6)?, async |tx: &mut Tx| {
                submit::decide(tx, &clerk, key, decision).await
            })
            .await?;
        }
        Ok(())
    }
}

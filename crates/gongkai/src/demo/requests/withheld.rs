//! What was withheld more than a year ago is looked at again (条例 art. 18): one case waits for its look, one stays closed for
//! another year, and what one withheld may be open now.

use anyhow::Result;
use gongkai_platform::db::Tx;
use gongkai_requests::request::Kind;
use gongkai_requests::request::reply::Decision;
use gongkai_requests::request::step::Step;
use gongkai_requests::withheld::{self, Decided, Outcome};

use super::forms::decision;
use super::{Desk, Walk, erasure};
use crate::demo::clock::at;
use crate::demo::year::Year;

/// Of the demo's answers: refused as what came up in a discussion, which may end.
const IN_DISCUSSION: usize = 10;
/// When the day of their look had come, days ago.
const DUE_AGO: i64 = 8;

/// A case whose reply withheld something.
struct Kept {
    /// Its place among the demo's people.
    number: usize,
    /// When it was applied for, days ago.
    ago: i64,
    why: &'static str,
    /// What came of the look, when (days ago), and why.
    look: Option<(Outcome, i64, &'static str)>,
}

const KEPT: [Kept; 3] = [
    Kept {
        number: erasure::NUMBER + 1,
        ago: 395,
        why: "（演示）收费标准正在调整，成本监审没有结束，属于讨论过程中的材料。",
        look: None,
    },
    Kept {
        number: erasure::NUMBER + 9,
        ago: 392,
        why: "（演示）建设计划正在征求意见，没有定稿，属于讨论过程中的材料。",
        look: Some((
            Outcome::Kept,
            5,
            "（演示）建设计划还在修改，没有定稿，公开仍会影响讨论，继续不予公开。",
        )),
    },
    Kept {
        number: erasure::NUMBER + 12,
        ago: 390,
        why: "（演示）规划草案没有批准，属于讨论过程中的材料。",
        look: Some((
            Outcome::Open,
            4,
            "（演示）该地块规划上个月已经批准，不再是讨论过程中的材料，可以公开。",
        )),
    },
];

impl Year<'_> {
    pub(super) async fn withheld(&self, desk: &Desk) -> Result<()> {
        for kept in &KEPT {
            let walk = self.refused(desk, kept).await?;
            let Some((outcome, ago, why)) = kept.look else {
                continue;
            };
            // A case of the demo that the rules held back has nothing to look at.
            if walk.case.request.replied_on.is_none() {
                continue;
            }
            let day = self.ago(ago)?;
            let decided = Decided {
                outcome: Some(outcome),
                why: why.to_owned(),
                next_on: withheld::in_a_year(day).filter(|_| outcome == Outcome::Kept),
            };
            let of = (walk.case.request.id, walk.case.request.version);
            let work = self.app.db.write(async |tx: &mut Tx| {
                withheld::decide(tx, &desk.taker, of, decided.clone(), day).await
            });
            at(day, work).await?;
        }
        Ok(())
    }

    /// Answered and delivered, with the day of its look.
    async fn refused<'w>(&'w self, desk: &'w Desk, kept: &Kept) -> Result<Walk<'w>> {
        let ago = kept.ago;
        let mut walk = self.begun_request(desk, kept.number, ago).await?;
        walk.confirmed(ago - 1).await?;
        walk.accepted(ago - 2).await?;
        let refused = Decision {
            text: kept.why.to_owned(),
            look_on: Some(self.ago(DUE_AGO)?),
            ..decision(IN_DISCUSSION, Kind::Information)
        };
        let left = ago - 12;
        walk.replies(refused, left).await?;
        let on = self.ago(left - 1)?;
        let proof = "（演示）签收回执".to_owned();
        walk.does(left - 1, Step::Deliver { on, proof }).await?;
        Ok(walk)
    }
}

//! Two reviews and the suit after one of them, each about a reply of a case and the letter that gave it.

use anyhow::{Context as _, Result};
use gongkai_basis::Date;
use gongkai_platform::access::Scope;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_requests::acts::KeepReviews;
use gongkai_requests::letter::{LetterId, LetterKind, LetterState, RemedyId, tie};
use gongkai_requests::request::Request;
use gongkai_requests::request::reply::Reply;
use gongkai_requests::request::state::State;
use gongkai_requests::request::store;
use gongkai_requests::request::store::list::{self, Narrow};
use gongkai_requests::review::handle::Ties;
use gongkai_requests::review::{
    self, Ending, Procedure, RemedyKind, RemedyOutcome, RemedyWords, RightTold,
};
use jiff::ToSpan as _;

use super::clock::at;
use super::organ;
use super::year::Year;

const CITY: &str = "安澜市人民政府";
/// Cases that one is looked for among.
const CASES_MAX: i64 = 500;
/// The challenged replies are so many days old at least: there was time for a review and its decision.
const OLD_DAYS: i64 = 72;

/// A reply that somebody challenges, with the letter that gave it and the day on which it was served.
struct Challenged {
    request: Request,
    letter: LetterId,
    served_on: Date,
}

impl Year<'_> {
    pub(super) async fn reviews(&self) -> Result<()> {
        let refused = self.challenged(Reply::Refused).await?;
        let partly = self.challenged(Reply::Partly).await?;
        let first = self.upheld(&refused).await.context("维持的复议")?;
        self.corrected(&partly).await.context("纠正的复议")?;
        self.suit(&refused, first).await.context("复议后起诉")
    }

    /// A case of the city that was answered so, long enough ago.
    async fn challenged(&self, reply: Reply) -> Result<Challenged> {
        let city = organ(&self.app.db, CITY).await?;
        let last = self.ago(OLD_DAYS)?;
        let narrow = Narrow {
            organ: Some(city),
            state: Some(State::Delivered),
            ..Narrow::default()
        };
        let found = self
            .app
            .db
            .read(async |tx: &mut Tx| {
                let everything = Scope::Everything;
                let (cases, _) = list::page(tx, &everything, &narrow, (0, CASES_MAX)).await?;
                let fits = |case: &Request| {
                    case.replied_on.is_some_and(|on| on <= last)
                        && case.decision.as_ref().is_some_and(|one| one.reply == reply)
                };
                let Some(request) = cases.into_iter().find(fits) else {
                    return Ok(None);
                };
                let Some(case) = store::load(tx, &everything, request.id).await? else {
                    return Ok(None);
                };
                let letters = tie::handle::of(tx, &case).await?;
                let issued = letters
                    .iter()
                    .find(|one| one.kind == reply.letter() && one.state == LetterState::Issued);
                Ok::<_, gongkai_platform::db::StoreError>(issued.map(|one| (request, one.id)))
            })
            .await?;
        let (request, letter) = found.with_context(|| format!("没有{}的件", reply.name()))?;
        let replied_on = request.replied_on.context("没有答复日期")?;
        Ok(Challenged {
            served_on: replied_on.tomorrow()?,
            request,
            letter,
        })
    }

    async fn upheld(&self, of: &Challenged) -> Result<RemedyId> {
        let filed_on = of.served_on.checked_add(30.days())?;
        let words = RemedyWords {
            copy_on: Some(filed_on.checked_add(2.days())?),
            answered_on: Some(filed_on.checked_add(9.days())?),
            ..words(of, RemedyKind::Review, "岭府复〔演示〕1号", filed_on)
        };
        let ending = Ending {
            outcome: RemedyOutcome::Kept,
            decided_on: self.ago(16)?,
            decision_on: Some(self.ago(14)?),
            reason: "（演示）不予公开的理由成立，答复程序合法，予以维持。".to_owned(),
            lesson: String::new(),
            lesson_kind: None,
        };
        self.review(of, None, words, Some(ending)).await
    }

    async fn corrected(&self, of: &Challenged) -> Result<RemedyId> {
        let filed_on = of.served_on.checked_add(20.days())?;
        let words = RemedyWords {
            copy_on: Some(filed_on.checked_add(2.days())?),
            answered_on: Some(filed_on.checked_add(10.days())?),
            ..words(of, RemedyKind::Review, "岭府复〔演示〕2号", filed_on)
        };
        let ending = Ending {
            outcome: RemedyOutcome::Corrected,
            decided_on: self.ago(20)?,
            decision_on: Some(self.ago(19)?),
            reason: "（演示）以第三方权益为由隐去部分内容，但没有书面征求意见，撤销答复。"
                .to_owned(),
            lesson: "以第三方权益为由的，先书面征求第三方意见，并把意见写进答复".to_owned(),
            lesson_kind: Some(LetterKind::Partly),
        };
        self.review(of, None, words, Some(ending)).await
    }

    async fn suit(&self, of: &Challenged, first: RemedyId) -> Result<()> {
        let words = RemedyWords {
            served_on: None,
            copy_on: Some(self.ago(3)?),
            body: "安澜市中级人民法院".to_owned(),
            matter: "（演示）撤销不予公开答复和复议决定".to_owned(),
            ..words(of, RemedyKind::SuitAfter, "", self.ago(6)?)
        };
        self.review(of, Some(first), words, None).await?;
        Ok(())
    }

    async fn review(
        &self,
        of: &Challenged,
        after: Option<RemedyId>,
        words: RemedyWords,
        ending: Option<Ending>,
    ) -> Result<RemedyId> {
        let permit = self.permit::<KeepReviews>("clerk").await?;
        let ties = Ties {
            organ: of.request.organ,
            case_id: of.request.id.to_string(),
            letter: Some(of.letter),
            after,
        };
        let today = self.ago(0)?;
        let noted = words.copy_on.unwrap_or(today);
        let remedy = self
            .step(noted, async |tx: &mut Tx| {
                review::handle::note(tx, &permit, ties, words, today).await
            })
            .await?;
        if let Some(ending) = ending {
            let of = (remedy.id, remedy.version);
            self.step(ending.decided_on, async |tx: &mut Tx| {
                review::handle::end(tx, &permit, of, ending, today).await
            })
            .await?;
        }
        Ok(remedy.id)
    }

    /// One transaction on a day of the past.
    async fn step<T>(
        &self,
        day: Date,
        step: impl AsyncFnOnce(&mut Tx) -> Result<T, NotDone>,
    ) -> Result<T> {
        at(day, self.app.db.write(step)).await.map_err(|error| {
            if let NotDone::Refused(reasons) = &error {
                let reasons: Vec<&str> = reasons.iter().map(|(_, words)| words.as_str()).collect();
                return anyhow::anyhow!("{}", reasons.join("；"));
            }
            error.into()
        })
    }
}

fn words(of: &Challenged, kind: RemedyKind, number: &str, filed_on: Date) -> RemedyWords {
    RemedyWords {
        kind,
        case_number: number.to_owned(),
        applicant: of.request.applicant.name.clone(),
        // Of a city's government the province's decides (行政复议法 art. 24).
        body: "（演示）岭东省人民政府".to_owned(),
        matter: format!(
            "（演示）撤销对申请{}的答复，责令重新答复",
            of.request.number
        ),
        served_on: Some(of.served_on),
        told: RightTold::Yes,
        learned_on: None,
        filed_on,
        copy_on: None,
        procedure: Procedure::Ordinary,
        answered_on: None,
    }
}

//! Letters in every state, two reviews and the suit after one of them, as the city's office writes them.

use anyhow::{Context as _, Result};
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_requests::acts::{IssueLetters, KeepReviews, SetLetters, WriteLetters};
use gongkai_requests::letter::compose::Facts;
use gongkai_requests::letter::handle::{self, Draft};
use gongkai_requests::letter::profile::Profile;
use gongkai_requests::letter::remedy::Served;
use gongkai_requests::letter::{Letter, LetterKind, LetterStep};
use gongkai_requests::review::handle::Ties;
use gongkai_requests::review::{self, Ending, Procedure, RemedyKind, RemedyOutcome, RemedyWords};

use super::clock::at;
use super::organ;
use super::year::Year;

const OFFICE: &str = "安澜市人民政府办公室";

/// How far a letter goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    Drafted,
    Submitted,
    Issued,
}

/// The head of a letter to an applicant.
fn to(case_no: &str, applicant: &str, received_on: Date, summary: &str) -> Facts {
    Facts::default()
        .with("applicant", applicant)
        .with("applicant_kind", "person")
        .with("case_no", case_no)
        .with("received_on", received_on.to_string())
        .with("summary", summary)
}

impl Year<'_> {
    pub(super) async fn letters(&self) -> Result<()> {
        let office = organ(&self.app.db, OFFICE).await?;
        self.profile(office).await.context("文书设置")?;
        let refused = self.papers(office).await.context("文书")?;
        self.reviews(office, refused).await.context("复议诉讼")
    }

    async fn profile(&self, office: OrganId) -> Result<()> {
        let permit = self.permit::<SetLetters>("clerk").await?;
        let profile = Profile {
            pattern: "安政办公开〔{year}〕{n}号".to_owned(),
            contact: "市政府办公室政务公开科".to_owned(),
            ..Profile::sample()
        };
        self.step(self.ago(60)?, async |tx: &mut Tx| {
            handle::set_profile(tx, &permit, office, &profile).await
        })
        .await
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

    /// The clerk writes, the head checks, the clerk issues.
    async fn paper(
        &self,
        organ: OrganId,
        (kind, facts): (LetterKind, Facts),
        (day, until): (Date, Until),
    ) -> Result<Letter> {
        let clerk = self.permit::<WriteLetters>("clerk").await?;
        let head = self.permit::<WriteLetters>("head").await?;
        let issuer = self.permit::<IssueLetters>("clerk").await?;
        let calendar = self.app.calendar();
        let new = Draft {
            organ,
            case_id: String::new(),
            kind,
            facts,
            served: Served::OnPaper,
        };
        let letter = self
            .step(day, async |tx: &mut Tx| {
                handle::draft(tx, &clerk, new).await
            })
            .await?;
        if until == Until::Drafted {
            return Ok(letter);
        }
        // Each step moves the version by one.
        let of = (letter.id, letter.version);
        let submitted = self
            .step(day, async |tx: &mut Tx| {
                handle::submit(tx, &clerk, of, (day, &calendar)).await
            })
            .await?;
        if until == Until::Submitted {
            return Ok(submitted);
        }
        let of = (letter.id, letter.version + 1);
        self.step(day, async |tx: &mut Tx| {
            handle::decide(tx, &head, of, (LetterStep::Pass, "")).await
        })
        .await?;
        let of = (letter.id, letter.version + 2);
        self.step(day, async |tx: &mut Tx| {
            handle::issue(tx, &issuer, of, (day, &calendar)).await
        })
        .await
    }

    /// Gives the refusal that is challenged later.
    async fn papers(&self, office: OrganId) -> Result<Letter> {
        let summary = "（演示）2025年度市级重点项目评审意见";
        let facts = to("演示-0001", "刘某", self.ago(58)?, summary)
            .with("grounds", "n6")
            .with(
                "reason",
                "所申请的评审意见形成于项目决策讨论过程，尚未形成最终结论。",
            )
            .with("separation", "该意见全部为讨论内容，不含可以单独提供的部分");
        let refused = self
            .paper(
                office,
                (LetterKind::Refuse, facts),
                (self.ago(50)?, Until::Issued),
            )
            .await?;
        let facts = to(
            "演示-0002",
            "陈某",
            self.ago(12)?,
            "（演示）滨河路改造工程资料",
        )
        .with("items", "写明所需资料的名称或者年度。")
        .with("guidance", "可以写明立项批复、结算审核等文件名称。")
        .with("supplement_by", self.ago(-18)?.to_string());
        self.paper(
            office,
            (LetterKind::Supplement, facts),
            (self.ago(10)?, Until::Issued),
        )
        .await?;
        let facts = to(
            "演示-0003",
            "何某",
            self.ago(9)?,
            "（演示）公务用车更新台账",
        )
        .with("search_scope", "本机关2020年以来的文书档案和办公系统")
        .with("search_how", "以“公务用车”“更新台账”为关键词检索")
        .with("search_result", "未检索到该台账");
        self.paper(
            office,
            (LetterKind::NotHeld, facts),
            (self.ago(2)?, Until::Submitted),
        )
        .await?;
        let facts = to("演示-0004", "周某", self.ago(6)?, "（演示）近五年会议材料")
            .with("scheme", "pages")
            .with("count", "68")
            .with("working", "第31至68页，38页×10元")
            .with("yuan", "400")
            .with("how_to_pay", "缴入安澜市非税收入汇缴专户。");
        self.paper(
            office,
            (LetterKind::Fee, facts),
            (self.ago(1)?, Until::Drafted),
        )
        .await?;
        Ok(refused)
    }

    async fn reviews(&self, office: OrganId, refused: Letter) -> Result<()> {
        let words = |kind, number: &str, body: &str, matter: &str, filed_on| RemedyWords {
            kind,
            case_number: number.to_owned(),
            applicant: "刘某".to_owned(),
            body: body.to_owned(),
            matter: format!("（演示）{matter}"),
            served_on: None,
            filed_on,
            copy_on: None,
            procedure: Procedure::Ordinary,
            answered_on: None,
        };
        let city = "安澜市人民政府";
        let first = RemedyWords {
            served_on: Some(self.ago(48)?),
            copy_on: Some(self.ago(38)?),
            answered_on: Some(self.ago(30)?),
            ..words(
                RemedyKind::Review,
                "安府复〔演示〕1号",
                city,
                "撤销不予公开答复，责令重新答复",
                self.ago(40)?,
            )
        };
        let kept = Ending {
            outcome: RemedyOutcome::Kept,
            decided_on: self.ago(16)?,
            decision_on: Some(self.ago(14)?),
            reason: "所申请信息属于过程性信息，答复程序合法，予以维持。".to_owned(),
            lesson: String::new(),
            lesson_kind: None,
        };
        let letter = Some(refused.id);
        let first = self
            .review(office, (letter, None), first, Some(kept))
            .await?;
        let second = RemedyWords {
            applicant: "陈某".to_owned(),
            served_on: Some(self.ago(70)?),
            copy_on: Some(self.ago(60)?),
            answered_on: Some(self.ago(52)?),
            ..words(
                RemedyKind::Review,
                "安府复〔演示〕2号",
                city,
                "撤销部分公开答复",
                self.ago(62)?,
            )
        };
        let corrected = Ending {
            outcome: RemedyOutcome::Corrected,
            decided_on: self.ago(20)?,
            decision_on: Some(self.ago(19)?),
            reason: "以商业秘密为由不予公开，但没有书面征求第三方意见，撤销答复。".to_owned(),
            lesson: "以第三方权益为由的，先书面征求第三方意见，并把意见写进答复".to_owned(),
            lesson_kind: Some(LetterKind::Partly),
        };
        self.review(office, (None, None), second, Some(corrected))
            .await?;
        let suit = RemedyWords {
            copy_on: Some(self.ago(3)?),
            ..words(
                RemedyKind::SuitAfter,
                "",
                "云岭县人民法院",
                "撤销不予公开答复和复议决定",
                self.ago(6)?,
            )
        };
        self.review(office, (letter, Some(first)), suit, None)
            .await?;
        Ok(())
    }

    async fn review(
        &self,
        office: OrganId,
        (letter, after): (
            Option<gongkai_requests::letter::LetterId>,
            Option<gongkai_requests::letter::RemedyId>,
        ),
        words: RemedyWords,
        ending: Option<Ending>,
    ) -> Result<gongkai_requests::letter::RemedyId> {
        let permit = self.permit::<KeepReviews>("clerk").await?;
        let ties = Ties {
            organ: office,
            case_id: String::new(),
            letter,
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
}

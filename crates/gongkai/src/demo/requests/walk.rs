//! One case on its way, step by step, on days of the past.

use anyhow::Result;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkingDays;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_requests::acts::HandleRequests;
use gongkai_requests::fee::{Bill, FeeScheme, PAY_WORKING_DAYS};
use gongkai_requests::id::ConsultationId;
use gongkai_requests::letter::compose::Facts;
use gongkai_requests::letter::remedy::Served;
use gongkai_requests::letter::template::Need;
use gongkai_requests::letter::tie::{self, Known};
use gongkai_requests::letter::{LetterKind, LetterState, LetterStep, handle as letters};
use gongkai_requests::request::case::{Asked, Opinion};
use gongkai_requests::request::reply::{Decision, Ground};
use gongkai_requests::request::scrutiny::{Grade, Handling, HeadOpinion, Scrutiny};
use gongkai_requests::request::step::{Service, Step};
use gongkai_requests::request::{handle, store};
use jiff::ToSpan as _;

use super::Walk;
use super::forms::decision;
use crate::demo::clock::at;

/// Every blank that must be filled, from the template's sample where the case says nothing.
fn whole(kind: LetterKind, mut facts: Facts) -> Facts {
    // An earlier answer is older than the application that repeats it, whenever that was.
    let received: Option<Date> = facts.get("received_on").parse().ok();
    let earlier = received.and_then(|on| on.checked_sub(40.days()).ok());
    for blank in kind.template().all_blanks() {
        let needed = blank.need == Need::Must || matches!(blank.code, "opinion" | "responsible");
        if !needed || !facts.get(blank.code).is_empty() || blank.sample.is_empty() {
            continue;
        }
        facts = match earlier {
            Some(on) if blank.code == "earlier_on" => facts.with(blank.code, on.to_string()),
            // The sample's day may lie after the reply.
            _ if blank.code == "opinion" => {
                facts.with(blank.code, "（演示）第三方书面答复不同意公开")
            }
            _ => facts.with(blank.code, blank.sample),
        };
    }
    let reason = facts.get("reason").to_owned();
    if !reason.is_empty() && reason.chars().count() < 20 {
        facts = facts.with("reason", format!("{reason}经审查，公开会影响依法履职。"));
    }
    facts
}

impl Walk<'_> {
    pub(super) async fn does(&mut self, ago: i64, step: Step) -> Result<()> {
        let permit = self.desk.officer.clone();
        self.by(&permit, ago, step).await
    }

    /// One step on a day of the past; a case whose next step the rules refuse stays where it is.
    pub(super) async fn by(
        &mut self,
        permit: &Permit<HandleRequests>,
        ago: i64,
        step: Step,
    ) -> Result<()> {
        if self.stuck {
            return Ok(());
        }
        let (day, calendar) = (self.year.ago(ago)?, self.year.app.calendar());
        let key = (self.case.request.id, self.case.request.version);
        let work = self.year.app.db.write(async |tx: &mut Tx| {
            let step = (step.clone(), Vec::new());
            handle::step(tx, permit, key, step, (day, &calendar)).await
        });
        match at(day, work).await {
            Ok(case) => self.case = case,
            Err(NotDone::Refused(reasons)) => {
                tracing::warn!(?reasons, "a case of the demo stays where it is");
                self.stuck = true;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    pub(super) async fn confirmed(&mut self, ago: i64) -> Result<()> {
        if self.case.request.received_on.is_some() {
            return Ok(());
        }
        // A letter that nobody signs for was confirmed on the day on which it arrived (条例 art. 31).
        let on = match self.case.request.receipt.days.arrived_on {
            Some(arrived) => arrived,
            None => self.year.ago(ago)?,
        };
        self.does(ago, Step::Confirm { on }).await
    }

    pub(super) async fn accepted(&mut self, ago: i64) -> Result<()> {
        let actor = self.desk.officer.actor();
        let Some(account) = actor.account() else {
            return Ok(());
        };
        let handler = (account, actor.name().to_owned());
        self.does(ago, Step::Accept { handler }).await
    }

    /// Forty pages cost 100 yuan.
    pub(super) async fn charges(&mut self, ago: i64) -> Result<()> {
        let days = WorkingDays::new(PAY_WORKING_DAYS)?;
        let until = self.year.app.calendar().after(self.year.ago(ago)?, days)?;
        let step = Step::Charge {
            bill: Bill {
                scheme: FeeScheme::ByPage,
                count: 40,
            },
            notice: "（演示）凭本通知书缴入市非税收入专户。".to_owned(),
            until,
            why: String::new(),
        };
        self.does(ago, step).await
    }

    pub(super) async fn asks_supplement(&mut self, ago: i64, until: i64) -> Result<()> {
        let items = "（演示）请写明所需信息的年份和具体项目。".to_owned();
        let until = self.year.ago(until)?;
        self.does(ago, Step::AskSupplement { items, until }).await?;
        self.paper(LetterKind::Supplement, ago).await
    }

    pub(super) async fn supplemented(&mut self, ago: i64) -> Result<()> {
        let (text, on) = ("（演示）2025年，城区。".to_owned(), self.year.ago(ago)?);
        self.does(ago, Step::Supplement { text, on }).await?;
        self.accepted(ago).await
    }

    pub(super) async fn consults(&mut self, asked: Asked, ago: i64) -> Result<()> {
        self.accepted(ago + 1).await?;
        let name = match asked {
            Asked::ThirdParty => "（演示）某公司",
            Asked::CoMaker | Asked::Unit => "（演示）市财政局",
        };
        let step = Step::Consult {
            asked,
            name: name.to_owned(),
            organ: None,
            question: "（演示）拟公开项目清单，是否同意。".to_owned(),
            got_on: Some(self.year.ago(ago)?),
        };
        self.does(ago, step).await
    }

    pub(super) async fn opinions(&mut self, ago: i64) -> Result<()> {
        let open: Option<ConsultationId> = self.case.letters_out().next().map(|one| one.id);
        let Some(of) = open else {
            return Ok(());
        };
        let ago = ago.max(0);
        let step = Step::Opinion {
            of,
            opinion: Opinion::Agree,
            words: "（演示）同意。".to_owned(),
            on: self.year.ago(ago)?,
        };
        self.does(ago, step).await
    }

    pub(super) async fn extension(&mut self, approved: bool, ago: i64) -> Result<()> {
        let why = "（演示）涉及多年卷宗，需要逐卷核对。".to_owned();
        self.does(ago, Step::ProposeExtension { days: 10, why })
            .await?;
        // The bureau of the demo has no head of its own desk; its extension waits.
        if approved
            && self
                .desk
                .reviewer
                .roles()
                .iter()
                .any(|held| held.role == gongkai_basis::Role::OfficeHead)
        {
            let head = self.desk.reviewer.clone();
            self.by(&head, ago, Step::ApproveExtension).await?;
            self.paper(LetterKind::Extension, ago).await?;
        }
        Ok(())
    }

    pub(super) async fn asks_reasons(&mut self, ago: i64) -> Result<()> {
        let facts = "（演示）本月已提出18件内容相近的申请。".to_owned();
        let until = self.year.ago(ago - 10)?;
        self.does(ago, Step::AskReasons { facts, until }).await?;
        self.paper(LetterKind::ExplainReasons, ago).await
    }

    /// The reply's letter, with what the decision did not say; then it stands for the review.
    pub(super) async fn completed(&mut self, ago: i64) -> Result<()> {
        let (day, calendar) = (self.year.ago(ago)?, self.year.app.calendar());
        let (case, writer) = (&self.case, &self.desk.writer);
        if self.stuck {
            return Ok(());
        }
        let db = &self.year.app.db;
        let held = db
            .read(async |tx: &mut Tx| tie::handle::of(tx, case).await)
            .await?;
        let draft = held
            .iter()
            .rev()
            .find(|one| one.state == LetterState::Draft && tie::is_reply(one.kind));
        // Complete, it stands for the review already.
        let Some(letter) = draft else {
            return Ok(());
        };
        let work = db.write(async |tx: &mut Tx| {
            let facts = whole(letter.kind, letter.facts.clone());
            let of = (letter.id, letter.version);
            letters::amend(tx, writer, of, (facts, Served::OnPaper)).await?;
            let of = (letter.id, letter.version + 1);
            letters::submit(tx, writer, of, (day, &calendar)).await?;
            // A case that waited for its letter went on with it.
            let case = store::load(tx, &Scope::Everything, case.request.id).await?;
            case.ok_or(NotDone::NotFound)
        });
        match at(day, work).await {
            Ok(case) => self.case = case,
            Err(NotDone::Refused(reasons)) => {
                tracing::warn!(?reasons, "a letter of the demo stays a draft");
                self.stuck = true;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// A paper under way: written by the officer, checked by the head, tied to what was done.
    pub(super) async fn paper(&mut self, kind: LetterKind, ago: i64) -> Result<()> {
        let (day, calendar) = (self.year.ago(ago)?, self.year.app.calendar());
        let (case, desk) = (&self.case, self.desk);
        let Some(checker) = desk.checker.as_ref().filter(|_| !self.stuck) else {
            return Ok(());
        };
        let work = self.year.app.db.write(async |tx: &mut Tx| {
            let held = tie::handle::of(tx, case).await?;
            let known = Known {
                case,
                letters: &held,
                today: day,
                calendar: &calendar,
            };
            let new = letters::Draft {
                organ: desk.organ,
                case_id: case.request.id.to_string(),
                kind,
                facts: whole(kind, tie::facts(kind, &known)),
                served: Served::OnPaper,
            };
            let letter = letters::draft(tx, &desk.writer, new).await?;
            letters::submit(tx, &desk.writer, (letter.id, 1), (day, &calendar)).await?;
            letters::decide(tx, checker, (letter.id, 2), (LetterStep::Pass, "")).await?;
            letters::issue(tx, &desk.issuer, (letter.id, 3), (day, &calendar)).await?;
            // A notice that leaves may move its case.
            let case = store::load(tx, &Scope::Everything, case.request.id).await?;
            case.ok_or(NotDone::NotFound)
        });
        match at(day, work).await {
            Ok(case) => self.case = case,
            // A paper that the check holds back stays unwritten; its case goes on.
            Err(NotDone::Refused(reasons)) => {
                tracing::warn!(?reasons, ?kind, "a paper of the demo is not written");
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Answered, served and put into the archive.
    pub(super) async fn archives(&mut self, ago: i64, number: &str) -> Result<()> {
        self.confirmed(ago - 1).await?;
        self.accepted(ago - 2).await?;
        let reply = decision(1, self.case.request.kind);
        self.replies(reply, ago - 12).await?;
        let on = self.year.ago(ago - 13)?;
        let proof = "（演示）签收回执".to_owned();
        self.does(ago - 13, Step::Deliver { on, proof }).await?;
        let number = number.to_owned();
        self.does(ago - 14, Step::Archive { number }).await
    }

    pub(super) async fn passes(&mut self, ago: i64) -> Result<()> {
        let reviewer = self.desk.reviewer.clone();
        let scrutiny = Scrutiny {
            title: self.case.request.wish.short(),
            source: "（演示）承办科室归档材料".to_owned(),
            grade: Some(Grade::None),
            way: "依申请公开".to_owned(),
            platform: "（演示）只提供给申请人".to_owned(),
            handling: Some(Handling::AsIs),
            head: Some(HeadOpinion {
                words: "（演示）同意答复".to_owned(),
                name: "（演示）科室负责人".to_owned(),
                on: self.year.ago(ago)?,
            }),
            ..Scrutiny::default()
        };
        let step = Step::Pass {
            words: "（演示）不涉密，可以答复。".to_owned(),
            files: Vec::new(),
            scrutiny: Box::new(scrutiny),
        };
        self.by(&reviewer, ago, step).await
    }

    pub(super) async fn signs(&mut self, ago: i64) -> Result<()> {
        let signer = self.desk.signer.clone();
        self.by(&signer, ago, Step::Sign).await
    }

    /// Whose rights are the ground is heard first (条例 art. 32).
    async fn hears(&mut self, ago: i64) -> Result<()> {
        let on = self.year.ago(ago)?;
        let step = Step::Consult {
            asked: Asked::ThirdParty,
            name: "（演示）某公司".to_owned(),
            organ: None,
            question: "（演示）拟公开的内容，是否同意。".to_owned(),
            got_on: Some(on),
        };
        self.does(ago, step).await?;
        let open = self.case.letters_out().next().map(|one| one.id);
        let Some(of) = open else {
            return Ok(());
        };
        let step = Step::Opinion {
            of,
            opinion: Opinion::Object,
            words: "（演示）属于商业秘密，不同意公开。".to_owned(),
            on,
        };
        self.does(ago, step).await
    }

    pub(super) async fn replies(&mut self, decision: Decision, ago: i64) -> Result<()> {
        if decision.grounds.contains(&Ground::ThirdParty) && !self.case.third_party_heard() {
            self.hears(ago + 1).await?;
        }
        self.does(ago + 1, Step::Decide(decision)).await?;
        self.completed(ago + 1).await?;
        self.passes(ago + 1).await?;
        self.signs(ago).await?;
        let (on, proof) = (self.year.ago(ago)?, "（演示）EMS000000000CN".to_owned());
        let service = Service::Post;
        self.does(ago, Step::Dispatch { service, on, proof }).await
    }
}

//! One document as staff see it: head, text, findings of the check, steps of the review, and what may be done now.

mod concerned;
mod hour;
mod older;
mod picture_form;
mod read;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;
use gongkai_basis::id::OrganId;
use gongkai_inspect::{Confidence, Finding};
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::attachment::Attachment;
use gongkai_platform::audit;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::Reason;
use gongkai_platform::web::{App, HowCounted, Problem, Shell, civil_day, day, moment, page};

use self::concerned::Concerning;
use self::read::{choices, doubts};
use super::DESK;
use crate::acts::{
    FillColumns, KeepCheckRules, PublishDocuments, ReleaseSteps, ReviewDocuments, TakeDownFiles,
    ViewColumns, ViewDocuments, WriteDocuments,
};
use crate::column::store::Place;
use crate::document::cited::Seen;
use crate::document::discard;
use crate::document::history::Version;
use crate::document::map::{self, Picture};
use crate::document::schedule::Later;
use crate::document::validity::{self, Change, Recorded, Validity};
use crate::document::{
    Document, Edition, Ground, Lost, Openness, State as At, Visibility, number, openness, publish,
};
use crate::id::{DocumentId, EditionId};
use crate::kind::Gate;
use crate::picture;
use crate::review::answer::{self, Answer, Question};
use crate::review::checklist::{self, Verdict};
use crate::review::passage::{self, Passage};
use crate::review::{self, Stage, StepState, urgent};
use crate::rules;

#[derive(Template)]
#[template(path = "documents/show.html")]
struct ShowPage {
    shell: Shell,
    document: Document,
    edition: Edition,
    editions: Vec<(EditionId, i64, String, String, i64)>,
    stages: Vec<Stage>,
    attachments: Vec<Attachment>,
    /// In the text and beside it, each with what its writer says of it.
    pictures: Vec<Picture>,
    /// Over text and attachments; `None` before it is sent to review.
    seal: Option<String>,
    /// How text and attachments are not any more as they were sealed.
    broken: Vec<String>,
    recorded: Vec<Recorded>,
    validity: Validity,
    events: Vec<audit::Recorded>,
    /// 依据和引用的文件, and what has become of each.
    cites: Vec<Seen>,
    /// Published documents that cite or interpret this one.
    citing: Vec<Document>,
    /// What its steps said about passages.
    passages: Vec<Passage>,
    /// What a correction or an amendment says at the hour that is set.
    later: Option<Later>,
    /// The last day of the late review of an urgent publication.
    late_until: Option<Date>,
    calendar: Arc<WorkCalendar>,
    /// What the kind and the law still ask for.
    missing: Vec<String>,
    /// The document that has its number already.
    twin: Option<Document>,
    /// What the file that brought its text lost.
    lost: Option<Lost>,
    /// What nobody must do but somebody should look at: 有效期 longer than the rule of the place.
    doubts: Vec<String>,
    /// What the check before publication found in the text.
    findings: Vec<Finding>,
    today: Date,
    me: String,
    places: Vec<Place>,
    /// Where it may be put, as `id` or `id|element`, and what people call it.
    choices: Vec<(String, String)>,
    may_write: bool,
    may_publish: bool,
    may_fill: bool,
    may_see_columns: bool,
    may_take_down: bool,
    /// The government in whose list this person says that a finding is none, for good.
    except_in: Option<OrganId>,
    /// The step in turn is one that this person's roles take.
    may_review: bool,
    /// The person wrote this text or took another step of it: one duty for one person.
    has_other_duty: bool,
    /// Nothing but a reason is wanted to put the draft aside.
    may_discard: bool,
    /// The issues of the gazette in which it stands.
    printed_in: Vec<String>,
    /// The texts before the one that the public reads.
    older: Vec<Version>,
    /// 协商确认 with the organs that it concerns.
    concerned: Concerning,
}

impl ShowPage {
    /// Whether its validity can still change: nothing comes after 废止 and 宣布失效.
    fn may_turn(&self) -> bool {
        let mut counting = self.recorded.iter().filter(|one| one.undone.is_none());
        !counting.any(|one| one.turn.change.is_end())
    }

    /// A text may amend what its kind keeps in force and nothing ended.
    fn may_amend(&self) -> bool {
        self.document.kind.has_validity() && self.may_turn()
    }

    /// May let others take what somebody claimed.
    fn may_release(&self) -> bool {
        self.shell.may(&ReleaseSteps::ROW)
    }

    /// What would keep it from going out is told above; there is no button then.
    fn may_publish_now(&self) -> bool {
        let is_open = self.edition.head.openness() == Openness::Open;
        self.may_publish && self.broken.is_empty() && is_open && self.held_by().is_empty()
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    /// 有效期至, as it is now.
    fn until(&self) -> Option<String> {
        let printed = self.edition.head.expires_on;
        if self.document.kind.has_validity() && self.is_public() {
            return validity::until_in_words(
                self.today,
                printed,
                &validity::counting(&self.recorded),
            );
        }
        printed.map(day)
    }

    fn base(&self) -> String {
        format!("{DESK}/{}", self.document.id)
    }

    fn body(&self) -> String {
        let marked = passage::marked(&self.edition.html, &self.passages);
        picture::shown_at(&marked, &self.base())
    }

    /// The remark of a step without its passages.
    fn remark(&self, stage: &Stage) -> String {
        passage::read(&answer::read(&stage.remark).0).0
    }

    /// What a step said to the findings of the check.
    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn answers(&self, stage: &Stage) -> Vec<Answer> {
        answer::read(&stage.remark).1
    }

    /// What a step asks at one gate.
    fn asked(&self, stage: &Stage, gate: &Gate) -> Vec<&'static checklist::Question> {
        let asked = checklist::asked(stage.step, self.document.kind).into_iter();
        asked.filter(|one| one.gate == *gate).collect()
    }

    /// What may be said to a question, as the form sends it, and as people read it.
    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn verdicts(&self, question: &checklist::Question) -> Vec<(String, &'static str)> {
        let of = |one: &Verdict| (format!("{}={}", question.code, one.code()), one.name());
        Verdict::ALL.iter().map(of).collect()
    }

    /// What a step found wrong.
    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn wrongs(&self, stage: &Stage) -> Vec<&'static checklist::Question> {
        let said = checklist::said(&stage.checks).into_iter();
        let wrong = said.filter(|(_, one)| one.verdict == Verdict::Wrong);
        wrong.map(|(question, _)| question).collect()
    }

    /// What the step in turn must answer for.
    fn questions(&self, stage: &Stage) -> Vec<Question> {
        if answer::asks(stage.step) {
            answer::questions(&self.findings, &[])
        } else {
            Vec::new()
        }
    }

    /// What an earlier step said to the same.
    fn said_before(&self, question: &Question) -> Option<String> {
        let given = answer::given(&self.stages);
        let mut same = given
            .into_iter()
            .filter(|one| one.kind == question.kind && one.text == question.text);
        same.next().map(|one| one.note)
    }

    /// The round was begun as an urgent one.
    fn is_urgent(&self) -> bool {
        urgent::is_urgent(&self.stages)
    }

    /// It may go out now, and the rest of its review follows.
    fn may_go_out(&self) -> bool {
        self.is_reviewing() && !self.is_late() && urgent::may_go_out(&self.stages)
    }

    /// The public reads it already, and its review goes on.
    fn is_late(&self) -> bool {
        self.document.published == Some(self.edition.id) && self.is_reviewing()
    }

    /// Passages for which the form of a step has room.
    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn rooms(&self) -> std::ops::RangeInclusive<usize> {
        1..=3
    }

    /// A draft again, although it went out: its late review was sent back, or called back after the page was withdrawn. It
    /// goes to review as the next edition.
    fn is_late_returned(&self) -> bool {
        self.is_draft() && self.document.published == Some(self.edition.id)
    }

    fn files(&self) -> String {
        format!("{DESK}/{}/files", self.document.id)
    }

    fn current(&self) -> Option<&Stage> {
        review::current(&self.stages).filter(|_| self.document.state == At::Reviewing)
    }

    fn is_mine(&self, stage: &Stage) -> bool {
        stage.by.as_ref().is_some_and(|(id, _)| *id == self.me)
    }

    /// What may be undone: its id, and what people call it.
    fn undoable(&self) -> Vec<(String, String)> {
        let counting = self.recorded.iter().filter(|one| one.undone.is_none());
        counting
            .map(|one| {
                let turn = &one.turn;
                let name = format!("{}　{}　{}", day(turn.on), turn.change.name(), turn.basis);
                (one.id.to_string(), name)
            })
            .collect()
    }

    fn changes(&self) -> Vec<(&'static str, &'static str)> {
        Change::options()
    }

    /// The editions to compare: the newest with the one before it.
    fn previous(&self) -> Option<(EditionId, EditionId)> {
        let mut editions = self.editions.iter();
        let newest = editions.next()?.0;
        Some((editions.next()?.0, newest))
    }

    /// The other document with this number may be named and opened.
    fn may_know(&self, other: &Document) -> bool {
        number::may_know(&self.document, other)
    }

    /// Whose number it is.
    fn taken(&self, other: &Document) -> String {
        number::sentence(&self.document, other)
    }

    /// Until when a draft that was put aside can be taken back; `None` where it is too late, or was not put aside.
    fn back_until(&self) -> Option<String> {
        let discarded = self.document.discarded.as_ref()?;
        let kept = jiff::SignedDuration::from_hours(24 * discard::KEPT_DAYS);
        let last = jiff::Timestamp::from_millisecond(discarded.at).ok()?;
        let last = civil_day(last.checked_add(kept).ok()?);
        (!discarded.is_final).then(|| day(last))
    }

    /// What stays closed is looked at again; what is public is not asked for here.
    fn is_looked_at_again(&self) -> bool {
        let is_closed = self.edition.head.openness() != Openness::Open;
        is_closed && !self.is_public() && !self.is_discarded()
    }

    fn review_on(&self) -> String {
        self.document
            .review_on
            .map_or_else(|| "没有定".to_owned(), day)
    }

    fn is_review_due(&self) -> bool {
        self.document.review_on.is_some_and(|day| day <= self.today)
    }

    fn outcomes(&self) -> Vec<(&'static str, &'static str)> {
        let own = self.edition.head.openness().code();
        let mut outcomes = openness::Outcome::options();
        outcomes.retain(|(code, _)| *code != own);
        outcomes
    }

    #[expect(clippy::unused_self, reason = "the template asks the page")]
    fn grounds(&self) -> Vec<(&'static str, &'static str)> {
        let mut grounds = vec![("", "不改，或者改为主动公开，不用选")];
        grounds.extend(Ground::options());
        grounds
    }

    fn next_look(&self) -> String {
        openness::in_a_year(self.today).map_or_else(String::new, |day| day.to_string())
    }

    /// When an older site had published it, where that stays its day.
    fn kept_day(&self) -> Option<Date> {
        publish::kept_day(&self.document, &self.edition)
    }

    fn is_discarded(&self) -> bool {
        self.document.state == At::Discarded
    }

    fn is_draft(&self) -> bool {
        self.document.state == At::Draft
    }

    fn is_reviewing(&self) -> bool {
        self.document.state == At::Reviewing
    }

    fn is_approved(&self) -> bool {
        self.document.state == At::Approved
    }

    /// It passed its review, and is not for publication.
    fn is_kept_closed(&self) -> bool {
        matches!(self.document.state, At::Approved | At::Settled)
            && self.edition.head.openness() != Openness::Open
    }

    fn is_public(&self) -> bool {
        self.document.visibility == Visibility::Public
    }

    fn is_withdrawn(&self) -> bool {
        self.document.visibility == Visibility::Withdrawn
    }

    fn is_first(&self) -> bool {
        self.document.visibility == Visibility::Never
    }

    fn may_be_none(&self, finding: &Finding) -> bool {
        self.except_in.is_some() && rules::may_except(finding.kind)
    }

    /// Personal data stand in the draft itself, and this person may cover them.
    fn may_mask(&self) -> bool {
        let own = |one: &Finding| one.kind.is_personal() && one.end > 0;
        self.may_write && self.is_draft() && self.findings.iter().any(own)
    }

    /// What the check found, each kind once.
    fn found_kinds(&self) -> String {
        let mut kinds: Vec<&str> = Vec::new();
        for one in &self.findings {
            if !kinds.contains(&one.kind.title()) {
                kinds.push(one.kind.title());
            }
        }
        kinds.join("、")
    }

    fn is_sure(&self, finding: &Finding) -> bool {
        finding.confidence == Confidence::High
    }

    /// 怎么算的 of the step in turn.
    fn how(&self, stage: &Stage) -> String {
        let is_open = matches!(stage.state, StepState::Claimed | StepState::Waiting);
        let sent_on = urgent::sent(&self.events);
        let run = review::run_of(&self.stages, stage, sent_on);
        let same = |run: &Run| is_open && run.due(&self.calendar).ok() == stage.due_on;
        let how = run
            .filter(same)
            .and_then(|run| HowCounted::of(run, &self.calendar));
        how.map_or_else(String::new, |how| how.to_string())
    }

    fn mark(&self, stage: &Stage) -> &'static str {
        match stage.state {
            StepState::Passed => "✓",
            StepState::Returned => "■",
            StepState::Claimed => "◐",
            StepState::Waiting => "○",
        }
    }
}

/// What kind and law, the government, and the pictures still ask for before it can be sent to review.
fn missing(
    document: &Document,
    edition: &Edition,
    pictures: &[Picture],
    asked: Vec<Reason>,
) -> Vec<String> {
    let mut missing = edition.head.why_not_review(document.kind);
    missing.extend(asked);
    missing.extend(map::why_not_send(pictures, edition));
    missing.into_iter().map(|(_, sentence)| sentence).collect()
}

/// `GET /workspace/documents/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Path(id): Path<DocumentId>,
) -> Result<Response, Problem> {
    let today = app.today();
    let person = shell.person.as_ref();
    let account = permit.actor().account();
    let me = account.map_or_else(String::new, |account| account.to_string());
    let reviewer = person.and_then(|person| person.permit::<ReviewDocuments>());
    let read = app
        .db
        .read(async |tx: &mut Tx| read::read(tx, (&permit, today, &me), id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let (document, edition) = (read.document, read.edition);
    let step = review::current(&read.stages).map(|stage| stage.step);
    let may_review = reviewer.zip(step).is_some_and(|(permit, step)| {
        let mut roles = permit.roles().iter();
        roles.any(|held| held.role == step.role() && held.organ == document.owner)
    });
    let (from, to) = (edition.head.effective_on, edition.head.expires_on);
    let passages = read
        .stages
        .iter()
        .flat_map(|stage| passage::read(&answer::read(&stage.remark).0).1);
    page(&ShowPage {
        validity: validity::on(today, from, to, &validity::counting(&read.recorded)),
        passages: passages.collect(),
        late_until: urgent::went_out(&read.events)
            .and_then(|day| urgent::late_until(&app.calendar(), day)),
        calendar: app.calendar(),
        cites: read.cites,
        citing: read.citing,
        doubts: doubts(&document, &edition, today),
        missing: missing(&document, &edition, &read.pictures, read.asked),
        findings: read.findings,
        twin: read.twin,
        lost: read.lost,
        later: read.later,
        except_in: read.except_in.filter(|_| shell.may(&KeepCheckRules::ROW)),
        me,
        may_write: shell.may(&WriteDocuments::ROW),
        may_publish: shell.may(&PublishDocuments::ROW),
        may_fill: shell.may(&FillColumns::ROW),
        may_see_columns: shell.may(&ViewColumns::ROW),
        may_take_down: shell.may(&TakeDownFiles::ROW),
        places: read.places,
        printed_in: read.printed_in,
        older: read.older,
        concerned: read.concerned,
        choices: choices(&read.choices),
        may_review,
        may_discard: read.may_discard,
        has_other_duty: step.is_some_and(|step| read.duty.is_some_and(|duty| duty != step.duty())),
        shell,
        document,
        edition,
        editions: read.editions,
        stages: read.stages,
        attachments: read.attachments,
        pictures: read.pictures,
        seal: read.seal,
        broken: read.broken,
        recorded: read.recorded,
        events: read.events,
        today,
    })
}

//! One document as staff see it: head, text, findings of the check, steps of the review, and what may be done now.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_inspect::{Confidence, Finding};
use gongkai_platform::access::{Act as _, Permit, Scope};
use gongkai_platform::attachment::Attachment;
use gongkai_platform::audit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Shell, civil_day, day, moment, page};

use super::DESK;
use crate::acts::{
    FillColumns, KeepCheckRules, PublishDocuments, ReleaseSteps, ReviewDocuments, TakeDownFiles,
    ViewColumns, ViewDocuments, WriteDocuments,
};
use crate::column::store::Place;
use crate::column::{self, Column};
use crate::document::cited::{self, Seen};
use crate::document::discard;
use crate::document::handle::SUBJECT;
use crate::document::validity::{self, Change, Recorded, Validity};
use crate::document::{
    Document, Edition, Ground, Lost, Openness, State as At, Visibility, files, number, openness,
    publish, sealed, store,
};
use crate::gazette;
use crate::id::{DocumentId, EditionId};
use crate::kind::{Gate, Kind};
use crate::picture;
use crate::review::answer::{self, Answer, Question};
use crate::review::checklist::{self, Verdict};
use crate::review::passage::{self, Passage};
use crate::review::{self, Stage, StepState, urgent};
use crate::rules;

const EVENTS_MAX: i64 = 100;
/// Documents that cite this one, as far as they are listed.
const CITING_MAX: i64 = 50;

#[derive(Template)]
#[template(path = "documents/show.html")]
struct ShowPage {
    shell: Shell,
    document: Document,
    edition: Edition,
    editions: Vec<(EditionId, i64, String, String, i64)>,
    stages: Vec<Stage>,
    attachments: Vec<Attachment>,
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
    /// The last day of the late review of an urgent publication.
    late_until: Option<Date>,
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
    /// May say that a finding is none, for good.
    may_except: bool,
    /// The step in turn is one that this person's roles take.
    may_review: bool,
    /// May let others take what somebody claimed.
    may_release: bool,
    /// The person wrote this text or took another step of it: one duty for one person.
    has_other_duty: bool,
    /// Nothing but a reason is wanted to put the draft aside.
    may_discard: bool,
    /// The issues of the gazette in which it stands.
    printed_in: Vec<String>,
}

impl ShowPage {
    /// Whether its validity can still change: nothing comes after 废止 and 宣布失效.
    fn may_turn(&self) -> bool {
        let mut counting = self.recorded.iter().filter(|one| one.undone.is_none());
        !counting.any(|one| one.turn.change.is_end())
    }

    /// What would keep it from going out is told above; there is no button then.
    fn may_publish_now(&self) -> bool {
        self.may_publish && self.broken.is_empty() && self.edition.head.openness() == Openness::Open
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

    /// The hour that is set, as its field wants it.
    fn publish_at(&self) -> String {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        let at = self.document.publish_at;
        let at = at.and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
        at.map_or_else(String::new, |at| {
            at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()
        })
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
        self.may_except && rules::may_except(finding.kind)
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

    fn mark(&self, stage: &Stage) -> &'static str {
        match stage.state {
            StepState::Passed => "✓",
            StepState::Returned => "■",
            StepState::Claimed => "◐",
            StepState::Waiting => "○",
        }
    }
}

/// All that the page reads.
struct Read {
    document: Document,
    edition: Edition,
    editions: Vec<(EditionId, i64, String, String, i64)>,
    stages: Vec<Stage>,
    attachments: Vec<Attachment>,
    seal: Option<String>,
    broken: Vec<String>,
    recorded: Vec<Recorded>,
    events: Vec<audit::Recorded>,
    places: Vec<Place>,
    choices: Vec<Column>,
    cites: Vec<Seen>,
    citing: Vec<Document>,
    findings: Vec<Finding>,
    twin: Option<Document>,
    lost: Option<Lost>,
    duty: Option<String>,
    may_discard: bool,
    printed_in: Vec<String>,
}

async fn read(
    tx: &mut Tx,
    (scope, today, me): (&Scope, Date, &str),
    id: DocumentId,
) -> Result<Option<Read>, StoreError> {
    let Some(document) = store::load(tx, scope, id).await? else {
        return Ok(None);
    };
    let Some(edition) = store::edition(tx, document.edition).await? else {
        return Ok(None);
    };
    let seal = store::sealed(tx, edition.id).await?.map(|(seal, _)| seal);
    let broken = match document.state {
        At::Reviewing | At::Approved => sealed::why_broken(tx, &document, &edition).await?,
        At::Draft | At::Discarded | At::Settled => Vec::new(),
    };
    let may_discard = match document.state {
        At::Draft => {
            let approved = discard::approved(tx, &document).await?;
            discard::why_not(&document, approved).is_empty()
        }
        At::Reviewing | At::Approved | At::Discarded | At::Settled => false,
    };
    Ok(Some(Read {
        seal: seal.filter(|seal| !seal.is_empty()),
        broken,
        editions: store::editions(tx, id).await?,
        stages: review::store::of(tx, edition.id).await?,
        attachments: files::of(tx, &document, edition.id).await?,
        events: audit::about(tx, SUBJECT, &id.to_string(), EVENTS_MAX).await?,
        recorded: store::recorded(tx, id).await?,
        places: column::store::places(tx, id).await?,
        choices: column::handle::choices(tx, &document).await?,
        cites: cited::seen(tx, &edition, today).await?,
        // What is settled was answered for; nobody is asked again.
        findings: match document.state {
            At::Draft | At::Reviewing | At::Approved => {
                answer::findings(tx, &document, &edition).await?
            }
            At::Discarded | At::Settled => Vec::new(),
        },
        twin: match document.state {
            At::Draft => number::taken(tx, &document, &edition.head).await?,
            At::Reviewing | At::Approved | At::Discarded | At::Settled => None,
        },
        lost: match document.state {
            At::Draft | At::Reviewing | At::Approved => store::lost(tx, id).await?,
            At::Discarded | At::Settled => None,
        },
        may_discard,
        duty: review::store::duty(tx, edition.id, me).await?,
        citing: match document.published {
            Some(_) => store::citing(tx, id, CITING_MAX).await?,
            None => Vec::new(),
        },
        printed_in: match document.published {
            Some(_) => issues_with(tx, id).await?,
            None => Vec::new(),
        },
        document,
        edition,
    }))
}

/// The names of the gazette's issues in which a document stands.
async fn issues_with(tx: &mut Tx, id: DocumentId) -> Result<Vec<String>, StoreError> {
    let issues = gazette::store::issued_with(tx, id).await?;
    Ok(issues.iter().map(|issue| issue.words.name()).collect())
}

/// What is allowed and yet worth a second look.
fn doubts(document: &Document, edition: &Edition, today: Date) -> Vec<String> {
    let head = &edition.head;
    let mut doubts = Vec::new();
    if document.kind == Kind::Normative
        && let (Some(from), Some(to)) = (head.effective_on, head.expires_on)
    {
        let years = validity::years_max(&head.title);
        let last = from
            .checked_add(jiff::Span::new().years(years))
            .unwrap_or(to);
        if to > last {
            doubts.push(format!(
                "有效期超过{years}年：规范性文件一般不超过5年，暂行、试行的不超过3年。确需更长的请核对依据。"
            ));
        }
    }
    if let (Some(issued), Some(from)) = (head.issued_on, head.effective_on)
        && from < issued
    {
        doubts.push("施行日期早于成文日期，请核对。".to_owned());
    }
    if head.shown_until.is_some_and(|last| last < today) {
        doubts.push("公示期至已经过去，发布时就会显示“公示期已满”。".to_owned());
    }
    if let Some(on) = document.published_before_on()
        && publish::kept_day(document, edition).is_none()
    {
        doubts.push(format!(
            "旧站清单的发布日期{}早于成文日期，发布时不沿用。成文日期写错的，请改正；发布日期写错的，请作废这份草稿，改正清单后重新迁入。",
            day(on)
        ));
    }
    // Whoever keeps it closed moves the document's day; the one in the text stays as it was written.
    if head.openness() != Openness::Open && document.review_on.is_some_and(|day| day < today) {
        doubts.push("公开属性复核日期已经过去，请改成以后的日期。".to_owned());
    }
    doubts
}

/// Each column, and below it each of its elements.
fn choices(columns: &[Column]) -> Vec<(String, String)> {
    let mut choices = Vec::new();
    for column in columns {
        let name = &column.spec.name;
        for element in &column.spec.elements {
            choices.push((
                format!("{}|{element}", column.id),
                format!("{name}：{element}"),
            ));
        }
        choices.push((column.id.to_string(), format!("{name}：其他内容")));
    }
    choices
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
        .read(async |tx: &mut Tx| read(tx, (permit.scope(), today, &me), id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let (document, edition) = (read.document, read.edition);
    let step = review::current(&read.stages).map(|stage| stage.step);
    let may_review = reviewer.zip(step).is_some_and(|(permit, step)| {
        let mut roles = permit.roles().iter();
        roles.any(|held| held.role == step.role() && held.organ == document.owner)
    });
    let missing = edition.head.why_not_review(document.kind);
    let (from, to) = (edition.head.effective_on, edition.head.expires_on);
    let passages = read
        .stages
        .iter()
        .flat_map(|stage| passage::read(&answer::read(&stage.remark).0).1);
    let late_until =
        urgent::went_out(&read.events).and_then(|day| urgent::late_until(&app.calendar(), day));
    page(&ShowPage {
        validity: validity::on(today, from, to, &validity::counting(&read.recorded)),
        passages: passages.collect(),
        late_until,
        cites: read.cites,
        citing: read.citing,
        doubts: doubts(&document, &edition, today),
        missing: missing.into_iter().map(|(_, sentence)| sentence).collect(),
        findings: read.findings,
        twin: read.twin,
        lost: read.lost,
        may_except: shell.may(&KeepCheckRules::ROW),
        me,
        may_write: shell.may(&WriteDocuments::ROW),
        may_publish: shell.may(&PublishDocuments::ROW),
        may_release: shell.may(&ReleaseSteps::ROW),
        may_fill: shell.may(&FillColumns::ROW),
        may_see_columns: shell.may(&ViewColumns::ROW),
        may_take_down: shell.may(&TakeDownFiles::ROW),
        places: read.places,
        printed_in: read.printed_in,
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
        seal: read.seal,
        broken: read.broken,
        recorded: read.recorded,
        events: read.events,
        today,
    })
}

//! One case: facts, clock, time line, what may be done.

mod working;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;
use gongkai_basis::{Actor, Date};
use gongkai_inspect::answer::Answer;
use gongkai_platform::access::{Act as _, Permit, Scope};
use gongkai_platform::attachment::{self, Attachment, AttachmentId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, HowCounted, Problem, Shell, day, download, moment, page, start_of,
};

use super::left;
use crate::acts::{HandleRequests, TakeRequests, ViewRequests};
use crate::archive::{self, Package};
use crate::cluster::{self, Cluster};
use crate::id::RequestId;
use crate::letter::{Letter, LetterKind, LetterState, tie};
use crate::pages::apply::keys;
use crate::publication::{Publication, is_released, store as publications};
use crate::reach;
use crate::request::case::{Asked, Case, Consultation, Entry};
use crate::request::clock::{Light, Shown};
use crate::request::confirm;
use crate::request::handle::{self, Waits};
use crate::request::reply::Decision;
use crate::request::scrutiny;
use crate::request::state::{self, Act, Who};
use crate::request::step::APPLICANT;
use crate::request::store::{self, list};
use crate::request::submit::{PAPERS, REPLY, SUBJECT};
use crate::request::{Channel, Kind, Request};
use crate::withheld::{self, Look};

pub(in crate::pages) use working::clock;

/// More requests of one applicant in a natural month than this are told to the officer: the first band of the fee (收费办法).
const MONTHLY_USUAL: i64 = 10;

/// Acts whose lines of the history name the applicant, or say where to reach them.
const NAMING: [Act; 6] = [
    Act::Pay,
    Act::Answer,
    Act::Dispatch,
    Act::Deliver,
    Act::Withdraw,
    Act::Amend,
];

/// Where files of a case lie: code, name, and what lies there.
type Files = (&'static str, &'static str, Vec<Attachment>);

#[derive(Template)]
#[template(path = "requests/show.html")]
struct ShowPage {
    shell: Shell,
    case: Case,
    shown: Shown,
    calendar: Arc<WorkCalendar>,
    /// What is wrong with the confirmation of its receipt.
    confirming: Option<String>,
    acts: Vec<Act>,
    files: Vec<Files>,
    same: Vec<Request>,
    monthly: i64,
    similar: Vec<Request>,
    /// Codes that third parties answer with.
    codes: Vec<(String, String)>,
    /// The applicant's own code, for the receipt of what came in on paper or by word of mouth.
    code: Option<String>,
    publication: Option<Publication>,
    /// At what the reply withheld (art. 18).
    looks: Vec<Look>,
    may_look: bool,
    /// Others ask for the same.
    cluster: Option<Cluster>,
    may_publish: bool,
    letters: Vec<Letter>,
    /// Third parties that objected to what is given all the same, and were not told in writing (art. 32).
    third_untold: Vec<String>,
    /// Acts that were done and have no letter yet.
    unwritten: Vec<(Act, LetterKind)>,
    has_pdf: bool,
    package: Option<Package>,
    may_handle: bool,
    /// Whose approval a proposed extension waits for.
    approver: String,
    /// Whom the reply waits for.
    waits_for: Waits,
    /// A unit that helps learns what is asked, not who asks (个人信息保护法 art. 6: no more than the purpose needs).
    only_helps: bool,
}

impl ShowPage {
    /// 怎么算的 of an answer that others owe, where its day is that of the law.
    fn how(&self, letter: &Consultation) -> String {
        let same = |run: &Run| run.due(&self.calendar).ok() == letter.due_on;
        let run = letter.run().filter(same);
        let how = run.and_then(|run| HowCounted::of(run, &self.calendar));
        how.map_or_else(String::new, |how| how.to_string())
    }

    /// Letters are those of the organ whose case it is.
    fn may_letters(&self) -> bool {
        !self.only_helps && self.shell.may(&crate::acts::ViewLetters::ROW)
    }

    fn may_write(&self) -> bool {
        let writes = !self.acts.is_empty() && self.shell.may(&crate::acts::WriteLetters::ROW);
        writes && !self.only_helps
    }

    /// The reply's letter while it is a draft; it keeps the review from passing.
    fn unready(&self) -> Option<&Letter> {
        let decision = self.case.request.decision.as_ref()?;
        let letter = tie::reply_letter(&self.letters, decision)?;
        (letter.state == LetterState::Draft && self.may_write()).then_some(letter)
    }

    fn may_reviews(&self) -> bool {
        self.shell.may(&crate::acts::ViewReviews::ROW)
    }

    fn may_retention(&self) -> bool {
        self.may_handle && self.shell.may(&crate::acts::ViewRetention::ROW)
    }

    fn is_next(&self, act: &Act) -> bool {
        self.case.request.state.usual_next() == Some(*act)
    }

    /// What the case waits for, its last day, and what may be done when nothing came.
    fn waits(&self) -> Option<(&'static str, Date, Act)> {
        let (until, what, after) = match self.case.request.state {
            state::State::AwaitingSupplement => {
                let until = self.case.date_of(Act::AskSupplement, "until");
                (until, "补正期限", Act::NotSupplemented)
            }
            state::State::AwaitingPayment => (self.case.pay_by(), "缴费期限", Act::NotPaid),
            _ => return None,
        };
        Some((what, until?, after))
    }

    /// A fee was asked for, and nobody knows when the notice arrived: its days have not begun.
    fn is_charge_under_way(&self) -> bool {
        let waits = self.case.request.state == state::State::AwaitingPayment;
        waits && self.case.charge_reached().is_none()
    }

    /// A letter to the outside of which nobody knows when it arrived.
    fn is_unreached(&self, letter: &Consultation) -> bool {
        letter.is_open() && letter.asked != Asked::Unit && letter.got_on.is_none()
    }

    /// What came of a letter.
    fn result(&self, letter: &Consultation) -> String {
        match self.case.stopped(letter.id) {
            Some(stopped) => {
                let (reason, words) = (stopped.reason.name(), stopped.words);
                format!("不再征求（{reason}）：{words}")
            }
            None => letter.meaning().to_owned(),
        }
    }

    /// The names of the papers that a unit sees with its letter.
    fn seen_with(&self, letter: &Consultation) -> String {
        let marks = self.case.papers_of(letter.id);
        let papers = self.files.iter().filter(|(code, ..)| *code == PAPERS);
        let papers = papers.flat_map(|(_, _, files)| files);
        let seen = papers.filter(|file| mark(file).is_some_and(|mark| marks.contains(mark)));
        let names: Vec<&str> = seen.map(|file| file.title.as_str()).collect();
        names.join("、")
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    /// An extension that counts for nothing yet: approved, and not told to the applicant (art. 33).
    fn untold(&self) -> Option<String> {
        let days = self.case.extension_untold()?;
        if !self.case.request.state.is_running() || self.case.set_day().is_some() {
            return None;
        }
        if self.shown.light == Light::Overdue {
            return Some(format!(
                "批准延长的{days}个工作日没有在期限届满前告知申请人，延期不起作用，请尽快答复（条例第33条）。"
            ));
        }
        let by = match self.shown.due_on {
            Some(due) => format!("在原期限届满前（最晚{}）", day(due)),
            None if self.case.letters_out().next().is_some() => {
                "征求意见期间不发，在恢复计算以后、原期限届满前".to_owned()
            }
            None => "在原期限届满前".to_owned(),
        };
        Some(format!(
            "已批准延长{days}个工作日，延期答复告知书还没有发出，答复期限没有变：{by}编号发出，延期才起作用（条例第33条）。"
        ))
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    /// Who did it; an applicant's name is not for a unit that helps, nor is the one under which it was registered before.
    fn by<'e>(&self, entry: &'e Entry) -> &'e str {
        let name = &self.case.request.applicant.name;
        let named = !name.is_empty() && entry.by.contains(name);
        let applicant = entry.account.is_none() && (named || entry.by.starts_with(APPLICANT));
        if self.only_helps && applicant {
            "申请人"
        } else {
            &entry.by
        }
    }

    /// What happened. Who paid, was told, signed or has which mailbox, and who stood in a registration before it was mended, is
    /// not for a unit that helps either.
    fn told<'e>(&self, entry: &'e Entry) -> &'e str {
        match entry.act {
            Some(act) if self.only_helps && NAMING.contains(&act) => act.name(),
            _ => &entry.sentence,
        }
    }

    /// The last review with its fields; one from before there were fields stands in the history alone.
    fn review(&self) -> Option<(scrutiny::Kept, &Entry)> {
        let entry = self.case.last(Act::Pass).filter(|_| !self.only_helps)?;
        Some((scrutiny::Kept::of(entry)?, entry))
    }

    fn about(&self, answer: &Answer) -> String {
        scrutiny::about(answer)
    }

    fn is_frequent(&self) -> bool {
        self.monthly >= MONTHLY_USUAL
    }

    /// Cases are put together by the number of a paper: another name with it means that one of them was mistyped, or that
    /// the applicant has another name now.
    fn is_named_otherwise(&self, one: &Request) -> bool {
        let own = &self.case.request;
        let is_there = |of: &Request| of.kept.erased_on.is_none();
        let same = own.applicant.name.trim() == one.applicant.name.trim();
        !same && is_there(own) && is_there(one)
    }

    fn address(&self) -> String {
        format!("/workspace/requests/{}", self.case.request.id)
    }

    fn row(&self) -> &'static str {
        let row = self.case.request.decision.as_ref().and_then(Decision::row);
        row.map_or("不计入申请情况表", |row| row.name())
    }
}

/// What is known of a case for its page.
struct Found {
    case: Case,
    files: Vec<Files>,
    same: Vec<Request>,
    monthly: i64,
    similar: Vec<Request>,
    who: Vec<Who>,
    publication: Option<Publication>,
    looks: Vec<Look>,
    cluster: Option<Cluster>,
    letters: Vec<Letter>,
    package: Option<Package>,
    approver: String,
    waits_for: Waits,
    only_helps: bool,
    /// Does the person decide what becomes of its reply?
    looks_after: bool,
}

/// Does who looks at a case decide whether all get what it gave, and whether what it withheld stays closed?
async fn looks_after(tx: &mut Tx, shell: &Shell, case: &Case) -> Result<bool, StoreError> {
    if !is_released(case) && !withheld::is_withheld(&case.request) {
        return Ok(false);
    }
    let person = shell.person.as_ref();
    let Some(permit) = person.and_then(|person| person.permit::<TakeRequests>()) else {
        return Ok(false);
    };
    let scope = reach::answered(tx, permit.roles()).await?;
    Ok(scope.contains(case.request.organ, ""))
}

/// All that lies in a case.
async fn files(tx: &mut Tx, case: &Case) -> Result<Vec<Files>, StoreError> {
    let subject = case.request.id.to_string();
    let mut files = Vec::new();
    for (code, name) in [
        (SUBJECT, "申请人提交"),
        (PAPERS, "办理材料"),
        (REPLY, "答复材料"),
    ] {
        let mut there = attachment::of(tx, (code, &subject)).await?;
        for file in there.iter_mut().filter(|_| code == SUBJECT) {
            // What comes in over the net has no account behind it.
            if file.by == Actor::System.name() {
                file.by = "申请人".to_owned();
            }
        }
        files.push((code, name, there));
    }
    Ok(files)
}

/// What of it a unit sees that only helps.
async fn helping(tx: &mut Tx, scope: &Scope, case: &Case) -> Result<Vec<Files>, StoreError> {
    let given = reach::given(tx, scope, case).await?;
    let subject = case.request.id.to_string();
    let mut there = attachment::of(tx, (PAPERS, &subject)).await?;
    there.retain(|file| mark(file).is_some_and(|mark| given.contains(mark)));
    Ok(vec![(PAPERS, "协办材料", there)])
}

/// By what an attachment is known, whatever it is called: a file's hash, or the address.
fn mark(file: &Attachment) -> Option<&str> {
    file.sha256.as_deref().or(file.url.as_deref())
}

async fn found(
    tx: &mut Tx,
    (permit, shell): (&Permit<ViewRequests>, &Shell),
    (id, month): (RequestId, i64),
) -> Result<Option<Found>, StoreError> {
    let Some((scope, case)) = reach::read(tx, permit.roles(), id).await? else {
        return Ok(None);
    };
    let only_helps = reach::only_helps(tx, &scope, &case).await?;
    let files = if only_helps {
        helping(tx, &scope, &case).await?
    } else {
        files(tx, &case).await?
    };
    let (same, monthly) = if only_helps {
        (Vec::new(), 0)
    } else {
        list::same_applicant(tx, &scope, &case.request, month).await?
    };
    let mut letters = tie::handle::of(tx, &case).await?;
    // A unit that only helps sees the one that asks it.
    letters.retain(|letter| !only_helps || letter.kind == LetterKind::Assist);
    let person = shell.person.as_ref();
    let who = match person.and_then(|person| person.permit::<HandleRequests>()) {
        Some(permit) => handle::standing(tx, permit.roles(), &case).await?,
        None => Vec::new(),
    };
    Ok(Some(Found {
        files,
        same,
        monthly,
        similar: list::similar(tx, &scope, &case.request).await?,
        who,
        publication: publications::load(tx, id).await?,
        looks: match only_helps {
            true => Vec::new(),
            false => withheld::store::of(tx, id).await?,
        },
        cluster: cluster::store::of_case(tx, &scope, id).await?,
        letters,
        package: match only_helps {
            true => None,
            false => archive::store::load(tx, id).await?,
        },
        approver: match case.extension_asked() {
            Some(_) => handle::approver(tx, case.request.organ).await?,
            None => String::new(),
        },
        waits_for: handle::waits_for(tx, &case).await?,
        looks_after: looks_after(tx, shell, &case).await?,
        only_helps,
        case,
    }))
}

/// Is there something that the act could be done to? A button that can only be refused helps nobody.
fn has_an_object(case: &Case, act: Act, today: Date) -> bool {
    let open = |unit: bool| {
        let mut letters = case.consultations.iter();
        letters.any(|letter| letter.is_open() && (letter.asked == Asked::Unit) == unit)
    };
    let asks = case.request.kind == Kind::Information;
    // Silence ends nothing before its last day is over.
    let over = |last: Option<Date>| last.is_some_and(|last| last < today);
    match act {
        Act::NotSupplemented => over(case.date_of(Act::AskSupplement, "until")),
        Act::NotPaid => case.charge_reached().is_some() && over(case.pay_by()),
        Act::Reached => case.letters_out().any(|letter| letter.got_on.is_none()),
        Act::OpinionExpired => case
            .letters_out()
            .any(|letter| letter.got_on.is_some() && over(letter.due_on)),
        // Limits, fees and reasons of art. 33, 35 and 42 are for applications; who corrects or complains owes none.
        Act::Charge | Act::AskReasons => asks,
        Act::Accept => !case.is_given(),
        Act::UnitAnswer => open(true),
        Act::Opinion | Act::StopAsking => open(false),
        Act::ApproveExtension => case.extension_asked().is_some() && case.set_day().is_none(),
        Act::RefuseExtension => case.extension_asked().is_some(),
        // It leaves with its letter.
        Act::TellExtension => false,
        // What went into another case is done there; what was never received has no limit to begin anew.
        Act::Redo => case.since_redo(Act::Merge).is_none() && case.request.received_on.is_some(),
        Act::ProposeExtension => {
            let asked = case.extension_asked().is_some();
            let once = case.since_redo(Act::ApproveExtension).is_none();
            asks && !asked && once && case.set_day().is_none()
        }
        Act::Supplement => {
            case.request.state == state::State::AwaitingSupplement || case.lacks_supplement()
        }
        // Once (art. 30).
        Act::AskSupplement => {
            case.last(Act::AskSupplement).is_none() && case.last(Act::Supplement).is_none()
        }
        // Only after reasons were given (art. 35).
        Act::Defer => case.last(Act::GiveReasons).is_some(),
        // Told to somebody who stands there, on the day of receipt.
        Act::Answer => {
            asks && matches!(case.request.channel, Channel::Counter | Channel::Oral)
                && case.request.received_on == Some(today)
        }
        _ => true,
    }
}

/// A case that is not here: it may have gone to another organ.
async fn elsewhere(
    app: &App,
    shell: Shell,
    permit: &Permit<ViewRequests>,
    id: RequestId,
) -> Result<Response, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            store::left::load(tx, &scope, id).await
        })
        .await?;
    left::show(shell, found.ok_or_else(Problem::not_found)?)
}

/// When the month of a day began, in milliseconds.
fn month_of(day: Date) -> i64 {
    let first = Date::new(day.year(), day.month(), 1);
    first.ok().and_then(start_of).unwrap_or(0)
}

/// What is not written yet: to whom that objected, and of which acts.
fn unwritten(case: &Case, letters: &[Letter]) -> (Vec<String>, Vec<(Act, LetterKind)>) {
    let untold = tie::leave::untold(case, letters).into_iter();
    let untold = untold.map(str::to_owned).collect();
    (untold, tie::handle::missing(case, letters))
}

/// `GET /workspace/requests/{id}`
pub(in crate::pages) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let keys = keys(&app).await?;
    let today = app.today();
    let month = month_of(today);
    let read = async |tx: &mut Tx| found(tx, (&permit, &shell), (id, month)).await;
    let Some(found) = app.db.read(read).await? else {
        return elsewhere(&app, shell, &permit, id).await;
    };
    let case = found.case;
    let mut acts = Act::open_to(case.request.state, &found.who);
    acts.retain(|act| has_an_object(&case, *act, today));
    if let Some(next) = case.request.state.usual_next() {
        // What comes next as a rule stands first, as the page's main act.
        acts.sort_by_key(|act| *act != next);
    }
    if !acts.is_empty() {
        app.db
            .upkeep(async |tx: &mut Tx| store::set_opened(tx, id).await)
            .await?;
    }
    let may_take = shell.may(&TakeRequests::ROW);
    // Who hands a code on is at the case's desk: it opens the case for its holder.
    let hands_on = may_take && !found.only_helps && !found.who.is_empty();
    let codes = case
        .letters_out()
        .filter(|_| hands_on)
        .map(|letter| (letter.name.clone(), keys.opinion_code(letter.id)))
        .collect();
    let (third_untold, unwritten) = match found.only_helps {
        true => (Vec::new(), Vec::new()),
        false => unwritten(&case, &found.letters),
    };
    page(&ShowPage {
        shell,
        shown: case.shown(today, &app.calendar()),
        calendar: app.calendar(),
        confirming: confirm::warning(&case.request, today, &app.calendar()),
        acts,
        files: found.files,
        same: found.same,
        monthly: found.monthly,
        similar: found.similar,
        codes,
        // Whoever applied over the net has it on the receipt; a part has none.
        code: (hands_on && (case.request.channel != Channel::Web || case.is_part()))
            .then(|| keys.code(case.request.id)),
        // Asked when a release is closed (条例 art. 44).
        may_publish: found.looks_after && is_released(&case),
        may_look: found.looks_after && withheld::is_withheld(&case.request),
        looks: found.looks,
        publication: found.publication,
        cluster: found.cluster,
        third_untold,
        unwritten,
        letters: found.letters,
        has_pdf: app.printer.is_some(),
        package: found.package,
        may_handle: !found.who.is_empty(),
        approver: found.approver,
        waits_for: found.waits_for,
        only_helps: found.only_helps,
        case,
    })
}

/// `GET /workspace/requests/{id}/files/{subject}/{file}`
pub(in crate::pages) async fn file(
    State(app): State<App>,
    permit: Permit<ViewRequests>,
    Path((id, subject, file)): Path<(RequestId, String, AttachmentId)>,
) -> Result<Response, Problem> {
    let subject = [SUBJECT, PAPERS, REPLY]
        .into_iter()
        .find(|known| *known == subject)
        .ok_or_else(Problem::not_found)?;
    let stored = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((scope, case)) = reach::read(tx, permit.roles(), id).await? else {
                return Ok(None);
            };
            let stored = attachment::file(tx, (subject, &id.to_string()), file).await?;
            if !reach::only_helps(tx, &scope, &case).await? {
                return Ok(stored);
            }
            let given = reach::given(tx, &scope, &case).await?;
            Ok::<_, StoreError>(
                stored.filter(|stored| subject == PAPERS && given.contains(&stored.sha256)),
            )
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}

//! One form for each act: its fields are a table by noun, what was filled in becomes a step.

mod field;
mod intake;
mod opinion;
mod reply;
mod scrutiny;
mod term;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::clock::Run;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_inspect::answer::Question;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::attachment::{Filled, Kept, New};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{self, NotDone, Reason, form_errors};
use gongkai_platform::seam::Cleaned;
use gongkai_platform::web::{App, FormErrors, Problem, Shell, day, page, redirect_with};

use self::field::{Field, Given, Input, Read};
use crate::acts::{HandleRequests, ViewRequests, WriteLetters};
use crate::fee::{PAY_WORKING_DAYS, PlaceInMonth};
use crate::id::{ConsultationId, RequestId};
use crate::letter::{self, LetterKind, tie};
use crate::pages::{overtaken, refuse};
use crate::reach;
use crate::request::case::Case;
use crate::request::handle;
use crate::request::outgoing::{self, Found, Leaving};
use crate::request::state::{Act, Noun, State as CaseState};
use crate::request::step::{SUPPLEMENT_SHORT_WORKING_DAYS, SUPPLEMENT_WORKING_DAYS, Step};
use crate::request::store::{self, list};

/// The fields of an act's form. They hold who asks: a unit that helps has its answer to give, and gets no others.
fn fields(act: Act, given: &Given<'_>) -> Vec<Field> {
    if given.only_helps && act != Act::UnitAnswer {
        return Vec::new();
    }
    match act.noun() {
        Noun::Intake => intake::fields(act, given),
        Noun::Opinion => opinion::fields(act, given),
        Noun::Term => term::fields(act, given),
        Noun::Reply => reply::fields(act, given),
    }
}

/// What was filled in, as a step; `None` where a field cannot be read.
fn step(act: Act, read: &mut Read<'_>) -> Option<Step> {
    match act.noun() {
        Noun::Intake => intake::step(act, read),
        Noun::Opinion => opinion::step(act, read),
        Noun::Term => term::step(act, read),
        Noun::Reply => reply::step(act, read),
    }
}

#[derive(Template)]
#[template(path = "requests/act.html")]
struct ActPage {
    shell: Shell,
    case: Case,
    act: Act,
    fields: Vec<Field>,
    boxes: Vec<String>,
    kept: Vec<Kept>,
    errors: FormErrors,
    /// How what stands in the form already was counted.
    working: String,
    /// Why the form that somebody opened would be refused whatever it says.
    closed: Option<String>,
    /// What the check sees of what leaves, where the act lets it go on.
    leaving: Option<Leaving>,
    /// What was said already to findings: the keys of their questions, and the words.
    answered: Vec<(String, String)>,
}

/// Findings that the page lists.
const SHOWN_FINDINGS_MAX: usize = 100;

impl Prepared {
    fn working(&self) -> String {
        self.place
            .as_ref()
            .map(PlaceInMonth::working)
            .unwrap_or_default()
    }
}

impl ActPage {
    /// The papers by which the act can be done instead.
    fn papers(&self) -> Vec<LetterKind> {
        if self.shell.may(&WriteLetters::ROW) {
            tie::papers(self.act)
        } else {
            Vec::new()
        }
    }

    fn is_ticked(&self, code: &String) -> bool {
        self.boxes.contains(code)
    }

    fn listed<'l>(&self, leaving: &'l Leaving) -> &'l [Found] {
        let all = &leaving.found;
        all.get(..SHOWN_FINDINGS_MAX).unwrap_or(all)
    }

    fn unlisted(&self, leaving: &Leaving) -> usize {
        leaving.found.len().saturating_sub(SHOWN_FINDINGS_MAX)
    }

    /// The review answers; afterwards nobody does.
    fn questions(&self, leaving: &Leaving) -> Vec<Question> {
        match self.act {
            Act::Pass => leaving.questions(),
            _ => Vec::new(),
        }
    }

    fn stops(&self, leaving: &Leaving) -> Vec<String> {
        match self.act {
            Act::Pass => Vec::new(),
            _ => leaving.stops(),
        }
    }

    fn answer_to(&self, question: &Question) -> &str {
        let key = question.key();
        let said = self.answered.iter().find(|(asked, _)| *asked == key);
        said.map_or("", |(_, said)| said)
    }
}

/// What a form needs of the store.
struct Prepared {
    case: Case,
    organs: Vec<(OrganId, String)>,
    place: Option<PlaceInMonth>,
    people: Vec<(AccountId, String)>,
    answerable: Vec<ConsultationId>,
    /// Where a fee is paid, as the organ has set it.
    how_to_pay: String,
    /// Names of the files that stand beside the reply as it was decided before.
    beside: Vec<String>,
    /// Does who opens the form belong to a unit that only helps?
    only_helps: bool,
    closed: Option<String>,
}

async fn prepared(
    app: &App,
    permit: &Permit<HandleRequests>,
    id: RequestId,
    act: Act,
) -> Result<Prepared, Problem> {
    app.db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let Some(case) = store::load(tx, &scope, id).await? else {
                return Ok(None);
            };
            let only_helps = reach::only_helps(tx, &scope, &case).await?;
            let place = match act {
                Act::Charge if !only_helps => list::place_in_month(tx, &case.request).await?,
                _ => None,
            };
            let people = match act {
                Act::Accept | Act::Reassign => handle::desk(tx, case.request.organ).await?,
                _ => Vec::new(),
            };
            let how_to_pay = match act {
                Act::Charge => {
                    let profile = letter::store::profile(tx, case.request.organ).await?;
                    profile.how_to_pay()
                }
                _ => String::new(),
            };
            let who = handle::standing(tx, permit.roles(), &case).await?;
            let beside = match act {
                Act::Decide => handle::beside(tx, &case).await?,
                _ => Vec::new(),
            };
            Ok::<_, StoreError>(Some(Prepared {
                only_helps,
                how_to_pay,
                beside,
                closed: case.why_closed(act, &who),
                answerable: handle::answerable(tx, permit.roles(), &case).await?,
                people,
                organs: list::helpers(tx).await?,
                case,
                place,
            }))
        })
        .await?
        .ok_or_else(Problem::not_found)
}

fn given<'g>(app: &App, ready: &'g Prepared, permit: &'g Permit<HandleRequests>) -> Given<'g> {
    let (today, calendar) = (app.today(), app.calendar());
    let later = |days: u16| {
        let run = Run::working_days(today, days).ok()?;
        run.due(&calendar).ok()
    };
    Given {
        case: &ready.case,
        organs: &ready.organs,
        today,
        supplement_until: later(SUPPLEMENT_WORKING_DAYS),
        supplement_least: later(SUPPLEMENT_SHORT_WORKING_DAYS),
        fee_until: later(PAY_WORKING_DAYS),
        person: permit.actor().name(),
        people: &ready.people,
        answerable: &ready.answerable,
        me: permit.actor().account(),
        place: ready.place.as_ref(),
        how_to_pay: &ready.how_to_pay,
        beside: &ready.beside,
        only_helps: ready.only_helps,
    }
}

/// `GET /workspace/requests/{id}/act/{act}`
pub(in crate::pages) async fn ask_act(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<HandleRequests>,
    Path((id, act)): Path<(RequestId, String)>,
) -> Result<Response, Problem> {
    let act = Act::from_code(&act).ok_or_else(Problem::not_found)?;
    let ready = prepared(&app, &permit, id, act).await?;
    let fields = fields(act, &given(&app, &ready, &permit));
    let leaving = leaving(&app, &permit, (id, act), &ready).await?;
    page(&ActPage {
        shell,
        working: ready.working(),
        closed: ready.closed,
        case: ready.case,
        act,
        fields,
        boxes: Vec::new(),
        kept: Vec::new(),
        errors: FormErrors::default(),
        leaving,
        answered: Vec::new(),
    })
}

/// What leaves, as the check sees it now; `None` where the act lets nothing go on, or cannot be done.
async fn leaving(
    app: &App,
    permit: &Permit<HandleRequests>,
    (id, act): (RequestId, Act),
    ready: &Prepared,
) -> Result<Option<Leaving>, StoreError> {
    if ready.closed.is_some() || !outgoing::asks(act) {
        return Ok(None);
    }
    outgoing::look(app, permit, id).await
}

/// The files that came with the form. Those that are to be given are kept without what they hide, and read for the review.
async fn received(
    app: &App,
    permit: &Permit<HandleRequests>,
    (act, filled): (Act, &mut Filled),
    errors: &mut FormErrors,
) -> Result<Cleaned, Problem> {
    let account = permit.actor().account();
    let files = filled.attachments(app, account, errors).await?;
    let as_they_are = |files| Cleaned {
        files,
        notes: Vec::new(),
    };
    let check = app.seams.check.as_ref().filter(|_| act == Act::Decide);
    let cleaned = match check {
        None => return Ok(as_they_are(files)),
        Some(_) if !filled.all(field::AS_IT_IS).is_empty() => as_they_are(files),
        Some(check) => check.clean(app, files, errors).await?,
    };
    outgoing::read(app, &cleaned.files).await?;
    Ok(cleaned)
}

/// `POST /workspace/requests/{id}/act/{act}`
pub(in crate::pages) async fn act(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<HandleRequests>,
    Path((id, act)): Path<(RequestId, String)>,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let act = Act::from_code(&act).ok_or_else(Problem::not_found)?;
    let mut ready = prepared(&app, &permit, id, act).await?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let Cleaned { files, notes } = received(&app, &permit, (act, &mut filled), &mut errors).await?;
    let fields = sent_fields(act, &given(&app, &ready, &permit), (&filled, &mut errors));
    let step = read_step(act, &filled, &ready, &mut errors);
    tell_at_once(step.as_ref(), &ready.case, app.today(), &mut errors);
    if let (Some(step), true) = (step, errors.is_empty()) {
        let version: i64 = filled.text("version").parse().unwrap_or(0);
        let of = (id, version);
        let checked = match &ready.closed {
            Some(_) => Ok(()),
            None => outgoing::checked(&app, &permit, of, &step).await,
        };
        let done = match checked {
            Ok(()) => keep(&app, &permit, (&filled, files), (of, step)).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(case) => {
                let said = said(&case, act) + &notes.concat();
                let said = said + &to_answer(&app, &permit, &case, act).await?;
                let next = super::super::publication::after(&shell, &case, act);
                return Ok(redirect_with(&next, &said));
            }
            Err(NotDone::Refused(reasons)) => errors = at_fields(&fields, reasons),
            Err(NotDone::Store(StoreError::Stale)) => {
                ready = prepared(&app, &permit, id, act).await?;
                errors = form_errors(vec![fault::overtaken()]);
                if let Some(sentence) = &ready.closed {
                    errors.add("act", sentence.clone());
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    let late = errors.on("overtaken").is_some();
    let leaving = leaving(&app, &permit, (id, act), &ready).await?;
    let again = ActPage {
        shell,
        working: ready.working(),
        // What was typed stays to be read; the reason stands at the button.
        closed: None,
        case: ready.case,
        act,
        fields,
        boxes: ticked(&filled),
        kept: filled.kept(),
        errors,
        leaving,
        answered: answered(&filled),
    };
    if late {
        overtaken(&again)
    } else {
        refuse(&again)
    }
}

/// The boxes that were ticked.
fn ticked(filled: &Filled) -> Vec<String> {
    let names = ["grounds", field::WITHOUT, field::AS_IT_IS, intake::SHORT];
    names.map(|name| filled.all(name)).concat()
}

/// What was said to findings, for the form that is shown again.
fn answered(filled: &Filled) -> Vec<(String, String)> {
    let asked = filled.all(scrutiny::ASKED).iter().cloned();
    asked
        .zip(filled.all(scrutiny::ANSWER).iter().cloned())
        .collect()
}

/// Does it, in one transaction with what the form had kept.
async fn keep(
    app: &App,
    permit: &Permit<HandleRequests>,
    (filled, files): (&Filled, Vec<New>),
    (of, step): ((RequestId, i64), Step),
) -> Result<Case, NotDone> {
    let (today, calendar) = (app.today(), app.calendar());
    let anew = step.act() == Act::Decide && !filled.all(field::WITHOUT).is_empty();
    app.db
        .write(async |tx: &mut Tx| {
            filled.release(tx).await?;
            let (what, when) = ((step.clone(), files), (today, &*calendar));
            if anew {
                handle::decide_without(tx, permit, of, what, when).await
            } else {
                handle::step(tx, permit, of, what, when).await
            }
        })
        .await
}

/// The step that was filled in; without one there is a fault.
fn read_step(act: Act, filled: &Filled, ready: &Prepared, errors: &mut FormErrors) -> Option<Step> {
    let read = &mut Read {
        filled,
        organs: &ready.organs,
        people: &ready.people,
        errors,
    };
    let step = step(act, read);
    if step.is_none() && errors.is_empty() {
        errors.add("act", "请把必填的内容填全。");
    }
    step
}

/// What the fields of a review say wrong is told beside what is missing in them, not after it.
fn tell_at_once(step: Option<&Step>, case: &Case, today: Date, errors: &mut FormErrors) {
    let Some(Step::Pass { scrutiny, .. }) = step.filter(|_| !errors.is_empty()) else {
        return;
    };
    let decision = case.request.decision.as_ref();
    let releases = decision.is_some_and(|decision| decision.reply.releases());
    for (field, said) in scrutiny.why_not(releases, today) {
        if errors.on(field).is_none() {
            errors.add(field, said);
        }
    }
}

/// The form as it was sent, with what it asks once more.
fn sent_fields(
    act: Act,
    given: &Given<'_>,
    (filled, errors): (&Filled, &mut FormErrors),
) -> Vec<Field> {
    let mut fields = filled_in(fields(act, given), filled, errors);
    if act == Act::AskSupplement {
        fields.extend(intake::short(filled, given, errors));
    }
    fields
}

/// The fields with what was typed; everything that is missing or cannot be read is a fault at once.
fn filled_in(mut fields: Vec<Field>, filled: &Filled, errors: &mut FormErrors) -> Vec<Field> {
    for field in &mut fields {
        field.value = filled.text(field.name).to_owned();
        if let Some(fault) = field.fault(field.value.trim()) {
            errors.add(field.name, fault);
        }
    }
    fields
}

/// The reasons under their fields; those of no field of this form stand at its button.
fn at_fields(fields: &[Field], reasons: Vec<Reason>) -> FormErrors {
    let mut errors = FormErrors::default();
    for (field, sentence) in reasons {
        let apart = ["file", scrutiny::ANSWER];
        let own = apart.contains(&field) || fields.iter().any(|one| one.name == field);
        errors.add(if own { field } else { "act" }, sentence);
    }
    errors
}

/// What the review of a reply that was just decided will have to answer for.
async fn to_answer(
    app: &App,
    permit: &Permit<HandleRequests>,
    case: &Case,
    act: Act,
) -> Result<String, StoreError> {
    if act != Act::Decide {
        return Ok(String::new());
    }
    let leaving = outgoing::look(app, permit, case.request.id).await?;
    let asked = leaving.map_or(0, |leaving| leaving.questions().len());
    Ok(match asked {
        0 => String::new(),
        asked => format!(
            "送出的内容里有{asked}处要在公开审查时逐处说明（个人信息、密级标志、引用的未公开文件、隐藏内容、没有检查全的附件）；不该给出的，请审查人“退回重拟”。"
        ),
    })
}

/// What the next page says of it.
fn said(case: &Case, act: Act) -> String {
    if act == Act::Transfer {
        let (number, organ) = (&case.request.number, &case.request.organ_name);
        return format!("{number}已转{organ}办理，由它继续答复，期限不变。");
    }
    let is_under_review = matches!(
        case.request.state,
        CaseState::Reviewing | CaseState::Signing | CaseState::Signed
    );
    if act == Act::Amend && is_under_review {
        return "已办理：更正登记。已经送审的答复文书不会跟着改：写的姓名、收到日期与现在的登记不一致的，请审查、审签的人“退回重拟”，重新拟定答复时文书随之改过来；改过来以前不能发出。".to_owned();
    }
    if act == Act::Sign {
        return "已办理：审签。答复文书有了文号和成文日期（今天）：请经办人下载打印、用印，寄出或者送达以后，再登记“发出答复”。".to_owned();
    }
    if act == Act::StopAsking {
        return "已办理：不再征求。对方的查询码已经失效；可能已经收到征求意见书的，请告诉对方不用答复。期限已经重新计算，见“怎么算的”。".to_owned();
    }
    if act == Act::CancelCharge {
        return "已办理：撤销收费。收费通知书已经作废，办理进度告诉申请人不用缴费；通知书已经寄出或者交给申请人的，请另外告诉申请人。期限已经重新计算，见“怎么算的”。".to_owned();
    }
    if act == Act::Decide && case.request.state != CaseState::Reviewing {
        return "答复已拟好，但文书还有必须改正的地方，没有送公开审查，案卷仍由您办理。请打开下面的答复文书，改好后“送审”。".to_owned();
    }
    let part = case.last(act).filter(|_| act == Act::Split);
    match part.and_then(|entry| entry.data.get("number")?.as_str()) {
        Some(number) => format!("已办理：拆分。拆出的部分另立为{number}，在申请办理里办理。"),
        None => format!("已办理：{}。", act.name()),
    }
}

#[derive(Template)]
#[template(path = "requests/spot.html")]
struct SpotPage {
    shell: Shell,
    case: Case,
    review_body: String,
    court: String,
}

impl SpotPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }
}

/// `GET /workspace/requests/{id}/spot`: the record of an answer on the spot, to print and sign.
pub(in crate::pages) async fn spot(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Path(id): Path<RequestId>,
) -> Result<Response, Problem> {
    let (case, profile) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let Some(case) = store::own(tx, &scope, id).await? else {
                return Ok(None);
            };
            let profile = letter::store::profile(tx, case.request.organ).await?;
            Ok::<_, StoreError>(Some((case, profile)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&SpotPage {
        shell,
        case,
        review_body: profile.review_body,
        court: profile.court,
    })
}

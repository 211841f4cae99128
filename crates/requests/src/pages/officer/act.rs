//! One form for each act: its fields are a table, what was filled in becomes a step.

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkingDays;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::attachment::{Filled, Kept};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, FormErrors, Problem, Shell, page, redirect_with};

use crate::acts::{HandleRequests, WriteLetters};
use crate::fee::{Bill, FeeScheme};
use crate::id::RequestId;
use crate::letter::{LetterKind, tie};
use crate::pages::refuse;
use crate::reach;
use crate::request::case::{Asked, Case, Opinion};
use crate::request::handle;
use crate::request::reply::{Decision, Ground, Reply};
use crate::request::state::Act;
use crate::request::step::{Service, Step};
use crate::request::store::{self, list};
use gongkai_platform::fault::{NotDone, form_errors};

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Input {
    Line,
    Area,
    Date,
    Number,
    Choice(Vec<(String, String)>),
    Boxes(Vec<(String, String)>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    input: Input,
    required: bool,
    value: String,
}

fn field(name: &'static str, label: &'static str, input: Input) -> Field {
    Field {
        name,
        label,
        hint: "",
        input,
        required: true,
        value: String::new(),
    }
}

impl Field {
    fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    fn value(mut self, value: impl ToString) -> Self {
        self.value = value.to_string();
        self
    }
}

fn choice<A: ToString, B: ToString>(
    options: impl IntoIterator<Item = (A, B)>,
) -> Vec<(String, String)> {
    options
        .into_iter()
        .map(|(code, name)| (code.to_string(), name.to_string()))
        .collect()
}

/// What forms are filled with: the case, organs to choose from, days.
struct Given<'g> {
    case: &'g Case,
    organs: &'g [(OrganId, String)],
    today: Date,
    supplement_until: Option<Date>,
    fee_until: Option<Date>,
}

fn letters(case: &Case, inside: Asked) -> Vec<(String, String)> {
    let open = case.consultations.iter().filter(|letter| {
        letter.is_open() && (letter.asked == Asked::Unit) == (inside == Asked::Unit)
    });
    choice(open.map(|letter| {
        (
            letter.id,
            format!("{}（{}）", letter.name, letter.asked.name()),
        )
    }))
}

fn until(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The fields of an act's form.
fn fields(act: Act, given: &Given<'_>) -> Vec<Field> {
    let today = given.today;
    let on = |label| field("on", label, Input::Date).value(today);
    let why = |label| field("why", label, Input::Area);
    let organ = || {
        field(
            "organ",
            "单位",
            Input::Choice(choice(given.organs.iter().cloned())),
        )
    };
    match act {
        Act::Confirm => vec![
            on("双方确认的日期").hint("与申请人联系确认收到之日，就是收到申请之日（条例第31条）。"),
        ],
        Act::AskSupplement => vec![
            field("items", "需要补正的事项", Input::Area)
                .hint("逐项写清，只能告知一次；同时给予指导和释明（条例第30条）。"),
            field("until", "补正期限", Input::Date)
                .hint("合理期限，默认15个工作日。")
                .value(until(given.supplement_until)),
        ],
        Act::Supplement => vec![
            field("text", "补正内容", Input::Area),
            on("收到补正的日期").hint("从这一天起重新计算20个工作日（条例第30条）。"),
        ],
        Act::Consult => consult_fields(),
        Act::Opinion => vec![
            field(
                "of",
                "哪一份征求意见书",
                Input::Choice(letters(given.case, Asked::ThirdParty)),
            ),
            field(
                "opinion",
                "意见",
                Input::Choice(choice([("agree", "同意公开"), ("object", "不同意公开")])),
            ),
            field("words", "意见内容和理由", Input::Area).optional(),
        ],
        Act::OpinionExpired => {
            vec![field(
                "of",
                "哪一份征求意见书",
                Input::Choice(letters(given.case, Asked::ThirdParty)),
            )]
        }
        Act::AskUnit => vec![
            organ(),
            field("question", "协办内容", Input::Area),
            field("until", "答复时限", Input::Date).hint("内部协办不暂停计时。"),
        ],
        Act::UnitAnswer => vec![
            field(
                "of",
                "协办件",
                Input::Choice(letters(given.case, Asked::Unit)),
            ),
            field("words", "协办意见", Input::Area),
        ],
        Act::ProposeExtension => vec![
            field("days", "延长的工作日数", Input::Number)
                .hint("1至20，只能延期一次；由工作机构负责人批准（条例第33条）。")
                .value(20),
            why("延期理由"),
        ],
        Act::AskReasons => vec![
            field("facts", "申请数量、频次的事实", Input::Area),
            field("until", "说明理由的期限", Input::Date),
        ],
        Act::GiveReasons => vec![field("text", "申请人说明的理由", Input::Area)],
        Act::Defer => vec![
            field("until", "延迟答复到哪一天", Input::Date),
            why("延迟答复的原因"),
        ],
        Act::Charge => charge_fields(given),
        Act::Pay => vec![on("缴费日期"), field("proof", "缴费凭证", Input::Line)],
        Act::Search => vec![
            field("places", "检索范围", Input::Area)
                .hint("例：局档案室2023—2025年卷、公文系统、业务系统。"),
            field("method", "检索方式", Input::Area)
                .hint("例：按文号、标题关键词、承办科室逐卷查找。"),
            field("result", "检索结果", Input::Area),
        ],
        Act::Answer | Act::Decide => decision_fields(given.case),
        Act::Pass => vec![
            field("words", "审查意见", Input::Area)
                .hint("是否涉密，是否含商业秘密、个人隐私，可否公开（条例第17条）。"),
        ],
        Act::Dispatch => vec![
            field(
                "service",
                "送达方式",
                Input::Choice(choice(Service::options())),
            ),
            on("交邮、签收或发出的日期").hint("邮寄以交邮之日为准，直接、委托送达以签收之日为准。"),
            field("proof", "邮件号、签收人或邮箱", Input::Line).optional(),
        ],
        Act::Deliver => vec![on("送达日期"), field("proof", "送达凭证", Input::Line)],
        Act::Archive => vec![field("number", "归档号", Input::Line)],
        Act::Withdraw => vec![why("撤回说明").optional()],
        Act::Transfer => vec![organ(), why("转办原因")],
        Act::Merge => vec![
            field("into", "并入的申请编号", Input::Line),
            why("并案原因"),
        ],
        Act::Split => vec![
            field("subject", "拆出的申请内容", Input::Area)
                .hint("拆出部分另立编号，收到日期不变。"),
        ],
        Act::Return => vec![why("退回原因")],
        Act::RefuseExtension => vec![why("不批准的原因")],
        Act::Redo => vec![why("重新办理的原因").hint("例：复议决定责令限期重新答复。")],
        Act::Note => vec![field("words", "会商内容", Input::Area)],
        Act::NotSupplemented | Act::Accept | Act::ApproveExtension | Act::NotPaid | Act::Sign => {
            Vec::new()
        }
    }
}

fn charge_fields(given: &Given<'_>) -> Vec<Field> {
    vec![
        field(
            "scheme",
            "计收方式",
            Input::Choice(choice(FeeScheme::options())),
        ),
        field("count", "当月累计件数，或本件页数", Input::Number)
            .hint("金额按收费办法自动计算，收费通知书与这里一致。"),
        field("notice", "缴纳方式与账户", Input::Area),
        field("until", "缴费期限", Input::Date).value(until(given.fee_until)),
    ]
}

fn consult_fields() -> Vec<Field> {
    vec![
        field(
            "asked",
            "征求谁的意见",
            Input::Choice(choice([
                ("third_party", "第三方（第32条，逾期不视为同意）"),
                ("co_maker", "共同制作机关（第34条，逾期视为同意）"),
            ])),
        ),
        field("name", "名称或姓名", Input::Line),
        field("question", "征求意见的内容", Input::Area),
        field("got_on", "对方收到征求意见书的日期", Input::Date)
            .hint("15个工作日从收到起算；还不知道的先空着，按发出日起算。")
            .optional(),
    ]
}

fn decision_fields(case: &Case) -> Vec<Field> {
    let reply = |reply: &&Reply| match reply {
        Reply::Corrected | Reply::CorrectElsewhere | Reply::NotCorrected => {
            case.request.kind == crate::request::Kind::Correction
        }
        Reply::ComplaintHolds | Reply::ComplaintFails => {
            case.request.kind == crate::request::Kind::Complaint
        }
        Reply::NotSupplemented | Reply::NotPaid => false,
        Reply::OtherEnd => true,
        _ => case.request.kind == crate::request::Kind::Information,
    };
    let replies = Reply::ALL.iter().filter(reply);
    let grounds = Ground::ALL
        .iter()
        .filter(|ground| **ground != Ground::Query);
    vec![
        field(
            "reply",
            "答复类型",
            Input::Choice(choice(replies.map(|one| (one.code(), one.name())))),
        ),
        field(
            "grounds",
            "不予公开的理由",
            Input::Boxes(choice(grounds.map(|one| {
                (one.code(), format!("{}　{}", one.name(), one.article()))
            }))),
        )
        .hint("不予公开、部分公开时至少选一项；第一项决定年度报告计入哪一行。")
        .optional(),
        field("text", "答复内容或理由", Input::Area).hint("提供什么信息，或者为什么不能提供。"),
        field("place", "途径、机关或前次答复", Input::Line)
            .hint("已主动公开：网址或公报期号；非本机关：负责机关名称；重复申请：前次文号和日期。")
            .optional(),
        field("contact", "负责机关联系方式", Input::Line).optional(),
        field("public_interest", "公共利益理由", Input::Area)
            .hint("第三方不同意而决定公开的才填（条例第15、32条）。")
            .optional(),
    ]
}

/// What was filled in, as a step; `None` where a field cannot be read.
fn step(
    act: Act,
    filled: &Filled,
    (permit, organs): (&Permit<HandleRequests>, &[(OrganId, String)]),
    errors: &mut FormErrors,
) -> Option<Step> {
    let text = |name: &str| filled.text(name).to_owned();
    let bill = (act == Act::Charge).then(|| bill(filled, errors)).flatten();
    let mut date = |name: &'static str| -> Option<Date> {
        let read = filled.text(name).parse().ok();
        if read.is_none() {
            errors.add(name, "请填写日期。");
        }
        read
    };
    let organ = || -> Option<(OrganId, String)> {
        let id: OrganId = filled.text("organ").parse().ok()?;
        organs.iter().find(|(one, _)| *one == id).cloned()
    };
    Some(match act {
        Act::Confirm => Step::Confirm { on: date("on")? },
        Act::AskSupplement => Step::AskSupplement {
            items: text("items"),
            until: date("until")?,
        },
        Act::Supplement => Step::Supplement {
            text: text("text"),
            on: date("on")?,
        },
        Act::NotSupplemented => Step::NotSupplemented,
        Act::Accept => Step::Accept {
            handler: (permit.actor().account()?, permit.actor().name().to_owned()),
        },
        Act::Consult => Step::Consult {
            asked: Asked::from_code(filled.text("asked"))?,
            name: text("name"),
            organ: None,
            question: text("question"),
            got_on: match filled.text("got_on") {
                "" => None,
                _ => Some(date("got_on")?),
            },
        },
        Act::Opinion => opinion(filled)?,
        Act::OpinionExpired => Step::OpinionExpired {
            of: filled.text("of").parse().ok()?,
        },
        Act::AskUnit => {
            let (organ, name) = organ()?;
            Step::AskUnit {
                name,
                organ,
                question: text("question"),
                until: date("until")?,
            }
        }
        Act::UnitAnswer => Step::UnitAnswer {
            of: filled.text("of").parse().ok()?,
            words: text("words"),
        },
        Act::ProposeExtension => Step::ProposeExtension {
            days: filled.text("days").parse().unwrap_or(0),
            why: text("why"),
        },
        Act::ApproveExtension => Step::ApproveExtension,
        Act::RefuseExtension => Step::RefuseExtension { why: text("why") },
        Act::AskReasons => Step::AskReasons {
            facts: text("facts"),
            until: date("until")?,
        },
        Act::GiveReasons => Step::GiveReasons { text: text("text") },
        Act::Defer => Step::Defer {
            until: date("until")?,
            why: text("why"),
        },
        Act::Charge => Step::Charge {
            bill: bill?,
            notice: text("notice"),
            until: date("until")?,
        },
        Act::Pay => Step::Pay {
            on: date("on")?,
            proof: text("proof"),
        },
        Act::NotPaid => Step::NotPaid,
        Act::Search => Step::Search {
            places: text("places"),
            method: text("method"),
            result: text("result"),
        },
        Act::Answer => Step::Answer(decision(filled)?),
        Act::Decide => Step::Decide(decision(filled)?),
        Act::Pass => Step::Pass {
            words: text("words"),
        },
        Act::Return => Step::Return { why: text("why") },
        Act::Sign => Step::Sign,
        Act::Dispatch => Step::Dispatch {
            service: Service::from_code(filled.text("service"))?,
            on: date("on")?,
            proof: text("proof"),
        },
        Act::Deliver => Step::Deliver {
            on: date("on")?,
            proof: text("proof"),
        },
        Act::Archive => Step::Archive {
            number: text("number"),
        },
        Act::Withdraw => Step::Withdraw { why: text("why") },
        Act::Transfer => {
            let (organ, name) = organ()?;
            Step::Transfer {
                organ,
                name,
                why: text("why"),
            }
        }
        Act::Merge => Step::Merge {
            into: text("into"),
            why: text("why"),
        },
        Act::Split => Step::Split {
            number: String::new(),
            subject: text("subject"),
        },
        Act::Redo => Step::Redo { why: text("why") },
        Act::Note => Step::Note {
            words: text("words"),
        },
    })
}

fn bill(filled: &Filled, errors: &mut FormErrors) -> Option<Bill> {
    match Bill::of(filled.text("scheme"), filled.text("count")) {
        Ok(bill) => Some(bill),
        Err(error) => {
            errors.add("count", error.sentence());
            None
        }
    }
}

fn opinion(filled: &Filled) -> Option<Step> {
    Some(Step::Opinion {
        of: filled.text("of").parse().ok()?,
        opinion: Opinion::from_code(filled.text("opinion"))?,
        words: filled.text("words").to_owned(),
    })
}

fn decision(filled: &Filled) -> Option<Decision> {
    let text = |name: &str| filled.text(name).to_owned();
    let grounds = filled.all("grounds");
    Some(Decision {
        reply: Reply::from_code(filled.text("reply"))?,
        grounds: grounds
            .iter()
            .filter_map(|code| Ground::from_code(code))
            .collect(),
        text: text("text"),
        place: text("place"),
        contact: text("contact"),
        public_interest: text("public_interest"),
    })
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
}

async fn prepared(
    app: &App,
    permit: &Permit<HandleRequests>,
    id: RequestId,
) -> Result<(Case, Vec<(OrganId, String)>), Problem> {
    app.db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let Some(case) = store::load(tx, &scope, id).await? else {
                return Ok(None);
            };
            Ok::<_, StoreError>(Some((case, list::helpers(tx).await?)))
        })
        .await?
        .ok_or_else(Problem::not_found)
}

fn given<'g>(app: &App, case: &'g Case, organs: &'g [(OrganId, String)]) -> Given<'g> {
    let (today, calendar) = (app.today(), app.calendar());
    let later = |days: u16| {
        let days = WorkingDays::new(days).ok()?;
        calendar.after(today, days).ok()
    };
    Given {
        case,
        organs,
        today,
        supplement_until: later(15),
        fee_until: later(20),
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
    let (case, organs) = prepared(&app, &permit, id).await?;
    let fields = fields(act, &given(&app, &case, &organs));
    page(&ActPage {
        shell,
        case,
        act,
        fields,
        boxes: Vec::new(),
        kept: Vec::new(),
        errors: FormErrors::default(),
    })
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
    let (case, organs) = prepared(&app, &permit, id).await?;
    let mut filled = Filled::read(multipart).await?;
    let mut errors = FormErrors::default();
    let files = filled
        .attachments(&app, permit.actor().account(), &mut errors)
        .await?;
    let step = step(act, &filled, (&permit, &organs), &mut errors);
    if step.is_none() && errors.is_empty() {
        errors.add("act", "请把必填的内容填全。");
    }
    if let (Some(step), true) = (step, errors.is_empty()) {
        let version: i64 = filled.text("version").parse().unwrap_or(0);
        let (today, calendar) = (app.today(), app.calendar());
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                filled.release(tx).await?;
                let what = (step.clone(), files);
                handle::step(tx, &permit, (id, version), what, (today, &calendar)).await
            })
            .await;
        match done {
            Ok(case) => {
                let said = format!("已办理：{}。", act.name());
                let next = super::super::publication::after(&shell, &case, act);
                return Ok(redirect_with(&next, &said));
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let mut fields = fields(act, &given(&app, &case, &organs));
    for field in &mut fields {
        field.value = filled.text(field.name).to_owned();
    }
    refuse(&ActPage {
        shell,
        case,
        act,
        fields,
        boxes: filled.all("grounds").to_vec(),
        kept: filled.kept(),
        errors,
    })
}

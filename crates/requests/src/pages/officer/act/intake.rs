//! 登记、审核: confirmed, supplemented, given to somebody, moved elsewhere, withdrawn.

use gongkai_basis::Date;
use gongkai_platform::attachment::Filled;
use gongkai_platform::web::FormErrors;

use super::field::{Field, Given, Input, Read, choice, field, until, why};
use crate::letter::compose::printed;
use crate::request::state::Act;
use crate::request::step::{SUPPLEMENT_SHORT_WORKING_DAYS, Step};
use crate::request::{Applicant, ApplicantKind, Channel, Request};

pub(super) fn fields(act: Act, given: &Given<'_>) -> Vec<Field> {
    match act {
        Act::Confirm => vec![
            given
                .on("双方确认的日期")
                .hint(if given.case.request.channel == Channel::PlainPost {
                    "平常信函应当在实际收到的当日与申请人确认，确认之日就是收到申请之日（条例第31条）。"
                } else {
                    "与申请人联系确认收到之日，就是收到申请之日（条例第31条）。"
                }),
        ],
        Act::Accept => vec![
            given
                .handler("经办人")
                .hint("本机关能办理申请的人。分派给别人的，系统发消息告诉他。")
                .value(given.me.map(|me| me.to_string()).unwrap_or_default()),
        ],
        Act::Reassign => vec![given.handler("新的经办人"), why("转交原因")],
        Act::AskSupplement => vec![
            field("items", "需要补正的事项", Input::Area)
                .hint("逐项写清，只能告知一次；同时给予指导和释明（条例第30条）。"),
            field("until", "补正期限", Input::Date)
                .hint("合理期限，默认15个工作日。")
                .value(until(given.supplement_until)),
        ],
        Act::Supplement => vec![
            field("text", "补正内容", Input::Area),
            given
                .on("收到补正的日期")
                .hint(if given.case.request.kind.is_timed_by_law() {
                    "从这一天起重新计算20个工作日（条例第30条）；重新办理的案件，收到决定以前就收到的补正、决定另有限期的，期限不变。"
                } else {
                    "从这一天起重新计算本机关办理期限。"
                }),
        ],
        Act::Withdraw => vec![why("撤回说明").hint(
            "申请人何时、以什么方式提出撤回，有撤回书的附在下面。例：2026年9月18日来信撤回，信件附后；当日来电（已核对身份）撤回。",
        )],
        Act::Amend => registration(&given.case.request),
        Act::Transfer => vec![given.organ(), why("转办原因")],
        Act::Merge => vec![
            field("into", "并入的申请编号", Input::Line)
                .hint("同一申请人、本机关在办的另一件，例：2026-000123；后收到的并入先收到的，答复期限不推迟。"),
            why("并案原因"),
        ],
        Act::Split => vec![
            field("subject", "拆出的申请内容", Input::Area)
                .hint("一件申请里有几项、要分别答复的，把其中一项拆出来另立编号；收到日期和答复期限不变。原来的申请内容不改。"),
        ],
        _ => Vec::new(),
    }
}

/// The box by which a short limit for 补正 is kept.
pub(super) const SHORT: &str = "short";

/// Law: art. 30: 合理的补正期限. One of a few days is refused once, and then with a box that keeps it.
pub(super) fn short(filled: &Filled, given: &Given<'_>, errors: &mut FormErrors) -> Option<Field> {
    let until: Date = filled.text("until").parse().ok()?;
    let least = given.supplement_least?;
    if until <= given.today || least <= until {
        return None;
    }
    if filled.all(SHORT).is_empty() {
        let said = format!(
            "补正期限不到{SUPPLEMENT_SHORT_WORKING_DAYS}个工作日，申请人可能来不及；应当确定合理的补正期限（条例第30条）。请改为{}或者以后；确实要这么短的，勾选下面的确认再办理。",
            printed(least)
        );
        errors.add("until", said);
    }
    let options = choice([(SHORT, "已考虑申请人准备材料需要的时间，仍定这个期限")]);
    let asked = field(SHORT, "较短的补正期限", Input::Boxes(options));
    Some(
        asked
            .hint("勾选以后，按上面填的期限告知申请人。")
            .optional(),
    )
}

/// What was registered, as it stands.
fn registration(request: &Request) -> Vec<Field> {
    let who = &request.applicant;
    let line = |name, label, value: &str| field(name, label, Input::Line).value(value);
    let kinds = choice(ApplicantKind::options());
    let mut fields = vec![
        field("applicant_kind", "申请人类型", Input::Choice(kinds))
            .hint("决定年度报告计入哪一列。")
            .value(who.kind.code()),
        line("name", "姓名（名称）", &who.name),
        line("paper", "证件名称", &who.paper),
        line("paper_number", "证件号码", &who.paper_number),
        line("head", "法定代表人", &who.head).optional(),
        line("contact", "联系人", &who.contact).optional(),
        line("workplace", "工作单位", &who.workplace).optional(),
        line("phone", "联系电话", &who.phone),
        line("fax", "传真号码", &who.fax).optional(),
        line("email", "电子邮箱", &who.email).optional(),
        line("address", "通信地址", &who.address).optional(),
        line("postcode", "邮政编码", &who.postcode).optional(),
    ];
    // Before both sides have confirmed, there is no such day yet.
    fields.extend(request.received_on.map(|on| {
        field("received_on", "收到申请之日", Input::Date)
            .hint("登记错了才改（条例第31条）；答复期限随着重新计算，以后的暂停、补正照旧。")
            .value(on)
    }));
    fields.push(
        why("更正的原因").hint("例：身份证上是“张珊”，录成了“张山”。改动前后的内容都记入经过。"),
    );
    fields
}

fn amended(read: &Read<'_>) -> Option<Step> {
    Some(Step::Amend {
        applicant: Box::new(Applicant {
            kind: ApplicantKind::from_code(read.filled.text("applicant_kind"))?,
            name: read.text("name"),
            paper: read.text("paper"),
            paper_number: read.text("paper_number"),
            head: read.text("head"),
            contact: read.text("contact"),
            workplace: read.text("workplace"),
            phone: read.text("phone"),
            fax: read.text("fax"),
            email: read.text("email"),
            address: read.text("address"),
            postcode: read.text("postcode"),
        }),
        received_on: match read.filled.text("received_on") {
            "" => None,
            _ => Some(read.date("received_on")?),
        },
        why: read.text("why"),
    })
}

pub(super) fn step(act: Act, read: &mut Read<'_>) -> Option<Step> {
    Some(match act {
        Act::Confirm => Step::Confirm {
            on: read.date("on")?,
        },
        Act::AskSupplement => Step::AskSupplement {
            items: read.text("items"),
            until: read.date("until")?,
        },
        Act::Supplement => Step::Supplement {
            text: read.text("text"),
            on: read.date("on")?,
        },
        Act::NotSupplemented => Step::NotSupplemented,
        Act::Accept => Step::Accept {
            handler: read.handler()?,
        },
        Act::Reassign => Step::Reassign {
            handler: read.handler()?,
            why: read.text("why"),
        },
        Act::Withdraw => Step::Withdraw {
            why: read.text("why"),
        },
        Act::Amend => amended(read)?,
        Act::Transfer => {
            let (organ, name) = read.organ()?;
            Step::Transfer {
                organ,
                name,
                why: read.text("why"),
            }
        }
        Act::Merge => Step::Merge {
            into: read.text("into"),
            why: read.text("why"),
        },
        Act::Split => Step::Split {
            number: String::new(),
            subject: read.text("subject"),
        },
        _ => return None,
    })
}

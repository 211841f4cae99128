//! 答复: searched for, drafted or told at the counter, reviewed, signed, sent, served, filed, done again.

use gongkai_basis::Date;

use super::field::{AS_IT_IS, Field, Given, Input, Read, WITHOUT, choice, field, until, why};
use super::scrutiny;
use crate::request::Kind;
use crate::request::case::Case;
use crate::request::reply::{Decision, Ground, Reply};
use crate::request::spot::{self, Paper, Remedies, Told};
use crate::request::state::Act;
use crate::request::step::{Service, Step};
use crate::withheld;

pub(super) fn fields(act: Act, given: &Given<'_>) -> Vec<Field> {
    match act {
        Act::Search => vec![
            field("places", "检索范围", Input::Area)
                .hint("例：局档案室2023—2025年卷、公文系统、业务系统。"),
            field("method", "检索方式", Input::Area)
                .hint("例：按文号、标题关键词、承办科室逐卷查找。"),
            field("result", "检索结果", Input::Area),
        ],
        Act::Answer => told(given),
        Act::Decide => decision(given),
        Act::Pass => scrutiny::fields(given),
        Act::Return => vec![why("退回原因")],
        Act::Dispatch => vec![
            field(
                "service",
                "送达方式",
                Input::Choice(choice(Service::options())),
            ),
            given
                .on("交邮、签收或发出的日期")
                .hint("邮寄以交邮之日为准，直接、委托送达以签收之日为准。"),
            field("proof", "邮件号、签收人或邮箱", Input::Line)
                .hint(
                    "只有网上送达可以不填。邮寄写邮件号，直接、委托送达写签收人，电子邮件写邮箱。",
                )
                .optional(),
        ],
        Act::Deliver => vec![
            given.on("送达日期"),
            field("proof", "送达凭证", Input::Line),
        ],
        Act::Archive => vec![field("number", "归档号", Input::Line)],
        Act::Redo => vec![
            given
                .on("收到决定之日")
                .hint(if given.case.request.kind.is_timed_by_law() {
                    "收到复议决定、判决之日；自行纠正的，写决定重新办理之日。答复期限从这一天起重新计算20个工作日。"
                } else {
                    "收到复议决定、判决之日；自行纠正的，写决定重新办理之日。本机关办理期限从这一天起重新计算。"
                }),
            field("until", "决定规定的答复期限", Input::Date)
                .hint("决定写明了限期的才填，填了就到这一天为止。")
                .optional(),
            why("重新办理的原因").hint("例：复议决定责令限期重新答复。"),
        ],
        Act::Note => vec![field("words", "会商内容", Input::Area)],
        _ => Vec::new(),
    }
}

/// Does a kind of reply answer this kind of case?
fn fits(reply: Reply, case: &Case) -> bool {
    match reply {
        Reply::Corrected | Reply::CorrectElsewhere | Reply::NotCorrected => {
            case.request.kind == Kind::Correction
        }
        Reply::ComplaintHolds | Reply::ComplaintFails => case.request.kind == Kind::Complaint,
        Reply::NotSupplemented | Reply::NotPaid => false,
        Reply::OtherEnd => true,
        _ => case.request.kind == Kind::Information,
    }
}

fn replies(case: &Case, among: &[Reply]) -> Field {
    let replies = among.iter().filter(|reply| fits(**reply, case));
    let options =
        std::iter::once(("", "请选择")).chain(replies.map(|one| (one.code(), one.name())));
    let options = choice(options);
    field("reply", "答复类型", Input::Choice(options))
}

fn place() -> Field {
    field("place", "途径、机关或前次答复", Input::Line)
        .hint("已主动公开：网址或公报期号；非本机关：负责机关名称；重复申请：前次文号和日期。")
        .optional()
}

fn contact() -> Field {
    field("contact", "负责机关联系方式", Input::Line).optional()
}

/// What answers a 更正 or a 投诉: nothing of it is given or withheld.
fn outcome(case: &Case) -> Vec<Field> {
    let text = match case.request.kind {
        Kind::Correction => "更正了什么、在哪里更正；或者为什么不更正，转送、告知哪个机关。",
        Kind::Complaint | Kind::Information => {
            "查明的事实、处理意见；属实的，写督促整改或者通报批评的情况。"
        }
    };
    let mut fields = vec![
        replies(case, Reply::ALL),
        field("text", "答复内容或理由", Input::Area).hint(text),
    ];
    if case.request.kind == Kind::Correction {
        let place = field("place", "有权更正的机关", Input::Line);
        fields.extend([
            place
                .hint("只有转送或者告知向有权机关提出的才填（条例第41条）。")
                .optional(),
            field("contact", "有权机关的联系方式", Input::Line).optional(),
        ]);
    }
    fields
}

fn decision(given: &Given<'_>) -> Vec<Field> {
    let mut fields = if given.case.request.kind == Kind::Information {
        reply(given.case, given.today)
    } else {
        outcome(given.case)
    };
    let kept = [("yes", "附件原样保留")];
    fields.push(
        field(AS_IT_IS, "附件里看不见的内容", Input::Boxes(choice(kept)))
            .hint("不勾选的，批注、修订、作者、照片位置等隐藏内容自动清除，保存后逐项告诉您；要原样提供的才勾选，公开审查时由审查人逐处说明。")
            .optional(),
    );
    if !given.beside.is_empty() {
        let said = format!("不附：{}", given.beside.join("、"));
        let box_ = Input::Boxes(choice([(WITHOUT, said)]));
        fields.push(
            field(WITHOUT, "以前附的答复材料", box_)
                .hint("勾选的，退到办理材料，不给申请人。不勾选的，只有答复类型不变、仍然提供信息的才留着；这次附了文件的，由这次附的代替。")
                .optional(),
        );
    }
    fields
}

fn reply(case: &Case, today: Date) -> Vec<Field> {
    let grounds = || {
        let all = Ground::ALL.iter();
        all.filter(|ground| **ground != Ground::Query)
    };
    let none = std::iter::once(("", "只有一项理由"));
    let principal = none.chain(grounds().map(|one| (one.code(), one.name())));
    vec![
        replies(case, Reply::ALL),
        field(
            "grounds",
            "不予公开的理由",
            Input::Boxes(choice(grounds().map(|one| {
                (one.code(), format!("{}　{}", one.name(), one.article()))
            }))),
        )
        .hint("不予公开、部分公开时至少选一项。")
        .optional(),
        field("principal", "主要理由", Input::Choice(choice(principal)))
            .hint("不予公开的理由有两项以上的才选：年度报告表三只计主要理由这一行。")
            .optional(),
        field("principal_why", "为什么以它为主", Input::Line)
            .hint("例：申请的会议纪要是过程性信息，其中一页还涉及法律禁止公开的内容。")
            .optional(),
        field("text", "答复内容或理由", Input::Area)
            .hint("提供什么信息，或者为什么不能提供；部分公开的，写不予公开部分的理由。"),
        field("open_part", "公开的部分", Input::Area)
            .hint("只有部分公开的才填，例：评估报告正文。")
            .optional(),
        field("closed_part", "不予公开的部分", Input::Area)
            .hint(
                "只有部分公开的才填，例：票款明细。两部分分开写，答复书里分别列出（条例第37条）。",
            )
            .optional(),
        place(),
        contact(),
        field("public_interest", "公共利益理由", Input::Area)
            .hint("第三方不同意而决定公开的才填（条例第15、32条）。")
            .optional(),
        field("look_on", "复核日期", Input::Date)
            .hint("不予公开、部分公开的填写，其他答复不用管：到这一天再看理由还在不在（条例第18条没有规定间隔，先写一年以后）。理由不会消失的清空。")
            .value(until(withheld::in_a_year(today)))
            .optional(),
    ]
}

fn told(given: &Given<'_>) -> Vec<Field> {
    vec![
        replies(given.case, &spot::TELLABLE),
        field("text", "告知了什么", Input::Area)
            .hint("照当面说的写，例：该规划已在市政府网站“规划”栏目公开，可在查询机上打印。"),
        place(),
        contact(),
        field("told_to", "当面告知谁", Input::Line)
            .hint("申请人本人，或者受其委托到场的人。")
            .value(&given.case.request.applicant.name),
        field("told_at", "几点告知的", Input::Line).hint("例：10:30。只能当天登记。"),
        field("told_by", "告知人", Input::Line).value(given.person),
        field(
            "paper",
            "申请人是否要求书面答复",
            Input::Choice(choice(Paper::options())),
        ),
        field(
            "remedies",
            "复议、诉讼途径",
            Input::Choice(choice(Remedies::options())),
        ),
    ]
}

pub(super) fn step(act: Act, read: &mut Read<'_>) -> Option<Step> {
    Some(match act {
        Act::Search => Step::Search {
            places: read.text("places"),
            method: read.text("method"),
            result: read.text("result"),
        },
        Act::Answer => Step::Answer {
            decision: decided(read)?,
            told: Told {
                to: read.text("told_to"),
                at: read.text("told_at"),
                by: read.text("told_by"),
                paper: Paper::from_code(read.filled.text("paper"))?,
                remedies: Remedies::from_code(read.filled.text("remedies"))?,
                // Counted where the files are kept.
                scans: 0,
            },
        },
        Act::Decide => Step::Decide(decided(read)?),
        Act::Pass => scrutiny::step(read),
        Act::Return => Step::Return {
            why: read.text("why"),
        },
        Act::Sign => Step::Sign,
        Act::Dispatch => Step::Dispatch {
            service: Service::from_code(read.filled.text("service"))?,
            on: read.date("on")?,
            proof: read.text("proof"),
        },
        Act::Deliver => Step::Deliver {
            on: read.date("on")?,
            proof: read.text("proof"),
        },
        Act::Archive => Step::Archive {
            number: read.text("number"),
        },
        Act::Redo => Step::Redo {
            why: read.text("why"),
            on: read.date("on")?,
            until: match read.filled.text("until") {
                "" => None,
                _ => Some(read.date("until")?),
            },
        },
        Act::Note => Step::Note {
            words: read.text("words"),
        },
        _ => return None,
    })
}

fn decided(read: &mut Read<'_>) -> Option<Decision> {
    let reply = Reply::from_code(read.filled.text("reply"))?;
    let grounds = read.filled.all("grounds");
    let mut grounds: Vec<Ground> = grounds
        .iter()
        .filter_map(|code| Ground::from_code(code))
        .collect();
    let mut principal_why = String::new();
    if reply == Reply::Refused && grounds.len() > 1 {
        let principal = Ground::from_code(read.filled.text("principal"));
        if principal.is_none_or(|one| !grounds.contains(&one)) {
            let said = "选了两项以上理由，请在其中选择主要理由：年度报告表三只计这一行。";
            read.errors.add("principal", said);
        }
        grounds.sort_by_key(|one| Some(*one) != principal);
        principal_why = read.text("principal_why");
    }
    Some(Decision {
        reply,
        grounds,
        principal_why,
        text: read.text("text"),
        open_part: read.text("open_part"),
        closed_part: read.text("closed_part"),
        place: read.text("place"),
        contact: read.text("contact"),
        public_interest: read.text("public_interest"),
        // The form begins with a day, whatever is answered then.
        look_on: read.date("look_on").filter(|_| reply.withholds()),
    })
}

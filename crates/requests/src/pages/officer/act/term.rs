//! 延期、说明理由、延迟答复、收费: what moves the due day.

use super::field::{Field, Given, Input, Read, choice, field, until, why};
use crate::fee::{Bill, FeeScheme};
use crate::request::state::Act;
use crate::request::step::Step;

pub(super) fn fields(act: Act, given: &Given<'_>) -> Vec<Field> {
    match act {
        Act::ProposeExtension => vec![
            field("days", "延长的工作日数", Input::Number)
                .hint("1至20，只能延期一次；由工作机构负责人批准，没有任命的由单位负责人批准（条例第33条）。")
                .value(20),
            why("延期理由"),
        ],
        Act::RefuseExtension => vec![why("不批准的原因")],
        Act::AskReasons => vec![
            field("facts", "申请数量、频次的事实", Input::Area),
            field("until", "说明理由的期限", Input::Date),
        ],
        Act::GiveReasons => vec![field("text", "申请人说明的理由", Input::Area)],
        Act::Defer => vec![
            field("until", "延迟答复到哪一天", Input::Date),
            why("延迟答复的原因"),
        ],
        Act::Charge => vec![
            field(
                "scheme",
                "计收方式",
                Input::Choice(choice(FeeScheme::options())),
            ),
            field("count", "本件是申请人当月第几件，或本件页数", Input::Number)
                .hint("按件计收的，件次由系统数出，一份通知只收这一件的钱，前面各件另发通知；按量计收的，请改填页数。金额按收费办法自动计算，收费通知书与这里一致。")
                .value(given.place.map(|place| place.nth().to_string()).unwrap_or_default()),
            field("why", "改变件次的原因", Input::Area)
                .hint("按系统数出的件次收费的，不用填写。")
                .optional(),
            field("notice", "缴纳方式与账户", Input::Area)
                .hint("“文书设置”里填了缴款账户的，这里已经写上，可以改。")
                .value(given.how_to_pay),
            field("until", "缴费期限", Input::Date)
                .hint("发出当日就收到的最后一天；后收到的，在“登记收到通知”以后按收到的日子重新算。")
                .value(until(given.fee_until)),
        ],
        Act::ChargeReached => vec![
            given
                .on("申请人收到收费通知书的日期")
                .hint("当面交的是当天，邮寄的是对方签收那天。缴费期限从次日起算20个工作日（收费办法第6条）。登记错了的，再登记一次就更正。"),
        ],
        Act::Pay => vec![
            given.on("缴费日期"),
            field("proof", "缴费凭证", Input::Line),
        ],
        Act::CancelCharge => vec![
            why("撤销收费的原因").hint("只用于还没有缴费的。收费通知书随之作废，等待缴费的期间照常计入期限，期限可能已经届满，请尽快答复；办理进度会告诉申请人不用缴费。已经缴费、上传过缴费凭证的，先核对，办理“收到缴费”，再由收费单位退费，经过写入“会商记录”。"),
        ],
        _ => Vec::new(),
    }
}

pub(super) fn step(act: Act, read: &mut Read<'_>) -> Option<Step> {
    Some(match act {
        Act::ProposeExtension => Step::ProposeExtension {
            days: read.filled.text("days").parse().unwrap_or(0),
            why: read.text("why"),
        },
        Act::ApproveExtension => Step::ApproveExtension,
        Act::RefuseExtension => Step::RefuseExtension {
            why: read.text("why"),
        },
        Act::AskReasons => Step::AskReasons {
            facts: read.text("facts"),
            until: read.date("until")?,
        },
        Act::GiveReasons => Step::GiveReasons {
            text: read.text("text"),
        },
        Act::Defer => Step::Defer {
            until: read.date("until")?,
            why: read.text("why"),
        },
        Act::Charge => {
            let bill = bill(read);
            Step::Charge {
                notice: read.text("notice"),
                until: read.date("until")?,
                bill: bill?,
                why: read.text("why").trim().to_owned(),
            }
        }
        Act::ChargeReached => Step::ChargeReached {
            on: read.date("on")?,
        },
        Act::Pay => Step::Pay {
            on: read.date("on")?,
            proof: read.text("proof"),
        },
        Act::NotPaid => Step::NotPaid,
        Act::CancelCharge => Step::CancelCharge {
            why: read.text("why").trim().to_owned(),
        },
        _ => return None,
    })
}

fn bill(read: &mut Read<'_>) -> Option<Bill> {
    match Bill::of(read.filled.text("scheme"), read.filled.text("count")) {
        Ok(bill) => Some(bill),
        Err(error) => {
            if read.errors.on("count").is_none() {
                read.errors.add("count", error.sentence());
            }
            None
        }
    }
}

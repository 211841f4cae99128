//! 收费: what refuses a notice of charge, the day of its receipt and the end without payment.

use gongkai_basis::Date;
use gongkai_basis::clock::{Run, limits};
use gongkai_platform::fault::{Reason, Wanted, text_fault};

use super::{happened, in_time, not_since, say, text};
use crate::fee::PAY_WORKING_DAYS;
use crate::letter::compose::printed;
use crate::request::case::Case;
use crate::request::state::Act;
use crate::request::step::{Moment, Step, effect};
use crate::request::{Kind, TEXT_CHARS_MAX};

/// Law: 收费办法 art. 4, 5: what costs nothing is not charged; art. 6: 20 working days from the day after the notice.
pub(super) fn charge(case: &Case, step: &Step, moment: &Moment<'_>) -> Vec<Option<Reason>> {
    let Step::Charge {
        bill,
        notice,
        until,
        why,
    } = step
    else {
        return Vec::new();
    };
    let free = "这个件数、页数不收费，不应发收费通知。";
    let least = Run::of(moment.today, limits::FEE_PAYMENT).due(moment.calendar);
    let least = least.ok();
    let short = least.filter(|least| until < least).map(|least| {
        let said = format!(
            "缴费期限是收到通知次日起{PAY_WORKING_DAYS}个工作日，今天发出的最早到{}（收费办法第6条）。",
            printed(least)
        );
        ("until", said)
    });
    vec![
        text("notice", "缴纳方式", notice),
        text_fault(("why", "改变件次的原因"), why, TEXT_CHARS_MAX, Wanted::No),
        short,
        (bill.yuan() == 0).then(|| ("count", free.to_owned())),
        in_time(
            case,
            moment,
            "act",
            "不能再发收费通知，应在办理期限内发出（收费办法第6条）",
        ),
        (case.request.kind != Kind::Information).then(|| {
            let said = format!("{}不收信息处理费（条例第42条）。", case.request.kind.name());
            ("act", said)
        }),
    ]
}

/// Law: 收费办法 art. 6: the days of payment count from the receipt of the notice. A day that was noted wrongly is noted anew.
pub(super) fn charge_reached(case: &Case, on: Date, moment: &Moment<'_>) -> Vec<Option<Reason>> {
    let known = case.charge_reached().filter(|entry| entry.on == on);
    let known = known.map(|_| {
        let said = format!("已经登记过，申请人于{}收到收费通知书。", printed(on));
        ("on", said)
    });
    vec![
        happened(case, on, moment.today),
        not_since(case, Act::Charge, on, "收到通知的日期早于发出之日"),
        known,
        effect::pay_by(on, moment).err().map(|said| ("on", said)),
    ]
}

/// Nobody has let days pass that are not known to have begun.
pub(super) fn not_paid(case: &Case, today: Date) -> Option<Reason> {
    if case.charge_reached().is_none() {
        return say(
            "until",
            "还没有登记申请人收到收费通知书的日期；20个工作日从收到次日起算（收费办法第6条），请先办理“登记收到通知”。",
        );
    }
    let until = case.pay_by()?;
    (today <= until).then(|| {
        let said = format!("缴费期限到{}，还没有期满。", printed(until));
        ("until", said)
    })
}

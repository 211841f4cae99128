//! 待确认收到: how long an application waits until both sides have confirmed that it was received; until then no limit runs. Pure.
//!
//! Law: 条例 art. 31: a plain letter is confirmed with its applicant on the very day on which it arrives; over the net and by fax
//! that day counts on which both sides confirm.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_platform::web::civil_day;
use jiff::Timestamp;

use super::clock::Light;
use super::state::State;
use super::{Channel, Request};
use crate::letter::compose::printed;

/// Whole working days without a confirmation after which the desk is told, then its head, then those above. Ours, for the law
/// names none but the day itself of a plain letter: a call takes one day; after three the head has to ask what holds it up; and
/// after five a quarter of what the law gives for a reply is gone before any limit runs.
pub const DESK_WORKING_DAYS: u32 = 1;
pub const HEAD_WORKING_DAYS: u32 = 3;
pub const ABOVE_WORKING_DAYS: u32 = 5;

impl Request {
    /// The day on which it came in, while nobody has confirmed it; `None` afterwards.
    #[must_use]
    pub fn unconfirmed_since(&self) -> Option<Date> {
        if self.state != State::Submitted {
            return None;
        }
        let days = self.receipt.days;
        let came_on = match self.channel {
            Channel::PlainPost => days.arrived_on,
            Channel::Web | Channel::Fax | Channel::Email => days.submitted_on,
            Channel::Counter | Channel::Oral | Channel::SignedPost => None,
        };
        came_on.or_else(|| {
            let instant = Timestamp::from_millisecond(self.submitted_at).ok();
            instant.map(civil_day)
        })
    }
}

/// Whole working days that have gone by since it came in; that day itself and today are none of them. `None` where no notice
/// tells the working days.
#[must_use]
pub fn waited(since: Date, today: Date, calendar: &WorkCalendar) -> Option<u32> {
    let yesterday = today.yesterday().ok()?;
    calendar.between(since, yesterday).ok()
}

/// The light of an application that waits for its confirmation, with its words; `None` for any other.
#[must_use]
pub fn light(request: &Request, today: Date, calendar: &WorkCalendar) -> Option<(Light, String)> {
    let since = request.unconfirmed_since()?;
    let same_day = request.channel == Channel::PlainPost && today > since;
    Some(match waited(since, today, calendar).unwrap_or(0) {
        0 if same_day => (Light::Unconfirmed, "应当在到达当日确认".to_owned()),
        0 => (Light::Still, "待双方确认收到".to_owned()),
        days => (Light::Unconfirmed, format!("已过{days}个工作日没有确认")),
    })
}

/// What the desk has to know of a confirmation that is missing or came late; `None` where it is as it should be.
#[must_use]
pub fn warning(request: &Request, today: Date, calendar: &WorkCalendar) -> Option<String> {
    if !request.state.is_running() {
        return None;
    }
    if let Some((arrived, confirmed)) = request.receipt.confirmed_late(request.channel) {
        // Where a person has set the day, it counts and says why.
        let counts = if request.receipt.set.is_none() {
            "收到申请之日按确认之日计；"
        } else {
            ""
        };
        return Some(format!(
            "平常信函{}到达，{}才与申请人确认；条例第31条要求在收到信函的当日确认。{counts}没有当日确认的原因，请办理“会商记录”写明，复议、诉讼时要说明。",
            printed(arrived),
            printed(confirmed)
        ));
    }
    let since = request.unconfirmed_since()?;
    if light(request, today, calendar)?.0 != Light::Unconfirmed {
        return None;
    }
    let arrived = request.receipt.days.arrived_on;
    let what = match (request.channel, arrived, waited(since, today, calendar)) {
        (Channel::PlainPost, Some(arrived), _) => format!(
            "平常信函{}到达，条例第31条要求当日与申请人确认，现在还没有确认",
            printed(arrived)
        ),
        (_, _, None | Some(0)) => format!("申请{}收到，还没有双方确认", printed(since)),
        (_, _, Some(days)) => format!(
            "申请{}提交，已过{days}个工作日还没有双方确认",
            printed(since)
        ),
    };
    Some(format!(
        "{what}，期限没有起算。请按登记的联系方式联系申请人，然后办理“确认收到”；联系不上的，办理“会商记录”写明联系的时间和方式。"
    ))
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;
    use gongkai_basis::calendar::WorkCalendar;

    use super::{Light, light, waited, warning};
    use crate::request::state::State;
    use crate::request::tests::sample;
    use crate::request::{Channel, Request};

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn waits(channel: Channel) -> Request {
        let mut request = sample();
        (request.state, request.channel) = (State::Submitted, channel);
        let days = &mut request.receipt.days;
        days.submitted_on = Some(day("2026-03-02"));
        days.arrived_on = (channel == Channel::PlainPost).then(|| day("2026-03-05"));
        request
    }

    #[test]
    fn whole_working_days_are_counted_between() {
        let calendar = WorkCalendar::builtin();
        let after = |today: &str| waited(day("2026-03-02"), day(today), &calendar);
        // 2 March is a Monday.
        assert_eq!(after("2026-03-02"), Some(0));
        assert_eq!(after("2026-03-03"), Some(0));
        assert_eq!(after("2026-03-04"), Some(1));
        assert_eq!(after("2026-03-09"), Some(4));
        assert_eq!(after("2026-03-10"), Some(5));
    }

    #[test]
    fn what_waits_is_lit_and_a_plain_letter_on_the_day_after_it_came() {
        let calendar = WorkCalendar::builtin();
        let of = |request: &Request, today: &str| light(request, day(today), &calendar);
        let web = waits(Channel::Web);
        let lit = |request: &Request, today: &str| of(request, today).map(|(light, _)| light);
        assert_eq!(lit(&web, "2026-03-03"), Some(Light::Still));
        assert_eq!(lit(&web, "2026-03-04"), Some(Light::Unconfirmed));
        let letter = waits(Channel::PlainPost);
        assert_eq!(lit(&letter, "2026-03-05"), Some(Light::Still));
        assert_eq!(lit(&letter, "2026-03-06"), Some(Light::Unconfirmed));
        assert_eq!(warning(&letter, day("2026-03-05"), &calendar), None);
        let said = warning(&letter, day("2026-03-06"), &calendar).unwrap();
        assert!(said.contains("2026年3月5日到达"), "{said}");
        let mut known = web;
        known.state = State::Registered;
        assert_eq!(of(&known, "2026-03-04"), None);
    }

    /// Law: art. 31: 平常信函, on the day itself.
    #[test]
    fn a_letter_that_was_confirmed_on_a_later_day_says_so() {
        let calendar = WorkCalendar::builtin();
        let mut letter = waits(Channel::PlainPost);
        letter.state = State::Registered;
        let mut said = |confirmed: &str| {
            letter.receipt.days.confirmed_on = Some(day(confirmed));
            warning(&letter, day("2026-03-09"), &calendar)
        };
        assert_eq!(said("2026-03-05"), None);
        let late = said("2026-03-06").unwrap();
        assert!(
            late.contains("2026年3月5日到达，2026年3月6日才与申请人确认"),
            "{late}"
        );
        let counts = "收到申请之日按确认之日计";
        assert!(late.contains(counts), "{late}");
        // One that was set counts instead.
        letter.receipt.set = Some((day("2026-03-05"), "对方当日来电".to_owned()));
        let set = warning(&letter, day("2026-03-09"), &calendar).unwrap();
        assert!(
            set.contains("才与申请人确认") && !set.contains(counts),
            "{set}"
        );
    }
}

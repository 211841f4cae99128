//! 紧急发布、发布后补审: what cannot wait goes out after secrecy, legality and the third review; the other steps follow.
//!
//! Law: 政府信息公开条例 (2019) art. 17: the review of secrecy comes before any publication, so it is never put off.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;

use gongkai_platform::audit::Recorded;
use gongkai_platform::web::civil_day;

use super::{Stage, StepState};
use crate::kind::Step;

/// Working days after publication in which the steps that were put off are done; a house rule, and no statute's.
pub const LATE_WORKING_DAYS: u16 = 5;

/// Steps that even the most urgent text passes before it goes out.
const fn is_before(step: Step) -> bool {
    match step {
        Step::Legality | Step::Secrecy | Step::ThirdReview => true,
        Step::FirstProof
        | Step::FirstReview
        | Step::SecondProof
        | Step::SecondReview
        | Step::ThirdProof => false,
    }
}

/// The steps of a way with those first that must come before publication.
#[must_use]
pub fn chain(way: &[Step]) -> Vec<Step> {
    let (before, after): (Vec<Step>, Vec<Step>) =
        way.iter().copied().partition(|step| is_before(*step));
    [before, after].concat()
}

/// Was this round begun as an urgent one? Its first step tells: every other round begins with the first proof.
#[must_use]
pub fn is_urgent(stages: &[Stage]) -> bool {
    stages.first().is_some_and(|stage| is_before(stage.step))
}

/// May it go out before its review is through?
#[must_use]
pub fn may_go_out(stages: &[Stage]) -> bool {
    is_urgent(stages)
        && stages
            .iter()
            .filter(|stage| is_before(stage.step))
            .all(|stage| stage.state == StepState::Passed)
        && stages
            .iter()
            .all(|stage| stage.state != StepState::Returned)
}

/// The last day of the late review of what was published on `day`; `None` in a year without its notice.
#[must_use]
pub fn late_until(calendar: &WorkCalendar, day: Date) -> Option<Date> {
    let run = Run::working_days(day, LATE_WORKING_DAYS).ok()?;
    run.due(calendar).ok()
}

/// The day on which the text that the public reads went out, by the history of its document, the newest first.
#[must_use]
pub fn went_out(events: &[Recorded]) -> Option<Date> {
    let out = events
        .iter()
        .find(|event| event.kind == "document.published");
    out.map(|event| civil_day(event.time()))
}

/// The day on which a document was last sent to review, by its history, the newest first.
#[must_use]
pub fn sent(events: &[Recorded]) -> Option<Date> {
    let sent = events.iter().find(|event| event.kind == "document.sent");
    sent.map(|event| civil_day(event.time()))
}

#[cfg(test)]
mod tests {
    use super::{chain, is_urgent, may_go_out};
    use crate::kind::{Kind, Step};
    use crate::review::{StepState, stages_of};

    #[test]
    fn secrecy_legality_and_the_third_review_come_before_anything() {
        for kind in Kind::ALL {
            let urgent = chain(kind.chain());
            let mut usual = kind.chain().to_vec();
            let mut sorted = urgent.clone();
            usual.sort_unstable();
            sorted.sort_unstable();
            assert_eq!(sorted, usual, "no step is dropped: {kind:?}");
            let mut n = 0;
            let mut way = stages_of(
                &urgent,
                || {
                    n += 1;
                    n.to_string()
                },
                |_| None,
            );
            assert!(is_urgent(&way) && !may_go_out(&way));
            let third = urgent
                .iter()
                .position(|step| *step == Step::ThirdReview)
                .unwrap();
            for at in 0..=third {
                assert!(!may_go_out(&way), "{kind:?} {at}");
                way[at].state = StepState::Passed;
            }
            assert!(may_go_out(&way), "{kind:?}");
            way[third + 1].state = StepState::Returned;
            assert!(!may_go_out(&way), "what was sent back does not go out");
            let usual = stages_of(kind.chain(), String::new, |_| None);
            assert!(!is_urgent(&usual) && !may_go_out(&usual));
        }
    }
}

//! 三审三校、先审后发: the steps of one text, in order, each by a person of its own.
//!
//! Law: 政府信息公开条例 (2019) art. 17: nothing is published without a review whose procedure and responsibility are named.

pub mod answer;
pub mod checklist;
pub mod concerned;
pub mod demand;
pub mod handle;
pub mod late;
mod lines;
pub mod passage;
pub mod release;
pub mod store;
pub mod together;
pub mod urgent;

use gongkai_basis::Date;
use gongkai_basis::clock::Run;
use gongkai_basis::coded;
use gongkai_platform::web::civil_day;
use jiff::Timestamp;

use crate::kind::{Gate, Kind, Step};

coded! {
    /// Where a step stands.
    pub enum StepState {
        Waiting = "waiting", "待办";
        Claimed = "claimed", "办理中";
        Passed = "passed", "通过";
        Returned = "returned", "退回";
    }
}

impl StepState {
    /// Somebody decided.
    #[must_use]
    pub const fn is_done(self) -> bool {
        match self {
            Self::Passed | Self::Returned => true,
            Self::Waiting | Self::Claimed => false,
        }
    }
}

/// One step of one round of review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub id: String,
    pub position: i64,
    pub step: Step,
    pub state: StepState,
    pub due_on: Option<Date>,
    /// Account and name of who took it.
    pub by: Option<(String, String)>,
    /// What was answered to its checklist.
    pub checks: Vec<checklist::Checked>,
    /// The gates that these answers pass; before there were checklists, those that were ticked.
    pub gates: Vec<Gate>,
    pub remark: String,
    /// Milliseconds since 1970.
    pub at: Option<i64>,
    pub version: i64,
}

/// From which day the days of a step count: since the one before was passed, or since the text was sent. `None` where that
/// day is not known.
#[must_use]
pub fn run_of(stages: &[Stage], stage: &Stage, sent_on: Option<Date>) -> Option<Run> {
    let before = stages.iter().find(|one| one.position + 1 == stage.position);
    let from = match before {
        None => sent_on?,
        Some(before) => civil_day(Timestamp::from_millisecond(before.at?).ok()?),
    };
    Run::working_days(from, stage.step.working_days()).ok()
}

/// What a person does to the step in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Do {
    Claim,
    Release,
    Pass,
    Return,
}

/// Why the step cannot be taken so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Never {
    #[error("这一步已经办完了。")]
    Over,
    #[error("这一步还没有轮到。")]
    NotYet,
    #[error("这一步由别人领走了，请他办理或退还。")]
    Others,
    #[error("请先领取这一步，再办理。")]
    Unclaimed,
}

/// Where a step goes.
///
/// # Errors
/// When it stands otherwise, or somebody else has it.
pub const fn turn(state: StepState, mine: bool, act: Do) -> Result<StepState, Never> {
    match (state, act) {
        (StepState::Passed | StepState::Returned, _) => Err(Never::Over),
        (StepState::Waiting, Do::Claim) => Ok(StepState::Claimed),
        (StepState::Waiting, _) => Err(Never::Unclaimed),
        (StepState::Claimed, _) if !mine => Err(Never::Others),
        (StepState::Claimed, Do::Claim) => Ok(StepState::Claimed),
        (StepState::Claimed, Do::Release) => Ok(StepState::Waiting),
        (StepState::Claimed, Do::Pass) => Ok(StepState::Passed),
        (StepState::Claimed, Do::Return) => Ok(StepState::Returned),
    }
}

/// The step whose turn it is; `None` when all passed, or one sent the text back.
#[must_use]
pub fn current(stages: &[Stage]) -> Option<&Stage> {
    if stages
        .iter()
        .any(|stage| stage.state == StepState::Returned)
    {
        return None;
    }
    stages.iter().find(|stage| stage.state != StepState::Passed)
}

/// Did every step pass?
#[must_use]
pub fn is_through(stages: &[Stage]) -> bool {
    !stages.is_empty() && stages.iter().all(|stage| stage.state == StepState::Passed)
}

/// The steps of a kind, none taken.
#[must_use]
pub fn stages(
    kind: Kind,
    id: impl FnMut() -> String,
    due_on: impl Fn(Step) -> Option<Date>,
) -> Vec<Stage> {
    stages_of(kind.chain(), id, due_on)
}

/// These steps in this order, none taken.
#[must_use]
pub fn stages_of(
    chain: &[Step],
    mut id: impl FnMut() -> String,
    due_on: impl Fn(Step) -> Option<Date>,
) -> Vec<Stage> {
    (1_i64..)
        .zip(chain)
        .map(|(position, step)| Stage {
            id: id(),
            position,
            step: *step,
            state: StepState::Waiting,
            due_on: if position == 1 { due_on(*step) } else { None },
            by: None,
            checks: Vec::new(),
            gates: Vec::new(),
            remark: String::new(),
            at: None,
            version: 1,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Do, Never, StepState, current, is_through, stages, turn};
    use crate::kind::Kind;

    /// Every state × who × act.
    #[test]
    fn a_step_goes_only_as_the_table_says() {
        use StepState::{Claimed, Passed, Returned, Waiting};
        for state in StepState::ALL {
            for mine in [true, false] {
                for act in [Do::Claim, Do::Release, Do::Pass, Do::Return] {
                    let want = match (*state, mine, act) {
                        (Passed | Returned, _, _) => Err(Never::Over),
                        (Waiting, _, Do::Claim) => Ok(Claimed),
                        (Waiting, _, _) => Err(Never::Unclaimed),
                        (Claimed, false, _) => Err(Never::Others),
                        (Claimed, true, Do::Claim) => Ok(Claimed),
                        (Claimed, true, Do::Release) => Ok(Waiting),
                        (Claimed, true, Do::Pass) => Ok(Passed),
                        (Claimed, true, Do::Return) => Ok(Returned),
                    };
                    assert_eq!(turn(*state, mine, act), want, "{state:?} {mine} {act:?}");
                }
            }
        }
    }

    #[test]
    fn steps_come_one_after_the_other() {
        let mut n = 0;
        let id = || {
            n += 1;
            n.to_string()
        };
        let mut way = stages(Kind::Normative, id, |_| None);
        for step in Kind::Normative.chain() {
            assert!(!is_through(&way));
            let now = current(&way).map(|stage| (stage.step, stage.position));
            assert_eq!(now.map(|(step, _)| step), Some(*step));
            let position = now.map_or(0, |(_, position)| position);
            for stage in way.iter_mut().filter(|stage| stage.position == position) {
                stage.state = StepState::Passed;
            }
        }
        assert!(is_through(&way) && current(&way).is_none());
        way[2].state = StepState::Returned;
        assert!(!is_through(&way) && current(&way).is_none());
    }
}

//! What ties a paper to its case: what the case already says of it, and the act that leaves with it. Pure.

mod extension;
mod facts;
pub mod handle;
pub mod leave;
mod said;
mod step;
mod uncharged;

pub use extension::approval_fault;
pub use facts::{Known, decided_anew, facts, own_term};
pub use said::said;
pub use step::{decision, step};
pub(crate) use uncharged::uncharged;

use super::{Letter, LetterKind, LetterState};
use crate::fee::FeeScheme;
use crate::request::case::Case;
use crate::request::reply::Decision;
use crate::request::state::Act;

/// The act of the case that a paper is; `None` for papers that only lie in the file.
#[must_use]
pub const fn act(kind: LetterKind) -> Option<Act> {
    Some(match kind {
        LetterKind::Supplement => Act::AskSupplement,
        LetterKind::ExplainReasons => Act::AskReasons,
        LetterKind::Extension => Act::ApproveExtension,
        LetterKind::Deferral => Act::Defer,
        LetterKind::ThirdParty | LetterKind::CoMaker => Act::Consult,
        LetterKind::Assist => Act::AskUnit,
        LetterKind::Fee => Act::Charge,
        LetterKind::AlreadyPublished
        | LetterKind::Disclose
        | LetterKind::Partly
        | LetterKind::Refuse
        | LetterKind::NotHeld
        | LetterKind::NotOurs
        | LetterKind::NotReady
        | LetterKind::StillUnclear
        | LetterKind::Repeated
        | LetterKind::Query
        | LetterKind::Petition
        | LetterKind::Publication
        | LetterKind::Excessive
        | LetterKind::Confirmation
        | LetterKind::Correction
        | LetterKind::Complaint => Act::Dispatch,
        LetterKind::Application
        | LetterKind::Register
        | LetterKind::Receipt
        | LetterKind::ThirdPartyAnswer
        | LetterKind::Consulting
        | LetterKind::DecidedOpen
        | LetterKind::Review
        | LetterKind::ReviewReferral
        | LetterKind::Closed
        | LetterKind::Delivery => return None,
    })
}

/// The papers by which an act can be done.
#[must_use]
pub fn papers(act_: Act) -> Vec<LetterKind> {
    let fits = |kind: &LetterKind| act(*kind) == Some(act_);
    LetterKind::ALL.iter().copied().filter(fits).collect()
}

/// Is it a reply that goes out with 发出答复?
#[must_use]
pub fn is_reply(kind: LetterKind) -> bool {
    act(kind) == Some(Act::Dispatch)
}

/// The letter that carries the reply as it is decided now: the newest one of its kind that is neither void nor of an earlier
/// round.
#[must_use]
pub fn reply_letter<'l>(letters: &'l [Letter], decision: &Decision) -> Option<&'l Letter> {
    let kind = decision.reply.letter();
    letters.iter().rev().find(|letter| {
        letter.kind == kind && !matches!(letter.state, LetterState::Void | LetterState::Issued)
    })
}

/// As which request of its applicant's month a case was charged, where it was charged by request.
#[must_use]
pub fn charged_position(case: &Case) -> Option<u64> {
    let data = &case.charge()?.data;
    let scheme = data.get("scheme")?.as_str()?;
    (scheme == FeeScheme::ByRequest.code())
        .then(|| data.get("count")?.as_u64())
        .flatten()
}

/// Why something is given to which a third party objected: as it was decided before, else as the paper says that tells the
/// third party; a reply's own paper has no place for it.
#[must_use]
pub fn public_interest(case: &Case, letters: &[Letter]) -> String {
    let decided = case.request.decision.as_ref();
    let decided = decided.map_or("", |one| one.public_interest.trim());
    let tells =
        |one: &&Letter| one.kind == LetterKind::DecidedOpen && one.state != LetterState::Void;
    let told = letters.iter().rev().find(tells);
    match decided {
        "" => told.map_or("", |one| one.facts.get("reason")).to_owned(),
        decided => decided.to_owned(),
    }
}

/// Where in the history an act stands that no letter was issued for yet; what was taken back has none.
#[must_use]
pub fn without_letter(case: &Case, letters: &[Letter], of: &Letter) -> Option<usize> {
    let wanted = act(of.kind)?;
    let begin = case
        .entries
        .iter()
        .rposition(|one| one.act == Some(Act::Redo));
    let to = of.facts.get("to");
    case.entries
        .iter()
        .enumerate()
        .skip(begin.unwrap_or(0))
        .find(|(place, entry)| {
            entry.act == Some(wanted)
                && !entry.is_carried()
                && !case.is_taken_back(*place)
                && !letters.iter().any(|one| one.entry == Some(*place))
                && (to.is_empty() || entry.sentence.contains(to))
        })
        .map(|(place, _)| place)
}

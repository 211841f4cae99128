//! What must hold before a reply leaves: its letter says what was decided, third parties were told, what it gives is there.
//! Pure.

use super::facts::{Known, unlike};
use super::is_reply;
use crate::letter::remedy::{Remedy, Served};
use crate::letter::{Letter, LetterKind, LetterState};
use crate::request::Way;
use crate::request::case::Case;
use crate::request::reply::Decision;
use crate::request::state::Act;
use crate::request::step::Service;

/// Why a reply's letter cannot go on: it says something else than what was decided. Whether it names who is registered by now,
/// the linter tells.
#[must_use]
pub fn disagreement(letter: &Letter, decision: &Decision, known: &Known<'_>) -> Option<String> {
    let unlike = unlike(&letter.facts, letter.kind, decision, known);
    let template = letter.kind.template();
    let blanks = unlike.iter().filter_map(|(code, _)| template.blank(code));
    let labels: Vec<&str> = blanks.map(|blank| blank.label).collect();
    (!unlike.is_empty()).then(|| {
        format!(
            "答复文书与案卷拟定的答复不一致（{}），这一步没有办理，什么都没有发出。请“退回重拟”，由经办人核对以后重新拟定答复。",
            labels.join("、")
        )
    })
}

/// The third parties that objected to what is given all the same, and that no issued paper tells of it since the case was
/// last done again.
///
/// Law: art. 32: 决定予以公开的，将决定公开的政府信息内容和理由书面告知第三方.
#[must_use]
pub fn untold<'c>(case: &'c Case, letters: &[Letter]) -> Vec<&'c str> {
    let decision = case.request.decision.as_ref();
    let given =
        decision.is_some_and(|one| one.reply.releases() && !one.public_interest.trim().is_empty());
    if !given {
        return Vec::new();
    }
    let mut objectors = case.objectors();
    objectors.retain(|name| !has_paper(case, letters, name, |it| it == LetterState::Issued));
    objectors
}

/// Is there a paper that tells a third party of what is given all the same, in a state that is looked for? One of before the
/// case was last done again tells of another decision.
pub(super) fn has_paper(
    case: &Case,
    letters: &[Letter],
    name: &str,
    stands: fn(LetterState) -> bool,
) -> bool {
    let since = case.last(Act::Redo).map(|redo| redo.at);
    letters.iter().any(|one| {
        one.kind == LetterKind::DecidedOpen
            && stands(one.state)
            && since.is_none_or(|since| one.updated_at >= since)
            && one.facts.get("to") == name
    })
}

/// Why a reply cannot leave while third parties are untold.
#[must_use]
pub fn untold_words(names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| {
        format!(
            "第三方不同意而决定公开的，要把公开的内容和理由书面告知第三方（条例第三十二条）。还没有发给{}的《决定公开告知书》，答复没有发出；请每个第三方各拟一份，“主送”写征求意见时的名称，复核、编号发出以后再发出答复。",
            names.join("、")
        )
    })
}

/// Does a letter give something with it?
#[must_use]
pub fn gives(letter: &Letter) -> bool {
    match letter.kind {
        LetterKind::Disclose => letter.facts.get("supply") == "given",
        // What is open may stand in the letter itself.
        LetterKind::Partly => letter.facts.get("supply") != "here",
        _ => false,
    }
}

/// Does a reply that leaves so carry nothing but files?
#[must_use]
pub const fn carries_files(service: Service) -> bool {
    match service {
        Service::Email | Service::Web => true,
        Service::Post | Service::Direct | Service::Entrusted => false,
    }
}

/// Does its applicant get nothing but files?
#[must_use]
pub const fn wants_files(way: Way) -> bool {
    matches!(way, Way::Email | Way::Web)
}

/// How the reply of a case begins, so that what is signed says what 行政复议法 art. 22 asks for: over the net where its applicant
/// wants it so.
#[must_use]
pub fn begins(kind: LetterKind, case: &Case) -> Served {
    if is_reply(kind) && wants_files(case.request.wish.way) {
        Served::Online
    } else {
        Served::OnPaper
    }
}

/// How a reply leaves with the case's act. What was numbered is printed and sealed: it does not begin to say more.
///
/// Law: 行政复议法 art. 22: a decision that is served over the net names the channel there for 复议.
///
/// # Errors
/// The sentence for people, where a letter goes over the net that was signed without that channel.
pub fn served_by(letter: &Letter, service: Service) -> Result<Served, &'static str> {
    let numbered = letter.number.is_some();
    match service {
        Service::Email | Service::Web => {
            let says_none = letter.kind.template().remedy == Remedy::None;
            if numbered && letter.served == Served::OnPaper && !says_none {
                return Err(
                    "审签编号的答复文书按书面送达拟写，没有写明网上申请行政复议的渠道（行政复议法第22条），没有发出。要从网上送达的，请先“退回重拟”，在文书里勾选“通过互联网渠道送达”，重新送审、审签；也可以改用邮寄等书面方式发出。",
                );
            }
            Ok(Served::Online)
        }
        // What was signed with the way over the net is printed so already.
        Service::Post | Service::Direct | Service::Entrusted if numbered => Ok(letter.served),
        Service::Post | Service::Direct | Service::Entrusted => Ok(Served::OnPaper),
    }
}

/// Why a letter that gives something cannot leave without files.
///
/// Law: art. 17: what is given is reviewed; files come with the decision, not with the dispatch.
#[must_use]
pub fn no_files(kind: LetterKind) -> String {
    let other = if kind == LetterKind::Partly {
        "公开的内容全部写在文书里的，把文书的“公开的部分怎样提供”改为“全部写在本答复书里”"
    } else {
        "只告知获取途径的，把文书的“怎样提供”改过来"
    };
    format!(
        "文书写的是把信息提供给申请人，案卷里却没有答复材料，网上送达、电子邮件送不到，答复没有发出。请审签的人“退回重拟”，经办人在“拟定答复”附上要提供的文件，重新审查、审签；随纸质文书寄送、交付的，送达方式请选邮寄、直接送达或者委托送达；{other}。"
    )
}

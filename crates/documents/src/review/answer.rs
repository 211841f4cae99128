//! 说明: what a reviewer answers to a sure finding of the check, kept in the step's remark as lines `【问题｜原文】说明`.
//! No step that asks passes while a secrecy mark, personal data, a citation of what is not public, what may be a map, what an
//! attachment hides and keeps, or one that could not be checked has no answer: in the text, and in the attachments as they
//! were looked through when they were sealed. At the door only what is sure is asked for once more, for it may have become known since.
//!
//! Law: 政府信息公开条例 (2019) art. 15, 17; 保守国家秘密法 (2024) art. 35; 个人信息保护法 art. 28; 地图管理条例 art. 22.

use gongkai_basis::id::OrganId;
use gongkai_inspect::{Confidence, Finding, Kind, Rules};
use gongkai_platform::db::{StoreError, Tx};

use super::lines::Marks;
use super::{Stage, StepState};
use crate::document::reference::Reference;
use crate::document::{Document, Edition, State, files, reference};
use crate::inspection;
use crate::kind::Step;
use crate::rules;

pub use gongkai_inspect::answer::{Answer, ONE_BY_ONE_MAX, Question, is_asked, questions, why_not};

const MARKS: Marks = Marks {
    open: '【',
    close: '】',
};

/// Steps whose reviewer answers: the review of secrecy, and the last one before publication.
#[must_use]
pub const fn asks(step: Step) -> bool {
    match step {
        Step::Secrecy | Step::ThirdReview => true,
        Step::FirstProof
        | Step::FirstReview
        | Step::SecondProof
        | Step::SecondReview
        | Step::Legality
        | Step::ThirdProof => false,
    }
}

/// The remark with its answers, as it is kept.
#[must_use]
pub fn written(remark: &str, answers: &[Answer]) -> String {
    let line = |one: &Answer| (one.key(), one.note.clone());
    MARKS.written(remark, answers.iter().map(line))
}

/// What was written, parted again.
#[must_use]
pub fn read(written: &str) -> (String, Vec<Answer>) {
    MARKS.read(written, Answer::of)
}

/// Answers of the steps that passed.
#[must_use]
pub fn given(stages: &[Stage]) -> Vec<Answer> {
    stages
        .iter()
        .filter(|stage| stage.state == StepState::Passed && asks(stage.step))
        .flat_map(|stage| read(&stage.remark).1)
        .collect()
}

/// What the check finds in an edition by the rules of today; in its attachments, as they were when it was sealed. Those of
/// a draft have no seal and are looked at as they are.
///
/// # Errors
/// When the store fails.
pub async fn findings(
    tx: &mut Tx,
    document: &Document,
    edition: &Edition,
) -> Result<Vec<Finding>, StoreError> {
    let rules = rules::rules(tx, document.owner).await?;
    let files = files::of(tx, document, edition.id).await?;
    let mut found = inspection::of_edition(edition, &files, &rules);
    found.extend(match document.state {
        State::Draft => files::unsealed(tx, &files, &rules).await?,
        State::Reviewing | State::Approved | State::Discarded | State::Settled => {
            files::found(tx, edition.id, &files).await?
        }
    });
    found.extend(files::down_findings(tx, &files).await?);
    let references = reference::in_text(&edition.text);
    found.extend(references_by(tx, (document.owner, &rules), &references).await?);
    Ok(found)
}

/// What the own library says otherwise of these references in a text of an organ, by rules that were read already.
///
/// # Errors
/// When the store fails.
pub async fn references_by(
    tx: &mut Tx,
    (organ, rules): (OrganId, &Rules),
    references: &[Reference],
) -> Result<Vec<Finding>, StoreError> {
    let mut found = reference::findings(tx, organ, references).await?;
    found.retain(|one| !rules.exceptions.contains(&(one.kind, one.text.clone())));
    Ok(found)
}

/// What keeps a reviewed edition inside: sure findings that nobody answered for. What only a look tells (may it be a map, what
/// stands in a scan) is a question to the steps that were told of it: what was approved without it stays approved.
///
/// # Errors
/// When the store fails.
pub async fn why_not_out(
    tx: &mut Tx,
    document: &Document,
    edition: &Edition,
    stages: &[Stage],
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let mut findings = findings(tx, document, edition).await?;
    findings.retain(|one| {
        one.confidence == Confidence::High && !matches!(one.kind, Kind::Map | Kind::Unread)
    });
    let open = questions(&findings, &given(stages));
    Ok(open
        .iter()
        .map(|one| {
            (
                "state",
                format!(
                    "发布前检查发现{}，审核时没有人说明，不能发布。请改好正文，或保存为新的一稿重新送审，由保密审查和三审逐处写明理由。",
                    one.sentence()
                ),
            )
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::{Answer, read, written};

    #[test]
    fn what_is_written_is_read_again() {
        let answers = vec![Answer::of("secrecy｜机密\n★20年", "引文，\n不是标志").unwrap()];
        let text = written("同意", &answers);
        assert_eq!(text, "同意\n【secrecy｜机密★20年】引文， 不是标志");
        assert_eq!(read(&text), ("同意".to_owned(), answers));
    }
}

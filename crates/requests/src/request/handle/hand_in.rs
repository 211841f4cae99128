//! What holders of codes hand in without an act of its own: proofs of payment, and files that come after what they belong to.

use gongkai_basis::{Actor, Date};
use gongkai_platform::attachment::{self, New, PER_SUBJECT_MAX};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use serde_json::Value;

use crate::request::case::{Case, Entry};
use crate::request::state::{Act, State};
use crate::request::step::Doer;
use crate::request::store;
use crate::request::submit::{self, PAPERS, SUBJECT, record};

/// What an applicant reads who has sent in a proof of payment.
pub(crate) const PROOF_IS_IN: &str = "您上传了缴费凭证，等待工作机构核对";

/// Whose file it is, and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Comes {
    /// The applicant's proof of payment; whether it was paid is the desk's to confirm.
    Proof,
    /// The applicant's, to what was handed in under this name before.
    After(&'static str),
    /// A third party's, by its name, to the answer that it gave.
    AfterAnswer(String),
}

impl Comes {
    /// Beside what its files stand.
    const fn beside(&self) -> &'static str {
        match self {
            Self::Proof | Self::After(_) => SUBJECT,
            Self::AfterAnswer(_) => PAPERS,
        }
    }

    /// Why nothing more can be taken; what is over does not look received.
    fn why_not(&self, state: State) -> Option<String> {
        let now = state.public_name();
        let open = match self {
            Self::Proof => state == State::AwaitingPayment,
            Self::After(_) | Self::AfterAnswer(_) => state.is_running(),
        };
        let said = match self {
            Self::Proof => format!(
                "申请现在的情况是“{now}”，不在等待缴费，凭证没有保存；有疑问请联系受理机关。"
            ),
            Self::After(_) => format!(
                "申请现在的情况是“{now}”，这次选的文件没有保存；还要交的，请联系受理机关，写明申请编号。"
            ),
            // Where a case stands is no business of a third party.
            Self::AfterAnswer(_) => {
                "这件申请已经办结，这次选的文件没有保存；您原来的答复不变。有疑问请联系征求意见的机关。"
                    .to_owned()
            }
        };
        (!open).then_some(said)
    }

    /// For staff, for the applicant, for the inbox of the desk.
    fn words(&self, names: &str) -> (String, String, String) {
        match self {
            Self::Proof => (
                "上传了缴费凭证，请核对后办理“收到缴费”".to_owned(),
                PROOF_IS_IN.to_owned(),
                "申请人上传了缴费凭证".to_owned(),
            ),
            Self::After(what) => (
                format!("{what}以后又上传文件：{names}，请核对"),
                format!("您又上传了文件：{names}"),
                "申请人又上传了文件".to_owned(),
            ),
            Self::AfterAnswer(_) => (
                format!("答复征求意见以后又上传材料：{names}，请核对"),
                String::new(),
                "征求意见的对象又上传了材料".to_owned(),
            ),
        }
    }
}

/// Those of the files that the case does not have yet, by their bytes.
///
/// # Errors
/// When the store fails.
pub(crate) async fn fresh(
    tx: &mut Tx,
    case: &Case,
    (comes, files): (&Comes, &[New]),
) -> Result<Vec<New>, StoreError> {
    let subject = case.request.id.to_string();
    let there = attachment::of(tx, (comes.beside(), &subject)).await?;
    let is_there = |file: &New| match file {
        New::File { sha256, .. } => there.iter().any(|one| one.sha256.as_ref() == Some(sha256)),
        New::Link(link) => there
            .iter()
            .any(|one| one.url.as_deref() == Some(link.as_str())),
    };
    let fresh = files.iter().filter(|file| !is_there(file));
    Ok(fresh.cloned().collect())
}

/// Keeps files with a line of the history; who calls has proved the code.
///
/// # Errors
/// Refused where nothing more is taken, in words that say that nothing was kept.
pub(crate) async fn take(
    tx: &mut Tx,
    mut case: Case,
    (comes, files): (&Comes, Vec<New>),
    today: Date,
) -> Result<Case, NotDone> {
    let subject = case.request.id.to_string();
    let beside = (comes.beside(), subject.as_str());
    if let Some(said) = comes.why_not(case.request.state) {
        return Err(NotDone::Refused(vec![("file", said)]));
    }
    if attachment::of(tx, beside).await?.len() + files.len() > PER_SUBJECT_MAX {
        let said = format!(
            "网上最多交{PER_SUBJECT_MAX}个文件，这次选的没有保存；还要交的，请联系受理机关，写明申请编号。"
        );
        return Err(NotDone::Refused(vec![("file", said)]));
    }
    let names: Vec<&str> = files.iter().map(name).collect();
    let (sentence, public, told) = comes.words(&names.join("、"));
    attachment::attach(tx, &Actor::System, beside, case.request.organ, files).await?;
    let by = match comes {
        Comes::Proof | Comes::After(_) => Doer::applicant(&case.request.applicant.name).name,
        Comes::AfterAnswer(name) => name.clone(),
    };
    let entry = Entry {
        act: Some(Act::Note),
        on: today,
        at: tx.now().as_millisecond(),
        by,
        account: None,
        sentence,
        public,
        data: Value::Null,
        clock: Vec::new(),
    };
    case.entries.push(entry.clone());
    store::save(tx, &case, &entry).await?;
    case.request.version += 1;
    let kind = match comes {
        Comes::Proof => "request.payment-proof",
        Comes::After(_) | Comes::AfterAnswer(_) => "request.files-added",
    };
    let sentence = format!("{}：{told}", case.request.number);
    record(tx, &Actor::System, &case, kind, sentence);
    submit::tell_desk(tx, &case, &told).await?;
    Ok(case)
}

fn name(file: &New) -> &str {
    match file {
        New::File { name, .. } => name,
        New::Link(link) => link.as_str(),
    }
}

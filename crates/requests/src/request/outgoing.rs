//! 送出前的检查: what leaves with a reply — its words, the part that is opened, its files — as the check before publication sees
//! it. The review passes when each sure finding is answered for; at 审签 and 发出 what was found since stops the reply.
//!
//! Law: 条例 art. 14, 15, 17; 保守国家秘密法 (2024) art. 35; 个人信息保护法 art. 28.

use std::sync::Arc;

use gongkai_inspect::answer::{self, Answer, Question, plain, questions};
use gongkai_inspect::{Confidence, Finding, Kind};
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, New};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason};
use gongkai_platform::seam::{Check, Spotted};
use gongkai_platform::web::App;

use super::case::Case;
use super::reply::Decision;
use super::scrutiny;
use super::state::Act;
use super::step::Step;
use super::store;
use super::submit::REPLY;
use crate::acts::HandleRequests;
use crate::id::RequestId;
use crate::letter::template::BlankKind;
use crate::letter::{Letter, tie};
use crate::reach;

/// Blanks of a letter that say whose case it is: the applicant wrote that itself.
const OWN: [&str; 3] = ["applicant", "case_no", "summary"];

/// Something that was found, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// `“公开的部分”第2行`, `附件“清单.docx”第8行`
    pub place: String,
    /// The passage as it stands there.
    pub passage: String,
    /// As the review is asked about it: in a file with the file's name.
    pub finding: Finding,
}

impl Found {
    /// Must somebody answer for it?
    #[must_use]
    pub fn is_asked(&self) -> bool {
        answer::is_asked(&self.finding)
    }
}

/// What leaves with the reply of a case as the check sees it now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaving {
    /// The version of the case that was looked at.
    pub version: i64,
    pub found: Vec<Found>,
    /// Hash and name of files that were not looked through yet.
    pub unread: Vec<(String, String)>,
    /// Does content leave with it?
    releases: bool,
    /// What the last review answered; `None` where it was done before it was asked.
    answers: Option<Vec<Answer>>,
}

/// Acts that let a reply go on: nothing does without the check.
#[must_use]
pub const fn asks(act: Act) -> bool {
    matches!(act, Act::Pass | Act::Sign | Act::Dispatch)
}

impl Leaving {
    fn findings(&self) -> Vec<Finding> {
        self.found.iter().map(|one| one.finding.clone()).collect()
    }

    /// What the reviewer is asked about.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        questions(&self.findings(), &[])
    }

    fn unread_words(&self) -> Option<Reason> {
        let names: Vec<String> = self
            .unread
            .iter()
            .map(|(_, name)| format!("“{name}”"))
            .collect();
        (!names.is_empty()).then(|| {
            let said = format!(
                "附件{}还没有检查完，没有办理；已经排队检查，一般一分钟内做完，请稍后再点。",
                names.join("、")
            );
            ("act", said)
        })
    }

    /// Why the review cannot pass with these answers.
    #[must_use]
    pub fn why_not_pass(&self, answers: &[Answer]) -> Vec<Reason> {
        let mut reasons = answer::why_not(&self.findings(), answers);
        reasons.extend(self.unread_words());
        reasons
    }

    /// What stops a reply after its review: sure findings that nobody answered for. A review from before it was asked is held
    /// to what a text or a file says; what only a look tells was not asked of it.
    #[must_use]
    pub fn stops(&self) -> Vec<String> {
        let mut findings = self.findings();
        if self.answers.is_none() {
            findings.retain(|one| {
                one.confidence == Confidence::High
                    && !matches!(one.kind, Kind::Map | Kind::Unread | Kind::Hidden)
            });
        }
        let given = self.answers.as_deref().unwrap_or_default();
        questions(&findings, given)
            .iter()
            .map(|one| {
                format!(
                    "送出前的检查发现{}，公开审查时没有人说明。这一步没有办理，什么都没有发出；请“退回重拟”，改好后重新审查，确可公开的由审查人逐处说明。",
                    one.sentence()
                )
            })
            .collect()
    }

    fn why_not_leave(&self) -> Vec<Reason> {
        let stops = self.stops().into_iter().map(|said| ("act", said));
        stops.chain(self.unread_words()).collect()
    }
}

/// What leaves with the reply of a case in reach; files that nobody has read yet are read first. `None` where the check is not
/// there, or the case is not.
///
/// # Errors
/// When the store fails.
pub async fn look(
    app: &App,
    permit: &Permit<HandleRequests>,
    id: RequestId,
) -> Result<Option<Leaving>, StoreError> {
    let Some(check) = app.seams.check.clone() else {
        return Ok(None);
    };
    let seen = seen(app, permit, (id, &check)).await?;
    let unread = seen.as_ref().map_or(&[][..], |seen| seen.unread.as_slice());
    if unread.is_empty() {
        return Ok(seen);
    }
    for (sha256, _) in unread {
        check.read(app, sha256).await?;
    }
    self::seen(app, permit, (id, &check)).await
}

async fn seen(
    app: &App,
    permit: &Permit<HandleRequests>,
    (id, check): (RequestId, &Arc<dyn Check>),
) -> Result<Option<Leaving>, StoreError> {
    app.db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            match store::own(tx, &scope, id).await? {
                Some(case) => leaving(tx, check, &case).await.map(Some),
                None => Ok(None),
            }
        })
        .await
}

/// Why a step that lets a reply go on, or an answer on the spot, cannot be done with what leaves now; nothing where the step
/// is another one.
///
/// # Errors
/// Refused with all the reasons; stale where the case went on meanwhile.
pub async fn checked(
    app: &App,
    permit: &Permit<HandleRequests>,
    (id, version): (RequestId, i64),
    step: &Step,
) -> Result<(), NotDone> {
    if let Step::Answer { decision, .. } = step {
        return told(app, permit, (id, version), decision).await;
    }
    if !asks(step.act()) {
        return Ok(());
    }
    let Some(leaving) = look(app, permit, id).await? else {
        return Ok(());
    };
    if leaving.version != version {
        return Err(StoreError::Stale.into());
    }
    let reasons = match step {
        Step::Pass { scrutiny, .. } => {
            // All that is wrong with the form at once.
            let mut reasons = scrutiny.why_not(leaving.releases, app.today());
            reasons.extend(leaving.why_not_pass(&scrutiny.answers));
            reasons
        }
        _ => leaving.why_not_leave(),
    };
    gongkai_platform::fault::refused(reasons)
}

/// What is said at the counter leaves without a review: nobody answers for a sure finding, so it stops the answer.
async fn told(
    app: &App,
    permit: &Permit<HandleRequests>,
    (id, version): (RequestId, i64),
    decision: &Decision,
) -> Result<(), NotDone> {
    let Some(check) = app.seams.check.clone() else {
        return Ok(());
    };
    let seen = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            let Some(case) = store::own(tx, &scope, id).await? else {
                return Ok::<_, StoreError>(None);
            };
            let found = spoken(tx, &check, &case, words(decision, None)).await?;
            Ok(Some((case.request.version, found)))
        })
        .await?;
    let Some((now, found)) = seen else {
        return Ok(());
    };
    if now != version {
        return Err(StoreError::Stale.into());
    }
    let findings: Vec<Finding> = found.into_iter().map(|one| one.finding).collect();
    let reasons = questions(&findings, &[]).into_iter().map(|one| {
        let said = format!(
            "送出前的检查发现{}。当场答复不经公开审查，没有登记；请去掉这处内容再登记，要给出的请走“拟定答复”，由审查人逐处说明（条例第17条）。",
            one.sentence()
        );
        ("act", said)
    });
    gongkai_platform::fault::refused(reasons.collect())
}

/// Has files read that were just attached, so that the review need not wait for it.
///
/// # Errors
/// When the store fails.
pub async fn read(app: &App, files: &[New]) -> Result<(), StoreError> {
    let Some(check) = &app.seams.check else {
        return Ok(());
    };
    for file in files {
        if let New::File { sha256, .. } = file {
            check.read(app, sha256).await?;
        }
    }
    Ok(())
}

async fn leaving(tx: &mut Tx, check: &Arc<dyn Check>, case: &Case) -> Result<Leaving, StoreError> {
    let mut leaving = Leaving {
        version: case.request.version,
        answers: case.last(Act::Pass).and_then(scrutiny::answers),
        ..Leaving::default()
    };
    let Some(decision) = &case.request.decision else {
        return Ok(leaving);
    };
    leaving.releases = decision.reply.releases();
    let letters = tie::handle::of(tx, case).await?;
    let words = words(decision, tie::reply_letter(&letters, decision));
    leaving.found = spoken(tx, check, case, words).await?;
    in_files(tx, check, case, &mut leaving).await?;
    Ok(leaving)
}

/// What the check finds in words, each with its place; what its own applicant wrote tells that applicant nothing new.
async fn spoken(
    tx: &mut Tx,
    check: &Arc<dyn Check>,
    case: &Case,
    words: Vec<(String, String)>,
) -> Result<Vec<Found>, StoreError> {
    let (places, texts): (Vec<String>, Vec<String>) = words.into_iter().unzip();
    let found = check.texts(tx, case.request.organ, &texts).await?;
    let spoken = places.into_iter().zip(found).flat_map(|(place, spots)| {
        spots
            .into_iter()
            .filter_map(move |spot| in_words(&place, spot))
    });
    let mut spoken: Vec<Found> = spoken.collect();
    let own = own_words(case);
    spoken.retain(|one| {
        let personal = one.finding.kind.is_personal() || one.finding.kind == Kind::Citation;
        !(personal && own.contains(&plain(&one.passage)))
    });
    Ok(spoken)
}

/// Files of this round; what left in an earlier one is given already.
async fn in_files(
    tx: &mut Tx,
    check: &Arc<dyn Check>,
    case: &Case,
    leaving: &mut Leaving,
) -> Result<(), StoreError> {
    let since = case.last(Act::Redo).map_or(0, |redo| redo.at);
    let subject = case.request.id.to_string();
    let there = attachment::of(tx, (REPLY, &subject)).await?;
    let files: Vec<(String, String)> = there
        .into_iter()
        .filter(|file| file.at >= since && file.withheld.is_none())
        .filter_map(|file| Some((file.sha256?, file.title)))
        .collect();
    if files.is_empty() {
        return Ok(());
    }
    let seen = check.files(tx, case.request.organ, &files).await?;
    for ((sha256, title), spots) in files.into_iter().zip(seen) {
        match spots {
            None => leaving.unread.push((sha256, title)),
            Some(spots) => {
                let found = spots.into_iter();
                let found = found.filter_map(|spot| in_file(&title, spot));
                leaving.found.extend(found);
            }
        }
    }
    Ok(())
}

/// The words that leave, each with its place: those of the decision, and what the letter says beside them.
fn words(decision: &Decision, letter: Option<&Letter>) -> Vec<(String, String)> {
    let decided = [
        ("答复内容或理由", &decision.text),
        ("公开的部分", &decision.open_part),
        ("不予公开的部分", &decision.closed_part),
        ("途径、机关", &decision.place),
        ("联系方式", &decision.contact),
        ("公共利益理由", &decision.public_interest),
    ];
    let mut words: Vec<(String, String)> = decided
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(label, text)| (format!("“{label}”"), text.clone()))
        .collect();
    let Some(letter) = letter else {
        return words;
    };
    for blank in letter.kind.template().all_blanks() {
        let text = letter.facts.get(blank.code);
        let is_free = matches!(blank.kind, BlankKind::Line | BlankKind::Text);
        // What was decided stands in the letter, too: it is found once.
        let known = text.is_empty() || words.iter().any(|(_, said)| said.contains(text));
        if is_free && !known && !OWN.contains(&blank.code) {
            words.push((format!("文书“{}”", blank.label), text.to_owned()));
        }
    }
    words
}

/// What the applicant wrote of itself and of its wish, to be compared: told to the applicant, it tells nobody anything new.
fn own_words(case: &Case) -> String {
    let (who, wish) = (&case.request.applicant, &case.request.wish);
    let own = [
        &who.name,
        &who.paper_number,
        &who.head,
        &who.contact,
        &who.phone,
        &who.fax,
        &who.email,
        &who.address,
        &wish.subject,
        &wish.description,
    ];
    let own: Vec<String> = own.into_iter().map(|text| plain(text)).collect();
    own.join("\n")
}

fn finding(spot: &Spotted, text: String) -> Option<Finding> {
    let kind = Kind::ALL.into_iter().find(|one| one.name() == spot.kind)?;
    Some(Finding {
        start: 0,
        end: 0,
        kind,
        confidence: if spot.is_sure {
            Confidence::High
        } else {
            Confidence::Low
        },
        text,
        advice: spot.advice.clone(),
    })
}

fn at(place: &str, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("{place}第{line}行"),
        None => place.to_owned(),
    }
}

fn in_words(place: &str, spot: Spotted) -> Option<Found> {
    Some(Found {
        place: at(place, spot.line),
        finding: finding(&spot, spot.text.clone())?,
        passage: spot.text,
    })
}

fn in_file(title: &str, spot: Spotted) -> Option<Found> {
    let place = format!("附件“{title}”");
    Some(Found {
        finding: finding(&spot, format!("{place}：{}", spot.text))?,
        place: at(&place, spot.line),
        passage: spot.text,
    })
}

#[cfg(test)]
mod tests {
    use gongkai_inspect::answer::Answer;
    use gongkai_platform::seam::Spotted;

    use super::{Leaving, in_file, in_words, words};
    use crate::request::reply::{Decision, Reply};

    fn spot(kind: &'static str, is_sure: bool, text: &str) -> Spotted {
        Spotted {
            kind,
            is_sure,
            text: text.to_owned(),
            line: Some(2),
            advice: String::new(),
        }
    }

    #[test]
    fn sure_findings_are_answered_for_before_and_after_the_review() {
        let found = vec![
            in_words("“公开的部分”", spot("mobile", true, "13800138000")).unwrap(),
            in_words("“公开的部分”", spot("name", false, "张某某")).unwrap(),
            in_file("清单.txt", spot("id_card", true, "11010519491231002X")).unwrap(),
            in_file("签到表.pdf", spot("unread", true, "扫描件")).unwrap(),
        ];
        assert_eq!(found[0].place, "“公开的部分”第2行");
        assert_eq!(found[2].place, "附件“清单.txt”第2行");
        let mut leaving = Leaving {
            found,
            ..Leaving::default()
        };
        assert_eq!(leaving.why_not_pass(&[]).len(), 3);
        let answers: Vec<Answer> = leaving
            .questions()
            .iter()
            .filter_map(|one| Answer::of(&one.key(), "已人工核对，值班信息"))
            .collect();
        assert!(leaving.why_not_pass(&answers).is_empty());
        // A review from before it was asked is held to what is sure, a new one to all that it was asked.
        assert_eq!(leaving.stops().len(), 2);
        leaving.answers = Some(Vec::new());
        assert_eq!(leaving.stops().len(), 3);
        leaving.answers = Some(answers);
        assert!(leaving.stops().is_empty());
        leaving.unread = vec![("ab".to_owned(), "新附件.txt".to_owned())];
        assert!(
            leaving.why_not_leave()[0]
                .1
                .contains("“新附件.txt”还没有检查完")
        );
    }

    #[test]
    fn what_is_said_twice_is_looked_at_once() {
        let decision = Decision {
            text: "提供清单一份".to_owned(),
            open_part: "清单".to_owned(),
            ..Decision::of(Reply::Open)
        };
        let places: Vec<String> = words(&decision, None)
            .into_iter()
            .map(|(place, _)| place)
            .collect();
        assert_eq!(places, ["“答复内容或理由”", "“公开的部分”"]);
    }
}

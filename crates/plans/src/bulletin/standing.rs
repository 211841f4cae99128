//! Between drafting and printing days go by: what was mended, done or found untrue since must not be published as if it were
//! not. What was published is not mended either by a unit's word alone: while the ledger says that it is so still, no re-check
//! closes it.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Date;
use gongkai_basis::id::{FindingId, OrganId};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, FindingState};
use jiff::ToSpan as _;

use super::facts::{LATE, NOT_AGAIN, UNANSWERED};
use super::store::fact::{self, TaskNow};
use super::{Bulletin, BulletinState, FactKind, FactRef, Part, PartStep};
use crate::practice;
use crate::quote::quoted;
use crate::step::{StepError, refused};
use crate::supervision::{self, OrderState};
use crate::{round, when};

/// Characters of a sentence that a refusal quotes.
const QUOTE_CHARS_MAX: usize = 40;
/// Sentences that a refusal names.
const NAMED: usize = 5;
/// Late submissions looked at.
const LATE_MAX: i64 = 20_000;

/// A sentence whose fact does not stand any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    pub organ: OrganId,
    pub organ_name: String,
    /// The sentence.
    pub text: String,
    pub fact: FactRef,
    /// What became of the fact: `问题已销号`.
    pub why: String,
}

/// A sentence whose fact holds still, although its unit reported that it was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    pub organ: OrganId,
    /// The sentence.
    pub text: String,
    pub fact: FactRef,
    /// What the ledger says, and what has to come first: `问题清单里还是“整改中”……`.
    pub says: String,
}

/// The sentences that hold still, of the parts that wait for a re-check.
///
/// # Errors
/// When the store fails.
pub async fn holding(
    tx: &mut Tx,
    bulletin: &Bulletin,
    parts: &[Part],
    today: Date,
) -> Result<Vec<Holding>, StoreError> {
    let waits = |part: &&Part| part.state.after(PartStep::Pass).is_some();
    let waiting: Vec<Part> = parts.iter().filter(waits).cloned().collect();
    let mut now = Now::default();
    for kind in FactKind::ALL {
        now.read(tx, bulletin, (*kind, &waiting), today).await?;
    }
    let mut found = Vec::new();
    for part in waiting {
        for sentence in part.sentences {
            let Some(fact) = sentence.fact else { continue };
            if let Some(says) = now.holds.get(&fact) {
                found.push(Holding {
                    organ: part.organ,
                    text: sentence.text,
                    says: says.clone(),
                    fact,
                });
            }
        }
    }
    Ok(found)
}

/// Refuses to close the part of a unit while the ledger says that something of it is so still, and says what to do.
///
/// # Errors
/// Refused; when the store fails.
pub(super) async fn all_mended(
    tx: &mut Tx,
    bulletin: &Bulletin,
    part: &Part,
    today: Date,
) -> Result<(), StepError> {
    let holding = holding(tx, bulletin, std::slice::from_ref(part), today).await?;
    let mut reasons: Vec<(&'static str, String)> = holding
        .iter()
        .take(NAMED)
        .map(|one| {
            let text = quoted(&one.text, QUOTE_CHARS_MAX);
            (
                "step",
                format!("{}的{text}：{}。", part.organ_name, one.says),
            )
        })
        .collect();
    if !holding.is_empty() {
        reasons.push((
            "step",
            format!(
                "有{}项还没有改好的记录，没有销号，单位的整改情况和材料都在。请先按上面所写的办好再复核；确实没有改好的，请点“复核未通过”，由单位改好后重报。",
                holding.len()
            ),
        ));
    }
    refused(reasons)
}

/// The sentences of a bulletin, not issued yet, whose facts do not stand any more.
///
/// # Errors
/// When the store fails.
pub async fn gone(
    tx: &mut Tx,
    bulletin: &Bulletin,
    parts: &[Part],
    today: Date,
) -> Result<Vec<Gone>, StoreError> {
    if ![BulletinState::Draft, BulletinState::Submitted].contains(&bulletin.state) {
        return Ok(Vec::new());
    }
    let mut now = Now::default();
    for kind in FactKind::ALL {
        now.read(tx, bulletin, (*kind, parts), today).await?;
    }
    let mut found = Vec::new();
    for part in parts {
        for sentence in &part.sentences {
            let Some(fact) = &sentence.fact else { continue };
            if let Some(why) = now.why_gone(fact, &sentence.text) {
                found.push(Gone {
                    organ: part.organ,
                    organ_name: part.organ_name.clone(),
                    text: sentence.text.clone(),
                    fact: fact.clone(),
                    why,
                });
            }
        }
    }
    Ok(found)
}

/// Refuses a bulletin with sentences whose facts are gone, and says what to do.
///
/// # Errors
/// Refused; when the store fails.
pub(super) async fn all_stand(
    tx: &mut Tx,
    bulletin: &Bulletin,
    today: Date,
) -> Result<(), StepError> {
    let parts = super::store::parts(tx, bulletin.id, None).await?;
    let gone = gone(tx, bulletin, &parts, today).await?;
    let mut reasons: Vec<(&'static str, String)> = gone
        .iter()
        .take(NAMED)
        .map(|one| {
            let text = quoted(&one.text, QUOTE_CHARS_MAX);
            let sentence = format!("{}的{text}：{}。", one.organ_name, one.why);
            ("step", sentence)
        })
        .collect();
    if !gone.is_empty() {
        let what = match bulletin.state {
            BulletinState::Draft => "请在草稿里删去；仍要写明的，另补一句写清现在的情况",
            _ => "请退回修改，由经办人删去或另补一句写清现在的情况",
        };
        reasons.push((
            "step",
            format!(
                "有{}句所依据的事实已经变化，通报没有发出，草稿还在。{what}。",
                gone.len()
            ),
        ));
    }
    refused(reasons)
}

/// The facts as they are now: why each does not stand, by reference; the others stand.
#[derive(Default)]
struct Now {
    whys: BTreeMap<FactRef, String>,
    /// Words that do not hold of a fact any more, and why; a sentence without them stands.
    denied: BTreeMap<FactRef, Vec<(&'static str, String)>>,
    /// What is to be mended still, and what has to come first; what came late and is settled is not.
    holds: BTreeMap<FactRef, String>,
}

impl Now {
    fn why_gone(&self, fact: &FactRef, text: &str) -> Option<String> {
        let mut denied = self.denied.get(fact).into_iter().flatten();
        let denied = denied.find(|(words, _)| text.contains(words));
        let why = self.whys.get(fact);
        why.or(denied.map(|(_, why)| why)).cloned()
    }

    async fn read(
        &mut self,
        tx: &mut Tx,
        bulletin: &Bulletin,
        (kind, parts): (FactKind, &[Part]),
        today: Date,
    ) -> Result<(), StoreError> {
        let sentences = parts.iter().flat_map(|part| &part.sentences);
        let facts = sentences.filter_map(|sentence| sentence.fact.as_ref());
        let ids: BTreeSet<&str> = facts
            .filter(|fact| fact.kind == kind.code())
            .map(|fact| fact.id.as_str())
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = ids.into_iter().collect();
        let office = Scope::Organs {
            single: vec![bulletin.office],
            branches: Vec::new(),
        };
        match kind {
            FactKind::Finding => self.findings(tx, &office, &ids, today).await,
            FactKind::Task => self.tasks(tx, bulletin.office, &ids, today).await,
            FactKind::Supervision => self.orders(tx, &office, &ids, today).await,
            FactKind::Practice => self.practices(tx, &office, &ids).await,
            FactKind::Submission => self.submissions(tx, &office, (&ids, parts), today).await,
        }
    }

    fn is_gone(&mut self, kind: FactKind, id: &str, why: impl Into<String>) {
        self.whys.insert(FactRef::new(kind, id), why.into());
    }

    fn is_denied(&mut self, kind: FactKind, id: &str, denied: (&'static str, String)) {
        let of = self.denied.entry(FactRef::new(kind, id)).or_default();
        of.push(denied);
    }

    fn holds(&mut self, kind: FactKind, id: &str, says: impl Into<String>) {
        self.holds.insert(FactRef::new(kind, id), says.into());
    }

    async fn findings(
        &mut self,
        tx: &mut Tx,
        office: &Scope,
        ids: &[&str],
        today: Date,
    ) -> Result<(), StoreError> {
        let parsed: Vec<FindingId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        let known = finding::store::of_ids(tx, office, &parsed).await?;
        for id in ids {
            let own = known.iter().find(|one| one.id.to_string() == *id);
            if own.is_some_and(|own| !own.is_late(today)) {
                let why = "整改期限已调整，没有逾期".to_owned();
                self.is_denied(FactKind::Finding, id, (LATE, why));
            }
            let why = match own.map(|own| own.state) {
                Some(
                    state @ (FindingState::Confirmed
                    | FindingState::Mending
                    | FindingState::ToRecheck),
                ) => {
                    let says = format!(
                        "问题清单里还是“{}”，没有销号。请先打开这个问题，复核通过",
                        state.name()
                    );
                    self.holds(FactKind::Finding, id, says);
                    continue;
                }
                Some(FindingState::ToVerify) => "问题还没有核实",
                Some(FindingState::Closed) => "问题已销号",
                Some(FindingState::Untrue) => "问题已认定不属实",
                Some(FindingState::Deferred) => "问题已暂缓整改",
                None => "问题已不在本办的清单里",
            };
            self.is_gone(FactKind::Finding, id, why);
        }
        Ok(())
    }

    async fn tasks(
        &mut self,
        tx: &mut Tx,
        office: OrganId,
        ids: &[&str],
        today: Date,
    ) -> Result<(), StoreError> {
        let known = fact::tasks(tx, office, ids).await?;
        for id in ids {
            let now = known.get(*id).filter(|now| now.open);
            if let Some(says) = now.and_then(|now| unfinished(*now, today)) {
                self.holds(FactKind::Task, id, says);
            }
            let why = match known.get(*id) {
                None | Some(TaskNow { open: false, .. }) => "任务已调整，不再由这个单位承担",
                Some(TaskNow { finished: true, .. }) => "任务已报完成",
                Some(TaskNow { due_on: None, .. }) => "任务已在回头看中销号或不再要求",
                Some(now) if now.due_on.is_some_and(|due| due >= today) => {
                    "任务的期限已调整，没有逾期"
                }
                Some(_) => continue,
            };
            self.is_gone(FactKind::Task, id, why);
        }
        Ok(())
    }

    async fn orders(
        &mut self,
        tx: &mut Tx,
        office: &Scope,
        ids: &[&str],
        today: Date,
    ) -> Result<(), StoreError> {
        let known = supervision::store::of_ids(tx, office, ids).await?;
        for id in ids {
            let order = known.iter().find(|order| order.id.to_string() == *id);
            let Some(order) = order.filter(|order| order.state != OrderState::Withdrawn) else {
                self.is_gone(FactKind::Supervision, id, "督办单已撤销");
                continue;
            };
            if order.replied_on.is_none() {
                let says = "督办单至今没有回复。请单位先回复督办单";
                self.holds(FactKind::Supervision, id, says);
            } else if order.owes_again(today) {
                let says = "督办单退回后至今没有重报。请单位先重报督办单";
                self.holds(FactKind::Supervision, id, says);
            }
            if !order.is_late(today) {
                self.is_gone(FactKind::Supervision, id, "督办单没有逾期");
            }
            if let Some(on) = order.replied_on {
                let why = format!("督办单已于{}回复", when::date(on));
                self.is_denied(FactKind::Supervision, id, (UNANSWERED, why));
            }
            if !order.owes_again(today) {
                let why = match order.state {
                    // Replied anew since, and sent back once more.
                    OrderState::Returned => "督办单已经重报，再次退回后的期限还没有到",
                    _ => "督办单已经重报",
                };
                self.is_denied(FactKind::Supervision, id, (NOT_AGAIN, why.to_owned()));
            }
        }
        Ok(())
    }

    async fn practices(
        &mut self,
        tx: &mut Tx,
        office: &Scope,
        ids: &[&str],
    ) -> Result<(), StoreError> {
        let known = practice::store::of_ids(tx, office, ids).await?;
        for id in ids {
            let case = known.iter().find(|case| case.id.to_string() == *id);
            if !case.is_some_and(|case| case.state.is_offered()) {
                self.is_gone(FactKind::Practice, id, "案例已不在案例库里");
            }
        }
        Ok(())
    }

    async fn submissions(
        &mut self,
        tx: &mut Tx,
        office: &Scope,
        (ids, parts): (&[&str], &[Part]),
        today: Date,
    ) -> Result<(), StoreError> {
        // What was drafted from a year of rounds may be looked at some months later.
        let from = today
            .checked_sub(2.years())
            .map_err(|_| StoreError::Unsupported("there is no such day two years ago"))?;
        let organs: Vec<OrganId> = parts.iter().map(|part| part.organ).collect();
        let most = (today, LATE_MAX);
        let late = round::store::late(tx, office, Some(&organs), (from, today), most).await?;
        for id in ids {
            let own = late
                .iter()
                .find(|unit| format!("{}/units/{}", unit.round, unit.organ) == *id);
            match own {
                None => self.is_gone(FactKind::Submission, id, "这一轮报送已不计迟报"),
                Some(unit) if unit.counted_at.is_some() => {
                    let on = unit.counted_at.and_then(when::civil_day);
                    let on = on.map_or_else(String::new, |on| format!("于{}", when::date(on)));
                    let words = ("至今未报送", format!("已{on}报送"));
                    self.is_denied(FactKind::Submission, id, words);
                }
                Some(_) => {
                    let says = "这一轮至今没有报送。请单位先补报";
                    self.holds(FactKind::Submission, id, says);
                }
            }
        }
        Ok(())
    }
}

/// What the ledger says of a part of a task that is late or lost its proof, and what has to come first.
fn unfinished(now: TaskNow, today: Date) -> Option<String> {
    if now.reopened {
        let says = "台账里的佐证已经失效，任务不算完成。请单位先补上有效的佐证";
        return Some(says.to_owned());
    }
    let due = now.due_on.filter(|due| !now.finished && *due < today)?;
    Some(format!(
        "台账里还没有完成，应于{}前完成，已逾期{}天。请单位先在台账报完成、附佐证；期限有误的，先调整期限",
        when::date(due),
        (today - due).get_days()
    ))
}

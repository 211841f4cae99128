//! 检查词库和例外: what governments add to the built-in rules of the check before publication. Each keeps a list of its own;
//! those of the governments above it hold for its texts, too. A list is kept as events alone: the chain says who added what, and
//! the rules of today follow from it.

use gongkai_basis::id::OrganId;
use gongkai_inspect::{Kind, NonPublic, Rules, Slip};
use gongkai_platform::access::{HeldRole, Permit};
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::organ;
use gongkai_platform::organ::reach;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::acts::KeepCheckRules;
use crate::document::store;
use crate::review::demand;

const SUBJECT: &str = "check_rule";
/// The list of the time when there was one for all governments: it belongs to the highest. Events stay as they were written.
const HOUSE: &str = "house";
const ADDED: &str = "check.rule_added";
const REMOVED: &str = "check.rule_removed";
/// Events that are read; a list that long is no help any more.
const EVENTS_MAX: i64 = 2_000;
/// Characters of a word or a passage.
const TEXT_CHARS_MAX: usize = 100;
/// Documents of the store that are looked for in every text.
const NON_PUBLIC_MAX: i64 = 5_000;
/// Characters of a title that is told from a common word.
const TITLE_CHARS_MIN: usize = 6;

/// One thing that people found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Rule {
    /// A passage that is right as it stands.
    Exception { kind: Kind, text: String },
    /// A wrong form and its right one.
    Slip { wrong: String, right: String },
    /// A document that is not public, so that nobody quotes it.
    NonPublic { title: String, number: String },
}

/// May a finding of this kind be called right for good? Personal data and secrecy marks never: each place is another person.
/// Nor what is not public: two reviewers answer for each text that quotes it.
#[must_use]
pub const fn may_except(kind: Kind) -> bool {
    !kind.is_personal()
        && !matches!(
            kind,
            Kind::Secrecy
                | Kind::Citation
                | Kind::Hidden
                | Kind::Unread
                | Kind::Missing
                | Kind::Map
        )
}

impl Rule {
    fn why_not(&self) -> Vec<Reason> {
        let text = |name, title, text: &str, wanted| {
            text_fault((name, title), text, TEXT_CHARS_MAX, wanted)
        };
        match self {
            Self::Exception {
                kind,
                text: passage,
            } => {
                let mut reasons: Vec<Reason> = text("text", "原文", passage, Wanted::Yes)
                    .into_iter()
                    .collect();
                if !may_except(*kind) {
                    reasons.push((
                        "kind",
                        format!("“{}”不能设为例外，每一处都要看。", kind.title()),
                    ));
                }
                reasons
            }
            Self::Slip { wrong, right } => {
                let mut reasons: Vec<Reason> = [
                    text("wrong", "错的写法", wrong, Wanted::Yes),
                    text("right", "对的写法", right, Wanted::Yes),
                ]
                .into_iter()
                .flatten()
                .collect();
                if wrong == right {
                    reasons.push(("right", "对的写法和错的写法一样。".to_owned()));
                }
                if wrong.chars().count() == 1 {
                    reasons.push(("wrong", "错的写法至少两个字，一个字会处处提示。".to_owned()));
                }
                reasons
            }
            Self::NonPublic { title, number } => {
                let mut reasons: Vec<Reason> = [
                    text("title", "名称", title, Wanted::No),
                    text("number", "文号", number, Wanted::No),
                ]
                .into_iter()
                .flatten()
                .collect();
                if title.is_empty() && number.is_empty() {
                    reasons.push(("title", "名称和文号至少填一项。".to_owned()));
                }
                reasons
            }
        }
    }

    /// What it says, for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Exception { kind, text } => format!("“{text}”不再提示为“{}”", kind.title()),
            Self::Slip { wrong, right } => format!("“{wrong}”应为“{right}”"),
            Self::NonPublic { title, number } => match (title.as_str(), number.as_str()) {
                ("", number) => format!("未公开文件：{number}"),
                (title, "") => format!("未公开文件：《{title}》"),
                (title, number) => format!("未公开文件：《{title}》（{number}）"),
            },
        }
    }

    /// As a form sends it back.
    #[must_use]
    pub fn as_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A rule with who added it, and when, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub rule: Rule,
    pub by: String,
    pub at: i64,
}

#[derive(Deserialize)]
struct Said {
    rule: Rule,
}

/// The list of one government: what holds today, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    pub house: OrganId,
    pub kept: Vec<Kept>,
}

/// What the events of these lists leave today, the newest first.
async fn kept(tx: &mut Tx, lists: &[String]) -> Result<Vec<Kept>, StoreError> {
    let events = audit::about_any(tx, SUBJECT, lists, EVENTS_MAX).await?;
    let mut kept: Vec<Kept> = Vec::new();
    for event in events.into_iter().rev() {
        let Ok(Said { rule }) = serde_json::from_str(&event.data) else {
            continue;
        };
        kept.retain(|one| one.rule != rule);
        if event.kind == ADDED {
            kept.push(Kept {
                rule,
                by: event.actor_name,
                at: event.at,
            });
        }
    }
    kept.reverse();
    Ok(kept)
}

/// The lists that hold for the texts of an organ, from the highest government down to its own.
///
/// # Errors
/// When the store fails.
pub async fn lists(tx: &mut Tx, organ: OrganId) -> Result<Vec<List>, StoreError> {
    let houses = organ::store::governments_of(tx, organ).await?;
    let mut lists = Vec::with_capacity(houses.len());
    for house in houses {
        let mut names = vec![house.to_string()];
        if lists.is_empty() {
            names.push(HOUSE.to_owned());
        }
        let kept = kept(tx, &names).await?;
        lists.push(List { house, kept });
    }
    Ok(lists)
}

/// The built-in rules with those that hold for the texts of an organ, and with what the store itself knows not to be public.
///
/// # Errors
/// When the store fails.
pub async fn rules(tx: &mut Tx, organ: OrganId) -> Result<Rules, StoreError> {
    let lists = lists(tx, organ).await?;
    let kept = lists.into_iter().flat_map(|list| list.kept);
    let mut rules = with(kept.map(|one| one.rule));
    let own = store::not_public(tx, NON_PUBLIC_MAX).await?;
    rules.non_public.extend(own.into_iter().map(own_non_public));
    Ok(rules)
}

/// A title as short as 通知 names nothing.
fn own_non_public((title, number): (String, String)) -> NonPublic {
    let long = title.chars().count() >= TITLE_CHARS_MIN;
    NonPublic {
        title: if long { title } else { String::new() },
        number,
    }
}

/// The government in whose list somebody with these roles keeps what is no fault in an organ's texts; `None` where others do.
///
/// # Errors
/// When the store fails.
pub async fn kept_by(
    tx: &mut Tx,
    roles: &[HeldRole],
    organ: OrganId,
) -> Result<Option<OrganId>, StoreError> {
    let house = demand::house(tx, organ).await?;
    let kept = reach::governed(tx, roles).await?;
    Ok(kept.contains(&house).then_some(house))
}

/// The built-in rules with these.
#[must_use]
pub fn with(own: impl IntoIterator<Item = Rule>) -> Rules {
    let mut rules = Rules::default();
    for rule in own {
        match rule {
            Rule::Exception { kind, text } if may_except(kind) => {
                rules.exceptions.push((kind, text));
            }
            // Kept before its kind was taken out.
            Rule::Exception { .. } => {}
            Rule::Slip { wrong, right } => rules.slips.push(Slip {
                wrong,
                right,
                right_within: Vec::new(),
            }),
            Rule::NonPublic { title, number } => rules.non_public.push(NonPublic { title, number }),
        }
    }
    rules
}

/// Rules as a file, for `gongkai check … --words` on machines without the store.
#[must_use]
pub fn to_file(rules: &[Rule]) -> String {
    serde_json::to_string_pretty(rules).unwrap_or_default()
}

/// Reads such a file.
///
/// # Errors
/// All that is wrong with it, as sentences.
pub fn from_file(text: &str) -> Result<Vec<Rule>, Vec<String>> {
    let rules: Vec<Rule> = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
        .map_err(|error| vec![format!("第{}行看不懂。", error.line())])?;
    let wrong: Vec<String> = (1..)
        .zip(&rules)
        .flat_map(|(n, rule)| {
            let reasons = rule.why_not();
            reasons
                .into_iter()
                .map(move |(_, reason)| format!("第{n}条：{reason}"))
        })
        .collect();
    if wrong.is_empty() {
        Ok(rules)
    } else {
        Err(wrong)
    }
}

/// The list that a government keeps itself.
async fn own(tx: &mut Tx, house: OrganId) -> Result<Vec<Kept>, StoreError> {
    let own = lists(tx, house).await?.pop();
    Ok(own.map(|list| list.kept).unwrap_or_default())
}

fn say(
    tx: &mut Tx,
    permit: &Permit<KeepCheckRules>,
    house: OrganId,
    (kind, verb): (&'static str, &str),
    rule: &Rule,
) {
    let sentence = format!("发布前检查{verb}：{}", rule.sentence());
    let subject = (SUBJECT, house.to_string());
    let event = Event::new(permit.actor(), kind, subject, sentence).organ(house);
    tx.record(event.data(json!({ "rule": rule })));
}

/// Adds to the list of a government. What a government above it keeps holds already; only what of that is no fault here is an
/// exception of its own.
///
/// # Errors
/// Refused with all the reasons.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<KeepCheckRules>,
    house: OrganId,
    rule: &Rule,
) -> Result<(), NotDone> {
    let mut reasons = rule.why_not();
    let mut lists = lists(tx, house).await?;
    let own = lists.pop().map(|list| list.kept).unwrap_or_default();
    // What papers are not public above is not told by a refusal, either.
    let may_be_told = !matches!(rule, Rule::NonPublic { .. });
    let mut above = lists.iter().flat_map(|list| &list.kept);
    if own.iter().any(|one| one.rule == *rule) {
        reasons.push(("what", "这一条已经有了。".to_owned()));
    } else if may_be_told && above.any(|one| one.rule == *rule) {
        let said = "上级政府的词库里已经有这一条，本级同样适用，不用再加。";
        reasons.push(("what", said.to_owned()));
    }
    refused(reasons)?;
    say(tx, permit, house, (ADDED, "增加"), rule);
    Ok(())
}

/// Takes away from the list of a government.
///
/// # Errors
/// Not found when it does not stand in this list.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<KeepCheckRules>,
    house: OrganId,
    rule: &Rule,
) -> Result<(), NotDone> {
    let own = own(tx, house).await?;
    if own.iter().all(|one| one.rule != *rule) {
        return Err(NotDone::NotFound);
    }
    say(tx, permit, house, (REMOVED, "去掉"), rule);
    Ok(())
}

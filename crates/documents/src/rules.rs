//! 检查词库和例外: what the house adds to the built-in rules of the check before publication. It is kept as events alone: the
//! chain says who added what, and the rules of today follow from it.

use gongkai_inspect::{Kind, NonPublic, Rules, Slip};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::acts::KeepCheckRules;
use crate::document::store;

const SUBJECT: &str = "check_rule";
/// One list for the whole house.
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

/// What holds today, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn kept(tx: &mut Tx) -> Result<Vec<Kept>, StoreError> {
    let events = audit::about(tx, SUBJECT, HOUSE, EVENTS_MAX).await?;
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

/// The built-in rules with those of the house, and with what the store itself knows not to be public.
///
/// # Errors
/// When the store fails.
pub async fn rules(tx: &mut Tx) -> Result<Rules, StoreError> {
    let kept = kept(tx).await?;
    let mut rules = with(kept.into_iter().map(|one| one.rule));
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

/// The list as a file, for `gongkai check … --words` on machines without the store.
#[must_use]
pub fn to_file(kept: &[Kept]) -> String {
    let rules: Vec<&Rule> = kept.iter().map(|one| &one.rule).collect();
    serde_json::to_string_pretty(&rules).unwrap_or_default()
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

fn say(
    tx: &mut Tx,
    permit: &Permit<KeepCheckRules>,
    (kind, verb): (&'static str, &str),
    rule: &Rule,
) {
    let sentence = format!("发布前检查{verb}：{}", rule.sentence());
    let subject = (SUBJECT, HOUSE.to_owned());
    tx.record(Event::new(permit.actor(), kind, subject, sentence).data(json!({ "rule": rule })));
}

/// # Errors
/// Refused with all the reasons.
pub async fn add(tx: &mut Tx, permit: &Permit<KeepCheckRules>, rule: &Rule) -> Result<(), NotDone> {
    let mut reasons = rule.why_not();
    if kept(tx).await?.iter().any(|one| one.rule == *rule) {
        reasons.push(("what", "这一条已经有了。".to_owned()));
    }
    refused(reasons)?;
    say(tx, permit, (ADDED, "增加"), rule);
    Ok(())
}

/// # Errors
/// Not found when it does not hold.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<KeepCheckRules>,
    rule: &Rule,
) -> Result<(), NotDone> {
    if kept(tx).await?.iter().all(|one| one.rule != *rule) {
        return Err(NotDone::NotFound);
    }
    say(tx, permit, (REMOVED, "去掉"), rule);
    Ok(())
}

//! 同义词、简称: words that mean the same in this place, beside the built-in list. Whoever looks for one finds the others.

use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, refused};
use gongkai_platform::web::App;
use gongkai_search::Synonyms;
use serde_json::json;

use super::acts::ManageSearch;
use super::pick::folded;
use super::{Finder, store};

/// The noun in events; the index listens to it.
pub(super) const SUBJECT: &str = "search_synonym";
/// Words of one group, and characters of one word.
const WORDS: std::ops::RangeInclusive<usize> = 2..=8;
const WORD_CHARS: std::ops::RangeInclusive<usize> = 2..=30;
/// Groups of the whole store; each query is cut by all of their words.
pub(super) const GROUPS_MAX: i64 = 500;

/// A group of words that mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Same {
    pub(super) id: String,
    pub(super) words: Vec<String>,
    pub(super) by: String,
}

impl Same {
    /// For people: 市监局 ＝ 市场监督管理局
    pub(super) fn shown(&self) -> String {
        self.words.join(" ＝ ")
    }
}

/// What was typed as words, each once.
fn words(typed: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let parts = typed.split(|c: char| c.is_whitespace() || "、，,=＝".contains(c));
    for word in parts.filter(|word| !word.is_empty()) {
        if words.iter().all(|known| folded(known) != folded(word)) {
            words.push(word.to_owned());
        }
    }
    words
}

/// What is wrong with the words by themselves.
fn why_not(words: &[String]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if !WORDS.contains(&words.len()) {
        let (least, most) = (*WORDS.start(), *WORDS.end());
        reasons.push((
            "same",
            format!("一组写{least}到{most}个词，用空格隔开，例：市监局 市场监督管理局。"),
        ));
    }
    for word in words {
        if !WORD_CHARS.contains(&word.chars().count()) || !word.chars().all(char::is_alphanumeric) {
            let (least, most) = (*WORD_CHARS.start(), *WORD_CHARS.end());
            reasons.push((
                "same",
                format!("“{word}”不能用：一个词{least}到{most}个字，只用文字、字母和数字。"),
            ));
        }
    }
    reasons
}

/// # Errors
/// Refused with all the reasons: a word stands in one group only.
pub(super) async fn add(
    tx: &mut Tx,
    permit: &Permit<ManageSearch>,
    typed: &str,
) -> Result<(), NotDone> {
    let words = words(typed);
    let mut reasons = why_not(&words);
    let known = store::synonyms(tx, GROUPS_MAX).await?;
    if known.len() >= usize::try_from(GROUPS_MAX).unwrap_or(usize::MAX) {
        let full = format!("最多{GROUPS_MAX}组，已经满了。请先删去不再用的。");
        reasons.push(("same", full));
    }
    for word in &words {
        let folded_word = folded(word);
        let is_it = |other: &String| folded(other) == folded_word;
        if let Some(group) = known.iter().find(|group| group.words.iter().any(is_it)) {
            let sentence = format!(
                "“{word}”已经在“{}”里。要加词的，请先删去那一组，再写全。",
                group.shown()
            );
            reasons.push(("same", sentence));
        }
    }
    refused(reasons)?;
    let same = Same {
        id: tx.fresh().to_string(),
        words,
        by: permit.actor().name().to_owned(),
    };
    store::insert_synonym(tx, &same).await?;
    let sentence = format!("检索同义词增加：{}", same.shown());
    tx.record(
        Event::new(
            permit.actor(),
            "search.synonym-added",
            (SUBJECT, same.id),
            sentence,
        )
        .data(json!({ "words": same.words })),
    );
    Ok(())
}

/// # Errors
/// Not found when somebody removed it before.
pub(super) async fn remove(
    tx: &mut Tx,
    permit: &Permit<ManageSearch>,
    id: &str,
) -> Result<Same, NotDone> {
    let mut known = store::synonyms(tx, GROUPS_MAX).await?.into_iter();
    let same = known.find(|one| one.id == id).ok_or(NotDone::NotFound)?;
    store::remove_synonym(tx, id).await?;
    let sentence = format!("检索同义词删去：{}", same.shown());
    tx.record(
        Event::new(
            permit.actor(),
            "search.synonym-removed",
            (SUBJECT, same.id.clone()),
            sentence,
        )
        .data(json!({ "words": same.words })),
    );
    Ok(same)
}

/// Tells the index of this process what means the same now.
///
/// # Errors
/// When the store fails; the index goes on as before.
pub(super) async fn learn(app: &App, finder: &Finder) -> Result<(), StoreError> {
    let groups = app
        .db
        .read(async |tx: &mut Tx| store::synonyms(tx, GROUPS_MAX).await)
        .await?;
    let groups: Vec<Vec<String>> = groups.into_iter().map(|group| group.words).collect();
    finder.knows(Synonyms::of(&groups));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{why_not, words};

    #[test]
    fn a_group_has_several_plain_words() {
        for (typed, read, fine) in [
            ("市监局 市场监督管理局", 2, true),
            ("市监局＝市场监督管理局、市场监管局", 3, true),
            ("市监局", 1, false),
            ("ITS its", 1, false),
            ("市 市政府", 2, false),
            ("“市监局” 市场监督管理局", 2, false),
            ("甲乙 乙丙 丙丁 丁戊 戊己 己庚 庚辛 辛壬 壬癸", 9, false),
            ("", 0, false),
        ] {
            let words = words(typed);
            assert_eq!(words.len(), read, "{typed}");
            assert_eq!(why_not(&words).is_empty(), fine, "{typed}");
        }
    }
}

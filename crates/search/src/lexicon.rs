//! Words: how text is cut into them, and which mean the same.

use std::collections::HashMap;
use std::sync::LazyLock;

use jieba_rs::Jieba;

use crate::text::{fold, quote};

/// Words of the trade that the general dictionary lacks, one a line.
const WORDS: &str = include_str!("../data/words.txt");
/// Lines of words that mean the same, separated by spaces; `#` begins a remark.
const SYNONYMS: &str = include_str!("../data/synonyms.txt");
/// Longer ones that mean the same are not kept whole: they would hide the words inside them.
const WHOLE_CHARS_MAX: usize = 4;
/// How common a word of the trade counts: it is kept whole.
const FREQUENCY: usize = 20_000;
/// Words that say nothing where others stand beside them.
const EMPTY_WORDS: [&str; 22] = [
    "的", "了", "和", "与", "及", "或", "在", "是", "对", "等", "关于", "如何", "怎么", "怎样",
    "哪些", "什么", "请问", "我", "想", "吗", "呢", "有",
];

static JIEBA: LazyLock<Jieba> = LazyLock::new(|| {
    let mut jieba = Jieba::new();
    let same = lines(SYNONYMS).flat_map(str::split_whitespace);
    let short = same.filter(|word| word.chars().count() <= WHOLE_CHARS_MAX);
    for word in lines(WORDS).chain(short) {
        jieba.add_word(word, Some(FREQUENCY), None);
    }
    jieba
});

static SAME: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut same: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in lines(SYNONYMS) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for word in &words {
            let others = words.iter().copied().filter(|other| other != word);
            same.entry(word).or_default().extend(others);
        }
    }
    same
});

fn lines(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
}

fn worthy(word: &str) -> bool {
    word.chars().any(char::is_alphanumeric)
}

/// Every word of a text, long ones and the short ones inside them, as jieba's search mode cuts.
pub(crate) fn all_words(text: &str) -> Vec<String> {
    let folded: String = text.chars().map(fold).filter(|c| !quote(*c)).collect();
    let cut = JIEBA.cut_for_search(&folded, false);
    cut.into_iter()
        .map(|token| token.word)
        .filter(|word| worthy(word))
        .map(str::to_owned)
        .collect()
}

/// The words of a query, each once; empty ones left out where others remain.
pub(crate) fn asked_words(query: &str) -> Vec<String> {
    let folded: String = query.chars().map(fold).collect();
    let mut words: Vec<String> = Vec::new();
    for token in JIEBA.cut(&folded, false) {
        if worthy(token.word) && !words.iter().any(|word| word == token.word) {
            words.push(token.word.to_owned());
        }
    }
    if words
        .iter()
        .all(|word| EMPTY_WORDS.contains(&word.as_str()))
    {
        return words;
    }
    words.retain(|word| !EMPTY_WORDS.contains(&word.as_str()));
    words
}

/// What means the same as a word.
pub(crate) fn synonyms(word: &str) -> &'static [&'static str] {
    SAME.get(word).map_or(&[], Vec::as_slice)
}

/// Does the dictionary hold this word?
pub(crate) fn known(word: &str) -> bool {
    JIEBA.has_word(word)
}

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
const EMPTY_WORDS: [&str; 32] = [
    "的",
    "了",
    "和",
    "与",
    "及",
    "或",
    "在",
    "是",
    "对",
    "等",
    "关于",
    "如何",
    "怎么",
    "怎样",
    "哪些",
    "什么",
    "请问",
    "我",
    "想",
    "吗",
    "呢",
    "有",
    "哪里",
    "哪儿",
    "在哪",
    "多少",
    "能",
    "可以",
    "要",
    "需要",
    "去",
    "为什么",
];
/// Words that make a question of what was typed.
const ASKING: [&str; 11] = [
    "如何", "怎么", "怎样", "哪里", "哪儿", "在哪", "什么", "多少", "吗", "请问", "需要",
];
/// What citizens ask how to do; in a question the matter counts, and these only lift what has them.
const DOINGS: [&str; 14] = [
    "申请", "办理", "办", "领取", "领", "查询", "查", "报名", "缴纳", "缴", "交", "报", "申领",
    "找",
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

/// The words of a query that a text must have, each once; empty ones left out where others remain, and what is done in a
/// question where the matter remains.
pub(crate) fn asked_words(query: &str) -> Vec<String> {
    let words = cut(query);
    let matter = matter_of(&words);
    if !matter.is_empty() {
        return matter;
    }
    let said: Vec<String> = words
        .iter()
        .filter(|word| !is_one_of(&EMPTY_WORDS, word))
        .cloned()
        .collect();
    if said.is_empty() { words } else { said }
}

/// The words of a text that say what is meant; none where it only asks.
pub(crate) fn matter(text: &str) -> Vec<String> {
    matter_of(&cut(text))
}

fn matter_of(words: &[String]) -> Vec<String> {
    words
        .iter()
        .filter(|word| !is_one_of(&EMPTY_WORDS, word) && !is_doing(words, word))
        .cloned()
        .collect()
}

/// Says nothing but that somebody asks how: 怎么领取.
pub(crate) fn only_asks(chunk: &str) -> bool {
    let words = cut(chunk);
    let asks = words.iter().any(|word| is_one_of(&ASKING, word));
    asks && words
        .iter()
        .all(|word| is_one_of(&EMPTY_WORDS, word) || is_one_of(&DOINGS, word))
}

/// What is done, in a question: 申请 of 低保怎么申请.
pub(crate) fn doings(query: &str) -> Vec<String> {
    let words = cut(query);
    let doings = words.iter().filter(|word| is_doing(&words, word));
    doings.cloned().collect()
}

fn is_one_of(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

fn is_doing(words: &[String], word: &str) -> bool {
    is_one_of(&DOINGS, word) && words.iter().any(|word| is_one_of(&ASKING, word))
}

fn cut(query: &str) -> Vec<String> {
    let folded: String = query.chars().map(fold).collect();
    let mut words: Vec<String> = Vec::new();
    for token in JIEBA.cut(&folded, false) {
        if worthy(token.word) && !words.iter().any(|word| word == token.word) {
            words.push(token.word.to_owned());
        }
    }
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

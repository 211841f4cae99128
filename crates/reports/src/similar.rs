//! 雷同: passages that are nearly the same as in last year's report or in a sibling unit's. Pure.
//!
//! Numbers do not count: a paragraph with new figures in it is still the old paragraph.

use std::collections::{BTreeMap, BTreeSet};

/// Letters of a passage below which everybody writes the same.
const PASSAGE_CHARS_MIN: usize = 16;
/// Letters of one piece that is compared.
const GRAM: usize = 4;
/// From this share of common pieces on, in per cent, a passage is a copy.
pub const SHARE_MIN: usize = 70;
/// Pairs that are shown.
const PAIRS_MAX: usize = 100;

/// A text that may have been copied from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// 上年报告, or the unit's name.
    pub name: String,
    /// The prose, by part.
    pub texts: [String; 6],
}

/// Two passages that are nearly the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// A place in the list of parts.
    pub part: usize,
    pub own: String,
    pub from: String,
    pub other: String,
    /// Per cent of the passage's pieces that the other has, too.
    pub share: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Similarity {
    /// The gravest first, each own passage once.
    pub pairs: Vec<Pair>,
    /// Per cent of the own letters that stand in such passages.
    pub share: usize,
}

/// Compares the prose with others.
#[must_use]
pub fn compare(own: &[String; 6], others: &[Other]) -> Similarity {
    let mut sources: Vec<(usize, &str, usize)> = Vec::new();
    let mut index: BTreeMap<Vec<char>, Vec<usize>> = BTreeMap::new();
    for (at, other) in others.iter().enumerate() {
        for text in &other.texts {
            for passage in passages(text) {
                let pieces = pieces(passage);
                let number = sources.len();
                sources.push((at, passage, pieces.len()));
                for piece in pieces {
                    index.entry(piece).or_default().push(number);
                }
            }
        }
    }
    let (mut pairs, mut copied, mut whole) = (Vec::new(), 0, 0);
    for (part, text) in own.iter().enumerate() {
        for passage in passages(text) {
            let letters = passage.chars().count();
            whole += letters;
            let Some((number, share)) = nearest(passage, &index, &sources) else {
                continue;
            };
            let Some((at, other, _)) = sources.get(number) else {
                continue;
            };
            copied += letters;
            pairs.push(Pair {
                part,
                own: passage.to_owned(),
                from: others
                    .get(*at)
                    .map_or_else(String::new, |other| other.name.clone()),
                other: (*other).to_owned(),
                share,
            });
        }
    }
    pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.share), pair.part));
    pairs.truncate(PAIRS_MAX);
    Similarity {
        pairs,
        share: (copied * 100).checked_div(whole).unwrap_or(0),
    }
}

/// The passage that shares most, from [`SHARE_MIN`] on.
fn nearest(
    passage: &str,
    index: &BTreeMap<Vec<char>, Vec<usize>>,
    sources: &[(usize, &str, usize)],
) -> Option<(usize, usize)> {
    let own = pieces(passage);
    let mut common: BTreeMap<usize, usize> = BTreeMap::new();
    for piece in &own {
        for number in index.get(piece).into_iter().flatten() {
            *common.entry(*number).or_default() += 1;
        }
    }
    common
        .into_iter()
        .filter_map(|(number, common)| {
            let size = own.len().max(sources.get(number)?.2);
            let share = (common * 100).checked_div(size)?;
            (share >= SHARE_MIN).then_some((number, share))
        })
        .max_by_key(|(number, share)| (*share, std::cmp::Reverse(*number)))
}

/// Sentences long enough to be anybody's own.
fn passages(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '；', '！', '\n'])
        .map(str::trim)
        .filter(|passage| letters(passage).len() >= PASSAGE_CHARS_MIN)
        .collect()
}

/// Without numbers, punctuation and white space.
fn letters(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| c.is_alphabetic() && !matches!(c, '０'..='９'))
        .collect()
}

fn pieces(text: &str) -> BTreeSet<Vec<char>> {
    letters(text).windows(GRAM).map(<[char]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::{Other, compare};

    fn texts(first: &str) -> [String; 6] {
        [
            first.to_owned(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ]
    }

    #[test]
    fn a_copied_paragraph_is_found_with_its_source_and_new_figures_do_not_hide_it() {
        let own = texts(
            "加强政策解读，全年发布图文解读材料36篇，召开新闻发布会4场。本年度新建村级公开点，方便群众就近查询，这是我局独有的做法。",
        );
        let others = [
            Other {
                name: "安澜市财政局".into(),
                texts: texts("做好预决算公开，接受群众监督，推动公开标准化规范化建设。"),
            },
            Other {
                name: "上年报告".into(),
                texts: texts("加强政策解读，全年发布图文解读材料21篇，召开新闻发布会3场。"),
            },
        ];
        let found = compare(&own, &others);
        assert_eq!(found.pairs.len(), 1, "{found:?}");
        let pair = &found.pairs[0];
        assert_eq!(
            (pair.from.as_str(), pair.share, pair.part),
            ("上年报告", 100, 0)
        );
        assert!(pair.own.contains("36篇") && pair.other.contains("21篇"));
        assert!((30..70).contains(&found.share), "{found:?}");
    }

    #[test]
    fn what_is_short_or_different_is_no_copy() {
        let own = texts("认真落实。加强组织领导，定期研究部署政务公开工作，推动形成合力。");
        let other = Other {
            name: "甲".into(),
            texts: texts("认真落实。做好依申请公开办理，规范答复文书，按期答复申请人。"),
        };
        assert_eq!(compare(&own, &[other]), super::Similarity::default());
        assert_eq!(compare(&texts(""), &[]).share, 0);
    }
}

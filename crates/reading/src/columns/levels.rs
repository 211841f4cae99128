//! Heads of several levels side by side: what the province does and what this city does (我省工作措施 | 我市工作措施), and
//! the units of both.

use super::super::text::{Mark, plain};
use super::{HeadWord, head};

/// How high the level stands that a head names; the own unit is the lowest.
fn rank(head: &[Mark]) -> Option<u8> {
    const RANKS: &[(&str, u8)] = &[
        ("国家", 5),
        ("国务院", 5),
        ("国办", 5),
        ("中央", 5),
        ("上级", 4),
        ("省", 3),
        ("自治区", 3),
        ("市", 2),
        ("州", 2),
        ("县", 1),
        ("区", 1),
    ];
    const OWN: &[&str] = &[
        "局", "委", "办", "厅", "单位", "镇", "街道", "部门", "中心", "校", "院",
    ];
    let text = plain(head);
    let bare = text.trim_start_matches(['我', '本', '全']);
    if bare.len() < text.len() && OWN.iter().any(|own| bare.starts_with(own)) {
        return Some(0);
    }
    let named = RANKS.iter().find(|(word, _)| bare.starts_with(word));
    named.map(|(_, rank)| *rank)
}

/// Of measures of several levels the lowest one's is the measure, and the others are what it answers to. Units of a level
/// above it are references, and so are those above others that only oversee (省级主管部门).
pub(super) fn settle(cells: &[&[Mark]], words: &mut [Option<HeadWord>]) {
    let ranks: Vec<Option<u8>> = cells.iter().map(|cell| rank(cell)).collect();
    let lowest = |words: &[Option<HeadWord>], want: fn(HeadWord) -> bool| {
        let ranked = words.iter().zip(&ranks);
        let of_kind = ranked.filter(|(word, _)| word.is_some_and(want));
        of_kind.filter_map(|(_, rank)| *rank).min()
    };
    let lowest_units = lowest(words, |w| matches!(w, HeadWord::Units(_)));
    let lowest_measure = lowest(words, HeadWord::is_content);
    let mut answered = false;
    for (word, rank) in words.iter_mut().zip(&ranks) {
        let above = rank.zip(lowest_measure).is_some_and(|(own, low)| own > low);
        if above && word.is_some_and(HeadWord::is_content) {
            *word = Some(HeadWord::Content);
            answered = true;
        }
    }
    for ((word, rank), cell) in words.iter_mut().zip(&ranks).zip(cells) {
        let above = |low: Option<u8>| rank.zip(low).is_some_and(|(own, low)| own > low);
        match word {
            Some(w) if answered && w.is_content() && *rank == lowest_measure => {
                *word = Some(HeadWord::Measure);
            }
            Some(HeadWord::Units(_)) if above(lowest_units) => {
                let oversees = plain(cell).contains("主管");
                if oversees || answered && above(lowest_measure) {
                    *word = Some(HeadWord::Other);
                }
            }
            _ => {}
        }
    }
}

/// Whether the units of several levels have columns of their own, and nothing says which level the plan speaks for.
pub(crate) fn of_several_levels(cells: &[&[Mark]]) -> bool {
    let Some(words) = head(cells) else {
        return false;
    };
    let units = words.iter().zip(cells);
    let mut ranks = units
        .filter(|(word, _)| matches!(word, Some(HeadWord::Units(_))))
        .filter_map(|(_, cell)| rank(cell));
    ranks
        .next()
        .is_some_and(|first| ranks.any(|rank| rank != first))
}

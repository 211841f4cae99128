//! Heads with words that no list knows: 序号 | 章节 | 制度 | 牵头部门 | 配合部门. The units tell that it is a head, and what stands
//! before them is what they do.

use super::super::number::number;
use super::super::organs::Role;
use super::super::text::{Mark, is_empty, plain};
use super::word::CONTENT_MAX;
use super::{HeadWord, head_word, refined};

/// A head that its units show.
pub(crate) struct Framed {
    pub(crate) words: Vec<Option<HeadWord>>,
    /// Which of its columns holds the measure is a guess.
    pub(crate) doubtful: bool,
    /// It parts those who lead from those who help, as nothing but a plan does.
    pub(crate) roles: bool,
}

/// A head that names units beside a number, a deadline or further units; its other words may be any.
pub(crate) fn head_framed(cells: &[&[Mark]]) -> Option<Framed> {
    let mut words: Vec<Option<HeadWord>> = cells.iter().map(|c| head_word(c)).collect();
    let foreign = |w: &HeadWord| *w == HeadWord::Catalogue;
    if cells.iter().any(|cell| of_no_plan(cell)) || words.iter().flatten().any(foreign) {
        return None;
    }
    if !cells.iter().zip(&words).all(may_stand) {
        return None;
    }
    let units: Vec<usize> = (0..cells.len())
        .filter(|at| tells_units(cells.get(*at), words.get(*at)))
        .collect();
    let first = cells.iter().position(|c| !is_empty(c))?;
    let numbered = words.get(first) == Some(&Some(HeadWord::Number));
    let timed = words.contains(&Some(HeadWord::Deadline));
    if units.is_empty() || !(numbered || timed || units.len() > 1) {
        return None;
    }
    let found = place_content(cells, &mut words)?;
    let has = |role| words.contains(&Some(HeadWord::Units(Some(role))));
    let roles = has(Role::Lead) && has(Role::Cooperate);
    refined(cells, &mut words);
    let doubtful = match found {
        Found::Known => false,
        Found::Alone => !(roles || timed),
        Found::Guessed => true,
    };
    Some(Framed {
        words,
        doubtful,
        roles,
    })
}

/// How sure it is which word heads the measures.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Known,
    /// It is not known, and no other one stands before the units. Beside 责任单位 alone it may head anything.
    Alone,
    /// Other words could head them as well.
    Guessed,
}

/// Where no word known for content says where the measures are, the last word before the units does.
fn place_content(cells: &[&[Mark]], words: &mut [Option<HeadWord>]) -> Option<Found> {
    if behind_class(cells, words) || words.iter().flatten().any(|w| w.is_content()) {
        return Some(Found::Known);
    }
    let before = open_before_units(cells, words);
    let at = *before.last()?;
    let aimed = words.contains(&Some(HeadWord::Aim));
    *words.get_mut(at)? = Some(HeadWord::Content);
    Some(match before.len() > 1 || aimed {
        true => Found::Guessed,
        false => Found::Alone,
    })
}

/// The places before the units whose words are not known.
fn open_before_units(cells: &[&[Mark]], words: &[Option<HeadWord>]) -> Vec<usize> {
    let units = |w: &Option<HeadWord>| matches!(w, Some(HeadWord::Units(_)));
    let end = words.iter().position(units).unwrap_or(words.len());
    let open = |at: &usize| {
        words.get(*at) == Some(&None) && cells.get(*at).is_some_and(|cell| !is_empty(cell))
    };
    (0..end).filter(open).collect()
}

/// 领域 | 公开环节 | 责任单位: behind a word for the kind of a measure the only other one before the units is the measure.
pub(super) fn behind_class(cells: &[&[Mark]], words: &mut [Option<HeadWord>]) -> bool {
    const CLASSES: &[&str] = &[
        "领域", "类别", "分类", "方面", "板块", "类型", "主题", "栏目",
    ];
    let content: Vec<usize> = (0..words.len())
        .filter(|at| matches!(words.get(*at), Some(Some(w)) if w.is_content()))
        .collect();
    let class = |at: &usize| {
        let word = cells.get(*at).map(|cell| plain(cell)).unwrap_or_default();
        CLASSES.iter().any(|class| word.ends_with(class))
    };
    let open = open_before_units(cells, words);
    let (Some(last), [one]) = (content.last(), open.as_slice()) else {
        return false;
    };
    let alone = content.iter().all(class) && one > last;
    if let (true, Some(slot)) = (alone, words.get_mut(*one)) {
        *slot = Some(HeadWord::Content);
    }
    alone
}

/// 责任单位, 牵头部门: units with their duty; 单位 alone may be what a figure is measured in, or where a person works.
fn tells_units(cell: Option<&&[Mark]>, word: Option<&Option<HeadWord>>) -> bool {
    const DUTIES: &[&str] = &[
        "责任", "牵头", "配合", "主办", "协办", "承办", "落实", "主责", "负责", "实施", "主管",
        "协同", "协助", "参与", "执行", "完成", "承担",
    ];
    let text = cell.map(|cell| plain(cell)).unwrap_or_default();
    let duty = DUTIES.iter().any(|duty| text.contains(duty)) && text != "责任";
    duty && matches!(word, Some(Some(HeadWord::Units(_) | HeadWord::Both)))
}

/// 姓名, 得分: heads of lists of persons and of marks.
fn of_no_plan(cell: &[Mark]) -> bool {
    const FOREIGN: &[&str] = &[
        "姓名",
        "职务",
        "职称",
        "性别",
        "年龄",
        "手机",
        "手机号码",
        "分值",
        "得分",
        "评分",
        "扣分",
        "排名",
        "名次",
        "等次",
        "权重",
        "河长",
        "林长",
        "值班人员",
        "带班领导",
    ];
    FOREIGN.contains(&plain(cell).as_str())
}

/// A short word, as heads are.
fn may_stand((cell, word): (&&[Mark], &Option<HeadWord>)) -> bool {
    let text = plain(cell);
    let short = text.chars().count() <= CONTENT_MAX && !text.contains(['。', ',', ';', ':']);
    word.is_some() || is_empty(cell) || short && text.chars().count() > 1 && number(cell).is_none()
}

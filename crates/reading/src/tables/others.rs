//! Tables beside those of the measures: of people, of figures, of projects and firms.

use super::super::columns::{HeadWord, head_word};
use super::super::layout::{Grid, GridCell};
use super::super::text::{Mark, is_empty, plain};

const PERSONS: &[&str] = &[
    "姓名",
    "职务",
    "联络员",
    "联系电话",
    "办公电话",
    "手机",
    "手机号",
    "手机号码",
];
const PROJECTS: &[&str] = &[
    "项目名称",
    "项目主体",
    "项目业主",
    "项目单位",
    "企业名称",
    "建设地点",
    "建设规模",
    "建设周期",
    "建设年限",
    "建设单位",
    "总投资",
    "所在地",
    "所属区县",
    "区县",
];
/// Words of the heads of measures and of those who answer for them.
const MEASURES: &[&str] = &["任务", "措施", "举措", "责任", "牵头", "要点", "主办"];

/// Whether the first row of a table is a head of its own, so that it is no further piece of the table above.
pub(super) fn begins_anew(grid: &Grid) -> bool {
    let filled = |row: &&Vec<GridCell>| row.iter().any(|c| !is_empty(&c.run));
    let Some(row) = grid.rows.iter().find(filled) else {
        return false;
    };
    let several = |words: &[&str]| {
        let named = |cell: &&GridCell| words.contains(&plain(&cell.run).as_str());
        row.iter().filter(named).count() > 1
    };
    let counted = row
        .first()
        .is_some_and(|c| head_word(&c.run) == Some(HeadWord::Number));
    row.len() > 2 && (counted || several(PERSONS) || several(PROJECTS))
}

/// 指标名称 | 单位 | 2026年预期值, 项目名称 | 项目主体 | 建设地点: figures or projects, for which nobody answers. 单位 is what the
/// figures count in.
pub(super) fn is_other(head: &[&[Mark]], words: &mut [Option<HeadWord>]) -> bool {
    let texts: Vec<String> = head.iter().map(|run| plain(run)).collect();
    let figures = texts.iter().any(|t| t.starts_with("指标"))
        && texts.iter().any(|t| t.ends_with(['值', '数']));
    let counted = texts.iter().position(|t| t == "单位");
    if let Some(at) = counted.filter(|_| figures && texts.len() == words.len())
        && let Some(word) = words.get_mut(at)
    {
        *word = Some(HeadWord::Other);
        return !has_units(words);
    }
    let projects = texts.iter().filter(|t| PROJECTS.contains(&t.as_str()));
    let measures = texts.iter().any(|t| MEASURES.iter().any(|w| t.contains(w)));
    // 项目名称 | 建设单位 | 建设地点: who builds is none of the units that a plan names
    let builds = |(text, word): (&String, &Option<HeadWord>)| {
        matches!(word, Some(HeadWord::Units(_))) && !PROJECTS.contains(&text.as_str())
    };
    let named = match texts.len() == words.len() {
        true => texts.iter().zip(words.iter()).any(builds),
        false => has_units(words),
    };
    projects.count() > 1 && !measures && !named
}

fn has_units(words: &[Option<HeadWord>]) -> bool {
    words
        .iter()
        .any(|word| matches!(word, Some(HeadWord::Units(_))))
}

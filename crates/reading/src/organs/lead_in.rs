//! Words before the names of a clause that are no part of them.

use crate::labels::label;
use crate::organ_name::is_organ_run;
use crate::text::{Mark, from, part, plain, starts, starts_any, trim_by, weight};

/// 监督单位：…: those who look on where others carry out are listed, and shown. The length of the label.
pub(super) fn watching(run: &[Mark]) -> Option<usize> {
    let word = starts_any(run, &["监管", "监督", "指导", "督导"])?;
    let len = word + starts_any(from(run, word), &["单位", "部门"])?;
    let colon = run.get(len).is_some_and(|m| m.fold == ':');
    (colon && run.len() > len + 2).then_some(len)
}

/// Longest words between 以下 and 均需, in characters.
const ALL_BELOW_MAX: usize = 10;

/// 以下任务均需各区政府落实，不再一一列出, 以下各项各乡镇均为责任单位: the names that answer for all tasks below.
pub(super) fn for_all_below(run: &[Mark]) -> Option<&[Mark]> {
    const BEFORE: &[&str] = &[
        "均需由",
        "均应由",
        "均须由",
        "均需",
        "均由",
        "均须",
        "均涉及",
        "均包括",
        "都需",
        "都由",
        "还需",
        "也需",
    ];
    const TASKS: &[&str] = &[
        "各项工作任务",
        "各项任务",
        "各项工作",
        "各项",
        "各条",
        "任务",
        "工作",
        "事项",
    ];
    const BEHIND: &[&str] = &[
        "均为",
        "均是",
        "均作为",
        "均要",
        "均应",
        "均需",
        "均须",
        "都要",
        "都是",
    ];
    let begins = starts_any(run, &["以下", "下列"])?;
    let end = (begins..run.len()).find(|i| starts(from(run, *i), "不再").is_some());
    let said = part(run, 0, end.unwrap_or(run.len()));
    let before = (begins..=begins + ALL_BELOW_MAX)
        .find_map(|i| starts_any(from(said, i), BEFORE).map(|len| i + len));
    // 以下各项各乡镇均为责任单位
    let behind = || {
        let start = begins + starts_any(from(said, begins), TASKS)?;
        let end = (start + 2..said.len()).find(|i| starts_any(from(said, *i), BEHIND).is_some())?;
        Some(part(said, start, end))
    };
    let named = |names: &&[Mark]| {
        let first = names
            .iter()
            .position(|m| m.fold == '、')
            .unwrap_or(names.len());
        is_organ_run(part(names, 0, first))
    };
    let rest = before.map(|start| from(said, start));
    behind()
        .filter(named)
        .or_else(|| rest.filter(|names| names.len() > 1))
}

/// Longest line that says so, in characters.
const FOR_ALL_MAX: usize = 80;

/// 各乡镇均为各项任务的责任单位，不再逐一列出: a line about the units of all tasks.
pub(crate) fn says_for_all(run: &[Mark]) -> bool {
    const DUTIES: &[&str] = &["责任", "落实", "负责", "推进", "配合", "承担", "执行"];
    if weight(run) > FOR_ALL_MAX || run.iter().all(|m| m.fold != '不') {
        return false;
    }
    let text = plain(run);
    says_named_once(&text)
        && text.contains(['均', '都', '各', '所'])
        && DUTIES.iter().any(|w| text.contains(w))
}

/// …，不再逐一列出: some units are named here and nowhere else.
pub(crate) fn says_named_once(text: &str) -> bool {
    const NOT: &[&str] = &[
        "不再",
        "不一一",
        "不逐一",
        "不逐项",
        "不单独",
        "不另行",
        "不另",
    ];
    const LISTED: &[&str] = &[
        "列出", "列举", "罗列", "标注", "注明", "列明", "写明", "列入", "赘列", "单列", "列示",
    ];
    /// Longest words between both, in characters.
    const BETWEEN_MAX: usize = 5;
    text.contains('不')
        && NOT.iter().any(|not| {
            text.split_once(not).is_some_and(|(_, behind)| {
                let near: String = behind.chars().take(BETWEEN_MAX).collect();
                LISTED.iter().any(|w| near.contains(w))
            })
        })
}

pub(super) fn strip_lead_in(run: &[Mark]) -> &[Mark] {
    const LEAD_INS: &[&str] = &["由", "请", "并由", "分别由", "其中", "以及", "并会同"];
    let run = trim_by(from(run, referring(run)), |m| m.is_blank());
    let run = from(run, level_label(run).or_else(|| added(run)).unwrap_or(0));
    match starts_any(run, LEAD_INS) {
        Some(len) if run.len() > len + 1 => {
            trim_by(from(run, len), |m| m.is_blank() || m.fold == ':')
        }
        _ => guided(run).unwrap_or(run),
    }
}

/// 此项工作由市司法局负责, 以上任务责任单位：…: the length of the words that say what the units answer for.
pub(crate) fn referring(run: &[Mark]) -> usize {
    const POINTS: &[&str] = &[
        "此",
        "该",
        "本",
        "以上",
        "上述",
        "前述",
        "这",
        "以上各",
        "上述各",
    ];
    const THINGS: &[&str] = &[
        "工作任务",
        "任务",
        "工作",
        "事项",
        "项任务",
        "项工作",
        "类任务",
        "类工作",
        "类事项",
        "措施",
        "项目",
        "各项目",
    ];
    let Some(point) = starts_any(run, POINTS) else {
        return 0;
    };
    let thing = starts_any(from(run, point), THINGS).map(|len| point + len);
    let goes_on = |len: &usize| {
        let rest = from(run, *len);
        starts(rest, "由").is_some() || label(rest).is_some()
    };
    thing.filter(goes_on).unwrap_or(0)
}

/// 市级：甲局、乙局: the level before the colon is no part of a name. Its length.
fn level_label(run: &[Mark]) -> Option<usize> {
    const LEVELS: &[&str] = &[
        "省级",
        "市级",
        "县级",
        "区级",
        "州级",
        "镇级",
        "乡级",
        "省直",
        "市直",
        "县直",
        "区直",
        "市本级",
        "县区",
        "县(市、区)",
        "乡镇",
    ];
    let level = starts_any(run, LEVELS)?;
    let word = level + starts_any(from(run, level), &["层面", "单位", "部门"]).unwrap_or(0);
    let colon = run.get(word).is_some_and(|m| m.fold == ':');
    (colon && run.len() > word + 2).then_some(word + 1)
}

/// …，和各县（市、区）政府: the length of the word that adds the names to those before.
fn added(run: &[Mark]) -> Option<usize> {
    let len = starts_any(run, &["和", "及", "与"])?;
    starts(from(run, len), "各").map(|_| len)
}

/// 指导省级教育部门落实, 督促各县（区）落实: who is guided carries out; 指导中心 and 督导室 are names.
fn guided(run: &[Mark]) -> Option<&[Mark]> {
    const LEVELS: &[char] = &['省', '市', '区', '县', '州', '镇', '乡', '各', '有', '相'];
    let names = from(run, starts_any(run, &["指导", "督促", "督导"])?);
    names.first().filter(|m| LEVELS.contains(&m.fold))?;
    Some(names)
}

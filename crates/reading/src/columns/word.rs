//! What one cell of a table's head says.

use super::super::labels::{Label, beside, duty_of_organs, label_word};
use super::super::organs::Role;
use super::super::text::{Mark, from, is_empty, part, plain, starts_any};
use super::HeadWord;
use super::lists::{
    AIMS, ASKED, CATALOGUE, CONTENT_ENDS, CONTENTS, DEADLINES, MEASURE_ENDS, NUMBERS, OTHERS,
    PROGRESS_ENDS, UNITS,
};

/// Longest head of a content column, in characters.
pub(super) const CONTENT_MAX: usize = 12;

/// The meaning of a cell that is the head of a column; `None` for any other text.
pub(crate) fn head_word(run: &[Mark]) -> Option<HeadWord> {
    if run.len() > 40 {
        return None;
    }
    let text = plain(run);
    let text = text.trim_end_matches([':', '.']);
    let bare = text.split('(').next().unwrap_or(text);
    let other = !bare.is_empty() && bare.len() < text.len();
    let is = |list: &[&str]| list.contains(&text) || other && list.contains(&bare);
    let classed = ["公开类别", "信息公开目录"]
        .iter()
        .any(|w| text.contains(w));
    if is(CATALOGUE) || is_wish(bare) || (classed && text.chars().count() <= CONTENT_MAX) {
        return Some(HeadWord::Catalogue);
    }
    let leaders = bare.ends_with("领导") && bare.chars().count() <= LEADERS_MAX;
    if is(OTHERS) || leaders || bare.starts_with("指导") {
        return Some(HeadWord::Other);
    }
    if is(DEADLINES) {
        return Some(HeadWord::Deadline);
    }
    if of_a_quarter(bare) || is_month(bare) {
        return Some(HeadWord::Other);
    }
    if text.chars().count() <= 14 && PROGRESS_ENDS.iter().any(|e| bare.ends_with(e)) {
        return Some(HeadWord::Other);
    }
    if is(NUMBERS) {
        return Some(HeadWord::Number);
    }
    if is(UNITS) {
        return Some(HeadWord::Units(None));
    }
    if is(AIMS) || AIMS.contains(&without_year(bare)) {
        return Some(HeadWord::Aim);
    }
    if let Some(word) = of_a_level(run) {
        return Some(word);
    }
    if let Some((label, len)) = label_word(run)
        && ends_label(from(run, len))
    {
        return match label {
            Label::Units(role) => Some(HeadWord::Units(role)),
            Label::Deadline => Some(HeadWord::Deadline),
            Label::Person => Some(HeadWord::Other),
        };
    }
    if let Some(role) = duty_of_organs(bare) {
        return Some(HeadWord::Units(role));
    }
    if names_both(run) {
        return Some(HeadWord::Both);
    }
    if let Some(word) = by_its_end(bare).or_else(|| with_aims(run)) {
        return Some(word);
    }
    let content = is(CONTENTS) || ends_content(bare);
    let measure = MEASURE_ENDS.iter().any(|e| bare.ends_with(e));
    content.then_some(match (measure, ASKED.contains(&bare)) {
        (true, _) => HeadWord::Measure,
        (_, true) => HeadWord::Asked,
        _ => HeadWord::Content,
    })
}

/// 政策诉求, 建议责任单位（省级部门）: what a plan asks of those above it, and of whom; nobody here has it to do.
fn is_wish(bare: &str) -> bool {
    let asked = bare.strip_prefix("建议");
    let unit = |rest: &str| ["单位", "部门"].iter().any(|end| rest.ends_with(end));
    let short = bare.chars().count() <= CONTENT_MAX;
    short && (asked.is_some_and(unit) || bare.ends_with("诉求") || bare.starts_with("恳请"))
}

/// …任务, …措施, …清单; but 云岭县2023年任务清单 is a title.
fn ends_content(bare: &str) -> bool {
    let dated = bare.contains('年') && bare.find("20").is_some_and(|at| at > 0);
    bare.chars().count() <= CONTENT_MAX
        && CONTENT_ENDS.iter().any(|e| bare.ends_with(e))
        && !bare.contains(['。', ',', '、', '《'])
        && !(dated && bare.ends_with("清单"))
}

/// 工作内容及责任单位, 任务和牵头部门: the content and its units, in one column.
fn names_both(run: &[Mark]) -> bool {
    let link = |m: &Mark| matches!(m.fold, '及' | '和' | '与' | '、' | '/');
    let Some(at) = run.iter().rposition(link) else {
        return false;
    };
    let units = from(run, at + 1);
    let named =
        matches!(label_word(units), Some((Label::Units(_), len)) if ends_label(from(units, len)));
    named && head_word(part(run, 0, at)).is_some_and(HeadWord::is_content)
}

/// 建设内容及目标, 主要任务和规模: the content with its aims, in one column.
fn with_aims(run: &[Mark]) -> Option<HeadWord> {
    let at = run
        .iter()
        .rposition(|m| matches!(m.fold, '及' | '和' | '与'))?;
    let aims = plain(from(run, at + 1));
    let aims = AIMS.contains(&aims.as_str()) || aims == "规模";
    head_word(part(run, 0, at)).filter(|word| aims && word.is_content())
}

/// What may stand behind the words of a label in a head: nothing, a bracket, or the people of the units (责任单位及责任人).
fn ends_label(rest: &[Mark]) -> bool {
    let rest = from(rest, beside(rest));
    is_empty(rest) || rest.first().is_some_and(|m| m.fold == '(')
}

/// 省级牵头单位, 市配合单位, 党工委管委会牵头部门, 本局责任处（单位）: whose units they are, before their role.
fn of_a_level(run: &[Mark]) -> Option<HeadWord> {
    const LEVELS: &[&str] = &[
        "省级", "市级", "县级", "区级", "州级", "省", "市", "县", "区", "州",
    ];
    const OWNERS: &[&str] = &[
        "本局",
        "本厅",
        "本委",
        "本办",
        "本院",
        "本单位",
        "本部门",
        "本机关",
        "本镇",
        "本乡",
        "本街道",
        "我局",
        "我厅",
        "我委",
        "我单位",
        "我镇",
        "局内",
        "厅内",
        "局机关",
        "厅机关",
        "机关",
        "党工委",
        "管委会",
        "党工委管委会",
        "区管委会",
        "党委政府",
        "市委市政府",
        "县委县政府",
        "区委区政府",
        "市政府",
        "县政府",
        "区政府",
        "镇政府",
        "上级",
        "对口",
    ];
    let owner = starts_any(run, LEVELS).max(starts_any(run, OWNERS))?;
    let rest = from(run, owner);
    match label_word(rest) {
        Some((Label::Units(role), len)) if ends_label(from(rest, len)) => {
            Some(HeadWord::Units(role))
        }
        // 责任处（单位）
        None => {
            let text = plain(rest);
            let named = text.split('(').next().is_some_and(|t| UNITS.contains(&t));
            (named && text.starts_with("责任")).then_some(HeadWord::Units(None))
        }
        Some(_) => None,
    }
}

/// 2022年度任务目标, 年度目标: whose year it is tells nothing of the column.
fn without_year(bare: &str) -> &str {
    let body = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    ["年度", "全年", "年"]
        .iter()
        .find_map(|word| body.strip_prefix(word))
        .unwrap_or(bare)
}

/// Longest head of a column of leaders (分管县领导, 县级牵头领导), in characters.
const LEADERS_MAX: usize = 7;

/// 1月, 十二月, 3月份: a column for a month.
fn is_month(bare: &str) -> bool {
    const MONTHS: &[&str] = &[
        "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二",
    ];
    let name = bare.trim_end_matches('份').strip_suffix('月');
    name.is_some_and(|name| {
        let figure = name.parse::<u32>().is_ok_and(|n| (1..=12).contains(&n));
        figure || MONTHS.contains(&name)
    })
}

/// Fewest columns of months that show when work goes on.
const MONTHS_MIN: usize = 3;

/// Whether the heads give the months columns of their own, in which ticks tell the time.
pub(crate) fn ticks_months(heads: &[&[Mark]]) -> bool {
    let months = heads.iter().filter(|run| is_month(&plain(run)));
    months.count() >= MONTHS_MIN
}

/// 一季度目标, 第二季度进度: what is to be reached by then stands beside the measure.
fn of_a_quarter(bare: &str) -> bool {
    const PERIODS: &[&str] = &[
        "一季度",
        "二季度",
        "三季度",
        "四季度",
        "1季度",
        "2季度",
        "3季度",
        "4季度",
        "上半年",
        "下半年",
    ];
    let begins = bare.trim_start_matches('第');
    bare.chars().count() <= CONTENT_MAX && PERIODS.iter().any(|p| begins.starts_with(p))
}

/// Longest head that is told by its end alone, in characters.
const ENDED_MAX: usize = 8;

/// 整改时限, 预计完成时间, 具体科室: heads of their own making.
fn by_its_end(bare: &str) -> Option<HeadWord> {
    const OTHER_TIMES: &[&str] = &["发布", "启动", "开始", "公开", "更新", "印发", "成文"];
    const OTHER_UNITS: &[&str] = &[
        "发布", "公开", "监督", "督办", "督查", "考核", "指导", "来源", "填报", "报送", "制发",
        "评分", "评价", "打分", "审核", "验收", "统计", "交办", "下达", "转办",
    ];
    let begins = |list: &[&str]| list.iter().any(|w| bare.starts_with(w));
    let ends = |list: &[&str]| list.iter().any(|w| bare.ends_with(w));
    if bare.chars().count() > ENDED_MAX {
        return None;
    }
    if ends(&["时限", "期限", "时间", "节点"]) {
        let other = begins(OTHER_TIMES);
        return Some(if other {
            HeadWord::Other
        } else {
            HeadWord::Deadline
        });
    }
    let units = ends(&["单位", "部门", "科室", "处室", "股室"]);
    if units && begins(OTHER_UNITS) {
        return Some(HeadWord::Other);
    }
    // 牵头负责部门, 配合实施单位; 牵头及责任单位 names both
    let role = match bare {
        _ if bare.contains(['及', '和', '、', '/']) => None,
        _ if begins(&["牵头", "主办", "主责"]) => Some(Role::Lead),
        _ if begins(&["配合", "协办", "协助", "协同", "协作"]) => Some(Role::Cooperate),
        _ => None,
    };
    units.then_some(HeadWord::Units(role))
}

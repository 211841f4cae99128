//! Table heads: which word says what stands in its column.

use super::labels::{Label, label_word};
use super::organs::Role;
use super::text::{Mark, is_empty, plain};

/// What a column of a plan's table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// 序号
    Number,
    /// Section or group: the left columns, merged down.
    Heading,
    /// The measure itself.
    Text,
    /// 责任单位, 牵头单位, 配合单位; the role where the head names one.
    Units(Option<Role>),
    /// 完成时限
    Deadline,
    /// 备注, 完成情况 and whatever else is no part of a task.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeadWord {
    Number,
    Content,
    /// 工作措施, 具体内容: content that is surely the measure.
    Measure,
    /// 工作要求: the measure, unless another column is it more surely.
    Asked,
    /// 工作目标, 成果形式: content, but the measure only if nothing else is.
    Aim,
    Units(Option<Role>),
    Deadline,
    Other,
    /// 公开主体, 公开渠道: a disclosure catalogue.
    Catalogue,
}

impl HeadWord {
    /// What may hold the measure or a heading above it.
    pub(crate) fn is_content(self) -> bool {
        matches!(self, Self::Content | Self::Measure | Self::Asked)
    }
}

const NUMBERS: &[&str] = &[
    "序号",
    "编号",
    "序",
    "任务编号",
    "任务序号",
    "事项序号",
    "项次",
];
const DEADLINES: &[&str] = &[
    "时间",
    "月份",
    "月度",
    "时间段",
    "工作进度",
    "完成进度",
    "时限",
    "完成日期",
    "时间进度",
    "进度安排",
    "进度要求",
    "推进时间",
    "时间表",
    "落实时间",
    "办结时限",
    "截止时间",
    "截止日期",
    "计划完成时间",
    "完成时间要求",
    "完成时间及要求",
];
const UNITS: &[&str] = &[
    "责任分工",
    "分工",
    "单位",
    "部门",
    "责任单位及分工",
    "责任",
    "任务分工",
    "责任单位和部门",
    "主要责任单位",
    "具体责任单位",
    "责任处(科)室",
    "科室",
    "责任单位(科室)",
    "责任单位(部门)",
    "责任镇街",
    "责任区",
];
const OTHERS: &[&str] = &[
    "备注",
    "完成情况",
    "落实情况",
    "进展情况",
    "工作进展",
    "进展",
    "责任人",
    "责任领导",
    "分管领导",
    "联系人",
    "联系电话",
    "联系方式",
    "牵头领导",
    "分值",
    "评分标准",
    "得分",
    "考核标准",
    "工作依据",
    "依据",
    "佐证材料",
    "责任人及电话",
    "具体负责人",
    "负责人",
    "公开方式",
    "公开时间",
];
const CATALOGUE: &[&str] = &[
    "公开主体",
    "公开时限",
    "公开渠道",
    "公开载体",
    "公开渠道和载体",
    "公开对象",
    "公开依据",
    "公开层级",
    "公开方式",
    "公开事项",
    "公开内容(要素)",
    "一级事项",
    "二级事项",
    "公开属性",
    "公开形式",
    "公开范围",
    "公开内容",
    "公开要素",
    "信息类别",
    "公开栏目",
];
const AIMS: &[&str] = &[
    "工作目标",
    "目标",
    "目标要求",
    "预期目标",
    "成果形式",
    "工作成果",
    "预期成果",
    "工作标准",
    "标准",
    "完成标准",
    "任务目标",
];
const CONTENT_ENDS: &[&str] = &[
    "任务",
    "要求",
    "内容",
    "措施",
    "举措",
    "事项",
    "要点",
    "工作",
    "项目",
    "实事",
    "类别",
    "分类",
    "领域",
    "方面",
    "指标",
    "任务分解",
    "任务名称",
    "重点",
    "栏目",
    "任务清单",
    "细化分工",
    "细化任务",
    "任务细化",
    "分工任务",
];
/// Ends of heads of content that is the measure itself, wherever its column stands.
const MEASURE_ENDS: &[&str] = &[
    "措施",
    "举措",
    "内容",
    "细化任务",
    "任务细化",
    "具体任务",
    "做法",
];
/// Heads of what is asked of a measure, where another column holds the measure.
const ASKED: &[&str] = &[
    "工作要求",
    "有关要求",
    "相关要求",
    "要求",
    "完成要求",
    "落实要求",
];
/// Ends of heads that report on progress; a form to fill in has several.
const PROGRESS_ENDS: &[&str] = &[
    "进度",
    "情况",
    "整改",
    "“事项”",
    "事项计划",
    "单位名称",
    "状态",
    "位置",
    "来源",
];
/// Longest head of a content column, in characters.
const CONTENT_MAX: usize = 12;

/// The meaning of a cell that is the head of a column; `None` for any other text.
pub(crate) fn head_word(run: &[Mark]) -> Option<HeadWord> {
    if run.len() > 40 {
        return None;
    }
    let text = plain(run);
    let text = text.trim_end_matches([':', '.']);
    let bare = text.split('(').next().unwrap_or(text);
    let is = |list: &[&str]| list.contains(&text) || (!bare.is_empty() && list.contains(&bare));
    let classed = ["公开类别", "信息公开目录"]
        .iter()
        .any(|w| text.contains(w));
    if is(CATALOGUE) || (classed && text.chars().count() <= CONTENT_MAX) {
        return Some(HeadWord::Catalogue);
    }
    let leaders = bare.ends_with("领导") && bare.chars().count() <= LEADERS_MAX;
    if is(OTHERS) || leaders || bare.starts_with("指导") {
        return Some(HeadWord::Other);
    }
    if is(DEADLINES) {
        return Some(HeadWord::Deadline);
    }
    if of_a_quarter(bare) {
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
    if is(AIMS) {
        return Some(HeadWord::Aim);
    }
    if let Some((label, len)) = label_word(run)
        && (is_empty(super::text::from(run, len))
            || super::text::from(run, len)
                .first()
                .is_some_and(|m| m.fold == '('))
    {
        return match label {
            Label::Units(role) => Some(HeadWord::Units(role)),
            Label::Deadline => Some(HeadWord::Deadline),
            Label::Person => Some(HeadWord::Other),
        };
    }
    if let Some(word) = by_its_end(bare) {
        return Some(word);
    }
    let content = bare.chars().count() <= CONTENT_MAX
        && CONTENT_ENDS.iter().any(|e| bare.ends_with(e))
        && !bare.contains(['。', ',', '、', '《']);
    let measure = MEASURE_ENDS.iter().any(|e| bare.ends_with(e));
    content.then_some(match (measure, ASKED.contains(&bare)) {
        (true, _) => HeadWord::Measure,
        (_, true) => HeadWord::Asked,
        _ => HeadWord::Content,
    })
}

/// Longest head of a column of leaders (分管县领导, 县级牵头领导), in characters.
const LEADERS_MAX: usize = 7;

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
    ];
    let begins = |list: &[&str]| list.iter().any(|w| bare.starts_with(w));
    let ends = |list: &[&str]| list.iter().any(|w| bare.ends_with(w));
    if bare.chars().count() > ENDED_MAX {
        return None;
    }
    if ends(&["时限", "期限", "时间", "节点"]) && !begins(OTHER_TIMES) {
        return Some(HeadWord::Deadline);
    }
    let units = ends(&["单位", "部门", "科室", "处室", "股室"]) && !begins(OTHER_UNITS);
    // 牵头负责部门, 配合实施单位; 牵头及责任单位 names both
    let role = match bare {
        _ if bare.contains(['及', '和', '、', '/']) => None,
        _ if begins(&["牵头", "主办"]) => Some(Role::Lead),
        _ if begins(&["配合", "协办", "协助"]) => Some(Role::Cooperate),
        _ => None,
    };
    units.then_some(HeadWord::Units(role))
}

/// What the cells of a row say as a table head; `None` where they are none.
/// A head names units or a deadline, and beside it content.
pub(crate) fn head(cells: &[&[Mark]]) -> Option<Vec<Option<HeadWord>>> {
    let mut words: Vec<Option<HeadWord>> = cells.iter().map(|c| head_word(c)).collect();
    alone_in_a_plan(&mut words);
    named_by_neighbours(cells, &mut words);
    let filled = cells.iter().filter(|c| !is_empty(c)).count();
    let known = words.iter().flatten().count();
    let count = |f: fn(&HeadWord) -> bool| words.iter().flatten().filter(|w| f(w)).count();
    let content = count(|w| w.is_content() || *w == HeadWord::Aim);
    let units = count(|w| matches!(w, HeadWord::Units(_)));
    let ends = count(|w| matches!(w, HeadWord::Deadline));
    let catalogue = count(|w| matches!(w, HeadWord::Catalogue));
    let sure = known >= 3 || (content > 0 && units > 0);
    let whole = known == filled || (sure && known + 1 >= filled);
    let plan = (content > 0 && (units > 0 || ends > 0))
        || (content > 1 && count(|w| matches!(w, HeadWord::Number)) > 0);
    ((whole && (plan || catalogue >= 2)) || catalogue >= 3).then_some(words)
}

/// 整治行业名称 | 时间安排 | 责任单位: the one head of its own making beside units and a deadline is the content.
fn named_by_neighbours(cells: &[&[Mark]], words: &mut [Option<HeadWord>]) {
    let has = |f: fn(&HeadWord) -> bool| words.iter().flatten().any(f);
    let content = has(|w| w.is_content() || *w == HeadWord::Aim || *w == HeadWord::Catalogue);
    let placed = has(|w| matches!(w, HeadWord::Units(_))) && has(|w| *w == HeadWord::Deadline);
    let mut unknown = (0..words.len()).filter(|&i| {
        words.get(i).is_some_and(Option::is_none) && cells.get(i).is_some_and(|c| !is_empty(c))
    });
    let (Some(one), None) = (unknown.next(), unknown.next()) else {
        return;
    };
    let text = cells.get(one).map(|c| plain(c)).unwrap_or_default();
    let short = (2..=CONTENT_MAX).contains(&text.chars().count());
    let word = short
        && !text.contains(['。', ',', '、', '《', ':'])
        && cells
            .get(one)
            .is_some_and(|c| super::number::number(c).is_none());
    if let (false, true, true, Some(slot)) = (content, placed, word, words.get_mut(one)) {
        *slot = Some(HeadWord::Content);
    }
}

/// 公开内容 | 责任单位: one such word beside units is the content of a plan.
fn alone_in_a_plan(words: &mut [Option<HeadWord>]) {
    let count = |f: fn(&HeadWord) -> bool| words.iter().flatten().filter(|w| f(w)).count();
    let catalogue = count(|w| *w == HeadWord::Catalogue);
    let content = count(|w| w.is_content());
    let units = count(|w| matches!(w, HeadWord::Units(_)));
    if catalogue == 1 && units > 0 && content == 0 {
        let word = words.iter_mut().find(|w| **w == Some(HeadWord::Catalogue));
        word.into_iter().for_each(|w| *w = Some(HeadWord::Content));
    }
}

/// A head of at least two columns that only a disclosure catalogue has.
pub(crate) fn is_catalogue(words: &[Option<HeadWord>]) -> bool {
    words
        .iter()
        .flatten()
        .filter(|w| **w == HeadWord::Catalogue)
        .count()
        >= 2
}

/// 指标 | 分值 | 责任单位, 考核内容 | 评分标准: the head of a table of marks, and of no measures.
pub(crate) fn is_scoring(head: &[super::text::Run]) -> bool {
    const MARKS: &[&str] = &[
        "分值",
        "评分",
        "得分",
        "扣分",
        "计分",
        "权重",
        "标准分",
        "赋分",
    ];
    const JUDGED: &[&str] = &["指标", "考核", "考评", "评估", "测评", "评价"];
    let heads: Vec<String> = head.iter().map(|run| plain(run)).collect();
    let any = |list: &[&str]| heads.iter().any(|h| list.iter().any(|w| h.contains(w)));
    let measure = heads
        .iter()
        .any(|h| h.contains("任务") || h.contains("措施") || h.contains("举措"));
    any(MARKS) && any(JUDGED) && !measure
}

/// 分类 | 内容要求 | 责任单位 above 一级 | 二级 | 三级: the levels of a catalogue's classes.
pub(crate) fn parts_classes(head: &[&[Mark]], below: &[&[Mark]]) -> bool {
    const CLASSES: &[&str] = &["类", "类别", "分类", "目录", "栏目", "类目", "栏目名称"];
    let levels = |word: &str| below.iter().any(|run| plain(run) == word);
    let classed = head.iter().any(|run| {
        let text = plain(run);
        CLASSES.iter().any(|w| text.ends_with(w))
    });
    classed && levels("一级") && levels("二级")
}

/// Columns by position: of the content columns the last one before the units holds the measure, those left of it headings.
pub(crate) fn columns(words: &[Option<HeadWord>]) -> Vec<Column> {
    let first_units = words
        .iter()
        .position(|w| matches!(w, Some(HeadWord::Units(_) | HeadWord::Deadline)))
        .unwrap_or(words.len());
    let is = |i: &usize, want: HeadWord| words.get(*i) == Some(&Some(want));
    let content = |i: &usize| matches!(words.get(*i), Some(Some(w)) if w.is_content());
    let measure = |i: &usize| is(i, HeadWord::Measure);
    let aim = |i: &usize| is(i, HeadWord::Aim);
    // 任务 | 责任单位 | 工作措施: the measure stands behind its units
    let behind = (first_units..words.len())
        .find(measure)
        .filter(|_| !(0..first_units).any(|i| measure(&i)));
    let text = behind
        .or_else(|| {
            let last = (0..first_units).rev().find(content)?;
            let asked = is(&last, HeadWord::Asked);
            let before = (0..last).rev().find(measure).filter(|_| asked);
            Some(before.unwrap_or(last))
        })
        .or_else(|| (0..first_units).rev().find(aim))
        .or_else(|| (0..words.len()).rev().find(content))
        .or_else(|| (0..words.len()).rev().find(aim));
    words
        .iter()
        .enumerate()
        .map(|(i, word)| match word {
            _ if Some(i) == text => Column::Text,
            Some(HeadWord::Number) => Column::Number,
            Some(w) if (w.is_content() || *w == HeadWord::Aim) && text.is_some_and(|t| i < t) => {
                Column::Heading
            }
            Some(HeadWord::Units(role)) => Column::Units(*role),
            Some(HeadWord::Deadline) => Column::Deadline,
            None if text.is_some_and(|t| i < t) => Column::Heading,
            _ => Column::Other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::text::run;
    use super::*;

    fn check(heads: &[&str], want: Option<&[Column]>) {
        let runs: Vec<_> = heads.iter().map(|h| run(h)).collect();
        let cells: Vec<&[Mark]> = runs.iter().map(Vec::as_slice).collect();
        assert_eq!(
            head(&cells).map(|w| columns(&w)),
            want.map(<[Column]>::to_vec),
            "{heads:?}"
        );
    }

    #[test]
    fn heads_of_plans() {
        use Column::*;
        let any = Units(None);
        let (lead, with) = (Units(Some(Role::Lead)), Units(Some(Role::Cooperate)));
        check(
            &["工作要求", "工作任务", "具体工作措施", "落实单位"],
            Some(&[Heading, Heading, Text, any]),
        );
        check(
            &["工作任务", "具体要求", "责任单位"],
            Some(&[Heading, Text, any]),
        );
        check(
            &["工作事项", "具体任务", "牵头及责任单位"],
            Some(&[Heading, Text, any]),
        );
        check(
            &["工作要求", "一级要点", "二级要点", "责任单位"],
            Some(&[Heading, Heading, Text, any]),
        );
        check(
            &["序號", "工 作 任 務", "責任單位", "時限要求"],
            Some(&[Number, Text, any, Deadline]),
        );
        check(
            &[
                "序号",
                "重点任务",
                "序号",
                "具体举措",
                "牵头单位",
                "配合单位",
                "完成时限",
                "备注",
            ],
            Some(&[Number, Heading, Number, Text, lead, with, Deadline, Other]),
        );
        check(
            &["工作任务", "具体要求", "责任单位", "时限要求", "", ""],
            Some(&[Heading, Text, any, Deadline, Other, Other]),
        );
        check(
            &["序号", "问题", "整改措施", "具体科室", "整改时限"],
            Some(&[Number, Heading, Text, any, Deadline]),
        );
        check(
            &["重点任务", "具体举措", "工作目标", "责任科室"],
            Some(&[Heading, Text, Other, any]),
        );
    }

    #[test]
    fn heads_of_catalogues() {
        let heads = ["序號", "政府信息公開類別及事項", "公開內容", "責任單位"];
        let runs: Vec<_> = heads.iter().map(|h| run(h)).collect();
        let cells: Vec<&[Mark]> = runs.iter().map(Vec::as_slice).collect();
        assert!(head(&cells).is_some_and(|words| is_catalogue(&words)));
    }

    #[test]
    fn other_rows_are_no_heads() {
        check(&["一、优化基础", "1.加强保障", "办公室"], None);
        check(&["办公室", "各科室"], None);
        check(&["姓名", "职务", "电话"], None);
    }
}

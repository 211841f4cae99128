//! Table heads: which word says what stands in its column.

use super::organs::Role;
use super::text::{Mark, is_empty, plain};

mod framed;
mod levels;
mod lists;
mod word;

pub(crate) use framed::head_framed;
pub(crate) use levels::of_several_levels;
use word::CONTENT_MAX;
pub(crate) use word::{head_word, ticks_months};

/// Whether a cell is the head of a column: 责任单位, 完成时限.
#[must_use]
pub fn is_head(text: &str) -> bool {
    let run: Vec<Mark> = (0..)
        .zip(text.trim().chars())
        .map(|(at, ch)| Mark::new(ch, at))
        .collect();
    head_word(&run).is_some()
}

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
    /// 工作内容及责任单位: the measure, with its units in the same cell.
    Both,
    Units(Option<Role>),
    Deadline,
    Other,
    /// 公开主体, 公开渠道: a disclosure catalogue.
    Catalogue,
}

impl HeadWord {
    /// What may hold the measure or a heading above it.
    pub(crate) fn is_content(self) -> bool {
        matches!(
            self,
            Self::Content | Self::Measure | Self::Asked | Self::Both
        )
    }

    fn names_units(self) -> bool {
        matches!(self, Self::Units(_) | Self::Both)
    }
}

/// Most words of a head that are not known.
const UNKNOWN_MAX: usize = 2;

/// What the cells of a row say as a table head; `None` where they are none.
/// A head names units or a deadline, and beside it content.
pub(crate) fn head(cells: &[&[Mark]]) -> Option<Vec<Option<HeadWord>>> {
    settled(cells, cells.iter().map(|c| head_word(c)).collect())
}

/// Share of organs that makes a cell one of units.
const UNITS_SHARE: f32 = 0.8;
/// Shortest and longest head that the rows below it explain, in characters.
const TOLD_LEN: std::ops::RangeInclusive<usize> = 2..=8;

/// 序号 | 工作任务 | 谁来抓: a head with numbers and content, whose units the rows below show. `below`: their cells.
pub(crate) fn head_told(
    cells: &[&[Mark]],
    below: &[Vec<&[Mark]>],
) -> Option<Vec<Option<HeadWord>>> {
    let mut words: Vec<Option<HeadWord>> = cells.iter().map(|c| head_word(c)).collect();
    let content = words.iter().flatten().any(|w| w.is_content());
    let units = words.iter().flatten().any(|w| w.names_units());
    if units || !content || !words.contains(&Some(HeadWord::Number)) {
        return None;
    }
    let told = |i: &usize| {
        let rows = || below.iter().filter_map(|row| row.get(*i));
        let named = |cell: &&[Mark]| super::cells::looks(cell).organs > UNITS_SHARE;
        let word = cells.get(*i).map_or(0, |cell| plain(cell).chars().count());
        words.get(*i) == Some(&None)
            && TOLD_LEN.contains(&word)
            && rows().count() > 0
            && rows().all(named)
    };
    let at = (0..cells.len()).find(told)?;
    *words.get_mut(at)? = Some(HeadWord::Units(None));
    settled(cells, words)
}

/// What the words of a head make of each other.
fn refined(cells: &[&[Mark]], words: &mut [Option<HeadWord>]) {
    alone_in_a_plan(cells, words);
    stages_beside_units(cells, words);
    levels::settle(cells, words);
    after_progress(cells, words);
    named_by_neighbours(cells, words);
    doubled_units(cells, words);
}

fn settled(cells: &[&[Mark]], mut words: Vec<Option<HeadWord>>) -> Option<Vec<Option<HeadWord>>> {
    refined(cells, &mut words);
    let filled = cells.iter().filter(|c| !is_empty(c)).count();
    let known = words.iter().flatten().count();
    let count = |f: fn(&HeadWord) -> bool| words.iter().flatten().filter(|w| f(w)).count();
    let content = count(|w| w.is_content() || *w == HeadWord::Aim);
    let units = count(|w| w.names_units());
    let ends = count(|w| matches!(w, HeadWord::Deadline));
    let catalogue = count(|w| matches!(w, HeadWord::Catalogue));
    let sure = known >= 3 || (content > 0 && units > 0);
    // 序号 | 任务 | 责任单位 | 是否完成 | 亮灯: a number, the content and its units leave no doubt that it is a head
    let placed = words
        .iter()
        .position(|w| matches!(w, Some(HeadWord::Units(_))));
    let told = |at: usize| {
        words
            .iter()
            .take(at)
            .zip(cells)
            .all(|(w, c)| w.is_some() || is_empty(c))
    };
    let framed = content > 0 && words.contains(&Some(HeadWord::Number)) && placed.is_some_and(told);
    let whole =
        known == filled || sure && known + 1 >= filled || framed && known + UNKNOWN_MAX >= filled;
    let plan = (content > 0 && (units > 0 || ends > 0))
        || (content > 1 && count(|w| matches!(w, HeadWord::Number)) > 0);
    let found = (whole && (plan || catalogue >= 2)) || catalogue >= 3;
    if found && units > 0 && catalogue == 0 {
        framed::behind_class(cells, &mut words);
    }
    found.then_some(words)
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

/// Where another column holds the organs: 单位 beside a target is what that is measured in (指标 | 单位 | 目标 | 责任部门),
/// and 分工 is the measure (任务分工 | 责任单位).
fn doubled_units(cells: &[&[Mark]], words: &mut [Option<HeadWord>]) {
    let units = |w: &&Option<HeadWord>| matches!(w, Some(HeadWord::Units(_)));
    if words.iter().filter(units).count() < 2 {
        return;
    }
    let targets = words.contains(&Some(HeadWord::Aim));
    for (cell, word) in cells.iter().zip(words) {
        match plain(cell).as_str() {
            "单位" if targets => *word = Some(HeadWord::Other),
            "分工" | "任务分工" => *word = Some(HeadWord::Measure),
            _ => {}
        }
    }
}

/// 完成时限 | 进展情况 | 完成时间: the time behind the progress is when it was done.
fn after_progress(cells: &[&[Mark]], words: &mut [Option<HeadWord>]) {
    const PROGRESS: &[&str] = &[
        "进展情况",
        "完成情况",
        "落实情况",
        "工作进展",
        "推进情况",
        "整改情况",
    ];
    let Some(limit) = words.iter().position(|w| *w == Some(HeadWord::Deadline)) else {
        return;
    };
    let reports = |(i, cell): (usize, &&[Mark])| {
        (i > limit && PROGRESS.iter().any(|p| plain(cell).ends_with(p))).then_some(i)
    };
    if let Some(progress) = cells.iter().enumerate().find_map(reports) {
        for word in words.iter_mut().skip(progress) {
            if *word == Some(HeadWord::Deadline) {
                *word = Some(HeadWord::Other);
            }
        }
    }
}

/// 工作任务 | 阶段目标 | 责任单位: beside units or a time limit the stages are a target of the measure; without them they are
/// what there is to do.
fn stages_beside_units(cells: &[&[Mark]], words: &mut [Option<HeadWord>]) {
    let placed = |w: &HeadWord| matches!(w, HeadWord::Units(_) | HeadWord::Deadline);
    if !words.iter().flatten().any(placed) {
        return;
    }
    for (cell, word) in cells.iter().zip(words) {
        if *word == Some(HeadWord::Asked) && plain(cell).contains("阶段") {
            *word = Some(HeadWord::Aim);
        }
    }
}

/// 公开内容 | 责任单位: one such word beside units is the content of a plan. So is 公开内容 beside a heading (公开领域), for
/// it says what is to be done; 公开方式 does not.
fn alone_in_a_plan(cells: &[&[Mark]], words: &mut [Option<HeadWord>]) {
    const SAYS_WHAT: &[&str] = &["公开内容", "公开要素", "公开事项", "公开内容(要素)"];
    let count = |f: fn(&HeadWord) -> bool| words.iter().flatten().filter(|w| f(w)).count();
    let catalogue = count(|w| *w == HeadWord::Catalogue);
    let content = count(|w| w.is_content());
    let units = count(|w| matches!(w, HeadWord::Units(_)));
    if catalogue != 1 || units == 0 {
        return;
    }
    for (cell, word) in cells.iter().zip(words) {
        let says = content == 0 || SAYS_WHAT.contains(&plain(cell).as_str());
        if *word == Some(HeadWord::Catalogue) && says {
            *word = Some(HeadWord::Content);
        }
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
    let judge = |head: &String| head.ends_with("部门") || head.ends_with("单位");
    let heads = head.iter().map(|run| plain(run));
    let heads: Vec<String> = heads.filter(|head| !judge(head)).collect();
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
    // 工作任务 | 工作目标 | 工作措施: a target is no heading where another column is
    let heads = |i: usize, w: HeadWord| {
        w.is_content() || w == HeadWord::Aim && !(0..i).any(|left| content(&left))
    };
    words
        .iter()
        .enumerate()
        .map(|(i, word)| match word {
            _ if Some(i) == text => Column::Text,
            Some(HeadWord::Number) => Column::Number,
            Some(w) if heads(i, *w) && text.is_some_and(|t| i < t) => Column::Heading,
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
            &["工作任务", "工作目标", "工作措施", "责任单位"],
            Some(&[Heading, Other, Text, any]),
        );
        check(
            &["公开领域", "公开内容", "牵头单位", "责任单位"],
            Some(&[Heading, Text, lead, any]),
        );
        check(&["任务", "公开方式", "责任单位"], Some(&[Text, Other, any]));
        check(
            &["序号", "省工作要点内容", "我市贯彻落实意见", "责任单位"],
            Some(&[Number, Heading, Text, any]),
        );
        check(
            &[
                "改革任务",
                "我省工作措施",
                "省牵头单位",
                "我市工作措施",
                "市牵头单位",
                "配合单位",
            ],
            Some(&[Heading, Heading, Other, Text, lead, with]),
        );
        check(
            &["重点任务", "省级主管部门", "市级责任单位", "完成时间"],
            Some(&[Text, Other, any, Deadline]),
        );
        check(
            &["任务", "责任单位", "完成时限", "进展情况", "完成时间"],
            Some(&[Text, any, Deadline, Other, Other]),
        );
        check(
            &["工作板块", "工作清单", "责任科（室、队）", "时间要求"],
            Some(&[Heading, Text, any, Deadline]),
        );
        check(
            &[
                "要点条目",
                "贯彻落实意见",
                "分管领导",
                "落实科室",
                "序时进度",
            ],
            Some(&[Heading, Text, Other, any, Deadline]),
        );
        check(
            &["目标", "任务", "主要内容", "责任单位"],
            Some(&[Heading, Heading, Text, any]),
        );
        check(
            &["重点任务", "具体举措", "工作目标", "责任科室"],
            Some(&[Heading, Text, Other, any]),
        );
    }

    #[test]
    fn words_that_are_not_known_are_placed_by_the_units() {
        use Column::*;
        let (lead, with) = (Units(Some(Role::Lead)), Units(Some(Role::Cooperate)));
        let framed = |heads: &[&str]| {
            let runs: Vec<_> = heads.iter().map(|h| run(h)).collect();
            let cells: Vec<&[Mark]> = runs.iter().map(Vec::as_slice).collect();
            head_framed(&cells).map(|f| (columns(&f.words), f.doubtful))
        };
        let sure = |heads: &[&str], want: &[Column]| {
            assert_eq!(framed(heads), Some((want.to_vec(), false)), "{heads:?}");
        };
        for word in ["章节", "条款", "维度", "环节", "专项", "出处", "原文"] {
            sure(
                &["序号", word, "工作任务", "牵头部门", "配合部门"],
                &[Number, Heading, Text, lead, with],
            );
        }
        for word in [
            "制度", "细则", "文件", "条款", "章节", "场景", "行动", "活动",
        ] {
            sure(
                &["序号", word, "责任单位", "完成时限"],
                &[Number, Text, Units(None), Deadline],
            );
            sure(&[word, "牵头部门", "配合部门"], &[Text, lead, with]);
            sure(
                &["领域", word, "责任单位", "完成时限"],
                &[Heading, Text, Units(None), Deadline],
            );
        }
        let alone = framed(&["序号", "标的", "实施单位", "金额"]);
        assert_eq!(alone, Some((vec![Number, Text, Units(None), Other], true)));
        let guess = framed(&["序号", "篇目", "法门", "牵头部门", "配合部门", "完成时限"]);
        let want = vec![Number, Heading, Text, lead, with, Deadline];
        assert_eq!(guess, Some((want, true)));
        for other in [
            &["序号", "姓名", "单位"][..],
            &["序号", "指标", "单位", "数值"],
            &["一、优化基础", "1.加强保障", "责任单位"],
            &["环节", "责任单位"],
            &["公开主体", "环节", "责任单位", "完成时限"],
        ] {
            assert_eq!(framed(other), None, "{other:?}");
        }
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

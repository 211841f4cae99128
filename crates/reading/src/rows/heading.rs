//! Rows and cells that head others.

use super::Extra;
use super::unused::{aside, is_none_sign};
use crate::columns::Column;
use crate::event::{Event, Given, Item};
use crate::grid::Row;
use crate::number::{Level, number};
use crate::text::{Run, is_empty, plain, split_by, trim, weight};

/// Longest heading in a column of measures, in characters.
const HEADING_MAX: usize = 60;

/// Longest heading without number, in characters.
const TITLE_MAX: usize = 24;

/// Headings of the row: numbered ones by their number, others by their column.
pub(super) fn headings(row: &Row, columns: &[Column], extra: &Extra, out: &mut Vec<Event>) {
    let places: Vec<usize> = columns
        .iter()
        .enumerate()
        .filter(|(_, c)| **c == Column::Heading)
        .map(|(i, _)| i)
        .collect();
    let alone = row.iter().flatten().filter(|r| !is_empty(r)).count() == 1;
    for (nth, place) in places.iter().enumerate() {
        if extra.merged.contains(place) {
            continue;
        }
        let Some(run) = row
            .get(*place)
            .and_then(Option::as_ref)
            .filter(|r| !is_empty(r) && !is_none_sign(r))
        else {
            continue;
        };
        for run in parts(run) {
            let level = number(&run).map(|n| n.level);
            if places.len() > 2 && nth == 1 {
                out.push(Event::Middle(run));
                continue;
            }
            let section = match level {
                Some(Level::Section) => true,
                Some(Level::Group) => false,
                // without a number the left one of two columns is the section; so is a band across a table of groups
                _ => {
                    (places.len() > 1 && nth == 0)
                        || (alone && columns.len() > 2 && level.is_none())
                }
            };
            out.push(if section {
                Event::Section(run)
            } else {
                Event::Group(run)
            });
        }
    }
}

/// A heading cell may hold the heading twice (printed again after a page break) or section and group one below the other.
fn parts(run: &Run) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for line in split_by(run, |m| m.fold == '\n') {
        let line = trim(line);
        if line.is_empty() {
            continue;
        }
        let begins = number(line).is_some_and(|n| matches!(n.level, Level::Section | Level::Group));
        match out.last_mut() {
            Some(last) if plain(last) == plain(line) => {}
            Some(last) if !begins => last.extend_from_slice(line),
            _ => out.push(line.to_vec()),
        }
    }
    out
}

/// A table without a column of headings has them among its measures: 一、… and （一）… with nothing beside them, where
/// the measures have numbers of their own.
pub(crate) fn lift_headings(events: &mut Vec<Event>) {
    drop_states(events);
    let numbered = |e: &Event| matches!(e, Event::Item(i) if i.no.is_some());
    if !events.iter().any(numbered) {
        return;
    }
    lift_counted(events);
    let told = |e: &&Event| !matches!(e, Event::Aside { .. });
    let heads = |below: &[Event]| matches!(below.iter().find(told), Some(Event::Item(_)));
    let mut at = 0;
    while let Some(event) = events.get(at) {
        let found = match event {
            Event::Item(item) => lifted(item, events.get(at + 1..).is_some_and(heads)),
            _ => None,
        };
        at += 1;
        if let Some((event, remark)) = found
            && let Some(slot) = events.get_mut(at - 1)
        {
            *slot = event;
            if let Some(remark) = remark {
                events.insert(at, remark);
                at += 1;
            }
        }
    }
}

/// What a row among the measures is instead, and what is told about it; `heads` where a measure stands below it.
fn lifted(item: &Item, heads: bool) -> Option<(Event, Option<Event>)> {
    // its number stands before its text again
    let text: Run = item.number.iter().chain(&item.text).copied().collect();
    let level = number(&text).map(|n| n.level);
    let alone = item.no.is_none()
        && item.deadlines.is_empty()
        && !matches!(item.units, Given::Here(_))
        && weight(&item.text) <= HEADING_MAX;
    if !alone {
        return None;
    }
    match level {
        Some(Level::Section) => Some((Event::Section(text), None)),
        Some(Level::Group) => Some((Event::Group(text), None)),
        None if is_note(&text) => Some((
            aside(&text, "table-note", "表内说明不是任务，没有列入"),
            None,
        )),
        None if is_sum(&text) => {
            let message = "合计行不是任务，没有列入";
            Some((aside(&text, "sum-row", message), None))
        }
        // cells merged down from the measure above it, and a last row: a measure that shares its number
        None if is_title(&item.text) && heads && !matches!(item.units, Given::Merged) => {
            let remark = may_be_measure(&text).then(|| {
                let message = "这一行没有编号和单位，已作为下面任务的标题；如果是上一项的另一条措施，请改为任务";
                aside(&text, "heading-or-measure", message)
            });
            Some((Event::Group(text), remark))
        }
        _ => None,
    }
}

/// 附加说明：以上均按月报送
fn is_note(run: &Run) -> bool {
    const NOTES: &[&str] = &[
        "说明:",
        "附加说明:",
        "备注:",
        "注:",
        "填表说明:",
        "有关说明:",
    ];
    NOTES.iter().any(|word| plain(run).starts_with(word))
}

/// 合计4项
fn is_sum(run: &Run) -> bool {
    const SUMS: &[&str] = &["合计", "共计", "总计", "小计"];
    is_title(run) && SUMS.iter().any(|word| plain(run).starts_with(word))
}

/// 公开决算信息并解读到位: begins as measures do.
fn may_be_measure(run: &Run) -> bool {
    const VERBS: &[&str] = &[
        "公开", "公布", "发布", "完成", "建立", "编制", "开展", "组织", "制定", "更新", "清理",
        "解读",
    ];
    let text = plain(run);
    VERBS.iter().any(|verb| text.starts_with(verb)) && text.contains(['并', '、', '和', '及'])
}

/// 1 | 一体化平台, above 1.1 | 完成平台升级: a row of nothing but a name, whose number begins those of the rows below it.
fn lift_counted(events: &mut [Event]) {
    let printed = |e: Option<&Event>| match e {
        Some(Event::Item(item)) => plain(&item.number),
        _ => String::new(),
    };
    for i in 0..events.len() {
        let told = |e: &&Event| !matches!(e, Event::Aside { .. });
        let below = printed(events.iter().skip(i + 1).find(told));
        let Some(event) = events.get_mut(i) else {
            continue;
        };
        let Event::Item(item) = &*event else { continue };
        let own = plain(&item.number);
        let own = own.trim_end_matches(['.', '、']);
        let counts = !own.is_empty() && own.chars().all(|c| c.is_ascii_digit());
        let begun = below
            .strip_prefix(own)
            .and_then(|rest| rest.strip_prefix('.'));
        let alone = item.deadlines.is_empty() && !matches!(item.units, Given::Here(_));
        if counts
            && begun.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            && alone
            && weight(&item.text) <= HEADING_MAX
        {
            *event = Event::Group(item.text.clone());
        }
    }
}

/// 是, 否, 高, 绿灯 in a column of unknown head left of the measures: the state of each, and no heading of it.
fn drop_states(events: &mut [Event]) {
    const STATES: &[&str] = &[
        "是",
        "否",
        "高",
        "中",
        "低",
        "红",
        "黄",
        "绿",
        "蓝",
        "红灯",
        "黄灯",
        "绿灯",
        "蓝灯",
        "红色",
        "黄色",
        "绿色",
        "紧急",
        "一般",
        "较急",
        "急",
        "重要",
        "达标",
        "合格",
        "不合格",
        "未达标",
        "优秀",
        "良好",
        "完成",
        "未完成",
        "已完成",
        "进行中",
        "未启动",
        "推进中",
        "正常",
        "滞后",
        "√",
        "×",
        "A",
        "B",
        "C",
        "D",
        "I",
        "II",
        "III",
        "Ⅰ",
        "Ⅱ",
        "Ⅲ",
    ];
    let headings = || {
        events.iter().filter_map(|e| match e {
            Event::Group(run) | Event::Section(run) if !is_empty(run) => Some(run),
            _ => None,
        })
    };
    let state = |run: &Run| STATES.contains(&plain(run).as_str());
    if !headings().any(state) {
        return;
    }
    for event in events {
        if let Event::Group(run) | Event::Section(run) = &*event
            && state(run)
        {
            let message = "这一列不属于任务的内容，没有列入任务";
            *event = aside(run, "column-unused", message);
        }
    }
}

/// 深化重点领域公开: a row of one text without number and without a stop, where the measures have numbers.
fn is_title(run: &Run) -> bool {
    weight(run) <= TITLE_MAX
        && run
            .iter()
            .all(|m| !matches!(m.fold, '。' | ',' | ';' | ':'))
}

//! What only the whole table shows: headings among its measures, rows torn apart, who leads where a cell is blank.

use super::unused::aside;
use crate::event::{Doubt, Event, Given, Item, Lead};
use crate::number::{Level, number};
use crate::text::{Mark, Run, is_empty, plain, trim, weight};

/// Longest heading in a column of measures, in characters.
const HEADING_MAX: usize = 60;

/// A table without a column of headings has them among its measures: 一、… and （一）… with nothing beside them, where
/// the measures have numbers of their own.
pub(crate) fn lift_headings(events: &mut [Event]) {
    drop_states(events);
    let numbered = |e: &Event| matches!(e, Event::Item(i) if i.no.is_some());
    if !events.iter().any(numbered) {
        return;
    }
    lift_counted(events);
    for event in events {
        let Event::Item(item) = &*event else { continue };
        // its number stands before its text again
        let text: Run = item.number.iter().chain(&item.text).copied().collect();
        let level = number(&text).map(|n| n.level);
        let alone = item.no.is_none()
            && item.deadlines.is_empty()
            && !matches!(item.units, Given::Here(_))
            && weight(&item.text) <= HEADING_MAX;
        let titled = alone && level.is_none() && is_title(&item.text);
        match level {
            Some(Level::Section) if alone => *event = Event::Section(text),
            Some(Level::Group) if alone => *event = Event::Group(text),
            None if titled => *event = Event::Group(text),
            _ => {}
        }
    }
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

/// The file ends inside the last row: its text stops in the middle, and its cell of units is not there.
pub(crate) fn doubt_cut(events: &mut [Event]) {
    if let Some(Event::Item(item)) = events.last_mut()
        && matches!(item.units, Given::Above)
        && !is_ended(&item.text)
    {
        item.doubts.push(Doubt::UnitsAbove);
    }
}

/// A row without number below a measure that has not ended, where others have numbers and end: the rest of that measure.
pub(crate) fn join_torn(events: &mut Vec<Event>) {
    let items = || {
        events.iter().filter_map(|e| match e {
            Event::Item(item) => Some(item),
            _ => None,
        })
    };
    let numbered = items().filter(|i| i.no.is_some()).count();
    let ended = items().filter(|i| is_ended(&i.text)).count();
    let bare = items().filter(|i| i.unnumbered).count();
    if bare == 0 || numbered < bare.max(2) || ended * 2 < numbered {
        return;
    }
    let mut out: Vec<Event> = Vec::with_capacity(events.len());
    for event in events.drain(..) {
        match (event, out.last_mut()) {
            (Event::Item(rest), Some(Event::Item(item)))
                if rest.unnumbered && item.no.is_some() && !is_ended(&item.text) =>
            {
                append_row(item, rest);
            }
            (event, _) => out.push(event),
        }
    }
    *events = out;
}

fn is_ended(text: &[Mark]) -> bool {
    let last = trim(text).last();
    last.is_none_or(|m| matches!(m.fold, '。' | ';' | '!' | ')'))
}

fn append_row(item: &mut Item, rest: Item) {
    item.text.extend(rest.text);
    item.source.extend(rest.source);
    if let (Given::Here(units), Given::Here(more)) = (&mut item.units, rest.units) {
        for unit in more {
            match units.iter_mut().find(|u| u.role == unit.role) {
                Some(own) if own.text == unit.text => {}
                Some(own) => own.text.extend(unit.text),
                None => units.push(unit),
            }
        }
    }
    match (item.deadlines.as_mut_slice(), rest.deadlines.as_slice()) {
        ([own], [more]) if own != more => own.extend_from_slice(more),
        ([], _) => item.deadlines = rest.deadlines,
        _ => {}
    }
    item.doubts.push(Doubt::Torn);
}

/// Longest heading without number, in characters.
const TITLE_MAX: usize = 24;

/// 深化重点领域公开: a row of one text without number and without a stop, where the measures have numbers.
fn is_title(run: &Run) -> bool {
    weight(run) <= TITLE_MAX
        && run
            .iter()
            .all(|m| !matches!(m.fold, '。' | ',' | ';' | ':'))
}

/// Where 牵头单位 is blank in the first row below a heading, too, a blank says that nobody leads.
pub(crate) fn settle_leads(events: &mut [Event]) {
    let mut first = true;
    let mut nobody = false;
    for event in events.iter() {
        match event {
            Event::Section(_) | Event::Group(_) | Event::Middle(_) => first = true,
            Event::Item(item) => {
                nobody |= first && item.lead == Lead::Blank;
                first = false;
            }
            _ => {}
        }
    }
    for event in events {
        if let (true, Event::Item(item)) = (nobody, event) {
            item.lead = Lead::Told;
        }
    }
}

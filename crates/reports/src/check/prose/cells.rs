//! Which cells of the tables a clause speaks of.

use super::{Context, Counted, Named};
use crate::form::{CARRY_IN, CARRY_OUT, Cell, FEES, NEW, SUM, TOTAL};

fn one(name: &'static str, cells: Vec<Cell>) -> Named {
    Named {
        name,
        either: vec![cells],
    }
}

fn total(row: usize) -> Vec<Cell> {
    vec![Cell::Three(row, TOTAL)]
}

fn block(name: &'static str, rows: std::ops::Range<usize>) -> Named {
    one(name, rows.map(|row| Cell::Three(row, TOTAL)).collect())
}

/// 未收到政府信息公开申请; 未发生行政复议、行政诉讼 is two clauses.
pub(super) fn never(clause: &str, context: &Context<'_>) -> Option<Named> {
    if let Some(named) = never_reviewed(clause, context) {
        return Some(named);
    }
    let none = ["未收到", "没有收到", "未接到"]
        .iter()
        .any(|word| clause.contains(word));
    let asked = clause.contains("公开申请") || clause.contains("依申请公开");
    let kind = ["复议", "诉讼", "投诉", "举报"]
        .iter()
        .any(|word| clause.contains(word));
    let whole = !context.within && !clause.contains("费");
    (none && asked && !kind && whole).then(|| one("本年新收总计", total(NEW)))
}

/// 未发生行政复议, 没有行政诉讼案件: none at all, so none in table 四.
fn never_reviewed(clause: &str, context: &Context<'_>) -> Option<Named> {
    let none = [
        "未发生",
        "没有发生",
        "未收到",
        "没有收到",
        "无因政府信息公开",
    ];
    // What follows 、 or ，goes on with the verb before.
    let goes_on = ["行政复议", "行政诉讼", "被申请行政复议", "被提起行政诉讼"];
    let said = none.iter().any(|word| clause.contains(word))
        || (none.iter().any(|word| context.before.contains(word))
            && goes_on.iter().any(|word| clause.trim().starts_with(word)));
    let bare = clause
        .trim()
        .trim_end_matches(['的', '等'])
        .trim_end_matches("情况")
        .trim_end_matches("情形")
        .trim_end_matches("申请")
        .trim_end_matches("案件")
        .trim_end_matches(['的', '等']);
    if !said || !(bare.ends_with("复议") || bare.ends_with("诉讼")) {
        return None;
    }
    let totals =
        |blocks: std::ops::Range<usize>| blocks.map(|block| Cell::Four(block, 4)).collect();
    match (clause.contains("复议"), clause.contains("诉讼")) {
        (true, false) => Some(one("行政复议总计", totals(0..1))),
        (false, true) => Some(one("行政诉讼总计", totals(1..3))),
        (true, true) => Some(one("行政复议、行政诉讼总计", totals(0..3))),
        (false, false) => None,
    }
}

/// 共办结: a lead so short speaks of what its sentence speaks of.
const LEAD_CHARS_MAX: usize = 6;

/// Words of other work that is counted in the same way.
const OTHER_WORK: [&str; 16] = [
    "建议",
    "提案",
    "留言",
    "投诉",
    "举报",
    "咨询",
    "来信",
    "意见",
    "热线",
    "信箱",
    "复议",
    "诉讼",
    "许可",
    "办事",
    "信访件",
    "问政",
];

pub(super) fn requests(counted: &Counted<'_>, context: &Context<'_>) -> Option<Named> {
    let lead = counted.lead.trim();
    let last = |word: &str| {
        lead.trim_end_matches(['为', '的', '共', '计', '有', '数'])
            .ends_with(word)
    };
    let about = |text: &str| text.contains("申请");
    let context_asks =
        context.part == 2 || about(lead) || about(counted.rest) || about(context.sentence);
    if !context_asks {
        return None;
    }
    if lead.contains("结转下") || lead.contains("结转至下") || lead.contains("转下年") {
        return Some(one("结转下年度继续办理总计", total(CARRY_OUT)));
    }
    if lead.contains("上年结转") || lead.contains("上年度结转") {
        return Some(one("上年结转总计", total(CARRY_IN)));
    }
    let named = [
        ("予以公开", one("予以公开总计", total(2))),
        ("部分公开", one("部分公开总计", total(3))),
        ("不予公开", block("不予公开各项之和", 4..12)),
        ("无法提供", block("无法提供各项之和", 12..15)),
        ("不予处理", block("不予处理各项之和", 15..20)),
        ("其他处理", block("其他处理各项之和", 20..23)),
    ];
    if let Some((_, names)) = named.into_iter().find(|(word, _)| last(word)) {
        return Some(names);
    }
    let whole = !context.within
        && !OTHER_WORK
            .iter()
            .any(|word| lead.contains(word) || counted.rest.contains(word));
    let asked = ["公开申请", "依申请公开"]
        .iter()
        .any(|word| context.sentence.contains(word));
    let direct = about(lead)
        || about(counted.rest)
        || about(context.before)
        || (asked && lead.chars().count() <= LEAD_CHARS_MAX);
    if !whole
        || !direct
        || ["办公厅", "办公室", "各县", "各镇", "各区", "其他"]
            .iter()
            .any(|word| lead.contains(word))
    {
        return None;
    }
    if lead.contains("新收") || lead.contains("新受理") {
        return Some(one("本年新收总计", total(NEW)));
    }
    if ["收到", "受理", "接收", "接到", "收件"]
        .iter()
        .any(|word| lead.contains(word))
    {
        let both = vec![Cell::Three(NEW, TOTAL), Cell::Three(CARRY_IN, TOTAL)];
        return Some(Named {
            name: "本年新收总计",
            either: vec![total(NEW), both],
        });
    }
    let done = ["办结", "答复", "办理完毕"]
        .iter()
        .any(|word| lead.contains(word));
    let sharp = ["延期", "逾期", "当场", "公开申请"]
        .iter()
        .all(|word| !counted.rest.contains(word));
    (done && sharp && !lead.contains("延期")).then(|| one("（七）总计", total(SUM)))
}

pub(super) fn remedies(counted: &Counted<'_>, context: &Context<'_>) -> Option<Named> {
    let lead = counted.lead;
    let own = context.part == 3 || context.sentence.contains("信息公开");
    let outcome = [
        "维持",
        "纠正",
        "撤销",
        "审结",
        "驳回",
        "败诉",
        "胜诉",
        "决定",
        "应诉率",
        "转",
    ]
    .iter()
    .any(|word| lead.contains(word) || counted.rest.contains(word));
    if !own || outcome || context.within {
        return None;
    }
    let (review, suit) = (lead.contains("复议"), lead.contains("诉讼"));
    let [reviews, direct, after] = [0, 1, 2].map(|block| Cell::Four(block, 4));
    if lead.contains("未经复议") || lead.contains("直接起诉") {
        return Some(one("未经复议直接起诉总计", vec![direct]));
    }
    if lead.contains("复议后") {
        return Some(one("复议后起诉总计", vec![after]));
    }
    match (review, suit) {
        (true, false) => Some(one("行政复议总计", vec![reviews])),
        (false, true) => Some(Named {
            name: "行政诉讼总计",
            either: vec![vec![direct, after], vec![direct]],
        }),
        (true, true) | (false, false) => None,
    }
}

pub(super) fn disclosed(counted: &Counted<'_>) -> Option<Named> {
    let lead = counted.lead;
    let both = |word: &str| lead.contains(word) || counted.rest.contains(word);
    if [
        "解读", "备案", "审查", "审核", "目录", "公开", "征求", "清理",
    ]
    .iter()
    .any(|word| both(word))
    {
        return None;
    }
    if both("规范性文件") {
        let has = |words: &[&str]| words.iter().any(|word| lead.contains(word));
        return if has(&["废止", "失效"]) {
            Some(one("行政规范性文件本年废止件数", vec![Cell::Two(4)]))
        } else if has(&["现行有效"]) {
            Some(one("行政规范性文件现行有效件数", vec![Cell::Two(5)]))
        } else if has(&["制发", "制定", "印发", "出台"]) {
            Some(one("行政规范性文件本年制发件数", vec![Cell::Two(3)]))
        } else {
            None
        };
    }
    if !both("处理决定") && !lead.contains("决定") {
        return None;
    }
    if lead.contains("行政许可") {
        Some(one("行政许可本年处理决定数量", vec![Cell::Two(6)]))
    } else if lead.contains("行政处罚") {
        Some(one("行政处罚本年处理决定数量", vec![Cell::Two(7)]))
    } else if lead.contains("行政强制") {
        Some(one("行政强制本年处理决定数量", vec![Cell::Two(8)]))
    } else {
        None
    }
}

pub(super) fn fees(lead: &str) -> Option<Named> {
    lead.contains("行政事业性收费")
        .then(|| one("行政事业性收费本年收费金额", vec![Cell::Two(FEES)]))
}

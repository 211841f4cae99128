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
pub(super) const OTHER_WORK: [&str; 16] = [
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

fn about(text: &str) -> bool {
    text.contains("申请")
}

fn speaks_of_requests(counted: &Counted<'_>, context: &Context<'_>) -> bool {
    context.part == 2
        || about(counted.lead)
        || about(counted.rest)
        || about(context.sentence)
        || context.carried.asked
}

/// A result that the words right before the number name.
fn result(lead: &str, context: &Context<'_>) -> Option<Named> {
    let last = |word: &str| {
        lead.trim_end_matches(['为', '的', '共', '计', '有', '数'])
            .ends_with(word)
    };
    if last("部分公开")
        && let Some(names) = opened(lead, context)
    {
        return Some(names);
    }
    let named = [
        ("予以公开", one("予以公开总计", total(2))),
        ("部分公开", one("部分公开总计", total(3))),
        ("不予公开", block("不予公开各项之和", 4..12)),
        ("无法提供", block("无法提供各项之和", 12..15)),
        ("不予处理", block("不予处理各项之和", 15..20)),
        ("其他处理", block("其他处理各项之和", 20..23)),
    ];
    named
        .into_iter()
        .find(|(word, _)| last(word))
        .map(|(_, names)| names)
}

pub(super) fn requests(counted: &Counted<'_>, context: &Context<'_>) -> Option<Named> {
    let lead = counted.lead.trim();
    if !speaks_of_requests(counted, context) {
        return None;
    }
    if lead.contains("结转下") || lead.contains("结转至下") || lead.contains("转下年") {
        return Some(one("结转下年度继续办理总计", total(CARRY_OUT)));
    }
    if lead.contains("上年结转") || lead.contains("上年度结转") {
        return Some(one("上年结转总计", total(CARRY_IN)));
    }
    if let Some(names) = result(lead, context) {
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

/// 予以公开及部分公开5件 counts both; of 予以公开、部分公开5件 the first stands in the clause before, without a number.
fn opened(lead: &str, context: &Context<'_>) -> Option<Named> {
    const OPEN: [&str; 3] = ["予以公开", "同意公开", "全部公开"];
    let both = block("予以公开、部分公开之和", 2..4);
    if OPEN.iter().any(|word| lead.contains(word)) {
        return Some(both);
    }
    let goes_on = OPEN.iter().any(|word| context.before.ends_with(word));
    (goes_on && lead.starts_with("部分公开")).then(|| Named {
        either: vec![vec![Cell::Three(2, TOTAL), Cell::Three(3, TOTAL)], total(3)],
        ..both
    })
}

/// The columns of table 三, by the words of their applicants.
const COLUMNS: [(&str, std::ops::Range<usize>); 6] = [
    ("自然人", 0..1),
    ("商业企业", 1..2),
    ("科研机构", 2..3),
    ("社会公益组织", 3..4),
    ("法律服务机构", 4..5),
    ("法人", 1..TOTAL),
];

/// Does a clause count by who applied?
pub(super) fn names_applicants(lead: &str) -> bool {
    ["自然人", "法人", "企业", "组织", "机构"]
        .iter()
        .any(|word| lead.contains(word))
}

/// 自然人申请8件: of what was received, or of what was named last.
pub(super) fn applicants(counted: &Counted<'_>, context: &Context<'_>) -> Option<Named> {
    const FILLING: [&str; 16] = [
        "其中",
        "来自",
        "或其他组织",
        "和其他组织",
        "及其他组织",
        "提出",
        "提交",
        "政府信息公开",
        "公开",
        "申请",
        "新收",
        "收到",
        "受理",
        "共",
        "的",
        "为",
    ];
    let (word, columns) = COLUMNS
        .iter()
        .find(|(word, _)| counted.lead.contains(word))?;
    let mut left = counted.lead.replace(word, "");
    for filling in FILLING {
        left = left.replace(filling, "");
    }
    let asked = context.part == 2 || context.sentence.contains("申请") || context.carried.asked;
    let other = OTHER_WORK
        .iter()
        .any(|word| context.sentence.contains(word));
    if !left.trim().is_empty() || !counted.rest.trim().is_empty() || !asked || other {
        return None;
    }
    let of = |rows: &[usize]| -> Vec<Cell> {
        rows.iter()
            .flat_map(|row| columns.clone().map(|column| Cell::Three(*row, column)))
            .collect()
    };
    let last: Vec<usize> = context
        .carried
        .last
        .iter()
        .filter_map(|cell| match cell {
            Cell::Three(row, _) => Some(*row),
            Cell::Two(_) | Cell::Four(..) => None,
        })
        .collect();
    let mut either = vec![of(&[NEW]), of(&[NEW, CARRY_IN])];
    if !last.is_empty() {
        either.push(of(&last));
        either.push(of(&[SUM]));
    }
    Some(Named {
        name: if *word == "法人" {
            "法人或其他组织"
        } else {
            word
        },
        either,
    })
}

/// 维持2件: of the reviews or suits that were named before.
fn outcome(counted: &Counted<'_>, context: &Context<'_>) -> Option<Named> {
    let lead = counted.lead.trim().trim_end_matches(['为', '的', '共']);
    let (name, column) = [
        ("结果维持", "维持", 0),
        ("结果纠正", "纠正", 1),
        ("其他结果", "其他结果", 2),
        ("尚未审结", "未审结", 3),
    ]
    .into_iter()
    .find(|(_, word, _)| lead.ends_with(word))
    .map(|(name, _, column)| (name, column))?;
    let (own_review, own_suit) = (lead.contains("复议"), lead.contains("诉讼"));
    let own = context.part == 3 || context.sentence.contains("信息公开");
    let (reviews, suits) = if own_review || own_suit {
        (own && own_review, own && own_suit)
    } else {
        (context.carried.reviews, context.carried.suits)
    };
    let [review, direct, after] = [0, 1, 2].map(|block| Cell::Four(block, column));
    let of_suits = vec![vec![direct, after], vec![direct], vec![after]];
    let either = match (reviews, suits) {
        (true, false) => vec![vec![review]],
        (false, true) => of_suits,
        (true, true) => std::iter::once(vec![review])
            .chain(of_suits)
            .chain([vec![review, direct, after]])
            .collect(),
        (false, false) => return None,
    };
    counted
        .rest
        .trim()
        .is_empty()
        .then_some(Named { name, either })
}

/// Words of an organ whose work reviews and suits are.
const REVIEWS_OTHERS: [&str; 7] = ["办理", "受理", "审理", "代理", "应诉", "出庭", "收到"];

pub(super) fn remedies(counted: &Counted<'_>, context: &Context<'_>) -> Option<Named> {
    if let Some(named) = outcome(counted, context) {
        return Some(named);
    }
    let lead = counted.lead;
    let said = context.part == 3 || context.sentence.contains("信息公开");
    let goes_on = context.carried.asked || context.carried.reviews || context.carried.suits;
    let own = said
        || (goes_on
            && REVIEWS_OTHERS
                .iter()
                .all(|word| !context.sentence.contains(word)));
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
    // 其中维持3件，行政诉讼2件: suits stand beside reviews.
    let beside = context.carried.reviews && ["行政诉讼", "行政诉讼案件"].contains(&lead.trim());
    if !own || outcome || (context.within && !beside) {
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

/// What is done with rules, in the order of the columns of table 二.
#[derive(Clone, Copy)]
enum Deed {
    Made,
    Repealed,
    InForce,
}

/// What a clause does with rules; one without a verb goes on with the verb before.
fn deed(counted: &Counted<'_>, context: &Context<'_>) -> Option<Deed> {
    // What is repealed or in force is told apart from what was made before.
    const VERBS: [(Deed, &[&str]); 3] = [
        (Deed::Repealed, &["废止", "失效"]),
        (Deed::InForce, &["现行有效"]),
        (Deed::Made, &["制发", "制定", "印发", "出台"]),
    ];
    let of = |text: &str| {
        VERBS
            .iter()
            .find(|(_, verbs)| verbs.iter().any(|verb| text.contains(verb)))
            .map(|(deed, _)| *deed)
    };
    let bare = ["规章", "行政规范性文件", "规范性文件"].contains(&counted.lead.trim());
    of(counted.lead).or_else(|| bare.then(|| of(context.before)).flatten())
}

fn rules(counted: &Counted<'_>, context: &Context<'_>) -> Option<Named> {
    let both = |word: &str| counted.lead.contains(word) || counted.rest.contains(word);
    let normative = match (both("规章"), both("规范性文件")) {
        (true, false) if !both("规章制度") => false,
        (false, true) => true,
        _ => return None,
    };
    let (name, cell) = match (deed(counted, context)?, normative) {
        (Deed::Made, false) => ("规章本年制发件数", 0),
        (Deed::Repealed, false) => ("规章本年废止件数", 1),
        (Deed::InForce, false) => ("规章现行有效件数", 2),
        (Deed::Made, true) => ("行政规范性文件本年制发件数", 3),
        (Deed::Repealed, true) => ("行政规范性文件本年废止件数", 4),
        (Deed::InForce, true) => ("行政规范性文件现行有效件数", 5),
    };
    Some(one(name, vec![Cell::Two(cell)]))
}

/// Words with which figures of decisions tell of something else than of what was decided.
const OTHER_DECISIONS: [&str; 8] = [
    "公开", "公示", "归集", "录入", "信用", "发布", "目录", "事项",
];

pub(super) fn disclosed(counted: &Counted<'_>, context: &Context<'_>) -> Option<Named> {
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
    if both("规范性文件") || both("规章") {
        return rules(counted, context);
    }
    let (name, word, cell) = [
        ("行政许可本年处理决定数量", "行政许可", 6),
        ("行政处罚本年处理决定数量", "行政处罚", 7),
        ("行政强制本年处理决定数量", "行政强制", 8),
    ]
    .into_iter()
    .find(|(_, word, _)| lead.contains(word))?;
    let decided = both("处理决定") || lead.contains("决定");
    (decided || is_done(lead, word, context)).then(|| one(name, vec![Cell::Two(cell)]))
}

/// 办理行政许可12件, and 行政处罚3件 after it: nothing else stands in the clause.
fn is_done(lead: &str, word: &str, context: &Context<'_>) -> bool {
    const VERBS: [&str; 4] = ["办理", "作出", "办结", "实施"];
    const FILLING: [&str; 5] = ["全年", "本年度", "全市", "共", "案件"];
    let is_other = |text: &str| OTHER_DECISIONS.iter().any(|word| text.contains(word));
    let mut left = lead.replace(word, "");
    let has = |text: &str| VERBS.iter().any(|verb| text.contains(verb));
    let acts = has(&left) || (has(context.before) && !is_other(context.before));
    for filling in VERBS.iter().chain(&FILLING) {
        left = left.replace(filling, "");
    }
    let sentence = ["公示", "归集", "录入", "信用"]
        .iter()
        .any(|word| context.sentence.contains(word));
    acts && !sentence && left.trim().is_empty()
}

pub(super) fn fees(lead: &str) -> Option<Named> {
    lead.contains("行政事业性收费")
        .then(|| one("行政事业性收费本年收费金额", vec![Cell::Two(FEES)]))
}

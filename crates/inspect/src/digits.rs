//! Runs of digits, however they are grouped: ID cards, mobile numbers, bank cards, home phones.

use std::sync::LazyLock;

use gongkai_basis::credit_code::is_credit_code;
use regex::Regex;

use crate::finding::{Confidence, Found, Kind};
use crate::number::{is_bank_card, is_id_card, is_like_id_card};
use crate::text::Text;

/// Groups of one run that are joined on trial.
const GROUPS_MAX: usize = 19;
/// Characters before a number in which its label is looked for.
const LABEL_REACH: usize = 22;

/// Words that say that the digits behind them belong to a person.
static PERSONAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"身份证|公民身份|证件号|居民证|身份号|手机|电话|联系方式|移动电话|联系|致电|拨打|短信|微信|电联|(?i:\b(?:tel|phone|mobile|mob|cell|id)\b)|卡号|银行卡|储蓄卡|借记卡|工资卡|存折|一卡通|社保卡|账号|账户|帐号|帐户",
    )
});

/// Words that say that the digits behind them are the number of a thing.
static OF_A_THING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"订单|编号|单号|流水|凭证|合同|发票|票号|票据|批号|货号|条码|条形码|序列|代码|注册号|许可证|证书|案号|档案|项目|批次|文件号|编码|(?i:imei|isbn|issn|sn|no\.?|order|uuid|id\s?=)|设备|备案|受理|回执|查询码|校验|户号|表号|车架|追溯|索引号|宗地|登记号|工单|登记证|金额|面积|总额|统计|合计|资金|标段|地块|学号|考号|准考证|工号|电表|水表|不动产|单元号|快递|运单|物流|交易号|业务号|预约号|排队|收据|机身|产品|型号|标识码|识别码|号段|经营许可|税号|信用",
    )
});

pub(crate) fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this crate")
}

/// What the nearest label before a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Personal,
    OfAThing,
    None,
}

/// Digits that stand together, or parted by single blanks, dashes or dots.
struct Run {
    /// First and one-past-last character of each group.
    groups: Vec<(usize, usize)>,
}

pub(crate) fn find(text: &Text, found: &mut Vec<Found>) {
    for run in runs(text) {
        cards(text, &run, found);
    }
    spoken(text, found);
    home_phones(text, found);
}

fn is_digit(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

fn runs(text: &Text) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut index = 0;
    while let Some(c) = text.get(index) {
        if !c.is_ascii_digit() {
            index += 1;
            continue;
        }
        let start = index;
        while is_digit(text.get(index)) {
            index += 1;
        }
        let joined = runs.last_mut().filter(|run| {
            run.groups.len() < GROUPS_MAX
                && run
                    .groups
                    .last()
                    .is_some_and(|(_, end)| is_parting(text, *end, start))
        });
        match joined {
            Some(run) => run.groups.push((start, index)),
            None => runs.push(Run {
                groups: vec![(start, index)],
            }),
        }
    }
    runs
}

/// Whether what stands between two groups may stand inside one number.
fn is_parting(text: &Text, from: usize, to: usize) -> bool {
    to - from <= 3
        && text.chars.get(from..to).is_some_and(|between| {
            between
                .iter()
                .all(|c| matches!(c, ' ' | '-' | '.' | '·' | '\n' | '_'))
        })
}

fn cards(text: &Text, run: &Run, found: &mut Vec<Found>) {
    let mut first = 0;
    while first < run.groups.len() {
        let hit = (first..run.groups.len()).rev().find_map(|last| {
            run.groups
                .get(first..=last)
                .and_then(|groups| one(text, groups))
        });
        match hit {
            Some((one, groups)) => {
                found.push(one);
                first += groups;
            }
            None => first += 1,
        }
    }
}

/// Judges some groups together as one number; gives also how many groups it used up.
fn one(text: &Text, groups: &[(usize, usize)]) -> Option<(Found, usize)> {
    let (start, end) = (groups.first()?.0, groups.last()?.1);
    let mut digits = String::new();
    for (from, to) in groups {
        digits.push_str(text.slice(*from, *to));
    }
    if digits.len() > 19 {
        return None;
    }
    let kind = id_card(text, &digits, groups, start, end)
        .or_else(|| mobile(text, &digits, groups))
        .or_else(|| bank_card(text, &digits, groups))
        .or_else(|| account(text, &digits, groups))
        .or_else(|| mistyped_id_card(text, &digits, start, end));
    kind.map(|found| (found, groups.len()))
}

fn label(text: &Text, start: usize) -> Label {
    let left = text.left(start, LABEL_REACH);
    // A label does not reach over the end of a sentence or another value.
    let left = left
        .rsplit([';', '。', '\t', '|', '、', '!', '?'])
        .next()
        .unwrap_or(left);
    let last = |pattern: &Regex| pattern.find_iter(left).last().map(|hit| hit.end());
    match (last(&PERSONAL), last(&OF_A_THING)) {
        (Some(personal), Some(thing)) if thing > personal => Label::OfAThing,
        (Some(_), _) => Label::Personal,
        (None, Some(_)) => Label::OfAThing,
        (None, None) => match text.column_label(start) {
            Some(column) if PERSONAL.is_match(column) => Label::Personal,
            Some(column) if OF_A_THING.is_match(column) => Label::OfAThing,
            _ => Label::None,
        },
    }
}

fn id_card(
    text: &Text,
    digits: &str,
    groups: &[(usize, usize)],
    start: usize,
    end: usize,
) -> Option<Found> {
    let spans_lines = text.slice(start, end).contains('\n');
    if digits.len() == 17 {
        let (last, end) = check_letter(text, end)?;
        return is_id_card(&format!("{digits}{last}"))
            .then(|| Found::new(Kind::IdCard, start, end, Confidence::High));
    }
    if digits.len() == 18 && is_id_card(digits) {
        let glued = matches!(text.before(start), Some(c) if c.is_ascii_alphanumeric())
            && is_credit_code(digits);
        return (!glued).then(|| Found::new(Kind::IdCard, start, end, Confidence::High));
    }
    if digits.len() != 15 || spans_lines || !is_id_card(digits) || in_a_word(text, start, end) {
        return None;
    }
    // The old numbers have no check digit; a date and a province may be chance.
    match label(text, start) {
        Label::Personal => Some(Found::new(Kind::IdCard, start, end, Confidence::High)),
        Label::OfAThing => None,
        Label::None if groups.len() > 1 => None,
        Label::None => Some(Found::new(Kind::IdCard, start, end, Confidence::Low)),
    }
}

/// The X behind seventeen digits, which may be parted like a digit, and where the number ends with it.
fn check_letter(text: &Text, end: usize) -> Option<(char, usize)> {
    let mut x = end;
    while x < end + 2 && matches!(text.get(x), Some(' ' | '-')) {
        x += 1;
    }
    let last = text.get(x).filter(|c| matches!(c, 'x' | 'X'))?;
    let free = !text.get(x + 1).is_some_and(|c| c.is_ascii_alphanumeric());
    free.then_some((last, x + 1))
}

/// A number whose label or heading calls it a person's and whose check digit does not hold: somebody mistyped it, and
/// what is right of it is the person's all the same. Without such words eighteen digits may be anything.
fn mistyped_id_card(text: &Text, digits: &str, start: usize, end: usize) -> Option<Found> {
    let (number, end) = match digits.len() {
        17 => {
            let (last, end) = check_letter(text, end)?;
            (format!("{digits}{last}"), end)
        }
        18 if !in_a_word(text, start, end) => (digits.to_owned(), end),
        _ => return None,
    };
    let personal = is_like_id_card(&number)
        && !text.slice(start, end).contains('\n')
        && label(text, start) == Label::Personal;
    personal.then(|| {
        Found::new(Kind::IdCard, start, end, Confidence::High)
            .saying("像是居民身份证号码，但校验码不符，可能写错；写错的也不得公开，请删去或遮盖。")
    })
}

/// Letters, or the signs of addresses in the network, touch the digits.
fn in_a_word(text: &Text, start: usize, end: usize) -> bool {
    let before = text.before(start);
    let after = text.get(end);
    let word_before =
        before.is_some_and(|c| c.is_ascii_alphabetic()) && !touching_label(text, start);
    word_before
        || matches!(before, Some('_' | '=' | '#' | '%' | '&'))
        || before == Some('/') && !is_number_before(text, start - 1)
        || (before == Some('.') || before == Some('-'))
            && text
                .before(start.saturating_sub(1))
                .is_some_and(|c| c.is_ascii_alphanumeric())
        || after.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '%'))
        || after == Some('/') && !is_number_behind(text, end + 1)
        || matches!(after, Some('.' | '-'))
            && text.get(end + 1).is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Digits of a telephone: what a slash may part without being a path.
const TELEPHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=12;

fn is_number_before(text: &Text, end: usize) -> bool {
    let mut from = end;
    while is_digit(text.before(from)) {
        from -= 1;
    }
    TELEPHONE_DIGITS.contains(&(end - from))
}

fn is_number_behind(text: &Text, start: usize) -> bool {
    let mut to = start;
    while is_digit(text.get(to)) {
        to += 1;
    }
    TELEPHONE_DIGITS.contains(&(to - start))
}

/// `tel13800138000` is a label with its number.
fn touching_label(text: &Text, start: usize) -> bool {
    let mut from = start;
    while from > 0 && text.before(from).is_some_and(|c| c.is_ascii_alphabetic()) {
        from -= 1;
    }
    let word = text.slice(from, start).to_ascii_lowercase();
    matches!(
        word.as_str(),
        "tel" | "t" | "m" | "mob" | "mobile" | "phone" | "cell" | "qq" | "wx" | "vx" | "id"
    )
}

/// More digits stand beside, parted as the groups are: a row of figures.
fn in_a_row(text: &Text, groups: &[(usize, usize)]) -> bool {
    let (Some((start, _)), Some((_, end))) = (groups.first(), groups.last()) else {
        return false;
    };
    let parted = |c: Option<char>| matches!(c, Some(' ' | '-' | '.'));
    let before = start
        .checked_sub(2)
        .is_some_and(|two| parted(text.before(*start)) && is_digit(text.get(two)));
    let after = parted(text.get(*end)) && is_digit(text.get(end + 1));
    groups.len() > 1 && (before || after)
}

/// What makes of eleven digits an amount.
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s?(?:万|亿|元|亩|吨|株|只|羽|头|人|户|份|件|个|张|台|套|㎡|m|k|平方|立方|公|千|米|升|度|次|册|%|美元|港元|号(?:[^码]|$))",
    )
});

fn mobile(text: &Text, digits: &str, groups: &[(usize, usize)]) -> Option<Found> {
    let (start, end) = (groups.first()?.0, groups.last()?.1);
    let national = match digits.len() {
        11 => digits,
        13 => digits.strip_prefix("86")?,
        15 => digits.strip_prefix("0086")?,
        12 => digits.strip_prefix('0')?,
        _ => return None,
    };
    let mut figures = national.chars();
    if figures.next() != Some('1') || !matches!(figures.next(), Some('3'..='9')) {
        return None;
    }
    let plus = text.before(start) == Some('+') && digits.len() == 13;
    let start = if plus { start - 1 } else { start };
    let label = label(text, start);
    if !is_usual_grouping(groups)
        || text.slice(start, end).contains('\n')
        || in_a_word(text, start, end)
    {
        return None;
    }
    if (UNIT.is_match(text.right(end, 4)) || in_a_row(text, groups)) && label != Label::Personal {
        return None;
    }
    let before = text.before(start);
    if label == Label::OfAThing || matches!(before, Some('¥' | '￥' | '$' | '第')) {
        return None;
    }
    let assigned = is_assigned(national);
    let plain = matches!(digits.len(), 11 | 13);
    match (label, assigned && plain) {
        (Label::Personal, _) | (_, true) => {
            Some(Found::new(Kind::Mobile, start, end, Confidence::High))
        }
        // Thirteen to fifteen digits without a word for it, or a segment that nobody uses.
        (_, false) if assigned || digits.len() == 11 => {
            Some(Found::new(Kind::Mobile, start, end, Confidence::Low))
        }
        _ => None,
    }
}

/// Whether numbers of this segment have been given out.
fn is_assigned(national: &str) -> bool {
    let head: u32 = national
        .get(..3)
        .and_then(|head| head.parse().ok())
        .unwrap_or(0);
    matches!(
        head,
        130..=139 | 144..=149 | 150..=153 | 155..=159 | 162 | 165..=167 | 170..=178 | 180..=193 | 195..=199
    )
}

/// People group eleven digits in a few ways; columns of figures fall into others.
fn is_usual_grouping(groups: &[(usize, usize)]) -> bool {
    let mut lengths: Vec<usize> = groups.iter().map(|(start, end)| end - start).collect();
    // A country code of its own.
    if lengths.len() > 1
        && matches!(lengths.first(), Some(2 | 4))
        && lengths.iter().sum::<usize>() >= 13
    {
        lengths.remove(0);
    }
    matches!(
        lengths.as_slice(),
        [11 | 12 | 13 | 15]
            | [3, 4, 4]
            | [3, 8]
            | [7, 4]
            | [4, 3, 4]
            | [4, 4, 3]
            | [3, 3, 5]
            | [3, 2, 2, 2, 2]
            | [3, 4, 2, 2]
    ) || lengths.len() == 11
}

fn bank_card(text: &Text, digits: &str, groups: &[(usize, usize)]) -> Option<Found> {
    let (start, end) = (groups.first()?.0, groups.last()?.1);
    if digits.len() < 13 || text.slice(start, end).contains('\n') {
        return None;
    }
    let even = groups
        .iter()
        .rev()
        .skip(1)
        .all(|(from, to)| matches!(to - from, 4..=6));
    if groups.len() > 1 && !even || in_a_word(text, start, end) {
        return None;
    }
    let label = label(text, start);
    if label == Label::OfAThing {
        return None;
    }
    if (UNIT.is_match(text.right(end, 4)) || in_a_row(text, groups)) && label != Label::Personal {
        return None;
    }
    if !is_bank_card(digits) {
        return None;
    }
    let sure = label == Label::Personal
        || groups.len() > 1
        || digits.starts_with("62")
        || digits.len() == 16;
    let of_an_organ = of_an_organ(text, start);
    let confidence = if sure && !of_an_organ {
        Confidence::High
    } else {
        Confidence::Low
    };
    Some(Found::new(Kind::BankCard, start, end, confidence))
}

/// A number that proves nothing by itself but stands right behind 账号, 卡号, 社保卡: a passbook's or a card's of a rural
/// bank have no check digit.
fn account(text: &Text, digits: &str, groups: &[(usize, usize)]) -> Option<Found> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:银行账号|银行帐号|银行账户|银行卡号|存折号|社保卡号|社保卡|一卡通号|一卡通账号|开户行[^\n]{0,20}(?:账号|帐号))[^\d\n\p{Han}]{0,3}$",
        )
    });
    let (start, end) = (groups.first()?.0, groups.last()?.1);
    let whole = text.slice(start, end);
    static BARE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:账号|帐号|账户|帐户|卡号)[^\d\n\p{Han}]{0,3}$"));
    let left = text.left(start, LABEL_REACH);
    // 62 begins the numbers of UnionPay; other accounts have bare labels, too.
    let of_a_card = digits.starts_with("62") && digits.len() >= 13 && BARE.is_match(left);
    let named = (10..=19).contains(&digits.len())
        && !whole.contains('\n')
        && !in_a_word(text, start, end)
        && (of_a_card || NAMED.is_match(left));
    (named && !of_an_organ(text, start))
        .then(|| Found::new(Kind::BankCard, start, end, Confidence::Low))
}

/// The account of an organ or a company, which may be named: 收款单位, 户名 with an organ's ending.
fn of_an_organ(text: &Text, index: usize) -> bool {
    static ORGAN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:户名|账户名称|开户名|收款单位|收款人|单位名称|开户单位)\s*:?\s*[\p{Han}()]{2,30}(?:局|厅|委|委员会|中心|公司|政府|办公室|专户|财政|学校|医院|协会|基金会)",
        )
    });
    let (start, end) = text.record(index, 2);
    ORGAN.is_match(text.slice(start, end))
}

/// 一三八〇〇一三八〇〇〇: digits in words.
fn spoken(text: &Text, found: &mut Vec<Found>) {
    let value = |c: char| {
        "〇一二三四五六七八九"
            .chars()
            .position(|digit| digit == c)
            .or(match c {
                '零' | '○' | '洞' => Some(0),
                '幺' | '壹' => Some(1),
                '两' => Some(2),
                _ => None,
            })
    };
    let mut index = 0;
    while index < text.chars.len() {
        let mut digits = String::new();
        let start = index;
        while let Some(digit) = text.get(index).and_then(value) {
            digits.push_str(&digit.to_string());
            index += 1;
        }
        let kind = match digits.len() {
            11 if digits.starts_with('1') && is_assigned(&digits) => Some(Kind::Mobile),
            18 if is_id_card(&digits) => Some(Kind::IdCard),
            _ => None,
        };
        found.extend(kind.map(|kind| Found::new(kind, start, index, Confidence::High)));
        index = index.max(start + 1);
    }
}

/// A landline that the text calls somebody's home; those of offices are public.
fn home_phones(text: &Text, found: &mut Vec<Found>) {
    static HOME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:家庭电话|住宅电话|家庭固定电话|宅电|家里电话)(?:号码)?\s*:?\s*((?:0\d{2,3}[- )]?\s?)?\d{7,8})",
        )
    });
    for hit in HOME.captures_iter(&text.norm).filter_map(|hit| hit.get(1)) {
        let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
        found.push(Found::new(Kind::HomePhone, start, end, Confidence::High));
    }
}

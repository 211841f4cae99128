//! Homes. An address is a home when the text says so, or when it stands beside a person and is no office.

use std::sync::LazyLock;

use regex::Regex;

use crate::digits::pattern;
use crate::finding::{Confidence, Found, Kind};
use crate::person::within;
use crate::text::Text;

/// Characters of one address.
const ADDRESS_CHARS_MAX: usize = 60;

static HOME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:家庭住址|家庭地址|居住地址|住宅地址|现住址|现居住地|居住地|户籍地址|户籍所在地|户籍地|户口所在地|户口地址|常住地址|身份证地址|身份证住址|家住|现住|暂住|住址|住在|居住于|居住在|收货地址|房屋坐落|住于)(?:详细)?(?:地址)?\s*(?:为|是|在)?\s*[:\t]?\s*",
    )
});
static GENERAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:通讯地址|通信地址|联系地址|邮寄地址|送达地址|寄送地址|详细地址|地址|住所地|住所|住)\s*(?:为|是|在)?\s*[:\t]?\s*",
    )
});
/// The part of an address that points at a door.
static DOOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\d+|[一二三四五六七八九十百]+|[甲乙丙丁A-Za-z]\d{0,3})\s?(?:-\d+)?\s?(?:号|栋|幢|座|单元|室|房|户|组|巷|弄|队|楼|社|#)|\d+-\d+(?:-\d+)?$",
    )
});
static AREA: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"路|街|巷|道|里|弄|村|小区|苑|园|社区|屯|庄|镇|乡|区|县|市|胡同|公寓|大院|城|湾|府|庭|坊|组|寨|堡|洲|坝",
    )
});
/// A door of a dwelling: building and room, or a group of a village with a number.
static DWELLING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\p{Han}\dA-Za-z-]{2,30}?(?:(?:\d+|[一二三四五六七八九十]+|[A-Z])\s?(?:栋|幢|座|单元|号楼|号)[\p{Han}\dA-Za-z-]{0,10}?(?:\d{2,4}|[A-Z]\d?|\d[A-Z])\s?(?:室|房|户|号)|村[\p{Han}]{0,6}?(?:\d+|[一二三四五六七八九十]+)\s?(?:组|队|社|屯)\s?\d*号?|(?:路|街|巷|村|里|弄)\s?\d+号(?:\d+(?:室|房|号)?)?)",
    )
});
static OFFICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"政府|局|委员会|办公|大楼|中心|机关|单位|公司|大厦|行政|法院|检察院|派出所|学校|中学|小学|医院|银行|窗口|大厅|工业园|厂|酒店|宾馆|广场|会议室|站$|馆|仓库|产业园|商铺|有限|档口|门店|经营场所|注册地",
    )
});

/// Addresses that the text calls a home.
pub(crate) fn find(text: &Text, found: &mut Vec<Found>) {
    for hit in HOME.find_iter(&text.norm) {
        let start = text.char_at(hit.end());
        let end = value_end(text, start);
        if is_address(text.slice(start, end)) {
            found.push(Found::new(Kind::Address, start, end, Confidence::High));
        }
    }
    for line in 0..text.lines().len() {
        for (start, end) in text.row(line) {
            let label = text.column_label(start).unwrap_or_default();
            if start < end && HOME.is_match(label) && is_address(text.slice(start, end)) {
                found.push(Found::new(Kind::Address, start, end, Confidence::High));
            }
        }
    }
}

/// Other addresses, once the names are known: beside a person they are taken for a home.
pub(crate) fn settle(text: &Text, found: &mut Vec<Found>) {
    let mut more = Vec::new();
    for hit in GENERAL.find_iter(&text.norm) {
        let start = text.char_at(hit.end());
        let end = value_end(text, start);
        let address = text.slice(start, end);
        let own_line = text.record(start, 1);
        if is_address(address) && !OFFICE.is_match(address) && is_beside(found, own_line) {
            more.push(Found::new(Kind::Address, start, end, Confidence::High));
        }
    }
    for line in 0..text.lines().len() {
        for (start, end) in text.row(line) {
            let label = text.column_label(start).unwrap_or_default();
            let address = text.slice(start, end);
            if start < end
                && label.contains("地址")
                && is_address(address)
                && !OFFICE.is_match(address)
                && is_beside(found, text.line_span(line))
            {
                more.push(Found::new(Kind::Address, start, end, Confidence::High));
            }
        }
    }
    for hit in DWELLING.find_iter(&text.norm) {
        let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
        let (from, to) = text.line_span(text.line_of(start));
        let near = (start.saturating_sub(30).max(from), (end + 20).min(to));
        let sentence = text.slice(start.saturating_sub(12).max(from), end);
        if !OFFICE.is_match(sentence) && is_beside(found, near) {
            more.push(Found::new(Kind::Address, start, end, Confidence::Low));
        }
    }
    found.extend(more);
    found.sort_by_key(|one| one.start);
}

/// `found` is in order of place.
fn is_beside(found: &[Found], (start, end): (usize, usize)) -> bool {
    within(found, start, end).any(|one| {
        matches!(one.kind, Kind::Name | Kind::IdCard) && one.confidence == Confidence::High
    })
}

fn is_address(value: &str) -> bool {
    value.chars().count() >= 5
        && DOOR.is_match(value)
        && AREA.is_match(value)
        && !value.contains("公开")
}

/// Up to the end of the value: a comma, a sign, the next label.
fn value_end(text: &Text, start: usize) -> usize {
    let mut end = start;
    while end - start < ADDRESS_CHARS_MAX
        && text.get(end).is_some_and(|c| {
            !matches!(
                c,
                ',' | ';' | '。' | '\n' | '\t' | '|' | ')' | '”' | '、' | ':' | '!' | '?'
            )
        })
    {
        end += 1;
    }
    let value = text.slice(start, end);
    let cut = ["联系", "电话", "手机", "身份证", "邮编", "邮政编码", "的"]
        .iter()
        .filter_map(|label| value.find(label))
        .min();
    let end = match cut {
        Some(bytes) => start + value.get(..bytes).unwrap_or_default().chars().count(),
        None => end,
    };
    let (_, end) = text.trimmed(start, end);
    end.max(start)
}

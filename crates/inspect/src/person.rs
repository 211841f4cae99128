//! Names of private people. A name is known by its surname and by what stands beside it; people who act in office are
//! public (政府信息公开条例 (2019) art. 20 (二): organs publish who leads them).

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::digits::pattern;
use crate::finding::{Confidence, Found, Kind};
use crate::text::Text;

static SURNAMES: LazyLock<HashSet<char>> = LazyLock::new(|| {
    include_str!("data/surnames.txt")
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
});
static GIVEN: LazyLock<HashSet<char>> = LazyLock::new(|| {
    include_str!("data/given.txt")
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
});
/// Common words that begin like a name.
static NOT_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("data/not_names.txt")
        .split_whitespace()
        .collect()
});

/// 复姓.
const COMPOUND: [&str; 44] = [
    "欧阳", "司徒", "上官", "诸葛", "司马", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木",
    "南宫", "夏侯", "百里", "呼延", "独孤", "长孙", "宇文", "轩辕", "闻人", "钟离", "澹台", "申屠",
    "太叔", "完颜", "拓跋", "鲜于", "淳于", "单于", "赫连", "万俟", "濮阳", "公冶", "宗政", "东郭",
    "西门", "左丘", "梁丘", "仲孙", "亓官", "司空", "闾丘", "第五",
];

/// Last characters of organs, places, posts and things: such a word is no name.
const NOT_LAST: &str = "局厅委办处科室股院部会厂店镇县市区省街路号栋楼站所队校园馆们等的了者长某员司方款费表书证件类型项日月年时元单位址";

/// Words behind a surname that make it a form of address.
const ADDRESS_FORMS: [&str; 34] = [
    "先生", "女士", "同志", "老师", "医生", "经理", "师傅", "律师", "警官", "法官", "大爷", "阿姨",
    "大妈", "主任", "科长", "局长", "处长", "书记", "市长", "县长", "镇长", "区长", "部长", "所长",
    "校长", "院长", "主席", "委员", "股长", "队长", "小姐", "某某", "某", "工",
];

/// Headings and labels of private people. What is optional behind them: 姓名, 名称.
const PRIVATE: &str = r"申请人|申报人|户主|受益人|持卡人|开户人|监护人|家长|当事人|投诉人|举报人|信访人|反映人|来信人|来访人|咨询人|留言人|患者|病人|学生|考生|儿童|被征收人|被拆迁人|权利人|产权人|业主|房主|承租人|承包人|承包方代表|救助对象|低保对象|特困人员|保障对象|补贴对象|补助对象|资助对象|受助人|受助对象|死者|伤者|遇难者|嫌疑人|犯罪嫌疑人|违法行为人|违法当事人|被处罚人|被执行人|原告|被告|第三人|委托人|受托人|代理人|委托代理人|被代理人|配偶|父亲|母亲|父母|子女|丈夫|妻子|儿子|女儿|家庭成员|共同申请人|共同生活成员|农户|村民|居民|领取人|领款人|签收人|收款人|户名|被保险人|参保人|退役军人|残疾人|借款人|担保人|报名人|应聘人|驾驶人|车主|报案人|证人|被害人|受害人|老人|优抚对象|来电人|诉求人|市民|本人|新生儿|婴儿|继承人|被继承人|赠与人|购房人|买受人|出卖人|出租人|租户|房东|抵押人|乘客|旅客|病例|密接者|报告人|患儿";
const CONTACT: &str =
    r"联系人|联络人|收件人|收货人|寄件人|紧急联系人|联系人及电话|联系人及联系方式";
const OFFICIAL: &str =
    r"法定代表人|法人代表|法人|负责人|经办人|承办人|经营者|投资人|项目负责人|主要负责人|股东";

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?:(姓\s{{0,4}}名|名\s?字|曾用名|{PRIVATE})|({CONTACT})|({OFFICIAL}))(?:\s?\(?(?:姓名|名称|名字|签名|签字|签章|本人)\)?)?(?:\([^()\n]{{1,12}}\))?(?:\s*[:\t]\s*|( {{1,4}}))"
    ))
});

/// Words for a private person, as they stand right before the name.
const SPOKEN_OF: &str = r"申请人|被申请人|投诉人|举报人|信访人|户主|患者|病人|村民|居民|市民|群众|网民|网友|业主|学生|考生|家长|监护人|死者|伤者|嫌疑人|当事人|被害人|受害人|低保户|五保户|贫困户|脱贫户|特困人员|低保对象|救助对象|残疾人|农户|车主|司机|驾驶员|其妻|其夫|其子|其女|其母|其父|妻子|丈夫|儿子|女儿|母亲|父亲|老人|儿童|原告|被告人|被告|第三人|违法行为人|被征收人|我叫|我是|本人|姓名";

static SPOKEN: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?:{SPOKEN_OF})\s?")));

/// What may stand between a name and the number or address that belongs to it.
const BRIDGE: &str = r"(?:男|女|汉族|壮族|瑶族|\d{1,3}岁|系|的|之|他|她|其|本人|,|、|\s|\(|\)|:|;|-|—|/|身份证|身份|居民|公民|号码|号|证件|手机|电话|联系|方式|银行卡|银行|农行|工行|建行|卡号|账号|账户|卡|家|现|住址|住在|住于|住|户籍|地址|家庭|于|在|为|是|和|及|以及|出生|生于|微信|邮箱|护照|车牌|开户行|个人|本市|移动|tel|Tel|TEL|\[|【|\x22|\t){0,12}";

static BEFORE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"([\p{{Han}}]{{2,8}}){BRIDGE}$")));

/// 张三，男，1980年…: how a person is introduced.
static INTRODUCED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?:^|[\s,;。、:()|“\[])(?:{SPOKEN_OF})?([\p{{Han}}]{{2,4}})\s?[,(、]?\s?(?:男|女)\s?[,、;]\s?(?:[\p{{Han}}]{{1,4}}族\s?[,、]?\s?)?(?:\d{{1,3}}岁|\d{{4}}年|身份证|公民身份|住|系|家住|户籍|生于|现住|居民)",
    ))
});

static ON_DUTY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"现任|拟任|任命|任职|免去|职务|职级|党组|局长|主任|科长|书记|市长|县长|镇长|区长|处长|厅长|主席|委员|签发|审核人|责任编辑|发言人|科员|分管|公务员|民警|法官|检察官|执法人员|执法证|讲师|教授|专家|评委|工程师",
    )
});

/// Landlines and counters of an office.
static OFFICE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\(?0\d{2,3}\)?[- ]?\d{7,8}|(?:电话|联系方式|咨询)\s*:?\s*[1-9]\d{6,7}(?:\D|$)|办公室|服务中心|服务窗口|政务|科室|行政审批|采购|招标|项目|单位",
    )
});

pub(crate) fn find(text: &Text, found: &mut Vec<Found>) {
    found.sort_by_key(|one| one.start);
    let mut names = Vec::new();
    labelled(text, found, &mut names);
    columns(text, found, &mut names);
    beside_numbers(text, found, &mut names);
    spoken(text, found, &mut names);
    introduced(text, found, &mut names);
    found.extend(names);
    found.sort_by_key(|one| one.start);
}

fn name(start: usize, end: usize, confidence: Confidence) -> Found {
    Found::new(Kind::Name, start, end, confidence)
}

/// How many characters of a name are its surname: two of a 复姓 with a given name behind it.
pub(crate) fn surname_length(name: &str) -> usize {
    let is_compound = COMPOUND.iter().any(|surname| name.starts_with(surname));
    if is_compound && name.chars().nth(2).is_some() {
        2
    } else {
        1
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '〇' | '\u{20000}'..='\u{2FFFF}')
}

/// How many characters the name at the beginning of a word takes, the whole word or nothing.
fn whole(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    let Some(last) = chars.last() else {
        return false;
    };
    if word.contains('·') {
        return chars.len() >= 4 && chars.iter().all(|c| is_han(*c) || *c == '·') && is_han(*last);
    }
    if !chars.iter().all(|c| is_han(*c)) || NOT_LAST.contains(*last) && !GIVEN.contains(last) {
        return false;
    }
    let compound = COMPOUND.iter().any(|surname| word.starts_with(surname));
    let surname = chars.first().is_some_and(|first| SURNAMES.contains(first));
    let given: String = chars.iter().skip(1).collect();
    if surname && ADDRESS_FORMS.iter().any(|form| given.ends_with(form)) {
        return false;
    }
    match chars.len() {
        2 => surname,
        3 => surname || compound,
        4 => {
            compound
                || surname
                    && chars.get(1).is_some_and(|second| SURNAMES.contains(second))
                    && chars.iter().skip(2).all(|c| GIVEN.contains(c))
        }
        _ => false,
    }
}

/// The name with which a run of characters begins, in running text: its length.
fn leading(run: &str) -> Option<usize> {
    let chars: Vec<char> = run.chars().collect();
    let take = |length: usize| -> Option<usize> {
        let word: String = chars.get(..length)?.iter().collect();
        let given = if COMPOUND.iter().any(|surname| word.starts_with(surname)) {
            2
        } else {
            1
        };
        let rest = chars.get(given..length)?;
        (whole(&word) && !rest.is_empty() && rest.iter().all(|c| GIVEN.contains(c)))
            .then_some(length)
    };
    let two: String = chars.iter().take(2).collect();
    let three: String = chars.iter().take(3).collect();
    let compound = COMPOUND.iter().any(|surname| run.starts_with(surname));
    if !compound && NOT_NAMES.contains(two.as_str()) || NOT_NAMES.contains(three.as_str()) {
        return None;
    }
    if compound {
        take(4).or_else(|| take(3))
    } else {
        take(3).or_else(|| take(2))
    }
}

/// The name with which a run of characters ends: its length.
fn trailing(run: &str) -> Option<usize> {
    let chars: Vec<char> = run.chars().collect();
    let whole_run = chars.len() <= 4;
    [4usize, 3, 2].into_iter().find(|length| {
        let Some(from) = chars.len().checked_sub(*length) else {
            return false;
        };
        let word: String = chars.get(from..).unwrap_or_default().iter().collect();
        if NOT_NAMES.contains(word.as_str()) {
            return false;
        }
        if from == 0 && whole_run {
            return whole(&word);
        }
        let given = if *length == 4 { 2 } else { 1 };
        let compound = COMPOUND.iter().any(|surname| word.starts_with(surname));
        (*length < 4 || compound)
            && whole(&word)
            && word.chars().skip(given).all(|c| GIVEN.contains(&c))
    })
}

/// What else of a person stands near a place. `found` is in order of place.
fn is_beside(text: &Text, found: &[Found], index: usize, around: usize, kinds: &[Kind]) -> bool {
    let (start, end) = text.record(index, around);
    within(found, start, end)
        .any(|one| kinds.contains(&one.kind) && one.confidence == Confidence::High)
}

/// Those that touch a span, of findings in order of place.
pub(crate) fn within(found: &[Found], start: usize, end: usize) -> impl Iterator<Item = &Found> {
    /// No finding is longer.
    const LENGTH_MAX: usize = 128;
    let first = found.partition_point(|one| one.start + LENGTH_MAX < start);
    found
        .get(first..)
        .unwrap_or_default()
        .iter()
        .take_while(move |one| one.start < end)
        .filter(move |one| one.end > start)
}

const NUMBERS: [Kind; 8] = [
    Kind::IdCard,
    Kind::Mobile,
    Kind::BankCard,
    Kind::Address,
    Kind::Passport,
    Kind::TravelPermit,
    Kind::HomePhone,
    Kind::Email,
];
/// Numbers that nobody gives away in office.
const INTIMATE: [Kind; 6] = [
    Kind::IdCard,
    Kind::BankCard,
    Kind::Address,
    Kind::Passport,
    Kind::TravelPermit,
    Kind::HomePhone,
];

fn is_on_duty(text: &Text, index: usize, around: usize) -> bool {
    let (start, end) = text.record(index, around);
    ON_DUTY.is_match(text.slice(start, end))
}

/// 姓名：张三, 申请人：李四、王五, 联系人：赵六.
fn labelled(text: &Text, found: &[Found], names: &mut Vec<Found>) {
    for hit in LABELLED.captures_iter(&text.norm) {
        let Some(all) = hit.get(0) else { continue };
        let mut start = text.char_at(all.end());
        if text.get(start).is_none_or(|c| c == '\n')
            || text.slice(text.char_at(all.start()), start).contains('\n')
        {
            continue;
        }
        let (contact, official) = (hit.get(2).is_some(), hit.get(3).is_some());
        loop {
            let end = value_end(text, start);
            let word = text.slice(start, end).replace(' ', "");
            // 姓名：安全 is somebody's name; 姓名 | 金额 are two heads of one table.
            let called = !all.as_str().ends_with('\t')
                && hit
                    .get(1)
                    .is_some_and(|label| label.as_str().ends_with('名'));
            if !whole(&word) || !called && is_common(&word) {
                break;
            }
            let near = is_beside(text, found, start, 2, &NUMBERS);
            let intimate = is_beside(text, found, start, 2, &INTIMATE);
            let confidence = if official {
                if intimate {
                    Some(Confidence::High)
                } else {
                    None
                }
            } else if contact {
                contact_confidence(text, start, near, intimate)
            } else if near || !is_on_duty(text, start, 2) {
                Some(Confidence::High)
            } else {
                None
            };
            names.extend(confidence.map(|confidence| name(start, end, confidence)));
            match text.get(end) {
                Some('、' | ',' | '/') => start = end + 1,
                _ => break,
            }
        }
    }
}

/// A contact of an office is named with the office's telephone: public. With numbers of their own they are private.
fn contact_confidence(text: &Text, index: usize, near: bool, intimate: bool) -> Option<Confidence> {
    let (start, end) = text.record(index, 2);
    let office = OFFICE_LINE.is_match(text.slice(start, end));
    match (intimate, near, office) {
        (true, _, _) | (_, true, false) => Some(Confidence::High),
        (false, true, true) => Some(Confidence::Low),
        (false, false, true) => None,
        (false, false, false) if is_on_duty(text, index, 1) => None,
        (false, false, false) => Some(Confidence::Low),
    }
}

fn is_common(word: &str) -> bool {
    NOT_NAMES.contains(word)
}

/// The end of a value: where its characters end, or where the next label begins.
fn value_end(text: &Text, start: usize) -> usize {
    const NEXT: [&str; 16] = [
        "性别",
        "年龄",
        "身份",
        "电话",
        "联系",
        "手机",
        "住址",
        "地址",
        "民族",
        "出生",
        "学历",
        "证件",
        "户籍",
        "银行",
        "与申请",
        "关系",
    ];
    let mut end = start;
    while text.get(end).is_some_and(|c| is_han(c) || c == '·') && end - start < 16 {
        end += 1;
    }
    // 张　三 and 张 三: the blank makes two characters as wide as three.
    let blank = end == start + 1 && matches!(text.get(end), Some(' '));
    if blank {
        let mut second = end;
        while text.get(second) == Some(' ') && second - end < 4 {
            second += 1;
        }
        let alone =
            text.get(second).is_some_and(is_han) && !text.get(second + 1).is_some_and(is_han);
        if alone
            && text
                .slice(start, end)
                .chars()
                .all(|c| SURNAMES.contains(&c))
        {
            return second + 1;
        }
    }
    let run = text.slice(start, end);
    let cut = NEXT
        .iter()
        .filter_map(|label| run.find(label))
        .filter(|at| *at > 0)
        .min();
    match cut {
        Some(bytes) => start + run.get(..bytes).unwrap_or_default().chars().count(),
        None => end,
    }
}

/// Cells below 姓名 and the like.
fn columns(text: &Text, found: &[Found], names: &mut Vec<Found>) {
    static COLUMN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"^(?:.{{0,6}}姓名.{{0,4}}|户主|{PRIVATE}|{CONTACT})$"
        ))
    });
    static PRIVATE_TABLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"身份证|证件号|手机|住址|家庭|卡号|银行账号|社保卡|户主|补贴|补助|救助|低保|残疾|监护|病|金额|领取|发放|实发|应发|慰问|抚恤|赔偿|补偿|贫困|年龄|出生",
        )
    });
    for line in 0..text.lines().len() {
        let Some(heading) = text.heading_of(line) else {
            continue;
        };
        for (start, end) in text.row(line) {
            let label: String = text
                .column_label(start)
                .map(|label| label.chars().filter(|c| !c.is_whitespace()).collect())
                .unwrap_or_default();
            if start == end || !COLUMN.is_match(&label) || !whole(text.slice(start, end)) {
                continue;
            }
            let near = is_beside(text, found, start, 0, &NUMBERS);
            let duty = ON_DUTY.is_match(heading) || is_on_duty(text, start, 0);
            let confidence = match (near, duty) {
                (true, false) => Some(Confidence::High),
                (true, true) => Some(Confidence::Low),
                (false, true) => None,
                (false, false) if PRIVATE_TABLE.is_match(heading) => Some(Confidence::Low),
                (false, false) => None,
            };
            names.extend(confidence.map(|confidence| name(start, end, confidence)));
        }
    }
}

/// 张三，身份证号码…: the name to which a number or an address belongs.
fn beside_numbers(text: &Text, found: &[Found], names: &mut Vec<Found>) {
    for one in found
        .iter()
        .filter(|one| NUMBERS.contains(&one.kind) && one.confidence == Confidence::High)
    {
        let left = text.left(one.start, 48);
        let Some(hit) = BEFORE.captures(left) else {
            continue;
        };
        let Some(run) = hit.get(1) else {
            continue;
        };
        let offset = one.start - left.chars().count();
        let run_end = offset + left.get(..run.end()).unwrap_or_default().chars().count();
        if let Some((start, end)) = name_in(run.as_str(), run_end) {
            let word = text.slice(start, end);
            let duty = is_on_duty(text, start, 0) && !INTIMATE.contains(&one.kind);
            if !is_common(word) {
                let confidence = if duty {
                    Confidence::Low
                } else {
                    Confidence::High
                };
                names.push(name(start, end, confidence));
            }
        }
        // A name behind its number: 13800138000（张三）.
        behind(text, one, names);
    }
}

fn behind(text: &Text, one: &Found, names: &mut Vec<Found>) {
    static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^\s?\(\s?(?:机主|户主|联系人|持卡人)?:?\s?([\p{Han}]{2,4})\s?\)")
    });
    let right = text.right(one.end, 20);
    if let Some(hit) = BEHIND.captures(right).and_then(|hit| hit.get(1))
        && whole(hit.as_str())
        && !is_common(hit.as_str())
    {
        let start = one.end + right.get(..hit.start()).unwrap_or_default().chars().count();
        names.push(name(
            start,
            start + hit.as_str().chars().count(),
            Confidence::High,
        ));
    }
}

/// The end of the run, or its beginning when the words that follow belong to the bridge (张三身份证号码).
fn name_in(run: &str, run_end: usize) -> Option<(usize, usize)> {
    const LABELS: [&str; 22] = [
        "身份证",
        "居民身",
        "公民身",
        "证件",
        "手机",
        "电话",
        "联系",
        "银行",
        "卡号",
        "账号",
        "住址",
        "住在",
        "住于",
        "家住",
        "现住",
        "户籍",
        "家庭",
        "地址",
        "护照",
        "微信",
        "邮箱",
        "住",
    ];
    let mut cuts: Vec<usize> = LABELS.iter().filter_map(|label| run.find(label)).collect();
    cuts.sort_unstable();
    // The name stands before the first label, or behind the last: 请联系张三.
    let ends = cuts.first().copied().into_iter().chain([run.len()]);
    let run_chars = run.chars().count();
    ends.into_iter().find_map(|cut| {
        let head = run.get(..cut)?;
        let head_chars = head.chars().count();
        let head_end = run_end - (run_chars - head_chars);
        let head = head.trim_end_matches(['的', '之', '系', '男', '女']);
        let trimmed = head_end - (head_chars - head.chars().count());
        trailing(head).map(|length| (trimmed - length, trimmed))
    })
}

/// 村民张三反映…: only with a given name of usual characters.
fn spoken(text: &Text, found: &[Found], names: &mut Vec<Found>) {
    for hit in SPOKEN.find_iter(&text.norm) {
        let start = text.char_at(hit.end());
        let mut end = start;
        while text.get(end).is_some_and(is_han) && end - start < 4 {
            end += 1;
        }
        let Some(length) = leading(text.slice(start, end)) else {
            continue;
        };
        // Two characters in running text are too often a word.
        let near = is_beside(text, found, start, 0, &NUMBERS);
        if near || length >= 3 && !is_on_duty(text, start, 0) {
            let confidence = if near {
                Confidence::High
            } else {
                Confidence::Low
            };
            names.push(name(start, start + length, confidence));
        }
    }
}

fn introduced(text: &Text, found: &[Found], names: &mut Vec<Found>) {
    for hit in INTRODUCED
        .captures_iter(&text.norm)
        .filter_map(|hit| hit.get(1))
    {
        let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
        if !whole(hit.as_str()) || is_common(hit.as_str()) {
            continue;
        }
        let near = is_beside(text, found, start, 0, &NUMBERS);
        if near || !is_on_duty(text, start, 0) {
            names.push(name(start, end, Confidence::High));
        }
    }
}

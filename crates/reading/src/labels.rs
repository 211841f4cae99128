//! Labels inside running text: 责任单位：… 牵头部门：… 完成时限：…

use super::cells::organ_share;
use super::glance::Glance;
use super::organ_name::{is_organ, role_word};
use super::organs::Role;
use super::text::{Mark, from, is_han, part, plain, starts, starts_any, trim_by, weight};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// Names of organs follow.
    Units(Option<Role>),
    Deadline,
    /// A person or a telephone follows: 责任人, 联系人.
    Person,
}

const KINDS: &[(&str, Label)] = &[
    ("牵头", Label::Units(Some(Role::Lead))),
    ("主办", Label::Units(Some(Role::Lead))),
    ("主责", Label::Units(Some(Role::Lead))),
    ("主要责任", Label::Units(None)),
    ("配合", Label::Units(Some(Role::Cooperate))),
    ("协办", Label::Units(Some(Role::Cooperate))),
    ("协同", Label::Units(Some(Role::Cooperate))),
    ("协助", Label::Units(Some(Role::Cooperate))),
    ("参与", Label::Units(Some(Role::Cooperate))),
    ("参加", Label::Units(Some(Role::Cooperate))),
    ("协作", Label::Units(Some(Role::Cooperate))),
    ("支持", Label::Units(Some(Role::Cooperate))),
    ("会办", Label::Units(Some(Role::Cooperate))),
    ("责任", Label::Units(None)),
    ("落实", Label::Units(None)),
    ("承办", Label::Units(None)),
    ("负责", Label::Units(None)),
    ("实施", Label::Units(None)),
    ("主管", Label::Units(None)),
    ("承担", Label::Units(None)),
    ("执行", Label::Units(None)),
    ("完成", Label::Units(None)),
];
/// Words before a duty that change nothing in it: 主要协作单位, 具体落实部门.
const MANNERS: &[&str] = &["主要", "具体", "直接", "其他", "其它", "共同"];
const NOUNS: &[&str] = &[
    "责任单位",
    "责任部门",
    "责任科室",
    "单位",
    "部门",
    "科室",
    "处室",
    "股室",
    "主体",
    "机构",
    "分工",
    "站所",
    "科（室）",
    "部室",
];
const DEADLINES: &[&str] = &[
    "完成时限",
    "完成时间",
    "完成期限",
    "时限要求",
    "工作时限",
    "时间要求",
    "时间节点",
    "办理时限",
    "落实时限",
    "时间安排",
    "完成时间节点",
    "完成日期",
    "责任时限",
    "截止时间",
    "截止日期",
    "办结时限",
    "推进时限",
    "整改时限",
    "计划完成时间",
    "预计完成时间",
    "工作进度",
    "进度安排",
    "时间进度",
    "时限",
];
const PERSONS: &[&str] = &[
    "责任领导",
    "责任人",
    "联系人",
    "联系电话",
    "分管领导",
    "牵头领导",
    "备注",
];

/// The label at the start of `run`, its sign included, with its length: 责任单位：, 责任单位｜, 【责任单位】.
pub(crate) fn label(run: &[Mark]) -> Option<(Label, usize)> {
    let bracket = run.first().is_some_and(|m| m.fold == '[');
    let run = from(run, usize::from(bracket));
    let found = label_word(run).and_then(|word| with_sign(run, word, bracket));
    found.or_else(|| duty_label(run).filter(|_| !bracket))
}

/// The label of some words, where their sign stands behind them.
fn with_sign(run: &[Mark], (kind, len): (Label, usize), bracket: bool) -> Option<(Label, usize)> {
    let len = len + beside(from(run, len));
    let blanks = from(run, len).iter().take_while(|m| m.fold == ' ').count();
    let sign = run.get(len + blanks)?.fold;
    if bracket {
        let next = run.get(len + 1).map(|m| m.fold);
        // 县财政局〔牵头〕、县审计局: the sign behind the bracket says that a name stands before it
        let behind = matches!(next, Some('、' | ',' | ';' | '。' | ')'));
        let means = sign == ']' && blanks == 0 && !behind;
        return means.then(|| (kind, len + 2 + usize::from(next == Some(':'))));
    }
    let named = || blanks == 0 && len > 2 && names_follow(from(run, len + 1));
    let means = matches!(sign, ':' | '|') || matches!(sign, '为' | '是') && named();
    means.then_some((kind, len + blanks + 1))
}

/// Longest list of names behind 责任单位为, in characters.
const NAMED_MAX: usize = 200;

/// 责任单位为市司法局: nothing but names up to the stop. 责任单位为第一责任人 is a sentence.
fn names_follow(run: &[Mark]) -> bool {
    let near = part(run, 0, NAMED_MAX);
    let mut depth = 0i32;
    let stops = |m: &Mark| {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        depth < 0 || matches!(m.fold, '。' | ';')
    };
    let stop = near.iter().position(stops);
    let names = part(near, 0, stop.unwrap_or(near.len()));
    organ_share(names, weight(names)) > NAMED_SHARE
}

/// Share of organs in such a list.
const NAMED_SHARE: f32 = 0.95;

/// Duties before any kind of organ. 支持企业, 完成小学 say other things.
const DUTIES: &[&str] = &[
    "责任", "牵头", "配合", "承办", "落实", "主办", "协办", "主责",
];
/// Longest kind of organ behind a duty (责任综合办公室), in characters.
const KIND_MAX: usize = 6;

/// 责任办所, 牵头中心, 责任村居: a duty and any kind of organ, with its role. 责任干部, 责任书 are none.
pub(crate) fn duty_of_organs(text: &str) -> Option<Option<Role>> {
    const PEOPLE: &[&str] = &["长", "员", "干部", "警", "主任", "书记"];
    let (kind, rest) = KINDS
        .iter()
        .filter(|(word, _)| DUTIES.contains(word))
        .find_map(|(word, kind)| Some((*kind, text.strip_prefix(word)?)))?;
    let Label::Units(role) = kind else {
        return None;
    };
    let people = rest.contains('人')
        || rest.contains("领导")
        || PEOPLE.iter().any(|end| rest.ends_with(end));
    let kind = (1..=KIND_MAX).contains(&rest.chars().count()) && is_organ(&format!("县{rest}"));
    (kind && !people).then_some(role)
}

/// 责任办所：, 牵头中心：: such a duty with a colon. 配合市司法局： is none, for a name stands there.
fn duty_label(run: &[Mark]) -> Option<(Label, usize)> {
    const NAMES: &[char] = &['省', '市', '区', '县', '州', '各', '本', '我'];
    let begins = |m: &&Mark| matches!(m.fold, '责' | '牵' | '配' | '承' | '落' | '主' | '协');
    run.first().filter(begins)?;
    let duty = starts_any(run, DUTIES)?;
    let name = from(run, duty).first()?.fold;
    let near = part(run, 0, duty + KIND_MAX + 1);
    let colon = near.iter().position(|m| m.fold == ':')?;
    let role = duty_of_organs(&plain(part(run, 0, colon)))?;
    (!NAMES.contains(&name)).then_some((Label::Units(role), colon + 1))
}

/// What a label may name beside the units: 责任单位及责任人, 责任单位、完成时限. Its length.
pub(crate) fn beside(rest: &[Mark]) -> usize {
    const LINKS: &[&str] = &["及", "和", "与", "、", "/"];
    const PEOPLE: &[&str] = &["责任人", "负责人", "联系人", "责任领导"];
    let more = starts_any(rest, LINKS).and_then(|link| {
        let rest = from(rest, link);
        let len = starts_any(rest, PEOPLE).or_else(|| starts_any(rest, DEADLINES))?;
        Some(link + len)
    });
    more.unwrap_or(0)
}

/// A label with nothing behind it: what it names stands in the next line.
pub(crate) fn is_lone_label(run: &[Mark]) -> bool {
    label(run).is_some_and(|(kind, len)| kind != Label::Person && len >= run.len())
}

/// The words of a label without the colon.
pub(crate) fn label_word(run: &[Mark]) -> Option<(Label, usize)> {
    // asked at most places of a text
    const HEADS: Glance = Glance::heads(PERSONS)
        .or(Glance::heads(DEADLINES))
        .or(Glance::heads(MANNERS))
        .or(Glance::heads_of(KINDS));
    run.first().filter(|m| HEADS.may(m.fold))?;
    if let Some(len) = starts_any(run, PERSONS) {
        return Some((Label::Person, len));
    }
    if let Some(len) = starts_any(run, DEADLINES) {
        return Some((Label::Deadline, len));
    }
    let duty = |run| {
        let mut kinds = KINDS.iter();
        kinds.find_map(|(word, kind)| starts(run, word).map(|len| (*kind, len)))
    };
    let Some((kind, mut len)) = duty(run) else {
        let manner = starts_any(run, MANNERS)?;
        let (kind, word) = duty(from(run, manner))?;
        let noun = noun(from(run, manner + word))?;
        return Some((kind, manner + word + noun));
    };
    // 责 任 单 位
    len += from(run, len).iter().take_while(|m| m.fold == ' ').count();
    // 牵头及责任单位, 牵头（责任）单位
    for link in ["及", "和", "、", "/", "(", "或"] {
        if let Some(more) = starts(from(run, len), link)
            && let Some((_, word)) = KINDS
                .iter()
                .find_map(|(w, k)| starts(from(run, len + more), w).map(|l| (*k, l)))
        {
            len += more + word;
            len += starts(from(run, len), ")").unwrap_or(0);
            let noun = noun(from(run, len))?;
            return Some((Label::Units(None), len + noun));
        }
    }
    // 协同配合单位, 牵头负责部门: the first of two duties tells the role
    let second = KINDS
        .iter()
        .find_map(|(word, _)| starts(from(run, len), word));
    if let Some(word) = second
        && let Some(noun) = noun(from(run, len + word))
    {
        return Some((kind, len + word + noun));
    }
    match noun(from(run, len)) {
        Some(noun) => Some((kind, len + noun)),
        // `牵头：` alone; `责任：` is no label of units
        None if matches!(kind, Label::Units(Some(_))) => Some((kind, len)),
        None if starts(run, "承办").is_some_and(|word| word == len) => Some((kind, len)),
        None => None,
    }
}

fn noun(run: &[Mark]) -> Option<usize> {
    starts_any(run, NOUNS).map(|len| len + starts(from(run, len), "名称").unwrap_or(0))
}

/// Cuts a text at its labels. What stands before the first label comes first, without label.
pub(crate) fn split_labels(run: &[Mark]) -> Vec<(Option<Label>, &[Mark])> {
    let mut out = Vec::new();
    let (mut current, mut start, mut i) = (None, 0, 0);
    let mut handled = None;
    let roles = OwnRoles::of(run);
    // every label ends in such a sign: behind the last one nothing is looked for
    let sign = |m: &Mark| matches!(m.fold, ':' | '|' | ']' | '为' | '是');
    let end = run.iter().rposition(sign).unwrap_or(0);
    while i < end {
        let other = || current.and(other_label(run, i));
        match label(from(run, i))
            .filter(|_| !roles.holds(run, i))
            .or_else(other)
        {
            Some((kind, len)) => {
                push(&mut out, current, part(run, start, i));
                if starts(from(run, i), "承办:").is_some() {
                    handled = Some(out.len());
                }
                current = Some(kind);
                i += len;
                start = i;
            }
            None => i += 1,
        }
    }
    push(&mut out, current, from(run, start));
    if let Some(at) = handled {
        lead_by_handling(&mut out, at);
    }
    out
}

/// Shortest and longest label of something beside the units, in characters.
const OTHER_LEN: std::ops::RangeInclusive<usize> = 3..=8;

/// 项目责任人：, 实际完成情况：, behind a blank or a sign: what follows is no name of an organ. The label with its length.
fn other_label(run: &[Mark], i: usize) -> Option<(Label, usize)> {
    const ENDS: &[&str] = &[
        "责任人",
        "负责人",
        "联系人",
        "联络人",
        "联络员",
        "领导",
        "电话",
        "情况",
        "进展",
        "进度",
        "成效",
    ];
    let before = i.checked_sub(1).and_then(|j| run.get(j))?;
    let behind = before.is_blank() || matches!(before.fold, ',' | ';' | '。' | ')');
    let near = part(run, i, i + OTHER_LEN.end() + 1);
    let colon = near.iter().position(|m| m.fold == ':').filter(|_| behind)?;
    let word = plain(part(near, 0, colon));
    let named = OTHER_LEN.contains(&colon) && word.chars().all(is_han);
    (named && ENDS.iter().any(|end| word.ends_with(end))).then_some((Label::Person, colon + 1))
}

/// Longest word of a role in brackets, in characters.
const ROLE_MAX: usize = 6;

/// Whether brackets with a role give it to the one name beside them (县财政局〔牵头〕、县审计局〔配合〕), and head no list
/// (【牵头单位】县财政局【配合单位】县审计局).
#[derive(Clone, Copy)]
struct OwnRoles {
    /// The text begins with such a bracket.
    first: bool,
    /// It ends in one.
    last: bool,
    /// There is but one.
    single: bool,
}

impl OwnRoles {
    fn of(run: &[Mark]) -> Self {
        let mut at = (0..run.len()).filter(|i| role_bracket(run, *i).is_some());
        let (first, second) = (at.next(), at.next());
        let end = trim_by(run, |m| m.is_blank() || matches!(m.fold, '。' | ';')).last();
        Self {
            first: first.is_some_and(|i| part(run, 0, i).iter().all(|m| m.is_blank())),
            last: first.is_some() && end.is_some_and(|m| m.fold == ']'),
            single: second.is_none(),
        }
    }

    fn holds(self, run: &[Mark], i: usize) -> bool {
        let Some((close, noun)) = role_bracket(run, i) else {
            return false;
        };
        let next = run.get(close + 1);
        if next.is_some_and(|m| m.fold == ':') {
            return false;
        }
        let before = i.checked_sub(1).and_then(|j| run.get(j));
        let at_name = before.is_some_and(|m| is_han(m.ch) || m.fold == ')');
        if !at_name && !self.last || self.first {
            // 〔牵头〕县财政局、县审计局: whether the second one leads is not said
            return !noun && self.single && from(run, close).iter().any(|m| m.fold == '、');
        }
        self.last || at_name && (!noun || next.is_none_or(|m| m.is_blank()))
    }
}

/// 〔牵头〕, 【配合单位】: where the bracket at `i` closes, and whether its word names a kind of organ.
fn role_bracket(run: &[Mark], i: usize) -> Option<(usize, bool)> {
    run.get(i).filter(|m| m.fold == '[')?;
    let inner = part(run, i + 1, i + 2 + ROLE_MAX);
    let close = inner.iter().position(|m| m.fold == ']')?;
    let word = plain(part(inner, 0, close));
    role_word(&word)?;
    let noun = ["单位", "部门"].iter().any(|noun| word.ends_with(noun));
    Some((i + 1 + close, noun))
}

/// 承办：甲局；协办：乙局: beside those who help, and where nobody else leads, who handles it leads.
fn lead_by_handling(parts: &mut [(Option<Label>, &[Mark])], at: usize) {
    let has = |role| {
        parts
            .iter()
            .any(|(l, _)| *l == Some(Label::Units(Some(role))))
    };
    let leads = has(Role::Cooperate) && !has(Role::Lead);
    if let Some((label @ Some(Label::Units(None)), _)) = parts.get_mut(at)
        && leads
    {
        *label = Some(Label::Units(Some(Role::Lead)));
    }
}

fn push<'a>(out: &mut Vec<(Option<Label>, &'a [Mark])>, label: Option<Label>, text: &'a [Mark]) {
    let text = trim_by(text, |m| {
        m.is_blank() || matches!(m.fold, ',' | ';' | '。' | '、')
    });
    // 【牵头单位：甲局】【完成时限：6月底前】: signs between two brackets
    let closing = text.iter().rposition(|m| matches!(m.fold, ']' | ')'));
    let text = match closing {
        Some(at) if text.last().is_some_and(|m| matches!(m.fold, '[' | '(')) => {
            trim_by(part(text, 0, at), |m| {
                m.is_blank() || matches!(m.fold, ',' | ';' | '。')
            })
        }
        _ => text,
    };
    if !text.is_empty() {
        out.push((label, text));
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::{printed, run};
    use super::*;

    fn check(text: &str, want: &[(Option<Label>, &str)]) {
        let run = run(text);
        let got: Vec<_> = split_labels(&run)
            .into_iter()
            .map(|(l, t)| (l, printed(t)))
            .collect();
        let want: Vec<_> = want.iter().map(|(l, t)| (*l, (*t).to_owned())).collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn labels_part_a_text() {
        let lead = Some(Label::Units(Some(Role::Lead)));
        let cooperate = Some(Label::Units(Some(Role::Cooperate)));
        let any = Some(Label::Units(None));
        check("责任单位：甲局、乙局", &[(any, "甲局、乙局")]);
        check(
            "牽頭單位：甲局；責任單位：乙局，各縣區政府",
            &[(lead, "甲局"), (any, "乙局，各縣區政府")],
        );
        check(
            "牵头部门:甲局 配合部门:乙局",
            &[(lead, "甲局"), (cooperate, "乙局")],
        );
        check(
            "责任单位：甲局；完成时限：6月底前",
            &[(any, "甲局"), (Some(Label::Deadline), "6月底前")],
        );
        check("牵头及责任单位：甲局", &[(any, "甲局")]);
        check("责 任 单 位：甲局", &[(any, "甲局")]);
        check(
            "【牵头单位】甲局【配合单位】乙局",
            &[(lead, "甲局"), (cooperate, "乙局")],
        );
        check("责任单位｜甲局", &[(any, "甲局")]);
        check(
            "责任单位为市司法局、市财政局",
            &[(any, "市司法局、市财政局")],
        );
        check("责任单位为第一责任人", &[(None, "责任单位为第一责任人")]);
        check("责任单位及责任人：甲局", &[(any, "甲局")]);
        check(
            "具体落实部门：甲局 主要协作单位：乙局",
            &[(any, "甲局"), (cooperate, "乙局")],
        );
        check("甲局牵头，乙局配合", &[(None, "甲局牵头，乙局配合")]);
    }

    #[test]
    fn a_role_in_brackets_behind_a_name_is_no_label() {
        for text in [
            "甲局〔牵头〕、乙局〔配合〕",
            "甲局【牵头】，乙局",
            "甲局[牵头单位]、乙局、丙局",
            "甲局〔牵头〕 乙局〔配合〕",
            "甲局〔牵头〕乙局〔配合〕",
            "甲局、乙局〔牵头单位〕",
            "〔牵头〕甲局、乙局",
        ] {
            check(text, &[(None, text)]);
        }
        let lead = Some(Label::Units(Some(Role::Lead)));
        let cooperate = Some(Label::Units(Some(Role::Cooperate)));
        check(
            "〔牵头〕甲局、〔配合〕乙局",
            &[(lead, "甲局"), (cooperate, "乙局")],
        );
        check(
            "【牵头单位】甲局、乙局 【配合单位】丙局",
            &[(lead, "甲局、乙局"), (cooperate, "丙局")],
        );
        check(
            "甲局【配合单位】乙局",
            &[(None, "甲局"), (cooperate, "乙局")],
        );
        check("【配合单位】：乙局", &[(cooperate, "乙局")]);
    }
}

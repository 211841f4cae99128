//! Names and roles of organs out of the text of a unit cell, a bracket or a labelled paragraph.
//!
//! Roles go clause by clause: a clause that ends in 牵头 leads, 配合 cooperates, anything else is responsible.
//! A bare clause between 牵头 and a later 配合 cooperates too.

mod parted;
mod person;
mod verb;

use super::cells::is_deadline;
use super::labels::{Label, label, split_labels};
use super::organ_name::{clause_names, is_glued, is_organ, role_word};
use super::text::{
    Mark, Run, from, is_empty, is_han, part, plain, split_by, starts, starts_any, tidy, trim,
    trim_by, weight,
};
use verb::{ends, ends_in_role, strip_head_word, strip_tail};

/// What an organ does for a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 牵头
    Lead,
    /// 配合
    Cooperate,
    /// 责任、落实、负责
    Responsible,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Cooperate => "cooperate",
            Self::Responsible => "responsible",
        }
    }
}

/// One organ as printed, with its role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganRef {
    pub name: String,
    pub role: Role,
}

/// Text that names organs; `role` comes from a column or a label (牵头单位：).
#[derive(Debug, Clone)]
pub(crate) struct Units {
    pub(crate) role: Option<Role>,
    pub(crate) text: Run,
}

#[derive(Debug, Default)]
pub(crate) struct Organs {
    pub(crate) list: Vec<OrganRef>,
    /// Parts that name no organ: a remark inside the unit cell.
    pub(crate) notes: Vec<Run>,
    /// Deadlines printed with a label inside the unit text.
    pub(crate) deadlines: Vec<Run>,
    /// Repairs, in words.
    pub(crate) repairs: Vec<String>,
    /// Names that look like no organ.
    pub(crate) strange: Vec<String>,
    /// Labels of those who only look on (监督单位).
    pub(crate) watching: Vec<String>,
    /// Names in which two run together; a separator was lost.
    pub(crate) glued: Vec<String>,
    /// 会同 and the like: the roles are the reader's reading.
    pub(crate) joint: bool,
    /// 区发改局 / 各镇配合, on two lines: for whom the role holds is the reader's reading.
    pub(crate) over_lines: bool,
    /// People cut from behind a name, each as printed; they may be no people.
    pub(crate) persons: Vec<String>,
    /// 列第一位的为牵头单位: the first name leads.
    pub(crate) first_leads: bool,
}

/// Words that say: as above.
pub(crate) fn as_above(text: &str) -> bool {
    matches!(
        text,
        "同上" | "同前" | "〃" | "″" | "\"" | "同上。" | "同第一项" | "同上一项"
    )
}

struct Clause {
    names: Vec<(String, Option<Role>)>,
    role: Option<Role>,
    /// No verb at all after the names.
    bare: bool,
    known: bool,
    run: Run,
}

pub(crate) fn parse(units: &[Units]) -> Organs {
    let mut organs = Organs::default();
    for unit in units {
        if guides(&unit.text) {
            organs
                .repairs
                .push("写明“指导”的单位按责任单位列入，请核对".to_owned());
        }
        for (label, text) in split_labels(&unit.text) {
            match label {
                Some(Label::Deadline) => organs.deadlines.push(text.to_vec()),
                Some(Label::Person) => organs.notes.push(text.to_vec()),
                Some(Label::Units(role)) => read_clauses(text, role.or(unit.role), &mut organs),
                None => read_clauses(text, unit.role, &mut organs),
            }
        }
    }
    organs
}

/// 监督单位：…: those who look on where others carry out are listed, and shown. The length of the label.
fn watching(run: &[Mark]) -> Option<usize> {
    let word = starts_any(run, &["监管", "监督", "指导", "督导"])?;
    let len = word + starts_any(from(run, word), &["单位", "部门"])?;
    let colon = run.get(len).is_some_and(|m| m.fold == ':');
    (colon && run.len() > len + 2).then_some(len)
}

/// （…，市财政局指导）: guidance is no role of its own; the unit is listed, and shown.
fn guides(text: &[Mark]) -> bool {
    split_by(text, |m| matches!(m.fold, ',' | ';' | '。' | '、'))
        .iter()
        .any(|clause| ends(clause, "指导"))
}

/// （县财政局牵头）, 【县财政局】: brackets around the whole say nothing.
pub(crate) fn without_frame(text: &[Mark]) -> &[Mark] {
    let run = trim_by(text, |m| m.is_blank() || m.fold == '。');
    let [first, inner @ .., last] = run else {
        return text;
    };
    let mut depth = 0i32;
    let whole = inner.iter().all(|m| {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        depth >= 0
    });
    let paired = matches!((first.fold, last.fold), ('(', ')') | ('[', ']'));
    if whole && paired && depth == 0 {
        inner
    } else {
        text
    }
}

fn read_clauses(text: &[Mark], default: Option<Role>, organs: &mut Organs) {
    let closed = open_roles(take_rule(close_bracket(text, organs), organs));
    let mut clauses: Vec<Clause> = split_clauses(&parted::brackets_apart(closed), organs)
        .into_iter()
        .flat_map(|run| over_lines(run, organs))
        .collect::<Vec<Run>>()
        .into_iter()
        .flat_map(|run| clause(run, organs))
        .collect();
    let any_known = clauses.iter().any(|c| c.known);
    let last_cooperating = clauses
        .iter()
        .rposition(|c| c.role == Some(Role::Cooperate));
    let mut led = false;
    for (i, c) in clauses.iter_mut().enumerate() {
        if says_first_leads(&plain(&c.run)) {
            organs.first_leads = true;
            organs.notes.push(std::mem::take(&mut c.run));
            continue;
        }
        if c.role == Some(Role::Lead) {
            led = true;
        }
        if any_known && !c.known {
            // （市司法局负责，6月底前完成）
            let run = std::mem::take(&mut c.run);
            if is_deadline(&run, weight(&run)) {
                organs.deadlines.push(run);
            } else {
                // 县土地中心站点牵头: no name that is known, and yet it has a part in the task
                let takes_part = matches!(c.role, Some(Role::Lead | Role::Cooperate));
                if takes_part && names_somebody(&c.names) || begins_with_organ(&run) {
                    organs.strange.push(tidy(&run));
                }
                organs.notes.push(run);
            }
            continue;
        }
        let between = led && c.bare && last_cooperating.is_some_and(|last| i < last);
        let role = c.role.or(default).unwrap_or(if between {
            Role::Cooperate
        } else {
            Role::Responsible
        });
        let role = if between { Role::Cooperate } else { role };
        let shared = shares_kind(&c.names);
        for (name, own) in std::mem::take(&mut c.names) {
            let may_name = is_organ(&name) || shared && is_stem(&name);
            if !may_name || parted::holds_duty(&name) {
                organs.strange.push(name.clone());
            } else if is_glued(&name) {
                organs.glued.push(name.clone());
            }
            let organ = OrganRef {
                name,
                role: own.unwrap_or(role),
            };
            if !organs.list.contains(&organ) {
                organs.list.push(organ);
            }
        }
    }
}

/// 各镇参照办理: what the clause says of the name with which it begins is not known.
fn begins_with_organ(run: &[Mark]) -> bool {
    const LEVELS: &[char] = &['省', '市', '区', '县', '州', '旗', '镇', '乡', '各'];
    const NAME_LONGEST: usize = 14;
    run.first().is_some_and(|m| LEVELS.contains(&m.fold))
        && (2..=run.len().min(NAME_LONGEST)).any(|end| is_organ(&plain(part(run, 0, end))))
}

/// 加强、密切 before 配合 name nobody.
fn names_somebody(names: &[(String, Option<Role>)]) -> bool {
    const MANNERS: &[&str] = &[
        "加强", "密切", "积极", "主动", "做好", "协调", "相互", "统筹", "通力",
    ];
    names
        .iter()
        .any(|(name, _)| name.chars().count() > 2 && !MANNERS.iter().any(|m| name.starts_with(m)))
}

/// 甲局（牵头，乙局、丙局配合）: the bracket opens with the role of the name before it, and its other clauses stand
/// beside that one.
fn open_roles(text: Run) -> Run {
    let bracket = (1..text.len()).find_map(|open| {
        text.get(open).filter(|m| m.fold == '(')?;
        let inner = from(&text, open + 1);
        let close = inner.iter().position(|m| m.fold == ')')?;
        let inner = part(inner, 0, close);
        let comma = inner.iter().position(|m| matches!(m.fold, ',' | ';'))?;
        let word = part(inner, 0, comma);
        role_word(&plain(word))?;
        let ended = ["牵头", "负责", "配合", "主办", "协办"]
            .iter()
            .any(|w| ends(word, w));
        (ended
            && is_organ(&plain(part(
                inner,
                comma + 1,
                comma + 1 + first_name(from(inner, comma + 1)),
            ))))
        .then_some((open, open + 1 + close))
    });
    let Some((open, close)) = bracket else {
        return text;
    };
    let mut out = part(&text, 0, open).to_vec();
    out.extend_from_slice(part(&text, open + 1, close));
    out.extend(text.get(close).map(|m| Mark::new('，', m.at)));
    out.extend_from_slice(from(&text, close + 1));
    out
}

/// Length of the first name of a list, with no duty behind it.
fn first_name(run: &[Mark]) -> usize {
    let sign = |m: &Mark| matches!(m.fold, '、' | ',' | ';');
    let end = run.iter().position(sign).unwrap_or(run.len());
    strip_tail(part(run, 0, end)).0.len()
}

/// Longest such rule in a bracket, in characters.
const RULE_MAX: usize = 60;

/// 甲局、乙局（列第一位者为牵头单位，下同）: the bracket is no part of the last name.
fn take_rule(text: Run, organs: &mut Organs) -> Run {
    let bracket = (0..text.len()).find_map(|open| {
        text.get(open).filter(|m| m.fold == '(')?;
        let inner = part(&text, open + 1, open + RULE_MAX);
        let close = inner.iter().position(|m| m.fold == ')')?;
        says_first_leads(&plain(part(inner, 0, close))).then_some((open, open + 1 + close))
    });
    let Some((open, close)) = bracket else {
        return text;
    };
    organs.first_leads = true;
    organs.notes.push(part(&text, open + 1, close).to_vec());
    let mut rest = part(&text, 0, open).to_vec();
    rest.extend_from_slice(from(&text, close + 1));
    rest
}

/// 列第一位的为牵头单位, 排在首位的部门牵头: a rule about the list that holds it, or about all lists of the plan.
pub(crate) fn says_first_leads(text: &str) -> bool {
    if !text.contains("牵头") {
        return false;
    }
    let first = ["第一位", "首位", "第一个", "排第一", "排名第一"]
        .iter()
        .find_map(|w| text.find(w));
    first.is_some_and(|at| text.get(at..).is_some_and(|rest| rest.contains("牵头")))
}

/// 加粗的为牵头单位, 红色字体的部门为牵头部门.
pub(crate) fn says_lead_in_type(text: &str) -> bool {
    const TYPES: &[&str] = &[
        "加粗",
        "粗体",
        "黑体",
        "斜体",
        "下划线",
        "划线",
        "标红",
        "红色",
        "红字",
        "蓝色",
        "加框",
        "楷体",
        "字体",
        "标色",
        "底色",
    ];
    let leads = ["牵头", "主办", "主责"].iter().any(|w| text.contains(w));
    leads
        && text.chars().count() <= RULE_MAX
        && TYPES.iter().any(|w| text.contains(w))
        && ["单位", "部门", "科室", "的为", "为牵头"]
            .iter()
            .any(|w| text.contains(w))
}

/// The first of organs that all are responsible leads.
pub(crate) fn let_first_lead(list: &mut [OrganRef]) {
    if list.iter().all(|o| o.role == Role::Responsible)
        && let Some(first) = list.first_mut()
    {
        first.role = Role::Lead;
    }
}

/// A bracket that is never closed ends before the next 和 or 、 behind it: 各县（区）人民政府（管委会和市府直属各部门.
fn close_bracket(text: &[Mark], organs: &mut Organs) -> Run {
    let mut open = Vec::new();
    for (i, m) in text.iter().enumerate() {
        match m.fold {
            '(' => open.push(i),
            ')' => {
                open.pop();
            }
            _ => {}
        }
    }
    let mut out = text.to_vec();
    let Some(&at) = open.first() else { return out };
    let end = (at + 2..text.len()).find(|&i| {
        text.get(i)
            .is_some_and(|m| matches!(m.fold, '和' | '、' | ',' | ';' | '。'))
    });
    let closing = if text.get(at).is_some_and(|m| m.ch == '（') {
        '）'
    } else {
        ')'
    };
    let place = end.unwrap_or(text.len());
    if let Some(near) = text.get(place.saturating_sub(1)) {
        out.insert(place, Mark::new(closing, near.at));
        organs.repairs.push("括号缺右半，已补上".to_owned());
    }
    out
}

/// Clauses end at ， 。 ；, outside brackets, and behind a role at 、 and blanks. A line end between two names parts names
/// only: see [`over_lines`].
fn split_clauses(run: &[Mark], organs: &mut Organs) -> Vec<Run> {
    let mut out: Vec<Run> = vec![Vec::new()];
    let mut depth = 0i32;
    for (i, m) in run.iter().enumerate() {
        match m.fold {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth <= 0
            && out
                .last()
                .is_some_and(|last| dated_from(last, from(run, i)))
        {
            out.push(vec![*m]);
            continue;
        }
        let rest = from(run, i);
        let glued = |last: &Run| parted::ends_at_name(last, rest);
        if let Some(last) = out.last().filter(|_| depth <= 0).and_then(glued) {
            organs.glued.push(last);
            out.push(vec![*m]);
            continue;
        }
        let ended = depth <= 0
            && match m.fold {
                ',' | '。' | ';' => true,
                // 甲牵头、乙配合
                '、' => out.last().is_some_and(|run| ends_in_role(run)),
                _ => out
                    .last()
                    .is_some_and(|run| parted::ends_at_blank(run, rest)),
            };
        if ended {
            out.push(Vec::new());
        } else if let Some(last) = out.last_mut() {
            last.push(*m);
        }
    }
    out.into_iter()
        .map(|r| trim_by(&r, |m| m.is_blank() || matches!(m.fold, '、' | '.')).to_vec())
        .filter(|r| !is_empty(r))
        .collect()
}

/// 区发改局 / 各镇配合: of a clause over lines the last one may be a clause of its own.
fn over_lines(clause: Run, organs: &mut Organs) -> Vec<Run> {
    match parted::lines(&clause) {
        parted::Lines::One => vec![clause],
        parted::Lines::Unclear => {
            organs.over_lines = true;
            vec![clause]
        }
        parted::Lines::From(end) => {
            organs.over_lines = true;
            let (above, last) = (part(&clause, 0, end), from(&clause, end));
            vec![trim(above).to_vec(), trim(last).to_vec()]
        }
    }
}

/// 市司法局6月底前完成: nothing but a deadline stands behind the name.
fn dated_from(name: &[Mark], rest: &[Mark]) -> bool {
    let begins = |run: &[Mark]| run.first().is_some_and(|m| m.fold.is_ascii_digit());
    let within = name.last().is_none_or(|m| !super::text::is_han(m.ch));
    if within || !begins(rest) {
        return false;
    }
    let end = rest.iter().position(|m| matches!(m.fold, ',' | '。' | ';'));
    let date = part(rest, 0, end.unwrap_or(rest.len()));
    is_deadline(date, weight(date)) && (ends_in_role(name) || is_organ(&plain(name)))
}

fn clause(run: Run, organs: &mut Organs) -> Vec<Clause> {
    let body = strip_lead_in(trim(&run));
    let body = match for_all_below(body) {
        Some(len) if body.len() > len + 1 => {
            organs
                .repairs
                .push("写明后面各项也由该单位落实，后面各项没有逐一补上".to_owned());
            from(body, len)
        }
        _ => body,
    };
    let body = match watching(body) {
        Some(len) => {
            organs.watching.push(plain(part(body, 0, len)));
            trim(from(body, len + 1))
        }
        None => body,
    };
    let (names, mut role, mut bare) = strip_tail(body);
    let mut head_role = None;
    let names = match starts_any(names, &["会同", "会商"]) {
        Some(len) => {
            role = role.or(Some(Role::Cooperate));
            bare = false;
            from(names, len)
        }
        None => names,
    };
    let (names, word) = strip_head_word(names);
    if let Some(word) = word {
        head_role = Some(word);
        bare = false;
    }
    if let Some((left, right)) = split_joint(names) {
        organs.joint = true;
        let lead = clause_of(left, Some(Role::Lead), false, left, organs);
        let others = clause_of(right, Some(Role::Cooperate), false, right, organs);
        return vec![lead, others];
    }
    vec![clause_of(names, role.or(head_role), bare, &run, organs)]
}

fn clause_of(
    names: &[Mark],
    role: Option<Role>,
    bare: bool,
    run: &[Mark],
    organs: &mut Organs,
) -> Clause {
    let parted = person::part_persons(names);
    for person in parted.reached {
        let message = format!("“{}”是联系人，没有列入单位名称", tidy(&person));
        organs.repairs.push(message);
    }
    organs
        .persons
        .extend(parted.named.iter().map(|run| tidy(run)));
    let list = clause_names(&parted.names, &mut organs.repairs);
    let shared = shares_kind(&list);
    let known = list
        .first()
        .is_some_and(|(name, _)| is_organ(name) || (shared && is_stem(name)));
    Clause {
        names: list,
        role,
        bare,
        known,
        run: run.to_vec(),
    }
}

/// 公安、交通部门: the kind behind the last name holds for all.
fn shares_kind(names: &[(String, Option<Role>)]) -> bool {
    names.len() > 1 && names.last().is_some_and(|(name, _)| name.ends_with("部门"))
}

/// A name that lacks its kind: 公安, 市场监管.
fn is_stem(name: &str) -> bool {
    (2..=5).contains(&name.chars().count()) && name.chars().all(is_han)
}

/// Longest words between 以下 and 均需, in characters.
const ALL_BELOW_MAX: usize = 8;

/// 以下任务均需各区政府落实，不再一一列出: the length of the words before the names.
fn for_all_below(run: &[Mark]) -> Option<usize> {
    let begins = starts(run, "以下")?;
    (begins..=begins + ALL_BELOW_MAX)
        .find_map(|i| starts_any(from(run, i), &["均需", "均由"]).map(|len| i + len))
}

fn strip_lead_in(run: &[Mark]) -> &[Mark] {
    const LEAD_INS: &[&str] = &["由", "请", "并由", "分别由", "其中", "以及", "并会同"];
    let run = trim_by(from(run, referring(run)), |m| m.is_blank());
    let run = from(run, level_label(run).or_else(|| added(run)).unwrap_or(0));
    match starts_any(run, LEAD_INS) {
        Some(len) if run.len() > len + 1 => {
            trim_by(from(run, len), |m| m.is_blank() || m.fold == ':')
        }
        _ => guided(run).unwrap_or(run),
    }
}

/// 此项工作由市司法局负责, 以上任务责任单位：…: the length of the words that say what the units answer for.
pub(crate) fn referring(run: &[Mark]) -> usize {
    const POINTS: &[&str] = &[
        "此",
        "该",
        "本",
        "以上",
        "上述",
        "前述",
        "这",
        "以上各",
        "上述各",
    ];
    const THINGS: &[&str] = &[
        "工作任务",
        "任务",
        "工作",
        "事项",
        "项任务",
        "项工作",
        "类任务",
        "类工作",
        "类事项",
        "措施",
    ];
    let Some(point) = starts_any(run, POINTS) else {
        return 0;
    };
    let thing = starts_any(from(run, point), THINGS).map(|len| point + len);
    let goes_on = |len: &usize| {
        let rest = from(run, *len);
        starts(rest, "由").is_some() || label(rest).is_some()
    };
    thing.filter(goes_on).unwrap_or(0)
}

/// 市级：甲局、乙局: the level before the colon is no part of a name. Its length.
fn level_label(run: &[Mark]) -> Option<usize> {
    const LEVELS: &[&str] = &[
        "省级",
        "市级",
        "县级",
        "区级",
        "州级",
        "镇级",
        "乡级",
        "省直",
        "市直",
        "县直",
        "区直",
        "市本级",
        "县区",
        "县(市、区)",
        "乡镇",
    ];
    let level = starts_any(run, LEVELS)?;
    let word = level + starts_any(from(run, level), &["层面", "单位", "部门"]).unwrap_or(0);
    let colon = run.get(word).is_some_and(|m| m.fold == ':');
    (colon && run.len() > word + 2).then_some(word + 1)
}

/// …，和各县（市、区）政府: the length of the word that adds the names to those before.
fn added(run: &[Mark]) -> Option<usize> {
    let len = starts_any(run, &["和", "及", "与"])?;
    starts(from(run, len), "各").map(|_| len)
}

/// 指导省级教育部门落实, 督促各县（区）落实: who is guided carries out; 指导中心 and 督导室 are names.
fn guided(run: &[Mark]) -> Option<&[Mark]> {
    const LEVELS: &[char] = &['省', '市', '区', '县', '州', '镇', '乡', '各', '有', '相'];
    let names = from(run, starts_any(run, &["指导", "督促", "督导"])?);
    names.first().filter(|m| LEVELS.contains(&m.fold))?;
    Some(names)
}

/// Longest clause that is parted at 会同, in characters.
const JOINT_MAX: usize = 1_000;

/// 甲会同乙、丙 and 甲会乙: both sides must be organs.
fn split_joint(run: &[Mark]) -> Option<(&[Mark], &[Mark])> {
    if run.len() > JOINT_MAX {
        return None;
    }
    for i in 2..run.len() {
        if run.get(i)?.fold != '会' {
            continue;
        }
        let both = starts(from(run, i), "会同");
        let (left, right) = (part(run, 0, i), from(run, i + both.unwrap_or(1)));
        let (l, r) = (plain(left), plain(right));
        let last = l.rsplit('、').next().unwrap_or(&l);
        let first = r.split('、').next().unwrap_or(&r);
        let part_of_name = ["委", "员", "工", "联", "协", "学", "商", "理事", "基金"]
            .iter()
            .any(|s| last.ends_with(s));
        let begins = "市区县省州镇乡各有相".chars().any(|c| first.starts_with(c))
            || ["处", "局", "科", "室", "股", "厅"]
                .iter()
                .any(|s| last.ends_with(s));
        if is_organ(last) && is_organ(first) && (both.is_some() || (!part_of_name && begins)) {
            return Some((left, right));
        }
    }
    None
}

/// The unit text as one line, for the field `organ_text`.
pub(crate) fn organ_text(units: &[Units]) -> String {
    units
        .iter()
        .map(|u| {
            let lines = split_by(&u.text, |m| m.fold == '\n');
            let lines: Vec<String> = lines.into_iter().map(tidy).collect();
            lines.join(" ").trim().to_owned()
        })
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join("；")
}

#[cfg(test)]
mod tests;

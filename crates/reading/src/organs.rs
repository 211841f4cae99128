//! Names and roles of organs out of the text of a unit cell, a bracket or a labelled paragraph.
//!
//! Roles go clause by clause: a clause that ends in 牵头 leads, 配合 cooperates, anything else is responsible.
//! A bare clause between 牵头 and a later 配合 cooperates too.

mod bracket;
mod clause;
mod lead_in;
mod leading;
mod parted;
mod person;
mod verb;

use super::answers;
use super::cells::is_deadline;
use super::labels::{Label, split_labels};
use super::organ_name::{LEVELS, is_glued, is_organ, is_organ_run};
use super::text::{Mark, Run, from, part, plain, split_by, starts_any, tidy, trim, weight};
use bracket::{close_bracket, is_odd, open_roles, rounded};
use clause::{Clause, clause, is_stem, over_lines, shares_kind, split_clauses};
use leading::take_rule;
use verb::ends;

pub(crate) use bracket::without_frame;
pub(crate) use lead_in::{referring, says_for_all, says_named_once};
pub(crate) use leading::{let_first_lead, says_first_leads, says_lead_in_type};

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

#[derive(Debug, Clone, Default)]
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
    /// （牵头）甲局、乙局: whether the role is that of the first name alone is the reader's reading.
    pub(crate) role_before: bool,
    /// 以下各项均需各乡镇落实: those of the list that answer for all tasks below as well.
    pub(crate) below: Vec<OrganRef>,
}

/// Words that say: as above.
pub(crate) fn as_above(text: &str) -> bool {
    matches!(
        text,
        "同上" | "同前" | "〃" | "″" | "\"" | "同上。" | "同第一项" | "同上一项"
    )
}

pub(crate) fn parse(units: &[Units]) -> Organs {
    match units {
        // that of a cell which is merged over several rows, or which was looked at before
        [one] => answers::organs(&one.text, one.role, || parse_all(units)),
        _ => parse_all(units),
    }
}

fn parse_all(units: &[Units]) -> Organs {
    let mut organs = Organs::default();
    for unit in units {
        if guides(&unit.text) {
            organs
                .repairs
                .push("写明“指导”的单位按责任单位列入，请核对".to_owned());
        }
        let lined = duty_lines(&unit.text);
        for (label, text) in split_labels(lined.as_ref().unwrap_or(&unit.text)) {
            match label {
                Some(Label::Deadline) => organs.deadlines.push(text.to_vec()),
                Some(Label::Person) => organs.notes.push(text.to_vec()),
                Some(Label::Units(_)) | None if says_nobody(text) => {}
                Some(Label::Units(role)) => read_clauses(text, role.or(unit.role), &mut organs),
                None => read_clauses(text, unit.role, &mut organs),
            }
        }
    }
    organs
}

/// 牵头：市司法局 / 责任：各县, 配合 | 财政所: lines of one cell that begin with a duty, as with the whole label.
fn duty_lines(text: &[Mark]) -> Option<Run> {
    const DUTIES: &[&str] = &["牵头", "配合", "责任", "主办", "协办", "参与"];
    if !text.iter().any(|m| m.fold == '\n') {
        return None;
    }
    let mut out = Run::with_capacity(text.len());
    let (mut labelled, mut lines) = (0, 0);
    for line in split_by(text, |m| m.fold == '\n') {
        let line = trim(line);
        lines += 1;
        out.extend(out.last().map(|m| Mark::new('\n', m.at)));
        let duty = starts_any(line, DUTIES);
        let sign = duty.filter(|len| {
            line.get(*len)
                .is_some_and(|m| matches!(m.ch, '\t' | ':' | '：'))
        });
        match sign {
            Some(len) => {
                labelled += 1;
                out.extend_from_slice(part(line, 0, len));
                let at = line.get(len).map_or(0, |m| m.at);
                out.extend("单位：".chars().map(|c| Mark::new(c, at)));
                out.extend_from_slice(from(line, len + 1));
            }
            None => out.extend_from_slice(line),
        }
    }
    (labelled > 0 && lines > 1).then_some(out)
}

/// Longest kind of units behind 无 (无相关责任单位), in characters.
const KIND_MAX: usize = 6;

/// 配合单位：无, 配合单位：—: nobody is named.
fn says_nobody(text: &[Mark]) -> bool {
    const NOBODY: &[&str] = &["无", "暂无", "没有", "空", "×", "不涉及"];
    let strokes = |c: char| matches!(c, '—' | '-' | '/' | '／' | '\\' | '_' | '一');
    let sign = |c: char| matches!(c, '。' | ';' | ',' | '(' | ')' | '[' | ']');
    let begins = |c: char| strokes(c) || matches!(c, '无' | '暂' | '没' | '空' | '×' | '不');
    let first = text.iter().find(|m| !m.is_blank() && !sign(m.fold));
    if !first.is_some_and(|m| begins(m.fold)) {
        return false;
    }
    let text = plain(text);
    let said = text.trim_matches(sign);
    // 无锡市 has a name
    let none = said.strip_prefix('无').is_some_and(|kind| {
        kind.chars().count() <= KIND_MAX
            && ["单位", "部门"].iter().any(|end| kind.ends_with(end))
            && !kind.starts_with(['锡', '为', '极'])
    });
    NOBODY.contains(&said) || none || !said.is_empty() && said.chars().all(strokes)
}

/// （…，市财政局指导）: guidance is no role of its own; the unit is listed, and shown.
fn guides(text: &[Mark]) -> bool {
    split_by(text, |m| matches!(m.fold, ',' | ';' | '。' | '、'))
        .iter()
        .any(|clause| ends(clause, "指导"))
}

fn read_clauses(text: &[Mark], default: Option<Role>, organs: &mut Organs) {
    let text = rounded(text);
    organs.role_before |= bracket::role_before(&text);
    let closed = open_roles(take_rule(close_bracket(&text, organs), organs));
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
        if says_first_leads(&c.run) {
            organs.first_leads = true;
            organs.notes.push(std::mem::take(&mut c.run));
            continue;
        }
        if c.role == Some(Role::Lead) {
            led = true;
        }
        if any_known && !c.known {
            unknown_clause(c, default, organs);
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
            if !may_name || parted::holds_duty(&name) || is_odd(&name) {
                organs.strange.push(name.clone());
            } else if is_glued(&name) {
                organs.glued.push(name.clone());
            }
            for name in parted::glued_names(name) {
                let organ = OrganRef {
                    name,
                    role: own.unwrap_or(role),
                };
                if c.below {
                    organs.below.push(organ.clone());
                }
                if !organs.list.contains(&organ) {
                    organs.list.push(organ);
                }
            }
        }
    }
}

/// A clause without a known name, beside others that have one: a deadline (市司法局负责，6月底前完成), a name told by its members,
/// or a remark.
fn unknown_clause(c: &mut Clause, default: Option<Role>, organs: &mut Organs) {
    let run = std::mem::take(&mut c.run);
    if is_deadline(&run, weight(&run)) {
        return organs.deadlines.push(run);
    }
    if bracket::names_members(&run) {
        // 一岭三谷（甲区政府、乙区政府）: whether those inside answer each for itself is the reader's reading
        let name = tidy(&run);
        organs.strange.push(name.clone());
        let role = c.role.or(default).unwrap_or(Role::Responsible);
        return organs.list.push(OrganRef { name, role });
    }
    // 县土地中心站点牵头: no name that is known, and yet it has a part in the task
    let takes_part = matches!(c.role, Some(Role::Lead | Role::Cooperate));
    if takes_part && names_somebody(&c.names) || begins_with_organ(&run) {
        organs.strange.push(tidy(&run));
    }
    organs.notes.push(run);
}

/// 各镇参照办理: what the clause says of the name with which it begins is not known.
fn begins_with_organ(run: &[Mark]) -> bool {
    const NAME_LONGEST: usize = 14;
    run.first().is_some_and(|m| LEVELS.contains(&m.fold))
        && (2..=run.len().min(NAME_LONGEST)).any(|end| is_organ_run(part(run, 0, end)))
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

//! Clauses of a unit text, and the names, the role and the words of each.

use super::lead_in::{for_all_below, strip_lead_in, watching};
use super::verb::{ends_in_role, strip_and_so_on, strip_head_word, strip_tail};
use super::{Organs, Role, parted, person};
use crate::cells::is_deadline;
use crate::organ_name::{clause_names, is_organ, is_organ_run};
use crate::text::{
    Mark, Run, find, from, is_empty, is_han, part, plain, starts, starts_any, tidy, trim, trim_by,
    weight,
};

pub(super) struct Clause {
    pub(super) names: Vec<(String, Option<Role>)>,
    pub(super) role: Option<Role>,
    /// No verb at all after the names.
    pub(super) bare: bool,
    pub(super) known: bool,
    pub(super) run: Run,
    /// Said of all tasks below as well.
    pub(super) below: bool,
}

/// Clauses end at ， 。 ；, outside brackets, and behind a role at 、 and blanks. A line end between two names parts names
/// only: see [`over_lines`].
pub(super) fn split_clauses(run: &[Mark], organs: &mut Organs) -> Vec<Run> {
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
pub(super) fn over_lines(clause: Run, organs: &mut Organs) -> Vec<Run> {
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
    let within = name.last().is_none_or(|m| !is_han(m.ch));
    if within || !begins(rest) {
        return false;
    }
    let end = rest.iter().position(|m| matches!(m.fold, ',' | '。' | ';'));
    let date = part(rest, 0, end.unwrap_or(rest.len()));
    is_deadline(date, weight(date)) && (ends_in_role(name) || is_organ_run(name))
}

pub(super) fn clause(run: Run, organs: &mut Organs) -> Vec<Clause> {
    let body = strip_lead_in(trim(&run));
    if let Some(names) = for_all_below(body) {
        let (names, role, bare) = strip_tail(names);
        let role = role.or(Some(Role::Responsible));
        let mut all = clause_of(names, role, bare, &run, organs);
        all.below = all.known;
        return vec![all];
    }
    let body = match watching(body) {
        Some(len) => {
            organs.watching.push(plain(part(body, 0, len)));
            trim(from(body, len + 1))
        }
        None => body,
    };
    if let Some((name, own)) = own_part(body) {
        let message = format!("“{}”是对分工的说明，没有另列", tidy(own));
        organs.repairs.push(message);
        let role = Some(Role::Responsible);
        return vec![clause_of(name, role, false, &run, organs)];
    }
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
        let left = strip_and_so_on(left);
        let lead = clause_of(left, Some(Role::Lead), false, left, organs);
        let others = clause_of(right, Some(Role::Cooperate), false, right, organs);
        return vec![lead, others];
    }
    vec![clause_of(names, role.or(head_role), bare, &run, organs)]
}

/// Longest name of a part of the work, in characters.
const PART_MAX: usize = 20;

/// 县司法局负责合法性审查工作: an organ, and the part of the work that is its own.
fn own_part(body: &[Mark]) -> Option<(&[Mark], &[Mark])> {
    let at = find(body, "负责")?;
    let (name, own) = (trim(part(body, 0, at)), trim(from(body, at)));
    let told = plain(own);
    let work = told.ends_with("工作") && (5..=PART_MAX).contains(&told.chars().count());
    (work && is_organ_run(name)).then_some((name, own))
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
        below: false,
    }
}

/// 公安、交通部门: the kind behind the last name holds for all.
pub(super) fn shares_kind(names: &[(String, Option<Role>)]) -> bool {
    names.len() > 1 && names.last().is_some_and(|(name, _)| name.ends_with("部门"))
}

/// A name that lacks its kind: 公安, 市场监管.
pub(super) fn is_stem(name: &str) -> bool {
    (2..=5).contains(&name.chars().count()) && name.chars().all(is_han)
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

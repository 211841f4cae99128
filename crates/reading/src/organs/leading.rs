//! Rules that say who leads: by the place in the list or by the type.

use super::{OrganRef, Organs, Role};
use crate::text::{Mark, Run, from, part, plain, weight};

/// Longest such rule, in characters.
const RULE_MAX: usize = 60;

/// 列第一位的为牵头单位, 排在首位的部门牵头: a rule about the list that holds it, or about all lists of the plan.
pub(crate) fn says_first_leads(run: &[Mark]) -> bool {
    if run.iter().all(|m| m.fold != '牵') {
        return false;
    }
    let text = plain(run);
    if !text.contains("牵头") {
        return false;
    }
    let first = ["第一位", "首位", "第一个", "排第一", "排名第一"]
        .iter()
        .find_map(|w| text.find(w));
    first.is_some_and(|at| text.get(at..).is_some_and(|rest| rest.contains("牵头")))
}

/// 加粗的为牵头单位, 红色字体的部门为牵头部门.
pub(crate) fn says_lead_in_type(run: &[Mark]) -> bool {
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
    if weight(run) > RULE_MAX {
        return false;
    }
    let text = plain(run);
    let leads = ["牵头", "主办", "主责"].iter().any(|w| text.contains(w));
    leads
        && TYPES.iter().any(|w| text.contains(w))
        && ["单位", "部门", "科室", "的为", "为牵头"]
            .iter()
            .any(|w| text.contains(w))
}

/// The first of organs that all are responsible leads; one that is all organs of a kind (各有关部门) does not.
pub(crate) fn let_first_lead(list: &mut [OrganRef]) {
    if list.iter().all(|o| o.role == Role::Responsible)
        && let Some(first) = list.first_mut().filter(|o| !o.name.starts_with('各'))
    {
        first.role = Role::Lead;
    }
}

/// 甲局、乙局（列第一位者为牵头单位，下同）: the bracket is no part of the last name.
pub(super) fn take_rule(text: Run, organs: &mut Organs) -> Run {
    let bracket = (0..text.len()).find_map(|open| {
        text.get(open).filter(|m| m.fold == '(')?;
        let inner = part(&text, open + 1, open + RULE_MAX);
        let close = inner.iter().position(|m| m.fold == ')')?;
        says_first_leads(part(inner, 0, close)).then_some((open, open + 1 + close))
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

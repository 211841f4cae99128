//! Rules that say who leads: by the place in the list or by the type.

use super::{OrganRef, Role};

/// Longest such rule, in characters.
pub(super) const RULE_MAX: usize = 60;

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

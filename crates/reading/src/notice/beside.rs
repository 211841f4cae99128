//! What stands beside a plan on its page and is no part of it.

use super::super::text::{plain, weight};
use super::{Line, title};

/// Longest line that may be a link of the page, in characters.
const LINK_MAX: usize = 40;

/// 关于2026年国庆节放假的通知, in the list of news beside a plan: no words of a notice stand between the two, and it puts no plan
/// in force.
pub(super) fn is_other_link(notice: &title::Title, plan: &title::Title, lines: &[Line]) -> bool {
    const SUBJECTS: &[&str] = &[
        "印发", "转发", "下发", "方案", "要点", "计划", "分解", "分工", "清单", "任务", "重点",
        "实施", "落实", "公开", "工作", "推进", "做好", "加强", "贯彻",
    ];
    let between = |l: &&Line| (notice.body..plan.first).contains(&l.node);
    let mut between = lines.iter().filter(between);
    plan.first >= notice.body
        && !SUBJECTS.iter().any(|w| notice.text.contains(w))
        && between.all(|l| weight(l.run) <= LINK_MAX && !plain(l.run).ends_with([':', '。']))
}

//! Is the document a plan? If not, why.

use super::notice::{Heads, is_other_paper, is_plan_title};
use super::task::Task;

/// Why a document is no plan: code and one sentence.
pub(crate) struct NoPlan {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// What the body of the document showed.
pub(crate) struct Body<'a> {
    pub(crate) tasks: &'a [Task],
    pub(crate) from_table: bool,
    pub(crate) catalogue: bool,
    /// A table head without rows.
    pub(crate) empty_table: bool,
    /// Folded text of the opening paragraphs.
    pub(crate) opening: &'a str,
}

/// Sentences with which reports on past work begin.
const REPORTS: &[&str] = &[
    "总结如下",
    "汇报如下",
    "情况如下",
    "报告如下",
    "情况总结",
    "工作总结",
    "工作开展情况",
    "所列数据的统计期限",
    "所列数据统计期限",
    "统计时限",
    "年度报告",
    "本年度报告",
    "本报告由",
    "答记者问",
    "解读如下",
];

pub(crate) fn no_plan(heads: &Heads, body: &Body<'_>) -> Option<NoPlan> {
    let title = heads
        .title
        .as_deref()
        .or(heads.notice_title.as_deref())
        .or(heads.headline.as_deref());
    let named = |t: &str| super::layout::shorten(t);
    if body.catalogue && !body.from_table {
        return Some(NoPlan {
            code: "catalogue",
            message: "这是公开事项目录，不是任务分工，没有可以分派的任务".to_owned(),
        });
    }
    let page = heads.headline.as_deref();
    let other = [page, title]
        .into_iter()
        .flatten()
        .find(|t| is_other_paper(t));
    if let Some(other) = other
        && !(body.from_table && heads.title.as_deref().is_some_and(is_plan_title))
    {
        return Some(NoPlan {
            code: "other-paper",
            message: format!(
                "从标题“{}”看，这不是部署任务的要点、方案或分工表",
                named(other)
            ),
        });
    }
    if body.tasks.is_empty() {
        return Some(missing(heads, body));
    }
    let assigned = body.tasks.iter().filter(|t| !t.organs.is_empty()).count();
    let planned = heads.title.as_deref().is_some_and(is_plan_title)
        || heads
            .notice_title
            .as_deref()
            .is_some_and(|t| t.contains("印发") || is_plan_title(t));
    if assigned * 4 < body.tasks.len() && !planned && !body.from_table {
        return Some(NoPlan {
            code: "no-assignment",
            message: "文中没有任务和责任单位的分工，标题也不是要点或方案，没有列出任务".to_owned(),
        });
    }
    if !body.from_table && assigned == 0 && heads.title_from_notice && !heads.signed_above {
        return Some(missing(heads, body));
    }
    if assigned == 0
        && REPORTS.iter().any(|w| body.opening.contains(w))
        && !heads.title.as_deref().is_some_and(is_plan_title)
    {
        return Some(NoPlan {
            code: "report",
            message: "这是对已做工作的总结或报告，不是工作部署，没有列出任务".to_owned(),
        });
    }
    None
}

fn missing(heads: &Heads, body: &Body<'_>) -> NoPlan {
    if body.empty_table {
        return NoPlan {
            code: "table-empty",
            message: "只读到表头，表格内容是空的；可能网页没有保存完整，请找原件重新导入"
                .to_owned(),
        };
    }
    if heads.notice_title.is_some()
        || body.opening.contains("印发")
        || body.opening.contains("附件")
    {
        return NoPlan {
            code: "table-missing",
            message: "只有通知正文，没有分工表；请把附件一并导入".to_owned(),
        };
    }
    NoPlan {
        code: "no-tasks",
        message: "没有找到可以分派的任务".to_owned(),
    }
}

//! Is the document a plan? If not, why.

use super::notice::{Heads, is_other_paper, is_plan_title, puts_rules_in_force};
use super::task::Task;
use super::text::{Run, plain};

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
    /// Its tables hold marks and scores only.
    pub(crate) scoring: bool,
    /// The heads of its tables.
    pub(crate) table_heads: &'a [Run],
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

/// Headings of papers that explain a plan.
const BACKGROUNDS: &[&str] = &[
    "起草背景",
    "政策背景",
    "出台背景",
    "制定背景",
    "背景依据",
    "起草过程",
    "政策依据",
    "决策依据",
    "制定依据",
    "目的意义",
    "出台目的",
    "进行如下解读",
    "作如下解读",
];

pub(crate) fn no_plan(heads: &Heads, body: &Body<'_>) -> Option<NoPlan> {
    let title = title(heads);
    let named = |t: &str| super::layout::shorten(t);
    if body.catalogue && !body.from_table {
        return Some(NoPlan {
            code: "catalogue",
            message: "这是公开事项目录，不是任务分工，没有可以分派的任务".to_owned(),
        });
    }
    let page = heads.headline.as_deref();
    let rules = heads
        .notice_title
        .as_deref()
        .filter(|t| puts_rules_in_force(t) && !heads.title.as_deref().is_some_and(is_plan_title));
    let other = [page, title]
        .into_iter()
        .flatten()
        .find(|t| is_other_paper(t))
        .or(rules);
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
    if let Some(other) = says_of_itself(heads, body) {
        return Some(other);
    }
    if let Some(other) = only_scores(body).or_else(|| other_sheet(heads, body)) {
        return Some(other);
    }
    if body.tasks.is_empty() {
        return Some(missing(heads, body));
    }
    let assigned = body.tasks.iter().filter(assigned_to).count();
    let planned = heads.title.as_deref().is_some_and(is_plan_title)
        || (heads.title.is_none() && heads.notice_title.is_none() && speaks_as_plan(body))
        || heads.notice_title.as_deref().is_some_and(issues_a_plan)
        || (title.is_some_and(asks_for_work) && orders_work(body.tasks));
    if (assigned * 4 < body.tasks.len() || guessed(body)) && !planned && !body.from_table {
        if says_any(body.opening, &["见附件"])
            && says_any(body.opening, &["任务分", "责任分", "分工表", "分解表"])
        {
            return Some(missing(heads, body));
        }
        return Some(NoPlan {
            code: "no-assignment",
            message: "文中没有任务和责任单位的分工，标题也不是要点或方案，没有列出任务".to_owned(),
        });
    }
    if !body.from_table && !heads.signed_above && covers(body) {
        return Some(missing(heads, body));
    }
    let alone = !body.from_table && assigned == 0 && heads.title_from_notice;
    if alone && !heads.signed_above && !orders_work(body.tasks) {
        return Some(missing(heads, body));
    }
    reports_work(heads, body, assigned > 0).then(|| NoPlan {
        code: "report",
        message: "这是对已做工作的总结或报告，不是工作部署，没有列出任务".to_owned(),
    })
}

/// Heads of which two tell a sheet that orders no work.
const SHEET_HEADS: &[&[&str]] = &[
    &["值班人员", "带班领导", "值班领导", "值班电话", "值班员"],
    &[
        "主讲人",
        "授课人",
        "主持人",
        "授课内容",
        "授课老师",
        "课程",
        "地点",
    ],
    &[
        "法定时限",
        "法定办结时限",
        "承诺时限",
        "承诺办结时限",
        "办理地点",
        "办理流程",
        "申请材料",
        "收费标准",
    ],
    &[
        "职权类型",
        "职权名称",
        "权力类型",
        "权力名称",
        "责任事项",
        "追责情形",
        "实施依据",
        "职权编码",
    ],
    &[
        "姓名",
        "职务",
        "联络员",
        "联络人",
        "信息员",
        "联系电话",
        "办公电话",
        "固定电话",
        "手机",
        "手机号",
        "手机号码",
        "微信号",
    ],
    &["得分", "等次", "排名", "名次", "总分", "考核等次"],
    &["存在问题", "发现问题", "扣分", "扣分情况", "整改状态"],
];

/// 日期 | 带班领导 | 值班人员 | 责任单位: organs and dates in a table without measures.
fn other_sheet(heads: &Heads, body: &Body<'_>) -> Option<NoPlan> {
    let words: Vec<String> = body.table_heads.iter().map(|run| plain(run)).collect();
    let measures = ["任务", "措施", "举措", "要点"];
    let ordered = words.iter().any(|h| measures.iter().any(|w| h.contains(w)))
        || heads.title.as_deref().is_some_and(is_plan_title);
    let told = |sheet: &&[&str]| {
        let known = words.iter().filter(|h| sheet.contains(&h.as_str()));
        known.count() > 1
    };
    let other = body.from_table && !ordered && SHEET_HEADS.iter().any(told);
    other.then(|| NoPlan {
        code: "other-paper",
        message: "从表头看，这是值班、日程、权责、办事、检查或考核结果一类的表格，不是任务分工"
            .to_owned(),
    })
}

/// 各责任单位要高度重视 stands in any notice, and assigns nothing by itself.
fn assigned_to(task: &&Task) -> bool {
    !task.organs.is_empty() && !task.doubts.contains(&super::build::AS_SUBJECT)
}

/// All measures were known by nothing but the lines around them.
fn guessed(body: &Body<'_>) -> bool {
    let unmarked = |t: &Task| t.doubts.contains(&"list-unmarked");
    body.tasks.iter().all(unmarked)
}

fn title(heads: &Heads) -> Option<&str> {
    heads
        .title
        .as_deref()
        .or(heads.notice_title.as_deref())
        .or(heads.headline.as_deref())
}

/// 现将…情况报告如下: what was done, without an order to do anything.
fn reports_work(heads: &Heads, body: &Body<'_>, assigned: bool) -> bool {
    let told = ["总结如下", "汇报如下", "情况报告如下"];
    let title = title(heads);
    (!assigned || !body.from_table && says_any(body.opening, &told))
        && REPORTS.iter().any(|w| body.opening.contains(w))
        && !heads.title.as_deref().is_some_and(is_plan_title)
        && !title.is_some_and(asks_for_work)
}

/// 你局《…请示》收悉。现批复如下: an answer to somebody who asked.
fn answers(body: &Body<'_>) -> bool {
    let answer = ["批复如下", "函复如下", "答复如下", "复函如下"];
    !body.from_table && body.opening.contains("收悉") && says_any(body.opening, &answer)
}

/// Rules and answers that say in their text what they are.
fn says_of_itself(heads: &Heads, body: &Body<'_>) -> Option<NoPlan> {
    let message = if says_it_is_rules(body) && !heads.title.as_deref().is_some_and(is_plan_title) {
        "正文写明这是规则、办法、预案一类的制度文件，不是工作部署，没有列出任务"
    } else if answers(body) {
        "这是对请示的批复或对来函的答复，不是工作部署，没有列出任务"
    } else if reports_a_year(heads, body) {
        "正文写明这是年度报告，不是工作部署，没有列出任务"
    } else if shows_progress(heads, body) {
        "正文写明这是把进展情况公布出来，不是工作部署，没有列出任务"
    } else {
        return None;
    };
    Some(NoPlan {
        code: "other-paper",
        message: message.to_owned(),
    })
}

/// …政府信息公开工作年度报告是根据…编制的。: a report of the year that says so in its first sentence. A plan may ask for one.
fn reports_a_year(heads: &Heads, body: &Body<'_>) -> bool {
    const MADE: &[&str] = &["编制", "根据", "依据", "按照", "由", "包括", "向社会公布"];
    const ORDERS: &[&str] = &[
        "制定", "制订", "提出", "任务", "要点", "方案", "做好", "分工",
    ];
    let first = body.opening.split('。').next().unwrap_or_default();
    let Some((_, told)) = first.split_once("年度报告") else {
        return false;
    };
    let planned = heads.title.as_deref().is_some_and(is_plan_title);
    !body.from_table && !planned && says_any(told, MADE) && !says_any(first, ORDERS)
}

/// 现将民生实事项目1—6月份进展情况予以公示: how far the work has come, for the public.
fn shows_progress(heads: &Heads, body: &Body<'_>) -> bool {
    const PROGRESS: &[&str] = &["进展情况", "完成情况", "推进情况", "落实情况", "办理情况"];
    const SHOWN: &[&str] = &["公示", "公布", "公告", "通报", "公开"];
    let shown = |sentence: &str| {
        let (_, said) = sentence.split_once("现将")?;
        let told = |word: &&str| said.split_once(*word);
        let (_, rest) = PROGRESS.iter().find_map(told)?;
        let near: String = rest.chars().take(SHOWN_MAX).collect();
        says_any(&near, SHOWN).then_some(())
    };
    let planned = heads.title.as_deref().is_some_and(is_plan_title);
    !body.from_table && !planned && body.opening.split('。').any(|s| shown(s).is_some())
}

/// Longest words from the progress to how it is shown (予以公示), in characters.
const SHOWN_MAX: usize = 6;

/// …，制定本规则。: the first words of what holds for good.
fn says_it_is_rules(body: &Body<'_>) -> bool {
    const RULES: &[&str] = &[
        "规则", "办法", "细则", "规定", "制度", "预案", "条例", "章程", "规程",
    ];
    !body.from_table
        && ["制定本", "制订本"].iter().any(|made| {
            body.opening.match_indices(made).any(|(at, _)| {
                let rest = body.opening.get(at + made.len()..).unwrap_or_default();
                let name = rest
                    .split(['。', ',', '、', '('])
                    .next()
                    .unwrap_or_default();
                name.chars().count() <= OWN_NAME_MAX && RULES.iter().any(|w| name.ends_with(w))
            })
        })
}

fn says_any(opening: &str, words: &[&str]) -> bool {
    words.iter().any(|w| opening.contains(w))
}

/// 关于印发…方案的通知. A notice that puts anything else in force (申报要求) is no plan by its title alone.
fn issues_a_plan(notice: &str) -> bool {
    const NO_PLANS: &[&str] = &[
        "要求", "条件", "须知", "指引", "规则", "名单", "名录", "标准", "范围", "流程", "讲话",
    ];
    let name = notice
        .trim_end_matches("通知")
        .trim_end_matches('的')
        .trim_end_matches('》');
    is_plan_title(notice)
        || (notice.contains("印发") && !NO_PLANS.iter().any(|w| name.ends_with(w)))
}

/// Most paragraphs of a notice around its annex.
const AROUND_MAX: usize = 8;

/// 一、强化责任落实。各责任单位要…: the text of a notice speaks of those who have tasks elsewhere, and of no task itself.
fn covers(body: &Body<'_>) -> bool {
    const WHO: &[&str] = &[
        "责任单位",
        "牵头单位",
        "配合单位",
        "各单位",
        "各部门",
        "相关单位",
        "相关部门",
        "有关单位",
        "有关部门",
        "各地",
        "督查",
        "督办",
        "牵头领导",
        "分线领导",
        "考评",
        "考核",
    ];
    let issued = ["印发给你们", "分解印发", "予以印发"];
    let speaks = body
        .tasks
        .iter()
        .filter(|t| WHO.iter().any(|w| t.text.contains(w)))
        .count();
    let assigned = body.tasks.iter().filter(assigned_to).count();
    says_any(body.opening, &issued)
        && body.tasks.len() <= AROUND_MAX
        && assigned * 2 < body.tasks.len()
        && speaks * 5 >= body.tasks.len() * 4
}

/// Longest line of a list of marks, in characters.
const MARK_LINE_MAX: usize = 40;

/// 市教育局，93.0分: a name and a mark.
fn is_mark(text: &str) -> bool {
    let Some((_, mark)) = text.rsplit_once([',', '，', '、', ' ', '：', ':', '\t']) else {
        return false;
    };
    let figure = mark
        .trim_end_matches(['。', '；', ';'])
        .trim_end_matches('分');
    let digits = !figure.is_empty() && figure.chars().all(|c| c.is_ascii_digit() || c == '.');
    digits && text.chars().count() <= MARK_LINE_MAX
}

/// Its tables hold marks, or its lines do, and no measure has an organ.
fn only_scores(body: &Body<'_>) -> Option<NoPlan> {
    let marks = body.tasks.iter().filter(|t| is_mark(&t.text)).count();
    let listed = !body.tasks.is_empty() && marks * 3 >= body.tasks.len() * 2;
    let scores = listed || body.scoring && !body.tasks.iter().any(|t| assigned_to(&t));
    scores.then(|| NoPlan {
        code: "scoring",
        message: "这是考核评分的指标表，不是任务分工，没有可以分派的任务".to_owned(),
    })
}

/// Fewest measures below a notice's own words that make them a plan.
const MEASURES_MIN: usize = 5;

/// Whether the measures are work for the year, and not only the words around an annex (总体要求, 工作安排, 保障措施).
fn orders_work(tasks: &[Task]) -> bool {
    const AROUND: &[&str] = &[
        "要求", "安排", "组织", "保障", "监督", "考核", "报送", "时间", "步骤",
    ];
    let around = |t: &&Task| {
        let section = t.section.as_deref().unwrap_or_default();
        AROUND.iter().any(|w| section.contains(w)) && section.chars().count() <= 14
    };
    let measures = tasks.len() - tasks.iter().filter(around).count();
    measures >= MEASURES_MIN && measures * 2 >= tasks.len()
}

/// 关于进一步做好政务公开工作的通知: a notice that may set the year's work itself, and not one about a single occasion.
fn asks_for_work(title: &str) -> bool {
    const ASKS: &[&str] = &[
        "做好",
        "加强",
        "推进",
        "落实",
        "深化",
        "规范",
        "抓好",
        "贯彻",
        "重点工作",
        "任务",
        "要点",
    ];
    const OCCASIONS: &[&str] = &[
        "培训",
        "会议",
        "自查",
        "检查",
        "考核",
        "评估",
        "报送",
        "填报",
        "测评",
        "征集",
        "年度报告",
        "年报",
        "编制",
        "整改",
        "申报",
        "评选",
        "调整",
        "成立",
        "通报",
        "督查",
        "举办",
        "召开",
        "宣传",
    ];
    let has = |list: &[&str]| list.iter().any(|w| title.contains(w));
    title.contains("公开")
        && (title.ends_with("通知") || title.ends_with("意见"))
        && has(ASKS)
        && !has(OCCASIONS)
}

/// A text without a title that says of itself what it is, or whose sections are 主要任务 and the like.
fn speaks_as_plan(body: &Body<'_>) -> bool {
    let says = ["制定", "制订"].iter().any(|made| {
        body.opening.match_indices(made).any(|(at, _)| {
            let rest = body.opening.get(at + made.len()..).unwrap_or_default();
            // 制定了…: told by somebody else afterwards
            if rest.starts_with('了') {
                return false;
            }
            let sentence = rest.split('。').next().unwrap_or_default();
            sentence.chars().count() <= OWN_NAME_MAX && is_plan_title(sentence)
        })
    });
    let sections = body.tasks.iter().filter_map(|t| t.section.as_deref());
    let ordered = sections.into_iter().any(|s| {
        ["主要任务", "重点任务", "工作任务", "责任分工", "任务分工"]
            .iter()
            .any(|w| s.contains(w))
    }) || lists_projects(body);
    let reports = REPORTS
        .iter()
        .chain(BACKGROUNDS)
        .any(|w| body.opening.contains(w));
    (says || ordered) && !reports
}

/// 一、纳入民生实事项目的内容, above what is to be built, each with its figures: projects of the year, for all to carry out.
fn lists_projects(body: &Body<'_>) -> bool {
    let named = |t: &Task| {
        let section = t.section.as_deref().unwrap_or_default();
        let folded: String = section.chars().map(super::fold::fold).collect();
        says_any(&folded, &["民生实事", "为民实事", "实事项目"])
    };
    let count = |want: fn(&Task) -> bool| body.tasks.iter().filter(|t| want(t)).count();
    let all = body.tasks.len();
    let counted = count(|t| !t.quantities.is_empty());
    let done = count(|t| t.text.contains('已'));
    all >= MEASURES_MIN
        && body.tasks.iter().filter(|t| named(t)).count() * 2 > all
        && counted * 3 >= all * 2
        && done * 3 < all
        && !says_any(body.opening, &["征集", "候选", "推荐"])
}

/// Longest name that a text gives itself (制定中都街道政务公开工作实施方案), in characters.
const OWN_NAME_MAX: usize = 40;

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

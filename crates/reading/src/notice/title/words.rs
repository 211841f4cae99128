//! Which words titles of plans end in, and which those of other papers.

/// Ends of titles that plans have.
const PLAN_ENDS: &[&str] = &[
    "要点",
    "方案",
    "分解表",
    "分工表",
    "任务表",
    "任务分解",
    "任务分工",
    "清单",
    "计划",
    "重点任务",
    "重点工作",
    "工作安排",
    "安排",
    "安排表",
    "一览表",
    "台账",
    "实施意见",
    "安排意见",
    "分工意见",
    "措施",
    "分工",
    "工作任务",
    "主要任务",
    "任务书",
    "计划表",
    "进度表",
    "责任分解",
    "分解",
    "任务",
    "分工情况",
    "具体任务",
    "任务清单表",
    "责任表",
    "推进表",
    "配档表",
    "明细表",
    "汇总表",
    "时间表",
    "重点工作任务",
    "工作事项",
    "工作指标表",
    "任务指标表",
    "建设指标表",
];
/// Words of titles of other papers.
const OTHERS: &[&str] = &[
    "总结",
    "年度报告",
    "年报",
    "解读",
    "目录",
    "指南",
    "条例",
    "规定",
    "办法",
    "制度",
    "通报",
    "公示",
    "汇报",
    "问答",
    "答记者问",
    "图解",
    "一图",
    "读懂",
    "情况报告",
    "情况的报告",
    "自查",
    "说明",
    "细则",
    "述职",
    "工作情况",
    "进展情况",
    "简报",
    "动态",
    "培训会",
    "召开",
    "举办",
    "领导小组成员",
    "意见征集",
    "完成情况",
    "落实情况",
    "推进情况",
    "情况表",
    "情况一览表",
    "情况汇总表",
    "情况统计表",
    "简明",
    "纪要",
    "议程",
    "成员名单",
    "评分细则",
    "倡议书",
    "公告",
    "职责",
    "批复",
    "复函",
];

/// Sheets that hold organs and dates and order no work.
const SHEETS: &[&str] = &[
    "绩效目标表",
    "绩效目标申报表",
    "绩效自评表",
    "绩效指标表",
    "权责清单",
    "权力清单",
    "权力和责任清单",
    "权力清单和责任清单",
    "联络员登记表",
    "联络员名单",
    "联络员信息表",
    "联系人名单",
    "通讯录",
    "值班表",
    "值班安排",
    "值班安排表",
    "带班安排表",
    "值守安排表",
    "日程",
    "日程表",
    "日程安排",
    "日程安排表",
    "议程安排",
    "课程表",
    "课程安排",
    "课程安排表",
    "考核结果",
    "考评结果",
    "评估结果",
    "测评结果",
    "考核得分表",
    "得分情况",
    "得分表",
    "排名表",
    "办事指南一览表",
    "办事指南汇总表",
    "服务指南一览表",
    "服务事项一览表",
    "办理事项一览表",
    "名册",
    "花名册",
    "通讯录",
    "联系表",
    "联系方式一览表",
];

/// 县民政局权责清单, 培训班日程安排: such a sheet by its title. 公开权责清单 is a measure.
fn is_sheet(about: &str) -> bool {
    const DOES: &[&str] = &[
        "公开", "公布", "公示", "更新", "完善", "编制", "调整", "建立", "推进", "动态", "及时",
        "梳理", "发布", "规范", "制定", "做好", "落实",
    ];
    let counted = about
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .starts_with(['.', '、', ')']);
    SHEETS.iter().any(|w| about.ends_with(w))
        && !counted
        && !DOES.iter().any(|w| about.starts_with(w))
        && !about.contains(',')
        && ![
            "任务",
            "要点",
            "分工",
            "重点",
            "工作权责",
            "工作日程",
            "公开工作安排",
        ]
        .iter()
        .any(|w| about.contains(w))
}

/// 关于调整安平镇政务公开领导小组的通知: who belongs to it; the duties in it stand for good.
fn founds_a_group(about: &str) -> bool {
    const FOUNDS: &[&str] = &[
        "关于成立",
        "关于调整",
        "关于组建",
        "关于设立",
        "关于充实",
        "成立",
        "调整",
    ];
    const GROUPS: &[&str] = &[
        "领导小组",
        "领导小组成员",
        "工作专班",
        "领导小组的",
        "联席会议",
    ];
    let about = about.trim_end_matches("通知").trim_end_matches("的");
    GROUPS.iter().any(|w| about.ends_with(w)) && FOUNDS.iter().any(|w| about.contains(w))
}

/// 政务公开工作考评方案, 绩效评估指标: how work is judged, not what is to be done.
fn is_assessment(text: &str) -> bool {
    const JUDGES: &[&str] = &["考核", "考评", "评估", "测评", "评价"];
    const PAPERS: &[&str] = &[
        "方案",
        "指标",
        "标准",
        "评分表",
        "打分表",
        "指标表",
        "工作指标表",
        "任务指标表",
    ];
    let judges = PAPERS
        .iter()
        .filter_map(|paper| text.strip_suffix(paper))
        .any(|about| JUDGES.iter().any(|judge| about.ends_with(judge)));
    let ordered = ["要点", "任务", "分工", "分解", "落实"]
        .iter()
        .any(|w| text.contains(w));
    (judges || text.ends_with("评分表")) && !ordered
}

/// 主要任务 on a line of its own heads the measures of many a plan, and is the title of none.
pub(crate) fn is_bare_heading(title: &str) -> bool {
    [
        "主要任务",
        "工作任务",
        "具体任务",
        "重点任务",
        "工作措施",
        "主要措施",
    ]
    .contains(&bare(title).as_str())
}

pub(crate) fn is_plan_title(title: &str) -> bool {
    let text = bare(title);
    PLAN_ENDS.iter().any(|e| text.ends_with(e)) && !is_other_paper(title)
}

/// A paper that is no plan by its title: 总结, 解读, 目录.
pub(crate) fn is_other_paper(title: &str) -> bool {
    let text = bare(title);
    // 解读 or 目录 may be what a plan is about: only the end of the title tells, or a word that plans never have
    let about = text.split(['《', '》']).step_by(2).collect::<String>();
    OTHERS.iter().any(|w| about.ends_with(w))
        || about.ends_with("解读:")
        || is_assessment(&text)
        || is_sheet(&about)
        || founds_a_group(&about)
        || [
            "工作总结",
            "年度报告",
            "政策解读",
            "文件解读",
            "解读:",
            "答记者问",
            "一图读懂",
            "图解",
            "简明问答",
            "指标体系",
            "情况汇报",
            "情况报告",
            "情况通报",
            "总结报告",
            "召开",
            "举办",
        ]
        .iter()
        .any(|w| about.contains(w) && !PLAN_ENDS.iter().any(|e| text.ends_with(e)))
        || about.contains("总结")
        || about.contains("领导小组") && about.ends_with("职责分工")
}

/// 关于印发《安澜市人民政府工作规则》的通知: what the notice puts in force is a rule, no plan.
pub(crate) fn puts_rules_in_force(notice: &str) -> bool {
    const RULES: &[&str] = &[
        "规则", "办法", "规定", "制度", "细则", "章程", "规程", "规范", "标准", "指南", "目录",
        "条例", "预案", "职责",
    ];
    let text = bare(notice);
    let text = text.trim_end_matches("的通知").trim_end_matches("通知");
    let text = bare(text);
    if text.contains("印发") && is_assessment(&text) {
        return true;
    }
    text.contains("印发")
        && RULES.iter().any(|w| text.ends_with(w))
        && !PLAN_ENDS.iter().any(|e| text.ends_with(e))
}

/// Folded, without remarks in brackets at the end and without signs.
pub(super) fn bare(title: &str) -> String {
    let mut text: String = title
        .chars()
        .map(super::super::super::fold::fold)
        .filter(|c| !c.is_whitespace())
        .collect();
    loop {
        let before = text.len();
        text = text
            .trim_end_matches(['。', '.', '》', ':', '-', '—'])
            // the mark of a note: 任务分工①
            .trim_end_matches(|c| matches!(c, '①'..='⑳'))
            .to_owned();
        let open = if text.ends_with(')') {
            text.rfind('(')
        } else if text.ends_with(']') {
            text.rfind('[')
        } else {
            None
        };
        if let Some(open) = open
            && text.len() - open < 40
        {
            text.truncate(open);
        }
        if text.len() == before {
            return text;
        }
    }
}

/// （2025—2027年）: the years of a plan, on a line of their own below its title.
pub(super) fn is_span_of_years(text: &str) -> bool {
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    inner.is_some_and(|inner| {
        let years = inner.trim_end_matches("年度").trim_end_matches('年');
        let year = |part: &str| {
            let part = part.trim_end_matches('年');
            part.len() == 4 && part.starts_with("20") && part.bytes().all(|b| b.is_ascii_digit())
        };
        let parts: Vec<&str> = years.split(['—', '-', '–', '－', '至', '~']).collect();
        parts.len() == 2 && parts.iter().all(|part| year(part))
    })
}

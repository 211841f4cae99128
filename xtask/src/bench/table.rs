//! A plan as a ruled table in DOCX and PDF, made here so that the benches depend on no other part's writer.

mod docx;
mod pdf;

pub(crate) use docx::docx;
pub(crate) use pdf::pdf;

const TITLE: &str = "安澜市2026年政务公开工作要点分工方案";
const HEAD: [&str; 4] = ["序号", "工作任务", "责任单位", "完成时限"];
const TOPICS: [&str; 6] = [
    "规范政策文件公开，及时更新现行有效文件目录",
    "做好重大建设项目批准和实施信息公开",
    "推进公共企事业单位信息公开，完善监管制度",
    "加强政策解读，重要政策与解读材料同步发布",
    "提升依申请公开答复质量，统一文书格式",
    "办好政府公报，扩大基层免费赠阅范围",
];
const ORGANS: [&str; 4] = [
    "市政务服务局",
    "市司法局、市财政局",
    "市生态环境局",
    "各县（市、区）政府",
];
const DUE: [&str; 3] = ["6月底前", "年底前", "9月底前"];

/// The head and that many rows.
fn rows(count: usize) -> impl Iterator<Item = [String; 4]> {
    let cycle = |words: &'static [&'static str], at: usize| {
        words.get(at % words.len()).copied().unwrap_or_default()
    };
    let body = (1..=count).map(move |no| {
        [
            no.to_string(),
            format!("{}（第{no}项）。", cycle(&TOPICS, no)),
            cycle(&ORGANS, no / 2).to_owned(),
            cycle(&DUE, no).to_owned(),
        ]
    });
    std::iter::once(HEAD.map(str::to_owned)).chain(body)
}

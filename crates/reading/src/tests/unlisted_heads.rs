//! Heads of tables in text with a word that no list knows.

use super::*;

#[test]
fn a_word_that_is_not_known_at_the_end_of_a_head_has_its_column() {
    for (sign, word) in [(" | ", "是否完成"), ("\t", "风险等级"), (" | ", "打分")] {
        let row = |cells: [&str; 5]| cells.join(sign);
        let plan = check(
            &format!(
                "2023年云岭镇政务公开工作台账\n{}\n{}\n{}\n",
                row(["序号", "工作任务", "责任单位", "完成时限", word]),
                row(["1", "公开年度预算决算报告", "党政办", "3月底前", "是"]),
                row(["2", "公示低保对象名单", "民政办、各村委会", "6月底前", "否"]),
            ),
            &[
                "1|-|-|公开年度预算决算报告|责党政办|2023-03-31",
                "2|-|-|公示低保对象名单|责民政办 责各村委会|2023-06-30",
            ],
        );
        assert_eq!(codes(&plan), ["column-unused"], "{word}");
    }
}

#[test]
fn a_short_table_between_pipes_is_no_running_text() {
    for head in ["责任股室", "主管部门", "实施主体", "部门"] {
        check(
            &format!(
                "2023年云岭镇政务公开工作推进表\n序号 | 工作任务 | {head}\n1 | 公开年度预算决算报告 | 财政股\n2 | 公示低保对象名单 | 民政股、各村委会\n"
            ),
            &[
                "1|-|-|公开年度预算决算报告|责财政股|",
                "2|-|-|公示低保对象名单|责民政股 责各村委会|",
            ],
        );
    }
}

//! A plan as large as asked for, as a web page.

const TOPICS: [&str; 5] = [
    "动态更新规章库",
    "公开重大建设项目批准和实施信息",
    "规范依申请公开答复文书",
    "同步发布政策解读材料",
    "办好政府公报",
];
const SECTIONS: usize = 10;

/// `tasks` rows, each with all the organs named.
pub(crate) fn html(number: usize, tasks: usize, organs: &[String]) -> Vec<u8> {
    let organs = organs.join("、");
    let mut page = format!(
        "<html><body><h1>安澜市{}年政务公开工作要点分工方案</h1><table><tr><th>序号</th><th>部分</th><th>工作任务</th><th>责任单位</th><th>完成时限</th></tr>",
        2016 + number
    );
    for task in 1..=tasks {
        let topic = TOPICS.get(task % TOPICS.len()).copied().unwrap_or_default();
        let section = task * SECTIONS / (tasks + 1) + 1;
        let month = task % 12 + 1;
        page.push_str(&format!(
            "<tr><td>{task}</td><td>第{section}部分工作</td><td>{topic}，完成第{task}批整理并向社会公开。</td><td>{organs}</td><td>2026年{month}月底前</td></tr>"
        ));
    }
    page.push_str("</table></body></html>");
    page.into_bytes()
}

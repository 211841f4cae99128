use gongkai_office::{Limits, read as read_file};

use super::{read_draft, read_with_columns};
use crate::assignment::Duty;
use crate::draft::content::ColumnRole;

const TABLE: &str = "<html><body><h1>安澜市2026年政务公开工作要点分工方案</h1><table>\
    <tr><th>工作任务</th><th>具体措施</th><th>责任单位</th></tr>\
    <tr><td>一、基础</td><td>1.公布规范性文件清单，2026年9月底前完成。</td><td>市司法局牵头，市财政局配合</td></tr>\
    <tr><td>一、基础</td><td>2.修订主动公开基本目录。</td><td>市教育局</td></tr>\
    </table></body></html>";

#[test]
fn a_table_becomes_tasks_with_columns() {
    let document = read_file(TABLE.as_bytes(), &Limits::default()).unwrap();
    let content = read_draft(&document);
    assert!(content.is_plan);
    assert_eq!(content.meta.year, Some(2026));
    assert_eq!(content.tasks.len(), 2);
    assert_eq!(content.tasks[0].number, Some(1));
    assert_eq!(content.tasks[0].organs[0].duty, Duty::Lead);
    assert_eq!(
        content.tasks[0].deadlines[0].date,
        "2026-09-30".parse().ok()
    );
    assert_eq!(content.next_key, 3);
    let heads: Vec<&str> = content
        .columns
        .iter()
        .map(|column| column.head.as_str())
        .collect();
    assert_eq!(heads, ["工作任务", "具体措施", "责任单位"]);
    assert_eq!(content.columns[2].role, ColumnRole::Units);
}

#[test]
fn a_table_of_facts_above_the_plan_does_not_head_it() {
    let facts = "<h1>安澜市2026年政务公开工作要点分工方案</h1><table><tr><td>文号：</td><td>澜府办函〔2026〕12号</td><td>公开方式：</td></tr></table>";
    let page = TABLE.replace("<h1>安澜市2026年政务公开工作要点分工方案</h1>", facts);
    let document = read_file(page.as_bytes(), &Limits::default()).unwrap();
    let columns = read_draft(&document).columns;
    assert_eq!(columns[0].head, "工作任务", "{columns:?}");
    let mut swapped = columns.clone();
    swapped[2].role = ColumnRole::Cooperate;
    let content = read_with_columns(&document, &swapped);
    assert_eq!(content.tasks[1].organs[0].duty, Duty::Cooperate);
}

#[test]
fn a_head_is_told_by_its_words_and_not_by_how_short_it_is() {
    let row = "<tr><td>1</td><td>公开预算</td><td>市财政局</td></tr>";
    let page = TABLE
        .replace(
            "<tr><th>工作任务</th><th>具体措施</th><th>责任单位</th></tr>",
            "<tr><td>序号</td><td>工作任务（含要求）</td><td>责任单位</td></tr>",
        )
        .replace("</table>", &format!("{row}</table>"));
    let document = read_file(page.as_bytes(), &Limits::default()).unwrap();
    let columns = read_draft(&document).columns;
    assert_eq!(columns[0].head, "序号", "{columns:?}");
    assert_eq!(columns[2].head, "责任单位", "{columns:?}");
}

#[test]
fn a_person_may_say_what_a_column_holds() {
    let document = read_file(TABLE.as_bytes(), &Limits::default()).unwrap();
    let mut columns = read_draft(&document).columns;
    columns[2].role = ColumnRole::Cooperate;
    let content = read_with_columns(&document, &columns);
    assert_eq!(content.tasks.len(), 2);
    assert!(
        content.tasks[1]
            .organs
            .iter()
            .all(|organ| organ.duty == Duty::Cooperate),
        "{:?}",
        content.tasks[1].organs
    );
    assert_eq!(
        content.columns[2].head, "责任单位",
        "the printed head stays"
    );
}

use std::time::Duration;

use gongkai_office::{Limits, read as read_file};

use super::Picked;
use super::rows::{ROWS_MAX, read};

fn rows(html: &str) -> Vec<(String, String, String, String, String)> {
    let document = read_file(html.as_bytes(), &Limits::default()).unwrap();
    read(&document)
        .into_iter()
        .map(|row| (row.units, row.text, row.done, row.pending, row.due))
        .collect()
}

#[test]
fn the_official_form_with_its_two_row_head() {
    let found = rows(
        "<html><body><table>\
        <tr><td colspan=7>工作台账</td></tr><tr><td colspan=4>填报单位（盖章）：市政府办公室</td><td colspan=3>填报日期</td></tr>\
        <tr><td rowspan=2>落实单位名称</td><td rowspan=2>具体工作事项</td><td colspan=2>具体工作事项进度</td><td rowspan=2>完成时限</td><td rowspan=2>回头看“事项”</td><td rowspan=2>未完成事项整改落实情况</td></tr>\
        <tr><td>已落实事项情况</td><td>待完成事项计划</td></tr>\
        <tr><td rowspan=2>市司法局</td><td>1.公布规章。</td><td>已公布17件。</td><td></td><td>6月底前</td><td></td><td></td></tr>\
        <tr><td>2.清理文件。</td><td></td><td>下半年清理。</td><td>年底前</td><td></td><td></td></tr>\
        <tr><td></td><td>3.培训。</td><td>已办一期。</td><td></td><td></td><td></td><td></td></tr>\
        <tr><td>填报人：周敏</td><td></td><td></td><td></td><td></td><td></td><td></td></tr>\
        </table></body></html>",
    );
    let text = found
        .iter()
        .map(|(units, text, done, pending, due)| format!("{units}|{text}|{done}|{pending}|{due}"))
        .collect::<Vec<_>>()
        .join("\n");
    insta::assert_snapshot!(text, @r"
    市司法局|1.公布规章。|已公布17件。||6月底前
    市司法局|2.清理文件。||下半年清理。|年底前
    市司法局|3.培训。|已办一期。||
    ");
}

#[test]
fn a_table_of_ones_own_with_plain_words() {
    let found = rows(
        "<html><body><table><tr><th>序号</th><th>责任单位</th><th>工作任务</th><th>进展情况</th><th>下一步计划</th></tr>\
        <tr><td>1</td><td>市教育局</td><td>修订目录</td><td>完成初稿</td><td>征求意见</td></tr></table></body></html>",
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "市教育局");
    assert_eq!(
        (found[0].2.as_str(), found[0].3.as_str()),
        ("完成初稿", "征求意见")
    );
}

#[test]
fn a_plan_is_no_ledger() {
    let found = rows(
        "<html><body><table><tr><th>工作任务</th><th>具体措施</th><th>责任单位</th></tr>\
        <tr><td>一</td><td>修订目录</td><td>市教育局</td></tr></table></body></html>",
    );
    assert_eq!(found, []);
}

#[test]
fn a_blank_matter_is_that_of_the_row_above_and_none_is_lost() {
    let html = "<html><body><table><tr><th>责任单位</th><th>工作任务</th><th>进展情况</th></tr>\
        <tr><td>市财政局</td><td></td><td>没头没尾</td></tr>\
        <tr><td>市教育局</td><td>修订目录</td><td>完成初稿</td></tr>\
        <tr><td></td><td></td><td>又征求了意见</td></tr>\
        <tr><td>市司法局</td><td></td><td></td></tr></table></body></html>";
    let document = read_file(html.as_bytes(), &Limits::default()).unwrap();
    let found: Vec<(String, String, String, bool)> = read(&document)
        .into_iter()
        .map(|row| (row.units, row.text, row.done, row.above))
        .collect();
    let row = |units: &str, text: &str, done: &str, above| {
        (units.to_owned(), text.to_owned(), done.to_owned(), above)
    };
    assert_eq!(
        found,
        [
            row("市财政局", "", "没头没尾", false),
            row("市教育局", "修订目录", "完成初稿", false),
            row("市教育局", "修订目录", "又征求了意见", true),
        ]
    );
}

#[test]
fn one_row_too_many_is_seen() {
    let mut html =
        String::from("<html><body><table><tr><th>单位</th><th>事项</th><th>进展</th></tr>");
    for _ in 0..ROWS_MAX + 5 {
        html.push_str("<tr><td>甲</td><td>乙</td><td>丙</td></tr>");
    }
    html.push_str("</table></body></html>");
    // On a busy machine, without optimisation, so many rows take longer than a clerk would wait.
    let patient = Limits {
        time: Duration::from_secs(120),
        ..Limits::default()
    };
    let document = read_file(html.as_bytes(), &patient).unwrap();
    assert_eq!(read(&document).len(), ROWS_MAX + 1);
}

#[test]
fn choices_from_before_tasks_could_be_chosen_are_read() {
    let kept = "{\"rows\":{\"3\":{\"taken\":true,\"seen\":\"a\"}},\"rule\":\"done\",\"rest\":true}";
    let picked: Picked = serde_json::from_str(kept).unwrap();
    assert!(picked.rows.contains_key(&3) && picked.given.is_empty());
    assert_eq!(serde_json::to_string(&picked).unwrap(), kept);
}

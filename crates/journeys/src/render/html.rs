//! The sheet as a page of a government website: navigation around it, `rowspan` and `colspan` within.

use std::fmt::Write;

use super::rows::{Pages, Slot};
use super::sheet::{Align, Line, Sheet};

/// With broken pages each page has a table of its own.
pub fn html(sheet: &Sheet, pages: Pages) -> Vec<u8> {
    let title = escaped(&sheet.title.concat());
    let mut page = format!(
        r#"<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}_人民政府门户网站</title>
<style>td {{ border: 1px solid #333 }}</style><script>var menu = "<p>不是正文</p>";</script></head>
<body>
<header><a href="/wza">无障碍浏览</a> <nav><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li><li><a href="/zwfw">政务服务</a></li></ul></nav></header>
<div class="position">您当前的位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; 正文</div>
<div class="content">
"#
    );
    for line in &sheet.notice {
        push_line(&mut page, line);
    }
    for line in &sheet.title {
        let _ = writeln!(
            page,
            r#"<p style="text-align:center"><strong>{}</strong></p>"#,
            escaped(line)
        );
    }
    push_table(&mut page, sheet, pages);
    for line in &sheet.closing {
        push_line(&mut page, line);
        if sheet.form && line.text.contains("填报单位") {
            page.push_str(FORM);
        }
    }
    page.push_str("</div>\n<aside><h3>相关文章</h3><ul><li><a href=\"/1\">一图读懂</a></li></ul></aside>\n<footer>网站地图　联系我们</footer>\n</body></html>\n");
    page.into_bytes()
}

/// The reply form of the annex, empty, with its head over two rows.
const FORM: &str = r#"<table>
<tr><td rowspan="2">落实单位名称</td><td rowspan="2">具体工作事项</td><td colspan="2">具体工作事项进度</td><td rowspan="2">完成时限</td><td rowspan="2">回头看“事项”</td><td rowspan="2">未完成事项整改落实情况</td></tr>
<tr><td>已落实事项情况</td><td>待完成事项计划</td></tr>
<tr><td></td><td></td><td></td><td></td><td></td><td></td><td></td></tr>
<tr><td></td><td></td><td></td><td></td><td></td><td></td><td></td></tr>
</table>
"#;

fn push_line(page: &mut String, line: &Line) {
    let align = match line.align {
        Align::Body => "justify",
        Align::Center => "center",
        Align::Right => "right",
    };
    let _ = writeln!(
        page,
        r#"<p style="text-align:{align}">{}</p>"#,
        escaped(&line.text)
    );
}

fn push_table(page: &mut String, sheet: &Sheet, pages: Pages) {
    for row in sheet.rows(pages) {
        if row.opens_page {
            if page.ends_with("</tr>\n") {
                page.push_str("</tbody></table>\n");
            }
            let heads: String = sheet
                .columns
                .iter()
                .map(|column| format!("<td><p><strong>{}</strong></p></td>", column.name))
                .collect();
            let _ = writeln!(page, "<table><tbody>\n<tr>{heads}</tr>");
        }
        page.push_str("<tr>");
        for slot in &row.slots {
            push_slot(page, slot);
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table>\n");
}

fn push_slot(page: &mut String, slot: &Slot) {
    let Slot::Cell { text, down, across } = slot else {
        return;
    };
    page.push_str("<td");
    if *down > 1 {
        let _ = write!(page, r#" rowspan="{down}""#);
    }
    if *across > 1 {
        let _ = write!(page, r#" colspan="{across}""#);
    }
    page.push('>');
    for line in text.lines() {
        let _ = write!(page, "<p>{}</p>", escaped(line));
    }
    page.push_str("</td>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

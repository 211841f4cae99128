//! The county's plan as a page of a government website: navigation around it, row spans within.

use std::fmt::Write;

use gongkai_basis::Date;

use crate::source::Plan;

pub(crate) fn plan(plan: &Plan) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let notice = &plan.notice;
    let posted: Date = notice.posted_on.parse()?;
    let paragraphs: String = notice
        .paragraphs
        .iter()
        .map(|text| format!("    <p>　　{text}</p>\n"))
        .collect();
    let page = format!(
        r#"<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="SiteName" content="云岭县人民政府门户网站（演示）">
<meta name="ColumnName" content="县政府办文件">
<meta name="ArticleTitle" content="{notice_title}">
<meta name="PubDate" content="{posted_on} 09:30">
<title>{notice_title}_云岭县人民政府门户网站（演示）</title>
<style>table {{ border-collapse: collapse }} td, th {{ border: 1px solid #333 }}</style>
<script>var column = "<p>不是正文</p>";</script>
</head>
<body>
<header>
  <a href="/wza">无障碍浏览</a> <a href="/zzb">长者助手</a>
  <h2>云岭县人民政府门户网站（演示）</h2>
  <nav><ul><li><a href="/">首页</a></li><li><a href="/xwzx">云岭要闻</a></li><li><a href="/zwgk">政务公开</a></li><li><a href="/zwfw">政务服务</a></li><li><a href="/hdjl">互动交流</a></li></ul></nav>
</header>
<div class="position">您当前的位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; 县政府办文件</div>
<table class="index">
  <tr><td>索引号：</td><td>{index_number}</td><td>发布机构：</td><td>{issuer}</td></tr>
  <tr><td>成文日期：</td><td>{date}</td><td>发布日期：</td><td>{posted}</td></tr>
  <tr><td>文号：</td><td>{number}</td><td>公开方式：</td><td>主动公开</td></tr>
</table>
<div class="article">
  <h1>{notice_title}</h1>
  <div class="source">信息来源：{issuer}　字体：【大】【中】【小】　分享：</div>
  <div class="content">
    <p style="text-align:center">{mark}</p>
    <p>{to}</p>
{paragraphs}    <p style="text-align:right">{issuer}</p>
    <p style="text-align:right">{date}</p>
    <p style="text-align:center"><strong>{title}</strong></p>
{table}  </div>
</div>
<aside><h3>相关文章</h3><ul><li><a href="/1">云岭县{year_before}年政务公开工作总结（演示）</a></li><li><a href="/2">一图读懂：云岭县政务公开专区怎么用（演示）</a></li></ul></aside>
<footer>主办：{issuer}　承办：云岭县政务服务和数据管理局　网站地图　联系我们</footer>
</body>
</html>
"#,
        notice_title = notice.title,
        issuer = notice.issuer,
        date = notice.date,
        number = notice.number,
        posted_on = notice.posted_on,
        posted = format_args!("{}年{}月{}日", posted.year(), posted.month(), posted.day()),
        index_number = notice.index_number,
        year_before = posted.year() - 1,
        mark = plan.mark,
        to = notice.to,
        title = plan.title,
        table = table(plan),
    );
    Ok(page.into_bytes())
}

fn table(plan: &Plan) -> String {
    let heads: String = plan
        .columns
        .iter()
        .map(|name| format!("<th>{name}</th>"))
        .collect();
    let mut table = format!("    <table class=\"plan\">\n      <tr>{heads}</tr>\n");
    let spans = plan.unit_spans();
    let mut above = "";
    for ((section, _, item), span) in plan.items().zip(spans) {
        table.push_str("      <tr>");
        if section.name != above {
            let _ = write!(
                table,
                r#"<td rowspan="{}">{}</td>"#,
                section.len(),
                section.name
            );
            above = &section.name;
        }
        let _ = write!(table, "<td><p>{}.{}</p></td>", item.no, item.text);
        let units = item.units.as_deref().unwrap_or_default();
        match span {
            0 => {}
            1 => {
                let _ = write!(table, "<td>{units}</td>");
            }
            _ => {
                let _ = write!(table, r#"<td rowspan="{span}">{units}</td>"#);
            }
        }
        table.push_str("</tr>\n");
    }
    table.push_str("    </table>\n");
    table
}

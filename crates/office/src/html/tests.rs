use super::read;
use crate::block::{Block, Document};
use crate::limits::Limits;

fn page(html: &str) -> Document {
    read(html.as_bytes(), &Limits::default()).unwrap()
}

/// One line a block: `line:h1 text`, tables as `|text@column+columns×rows` cells.
fn sketch(document: &Document) -> Vec<String> {
    let block = |block: &Block| match block {
        Block::Paragraph(p) => {
            let heading = p
                .heading
                .map(|level| format!("h{level} "))
                .unwrap_or_default();
            format!("{}:{heading}{}", p.place.line.unwrap(), p.text)
        }
        Block::Table(t) => {
            let row = |row: &crate::Row| {
                let cell = |c: &crate::Cell| {
                    format!("{}@{}+{}×{}", c.text, c.column, c.column_span, c.row_span)
                };
                let mark = if row.heading { "#" } else { "" };
                format!(
                    "{mark}{}",
                    row.cells.iter().map(cell).collect::<Vec<_>>().join("|")
                )
            };
            t.rows.iter().map(row).collect::<Vec<_>>().join(" / ")
        }
    };
    document.blocks.iter().map(block).collect()
}

fn codes(document: &Document) -> Vec<(&str, u64)> {
    document
        .problems
        .iter()
        .map(|p| (p.code.as_str(), p.dropped_chars))
        .collect()
}

#[test]
fn links_in_a_row_are_a_menu() {
    let link = |word: &str| format!("<a href=\"/{word}\">{word}</a>");
    let menu = ["领导之窗", "政策解读", "在线访谈"].map(link).concat();
    let parted = format!(
        "<p>{} | {} | {}</p>",
        link("首页"),
        link("公开"),
        link("互动")
    );
    let words = format!(
        "<p>见{}、{}和{}</p>",
        link("附件1"),
        link("附件2"),
        link("附件3")
    );
    // Word's bookmarks are no links
    let marks = "<p><a name=a>安澜市</a><a name=b>工作</a><a name=c>方案</a></p>";
    let cell = format!("<table><tr><td>甲<td>{menu}<tr><td>乙<td>丙</table>");
    let got = page(&format!(
        "<div>{menu}</div>\n{parted}\n{words}\n{marks}\n{cell}"
    ));
    let want = [
        "1:领导之窗",
        "1:政策解读",
        "1:在线访谈",
        "2:首页 |",
        "2:公开 |",
        "2:互动",
        "3:见附件1、附件2和附件3",
        "4:安澜市工作方案",
        "甲@0+1×1|领导之窗政策解读在线访谈@1+1×1 / 乙@0+1×1|丙@1+1×1",
    ];
    assert_eq!(sketch(&got), want);
}

#[test]
fn paragraphs_headings_breaks_and_entities() {
    let got = page(
        "<h1>分工方案</h1>\n<p>一、 任务&amp;措施<br>第二行</p>\n<div>外<p>内</p>尾</div>&lt;完&gt;",
    );
    let want = [
        "1:h1 分工方案",
        "2:一、 任务&措施\n第二行",
        "3:外",
        "3:内",
        "3:尾",
        "3:<完>",
    ];
    assert_eq!(sketch(&got), want);
    assert_eq!(codes(&got), []);
}

#[test]
fn lines_around_elements_are_paragraphs() {
    let got = page("安澜县分工表\n一、总则\n<table><tr><td>甲<td>乙</tr></table>\n二、附则\n完");
    let texts: Vec<String> = sketch(&got)
        .into_iter()
        .map(|line| {
            line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':')
                .to_owned()
        })
        .collect();
    assert_eq!(
        texts,
        [
            "安澜县分工表",
            "一、总则",
            "甲@0+1×1|乙@1+1×1",
            "二、附则",
            "完"
        ]
    );
    // below an element a line end is none
    let got = page("安澜县\n<p>公开\n预算</p><table><tr><td>甲<td>乙</table>");
    assert_eq!(got.blocks.len(), 3);
}

#[test]
fn source_line_ends_between_chinese_characters_are_no_blanks() {
    let got = page("<p>市政\n府办公室   2022\n年 open\ngovernment</p>");
    assert_eq!(sketch(&got), ["1:市政府办公室 2022 年 open government"]);
}

#[test]
fn tables_keep_their_spans() {
    let got = page(
        "<table><thead><tr><th>任务<th>措施<th>单位</thead>\
         <tr><td colspan=3>一、总则<tr><td rowspan=2>（一）<td>1.甲<td rowspan=0>市局<tr><td>2.乙</table>",
    );
    let want = "#任务@0+1×1|措施@1+1×1|单位@2+1×1 / 一、总则@0+3×1 / （一）@0+1×2|1.甲@1+1×1|市局@2+1×2 / 2.乙@1+1×1";
    assert_eq!(sketch(&got), [want]);
}

#[test]
fn row_spans_end_with_their_group() {
    let got =
        page("<table><thead><tr><th rowspan=9>甲<th>乙</thead><tbody><tr><td>丙<td>丁</table>");
    assert_eq!(sketch(&got), ["#甲@0+1×1|乙@1+1×1 / 丙@0+1×1|丁@1+1×1"]);
}

#[test]
fn layout_tables_are_opened_around_their_content() {
    let got = page(
        "<table><tr><td>导航</td><td><p>正文</p><table><tr><td>序号<td>任务<tr><td>1<td>公开</table></td></tr></table>\
         <table><tr><td>独栏</td></tr><tr><td>页脚</td></tr></table>",
    );
    let want = [
        "1:导航",
        "1:正文",
        "序号@0+1×1|任务@1+1×1 / 1@0+1×1|公开@1+1×1",
        "1:独栏",
        "1:页脚",
    ];
    assert_eq!(sketch(&got), want);
}

#[test]
fn a_small_table_in_a_data_cell_becomes_its_text() {
    let inner = "<table><tr><td>a<td>b<tr><td>c<td>d</table>";
    let rows = "<tr><td>1<td>x".repeat(3);
    let got = page(&format!("<table>{rows}<tr><td>2<td>见表{inner}</table>"));
    assert!(
        sketch(&got)[0].ends_with("2@0+1×1|见表\na\tb\nc\td@1+1×1"),
        "{:?}",
        sketch(&got)
    );
    assert_eq!(codes(&got), [("nested-table", 0)]);
}

#[test]
fn list_numbers_are_printed_unless_typed() {
    let got = page(
        "<ol start=3><li>甲<li value=7><p>乙</p><p>续</p><li>8. 丙<ul><li>丁</ul></ol>\
         <ol type=a><li>戊</ol><ol style='list-style-type: cjk-ideographic'><li>己</ol><ol style='list-style:none'><li>庚</ol>",
    );
    let want = [
        "1:3. 甲",
        "1:7. 乙",
        "1:续",
        "1:8. 丙",
        "1:丁",
        "1:a. 戊",
        "1:一、己",
        "1:庚",
    ];
    assert_eq!(sketch(&got), want);
}

#[test]
fn what_is_not_shown_is_dropped_and_counted() {
    let got = page(
        "<html><head><title>站名</title><style>p{color:red}</style></head><body><script>var a=1</script>\
         <p>正文<span style='display: none'>隐藏</span><del>旧文字</del><ruby>铟<rt>yin</rt></ruby><img src=a.png></p>\
         <noscript>请开启脚本</noscript></body></html>",
    );
    assert_eq!(sketch(&got), ["1:正文铟"]);
    let mut codes = codes(&got);
    codes.sort_unstable();
    let want = [
        ("code-dropped", 0),
        ("deletion-dropped", 3),
        ("hidden-text", 2),
        ("hidden-text", 5),
        ("image-dropped", 0),
        ("ruby-dropped", 3),
    ];
    assert_eq!(codes, want);
    assert_eq!(got.source_chars, 3 + 2 + 3 + 3 + 5);
}

#[test]
fn word_export_reads_titles_and_printed_numbers() {
    let got = page(
        "<html xmlns:o='x'><body><!--[if gte mso 9]><xml><w:a/></xml><![endif]-->\n<p class=MsoTitle>工作要点</p>\n\
         <p class=MsoNormal style='mso-outline-level:2'>一、总体</p>\n\
         <p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>\
         <![endif]>公开<o:p></o:p></p></body></html>",
    );
    assert_eq!(
        sketch(&got),
        ["2:h1 工作要点", "3:h2 一、总体", "4:1.\u{a0}公开"]
    );
}

#[test]
fn declared_encodings_are_followed() {
    let html = "<html><head><meta charset=\"gb2312\"></head><body><p>责任单位㐂</p></body></html>";
    let (bytes, _, _) = encoding_rs::GB18030.encode(html);
    assert_eq!(
        sketch(&read(&bytes, &Limits::default()).unwrap()),
        ["1:责任单位㐂"]
    );
}

#[test]
fn preformatted_lines_are_paragraphs() {
    assert_eq!(
        sketch(&page("<pre>甲  乙\n\n丙</pre>")),
        ["1:甲  乙", "3:丙"]
    );
}

#[test]
fn deep_nesting_is_refused_without_overflow() {
    for tag in [
        "<div>",
        "<b>",
        "<table><tr><td>",
        "<ul><li>",
        "<a x><font y>",
    ] {
        let error = read(tag.repeat(300_000).as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(error.code, "too-large", "{tag}");
    }
}

#[test]
fn tables_nested_too_deep_turn_into_paragraphs() {
    let html = format!(
        "{}<p>底</p>{}",
        "<table><tr><td>".repeat(60),
        "</table>".repeat(60)
    );
    let got = page(&html);
    assert_eq!(sketch(&got), ["1:底"]);
    assert!(codes(&got).contains(&("table-nested-deep", 0)));
}

#[test]
fn formatting_that_multiplies_nodes_is_stopped() {
    let fonts: String = (0..5_000).map(|n| format!("<font color={n}>")).collect();
    let error = read(
        format!("<p>{fonts}{}", "<p>x".repeat(5_000)).as_bytes(),
        &Limits::default(),
    )
    .unwrap_err();
    assert_eq!(error.code, "too-large");
}

#[test]
fn a_tag_of_a_million_attributes_ends_in_time() {
    let attributes: String = (0..400_000).map(|n| format!(" a{n}")).collect();
    let limits = Limits {
        time: std::time::Duration::from_millis(300),
        ..Limits::default()
    };
    let error = read(format!("<p{attributes}>x").as_bytes(), &limits).unwrap_err();
    assert_eq!(error.code, "too-large");
}

#[test]
fn wide_spans_stay_small() {
    let got =
        page("<table><tr><td colspan=99999999 rowspan=4000000000>甲<td>乙<tr><td>丙<td>丁</table>");
    let Block::Table(table) = &got.blocks[0] else {
        panic!()
    };
    assert!(
        table
            .rows
            .iter()
            .flat_map(|r| &r.cells)
            .all(|c| c.column_span <= 3 && c.row_span <= 2)
    );
}

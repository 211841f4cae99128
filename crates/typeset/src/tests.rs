mod letterhead;
mod pictured;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::json;

use super::*;

fn today() -> Date {
    Date::new(2026, 9, 30).unwrap()
}

/// Prints with the fonts of this machine. Without any Chinese font there is nothing to look at: then the refusal
/// must say so, and the caller's checks of the PDF do not run.
fn print(template: Template, data: &Value) -> Option<Vec<u8>> {
    let typesetter = Typesetter::new(FontFolders::standard(None));
    match typesetter.pdf(template, data, today()) {
        Err(refused @ TypesetError::NoChineseFont { .. }) => {
            assert!(typesetter.families().is_empty());
            assert!(
                refused
                    .to_string()
                    .starts_with("未找到中文字体，没有生成PDF。")
            );
            eprintln!("no Chinese font on this machine: the PDF itself is not checked");
            None
        }
        printed => Some(printed.unwrap()),
    }
}

fn pages(pdf: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let numbers = document.get_pages().into_keys();
    let text = |number| document.extract_text(&[number]).unwrap();
    // Where lines break depends on the font; what is printed does not.
    numbers
        .map(|number| text(number).split_whitespace().collect())
        .collect()
}

fn media_box(pdf: &[u8]) -> Vec<f32> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let page = document.get_pages()[&1];
    let page = document.get_dictionary(page).unwrap();
    let sides = page.get(b"MediaBox").unwrap().as_array().unwrap();
    sides.iter().map(|side| side.as_float().unwrap()).collect()
}

fn ledger_row(unit: &str, item: &str) -> Value {
    json!({"unit": unit, "item": item, "done": "已完成前两项", "pending": "第四季度完成其余", "due_text": "2026年底前",
        "review": null, "rectification": null})
}

fn ledger(rows: Vec<Value>) -> Value {
    json!({"title": "安澜市2026年政务公开工作要点分工方案落实及“回头看”工作台账", "unit": "市政府办公室",
        "filled_on": "2026-09-30", "filled_by": "林知远", "contact": "0700-0000000", "rows": rows})
}

#[test]
fn what_was_warmed_is_not_looked_for_again_and_prints_the_same() {
    let (warm, cold) = (FontFolders::standard(None), FontFolders::standard(None));
    let (warm, cold) = (Typesetter::new(warm), Typesetter::new(cold));
    warm.warm();
    assert!(warm.faces.get().is_some() && cold.faces.get().is_none());
    let data = ledger(vec![ledger_row("市司法局", "公开规章")]);
    let printed = |typesetter: &Typesetter| typesetter.pdf(Template::Ledger, &data, today());
    assert_eq!(printed(&warm), printed(&cold));
}

#[test]
fn ledger_is_the_form_of_the_annex() {
    let rows = vec![
        ledger_row("市司法局", "更新规章库"),
        ledger_row("市司法局", "规范行政复议"),
        ledger_row("市财政局", "公布补贴结果\n并指导县区"),
    ];
    let Some(pdf) = print(Template::Ledger, &json!({"forms": [ledger(rows)]})) else {
        return;
    };
    let [width, height] = [media_box(&pdf)[2], media_box(&pdf)[3]];
    assert!(
        (841.0..843.0).contains(&width) && (595.0..596.0).contains(&height),
        "A4 landscape"
    );
    let pages = pages(&pdf);
    assert_eq!(pages.len(), 1);
    for printed in [
        "安澜市2026年政务公开工作要点分工方案落实及“回头看”工作台账",
        "填报单位（盖章）：市政府办公室填报日期：2026年9月30日",
        // Read off the page in the order in which the cells stand, top to bottom.
        "具体工作事项进度落实单位名称具体工作事项完成时限回头看“事项”未完成事项整改落实情况",
        "已落实事项情况待完成事项计划",
        "公布补贴结果并指导县区已完成前两项第四季度完成其余2026年底前",
        "填报人：林知远联系方式：0700-0000000",
        "第1页共1页",
    ] {
        assert!(
            pages[0].contains(printed),
            "{printed} is not in {}",
            pages[0]
        );
    }
    assert_eq!(
        pages[0].matches("市司法局").count(),
        1,
        "neighbours share one unit cell"
    );
}

#[test]
fn ledger_repeats_its_head_and_numbers_its_pages() {
    let rows = (1..=60)
        .map(|number| ledger_row("市司法局", &format!("第{number}项")))
        .collect();
    let mut blank = ledger(vec![]);
    blank["filled_on"] = Value::Null;
    let Some(pdf) = print(Template::Ledger, &json!({"forms": [ledger(rows), blank]})) else {
        return;
    };
    let pages = pages(&pdf);
    let last = pages.len();
    assert!(
        last >= 4,
        "60 rows take several pages, the second form one more"
    );
    for (index, page) in pages.iter().enumerate() {
        assert!(
            page.contains("已落实事项情况待完成事项计划"),
            "page {index} has the head"
        );
        assert!(
            page.contains(&format!("第{}页共{last}页", index + 1)),
            "page {index} has its number: {page}"
        );
    }
    assert!(
        pages[last - 1].contains("填报日期：年月日"),
        "room to write the date: {}",
        pages[last - 1]
    );
    let all = pages.concat();
    for number in 1..=60 {
        assert_eq!(all.matches(&format!("第{number}项")).count(), 1);
    }
    let with_rows = |page: &&String| (1..=60).any(|row| page.contains(&format!("第{row}项")));
    for page in pages.iter().filter(with_rows) {
        assert_eq!(page.matches("市司法局").count(), 1, "{page}");
    }
}

/// How far a page's letters are pushed from or to each other, as numbers between them say.
fn pushed(pdf: &[u8]) -> BTreeSet<String> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let page = document.get_pages()[&1];
    let content = document.get_and_decode_page_content(page).unwrap();
    let shown = content.operations.iter().filter(|one| one.operator == "TJ");
    let pieces = shown.flat_map(|one| one.operands[0].as_array().unwrap());
    pieces
        .filter_map(|piece| piece.as_float().ok())
        .map(|push| push.to_string())
        .collect()
}

#[test]
fn ledger_spreads_no_line_over_its_column() {
    let printed = |times: usize| {
        let mut row = ledger_row("市司法局", &"公开规章".repeat(times));
        row["done"] = json!("");
        print(Template::Ledger, &json!({"forms": [ledger(vec![row])]}))
    };
    let (Some(one_line), Some(many_lines)) = (printed(1), printed(60)) else {
        return;
    };
    assert_eq!(pushed(&many_lines), pushed(&one_line));
}

#[test]
fn ledger_gives_room_to_the_column_that_needs_it() {
    let rows = (1..=12)
        .map(|number| {
            let mut row = ledger_row("市司法局", &format!("第{number}项"));
            row["review"] = json!("到年底没有公布目录，结转下一年。".repeat(8));
            row
        })
        .collect();
    let Some(pdf) = print(Template::Ledger, &json!({"forms": [ledger(rows)]})) else {
        return;
    };
    // By the widths of an empty form each would take a page of its own.
    let pages = pages(&pdf).len();
    assert!(pages <= 7, "{pages} pages");
}

#[test]
fn text_of_others_is_printed_letter_by_letter() {
    let hostile = "#read(\"/etc/passwd\") #eval(\"1\") *b* _i_ $x$ @a <b> \\ // = + {{}} [q] “引”";
    let long = format!("https://example.invalid/{}", "a".repeat(300));
    let rows = vec![
        ledger_row(hostile, hostile),
        ledger_row(&long, "\u{0}\u{8}\u{FEFF}\tx\r\ny"),
    ];
    let Some(pdf) = print(Template::Ledger, &json!({"forms": [ledger(rows)]})) else {
        return;
    };
    let all: String = pages(&pdf)
        .concat()
        .chars()
        .filter(|&c| c != '\u{200B}')
        .collect();
    let shown: String = hostile.split_whitespace().collect();
    assert_eq!(all.matches(&shown).count(), 2, "{all}");
    assert!(!all.contains("root:"));
    let address: String = all.chars().filter(|&c| c == 'a').collect();
    assert!(address.len() >= 300, "a long address is wrapped, not cut");
}

#[test]
fn list_merges_down_what_is_the_same() {
    let above = json!([{"text": "通知", "style": "title"}, {"text": "〔2025〕1号", "style": "center"},
        {"text": "各单位：", "style": "flush"}, {"text": "现予印发。"}, {"text": "办公室", "style": "right"}]);
    let data = json!({"above": above, "title": "任务清单", "notes": ["说明"], "landscape": true, "merge_down": [0, 2],
        "headers": [{"text": "任务"}, {"text": "要求", "width": 3}, {"text": "单位", "align": "center"}],
        "rows": [["一", "甲", "市司法局"], ["一", "乙", "市司法局"], ["二", "丙", "市司法局"], ["二", "丁"]],
        "foot": ["公开方式：主动公开"]});
    let Some(pdf) = print(Template::Tasks, &data) else {
        return;
    };
    let page = pages(&pdf).concat();
    assert_eq!(
        page.matches("市司法局").count(),
        2,
        "a new 任务 begins a new cell: {page}"
    );
    assert!(
        page.contains("通知〔2025〕1号各单位：现予印发。办公室任务清单说明任务要求单位"),
        "{page}"
    );
    assert!(page.contains("公开方式：主动公开"));
}

#[test]
fn brief_shows_figures_and_tables_on_one_page() {
    let data = json!({"title": "落实情况", "subtitle": "2026年第三季度", "paragraphs": ["55项任务已完成31项。"],
        "figures": [{"label": "已完成", "value": 31, "total": 55, "text": "31项"},
            {"label": "尚无", "value": 0, "total": 0, "text": "0项"}],
        "tables": [{"title": "逾期事项", "headers": [{"text": "事项"}], "rows": [["文件库上线"]]}],
        "signed": "安澜市政务公开办", "dated": "2026年9月30日"});
    let Some(pdf) = print(Template::Brief, &data) else {
        return;
    };
    let pages = pages(&pdf);
    assert_eq!(pages.len(), 1);
    assert!(
        pages[0].contains("55项任务已完成31项。已完成31项尚无0项逾期事项事项文件库上线"),
        "{}",
        pages[0]
    );
    let small = json!({"title": "落实情况", "paragraphs": []});
    assert!(print(Template::Brief, &small).is_some());
}

#[test]
fn brief_has_headings_with_their_tables() {
    let parts = json!({"title": "落实情况", "parts": [
        {"lines": [{"style": "heading", "text": "一、总体进展"}, {"style": "text", "text": "已完成31项。"}],
         "table": {"headers": [{"text": "章节", "width": 3}, {"text": "完成率", "width": 1}], "rows": [["主动公开", "66.6%"]]}},
        {"lines": [{"style": "heading", "text": "二、逾期任务"}], "table": null}]});
    let Some(pdf) = print(Template::Brief, &parts) else {
        return;
    };
    let page = pages(&pdf).concat();
    assert!(
        page.contains("一、总体进展已完成31项。章节完成率主动公开66.6%二、逾期任务"),
        "{page}"
    );
}

#[test]
fn no_page_of_an_annual_report_holds_the_signature_alone() {
    // Longer by a line each time: somewhere the page is full before the signature.
    for lines in 15..32 {
        let filler: Vec<String> = (0..lines).map(|line| format!("第{line}段。")).collect();
        let mut last = filler;
        last.push("没有收取信息处理费。".to_owned());
        let data = json!({
            "title": "安澜市司法局2026年政府信息公开工作年度报告",
            "parts": [{"heading": "六、其他需要报告的事项", "paragraphs": last, "table": null}],
            "signed": "安澜市司法局",
            "dated": "2027年1月8日",
        });
        let Some(pdf) = print(Template::Annual, &data) else {
            return;
        };
        let pages = pages(&pdf);
        let end = pages.last().unwrap();
        assert!(end.contains("没有收取信息处理费"), "{lines}: {end}");
    }
}

#[test]
fn a_letter_has_number_addressee_body_list_and_signature() {
    let data = json!({"title": "督办通知单", "number": "督〔2026〕3号", "to": "市教育局：",
        "body": [{"style": "heading", "text": "一、事项"}, {"style": "text", "text": "请按期回复。"}],
        "tables": [{"title": "清单", "headers": [{"text": "序号", "width": 1}, {"text": "事项", "width": 5}],
            "rows": [["1", "公开招生计划"]]}],
        "signed": "安澜市人民政府办公室", "dated": "2026年9月21日"});
    let Some(pdf) = print(Template::Letter, &data) else {
        return;
    };
    let page = pages(&pdf).concat();
    assert!(
        page.contains("督办通知单督〔2026〕3号市教育局：一、事项请按期回复。清单序号事项1公开招生计划安澜市人民政府办公室2026年9月21日"),
        "{page}"
    );
}

#[test]
fn pdf_is_archivable_and_the_same_each_time() {
    let data = json!({"forms": [ledger(vec![ledger_row("市司法局", "更新规章库")])]});
    let Some(pdf) = print(Template::Ledger, &data) else {
        return;
    };
    assert!(
        pdf.windows(23)
            .any(|part| part == b"<pdfaid:part>2</pdfaid:")
    );
    assert_eq!(Some(pdf), print(Template::Ledger, &data));
}

#[test]
fn a_character_that_no_font_has_is_named() {
    let typesetter = Typesetter::new(FontFolders::standard(None));
    let data = json!({"forms": [ledger(vec![ledger_row("市司法局", "王\u{10FFFD}同志")])]});
    match typesetter.pdf(Template::Ledger, &data, today()) {
        Err(TypesetError::NoChineseFont { .. }) => assert!(typesetter.families().is_empty()),
        refused => {
            let refused = refused.unwrap_err();
            assert_eq!(refused.code(), "pdf-missing-characters");
            assert!(refused.to_string().contains("（U+10FFFD）"), "{refused}");
            assert!(
                !refused.to_string().contains('同'),
                "only what is missing is named: {refused}"
            );
        }
    }
}

#[test]
fn without_a_font_the_refusal_says_where_to_put_one() {
    let folder = tempfile::tempdir().unwrap();
    // Big enough to be looked at, but no font.
    fs::write(folder.path().join("broken.ttf"), vec![0; 2 * 1024 * 1024]).unwrap();
    let typesetter = Typesetter::new(FontFolders::only(vec![folder.path().to_owned()]));
    let refused = typesetter
        .pdf(Template::Tasks, &json!({}), today())
        .unwrap_err();
    let sentence = refused
        .to_string()
        .replace(&folder.path().display().to_string(), "FOLDER");
    assert_eq!(
        sentence,
        "未找到中文字体，没有生成PDF。已有数据不受影响。现在怎么办：可先导出Word文件；要生成PDF，请系统管理员把中文字体文件\
         （如方正小标宋、仿宋、黑体，或思源宋体）放入以下任一文件夹后重试：FOLDER。"
    );
}

#[test]
fn own_folder_comes_before_the_binary_and_the_system() {
    let folders = FontFolders::standard(Some(PathBuf::from("/site/fonts")));
    assert_eq!(folders.advised()[0], PathBuf::from("/site/fonts"));
    assert!(folders.advised()[1].ends_with("fonts"));
}

#[test]
fn data_at_the_limit_pass_and_one_byte_more_does_not() {
    let typesetter = Typesetter::new(FontFolders::only(vec![]));
    let data = |bytes: usize| json!({"rows": [["a".repeat(bytes)]]});
    let at = typesetter.pdf(Template::Tasks, &data(DATA_BYTES_MAX), today());
    assert_eq!(
        at.unwrap_err().code(),
        "pdf-no-chinese-font",
        "the size was no reason to refuse"
    );
    let past = typesetter.pdf(Template::Tasks, &data(DATA_BYTES_MAX + 1), today());
    let bytes = DATA_BYTES_MAX + 1;
    assert_eq!(past.unwrap_err(), TypesetError::TooLarge { bytes });
}

#[test]
fn data_that_do_not_fit_the_template_are_refused_not_printed() {
    let typesetter = Typesetter::new(FontFolders::standard(None));
    let refused = typesetter.pdf(
        Template::Ledger,
        &json!({"forms": [{"title": "台账"}]}),
        today(),
    );
    assert!(["pdf-compile", "pdf-no-chinese-font"].contains(&refused.unwrap_err().code()));
}

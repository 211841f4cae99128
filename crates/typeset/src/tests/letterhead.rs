//! Papers with an organ's name above them.

use super::*;

#[test]
fn a_letterhead_has_twenty_two_lines_of_twenty_eight_characters() {
    let line = "公".repeat(28);
    let body: Vec<Value> = (0..60)
        .map(|_| json!({ "style": "text", "text": line }))
        .collect();
    let data = json!({"mark": "安澜市财政局", "mark_points": 36, "number": "安财公开〔2026〕15号", "title": "政府信息公开答复书",
        "to": "刘某：", "body": body, "fields": [["签收人", "\n"]], "annexes": ["附件：决算表"], "signed": "安澜市财政局",
        "dated": "2026年10月15日", "note": "（联系电话：0700-0000000）"});
    let Some(pdf) = print(Template::Letterhead, &data) else {
        return;
    };
    let pages = pages(&pdf);
    // Each paragraph of 28 characters and its indent takes two lines: eleven on a full page.
    assert_eq!(pages[1].matches('公').count(), 11 * 28, "{pages:?}");
    assert!(
        pages[1].contains("—2—") && !pages[0].contains('—'),
        "{pages:?}"
    );
    let text = pages.concat();
    for words in [
        "安财公开〔2026〕15号",
        "刘某：",
        "附件：决算表",
        "2026年10月15日",
        "签收人",
    ] {
        assert!(text.contains(words), "{words} not in {text}");
    }
}

/// How far below the organ's name its red line stands, in points; below the last line of a long name.
fn below_the_name(mark: &str, points: f32) -> Option<f32> {
    let data = json!({"mark": mark, "mark_points": points, "number": "", "title": "函", "to": "", "body": [], "fields": [],
        "annexes": [], "signed": "", "dated": "", "note": ""});
    let pdf = print(Template::Letterhead, &data)?;
    let document = lopdf::Document::load_mem(&pdf).unwrap();
    let page = document.get_pages()[&1];
    let content = document.get_and_decode_page_content(page).unwrap();
    let (mut at, mut size) = (0.0_f32, 0.0_f32);
    let (mut names, mut lines) = (Vec::new(), Vec::new());
    // Each text and each line stands at a place of its own: `cm` says where, from the foot of the page.
    for one in content.operations {
        let number = |place: usize| one.operands[place].as_float().unwrap();
        match one.operator.as_str() {
            "cm" => at = number(5),
            "Tf" => size = number(1),
            "Tm" if (size - points).abs() < 0.1 => names.push(at),
            "l" => lines.push(at),
            _ => {}
        }
    }
    let lowest = names.into_iter().reduce(f32::min).unwrap();
    let first = lines.into_iter().reduce(f32::max).unwrap();
    Some(lowest - first)
}

/// GB/T 9704 10.1: 4 mm, which is 11.3 points, below the name, however large it is and however many lines it takes.
#[test]
fn the_red_line_stands_below_the_name() {
    for (mark, points) in [
        ("安澜市财政局", 36.0),
        ("安澜市住房和城乡建设管理局", 30.0),
        ("安澜市高新技术产业开发区管理委员会", 24.0),
        (
            "安澜市高新技术产业开发区管理委员会政府信息公开工作办公室",
            24.0,
        ),
    ] {
        let Some(gap) = below_the_name(mark, points) else {
            return;
        };
        // From the foot of the letters, which reach a little below their line.
        let least = 11.3;
        assert!(
            (least..least + 0.25 * points).contains(&gap),
            "{mark}: {gap}"
        );
    }
}

#[test]
fn what_a_letterhead_brings_to_be_filled_in_has_a_page_of_its_own() {
    let data = json!({"mark": "安澜市高新技术产业开发区管理委员会政府信息公开工作办公室", "mark_points": 24, "number": "安高公开〔2026〕1号",
        "title": "征求第三方意见书", "to": "某公司：", "body": [{ "style": "text", "text": "现征求你方意见。" }], "fields": [],
        "annexes": ["附件：回执"], "signed": "安澜市高新技术产业开发区管理委员会政府信息公开工作办公室", "dated": "2026年10月15日", "note": "",
        "annex": { "title": "第三方意见回执", "fields": [["意见", "□同意公开"], ["签名（盖章）", "\n"]] }});
    let Some(pdf) = print(Template::Letterhead, &data) else {
        return;
    };
    let pages = pages(&pdf);
    assert_eq!(pages.len(), 2, "{pages:?}");
    assert!(pages[0].contains("2026年10月15日") && !pages[0].contains("第三方意见回执"));
    for words in ["附件", "第三方意见回执", "□同意公开", "签名（盖章）"] {
        assert!(pages[1].contains(words), "{words} not in {pages:?}");
    }
}

//! Gazettes and documents: their pages, and the pictures in them.

use super::*;

#[test]
fn a_gazette_tells_its_pages_in_its_contents_and_to_its_caller() {
    let item = |title: &str, lines: usize| {
        let mut blocks = vec![json!({ "style": "heading", "text": "第一章 总则" })];
        blocks.extend((0..lines).map(
            |n| json!({ "style": "text", "text": format!("第{n}条　本办法自公布之日起施行。") }),
        ));
        let cell = |x: u32, y: u32, columns: u32, rows: u32, text: &str| json!({ "x": x, "y": y, "columns": columns, "rows": rows, "text": text });
        blocks.push(json!({ "columns": 3, "cells": [
            cell(0, 0, 1, 2, "单位"), cell(1, 0, 2, 1, "任务"), cell(1, 1, 1, 1, "公开事项"), cell(2, 1, 1, 1, "每季度"),
            cell(0, 2, 3, 1, "合计十二项"),
        ] }));
        json!({ "title": title, "number": "安府规〔2026〕3号", "organ": "安澜市人民政府", "blocks": blocks })
    };
    let data = json!({ "title": "安澜市人民政府公报", "line": "2026年第3期（总第88期）", "dated": "2026年3月31日",
        "sections": [
            { "name": "规章", "items": [item("公平竞争审查规定", 60), item("防汛防风规定", 1)] },
            { "name": "政策解读", "items": [item("规定解读", 1)] },
        ],
        "errata": ["本刊2026年第2期《通知》中“10月”应为“11月”。"] });
    let Some(pdf) = print(Template::Gazette, &data) else {
        return;
    };
    let typesetter = Typesetter::new(FontFolders::standard(None));
    let told = typesetter
        .pages(Template::Gazette, &data, &[], today())
        .unwrap();
    assert_eq!(told.len(), 3);
    assert!(told[0] == 2 && told[1] > 2 && told[2] > told[1], "{told:?}");
    let printed = pages(&pdf);
    for (title, page) in ["公平竞争审查规定", "防汛防风规定", "规定解读"]
        .iter()
        .zip(&told)
    {
        let at = usize::try_from(*page).unwrap() - 1;
        assert!(printed[at].contains(title), "{title} is not on page {page}");
        assert!(
            printed[0].contains(&format!("安府规〔2026〕3号）{page}")),
            "{}",
            printed[0]
        );
    }
    assert!(printed.last().unwrap().contains("应为“11月”"));
    for words in ["单位", "任务", "公开事项", "每季度", "合计十二项"] {
        assert!(printed.last().unwrap().contains(words), "{words}");
    }
}

#[test]
fn pictures_of_a_gazette_are_printed_or_named() {
    let block = |name: &str, words: &str| json!({ "picture": name, "alt": "流程图", "text": format!("（图：{words}，见网站文本）") });
    let blocks = vec![
        json!({ "style": "text", "text": "办理流程如下。" }),
        block("red.png", "甲"),
        block("grey.jpg", "乙"),
        block("cmyk.jpg", "丙"),
        block("没有.png", "丁"),
    ];
    let item =
        json!({ "title": "办事流程", "number": "", "organ": "安澜市人民政府", "blocks": blocks });
    let data = json!({ "title": "安澜市人民政府公报", "line": "2026年第3期", "dated": "2026年3月31日",
        "sections": [{ "name": "其他", "items": [item] }], "errata": [] });
    let Some(plain) = print(Template::Gazette, &data) else {
        return;
    };
    let words = pages(&plain).concat();
    for named in ["甲", "乙", "丙", "丁"] {
        assert!(words.contains(&format!("（图：{named}，")), "{words}");
    }
    let pictures = [
        ("red.png".to_owned(), picture::tests::PNG.to_vec()),
        ("grey.jpg".to_owned(), picture::tests::jpeg(1, 1)),
        ("cmyk.jpg".to_owned(), picture::tests::jpeg(4, 1)),
    ];
    let typesetter = Typesetter::new(FontFolders::standard(None));
    let print = || typesetter.illustrated(Template::Gazette, &data, &pictures, today());
    let pdf = print().unwrap();
    assert_eq!(pdf, print().unwrap(), "the same bytes each time");
    let document = lopdf::Document::load_mem(&pdf).unwrap();
    let images = document.objects.values().filter(|object| {
        let kind = object
            .as_stream()
            .and_then(|stream| stream.dict.get(b"Subtype"));
        kind.and_then(lopdf::Object::as_name)
            .is_ok_and(|name| name == b"Image")
    });
    assert_eq!(images.count(), 2);
    let words = pages(&pdf).concat();
    assert!(
        !words.contains("（图：甲，") && !words.contains("（图：乙，"),
        "{words}"
    );
    assert!(
        words.contains("（图：丙，") && words.contains("（图：丁，"),
        "{words}"
    );
    let told = typesetter.pages(Template::Gazette, &data, &pictures, today());
    assert_eq!(told.unwrap(), [2]);
}

#[test]
fn a_picture_of_a_document_is_drawn_with_its_lines_or_named() {
    let part = |name: &str| {
        json!({ "heading": "", "paragraphs": ["见下图。"], "table": null, "figure": {
            "name": name, "alt": "流程图", "caption": [format!("{name}的说明")],
            "instead": format!("（图：{name}，见网站文本）") } })
    };
    let data = json!({ "title": "关于办事流程的通知", "parts": [part("red.png"), part("no.gif")],
        "signed": "", "dated": "" });
    let pictures = [
        ("red.png".to_owned(), picture::tests::PNG.to_vec()),
        ("no.gif".to_owned(), b"GIF89a".to_vec()),
    ];
    if print(Template::Annual, &data).is_none() {
        return;
    }
    let typesetter = Typesetter::new(FontFolders::standard(None));
    let pdf = typesetter.illustrated(Template::Annual, &data, &pictures, today());
    let words = pages(&pdf.unwrap()).concat();
    assert!(
        words.contains("red.png的说明") && !words.contains("（图：red.png"),
        "{words}"
    );
    assert!(
        words.contains("（图：no.gif，") && !words.contains("no.gif的说明"),
        "{words}"
    );
}

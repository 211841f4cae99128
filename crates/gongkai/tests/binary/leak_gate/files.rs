//! Files with something planted, and clean ones.

use super::*;

fn secret(dice: &mut Dice) -> String {
    format!("内部底价{}万元", 1_000 + dice.below(9_000))
}

pub(super) fn planted_docx(dice: &mut Dice) -> Planted {
    let secret = secret(dice);
    let run = |properties: &str| {
        paragraph(&format!(
            "<w:r><w:rPr>{properties}</w:rPr><w:t>{secret}</w:t></w:r>"
        ))
    };
    let body = |body: String| docx(&body, "python-docx", &[]);
    let (what, bytes) = match dice.below(10) {
        0 => (
            "deleted",
            body(paragraph(&format!(
                "<w:del w:id=\"1\" w:author=\"周\"><w:r><w:delText>{secret}</w:delText></w:r></w:del>"
            ))),
        ),
        1 => (
            "moved",
            body(paragraph(&format!(
                "<w:moveFrom w:id=\"1\" w:author=\"周\"><w:r><w:t>{secret}</w:t></w:r></w:moveFrom>"
            ))),
        ),
        2 => ("vanish", body(run("<w:vanish/>"))),
        3 => ("white", body(run("<w:color w:val=\"FFFFFF\"/>"))),
        4 => ("dust", body(run("<w:sz w:val=\"2\"/>"))),
        5 => (
            "comment",
            docx(
                &shown("通知"),
                "python-docx",
                &[(
                    "word/comments.xml",
                    format!(
                        "<w:comments {WORD}><w:comment w:id=\"0\" w:author=\"周\"><w:p><w:r><w:t>{secret}</w:t></w:r></w:p></w:comment></w:comments>"
                    ),
                )],
            ),
        ),
        6 => ("author", docx(&shown("通知"), "周启明", &[])),
        7 => (
            "embedded",
            docx(
                &shown("通知"),
                "python-docx",
                &[("word/embeddings/object.bin", secret.clone())],
            ),
        ),
        8 => (
            "id card",
            body(shown("申请人：周启明，身份证号：440203199003070016")),
        ),
        _ => (
            "mark in header",
            docx(
                &shown("通知"),
                "python-docx",
                &[(
                    "word/header1.xml",
                    format!("<w:hdr {WORD}><w:p><w:r><w:t>机密★10年</w:t></w:r></w:p></w:hdr>"),
                )],
            ),
        ),
    };
    let secret = if what == "author" {
        "周启明".to_owned()
    } else {
        secret
    };
    Planted {
        bytes,
        ending: "docx",
        secret,
        by_hand: matches!(what, "id card" | "mark in header"),
        what,
    }
}

pub(super) fn planted_xlsx(dice: &mut Dice) -> Planted {
    let secret = secret(dice);
    let mut book = Cells::new();
    let what = match dice.below(8) {
        0 => {
            book.sheets
                .push(("明细", "state=\"hidden\"", row(1, "", &[&secret])));
            "hidden sheet"
        }
        1 => {
            book.sheets
                .push(("底稿", "state=\"veryHidden\"", row(1, "", &[&secret])));
            "very hidden sheet"
        }
        2 => {
            book.sheets[0].2 += &row(3, "hidden=\"1\"", &["备注", &secret]);
            "hidden row"
        }
        3 => {
            book.sheets[0].2 = format!(
                "<cols><col min=\"3\" max=\"3\" width=\"9\" hidden=\"1\"/></cols>|{}",
                row(1, "", &["项目", "金额", &secret])
            );
            "hidden column"
        }
        4 => {
            book.sheets[0].2 = format!(
                "<cols><col min=\"3\" max=\"3\" width=\"0\"/></cols>|{}",
                row(1, "", &["项目", "金额", &secret])
            );
            "zero width"
        }
        5 => {
            book.more.push(("xl/comments1.xml", format!("<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><commentList><comment ref=\"A1\" authorId=\"0\"><text><t>{secret}</t></text></comment></commentList></comments>")));
            "comment"
        }
        6 => {
            book.more.push(("xl/pivotCache/pivotCacheDefinition1.xml", format!("<pivotCacheDefinition xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><s v=\"{secret}\"/></pivotCacheDefinition>")));
            "pivot cache"
        }
        _ => {
            book.more.push(("xl/externalLinks/externalLink1.xml", format!("<externalLink xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><v>{secret}</v></externalLink>")));
            "outside link"
        }
    };
    Planted {
        bytes: book.bytes(),
        ending: "xlsx",
        secret,
        what,
        by_hand: false,
    }
}

pub(super) fn planted_pdf(dice: &mut Dice) -> Planted {
    let secret = format!("reserve price {}", 1_000 + dice.below(9_000));
    let hidden = line(72, 600, &secret);
    let (what, bytes) = match dice.below(8) {
        0 => (
            "box",
            pdf(
                &format!("{PUBLIC_LINE}{hidden}0 g 60 590 300 30 re f\n"),
                "",
                "",
                "",
                &[],
            ),
        ),
        1 => (
            "white",
            pdf(&format!("{PUBLIC_LINE}1 g\n{hidden}"), "", "", "", &[]),
        ),
        2 => (
            "note",
            pdf(
                PUBLIC_LINE,
                "/Annots[7 0 R]",
                "",
                "",
                &[format!(
                    "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents({secret})>>"
                )],
            ),
        ),
        3 => (
            "author",
            pdf(PUBLIC_LINE, "", "", "/Author(Zhou Qiming)", &[]),
        ),
        4 => (
            "attachment",
            pdf(
                PUBLIC_LINE,
                "",
                "/Names<</EmbeddedFiles<</Names[(a) 7 0 R]>>>>",
                "",
                &[
                    "<</Type/Filespec/F(a.txt)/EF<</F 8 0 R>>>>".to_owned(),
                    format!(
                        "<</Type/EmbeddedFile/Length {}>>stream\n{secret}\nendstream",
                        secret.len()
                    ),
                ],
            ),
        ),
        5 => (
            "script",
            pdf(
                PUBLIC_LINE,
                "",
                "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
                "",
                &[],
            ),
        ),
        6 => {
            let first = pdf(&format!("{PUBLIC_LINE}{hidden}"), "", "", "", &[]);
            let place = first.len();
            let old = text(&first)
                .rfind("startxref\n")
                .map(|at| text(&first)[at + 10..].lines().next().unwrap().to_owned())
                .unwrap();
            let object = format!(
                "5 0 obj\n<</Length {}>>stream\n{PUBLIC_LINE}\nendstream\nendobj\n",
                PUBLIC_LINE.len()
            );
            let xref = place + object.len();
            let tail = format!(
                "xref\n5 1\n{place:010} 00000 n \ntrailer<</Size 7/Root 1 0 R/Info 6 0 R/Prev {old}>>\nstartxref\n{xref}\n%%EOF\n"
            );
            (
                "earlier revision",
                [first, object.into_bytes(), tail.into_bytes()].concat(),
            )
        }
        _ => (
            "layer",
            pdf(
                &format!("{PUBLIC_LINE}/OC /L BDC\n{hidden}EMC\n"),
                "",
                "/OCProperties<</OCGs[7 0 R]/D<</OFF[7 0 R]>>>>",
                "",
                &["<</Type/OCG/Name(Draft)>>".to_owned()],
            ),
        ),
    };
    let secret = match what {
        "author" => "Qiming".to_owned(),
        "script" => "app.alert".to_owned(),
        _ => secret,
    };
    Planted {
        bytes,
        ending: "pdf",
        secret,
        by_hand: matches!(what, "box" | "white" | "layer"),
        what,
    }
}

pub(super) fn planted_jpeg(dice: &mut Dice) -> Planted {
    let secret = format!("ZHOU-{}", 1_000 + dice.below(9_000));
    let (what, bytes) = match dice.below(5) {
        0 => (
            "position",
            jpeg(&[(0xE1, exif(&[(0x0131, &secret)], true))]),
        ),
        1 => ("artist", jpeg(&[(0xE1, exif(&[(0x013B, &secret)], false))])),
        2 => (
            "device",
            jpeg(&[(
                0xE1,
                exif(&[(0x0110, &secret), (0x0132, "2026:01:02 03:04:05")], false),
            )]),
        ),
        3 => ("comment", jpeg(&[(0xFE, secret.clone().into_bytes())])),
        _ => (
            "xmp",
            jpeg(&[(
                0xE1,
                format!("http://ns.adobe.com/xap/1.0/\0<x><dc:creator>{secret}</dc:creator></x>")
                    .into_bytes(),
            )]),
        ),
    };
    Planted {
        bytes,
        ending: "jpg",
        secret,
        what,
        by_hand: false,
    }
}

pub(super) fn clean_file(dice: &mut Dice) -> (Vec<u8>, &'static str) {
    const WORDS: [&str; 6] = [
        "联系人：市政府办公室政务公开科，联系电话：0700-2266110。",
        "根据《中华人民共和国政府信息公开条例》（国务院令第711号），制定本方案。",
        "涉及国家秘密、工作秘密、商业秘密和个人隐私的，不予公开。",
        "统一社会信用代码：11441700007280420Y",
        "项目编号：2026010112345678，预算金额：1200000元",
        "安澜市人民政府办公室　2026年1月12日",
    ];
    let words = WORDS[dice.below(6)];
    match dice.below(4) {
        0 => {
            let filled = "<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val=\"clear\" w:fill=\"1F4E79\"/></w:tcPr><w:p><w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>表头</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
            let author =
                ["", "python-docx", "Administrator", "安澜市人民政府办公室"][dice.below(4)];
            (
                docx(&format!("{}{filled}", shown(words)), author, &[]),
                "docx",
            )
        }
        1 => {
            let mut book = Cells::new();
            book.sheets[0].2 += &row(3, "", &["说明", words]);
            book.sheets[0].2 += "<row r=\"9\" hidden=\"1\"/>";
            (book.bytes(), "xlsx")
        }
        2 => {
            let drawn = "0.8 g 60 590 300 30 re f 0 g\n".to_owned() + &line(72, 600, "Table head");
            let link = "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://www.anlan.gov.cn)>>>>".to_owned();
            (
                pdf(
                    &format!("{PUBLIC_LINE}{drawn}"),
                    "/Annots[7 0 R]",
                    "",
                    "/Producer(LibreOffice)/Creator(Writer)",
                    &[link],
                ),
                "pdf",
            )
        }
        _ => (jpeg(&[]), "jpg"),
    }
}

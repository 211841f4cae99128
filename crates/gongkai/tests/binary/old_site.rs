//! `gongkai documents import`: what the folder of an older site holds is looked into before it goes out.

use std::path::Path;

use crate::{gongkai, text};

/// A sheet of one row below its head.
fn sheet(file: &Path, head: [&str; 2], row: [&str; 2]) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (line, cells) in (0..).zip([head, row]) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(line, column, cell).unwrap();
        }
    }
    std::fs::write(file, book.save_to_buffer().unwrap()).unwrap();
}

/// A new site in this folder; runs commands on it and gives what they said on both ways out.
fn site(home: &Path) -> impl Fn(&[&str]) -> (String, String) {
    let config = home.join("gongkai.toml");
    let on_site = move |arguments: &[&str]| {
        let output = gongkai(&[&["--config", config.to_str().unwrap()], arguments].concat());
        let said = text(&output.stderr);
        assert!(output.status.code().is_some_and(|code| code < 2), "{said}");
        (text(&output.stdout), said)
    };
    on_site(&["init", "--name", "安澜市"]);
    on_site
}

#[test]
fn what_has_no_validity_brings_none_along() {
    let home = tempfile::tempdir().unwrap();
    let on_site = site(home.path());
    let folder = home.path().join("old");
    std::fs::create_dir_all(&folder).unwrap();
    let html = "<html><body><p>停水通知。</p></body></html>";
    std::fs::write(folder.join("1.html"), html).unwrap();
    let list = home.path().join("list.csv");
    let lines = "文件,名称,种类,发布机构,发布日期,有效性,有效性变动日期,浏览量,规划期\n\
        1.html,停水通知,通知公告,安澜市人民政府,2021-03-05,已废止,2022-01-01,77,\n";
    std::fs::write(&list, lines).unwrap();
    let (out, said) = on_site(&[
        "documents",
        "import",
        folder.to_str().unwrap(),
        "--table",
        list.to_str().unwrap(),
    ]);
    assert!(out.contains("可公开 1 件"), "{out}{said}");
    assert!(said.contains("没有有效性"), "{said}");
    assert!(said.contains("这些列没有带入：浏览量。"), "{said}");
}

#[test]
fn an_attachment_or_a_title_that_gives_somebody_away_stays_inside() {
    let home = tempfile::tempdir().unwrap();
    let on_site = site(home.path());
    let folder = home.path().join("old");
    std::fs::create_dir_all(&folder).unwrap();
    for page in ["1.html", "2.html", "3.html"] {
        let html = "<html><body><p>补贴发放情况见附件。</p></body></html>";
        std::fs::write(folder.join(page), html).unwrap();
    }
    let named = ["王某", "11010519491231002X"];
    sheet(&folder.join("名单.xlsx"), ["姓名", "身份证号码"], named);
    sheet(&folder.join("明细.xlsx"), ["事项", "数量"], ["补贴", "77"]);
    let list = home.path().join("list.csv");
    let lines = "文件,名称,种类,发布机构,发布日期,附件\n\
        1.html,甲补贴通知,通知公告,安澜市人民政府,2021-03-05,名单.xlsx\n\
        2.html,乙补贴通知,通知公告,安澜市人民政府,2021-03-05,明细.xlsx\n\
        3.html,对王某（身份证号11010519491231002X）的补贴通知,通知公告,安澜市人民政府,2021-03-05,\n";
    std::fs::write(&list, lines).unwrap();
    let arguments = [
        "documents",
        "import",
        folder.to_str().unwrap(),
        "--table",
        list.to_str().unwrap(),
    ];
    let (out, said) = on_site(&arguments);
    assert!(out.contains("可公开 1 件，只能作草稿 2 件"), "{out}{said}");
    assert!(
        said.contains("附件“名单.xlsx”里有必须处理的内容") && said.contains("身份证号码"),
        "{said}"
    );
    assert!(said.contains("名称、内容概述或者主题词里有"), "{said}");
    let (out, _) = on_site(&[&arguments[..], &["--confirm"]].concat());
    assert!(out.contains("公开 1 件，草稿 2 件"), "{out}");
}

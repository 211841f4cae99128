//! The reader never panics, and its account adds up, on any text.

use proptest::prelude::*;

use super::*;

/// Pieces of which plans are made, so that odd combinations come up.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "工作任务",
        "具体要求",
        "责任单位",
        "完成时限",
        "序号",
        "一、",
        "（一）",
        "1.",
        "2、",
        "①",
        "市司法局",
        "各部门",
        "牵头",
        "配合",
        "，",
        "。",
        "、",
        "；",
        "：",
        "（",
        "）",
        "〔2026〕1号",
        "年底前",
        "每年至少1次",
        "2月30日前",
        "8月前",
        "|",
        "\t",
        "\n",
        "\n\n",
        "关于印发",
        "的通知",
        "工作要点",
        "安澜市2026年",
        "公布目录",
        "（责任单位：",
        "附件",
        "2026年3月1日",
        "<p>",
        "</p>",
        "[image: x]",
        "(kāi)",
        " ",
        "会同",
        "——",
        "同上",
        "由",
        "负责",
        "印发30日内",
        "不少于3次",
        "202638",
        "抄送：",
    ];
    prop_oneof![8 => prop::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,6}", 1 => any::<char>().prop_map(|c| c.to_string())]
}

fn holds(document: &Document) -> Result<(), TestCaseError> {
    let plan = read(document);
    let c = plan.coverage;
    prop_assert_eq!(c.source_chars, c.in_fields + c.in_problems + c.dropped);
    prop_assert_eq!(c.dropped, 0);
    prop_assert_eq!(c.source_chars, document.source_chars);
    prop_assert!(plan.is_plan || plan.tasks.is_empty());
    for (i, task) in plan.tasks.iter().enumerate() {
        prop_assert_eq!(task.order as usize, i + 1);
        prop_assert!(!task.text.trim().is_empty());
    }
    let _ = to_json(&plan);
    prop_assert!(to_csv(&plan).is_ok());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_accounted_for(pieces in prop::collection::vec(piece(), 0..120)) {
        holds(&document(&pieces.concat()))?;
    }

    #[test]
    fn any_table_is_read_and_accounted_for(cells in prop::collection::vec((0u32..5, 1u32..4, 1u32..4, prop::collection::vec(piece(), 0..6)), 0..40)) {
        let texts: Vec<(u32, u32, u32, String)> = cells.into_iter().map(|(c, r, s, t)| (c, r, s, t.concat())).collect();
        let rows: Vec<Vec<(u32, u32, u32, &str)>> = texts.chunks(4).map(|row| row.iter().map(|(c, r, s, t)| (*c, *r, *s, t.as_str())).collect()).collect();
        let rows: Vec<&[(u32, u32, u32, &str)]> = rows.iter().map(Vec::as_slice).collect();
        holds(&of_blocks(vec![table(&rows)]))?;
    }
}

/// 单位牵头， with nothing behind it is no measure without words.
#[test]
fn a_row_of_nothing_but_its_unit() {
    let blank = [(0, 1, 1, ""); 3];
    let head = [&blank[..], &[(0, 1, 1, "完成时限")]].concat();
    let row = [(0, 1, 1, "一、"), (0, 1, 1, "责任单位牵头，")];
    holds(&of_blocks(vec![table(&[&head, &blank, &row])])).unwrap();
}

/// What took time that grew with the square of its length; in seconds now, and in minutes then.
#[test]
fn one_long_line_is_read_in_time_that_grows_with_its_length() {
    for piece in [
        "甲局和",
        "甲局等和",
        "甲局、",
        "甲局 ",
        "甲局（牵头）、",
        "甲局会同",
        "负责",
        "1",
        "（甲局）",
        "责任人：张。",
        "（责任单位：",
        "。",
        "一、公开 ",
        "工作任务 责任单位 ",
        "工作任务责任单位",
    ] {
        for label in ["", "责任单位："] {
            let line = format!("1.公开。{label}{}", piece.repeat(4_000));
            let plan = read(&document(&format!(
                "安澜市2026年政务公开工作要点\n{line}\n"
            )));
            assert_eq!(plan.coverage.dropped, 0, "{piece}");
        }
    }
}

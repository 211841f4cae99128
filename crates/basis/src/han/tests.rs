use proptest::prelude::*;

use super::*;

#[test]
fn reads_numbers_in_either_script() {
    for (text, value) in [
        ("23", 23),
        ("１２", 12),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("二十三", 23),
        ("第三", 3),
        ("第 十 五", 15),
        ("一百零五", 105),
        ("一百一十", 110),
        ("两", 2),
        ("两千零二十二", 2022),
        ("二〇二二", 2022),
        ("二○二六", 2026),
        ("一万二千", 12_000),
        ("零", 0),
        ("叁", 3),
    ] {
        assert_eq!(number(text), Some(value), "{text}");
    }
    for text in [
        "",
        "第",
        "十十",
        "百",
        "二三十",
        "十百",
        "一万万",
        "一千五",
        "一万五",
        "万",
        "3十",
        "甲",
        "-3",
        "1.5",
        "100000000",
    ] {
        assert_eq!(number(text), None, "{text}");
    }
    assert_eq!(number(&"9".repeat(500)), None);
}

#[test]
fn prints_numerals() {
    let printed: Vec<String> = [
        0, 9, 10, 12, 20, 99, 100, 105, 110, 1_005, 1_050, 10_000, 10_500, 12_030, 100_010,
    ]
    .into_iter()
    .map(numeral)
    .collect();
    assert_eq!(
        printed.join(" "),
        "零 九 十 十二 二十 九十九 一百 一百零五 一百一十 一千零五 一千零五十 一万 一万零五百 一万二千零三十 十万零一十"
    );
    assert_eq!(numeral(100_000_000), "100000000");
}

#[test]
fn folds_width_and_blanks() {
    assert_eq!(
        fold(" 　韶府办（２０２２）１０３号 \n\t ：Ａ。\u{feff}"),
        "韶府办(2022)103号 :A。"
    );
    assert_eq!(fold("〔2022〕“甲”、《乙》"), "〔2022〕“甲”、《乙》");
    assert_eq!(squeeze("政 务\u{a0}公\u{200b}开\n（Ｘ）"), "政务公开(X)");
    assert_eq!(fold(""), "");
}

#[test]
fn knows_ideographs() {
    assert!("政㐀𠀀〇龥".chars().all(is_cjk));
    assert!(!"A1，。〔あ　".chars().any(is_cjk));
}

proptest! {
    #[test]
    fn reads_what_it_prints(value in 0..=NUMBER_MAX) {
        prop_assert_eq!(number(&numeral(value)), Some(value));
    }

    #[test]
    fn never_panics_and_settles(text in "\\PC*") {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded.clone());
        let _ = number(&text);
    }

    #[test]
    fn never_panics_on_numerals(text in "[第一二十百千万零〇两0-9]{0,12}") {
        let _ = number(&text);
    }
}

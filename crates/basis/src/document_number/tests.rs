use proptest::prelude::*;

use super::*;

#[test]
fn parses_and_prints_the_strict_form() {
    for text in [
        "韶府办发函〔2022〕103号",
        "国发〔1999〕1号",
        "粤办函〔2018〕99999号",
    ] {
        assert_eq!(text.parse::<DocumentNumber>().unwrap().to_string(), text);
    }
    let number: DocumentNumber = "肇鼎府办函〔2021〕38号".parse().unwrap();
    assert_eq!(
        (number.code().as_str(), number.year(), number.serial()),
        ("肇鼎府办函", 2021, 38)
    );
    use DocumentNumberError::{Code, Ending, Serial, Year};
    let long = "府".repeat(CODE_CHARS_MAX + 1);
    for (text, error) in [
        ("", Ending),
        ("粤府办〔2021〕17", Ending),
        ("粤府办(2021)17号", Year),
        ("粤府办［2021］17号", Year),
        ("粤府办〔21〕17号", Year),
        ("粤府办〔1899〕17号", Year),
        ("粤府办〔2100〕17号", Year),
        ("粤府办〔２０２１〕17号", Year),
        ("粤府办〔+021〕17号", Year),
        ("粤府办〔2021〕017号", Serial),
        ("粤府办〔2021〕+17号", Serial),
        ("粤府办〔2021〕第17号", Serial),
        ("粤府办〔2021〕0号", Serial),
        ("粤府办〔2021〕号", Serial),
        ("粤府办〔2021〕100000号", Serial),
        ("粤府办〔2021〕99999999999999999999号", Serial),
        ("粤〔2021〕17号", Code),
        ("粤府A〔2021〕17号", Code),
        ("粤府 办〔2021〕17号", Code),
        (&format!("{long}〔2021〕17号"), Code),
    ] {
        assert_eq!(text.parse::<DocumentNumber>(), Err(error), "{text}");
    }
}

#[test]
fn parses_and_prints_orders() {
    for text in ["国务院令第711号", "粤府令第277号"] {
        assert_eq!(text.parse::<OrderNumber>().unwrap().to_string(), text);
    }
    for text in [
        "国务院第711号",
        "国务院令第0711号",
        "国务院令711号",
        "令第1号",
    ] {
        assert!(text.parse::<OrderNumber>().is_err(), "{text}");
    }
}

fn shown(repairs: &[Repair]) -> String {
    format!("{repairs:?}")
}

#[test]
fn reads_damaged_fields_and_says_what_it_repaired() {
    let fields = [
        "韶府办发函〔2022〕103号",
        " 肇府办函〔2021〕79 号\n",
        "粤府办（2021）17号",
        "粤府办(2021)17号",
        "粤府办[2021]17号",
        "粤府办［２０２１］１７号",
        "粤府办【2021】第17号",
        "粤府办﹝2021﹞017号",
        "粤 府 办〔2021〕17号",
        "粤府办\u{200b}〔2021〕17号",
        "中府办函2022127号",
        "中府办函2022〕127号",
        "中府办函〔2022 127号",
        "中府办函2022第127号",
        "粤府办〔2021〕17",
    ];
    let read: Vec<String> = fields
        .iter()
        .map(|field| {
            let (number, repairs) = read(field).unwrap_or_else(|error| panic!("{field}: {error}"));
            format!("{field:?} -> {number} {}", shown(&repairs))
        })
        .collect();
    insta::assert_snapshot!(read.join("\n"));
    for field in [
        "",
        "号",
        "17号",
        "粤府办17号",
        "国务院令第711号",
        "中府办函2022年第127号",
        "中府办函20220号",
        "中府办函3022127号",
    ] {
        assert!(super::read(field).is_err(), "{field}");
    }
    assert!(super::read(&"粤".repeat(1000)).is_err());
}

#[test]
fn finds_numbers_in_running_text() {
    let texts = [
        "《关于印发要点的通知》（粤府办〔2021〕17 号）、《通知》(肇府办函〔2021〕79号)精神",
        "各级行政机关要严格落实国办公开办函〔2019〕60号文件要求",
        "中山市人民政府 文号：中府办函2022127号 发布日期",
        "根据《条例》（国务院令第711号）和广东省人民政府令（第277号）",
        "韶府办发函\n〔2022〕103号",
        "联系电话2022127号，门牌20221号，第3号，2022年第5号公报，身份证号",
        "财预〔2021〕5号财库〔2021〕6号，和府办〔2021〕7号，了解的情况见示府办〔2021〕8号",
        "号号〔〕号第号",
    ];
    let found: Vec<String> = texts
        .iter()
        .flat_map(|text| {
            let numbers = find(text).into_iter().map(|found| {
                let original: String = text
                    .chars()
                    .skip(found.start)
                    .take(found.end - found.start)
                    .collect();
                assert_eq!(original, found.original);
                let number = match &found.number {
                    Number::Document(number) => number.to_string(),
                    Number::Order(number) => number.to_string(),
                };
                format!(
                    "  {} {:?} {}",
                    number,
                    found.original,
                    shown(&found.repairs)
                )
            });
            std::iter::once((*text).to_owned())
                .chain(numbers)
                .collect::<Vec<_>>()
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn every_repair_and_error_is_a_sentence() {
    use DocumentNumberError::{Code, Ending, Serial, Year};
    let errors = [Code, Year, Serial, Ending]
        .map(DocumentNumberError::sentence)
        .join("\n");
    insta::assert_snapshot!(errors);
}

proptest! {
    #[test]
    fn reads_what_it_prints(code in "[\u{4e00}-\u{9fa5}]{2,20}", year in 1900u16..=2099, serial in 1..=SERIAL_MAX) {
        let number = DocumentNumber::new(code.parse().unwrap(), year, serial).unwrap();
        prop_assert_eq!(number.to_string().parse(), Ok(number.clone()));
        prop_assert_eq!(read(&number.to_string()), Ok((number.clone(), vec![])));
        let damaged = format!("{code}（{year}）第{serial:05}号");
        let (repaired, repairs) = read(&damaged).unwrap();
        prop_assert_eq!(repaired, number);
        prop_assert!(repairs.contains(&Repair::Brackets) && repairs.contains(&Repair::Ordinal));
    }

    #[test]
    fn never_panics(text in "[0-9０-９〔〕()（）第号令府办函的 年\u{3000}]{0,40}") {
        for found in find(&text) {
            prop_assert!(found.start < found.end);
            if let Number::Document(number) = found.number {
                prop_assert_eq!(number.to_string().parse(), Ok(number));
            }
        }
        if let Ok((number, _)) = read(&text) {
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }
    }
}

//! The rules one by one.

mod corpus;

use std::collections::BTreeMap;

use crate::{Confidence, Kind, Rules, inspect};

mod properties {
    use proptest::prelude::*;

    use crate::{Masking, Rules, inspect, mask};

    /// Texts made of what the finders look for, in any order.
    fn words() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "申请人：",
            "张三",
            "欧阳志强",
            "，",
            "身份证",
            "440203199003070016",
            "１３８００１３８０００",
            "6217001234567893",
            "\t",
            "\n",
            "姓名\t电话\n",
            "住安澜市人民路12号3栋502室",
            "秘密★10年",
            "机密",
            "*",
            "《",
            "》",
            "（",
            "〔2026〕3号",
            "安府办",
            "a@qq.com",
            "粤A·12345",
            "内部资料",
            " ",
            "\u{200B}",
            "布署",
            "1",
            "x",
            "年",
        ]);
        prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn places_are_true_and_masking_is_done_once(text in prop_oneof![words(), ".{0,80}"]) {
            let findings = inspect(&text, &Rules::default());
            let chars: Vec<char> = text.chars().collect();
            for one in &findings {
                prop_assert!(one.start < one.end && one.end <= chars.len(), "{one:?}");
                let passage: String = chars[one.start..one.end].iter().collect();
                prop_assert_eq!(&passage, &one.text);
            }
            let masked = mask(&text, &findings, &Masking::default());
            prop_assert_eq!(masked.chars().count(), chars.len());
            prop_assert_eq!(mask(&masked, &findings, &Masking::default()), masked);
        }
    }
}

#[test]
fn numbers_of_the_standards() {
    use crate::{is_bank_card, is_credit_code, is_id_card, is_organisation_code};
    for good in [
        "11010519491231002X",
        "11010519491231002x",
        "440524188001010014",
        "440203199003070016",
        "440524800101001",
    ] {
        assert!(is_id_card(good), "{good}");
    }
    for bad in [
        "44120319850229001X",
        "440203199003070017",
        "990203199003070016",
        "44020319900307001",
        "",
    ] {
        assert!(!is_id_card(bad), "{bad}");
    }
    for good in [
        "6222021234567890128",
        "6217001234567893",
        "4111111111111111",
    ] {
        assert!(is_bank_card(good), "{good}");
    }
    assert!(!is_bank_card("6222021234567890123"));
    for good in [
        "91350100M000100Y43",
        "11441700007280420Y",
        "11441300007187648G",
        "91512081MA62K0260E",
    ] {
        assert!(is_credit_code(good), "{good}");
    }
    assert!(!is_credit_code("91350100M000100Y4Z"));
    for good in [
        "000014349",
        "00001434-9",
        "006939748",
        "007280420",
        "00728042-0",
    ] {
        assert!(is_organisation_code(good), "{good}");
        // Each single wrong character shows: 11 is prime, and no weight is a multiple of it.
        for (at, _) in good.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            let mut bad: Vec<char> = good.chars().collect();
            bad[at] = if bad[at] == '9' { '8' } else { '9' };
            let bad: String = bad.into_iter().collect();
            assert!(!is_organisation_code(&bad), "{bad}");
        }
    }
    for bad in [
        "",
        "-",
        "00001434",
        "0000143-49",
        "000014349-",
        "０００014349",
        "00001434x",
        "0000143490",
    ] {
        assert!(!is_organisation_code(bad), "{bad}");
    }
    // A credit code holds the organisation code at its ninth place.
    assert!(is_organisation_code(&"11441700007280420Y"[8..17]));
}

#[test]
fn a_mistyped_id_number_is_found_by_its_label_and_masked() {
    use crate::{Masking, mask};
    for (text, numbers) in [
        // Right and wrong by one digit, side by side: both are the person's.
        (
            "姓名\t身份证号\t电话\n王甲\t110101194903077474\t13812345678\n李乙\t110101194803071236\t13912345678",
            &["110101194903077474", "110101194803071236"][..],
        ),
        (
            "身份证号码：440203199003070017。",
            &["440203199003070017"][..],
        ),
        (
            "（身份证号11010519491231003X）",
            &["11010519491231003X"][..],
        ),
        (
            "公民身份号码 440203 19900307 0017",
            &["440203 19900307 0017"][..],
        ),
    ] {
        let found = inspect(text, &Rules::default());
        let cards: Vec<&str> = found
            .iter()
            .filter(|one| one.kind == Kind::IdCard && one.confidence == Confidence::High)
            .map(|one| one.text.as_str())
            .collect();
        assert_eq!(cards, numbers, "{text}: {found:?}");
        assert!(found.iter().any(|one| one.advice.contains("校验码不符")));
        let masked = mask(text, &found, &Masking::default());
        for number in numbers {
            assert!(!masked.contains(number), "{masked}");
        }
    }
    for text in [
        "440203199003070017",
        "订单编号：440203199003070017",
        "身份证号对应的流水号440203199003070017",
        "身份证号：440203199013070017",
        "银行账号：440203199003070017",
    ] {
        let found = inspect(text, &Rules::default());
        let card = found.iter().find(|one| one.kind == Kind::IdCard);
        assert_eq!(card, None, "{text}");
    }
}

#[test]
fn an_account_that_proves_nothing_is_worth_a_look() {
    for (text, confidence) in [
        ("社保卡号 1234567890123", Some(Confidence::Low)),
        ("银行账号：10203040506070", Some(Confidence::Low)),
        (
            "开户行：安澜农商银行，账号：80020000012345678",
            Some(Confidence::Low),
        ),
        ("卡号6222021234567890128", Some(Confidence::High)),
        (
            "收款单位：安澜市财政局，开户行：工行，账号：80020000012345678",
            None,
        ),
        ("订单编号：80020000012345678", None),
        ("公众号账号：80020000012345678", None),
        ("社保卡共发放1234567890张", None),
    ] {
        let found = inspect(text, &Rules::default());
        let found = found.iter().find(|one| one.kind == Kind::BankCard);
        assert_eq!(found.map(|one| one.confidence), confidence, "{text}");
    }
}

#[test]
fn what_proves_nothing_by_itself_is_worth_a_look() {
    for (text, kind) in [
        ("账号：62220212345678", Kind::BankCard),
        ("请发送至anlanzx@163.com", Kind::Email),
        ("限县级传达", Kind::Secrecy),
        ("（发至县团级）", Kind::Secrecy),
        ("知悉范围：局领导班子成员", Kind::Secrecy),
        ("停放粤B12345一辆", Kind::Plate),
        ("安澜市市政府办公室", Kind::Wording),
        ("关于关于开展检查的通知", Kind::Wording),
        ("请于6月31日前报送", Kind::Wording),
        ("2023年2月29日", Kind::Wording),
        ("13月1日", Kind::Wording),
        ("2月30日", Kind::Wording),
    ] {
        let found = inspect(text, &Rules::default());
        let hit = found.iter().find(|one| one.kind == kind);
        assert_eq!(
            hit.map(|one| one.confidence),
            Some(Confidence::Low),
            "{text}: {found:?}"
        );
    }
    for text in [
        "单位公务车粤B12345一辆",
        "请发送至alszwgk@anlan.gov.cn",
        "安澜市市场监督管理局、安澜市市政设施",
        "2024年2月29日、12月31日",
        "生于2月29日的",
        "规定知悉范围的，应当标注",
        "流水账号段：62220212345678",
        "期限县级人民政府另行规定",
    ] {
        let found = inspect(text, &Rules::default());
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn rules_of_a_place_count() {
    use crate::{NonPublic, Slip};
    let rules = Rules {
        non_public: vec![NonPublic {
            title: "关于年度考核有关事项的通知".into(),
            number: "安府办函〔2026〕9号".into(),
        }],
        slips: vec![Slip {
            wrong: "安兰市".into(),
            right: "安澜市".into(),
            right_within: vec!["安兰市场".into()],
        }],
        exceptions: vec![(Kind::Wording, "帐号".into())],
        ..Rules::default()
    };
    let kinds = |text: &str| {
        inspect(text, &rules)
            .into_iter()
            .map(|one| one.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        kinds("按《关于年度考核有关事项的通知》办理"),
        [Kind::Citation]
    );
    assert_eq!(
        kinds("见安府办函[2026]9号"),
        [Kind::Citation, Kind::Reference]
    );
    assert_eq!(kinds("安兰市人民政府，安兰市场"), [Kind::Wording]);
    assert!(kinds("登记帐号").is_empty());
}

#[test]
fn cells_of_a_csv_are_what_stands_between_their_quotation_marks() {
    use crate::{Masking, mask};
    let covered = |text: &str| mask(text, &inspect(text, &Rules::default()), &Masking::default());
    let rows = [
        // As databases export it: every cell in quotation marks.
        (r#""李四","","","700""#, r#""李*","","","700""#),
        // A comma inside parts nothing, and two marks are one.
        (r#"李四,,,"7,00""#, r#"李*,,,"7,00""#),
        (
            r#""李四",,"说 ""无"",见附件","7,00""#,
            r#""李*",,"说 ""无"",见附件","7,00""#,
        ),
        (r#" "李四" ,, ,700"#, r#" "李*" ,, ,700"#),
        ("李四,,,700", "李*,,,700"),
    ];
    for heading in [
        r#""姓名","身份证号","电话","金额""#,
        "姓名,身份证号,电话,金额",
    ] {
        for (row, wanted) in rows {
            let text = format!("{heading}\n{row}\n");
            assert_eq!(covered(&text), format!("{heading}\n{wanted}\n"), "{row}");
        }
    }
    // The heading of a number is that of its own column.
    let text = "单位,工单号,金额\n\"甲,乙\",\"13800138000\",1\n";
    assert_eq!(covered(text), text);
    // A mark that nothing closes is a sign like others.
    let open = "姓名,身份证号,金额\n\"李四,440203199003070016,1\n";
    assert_eq!(
        covered(open).lines().nth(1).unwrap().matches(',').count(),
        2
    );
}

#[test]
fn a_compound_surname_stays_whole() {
    use crate::person::surname_length;
    use crate::{Masking, mask};
    let covered = |text: &str| mask(text, &inspect(text, &Rules::default()), &Masking::default());
    for (name, wanted) in [
        ("欧阳晓红", "欧阳**"),
        ("欧阳红", "欧阳*"),
        ("司马志强", "司马**"),
        ("张小明", "张**"),
    ] {
        let text = |name: &str| format!("姓名：{name}，身份证号：440203199003070016");
        let masked = covered(&text(name));
        assert!(masked.starts_with(&format!("姓名：{wanted}，")), "{masked}");
    }
    assert_eq!(
        ["欧阳修", "欧阳", "欧小红", "上官云"].map(surname_length),
        [2, 1, 1, 2]
    );
}

#[test]
fn masks_keep_what_the_rule_leaves() {
    use crate::{Masking, mask};
    let text = "申请人：张小明，身份证号：440203-19900307-0016，手机+86 138 0013 8000，住安澜市东湖区人民路12号3栋502室，卡号6217001234567893";
    let masked = mask(text, &inspect(text, &Rules::default()), &Masking::default());
    assert_eq!(
        masked,
        "申请人：张**，身份证号：440***-********-**16，手机+86 138 **** 8000，住安澜市东湖区************，卡号************7893"
    );
}

#[test]
fn a_place_sets_what_stays_and_cannot_leave_nearly_all() {
    use crate::{Masking, NameMask, mask};
    let text = "申请人：张小明，身份证号：440203199003070016，手机13800138000。";
    let own = Masking {
        id_card: (6, 4),
        mobile: (0, 4),
        name: NameMask::Keep,
        ..Masking::default()
    };
    assert!(own.why_not().is_empty());
    assert_eq!(
        mask(text, &inspect(text, &Rules::default()), &own),
        "申请人：张小明，身份证号：440203********0016，手机*******8000。"
    );
    assert_eq!(
        own.sentence(),
        "身份证号码留前6位和末4位，手机号码留末4位，银行卡号留末4位，姓名不遮盖"
    );
    let open = Masking {
        id_card: (7, 4),
        mobile: (usize::MAX, 1),
        ..own
    };
    let settings: Vec<&str> = open.why_not().into_iter().map(|(name, _)| name).collect();
    assert_eq!(settings, ["id_card", "mobile"]);
}

#[test]
fn two_addresses_in_one_value_keep_the_first_ones_area_alone() {
    use crate::{Masking, mask};
    let text = "住安澜市人民路12号3栋502室*粤A·12345440203199003070016住安澜市人民路12号3栋502室申请人：申请人：张三";
    let findings = inspect(text, &Rules::default());
    let masked = mask(text, &findings, &Masking::default());
    assert!(masked.starts_with("住安澜市****"), "{masked}");
    assert_eq!(mask(&masked, &findings, &Masking::default()), masked);
}

#[test]
fn a_pay_list_names_the_people_and_not_its_heads() {
    let text = "姓名\t金额\n张三\t500\n李四\t600";
    let found = inspect(text, &Rules::default());
    let names: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(names, ["张三", "李四"]);
    let beside = inspect("姓名\t金额", &Rules::default());
    assert!(beside.is_empty(), "{beside:?}");
}

#[test]
fn an_address_keeps_its_street_office() {
    use crate::{Masking, mask};
    let text = "家住安澜市城东街道幸福路12号3栋502室";
    let masked = mask(text, &inspect(text, &Rules::default()), &Masking::default());
    assert!(masked.starts_with("家住安澜市城东街道***"), "{masked}");
}

#[test]
fn people_and_numbers_as_letters_write_them() {
    for (text, kind, passage) in [
        ("张三，护照E12345678。", Kind::Passport, "E12345678"),
        (
            "有意者请联系邓桂枝，13812345678（微信同号）",
            Kind::Name,
            "邓桂枝",
        ),
        (
            "值班手机13812345678/18912345678",
            Kind::Mobile,
            "13812345678",
        ),
        (
            "值班手机13812345678/18912345678",
            Kind::Mobile,
            "18912345678",
        ),
        (
            "群众覃彩莲来电反映路灯不亮，联系电话13812345678。",
            Kind::Name,
            "覃彩莲",
        ),
        (
            "学生赖细妹（440203199003070016）申请助学金，家长邬小梅。",
            Kind::Name,
            "邬小梅",
        ),
        (
            "原告黎锦堂，女，1979年8月12日出生，汉族，住东湖区金桂苑6幢2单元209室。",
            Kind::Address,
            "东湖区金桂苑6幢2单元209室",
        ),
        ("户主阮氏翠，家住河西区翠湖8街3座906", Kind::Name, "阮氏翠"),
        ("户主盘金凤，家住河西区翠湖8街3座906", Kind::Name, "盘金凤"),
    ] {
        let found = inspect(text, &Rules::default());
        let hit = found
            .iter()
            .any(|one| one.kind == kind && one.text == passage);
        assert!(hit, "{passage} in {text}: {found:?}");
    }
    for (text, kind) in [
        ("退还押金至银行卡（6217001234567893）", Kind::Name),
        (
            "户名\t开户行\t账号\n市财政局\t农商行\t6217001234567893",
            Kind::Name,
        ),
        (
            "https://www.anlan.gov.cn/2026/13812345678/1.html",
            Kind::Mobile,
        ),
        ("各科室联系综合科，13812345678", Kind::Name),
    ] {
        let found = inspect(text, &Rules::default());
        assert!(
            found.iter().all(|one| one.kind != kind),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn marks_and_wording_are_told_from_prose() {
    let kinds = |text: &str| {
        inspect(text, &Rules::default())
            .into_iter()
            .map(|one| one.kind)
            .collect::<Vec<_>>()
    };
    for (text, kind) in [
        ("机密★30年", Kind::Secrecy),
        ("传真电报 密", Kind::Secrecy),
        ("商密★5年", Kind::Secrecy),
        ("不对外公开", Kind::Secrecy),
        ("密件\n关于人员安排的报告", Kind::Secrecy),
        ("内部讨论稿，请勿外传", Kind::Secrecy),
        ("会议材料 会后收回", Kind::Secrecy),
        ("（讨论稿，会后收回）", Kind::Secrecy),
        ("对内掌握，不对外公布", Kind::Secrecy),
        ("公开属性：不予公开", Kind::Secrecy),
        ("根据粤机密〔2020〕3号文件", Kind::Citation),
        ("《关于印发方案的通知》（内部文件）", Kind::Citation),
        ("认真布署", Kind::Wording),
        ("市卫生与健康委员会", Kind::OrganName),
        (
            "《关于印发方案的通知》（中府办函2022127号）",
            Kind::Reference,
        ),
        ("粤府办[2021]17号", Kind::Reference),
        ("（待补充）", Kind::Missing),
        ("图1 安澜市行政区划图", Kind::Map),
        ("下图为安澜市地图，标出了各县。", Kind::Map),
        ("各县位置如图2所示的水系图", Kind::Map),
        ("安澜市行政区划图", Kind::Map),
    ] {
        assert!(kinds(text).contains(&kind), "{text}: {:?}", kinds(text));
    }
    for text in [
        "图1 安澜市行政区划图\n审图号：粤S（2026）12号",
        "下图为安澜市地图。审图号：粤S（2026）12号",
        "根据《地图管理条例》，加强互联网地图服务监管。",
        "下图为机构设置图，附图略。",
        "为实现目的的行为",
        "第13800138000号",
        "姓名 职务 电话",
        "老人关怀行动",
        "调查问卷会后收回，由办公室统计。",
        "涉密文件、密件的管理办法",
        "依法不对外公开的，说明理由。",
    ] {
        assert!(kinds(text).is_empty(), "{text}: {:?}", kinds(text));
    }
}

#[test]
fn a_picture_called_a_map_is_looked_at_unless_its_number_stands_beside_it() {
    let told = |name: &str, beside: &str| crate::unlicensed_map(name, beside).is_some();
    for name in ["安澜市行政区划图.jpg", "学区划分图", "地图1.png"] {
        assert!(told(name, ""), "{name}");
    }
    assert!(!told("安澜市行政区划图.jpg", "审图号：粤S（2026）12号"));
    assert!(!told("安澜市地图 审图号粤S（2026）12号.jpg", ""));
    for name in ["流程图.png", "地图管理条例.docx", "照片.jpg"] {
        assert!(!told(name, ""), "{name}");
    }
}

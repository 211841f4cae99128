use gongkai_basis::id::OrganId;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Certainty, Directory, Entry, Match, MatchKind, Target};
use crate::organ::collective::{Collective, CollectiveKey, Rule};
use crate::organ::{Kind, Level};

/// Lines of `name | level | kind | parent | short, aliases… | former…`.
fn entries(list: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (index, line) in list
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .enumerate()
    {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let names = |cell: usize| -> Vec<String> {
            cells
                .get(cell)
                .into_iter()
                .flat_map(|cell| cell.split(','))
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect()
        };
        let id = OrganId::new(Uuid::from_u128(index as u128 + 1));
        let parent = entries
            .iter()
            .find(|entry| Some(&entry.name.as_str()) == cells.get(3));
        let above = parent.map_or("/".to_owned(), |parent| parent.path.clone());
        entries.push(Entry {
            id,
            parent: parent.map(|parent| parent.id),
            path: format!("{above}{id}/"),
            name: cells[0].to_owned(),
            short: names(4).first().cloned(),
            aliases: names(4).into_iter().skip(1).collect(),
            former: names(5),
            level: Level::from_word(cells[1]).unwrap(),
            kind: Kind::from_word(cells[2]).unwrap(),
        });
    }
    entries
}

const CITY: &str = "
    安澜市人民政府 | 市 | 政府
    安澜市人民政府办公室 | 市 | 政府办公室 | 安澜市人民政府
    安澜市发展和改革局 | 市 | 部门 | 安澜市人民政府
    安澜市教育局 | 市 | 部门 | 安澜市人民政府
    安澜市工业和信息化局 | 市 | 部门 | 安澜市人民政府
    安澜市公安局 | 市 | 部门 | 安澜市人民政府
    安澜市民政局 | 市 | 部门 | 安澜市人民政府
    安澜市司法局 | 市 | 部门 | 安澜市人民政府
    安澜市财政局 | 市 | 部门 | 安澜市人民政府
    安澜市人力资源和社会保障局 | 市 | 部门 | 安澜市人民政府
    安澜市自然资源局 | 市 | 部门 | 安澜市人民政府
    安澜市生态环境局 | 市 | 部门 | 安澜市人民政府 | | 安澜市环境保护局
    安澜市住房和城乡建设局 | 市 | 部门 | 安澜市人民政府
    安澜市交通运输局 | 市 | 部门 | 安澜市人民政府
    安澜市水务局 | 市 | 部门 | 安澜市人民政府
    安澜市农业农村局 | 市 | 部门 | 安澜市人民政府
    安澜市文化广电旅游体育局（安澜市文物局） | 市 | 部门 | 安澜市人民政府
    安澜市卫生健康局 | 市 | 部门 | 安澜市人民政府
    安澜市应急管理局 | 市 | 部门 | 安澜市人民政府
    安澜市市场监督管理局 | 市 | 部门 | 安澜市人民政府
    安澜市政务服务和数据管理局 | 市 | 部门 | 安澜市人民政府 | | 安澜市行政服务中心管理办公室
    安澜市城市管理和综合执法局 | 市 | 部门 | 安澜市人民政府 | 市城管局
    安澜市医疗保障局 | 市 | 直属机构 | 安澜市人民政府
    安澜市国有资产监督管理委员会 | 市 | 直属机构 | 安澜市人民政府
    国家税务总局安澜市税务局 | 市 | 垂管 | 安澜市人民政府
    中共安澜市委宣传部 | 市 | 党群 | 安澜市人民政府
    中共安澜市委机构编制委员会办公室 | 市 | 党群 | 安澜市人民政府
    安澜市互联网信息办公室 | 市 | 党群 | 安澜市人民政府
    共青团安澜市委员会 | 市 | 党群 | 安澜市人民政府
    安澜市残疾人联合会 | 市 | 党群 | 安澜市人民政府
    安澜市住房公积金管理中心 | 市 | 企事业 | 安澜市人民政府
    安澜市新冠肺炎疫情防控指挥部 | 市 | 议事协调机构 | 安澜市人民政府
    清河区人民政府 | 县 | 政府 | 安澜市人民政府
    清河区财政局 | 县 | 部门 | 清河区人民政府
    清河区发展和改革局 | 县 | 部门 | 清河区人民政府
    安澜市公安局清河分局 | 县 | 派出机构 | 清河区人民政府
    青禾镇人民政府 | 镇 | 乡镇 | 清河区人民政府
    青禾镇党政综合办公室 | 科室 | 科室 | 青禾镇人民政府
    桃源村村民委员会 | 村 | 村 | 青禾镇人民政府
    东湖街道办事处 | 镇 | 街道 | 清河区人民政府
    云岭县人民政府 | 县 | 政府 | 安澜市人民政府
    云岭县财政局 | 县 | 部门 | 云岭县人民政府
    沙洲区人民政府 | 县 | 政府 | 安澜市人民政府
    沙洲区财政局 | 县 | 部门 | 沙洲区人民政府
    安澜高新技术产业开发区管理委员会 | 县 | 管委会 | 安澜市人民政府 | 高新区管委会";

const DISTRICT: &str = "
    清河区人民政府 | 县 | 政府
    清河区人民政府办公室 | 县 | 政府办公室 | 清河区人民政府
    区发展和改革局 | 县 | 部门 | 清河区人民政府
    区财政局 | 县 | 部门 | 清河区人民政府
    区民政局 | 县 | 部门 | 清河区人民政府
    区市场监督管理局 | 县 | 部门 | 清河区人民政府
    区政务服务数据管理局（区公共资源交易分中心） | 县 | 部门 | 清河区人民政府
    区住房和城乡建设局 | 县 | 部门 | 清河区人民政府
    区卫生健康局 | 县 | 部门 | 清河区人民政府
    区委宣传部 | 县 | 党群 | 清河区人民政府
    安澜市公安局清河分局 | 县 | 派出机构 | 清河区人民政府
    安澜市自然资源局清河分局 | 县 | 派出机构 | 清河区人民政府
    安澜市生态环境局清河分局 | 县 | 派出机构 | 清河区人民政府
    国家税务总局安澜市清河区税务局 | 县 | 垂管 | 清河区人民政府
    青禾镇人民政府 | 镇 | 乡镇 | 清河区人民政府
    白石镇人民政府 | 镇 | 乡镇 | 清河区人民政府
    东湖街道办事处 | 镇 | 街道 | 清河区人民政府";

const TOWN: &str = "
    青禾镇人民政府 | 镇 | 乡镇
    党政综合办公室 | 镇 | 科室 | 青禾镇人民政府
    公共服务办公室 | 镇 | 科室 | 青禾镇人民政府
    宣传办公室 | 镇 | 科室 | 青禾镇人民政府
    城管住建和农业农村局 | 镇 | 科室 | 青禾镇人民政府
    工业信息和科技商务局 | 镇 | 科室 | 青禾镇人民政府
    教育体育事务中心 | 镇 | 科室 | 青禾镇人民政府
    安澜市卫生健康局青禾分局 | 镇 | 派出机构 | 青禾镇人民政府
    安澜市人力资源和社会保障局青禾分局 | 镇 | 派出机构 | 青禾镇人民政府
    财政分局 | 镇 | 派出机构 | 青禾镇人民政府
    青禾司法所 | 镇 | 派出机构 | 青禾镇人民政府
    桃源村 | 村 | 村 | 青禾镇人民政府
    河口社区 | 村 | 社区 | 青禾镇人民政府";

fn directory(list: &str) -> Directory {
    Directory::new(&entries(list), &[])
}

fn target(directory: &Directory, found: &Match) -> String {
    match &found.target {
        Target::Organ(id) => directory.entry(*id).unwrap().name.clone(),
        Target::Collective(key) => key.to_string(),
    }
}

/// Lines of `printed → organ or collective · kind · certainty`; `—` for nothing.
fn check(list: &str, cases: &str) {
    let directory = directory(list);
    let mut wrong = Vec::new();
    for case in cases.lines().map(str::trim).filter(|case| !case.is_empty()) {
        let (printed, wanted) = case.split_once(" → ").unwrap();
        let found = directory.find(printed);
        let told = found.first().map_or("—".to_owned(), |best| {
            format!(
                "{} · {} · {}",
                target(&directory, best),
                best.kind.name(),
                best.certainty.name()
            )
        });
        if told != wanted {
            wrong.push(format!(
                "{printed}: wanted {wanted}, got {told} ({found:?})"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_in_a_city_plan() {
    check(
        CITY,
        "
        安澜市财政局 → 安澜市财政局 · 全称 · 确定
        市财政局 → 安澜市财政局 · 全称 · 确定
        市財政局 → 安澜市财政局 · 全称 · 确定
        市 财 政 局 → 安澜市财政局 · 全称 · 确定
        财政局 → 安澜市财政局 · 全称 · 很可能
        安澜财政局 → 安澜市财政局 · 全称 · 很可能
        市政府办公室 → 安澜市人民政府办公室 · 全称 · 确定
        市人民政府办公室 → 安澜市人民政府办公室 · 全称 · 确定
        市府办公室 → 安澜市人民政府办公室 · 简称 · 很可能
        市府办 → 安澜市人民政府办公室 · 简称 · 很可能
        市政府办 → 安澜市人民政府办公室 · 简称 · 很可能
        市政府 → 安澜市人民政府 · 全称 · 确定
        市政数局 → 安澜市政务服务和数据管理局 · 简称 · 很可能
        市政务服务数据管理局 → 安澜市政务服务和数据管理局 · 简称 · 很可能
        市政务数据服务管理局 → 安澜市政务服务和数据管理局 · 疑似笔误 · 很可能
        市政务数据管理局 → 安澜市政务服务和数据管理局 · 简称 · 很可能
        市行政服务中心 → 安澜市政务服务和数据管理局 · 简称 · 需确认
        市发改局 → 安澜市发展和改革局 · 简称 · 很可能
        市发改委 → 安澜市发展和改革局 · 简称 · 很可能
        市发展和改革委员会 → 安澜市发展和改革局 · 简称 · 很可能
        市发展改革局 → 安澜市发展和改革局 · 简称 · 很可能
        市工信局 → 安澜市工业和信息化局 · 简称 · 很可能
        市卫健局 → 安澜市卫生健康局 · 简称 · 很可能
        市人社局 → 安澜市人力资源和社会保障局 · 简称 · 很可能
        市人力资源社会保障局 → 安澜市人力资源和社会保障局 · 简称 · 很可能
        市住房城乡建设局 → 安澜市住房和城乡建设局 · 简称 · 很可能
        市住建局 → 安澜市住房和城乡建设局 · 简称 · 很可能
        市交通局 → 安澜市交通运输局 · 简称 · 很可能
        市文旅局 → 安澜市文化广电旅游体育局（安澜市文物局） · 简称 · 很可能
        市文化广电旅游体育局 → 安澜市文化广电旅游体育局（安澜市文物局） · 全称 · 确定
        市文物局 → 安澜市文化广电旅游体育局（安澜市文物局） · 别名 · 很可能
        市市场监管局 → 安澜市市场监督管理局 · 简称 · 很可能
        市市监局 → 安澜市市场监督管理局 · 简称 · 很可能
        市场监管局 → 安澜市市场监督管理局 · 简称 · 很可能
        市城管局 → 安澜市城市管理和综合执法局 · 别名 · 确定
        市城管综合执法局 → 安澜市城市管理和综合执法局 · 简称 · 很可能
        市医保局 → 安澜市医疗保障局 · 简称 · 很可能
        市国资委 → 安澜市国有资产监督管理委员会 · 简称 · 很可能
        市税务局 → 国家税务总局安澜市税务局 · 简称 · 很可能
        市委宣传部 → 中共安澜市委宣传部 · 全称 · 确定
        市委编办 → 中共安澜市委机构编制委员会办公室 · 简称 · 很可能
        市网信办 → 安澜市互联网信息办公室 · 简称 · 很可能
        团市委 → 共青团安澜市委员会 · 简称 · 很可能
        市残联 → 安澜市残疾人联合会 · 简称 · 很可能
        市公积金中心 → 安澜市住房公积金管理中心 · 简称 · 很可能
        市疫情防控指挥部 → 安澜市新冠肺炎疫情防控指挥部 · 简称 · 很可能
        市环境保护局 → 安澜市生态环境局 · 曾用名 · 确定
        市水利局 → 安澜市水务局 · 疑似笔误 · 需确认
        市应急管里局 → 安澜市应急管理局 · 疑似笔误 · 很可能
        市应急管理 → 安澜市应急管理局 · 疑似笔误 · 很可能
        清河区政府 → 清河区人民政府 · 全称 · 确定
        安澜市清河区人民政府 → 清河区人民政府 · 全称 · 确定
        云岭县政府 → 云岭县人民政府 · 全称 · 确定
        清河区财政局 → 清河区财政局 · 全称 · 确定
        区财政局 → 清河区财政局 · 全称 · 需确认
        高新区管委会 → 安澜高新技术产业开发区管理委员会 · 别名 · 确定
        青禾镇 → 青禾镇人民政府 · 简称 · 很可能
        青禾镇政府 → 青禾镇人民政府 · 全称 · 确定
        东湖街道办 → 东湖街道办事处 · 简称 · 很可能
        东湖街道 → 东湖街道办事处 · 简称 · 很可能
        桃源村委会 → 桃源村村民委员会 · 简称 · 很可能
        青禾镇党政办 → 青禾镇党政综合办公室 · 简称 · 很可能
        外星事务管理总署 → —
        二 → —
        。。。 → —
        ",
    );
}

#[test]
fn names_in_a_district_plan() {
    check(
        DISTRICT,
        "
        区发改局 → 区发展和改革局 · 简称 · 很可能
        区发展和改革委员会 → 区发展和改革局 · 简称 · 很可能
        清河区发改局 → 区发展和改革局 · 简称 · 很可能
        清河区财政局 → 区财政局 · 全称 · 确定
        区市市场监管局 → 区市场监督管理局 · 疑似笔误 · 很可能
        区市场监管局 → 区市场监督管理局 · 简称 · 很可能
        区市场监督管理局 → 区市场监督管理局 · 全称 · 确定
        区政数局 → 区政务服务数据管理局（区公共资源交易分中心） · 简称 · 很可能
        区政务服务数据管理局(区公共资源交易分中心) → 区政务服务数据管理局（区公共资源交易分中心） · 全称 · 确定
        区政务服务数据管理局 → 区政务服务数据管理局（区公共资源交易分中心） · 全称 · 确定
        区政务数据服务管理局 → 区政务服务数据管理局（区公共资源交易分中心） · 疑似笔误 · 很可能
        区委宣传部(网信办) → 区委宣传部 · 全称 · 很可能
        区住建局 → 区住房和城乡建设局 · 简称 · 很可能
        区卫健局 → 区卫生健康局 · 简称 · 很可能
        区政府办公室 → 清河区人民政府办公室 · 全称 · 确定
        市公安局清河分局 → 安澜市公安局清河分局 · 简称 · 很可能
        区公安局 → 安澜市公安局清河分局 · 简称 · 很可能
        区公安分局 → 安澜市公安局清河分局 · 简称 · 很可能
        公安清河分局 → 安澜市公安局清河分局 · 简称 · 很可能
        区生态环境局 → 安澜市生态环境局清河分局 · 简称 · 很可能
        市自然资源局 → 安澜市自然资源局清河分局 · 简称 · 需确认
        区税务局 → 国家税务总局安澜市清河区税务局 · 简称 · 很可能
        市民政局 → —
        镇政府 → 青禾镇人民政府 · 全称 · 需确认
        ",
    );
}

#[test]
fn names_in_a_town_plan() {
    check(
        TOWN,
        "
        党政办 → 党政综合办公室 · 简称 · 很可能
        党政综合办 → 党政综合办公室 · 简称 · 很可能
        镇党政综合办 → 党政综合办公室 · 简称 · 很可能
        公服办 → 公共服务办公室 · 简称 · 很可能
        宣传办 → 宣传办公室 · 简称 · 很可能
        教体中心 → 教育体育事务中心 · 简称 · 很可能
        卫健分局 → 安澜市卫生健康局青禾分局 · 简称 · 很可能
        人社分局 → 安澜市人力资源和社会保障局青禾分局 · 简称 · 很可能
        财政分局 → 财政分局 · 全称 · 确定
        司法所 → 青禾司法所 · 简称 · 很可能
        城管住建和农业农村局 → 城管住建和农业农村局 · 全称 · 确定
        各村（社区） → @villages.all · 统称 · 确定
        各有关单位 → @units.concerned · 统称 · 需确认
        各单位 → @units.all · 统称 · 确定
        ",
    );
}

#[test]
fn two_equally_good_organs_are_both_shown_and_neither_is_sure() {
    let directory = directory(CITY);
    let found = directory.find("区财政局");
    let names: Vec<String> = found
        .iter()
        .map(|found| target(&directory, found))
        .collect();
    assert_eq!(names, ["清河区财政局", "沙洲区财政局"]);
    assert!(
        found
            .iter()
            .all(|found| found.certainty == Certainty::Doubtful)
    );
    assert!(
        found[0].note.contains("另有同样接近的机关"),
        "{}",
        found[0].note
    );
}

#[test]
fn notes_say_why_in_words() {
    let directory = directory(DISTRICT);
    insta::assert_debug_snapshot!(
        [
            "区发改局",
            "区市市场监管局",
            "市自然资源局",
            "区委宣传部(网信办)",
            "镇政府",
            "区政府有关部门",
            "各镇（街道）"
        ]
        .map(|name| directory
            .find(name)
            .into_iter()
            .map(|found| (found.kind, found.certainty, found.note))
            .collect::<Vec<_>>())
    );
}

#[test]
fn a_named_collective_comes_before_the_grammar() {
    let entries = entries(CITY);
    let key: CollectiveKey = Uuid::from_u128(99).to_string().parse().unwrap();
    let named = Collective {
        key: key.clone(),
        name: "涉及26个领域的有关单位".into(),
        rule: Rule {
            manual: true,
            include: vec![entries[3].id, entries[8].id],
            ..Rule::default()
        },
        version: 1,
    };
    let directory = Directory::new(&entries, &[named]);
    let found = directory.find("涉及 26 个领域的有关单位");
    assert_eq!(found[0].target, Target::Collective(key.clone()));
    assert_eq!(found[0].certainty, Certainty::Certain);
    assert_eq!(directory.expand(&key, &[]), [entries[3].id, entries[8].id]);
    // Another number of fields is another collective, known by its wording only.
    let other = directory.find("涉及15个领域的有关单位");
    assert_eq!(target(&directory, &other[0]), "@units.concerned");
    assert_eq!(other[0].certainty, Certainty::Doubtful);
}

#[test]
fn a_directory_of_nothing_finds_collectives_only_in_doubt() {
    let empty = Directory::new(&[], &[]);
    assert_eq!(empty.home(), None);
    assert!(empty.find("市财政局").is_empty());
    assert_eq!(empty.find("市直各单位")[0].certainty, Certainty::Doubtful);
}

#[test]
fn the_longest_name_a_plan_could_print_is_looked_up_and_longer_ones_are_not() {
    let directory = directory(CITY);
    assert!(directory.find(&"局".repeat(10_000)).is_empty());
    assert!(directory.find(&"安澜市财政局".repeat(12)).len() <= 5);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_guesses_are_never_certain(text in "[市区县安澜清河财政发展和改革局办公室委员会（）()各镇街道有关单位部门、。 a-z]{0,24}") {
        for list in [CITY, DISTRICT, TOWN] {
            for found in directory(list).find(&text) {
                if matches!(found.kind, MatchKind::Abbreviation | MatchKind::Slip) {
                    prop_assert_ne!(found.certainty, Certainty::Certain);
                }
                prop_assert!(!found.note.is_empty());
            }
        }
    }

    #[test]
    fn any_text_at_all(text in any::<String>()) {
        let _ = directory(DISTRICT).find(&text);
    }

    #[test]
    fn every_organ_is_found_by_its_own_name(index in 0..40_usize) {
        let entries = entries(CITY);
        let entry = &entries[index];
        let found = Directory::new(&entries, &[]).find(&entry.name);
        prop_assert_eq!(&found[0].target, &Target::Organ(entry.id));
        prop_assert_eq!(found[0].certainty, Certainty::Certain);
    }
}

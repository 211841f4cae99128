use gongkai_basis::id::OrganId;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Builtin, CollectiveKey, Extent, Family, Group, Rule, expand, recognise};
use crate::organ::{Alias, AliasKind, Certainty, Directory, Kind, Level, Organ, Status};

fn organ(number: u128, parent: Option<&Organ>, name: &str, level: Level, kind: Kind) -> Organ {
    let id = OrganId::new(Uuid::from_u128(number));
    Organ {
        id,
        parent: parent.map(|parent| parent.id),
        path: format!("{}{id}/", parent.map_or("/", |parent| parent.path.as_str())),
        name: name.to_owned(),
        short_name: None,
        level,
        kind,
        status: Status::Active,
        successor: None,
        position: 0,
        version: 1,
        aliases: Vec::new(),
    }
}

fn city() -> Vec<Organ> {
    let city = organ(1, None, "安澜市人民政府", Level::City, Kind::Government);
    let qinghe = organ(
        10,
        Some(&city),
        "清河区人民政府",
        Level::County,
        Kind::Government,
    );
    let yunling = organ(
        11,
        Some(&city),
        "云岭县人民政府",
        Level::County,
        Kind::Government,
    );
    let zone = organ(
        12,
        Some(&city),
        "安澜高新区管委会",
        Level::County,
        Kind::Zone,
    );
    let town = organ(20, Some(&qinghe), "青禾镇人民政府", Level::Town, Kind::Town);
    let street = organ(
        21,
        Some(&qinghe),
        "东湖街道办事处",
        Level::Town,
        Kind::Street,
    );
    vec![
        organ(
            2,
            Some(&city),
            "安澜市人民政府办公室",
            Level::City,
            Kind::Office,
        ),
        organ(
            3,
            Some(&city),
            "安澜市财政局",
            Level::City,
            Kind::Department,
        ),
        organ(
            4,
            Some(&city),
            "安澜市司法局",
            Level::City,
            Kind::Department,
        ),
        organ(
            5,
            Some(&city),
            "安澜市医疗保障局",
            Level::City,
            Kind::DirectAgency,
        ),
        organ(6, Some(&city), "安澜市税务局", Level::City, Kind::Vertical),
        organ(
            7,
            Some(&city),
            "中共安澜市委宣传部",
            Level::City,
            Kind::Party,
        ),
        organ(
            13,
            Some(&qinghe),
            "清河区财政局",
            Level::County,
            Kind::Department,
        ),
        organ(
            30,
            Some(&town),
            "桃源村村民委员会",
            Level::Village,
            Kind::Village,
        ),
        organ(
            31,
            Some(&street),
            "河口社区居民委员会",
            Level::Village,
            Kind::Community,
        ),
    ]
    .into_iter()
    .chain([city, qinghe, yunling, zone, town, street])
    .collect()
}

fn directory(organs: Vec<Organ>) -> Directory {
    Directory::of(&crate::organ::tree_order(organs), &[])
}

#[test]
fn wordings_of_collectives() {
    let cases = [
        ("各县（市、区）政府", "counties.all"),
        ("各县(市、区)人民政府", "counties.all"),
        ("各縣（市、區）政府", "counties.all"),
        ("各县（区）人民政府（管委会）", "counties_and_zones.all"),
        ("各区人民政府", "counties.all"),
        ("各区县", "counties.all"),
        ("县（市、区）政府", "counties.all"),
        ("有关县（市、区）政府", "counties.concerned"),
        ("各市州人民政府", "cities.all"),
        ("各功能区管委会", "zones.all"),
        ("各镇人民政府", "towns.all"),
        ("各乡镇人民政府", "towns.all"),
        ("街道办事处", "streets.all"),
        ("各街道办事处", "streets.all"),
        ("各镇（街道）", "towns_and_streets.all"),
        ("各镇街", "towns_and_streets.all"),
        ("各镇街道办事处", "towns_and_streets.all"),
        ("各乡镇（街道）", "towns_and_streets.all"),
        ("镇街", "towns_and_streets.all"),
        ("各镇人民政府、街道办事处", "towns_and_streets.all"),
        ("各村（社区）", "villages.all"),
        ("各村(居)委会", "villages.all"),
        ("村（社区）", "villages.all"),
        ("市直各单位", "departments.all"),
        ("市直有关单位", "departments.concerned"),
        ("市直其他单位", "departments.others"),
        ("市级各部门", "departments.all"),
        ("市直机关各单位", "departments.all"),
        ("直属各单位", "departments.all"),
        ("直属有关单位", "departments.concerned"),
        ("各市直单位", "departments.all"),
        ("市各有关单位", "departments.concerned"),
        ("安澜市直各单位", "departments.all"),
        ("市府直属各部门", "government_departments.all"),
        ("区政府各部门", "government_departments.all"),
        ("区政府有关部门", "government_departments.concerned"),
        ("区政府其他部门", "government_departments.others"),
        ("各有关单位", "units.concerned"),
        ("相关单位", "units.concerned"),
        ("各责任单位", "units.concerned"),
        ("各单位", "units.all"),
        ("其他单位", "units.others"),
        ("涉及26个领域的有关单位", "units.concerned"),
        ("涉及政务公开标准化的部门", "units.concerned"),
        ("各科室", "sections.all"),
        ("各级各部门", "all_levels.all"),
        ("各地各有关部门", "all_levels.concerned"),
        ("各县（市、区）有关部门", "all_levels.concerned"),
        ("驻市各单位", "vertical.all"),
        ("各公共企事业单位", "institutions.all"),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(name, wanted)| {
            let found =
                recognise(name, Some("安澜市")).map_or("—".to_owned(), |found| found.to_string());
            (found != *wanted).then(|| format!("{name}: {found}, not {wanted}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_organs_own_name_is_no_collective() {
    for name in [
        "市政府",
        "区政府",
        "镇政府",
        "市财政局",
        "市直属机关工作委员会",
        "市政府办公室",
        "区委办公室",
        "社区",
        "街道",
        "市机关事务管理局",
        "各",
        "单位",
        "涉及",
        "",
        "有关规定要求各地认真贯彻落实",
    ] {
        assert_eq!(recognise(name, Some("安澜市")), None, "{name}");
    }
}

#[test]
fn units_of_another_level_are_for_a_person_to_settle() {
    let city = directory(city());
    let doubted = |directory: &Directory, name: &str| {
        let found = directory.find(name);
        let found = found
            .first()
            .unwrap_or_else(|| panic!("{name} is a collective"));
        (found.certainty == Certainty::Doubtful, found.note.clone())
    };
    for name in [
        "市政府各部门",
        "市直各单位",
        "市直其他单位",
        "安澜市政府各部门",
    ] {
        assert!(!doubted(&city, name).0, "{name}");
    }
    for name in [
        "县政府各部门",
        "县直各单位",
        "区直其他单位",
        "省直各单位",
        "市、县直各单位",
    ] {
        let (doubted, note) = doubted(&city, name);
        assert!(
            doubted && note.contains("请确认指哪些单位"),
            "{name}: {note}"
        );
    }
    // A county that is called a city says 市直各单位 of its own.
    let home = organ(1, None, "河源市人民政府", Level::County, Kind::Government);
    let bureau = organ(
        2,
        Some(&home),
        "河源市财政局",
        Level::County,
        Kind::Department,
    );
    let county = directory(vec![home, bureau]);
    assert!(!doubted(&county, "市直各单位").0);
    assert!(doubted(&county, "省直各单位").0);
}

#[test]
fn built_in_rules_have_the_members_that_their_names_promise() {
    let directory = directory(city());
    let members = |code: &str, named: &[OrganId]| -> Vec<String> {
        directory
            .expand(&code.parse().unwrap(), named)
            .into_iter()
            .map(|id| directory.entry(id).unwrap().name.clone())
            .collect()
    };
    assert_eq!(
        members("@counties.all", &[]),
        ["清河区人民政府", "云岭县人民政府"]
    );
    assert_eq!(members("@counties_and_zones.all", &[]).len(), 3);
    assert_eq!(
        members("@towns_and_streets.all", &[]),
        ["青禾镇人民政府", "东湖街道办事处"]
    );
    assert_eq!(
        members("@villages.all", &[]),
        ["桃源村村民委员会", "河口社区居民委员会"]
    );
    let departments = [
        "安澜市人民政府办公室",
        "安澜市财政局",
        "安澜市司法局",
        "安澜市医疗保障局",
        "安澜市税务局",
    ];
    assert_eq!(members("@departments.all", &[]), departments);
    assert_eq!(members("@government_departments.all", &[]).len(), 4);
    let finance = OrganId::new(Uuid::from_u128(3));
    assert_eq!(members("@departments.others", &[finance]).len(), 4);
    assert_eq!(
        members("@departments.all", &[finance]).len(),
        5,
        "named ones count only for 其他"
    );
    assert_eq!(
        members("@departments.concerned", &[]),
        [""; 0],
        "the office has to pick"
    );
    assert_eq!(members("@all_levels.all", &[]).len(), 8);
}

#[test]
fn the_office_adds_bars_and_narrows() {
    let directory = directory(city());
    let [party, tax, qinghe] = [7, 6, 10].map(|number| OrganId::new(Uuid::from_u128(number)));
    let mut rule = Builtin {
        family: Family::Departments,
        extent: Extent::All,
    }
    .default_rule(Level::City);
    rule.include = vec![party];
    rule.exclude = vec![tax];
    let members = expand(&rule, &directory, &[]);
    assert!(members.contains(&party) && !members.contains(&tax));
    let below = Rule {
        groups: vec![Group {
            level: Level::County,
            kind: Kind::Department,
        }],
        under: Some(qinghe),
        ..Rule::default()
    };
    assert_eq!(
        expand(&below, &directory, &[]),
        [OrganId::new(Uuid::from_u128(13))]
    );
    let gone = Rule {
        under: Some(OrganId::new(Uuid::from_u128(999))),
        ..below
    };
    assert!(
        expand(&gone, &directory, &[]).is_empty(),
        "a branch that is gone has no members"
    );
}

#[test]
fn keys_and_rules_survive_the_store() {
    for family in Family::ALL {
        for extent in Extent::ALL {
            let key = CollectiveKey::Builtin(Builtin {
                family: *family,
                extent: *extent,
            });
            assert_eq!(key.to_string().parse(), Ok(key.clone()));
            assert_eq!(
                serde_json::from_value::<CollectiveKey>(serde_json::json!(key)).unwrap(),
                key
            );
        }
    }
    assert!("@nobody.all".parse::<CollectiveKey>().is_err());
    assert!("no uuid".parse::<CollectiveKey>().is_err());
    let rule: Rule = serde_json::from_str("{}").unwrap();
    assert_eq!(rule, Rule::default());
}

#[test]
fn every_title_is_a_wording_of_its_own_collective() {
    for level in [Level::City, Level::County] {
        for family in Family::ALL {
            for extent in Extent::ALL {
                let builtin = Builtin {
                    family: *family,
                    extent: *extent,
                };
                let title = builtin.title(level);
                assert_eq!(recognise(&title, None), Some(builtin), "{title}");
            }
        }
    }
}

#[test]
fn a_merged_organs_name_leads_to_its_successor() {
    let mut organs = city();
    let heir = organs[1].id;
    organs[2].status = Status::Merged;
    organs[2].successor = Some(heir);
    organs[2].aliases = vec![Alias {
        text: "市司法行政局".into(),
        kind: AliasKind::Former,
    }];
    let directory = directory(organs);
    let found = directory.find("市司法行政局");
    assert_eq!(found[0].target, crate::organ::Target::Organ(heir));
    assert_eq!(found[0].kind, crate::organ::MatchKind::Former);
}

fn statuses() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(0..3_u8, 15)
}

proptest! {
    #[test]
    fn members_are_always_in_use_each_once_and_never_the_government_by_rule(states in statuses(), picked in proptest::collection::vec(1..32_u128, 0..6), manual: bool, except_named: bool) {
        let mut organs = city();
        for (organ, state) in organs.iter_mut().zip(&states) {
            // The government itself stays: it is the directory.
            if organ.parent.is_some() {
                organ.status = [Status::Active, Status::Merged, Status::Dissolved][usize::from(*state)];
            }
        }
        let active: Vec<OrganId> = organs.iter().filter(|organ| organ.is_active()).map(|organ| organ.id).collect();
        let directory = directory(organs);
        let ids: Vec<OrganId> = picked.iter().map(|number| OrganId::new(Uuid::from_u128(*number))).collect();
        for family in Family::ALL {
            let rule = Rule {
                include: ids.clone(),
                manual,
                except_named,
                ..Builtin { family: *family, extent: Extent::All }.default_rule(Level::City)
            };
            let members = expand(&rule, &directory, &ids);
            let mut once = members.clone();
            once.sort();
            once.dedup();
            prop_assert_eq!(once.len(), members.len());
            prop_assert!(members.iter().all(|id| active.contains(id)));
            if except_named {
                prop_assert!(members.iter().all(|id| !ids.contains(id)));
            }
        }
    }

    #[test]
    fn wordings_never_panic(text in "[各县市区（）、政府人民镇街道村社区直属单位部门有关其他涉及领域]{0,30}") {
        let _ = recognise(&text, Some("安澜市"));
    }
}

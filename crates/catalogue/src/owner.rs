//! 公开主体: who owes an entry, read from the words of the catalogue. Pure.
//!
//! An entry of a government holds below it, but not everybody below it publishes: the column 公开层级 says at which
//! levels, the column 公开主体 by whom. A unit's own entry is its own.

use gongkai_basis::id::OrganId;
use gongkai_platform::organ::{Kind, Level, Organ};

use crate::entry::{Entry, Words};

/// What a catalogue calls governments without naming one: the words, and their level; `None` for every level.
const GOVERNMENTS: [(&str, Option<Level>); 17] = [
    ("人民政府", None),
    ("政府", None),
    ("省人民政府", Some(Level::Province)),
    ("省政府", Some(Level::Province)),
    ("市人民政府", Some(Level::City)),
    ("市政府", Some(Level::City)),
    ("县人民政府", Some(Level::County)),
    ("县政府", Some(Level::County)),
    ("县（市、区）人民政府", Some(Level::County)),
    ("县（市、区）政府", Some(Level::County)),
    ("乡镇人民政府", Some(Level::Town)),
    ("乡镇政府", Some(Level::Town)),
    ("乡（镇）人民政府", Some(Level::Town)),
    ("镇人民政府", Some(Level::Town)),
    ("乡镇", Some(Level::Town)),
    ("街道办事处", Some(Level::Town)),
    ("街道", Some(Level::Town)),
];

/// What a catalogue calls all departments of a government.
const DEPARTMENTS: [&str; 10] = [
    "部门",
    "单位",
    "政府部门",
    "人民政府部门",
    "工作部门",
    "有关部门",
    "相关部门",
    "行政机关",
    "市直单位",
    "县直单位",
];

/// Words that say how many, not who.
const QUANTIFIERS: [&str; 6] = ["地方", "各级", "本级", "同级", "各", "所属"];
/// A level before the name of a department or a government: 县级教育行政部门, 区人民政府. Longer words stand before those that
/// they begin with.
const LEVELS: [(&str, Level); 20] = [
    ("省级", Level::Province),
    ("设区的市级", Level::City),
    ("设区的市", Level::City),
    ("设区市", Level::City),
    ("市辖区", Level::County),
    ("市级", Level::City),
    ("县（市、区）级", Level::County),
    ("县（市、区）", Level::County),
    ("县（区）", Level::County),
    ("县区级", Level::County),
    ("县区", Level::County),
    ("县级", Level::County),
    ("区级", Level::County),
    ("乡镇级", Level::Town),
    ("乡级", Level::Town),
    ("镇级", Level::Town),
    ("省", Level::Province),
    ("市", Level::City),
    ("县", Level::County),
    ("区", Level::County),
];
/// Words that join the parts of a name, which the lists of ministries and the names of organs set or leave out:
/// 人力资源社会保障部门 is 人力资源和社会保障局.
const JOINTS: [char; 3] = ['和', '与', '及'];
const ENDINGS: [&str; 9] = [
    "行政主管部门",
    "行政部门",
    "主管部门",
    "部门",
    "委员会",
    "局",
    "委",
    "厅",
    "机构",
];

/// The word of the column 公开层级 for a level of organs.
const fn level_word(level: Level) -> &'static str {
    match level {
        Level::Province => "省级",
        Level::City => "市级",
        Level::County => "县级",
        Level::Town | Level::Village | Level::Section => "乡级",
    }
}

/// May this organ owe anything at all? What stands inside a unit, and what is no administrative organ, does not.
#[must_use]
pub fn publishes(unit: &Organ) -> bool {
    let inside = matches!(unit.level, Level::Section | Level::Village);
    let other = matches!(
        unit.kind,
        Kind::Section | Kind::Village | Kind::Community | Kind::Party | Kind::Coordinating
    );
    unit.is_active() && !inside && !other
}

/// Does an entry that holds in this unit oblige the unit itself?
#[must_use]
pub fn owes(entry: &Entry, unit: &Organ) -> bool {
    obliges(entry.organ, &entry.words, unit)
}

/// Would an entry of `organ` with these words oblige a unit in which it holds?
#[must_use]
pub fn obliges(organ: OrganId, words: &Words, unit: &Organ) -> bool {
    if !publishes(unit) {
        return false;
    }
    // A department's own entry, and a town's, whose offices are no organs of their own, is nobody else's.
    if organ == unit.id && (!unit.kind.governs() || unit.level == Level::Town) {
        return true;
    }
    let levels = words
        .levels
        .split('、')
        .any(|one| one == level_word(unit.level));
    levels && names(&words.publisher, unit)
}

/// Is the unit one of those that the words name?
fn names(publisher: &str, unit: &Organ) -> bool {
    clauses(publisher)
        .iter()
        .any(|clause| is_named(clause, unit))
}

/// Parts of an enumeration; what stands in brackets belongs to its word: 县（市、区）政府.
fn clauses(publisher: &str) -> Vec<String> {
    let (mut found, mut clause, mut depth) = (Vec::new(), String::new(), 0_i32);
    for sign in publisher.chars() {
        match sign {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            _ => {}
        }
        let parts = matches!(sign, '、' | '，' | ',' | '；' | ';' | '/' | '\n');
        if parts && depth <= 0 {
            found.push(std::mem::take(&mut clause));
        } else {
            clause.push(sign);
        }
    }
    found.push(clause);
    found
        .into_iter()
        .map(|clause| clause.trim().to_owned())
        .filter(|clause| !clause.is_empty())
        .collect()
}

/// Every name of a unit: its own, the short one, and others that lead to it.
fn names_of(unit: &Organ) -> impl Iterator<Item = &str> {
    let aliases = unit.aliases.iter().map(|alias| alias.text.as_str());
    let own = std::iter::once(unit.name.as_str());
    own.chain(unit.short_name.as_deref()).chain(aliases)
}

fn is_named(clause: &str, unit: &Organ) -> bool {
    if names_of(unit).any(|name| name == clause) {
        return true;
    }
    // 乡镇人民政府（街道办事处） names both.
    if let Some((outer, inner)) = clause
        .strip_suffix('）')
        .and_then(|clause| clause.rsplit_once('（'))
    {
        return is_named(outer, unit) || names(inner, unit);
    }
    let plain = unquantified(clause);
    if let Some(named) = as_whole(plain, unit) {
        return named;
    }
    // 市场监督管理部门 begins with no level.
    if !unit.kind.governs() && is_department(plain, unit) {
        return true;
    }
    let Some(plain) = behind_level(plain, unit.level) else {
        return false;
    };
    // What stands behind a level may be a government or all departments again: 县级以上地方各级人民政府.
    as_whole(plain, unit).unwrap_or_else(|| !unit.kind.governs() && is_department(plain, unit))
}

/// Whether a unit is among the governments or all the departments that a word means; `None` where it means neither.
fn as_whole(plain: &str, unit: &Organ) -> Option<bool> {
    if let Some((_, level)) = GOVERNMENTS.iter().find(|(word, _)| *word == plain) {
        return Some(unit.kind.governs() && level.is_none_or(|level| level == unit.level));
    }
    DEPARTMENTS.contains(&plain).then(|| !unit.kind.governs())
}

/// Without the words that say how many.
fn unquantified(text: &str) -> &str {
    QUANTIFIERS
        .iter()
        .fold(text, |rest, word| rest.strip_prefix(word).unwrap_or(rest))
}

/// What stands behind the words for a level that a unit of `level` has; `None` where there are none, or of another level.
fn behind_level(plain: &str, level: Level) -> Option<&str> {
    let (rest, named) = LEVELS
        .iter()
        .find_map(|(word, named)| Some((plain.strip_prefix(word)?, *named)))?;
    match rest.strip_prefix("以上") {
        // Levels count from the province down.
        Some(rest) => (level <= named).then(|| unquantified(rest)),
        None => (level == named).then_some(rest),
    }
}

/// Does the word for a department name this unit by one of its names?
fn is_department(plain: &str, unit: &Organ) -> bool {
    // 县级以上人民政府教育行政部门 is 教育行政部门; an office of a government is no department and keeps its whole name.
    let plain = match plain.strip_prefix("人民政府") {
        Some(rest) if rest.ends_with("部门") => rest,
        Some(_) | None => plain,
    };
    let stem = ENDINGS
        .iter()
        .find_map(|ending| plain.strip_suffix(ending))
        .unwrap_or(plain)
        .replace(JOINTS, "");
    // 安澜市人民政府办公室 is no 民政部门.
    let plain = |name: &str| name.replace("人民政府", "").replace(JOINTS, "");
    stem.chars().count() >= 2 && names_of(unit).any(|name| plain(name).contains(&stem))
}

#[cfg(test)]
mod tests {
    use gongkai_platform::organ::{Alias, AliasKind, Status};
    use uuid::Uuid;

    use super::*;
    use crate::entry::tests::entry;

    fn unit(number: u128, name: &str, level: Level, kind: Kind) -> Organ {
        Organ {
            id: OrganId::new(Uuid::from_u128(number)),
            parent: None,
            path: String::new(),
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

    fn units() -> Vec<Organ> {
        vec![
            unit(1, "安澜市人民政府", Level::City, Kind::Government),
            unit(2, "安澜市财政局", Level::City, Kind::Department),
            unit(3, "安澜市教育局", Level::City, Kind::Department),
            unit(4, "云岭县人民政府", Level::County, Kind::Government),
            unit(5, "云岭县教育局", Level::County, Kind::Department),
            unit(6, "青禾镇人民政府", Level::Town, Kind::Government),
            unit(7, "青禾镇财政所", Level::Town, Kind::Section),
            unit(8, "云岭县人民政府办公室", Level::County, Kind::Office),
            unit(9, "云岭县民政局", Level::County, Kind::Department),
        ]
    }

    fn who(levels: &str, publisher: &str) -> Vec<String> {
        let mut entry = entry(99);
        entry.words.levels = levels.to_owned();
        entry.words.publisher = publisher.to_owned();
        let owing = units().into_iter().filter(|unit| owes(&entry, unit));
        owing.map(|unit| unit.name).collect()
    }

    #[test]
    fn the_words_of_catalogues_name_their_publishers() {
        let all = "省级、市级、县级、乡级";
        assert_eq!(who(all, "市财政局"), ["安澜市财政局"]);
        assert_eq!(who(all, "安澜市财政局"), ["安澜市财政局"]);
        assert_eq!(who(all, "教育行政部门"), ["安澜市教育局", "云岭县教育局"]);
        assert_eq!(who("县级", "教育行政部门"), ["云岭县教育局"]);
        assert_eq!(who(all, "县级教育行政部门"), ["云岭县教育局"]);
        assert_eq!(
            who(all, "各级人民政府"),
            ["安澜市人民政府", "云岭县人民政府", "青禾镇人民政府"]
        );
        assert_eq!(
            who("县级、乡级", "县（市、区）人民政府、乡镇人民政府"),
            ["云岭县人民政府", "青禾镇人民政府"]
        );
        assert_eq!(who("市级", "各部门"), ["安澜市财政局", "安澜市教育局"]);
        assert_eq!(who(all, "民政部门"), ["云岭县民政局"]);
        assert_eq!(
            who("县级", "县政府办公室"),
            [""; 0],
            "it is no name of its own"
        );
        assert_eq!(who(all, "东渚区人民政府"), [""; 0]);
        assert_eq!(who("乡级", "财政部门"), [""; 0], "a section is no organ");
    }

    #[test]
    fn levels_stand_before_governments_and_departments_alike() {
        let all = "省级、市级、县级、乡级";
        let county = ["云岭县人民政府"];
        for words in ["县级人民政府", "区人民政府", "区政府", "县区人民政府"] {
            assert_eq!(who(all, words), county, "{words}");
        }
        for words in [
            "县级以上人民政府",
            "县级以上地方人民政府",
            "县级以上地方各级人民政府",
        ] {
            let both = ["安澜市人民政府", "云岭县人民政府"];
            assert_eq!(who(all, words), both, "{words}");
        }
        let education = ["安澜市教育局", "云岭县教育局"];
        assert_eq!(who(all, "县级以上人民政府教育行政部门"), education);
        assert_eq!(who(all, "市级以上教育部门"), ["安澜市教育局"]);
        assert_eq!(who(all, "县级部门").len(), 3);
        // 市 is the beginning of its name here, and no level.
        let market = unit(11, "云岭县市场监督管理局", Level::County, Kind::Department);
        let mut of_market = entry(99);
        of_market.words.levels = all.to_owned();
        of_market.words.publisher = "市场监督管理部门".to_owned();
        assert!(owes(&of_market, &market));
        let towns = who(all, "乡镇人民政府（街道办事处）");
        assert_eq!(towns, ["青禾镇人民政府"]);
    }

    #[test]
    fn a_department_is_known_by_each_of_its_names_with_and_without_joints() {
        let mut bureau = unit(
            10,
            "安澜市人力资源和社会保障局",
            Level::City,
            Kind::Department,
        );
        bureau.short_name = Some("市人社局".to_owned());
        bureau.aliases = vec![Alias {
            text: "安澜市劳动和社会保障局".to_owned(),
            kind: AliasKind::Former,
        }];
        let named = |words: &str| {
            let mut entry = entry(99);
            entry.words.levels = "市级".to_owned();
            entry.words.publisher = words.to_owned();
            owes(&entry, &bureau)
        };
        for words in [
            "人力资源社会保障部门",
            "人力资源和社会保障部门",
            "人社部门",
            "劳动保障部门、劳动和社会保障部门",
            "市级人力资源社会保障部门",
        ] {
            assert!(named(words), "{words}");
        }
        for words in ["住房城乡建设部门", "县级人力资源社会保障部门", "部门和"]
        {
            assert!(!named(words), "{words}");
        }
    }

    #[test]
    fn an_entry_of_its_own_obliges_a_department_and_a_town_whatever_it_says() {
        for (number, owed) in [(2, true), (6, true), (1, false), (7, false)] {
            let mut entry = entry(number);
            entry.words.levels = "县级".to_owned();
            entry.words.publisher = "县教育局".to_owned();
            let all = units();
            let unit = all
                .iter()
                .find(|unit| unit.id == entry.organ)
                .expect("a unit");
            assert_eq!(owes(&entry, unit), owed, "{}", unit.name);
        }
    }
}

//! 考核分类: a county's government is not ranked against a bureau of the city, nor a bureau against a water company. A scheme
//! names its classes, and which organs belong to each by what they are or by hand; ranks are told within a class. Pure.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::id::OrganId;
use gongkai_platform::organ::{Kind, Level};
use serde::{Deserialize, Serialize};

use super::points::Points;

/// Classes of one scheme.
pub const CLASSES_MAX: usize = 12;
const NAME_CHARS_MAX: usize = 40;
/// What the units of no class are called.
pub const UNCLASSED: &str = "未分类";

/// What an organ is: its level, its kind, or both, as 县级, 工作部门, 县级政府.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
}

impl Sort {
    /// Reads what [`Sort::text`] writes, or another word that lists of organs use.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        let (level, kind) = (Level::from_word(word), Kind::from_word(word));
        match (level, kind) {
            // 街道 is both; as a kind it says more.
            (_, Some(_)) => Some(Self { level: None, kind }),
            (Some(_), None) => Some(Self { level, kind: None }),
            (None, None) => word.char_indices().find_map(|(at, _)| {
                let (level, kind) = word.split_at_checked(at)?;
                Some(Self {
                    level: Some(Level::from_word(level)?),
                    kind: Some(Kind::from_word(kind)?),
                })
            }),
        }
    }

    #[must_use]
    pub fn text(self) -> String {
        let level = self.level.map_or("", Level::name);
        let kind = self.kind.map_or("", Kind::name);
        format!("{level}{kind}")
    }

    fn is(self, level: Level, kind: Kind) -> bool {
        (self.level.is_some() || self.kind.is_some())
            && self.level.is_none_or(|own| own == level)
            && self.kind.is_none_or(|own| own == kind)
    }
}

/// Units that are ranked among themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    pub name: String,
    /// Which organs belong here by what they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sorts: Vec<Sort>,
    /// Which were put here by hand, whatever they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<OrganId>,
    /// Of a period's scheme: the units that belonged here when scores were computed, so that ranks follow from what was
    /// kept, whatever became of an organ since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<OrganId>,
}

impl Class {
    /// `工作部门、直属机构、市供水集团`; `names` are of the units that stand here by hand.
    #[must_use]
    pub fn text(&self, names: &BTreeMap<OrganId, String>) -> String {
        let sorts = self.sorts.iter().map(|sort| sort.text());
        let units = self
            .units
            .iter()
            .filter_map(|unit| names.get(unit).cloned());
        sorts.chain(units).collect::<Vec<_>>().join("、")
    }
}

/// The classes as people write them, each a line: `市直部门：工作部门、直属机构`.
#[must_use]
pub fn text(classes: &[Class], names: &BTreeMap<OrganId, String>) -> String {
    let lines = classes
        .iter()
        .map(|class| format!("{}：{}", class.name, class.text(names)));
    lines.collect::<Vec<_>>().join("\n")
}

/// The lines of a text: the name of each class, and the words after it.
fn lines(text: &str) -> impl Iterator<Item = (&str, Vec<&str>)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| {
        let (name, words) = line.split_once(['：', ':']).unwrap_or((line, ""));
        let words = words.split(['、', '，', ',', '；', ';']).map(str::trim);
        let words = words.filter(|word| !word.is_empty());
        (name.trim(), words.collect())
    })
}

/// The words of a text that say no sort of organ: names of units, to be looked up.
#[must_use]
pub fn names(text: &str) -> Vec<String> {
    let words = lines(text).flat_map(|(_, words)| words);
    let names: BTreeSet<&str> = words.filter(|word| Sort::read(word).is_none()).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// Reads what [`text`] writes. `known` are the organs of the directory with the names that stand in it. Gives what cannot be
/// read as sentences.
#[must_use]
pub fn read(text: &str, known: &[(OrganId, String)]) -> (Vec<Class>, Vec<String>) {
    let (mut classes, mut wrong) = (Vec::new(), Vec::new());
    for (name, words) in lines(text) {
        let mut class = Class {
            name: name.to_owned(),
            ..Class::default()
        };
        for word in words {
            if let Some(sort) = Sort::read(word) {
                class.sorts.push(sort);
                continue;
            }
            let named = known.iter().filter(|(_, name)| name == word);
            let named: Vec<OrganId> = named.map(|(organ, _)| *organ).collect();
            match named.as_slice() {
                [organ] => class.units.push(*organ),
                [] => wrong.push(format!(
                    "考核分类“{name}”：“{word}”不是机关的级别或类型（如“县级政府”“工作部门”），机关名录里也没有这个单位。"
                )),
                _ => wrong.push(format!(
                    "考核分类“{name}”：机关名录里有几个单位都叫“{word}”，请改用级别和类型归类。"
                )),
            }
        }
        classes.push(class);
    }
    (classes, wrong)
}

/// What makes them no classes, all at once.
#[must_use]
pub fn faults(classes: &[Class]) -> Vec<String> {
    let mut faults = Vec::new();
    if classes.len() > CLASSES_MAX {
        faults.push(format!("考核分类最多{CLASSES_MAX}类。"));
    }
    let (mut names, mut placed) = (BTreeSet::new(), BTreeSet::new());
    for class in classes {
        let name = class.name.trim();
        if name.is_empty() || name == UNCLASSED || name.chars().count() > NAME_CHARS_MAX {
            faults.push(format!(
                "考核分类“{name}”：请填写{NAME_CHARS_MAX}字以内的名称，不能叫“{UNCLASSED}”。"
            ));
        }
        if !names.insert(name) {
            faults.push(format!("考核分类“{name}”写了两次，请合成一行。"));
        }
        if class.sorts.is_empty() && class.units.is_empty() {
            faults.push(format!(
                "考核分类“{name}”：请在冒号后写明归入哪些单位，如“{name}：工作部门、直属机构”。"
            ));
        }
        if class.units.iter().any(|unit| !placed.insert(*unit)) {
            faults.push(format!(
                "考核分类“{name}”：有的单位按名称写了两次，每个单位只能归入一类。"
            ));
        }
    }
    faults
}

/// To which class an organ belongs: by hand before what it is, and then the first that fits.
#[must_use]
pub fn of(classes: &[Class], (organ, level, kind): (OrganId, Level, Kind)) -> Option<usize> {
    let by_hand = classes.iter().position(|one| one.units.contains(&organ));
    by_hand.or_else(|| {
        let fits = |one: &Class| one.sorts.iter().any(|sort| sort.is(level, kind));
        classes.iter().position(fits)
    })
}

/// Notes to which class these organs belong now.
pub fn settle(classes: &mut [Class], organs: &[(OrganId, Level, Kind)]) {
    for organ in organs {
        let nth = of(classes, *organ);
        if let Some(class) = nth.and_then(|nth| classes.get_mut(nth)) {
            class.members.push(organ.0);
        }
    }
}

/// Forgets who belonged to them.
pub fn unsettle(classes: &mut [Class]) {
    for class in classes {
        class.members.clear();
    }
}

/// Who belongs to which class, as it was noted.
#[must_use]
pub fn places(classes: &[Class]) -> BTreeMap<OrganId, usize> {
    let members = classes.iter().enumerate().flat_map(|(nth, class)| {
        let members = class.members.iter();
        members.map(move |organ| (*organ, nth))
    });
    members.collect()
}

/// The name of a class, by its place; of units without one, what they are called. Empty where a scheme has no classes.
#[must_use]
pub fn name(classes: &[Class], nth: Option<usize>) -> &str {
    if classes.is_empty() {
        return "";
    }
    let class = nth.and_then(|nth| classes.get(nth));
    class.map_or(UNCLASSED, |class| class.name.as_str())
}

/// What a unit has in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub organ: OrganId,
    pub total: Points,
    pub grade: String,
}

/// A unit's place among those of its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    pub organ: OrganId,
    /// `None`: of no class.
    pub class: Option<usize>,
    /// From 1; equal totals share one.
    pub rank: usize,
    /// How many units the class has.
    pub among: usize,
}

/// Everybody's place, class after class, the best first; those of no class come last and are ranked among themselves.
/// `totals` are highest first.
#[must_use]
pub fn ranked(classes: &[Class], totals: &[Total]) -> Vec<Ranked> {
    let places = places(classes);
    let mut groups: Vec<Vec<&Total>> = vec![Vec::new(); classes.len() + 1];
    for total in totals {
        let nth = places.get(&total.organ).copied().unwrap_or(classes.len());
        if let Some(group) = groups.get_mut(nth) {
            group.push(total);
        }
    }
    let mut all = Vec::with_capacity(totals.len());
    for (nth, group) in groups.iter().enumerate() {
        for own in group {
            all.push(Ranked {
                organ: own.organ,
                class: (nth < classes.len()).then_some(nth),
                rank: group.partition_point(|other| other.total > own.total) + 1,
                among: group.len(),
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> OrganId {
        OrganId::new(uuid::Uuid::from_u128(n))
    }

    const TEXT: &str = "县（市、区）政府：县级政府\n市直部门：市级工作部门、直属机构\n公共企事业单位：企事业单位、市供水办";

    #[test]
    fn classes_are_written_as_they_are_read() {
        assert_eq!(names(TEXT), ["市供水办"]);
        let known = [(id(7), "市供水办".to_owned())];
        let (classes, wrong) = read(TEXT, &known);
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(faults(&classes), Vec::<String>::new());
        let names = known.into_iter().collect();
        assert_eq!(text(&classes, &names), TEXT);
        let json = serde_json::to_string(&classes).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Class>>(&json).unwrap(), classes);
    }

    #[test]
    fn every_sort_is_read_as_it_is_written() {
        for kind in Kind::ALL {
            for level in Level::ALL.iter().copied().map(Some).chain([None]) {
                let sort = Sort {
                    level,
                    kind: Some(*kind),
                };
                assert_eq!(Sort::read(&sort.text()), Some(sort), "{}", sort.text());
            }
        }
        assert_eq!(Sort::read("县级").and_then(|sort| sort.kind), None);
        assert_eq!(Sort::read("市供水办"), None);
    }

    #[test]
    fn what_is_no_class_is_said_all_at_once() {
        let (classes, wrong) = read("甲：工作部门、没有这个单位\n甲：政府\n乙", &[]);
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(faults(&classes).len(), 2, "{:?}", faults(&classes));
        let twice = [
            (id(7), "市供水办".to_owned()),
            (id(8), "市供水办".to_owned()),
        ];
        let (_, wrong) = read("甲：市供水办", &twice);
        assert!(wrong[0].contains("有几个单位都叫"), "{wrong:?}");
    }

    #[test]
    fn by_hand_goes_before_what_an_organ_is() {
        let (classes, _) = read(TEXT, &[(id(7), "市供水办".to_owned())]);
        let of = |n, level, kind| of(&classes, (id(n), level, kind));
        assert_eq!(of(1, Level::County, Kind::Government), Some(0));
        assert_eq!(of(2, Level::City, Kind::Department), Some(1));
        assert_eq!(of(3, Level::County, Kind::Department), None);
        assert_eq!(of(7, Level::City, Kind::Department), Some(2));
    }

    #[test]
    fn ranks_are_told_within_a_class() {
        let (mut classes, _) = read(TEXT, &[]);
        let organs = [
            (id(1), Level::County, Kind::Government),
            (id(2), Level::City, Kind::Department),
            (id(3), Level::City, Kind::Department),
            (id(4), Level::Town, Kind::Town),
            (id(5), Level::City, Kind::DirectAgency),
        ];
        let total = |n, points| Total {
            organ: id(n),
            total: Points(points),
            grade: String::new(),
        };
        let totals = [
            total(2, 95),
            total(4, 90),
            total(3, 80),
            total(5, 80),
            total(1, 70),
        ];
        let plain: Vec<_> = ranked(&[], &totals)
            .iter()
            .map(|one| (one.organ, one.rank))
            .collect();
        assert_eq!(
            plain,
            [(id(2), 1), (id(4), 2), (id(3), 3), (id(5), 3), (id(1), 5)]
        );
        settle(&mut classes, &organs);
        let within: Vec<_> = ranked(&classes, &totals)
            .iter()
            .map(|one| (one.organ, one.class, one.rank, one.among))
            .collect();
        assert_eq!(
            within,
            [
                (id(1), Some(0), 1, 1),
                (id(2), Some(1), 1, 3),
                (id(3), Some(1), 2, 3),
                (id(5), Some(1), 2, 3),
                (id(4), None, 1, 1),
            ]
        );
        unsettle(&mut classes);
        assert!(places(&classes).is_empty());
    }
}

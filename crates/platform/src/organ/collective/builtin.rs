//! The collectives that every plan uses, and who belongs to them until the office says otherwise.

use std::fmt;
use std::str::FromStr;

use super::{CollectiveKeyError, Group, Rule};
use crate::organ::{Kind, Level};

/// Whom a collective is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// 各市（州）政府
    Cities,
    /// 各县（市、区）政府
    Counties,
    /// 各县（市、区）政府（管委会）
    CountiesAndZones,
    /// 各功能区管委会
    Zones,
    /// 各镇（街道）
    TownsAndStreets,
    /// 各镇人民政府
    Towns,
    /// 各街道办事处
    Streets,
    /// 各村（社区）
    Villages,
    /// 市直各单位
    Departments,
    /// 市政府各部门
    GovernmentDepartments,
    /// 各单位
    Units,
    /// 各科室
    Sections,
    /// 各级各部门
    AllLevels,
    /// 驻市各单位
    Vertical,
    /// 各公共企事业单位
    Institutions,
}

/// How many of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// 各
    All,
    /// 其他
    Others,
    /// 有关
    Concerned,
}

/// A collective that the program knows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Builtin {
    pub family: Family,
    pub extent: Extent,
}

impl Family {
    pub const ALL: &'static [Self] = &[
        Self::Cities,
        Self::Counties,
        Self::CountiesAndZones,
        Self::Zones,
        Self::TownsAndStreets,
        Self::Towns,
        Self::Streets,
        Self::Villages,
        Self::Departments,
        Self::GovernmentDepartments,
        Self::Units,
        Self::Sections,
        Self::AllLevels,
        Self::Vertical,
        Self::Institutions,
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::Cities => "cities",
            Self::Counties => "counties",
            Self::CountiesAndZones => "counties_and_zones",
            Self::Zones => "zones",
            Self::TownsAndStreets => "towns_and_streets",
            Self::Towns => "towns",
            Self::Streets => "streets",
            Self::Villages => "villages",
            Self::Departments => "departments",
            Self::GovernmentDepartments => "government_departments",
            Self::Units => "units",
            Self::Sections => "sections",
            Self::AllLevels => "all_levels",
            Self::Vertical => "vertical",
            Self::Institutions => "institutions",
        }
    }
}

impl Extent {
    pub const ALL: &'static [Self] = &[Self::All, Self::Others, Self::Concerned];

    const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Others => "others",
            Self::Concerned => "concerned",
        }
    }
}

impl Builtin {
    /// What the collective is called in a directory of this level, such as 市直其他单位.
    #[must_use]
    pub fn title(self, home: Level) -> String {
        let mark = match home {
            Level::Province => "省",
            Level::City => "市",
            Level::County => "区（县）",
            Level::Town => "镇（街道）",
            Level::Village | Level::Section => "本单位",
        };
        let quantity = match self.extent {
            Extent::All => "各",
            Extent::Others => "其他",
            Extent::Concerned => "有关",
        };
        match self.family {
            Family::Cities => format!("{quantity}市（州）政府"),
            Family::Counties => format!("{quantity}县（市、区）政府"),
            Family::CountiesAndZones => format!("{quantity}县（市、区）政府（管委会）"),
            Family::Zones => format!("{quantity}功能区管委会"),
            Family::TownsAndStreets => format!("{quantity}镇（街道）"),
            Family::Towns => format!("{quantity}镇人民政府"),
            Family::Streets => format!("{quantity}街道办事处"),
            Family::Villages => format!("{quantity}村（社区）"),
            Family::Departments => format!("{mark}直{quantity}单位"),
            Family::GovernmentDepartments => format!("{mark}政府{quantity}部门"),
            Family::Units => match self.extent {
                Extent::Concerned => "各有关单位".to_owned(),
                Extent::All | Extent::Others => format!("{quantity}单位"),
            },
            Family::Sections => format!("{quantity}科室"),
            Family::AllLevels => match self.extent {
                Extent::All => "各级各部门".to_owned(),
                Extent::Others => "各级其他部门".to_owned(),
                Extent::Concerned => "各级各有关部门".to_owned(),
            },
            Family::Vertical => format!("驻{mark}{quantity}单位"),
            Family::Institutions => format!("{quantity}公共企事业单位"),
        }
    }

    /// Who belongs to it in a directory of this level, until the office changes the rule.
    #[must_use]
    pub fn default_rule(self, home: Level) -> Rule {
        Rule {
            groups: groups(self.family, home),
            except_named: self.extent == Extent::Others,
            manual: self.extent == Extent::Concerned,
            ..Rule::default()
        }
    }
}

fn groups(family: Family, home: Level) -> Vec<Group> {
    let of = |level: Level, kinds: &[Kind]| -> Vec<Group> {
        kinds
            .iter()
            .map(|kind| Group { level, kind: *kind })
            .collect()
    };
    let bureaus = [Kind::Office, Kind::Department, Kind::DirectAgency];
    let units = [
        Kind::Office,
        Kind::Department,
        Kind::DirectAgency,
        Kind::Dispatched,
        Kind::Vertical,
    ];
    let zones = [of(home, &[Kind::Zone]), of(Level::County, &[Kind::Zone])].concat();
    let mut groups = match family {
        Family::Cities => of(Level::City, &[Kind::Government]),
        Family::Counties => of(Level::County, &[Kind::Government]),
        Family::CountiesAndZones => [of(Level::County, &[Kind::Government]), zones].concat(),
        Family::Zones => zones,
        Family::TownsAndStreets => of(Level::Town, &[Kind::Town, Kind::Street]),
        Family::Towns => of(Level::Town, &[Kind::Town]),
        Family::Streets => of(Level::Town, &[Kind::Street]),
        Family::Villages => of(Level::Village, &[Kind::Village, Kind::Community]),
        Family::GovernmentDepartments => of(home, &bureaus),
        // A town or a bureau has its own sections for units.
        Family::Departments | Family::Units if matches!(home, Level::Town | Level::Section) => [
            of(home, &units),
            of(
                home,
                &[Kind::Institution, Kind::Coordinating, Kind::Section],
            ),
            of(Level::Section, &[Kind::Section, Kind::Office]),
        ]
        .concat(),
        Family::Departments | Family::Units => of(home, &units),
        Family::Sections => of(Level::Section, &[Kind::Section, Kind::Office]),
        Family::AllLevels => {
            let mut groups = of(home, &units);
            if let Some(below) = home.below() {
                groups.append(&mut of(
                    below,
                    &[Kind::Government, Kind::Zone, Kind::Town, Kind::Street],
                ));
            }
            groups
        }
        Family::Vertical => of(home, &[Kind::Vertical]),
        Family::Institutions => of(home, &[Kind::Institution]),
    };
    groups.sort();
    groups.dedup();
    groups
}

impl fmt::Display for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.family.code(), self.extent.code())
    }
}

impl FromStr for Builtin {
    type Err = CollectiveKeyError;

    fn from_str(text: &str) -> Result<Self, CollectiveKeyError> {
        let (family, extent) = text.split_once('.').ok_or(CollectiveKeyError)?;
        let family = Family::ALL.iter().find(|known| known.code() == family);
        let extent = Extent::ALL.iter().find(|known| known.code() == extent);
        match (family, extent) {
            (Some(family), Some(extent)) => Ok(Self {
                family: *family,
                extent: *extent,
            }),
            _ => Err(CollectiveKeyError),
        }
    }
}

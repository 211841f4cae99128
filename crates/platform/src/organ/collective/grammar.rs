//! The wordings of collectives: a name that is nothing but quantity, area and a general noun.

use super::{Builtin, Extent, Family};
use crate::organ::Level;
use crate::organ::fold::fold;

/// Longer names are sentences, not collectives.
const NAME_CHARS_MAX: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Each,
    Others,
    Concerned,
    /// 直, 直属, 属, 级: belongs to the government itself.
    Direct,
    /// 驻: kept here by a higher level.
    Stationed,
    /// 各级, 各地: whoever is below as well.
    Everywhere,
    Province,
    City,
    County,
    Town,
    Street,
    Village,
    Zone,
    ZoneOffice,
    Government,
    StreetOffice,
    VillageOffice,
    Unit,
    Section,
    Institution,
    Filler,
}

impl Word {
    const fn is_area(self) -> bool {
        matches!(
            self,
            Self::City | Self::County | Self::Town | Self::Street | Self::Village
        )
    }
}

/// Words of which collectives are made; a longer one stands before a shorter one that begins it.
const WORDS: &[(&str, &[Word])] = &[
    ("公共企事业单位", &[Word::Institution]),
    ("国有企事业单位", &[Word::Institution]),
    ("企事业单位", &[Word::Institution]),
    ("事业单位", &[Word::Institution]),
    ("国有企业", &[Word::Institution]),
    ("公用企业", &[Word::Institution]),
    ("村民委员会", &[Word::VillageOffice]),
    ("居民委员会", &[Word::VillageOffice]),
    ("镇街道办事处", &[Word::Town, Word::StreetOffice]),
    ("街道办事处", &[Word::StreetOffice]),
    ("管理委员会", &[Word::ZoneOffice]),
    ("人民政府", &[Word::Government]),
    ("内设机构", &[Word::Section]),
    ("工作机构", &[Word::Unit]),
    ("主管部门", &[Word::Unit]),
    ("职能部门", &[Word::Unit]),
    ("工作部门", &[Word::Unit]),
    ("成员单位", &[Word::Unit]),
    ("委办局", &[Word::Unit]),
    ("局委办", &[Word::Unit]),
    ("部委办局", &[Word::Unit]),
    ("街道办", &[Word::StreetOffice]),
    ("办事处", &[Word::StreetOffice]),
    ("管委会", &[Word::ZoneOffice]),
    ("村委会", &[Word::VillageOffice]),
    ("居委会", &[Word::VillageOffice]),
    ("县级市", &[Word::County]),
    ("自治县", &[Word::County]),
    ("自治州", &[Word::City]),
    ("地级市", &[Word::City]),
    ("开发区", &[Word::Zone]),
    ("功能区", &[Word::Zone]),
    ("高新区", &[Word::Zone]),
    ("经开区", &[Word::Zone]),
    ("新区", &[Word::Zone]),
    ("园区", &[Word::Zone]),
    ("政府", &[Word::Government]),
    ("部门", &[Word::Unit]),
    ("单位", &[Word::Unit]),
    ("机构", &[Word::Unit]),
    ("机关", &[Word::Unit]),
    ("科室", &[Word::Section]),
    ("股室", &[Word::Section]),
    ("处室", &[Word::Section]),
    ("站所", &[Word::Section]),
    ("直属", &[Word::Direct]),
    ("所属", &[Word::Direct]),
    ("下属", &[Word::Direct]),
    ("各级", &[Word::Everywhere]),
    ("各地", &[Word::Everywhere]),
    ("其他", &[Word::Others]),
    ("其它", &[Word::Others]),
    ("其余", &[Word::Others]),
    ("有关", &[Word::Concerned]),
    ("相关", &[Word::Concerned]),
    ("涉及", &[Word::Concerned]),
    ("责任", &[Word::Concerned]),
    ("牵头", &[Word::Concerned]),
    ("所有", &[Word::Each]),
    ("全部", &[Word::Each]),
    ("中省", &[Word::Filler]),
    ("省部", &[Word::Filler]),
    ("范围内", &[Word::Filler]),
    ("党工委", &[Word::Filler]),
    ("党委", &[Word::Filler]),
    ("镇街道", &[Word::Town, Word::Street]),
    ("镇街", &[Word::Town, Word::Street]),
    ("街道", &[Word::Street]),
    ("社区", &[Word::Village]),
    ("乡镇", &[Word::Town, Word::Town]),
    ("公司", &[Word::Institution]),
    ("企业", &[Word::Institution]),
    ("学校", &[Word::Institution]),
    ("医院", &[Word::Institution]),
    ("各", &[Word::Each]),
    ("直", &[Word::Direct]),
    ("属", &[Word::Direct]),
    ("级", &[Word::Direct]),
    ("驻", &[Word::Stationed]),
    ("省", &[Word::Province]),
    ("州", &[Word::City]),
    ("盟", &[Word::City]),
    ("县", &[Word::County]),
    ("区", &[Word::County]),
    ("旗", &[Word::County]),
    ("市", &[Word::City]),
    ("镇", &[Word::Town]),
    ("乡", &[Word::Town]),
    ("街", &[Word::Street]),
    ("村", &[Word::Village]),
    ("居", &[Word::Village]),
    ("府", &[Word::Government]),
    ("的", &[Word::Filler]),
    ("等", &[Word::Filler]),
    ("及", &[Word::Filler]),
    ("和", &[Word::Filler]),
    ("与", &[Word::Filler]),
    ("或", &[Word::Filler]),
    ("本", &[Word::Filler]),
    ("我", &[Word::Filler]),
    ("全", &[Word::Each]),
];

/// Folds a name and drops its punctuation, so that 各县（市、区）政府 and 各县市区政府 are the same.
#[must_use]
pub(in crate::organ) fn squeeze(name: &str) -> String {
    fold(name)
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect()
}

/// Recognises a collective by its wording. `place` is the government's own place name (安澜市), which may stand first.
#[must_use]
pub fn recognise(name: &str, place: Option<&str>) -> Option<Builtin> {
    let text = squeeze(name);
    if text.is_empty() || text.chars().count() > NAME_CHARS_MAX {
        return None;
    }
    if let Some(builtin) = concerned_field(&text) {
        return Some(builtin);
    }
    let (text, placed) = after_place(&text, place);
    classify(&words(text)?, placed)
}

fn after_place<'t>(text: &'t str, place: Option<&str>) -> (&'t str, bool) {
    match place.and_then(|place| text.strip_prefix(place)) {
        Some(rest) => (rest, true),
        None => (text, false),
    }
}

/// The level that a collective of a government's own units names, where it is not the level of this directory:
/// 县政府各部门 in a city's. `mark` is the last character of the government's place: a 市 may be a county's equal.
#[must_use]
pub fn other_level(
    name: &str,
    place: Option<&str>,
    (home, mark): (Level, &str),
) -> Option<&'static str> {
    let text = squeeze(name);
    let (text, _) = after_place(&text, place);
    let marks = [
        (Word::Province, Level::Province, "省"),
        (Word::City, Level::City, "市"),
        (Word::County, Level::County, "县（区）"),
        (Word::Town, Level::Town, "镇"),
        (Word::Street, Level::Town, "街道"),
    ];
    words(text)?.into_iter().find_map(|word| {
        let (_, level, title) = marks.iter().find(|(known, ..)| *known == word)?;
        let is_home = *level == home || (word == Word::City && mark == "市");
        (!is_home).then_some(*title)
    })
}

/// 涉及26个领域的有关单位: any words between 涉及 and 单位 name a field, so the office has to say who works in it.
fn concerned_field(text: &str) -> Option<Builtin> {
    let field = text
        .strip_prefix("涉及")
        .or_else(|| text.strip_prefix("各涉及"))?;
    let ends = ["单位", "部门", "机构", "主体"];
    (field.chars().count() > 2 && ends.iter().any(|end| field.ends_with(end))).then_some(Builtin {
        family: Family::Units,
        extent: Extent::Concerned,
    })
}

/// The words of the text, or `None` when anything is left over: then it is an organ's own name.
fn words(mut text: &str) -> Option<Vec<Word>> {
    let mut found = Vec::new();
    while !text.is_empty() {
        let (rest, meaning) = WORDS.iter().find_map(|(spelling, meaning)| {
            text.strip_prefix(spelling).map(|rest| (rest, *meaning))
        })?;
        found.extend_from_slice(meaning);
        text = rest;
    }
    Some(found)
}

fn classify(words: &[Word], placed: bool) -> Option<Builtin> {
    let has = |word: Word| words.contains(&word);
    let extent = if has(Word::Others) {
        Extent::Others
    } else if has(Word::Concerned) {
        Extent::Concerned
    } else {
        Extent::All
    };
    let many = has(Word::Each) || has(Word::Everywhere) || extent != Extent::All;
    let family = if has(Word::Unit) {
        units(words, many || placed)?
    } else if has(Word::Section) {
        (many || has(Word::Direct)).then_some(Family::Sections)?
    } else if has(Word::Institution) {
        (many || has(Word::Direct)).then_some(Family::Institutions)?
    } else {
        areas(words, many)?
    };
    Some(Builtin { family, extent })
}

/// …单位, …部门: whose they are is said by what stands before.
fn units(words: &[Word], many: bool) -> Option<Family> {
    let has = |word: Word| words.contains(&word);
    // 各县（市、区）有关部门: an area that is itself one of many.
    let each_area = words
        .iter()
        .zip(words.iter().skip(1))
        .zip(words.iter().skip(2))
        .any(|((first, second), third)| {
            *first == Word::Each && second.is_area() && *third != Word::Direct
        });
    if has(Word::Everywhere) || each_area {
        Some(Family::AllLevels)
    } else if has(Word::Stationed) {
        Some(Family::Vertical)
    } else if has(Word::Government) {
        Some(Family::GovernmentDepartments)
    } else if has(Word::Direct) {
        Some(Family::Departments)
    } else if many {
        // 市有关部门 are the city's; 各有关单位 leaves it open.
        let own = [Word::Province, Word::City, Word::County]
            .iter()
            .any(|mark| has(*mark));
        Some(if own {
            Family::Departments
        } else {
            Family::Units
        })
    } else {
        None
    }
}

/// …政府, …街道, …村: the areas themselves.
fn areas(words: &[Word], many: bool) -> Option<Family> {
    let has = |word: Word| words.contains(&word);
    if has(Word::Direct) || has(Word::Stationed) {
        return None;
    }
    if has(Word::Everywhere) {
        return Some(Family::AllLevels);
    }
    // 县区, 镇街, 村（社区） are many by naming two; 镇政府 is one.
    let marks = words.iter().filter(|word| word.is_area()).count();
    let lone_office = matches!(words, [Word::StreetOffice]);
    if !(many || lone_office || marks >= 2) {
        return None;
    }
    let zones = has(Word::Zone) || has(Word::ZoneOffice);
    if has(Word::Village) || has(Word::VillageOffice) {
        // 各镇（街道）、村（社区） in one name is more than this list knows.
        return (!has(Word::Town) && !has(Word::County)).then_some(Family::Villages);
    }
    match (
        has(Word::Town),
        has(Word::Street) || has(Word::StreetOffice),
    ) {
        _ if has(Word::County) && (has(Word::Town) || has(Word::Street)) => None,
        (true, true) => Some(Family::TownsAndStreets),
        (true, false) => Some(Family::Towns),
        (false, true) => Some(Family::Streets),
        (false, false) if has(Word::County) && zones => Some(Family::CountiesAndZones),
        (false, false) if has(Word::County) => Some(Family::Counties),
        (false, false) if has(Word::City) && zones => Some(Family::CountiesAndZones),
        (false, false) if has(Word::City) => Some(Family::Cities),
        (false, false) if zones => Some(Family::Zones),
        (false, false) => None,
    }
}

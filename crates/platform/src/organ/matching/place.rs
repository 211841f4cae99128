//! What stands before an organ's own name: 安澜市, 市, 安澜, 中共; and to which government it points.

use std::collections::HashMap;

use gongkai_basis::id::OrganId;

use super::Entry;
use crate::organ::Kind;
use crate::organ::fold::fold;

/// A government's place in names: 安澜市 with its stem 安澜 and its mark 市.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) name: String,
    /// With the superior's place before it: 云岭县青禾镇.
    pub(super) long: Option<String>,
    pub(super) stem: String,
    pub(super) mark: String,
}

/// Index of a government among [`Places`].
pub(super) type GovernmentIndex = usize;

/// The governing organs of a directory. The first is home: the government whose directory it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    list: Vec<Option<Place>>,
    /// The governments whose place begins with this character.
    by_first: HashMap<char, Vec<GovernmentIndex>>,
}

/// What a reading of a name says about the government.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whose {
    /// The name says nothing.
    Open,
    /// One of these.
    Of(Vec<GovernmentIndex>),
    /// Only a stem: 安澜财政局.
    Stem(GovernmentIndex),
    /// A level that is not in the directory: 省, or 市 in a district.
    Outside,
}

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) whose: Whose,
    pub(super) rest: Vec<char>,
}

/// Marks of levels that can stand alone before a name.
const MARKS: &[&str] = &[
    "省", "市", "区", "县", "旗", "州", "盟", "镇", "乡", "街道", "街", "村",
];
/// Words that begin with a mark's character but mean no level: 市场监管局 is not 市 and 场监管局.
const WORDS_WITH_MARKS: &[&str] = &[
    "市场", "市容", "区域", "区块", "县域", "镇村", "乡村", "村镇", "社区",
];
const GOVERNMENT_ENDINGS: &[&str] = &["人民政府", "管理委员会", "管委会", "办事处", "政府"];

impl Places {
    /// Finds the governments, and for each entry the one to which it belongs; index 0 is home.
    pub(super) fn of(entries: &[Entry], home: Option<OrganId>) -> (Self, Vec<GovernmentIndex>) {
        let mut places = Self {
            list: vec![None],
            by_first: HashMap::new(),
        };
        let mut by_id: HashMap<OrganId, GovernmentIndex> = HashMap::new();
        let mut owners = Vec::with_capacity(entries.len());
        for entry in entries {
            let above = entry
                .parent
                .and_then(|parent| by_id.get(&parent))
                .copied()
                .unwrap_or(0);
            let owner = if Some(entry.id) == home {
                if let Some(first) = places.list.first_mut() {
                    *first = entry.kind.governs().then(|| place_of(entry, None));
                }
                0
            } else if entry.kind.governs() {
                let superior = places.get(above).cloned();
                places.list.push(Some(place_of(entry, superior.as_ref())));
                places.list.len() - 1
            } else {
                above
            };
            by_id.insert(entry.id, owner);
            owners.push(owner);
        }
        let mut by_first: HashMap<char, Vec<GovernmentIndex>> = HashMap::new();
        for (index, place) in places.each() {
            let names = [Some(&place.name), place.long.as_ref()];
            for first in names
                .into_iter()
                .flatten()
                .filter_map(|name| name.chars().next())
            {
                let known = by_first.entry(first).or_default();
                if !known.contains(&index) {
                    known.push(index);
                }
            }
        }
        places.by_first = by_first;
        (places, owners)
    }

    /// The governments whose place may stand at the beginning of this text.
    fn beginning(&self, text: &str) -> impl Iterator<Item = (GovernmentIndex, &Place)> {
        text.chars()
            .next()
            .and_then(|first| self.by_first.get(&first))
            .into_iter()
            .flatten()
            .filter_map(|index| Some((*index, self.get(*index)?)))
    }

    pub(super) fn get(&self, index: GovernmentIndex) -> Option<&Place> {
        self.list.get(index).and_then(Option::as_ref)
    }

    fn each(&self) -> impl Iterator<Item = (GovernmentIndex, &Place)> {
        self.list
            .iter()
            .enumerate()
            .filter_map(|(index, place)| place.as_ref().map(|place| (index, place)))
    }

    /// All ways to read a folded name; the first is the name as it stands.
    pub(super) fn readings(&self, folded: &str) -> Vec<Reading> {
        let mut readings = vec![Reading {
            whose: Whose::Open,
            rest: letters(folded),
        }];
        let named = folded
            .strip_prefix("中国共产党")
            .or_else(|| folded.strip_prefix("中共"))
            .unwrap_or(folded);
        if let Some((whose, rest)) = self.after_places(named) {
            readings.push(Reading {
                whose,
                rest: letters(rest),
            });
            return readings;
        }
        if WORDS_WITH_MARKS.iter().any(|word| named.starts_with(word)) {
            return readings;
        }
        let mark = MARKS.iter().find(|mark| named.starts_with(**mark));
        if let Some((mark, rest)) = mark.and_then(|mark| Some((*mark, named.strip_prefix(mark)?)))
            && !rest.is_empty()
        {
            readings.push(Reading {
                whose: self.marked(mark),
                rest: letters(rest),
            });
        }
        for (index, place) in self.beginning(named) {
            if let Some(rest) = named.strip_prefix(place.stem.as_str())
                && !rest.is_empty()
                && place.stem.chars().count() >= 2
            {
                readings.push(Reading {
                    whose: Whose::Stem(index),
                    rest: letters(rest),
                });
            }
        }
        readings
    }

    /// 安澜市, 清河区, 安澜市清河区 …: the last place named is the one.
    fn after_places<'n>(&self, name: &'n str) -> Option<(Whose, &'n str)> {
        let mut rest = name;
        let mut found: Option<Vec<GovernmentIndex>> = None;
        loop {
            let named: Vec<(GovernmentIndex, usize)> = self
                .beginning(rest)
                .filter_map(|(index, place)| {
                    [Some(&place.name), place.long.as_ref()]
                        .into_iter()
                        .flatten()
                        .filter(|name| rest.starts_with(name.as_str()))
                        .map(String::len)
                        .max()
                        .map(|length| (index, length))
                })
                .collect();
            let Some(length) = named.iter().map(|(_, length)| *length).max() else {
                break;
            };
            found = Some(
                named
                    .into_iter()
                    .filter(|(_, long)| *long == length)
                    .map(|(index, _)| index)
                    .collect(),
            );
            rest = rest.get(length..).unwrap_or("");
        }
        found.map(|found| (Whose::Of(found), rest))
    }

    /// 市…, 区…: home where its mark fits, else every government with that mark.
    fn marked(&self, mark: &str) -> Whose {
        if self.get(0).is_some_and(|home| home.mark == mark) {
            return Whose::Of(vec![0]);
        }
        let below: Vec<GovernmentIndex> = self
            .each()
            .filter(|(_, place)| place.mark == mark)
            .map(|(index, _)| index)
            .collect();
        if below.is_empty() {
            Whose::Outside
        } else {
            Whose::Of(below)
        }
    }
}

fn place_of(entry: &Entry, superior: Option<&Place>) -> Place {
    let folded = fold(&entry.name);
    let named = GOVERNMENT_ENDINGS
        .iter()
        .find_map(|ending| folded.strip_suffix(ending))
        // A government that is called nothing but 人民政府 has no place.
        .filter(|named| !named.is_empty())
        .unwrap_or(&folded);
    let own = superior
        .and_then(|superior| named.strip_prefix(superior.name.as_str()))
        .filter(|own| !own.is_empty())
        .or_else(|| after_superior(named))
        .unwrap_or(named);
    let mark = match entry.kind {
        Kind::Zone => "区",
        _ => MARKS
            .iter()
            .find(|mark| own.ends_with(**mark))
            .copied()
            .unwrap_or(""),
    };
    Place {
        name: own.to_owned(),
        long: (own != named).then(|| named.to_owned()),
        stem: own.strip_suffix(mark).unwrap_or(own).to_owned(),
        mark: mark.to_owned(),
    }
}

/// 云岭县青禾镇 → 青禾镇, where the superior is not in the directory. 沙市区 is one name.
fn after_superior(named: &str) -> Option<&str> {
    let (before, after) = named.split_once(['市', '县', '区', '州', '旗', '盟'])?;
    let after = after_superior(after).unwrap_or(after);
    (before.chars().count() >= 2 && after.chars().count() >= 2).then_some(after)
}

fn letters(rest: &str) -> Vec<char> {
    canonical(rest).chars().collect()
}

/// The rest of a name with the long official words shortened, so that 人民政府办公室 and 政府办公室 meet.
pub(super) fn canonical(rest: &str) -> String {
    let shortened = rest
        .replace("人民政府", "政府")
        .replace("村民委员会", "村委会")
        .replace("居民委员会", "居委会");
    match shortened.strip_suffix("管理委员会") {
        // 国有资产监督管理委员会 is no 管委会.
        Some(zone) if !zone.ends_with("监督") => format!("{zone}管委会"),
        _ => shortened,
    }
}

//! The directory as an index that answers: what does this name stand for?

use std::collections::{BTreeMap, HashMap, HashSet};

use gongkai_basis::id::OrganId;

use super::form::{Form, forms};
use super::place::{GovernmentIndex, Places, Reading, Whose};
use super::score::{Printed, Score, compare};
use super::{Certainty, Entry, Match, MatchKind, Target};
use crate::organ::collective::{
    self, Builtin, Collective, CollectiveKey, Family, Rule, other_level, recognise, squeeze,
};
use crate::organ::fold::{fold, take_brackets};
use crate::organ::{AliasKind, Kind, Level, Organ, Status};

/// Names longer than this are sentences; nothing is looked up for them.
const NAME_CHARS_MAX: usize = 80;
/// Answers to one name; a person chooses from a short list.
const MATCHES_MAX: usize = 5;
/// Up to here a match is likely.
const LIKELY_PENALTY_MAX: u32 = 14;
/// Beyond this it is no match.
const PENALTY_MAX: u32 = 24;
/// Two organs nearer than this to each other are equally good.
const MARGIN: u32 = 3;
/// Successors that a merged organ's name follows; a longer chain is a mistake in the data.
const SUCCESSORS_MAX: usize = 16;

/// The organs and collectives of one government, ready for [`Directory::find`].
#[derive(Debug, Clone)]
pub struct Directory {
    entries: Vec<Entry>,
    index: HashMap<OrganId, usize>,
    home: Option<OrganId>,
    home_level: Level,
    places: Places,
    owners: Vec<GovernmentIndex>,
    forms: Vec<Form>,
    by_rest: HashMap<Vec<char>, Vec<usize>>,
    collectives: Vec<Collective>,
    by_collective_name: HashMap<String, usize>,
}

struct Candidate {
    entry: usize,
    score: Score,
    certain: bool,
}

impl Directory {
    /// Entries in tree order; the first whose parent is not among them is home, the government whose directory it is.
    #[must_use]
    pub fn new(entries: &[Entry], collectives: &[Collective]) -> Self {
        let ids: HashSet<OrganId> = entries.iter().map(|entry| entry.id).collect();
        let home = entries
            .iter()
            .find(|entry| entry.parent.is_none_or(|parent| !ids.contains(&parent)));
        let home_level = home.map_or(Level::City, |home| home.level);
        let home = home.map(|home| home.id);
        let (places, owners) = Places::of(entries, home);
        let all_forms: Vec<Form> = entries
            .iter()
            .zip(&owners)
            .enumerate()
            .flat_map(|(index, (entry, owner))| forms(index, entry, *owner, &places))
            .collect();
        let mut by_rest: HashMap<Vec<char>, Vec<usize>> = HashMap::new();
        for (index, form) in all_forms.iter().enumerate() {
            by_rest
                .entry(form.shape.rest.clone())
                .or_default()
                .push(index);
        }
        Self {
            index: entries
                .iter()
                .enumerate()
                .map(|(index, entry)| (entry.id, index))
                .collect(),
            entries: entries.to_vec(),
            home,
            home_level,
            places,
            owners,
            forms: all_forms,
            by_rest,
            by_collective_name: collectives
                .iter()
                .enumerate()
                .filter(|(_, collective)| !collective.name.is_empty())
                .map(|(index, collective)| (squeeze(&collective.name), index))
                .collect(),
            collectives: collectives.to_vec(),
        }
    }

    /// The directory of stored organs (as [`crate::organ::all_below`] gives them). Only those in use can be found; the
    /// names of a merged one lead to its successor as former names.
    #[must_use]
    pub fn of(organs: &[Organ], collectives: &[Collective]) -> Self {
        let by_id: HashMap<OrganId, &Organ> =
            organs.iter().map(|organ| (organ.id, organ)).collect();
        let mut inherited: HashMap<OrganId, Vec<String>> = HashMap::new();
        for organ in organs.iter().filter(|organ| organ.status == Status::Merged) {
            let mut heir = organ;
            for _ in 0..SUCCESSORS_MAX {
                match heir.successor.and_then(|id| by_id.get(&id)) {
                    Some(next) => heir = next,
                    None => break,
                }
            }
            if heir.is_active() {
                let names = inherited.entry(heir.id).or_default();
                names.push(organ.name.clone());
                names.extend(organ.short_name.clone());
                names.extend(organ.aliases.iter().map(|alias| alias.text.clone()));
            }
        }
        let entries: Vec<Entry> = organs
            .iter()
            .filter(|organ| organ.is_active())
            .map(|organ| {
                let mut former: Vec<String> =
                    organ.names(AliasKind::Former).map(str::to_owned).collect();
                former.extend(inherited.remove(&organ.id).unwrap_or_default());
                Entry {
                    id: organ.id,
                    parent: organ.parent,
                    path: organ.path.clone(),
                    name: organ.name.clone(),
                    short: organ.short_name.clone(),
                    aliases: organ.names(AliasKind::Alias).map(str::to_owned).collect(),
                    former,
                    level: organ.level,
                    kind: organ.kind,
                }
            })
            .collect();
        Self::new(&entries, collectives)
    }

    /// In tree order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    #[must_use]
    pub fn entry(&self, id: OrganId) -> Option<&Entry> {
        self.entries.get(*self.index.get(&id)?)
    }

    /// The government whose directory it is; `None` when it is empty.
    #[must_use]
    pub fn home(&self) -> Option<OrganId> {
        self.home
    }

    #[must_use]
    pub fn home_level(&self) -> Level {
        self.home_level
    }

    #[must_use]
    pub fn collectives(&self) -> &[Collective] {
        &self.collectives
    }

    /// The rule in force for a collective; `None` for a named one that is no longer there.
    #[must_use]
    pub fn rule(&self, key: &CollectiveKey) -> Option<Rule> {
        let stored = self
            .collectives
            .iter()
            .find(|collective| collective.key == *key);
        match (stored, key) {
            (Some(collective), _) => Some(collective.rule.clone()),
            (None, CollectiveKey::Builtin(builtin)) => Some(builtin.default_rule(self.home_level)),
            (None, CollectiveKey::Named(_)) => None,
        }
    }

    /// What screens call a collective.
    #[must_use]
    pub fn collective_title(&self, key: &CollectiveKey) -> String {
        match key {
            CollectiveKey::Builtin(builtin) => builtin.title(self.home_level),
            CollectiveKey::Named(_) => self
                .collectives
                .iter()
                .find(|collective| collective.key == *key)
                .map_or_else(|| "已删除的统称".to_owned(), |found| found.name.clone()),
        }
    }

    /// The members of a collective, in tree order; `named` are the organs that the same task names.
    #[must_use]
    pub fn expand(&self, key: &CollectiveKey, named: &[OrganId]) -> Vec<OrganId> {
        self.rule(key)
            .map(|rule| collective::expand(&rule, self, named))
            .unwrap_or_default()
    }

    /// What a printed name stands for, best first; empty when nothing comes near. Never panics on foreign text.
    #[must_use]
    pub fn find(&self, name: &str) -> Vec<Match> {
        let folded = fold(name);
        if folded.is_empty() || folded.chars().count() > NAME_CHARS_MAX {
            return Vec::new();
        }
        let readings = self.places.readings(&folded);
        let exact = self.exact(&readings);
        if exact.iter().any(|candidate| candidate.certain) {
            return self.answer(exact);
        }
        if let Some(found) = self.collective(name) {
            return vec![found];
        }
        let mut candidates = exact;
        candidates.extend(self.near(&readings));
        let (outer, inner) = take_brackets(&folded);
        if !inner.is_empty() && !outer.is_empty() {
            let note = format!("括号内的“{}”未参与匹配", inner.join("、"));
            self.bracketed(&mut candidates, &outer, 2, &note);
            for piece in inner.iter().filter(|piece| piece.chars().count() >= 3) {
                self.bracketed(&mut candidates, piece, 9, "按括号内的名称匹配");
            }
        }
        self.answer(candidates)
    }

    fn bracketed(&self, candidates: &mut Vec<Candidate>, part: &str, penalty: u32, note: &str) {
        let readings = self.places.readings(part);
        let mut found = self.exact(&readings);
        found.extend(self.near(&readings));
        candidates.extend(found.into_iter().map(|mut candidate| {
            candidate.certain = false;
            candidate.score.penalty += penalty;
            candidate.score.why = join(&candidate.score.why, note);
            candidate
        }));
    }

    fn collective(&self, name: &str) -> Option<Match> {
        let known = self.by_collective_name.get(&squeeze(name));
        if let Some(collective) = known.and_then(|index| self.collectives.get(*index)) {
            return Some(self.collective_match(collective.key.clone(), Certainty::Certain));
        }
        let home = self.places.get(0);
        let place = home.map(|place| place.name.as_str());
        let builtin: Builtin = recognise(name, place)?;
        let mark = home.map_or("", |place| place.mark.as_str());
        let certainty = match builtin.family {
            // 各级各部门 reaches further than one office can say by a rule.
            Family::AllLevels => Certainty::Likely,
            Family::Departments | Family::GovernmentDepartments | Family::Vertical => {
                if let Some(other) = other_level(name, place, (self.home_level, mark)) {
                    return Some(self.of_other_level(builtin, other));
                }
                Certainty::Certain
            }
            _ => Certainty::Certain,
        };
        Some(self.collective_match(CollectiveKey::Builtin(builtin), certainty))
    }

    /// 县政府各部门 in a city's plan: whose units are meant, a person has to say.
    fn of_other_level(&self, builtin: Builtin, other: &str) -> Match {
        let mut found = self.collective_match(CollectiveKey::Builtin(builtin), Certainty::Doubtful);
        let said = format!("写的是“{other}”的单位，本级不是，请确认指哪些单位");
        found.note = join(&said, &found.note);
        found
    }

    fn collective_match(&self, key: CollectiveKey, certainty: Certainty) -> Match {
        let rule = self.rule(&key).unwrap_or_default();
        let members = collective::expand(&rule, self, &[]).len();
        let title = self.collective_title(&key);
        let (certainty, note) = if rule.manual && members == 0 {
            (
                Certainty::Doubtful,
                format!("统称“{title}”，由政务公开办指定成员，目前尚未指定"),
            )
        } else if members == 0 {
            (
                Certainty::Doubtful,
                format!("统称“{title}”，但名录中没有这类机关"),
            )
        } else if rule.except_named {
            (
                certainty,
                format!("统称“{title}”，按规则最多 {members} 个机关，再除去同一任务已点名的"),
            )
        } else {
            (
                certainty,
                format!("统称“{title}”，按规则展开为 {members} 个机关"),
            )
        };
        Match {
            target: Target::Collective(key),
            kind: MatchKind::Collective,
            certainty,
            note,
        }
    }

    /// Forms with exactly the rest of a reading.
    fn exact(&self, readings: &[Reading]) -> Vec<Candidate> {
        readings
            .iter()
            .flat_map(|reading| {
                self.by_rest
                    .get(&reading.rest)
                    .into_iter()
                    .flatten()
                    .filter_map(|index| self.forms.get(*index))
                    .filter_map(move |form| self.candidate(reading, form, 0, MatchKind::Exact, ""))
            })
            .collect()
    }

    fn near(&self, readings: &[Reading]) -> Vec<Candidate> {
        let mut best: BTreeMap<usize, Candidate> = BTreeMap::new();
        let marked = readings
            .iter()
            .any(|reading| matches!(reading.whose, Whose::Of(_) | Whose::Outside));
        for reading in readings {
            let printed = Printed::of(reading.rest.clone());
            for form in &self.forms {
                // 市自然资源局 is never a slip of 区自然资源局; 市场监管局 may well begin with 市场.
                if marked
                    && reading.whose == Whose::Open
                    && !reading
                        .rest
                        .iter()
                        .take(2)
                        .eq(form.shape.rest.iter().take(2))
                {
                    continue;
                }
                let Some(score) = compare(&printed, &form.shape) else {
                    continue;
                };
                let found = self.candidate(reading, form, score.penalty, score.kind, &score.why);
                let Some(found) = found else { continue };
                let better = best
                    .get(&form.entry)
                    .is_none_or(|known| found.score.penalty < known.score.penalty);
                if better {
                    best.insert(form.entry, found);
                }
            }
        }
        best.into_values().collect()
    }

    /// What a form that differs by `difference` from a reading is worth; `None` when it belongs to somebody else.
    fn candidate(
        &self,
        reading: &Reading,
        form: &Form,
        difference: u32,
        kind: MatchKind,
        why: &str,
    ) -> Option<Candidate> {
        let owner = self.owners.get(form.entry).copied()?;
        let home = owner == 0;
        if form.whole && reading.whose != Whose::Open {
            return None;
        }
        let (distance, place_certain, place_why) = match &reading.whose {
            Whose::Open => match (form.placed, home) {
                (false, true) => (0, true, ""),
                (false, false) => (4, true, ""),
                (true, true) => (3, false, "未写地名或级别"),
                (true, false) => (7, false, "未写地名或级别"),
            },
            Whose::Of(owners) if owners.contains(&owner) => (
                0,
                owners.len() == 1,
                if owners.len() == 1 {
                    ""
                } else {
                    "未写明是哪个地方的"
                },
            ),
            Whose::Stem(index) if *index == owner => (1, false, "地名未写全"),
            // 市自然资源局 in a district may mean its branch there.
            Whose::Outside if form.placed && form.derived.is_some() && difference == 0 => {
                (15, false, "上级机关不在本名录中，本级有其分支机构")
            }
            Whose::Of(_) | Whose::Stem(_) | Whose::Outside => return None,
        };
        let derived = form.derived.map_or(0, |_| 4);
        let kind = if difference == 0 { form.kind } else { kind };
        let penalty = difference + distance + derived;
        if penalty > PENALTY_MAX {
            return None;
        }
        let mut reason = join(why, form.derived.unwrap_or(""));
        reason = join(&reason, place_why);
        Some(Candidate {
            entry: form.entry,
            certain: difference == 0 && place_certain && form.derived.is_none(),
            score: Score {
                penalty,
                kind,
                why: reason,
            },
        })
    }

    /// Best first, one for each organ, with how sure they are when compared with each other.
    fn answer(&self, candidates: Vec<Candidate>) -> Vec<Match> {
        let mut best: BTreeMap<usize, Candidate> = BTreeMap::new();
        for candidate in candidates {
            let rank = |candidate: &Candidate| {
                (
                    !candidate.certain,
                    candidate.score.penalty,
                    candidate.score.kind,
                )
            };
            let better = best
                .get(&candidate.entry)
                .is_none_or(|known| rank(&candidate) < rank(known));
            if better {
                best.insert(candidate.entry, candidate);
            }
        }
        let mut ranked: Vec<Candidate> = best.into_values().collect();
        ranked.sort_by_key(|candidate| {
            (
                !candidate.certain,
                candidate.score.penalty,
                candidate.score.kind,
                candidate.entry,
            )
        });
        let Some(first) = ranked.first() else {
            return Vec::new();
        };
        let (certain, penalty, kind) = (first.certain, first.score.penalty, first.score.kind);
        let rivals = ranked
            .iter()
            .filter(|candidate| {
                if certain {
                    candidate.certain
                        && candidate.score.kind == kind
                        && candidate.score.penalty == penalty
                } else {
                    candidate.score.penalty < penalty + MARGIN
                }
            })
            .count();
        if certain {
            // A full name beats another organ's alias; whatever is only near is left out.
            ranked.truncate(rivals);
        }
        ranked
            .iter()
            .take(MATCHES_MAX)
            .enumerate()
            .filter_map(|(index, candidate)| self.to_match(candidate, index, rivals))
            .collect()
    }

    fn to_match(&self, candidate: &Candidate, index: usize, rivals: usize) -> Option<Match> {
        let entry = self.entries.get(candidate.entry)?;
        let name = &entry.name;
        let certainty = if rivals > 1 || index > 0 {
            Certainty::Doubtful
        } else if candidate.certain {
            Certainty::Certain
        } else if candidate.score.penalty <= LIKELY_PENALTY_MAX {
            Certainty::Likely
        } else {
            Certainty::Doubtful
        };
        let stands = match candidate.score.kind {
            MatchKind::Exact => "与全称一致".to_owned(),
            MatchKind::Alias => format!("与“{name}”的别名一致"),
            MatchKind::Former => format!("是“{name}”的曾用名"),
            MatchKind::Abbreviation | MatchKind::Slip if candidate.score.why.is_empty() => {
                format!("接近“{name}”")
            }
            MatchKind::Abbreviation | MatchKind::Slip | MatchKind::Collective => String::new(),
        };
        let mut note = join(&stands, &candidate.score.why);
        if rivals > 1 && index < rivals {
            note = join(&note, "另有同样接近的机关，请选定");
        }
        Some(Match {
            target: Target::Organ(entry.id),
            kind: candidate.score.kind,
            certainty,
            note,
        })
    }

    /// Levels and kinds that occur, with their counts: the choices of a rule.
    #[must_use]
    pub fn groups(&self) -> Vec<(collective::Group, usize)> {
        let mut counts: BTreeMap<(Level, Kind), usize> = BTreeMap::new();
        for entry in &self.entries {
            if Some(entry.id) != self.home {
                *counts.entry((entry.level, entry.kind)).or_default() += 1;
            }
        }
        counts
            .into_iter()
            .map(|((level, kind), count)| (collective::Group { level, kind }, count))
            .collect()
    }
}

fn join(first: &str, second: &str) -> String {
    match (first.is_empty(), second.is_empty()) {
        (true, _) => second.to_owned(),
        (_, true) => first.to_owned(),
        (false, false) => format!("{first}；{second}"),
    }
}

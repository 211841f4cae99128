//! 对应单位: what each printed name stands for. A person's decision wins; without one, only a certain match counts.

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::organ::{Certainty, CollectiveKey, Directory, Match, Target};

use super::content::{Content, Decision};

/// What a name stands for, as far as it is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    Organ(OrganId),
    Collective(CollectiveKey),
    /// Organs picked for this plan, at least one.
    Organs(Vec<OrganId>),
    KeptOut(String),
    /// A person has to choose.
    Open,
}

/// One printed name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub name: String,
    /// Tasks that name it.
    pub tasks: usize,
    pub standing: Standing,
    /// A person decided, not the directory.
    pub decided: bool,
    /// Best first.
    pub matches: Vec<Match>,
}

/// Every distinct printed name, in reading order.
#[must_use]
pub fn names(content: &Content, directory: &Directory) -> Vec<Name> {
    content
        .names()
        .into_iter()
        .map(|(name, tasks)| {
            let matches = directory.find(name);
            let decision = content.decisions.get(name);
            Name {
                name: name.to_owned(),
                tasks,
                standing: standing(decision, &matches, directory),
                decided: decision.is_some(),
                matches,
            }
        })
        .collect()
}

/// What each of these names stands for.
#[must_use]
pub fn standings<'n>(
    names: impl IntoIterator<Item = &'n str>,
    decisions: &BTreeMap<String, Decision>,
    directory: &Directory,
) -> BTreeMap<&'n str, Standing> {
    let mut found: BTreeMap<&str, Standing> = BTreeMap::new();
    for name in names {
        found
            .entry(name)
            .or_insert_with(|| match decisions.get(name) {
                Some(decision) => standing(Some(decision), &[], directory),
                None => standing(None, &directory.find(name), directory),
            });
    }
    found
}

/// A decision for an organ that has left the directory since is open again.
fn standing(decision: Option<&Decision>, matches: &[Match], directory: &Directory) -> Standing {
    match decision {
        Some(Decision::Organ(organ)) if directory.entry(*organ).is_some() => {
            Standing::Organ(*organ)
        }
        Some(Decision::Collective(key)) if directory.rule(key).is_some() => {
            Standing::Collective(key.clone())
        }
        Some(Decision::Organs(organs))
            if !organs.is_empty() && organs.iter().all(|id| directory.entry(*id).is_some()) =>
        {
            Standing::Organs(organs.clone())
        }
        Some(Decision::KeptOut(reason)) => Standing::KeptOut(reason.clone()),
        Some(Decision::Organ(_) | Decision::Collective(_) | Decision::Organs(_)) => Standing::Open,
        None => match matches.first() {
            Some(best) if best.certainty == Certainty::Certain && !is_nobody(best, directory) => {
                stands_for(&best.target)
            }
            Some(_) | None => Standing::Open,
        },
    }
}

/// A collective without members (有关单位 before the office picked any) would give the task to nobody.
pub fn is_nobody(found: &Match, directory: &Directory) -> bool {
    match &found.target {
        Target::Organ(_) => false,
        Target::Collective(key) => directory.expand(key, &[]).is_empty(),
    }
}

fn stands_for(target: &Target) -> Standing {
    match target {
        Target::Organ(organ) => Standing::Organ(*organ),
        Target::Collective(key) => Standing::Collective(key.clone()),
    }
}

/// Decides what nobody decided: the best match where it is certain or likely, else kept out with the reason.
pub fn settle_by_best(content: &mut Content, directory: &Directory) {
    for name in names(content, directory) {
        if name.standing != Standing::Open {
            continue;
        }
        let best =
            name.matches.into_iter().next().filter(|best| {
                best.certainty != Certainty::Doubtful && !is_nobody(best, directory)
            });
        let decision = match best.map(|best| best.target) {
            Some(Target::Organ(organ)) => Decision::Organ(organ),
            Some(Target::Collective(key)) => Decision::Collective(key),
            None => Decision::KeptOut("机关名录中没有能确定对应的单位".to_owned()),
        };
        content.decisions.insert(name.name, decision);
    }
}

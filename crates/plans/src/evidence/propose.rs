//! Records of the unit's own that prove what its task asks for, offered to be cited with one key: whoever entered a meeting
//! need not look for it once more.

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Found, Seams, Wanted as Sought};

use super::target::{Tally, Wanted};
use super::{Evidence, Proof};

/// Records of one part that are offered at a time; the search has all of them.
pub const OFFERED_MAX: usize = 5;

/// A kind of record, by its code in a [`Ref`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    code: &'static str,
    /// Words of tasks that such a record proves.
    words: &'static [&'static str],
    /// It happens on a day and counts in that year; otherwise it is kept up to date, and one of it is enough.
    happens: bool,
}

/// What tasks ask for in these words.
const KINDS: [Kind; 5] = [
    Kind {
        code: "meeting",
        words: &["会议", "座谈"],
        happens: true,
    },
    Kind {
        code: "hearing",
        words: &["听取", "汇报"],
        happens: true,
    },
    Kind {
        code: "training",
        words: &["培训"],
        happens: true,
    },
    Kind {
        code: "roster",
        words: &["领导小组"],
        happens: false,
    },
    Kind {
        code: "register",
        words: &[
            "分管领导",
            "分管负责",
            "责任人",
            "承办机构",
            "承担机构",
            "工作机构",
        ],
        happens: false,
    },
];

/// A record that can be cited, and what it would prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub found: Found,
    pub proves: String,
}

impl Offer {
    /// How the form for evidence names the record.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}:{}", self.found.of.kind, self.found.of.id)
    }
}

/// A part as far as offers need it.
#[derive(Debug, Clone, Copy)]
pub struct Part<'p> {
    /// Whose records prove it: its unit's; for an office also its government's.
    pub organs: &'p [OrganId],
    /// Of the task.
    pub text: &'p str,
    pub wanted: &'p Wanted,
    pub tallies: &'p [Tally],
    pub evidence: &'p [Evidence],
}

impl Part<'_> {
    fn cites(&self, kind: &str, id: Option<&str>) -> bool {
        self.evidence.iter().any(|item| {
            // What decayed is cited anew, as it stands now.
            !item.is_withdrawn()
                && !item.decayed
                && matches!(&item.proof, Proof::Record(of)
                    if of.kind == kind && id.is_none_or(|id| of.id == id))
        })
    }

    /// What a record of this kind would prove; `None` where the task asks for none, or has enough.
    fn asks_for(&self, kind: Kind) -> Option<String> {
        if !kind.happens {
            let word = kind.words.iter().find(|word| self.text.contains(**word))?;
            let missing = !self.cites(kind.code, None);
            return missing.then(|| format!("方案要求的“{word}”已经明确，并登记在组织保障台账"));
        }
        let targets = self.wanted.targets.iter().zip(self.tallies);
        let mut short = targets.filter(|(target, tally)| target.held && !tally.is_met());
        let named = |text: &str| kind.words.iter().any(|word| text.contains(word));
        // A count speaks of what its own sentence names.
        let (target, _) = short.find(|(target, _)| {
            self.text
                .split(['。', '；', '\n'])
                .any(|sentence| sentence.contains(&target.text) && named(sentence))
        })?;
        Some(format!("方案要求“{}”", target.text))
    }
}

/// Records of the unit that its task asks for and does not cite yet, newest first; only such as the reporting person's scope
/// lets in.
///
/// # Errors
/// When the store fails.
pub async fn offers(
    tx: &mut Tx,
    seams: &Seams,
    (part, scope): (Part<'_>, &Scope),
) -> Result<Vec<Offer>, StoreError> {
    let inside = part
        .organs
        .iter()
        .filter(|organ| scope.contains(**organ, ""));
    let organs: Vec<OrganId> = inside.copied().collect();
    let own = Scope::nothing().and(&organs);
    let mut offers = Vec::new();
    for kind in KINDS {
        let Some(proves) = part.asks_for(kind) else {
            continue;
        };
        let days = part.wanted.days().filter(|_| kind.happens);
        let sought = Sought {
            kind: kind.code.to_owned(),
            words: String::new(),
            within: days.map(|(from, to)| DateRange { from, to }),
        };
        let mut found = seams.find(tx, &own, &sought).await?;
        found.retain(|found| {
            let Ref { kind, id } = &found.of;
            !part.cites(kind, Some(id)) && (days.is_none() || found.dated_on.is_some())
        });
        let fitting = found.into_iter().map(|found| Offer {
            found,
            proves: proves.clone(),
        });
        offers.extend(fitting);
    }
    offers.truncate(OFFERED_MAX);
    Ok(offers)
}

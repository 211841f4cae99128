//! Lists of who is in charge, as evidence: the roster of a leading group, the staff register of a unit. Tasks that demand
//! 明确分管领导、责任人员和承办机构 cite them. What counts is who stands on the list, in which post; telephone numbers do not.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{Claim, Ref, Verdict};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{EvidenceSource, FOUND_MAX, Found, Wanted};
use gongkai_platform::web::civil_day;
use sha2::{Digest as _, Sha256};

use crate::group::{self, Member};
use crate::staff::{self, StaffEntry};

const ROSTER: &str = "roster";
const REGISTER: &str = "register";

const KINDS: [(&str, &str); 2] = [(ROSTER, "领导小组名单"), (REGISTER, "人员名册")];

fn name_of(kind: &str) -> &'static str {
    let mut known = KINDS.iter();
    known
        .find(|(code, _)| *code == kind)
        .map_or("", |(_, name)| name)
}

/// Rosters of leading groups and staff registers.
pub(crate) struct Named;

/// One list as it stands today.
struct List {
    kind: &'static str,
    organ: OrganId,
    organ_name: String,
    /// Who stands on it: duty, name, post. Never empty.
    lines: Vec<[String; 3]>,
    /// Since when it stands so.
    since: Option<Date>,
}

impl List {
    fn of_members(members: &[&Member], organ_name: String) -> Option<Self> {
        let first = members.first()?;
        Some(Self {
            kind: ROSTER,
            organ: first.base,
            organ_name,
            lines: members
                .iter()
                .map(|one| {
                    let duty = one.duty.code().to_owned();
                    [duty, one.name.clone(), one.post.clone()]
                })
                .collect(),
            since: members.iter().map(|one| one.from_on).max(),
        })
    }

    fn of_staff(entries: &[StaffEntry]) -> Option<Self> {
        let first = entries.first()?;
        Some(Self {
            kind: REGISTER,
            organ: first.organ,
            organ_name: first.organ_name.clone(),
            lines: entries
                .iter()
                .map(|one| {
                    let kind = one.kind.code().to_owned();
                    [kind, one.words.name.clone(), one.words.post.clone()]
                })
                .collect(),
            since: entries.iter().map(|one| one.from_on).max(),
        })
    }

    /// The same for the same people in the same posts, in whatever order they were entered.
    fn seal(&self) -> String {
        let mut lines: Vec<String> = self.lines.iter().map(|line| line.join("\u{1f}")).collect();
        lines.sort_unstable();
        let whole = format!("{}\u{1e}{}", self.organ, lines.join("\u{1e}"));
        hex::encode(Sha256::digest(whole.as_bytes()))
    }

    fn found(self) -> Found {
        let what = name_of(self.kind);
        let path = match self.kind {
            ROSTER => format!("/workspace/organisation/group?base={}", self.organ),
            _ => format!("/workspace/organisation/staff/{}", self.organ),
        };
        Found {
            of: Ref {
                kind: self.kind.to_owned(),
                id: self.organ.to_string(),
            },
            organ: self.organ,
            title: format!("{}：{what}（{}人）", self.organ_name, self.people()),
            dated_on: self.since,
            path,
            seal: self.seal(),
        }
    }

    /// An office that does the work is no person.
    fn people(&self) -> usize {
        let body = staff::StaffKind::Body.code();
        self.lines.iter().filter(|line| line[0] != body).count()
    }
}

/// What stands today, by organ; organs whose list is empty are left out.
async fn lists(
    tx: &mut Tx,
    kind: &str,
    organs: &[OrganId],
) -> Result<BTreeMap<OrganId, List>, StoreError> {
    let found: Vec<List> = match kind {
        ROSTER => {
            let day = civil_day(tx.now());
            let histories = group::store::histories(tx, organs).await?;
            let list = |(name, history): (String, Vec<Member>)| {
                List::of_members(&group::roster(&history, day), name)
            };
            histories.into_values().filter_map(list).collect()
        }
        REGISTER => {
            let current = staff::store::current(tx, organs).await?;
            let list = |entries: &Vec<StaffEntry>| List::of_staff(entries);
            current.values().filter_map(list).collect()
        }
        _ => Vec::new(),
    };
    Ok(found.into_iter().map(|list| (list.organ, list)).collect())
}

fn organs_of<'r>(refs: impl Iterator<Item = &'r Ref>, kind: &str) -> Vec<OrganId> {
    let own = refs.filter(|of| of.kind == kind);
    own.filter_map(|of| of.id.parse().ok()).collect()
}

#[async_trait]
impl EvidenceSource for Named {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &KINDS
    }

    async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        let rows = i64::try_from(FOUND_MAX).unwrap_or(i64::MAX);
        let words = wanted.words.as_str();
        // Every title has the list's own name in it; the rest is the organ's.
        let of_all = name_of(&wanted.kind).contains(words);
        let named = (scope, if of_all { "" } else { words });
        let organs = match wanted.kind.as_str() {
            ROSTER => group::store::bases(tx, named, rows).await?,
            REGISTER => staff::store::kept(tx, named, rows).await?,
            _ => return Ok(Vec::new()),
        };
        let mut lists = lists(tx, &wanted.kind, &organs).await?;
        let mut found: Vec<Found> = organs
            .iter()
            .filter_map(|organ| lists.remove(organ))
            .map(List::found)
            .collect();
        if let Some(range) = wanted.within {
            found.retain(|one| {
                let within = |on: Date| range.from <= on && on <= range.to;
                one.dated_on.is_some_and(within)
            });
        }
        Ok(found)
    }

    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let mut known = BTreeMap::new();
        for kind in [ROSTER, REGISTER] {
            let organs = organs_of(refs.iter(), kind);
            for (organ, list) in lists(tx, kind, &organs).await? {
                known.insert((kind.to_owned(), organ.to_string()), list.found());
            }
        }
        let one = |of: &Ref| known.get(&(of.kind.clone(), of.id.clone())).cloned();
        Ok(refs.iter().map(one).collect())
    }

    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let refs: Vec<Ref> = claims.iter().map(|claim| claim.of.clone()).collect();
        let known = self.describe(tx, &refs).await?;
        let verdict = |(claim, found): (&Claim, &Option<Found>)| match (found, &claim.seal) {
            (None, _) => Verdict::Gone("组织保障台账里这份名单上已经没有人。".to_owned()),
            (Some(found), Some(seal)) if *seal != found.seal => Verdict::Changed(
                "引用以后名单上的人员或职务有变动。请撤回这份佐证，重新引用现在的名单。".to_owned(),
            ),
            (Some(_), _) => Verdict::Holds,
        };
        Ok(claims.iter().zip(&known).map(verdict).collect())
    }
}

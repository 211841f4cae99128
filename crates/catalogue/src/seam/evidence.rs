//! What a period was filled with, as evidence for the tasks of plans.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gongkai_basis::reference::{Claim, Ref, Verdict};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{EvidenceSource, FOUND_MAX, Found, Wanted};

use crate::filling::store::{self, Shown};
use crate::filling::{Filling, Means, page};
use crate::gap;
use crate::id::FillingId;

const KIND: &str = "catalogue-filling";

/// Periods of the catalogue that were met.
pub(crate) struct Fillings;

/// A filling is never edited: taken back and made anew, it is another one.
fn seal(filling: &Filling) -> String {
    format!("{}:{}", filling.id, filling.means.code())
}

fn found(shown: &Shown) -> Found {
    let filling = &shown.filling;
    let stands = match filling.means {
        Means::Nothing(_) => "本期无",
        Means::Record { .. } | Means::Address(_) => filling.title.as_str(),
    };
    Found {
        of: Ref {
            kind: KIND.to_owned(),
            id: filling.id.to_string(),
        },
        organ: filling.organ,
        title: format!(
            "{}：{}（{}）：{stands}",
            shown.organ_name, shown.item, filling.period
        ),
        dated_on: Some(filling.confirmed_on),
        path: gap::path(filling.entry, filling.organ, &filling.period),
        seal: seal(filling),
    }
}

async fn by_ids(
    tx: &mut Tx,
    refs: impl Iterator<Item = String>,
) -> Result<BTreeMap<String, Shown>, StoreError> {
    let ids: Vec<String> = refs.collect();
    let there = store::by_ids(tx, &ids).await?;
    let one = |shown: Shown| (shown.filling.id.to_string(), shown);
    Ok(there.into_iter().map(one).collect())
}

#[async_trait]
impl EvidenceSource for Fillings {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(KIND, "目录公开情况")]
    }

    async fn find(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        wanted: &Wanted,
    ) -> Result<Vec<Found>, StoreError> {
        let rows = i64::try_from(FOUND_MAX).unwrap_or(i64::MAX);
        let there = store::find(tx, scope, wanted, rows).await?;
        Ok(there.iter().map(found).collect())
    }

    async fn describe(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Found>>, StoreError> {
        let there = by_ids(tx, refs.iter().map(|of| of.id.clone())).await?;
        let one = |of: &Ref| {
            let shown = there.get(&of.id)?;
            shown.taken_back.is_none().then(|| found(shown))
        };
        Ok(refs.iter().map(one).collect())
    }

    async fn verify(&self, tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Verdict>, StoreError> {
        let there = by_ids(tx, claims.iter().map(|claim| claim.of.id.clone())).await?;
        let ids: Vec<FillingId> = there.values().map(|shown| shown.filling.id).collect();
        let pages = page::store::of(tx, &ids).await?;
        let doubt = |shown: &Shown| {
            let page = pages.get(&shown.filling.id);
            page.filter(|page| page.state.is_doubtful())
        };
        let verdict = |claim: &Claim| match there.get(&claim.of.id) {
            None => Verdict::Gone("主动公开目录里没有这条登记。".to_owned()),
            Some(shown) => match (&shown.taken_back, &claim.seal) {
                (Some(why), _) => Verdict::Gone(format!("这条登记已经撤销：{why}。")),
                (None, Some(own)) if *own != seal(&shown.filling) => {
                    Verdict::Changed("这一期的公开情况登记有变化。".to_owned())
                }
                // Whether it proves anything is for its unit to say first.
                (None, _) => doubt(shown).map_or(Verdict::Holds, |page| {
                    Verdict::CannotTell(format!("登记的网址待核：{}", page.sentence))
                }),
            },
        };
        Ok(claims.iter().map(verdict).collect())
    }
}

//! For which unit somebody writes who holds roles in several: chosen by its address, for what may be published and interpreted
//! follows from it.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::web::Problem;

use crate::acts::WriteDocuments;
use crate::pages::DESK;

/// The units for which a person may write, each once, and the one that is written for.
#[derive(Debug, Default)]
pub(super) struct Units {
    all: Vec<(OrganId, String)>,
    chosen: Option<OrganId>,
}

impl Units {
    /// `asked` is the id of one; empty for the first.
    ///
    /// # Errors
    /// Forbidden without any; not found for one that is none of the person's.
    pub(super) fn of(permit: &Permit<WriteDocuments>, asked: &str) -> Result<Self, Problem> {
        let mut all: Vec<(OrganId, String)> = Vec::new();
        for held in permit.roles() {
            if !all.iter().any(|(organ, _)| *organ == held.organ) {
                all.push((held.organ, held.organ_name.clone()));
            }
        }
        if all.is_empty() {
            return Err(Problem::new(Problem::FORBIDDEN));
        }
        let mut ids = all.iter().map(|(organ, _)| *organ);
        let chosen = ids.find(|organ| asked.is_empty() || organ.to_string() == asked);
        if chosen.is_none() {
            return Err(Problem::not_found());
        }
        Ok(Self { all, chosen })
    }

    /// Whose the new document is.
    ///
    /// # Errors
    /// Forbidden for somebody who writes for none.
    pub(super) fn owner(&self) -> Result<OrganId, Problem> {
        self.chosen.ok_or_else(|| Problem::new(Problem::FORBIDDEN))
    }

    /// Where there is something to choose: the address of the form for each, its name, and `page` at the one.
    pub(super) fn choices<'s>(&'s self, kind: &str) -> Vec<(String, &'s str, &'static str)> {
        if self.all.len() < 2 {
            return Vec::new();
        }
        let one = |(organ, name): &'s (OrganId, String)| {
            let address = format!("{DESK}/new?kind={kind}&unit={organ}");
            let current = if self.chosen == Some(*organ) {
                "page"
            } else {
                ""
            };
            (address, name.as_str(), current)
        };
        self.all.iter().map(one).collect()
    }

    /// The form of a kind, for the same unit.
    pub(super) fn address(&self, kind: &str) -> String {
        match self.chosen.filter(|_| self.all.len() > 1) {
            Some(organ) => format!("{DESK}/new?kind={kind}&unit={organ}"),
            None => format!("{DESK}/new?kind={kind}"),
        }
    }
}

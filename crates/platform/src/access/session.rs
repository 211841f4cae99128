//! A signed-in person, and the permits that follow from the roles held.

use std::marker::PhantomData;

use gongkai_basis::{
    Actor, Date, Role,
    id::{AccountId, OrganId},
};

use super::policy::{Act, ActRow, Reach};
use super::scope::Scope;
use crate::inbox::UNREAD_SHOWN_MAX;

/// A role in an organ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRole {
    pub role: Role,
    pub organ: OrganId,
    pub organ_name: String,
    pub organ_path: String,
    /// The government whose office the organ is.
    pub government: Option<OrganId>,
    /// 代理: for whom, until when.
    pub deputy_for: Option<AccountId>,
    pub until: Option<Date>,
}

/// Who is at the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub account: AccountId,
    pub name: String,
    pub roles: Vec<HeldRole>,
    /// A second factor is set up.
    pub second_factor: bool,
    /// Messages not read yet, counted as far as the top bar shows.
    pub unread: i64,
    /// SHA-256 of the cookie, which names the session's row.
    pub id_hash: String,
}

impl Session {
    /// The permit for an act, or `None` when no role held allows it.
    #[must_use]
    pub fn permit<A: Act>(&self) -> Option<Permit<A>> {
        let scope = self.scope(&A::ROW)?;
        let actor = Actor::Person {
            account: self.account,
            name: self.name.clone(),
        };
        Some(Permit {
            actor,
            scope,
            organs: self.organs(&A::ROW),
            act: PhantomData,
        })
    }

    /// May this person do the act anywhere? For menus and buttons.
    #[must_use]
    pub fn may(&self, act: &ActRow) -> bool {
        self.scope(act).is_some()
    }

    /// `3`, `99+`: the unread messages as the top bar shows them.
    #[must_use]
    pub fn unread_shown(&self) -> String {
        if self.unread > UNREAD_SHOWN_MAX {
            format!("{UNREAD_SHOWN_MAX}+")
        } else {
            self.unread.to_string()
        }
    }

    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        self.roles.iter().any(|held| held.role == role)
    }

    fn organs(&self, act: &ActRow) -> Vec<HeldRole> {
        self.roles
            .iter()
            .filter(|held| act.reach(held.role).is_some())
            .cloned()
            .collect()
    }

    fn scope(&self, act: &ActRow) -> Option<Scope> {
        let (mut single, mut branches, mut any) = (Vec::new(), Vec::new(), false);
        for held in &self.roles {
            match act.reach(held.role) {
                None => continue,
                Some(Reach::Everything) => return Some(Scope::Everything),
                Some(Reach::Own) => single.push(held.organ),
                Some(Reach::Government) => {
                    single.push(held.organ);
                    single.extend(held.government);
                }
                Some(Reach::Below) => branches.push(held.organ_path.clone()),
            }
            any = true;
        }
        any.then_some(Scope::Organs { single, branches })
    }
}

/// Proof that the policy allows this person the act `A`, and where. Cannot be made by hand.
#[derive(Debug, Clone)]
pub struct Permit<A: Act> {
    actor: Actor,
    scope: Scope,
    organs: Vec<HeldRole>,
    act: PhantomData<A>,
}

impl<A: Act> Permit<A> {
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The roles that grant this act, with their organs: where new things of this person belong.
    #[must_use]
    pub fn roles(&self) -> &[HeldRole] {
        &self.organs
    }

    /// A permit for the program itself: nightly jobs, first start, the operator's command line.
    #[must_use]
    pub fn system() -> Self {
        Self {
            actor: Actor::System,
            scope: Scope::Everything,
            organs: Vec::new(),
            act: PhantomData,
        }
    }
}

//! Whose records a person sees: an office those of its whole government, a unit its own, those above what lies below.

pub mod store;

use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act, HeldRole, Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{self, Kind};

/// A set of organs, with the reasons kept apart: what an office watches over, and what a person's own unit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Governments (or units with an office of their own) whose units an office watches over: themselves and what
    /// stands directly below.
    pub bases: Vec<OrganId>,
    /// Own units, and branches below a supervisor or leader.
    pub scope: Scope,
}

impl Reach {
    #[must_use]
    pub const fn everything() -> Self {
        Self {
            bases: Vec::new(),
            scope: Scope::Everything,
        }
    }

    /// The program itself reaches everything.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of_permit<A: Act>(tx: &mut Tx, permit: &Permit<A>) -> Result<Self, StoreError> {
        if *permit.scope() == Scope::Everything {
            return Ok(Self::everything());
        }
        Self::of(tx, permit.roles()).await
    }

    /// # Errors
    /// When the store fails.
    pub async fn of(tx: &mut Tx, roles: &[HeldRole]) -> Result<Self, StoreError> {
        let (mut bases, mut single, mut branches) = (Vec::new(), Vec::new(), Vec::new());
        for held in roles {
            match held.role {
                Role::OfficeClerk | Role::OfficeHead => {
                    bases.push(base_of(tx, held.organ).await?);
                }
                Role::Supervisor | Role::Leader => branches.push(held.organ_path.clone()),
                _ => single.push(held.organ),
            }
        }
        bases.sort();
        bases.dedup();
        Ok(Self {
            bases,
            scope: Scope::Organs { single, branches },
        })
    }
}

/// Whose units an office watches over: a general office those of its government, any other organ its own.
///
/// # Errors
/// When the store fails.
pub async fn base_of(tx: &mut Tx, office: OrganId) -> Result<OrganId, StoreError> {
    let kind = organ::store::load(tx, office)
        .await?
        .map(|organ| organ.kind);
    if kind == Some(Kind::Office) {
        Ok(organ::government_of(tx, office).await?.unwrap_or(office))
    } else {
        Ok(office)
    }
}

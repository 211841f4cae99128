//! Whose records a person sees: an office those of its whole government, a unit its own, those above what lies below.

pub mod store;

use super::{Kind, government_of, store as directory};
use crate::access::{Act, HeldRole, Permit, Scope};
use crate::db::{StoreError, Tx};
use gongkai_basis::Role;
use gongkai_basis::id::OrganId;

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

    /// Only what an office watches over.
    #[must_use]
    pub fn office(&self) -> Self {
        Self {
            bases: self.bases.clone(),
            scope: Scope::nothing(),
        }
    }
}

/// The governments whose whole area a person's office watches over; a department's own office has none.
///
/// # Errors
/// When the store fails.
pub async fn governed(tx: &mut Tx, roles: &[HeldRole]) -> Result<Vec<OrganId>, StoreError> {
    let mut governments = Vec::new();
    for base in Reach::of(tx, roles).await?.bases {
        let organ = directory::load(tx, base).await?;
        if organ.is_some_and(|organ| organ.kind.governs()) {
            governments.push(base);
        }
    }
    Ok(governments)
}

/// The organs in whose name a person writes or confirms: one's own unit; an office its own and its government's.
///
/// # Errors
/// When the store fails.
pub async fn own<A: Act>(tx: &mut Tx, permit: &Permit<A>) -> Result<Scope, StoreError> {
    // The program itself holds no role and reaches everything.
    if *permit.scope() == Scope::Everything {
        return Ok(Scope::Everything);
    }
    let mut single = Vec::new();
    for held in permit.roles() {
        single.push(held.organ);
        if matches!(held.role, Role::OfficeClerk | Role::OfficeHead) {
            single.push(base_of(tx, held.organ).await?);
        }
    }
    single.sort();
    single.dedup();
    Ok(Scope::Organs {
        single,
        branches: Vec::new(),
    })
}

/// Whose units an office watches over: a general office those of its government, and so does a section straight below one
/// (党政综合办公室 of a town); any other organ its own.
///
/// # Errors
/// When the store fails.
pub async fn base_of(tx: &mut Tx, office: OrganId) -> Result<OrganId, StoreError> {
    let Some(organ) = directory::load(tx, office).await? else {
        return Ok(office);
    };
    match (organ.kind, organ.parent) {
        (Kind::Office, _) => Ok(government_of(tx, office).await?.unwrap_or(office)),
        (Kind::Section, Some(above)) => {
            let above = directory::load(tx, above).await?;
            let governing = above.filter(|above| above.kind.governs());
            Ok(governing.map_or(office, |above| above.id))
        }
        _ => Ok(office),
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Role;

    use super::governed;
    use crate::account::session;
    use crate::db::{StoreError, Tx, sql};
    use crate::testing::{self, MovableClock, backends};

    #[tokio::test]
    async fn a_bureaus_own_office_keeps_nothing_that_holds_for_the_whole_government() {
        for backend in backends() {
            let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
            let (db, _guard) = testing::scratch(&backend, clock.clock()).await;
            let city = testing::organ(&db, "安澜市人民政府", None).await;
            let office = testing::organ(&db, "安澜市人民政府办公室", Some(city)).await;
            let bureau = testing::organ(&db, "安澜市教育局", Some(city)).await;
            for (organ, kind) in [(city, "government"), (office, "office")] {
                db.upkeep(async |tx: &mut Tx| {
                    tx.run(
                        sql("UPDATE organ SET kind = $1 WHERE id = $2")
                            .bind(kind)
                            .bind(organ),
                    )
                    .await
                })
                .await
                .map_err(|error: StoreError| error)
                .unwrap();
            }
            for (name, organ, wanted) in [("甲", office, vec![city]), ("乙", bureau, Vec::new())]
            {
                let account = testing::person(&db, name, &[(Role::OfficeHead, organ)]).await;
                let today = "2026-10-12".parse().unwrap();
                let found = db
                    .read(async |tx: &mut Tx| {
                        let roles = session::held_roles(tx, account, today).await?;
                        governed(tx, &roles).await
                    })
                    .await
                    .unwrap();
                assert_eq!(found, wanted);
            }
        }
    }
}

//! Acts and the roles that may do them.

use gongkai_basis::Role;

/// How far a role reaches for one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The organ in which the role is held.
    Own,
    /// That organ and, where it is the office of a government, the government itself: nobody else has its desk.
    Government,
    /// That organ and all below it.
    Below,
    /// The whole store: the three administrators, whose business is the program and not an organ's work.
    Everything,
}

impl Reach {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own organ",
            Self::Government => "own and its government",
            Self::Below => "own and below",
            Self::Everything => "everything",
        }
    }
}

/// One thing that a person may be allowed to do. Implemented by [`acts!`](crate::acts) only.
pub trait Act: Send + Sync + 'static {
    const ROW: ActRow;
}

/// An act as data: for the permission matrix and the authorisation sweep.
#[derive(Debug, Clone, Copy)]
pub struct ActRow {
    /// Stable dotted code, such as `plan.confirm`.
    pub code: &'static str,
    /// What people call it.
    pub name: &'static str,
    pub grants: &'static [(Role, Reach)],
}

impl ActRow {
    #[must_use]
    pub fn reach(&self, role: Role) -> Option<Reach> {
        self.grants
            .iter()
            .find(|(granted, _)| *granted == role)
            .map(|(_, reach)| *reach)
    }
}

/// Declares acts: a type for each, and `ALL`, the rows of the matrix.
///
/// ```ignore
/// acts! {
///     /// 导入方案
///     ImportPlan = "plan.import", "导入方案": OfficeClerk Own, OfficeHead Own;
/// }
/// ```
#[macro_export]
macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident = $code:literal, $name:literal: $($role:ident $reach:ident),+ $(,)?;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $act;

            impl $crate::access::Act for $act {
                const ROW: $crate::access::ActRow = $crate::access::ActRow {
                    code: $code,
                    name: $name,
                    grants: &[$((gongkai_basis::Role::$role, $crate::access::Reach::$reach)),+],
                };
            }
        )+

        /// Every act of this capability.
        pub const ALL: &[$crate::access::ActRow] = &[$(<$act as $crate::access::Act>::ROW),+];
    };
}

//! Who may do what, where.
//!
//! Each capability declares its acts with [`acts!`](crate::acts); a handler takes a [`Permit`] for one act, which only
//! [`Session::permit`] can make. A permit carries the [`Scope`] that every store function of a scoped noun takes.

mod policy;
mod scope;
mod session;

pub use policy::{Act, ActRow, Reach};
pub use scope::Scope;
pub use session::{HeldRole, Permit, Session};

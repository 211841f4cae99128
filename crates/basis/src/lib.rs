//! The words of the trade: calendar, clocks, numbers, roles. Pure: no IO, no async.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

pub mod actor;
pub mod calendar;
pub mod clause;
pub mod clock;
mod coded;
pub mod credit_code;
pub mod document_number;
pub mod han;
pub mod id;
pub mod pairs;
pub mod reference;
pub mod role;

pub use actor::Actor;
pub use jiff::civil::Date;
pub use role::Role;

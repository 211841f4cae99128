//! Plans, tasks, ledger: from a plan document to the work and back to the official form.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

pub mod acts;
pub mod assignment;
pub mod plan;
pub mod task;

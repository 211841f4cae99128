//! Proof: whole-user stories over HTTP and in a real browser, on SQLite and PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "only tests use this, and a test should fail loudly"
)]

mod browser;
pub mod render;
mod world;

pub use browser::{Page, browser_here};
pub use world::{InProcess, World};

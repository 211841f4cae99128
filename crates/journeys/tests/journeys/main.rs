//! Whole stories. One test binary, because each further one costs a link.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test should fail loudly"
)]

mod access;
mod applicant;
mod applying;
mod backup;
mod crawl;
mod evidence;
mod filled;
mod keyboard;
mod looking_up;
mod organs;
mod ownership;
mod plan_year;
mod portals;
mod publishing;
mod replying;
mod screens;
mod upgrade;

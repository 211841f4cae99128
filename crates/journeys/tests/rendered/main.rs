//! The same plan gives the same measures, whatever file it arrives in.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

mod compare;
mod covered;
mod labelled;
mod own;
mod printer;
mod samples;
mod source;
mod sure;

//! The binary as a library: route table, commands, composition. `main.rs` only calls [`cli::run`].
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]
#![allow(clippy::print_stdout, reason = "this is the command line")]

pub mod carrier;
pub mod cli;
mod command;
pub mod compose;
pub mod config;
pub mod demo;
pub mod export;
mod failure;
pub mod find;
pub mod inspection;
pub mod outside;
mod people;
#[cfg(feature = "pdf")]
pub mod printer;
mod private;
pub mod sandbox;
pub mod scan;
pub mod serve;
pub mod store_backup;

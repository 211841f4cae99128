//! The whole way over both databases, with a reader in this process.

mod again;
mod correct;
mod journey;
mod ledger;
mod progress;
mod refused;
mod store;
mod upper;
mod world;

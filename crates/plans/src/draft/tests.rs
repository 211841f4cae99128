//! The whole way over both databases, with a reader in this process.

mod again;
mod correct;
mod journey;
mod ledger;
mod store;
mod upper;
mod world;

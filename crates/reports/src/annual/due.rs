//! Reports that are owed, and those that wait for somebody.

pub mod store;

//! What every capability stands on: database, audit chain, access, jobs, files, web shell;
//! and the nouns that all share and nobody else owns: organs, accounts, findings, inbox.

pub mod access;
pub mod account;
pub mod audit;
pub mod calendar;
pub mod db;
pub mod files;
pub mod job;
pub mod organ;
pub mod testing;
pub mod web;

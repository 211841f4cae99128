//! What every capability stands on: database, audit chain, access, jobs, files, web shell;
//! and the nouns that all share and nobody else owns: organs, accounts, findings, inbox.

pub mod access;
pub mod account;
pub mod attachment;
pub mod audit;
pub mod calendar;
pub mod columns;
pub mod db;
mod desk;
pub mod diff;
pub mod fault;
pub mod files;
pub mod finding;
pub mod inbox;
pub mod job;
pub mod organ;
pub mod outside;
pub mod portal;
pub mod seam;
pub mod setting;
pub mod testing;
pub mod upkeep;
pub mod web;

/// The routes of everything in this crate.
#[must_use]
pub fn routes() -> Vec<web::Route> {
    let mut routes = account::routes();
    routes.extend(inbox::routes());
    routes.extend(finding::routes());
    routes.extend(organ::routes());
    routes.extend(calendar::routes());
    routes.extend(portal::routes());
    routes.extend(job::routes());
    routes.extend(audit::routes());
    routes
}

/// The menu entries of everything in this crate.
#[must_use]
pub fn nav() -> Vec<web::NavItem> {
    [
        finding::nav(),
        organ::nav(),
        account::nav(),
        calendar::nav(),
        portal::nav(),
        job::nav(),
        audit::nav(),
    ]
    .concat()
}

/// Every act of this crate, for the permission matrix.
#[must_use]
pub fn acts() -> Vec<access::ActRow> {
    [
        account::acts::ALL,
        organ::acts::ALL,
        finding::acts::ALL,
        portal::acts::ALL,
    ]
    .concat()
}

/// What this crate offers to the capabilities: findings that are due or looked up, and what waits for the
/// administrators.
#[must_use]
pub fn seams() -> seam::Seams {
    seam::Seams {
        obligations: vec![std::sync::Arc::new(finding::FindingsDue)],
        waiting: vec![std::sync::Arc::new(desk::AdministratorsDesk)],
        lookups: vec![std::sync::Arc::new(finding::Findings)],
        holders: vec![std::sync::Arc::new(finding::FindingFiles)],
        ..seam::Seams::default()
    }
}

//! What every capability stands on: database, audit chain, access, jobs, files, web shell; organs, findings, inbox.

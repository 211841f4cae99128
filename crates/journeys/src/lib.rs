//! Proof: whole-user stories over HTTP and in a real browser, on SQLite and PostgreSQL.

//! 账号: people, the roles that they hold in organs, and how they enter.
//!
//! Three separate powers (三员分立): the security administrator keeps accounts, roles and sessions; the system administrator
//! keeps jobs and the calendar; the audit administrator reads what everybody did, the other two included.

pub mod acts;
pub mod deputy;
pub mod handover;
pub mod link;
mod lockout;
mod login;
pub mod manage;
mod pages;
pub mod password;
pub mod second_factor;
pub mod session;
pub mod store;
mod token;

#[cfg(test)]
mod tests;

pub use handover::HandledWork;
pub use link::{Purpose, is_usable, issue_link};
pub use lockout::Gate;
pub use pages::{nav, routes};
pub use token::fresh as fresh_token;

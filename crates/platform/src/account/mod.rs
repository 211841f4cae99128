//! 账号: people, the roles that they hold in organs, and how they enter.

pub mod session;

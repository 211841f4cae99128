//! 工作日历: which years' notices the program counts with. The law of it is in `gongkai_basis::calendar`.

mod pages;
mod store;
#[cfg(test)]
mod tests;

pub use pages::{nav, routes};
pub use store::{load, load_calendar, refresh};

//! What this capability offers to the others.

mod due;
mod evidence;
mod figures;
mod guide;
mod listing;
mod portal;

pub(crate) use due::{CellsDue, Desk};
pub(crate) use evidence::Fillings;
pub(crate) use figures::Counted;
pub(crate) use guide::Guides;
pub(crate) use listing::Proposed;
pub(crate) use portal::Public;

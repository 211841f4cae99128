//! Plans laid out as the documents in which they arrive, so that a reader can be shown the same plan in every format.
//!
//! A [`Sheet`] holds what is printed; [`docx`], [`xlsx`], [`html`] and [`print_data`] print it. What merges and where pages
//! break is said once, by [`Sheet::rows`].

mod docx;
mod gold;
mod html;
mod pdf;
mod rows;
mod sheet;
mod xlsx;

pub use docx::docx;
pub use gold::{Deadline, GoldPlan, GoldTask, Organ};
pub use html::html;
pub use pdf::print_data;
pub use rows::{Pages, Row, Slot};
pub use sheet::{Align, Column, Kind, Line, Record, Sheet};
pub use xlsx::xlsx;

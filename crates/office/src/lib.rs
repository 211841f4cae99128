//! Foreign bytes in, neutral blocks out; official forms out. Everything that comes in is untrusted.
//!
//! `read` turns bytes into a [`Document`]; it never panics and stays within its [`Limits`].

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "tests fail loudly"
    )
)]

pub mod block;
mod collect;
pub mod convert;
pub mod count;
mod doc;
mod docx;
mod encoding;
mod flow;
pub mod form;
mod grid;
pub mod hidden;
mod html;
pub mod limits;
mod mht;
#[cfg(test)]
mod mutation;
mod numeral;
mod odf;
mod package;
mod pdf;
pub mod picture;
pub mod raised;
mod read;
mod refusal;
mod rtf;
mod sheet;
pub mod sniff;
mod text;
pub mod wire;
mod xml;

pub use block::{
    Block, Cell, Document, Format, Paragraph, Place, Problem, Row, STRUCK_ROW, Table, Unreadable,
};
pub use count::readable_chars;
pub use limits::{INPUT_BYTES_MAX, Limits};
pub use picture::{Picture, PictureSource};
pub use read::{read, read_as};
pub use sniff::{Sniffed, sniff};

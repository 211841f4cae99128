//! Foreign bytes in, neutral blocks out; official forms out. Everything that comes in is untrusted.
//!
//! `read` turns bytes into a [`Document`]; it never panics and stays within its [`Limits`].

pub mod block;
pub mod form;

pub use block::{Block, Cell, Document, Format, Paragraph, Place, Problem, Row, Table, Unreadable};

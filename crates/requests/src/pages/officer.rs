//! The desk: the list, a case, taking in, and one form for each act.

mod act;
mod applicants;
mod import;
mod left;
mod list;
mod show;
mod take;

pub(super) use act::{act, ask_act, spot};
pub(super) use applicants::applicants;
pub(super) use import::{ask_import, blank_table, import};
pub(crate) use list::light;
pub(super) use list::{keep_columns, list};
pub(super) use show::{clock, file, show};
pub(super) use take::{blank, take};

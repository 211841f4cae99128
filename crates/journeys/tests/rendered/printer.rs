//! Ruled PDFs with the fonts of this machine.

use gongkai_basis::Date;
use gongkai_journeys::render::{Pages, Sheet, print_data};
use gongkai_typeset::{FontFolders, Template, TypesetError, Typesetter};

pub(crate) struct Printer {
    typesetter: Typesetter,
}

impl Printer {
    pub(crate) fn new() -> Self {
        Self {
            typesetter: Typesetter::new(FontFolders::standard(None)),
        }
    }

    /// `None`: no Chinese font here, which it says.
    pub(crate) fn pdf(&self, sheet: &Sheet, pages: Pages) -> Option<Vec<u8>> {
        let today = Date::new(2026, 9, 30).unwrap();
        match self
            .typesetter
            .pdf(Template::Tasks, &print_data(sheet, pages), today)
        {
            Err(TypesetError::NoChineseFont { .. }) => {
                eprintln!("no Chinese font on this machine: PDFs are not checked");
                None
            }
            printed => Some(printed.unwrap()),
        }
    }
}

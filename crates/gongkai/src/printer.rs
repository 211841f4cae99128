//! Wires the typesetter to what the capabilities know of it.

use std::path::Path;

use gongkai_basis::Date;
use gongkai_platform::web::{PrintError, Printer};
use gongkai_typeset::{FontFolders, Template, Typesetter};

pub struct Typst(Typesetter);

impl Typst {
    /// Looks for fonts in the site's folder first; an empty path means that it has none.
    #[must_use]
    pub fn new(fonts: &Path) -> Self {
        let site = (!fonts.as_os_str().is_empty()).then(|| fonts.to_path_buf());
        Self(Typesetter::new(FontFolders::standard(site)))
    }

    /// The Chinese fonts that were found.
    #[must_use]
    pub fn families(&self) -> Vec<String> {
        self.0.families()
    }
}

/// The typesetter's template of a name.
fn template(name: &str) -> Result<Template, PrintError> {
    Ok(match name {
        "ledger" => Template::Ledger,
        "tasks" => Template::Tasks,
        "brief" => Template::Brief,
        "letter" => Template::Letter,
        "letterhead" => Template::Letterhead,
        "annual" => Template::Annual,
        "gazette" => Template::Gazette,
        other => {
            return Err(PrintError(format!(
                "没有名为“{other}”的版式，没有生成PDF。已有数据不受影响。请告知系统管理员。"
            )));
        }
    })
}

impl Printer for Typst {
    fn pdf(
        &self,
        name: &str,
        data: &serde_json::Value,
        today: Date,
    ) -> Result<Vec<u8>, PrintError> {
        self.0
            .pdf(template(name)?, data, today)
            .map_err(|error| PrintError(error.to_string()))
    }

    fn illustrated(
        &self,
        name: &str,
        data: &serde_json::Value,
        pictures: &[(String, Vec<u8>)],
        today: Date,
    ) -> Result<Vec<u8>, PrintError> {
        self.0
            .illustrated(template(name)?, data, pictures, today)
            .map_err(|error| PrintError(error.to_string()))
    }

    fn warm(&self) {
        self.0.warm();
    }

    fn pages(
        &self,
        name: &str,
        data: &serde_json::Value,
        pictures: &[(String, Vec<u8>)],
        today: Date,
    ) -> Result<Vec<i64>, PrintError> {
        self.0
            .pages(template(name)?, data, pictures, today)
            .map_err(|error| PrintError(error.to_string()))
    }
}

//! A real Chromium for the tests, with its driver and a Chinese font.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::step::output;
use crate::tool;

pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds both programs, or installs them; a Chinese font too, since pages without glyphs have other sizes.
pub(crate) fn ready() -> Result<Browser> {
    if !has_chinese_font() {
        tool::install(&["fonts-noto-cjk"])?;
    }
    Ok(Browser {
        chromium: tool::find_or_install(
            &["chromium", "chromium-browser", "google-chrome"],
            &["chromium", "chromium-driver"],
        )?,
        driver: tool::find_or_install(&["chromedriver"], &["chromium-driver"])?,
    })
}

fn has_chinese_font() -> bool {
    Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file()
        || output(Command::new("fc-list").arg(":lang=zh-cn")).is_ok_and(|fonts| !fonts.is_empty())
}

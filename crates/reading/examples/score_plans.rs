//! Scores the reader over a folder of plan documents (`NAME.txt`) with labels (`gold/NAME.json`), and prints the table and
//! every difference: `score_plans FOLDER`. `cargo xtask score-plans` runs it.

#![allow(clippy::print_stdout, reason = "an example that prints")]

use std::error::Error;
use std::path::PathBuf;

use gongkai_office::Limits;
use gongkai_reading::score::score_folder;

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = std::env::args_os()
        .nth(1)
        .ok_or("score_plans FOLDER")?
        .into();
    let read = |bytes: &[u8]| {
        let document = gongkai_office::read(bytes, &Limits::default())
            .map_err(|unreadable| unreadable.to_string())?;
        let plan = gongkai_reading::read(&document);
        Ok(gongkai_reading::to_json(&plan))
    };
    let scores = score_folder(&folder.join("gold"), &folder, &read)?;
    println!("{scores}");
    for row in scores.rows.iter().filter(|row| !row.differences.is_empty()) {
        println!("\n{}", row.name);
        for difference in &row.differences {
            println!("  {difference}");
        }
    }
    Ok(())
}

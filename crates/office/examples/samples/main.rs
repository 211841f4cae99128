//! Makes the demo city's documents from `samples/src`, in the shapes in which plans arrive. Run at the root of the source
//! tree: `cargo run -p gongkai-office --example samples`. It also leaves what the PDF sample is printed from in
//! `target/samples`; see `samples/README.md`.

mod docx;
mod files;
mod html;
mod plain;
mod source;
mod xlsx;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let samples = Path::new("samples");
    for (name, bytes) in files::all(&samples.join("src"))? {
        std::fs::write(samples.join(name), bytes)?;
    }
    let printed = Path::new("target/samples");
    std::fs::create_dir_all(printed)?;
    let plan = source::read(&samples.join("src/city-2025.json"))?;
    std::fs::write(
        printed.join("city-2025.json"),
        files::print_data(&plan).to_string(),
    )?;
    Ok(())
}

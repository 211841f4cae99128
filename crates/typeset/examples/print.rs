//! Prints a JSON file as PDF: `cargo run -p gongkai-typeset --example print -- ledger|tasks|brief|letter DATA.json YYYY-MM-DD OUT.pdf`.

use gongkai_typeset::{FontFolders, Template, Typesetter};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [template, data, today, out] = arguments.as_slice() else {
        return Err("usage: print ledger|tasks|brief|letter DATA.json YYYY-MM-DD OUT.pdf".into());
    };
    let template = match template.as_str() {
        "ledger" => Template::Ledger,
        "tasks" => Template::Tasks,
        "brief" => Template::Brief,
        "letter" => Template::Letter,
        other => return Err(format!("no template is called {other}").into()),
    };
    let data = serde_json::from_slice(&std::fs::read(data)?)?;
    let pdf = Typesetter::new(FontFolders::standard(None)).pdf(template, &data, today.parse()?)?;
    Ok(std::fs::write(out, pdf)?)
}

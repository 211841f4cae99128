//! Prints what the readers make of a file: `cargo run -p gongkai-office --example blocks -- FILE`.

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: blocks FILE");
        return ExitCode::from(2);
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            return ExitCode::from(2);
        }
    };
    eprintln!("{:?}, {} bytes", gongkai_office::sniff(&bytes), bytes.len());
    let outcome = gongkai_office::read(&bytes, &gongkai_office::Limits::default());
    println!(
        "{}",
        serde_json::to_string_pretty(&outcome).unwrap_or_default()
    );
    if outcome.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

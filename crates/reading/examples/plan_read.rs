//! Reads one plan and prints it as JSON: `plan_read FILE [csv]`. Status 0 done, 1 done with doubts, 2 could not be done.

#![allow(clippy::print_stdout, reason = "an example that prints")]

use std::process::ExitCode;

use gongkai_office::Limits;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(path) = args.first() else {
        eprintln!("plan_read FILE [csv]");
        return ExitCode::from(2);
    };
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let document = match gongkai_office::read(&bytes, &Limits::default()) {
        Ok(document) => document,
        Err(unreadable) => {
            eprintln!("{unreadable}");
            return ExitCode::from(2);
        }
    };
    let start = std::time::Instant::now();
    let plan = gongkai_reading::read(&document);
    if std::env::var_os("PLAN_READ_TIME").is_some() {
        eprintln!("{} µs", start.elapsed().as_micros());
    }
    if args.get(1).is_some_and(|a| a == "csv") {
        match gongkai_reading::to_csv(&plan) {
            Ok(csv) => print!("{csv}"),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::from(2);
            }
        }
    } else {
        println!("{}", gongkai_reading::to_json(&plan));
    }
    ExitCode::from(u8::from(!plan.problems.is_empty()))
}

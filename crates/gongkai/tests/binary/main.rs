//! The binary itself, as operators and scripts meet it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test should fail loudly"
)]

mod answers;
mod calendar;
mod check_words;
mod city;
mod demo;
mod disk_full;
mod faults;
mod fee;
mod hostile;
mod leak_gate;
mod old_site;
mod plan_read;
mod publishing;
#[cfg(feature = "pdf")]
mod report;
mod server;
mod submissions;
mod trials;
mod wall;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// Runs `gongkai` with arguments and waits.
fn gongkai(arguments: &[&str]) -> Output {
    gongkai_with_input(arguments, "")
}

fn gongkai_with_input(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A program that refuses at once closes its end early.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// Asks one of the servers under test.
async fn get(address: impl reqwest::IntoUrl) -> reqwest::Result<reqwest::Response> {
    choose_cryptography();
    reqwest::get(address).await
}

/// The program's HTTP clients leave the choice to it; tests that ask must choose as it does.
fn choose_cryptography() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

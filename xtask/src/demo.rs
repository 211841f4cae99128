//! `cargo xtask demo`: from a fresh clone to a running city, without questions.

use std::process::Command;

use anyhow::{Result, bail};

use crate::front;
use crate::step::{self, cargo, shown, step};
use crate::tool;

/// To set expectations; the README says the same.
const FIRST_BUILD: &str =
    "the first build takes about ten minutes on two cores, later ones seconds";

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    if tool::find(&["cc", "gcc", "clang"]).is_none() {
        bail!(
            "a C compiler is missing (SQLite is built from its source).\n\
             Debian and Ubuntu: apt-get install gcc libc6-dev · Fedora: dnf install gcc · macOS: xcode-select --install"
        );
    }
    front::build_or_explain();
    step(&format!("build gongkai ({FIRST_BUILD})"), || {
        step::run(same_build().args(["build", "-p", "gongkai"]))
    })?;
    serve(arguments)
}

/// Files that would speed up the next build of changed code make the first one longer.
fn same_build() -> Command {
    let mut cargo = cargo();
    cargo.env("CARGO_INCREMENTAL", "0");
    cargo
}

/// Cargo knows where it put the program, and gives its own place to it: Ctrl-C reaches the demo and us alike; it stops by
/// itself and we end with it.
fn serve(arguments: &[&str]) -> Result<()> {
    let mut demo = same_build();
    demo.args(["run", "--quiet", "-p", "gongkai", "--", "demo"])
        .args(arguments);
    println!("== {}", shown(&demo));
    step::run(&mut demo)
}

//! `cargo xtask demo`: from a fresh clone to a running city, without questions.

use std::process::Command;

use anyhow::{Result, bail};

use crate::front;
use crate::step::{self, cargo, root, shown, step};
use crate::tool;

/// The first build takes this long on two cores, to set expectations.
const FIRST_BUILD: &str = "the first build takes several minutes, later ones seconds";

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    if tool::find(&["cc", "gcc", "clang"]).is_none() {
        bail!(
            "a C compiler is missing (SQLite is built from its source).\n\
             Debian and Ubuntu: apt-get install gcc libc6-dev · Fedora: dnf install gcc · macOS: xcode-select --install"
        );
    }
    front::build_or_explain();
    step(&format!("build gongkai ({FIRST_BUILD})"), || {
        // Files that would speed up the next build of changed code make the first one longer.
        let mut build = cargo();
        step::run(
            build
                .args(["build", "-p", "gongkai"])
                .env("CARGO_INCREMENTAL", "0"),
        )
    })?;
    serve(arguments)
}

/// Ctrl-C reaches the demo and us alike; it stops by itself and we end with it.
fn serve(arguments: &[&str]) -> Result<()> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let mut demo = Command::new(target.join("debug/gongkai"));
    demo.arg("demo").args(arguments);
    println!("== {}", shown(&demo));
    step::run(&mut demo)
}

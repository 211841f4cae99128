//! What the linker does for the size of a release: a fifth of the binary without it.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    // Rust's own linker there; other targets' linkers may not know the flags. The demo's profile passes as a release, too.
    if !is("PROFILE", "release")
        || !is("TARGET", "x86_64-unknown-linux-gnu")
        || !is("OPT_LEVEL", "z")
    {
        return;
    }
    // One copy of functions whose code is the same.
    println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
    // Bits instead of 24 bytes for each address. A system's programs run on it and on newer ones, so a system that cannot
    // read this makes programs without.
    if c_library_minor().is_some_and(|minor| minor >= 36) {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The 36 of glibc 2.36.
fn c_library_minor() -> Option<u32> {
    let said = Command::new("getconf")
        .arg("GNU_LIBC_VERSION")
        .output()
        .ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    said.trim()
        .strip_prefix("glibc 2.")?
        .split('.')
        .next()?
        .parse()
        .ok()
}

//! What the linker does for the size and the start of a release.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    // Rust's own linker there; other targets' linkers may not know the flags. The demo's profile passes as a release, too.
    if is("PROFILE", "release") && is("TARGET", "x86_64-unknown-linux-gnu") && is("OPT_LEVEL", "z")
    {
        // One copy of functions whose code is the same: a fifth of the binary.
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
        // At a fixed address (docs/adr/0010): else each start, and that of each reading child, writes 3 MB of addresses.
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}

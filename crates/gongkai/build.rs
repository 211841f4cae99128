//! Lets the linker of the release keep one copy of functions whose code is the same: a tenth of the binary is such copies.
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    // Rust's own linker there; other targets' linkers may not know the flag. The demo's profile passes as a release, too.
    if is("PROFILE", "release") && is("TARGET", "x86_64-unknown-linux-gnu") && is("OPT_LEVEL", "z")
    {
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
    }
}

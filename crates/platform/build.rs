//! Says when the embedded files of `front` are to be embedded anew.

use std::path::Path;

/// What `cargo xtask front` fills; absent where it never ran.
const FETCHED: &str = "../../front/dist/web";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The macro that embeds tells cargo only of files that were there. A folder that is missing would count as changed at
    // every build, so until it is there its place is watched.
    let watched = if Path::new(FETCHED).is_dir() {
        FETCHED
    } else {
        "../../front"
    };
    println!("cargo:rerun-if-changed={watched}");
}

//! The thin main: everything is in the library.

use std::process::ExitCode;

/// Gives memory back after a large piece of work; the system's own keeps it for good.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gongkai::cli::run()
}

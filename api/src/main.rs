//! The binary `torg`.

mod cli;

use std::process::ExitCode;

/// A request makes and drops hundreds of small things; with the system's allocator that is a fifth of its time, and memory is given back late.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("torg: {error}");
            ExitCode::FAILURE
        }
    }
}

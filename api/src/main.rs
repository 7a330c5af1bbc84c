//! The binary `torg`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("torg: {error}");
            ExitCode::FAILURE
        }
    }
}

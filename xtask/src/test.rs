//! `cargo xtask test`: everything that must hold, after making what the tests need.

use std::process::ExitCode;

use anyhow::Result;

use crate::{cargo, python, run};

/// Run all tests, the Python twins' included
#[derive(clap::Args)]
pub struct Args {
    /// Arguments for `cargo test`, as in `-p lab` or a test's name
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Runs `cargo test` over all packages but the book.
///
/// # Errors
/// If cargo cannot be started.
pub fn run(args: &Args) -> Result<ExitCode> {
    if let Err(error) = python::ready() {
        eprintln!("without Python the twins are not tested: {error:#}");
    } else if let Err(error) = python::for_tests() {
        eprintln!("without moto S3 is tested against the local bucket only: {error:#}");
    }
    run::status(cargo::command().args(["test"]).args(&args.args))
}

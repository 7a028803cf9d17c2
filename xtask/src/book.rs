//! `cargo xtask book`: the lessons as pages for a browser, made by a package of its own.

use std::{os::unix::process::CommandExt, process::ExitCode};

use anyhow::{Context, Result};

use crate::{cargo, catalogue::root};

/// Write the book: every slide with both programs, their output and figures, as pages for a browser
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Args {
    /// What the book's program takes; --help lists it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Becomes the book's program, which is in no default build.
///
/// # Errors
/// If cargo cannot be started.
pub fn run(args: &Args) -> Result<ExitCode> {
    let mut command = cargo::command();
    // Where the reader is: files are named from there.
    command.current_dir(".").args(["run", "--quiet", "--package", "book", "--manifest-path"]);
    command.arg(root().join("Cargo.toml")).arg("--").args(&args.args);
    Err(command.exec()).context("cannot start cargo")
}

//! `cargo xtask run`: a lesson, an example, or its Python twin.

use std::{
    os::unix::process::CommandExt,
    process::{Command, ExitCode},
};

use anyhow::{Context, Result};

use crate::{
    cargo,
    catalogue::{Catalogue, package},
    lab::Lab,
    python,
};

/// Run a lesson, one of its examples, or an example's Python twin
#[derive(clap::Args)]
pub struct Args {
    /// Run the Python twin
    #[arg(long, requires = "example")]
    python: bool,
    /// 03-asyncio, 03 or asyncio
    lesson: String,
    /// One example; without it, all
    example: Option<String>,
    /// The example's arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Becomes the chosen program, or for a twin runs it while the lab is up.
///
/// # Errors
/// If there is no such lesson or example, or it cannot be started.
pub fn run(args: &Args) -> Result<ExitCode> {
    let catalogue = Catalogue::load()?;
    let lesson = catalogue.lesson(&args.lesson)?;
    if args.python {
        let name = args.example.as_deref().unwrap_or_default();
        let example = catalogue.example(lesson, name)?;
        let python = python::ready()?;
        let lab = Lab::start(&cargo::build(false)?, None)?;
        let mut command = python.command(&example.twin());
        return status(command.args(&args.args).envs(lab.environment()));
    }
    let mut command = cargo::command();
    command.args(["run", "--quiet", "--bin", &package(lesson), "--"]);
    command.args(&args.example).args(&args.args);
    Err(command.exec()).context("cannot start cargo")
}

/// Runs a command in the foreground; its exit code becomes ours.
pub(crate) fn status(command: &mut Command) -> Result<ExitCode> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {program}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

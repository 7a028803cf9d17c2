//! `cargo xtask list`: lessons, examples, and what they port.

use std::process::ExitCode;

use anyhow::Result;

use crate::catalogue::Catalogue;

/// List the lessons and examples, and what each ports
#[derive(clap::Args)]
pub struct Args {}

/// Prints the list.
///
/// # Errors
/// If the catalogue cannot be read.
pub fn run(_: &Args) -> Result<ExitCode> {
    let catalogue = Catalogue::load()?;
    for lesson in catalogue.lessons() {
        println!("{lesson}");
        for example in catalogue.examples.iter().filter(|example| example.lesson == lesson) {
            println!("  {:17} {}", example.name, example.purpose());
        }
    }
    Ok(ExitCode::SUCCESS)
}

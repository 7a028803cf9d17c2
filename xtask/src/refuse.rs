//! `cargo xtask refuse`: what the compiler refuses and why, and the same program mended.

use std::{
    collections::HashSet,
    io::{self, IsTerminal},
    process::ExitCode,
};

use anyhow::Result;

use crate::{
    catalogue::Unknown,
    prose::filled,
    refused::{self, Refused},
};

/// Show a program that the compiler refuses, its answer, and the program mended
#[derive(clap::Args)]
pub struct Args {
    /// The program, as in counter; without it, all are listed
    name: Option<String>,
}

/// Lists the refused programs, or shows one.
///
/// # Errors
/// If there is no such program, there is no compiler, or the compiler does not refuse it.
pub fn run(args: &Args) -> Result<ExitCode> {
    let all = refused::all()?;
    match &args.name {
        None => list(&all),
        Some(name) => {
            let found = all.iter().find(|program| program.name == *name);
            let known = all.iter().map(|program| &*program.name);
            show(found.ok_or_else(|| Unknown::new("refused program", name, known))?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(all: &[Refused]) {
    let mut lessons = None;
    for program in all {
        if lessons.replace(&program.lessons) != Some(&program.lessons) {
            println!("lesson {}", program.lessons.join(" and "));
        }
        println!("  {:18} {}", program.name, program.what);
    }
}

fn show(program: &Refused) -> Result<()> {
    // Asked first: without a compiler there is nothing to show.
    let colour = if io::stdout().is_terminal() { "always" } else { "never" };
    let answer = refused::answer(program, colour)?;
    println!("--- Refused: {}\n", program.file().display());
    for paragraph in [Some(&program.what), program.why.as_ref()].into_iter().flatten() {
        println!("{}\n", filled(paragraph));
    }
    print_beside(&program.code, &program.mended_code);
    println!("\n--- The compiler\n\n{}", answer.trim_end());
    println!("\n--- Python\n\n{}", filled(&program.python));
    println!("\n--- Mended: {}\n\n{}\n", program.mended().display(), filled(&program.how));
    print_beside(&program.mended_code, &program.code);
    Ok(())
}

/// Prints a program; `>` marks the lines that the other does not have.
fn print_beside(code: &str, other: &str) {
    let other: HashSet<_> = other.lines().collect();
    for line in code.lines() {
        let mark = if other.contains(line) { ' ' } else { '>' };
        println!("{}", format!("{mark} {line}").trim_end());
    }
}

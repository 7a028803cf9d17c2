//! `cargo xtask book`: see the library for what it writes.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context, Result, ensure};
use book::{
    material::{Material, Measured},
    serve,
};
use clap::{Parser, Subcommand};
use xtask::{cargo, trace::record};

/// Write the book, target/book: every slide with both programs, their output and their figures
#[derive(Parser)]
#[command(bin_name = "cargo xtask book", disable_help_subcommand = true)]
struct Args {
    /// Show it in the browser
    #[arg(long)]
    open: bool,
    /// The report to show, in place of target/bench-all.json or the committed one
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Two reports for a page that has them side by side
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    compare: Vec<PathBuf>,
    /// First run what the pages show the output of, in both languages, and keep what that prints in
    /// docs/recorded-runs.json; with names, lessons or examples, only theirs
    #[arg(long, num_args = 0.., value_name = "NAME")]
    record: Option<Vec<String>>,
    /// Serve it on 127.0.0.1, with a button at each example that runs it
    #[arg(long, conflicts_with = "open")]
    serve: bool,
    /// The port to serve it on [default: any that is free]
    #[arg(long, requires = "serve", default_value = "0", hide_default_value = true)]
    port: u16,
    /// Run the debug programs: built sooner, and slower
    #[arg(long, requires = "serve")]
    debug: bool,
    /// Let the arguments of what is run name any file, folder and address
    #[arg(long, requires = "serve")]
    trust: bool,
    #[command(subcommand)]
    helper: Option<Helper>,
}

#[derive(Subcommand)]
enum Helper {
    /// Run a program and record it
    #[command(hide = true)]
    Record(record::Args),
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.helper {
        Some(Helper::Record(args)) => record::run(args),
        None => run(&args).map(|()| ExitCode::SUCCESS),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let measured = match &args.json {
        Some(file) => Some(Measured::read(file)?),
        None => Measured::found()?,
    };
    let compared = match &*args.compare {
        [first, second] => Some([Measured::read(first)?, Measured::read(second)?]),
        _ => None,
    };
    if let Some(names) = &args.record {
        book::record::record(names)?;
    }
    let folder = cargo::target().join("book");
    // Made aside: what is there stays whole until the new one is.
    let (aside, old) = (folder.with_extension("part"), folder.with_extension("old"));
    for left in [&aside, &old] {
        remove(left)?;
    }
    book::write(&aside, &Material::gather(measured)?, compared.as_ref())?;
    if folder.exists() {
        fs::rename(&folder, &old)
            .with_context(|| format!("cannot replace {}", folder.display()))?;
    }
    fs::rename(&aside, &folder).with_context(|| format!("cannot write {}", folder.display()))?;
    remove(&old)?;
    let start = folder.join("index.html");
    // A closed pipe takes nothing from the book.
    let _ = writeln!(io::stdout(), "{}", start.display());
    if args.serve {
        return serve::until_ctrl_c(&folder, args.port, !args.debug, args.trust, |address| {
            let _ = writeln!(io::stdout(), "{address}\nOpen this address; Ctrl-C ends the server.");
        });
    }
    if args.open { open(&start) } else { Ok(()) }
}

fn remove(folder: &std::path::Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

fn open(page: &std::path::Path) -> Result<()> {
    let mut command = Command::new("xdg-open");
    command.arg(page).stdout(Stdio::null()).stderr(Stdio::null());
    let status =
        command.status().context("cannot run xdg-open, which shows a page; open it yourself")?;
    ensure!(status.success(), "xdg-open shows no {}: {status}; open it yourself", page.display());
    Ok(())
}

//! Every example under every fault: it ends, says why, and leaves nothing behind.

use std::{env, fs, process::Command};

use anyhow::{Context, Result, ensure};
use tests::faults::{fault::FAULTS, table::Table};
use xtask::catalogue::{Catalogue, root};

/// Where the table stands in tests/README.md.
const MARKS: [&str; 2] = ["<!-- faults -->\n", "<!-- end of faults -->"];

fn readme() -> Result<(String, String, String)> {
    let text = fs::read_to_string(root().join("tests/README.md"))?;
    let (before, rest) = text.split_once(MARKS[0]).context("no table in tests/README.md")?;
    let (table, after) = rest.split_once(MARKS[1]).context("no end of the table")?;
    Ok((before.into(), table.into(), after.into()))
}

/// Runs all, or those that `FAULTS` names a part of (`FAULTS=02-multiprocessing/p`), and checks them.
fn checked() -> Result<Table> {
    let filter = env::var("FAULTS").unwrap_or_default();
    let table = Table::new(&filter)?;
    println!("{}", table.markdown());
    let wrong = table.wrong();
    ensure!(wrong.is_empty(), "{} cells fail:\n{}", wrong.len(), wrong.join("\n"));
    if filter.is_empty() {
        // That the faults are brought about at all.
        let ended_otherwise = |cell: &str| !cell.starts_with("0 ") && cell.contains(" · ");
        for (fault, least) in [
            ("worker panics", 4),
            ("worker killed", 15),
            ("worker hangs", 15),
            ("peer resets", 9),
            ("peer is mute", 9),
            ("disk full", 5),
            ("read-only", 5),
            ("8 descriptors", 25),
            ("2 processes", 30),
            ("4 MB more", 20),
            ("SIGINT", 60),
            ("stdout full", 60),
        ] {
            let count = table.count(fault, ended_otherwise);
            ensure!(count >= least, "{fault}: only {count} examples noticed");
        }
    }
    Ok(table)
}

#[test]
fn every_example_ends_well_under_every_fault() -> Result<()> {
    checked().map(drop)
}

/// `cargo xtask test --test faults -- --ignored`
#[test]
#[ignore = "it writes tests/README.md"]
fn the_table_of_the_readme_is_made_anew() -> Result<()> {
    let table = checked()?.markdown();
    let said = |program: &str, args: &[&str]| -> Result<String> {
        let done = Command::new(program).args(args).current_dir(root()).output()?;
        Ok(String::from_utf8(done.stdout)?.trim().to_owned())
    };
    let (date, commit) =
        (said("date", &["-u", "+%F"])?, said("git", &["rev-parse", "--short", "HEAD"])?);
    let (before, _, after) = readme()?;
    let [begin, end] = MARKS;
    let made = format!("{before}{begin}Made on {date}, of commit {commit}.\n\n{table}{end}{after}");
    fs::write(root().join("tests/README.md"), made)?;
    Ok(())
}

#[test]
fn the_table_of_the_readme_has_every_fault_and_every_example_and_no_empty_cell() -> Result<()> {
    let (_, table, _) = readme()?;
    for fault in FAULTS {
        let rows = table.matches(&format!("\n| {} |", fault.name)).count();
        // What it is, and a row in each lesson's table.
        assert_eq!(rows, 1 + Catalogue::load()?.lessons().len(), "{}", fault.name);
    }
    for example in Catalogue::load()?.examples {
        let head = table.lines().find(|line| line.starts_with(&format!("| {} |", example.lesson)));
        let head = head.with_context(|| format!("no table of {}", example.lesson))?;
        ensure!(head.contains(&format!("| {} |", example.name)), "no column of {}", example.name);
    }
    ensure!(!table.contains("|  |"), "an empty cell");
    Ok(())
}

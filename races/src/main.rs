//! Races and deadlocks that compile: how often they show, a schedule that shows each, and each mended.

#[macro_use]
mod sync;

mod checker;
mod log;
mod panics;
mod plain;
mod races;
mod table;

use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use anyhow::{Context, Result, bail, ensure};
use clap::{Parser, builder::PossibleValuesParser};
use races::{RACES, Race};

/// Races and deadlocks that compile, found by trying out schedules, and mended
#[derive(Parser)]
#[command(name = "races", bin_name = "cargo races")]
struct Args {
    /// Which of them [default: all]
    #[arg(value_parser = PossibleValuesParser::new(RACES.iter().map(|race| race.name)))]
    names: Vec<String>,
    /// Print their names, one a line
    #[arg(long)]
    list: bool,
    /// How often each is run as it is
    #[arg(long, default_value_t = 1000)]
    runs: usize,
    /// How many schedules are tried out at most
    #[arg(long, default_value_t = 10_000)]
    schedules: usize,
    /// Which schedules: the same number tries out the same ones
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

fn main() -> ExitCode {
    match run(&Args::parse(), &mut io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody may be reading; the exit code tells all the same.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Nobody reads any more (`| head -1`): the reader's wish, not a fault.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

fn run(args: &Args, out: &mut impl Write) -> Result<()> {
    let chosen =
        |race: &&Race| args.names.is_empty() || args.names.iter().any(|it| it == race.name);
    for (position, race) in RACES.iter().filter(chosen).enumerate() {
        if args.list {
            writeln!(out, "{}", race.name)?;
            continue;
        }
        writeln!(out, "{}== {} ==", if position > 0 { "\n" } else { "" }, race.name)?;
        writeln!(out, "{}\n", race.about)?;
        show(race, args, out)?;
    }
    Ok(())
}

fn show(race: &Race, args: &Args, out: &mut impl Write) -> Result<()> {
    let count = plain::run(race.plain, args.runs)?;
    writeln!(out, "as it is: {}", plain::sentence(&count))?;

    let found = checker::search(race.checked, args.seed, args.schedules);
    let Some(broken) = found.broken else {
        bail!(
            "{}: none of {} schedules breaks it: try more, --schedules, or others, --seed",
            race.name,
            found.tried
        );
    };
    writeln!(out, "under the checker: schedule {} breaks it: {}\n", found.tried, broken.why)?;
    for line in table::lines(&broken.steps) {
        writeln!(out, "{line}")?;
    }
    let schedule = broken.schedule.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
    writeln!(out, "\nwho was next: {schedule}")?;
    let again = checker::replay(race.checked, &broken.schedule);
    let again = again
        .with_context(|| format!("{}: replayed, the schedule does not break it", race.name))?;
    ensure!(
        again == broken,
        "{}: replayed, the schedule breaks it in another way: {again:?}",
        race.name
    );
    writeln!(out, "replayed: the same steps, the same end\n")?;

    let count = plain::run(race.mended_plain, args.runs)?;
    writeln!(out, "mended, as it is: {}", plain::sentence(&count))?;
    let found = checker::search(race.mended_checked, args.seed, args.schedules);
    if let Some(broken) = found.broken {
        bail!("{}: mended, schedule {} breaks it: {}", race.name, found.tried, broken.why);
    }
    writeln!(out, "mended, under the checker: {} schedules, none breaks it", found.tried)?;
    match checker::try_all(race.mended_checked, args.schedules) {
        Ok(Some(all)) => {
            writeln!(out, "mended, every schedule that there is: {all}, none breaks it")?;
        }
        Ok(None) => {}
        Err(why) => bail!("{}: mended, a schedule breaks it: {why}", race.name),
    }
    ensure!(count.wrong + count.deadlocks == 0, "{}: mended, it went wrong", race.name);
    Ok(())
}

//! `cargo xtask bench-all`: every example beside the Python program that does the same.
//!
//! Built once in release; then the programs themselves are run, with no cargo and no shell in the
//! timing. After a warm-up of each side come rounds, forward and backward in turn (ABBA), so that a drift of the machine
//! meets all sides alike: the ratio of a round is a result where absolute times are a hint. A row has
//! six rounds, and more while its time lasts.

pub mod baseline;
mod contender;
mod features;
pub mod host;
#[cfg(test)]
mod hostile;
mod imports;
pub mod measure;
mod peers;
mod plan;
mod progress;
pub mod report;
mod said;
pub mod stats;
mod table;

use std::{
    collections::HashMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

use self::{
    contender::Contender,
    features::Features,
    imports::Imports,
    measure::Program,
    peers::Peers,
    plan::{Plan, Planner},
    progress::Progress,
    report::{Report, Row, Side},
    table::Table,
};
use crate::{
    cargo,
    catalogue::Catalogue,
    lab::{self, Lab},
    python::{self, Python},
    transcript,
};

/// Build, execute and time the examples, each beside its Python twin
#[derive(clap::Args)]
pub struct Args {
    /// Lessons or examples: 03-asyncio, asyncio, countdown, 03/countdown; without any, all
    names: Vec<String>,
    /// Rounds of a row at the most, each with one run of every side
    #[arg(long, default_value = "10", value_parser = clap::value_parser!(u32).range(1..=1000))]
    samples: u32,
    /// Seconds after which a row that has had 6 rounds gets no more
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u32).range(0..=86400))]
    budget: u32,
    /// The rows that take long too: that memory stays flat for a gigabyte, for instance
    #[arg(long)]
    long: bool,
    /// Build the lessons that have rows for it with this feature, which no default build has: gpu, for lesson 06
    #[arg(long, requires = "long")]
    features: Option<String>,
    /// Length of the simulated waits: 1 for the tutorials' own
    #[arg(long, default_value = "0.05", value_parser = lab::pace, allow_negative_numbers = true)]
    pace: f64,
    /// Seconds after which a run is killed, its waits not counted
    #[arg(long, default_value = "60", value_parser = clap::value_parser!(u32).range(1..=86400))]
    timeout: u32,
    /// A Python to measure beside Rust, by path or name, of any version 3; repeated, each has a column
    /// [default: python3, or what the environment variable PYTHON names]
    #[arg(long, value_name = "PATH")]
    python: Vec<String>,
    /// Measure Rust alone
    #[arg(long, conflicts_with = "python")]
    no_python: bool,
    /// The best that there is for the same work besides, in rows of its own: OpenCV, DuckDB, s5cmd and the like
    #[arg(long, conflicts_with = "no_python")]
    peers: bool,
    /// Where to write all samples, rewritten after each row [default: target/bench-all.json]
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// An earlier JSON file: say what is clearly slower or faster than then
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

/// Rounds that give a ratio an honest interval.
const ENOUGH: u32 = 6;

/// Measures, prints the table, and fails if a row did.
///
/// # Errors
/// If something other than a measured program fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    let catalogue = Catalogue::load()?;
    let examples = catalogue.select(&args.names)?;
    let features = args.features.as_deref();
    let wanted = features.map(|it| Features::of(it, &examples)).transpose()?;
    let baseline = args.baseline.as_deref().map(Report::read).transpose()?;
    let chosen = python::chosen(&args.python)?;
    let peers = args.peers.then(Peers::ready).transpose()?;
    // Beside the build: much of making an environment is waiting for the network.
    let (programs, found) = thread::scope(|scope| {
        let programs = scope.spawn(|| {
            let mut programs = cargo::build(true)?;
            programs.extend(wanted.map(|it| it.build()).transpose()?.unwrap_or_default());
            anyhow::Ok(programs)
        });
        let wanted = !args.no_python && chosen.is_empty();
        let found = wanted.then(python::ready_in_part).transpose();
        (programs.join().expect("cargo's output is read without a panic"), found)
    });
    let programs = programs?;
    let without = match &found {
        Err(error) => Some(format!("{error:#}")),
        Ok(_) => args.no_python.then(|| "--no-python".into()),
    };
    let pythons = labelled(found.ok().flatten().map_or(chosen, |default| vec![default]));

    let lab = Lab::start(&programs, Some(args.pace))?;
    let scratch = cargo::target().join("bench-all");
    fs::create_dir_all(&scratch)?;

    let imports = Imports::default();
    let mut bench = Bench { args, programs: &programs, lab: &lab, scratch: &scratch, imports };
    let planner = Planner {
        programs: &programs,
        pythons: &pythons,
        pace: args.pace,
        long: args.long,
        features,
        peers: peers.as_ref(),
    };
    let mut plans = vec![planner.control(&catalogue)?, planner.start_up(&catalogue)?];
    for example in &examples {
        plans.extend(planner.example(example)?);
    }
    let json = args.json.clone().unwrap_or_else(|| cargo::target().join("bench-all.json"));
    let mut report = Report::new(args.pace, args.samples, &pythons, without);
    let names: Vec<_> = plans.iter().flat_map(Plan::names).collect();
    let table = Table::new(&names, pythons.iter().map(|(label, _)| label.clone()).collect());
    let progress = Progress::new(plans.len());
    table.head().iter().for_each(|line| progress.above(line));
    for plan in plans {
        progress.row(&plan.programs[0].name);
        for row in bench.measure(&plan, &progress)? {
            progress.above(&table.row(&row));
            report.add(row, &json)?;
        }
    }
    progress.end();
    table::print_legend(&report);
    features::left_out(&examples, features).iter().for_each(|line| println!("{line}"));
    println!("All samples: {}", json.display());
    if let Some(baseline) = baseline {
        baseline::compare(&report, &baseline);
    }
    Ok(if report.rows.iter().any(|row| row.failure.is_some()) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The only one is `python`; several go by what they are, and those of one kind by a number besides.
fn labelled(pythons: Vec<Python>) -> Vec<(String, Python)> {
    let several = pythons.len() > 1;
    let mut labelled: Vec<(String, Python)> = Vec::new();
    for python in pythons {
        let title = if several { python.base.title() } else { "python".into() };
        let alike = labelled.iter().filter(|(_, other)| other.base.title() == title).count();
        let label = if alike == 0 { title } else { format!("{title} #{}", alike + 1) };
        labelled.push((label, python));
    }
    labelled
}

struct Bench<'a> {
    args: &'a Args,
    programs: &'a HashMap<String, PathBuf>,
    lab: &'a Lab,
    /// Where each run has a folder of its own, as long as it runs.
    scratch: &'a Path,
    imports: Imports,
}

impl Bench<'_> {
    /// Measures a row for each program of the plan. One that fails ends them all; a Python that is known not to have
    /// what its twin needs does not take part.
    fn measure(&mut self, plan: &Plan<'_>, progress: &Progress) -> Result<Vec<Row>> {
        let Plan { programs, others, pace, order } = plan;
        // At a pace of its own with a lab of its own: the site's latencies keep that pace.
        let own_lab = (*pace != self.args.pace).then(|| Lab::start(self.programs, Some(*pace)));
        let own_lab = own_lab.transpose()?;
        let lab = own_lab.as_ref().unwrap_or(self.lab);
        let pace_said = pace.to_string();
        let environment: Vec<_> = lab.environment().chain([("PACE", &*pace_said)]).collect();
        let waits = programs.iter().map(|program| program.waits).fold(0.0, f64::max) * pace;
        let limit = Duration::from_secs_f64(f64::from(self.args.timeout) + waits);

        let rust = programs.iter().map(|program| ("rust", &*program.command));
        let other = others.iter().map(|other| (other.label, &*other.command));
        let commands: Vec<_> = rust.chain(other).collect();
        let mut sides: Vec<_> =
            commands.iter().map(|(label, command)| Side::new(label, command)).collect();
        let folder = self.scratch;
        let run = |command: &[OsString]| {
            Program { command, environment: &environment, folder, limit }.run()
        };
        for (side, other) in sides[programs.len()..].iter_mut().zip(others) {
            side.lack.clone_from(&other.lack);
            if let Some((python, twin)) = &other.twin {
                let imported = self.imports.of(python, twin, run)?;
                (side.gil, side.lack) = (imported.gil, imported.lack);
            }
        }
        let (mut first_output, mut failure) = (None, None);
        let begin = Instant::now();
        // Round 0 is the warm-up. A twin's imports were its own.
        'rounds: for round in 0..=self.args.samples {
            if round > ENOUGH && begin.elapsed().as_secs() >= self.args.budget.into() {
                break;
            }
            for turn in 0..sides.len() {
                let turn = if round % 2 == 0 { turn } else { sides.len() - 1 - turn };
                let other = turn.checked_sub(programs.len()).and_then(|turn| others.get(turn));
                let imported = other.is_some_and(|other| other.twin.is_some());
                let side = &mut sides[turn];
                if side.lack.is_some() || round == 0 && imported {
                    continue;
                }
                progress.run(&programs[0].name, &side.label, round);
                let run = run(commands[turn].1)?;
                let output = order.map(|order| transcript::canonical(&run.stdout, order));
                let expected = first_output.get_or_insert_with(|| output.clone());
                let differs = || {
                    let difference = transcript::difference(expected.as_ref()?, output.as_ref()?)?;
                    Some(format!("the outputs do not agree: {difference}"))
                };
                let is_first = side.samples.is_empty();
                if round > 0 {
                    side.samples.push(run.sample);
                    let tells = programs.get(turn).is_some_and(|program| program.tells);
                    side.said.extend(Some(run.said).filter(|said| tells && !said.is_empty()));
                }
                if let Some(reason) = run.failure.or_else(differs) {
                    if is_first && other.is_some_and(Contender::is_old) {
                        side.lack = Some(imports::lack(&reason));
                        side.samples.clear();
                        continue;
                    }
                    let program = programs.get(turn).filter(|_| programs.len() > 1);
                    let whose = program.map_or(&*side.label, |program| &*program.name);
                    failure = Some(format!("{whose}: {reason}"));
                    break 'rounds;
                }
            }
        }
        let others = sides.split_off(programs.len());
        let rows = programs.iter().zip(sides).map(|(program, side)| {
            let sides = [side].into_iter().chain(others.iter().cloned()).collect();
            let mut row = Row::new(&program.name, program.waits * pace, sides);
            row.failure.clone_from(&failure);
            row.summed_up()
        });
        Ok(rows.collect())
    }
}

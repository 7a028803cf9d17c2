//! `cargo xtask bench-all`: every example beside the Python program that does the same.
//!
//! Built once in release; then the programs themselves are run, with no cargo and no shell in the
//! timing. After a warm-up of each side come rounds in ABBA order, so that a drift of the machine
//! meets both sides alike: the ratio of a round is a result where absolute times are a hint.

mod baseline;
pub mod measure;
mod progress;
pub mod report;
pub mod stats;

use std::{
    collections::HashMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, Result};

use self::{
    measure::{Program, Run},
    progress::Progress,
    report::{Report, Row, Side},
};
use crate::{
    cargo,
    catalogue::{Catalogue, Example, More, Order, package},
    lab::Lab,
    python::{self, Python},
    transcript,
};

/// Build, execute and time the examples, each beside its Python twin
#[derive(clap::Args)]
pub struct Args {
    /// Lessons or examples: 03-asyncio, asyncio, countdown, 03/countdown; without any, all
    names: Vec<String>,
    /// Rounds, each with one run of either language
    #[arg(long, default_value = "10", value_parser = clap::value_parser!(u32).range(1..=1000))]
    samples: u32,
    /// Length of the simulated waits: 1 for the tutorials' own
    #[arg(long, default_value = "0.05", value_parser = pace, allow_negative_numbers = true)]
    pace: f64,
    /// Seconds after which a run is killed, its waits not counted
    #[arg(long, default_value = "60", value_parser = clap::value_parser!(u32).range(1..=86400))]
    timeout: u32,
    /// Measure Rust alone
    #[arg(long)]
    no_python: bool,
    /// Where to write all samples, rewritten after each row [default: target/bench-all.json]
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// An earlier JSON file: say what is clearly slower or faster than then
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

fn pace(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(pace) if pace > 0.0 && pace <= 100.0 => Ok(pace),
        _ => Err("must be a number above 0 and at most 100".into()),
    }
}

/// Measures, prints the table, and fails if a row did.
///
/// # Errors
/// If something other than a measured program fails.
pub fn run(args: &Args) -> Result<ExitCode> {
    let catalogue = Catalogue::load()?;
    let examples = catalogue.select(&args.names)?;
    let baseline = args.baseline.as_deref().map(Report::read).transpose()?;
    let python = if args.no_python { Err("--no-python".into()) } else { find_python() };

    let mut packages: Vec<_> = examples.iter().map(|example| package(&example.lesson)).collect();
    packages.extend([package(&catalogue.control.lesson), "lab".into()]);
    packages.sort_unstable();
    packages.dedup();
    let programs = cargo::build(&packages, true)?;
    let lab = Lab::start(&programs, Some(args.pace))?;
    let more: usize = examples.iter().map(|example| example.more.len()).sum();
    let scratch = cargo::target().join("bench-all");
    fs::create_dir_all(&scratch)?;

    let bench = Bench {
        args,
        programs: &programs,
        python: python.as_ref().ok(),
        lab: &lab,
        scratch: &scratch,
        progress: Progress::new(examples.len() + more + 2),
    };
    let json = args.json.clone().unwrap_or_else(|| cargo::target().join("bench-all.json"));
    let mut report = Report::new(args.pace, args.samples, python.as_ref());
    let control = bench.control(&catalogue)?;
    report.add(control, &json)?;
    report.add(bench.start_up(&catalogue)?, &json)?;
    for example in examples {
        report.add(bench.example(example)?, &json)?;
        for more in &example.more {
            report.add(bench.more(example, more)?, &json)?;
        }
    }
    bench.progress.end();
    report.print();
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

fn find_python() -> Result<Python, String> {
    python::ready().map_err(|error| format!("{error:#}"))
}

struct Bench<'a> {
    args: &'a Args,
    programs: &'a HashMap<String, PathBuf>,
    python: Option<&'a Python>,
    lab: &'a Lab,
    /// Where the programs run, and leave what they write.
    scratch: &'a Path,
    progress: Progress,
}

/// One side of a row: what it is called and what is run.
struct Contender {
    label: &'static str,
    command: Vec<OsString>,
}

/// A row that is to be measured.
struct Plan<'a> {
    name: String,
    /// Seconds that wait at pace 1.
    waits: f64,
    pace: f64,
    lab: &'a Lab,
    sides: Vec<Contender>,
}

impl Bench<'_> {
    /// The same program on both sides: how far from 1 a ratio is when there is no difference.
    fn control(&self, catalogue: &Catalogue) -> Result<Row> {
        let control = &catalogue.control;
        let command = self.rust(&control.lesson, &control.name, &control.args)?;
        let sides = vec![
            Contender { label: "rust", command: command.clone() },
            Contender { label: "again", command },
        ];
        self.row(&self.plan("control".into(), 0.0, sides), Order::Fixed)
    }

    /// What a program of either language costs that does nothing.
    fn start_up(&self, catalogue: &Catalogue) -> Result<Row> {
        let command = self.rust(&catalogue.control.lesson, "--list", &[])?;
        let mut sides = vec![Contender { label: "rust", command }];
        if let Some(python) = self.python {
            let command = [python.interpreter.as_os_str(), "-c".as_ref(), "pass".as_ref()];
            sides.push(Contender { label: "python", command: command.map(OsString::from).into() });
        }
        self.measure(&self.plan("start-up".into(), 0.0, sides), |_| String::new())
    }

    fn example(&self, example: &Example) -> Result<Row> {
        let name = format!("{}/{}", example.lesson, example.name);
        let plan = self.plan(name, example.waits, self.sides(example, &example.bench, &[])?);
        self.row(&plan, example.order)
    }

    /// With a pace of its own it has a lab of its own too: the site's latencies keep that pace.
    fn more(&self, example: &Example, more: &More) -> Result<Row> {
        let name = format!("{}/{}: {}", example.lesson, example.name, more.name);
        let mut plan = self.plan(name, more.waits, self.sides(example, &more.bench, &more.python)?);
        let Some(pace) = more.pace else { return self.row(&plan, example.order) };
        let lab = Lab::start(self.programs, Some(pace))?;
        (plan.pace, plan.lab) = (pace, &lab);
        self.row(&plan, example.order)
    }

    fn sides(
        &self,
        example: &Example,
        args: &[String],
        python_args: &[String],
    ) -> Result<Vec<Contender>> {
        let command = self.rust(&example.lesson, &example.name, args)?;
        let mut sides = vec![Contender { label: "rust", command }];
        if let Some(python) = self.python {
            let twin = python.command(&example.twin());
            let mut command = vec![twin.get_program().to_owned()];
            command.extend(twin.get_args().map(OsString::from));
            command.extend(args.iter().chain(python_args).map(OsString::from));
            sides.push(Contender { label: "python", command });
        }
        Ok(sides)
    }

    fn rust(&self, lesson: &str, name: &str, args: &[String]) -> Result<Vec<OsString>> {
        let program = self.programs.get(&package(lesson));
        let program = program.with_context(|| format!("{lesson} is not built"))?;
        let args = args.iter().map(OsString::from);
        Ok([program.into(), name.into()].into_iter().chain(args).collect())
    }

    fn plan(&self, name: String, waits: f64, sides: Vec<Contender>) -> Plan<'_> {
        Plan { name, waits, pace: self.args.pace, lab: self.lab, sides }
    }

    fn row(&self, plan: &Plan<'_>, order: Order) -> Result<Row> {
        self.measure(plan, |stdout| transcript::canonical(stdout, order))
    }

    /// Measures a row. `shown` gives what of an output must be the same on both sides.
    fn measure(&self, plan: &Plan<'_>, shown: impl Fn(&str) -> String) -> Result<Row> {
        let Plan { name, sides, .. } = plan;
        let critical_path = plan.waits * plan.pace;
        let pace = plan.pace.to_string();
        let environment: Vec<_> = plan.lab.environment().chain([("PACE", &*pace)]).collect();
        self.progress.row(name);
        let limit = Duration::from_secs_f64(f64::from(self.args.timeout) + critical_path);
        let new_side = |side: &Contender| Side::new(side.label, &side.command);
        let mut row = Row::new(name, critical_path, sides.iter().map(new_side).collect());
        let mut first_output = None;
        // Round 0 is the warm-up.
        for round in 0..=self.args.samples {
            for turn in 0..sides.len() {
                let side = if round % 2 == 0 { turn } else { sides.len() - 1 - turn };
                self.progress.run(name, sides[side].label, round, self.args.samples);
                let program = Program {
                    command: &sides[side].command,
                    environment: &environment,
                    folder: self.scratch,
                    limit,
                };
                let Run { sample, stdout, failure } = program.run()?;
                let output = shown(&stdout);
                let expected = first_output.get_or_insert_with(|| output.clone());
                let failure = failure.or_else(|| {
                    let difference = transcript::difference(expected, &output)?;
                    Some(format!("the outputs do not agree: {difference}"))
                });
                if round > 0 {
                    row.sides[side].samples.push(sample);
                }
                if let Some(failure) = failure {
                    row.failure = Some(format!("{}: {failure}", sides[side].label));
                    return Ok(row.summed_up());
                }
            }
        }
        Ok(row.summed_up())
    }
}

/// Writes a file whole or not at all.
fn write_aside(path: &Path, text: &str) -> Result<()> {
    let aside = path.with_extension("json.part");
    fs::write(&aside, text)
        .and_then(|()| fs::rename(&aside, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

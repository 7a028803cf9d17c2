//! `cargo xtask trace`: records a run of an example in both languages, and draws when each thread was on a core.
//!
//! [`record`] gives a [`recording`], the programs say [`spans`]; from these [`arrange`] makes [`lanes`], and
//! [`terminal`] draws them.

pub mod arrange;
pub mod command;
pub mod folder;
#[cfg(test)]
mod hostile;
pub mod labels;
pub mod lanes;
pub mod perfetto;
mod readme;
pub mod record;
pub mod recording;
pub mod saying;
pub mod spans;
pub mod svg;
pub mod terminal;
mod ticks;
mod tracer;
mod window;

use std::{
    env, fs,
    io::IsTerminal,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

use anyhow::{Context, Result, ensure};

use self::{
    lanes::Run,
    recording::Facts,
    svg::Picture,
    tracer::{Tracer, interrupted},
};
use crate::{
    bench_all::host::Host,
    catalogue::{Catalogue, Example, Unknown, root},
    lab,
    python::Python,
};

/// Record a run of an example in both languages, and draw when each of its threads was on a core
#[derive(clap::Args)]
pub struct Args {
    /// An example, or LESSON/EXAMPLE where several lessons have it
    #[arg(required_unless_present = "readme")]
    example: Option<String>,
    /// The example's arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
    /// Make the pictures of the READMEs anew, in docs/pictures
    #[arg(long, conflicts_with_all = ["example", "args", "perfetto"])]
    readme: bool,
    /// Factor on the waits
    #[arg(long, default_value_t = 1.0, value_parser = lab::pace)]
    pace: f64,
    /// How the facts are found; without it, the best way there is
    #[arg(long, value_enum)]
    facts: Option<Facts>,
    /// Seconds after which a program is stopped and drawn as far as it came
    #[arg(long, default_value_t = 60.0, value_parser = seconds)]
    limit: f64,
    /// Trace the Rust program alone
    #[arg(long)]
    no_python: bool,
    /// Trace the debug programs: built sooner, and slower
    #[arg(long)]
    debug: bool,
    /// Build the example's lesson with features that it has not by default, as in --features ballista
    #[arg(long)]
    features: Option<String>,
    /// Write a file for <https://ui.perfetto.dev> besides
    #[arg(long, value_name = "FILE")]
    perfetto: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().map_err(|_| "not a number".to_owned())?;
    let fits = seconds > 0.0 && seconds <= 3600.0;
    fits.then_some(seconds).ok_or_else(|| "must be above 0 and at most 3600".into())
}

/// Traces an example, or those of the READMEs.
///
/// # Errors
/// If there is no such example, or it cannot be built, run or recorded.
pub fn run(args: &Args) -> Result<ExitCode> {
    let catalogue = Catalogue::load()?;
    // A name of nothing is told before anything is built.
    let example = args.example.as_ref().map(|name| only(&catalogue, name)).transpose()?;
    if example.is_none() {
        readme::with(args.features.as_deref())?;
    }
    let limit = Duration::from_secs_f64(args.limit);
    let mut tracer = Tracer::new(!args.debug, !args.no_python, args.pace, args.facts, limit)?;
    let Some(example) = example else {
        return pictures(&catalogue, &mut tracer, args.features.as_deref());
    };
    if let Some(features) = &args.features {
        tracer.build_with(features, &example.lesson)?;
    }
    let runs = tracer.trace(example, &args.args, &args.args)?;
    let title = example.command(&args.args);
    let file = folder::pictures().join(file_name(example));
    draw(&title, &runs, &tracer, &file)?;
    if let Some(file) = &args.perfetto {
        let written = fs::write(file, perfetto::encode(&runs));
        written.with_context(|| format!("cannot write {}", file.display()))?;
    }
    print!("{}", terminal::draw(&title, &runs, shared(&runs), width()));
    println!("\nThe same as a picture: {}", file.display());
    Ok(exit_code(&runs))
}

/// Makes the READMEs' pictures, those of programs with these features.
fn pictures(
    catalogue: &Catalogue,
    tracer: &mut Tracer,
    features: Option<&str>,
) -> Result<ExitCode> {
    let folder = root().join("docs/pictures");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for shown in readme::with(features)? {
        let example = only(catalogue, shown.example)?;
        if let Some(features) = features {
            tracer.build_with(features, &example.lesson)?;
        }
        let [args, python] = [shown.args, shown.python.unwrap_or(shown.args)]
            .map(|args| args.iter().map(ToString::to_string).collect::<Vec<_>>());
        let runs = tracer.trace(example, &args, &python)?;
        if interrupted(&runs) {
            return Ok(exit_code(&runs));
        }
        let failure = runs.iter().find_map(|run| run.recording.failure.as_ref());
        ensure!(failure.is_none(), "{} failed: {}", shown.example, failure.map_or("", |it| it));
        ensure!(
            runs.iter().all(|run| run.recording.stopped.is_none()),
            "{} took too long",
            shown.example
        );
        let mut title = example.command(&args);
        if shown.python.is_some() && runs.len() > 1 {
            title = format!("{title} (Python: {})", python.join(" "));
        }
        let name = features
            .map_or_else(|| file_name(example), |it| format!("{it}-{}", file_name(example)));
        let file = folder.join(name);
        draw(&title, &runs, tracer, &file)?;
        println!("{}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn file_name(example: &Example) -> String {
    format!("{}-{}.svg", example.lesson, example.name)
}

fn draw(title: &str, runs: &[Run], tracer: &Tracer, file: &Path) -> Result<()> {
    let source = source(tracer.python());
    let picture = Picture { title, source: &source, runs, shared: shared(runs) };
    fs::write(file, picture.draw()).with_context(|| format!("cannot write {}", file.display()))
}

/// Where and when a picture was recorded.
pub fn source(python: Option<&Python>) -> String {
    let date = Command::new("date").arg("+%Y-%m-%d").output();
    let date =
        date.map_or_else(|_| String::new(), |it| String::from_utf8_lossy(&it.stdout).trim().into());
    let pythons: Vec<_> = python.into_iter().map(|it| ("python".into(), it.clone())).collect();
    format!("recorded on {date}, {}", Host::new(&pythons, None).described())
}

/// The one example of that name.
fn only<'a>(catalogue: &'a Catalogue, name: &str) -> Result<&'a Example> {
    let found = catalogue.select(std::slice::from_ref(&name.to_owned()))?;
    match found[..] {
        [example] => Ok(example),
        _ => {
            let names = found.iter().map(|example| example.full_name());
            Err(Unknown::new("single example", &name, names).into())
        }
    }
}

/// Whether both runs can be drawn on one axis: not if one would be a sliver.
pub fn shared(runs: &[Run]) -> bool {
    let lengths = || runs.iter().map(|run| run.length);
    lengths().min().unwrap_or(0) * 4 >= lengths().max().unwrap_or(0)
}

fn exit_code(runs: &[Run]) -> ExitCode {
    if interrupted(runs) {
        // As a shell says it of Ctrl-C.
        return ExitCode::from(130);
    }
    let failed =
        runs.iter().any(|run| run.recording.failure.is_some() || run.recording.stopped.is_some());
    ExitCode::from(u8::from(failed))
}

/// The columns of the terminal, or what `COLUMNS` says.
fn width() -> usize {
    let said = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(|| {
        if !std::io::stdout().is_terminal() {
            return None;
        }
        let size = Command::new("stty")
            .arg("size")
            .stdin(fs::File::open("/dev/tty").ok()?)
            .output()
            .ok()?;
        String::from_utf8_lossy(&size.stdout).split_whitespace().nth(1)?.parse().ok()
    })
    .unwrap_or(terminal::NARROWEST)
}

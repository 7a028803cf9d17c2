//! Which kind of concurrency for which task: Python's answer and Rust's, side by side.
//!
//! Ports: approaches slide 12 · techniques slide 11 (its text) · comparison section 4 · comparison
//! section 5 · introduction section 13
//! Python → Rust: the decision tree of `if` → a `match`, which the compiler checks for gaps
//!
//! The answers part where CPython's lock decides: Python computes in processes because its threads
//! cannot, Rust in threads. What remains of processes is isolation: one that crashes or is killed
//! takes no other along. What the advice is worth on this machine: `cargo 05-patterns compare --grid`.
//!
//! Run: `cargo 05-patterns choose network=both --explain`, or with `--all --explain`

mod tree;

use anyhow::Result;
use clap::{ValueEnum, builder::PossibleValue};

/// Which kind of concurrency for which task, in Python and in Rust
#[derive(clap::Args)]
pub struct Args {
    /// What to choose for: network, file or computation = io-bound, cpu-bound, both or neither
    #[arg(value_name = "TASK=BOUND", value_parser = call, default_values = ["network=io-bound", "file=io-bound", "computation=cpu-bound"])]
    calls: Vec<(Task, Bound)>,
    /// All combinations
    #[arg(long, conflicts_with = "calls")]
    all: bool,
    /// A crash of one task must not end the others
    #[arg(long)]
    isolated: bool,
    /// Rust's answer too, why, and where to read
    #[arg(long)]
    explain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Task {
    Network,
    File,
    Computation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Bound {
    #[value(name = "io-bound")]
    Io,
    #[value(name = "cpu-bound")]
    Cpu,
    Both,
    Neither,
}

fn call(text: &str) -> Result<(Task, Bound), String> {
    let (task, bound) = text.split_once('=').ok_or("must be TASK=BOUND")?;
    let unknown = |kind, known| move |_| format!("{kind} must be {known}");
    let task =
        Task::from_str(task, false).map_err(unknown("TASK", "network, file, computation"))?;
    let bound = Bound::from_str(bound, false)
        .map_err(unknown("BOUND", "io-bound, cpu-bound, both, neither"))?;
    Ok((task, bound))
}

pub fn run(args: &Args) -> Result<()> {
    let every = Task::value_variants()
        .iter()
        .flat_map(|task| Bound::value_variants().iter().map(|bound| (*task, *bound)));
    let calls = if args.all { every.collect() } else { args.calls.clone() };
    for (task, bound) in calls {
        let python = tree::python(task, bound, args.isolated);
        if args.explain {
            let [rust, why, read] = tree::rust(task, bound, args.isolated);
            let name = |value: Option<PossibleValue>| {
                value.map(|value| value.get_name().to_owned()).unwrap_or_default()
            };
            println!("{}, {}", name(task.to_possible_value()), name(bound.to_possible_value()));
            println!("  Python: {python}\n  Rust: {rust}\n  Why: {why}\n  Read: {read}");
        } else {
            println!("{python}");
        }
    }
    Ok(())
}

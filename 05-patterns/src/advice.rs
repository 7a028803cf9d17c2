//! Which kind of concurrency for which task: Python's answer, Rust's, and why they part.
//!
//! Ports: approaches slide 12 · techniques slide 11 (its text) · comparison section 4 · comparison section 5 ·
//! introduction section 13
//! Python → Rust: processes for what computes → threads, which take no turns (how much that matters here: `grid`)
//!
//! Run: `cargo 05-patterns advice network=both computation=cpu-bound`

#[rustfmt::skip]
const CASES: [&str; 12] = [
    "network=io-bound", "network=cpu-bound", "network=both", "network=neither",
    "file=io-bound", "file=cpu-bound", "file=both", "file=neither",
    "computation=io-bound", "computation=cpu-bound", "computation=both", "computation=neither",
];

#[rustfmt::skip]
fn advice(task: &str, bound: &str, isolated: bool) -> &'static str {
    match (bound, task) {
        _ if isolated => "Python: Multiprocessing
  Rust: processes, see 02-multiprocessing
  Why: only a process can crash or be killed without taking the others along",
        ("io-bound", "network") => "Python: Asyncio
  Rust: async tasks (tokio), see 03-asyncio
  Why: a task that waits costs some hundred bytes, a thread that waits a stack",
        ("io-bound", _) => "Python: Threading
  Rust: threads, see 04-futures
  Why: a call that blocks needs a thread of its own, and files have no other kind",
        ("cpu-bound", _) => "Python: Multiprocessing
  Rust: threads (rayon), see 04-futures
  Why: no lock around the interpreter: threads compute at once and copy nothing",
        ("both", "network") => "Python: Multiprocessing
  Rust: async tasks (tokio), the computing on threads (rayon), see 03-asyncio
  Why: what computes between two awaits holds up every task of its thread",
        ("both", _) => "Python: Multiprocessing
  Rust: threads (rayon), see 04-futures
  Why: while one thread waits for its file, the others compute",
        _ => "Python: Sequential execution
  Rust: sequential execution, see 01-threading
  Why: what takes no time gains nothing from threads, and pays for their start",
    }
}

/// Python's and Rust's kinds of concurrency for a task, and why
#[derive(clap::Args)]
pub struct Args {
    /// Tasks, and what takes their time
    #[arg(value_name = "TASK=BOUND", value_parser = CASES, default_values = CASES)]
    cases: Vec<String>,
    /// A crash of one task must not end the others
    #[arg(long)]
    isolated: bool,
}

pub fn run(args: Args) -> anyhow::Result<()> {
    for case in args.cases {
        let (task, bound) = case.split_once('=').expect("all cases have one");
        println!("{task}, {bound}\n  {}", advice(task, bound, args.isolated));
    }
    Ok(())
}

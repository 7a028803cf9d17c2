//! What sharing costs: every way to keep counts, on one thread and on all.

use std::{thread, time::Instant};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use super::{chunk::Chunk, on_threads, variants::Variant};

/// Prints the seconds that each variant takes, after a run of each that does not count.
///
/// # Errors
/// If one fails, or two differ in what they count.
pub fn run(chunks: &[Chunk], workers: Option<u16>) -> Result<()> {
    const TOP: usize = 100;
    let cores = thread::available_parallelism().context("cannot count the cores")?;
    let workers = workers.unwrap_or(cores.get().try_into().unwrap_or(u16::MAX));
    println!(
        "{:<10}{:>12}{:>12}{:>12}",
        "seconds",
        "1 thread",
        format!("{workers} threads"),
        "speed-up"
    );
    let expected = on_threads(chunks, None, Variant::Merged, TOP)?;
    for variant in Variant::value_variants() {
        let timed = |workers| {
            let begin = Instant::now();
            let summary = on_threads(chunks, Some(workers), *variant, TOP)?;
            ensure!(summary == expected, "{variant:?} counts something else");
            anyhow::Ok(begin.elapsed().as_secs_f64())
        };
        let (one, all) = (timed(1)?, timed(workers)?);
        let name = variant.to_possible_value().context("no variant is hidden")?;
        println!("{:<10}{one:>12.3}{all:>12.3}{:>12.2}", name.get_name(), one / all);
    }
    Ok(())
}

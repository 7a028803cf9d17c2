//! What is being measured right now: a live line in a terminal, a plain line a row elsewhere.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress of a report with a known number of rows.
pub struct Progress {
    bar: ProgressBar,
    live: bool,
}

impl Progress {
    /// Starts at none of `rows`.
    pub fn new(rows: usize) -> Self {
        let live = io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(Some(rows as u64), ProgressDrawTarget::stderr());
        if let Ok(style) =
            ProgressStyle::with_template("{bar:20} {pos}/{len} rows, {elapsed}: {msg}")
        {
            bar.set_style(style);
        }
        Self { bar, live }
    }

    /// A row begins.
    pub fn row(&self, name: &str) {
        if !self.live {
            let row = self.bar.position() + 1;
            eprintln!("measuring {row}/{}: {name}", self.bar.length().unwrap_or(row));
        }
        self.bar.inc(1);
    }

    /// A run begins; round 0 is the warm-up.
    pub fn run(&self, row: &str, side: &str, round: u32, rounds: u32) {
        let round = if round == 0 { "warm-up".into() } else { format!("{round}/{rounds}") };
        self.bar.set_message(format!("{row}, {side}, {round}"));
    }

    /// All rows are done; the line goes away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

//! What is being measured right now, and how much is left: a live line in a terminal, a plain line a row elsewhere.

use std::{
    io::{self, IsTerminal},
    time::Instant,
};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress of a report with a known number of rows, or groups of them that are measured together.
pub struct Progress {
    bar: ProgressBar,
    live: bool,
    begin: Instant,
}

impl Progress {
    /// Starts at none of `rows`.
    pub fn new(rows: usize) -> Self {
        let live = io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(Some(rows as u64), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{pos}/{len}, {prefix}: {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar, live, begin: Instant::now() }
    }

    /// A row begins.
    pub fn row(&self, name: &str) {
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
        // As long for each that is left as for each that is done.
        let left = match u32::try_from(done) {
            Ok(done @ 1..) => {
                let left = self.begin.elapsed() / done * all.saturating_sub(done.into()) as u32;
                format!("about {:#} left", HumanDuration(left))
            }
            _ => "begun".into(),
        };
        if !self.live {
            eprintln!("measuring {}/{all}, {left}: {name}", done + 1);
        }
        self.bar.set_prefix(left);
        self.bar.inc(1);
    }

    /// A run begins; round 0 is the warm-up.
    pub fn run(&self, row: &str, side: &str, round: u32) {
        let round = if round == 0 { "warm-up".into() } else { format!("round {round}") };
        self.bar.set_message(format!("{row}, {side}, {round}"));
    }

    /// Prints a line to standard output, above the live line.
    pub fn above(&self, line: &str) {
        self.bar.suspend(|| println!("{line}"));
    }

    /// All rows are done; the live line goes away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

//! Lanes of characters, in the width there is.

use std::fmt::Write as _;

use super::{
    lanes::{Kind, Lane, Look, Run},
    recording::Facts,
    saying,
    ticks::step,
    window::{self, window},
};
use crate::prose;

/// The narrowest picture, in columns.
pub const NARROWEST: usize = 80;

/// Columns of the times on the right.
const RIGHT: usize = 9;

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A part of a run on a line of cells.
#[derive(Clone, Copy)]
struct Axis {
    left: usize,
    cells: usize,
    begin: u64,
    end: u64,
}

/// The runs, one below the other; they share an axis of time if `shared`.
pub fn draw(title: &str, runs: &[Run], shared: bool, width: usize) -> String {
    let width = width.max(NARROWEST);
    let names = runs.iter().flat_map(|run| &run.lanes).map(|lane| label(lane).chars().count());
    let left = names.max().unwrap_or(0).clamp(10, width / 3) + 1;
    let cells = width - left - RIGHT - 1;
    let longest = runs.iter().map(|run| run.length).max().unwrap_or(0);
    let mut text = format!("{title}\n{}\n", legend(runs));
    for run in runs {
        let end = if shared { longest } else { run.length };
        let axis = Axis { left, cells, begin: 0, end: end.max(1) };
        let summary = format!("{}: {}", run.language, saying::summary(run));
        let said = [summary].into_iter().chain(saying::sentence(run)).chain(saying::warnings(run));
        text.push('\n');
        for line in said.flat_map(|text| prose::lines(&text, width)) {
            let _ = writeln!(text, "{line}");
        }
        if !shared && run.length < longest {
            let share = run.length as f64 / longest as f64;
            let _ = writeln!(text, "(its axis is {:.1} % of the other's)", share * 100.0);
        }
        text.push_str(&lanes(run, axis));
        let cell = axis.end / cells as u64;
        if let Some(part) = window(run, cell * 2, cells as u64 / 4) {
            let _ = writeln!(text, "{}", window::caption(run, part));
            text.push_str(&lanes(run, Axis { begin: part.0, end: part.1, ..axis }));
        }
    }
    text
}

fn legend(runs: &[Run]) -> String {
    let facts = runs.first().map_or(Facts::Spans, |run| run.recording.facts);
    let holding = runs.iter().flat_map(|run| &run.lanes).any(|lane| lane.time(Look::Holding) > 0);
    let signs = match facts {
        Facts::Spans => "▒ at work   ─ waits",
        _ if holding => {
            "█ on a core (▄ ▁ briefly)   ░ ready for one   ▒ keeps its thread   ─ waits"
        }
        _ => "█ on a core (▄ ▁ briefly)   ░ ready for a core   ─ waits",
    };
    format!("{signs}\n{}", saying::source(facts))
}

fn lanes(run: &Run, axis: Axis) -> String {
    let mut text = String::new();
    if run.recording.facts != Facts::Spans {
        text.push_str(&in_use(run, axis));
    }
    for lane in &run.lanes {
        let name = fitted(&label(lane), axis.left - 1);
        if lane.kind == Kind::Heading {
            let _ = writeln!(text, "{name}");
            continue;
        }
        let cells: String =
            (0..axis.cells).map(|at| cell(lane.shares(axis.at(at), axis.at(at + 1)))).collect();
        let on_core = match lane.kind {
            Kind::Task => String::new(),
            _ => {
                let share = lane.shares(axis.begin, axis.end)[Look::OnCore as usize];
                saying::time((share * (axis.end - axis.begin) as f64) as u64)
            }
        };
        let row = format!("{name:>width$} {cells} {on_core:>RIGHT$}", width = axis.left - 1);
        let _ = writeln!(text, "{}", row.trim_end());
    }
    if let Some(folded) = saying::folded(run) {
        let _ = writeln!(text, "{:>left$}{folded}", "", left = axis.left);
    }
    text + &ticks(axis)
}

/// A line for each core, at most four, filled while so many are in use.
fn in_use(run: &Run, axis: Axis) -> String {
    let cores = run.recording.cores;
    let rows = cores.min(4);
    let mut text = String::new();
    for row in (0..rows).rev() {
        let (low, high) = (row * cores / rows, (row + 1) * cores / rows);
        let name = if high == 1 { "1 core".into() } else { format!("{high} cores") };
        let cells: String = (0..axis.cells)
            .map(|at| {
                let count = run.average_cores(axis.at(at), axis.at(at + 1));
                eighths((count - low as f64) / (high - low) as f64)
            })
            .collect();
        let row = format!("{name:>width$} {cells}", width = axis.left - 1);
        let _ = writeln!(text, "{}", row.trim_end());
    }
    text
}

impl Axis {
    /// Where a cell begins.
    fn at(self, cell: usize) -> u64 {
        self.begin + (self.end - self.begin) * cell as u64 / self.cells as u64
    }
}

fn cell(shares: [f64; 4]) -> char {
    let of = |look: Look| shares[look as usize];
    let alive: f64 = shares.iter().sum();
    if alive < 1e-9 {
        ' '
    } else if of(Look::Holding) > of(Look::OnCore) {
        '▒'
    } else if of(Look::Ready) > of(Look::OnCore) {
        '░'
    } else if of(Look::OnCore) > 0.004 {
        eighths(of(Look::OnCore).max(0.125))
    } else {
        '─'
    }
}

fn eighths(share: f64) -> char {
    match (share * 8.0).round() as i64 {
        ..1 => ' ',
        full @ 1..9 => BLOCKS[full as usize - 1],
        _ => '█',
    }
}

fn ticks(axis: Axis) -> String {
    let length = (axis.end - axis.begin) as f64;
    let (step, unit, divisor) = step(length, axis.cells / 14);
    let mut row = vec![' '; axis.left + axis.cells + RIGHT + 1];
    let first = (axis.begin as f64 / step).ceil() as u64;
    let mut texts = Vec::new();
    for number in first.. {
        let time = number as f64 * step;
        if time > axis.end as f64 {
            break;
        }
        let at = axis.left + ((time - axis.begin as f64) / length * axis.cells as f64) as usize;
        texts.push((at, format!("{}", (time / divisor * 1000.0).round() / 1000.0)));
    }
    if let Some(last) = texts.last_mut() {
        last.1 += unit;
    }
    for (at, text) in texts {
        for (cell, letter) in row.iter_mut().skip(at).zip(text.chars()) {
            *cell = letter;
        }
    }
    format!("{}\n", row.into_iter().collect::<String>().trim_end())
}

fn label(lane: &Lane) -> String {
    match lane.kind {
        Kind::Heading => lane.name.clone(),
        _ => match &lane.works[..] {
            [] => lane.name.clone(),
            [work] if lane.name.starts_with(&work.name) => lane.name.clone(),
            [work] => format!("{}: {}", lane.name, work.name),
            [first, ..] => {
                let name = first.name.split(' ').next().unwrap_or_default();
                format!("{}: {} {name}", lane.name, lane.works.len())
            }
        },
    }
}

fn fitted(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.into();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

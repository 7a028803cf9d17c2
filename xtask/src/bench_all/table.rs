//! A report as a table for the terminal, a row at a time.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    report::{Report, Row, Side},
    said,
    stats::short,
};
use crate::prose::filled;

const HEAD: [&str; 6] = ["Rust ms", "Python ms", "ratio, 95 %", "cores", "MiB", "path+over ms"];
const WIDTHS: [usize; 6] = [12, 12, 19, 10, 10, 16];

/// With several Pythons: Rust's column, and two of each Python's.
const RUST: usize = 8;
const TIME: usize = 8;
const RATIO: usize = 19;

/// The width of its first column, and the Pythons of the others.
pub struct Table {
    names: usize,
    pythons: Vec<String>,
}

impl Table {
    /// For rows of these names, beside Pythons of these labels.
    pub fn new(names: &[String], pythons: Vec<String>) -> Self {
        let widths = names.iter().map(|name| shown(name).chars().count());
        Self { names: widths.max().unwrap_or(0), pythons }
    }

    /// The lines above all rows.
    pub fn head(&self) -> Vec<String> {
        if self.pythons.len() < 2 {
            return vec![self.line("", &HEAD, &WIDTHS)];
        }
        let widths: Vec<_> =
            [RUST].into_iter().chain(self.pythons.iter().map(|_| TIME + 1 + RATIO)).collect();
        let labels: Vec<_> =
            [""].into_iter().chain(self.pythons.iter().map(|label| &**label)).collect();
        let below = self.pythons.iter().flat_map(|_| ["ms", "ratio, 95 %"]);
        let below: Vec<_> = ["Rust ms"].into_iter().chain(below).collect();
        vec![self.line("", &labels, &widths), self.line("", &below, &self.widths())]
    }

    /// The line of a row.
    pub fn row(&self, row: &Row) -> String {
        let name = shown(&row.name);
        let name = if row.failure.is_some() { format!("{name} FAILED") } else { name };
        if self.pythons.len() < 2 {
            self.line(&name, &one_python(row), &WIDTHS)
        } else {
            self.line(&name, &several(row), &self.widths())
        }
    }

    fn widths(&self) -> Vec<usize> {
        [RUST].into_iter().chain(self.pythons.iter().flat_map(|_| [TIME, RATIO])).collect()
    }

    fn line(&self, name: &str, cells: &[impl AsRef<str>], widths: &[usize]) -> String {
        let mut line = format!("{name:<width$}", width = self.names);
        for (cell, width) in cells.iter().zip(widths) {
            line += &format!(" {:>width$}", cell.as_ref());
        }
        line.trim_end().into()
    }
}

/// A row's name below that of its example.
fn shown(name: &str) -> String {
    let name = name.split_once('/').map_or(name, |(_, name)| name);
    name.split_once(": ").map_or(name.into(), |(_, more)| format!("  {more}"))
}

/// Prints what must be known to read the table.
pub fn print_legend(report: &Report) {
    let Report { host, samples, pace, .. } = report;
    println!("\n{}", host.described());
    if host.pythons.len() > 1 {
        for python in &host.pythons {
            println!("{} ({}): {}", python.label, python.name, python.described());
        }
        println!(
            "ms: median of at most {samples} runs each, ABBA order; ! marks outliers.\n\
             ratio: that Python's time over Rust's; ~ includes 1: no clear difference. pace {pace}.\n\
             control: Rust beside itself, in the first Python's columns."
        );
    } else {
        println!(
            "ms: median ± median absolute deviation of at most {samples} runs each, ABBA order; ! marks outliers.\n\
             ratio: second over first; ~ includes 1: no clear difference. cores, MiB: Rust/Python.\n\
             path+over: ms that the program must wait at pace {pace}, and what comes on top, Rust/Python."
        );
    }
    if *samples < 6 {
        println!("Under 6 rounds the ratio's brackets are the range, not an interval.");
    }
    if let Some(reason) = &host.without_python {
        println!("Without Python: {reason}");
    }
    for python in &host.pythons {
        if let Some((library, reason)) = python.lacking.first_key_value() {
            let count = python.lacking.len();
            let label = &python.label;
            let lacks = format!("{label} is without {count} of the libraries. {library}: {reason}");
            println!("{}", filled(&lacks));
        }
        print_differences(report, &python.label, python.base.gil);
    }
    let peers = report.rows.iter().filter_map(|row| row.sides.get(1));
    let peers: BTreeSet<_> = peers.map(|side| &*side.label).collect();
    for peer in peers.into_iter().filter(|peer| host.pythons.iter().all(|it| it.label != **peer)) {
        print_differences(report, peer, None);
    }
    for row in &report.rows {
        if let Some(said) = row.sides.first().and_then(|side| said::summed_up(&side.said)) {
            println!("{}: {said}", row.name);
        }
        if let Some(failure) = &row.failure {
            println!("FAILED {}: {failure}", row.name);
        }
    }
}

/// Prints which rows a Python or a peer cannot run, and in which its GIL is on though it starts without.
fn print_differences(report: &Report, label: &str, gil: Option<bool>) {
    let sides = report.rows.iter().flat_map(|row| {
        row.sides.iter().filter(|side| side.label == label).map(|side| (&*row.name, side))
    });
    let mut lacks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut switched_on = Vec::new();
    for (row, side) in sides {
        if let Some(lack) = &side.lack {
            lacks.entry(&lack.reason).or_default().push(row);
        }
        if gil == Some(false) && side.gil == Some(true) {
            switched_on.push(row);
        }
    }
    for (reason, rows) in lacks {
        println!("{}", filled(&format!("{label} cannot run {}: {reason}", rows.join(", "))));
    }
    if !switched_on.is_empty() {
        let rows = switched_on.join(", ");
        println!("{}", filled(&format!("{label}: an import switches the GIL on in {rows}")));
    }
}

fn milliseconds(side: Option<&Side>, spread: bool) -> String {
    let Some(wall) = side.and_then(|side| side.wall.as_ref()) else { return String::new() };
    let mark = if wall.outliers.is_empty() { "" } else { "!" };
    let spread = if spread { format!(" ±{}", short(wall.mad * 1e3)) } else { String::new() };
    format!("{mark}{}{spread}", short(wall.median * 1e3))
}

/// The ratio, or why there is none.
fn ratio(side: Option<&Side>) -> String {
    match side.map(|side| (side.ratio, &side.lack)) {
        Some((Some(ratio), _)) => {
            let mark = if ratio.includes_one() { "~" } else { "" };
            let [median, low, high] = [ratio.median, ratio.low, ratio.high].map(short);
            format!("{mark}{median} [{low}, {high}]")
        }
        Some((None, Some(lack))) => lack.what.clone(),
        _ => String::new(),
    }
}

/// Rust's time, then each other side's with its ratio.
fn several(row: &Row) -> Vec<String> {
    let others = row.sides.iter().skip(1);
    let others = others.flat_map(|side| [milliseconds(Some(side), false), ratio(Some(side))]);
    [milliseconds(row.sides.first(), false)].into_iter().chain(others).collect()
}

fn one_python(row: &Row) -> [String; 6] {
    let pair = |value: &dyn Fn(&Side) -> Option<f64>| {
        let values = row.sides.iter().filter_map(|side| value(side).map(short));
        values.collect::<Vec<_>>().join("/")
    };
    let path = row.critical_path;
    let over = |side: &Side| side.wall.as_ref().map(|wall| (wall.median - path) * 1e3);
    let memory = |side: &Side| side.all(|it| it.max_rss_kib as f64 / 1024.0).map(|all| all.median);
    let waits =
        if path > 0.0 { format!("{}+{}", short(path * 1e3), pair(&over)) } else { String::new() };
    let (rust, other) = (row.sides.first(), row.sides.get(1));
    [
        milliseconds(rust, true),
        milliseconds(other, true),
        ratio(other),
        pair(&|side| side.cores),
        pair(&memory),
        waits,
    ]
}

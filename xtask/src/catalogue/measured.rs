//! What is measured of an example besides its own run.

use serde::Deserialize;

/// Another run of an example under `bench-all`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct More {
    /// What is special about it.
    pub name: String,
    /// Seconds on its critical path at `PACE=1`.
    #[serde(default)]
    pub waits: f64,
    /// Its arguments.
    pub bench: Vec<String>,
    /// What the Python side gets besides: a choice that only Python has.
    #[serde(default)]
    pub python: Vec<String>,
    /// Its own pace, in place of the report's.
    pub pace: Option<f64>,
    /// Whether its Python side is that of the row before: then it is measured in the rounds of that row.
    #[serde(default)]
    pub beside: bool,
    /// Whether it takes long and shows what other rows do not, that memory stays flat for instance: only with `--long`.
    #[serde(default)]
    pub long: bool,
    /// Features that its program is built with, which no default build has: only with `--features`. What the program says
    /// last on its error stream, what it ran on for instance, is told under the table.
    pub features: Option<String>,
    /// The Python side's file beside the twin, where it is not the twin.
    pub twin: Option<String>,
}

/// A program that somebody would pick instead of the twin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// What it is called.
    pub name: String,
    /// Its file, which Python runs, or a shell if it ends in `.sh`.
    pub program: String,
    /// The arguments of both sides.
    pub bench: Vec<String>,
    /// The command that it is about, where that is not in the list of requirements.
    pub needs: Option<String>,
    /// Which order of the lines counts, if it prints what the example prints.
    pub order: Option<Order>,
}

/// Which order of an output's lines counts.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Every line has its place.
    Fixed,
    /// The lines are a set.
    Free,
    /// The last line is the last, the others are a set.
    ClosingLast,
}

//! A lane as shapes: for each column of a pixel a bar as high as the share of its time, equal neighbours in one.

use std::fmt::Write as _;

use crate::trace::lanes::{Lane, Look};

/// Columns across a picture; it is stretched to the width there is.
pub const COLUMNS: usize = 800;

/// Steps of a bar's height: finer ones are not seen, and cost room.
const STEPS: f64 = 6.0;

/// The height of a moment on a core that stands alone.
const MOMENT: f64 = 0.5;

/// A part of a run on an axis.
#[derive(Clone, Copy)]
pub struct Axis {
    /// Where it begins, in nanoseconds since the run's beginning.
    pub begin: u64,
    /// Where it ends.
    pub end: u64,
}

impl Axis {
    /// Where a column begins.
    pub fn at(self, column: usize) -> u64 {
        self.begin + (u128::from(self.end - self.begin) * column as u128 / COLUMNS as u128) as u64
    }

    /// A time as a percentage of the width.
    pub fn percent(self, time: u64) -> f64 {
        let share = time.saturating_sub(self.begin) as f64 / (self.end - self.begin).max(1) as f64;
        (share.min(1.0) * 10_000.0).round() / 100.0
    }

    /// A time as a place between columns.
    pub fn column(self, time: u64) -> f64 {
        (self.percent(time) * COLUMNS as f64 / 10.0).round() / 10.0
    }
}

/// Shapes of a kind along a lane: each column has a lower and an upper end.
struct Outline {
    class: &'static str,
    text: String,
    /// Where the last shape began, with its ends.
    open: Option<(usize, u32, u32)>,
}

impl Outline {
    fn new(class: &'static str) -> Self {
        Self { class, text: String::new(), open: None }
    }

    /// `low` and `high` are counted from above.
    fn column(&mut self, at: usize, high: u32, low: u32) {
        if self.open.is_some_and(|(_, was_high, was_low)| (was_high, was_low) == (high, low)) {
            return;
        }
        self.close(at);
        self.open = (high < low).then_some((at, high, low));
    }

    fn close(&mut self, at: usize) {
        if let Some((begin, high, low)) = self.open.take() {
            let _ = write!(self.text, "M{begin} {low}V{high}H{at}V{low}z");
        }
    }

    fn finish(mut self) -> String {
        self.close(COLUMNS);
        let Self { class, text, .. } = self;
        if text.is_empty() { text } else { format!("<path class=\"{class}\" d=\"{text}\"/>") }
    }
}

/// A lane's shapes in a box of [`COLUMNS`] times `height`. On a core outside of `own` is paler.
pub fn lane(lane: &Lane, axis: Axis, height: u32, own: Option<(u64, u64)>) -> String {
    let [mut core, mut pale, mut ready, mut hold] =
        ["core", "pale", "ready", "hold"].map(Outline::new);
    let mut waits = String::new();
    let mut line: Option<usize> = None;
    let column = |at| lane.shares(axis.at(at), axis.at(at + 1).max(axis.at(at) + 1));
    let columns: Vec<_> = (0..COLUMNS).map(column).collect();
    let on_core_at =
        |at: usize| columns.get(at).map_or(0.0, |shares| shares[Look::OnCore as usize]);
    for (at, shares) in columns.iter().enumerate() {
        let (begin, end) = (axis.at(at), axis.at(at + 1));
        let [on_core, is_ready, waiting, holding] =
            [Look::OnCore, Look::Ready, Look::Waiting, Look::Holding]
                .map(|look| shares[look as usize]);
        // A moment between two rests is to be seen.
        let alone = steps(on_core) > 0.0
            && on_core_at(at.wrapping_sub(1)) == 0.0
            && on_core_at(at + 1) == 0.0;
        let on_core = if alone { on_core.max(MOMENT) } else { on_core };
        let top = |share: f64| height - (steps(share) * f64::from(height) / STEPS).round() as u32;
        let is_own = own.is_none_or(|(from, to)| from < end && begin < to);
        let (used, empty) = if is_own { (&mut core, &mut pale) } else { (&mut pale, &mut core) };
        used.column(at, top(on_core), height);
        empty.column(at, height, height);
        // Above what is on a core; but ready for less than half a step is not seen.
        let above =
            if is_ready * STEPS < 0.5 { top(on_core) } else { top((on_core + is_ready).min(1.0)) };
        ready.column(at, above, top(on_core));
        // Half as high: it has a place, and does nothing there.
        hold.column(at, if holding > on_core { height / 2 } else { height }, height);
        let alive = waiting > 0.0 || on_core > 0.0 && on_core < 1.0 || is_ready > 0.0;
        match (alive, line) {
            (true, None) => line = Some(at),
            (false, Some(from)) => {
                let _ = write!(waits, "M{from} {height}H{at}");
                line = None;
            }
            _ => {}
        }
    }
    if let Some(from) = line {
        let _ = write!(waits, "M{from} {height}H{COLUMNS}");
    }
    let mut shapes = [hold, ready, pale, core].map(Outline::finish).concat();
    if !waits.is_empty() {
        let _ = write!(shapes, "<path class=\"wait\" d=\"{waits}\"/>");
    }
    shapes
}

/// The area of cores in use in a box of [`COLUMNS`] times `height`, from how many are in use in each column.
pub fn area(in_use: impl Fn(u64, u64) -> f64, axis: Axis, cores: usize, height: u32) -> String {
    let mut outline = Outline::new("area");
    for at in 0..COLUMNS {
        let count = in_use(axis.at(at), axis.at(at + 1));
        let filled = (count / cores as f64 * f64::from(height)).round() as u32;
        outline.column(at, height - filled.min(height), height);
    }
    outline.finish()
}

/// Whole steps; something is at least one.
fn steps(share: f64) -> f64 {
    if share > 0.002 { (share * STEPS).round().max(1.0) } else { 0.0 }
}

//! Figures as pictures that stand in a line of text.

use maud::{Markup, html};
use xtask::bench_all::{
    report::{Row, Side},
    stats::{Ratio, short},
};

/// A logarithmic axis from the left edge to the right.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    /// One that has all of the values, with room at both ends.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let good = values.into_iter().filter(|value| value.is_finite() && *value > 0.0);
        let (low, high) =
            good.fold((f64::INFINITY, 0.0_f64), |(low, high), it| (low.min(it), high.max(it)));
        if low > high {
            return Self { low: 0.5, high: 2.0 };
        }
        Self { low: low / 1.15, high: high * 1.15 }
    }

    /// Where a value stands, in percent.
    fn at(self, value: f64) -> f64 {
        let part = (value / self.low).ln() / (self.high / self.low).ln();
        (part * 1000.0).round() / 10.0
    }

    /// Round numbers along it.
    fn ticks(self) -> Vec<f64> {
        let wide = self.high / self.low > 2000.0;
        let steps: &[f64] = if wide { &[1.0, 10.0] } else { &[1.0, 2.0, 5.0] };
        let decades = (self.low.log10().floor() as i32)..=(self.high.log10().ceil() as i32);
        let ticks =
            decades.flat_map(|decade| steps.iter().map(move |step| step * 10_f64.powi(decade)));
        let mut ticks: Vec<_> =
            ticks.filter(|tick| (self.low..=self.high).contains(tick)).collect();
        ticks.dedup();
        ticks
    }

    /// The numbers of its ticks, for the line above the pictures.
    pub fn head(self, unit: impl Fn(f64) -> String) -> Markup {
        html! {
            svg.plot.ticks height="16" aria-hidden="true" {
                @for tick in self.ticks() {
                    text x={ (self.at(tick)) "%" } y="12" text-anchor="middle" { (unit(tick).replace(".00", "").replace(".0 ", " ")) }
                }
            }
        }
    }

    fn grid(self, height: u32) -> Markup {
        html! {
            @for tick in self.ticks() {
                line.grid.one[tick == 1.0] x1={ (self.at(tick)) "%" } x2={ (self.at(tick)) "%" } y1="0" y2=(height) {}
            }
        }
    }
}

/// A ratio with its interval, before the noise of the machine; an open dot where the program waits most of its time.
pub fn ratio(axis: Axis, ratio: Ratio, noise: Option<Ratio>, waits: bool) -> Markup {
    let said = format!("{} [{}, {}]", short(ratio.median), short(ratio.low), short(ratio.high));
    html! {
        svg.plot height="20" role="img" aria-label=(said) {
            @if let Some(noise) = noise {
                rect.noise x={ (axis.at(noise.low)) "%" } width={ (round(axis.at(noise.high) - axis.at(noise.low))) "%" } y="0" height="20" {}
            }
            (axis.grid(20))
            line.bar x1={ (axis.at(ratio.low)) "%" } x2={ (axis.at(ratio.high)) "%" } y1="10" y2="10" {}
            circle.dot.open[waits] cx={ (axis.at(ratio.median)) "%" } cy="10" r="4.5" {}
        }
    }
}

/// All samples of all sides of a row, a line each.
pub fn strip(row: &Row) -> Markup {
    let walls = || row.sides.iter().flat_map(|side| &side.samples).map(|sample| sample.wall);
    let axis = Axis::of(walls());
    html! {
        div.strip {
            span {} (axis.head(seconds)) span {}
            @for side in row.sides.iter().filter(|side| !side.samples.is_empty()) {
                span.label { (label(side)) }
                (samples(axis, side))
                span.figure { @if let Some(wall) = &side.wall { (seconds(wall.median)) } }
            }
        }
    }
}

fn samples(axis: Axis, side: &Side) -> Markup {
    let language = if ["rust", "again"].contains(&&*side.label) { "rust" } else { "python" };
    let said = format!("{} runs of {}", side.samples.len(), label(side));
    html! {
        svg class={ "plot samples " (language) } height="22" role="img" aria-label=(said) {
            (axis.grid(22))
            @if let Some(wall) = &side.wall {
                line.median x1={ (axis.at(wall.median)) "%" } x2={ (axis.at(wall.median)) "%" } y1="1" y2="21" {}
            }
            @for (position, sample) in side.samples.iter().enumerate() {
                // Runs of nearly one length do not hide each other.
                circle cx={ (axis.at(sample.wall)) "%" } cy=(6 + position * 5 % 12) r="2.5" {}
            }
        }
    }
}

/// What a side is called.
pub fn label(side: &Side) -> &str {
    match &*side.label {
        "rust" => "Rust",
        "python" => "Python",
        other => other,
    }
}

/// A duration with its unit.
pub fn seconds(seconds: f64) -> String {
    if seconds < 0.000_999 {
        format!("{} µs", short(seconds * 1e6))
    } else if seconds < 0.999 {
        format!("{} ms", short(seconds * 1e3))
    } else {
        format!("{} s", short(seconds))
    }
}

fn round(percent: f64) -> f64 {
    (percent * 10.0).round() / 10.0
}

//! A picture that needs nothing besides: it follows the width there is and the reader's choice of light or dark.
//!
//! Text keeps its size; the lanes are boxes that are stretched.

mod bars;
mod lane;
mod page;

use std::fmt::Write as _;

use self::{
    bars::Axis,
    lane::{LANE, Shapes},
    page::{Page, escaped},
};
use super::{
    lanes::{Kind, Lane, Look, Run},
    recording::Facts,
    saying,
    ticks::step,
    window::{self, window},
};

const STYLE: &str = include_str!("../../../trace/style.css");

/// Where the lanes are, from left to right; before them are their names, behind them their times.
const PLACE: &str = "x=\"23%\" width=\"67%\"";

/// Pixels of the area of cores in use.
const AREA: u32 = 40;

/// What a picture is of.
pub struct Picture<'a> {
    /// What was run.
    pub title: &'a str,
    /// Where and when.
    pub source: &'a str,
    /// The runs, from above to below.
    pub runs: &'a [Run],
    /// Whether they have one axis of time.
    pub shared: bool,
}

impl Picture<'_> {
    /// The picture, as SVG.
    pub fn draw(&self) -> String {
        let mut page = Page::new(self.title);
        page.legend(self.runs);
        let mut plots = Plots { page, shapes: Shapes::new() };
        let longest = self.runs.iter().map(|run| run.length).max().unwrap_or(1);
        for run in self.runs {
            plots.page.y += 6;
            let end = if self.shared { longest } else { run.length };
            plots.run(run, Axis { begin: 0, end: end.max(1) }, longest);
        }
        let mut page = plots.page;
        page.y += 6;
        let facts = self.runs.first().map_or(Facts::Spans, |run| run.recording.facts);
        let source = [saying::source(facts)].into_iter().chain(self.source.lines());
        page.said("", &source.map(|line| ("small", line.to_owned())).collect::<Vec<_>>());
        let Page { text, y } = page;
        let described: Vec<_> = self.runs.iter().map(described).collect();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100%\" height=\"{y}\" role=\"img\" \
             aria-labelledby=\"title desc\"><title id=\"title\">{}</title><desc id=\"desc\">{}</desc>\n\
             <style>{STYLE}</style>\n<defs><pattern id=\"ready\" width=\"5\" height=\"5\" \
             patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" \
             class=\"stripes\"/><rect width=\"2\" height=\"5\" class=\"stripe\"/></pattern></defs>\n\
             <rect width=\"100%\" height=\"100%\" class=\"paper\"/>\n{text}</svg>\n",
            escaped(self.title),
            escaped(&described.join(" ")),
        )
    }
}

/// A run in words, for who does not see it.
fn described(run: &Run) -> String {
    let sentence = saying::sentence(run).unwrap_or_default();
    let mut text = format!("{}: {}. {sentence}", run.language, saying::summary(run));
    for lane in run.lanes.iter().filter(|lane| lane.kind != Kind::Heading) {
        let _ =
            write!(text, " {}: {} on a core.", lane.name, saying::time(lane.time(Look::OnCore)));
    }
    text
}

/// The runs on a page.
struct Plots {
    page: Page,
    shapes: Shapes,
}

impl Plots {
    fn run(&mut self, run: &Run, axis: Axis, longest: u64) {
        let mut texts = vec![("", saying::summary(run))];
        texts.extend(saying::sentence(run).map(|text| ("say", text)));
        texts.extend(saying::warnings(run).into_iter().map(|text| ("warn", text)));
        self.page.said(run.language, &texts);
        self.plot(run, axis);
        self.proportion(axis, longest);
        if let Some(part) = window(run, axis.end / bars::COLUMNS as u64 * 4, 24) {
            self.page.said("", &[("small", window::caption(run, part))]);
            self.plot(run, Axis { begin: part.0, end: part.1 });
        }
        if let Some(folded) = saying::folded(run) {
            self.page.said("", &[("small", folded)]);
        }
    }

    /// The cores in use and the lanes, along an axis.
    fn plot(&mut self, run: &Run, axis: Axis) {
        self.page.y -= 6;
        let top = self.page.y;
        if run.recording.facts != Facts::Spans {
            self.area(run, axis);
        }
        let mut bodies = String::new();
        let mut places = Vec::new();
        for lane in &run.lanes {
            let height = lane::height(lane);
            places.push((lane.tid, self.page.y - top + LANE));
            bodies += &self.shapes.lane(lane, axis, run, self.page.y - top);
            self.names(lane, axis);
            self.page.y += height;
        }
        let bottom = self.page.y - top;
        let tips = bottom + 28;
        let plot = ticks(axis, bottom) + &self.shapes.starts(run, axis, &places) + &bodies;
        let plot = plot.replace(lane::TIP_Y, &tips.to_string());
        let _ = writeln!(
            self.page.text,
            "<svg {PLACE} y=\"{top}\" height=\"{}\" overflow=\"visible\">{plot}</svg>",
            tips + 6
        );
        self.page.y += 42;
    }

    fn area(&mut self, run: &Run, axis: Axis) {
        let (top, cores) = (self.page.y, run.recording.cores);
        let area = bars::area(|begin, end| run.average_cores(begin, end), axis, cores, AREA);
        let _ = writeln!(
            self.page.text,
            "<text class=\"small right\" x=\"100%\" dx=\"-12\" y=\"{}\">on a core</text>\n\
             <svg class=\"names\" y=\"{}\" height=\"{}\" width=\"22%\"><text class=\"small\" x=\"100%\" \
             y=\"12\">{}</text></svg>\n<svg {PLACE} y=\"{top}\" height=\"{AREA}\"><svg \
             viewBox=\"0 0 {} {AREA}\" preserveAspectRatio=\"none\" width=\"100%\" height=\"{AREA}\">{area}</svg>",
            top + 8,
            top - 4,
            AREA + 8,
            saying::count(cores, "core"),
            bars::COLUMNS,
        );
        for line in 0..=cores.min(8) {
            let y = AREA - AREA * line as u32 / cores.min(8) as u32;
            let _ =
                write!(self.page.text, "<line class=\"grid\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>");
        }
        self.page.text.push_str("</svg>\n");
        self.page.y += AREA + 10;
    }

    fn names(&mut self, lane: &Lane, axis: Axis) {
        let class = if matches!(lane.kind, Kind::Heading | Kind::Process) { "head" } else { "" };
        // `process 3: executor` has no room on a narrow screen, `3: executor` has.
        let short = lane.name.strip_prefix("process ").filter(|name| name.contains(": "));
        let names = [("wide", &*lane.name, 24), ("narrow", short.unwrap_or(&lane.name), 15)];
        for (screen, name, letters) in names {
            let _ = writeln!(
                self.page.text,
                "<svg class=\"names\" y=\"{}\" height=\"{}\" width=\"22%\"><text class=\"{class} {screen}\" \
                 x=\"100%\" y=\"{}\">{}</text></svg>",
                self.page.y,
                LANE + 6,
                LANE - 4,
                escaped(&lane::shortened(name, letters)),
            );
        }
        let share = lane.shares(axis.begin, axis.end)[Look::OnCore as usize];
        let on_core = (share * (axis.end - axis.begin) as f64) as u64;
        if matches!(lane.kind, Kind::Process | Kind::Thread) && on_core > 0 {
            let _ = writeln!(
                self.page.text,
                "<text class=\"small right\" x=\"100%\" dx=\"-12\" y=\"{}\">{}</text>",
                self.page.y + LANE - 4,
                saying::time(on_core),
            );
        }
    }

    /// How long the axis is beside the longest one.
    fn proportion(&mut self, axis: Axis, longest: u64) {
        if axis.end >= longest {
            return;
        }
        let share = axis.end as f64 / longest as f64 * 100.0;
        let y = self.page.y - 8;
        let _ = writeln!(
            self.page.text,
            "<svg {PLACE} y=\"{}\" height=\"8\"><rect class=\"grid\" fill=\"none\" \
             x=\"0.5\" y=\"0.5\" width=\"100%\" height=\"6\"/><rect class=\"core\" width=\"{share:.2}%\" height=\"7\"/></svg>",
            y - 6,
        );
        self.page.y += 10;
        let beside = format!("All of this beside the longer run: {share:.1} % of its time.");
        self.page.said("", &[("small", beside)]);
    }
}

/// The lines of time behind the lanes, and their numbers below.
fn ticks(axis: Axis, bottom: u32) -> String {
    let length = (axis.end - axis.begin) as f64;
    let (step, unit, divisor) = step(length, 6);
    let mut text = String::new();
    let first = (axis.begin as f64 / step).ceil() as u64;
    for number in first.. {
        let time = number as f64 * step;
        if time > axis.end as f64 {
            break;
        }
        let percent = axis.percent(time as u64);
        let value = (time / divisor * 1000.0).round() / 1000.0;
        let unit = if number == first { unit } else { "" };
        let class = if number % 2 == 1 { "small tick from600" } else { "small tick" };
        let _ = write!(
            text,
            "<line class=\"grid\" x1=\"{percent}%\" x2=\"{percent}%\" y2=\"{bottom}\"/>\
             <text class=\"{class}\" x=\"{percent}%\" y=\"{}\">{value}{unit}</text>",
            bottom + 14,
        );
    }
    text
}

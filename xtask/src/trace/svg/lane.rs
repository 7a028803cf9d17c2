//! A lane in a picture: its shapes, what it worked on, and what is told of it on hover and focus.

use std::fmt::Write as _;

use super::{
    bars::{self, Axis, COLUMNS},
    page::escaped,
};
use crate::trace::{
    lanes::{Kind, Lane, Look, Run, Stretch, Work},
    saying,
};

/// Pixels of a lane's bars.
pub const LANE: u32 = 18;

/// Pixels of a task's bars.
const TASK: u32 = 13;

/// Stands for the place of what is told on focus, which is known last.
pub const TIP_Y: &str = "@tip@";

/// Letters of a line of what is told on focus.
const TIP: usize = 110;

/// The most stretches of a picture that are told of one by one; more would make it large, and are too narrow to point at.
const MOST: usize = 2500;

/// Shapes so far: there is a limit to those with a text of their own.
pub struct Shapes {
    told: usize,
}

/// Pixels from a lane to the next.
pub fn height(lane: &Lane) -> u32 {
    match lane.kind {
        Kind::Heading => 22,
        Kind::Task => TASK + 6,
        _ if lane.works.is_empty() => LANE + 8,
        _ => LANE + 26,
    }
}

impl Shapes {
    /// None yet.
    pub fn new() -> Self {
        Self { told: 0 }
    }

    /// A lane at `y`.
    pub fn lane(&mut self, lane: &Lane, axis: Axis, run: &Run, y: u32) -> String {
        if lane.kind == Kind::Heading {
            return String::new();
        }
        let height = if lane.kind == Kind::Task { TASK } else { LANE };
        let (from, to) = (axis.percent(lane.begin), axis.percent(lane.end));
        let own = run.own.filter(|_| lane.kind != Kind::Task);
        let told = told(lane, run);
        let mut text = format!(
            "<g tabindex=\"0\" role=\"img\" aria-label=\"{told}\"><title>{told}</title>{}\
             <rect class=\"hit\" x=\"{from}%\" y=\"{y}\" width=\"{:.2}%\" height=\"{height}\"/>\
             <svg y=\"{y}\" width=\"100%\" height=\"{}\" viewBox=\"0 0 {COLUMNS} {}\" preserveAspectRatio=\"none\">{}{}</svg></g>",
            tip(&told),
            (to - from).max(0.1),
            height + 1,
            height + 1,
            bars::lane(lane, axis, height, own),
            self.stretches(lane, axis, height),
        );
        text += &self.works(lane, axis, y + height + 3);
        text.push('\n');
        text
    }

    /// What each stretch tells that is wide enough to point at.
    fn stretches(&mut self, lane: &Lane, axis: Axis, height: u32) -> String {
        let mut text = String::new();
        let wide =
            |stretch: &&Stretch| axis.column(stretch.end) - axis.column(stretch.begin) >= 2.0;
        for stretch in lane.between(axis.begin, axis.end).iter().filter(wide) {
            self.told += 1;
            if self.told > MOST {
                break;
            }
            let what = match (stretch.look, stretch.core) {
                (Look::OnCore, Some(core)) => format!("on core {core}"),
                (Look::OnCore, None) => "on a core".into(),
                (Look::Ready, _) => "ready for a core".into(),
                (Look::Waiting, _) => "waits".into(),
                (Look::Holding, _) => "keeps its thread".into(),
            };
            let _ = write!(
                text,
                "<rect class=\"hit\" x=\"{}\" width=\"{:.1}\" height=\"{height}\"><title>{}: {what} from {}, for {}</title></rect>",
                axis.column(stretch.begin),
                axis.column(stretch.end) - axis.column(stretch.begin),
                escaped(&lane.name),
                saying::time(stretch.begin),
                saying::time(stretch.end - stretch.begin),
            );
        }
        text
    }

    /// Brackets below a lane, with the names of what it worked on.
    fn works(&mut self, lane: &Lane, axis: Axis, y: u32) -> String {
        let mut text = String::new();
        let inside = |work: &&Work| work.end > axis.begin && work.begin < axis.end;
        let inside: Vec<Work> = lane.works.iter().filter(inside).cloned().collect();
        for works in together(&inside, axis) {
            let (begin, end) = (works[0].begin, works[works.len() - 1].end);
            let (from, to) = (axis.percent(begin), axis.percent(end));
            let name = match works {
                [work] => work.name.clone(),
                [first, ..] => format!(
                    "{} × {}",
                    works.len(),
                    first.name.split(' ').next().unwrap_or_default()
                ),
                [] => continue,
            };
            let on_core = lane.shares(begin, end.max(begin + 1))[Look::OnCore as usize]
                * (end - begin) as f64;
            let told = escaped(&format!(
                "{name}: from {}, for {}, of which {} on a core",
                saying::time(begin),
                saying::time(end - begin),
                saying::time(on_core as u64),
            ));
            let (left, right) = (axis.column(begin), axis.column(end));
            let _ = write!(
                text,
                "<g tabindex=\"0\" role=\"img\" aria-label=\"{told}\"><title>{told}</title>{}\
                 <rect class=\"hit\" x=\"{from}%\" y=\"{y}\" width=\"{:.2}%\" height=\"15\"/>\
                 <svg y=\"{y}\" width=\"100%\" height=\"6\" viewBox=\"0 0 {COLUMNS} 6\" preserveAspectRatio=\"none\">\
                 <path class=\"work\" d=\"M{left} 0v4H{right}v-4\"/></svg>{}</g>",
                tip(&told),
                (to - from).max(0.2),
                name_below(&name, from, to, y),
            );
        }
        text
    }

    /// From each lane's starter to its beginning.
    pub fn starts(&self, run: &Run, axis: Axis, places: &[(u32, u32)]) -> String {
        let mut text = String::new();
        for (lane, (_, y)) in run.lanes.iter().zip(places) {
            let place = |tid| {
                let lanes = run.lanes.iter().zip(places);
                let mut found =
                    lanes.filter(|(lane, _)| matches!(lane.kind, Kind::Process | Kind::Thread));
                found.find(|(lane, _)| lane.tid == tid).map(|(_, place)| place.1)
            };
            if let Some(from) = lane.starter.and_then(place).filter(|from| from < y) {
                let x = axis.percent(lane.begin);
                if lane.begin < axis.begin || lane.begin > axis.end {
                    continue;
                }
                let _ = write!(
                    text,
                    "<line class=\"start\" x1=\"{x}%\" x2=\"{x}%\" y1=\"{from}\" y2=\"{y}\"/>"
                );
            }
        }
        text
    }
}

/// What is said of a lane.
fn told(lane: &Lane, run: &Run) -> String {
    let mut cores: Vec<u32> = lane.stretches.iter().filter_map(|stretch| stretch.core).collect();
    cores.sort_unstable();
    cores.dedup();
    let cores: Vec<String> = cores.iter().map(u32::to_string).collect();
    let turns = lane.stretches.iter().filter(|stretch| stretch.look == Look::OnCore).count();
    let mut text = format!(
        "{}: from {}, for {}; on a core {} in {}",
        lane.name,
        saying::time(lane.begin),
        saying::time(lane.end - lane.begin),
        saying::time(lane.time(Look::OnCore)),
        saying::count(turns, "stretch").replace("stretchs", "stretches"),
    );
    if !cores.is_empty() {
        let _ = write!(text, " (core {})", cores.join(", "));
    }
    for (look, what) in
        [(Look::Ready, "ready"), (Look::Waiting, "waits"), (Look::Holding, "keeps its thread")]
    {
        if lane.time(look) > 0 {
            let _ = write!(text, ", {what} {}", saying::time(lane.time(look)));
        }
    }
    let starter = run.threads().find(|it| Some(it.tid) == lane.starter);
    if let Some(starter) = starter {
        let _ = write!(text, "; started by {}", starter.name);
    }
    escaped(&text)
}

/// What is shown below the lanes while a shape is pointed at or has the focus.
fn tip(told: &str) -> String {
    format!("<text class=\"tip\" y=\"{TIP_Y}\">{}</text>", fitted(told, TIP))
}

/// Works that lie so near to each other that they are one bracket.
fn together(works: &[Work], axis: Axis) -> Vec<&[Work]> {
    let near = |a: &Work, b: &Work| {
        let column = |time| axis.column(time);
        column(b.begin) - column(a.end) < 4.0
            && (column(a.end) - column(a.begin) < 4.0 || column(b.end) - column(b.begin) < 4.0)
    };
    works.chunk_by(near).collect()
}

/// A name where it fits: the narrower its place, the wider the screen must be.
fn name_below(name: &str, from: f64, to: f64, y: u32) -> String {
    // Lanes are 290 pixels wide on a screen of 400, and 80 % of a wider one.
    let needs = name.chars().count() as f64 * 6.5 / (to - from).max(0.01) * 100.0;
    let class = match needs {
        ..280.0 => "workname",
        280.0..400.0 => "workname from600",
        400.0..650.0 => "workname from900",
        650.0..1000.0 => "workname from1400",
        _ => return String::new(),
    };
    format!(
        "<text class=\"{class}\" x=\"{:.2}%\" y=\"{}\">{}</text>",
        (from + to) / 2.0,
        y + 14,
        escaped(name)
    )
}

/// A name without its middle, if it has more letters than there is room for: its end tells lanes apart.
pub fn shortened(name: &str, most: usize) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= most {
        return name.into();
    }
    let end = (most - 1) / 2;
    let (first, last) = (&letters[..most - 1 - end], &letters[letters.len() - end..]);
    first.iter().chain(&['…']).chain(last).collect()
}

/// The first letters of a text.
pub fn fitted(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_shortened_name_keeps_both_ends() {
        for (name, shown) in
            [("worker 1", "worker 1"), ("thread 1234567", "thr…567"), ("größere 12", "grö… 12")]
        {
            assert_eq!(shortened(name, shown.chars().count()), shown);
        }
    }
}

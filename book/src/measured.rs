//! What was measured: an example's rows, and all of them.

use maud::{Markup, html};
use xtask::{
    bench_all::{
        report::{Report, Row, Side},
        stats::{Ratio, short},
    },
    catalogue::Example,
};

use crate::{
    layout::{Page, whole},
    links::relative,
    material::{Material, Measured},
    plot::{self, Axis, seconds},
};

/// The part of an example's page.
pub fn of_example(material: &Material, example: &Example, path: &str) -> Markup {
    let Some(measured) = &material.measured else { return html! {} };
    let rows: Vec<_> = measured.rows(example).filter(|row| row.failure.is_none()).collect();
    html! {
        @if !rows.is_empty() {
            h2 #measured { "Measured" }
            @for row in rows { (one(row)) }
            p.note { "A dot is a run, the line the median. " (machine(&measured.report)) ". " a href=(relative(path, "measured.html")) { "All rows" } }
        }
    }
}

/// A row with all its samples.
fn one(row: &Row) -> Markup {
    html! {
        div.measured {
            @if let Some(name) = more(row) { h3 { (name) } }
            p { code.command { (row.sides.first().map(arguments).unwrap_or_default()) } }
            (plot::strip(row))
            @for side in row.sides.iter().skip(1) {
                dl.figures {
                    @if let Some(ratio) = side.ratio { div { dt { (plot::label(side)) "'s time over Rust's" } dd { b { (short(ratio.median)) } " " (interval(ratio)) } } }
                    @if let Some(lack) = &side.lack { div { dt { (plot::label(side)) } dd { (lack.reason) } } }
                    (pair("cores in use", row.sides.first(), side, |side| side.cores.map(short)))
                    (pair("memory, MiB", row.sides.first(), side, |side| memory(side).map(short)))
                }
            }
            @if row.critical_path > 0.0 {
                p.note { "It must wait " (seconds(row.critical_path)) " however fast it is; on top of that come "
                    @for (position, side) in row.sides.iter().filter(|side| side.wall.is_some()).enumerate() {
                        @if position > 0 { ", " } (over(row, side)) " in " (plot::label(side))
                    } "."
                }
            }
        }
    }
}

fn pair(
    name: &str,
    rust: Option<&Side>,
    other: &Side,
    value: impl Fn(&Side) -> Option<String>,
) -> Markup {
    html! {
        @if let (Some(ours), Some(theirs)) = (rust.and_then(&value), value(other)) {
            div { dt { (name) } dd { "Rust " b { (ours) } ", " (plot::label(other)) " " b { (theirs) } } }
        }
    }
}

fn over(row: &Row, side: &Side) -> String {
    side.wall
        .as_ref()
        .map_or_else(String::new, |wall| seconds((wall.median - row.critical_path).max(0.0)))
}

/// Peak memory of the largest process, in MiB.
pub fn memory(side: &Side) -> Option<f64> {
    Some(side.all(|sample| sample.max_rss_kib as f64)?.median / 1024.0)
}

/// The arguments of a side, without the program's place.
fn arguments(side: &Side) -> String {
    side.command.get(1..).unwrap_or_default().join(" ")
}

/// What is special about a row of an example.
fn more(row: &Row) -> Option<&str> {
    row.name.split_once(": ").map(|(_, name)| name)
}

/// A ratio's interval, or range.
pub fn interval(ratio: Ratio) -> String {
    format!("[{}, {}]", short(ratio.low), short(ratio.high))
}

/// Whether most of a row's time in Rust is waiting.
pub fn waits(row: &Row) -> bool {
    let wall = row.sides.first().and_then(|side| side.wall.as_ref());
    wall.is_some_and(|wall| row.critical_path > wall.median / 2.0)
}

/// Machine, versions, and how it was measured, in a sentence.
pub fn machine(report: &Report) -> String {
    let described = report.host.described().replace('\n', ", ");
    format!(
        "{described}; at most {} runs of each, waits at {} of their length",
        report.samples, report.pace
    )
}

/// The noise of the machine: the control row.
pub fn noise(report: &Report) -> Option<Ratio> {
    let control = report.rows.iter().find(|row| row.name == "control")?;
    control.sides.get(1)?.ratio
}

/// The page of all rows.
pub fn page(material: &Material) -> String {
    let body = html! {
        h1 { "Measured" }
        @match &material.measured {
            Some(measured) => (table(material, measured)),
            None => div.prose { p { "Nothing is measured yet on this machine. " code { "cargo xtask bench-all" } " runs every example beside its Python twin; then make the book again." } }
        }
    };
    whole(material, &Page { path: "measured.html", title: "Measured", ways: Vec::new() }, &body)
}

fn table(material: &Material, measured: &Measured) -> Markup {
    let report = &measured.report;
    let ratios = || report.rows.iter().flat_map(|row| &row.sides).filter_map(|side| side.ratio);
    let axis = Axis::of(ratios().flat_map(|ratio| [ratio.low, ratio.high, 1.0]));
    let (noise, several) = (noise(report), report.host.pythons.len() > 1);
    let few = ratios().any(|ratio| !ratio.interval);
    html! {
        div.prose {
            p { "Python's time over Rust's. The dot is the median of the rounds' ratios, the bar its 95 % interval" @if few { " (of fewer than 6 rounds: their range)" } ", the axis logarithmic; an open dot is a program that waits most of its time, in either language. The grey band is the control row, one program against itself: what lies in it is noise." }
            p.note { (machine(report)) ". From " code { (measured.file) } "." }
        }
        div.wide {
            table.measured.sortable {
                caption.said { "All rows; the buttons of the head sort them" }
                thead { tr {
                    (head("row", "text"))
                    th.axis { span.said { "ratio, drawn" } }
                    (head("ratio", "")) (head("Rust", "")) (head("Python", "")) (head("cores", "")) (head("MiB", ""))
                } }
                @for (name, rows) in groups(material, report) {
                    tbody {
                        tr.group { th scope="rowgroup" { (name) } td.axis { (axis.head(|tick| format!("{tick}"))) } td colspan="5" {} }
                        @for row in rows { @for side in row.sides.iter().skip(1) { (line(row, side, axis, noise, several)) } }
                    }
                }
            }
        }
        @let failures: Vec<_> = report.rows.iter().filter_map(|row| Some((&row.name, row.failure.as_ref()?))).collect();
        @if !failures.is_empty() { h2 { "Failed" } ul { @for (name, failure) in failures { li { (name) ": " (failure) } } } }
    }
}

fn head(name: &str, class: &str) -> Markup {
    html! { th class=(class) { button type="button" { (name) } } }
}

fn line(row: &Row, side: &Side, axis: Axis, noise: Option<Ratio>, several: bool) -> Markup {
    let rust = row.sides.first();
    let wall = |side: &Side| side.wall.as_ref().map(|wall| wall.median);
    let name = row.name.split_once('/').map_or(&*row.name, |(_, name)| name);
    let cell = |value: Option<f64>, name: &str, shown: String| html! { td data-v=[value] data-as=(name) { (shown) } };
    let pair = |value: &dyn Fn(&Side) -> Option<f64>| {
        let values = [rust, Some(side)].map(|side| side.and_then(value).map_or("–".into(), short));
        values.join(" / ")
    };
    html! {
        tr {
            th scope="row" {
                @match row.name.split_once('/') {
                    Some((lesson, name)) => a href={ (lesson) "/" (name.split(": ").next().unwrap_or_default()) ".html#measured" } { (name) },
                    None => (name),
                }
                @if several || !["python", "again"].contains(&&*side.label) { " " span.note { (side.label) } }
            }
            td.axis { @if let Some(ratio) = side.ratio { (plot::ratio(axis, ratio, noise, waits(row))) } @else if let Some(lack) = &side.lack { span.note { (lack.what) } } }
            td data-v=[side.ratio.map(|ratio| ratio.median)] { @if let Some(ratio) = side.ratio { b { (short(ratio.median)) } " " span.note { (interval(ratio)) } } }
            (cell(rust.and_then(wall), "Rust", rust.and_then(wall).map_or_else(String::new, seconds)))
            (cell(wall(side), plot::label(side), wall(side).map_or_else(String::new, seconds)))
            (cell(rust.and_then(|side| side.cores), "cores", pair(&|side| side.cores)))
            (cell(rust.and_then(memory), "MiB", pair(&memory)))
        }
    }
}

/// The rows by lesson, those of no lesson first.
fn groups<'a>(material: &'a Material, report: &'a Report) -> Vec<(&'a str, Vec<&'a Row>)> {
    let of = |lesson: Option<&str>| {
        let rows = report.rows.iter().filter(|row| row.failure.is_none());
        rows.filter(|row| row.name.split_once('/').map(|(lesson, _)| lesson) == lesson)
            .collect::<Vec<_>>()
    };
    let lessons = material
        .catalogue
        .lessons()
        .into_iter()
        .map(|lesson| (material.title(lesson), of(Some(lesson))));
    [("The machine itself", of(None))]
        .into_iter()
        .chain(lessons)
        .filter(|(_, rows)| !rows.is_empty())
        .collect()
}

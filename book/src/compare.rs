//! Two reports side by side.

use std::collections::BTreeSet;

use maud::{Markup, html};
use xtask::bench_all::{
    report::Row,
    stats::{Ratio, short},
};

use crate::{
    layout::{Page, whole},
    material::{Material, Measured},
    measured::{interval, machine, noise, waits},
    plot::{self, Axis, seconds},
};

/// The page that compares them.
pub fn page(material: &Material, reports: &[Measured; 2]) -> String {
    let [first, second] = reports;
    let ratios = || reports.iter().flat_map(|it| &it.report.rows).filter_map(ratio);
    let axis = Axis::of(ratios().flat_map(|ratio| [ratio.low, ratio.high, 1.0]));
    let names = reports.iter().flat_map(|it| &it.report.rows).map(|row| &*row.name);
    let mut seen = BTreeSet::new();
    let names: Vec<_> = names.filter(|name| seen.insert(*name)).collect();
    let body = html! {
        h1 { "Compared" }
        div.prose {
            p { "Python's time over Rust's in two reports, the first above the second. Rust's change is the second report's time over the first's; where the machines differ it says nothing." }
            ol { @for it in reports { li { code { (it.file) } p.note { (machine(&it.report)) } } } }
        }
        div.wide {
            table.measured.sortable {
                caption.said { "Both reports; the buttons of the head sort the rows" }
                thead { tr {
                    th.text { button type="button" { "row" } }
                    th.axis { (axis.head(|tick| format!("{tick}"))) span.said { "ratios, drawn" } }
                    @for name in ["ratio, first", "ratio, second", "Rust, first", "Rust, second", "Rust's change"] { th { button type="button" { (name) } } }
                } }
                tbody {
                    @for name in names {
                        @let rows = [first, second].map(|it| it.report.rows.iter().find(|row| row.name == name));
                        @let walls = rows.map(|row| row.and_then(rust));
                        @let same = rows[0].and_then(arguments) == rows[1].and_then(arguments);
                        @let change = walls[0].zip(walls[1]).filter(|_| same).map(|(first, second)| second / first);
                        @let unlike = if same { "–" } else { "other arguments" };
                        tr {
                            th scope="row" { (name) }
                            td.axis { @for (row, it) in rows.iter().zip(reports) { @if let Some(row) = row { (drawn(row, axis, noise(&it.report))) } } }
                            @for (row, name) in rows.into_iter().zip(["first", "second"]) { (figure(row, name)) }
                            @for (wall, name) in walls.into_iter().zip(["Rust, first", "second"]) {
                                td data-v=[wall] data-as=(name) { (wall.map_or_else(|| "–".into(), seconds)) }
                            }
                            td data-v=[change] data-as="change" { (change.map_or_else(|| unlike.into(), short)) }
                        }
                    }
                }
            }
        }
    };
    whole(material, &Page { path: "compare.html", title: "Compared", ways: Vec::new() }, &body)
}

fn drawn(row: &Row, axis: Axis, noise: Option<Ratio>) -> Markup {
    html! { @if let Some(it) = ratio(row) { (plot::ratio(axis, it, noise, waits(row))) } }
}

fn figure(row: Option<&Row>, name: &str) -> Markup {
    let ratio = row.and_then(ratio);
    html! { td data-v=[ratio.map(|it| it.median)] data-as=(name) { @if let Some(it) = ratio { b { (short(it.median)) } " " span.note { (interval(it)) } } @else { "–" } } }
}

fn ratio(row: &Row) -> Option<Ratio> {
    row.sides.get(1)?.ratio
}

fn rust(row: &Row) -> Option<f64> {
    row.sides.first()?.wall.as_ref().map(|wall| wall.median)
}

/// What Rust was given, but for the program's place.
fn arguments(row: &Row) -> Option<&[String]> {
    row.sides.first()?.command.get(1..)
}

//! What an example prints: a recorded run, and others beside it where they differ.

use std::collections::BTreeSet;

use anyhow::Result;
use maud::{Markup, html};
use xtask::{
    catalogue::{Example, Order, Port},
    transcript::{Wording, varying},
};

use crate::{
    links::relative,
    material::Material,
    recorded::{self, Command, Printed, commands},
};

/// A part's command as it was run, in the part's words.
///
/// # Errors
/// If no run of it is recorded.
pub fn in_words(material: &Material, example: &Example, port: &Port) -> Result<Markup> {
    let command = material.recorded.of(example, &port.args)?;
    let lines = Wording::of(port)?.apply(&command.rust.text());
    let lines: Vec<_> = lines.lines().collect();
    let order = example.order_in(port);
    Ok(html! {
        (said(&[&lines], order))
        (block(&lines, 0, order))
    })
}

/// All commands of an example with what they printed.
///
/// # Errors
/// If a run of one is not recorded.
pub fn all(material: &Material, example: &Example, page: &str) -> Result<Markup> {
    let mut made = Vec::new();
    let mut sources = BTreeSet::new();
    for (position, (args, ports)) in commands(example).into_iter().enumerate() {
        let command = material.recorded.of(example, args)?;
        sources.insert(&*command.source);
        made.push(html! {
            details open[position == 0] {
                summary { code.command { (example.command(args)) } @for port in &ports { " " span.note { (port.tutorial) " " (port.part) } } }
                (runs(command, recorded::order(example, &ports)))
                @for port in ports.iter().filter(|port| !port.lines.is_empty()) {
                    @let place = relative(page, &format!("tutorial/{}.html#{}", port.tutorial, port.part));
                    p.note { a href=(place) { (port.tutorial) " " (port.part) } " has these lines in its own words." }
                }
            }
        });
    }
    Ok(html! {
        @for part in &made { (part) }
        @for source in sources { p.note { (source) "." } }
    })
}

/// The runs of a command, side by side where they differ.
fn runs(command: &Command, order: Order) -> Markup {
    let again = command.again.as_ref();
    let python = Some(&command.python).filter(|python| **python != command.rust);
    let shown = [("Rust", Some(&command.rust)), ("Rust, another run", again), ("Python", python)];
    let shown: Vec<_> =
        shown.into_iter().filter_map(|(name, printed)| Some((name, printed?))).collect();
    let lines: Vec<Vec<&str>> = shown.iter().map(|(_, printed)| lines(printed)).collect();
    let slices: Vec<_> = lines.iter().map(Vec::as_slice).collect();
    html! {
        (said(&slices, order))
        div.outputs {
            @for ((name, printed), lines) in shown.iter().zip(&lines) {
                div {
                    p.order { @if *name == "Rust" && python.is_none() { "Rust, and Python the same" } @else { (name) } }
                    (block(lines, printed.more, order))
                }
            }
        }
    }
}

fn lines(printed: &Printed) -> Vec<&str> {
    printed.lines.iter().map(String::as_str).collect()
}

/// What the marks in outputs mean, of those that are in them.
fn said(outputs: &[&[&str]], order: Order) -> Markup {
    let free = outputs.iter().any(|lines| free(lines, order) > 0);
    let varies =
        outputs.iter().any(|lines| lines.iter().any(|line| varying(line).next().is_some()));
    html! {
        @if free || varies {
            p.note {
                @if free {
                    @match order {
                        Order::ClosingLast => "All lines but the last, which are marked " ,
                        _ => "The lines, which are marked ",
                    }
                    span.mark aria-hidden="true" { "⇅" }
                    ", may come in another order from run to run. "
                }
                @if varies { "What is " span.varies { "underlined" } " is measured, or an address of this run." }
            }
        }
    }
}

/// How many lines from the first have an order that is free.
fn free(lines: &[&str], order: Order) -> usize {
    let free = match order {
        Order::Fixed => 0,
        Order::Free => lines.len(),
        Order::ClosingLast => lines.len().saturating_sub(1),
    };
    // One line has no order.
    if free > 1 { free } else { 0 }
}

fn block(lines: &[&str], more: usize, order: Order) -> Markup {
    let free = free(lines, order);
    html! {
        pre.output { code {
            @for (position, line) in lines.iter().enumerate() {
                @if position < free { span.free { (marked(line)) } "\n" } @else { (marked(line)) "\n" }
            }
            @if more > 0 { span.c { "… and " (more) " more lines" } "\n" }
        } }
    }
}

/// A line in which what varies is marked.
fn marked(line: &str) -> Markup {
    let mut pieces = Vec::new();
    let mut from = 0;
    for range in varying(line) {
        pieces.push(html! { (line[from..range.start]) span.varies { (line[range.clone()]) } });
        from = range.end;
    }
    html! { @for piece in &pieces { (piece) } (line[from..]) }
}

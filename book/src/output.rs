//! What an example prints, as its transcript has it.

use std::fs;

use anyhow::{Context, Result};
use maud::{Markup, html};
use xtask::catalogue::{Catalogue, Example, Order, Port, root};

use crate::links::relative;

/// The transcript of a part, in the part's words.
///
/// # Errors
/// If there is none.
pub fn transcript(example: &Example, port: &Port) -> Result<String> {
    let file = format!(
        "tests/expected/{}/{}.{}-{}.txt",
        example.lesson, example.name, port.tutorial, port.part
    );
    fs::read_to_string(root().join(&file)).with_context(|| format!("cannot read {file}"))
}

/// A part's command, and what that prints: lines whose order is free stand apart from those that have a place.
///
/// # Errors
/// If there is no transcript.
pub fn shown(example: &Example, port: &Port) -> Result<Markup> {
    let text = transcript(example, port)?;
    let lines: Vec<_> = text.lines().collect();
    let free = match example.order_in(port) {
        Order::Fixed => 0,
        // One line has no order.
        Order::Free if lines.len() < 2 => 0,
        Order::Free => lines.len(),
        Order::ClosingLast if lines.len() < 3 => 0,
        Order::ClosingLast => lines.len() - 1,
    };
    let (loose, placed) = lines.split_at(free);
    Ok(html! {
        @if !loose.is_empty() {
            p.note { "In an order that varies from run to run; here by the alphabet:" }
            pre.output.free { code { @for line in loose { (line) "\n" } } }
            @if !placed.is_empty() { p.note { "And last:" } }
        }
        @if !placed.is_empty() { pre.output { code { @for line in placed { (line) "\n" } } } }
        @if text.contains("#.#") { p.note { "#.# stands for what is measured." } }
    })
}

/// All commands of an example with their outputs.
///
/// # Errors
/// If a transcript is missing.
pub fn all(catalogue: &Catalogue, example: &Example, page: &str) -> Result<Markup> {
    let mut made = Vec::new();
    for (position, port) in example.ports.iter().enumerate() {
        let tutorial = catalogue.tutorial(&port.tutorial)?;
        let place = relative(page, &format!("tutorial/{}.html#{}", tutorial.name, port.part));
        made.push(html! {
            details open[position == 0] {
                summary { code.command { (example.command(&port.args)) } " " span.note { (tutorial.name) " " (port.part) } }
                @if !port.lines.is_empty() { p.note { "In the words of " a href=(place) { (tutorial.name) " " (tutorial.unit) " " (port.part) } ":" } }
                (shown(example, port)?)
            }
        });
    }
    Ok(html! { @for part in &made { (part) } })
}

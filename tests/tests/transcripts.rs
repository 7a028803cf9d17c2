//! Every slide's command, against a committed transcript and against its Python twin.
//!
//! `SNAPSHOTS=overwrite cargo xtask test` writes the transcripts anew.

use std::fmt::Write;

use anyhow::Result;
use snapbox::{Assert, Data, data::DataFormat};
use xtask::{
    catalogue::{Catalogue, Example, Port, root},
    lab::Lab,
    python,
    transcript::{Wording, canonical, difference},
};

#[test]
fn every_slide_prints_what_its_transcript_says() -> Result<()> {
    for_every_slide(|example, port| {
        let file = format!("{}.{}-{}.txt", example.name, port.tutorial, port.part);
        let path = root().join("tests/expected").join(&example.lesson).join(file);
        let actual = Data::text(rust(example, port, None)?);
        let expected = Data::read_from(&path, Some(DataFormat::Text));
        let assert = Assert::new().action_env("SNAPSHOTS").normalize_paths(false);
        Ok(assert.try_eq(None, actual, expected)?)
    })
}

#[test]
fn every_twin_prints_what_its_example_prints() -> Result<()> {
    let python = match python::ready() {
        Ok(python) => python,
        Err(error) => {
            eprintln!("not tested, for want of Python: {error:#}");
            return Ok(());
        }
    };
    let lab = Lab::start(tests::programs()?, Some(tests::PACE))?;
    for_every_slide(|example, port| {
        // First, because photos and text that both need are made by the example.
        let rust = rust(example, port, Some(&lab))?;
        let folder = tempfile::tempdir()?;
        let mut twin = python.command(&example.twin());
        twin.current_dir(folder.path());
        twin.args(&port.args).envs(lab.environment()).env("PACE", tests::PACE.to_string());
        let twin = tests::run(&mut twin)?;
        anyhow::ensure!(
            twin.status.success(),
            "the twin ends with {}: {}",
            twin.status,
            twin.stderr
        );
        let twin = Wording::of(port)?.apply(&twin.stdout);
        match difference(&rust, &canonical(&twin, example.order_in(port))) {
            None => Ok(()),
            Some(difference) => anyhow::bail!("Rust and Python differ: {difference}"),
        }
    })
}

/// What the example prints for a slide, in its words, made comparable.
fn rust(example: &Example, port: &Port, lab: Option<&Lab>) -> Result<String> {
    let args: Vec<_> = port.args.iter().map(String::as_str).collect();
    let mut command = tests::example(&example.lesson, &example.name, &args)?;
    let folder = tempfile::tempdir()?;
    command.current_dir(folder.path()).envs(lab.into_iter().flat_map(Lab::environment));
    let done = tests::run(&mut command)?;
    anyhow::ensure!(done.status.success(), "it ends with {}: {}", done.status, done.stderr);
    Ok(canonical(&Wording::of(port)?.apply(&done.stdout), example.order_in(port)))
}

/// Checks all slides before it fails, and then names each that did.
fn for_every_slide(check: impl Fn(&Example, &Port) -> Result<()>) -> Result<()> {
    let mut failures = String::new();
    for example in &Catalogue::load()?.examples {
        for port in &example.ports {
            if let Err(error) = check(example, port) {
                writeln!(failures, "{}: {error:#}", example.command(&port.args))?;
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    Ok(())
}

//! The examples, each with little to do.

use anyhow::Result;
use xtask::catalogue::Catalogue;

/// An example and the arguments that it gets.
pub struct Case {
    /// The lesson's folder.
    pub lesson: String,
    /// The example.
    pub name: String,
    /// What it gets under every fault.
    pub args: Vec<String>,
    /// Whether how much it prints depends on the time that it has.
    pub timed: bool,
    /// What makes one of its workers panic, if it can be told to.
    pub panic: Option<&'static [&'static str]>,
    /// What kind of files it takes, if it does.
    pub input: Option<Input>,
    /// What makes it give up a peer that does not answer, if it can be told to.
    pub patience: Option<&'static [&'static str]>,
}

/// A kind of files.
#[derive(Clone, Copy)]
pub enum Input {
    /// Text.
    Text,
    /// A photograph.
    Photo,
}

const INPUTS: [(&str, Input); 8] = [
    ("photos", Input::Photo),
    ("s3-upload", Input::Text),
    ("many-uploads", Input::Text),
    ("files", Input::Text),
    ("many-files", Input::Text),
    ("failing-files", Input::Text),
    ("word-count", Input::Text),
    ("sharing", Input::Text),
];

/// Little to do, and files into the current folder, where an example by itself would do much or write elsewhere.
const ARGS: [(&str, &[&str]); 17] = [
    ("daemon", &["--join"]),
    ("gil", &["--tasks", "2", "--additions", "100000"]),
    ("sum-of-squares", &["1000", "2000"]),
    ("image-blur", &["--size", "64x48"]),
    ("photos", &["--size", "64x48", "--out", "."]),
    ("02-multiprocessing/semaphore", &["--processes", "4", "--additions", "50"]),
    ("shared-counter", &["--additions", "1000"]),
    ("micro", &["start", "3"]),
    ("orderly-end", &["--seconds", "2"]),
    ("io-and-cpu", &["--sums", "1000", "2000"]),
    ("failing-files", &["--sums", "1000", "2000"]),
    ("grid", &["--tasks", "2", "--additions", "1000"]),
    ("profiling", &["--below", "1000"]),
    ("bag", &["--on", "processes"]),
    ("map-reduce", &["--size", "65536"]),
    ("word-count", &["--size", "262144", "--chunk", "65536", "--on", "processes"]),
    ("sharing", &["--size", "65536"]),
];

const PANICS: [(&str, &[&str]); 4] = [
    ("failing-workers", &["--fail", "1"]),
    ("failing-processes", &["--panic", "3"]),
    ("failing-futures", &["--panic", "2"]),
    ("orderly-end", &["--panic-on", "1"]),
];

const PATIENCE: [(&str, &[&str]); 4] = [
    ("failing-pages", &["--timeout", "0.2"]),
    ("crawl", &["--timeout", "0.2"]),
    ("many-downloads", &["--timeout", "0.2"]),
    ("many-uploads", &["--timeout", "0.2"]),
];

/// All examples of the catalogue, in its order.
///
/// # Errors
/// If there is no catalogue.
pub fn cases() -> Result<Vec<Case>> {
    let case = |lesson: String, name: String| {
        let whole = format!("{lesson}/{name}");
        let of = |table: &[(&str, &'static [&'static str])]| {
            let found = table.iter().find(|(it, _)| *it == name || *it == whole);
            found.map(|(_, args)| *args)
        };
        let args = of(&ARGS).unwrap_or_default().iter().map(|arg| (*arg).to_owned()).collect();
        let input = INPUTS.iter().find(|(it, _)| *it == name).map(|(_, input)| *input);
        let timed = ["producer-consumer", "orderly-end"].contains(&&*name);
        Case { args, timed, input, panic: of(&PANICS), patience: of(&PATIENCE), lesson, name }
    };
    let examples = Catalogue::load()?.examples;
    Ok(examples.into_iter().map(|example| case(example.lesson, example.name)).collect())
}

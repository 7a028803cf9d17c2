//! The programs of `tests/refused`: what the compiler must refuse, and beside each the same program mended.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context, Result, ensure};

use crate::{cargo, catalogue::root};

/// A program that the compiler must refuse. Its header is a convention:
///
/// ```text
/// //! error[CODE]: MESSAGE          (or `error: MESSAGE`, where the compiler gives no code)
/// //!
/// //! Lesson NN, NN: WHAT IT DOES, IN A LINE.
/// //!
/// //! WHY IT IS REFUSED, if the line does not say it.
/// //!
/// //! Python: WHAT PYTHON DOES WITH THE SAME.
/// ```
///
/// And that of the program mended:
///
/// ```text
/// //! `NAME.rs`, mended: HOW.
/// ```
#[derive(Debug)]
pub struct Refused {
    /// Its file's name without `.rs`.
    pub name: String,
    /// The code of the compiler's error, or the message of one that has no code.
    pub error: String,
    /// The numbers of the lessons that it belongs to, as in `01`.
    pub lessons: Vec<String>,
    /// What it does, in a line.
    pub what: String,
    /// Why it is refused, if the line does not say it.
    pub why: Option<String>,
    /// What Python does with the same.
    pub python: String,
    /// Its text below the header.
    pub code: String,
    /// How it is mended.
    pub how: String,
    /// The mended program's text below the header.
    pub mended_code: String,
}

/// All of them, by lesson.
///
/// # Errors
/// If a file cannot be read, has no partner, or its header does not keep to the convention.
pub fn all() -> Result<Vec<Refused>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(root().join(FOLDER)).context("cannot read tests/refused")? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let refused = name.strip_suffix("_mended").unwrap_or(&name);
        if refused == name {
            all.push(Refused::read(name)?);
        } else {
            let partner = path.with_file_name(refused).with_extension("rs");
            anyhow::ensure!(partner.exists(), "{} mends nothing", path.display());
        }
    }
    all.sort_by(|one, other| (&one.lessons, &one.name).cmp(&(&other.lessons, &other.name)));
    Ok(all)
}

const FOLDER: &str = "tests/refused";

impl Refused {
    fn read(name: String) -> Result<Self> {
        let (file, mended) = (file(&name), file(&format!("{name}_mended")));
        let (header, code) = header_and_code(&file)?;
        let (mended_header, mended_code) = header_and_code(&mended)?;
        let missing = |what: &str| format!("the header of {} has no {what}", file.display());
        let mut header = header.into_iter();
        let error = header.next().unwrap_or_default();
        let code_of = error.strip_prefix("error[").and_then(|rest| rest.split_once(']'));
        let error = code_of.map(|(code, _)| code).or_else(|| error.strip_prefix("error: "));
        let error = error.with_context(|| missing("error in its first line"))?.to_owned();
        let what = header.next().unwrap_or_default();
        let what = what.strip_prefix("Lesson ").and_then(|rest| rest.split_once(": "));
        let (lessons, what) = what.with_context(|| missing("lesson"))?;
        let mut rest: Vec<_> = header.collect();
        let python = rest.pop().unwrap_or_default();
        let python = python.strip_prefix("Python: ").with_context(|| missing("Python"))?;
        let how = mended_header.concat();
        let how = how.strip_prefix(&format!("`{name}.rs`, mended: "));
        let how = how.with_context(|| format!("{} does not say how", mended.display()))?;
        Ok(Self {
            name,
            error,
            lessons: lessons.split(", ").map(String::from).collect(),
            what: what.to_owned(),
            why: rest.pop(),
            python: python.to_owned(),
            code,
            how: how.to_owned(),
            mended_code,
        })
    }

    /// Its file, from the repository's root.
    pub fn file(&self) -> PathBuf {
        file(&self.name)
    }

    /// The file of the mended program, from the repository's root.
    pub fn mended(&self) -> PathBuf {
        file(&format!("{}_mended", self.name))
    }
}

fn file(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name).with_extension("rs")
}

/// The paragraphs of a file's header, each a line, and what stands below it.
fn header_and_code(file: &Path) -> Result<(Vec<String>, String)> {
    let text = fs::read_to_string(root().join(file))
        .with_context(|| format!("cannot read {}", file.display()))?;
    let lines = text.lines().take_while(|line| line.starts_with("//!"));
    let header: Vec<_> = lines.map(|line| line[3..].trim()).collect();
    let code = text.lines().skip(header.len()).collect::<Vec<_>>().join("\n");
    let paragraphs = header.split(|line| line.is_empty()).map(|lines| lines.join(" "));
    Ok((paragraphs.collect(), code.trim().to_owned()))
}

/// All that the compiler says of a program, in colours `always` or `never`.
///
/// # Errors
/// If there is no compiler, or it does not refuse the program.
pub fn answer(program: &Refused, colour: &str) -> Result<String> {
    let mut rustc = compiler(&program.file(), &cargo::target().join("refused"));
    rustc.args(["--emit", "metadata", "--diagnostic-width", "80", "--color", colour]);
    let output = output(&mut rustc)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(!output.status.success(), "the compiler accepts {}", program.file().display());
    Ok(said)
}

/// Which compiler answers.
///
/// # Errors
/// If there is none.
pub fn version() -> Result<String> {
    let output = output(rustc().arg("--version"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn output(rustc: &mut Command) -> Result<Output> {
    rustc.output().with_context(|| {
        format!("cannot run {}; install Rust, or set RUSTC", rustc.get_program().display())
    })
}

fn rustc() -> Command {
    Command::new(env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc")))
}

/// A compiler that writes what it makes of `file`, a path from the repository's root, into `folder`.
pub fn compiler(file: &Path, folder: &Path) -> Command {
    let mut command = rustc();
    command.args(["--edition", "2024", "--out-dir"]).arg(folder).arg(file).current_dir(root());
    command
}

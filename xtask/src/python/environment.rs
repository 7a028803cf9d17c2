//! A virtual environment under `target/`, made from a list of requirements.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, anyhow, ensure};

use super::interpreter::{Interpreter, last_line};
use crate::{cargo, catalogue::root};

/// A virtual environment.
pub struct Environment {
    /// Its interpreter.
    pub python: PathBuf,
    /// The libraries in it, and their versions.
    pub libraries: BTreeMap<String, String>,
    /// The libraries that cannot be had for this Python, and why not.
    pub lacking: BTreeMap<String, String>,
}

impl Environment {
    /// Makes it on first use, or when the interpreter or its list of requirements has changed.
    ///
    /// A library that pip cannot install is left out where `partly`, and else an error.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn ready(
        name: &str,
        interpreter: &Interpreter,
        requirements: &str,
        partly: bool,
    ) -> Result<Self> {
        let venv = cargo::target().join(name);
        let file = root().join(requirements);
        let requirements =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let Interpreter { executable, version, .. } = interpreter;
        let stamp = format!("{} {version}\n{requirements}", executable.display());
        fs::create_dir_all(cargo::target())?;
        // Tests run side by side: one makes the environment, the others wait for it.
        let lock = fs::File::create(cargo::target().join(format!("{name}.lock")))?;
        lock.lock().with_context(|| format!("cannot lock {}", venv.display()))?;
        let stamp_file = venv.join("stamp");
        let lacking_file = venv.join("lacking.json");
        if !fs::read_to_string(&stamp_file).is_ok_and(|made| made == stamp) {
            let lacking = make(&venv, executable, &file, &requirements, partly)?;
            fs::write(&lacking_file, serde_json::to_string_pretty(&lacking)?)?;
            // Where pip could do nothing at all it is tried again next time: perhaps there was no network.
            if lacking.len() < pins(&requirements).count() {
                fs::write(&stamp_file, stamp)?;
            }
        }
        let lacking: BTreeMap<String, String> = match fs::read(&lacking_file) {
            Ok(text) => serde_json::from_slice(&text)
                .with_context(|| format!("cannot read {}", lacking_file.display()))?,
            Err(_) => BTreeMap::new(),
        };
        if let Some((library, reason)) = lacking.first_key_value() {
            ensure!(
                partly,
                "{library} is not to be had for Python {version}: {reason}; remove {} to try again",
                venv.display()
            );
        }
        let libraries = pins(&requirements).filter(|(name, _)| !lacking.contains_key(*name));
        let libraries = libraries.map(|(name, version)| (name.into(), version.into())).collect();
        Ok(Self { python: interpreter_of(&venv), libraries, lacking })
    }
}

fn interpreter_of(venv: &Path) -> PathBuf {
    venv.join("bin/python")
}

/// Names and versions.
fn pins(requirements: &str) -> impl Iterator<Item = (&str, &str)> {
    requirements.lines().filter_map(|line| line.split_once("=="))
}

/// Makes it anew. Gives the libraries that cannot be had, and why not.
fn make(
    venv: &Path,
    executable: &Path,
    file: &Path,
    requirements: &str,
    partly: bool,
) -> Result<BTreeMap<String, String>> {
    eprintln!("making the Python environment {}", venv.display());
    if venv.exists() {
        fs::remove_dir_all(venv)
            .with_context(|| format!("cannot remove the old {}", venv.display()))?;
    }
    quietly(Command::new(executable).args(["-m", "venv"]).arg(venv))?;
    let whole = quietly(pip(venv).arg("-r").arg(file));
    if whole.is_ok() || !partly {
        return whole.map(|()| BTreeMap::new());
    }
    let mut lacking = BTreeMap::new();
    for (name, version) in pins(requirements) {
        // The list has whatever they need in turn; nothing else may come in.
        let mut one = pip(venv);
        one.args(["--no-deps", "--retries", "1"]).arg(format!("{name}=={version}"));
        if let Err(reason) = quietly(&mut one) {
            lacking.insert(name.into(), reason.root_cause().to_string());
        }
    }
    if !lacking.is_empty() {
        let (lacking, venv) = (lacking.len(), venv.display());
        eprintln!("without {lacking} of the libraries; remove {venv} to try again");
    }
    Ok(lacking)
}

fn pip(venv: &Path) -> Command {
    let mut command = Command::new(interpreter_of(venv));
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    command
}

fn quietly(command: &mut Command) -> Result<()> {
    let what = format!("{command:?}");
    let output = command.output().with_context(|| format!("cannot run {what}"))?;
    if output.status.success() {
        return Ok(());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    let reason = last_line(&error).trim_start_matches("ERROR: ").to_owned();
    Err(anyhow!(reason).context(format!("{what} failed")))
}

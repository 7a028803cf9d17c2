//! Calls of cargo.

use std::{
    collections::HashMap,
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::catalogue::{self, Catalogue, root};

/// The cargo that runs us, in the repository's root.
pub fn command() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // `cargo run` tells us about our own package. Left there, build scripts that watch these
    // variables, as ring's does, would run anew whenever cargo is called from another package.
    for (name, _) in env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"]
            .iter()
            .any(|it| name.as_encoded_bytes().starts_with(it.as_bytes()))
        {
            command.env_remove(name);
        }
    }
    command
}

/// The folder of build outputs, where we keep ours too.
pub fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Builds all programs but the book, whichever are needed, and tells where they are, by name. In release without this
/// one, which is never measured.
///
/// # Errors
/// If cargo fails; it has said why.
pub fn build(release: bool) -> Result<HashMap<String, PathBuf>> {
    let mut command = command();
    command.args(["build", "--message-format=json-render-diagnostics"]);
    if release {
        let catalogue = Catalogue::load()?;
        let lessons = catalogue.lessons().into_iter().map(catalogue::package);
        command
            .arg("--release")
            .args(lessons.chain(["lab".into()]).flat_map(|name| ["--bin".into(), name]));
    } else {
        command.arg("--bins");
    }
    programs(command).context("cargo build of the workspace failed")
}

/// Builds a package with features that no default build has; otherwise as [`build`].
///
/// # Errors
/// As [`build`]; also if the package has no such feature.
pub fn build_with(
    features: &str,
    package: &str,
    release: bool,
) -> Result<HashMap<String, PathBuf>> {
    let mut command = command();
    command.args(["build", "--message-format=json-render-diagnostics", "--bins"]);
    command.args(["--package", package, "--features", features]);
    command.args(release.then_some("--release"));
    programs(command).with_context(|| format!("cannot build {package} with {features}"))
}

/// Runs a build, and tells where its programs are.
fn programs(mut command: Command) -> Result<HashMap<String, PathBuf>> {
    let output = command.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo ended with {}", output.status);
    let mut programs = HashMap::new();
    for line in output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let message: serde_json::Value = serde_json::from_slice(line)?;
        let (program, name) = (message["executable"].as_str(), message["target"]["name"].as_str());
        if let (Some(program), Some(name)) = (program, name) {
            programs.insert(name.to_owned(), PathBuf::from(program));
        }
    }
    Ok(programs)
}

//! Calls of cargo.

use std::{
    collections::HashMap,
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::catalogue::root;

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

/// Builds the programs of `packages` and tells where they are, by package.
///
/// # Errors
/// If cargo fails; it has said why.
pub fn build(packages: &[String], release: bool) -> Result<HashMap<String, PathBuf>> {
    let mut command = command();
    command.args(["build", "--bins", "--message-format=json-render-diagnostics"]);
    command.args(release.then_some("--release"));
    for package in packages {
        command.args(["--package", package]);
    }
    let output = command.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo build of {} failed", packages.join(", "));
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

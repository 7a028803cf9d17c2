//! Programs that the compiler must refuse, for the reason that their first line gives.

use std::{collections::BTreeSet, env, fs, process::Command};

use anyhow::{Context, Result};
use serde_json::Value;
use xtask::catalogue::root;

#[test]
fn every_refused_program_is_refused_for_its_reason() -> Result<()> {
    let mut checked = 0;
    for entry in fs::read_dir(root().join("tests/refused"))? {
        let path = entry?.path();
        let source = fs::read_to_string(&path)?;
        // `//! error[E0499]: …`; a warning or a second error would hide that the first is gone.
        let reason = source.strip_prefix("//! error[").and_then(|rest| rest.split_once(']'));
        let (reason, _) = reason.with_context(|| format!("{}: no reason", path.display()))?;
        assert_eq!(errors_of(&path)?, BTreeSet::from([reason.into()]), "{}", path.display());
        checked += 1;
    }
    assert!(checked > 0, "no refused programs found");
    Ok(())
}

/// The codes of the errors that the compiler reports.
fn errors_of(path: &std::path::Path) -> Result<BTreeSet<String>> {
    let scratch = tempfile::tempdir()?;
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--edition", "2024", "--emit", "metadata", "--error-format", "json"]);
    let done = tests::run(command.arg("--out-dir").arg(scratch.path()).arg(path))?;
    let messages = done.stderr.lines().filter(|line| line.starts_with('{'));
    let messages = messages.map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    let codes = messages.iter().filter(|message| message["level"] == "error");
    Ok(codes.filter_map(|message| message["code"]["code"].as_str().map(String::from)).collect())
}

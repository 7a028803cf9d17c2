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
        // `//! error[E0499]: …`, or `//! error: …` where the compiler gives no code; a warning or a
        // second error would hide that the first is gone.
        let line = source.lines().next().unwrap_or_default();
        let code = line.strip_prefix("//! error[").and_then(|rest| rest.split_once(']'));
        let reason = code.map(|(code, _)| code).or_else(|| line.strip_prefix("//! error: "));
        let reason = reason.with_context(|| format!("{}: no reason", path.display()))?;
        assert_eq!(errors_of(&path)?, BTreeSet::from([reason.into()]), "{}", path.display());
        checked += 1;
    }
    assert!(checked > 0, "no refused programs found");
    Ok(())
}

/// The codes of the errors that the compiler reports, or the message of one that has no code.
fn errors_of(path: &std::path::Path) -> Result<BTreeSet<String>> {
    let scratch = tempfile::tempdir()?;
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--edition", "2024", "--emit", "metadata", "--error-format", "json"]);
    let done = tests::run(command.arg("--out-dir").arg(scratch.path()).arg(path))?;
    let messages = done.stderr.lines().filter(|line| line.starts_with('{'));
    let messages = messages.map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    let errors = messages.iter().filter(|message| message["level"] == "error");
    let reason = |error: &Value| {
        let message = error["message"].as_str()?;
        let counted = message.starts_with("aborting due to");
        (!counted).then(|| error["code"]["code"].as_str().unwrap_or(message).to_owned())
    };
    Ok(errors.filter_map(reason).collect())
}

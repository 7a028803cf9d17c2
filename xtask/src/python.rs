//! The Python interpreter, and the virtual environment with the twins' libraries.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{cargo, catalogue::root};

/// The oldest Python that the twins run on.
const OLDEST: (u32, u32) = (3, 11);

/// A virtual environment that is ready for the twins.
#[derive(Clone, Debug)]
pub struct Python {
    /// Its interpreter.
    pub interpreter: PathBuf,
    /// As in `3.11.7`.
    pub version: String,
}

/// Finds Python (`python3`, or what the environment variable `PYTHON` names) and makes, on first
/// use or when `requirements.txt` has changed, a virtual environment under `target/`.
///
/// # Errors
/// If there is no Python, it is too old, or the libraries cannot be installed: says what to do.
pub fn ready() -> Result<Python> {
    environment("python", "requirements.txt")
}

/// The same for `requirements-test.txt`: what the tests run against.
///
/// # Errors
/// As of [`ready`].
pub fn for_tests() -> Result<Python> {
    environment("python-test", "requirements-test.txt")
}

fn environment(name: &str, requirements: &str) -> Result<Python> {
    let (interpreter, version) = find()?;
    let venv = cargo::target().join(name);
    let file = root().join(requirements);
    let requirements =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let stamp = format!("{} {version}\n{requirements}", interpreter.display());
    fs::create_dir_all(cargo::target())?;
    // Tests run side by side: one makes the environment, the others wait for it.
    let lock = fs::File::create(venv.with_extension("lock"))?;
    lock.lock().with_context(|| format!("cannot lock {}", venv.display()))?;
    let python = Python { interpreter: venv.join("bin/python"), version };
    let stamp_file = venv.join("stamp");
    if fs::read_to_string(&stamp_file).is_ok_and(|made| made == stamp) {
        return Ok(python);
    }
    eprintln!("making the Python environment {}", venv.display());
    if venv.exists() {
        fs::remove_dir_all(&venv)
            .with_context(|| format!("cannot remove the old {}", venv.display()))?;
    }
    quietly(Command::new(&interpreter).args(["-m", "venv"]).arg(&venv))?;
    quietly(
        Command::new(&python.interpreter)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(file),
    )?;
    fs::write(&stamp_file, stamp)?;
    Ok(python)
}

/// The real interpreter, not a shim that finds it anew at each start, and its version.
fn find() -> Result<(PathBuf, String)> {
    let name = env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = "import sys; print(sys.executable); print('%d.%d.%d' % sys.version_info[:3])";
    let output = Command::new(&name)
        .args(["-c", script])
        .output()
        .with_context(|| format!("cannot run {name}; install Python, or set PYTHON to its path"))?;
    ensure!(output.status.success(), "{name} does not run: {}", last_line(&output.stderr));
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let Some((interpreter, version)) = output.trim().split_once('\n') else {
        bail!("{name} is not Python: it printed {output:?}");
    };
    let mut numbers = version.split('.').map_while(|number| number.parse().ok());
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    ensure!(found >= OLDEST, "{name} is Python {version}; the twins need 3.11 or later");
    Ok((interpreter.into(), version.to_owned()))
}

fn quietly(command: &mut Command) -> Result<()> {
    let what = format!("{command:?}");
    let output = command.output().with_context(|| format!("cannot run {what}"))?;
    ensure!(output.status.success(), "{what} failed: {}", last_line(&output.stderr));
    Ok(())
}

fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message").to_owned()
}

impl Python {
    /// A command that runs a program in the environment. It leaves no `__pycache__` behind (`-B`), and
    /// imports Python's modules, not the twins beside it (`-P`): one of them is named `queue`.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(&self.interpreter);
        command.arg("-BP").arg(program);
        command
    }
}

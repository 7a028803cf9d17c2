//! Python's interpreters, each with a virtual environment that has the twins' libraries.

mod environment;
pub mod interpreter;

use std::{
    collections::BTreeMap,
    env, fmt,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use self::{environment::Environment, interpreter::Interpreter};

/// The oldest Python that all twins run on.
const OLDEST: (u32, u32) = (3, 11);

/// The default's environment; another's has its name and a hash of its path besides.
const ENVIRONMENT: &str = "python";
const REQUIREMENTS: &str = "requirements.txt";

/// An interpreter with a virtual environment for the twins.
#[derive(Clone, Debug)]
pub struct Python {
    /// As somebody named it.
    pub name: String,
    /// What it is.
    pub base: Interpreter,
    /// The environment's interpreter.
    pub interpreter: PathBuf,
    /// The libraries in it, and their versions.
    pub libraries: BTreeMap<String, String>,
    /// The libraries that cannot be had for it, and why not.
    pub lacking: BTreeMap<String, String>,
}

/// An interpreter that cannot be one of those that were asked for: a usage error.
#[derive(Debug)]
pub struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

/// Finds Python (`python3`, or what the environment variable `PYTHON` names) and makes, on first
/// use or when `requirements.txt` has changed, a virtual environment under `target/`.
///
/// # Errors
/// If there is no Python, it is too old, or the libraries cannot be installed: says what to do.
pub fn ready() -> Result<Python> {
    let (name, base) = default()?;
    Python::new(name, base, ENVIRONMENT, REQUIREMENTS, false)
}

/// The same for `requirements-test.txt`: what the tests run against.
///
/// # Errors
/// As of [`ready`].
pub fn for_tests() -> Result<Python> {
    let (name, base) = default()?;
    Python::new(name, base, "python-test", "requirements-test.txt", false)
}

/// The same for `peers/requirements.txt`; a library that cannot be installed is left out.
///
/// # Errors
/// If there is no Python, it is too old, or the environment cannot be made.
pub fn for_peers() -> Result<Python> {
    let (name, base) = default()?;
    Python::new(name, base, "python-peers", "peers/requirements.txt", true)
}

/// The same as [`ready`], but a library that cannot be installed is left out.
///
/// # Errors
/// If there is no Python, it is too old, or the environment cannot be made.
pub fn ready_in_part() -> Result<Python> {
    let (name, base) = default()?;
    Python::new(name, base, ENVIRONMENT, REQUIREMENTS, true)
}

/// Interpreters by name or path, of any version: they run what they can.
///
/// # Errors
/// [`Unfit`] if one is no Python 3, or the same as another; or if an environment cannot be made.
pub fn chosen(names: &[String]) -> Result<Vec<Python>> {
    let mut found: Vec<(String, Interpreter)> = Vec::new();
    for name in names {
        let base = Interpreter::find(name, "give the path of a Python")
            .map_err(|error| Unfit(format!("--python {name}: {error:#}")))?;
        if let Some((other, _)) = found.iter().find(|(_, other)| same(other, &base)) {
            let executable = base.executable.display();
            let twice = format!("--python {other} and --python {name} are both {executable}");
            return Err(Unfit(twice).into());
        }
        found.push((name.clone(), base));
    }
    let default = default().ok();
    let pythons = found.into_iter().map(|(name, base)| {
        let is_default = default.as_ref().is_some_and(|(_, default)| same(default, &base));
        let environment = if is_default { ENVIRONMENT.into() } else { environment_of(&base) };
        Python::new(name, base, &environment, REQUIREMENTS, true)
    });
    pythons.collect()
}

/// Python, without an environment: enough for a program that needs no library.
///
/// # Errors
/// If there is no Python or it is too old: says what to do.
pub fn find() -> Result<Interpreter> {
    Ok(default()?.1)
}

fn default() -> Result<(String, Interpreter)> {
    let name = env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let base = Interpreter::find(&name, "install Python, or set PYTHON to its path")?;
    let version = &base.version;
    let (major, minor) = OLDEST;
    ensure!(
        base.since(major, minor),
        "{name} is Python {version}; the twins need {major}.{minor} or later"
    );
    Ok((name, base))
}

/// Whether two names lead to one interpreter.
fn same(one: &Interpreter, other: &Interpreter) -> bool {
    let real = |it: &Interpreter| it.executable.canonicalize().ok();
    one.executable == other.executable || real(one).is_some() && real(one) == real(other)
}

fn environment_of(base: &Interpreter) -> String {
    let mut hash = DefaultHasher::new();
    base.executable.hash(&mut hash);
    let name = base.executable.file_name().unwrap_or_default().to_string_lossy();
    format!("{ENVIRONMENT}-{name}-{:016x}", hash.finish())
}

impl Python {
    fn new(
        name: String,
        base: Interpreter,
        environment: &str,
        requirements: &str,
        in_part: bool,
    ) -> Result<Self> {
        let Environment { python, libraries, lacking } =
            Environment::ready(environment, &base, requirements, in_part)
                .with_context(|| format!("no environment for {name}"))?;
        Ok(Self { name, base, interpreter: python, libraries, lacking })
    }

    /// Whether a twin that does not run on it is no fault of the twin's.
    pub fn is_old(&self) -> bool {
        !self.base.since(OLDEST.0, OLDEST.1)
    }

    /// A command that runs a program in the environment, or code after `-c`. It leaves no `__pycache__` behind (`-B`),
    /// and imports Python's modules, not the twins beside it (`-P`): one of them is named `queue`.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(&self.interpreter);
        // An old one has no `-P`; `-I` does that, and leaves variables as `PYTHONPATH` out besides.
        command.arg(if self.is_old() { "-BI" } else { "-BP" }).arg(program);
        command
    }
}

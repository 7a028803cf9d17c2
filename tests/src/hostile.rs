//! A server that answers what no server should, and programs run where they can do no harm.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use xtask::{
    catalogue::package,
    child::{self, Finished},
};

/// An answer: what is sent, and what is sent after it again and again for as long as somebody takes it.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// First.
    pub once: Vec<u8>,
    /// And then for ever; nothing if empty.
    pub forever: Vec<u8>,
}

impl Answer {
    /// An answer that ends.
    pub fn of(text: impl AsRef<[u8]>) -> Self {
        Self { once: text.as_ref().to_vec(), forever: Vec::new() }
    }

    /// One that never does.
    pub fn endless(once: &str, forever: &str) -> Self {
        Self { once: once.into(), forever: forever.repeat(1000).into() }
    }
}

/// Answers each request like that and closes the connection. Gives the address; the threads end with this process.
///
/// # Errors
/// If there is no port.
pub fn serve(answer: Answer) -> Result<String> {
    serve_each(move |_| answer.clone())
}

/// As [`serve`], each request as `answer` says to its first line.
///
/// # Errors
/// If there is no port.
pub fn serve_each(answer: impl Fn(&str) -> Answer + Clone + Send + 'static) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let base = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let answer = answer.clone();
            // That the client has gone is its right.
            thread::spawn(move || _ = tell(&client, answer));
        }
    });
    Ok(base)
}

fn tell(mut client: &TcpStream, answer: impl Fn(&str) -> Answer) -> Result<()> {
    let mut request = BufReader::new(client);
    let mut first = String::new();
    request.read_line(&mut first)?;
    let mut line = first.clone();
    while !line.trim_end().is_empty() {
        line.clear();
        ensure!(request.read_line(&mut line)? > 0, "no request");
    }
    let answer = answer(&first);
    client.write_all(&answer.once)?;
    while !answer.forever.is_empty() {
        client.write_all(&answer.forever)?;
    }
    Ok(())
}

/// A folder in a folder, where a program runs that shall leave the outer one alone.
pub struct Inner {
    outer: tempfile::TempDir,
    /// How long a program may be at work; then it is killed.
    pub limit: Duration,
    /// The inner one.
    pub path: PathBuf,
}

impl Inner {
    /// Both of them, empty.
    ///
    /// # Errors
    /// If they cannot be made.
    pub fn new() -> Result<Self> {
        let outer = tempfile::tempdir()?;
        let path = outer.path().join("inner");
        fs::create_dir(&path)?;
        Ok(Self { outer, limit: Duration::from_secs(20), path })
    }

    /// Runs an example here, with at most 1 GB of address space: to make room for whatever length somebody claims fails.
    ///
    /// # Errors
    /// If it cannot be started; if it panics, ends as no program of ours should, or leaves something outside.
    pub fn run(
        &self,
        lesson: &str,
        args: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<Finished> {
        let programs = crate::programs()?;
        let program = programs.get(&package(lesson)).context("there is no such program")?;
        let mut command = Command::new("bash");
        command.args(["-c", r#"ulimit -v 1000000; exec "$@""#, "bash"]).arg(program).args(args);
        command.current_dir(&self.path).stdin(Stdio::null());
        command.env("PACE", "0.01").env("TMPDIR", &self.path).env_remove("RUST_BACKTRACE");
        // Else each of a hundred threads may take 64 MB of it for an arena of its own.
        command.env("MALLOC_ARENA_MAX", "1").envs(environment.iter().copied());
        let done = child::run(&mut command, self.limit, |_| ())?;
        let code = done.status.code();
        ensure!(done.timed_out || matches!(code, Some(0..=2)), "{args:?}: {done:?}");
        ensure!(!done.stderr.contains("panicked at"), "{args:?}: {done:?}");
        ensure!(
            code == Some(0) || done.timed_out || !done.stderr.is_empty(),
            "{args:?}: no word why"
        );
        let names = fs::read_dir(self.outer.path())?.map(|entry| Ok(entry?.file_name()));
        let names = names.collect::<Result<Vec<_>>>()?;
        ensure!(names == ["inner"], "{args:?} left {names:?}");
        Ok(done)
    }

    /// The names of the files in the inner folder, which are emptied of them.
    ///
    /// # Errors
    /// If they cannot be read or removed.
    pub fn take_files(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            names.push(entry.file_name().to_string_lossy().into_owned());
            fs::remove_file(entry.path())?;
        }
        Ok(names)
    }
}

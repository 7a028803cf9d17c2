//! A server to attack.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader},
    os::unix::{fs::symlink, process::CommandExt},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use book::serve::{Bounds, Options, Server};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use xtask::python::Python;

/// Far more than anything takes: it ends a hang.
const LIMIT: Duration = Duration::from_secs(120);

/// A server of this very process.
pub struct Attacked {
    pub port: u16,
    pub token: String,
    pub book: tempfile::TempDir,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<Result<()>>>,
}

impl Drop for Attacked {
    fn drop(&mut self) {
        drop(self.end.take());
        let done = self.thread.take().map(thread::JoinHandle::join);
        if !thread::panicking() {
            assert!(matches!(done, Some(Ok(Ok(())))), "the server did not end well: {done:?}");
        }
    }
}

/// A book of one page, and a link that leads out of it.
fn little_book() -> Result<tempfile::TempDir> {
    let book = tempfile::tempdir()?;
    fs::create_dir(book.path().join("01-threading"))?;
    for page in ["index.html", "01-threading/gil.html"] {
        fs::write(book.path().join(page), "<html><head></head><h2 id=\"run\"></h2></html>")?;
    }
    symlink("/etc/passwd", book.path().join("link.html"))?;
    Ok(book)
}

/// Starts one.
pub fn start(bounds: Bounds, trust: bool) -> Result<Attacked> {
    let book = little_book()?;
    serve(book.path().to_owned(), bounds, trust, book)
}

/// Starts one for a book.
pub fn serve(
    folder: PathBuf,
    bounds: Bounds,
    trust: bool,
    book: tempfile::TempDir,
) -> Result<Attacked> {
    let options = Options {
        book: folder,
        recorder: env!("CARGO_BIN_EXE_book").into(),
        programs: programs()?,
        python: Some(python()?),
        port: 0,
        trust,
        bounds,
    };
    let (told, address) = mpsc::channel();
    let (end, ended) = tokio::sync::oneshot::channel();
    let thread = thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        runtime.block_on(async {
            let server = Server::new(options).await?;
            told.send(server.address())?;
            server.serve(async { drop(ended.await) }).await
        })
    });
    let address = address.recv_timeout(LIMIT).context("the server does not start")?;
    let (port, token) = parts(&address)?;
    Ok(Attacked { port, token, book, end: Some(end), thread: Some(thread) })
}

fn parts(address: &str) -> Result<(u16, String)> {
    let rest = address.strip_prefix("http://127.0.0.1:").context("no loopback address")?;
    let (port, token) = rest.split_once("/#token=").context("no token")?;
    ensure!(token.len() == 64, "{token}");
    Ok((port.parse()?, token.to_owned()))
}

fn programs() -> Result<HashMap<String, PathBuf>> {
    static PROGRAMS: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    if PROGRAMS.get().is_none() {
        let _ = PROGRAMS.set(xtask::cargo::build(false)?);
    }
    PROGRAMS.get().cloned().context("the programs are not built")
}

/// Python without libraries: the examples of these tests need none.
pub fn python() -> Result<Python> {
    let base = xtask::python::find()?;
    let interpreter = base.executable.clone();
    Ok(Python {
        name: "python3".into(),
        base,
        interpreter,
        libraries: Default::default(),
        lacking: Default::default(),
    })
}

/// Processes with that argument on their command lines: a run's, its recorder's.
pub fn with_argument(arg: &str) -> Result<Vec<i32>> {
    processes("cmdline", |it| it == arg)
}

/// Processes whose timeline lies in a folder of a server's process.
pub fn left_of(pid: u32) -> Result<Vec<i32>> {
    let folder = format!("/run-{pid}-");
    processes("environ", |it| it.starts_with("LESSON_TIMELINE=") && it.contains(&folder))
}

fn processes(file: &str, holds: impl Fn(&str) -> bool) -> Result<Vec<i32>> {
    let mut found = Vec::new();
    for process in fs::read_dir("/proc")? {
        let process = process?;
        // Some end just now.
        let Ok(bytes) = fs::read(process.path().join(file)) else { continue };
        if String::from_utf8_lossy(&bytes).split('\0').any(&holds) {
            found.extend(process.file_name().to_string_lossy().parse::<i32>());
        }
    }
    Ok(found)
}

/// Waits for what must come.
pub fn wait_until(holds: impl Fn() -> Result<bool>) -> Result<()> {
    let begin = Instant::now();
    while !holds()? {
        ensure!(begin.elapsed() < LIMIT, "waited in vain");
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// The program itself, serving.
pub struct Running {
    child: Child,
    pub port: u16,
    pub token: String,
}

impl Running {
    pub fn start() -> Result<Self> {
        let mut command = Command::new("env");
        command.arg("--default-signal=INT").arg(env!("CARGO_BIN_EXE_book"));
        command.args(["--serve", "--debug"]).stdin(Stdio::null()).stdout(Stdio::piped());
        // Without Python: no environment is made for this.
        command.env("PYTHON", "/none");
        let mut child = command.process_group(0).spawn()?;
        let stdout = child.stdout.take().context("it prints nothing")?;
        let mut running = Self { child, port: 0, token: String::new() };
        for line in BufReader::new(stdout).lines() {
            if let Ok((port, token)) = parts(&line?) {
                (running.port, running.token) = (port, token);
                return Ok(running);
            }
        }
        anyhow::bail!("it prints no address")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn interrupt(&self) -> Result<()> {
        Ok(kill(Pid::from_raw(self.pid().cast_signed()), Signal::SIGINT)?)
    }

    pub fn end(&mut self) -> Result<ExitStatus> {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(begin.elapsed() < LIMIT, "it does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

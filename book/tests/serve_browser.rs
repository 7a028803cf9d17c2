//! The server's pages in a browser: Run, other arguments, Stop, a program that fails, a token too old, a lost server.

mod made;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use book::serve::Bounds;
use made::{browser, pages, server};

/// Far more than it takes: it ends a hang.
const LIMIT: Duration = Duration::from_secs(240);

const VISIT: &str = include_str!("made/visit_run.html");

/// A browser that is ended with the test.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_reader_runs_edits_and_stops_examples() -> Result<()> {
    let made::Pages { folder, html, .. } = pages()?;
    let with_button = html.iter().find(|(_, text)| text.contains("run.js"));
    ensure!(with_button.is_none(), "a page on the disk has what runs it: {with_button:?}");
    let Some(browser) = browser() else {
        eprintln!("not tested in a browser: there is no chromium (apt install chromium)");
        return Ok(());
    };
    let reports = TcpListener::bind("127.0.0.1:0")?;
    let to = format!("http://{}/", reports.local_addr()?);
    let visit = folder.join("visit-run.html");
    fs::write(&visit, "")?;
    let attacked = server::serve(folder.clone(), Bounds::default(), false, tempfile::tempdir()?)?;
    fs::write(&visit, VISIT.replace("REPORTS", &to).replace("TOKEN", &attacked.token))?;
    let (told, lines) = mpsc::channel();
    thread::spawn(move || {
        for stream in reports.incoming() {
            if told.send(stream.map_err(anyhow::Error::from).and_then(body)).is_err() {
                break;
            }
        }
    });
    let profile = tempfile::tempdir()?;
    let log = profile.path().join("log");
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]);
    command.args(["--enable-logging=stderr", "--disable-background-networking"]);
    command.args(["--disable-component-update", "--remote-debugging-port=0"]);
    command.arg(format!("--user-data-dir={}", profile.path().display()));
    command.arg(format!("http://127.0.0.1:{}/visit-run.html", attacked.port));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(&log)?);
    let running = Browser(command.spawn().context("cannot start chromium")?);
    let mut attacked = Some(attacked);
    let mut found = Vec::new();
    loop {
        let line = match lines.recv_timeout(LIMIT) {
            Ok(line) => line?,
            Err(_) => bail!("no end: {found:?}; chromium says: {}", fs::read_to_string(&log)?),
        };
        match &*line {
            "end" => break,
            "lose the server" => drop(attacked.take()),
            _ => found.push(line),
        }
    }
    drop(running);
    fs::remove_file(visit)?;
    ensure!(found.is_empty(), "{found:#?}");
    ensure!(attacked.is_none(), "the server was not lost");
    let log = fs::read_to_string(&log)?;
    // A refusal, and the server that is gone, are what is tried.
    let errors: Vec<_> = log
        .lines()
        .filter(|line| line.contains("CONSOLE") && !line.contains("Failed to load resource"))
        .collect();
    ensure!(errors.is_empty(), "{errors:#?}");
    Ok(())
}

/// Reads a report, and answers.
fn body(stream: std::net::TcpStream) -> Result<String> {
    stream.set_read_timeout(Some(LIMIT))?;
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut text = vec![0; length];
    reader.read_exact(&mut text)?;
    let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    reader.get_mut().write_all(answer)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

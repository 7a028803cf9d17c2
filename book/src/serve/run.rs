//! One run: an example's programs, one after the other, each under the recorder.

use std::{collections::HashMap, ffi::OsString, fs, path::PathBuf, process::Stdio, time::Duration};

use anyhow::{Context, Result, ensure};
use axum::body::Bytes;
use serde::Deserialize;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::Command,
    sync::{mpsc, watch},
};
use xtask::{
    catalogue::{Catalogue, Example, package},
    lab::Lab,
    python::Python,
    trace::{
        self, arrange, command,
        folder::Folder,
        lanes::Run,
        record::Program,
        recording::{Recording, Stopped},
        saying, spans,
        svg::Picture,
    },
};

use super::{bounds::Bounds, confine::confined, seen::Seen};

/// How long a page may take nothing before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(20);

/// What all runs need.
pub struct Shop {
    /// The local site and bucket.
    pub lab: Lab,
    /// The examples that may be run.
    pub catalogue: Catalogue,
    /// Where they run.
    pub folder: Folder,
    /// The program that records.
    pub recorder: PathBuf,
    /// The lessons' programs.
    pub programs: HashMap<String, PathBuf>,
    /// The twins' interpreter.
    pub python: Option<Python>,
    /// Whether arguments may lead anywhere.
    pub trust: bool,
    /// What a run may take.
    pub bounds: Bounds,
}

/// What a page asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    example: String,
    args: Vec<String>,
    languages: Languages,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Languages {
    Rust,
    Python,
    Both,
}

/// A run that may begin.
pub struct Ready {
    title: String,
    /// Language and command.
    programs: Vec<(&'static str, Vec<OsString>)>,
}

/// Who sees a run, and stops it.
pub struct Watcher {
    /// The run's number.
    pub id: u64,
    /// Where what happens goes.
    pub seen: mpsc::Sender<Bytes>,
    /// Whether the run is to end.
    pub stopped: watch::Receiver<bool>,
    /// Whether the page took nothing for too long.
    pub lost: bool,
}

impl Watcher {
    /// Tells the page. One that does not listen any more is noticed by [`Watcher::end`].
    async fn tell(&mut self, seen: &Seen) {
        let mut line = serde_json::to_vec(seen).unwrap_or_default();
        line.push(b'\n');
        if !self.lost {
            self.lost = self.seen.send_timeout(line.into(), PATIENCE).await.is_err();
        }
    }

    /// When the run is to be stopped: by the reader, with the server, or because the page is gone.
    async fn end(&mut self) {
        if self.lost {
            return;
        }
        tokio::select! {
            _ = self.stopped.wait_for(|stopped| *stopped) => {}
            () = self.seen.closed() => {}
        }
    }

    fn is_to_end(&self) -> bool {
        self.lost || *self.stopped.borrow() || self.seen.is_closed()
    }
}

impl Shop {
    /// What is to be run, if it may be.
    ///
    /// # Errors
    /// Why not, for the reader.
    pub fn ready(&self, asked: &Asked) -> Result<Ready, String> {
        let Asked { example: name, args, languages } = asked;
        let is = |it: &&Example| it.full_name() == *name;
        let example = self.catalogue.examples.iter().find(is);
        let example = example.ok_or_else(|| format!("the catalogue has no example {name:?}"))?;
        if args.iter().any(|arg| arg.contains('\0')) {
            return Err("an argument has a zero byte".into());
        }
        if !self.trust {
            confined(args)?;
        }
        let mut programs = Vec::new();
        if *languages != Languages::Python {
            let program = self.programs.get(&package(&example.lesson));
            let program = program.ok_or_else(|| format!("{} is not built", example.lesson))?;
            programs.push(("Rust", command::rust(program, example, args)));
        }
        if *languages != Languages::Rust {
            let python = self.python.as_ref();
            let python = python.ok_or("there is no Python for the twins: see the terminal")?;
            programs.push(("Python", command::python(python, example, args)));
        }
        Ok(Ready { title: example.command(args), programs })
    }

    /// Runs it to its end, whatever that is, and leaves nothing of it.
    pub async fn run(&self, ready: Ready, mut watcher: Watcher) {
        let folder = self.folder.path().join(watcher.id.to_string());
        watcher.tell(&Seen::Run { id: watcher.id }).await;
        let mut runs = Vec::new();
        for (language, command) in &ready.programs {
            if watcher.is_to_end() {
                break;
            }
            match self.record(language, command, &folder, &mut watcher).await {
                Ok(run) => runs.push(run),
                Err(error) => {
                    watcher.tell(&Seen::Error { text: format!("{error:#}") }).await;
                    break;
                }
            }
        }
        let _ = fs::remove_dir_all(&folder);
        if runs.is_empty() {
            return;
        }
        let text: Vec<_> =
            runs.iter().map(|run| format!("{}: {}", run.language, saying::summary(run))).collect();
        let source = trace::source(self.python.as_ref());
        let shared = trace::shared(&runs);
        let picture = Picture { title: &ready.title, source: &source, runs: &runs, shared };
        watcher.tell(&Seen::Picture { svg: picture.draw(), text: text.join(". ") }).await;
    }

    async fn record(
        &self,
        language: &'static str,
        command: &[OsString],
        folder: &std::path::Path,
        watcher: &mut Watcher,
    ) -> Result<Run> {
        let scratch = folder.join(language.to_lowercase());
        let made = fs::create_dir_all(&scratch);
        made.with_context(|| format!("cannot make {}", scratch.display()))?;
        let (timeline, labels) = (scratch.with_extension("timeline"), command::labels(folder)?);
        let (timeline_text, labels) = (timeline.to_string_lossy(), labels.to_string_lossy());
        let mut environment: Vec<_> = self.lab.environment().collect();
        environment.extend([("LESSON_TIMELINE", &*timeline_text), ("PACE", "1")]);
        // Lines as they are printed.
        environment.extend([("PYTHONPATH", &*labels), ("PYTHONUNBUFFERED", "1")]);
        let program = Program {
            command,
            environment: &environment,
            folder: &scratch,
            facts: None,
            limit: self.bounds.time,
            live: true,
            processes: Some(self.bounds.processes),
        };
        let mut helper = Command::from(program.helper(&self.recorder)?);
        helper.process_group(0).stderr(Stdio::piped());
        let mut helper = helper.spawn().context("cannot start the recorder")?;
        watcher.tell(&Seen::Start { language }).await;
        // The recorder ends all when its input ends: also when this program is killed.
        let mut input = helper.stdin.take();
        let output = helper.stderr.take().context("the recorder has no output")?;
        let mut answer = helper.stdout.take().context("the recorder has no answer")?;
        let mut bytes = Vec::new();
        let (read, followed) = tokio::join!(
            answer.read_to_end(&mut bytes),
            follow(output, self.bounds.output, &mut input, watcher)
        );
        let status = helper.wait().await.context("cannot wait for the recorder")?;
        read.context("cannot read the recorder's answer")?;
        followed.context("cannot read what the program prints")?;
        ensure!(status.success(), "the recorder failed: {status}");
        let recording: Recording =
            postcard::from_bytes(&bytes).context("cannot read the recorder's answer")?;
        if let Some(text) = self.met(recording.stopped) {
            watcher.tell(&Seen::Bound { text }).await;
        }
        let run = arrange::arrange(language, recording, &spans::read(&timeline)?);
        let failure = &run.recording.failure;
        let mut text = saying::summary(&run);
        if let Some(failure) = failure {
            text = format!("{text} ({failure})");
        }
        watcher.tell(&Seen::End { text, failed: failure.is_some() }).await;
        Ok(run)
    }

    /// Which bound the recorder met.
    fn met(&self, stopped: Option<Stopped>) -> Option<String> {
        match stopped? {
            Stopped::Limit => {
                let seconds = self.bounds.time.as_secs_f64();
                Some(format!("Stopped: a program may take {seconds} s here."))
            }
            Stopped::Processes => {
                let most = self.bounds.processes;
                Some(format!("Stopped: a program may have {most} processes at once here."))
            }
            Stopped::Interrupt => None,
        }
    }
}

/// Tells what a program prints until all of it has ended. Drops `input`, which stops it, if it prints more than there
/// is room for, or if the watcher wants it to end.
async fn follow(
    mut output: impl AsyncRead + Unpin,
    most: usize,
    input: &mut Option<tokio::process::ChildStdin>,
    watcher: &mut Watcher,
) -> std::io::Result<()> {
    let (mut chunk, mut pending) = (vec![0; 1 << 15], Vec::new());
    let (mut room, mut full) = (most, false);
    loop {
        let count = tokio::select! {
            count = output.read(&mut chunk) => count?,
            () = watcher.end(), if input.is_some() => {
                drop(input.take());
                continue;
            }
        };
        pending.extend_from_slice(&chunk[..count.min(room)]);
        room -= count.min(room);
        full |= count > 0 && room == 0;
        // Whole lines, unless one has no end.
        let whole = match pending.iter().rposition(|byte| *byte == b'\n') {
            _ if count == 0 || full || pending.len() > chunk.len() => pending.len(),
            last => last.map_or(0, |last| last + 1),
        };
        if whole > 0 {
            let text: Vec<u8> = pending.drain(..whole).collect();
            watcher.tell(&Seen::Text { text: String::from_utf8_lossy(&text).into_owned() }).await;
        }
        if full && input.take().is_some() {
            let text = format!("Stopped: a program may print {most} bytes here.");
            watcher.tell(&Seen::Bound { text }).await;
        }
        if count == 0 {
            return Ok(());
        }
    }
}

//! Whether an example ended as it should under a fault.

use std::os::unix::process::ExitStatusExt;

use nix::sys::signal::Signal;

use super::{
    case::Case,
    fault::{Fault, How},
    peer::Manners,
    run::{Ended, Outcome},
};

/// A cell of the table.
pub struct Verdict {
    /// What stands in it.
    pub cell: String,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

impl Verdict {
    /// Of an example under a fault, and with nothing wrong.
    pub fn of(case: &Case, fault: &Fault, outcome: &Outcome, plain: Option<&Ended>) -> Self {
        let ended = match outcome {
            Outcome::Apart(reason) => return Self { cell: (*reason).into(), wrong: None },
            // How the shell says that it could not bring the fault about.
            Outcome::Ended(ended) if ended.status.code() == Some(77) => {
                return Self { cell: "not root".into(), wrong: None };
            }
            Outcome::Ended(ended) => ended,
        };
        let names = fault.causes.iter().any(|cause| ended.stderr.contains(cause));
        let named = if names && !ended.status.success() { " named" } else { "" };
        let cell = format!("{}{named} · {}", exit(ended), ended.wall.as_millis());
        let wrong = [
            ended.hung.then(|| "it did not end".to_owned()),
            wrong_end(fault, ended, names),
            remains(fault, ended, plain.unwrap_or(ended)),
            plain
                .filter(|_| !case.timed && !matches!(fault.how, How::Name(_) | How::Unread))
                // Where the shell has led stdout elsewhere, nobody sees what is printed.
                .filter(|_| !fault.name.starts_with("stdout"))
                .and_then(|plain| lost(ended, plain)),
        ];
        let wrong: Vec<_> = wrong.into_iter().flatten().collect();
        let said = || {
            format!(
                "{}\n    stdout: {:?}\n    stderr: {:?}",
                wrong.join("; "),
                ended.stdout,
                ended.stderr
            )
        };
        Self { cell, wrong: (!wrong.is_empty()).then(said) }
    }
}

/// The exit code, or the signal's name.
fn exit(ended: &Ended) -> String {
    let signal = ended.status.signal().and_then(|signal| Signal::try_from(signal).ok());
    match (ended.status.code(), signal) {
        (Some(code), _) => code.to_string(),
        (None, Some(signal)) => signal.as_str().trim_start_matches("SIG").into(),
        (None, None) => ended.status.to_string(),
    }
}

fn wrong_end(fault: &Fault, ended: &Ended, names: bool) -> Option<String> {
    let exit = exit(ended);
    let interrupted = ["INT", "130"].contains(&&*exit);
    let success = ended.status.success();
    let well = match fault.how {
        How::Nothing => success && ended.stderr.is_empty(),
        How::Signal(_, Signal::SIGINT) | How::Impatience => interrupted,
        // As shells say it, where something had to be removed first.
        How::Signal(_, signal) => {
            ended.status.signal().or(ended.status.code().map(|code| code - 128))
                == Some(signal as i32)
        }
        How::Worker(Signal::SIGSTOP) => interrupted,
        How::Peer(Manners::Mute) => interrupted || exit == "1" && names,
        How::Unread => success && ended.stderr.is_empty(),
        // Rust's end where there is no memory.
        _ if exit == "ABRT" => ended.stderr.contains("memory allocation of"),
        _ => success || names && ["1", "2"].contains(&&*exit),
    };
    (!well).then(|| format!("it ended with {exit}{}", if names { "" } else { ", cause not named" }))
}

/// What should not be there any more: what it leaves with nothing wrong may be, if it is whole.
fn remains(fault: &Fault, ended: &Ended, plain: &Ended) -> Option<String> {
    let left = &ended.left;
    // Where it gets a file of its own, its results are others.
    let result = matches!(fault.how, How::Name(_)) && ended.status.success();
    let whole = |name, content| result || plain.left.files.get(name) == Some(content);
    let half = left.files.iter().filter(|(name, content)| !whole(*name, *content));
    let files = half.chain(&left.temporary);
    let mut remains: Vec<_> = files
        .map(|(name, content)| format!("{} ({} bytes)", name.display(), content.len()))
        .collect();
    remains.extend(left.shared.iter().map(|name| format!("/dev/shm/{}", name.display())));
    remains.extend(ended.processes.iter().map(|process| format!("process {process}")));
    (!remains.is_empty()).then(|| format!("it left {}", remains.join(", ")))
}

/// Lines that one has which says that all went well, and the other has not. Not of what varies with time.
fn lost(ended: &Ended, plain: &Ended) -> Option<String> {
    let lines = |ended: &Ended| ended.stdout.lines().count();
    let (now, then) = (lines(ended), lines(plain));
    (ended.status.success() && now != then).then(|| format!("it printed {now} lines, not {then}"))
}

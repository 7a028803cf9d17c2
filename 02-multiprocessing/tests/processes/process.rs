//! A process ends as its function does, and its parent learns how.

use std::io::Read;
use std::process::ExitCode;
use std::sync::Once;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use multiprocessing::{Error, Exit, Outcome, Pool, Process, Queue, Result, Sender, Shared, Tasks};

use crate::{this_program, unread, within};

tests! {
    process_ends_as_its_function_does process_is_named process_reads_nothing process_prints_all
    error_is_printed_with_its_causes orphan_does_not_complain_at_once unregistered_function_is_an_error
    dropped_process_is_killed
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(nothing).process(fails).process(fails_deep).process(locks_twice).process(exits);
    tasks.process(panics).process(spins).process(prints).process(tells_name).process(tells_stdin);
}

pub fn nothing() {}

fn fails() -> std::result::Result<(), String> {
    Err("on purpose".into())
}

fn fails_deep() -> anyhow::Result<()> {
    Err(anyhow!("on purpose").context("cannot count"))
}

fn locks_twice(value: Shared<u64>) -> Result<()> {
    let _guard = value.lock()?;
    value.lock().map(drop)
}

fn exits(code: u8) -> ExitCode {
    ExitCode::from(code)
}

fn panics(text: String) {
    panic!("{text}");
}

pub fn spins() {
    loop {
        std::hint::spin_loop();
    }
}

fn prints() {
    println!("a line");
    print!("no newline");
}

fn tells_name(to: Sender<String>) -> Result<()> {
    to.send(multiprocessing::current_name().to_owned())
}

fn tells_stdin(to: Sender<String>) -> Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("read standard input");
    to.send(text)
}

fn process_ends_as_its_function_does() -> Result<()> {
    Process::spawn(nothing, ())?.join()?;
    assert_eq!(Process::spawn(exits, (7u8,))?.wait()?, Exit::Code(7));
    assert_eq!(Process::spawn(fails, ())?.wait()?.code(), 1);
    let mut spinning = Process::spawn(spins, ())?;
    spinning.kill()?;
    assert_eq!(spinning.wait()?.code(), -9);
    let pid = spinning.pid();
    match spinning.join() {
        Err(Error::WorkerDied { pid: dead, exit: Exit::Signal(9), .. }) => assert_eq!(dead, pid),
        other => panic!("{other:?}"),
    }
    let mut panicking = Process::spawn_named("P", panics, ("on purpose".to_owned(),))?;
    assert_eq!(panicking.wait()?, Exit::Code(1));
    match panicking.join() {
        Err(Error::WorkerPanicked { worker, item: None, location, message }) => {
            assert_eq!((worker.as_str(), message.as_str()), ("P", "on purpose"));
            assert!(location.contains("process.rs:"), "{location}");
        }
        other => panic!("{other:?}"),
    }
    Ok(())
}

fn process_is_named() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let process = Process::spawn_named("reader of maps", tells_name, (sender,))?;
    assert_eq!(process.name(), "reader of maps");
    assert_eq!(receiver.recv()?.as_deref(), Some("reader of maps"));
    process.join()?;
    assert_eq!(multiprocessing::current_name(), "MainProcess");
    Ok(())
}

fn process_reads_nothing() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let process = Process::spawn(tells_stdin, (sender,))?;
    assert_eq!(receiver.recv()?.as_deref(), Some(""));
    process.join()
}

pub fn prints_from_worker() -> ExitCode {
    let ok = Process::spawn(prints, ()).and_then(Process::join).is_ok();
    ExitCode::from(u8::from(!ok))
}

fn process_prints_all() -> Result<()> {
    let output = this_program(&["--prints"]).output().expect("run");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "a line\nno newline");
    // With nobody to print to, the worker ends without a word.
    assert_eq!(String::from_utf8_lossy(&unread(&["--prints"]).stderr), "");
    Ok(())
}

pub fn fails_in_worker() -> ExitCode {
    let run = || -> Result<()> {
        let value = Shared::new(0)?;
        Process::spawn_named("A", locks_twice, (value,))?.wait()?;
        Process::spawn_named("B", fails_deep, ())?.wait()?;
        Process::spawn_named("C", fails, ())?.wait().map(drop)
    };
    ExitCode::from(u8::from(run().is_err()))
}

fn error_is_printed_with_its_causes() -> Result<()> {
    let output = this_program(&["--fails"]).output().expect("run");
    assert!(output.status.success());
    let lines = "A failed: this thread already holds the lock that it asks for\n\
                 B failed: cannot count: on purpose\n\
                 C failed: on purpose\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), lines);
    Ok(())
}

/// Who has sent to nobody may have lost its parent, and is killed while it waits.
fn orphan_does_not_complain_at_once() -> Result<()> {
    const GRACE: Duration = Duration::from_millis(100);
    let complain = || {
        let at = Instant::now();
        assert_eq!(fails().exit_code(), 1);
        at.elapsed()
    };
    // The second round has its answer from the first.
    static FIRST: Once = Once::new();
    let mut first = Ok(());
    FIRST.call_once(|| first = within(GRACE, || Ok(complain())));
    first?;
    let Queue { sender, receiver } = Queue::new()?;
    drop(receiver);
    assert!(matches!(sender.send(0u8), Err(Error::Closed)));
    assert!(complain() >= GRACE);
    Ok(())
}

fn unregistered_function_is_an_error() -> Result<()> {
    fn unknown() {}
    assert!(
        matches!(Process::spawn(unknown, ()), Err(Error::NotRegistered { task }) if task.ends_with("unknown"))
    );
    let pool = Pool::new(1)?;
    // Registered for processes, not for pools.
    assert!(matches!(pool.submit(nothing, ()), Err(Error::NotRegistered { .. })));
    Ok(())
}

fn dropped_process_is_killed() -> Result<()> {
    let process = Process::spawn(spins, ())?;
    let pid = process.pid();
    drop(process);
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
    Ok(())
}

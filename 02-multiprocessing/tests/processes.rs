//! What the library promises, and every failure provoked on purpose.
//!
//! Each test runs in a process of its own with a hard time-out, and must leave nothing behind: no child, no open
//! descriptor, no file. `cargo test -p lesson-02-multiprocessing --test processes -- kill` runs those with `kill` in
//! their names.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use multiprocessing::{
    Dict, End, Error, Exit, List, Manager, Pipe, Pool, Process, Queue, Receiver, Result, Semaphore,
    Sender, Shared, Waited,
};
use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg, raise};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

const TIME_OUT: Duration = Duration::from_secs(60);

type Test = (&'static str, fn() -> Result<()>);

/// Part of what `main` runs in a child as `--only NAME`.
macro_rules! tests {
    ($($name:ident)*) => { const TESTS: &[Test] = &[$((stringify!($name), $name)),*]; };
}
tests! {
    process_ends_as_its_function_does process_is_named process_reads_nothing process_prints_all
    unregistered_function_is_an_error dropped_process_is_killed
    map_keeps_order unordered_gives_each_once submit_gives_handle slow_item_is_not_waited_for long_messages_pass
    closed_pool_finishes dropped_pool_kills panic_is_reported_and_pool_works_on panic_spares_others
    killed_worker_breaks_pool killed_idle_worker_breaks_pool exiting_task_breaks_pool
    dead_holder_is_told dead_holder_is_told_to_a_waiter panicking_holder_is_told second_lock_is_an_error
    queue_ends_with_last_sender killed_sender_ends_queue killed_reader_loses_one_item kills_in_traffic_lose_one_item_each
    queue_without_reader_is_closed
    pipe_talks_both_ways handles_travel_nested semaphore_limits killed_holder_gives_permits_back
    too_many_descriptors_is_an_error manager_serves killed_manager_is_broken
    killed_parent_takes_workers_along spawn_before_init_is_an_error thousand_rounds_leave_nothing
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args == ["--uninitialised"] {
        return uninitialised();
    }
    multiprocessing::init(|tasks| {
        tasks
            .process(nothing)
            .process(fails)
            .process(exits)
            .process(panics)
            .process(spins)
            .process(prints);
        tasks
            .process(tells_name)
            .process(tells_stdin)
            .process(dies_with_lock)
            .process(waits_with_lock);
        tasks
            .process(sends)
            .process(sends_then_dies)
            .process(reads_one_then_waits)
            .process(reads_all);
        tasks
            .process(echoes)
            .process(uses_nested)
            .process(counts_inside)
            .process(waits_with_permits);
        tasks.process(changes).process(takes_many);
        tasks
            .pool(square)
            .pool(add)
            .pool(picky)
            .pool(announces_and_spins)
            .pool(ends)
            .pool(slow_once)
            .pool(repeat);
        tasks.pool(panics_with_lock).pool(count_files).pool(makes_many);
    });
    match args.as_slice() {
        [flag, name] if flag == "--only" => only(name),
        [flag] if flag == "--parent" => parent_to_be_killed(),
        [flag] if flag == "--prints" => prints_from_worker(),
        // Cargo passes flags on, such as --nocapture.
        args => all(args.iter().find(|arg| !arg.starts_with('-')).map_or("", String::as_str)),
    }
}

/// Runs each test whose name contains `filter`.
fn all(filter: &str) -> ExitCode {
    let mut failed = 0;
    for (name, _) in TESTS.iter().filter(|(name, _)| name.contains(filter)) {
        let mut child =
            this_program(&["--only", name]).process_group(0).spawn().expect("start a test");
        let verdict = wait(&mut child, TIME_OUT);
        // Whatever the test left in its group.
        let _ = killpg(Pid::from_raw(child.id() as i32), Signal::SIGKILL);
        match verdict {
            Some(true) => println!("test {name} ... ok"),
            Some(false) => println!("test {name} ... FAILED"),
            None => println!("test {name} ... FAILED: not done in {TIME_OUT:?}"),
        }
        failed += u32::from(verdict != Some(true));
    }
    println!("{failed} failed");
    ExitCode::from(u8::from(failed > 0))
}

fn wait(child: &mut Child, limit: Duration) -> Option<bool> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait().expect("wait for a test") {
            return Some(status.success());
        }
        if Instant::now() > deadline {
            return None;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn this_program(args: &[&str]) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.args(args);
    command
}

fn only(name: &str) -> ExitCode {
    let Some((_, test)) = TESTS.iter().find(|(known, _)| *known == name) else {
        return ExitCode::FAILURE;
    };
    // Two rounds: the second may leave nothing that was not there after the first.
    for round in 0..2 {
        let before = (open_files(), lasting_files());
        if let Err(error) = test() {
            eprintln!("{name}: {error}");
            return ExitCode::FAILURE;
        }
        if round == 1 {
            assert_eq!((open_files(), lasting_files()), before, "files before and after");
        }
        let children = waitpid(None, Some(WaitPidFlag::WNOHANG));
        assert_eq!(children, Err(Errno::ECHILD), "a child is left");
    }
    ExitCode::SUCCESS
}

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("list descriptors").count()
}

/// Shared memory files by name; ours have none. Not those that a Python program beside us makes for a moment.
fn lasting_files() -> BTreeSet<std::ffi::OsString> {
    let list = |path| {
        std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.file_name())
    };
    list("/dev/shm").filter(|name| !name.as_encoded_bytes().starts_with(b"sem.mp-")).collect()
}

fn kill(pid: u32) {
    nix::sys::signal::kill(Pid::from_raw(pid as i32), Signal::SIGKILL).expect("kill a process");
}

/// The shortest of several times: what the library takes on a machine that does other things too.
fn best(rounds: u32, mut work: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    (0..rounds).map(|_| work()).try_fold(Duration::MAX, |best, time| Ok(best.min(time?)))
}

// ---- processes

fn nothing() {}

fn fails() -> std::result::Result<(), String> {
    Err("on purpose".into())
}

fn exits(code: u8) -> ExitCode {
    ExitCode::from(code)
}

fn panics(text: String) {
    panic!("{text}");
}

fn spins() {
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
    assert!(spinning.is_alive()?);
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
            assert!(location.contains("processes.rs:"), "{location}");
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

fn prints_from_worker() -> ExitCode {
    let ok = Process::spawn(prints, ()).and_then(Process::join).is_ok();
    ExitCode::from(u8::from(!ok))
}

fn process_prints_all() -> Result<()> {
    let output = this_program(&["--prints"]).output().expect("run");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "a line\nno newline");
    // With nobody to print to, the worker ends without a word.
    let mut child = this_program(&["--prints"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("run");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("wait");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
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

// ---- pools

fn square(number: u64) -> u64 {
    number * number
}

fn add(left: i32, right: i32) -> i32 {
    left + right
}

fn repeat(text: String) -> String {
    text.repeat(2)
}

fn picky(number: u64) -> u64 {
    assert!(number % 1000 != 500, "not {number}");
    number + 1
}

fn announces_and_spins(to: Sender<u32>) {
    to.send(std::process::id()).expect("send");
    spins();
}

fn ends(code: i32) {
    std::process::exit(code);
}

/// Item 0 lasts until all others are done.
fn slow_once(item: u64, done: Shared<u64>) -> u64 {
    if item > 0 {
        *done.lock().expect("lock") += 1;
        return item;
    }
    while done.get().expect("look") < 40 {
        thread::sleep(Duration::from_millis(1));
    }
    item
}

fn map_keeps_order() -> Result<()> {
    let pool = Pool::new(3)?;
    for count in [0, 1, 2, 7, 1000, 30_000] {
        let expected: Vec<u64> = (0..count).map(|number| number * number).collect();
        assert_eq!(pool.map(square, 0..count)?, expected);
        for chunk in [0, 1, 2, 13, 100_000] {
            assert_eq!(pool.map_chunked(square, 0..count, chunk)?, expected, "chunk {chunk}");
        }
    }
    assert_eq!(pool.starmap(add, [(1, 2), (3, 4)])?, [3, 7]);
    pool.join()
}

fn unordered_gives_each_once() -> Result<()> {
    let pool = Pool::new(2)?;
    let mut results = pool.map_unordered(square, 0..1000)?.collect::<Result<Vec<_>>>()?;
    results.sort_unstable();
    assert_eq!(results, (0..1000).map(|number| number * number).collect::<Vec<_>>());
    // What nobody waits for does not disturb what comes next.
    drop(pool.map_unordered(square, 0..100_000)?);
    assert_eq!(pool.map(square, 1..=5)?, [1, 4, 9, 16, 25]);
    Ok(())
}

fn submit_gives_handle() -> Result<()> {
    let pool = Pool::new(2)?;
    let handles =
        (0..20).map(|number| pool.submit(add, (number, 1))).collect::<Result<Vec<_>>>()?;
    let results = handles.into_iter().map(|handle| handle.get()).collect::<Result<Vec<_>>>()?;
    assert_eq!(results, (1..=20).collect::<Vec<_>>());
    let Queue { sender, receiver } = Queue::new()?;
    let spinning = pool.submit(announces_and_spins, (sender,))?;
    receiver.recv()?;
    let spinning = spinning.get_timeout(Duration::from_millis(1)).expect_err("no result");
    drop(pool);
    assert!(matches!(spinning.get(), Err(Error::Broken { .. })));
    Ok(())
}

fn slow_item_is_not_waited_for() -> Result<()> {
    let pool = Pool::new(2)?;
    let done = Shared::new(0)?;
    let items = (0..=40).map(|item| (item, done.clone()));
    let handles = items.map(|args| pool.submit(slow_once, args)).collect::<Result<Vec<_>>>()?;
    for (item, handle) in handles.into_iter().enumerate() {
        assert_eq!(handle.get()?, item as u64);
    }
    Ok(())
}

fn long_messages_pass() -> Result<()> {
    let pool = Pool::new(2)?;
    let texts: Vec<String> = (0..24).map(|item| item.to_string().repeat(400_000)).collect();
    let expected: Vec<String> = texts.iter().map(|text| text.repeat(2)).collect();
    for chunk in [1, 3, 24] {
        assert_eq!(pool.map_chunked(repeat, texts.clone(), chunk)?, expected);
    }
    // Around the length at which messages change their way.
    for length in (131_000..131_200).step_by(7) {
        assert_eq!(pool.map(repeat, ["x".repeat(length)])?[0].len(), 2 * length);
    }
    let Pipe { parent, child } = Pipe::new()?;
    let echo = Process::spawn(echoes, (child,))?;
    for text in &texts {
        parent.send(text.clone())?;
        assert_eq!(parent.recv()?.as_ref(), Some(text));
    }
    drop(parent);
    echo.join()
}

fn closed_pool_finishes() -> Result<()> {
    let pool = Pool::new(2)?;
    let handle = pool.submit(add, (20, 22))?;
    pool.close();
    assert!(matches!(pool.map(square, 0..3), Err(Error::Broken { .. })));
    pool.join()?;
    assert_eq!(handle.get()?, 42);
    Ok(())
}

fn dropped_pool_kills() -> Result<()> {
    let pool = Pool::new(2)?;
    let Queue { sender, receiver } = Queue::new()?;
    let _one = pool.submit(announces_and_spins, (sender.clone(),))?;
    let _two = pool.submit(announces_and_spins, (sender,))?;
    let pids = [receiver.recv()?, receiver.recv()?];
    drop(pool);
    assert!(
        pids.iter().flatten().all(|pid| !std::path::Path::new(&format!("/proc/{pid}")).exists())
    );
    Ok(())
}

// ---- panics and deaths in pools

fn panic_is_reported_and_pool_works_on() -> Result<()> {
    let pool = Pool::new(2)?;
    for round in 0..50u64 {
        let chunk = [1, 3, 64, 5000][round as usize % 4];
        match pool.map_chunked(picky, 0..1000, chunk) {
            Err(Error::WorkerPanicked { worker, item, location, message }) => {
                assert!(worker.starts_with("PoolWorker-"));
                assert_eq!((item, message.as_str()), (Some(500), "not 500"));
                assert!(location.contains("processes.rs:"), "{location}");
            }
            other => panic!("{other:?}"),
        }
        // Replies to the map before are still on their way.
        let start = 1000 * round;
        let expected: Vec<u64> = (start + 1..=start + 400).collect();
        assert_eq!(pool.map_chunked(picky, start..start + 400, chunk)?, expected);
    }
    pool.join()
}

fn panic_spares_others() -> Result<()> {
    let pool = Pool::new(2)?;
    let results: Vec<_> = pool.map_unordered(picky, 0..2000)?.collect();
    assert_eq!(results.len(), 2000);
    let failed: BTreeSet<_> = results
        .iter()
        .filter_map(|result| match result {
            Err(Error::WorkerPanicked { item, .. }) => *item,
            _ => None,
        })
        .collect();
    assert_eq!(failed, BTreeSet::from([500, 1500]));
    let sum: u64 = results.into_iter().flatten().sum();
    assert_eq!(sum, (1..=2000).sum::<u64>() - 501 - 1501);
    assert!(matches!(
        pool.submit(picky, (500u64,))?.get(),
        Err(Error::WorkerPanicked { item: None, .. })
    ));
    pool.join()
}

fn killed_worker_breaks_pool() -> Result<()> {
    let time = best(10, || {
        let pool = Pool::new(2)?;
        let Queue { sender, receiver } = Queue::new()?;
        let killer = thread::spawn(move || {
            let pid = receiver.recv().expect("receive").expect("a worker");
            kill(pid);
            // Kept open: the other worker may only now announce itself.
            (pid, Instant::now(), receiver)
        });
        let answer = pool.map_chunked(announces_and_spins, vec![sender; 8], 1);
        let answered = Instant::now();
        let (killed, at, _receiver) = killer.join().expect("kill");
        match answer {
            Err(Error::WorkerDied { pid, exit: Exit::Signal(9), .. }) => assert_eq!(pid, killed),
            other => panic!("{other:?}"),
        }
        assert!(matches!(pool.map(square, 0..3), Err(Error::Broken { .. })));
        assert!(matches!(pool.submit(add, (1, 2)), Err(Error::Broken { .. })));
        Ok(answered - at)
    })?;
    assert!(time < Duration::from_millis(10), "{time:?}");
    Ok(())
}

fn killed_idle_worker_breaks_pool() -> Result<()> {
    let pool = Pool::new(1)?;
    assert_eq!(pool.map(square, 1..=3)?, [1, 4, 9]);
    let killed = pool.pids()[0];
    kill(killed);
    match pool.map(square, 1..=3) {
        Err(Error::WorkerDied { pid, exit: Exit::Signal(9), .. }) => assert_eq!(pid, killed),
        other => panic!("{other:?}"),
    }
    assert!(matches!(pool.join(), Err(Error::Broken { .. })));
    Ok(())
}

fn exiting_task_breaks_pool() -> Result<()> {
    let pool = Pool::new(2)?;
    assert!(matches!(pool.map(ends, [3]), Err(Error::WorkerDied { exit: Exit::Code(3), .. })));
    Ok(())
}

// ---- locks

fn dies_with_lock(value: Shared<(u64, u64)>) -> Result<()> {
    let mut guard = value.lock()?;
    guard.0 = 1;
    let _ = raise(Signal::SIGKILL);
    Ok(())
}

fn waits_with_lock(value: Shared<u64>, parent: End<(), ()>) -> Result<()> {
    let _guard = value.lock()?;
    parent.send(())?;
    parent.recv().map(drop)
}

fn panics_with_lock(value: Shared<u64>) {
    let _guard = value.lock().expect("lock");
    panic!("with the lock");
}

fn dead_holder_is_told() -> Result<()> {
    let value = Shared::new((0, 0))?;
    let mut process = Process::spawn(dies_with_lock, (value.clone(),))?;
    assert_eq!(process.wait()?, Exit::Signal(9));
    let told =
        |result| matches!(result, Err(Error::OwnerDied { pid: Some(pid) }) if pid == process.pid());
    for _ in 0..3 {
        assert!(told(value.lock().map(drop)));
        assert!(told(value.try_lock().map(drop)));
    }
    {
        let mut guard = value.recover()?;
        assert_eq!(*guard, (1, 0));
        guard.1 = 1;
    }
    assert_eq!(value.get()?, (1, 1));
    Ok(())
}

fn dead_holder_is_told_to_a_waiter() -> Result<()> {
    let value = Shared::new(0)?;
    let Pipe { parent, child } = Pipe::<(), ()>::new()?;
    let mut process = Process::spawn(waits_with_lock, (value.clone(), child))?;
    parent.recv()?;
    assert!(value.try_lock()?.is_none());
    let waiter = thread::spawn({
        let value = value.clone();
        move || matches!(value.lock(), Err(Error::OwnerDied { .. }))
    });
    process.kill()?;
    assert!(waiter.join().expect("wait"));
    process.wait()?;
    assert!(matches!(value.lock(), Err(Error::OwnerDied { .. })));
    drop(value.recover()?);
    *value.lock()? += 1;
    Ok(())
}

fn panicking_holder_is_told() -> Result<()> {
    let (value, pool) = (Shared::new(0u64)?, Pool::new(1)?);
    assert!(matches!(
        pool.submit(panics_with_lock, (value.clone(),))?.get(),
        Err(Error::WorkerPanicked { .. })
    ));
    assert!(
        matches!(value.lock(), Err(Error::OwnerDied { pid: Some(pid) }) if pid == pool.pids()[0])
    );
    drop(value.recover()?);
    value.get().map(drop)
}

fn second_lock_is_an_error() -> Result<()> {
    let value = Shared::new(0u64)?;
    let _guard = value.lock()?;
    assert!(matches!(value.lock(), Err(Error::Deadlock)));
    Ok(())
}

// ---- queues and pipes

fn sends(to: Sender<u64>, from: u64, until: u64) -> Result<()> {
    (from..until).try_for_each(|item| to.send(item))
}

fn sends_then_dies(to: Sender<u64>) -> Result<()> {
    to.send(1)?;
    let _ = raise(Signal::SIGKILL);
    Ok(())
}

fn reads_one_then_waits(from: Receiver<u64>, parent: End<u64, ()>) -> Result<()> {
    let item = from.recv()?.expect("an item");
    parent.send(item)?;
    parent.recv().map(drop)
}

fn reads_all(from: Receiver<u64>, to: Sender<u64>) -> Result<()> {
    from.iter().try_for_each(|item| to.send(item?))
}

fn echoes(end: End<String, String>) -> Result<()> {
    while let Some(text) = end.recv()? {
        end.send(text)?;
    }
    Ok(())
}

fn queue_ends_with_last_sender() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let (results, collected) = {
        let Queue { sender, receiver } = Queue::new()?;
        (sender, receiver)
    };
    let mut processes = Vec::new();
    for part in 0..3 {
        processes.push(Process::spawn(sends, (sender.clone(), part * 1000, (part + 1) * 1000))?);
        processes.push(Process::spawn(reads_all, (receiver.clone(), results.clone()))?);
    }
    drop((sender, receiver, results));
    let mut items = collected.iter().collect::<Result<Vec<_>>>()?;
    items.sort_unstable();
    assert_eq!(items, (0..3000).collect::<Vec<_>>());
    processes.into_iter().try_for_each(Process::join)
}

fn killed_sender_ends_queue() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    assert_eq!(receiver.recv_timeout(Duration::ZERO)?, Waited::TimedOut);
    let mut process = Process::spawn(sends_then_dies, (sender,))?;
    assert_eq!(receiver.recv()?, Some(1));
    assert_eq!(receiver.recv()?, None);
    assert_eq!(receiver.recv_timeout(Duration::ZERO)?, Waited::Ended);
    assert_eq!(process.wait()?, Exit::Signal(9));
    Ok(())
}

fn killed_reader_loses_one_item() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let Queue { sender: results, receiver: collected } = Queue::new()?;
    let Pipe { parent, child } = Pipe::new()?;
    sender.send(7777)?;
    let mut victim = Process::spawn(reads_one_then_waits, (receiver.clone(), child))?;
    assert_eq!(parent.recv()?, Some(7777));
    // Waiting for items when it is killed is no worse than holding one.
    let waiting = Process::spawn(reads_all, (receiver.clone(), results.clone()))?;
    victim.kill()?;
    victim.wait()?;
    drop(waiting);
    let readers = (0..2)
        .map(|_| Process::spawn(reads_all, (receiver.clone(), results.clone())))
        .collect::<Result<Vec<_>>>()?;
    drop((receiver, results));
    let writer = Process::spawn(sends, (sender, 0, 1000))?;
    let mut items = collected.iter().collect::<Result<Vec<_>>>()?;
    items.sort_unstable();
    assert_eq!(items, (0..1000).collect::<Vec<_>>());
    writer.join()?;
    readers.into_iter().try_for_each(Process::join)
}

/// Kills that hit readers and senders anywhere, also with the queue's lock in hand.
fn kills_in_traffic_lose_one_item_each() -> Result<()> {
    const ITEMS: u64 = 20_000;
    const KILLS: u64 = 40;
    let Queue { sender, receiver } = Queue::new()?;
    let Queue { sender: results, receiver: collected } = Queue::new()?;
    let reader = || Process::spawn(reads_all, (receiver.clone(), results.clone()));
    let noise = || Process::spawn(sends, (sender.clone(), ITEMS, u64::MAX));
    let steady = Process::spawn(sends, (sender.clone(), 0, ITEMS))?;
    let (mut victims, survivor) = ([reader()?, noise()?], reader()?);
    let mut seen = BTreeSet::new();
    let mut kills = 0;
    while kills < KILLS {
        for item in collected.iter().take(500) {
            let item = item?;
            assert!(item >= ITEMS || seen.insert(item), "{item} came twice");
        }
        for (victim, start) in victims.iter_mut().zip([&reader as &dyn Fn() -> _, &noise]) {
            victim.kill()?;
            victim.wait()?;
            *victim = start()?;
        }
        kills += 1;
    }
    drop(victims);
    drop((sender, receiver, results));
    for item in collected.iter() {
        let item = item?;
        assert!(item >= ITEMS || seen.insert(item), "{item} came twice");
    }
    let lost = ITEMS - seen.len() as u64;
    assert!(lost <= KILLS + 1, "{lost} items lost by {KILLS} kills and a drop");
    steady.join()?;
    survivor.join()
}

fn queue_without_reader_is_closed() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    sender.send(0u8)?;
    drop(receiver);
    // The kernel is asked once a tick of its coarse clock, and this is longer than any.
    thread::sleep(Duration::from_millis(20));
    assert!(matches!(sender.send(1), Err(Error::Closed)));
    Ok(())
}

fn pipe_talks_both_ways() -> Result<()> {
    let Pipe { parent, child } = Pipe::new()?;
    let echo = Process::spawn(echoes, (child,))?;
    for word in ["one", "two"] {
        parent.send(word.to_owned())?;
        assert_eq!(parent.recv()?.as_deref(), Some(word));
    }
    drop(parent);
    echo.join()
}

#[derive(Serialize, Deserialize)]
struct Job {
    label: String,
    outputs: Vec<(u64, Sender<u64>)>,
    counter: Option<Shared<[u64; 4]>>,
}

fn uses_nested(job: Job, semaphore: Semaphore) -> Result<()> {
    let _permit = semaphore.acquire()?;
    if let Some(counter) = &job.counter {
        counter.lock()?[2] = job.label.len() as u64;
    }
    job.outputs.into_iter().try_for_each(|(item, output)| output.send(item))
}

fn handles_travel_nested() -> Result<()> {
    let (one, two) = (Queue::new()?, Queue::new()?);
    let counter = Shared::new([0; 4])?;
    let job = Job {
        label: "nested".into(),
        outputs: vec![(10, one.sender), (20, two.sender)],
        counter: Some(counter.clone()),
    };
    Process::spawn(uses_nested, (job, Semaphore::new(1)?))?.join()?;
    assert_eq!((one.receiver.recv()?, one.receiver.recv()?), (Some(10), None));
    assert_eq!((two.receiver.recv()?, two.receiver.recv()?), (Some(20), None));
    assert_eq!(counter.get()?, [0, 0, 6, 0]);
    // A queue can be sent through a queue.
    let Queue { sender, receiver } = Queue::new()?;
    let inner = Queue::new()?;
    sender.send(inner.sender)?;
    receiver.recv()?.expect("a sender").send(5u8)?;
    assert_eq!((inner.receiver.recv()?, inner.receiver.recv()?), (Some(5), None));
    Ok(())
}

// ---- semaphores

/// The number inside now, and the most there ever were.
fn counts_inside(semaphore: Semaphore, inside: Shared<(u64, u64)>) -> Result<()> {
    for _ in 0..200 {
        let _permit = semaphore.acquire()?;
        {
            let mut inside = inside.lock()?;
            inside.0 += 1;
            inside.1 = inside.1.max(inside.0);
        }
        thread::yield_now();
        inside.lock()?.0 -= 1;
    }
    Ok(())
}

fn waits_with_permits(semaphore: Semaphore, parent: End<(), ()>) -> Result<()> {
    let _permits = (semaphore.acquire()?, semaphore.acquire()?);
    parent.send(())?;
    parent.recv().map(drop)
}

fn semaphore_limits() -> Result<()> {
    let (semaphore, inside) = (Semaphore::new(2)?, Shared::new((0, 0))?);
    let users = (0..4)
        .map(|_| Process::spawn(counts_inside, (semaphore.clone(), inside.clone())))
        .collect::<Result<Vec<_>>>()?;
    users.into_iter().try_for_each(Process::join)?;
    let (now, most) = inside.get()?;
    assert_eq!(now, 0);
    assert!((1..=2).contains(&most), "{most} at once");
    Ok(())
}

fn killed_holder_gives_permits_back() -> Result<()> {
    let semaphore = Semaphore::new(2)?;
    let Pipe { parent, child } = Pipe::<(), ()>::new()?;
    let mut holder = Process::spawn(waits_with_permits, (semaphore.clone(), child))?;
    parent.recv()?;
    assert!(semaphore.try_acquire()?.is_none());
    let waiter = thread::spawn({
        let semaphore = semaphore.clone();
        move || semaphore.acquire().map(drop)
    });
    holder.kill()?;
    holder.wait()?;
    waiter.join().expect("wait")?;
    let _both = (semaphore.acquire()?, semaphore.acquire()?);
    assert!(semaphore.try_acquire()?.is_none());
    Ok(())
}

// ---- descriptors

fn takes_many(handles: Vec<Shared<u64>>) -> Result<()> {
    handles.iter().try_for_each(|handle| handle.lock().map(|mut value| *value += 1))
}

fn makes_many(count: usize) -> Vec<Shared<u64>> {
    (0..count).map(|value| Shared::new(value as u64).expect("share")).collect()
}

fn count_files(handles: Vec<Shared<u64>>) -> usize {
    handles.len()
}

fn too_many_descriptors_is_an_error() -> Result<()> {
    let value = Shared::new(0)?;
    let too_many =
        |result| matches!(result, Err(Error::TooManyDescriptors { count: 254, limit: 253 }));
    assert!(too_many(Process::spawn(takes_many, (vec![value.clone(); 254],)).map(drop)));
    let pool = Pool::new(1)?;
    assert!(too_many(pool.map(count_files, [vec![value.clone(); 254]]).map(drop)));
    // The pool is none the worse, and many items with some each are more than one message.
    assert_eq!(pool.map_chunked(count_files, vec![vec![value.clone(); 100]; 40], 1)?, [100; 40]);
    // Results may have handles in them too.
    let made = pool.map(makes_many, [3, 4])?;
    assert_eq!((made[0].len(), made[1][3].get()?), (3, 3));
    match pool.map(makes_many, [254]) {
        Err(Error::WorkerPanicked { message, .. }) => {
            assert!(message.contains("254 descriptors"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(pool.map(square, [3])?, [9]);
    let Queue { sender, receiver } = Queue::new()?;
    assert!(too_many(sender.send(vec![value.clone(); 254])));
    sender.send(vec![value.clone(); 253])?;
    assert_eq!(receiver.recv()?.map(|values| values.len()), Some(253));
    Process::spawn(takes_many, (vec![value.clone(); 253],))?.join()?;
    assert_eq!(value.get()?, 253);
    Ok(())
}

fn thousand_rounds_leave_nothing() -> Result<()> {
    let before = open_files();
    for _ in 0..500 {
        Process::spawn(nothing, ())?.join()?;
    }
    assert_eq!(open_files(), before);
    Ok(())
}

// ---- managers

fn changes(dict: Dict<String, u64>, list: List<u64>, number: u64) -> Result<()> {
    for _ in 0..100 {
        dict.update(&"sum".to_owned(), |sum| sum.unwrap_or(0) + 1)?;
    }
    dict.insert(&format!("square of {number}"), &(number * number))?;
    list.push(&number)
}

fn manager_serves() -> Result<()> {
    let manager = Manager::start()?;
    let (dict, list) = (manager.dict()?, manager.list()?);
    let processes = (0..4)
        .map(|number| Process::spawn(changes, (dict.clone(), list.clone(), number)))
        .collect::<Result<Vec<_>>>()?;
    processes.into_iter().try_for_each(Process::join)?;
    assert_eq!((dict.len()?, dict.get(&"sum".into())?), (5, Some(400)));
    assert_eq!(dict.to_map()?["square of 3"], 9);
    assert_eq!((dict.remove(&"sum".into())?, dict.get(&"sum".into())?), (Some(400), None));
    let mut numbers = list.to_vec()?;
    numbers.sort_unstable();
    assert_eq!(numbers, [0, 1, 2, 3]);
    assert_eq!((list.set(0, &9)?.is_some(), list.get(0)?, list.set(9, &9)?), (true, Some(9), None));
    assert_eq!(
        (list.len()?, list.pop()?.is_some(), list.len()?, list.is_empty()?),
        (4, true, 3, false)
    );
    let ordered = manager.dict::<u64, ()>()?;
    [3, 1, 2].iter().try_for_each(|key| ordered.insert(key, &()).map(drop))?;
    assert_eq!(ordered.items()?, [(3, ()), (1, ()), (2, ())]);
    assert!(!ordered.is_empty()?);
    Ok(())
}

fn killed_manager_is_broken() -> Result<()> {
    let manager = Manager::start()?;
    let list = manager.list::<u64>()?;
    list.push(&1)?;
    kill(manager.pid());
    assert!(matches!(list.push(&2), Err(Error::Broken { .. })));
    assert!(matches!(list.clone().len(), Err(Error::Broken { .. })));
    Ok(())
}

// ---- the parent

/// Starts busy workers of both kinds, prints their ids, and waits to be killed.
fn parent_to_be_killed() -> ExitCode {
    let start = || -> Result<()> {
        let pool = Pool::new(2)?;
        let process = Process::spawn(spins, ())?;
        let Queue { sender, receiver } = Queue::new()?;
        let _busy = [
            pool.submit(announces_and_spins, (sender.clone(),))?,
            pool.submit(announces_and_spins, (sender,))?,
        ];
        let pids =
            [process.pid(), receiver.recv()?.expect("a pid"), receiver.recv()?.expect("a pid")];
        let mut out = std::io::stdout().lock();
        writeln!(out, "{} {} {}", pids[0], pids[1], pids[2]).expect("print");
        loop {
            thread::park();
        }
    };
    ExitCode::from(u8::from(start().is_err()))
}

fn killed_parent_takes_workers_along() -> Result<()> {
    // Makes this process the new parent of the orphans, so that it sees them end (prctl(2)).
    nix::sys::prctl::set_child_subreaper(true).expect("become subreaper");
    let time = best(3, || {
        let mut parent = this_program(&["--parent"]).stdout(Stdio::piped()).spawn().expect("start");
        let mut line = String::new();
        BufReader::new(parent.stdout.take().expect("piped")).read_line(&mut line).expect("read");
        let pids: Vec<i32> =
            line.split_whitespace().map(|pid| pid.parse().expect("a pid")).collect();
        assert_eq!(pids.len(), 3);
        let at = Instant::now();
        parent.kill().expect("kill");
        parent.wait().expect("wait");
        for pid in pids {
            let status = waitpid(Pid::from_raw(pid), None).expect("wait for an orphan");
            assert!(matches!(status, WaitStatus::Signaled(_, Signal::SIGKILL, _)), "{status:?}");
        }
        Ok(at.elapsed())
    })?;
    assert!(time < Duration::from_millis(100), "{time:?}");
    Ok(())
}

fn uninitialised() -> ExitCode {
    assert!(matches!(Process::spawn(nothing, ()), Err(Error::NotInitialised)));
    assert!(matches!(Pool::new(2), Err(Error::NotInitialised)));
    assert!(matches!(Manager::start(), Err(Error::NotInitialised)));
    ExitCode::SUCCESS
}

fn spawn_before_init_is_an_error() -> Result<()> {
    assert!(this_program(&["--uninitialised"]).status().expect("run").success());
    Ok(())
}

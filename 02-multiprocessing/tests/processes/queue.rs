//! Queues, pipes, and what is sent over them.

use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use multiprocessing::{
    End, Error, Exit, Pipe, Process, Queue, Receiver, Result, Semaphore, Sender, Shared, Tasks,
};
use nix::sys::signal::{Signal, raise};
use nix::unistd::gettid;
use serde::{Deserialize, Serialize};

tests! {
    queue_ends_with_last_sender killed_sender_ends_queue killed_reader_loses_one_item
    kills_in_traffic_lose_one_item_each queue_without_reader_is_closed queue_that_was_full_is_closed_too
    items_of_any_length_arrive pipe_talks_both_ways handles_travel_nested
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(sends).process(sends_then_dies).process(reads_one_then_waits).process(reads_all);
    tasks.process(echoes).process(uses_nested);
}

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

pub fn echoes(end: End<String, String>) -> Result<()> {
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
    let mut process = Process::spawn(sends_then_dies, (sender,))?;
    assert_eq!(receiver.recv()?, Some(1));
    assert_eq!(receiver.recv()?, None);
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

/// A sender that has waited for room was woken by a receiver, and that news still lies in its bell.
fn queue_that_was_full_is_closed_too() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let (tell, told) = mpsc::channel();
    let filling = thread::spawn(move || {
        // 64 KiB are 63 of these.
        let item = [0_u8; 1024].to_vec();
        (0..60).try_for_each(|_| sender.send(item.clone()))?;
        tell.send(gettid()).expect("tell the thread's number");
        (60..70).try_for_each(|_| sender.send(item.clone())).map(|()| sender)
    });
    let state = format!("/proc/self/task/{}/stat", told.recv().expect("a thread's number"));
    // Nothing else lets it sleep than that the queue is full.
    while !read_to_string(&state).expect("look at the thread").contains(") S ") {
        thread::yield_now();
    }
    for _ in 0..10 {
        receiver.recv()?.expect("an item");
    }
    let sender = filling.join().expect("fill the queue")?;
    drop(receiver);
    thread::sleep(Duration::from_millis(20));
    assert!(matches!(sender.send(Vec::new()), Err(Error::Closed)));
    Ok(())
}

/// In the ring, over the socket, and in a file of their own.
fn items_of_any_length_arrive() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    for length in [0, 4000, 4093, 4094, 4095, 5000, 65_536, 70_000, 200_000] {
        let item = "x".repeat(length);
        sender.send(item.clone())?;
        assert!(receiver.recv()? == Some(item), "{length}");
    }
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

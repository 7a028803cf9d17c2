//! What a worker is sent, by what it has replied before.

use std::sync::Arc;

use lab::in_time;
use serde::Serialize;

use super::fake::crew;
use crate::error::Result;
use crate::exit::Exit;
use crate::pool::job::{Items, Piece};
use crate::sync::thread;
use crate::travel::packet::{self, Packet};
use crate::travel::socket::{LONGEST, Socket};
use crate::workers::wire::{Failure, Order, Reply};

#[derive(Debug)]
struct Sent {
    items: usize,
    chunk: usize,
    bytes: usize,
}

/// Of so many items, how many are done, and whether the next one has failed.
type Answer = fn(usize) -> (usize, bool);

const ALL: Answer = |items| (items, false);

/// Obeys until it is told to end.
fn obey(parent: &Socket, answer: Answer) -> Result<Vec<Sent>> {
    let (mut packet, mut orders) = (Packet::default(), Vec::new());
    while parent.receive(&mut packet)? {
        let (order, bytes) =
            packet.read(|bytes| Ok((packet::take(bytes, "an order")?, bytes.len())))?;
        let Order::Many { sequence, items, chunk, .. } = order else { break };
        orders.push(Sent { items, chunk, bytes });
        let (done, has_failed) = answer(items);
        let failure = has_failed.then(Failure::default);
        let reply = Reply { sequence, done, failure };
        packet.write(|bytes| packet::put(bytes, &reply, "a reply"))?;
        parent.send(&mut packet)?;
    }
    Ok(orders)
}

/// Gives these items to a worker, so many to a chunk.
fn orders<T>(items: Vec<T>, chunk: usize, answer: Answer) -> Vec<Sent>
where
    T: Serialize + Send + Sync + 'static,
{
    in_time(move || {
        let (crew, theirs) = crew();
        let mut left = items.len();
        let (job, pieces) = Items::<T, ()>::new("task", items, chunk, true);
        crew.schedule.add(Arc::new(job), left).expect("it takes jobs");
        crew.schedule.close();
        let worker = thread::spawn(move || obey(&theirs, answer));
        let driver = crew.start_driver(0).expect("start a thread");
        assert_eq!(driver.thread().name(), Some("pool-driver-1"));
        driver.join().expect("it does not panic");
        while left > 0 {
            match pieces.next() {
                Piece::Results(_, results) => left -= results.len(),
                Piece::Failed(_) => left -= 1,
                Piece::Over(error) => panic!("{left} are left: {error}"),
            }
        }
        worker.join().expect("it does not panic").expect("no call fails")
    })
}

/// Whether it is so for once: on a busy machine any order may be slow, and those that follow it are short.
fn for_once(is_so: impl Fn() -> bool) -> bool {
    (0..100).any(|_| is_so())
}

#[test]
fn quick_chunks_are_sent_more_and_more_at_a_time() {
    assert!(for_once(|| {
        let orders = orders(vec![(); 3000], 3, ALL);
        assert!(orders.iter().all(|order| order.chunk == 3), "{orders:?}");
        assert_eq!(orders.iter().map(|order| order.items).sum::<usize>(), 3000);
        orders.iter().take(4).map(|order| order.items).eq([3, 6, 12, 24])
    }));
}

#[test]
fn after_a_failure_as_many_are_sent_as_it_took_to_come_there() {
    assert!(for_once(|| {
        let orders =
            orders(vec![(); 100], 1, |items| if items == 8 { (4, true) } else { (items, false) });
        let sizes: Vec<_> = orders.iter().map(|order| order.items).collect();
        sizes.starts_with(&[1, 2, 4, 8, 5])
    }));
}

#[test]
fn a_long_chunk_is_not_put_behind_others() {
    let long = LONGEST / 2 + 1000;
    let items = [vec![String::new(); 200], vec!["x".repeat(long)], vec![String::new(); 200]];
    let orders = orders(items.concat(), 1, ALL);
    let alone = orders.iter().find(|order| order.bytes > long).expect("it was sent");
    assert_eq!(alone.items, 1, "{orders:?}");
}

#[test]
fn a_worker_that_somebody_else_has_waited_for_has_an_unknown_end() {
    let (crew, _theirs) = crew();
    let pid = nix::unistd::Pid::from_raw(crew.pids()[0].cast_signed());
    nix::sys::wait::waitpid(pid, None).expect("wait for true(1)");
    assert_eq!(crew.workers[0].wait(), Exit::Code(-1));
    assert_eq!(format!("{crew:?}"), "1 workers");
}

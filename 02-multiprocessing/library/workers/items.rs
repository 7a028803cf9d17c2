//! How a worker does the items of an order.

use std::io;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::sync::Instant;
use crate::travel::descriptor;
use crate::travel::packet::{self, Packet};
use crate::travel::socket::Socket;
use crate::workers::panics;
use crate::workers::task::{self, Stop};
use crate::workers::wire::{Failure, Reply};

/// After so long a worker sends back the chunks of an order it has not begun, for others to do.
const HAND_BACK: Duration = Duration::from_millis(10);

/// Works on the items of an order a chunk at a time, and replies with as many results as there are.
pub(super) fn many(
    task: &str,
    sequence: u64,
    items: usize,
    chunk: usize,
    input: &mut &[u8],
    output: &mut Packet,
) -> Result<()> {
    let call = task::table()?.many(task).ok_or_else(|| unknown(task))?;
    let began = Instant::now();
    let (mut done, mut failure, mut results) = (0, None, Vec::with_capacity(2 * input.len()));
    let mut descriptors = Vec::new();
    descriptor::writing(&mut descriptors, || {
        while done < items && failure.is_none() {
            let (count, stop) =
                panics::in_task(false, || call(chunk.min(items - done), input, &mut results));
            done += count;
            failure = stop.map(|stop| match stop {
                Stop::Panic => panics::last(),
                Stop::Error(error) => {
                    Failure { location: task.to_owned(), message: error.to_string() }
                }
            });
            if began.elapsed() > HAND_BACK {
                break;
            }
        }
    });
    let reply = Reply { sequence, done, failure };
    output.write(|bytes| {
        packet::put(bytes, &reply, "a reply")?;
        bytes.extend_from_slice(&results);
        Ok(())
    })?;
    output.descriptors = descriptors;
    Ok(())
}

/// Sends a reply, or why it cannot be sent: results may have too many descriptors with them.
pub(super) fn answer(
    parent: &Socket,
    sequence: u64,
    task: &str,
    output: &mut Packet,
) -> Result<()> {
    if let Err(error) = parent.send(output) {
        let failure = Some(Failure { location: task.to_owned(), message: error.to_string() });
        output
            .write(|bytes| packet::put(bytes, &Reply { sequence, done: 0, failure }, "a reply"))?;
        parent.send(output)?;
    }
    output.descriptors.clear();
    Ok(())
}

pub(super) fn unknown(task: &str) -> Error {
    let reason = format!("`{task}` is in the parent's table but not in the worker's");
    Error::system("find a task")(io::Error::other(reason))
}

#[cfg(test)]
mod tests {
    use std::sync::Once;
    use std::thread;

    use super::*;

    fn quick(item: u64) -> u64 {
        item + 1
    }

    fn slow(item: u64) -> u64 {
        thread::sleep(HAND_BACK + Duration::from_millis(1));
        item
    }

    /// How many of nine items, which are two to a chunk, are done for one order.
    fn done(task: &str) -> usize {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let mut tasks = task::Tasks::default();
            tasks.pool(quick).pool(slow);
            task::set_table(tasks);
        });
        let (mut items, mut output) = (Vec::new(), Packet::default());
        packet::put(&mut items, &[7_u64; 9], "items").expect("write");
        let task = format!("{}::{task}", module_path!());
        many(&task, 5, 9, 2, &mut items.as_slice(), &mut output).expect("do the items");
        output
            .read(|bytes| {
                let reply: Reply = packet::take(bytes, "a reply")?;
                assert!(reply.sequence == 5 && reply.failure.is_none());
                (0..reply.done)
                    .try_for_each(|_| packet::take::<u64>(bytes, "a result").map(drop))?;
                assert!(bytes.is_empty(), "more results than items");
                Ok(reply.done)
            })
            .expect("read the reply")
    }

    #[test]
    fn what_a_slow_chunk_keeps_waiting_is_handed_back() {
        assert_eq!(done("slow"), 2);
        // On a busy machine any chunk may be slow for once.
        assert!((0..100).any(|_| done("quick") == 9), "quick ones are handed back, too");
    }
}

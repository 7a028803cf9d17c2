//! The workers of a pool, each with a thread that keeps it busy.

use std::io::ErrorKind;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::pool::schedule::{Batch, Pace, Schedule};
use crate::sync::{
    Instant, Mutex,
    thread::{self, JoinHandle},
};
use crate::travel::descriptor::{self, MOST};
use crate::travel::packet::{self, Packet};
use crate::travel::socket::{LONGEST, Socket};
use crate::workers::wire::{Order, Reply};
use crate::workers::worker::{self, Child};

/// A message with more items than fill this is cut, so that the results, often longer, fit into a packet too.
const FULL: usize = LONGEST / 4;

/// Worker processes, and what they have to do.
#[derive(Default)]
pub(super) struct Crew {
    pub schedule: Schedule,
    workers: Vec<Worker>,
}

struct Worker {
    name: String,
    pid: u32,
    child: Mutex<Child>,
    socket: Socket,
}

/// A batch that a worker has.
struct Sent {
    batch: Batch,
    at: Instant,
}

impl Crew {
    /// So many workers.
    pub fn launch(workers: usize) -> Result<Crew> {
        let mut crew = Crew::default();
        for number in 1..=workers {
            let name = format!("PoolWorker-{number}");
            let (child, socket) = worker::launch(&name).inspect_err(|_| crew.kill())?;
            let pid = child.id();
            crew.workers.push(Worker { name, pid, child: Mutex::new(child), socket });
        }
        Ok(crew)
    }

    pub fn size(&self) -> usize {
        self.workers.len()
    }

    pub fn pids(&self) -> Vec<u32> {
        self.workers.iter().map(|worker| worker.pid).collect()
    }

    /// Starts the thread that keeps the worker with that index busy until the schedule ends.
    pub fn start_driver(self: &Arc<Crew>, index: usize) -> Result<JoinHandle<()>> {
        let crew = Arc::clone(self);
        thread::Builder::new()
            .name(format!("pool-driver-{}", index + 1))
            .spawn(move || crew.drive(&crew.workers[index]))
            .map_err(Error::system("start a thread"))
    }

    pub fn kill(&self) {
        self.workers.iter().for_each(Worker::kill);
    }

    /// Keeps one worker busy until the schedule ends.
    ///
    /// A worker has one order at a time and replies before it reads the next, and no message is longer than the socket's
    /// buffer, so parent and worker never wait for each other to read.
    fn drive(&self, worker: &Worker) {
        let (mut order, mut reply) = (Packet::default(), Packet::default());
        let mut pace = Pace::default();
        let mut sent: Option<Sent> = None;
        loop {
            let finished = sent.take();
            let mut delivery = None;
            if let Some(Sent { batch, at }) = finished {
                match self.receive(worker, &batch, &mut reply) {
                    Ok(answer) => {
                        pace.learn(
                            &batch,
                            answer.done + usize::from(answer.failure.is_some()),
                            at.elapsed(),
                        );
                        delivery = Some((batch, answer));
                    }
                    Err(error) => return self.lost(worker, Some(batch), error),
                }
            }
            // The worker gets its next order before this thread decodes what it has done.
            while sent.is_none() {
                let Some(mut batch) =
                    self.schedule.next(delivery.is_none(), &pace, self.workers.len())
                else {
                    break;
                };
                match self.send(worker, &mut batch, &mut order) {
                    Ok(()) => sent = Some(Sent { batch, at: Instant::now() }),
                    Err(Error::Closed) => {
                        // It died with this order, not with what it has done before.
                        if let Some((done, answer)) = delivery {
                            deliver(worker, &done, answer, &mut reply);
                        }
                        return self.lost(worker, Some(batch), Error::Closed);
                    }
                    Err(error) => {
                        self.schedule.returned(&batch, 0..0);
                        batch.job.end(error);
                    }
                }
            }
            match delivery {
                Some((batch, answer)) => deliver(worker, &batch, answer, &mut reply),
                None if sent.is_none() => break,
                None => {}
            }
        }
        if self.schedule.broken().is_none() {
            let bye = order.write(|bytes| packet::put(bytes, &Order::Exit, "an order"));
            if bye.and_then(|()| worker.socket.send(&mut order)).is_ok() {
                worker.wait();
            }
        }
    }

    /// Sends as much of a batch as fits into a packet, at least a chunk, and hands out the rest again.
    fn send(&self, worker: &Worker, batch: &mut Batch, order: &mut Packet) -> Result<()> {
        let (job, chunk) = (Arc::clone(&batch.job), batch.job.chunk());
        let (mut items, mut descriptors) = (Vec::with_capacity(FULL), Vec::new());
        let end = descriptor::writing(&mut descriptors, || {
            let mut end = batch.items.start;
            while end < batch.items.end && items.len() < FULL {
                let (length, count) = (items.len(), descriptor::written());
                let next = (end + chunk).min(batch.items.end);
                job.write(end..next, &mut items)?;
                if end > batch.items.start
                    && (descriptor::written() > MOST || items.len() > LONGEST / 2)
                {
                    items.truncate(length);
                    descriptor::truncate_written(count);
                    break;
                }
                end = next;
            }
            Ok(end)
        })?;
        if end < batch.items.end {
            self.schedule.cut(batch, end);
        }
        let task = job.task().to_owned();
        let head = Order::Many { task, sequence: batch.sequence, items: batch.items.len(), chunk };
        order.write(|bytes| {
            packet::put(bytes, &head, "an order")?;
            bytes.extend_from_slice(&items);
            Ok(())
        })?;
        order.descriptors = descriptors;
        let sent = worker.socket.send(order);
        order.descriptors.clear();
        sent
    }

    /// Waits for the reply to a batch, reads its head, and hands out again what was not done.
    fn receive(&self, worker: &Worker, batch: &Batch, reply: &mut Packet) -> Result<Reply> {
        loop {
            if !worker.socket.receive(reply)? {
                return Err(Error::Closed);
            }
            let answer = take_head(reply)?;
            // A reply to anything else is not what we are waiting for.
            if answer.sequence == batch.sequence {
                let through = answer.done.saturating_add(usize::from(answer.failure.is_some()));
                if through > batch.items.len() {
                    return Err(Error::system("understand a reply")(ErrorKind::InvalidData));
                }
                let next = batch.items.start + through;
                self.schedule.returned(batch, next..batch.items.end);
                return Ok(answer);
            }
        }
    }

    /// A worker is gone: its batch, and every later call, gets an error.
    fn lost(&self, worker: &Worker, batch: Option<Batch>, error: Error) {
        let error = match error {
            Error::Closed => Error::WorkerDied {
                worker: worker.name.clone(),
                pid: worker.pid,
                exit: worker.wait(),
            },
            error => error,
        };
        self.schedule.break_off(error, batch);
    }
}

/// The head stays in the packet: `deliver` skips it.
fn take_head(reply: &mut Packet) -> Result<Reply> {
    packet::take(&mut reply.bytes.get(1..).unwrap_or_default(), "a reply")
}

fn deliver(worker: &Worker, batch: &Batch, answer: Reply, reply: &mut Packet) {
    let start = batch.items.start;
    if answer.done > 0 {
        let results = reply.read(|bytes| {
            packet::take::<Reply>(bytes, "a reply")?;
            batch.job.deliver(start..start + answer.done, bytes)
        });
        if let Err(error) = results {
            batch.job.end(error);
        }
    }
    if let Some(failure) = answer.failure {
        let item = batch.job.is_mapped().then_some(start + answer.done);
        let (location, message) = (failure.location, failure.message);
        batch.job.fail(Error::WorkerPanicked {
            worker: worker.name.clone(),
            item,
            location,
            message,
        });
    }
}

impl Worker {
    fn kill(&self) {
        let mut child = self.child.lock();
        // Both do nothing once it has been waited for.
        let _ = child.kill();
        let _ = child.wait();
    }

    fn wait(&self) -> Exit {
        self.child.lock().wait().map_or(Exit::Code(-1), Exit::from)
    }
}

impl std::fmt::Debug for Crew {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} workers", self.workers.len())
    }
}

#[cfg(test)]
mod fake;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod orders;

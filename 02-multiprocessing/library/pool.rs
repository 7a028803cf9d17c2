//! Worker processes that share out the items of a call.

use std::collections::BTreeMap;
use std::process::Child;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::{Serialize, de::DeserializeOwned};

use crate::job::{Items, Piece, Pieces};
use crate::packet::{self, Packet};
use crate::schedule::{Batch, Pace, Schedule};
use crate::socket::{LONGEST, MAX_DESCRIPTORS, Socket};
use crate::task::{self, Function};
use crate::wire::{Order, Reply};
use crate::{Error, Exit, Result, descriptor, worker};

/// The most items in an automatic chunk: enough that what is done once for each chunk does not count.
const AUTOMATIC: usize = 64;

/// A message with more items than fill this is cut, so that the results, often longer, fit into a packet too.
const FULL: usize = LONGEST / 4;

/// Worker processes that call functions on items. Answers to `multiprocessing.Pool`.
///
/// A panic in a worker is that item's error, and the pool works on. If a worker dies, the calls it took part in get
/// [`Error::WorkerDied`] and later ones [`Error::Broken`], where CPython waits for ever.
///
/// Dropping the pool kills the workers, as leaving Python's `with Pool()` does; [`join`](Pool::join) lets them finish.
#[derive(Debug)]
pub struct Pool {
    inner: Arc<Inner>,
    drivers: Vec<JoinHandle<()>>,
}

struct Inner {
    schedule: Schedule,
    workers: Vec<Worker>,
}

struct Worker {
    name: String,
    pid: u32,
    child: Mutex<Child>,
    socket: Socket,
}

impl Pool {
    /// Starts so many workers, named `PoolWorker-1` and so on.
    ///
    /// # Errors
    /// [`Error::NotInitialised`], [`Error::System`], also if `workers` is 0.
    pub fn new(workers: usize) -> Result<Pool> {
        if workers == 0 {
            let source = std::io::Error::other("it needs at least one worker");
            return Err(Error::System { doing: "start a pool", source });
        }
        let mut inner = Inner { schedule: Schedule::default(), workers: Vec::new() };
        for number in 1..=workers {
            let name = format!("PoolWorker-{number}");
            match worker::launch(&name) {
                Ok((child, socket)) => {
                    inner.workers.push(Worker {
                        name,
                        pid: child.id(),
                        child: Mutex::new(child),
                        socket,
                    });
                }
                Err(error) => {
                    inner.workers.iter().for_each(Worker::kill);
                    return Err(error);
                }
            }
        }
        let mut pool = Pool { inner: Arc::new(inner), drivers: Vec::new() };
        for index in 0..workers {
            let inner = Arc::clone(&pool.inner);
            let driver = std::thread::Builder::new().name(format!("pool-driver-{}", index + 1));
            let driver = driver.spawn(move || inner.drive(&inner.workers[index]));
            // On an error the pool is dropped, which ends what was started.
            pool.drivers.push(driver.map_err(Error::system("start a thread"))?);
        }
        Ok(pool)
    }

    /// How many workers it has.
    pub fn workers(&self) -> usize {
        self.inner.workers.len()
    }

    /// The process ids of the workers.
    pub fn pids(&self) -> Vec<u32> {
        self.inner.workers.iter().map(|worker| worker.pid).collect()
    }

    /// `function` of each item, in the items' order. Answers to `map`. Items are done in chunks of a quarter of a worker's
    /// share, as in CPython, but of 64 at most: see [`map_chunked`](Pool::map_chunked).
    ///
    /// # Errors
    /// The first failure, after which no more items are handed out: [`Error::WorkerPanicked`] with the item,
    /// [`Error::WorkerDied`], [`Error::Broken`], [`Error::NotRegistered`], [`Error::Encoding`],
    /// [`Error::TooManyDescriptors`].
    pub fn map<F, T>(
        &self,
        _function: F,
        items: impl IntoIterator<Item = T>,
    ) -> Result<Vec<F::Output>>
    where
        F: Function<(T,)>,
        T: Serialize + Send + Sync + 'static,
        F::Output: DeserializeOwned + Send + 'static,
    {
        self.ordered::<F, T, F::Output>(items.into_iter().collect(), None)
    }

    /// As [`map`](Pool::map), in chunks of the given number of items. Answers to `map(…, chunksize=…)`.
    ///
    /// A chunk is what a worker does at a time; small ones even out items that take unequally long. Chunks that are done
    /// in microseconds travel many to a message, and a worker that comes upon a slow one then sends the rest back. So items
    /// must not wait for one another; calls of [`submit`](Pool::submit), up to the number of workers, may.
    ///
    /// # Errors
    /// As [`map`](Pool::map).
    pub fn map_chunked<F, T>(
        &self,
        _function: F,
        items: impl IntoIterator<Item = T>,
        chunk: usize,
    ) -> Result<Vec<F::Output>>
    where
        F: Function<(T,)>,
        T: Serialize + Send + Sync + 'static,
        F::Output: DeserializeOwned + Send + 'static,
    {
        self.ordered::<F, T, F::Output>(items.into_iter().collect(), Some(chunk))
    }

    /// `function` of each tuple of arguments, in order. Answers to `starmap`.
    ///
    /// # Errors
    /// As [`map`](Pool::map).
    pub fn starmap<F, Args>(
        &self,
        _function: F,
        items: impl IntoIterator<Item = Args>,
    ) -> Result<Vec<F::Output>>
    where
        F: Function<Args>,
        Args: Serialize + Send + Sync + 'static,
        F::Output: DeserializeOwned + Send + 'static,
    {
        self.ordered::<F, Args, F::Output>(items.into_iter().collect(), None)
    }

    /// `function` of each item, as they are done, one item at a time. Answers to `imap_unordered`. An item that panics is
    /// an error in its turn, and the others follow.
    ///
    /// # Errors
    /// [`Error::Broken`], [`Error::NotRegistered`].
    pub fn map_unordered<F, T>(
        &self,
        _function: F,
        items: impl IntoIterator<Item = T>,
    ) -> Result<Unordered<F::Output>>
    where
        F: Function<(T,)>,
        T: Serialize + Send + Sync + 'static,
        F::Output: DeserializeOwned + Send + 'static,
    {
        let items: Vec<T> = items.into_iter().collect();
        let left = items.len();
        let pieces = self.start::<F, T, F::Output>(items, Some(1), true)?;
        Ok(Unordered { pieces, left, ready: Vec::new().into_iter() })
    }

    /// Calls `function(args…)` in a worker and returns at once. Answers to `apply_async`, and to `submit` of
    /// `concurrent.futures`.
    ///
    /// # Errors
    /// [`Error::Broken`], [`Error::NotRegistered`].
    pub fn submit<F, Args>(&self, __function: F, args: Args) -> Result<Handle<F::Output>>
    where
        F: Function<Args>,
        Args: Serialize + Send + Sync + 'static,
        F::Output: DeserializeOwned + Send + 'static,
    {
        Ok(Handle { pieces: self.start::<F, Args, F::Output>(vec![args], None, false)? })
    }

    /// Takes no more calls; those begun are finished. Answers to `close()`.
    pub fn close(&self) {
        self.inner.schedule.close();
    }

    /// Closes the pool, waits until all calls are done, and lets the workers end by themselves. Answers to `close()` and
    /// `join()`.
    ///
    /// # Errors
    /// [`Error::Broken`] if a worker had died.
    pub fn join(mut self) -> Result<()> {
        self.close();
        self.join_drivers();
        self.inner.schedule.broken().map_or(Ok(()), |reason| Err(Error::Broken { reason }))
    }

    fn join_drivers(&mut self) {
        for driver in self.drivers.drain(..) {
            // A driver does not panic; if it did, its message is on stderr and its worker is killed below.
            let _ = driver.join();
        }
    }

    fn ordered<F, Args, R>(&self, items: Vec<Args>, chunk: Option<usize>) -> Result<Vec<R>>
    where
        F: 'static,
        Args: Serialize + Send + Sync + 'static,
        R: DeserializeOwned + Send + 'static,
    {
        let count = items.len();
        let pieces = self.start::<F, Args, R>(items, chunk, true)?;
        // Results that came before their turn, by the position of the first.
        let (mut all, mut early) = (Vec::with_capacity(count), BTreeMap::new());
        while all.len() < count {
            match pieces.next() {
                Piece::Results(first, results) => drop(early.insert(first, results)),
                Piece::Failed(error) | Piece::Over(error) => return Err(error),
            }
            while let Some(results) = early.remove(&all.len()) {
                all.extend(results);
            }
        }
        Ok(all)
    }

    /// Puts items on the schedule.
    fn start<F, Args, R>(
        &self,
        items: Vec<Args>,
        chunk: Option<usize>,
        mapped: bool,
    ) -> Result<Pieces<R>>
    where
        F: 'static,
        Args: Serialize + Send + Sync + 'static,
        R: DeserializeOwned + Send + 'static,
    {
        let task = task::table()?.name_many::<F>()?;
        let count = items.len();
        let chunk =
            chunk.unwrap_or_else(|| count.div_ceil(4 * self.workers()).min(AUTOMATIC)).max(1);
        let (job, pieces) = Items::new(task, items, chunk, mapped);
        self.inner.schedule.add(Arc::new(job), count)?;
        Ok(pieces)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        if !self.drivers.is_empty() {
            self.inner
                .schedule
                .break_off(Error::Broken { reason: "the pool was dropped".into() }, None);
            self.inner.workers.iter().for_each(Worker::kill);
            self.join_drivers();
        }
        // Also where no driver was started, or one ended early.
        self.inner.workers.iter().for_each(Worker::kill);
    }
}

/// A batch that a worker has.
struct Sent {
    batch: Batch,
    at: Instant,
}

impl Inner {
    /// Keeps one worker busy until the pool ends. Runs in a thread of its own.
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
                    Err(Error::Closed) => return self.lost(worker, Some(batch), Error::Closed),
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
                    && (descriptor::written() > MAX_DESCRIPTORS || items.len() > LONGEST / 2)
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
                let next = batch.items.start + answer.done + usize::from(answer.failure.is_some());
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
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // Both do nothing once it has been waited for.
        let _ = child.kill();
        let _ = child.wait();
    }

    fn wait(&self) -> Exit {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.wait().map_or(Exit::Code(-1), Exit::from)
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} workers", self.workers.len())
    }
}

/// The result of a [`submit`](Pool::submit) to come. Answers to `AsyncResult` and `Future`. Dropped, the call is
/// cancelled if it has not begun.
#[derive(Debug)]
pub struct Handle<R> {
    pieces: Pieces<R>,
}

impl<R> Handle<R> {
    /// Waits for the result. Answers to `get()` and `result()`.
    ///
    /// # Errors
    /// As [`Pool::map`].
    pub fn get(self) -> Result<R> {
        only(self.pieces.next())
    }

    /// Waits so long for the result; gives the handle back if there is none yet. Answers to `get(timeout)`.
    ///
    /// # Errors
    /// The outer one is the time-out; the inner as [`get`](Handle::get).
    pub fn get_timeout(self, timeout: Duration) -> std::result::Result<Result<R>, Handle<R>> {
        self.pieces.next_timeout(timeout).map(only).ok_or(self)
    }
}

fn only<R>(piece: Piece<R>) -> Result<R> {
    match piece {
        Piece::Results(_, results) => results.into_iter().next().ok_or(Error::Closed),
        Piece::Failed(error) | Piece::Over(error) => Err(error),
    }
}

/// Results in the order they are done, from [`Pool::map_unordered`].
#[derive(Debug)]
pub struct Unordered<R> {
    pieces: Pieces<R>,
    /// How many results or errors are still to come from `pieces`.
    left: usize,
    ready: std::vec::IntoIter<R>,
}

impl<R> Iterator for Unordered<R> {
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        loop {
            if let Some(result) = self.ready.next() {
                return Some(Ok(result));
            }
            if self.left == 0 {
                return None;
            }
            match self.pieces.next() {
                Piece::Results(_, results) => {
                    self.left -= results.len();
                    self.ready = results.into_iter();
                }
                Piece::Failed(error) => {
                    self.left -= 1;
                    return Some(Err(error));
                }
                Piece::Over(error) => {
                    self.left = 0;
                    return Some(Err(error));
                }
            }
        }
    }
}

//! Whatever comes in place of a pool's replies, with files that are not what they should be: errors or results. The
//! process library's own files, but for the start of a worker.
#![no_main]
#![allow(dead_code, unused_imports, reason = "what is not tried comes along with the files")]

#[path = "../../../02-multiprocessing/library/error.rs"]
mod error;
#[path = "../../../02-multiprocessing/library/exit.rs"]
mod exit;
#[path = "../../../02-multiprocessing/library/memory/mod.rs"]
mod memory;
#[path = "../../../02-multiprocessing/library/pool/mod.rs"]
mod pool;
#[path = "../../../02-multiprocessing/library/queue.rs"]
mod queue;
#[path = "../../../02-multiprocessing/library/sync.rs"]
mod sync;
#[path = "../../../02-multiprocessing/library/travel/mod.rs"]
mod travel;
mod workers;

use std::sync::Once;

use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;

use self::{
    memory::{semaphore::Semaphore, shared::Shared},
    pool::Pool,
    queue::{Receiver, Sender},
    travel::{
        descriptor::Descriptor,
        packet::{self, Packet},
    },
    workers::{
        task::{self, Function, Tasks},
        wire::{Order, Reply},
        worker::{self, Frame},
    },
};

fn number(item: u64) -> u64 {
    item
}

fn text(item: u64) -> String {
    item.to_string()
}

/// A result that needs no bytes.
fn nothing(_: u64) {}

/// Results that have files with them.
fn queue(_: u64) -> Option<Receiver<u64>> {
    None
}

fn map<F>(function: F, answers: &[Frame])
where
    F: Function<(u64,)>,
    F::Output: DeserializeOwned + Send + 'static,
{
    worker::answer_with(answers);
    let pool = Pool::new(1).expect("start a thread");
    if let Ok(results) = pool.map_chunked(function, 1..=5_u64, 2) {
        assert_eq!(results.len(), 5);
    }
}

fn read<T: DeserializeOwned>(frame: &Frame) {
    let mut packet = worker::packet(frame);
    let _ = packet.read(|bytes| packet::take::<T>(bytes, "an item"));
    assert!(packet.descriptors.is_empty(), "files are kept");
}

fuzz_target!(|answers: Vec<Frame>| {
    static READY: Once = Once::new();
    READY.call_once(|| {
        let mut tasks = Tasks::default();
        tasks.pool(number).pool(text).pool(nothing).pool(queue);
        task::set_table(tasks);
    });
    map(number, &answers);
    map(text, &answers);
    map(nothing, &answers);
    map(queue, &answers);
    if let Some(frame) = answers.first() {
        read::<Order>(frame);
        read::<Reply>(frame);
        read::<Vec<String>>(frame);
        read::<Vec<Shared<u64>>>(frame);
        read::<Vec<Semaphore>>(frame);
        read::<(Sender<u64>, Receiver<String>)>(frame);
        read::<Vec<Descriptor>>(frame);
    }
});

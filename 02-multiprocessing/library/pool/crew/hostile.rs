//! Messages that no worker of ours would send: cut, repeated, out of order, of other lengths than they say, with files
//! that are not what they should be. Nothing panics over them, nothing hangs, and the caller gets an error or results.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use lab::in_time;
use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::fake::crew;
use crate::error::Result;
use crate::memory::semaphore::Semaphore;
use crate::memory::shared::Shared;
use crate::pool::job::{Items, Piece};
use crate::queue::{Queue, Receiver, Sender};
use crate::travel::descriptor::Descriptor;
use crate::travel::packet::{self, Packet};
use crate::travel::socket::Socket;
use crate::workers::wire::{Failure, Order, Reply};

/// A message, before it is sent.
#[derive(Clone, Debug)]
struct Frame {
    bytes: Vec<u8>,
    files: usize,
}

/// A file of one of the kinds that there are.
fn file(kind: usize) -> OwnedFd {
    match kind % 5 {
        0 => File::open("/dev/zero").expect("open").into(),
        1 => File::open("/proc/self/exe").expect("open").into(),
        2 => nix::unistd::pipe().expect("make a pipe").0,
        3 => Socket::pair().expect("make sockets").0,
        _ => memfd_create("file", MFdFlags::MFD_CLOEXEC).expect("make a file"),
    }
}

fn frame() -> impl Strategy<Value = Frame> {
    let done = prop_oneof![0..8_usize, any::<usize>()];
    let failure = proptest::option::of(any::<String>());
    let results = prop::collection::vec(any::<u8>(), 0..30);
    let reply =
        (0..3_u64, done, failure, results).prop_map(|(sequence, done, failure, results)| {
            let failure = failure.map(|message| Failure { location: "here".into(), message });
            let mut packet = Packet::default();
            packet
                .write(|bytes| packet::put(bytes, &Reply { sequence, done, failure }, "a reply"))
                .expect("write");
            [packet.bytes, results].concat()
        });
    let bytes = prop_oneof![4 => reply, 1 => prop::collection::vec(any::<u8>(), 1..60)];
    // The first byte says whether the rest is in a file.
    let first = prop_oneof![8 => Just(0_u8), 1 => Just(1), 1 => any::<u8>()];
    (bytes, first, 0..3_usize, any::<prop::sample::Index>(), any::<bool>()).prop_map(
        |(mut bytes, first, files, at, cut)| {
            bytes[0] = first;
            if cut {
                bytes.truncate(1 + at.index(bytes.len()));
            }
            Frame { bytes, files }
        },
    )
}

/// Has a crew of one send five items to something that answers with these messages.
fn answered<R: DeserializeOwned + Send + 'static>(frames: Vec<Frame>, chunk: usize) {
    let (crew, theirs) = crew();
    let (items, pieces) = Items::<u64, R>::new("task", vec![1, 2, 3, 4, 5], chunk, true);
    crew.schedule.add(Arc::new(items), 5).expect("it takes jobs");
    crew.schedule.close();
    let other = std::thread::spawn(move || {
        let mut packet = Packet::default();
        if theirs.receive(&mut packet).is_ok_and(|there| there) {
            for (number, Frame { bytes, files }) in frames.into_iter().enumerate() {
                let descriptors = (0..files).map(|at| file(number + at).into()).collect();
                let _ = theirs.send(&mut Packet { bytes, descriptors });
            }
        }
    });
    crew.start_driver(0).expect("start a thread").join().expect("the driver does not panic");
    other.join().expect("the other side does not panic");
    drop(crew);
    let mut results = 0;
    loop {
        match pieces.next() {
            Piece::Results(first, some) => {
                assert!(first + some.len() <= 5, "{} results from item {first} on", some.len());
                results += some.len();
            }
            Piece::Failed(_) => results += 1,
            Piece::Over(_) => break,
        }
    }
    assert!(results <= 5, "{results} results of 5 items");
}

/// All that is read from messages, from these bytes with these files.
fn read<T: DeserializeOwned>(bytes: &[u8], files: usize) {
    let bytes = [&[0], bytes].concat();
    let descriptors = (0..files).map(|kind| Descriptor::from(file(kind))).collect();
    let mut packet = Packet { bytes, descriptors };
    let _ = packet.read(|bytes| packet::take::<T>(bytes, "an item"));
    assert!(packet.descriptors.is_empty(), "files are kept");
}

proptest! {
    #[test]
    fn a_crew_gets_over_whatever_is_answered(
        frames in prop::collection::vec(frame(), 0..6), repeat in any::<bool>(), chunk in 1..6_usize
    ) {
        let mut all = frames.clone();
        if repeat {
            all.extend(frames.into_iter().rev());
        }
        in_time(move || {
            answered::<u64>(all.clone(), chunk);
            answered::<String>(all.clone(), chunk);
            // A result that needs no bytes can be claimed any number of times.
            answered::<()>(all, chunk);
        });
    }

    #[test]
    fn bytes_with_files_are_read_or_refused(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0xff), 0..6_u8], 0..80),
        files in 0..6_usize,
    ) {
        read::<Order>(&bytes, files);
        read::<Reply>(&bytes, files);
        read::<Vec<String>>(&bytes, files);
        read::<Vec<Shared<u64>>>(&bytes, files);
        read::<(Sender<u64>, Receiver<String>)>(&bytes, files);
        read::<Vec<Descriptor>>(&bytes, files);
    }
}

/// That the items above are more than noise.
#[test]
fn a_queue_that_came_as_it_was_sent_is_read() {
    in_time(|| {
        let Queue { sender, receiver } = Queue::<u64>::new().expect("make a queue");
        let mut packet = message(&receiver);
        sender.send(7).expect("send");
        let read = packet.read(|bytes| packet::take::<Receiver<u64>>(bytes, "an item"));
        assert_eq!(read.and_then(|read| read.recv()).expect("read and receive"), Some(7));
    });
}

/// A memory file of so many bytes, which are there or only claimed.
fn memory(length: usize, are_there: bool, seals: SealFlag) -> OwnedFd {
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING;
    let file = File::from(memfd_create("file", flags).expect("make a file"));
    file.set_len(length as u64).expect("size it");
    if are_there {
        file.write_all_at(&vec![0; length], 0).expect("write it");
    }
    fcntl(&file, FcntlArg::F_ADD_SEALS(seals)).expect("seal it");
    file.into()
}

/// A message with that value.
fn message<T: Serialize>(value: &T) -> Packet {
    let mut packet = Packet::default();
    packet.write(|bytes| packet::put(bytes, value, "an item")).expect("write");
    packet
}

/// Takes a value from the message with it, where another file has come in the place of one of its own.
fn with_file<T: Serialize + DeserializeOwned>(
    value: &T,
    place: usize,
    file: impl Into<Descriptor>,
) -> Result<T> {
    let mut packet = message(value);
    packet.descriptors[place] = file.into();
    packet.read(|bytes| packet::take(bytes, "an item"))
}

/// All files that are not shared memory of that length.
fn no_memory(length: usize) -> impl Iterator<Item = OwnedFd> {
    let sealed = SealFlag::F_SEAL_GROW | SealFlag::F_SEAL_SHRINK | SealFlag::F_SEAL_SEAL;
    let others = [
        memory(length, true, SealFlag::empty()),
        memory(length, true, sealed - SealFlag::F_SEAL_SHRINK),
        memory(length - 1, true, sealed),
        memory(0, true, sealed),
        memory(length, false, sealed),
        memory(length << 10, false, sealed),
    ];
    (0..5).map(file).chain(others)
}

/// Of a value's files the first is its memory.
fn check_memory<T: Serialize + DeserializeOwned>(value: &T) {
    let own = message(value).descriptors.remove(0);
    let length = own.whole_length().expect("it is a file");
    drop(with_file(value, 0, own).expect("that is its own"));
    for (number, file) in no_memory(length).enumerate() {
        assert!(with_file(value, 0, file).is_err(), "file {number} is taken for memory");
    }
}

#[test]
fn only_sealed_memory_of_the_right_length_is_taken_for_memory() {
    let Queue { sender, receiver } = Queue::<String>::new().expect("make a queue");
    check_memory(&Shared::new(7_u64).expect("make memory"));
    check_memory(&Semaphore::new(2).expect("make a semaphore"));
    check_memory(&sender);
    check_memory(&receiver);
}

#[test]
fn a_queue_whose_other_files_are_not_its_own_works_or_says_what_is_wrong() {
    in_time(|| {
        // Its bell, its rope, and the socket for long items, which alone is needed here.
        for place in 1..4 {
            for kind in 0..5 {
                let Queue { sender, receiver } = Queue::<String>::new().expect("make a queue");
                let other =
                    with_file(&sender, place, file(kind)).expect("nothing was asked of it yet");
                let _ = other.send("short".into());
                let long = other.send("long".repeat(10_000));
                assert!(place < 3 || long.is_err(), "a long item went into file {kind}");
                drop((receiver, other));
                let Queue { sender, receiver } = Queue::<String>::new().expect("make a queue");
                let other = with_file(&receiver, place, file(kind)).expect("nor of this one");
                sender.send("short".into()).expect("this one is sound");
                assert_eq!(other.recv().expect("receive").as_deref(), Some("short"));
            }
        }
    });
}

#[test]
fn a_message_that_is_not_in_its_file_takes_no_memory() {
    in_time(|| {
        let (ours, theirs) = Socket::pair().expect("make sockets");
        let (ours, theirs) = (Socket::from(ours), Socket::from(theirs));
        let mut received = Packet::default();
        let mut send = |file: OwnedFd| {
            let mut packet = Packet { bytes: vec![1], descriptors: vec![file.into()] };
            theirs.send(&mut packet).expect("send");
            ours.receive(&mut received).map(|_| received.bytes.len())
        };
        assert_eq!(send(memory(1000, true, SealFlag::empty())).expect("it is there"), 1000);
        for length in [1, 1 << 28, 1 << 40] {
            assert!(send(memory(length, false, SealFlag::empty())).is_err(), "{length} bytes");
        }
    });
}

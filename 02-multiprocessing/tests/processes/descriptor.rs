//! Open files that travel.

use multiprocessing::{Error, Pool, Process, Queue, Result, Shared, Tasks};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::open_files;
use crate::pool::square;
use crate::process::nothing;

tests! {
    too_many_descriptors_is_an_error descriptors_beyond_the_limit_are_not_kept thousand_rounds_leave_nothing
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(takes_many).pool(makes_many).pool(count_files);
}

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

/// The kernel opens as many of a message's files as this process may have, and drops the others.
fn descriptors_beyond_the_limit_are_not_kept() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    sender.send(vec![Shared::new(0)?; 20])?;
    let before = open_files();
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("read the limit");
    // `before` counts the folder that it read, too.
    setrlimit(Resource::RLIMIT_NOFILE, before as u64 + 5, hard).expect("set the limit");
    let received = receiver.recv();
    setrlimit(Resource::RLIMIT_NOFILE, soft, hard).expect("set the limit back");
    match received {
        Err(Error::System { reason, .. }) => {
            assert!(reason.to_string().contains("too many open files"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(open_files(), before);
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

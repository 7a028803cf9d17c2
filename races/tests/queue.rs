//! The queue of the process library, as it is, with its ring and its bells, under the checker.

use checked::{
    Error, Queue,
    process::{check, lot, spawn},
};
use shuttle::{
    sync::{Arc, Condvar, Mutex},
    thread,
};

/// Longer than what goes through the ring: it goes over the socket.
const PARCEL: usize = 5000;

/// An item: who sent it, and which of its items it is; the text makes some of them long.
type Item = (usize, usize, String);

fn item(sender: usize, number: usize, length: usize) -> Item {
    (sender, number, "x".repeat(length))
}

/// Two senders with so many items each of such a length, and two receivers, of which the first sender or receiver may be
/// killed. Each item arrives once, in its sender's order for who receives it, but for those that the dead take along.
fn exchange(items: usize, length: usize, sender_fuse: Option<usize>, receiver_fuse: Option<usize>) {
    let Queue { sender, receiver } = Queue::<Item>::new().expect("make a queue");
    let got = Arc::new(Mutex::new(Vec::new()));
    let mut processes = Vec::new();
    for (number, fuse) in [sender_fuse, None].into_iter().enumerate() {
        let sender = sender.clone();
        processes.push((
            fuse.is_some(),
            spawn(fuse, move || {
                for at in 0..items {
                    sender.send(item(number, at, length)).expect("send");
                }
            }),
        ));
    }
    for fuse in [receiver_fuse, None] {
        let (receiver, got) = (receiver.clone(), Arc::clone(&got));
        processes.push((
            fuse.is_some(),
            spawn(fuse, move || {
                let mut last = [None; 2];
                for item in receiver.iter() {
                    let (sender, number, text) = item.expect("receive");
                    assert_eq!(text.len(), length);
                    assert!(last[sender] < Some(number), "an item came before an older one");
                    last[sender] = Some(number);
                    got.lock().expect("not poisoned").push((sender, number));
                }
            }),
        ));
    }
    drop((sender, receiver));
    let mut dead = [false; 4];
    for (position, (is_mortal, process)) in processes.into_iter().enumerate() {
        dead[position] = !process.join().expect("it does not panic");
        assert!(is_mortal || !dead[position], "process {position}");
    }
    let mut got = got.lock().expect("not poisoned").clone();
    let all = got.len();
    got.sort_unstable();
    got.dedup();
    assert_eq!(got.len(), all, "an item came twice");
    let missing = |sender| (0..items).filter(|&at| !got.contains(&(sender, at))).count();
    let taken_along = usize::from(dead[2]);
    assert!(missing(1) <= taken_along, "{got:?}");
    if !dead[0] {
        assert!(missing(0) + missing(1) <= taken_along, "{got:?}");
    }
}

#[test]
fn each_item_arrives_once_and_nobody_sleeps_on() {
    check(600, || exchange(2, 0, None, None));
    // 17 of them are more than there is room for.
    check(30, || exchange(17, 4000, None, None));
    check(500, || exchange(2, PARCEL, None, None));
}

#[test]
fn a_killed_sender_takes_nothing_along_and_a_killed_receiver_one_item() {
    check(600, || exchange(2, 0, Some(1 + lot(40)), None));
    check(600, || exchange(2, 0, None, Some(1 + lot(60))));
    check(600, || exchange(2, PARCEL, Some(1 + lot(60)), None));
    check(600, || exchange(2, PARCEL, None, Some(1 + lot(60))));
    check(30, || exchange(17, 4000, None, Some(1 + lot(200))));
}

/// Here no end of the queue wakes who sleeps, as somebody is left who could send.
#[test]
fn who_is_killed_while_it_sends_leaves_no_receiver_asleep() {
    fn run(length: usize) {
        let Queue { sender, receiver } = Queue::<Item>::new().expect("make a queue");
        let other = sender.clone();
        let mortal = spawn(Some(1 + lot(30)), move || {
            (0..2).for_each(|at| other.send(item(0, at, length)).expect("send"));
        });
        let reader = spawn(None, move || {
            let last = receiver.iter().find(|got| got.as_ref().is_ok_and(|it| it.0 == 1));
            assert!(last.is_some(), "the end came before the last item");
        });
        mortal.join().expect("it does not panic");
        sender.send(item(1, 0, 0)).expect("send");
        assert!(reader.join().expect("it does not panic"));
    }
    check(2000, || run(0));
    check(2000, || run(PARCEL));
}

#[derive(Default)]
struct Seen {
    items: Vec<usize>,
    is_dead: bool,
}

#[test]
fn who_is_killed_while_it_receives_leaves_no_receiver_asleep() {
    check(2000, || {
        let Queue { sender, receiver } = Queue::<Item>::new().expect("make a queue");
        let seen = Arc::new((Mutex::new(Seen::default()), Condvar::new()));
        let reader = |fuse| {
            let (receiver, seen) = (receiver.clone(), Arc::clone(&seen));
            spawn(fuse, move || {
                for item in receiver.iter() {
                    seen.0.lock().expect("not poisoned").items.push(item.expect("receive").1);
                    seen.1.notify_all();
                }
            })
        };
        let other = reader(None);
        // Mostly it sleeps by then, and may be slow to wake.
        (0..30).for_each(|_| thread::yield_now());
        let mortal = reader(Some(1 + lot(40)));
        let at_death = Arc::clone(&seen);
        let watch = thread::spawn(move || {
            let lives = mortal.join().expect("it does not panic");
            at_death.0.lock().expect("not poisoned").is_dead = !lives;
            at_death.1.notify_all();
        });
        // What the dead takes along is nobody's loss, but then the other gets all that follows.
        for at in 0..3 {
            let was_dead = seen.0.lock().expect("not poisoned").is_dead;
            sender.send(item(0, at, 0)).expect("send");
            let is_open = |now: &mut Seen| !now.items.contains(&at) && now.is_dead == was_dead;
            let now = seen.0.lock().expect("not poisoned");
            drop(seen.1.wait_while(now, is_open).expect("not poisoned"));
        }
        drop((sender, receiver));
        assert!(other.join().expect("it does not panic"));
        watch.join().expect("it does not panic");
    });
}

#[test]
fn a_sender_without_receivers_is_told() {
    check(600, || {
        let Queue { sender, receiver } = Queue::<Item>::new().expect("make a queue");
        let fuse = Some(1 + lot(40));
        let reader = spawn(fuse, move || drop(receiver.recv()));
        // Far more than there is room for.
        let end = (0..40).find_map(|at| sender.send(item(0, at, 4000)).err());
        assert!(matches!(end, Some(Error::Closed)), "{end:?}");
        reader.join().expect("it does not panic");
        // Before there is no room, too: at the next tick.
        let Queue { sender, receiver } = Queue::<Item>::new().expect("make a queue");
        drop(receiver);
        let end = (0..40).find_map(|at| sender.send(item(0, at, 0)).err());
        assert!(matches!(end, Some(Error::Closed)), "{end:?}");
    });
}

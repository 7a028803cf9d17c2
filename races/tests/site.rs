//! What the lab's site counts, and its gates, as they are, under the checker. Requests are tasks of one thread there:
//! they may overtake each other where they wait.

use std::{cell::Cell, rc::Rc, sync::Arc};

use checked::{lab::traffic::Traffic, process::check};
use shuttle::{
    future::{self, JoinHandle, block_on, spawn_local},
    thread,
};

/// A request, which waits at a gate, and counts how many are in flight at once.
fn request(traffic: &Arc<Traffic>, gate: usize, at_once: &Rc<[Cell<usize>; 2]>) -> JoinHandle<()> {
    let (traffic, at_once) = (Arc::clone(traffic), Rc::clone(at_once));
    spawn_local(async move {
        future::yield_now().await;
        let _in_flight = traffic.arrive();
        let [now, most] = &*at_once;
        now.set(now.get() + 1);
        most.set(most.get().max(now.get()));
        traffic.gate(gate).await;
        assert!(most.get() >= gate, "the gate was open too soon");
        future::yield_now().await;
        now.set(now.get() - 1);
    })
}

#[test]
fn a_gate_opens_for_all_as_soon_as_so_many_are_in_flight() {
    check(2000, || {
        let (traffic, at_once) = (Arc::<Traffic>::default(), Rc::default());
        let requests = [3, 3, 3, 2, 1].map(|gate| request(&traffic, gate, &at_once));
        for request in requests {
            block_on(request).expect("nobody aborts it");
        }
        assert_eq!(traffic.in_flight_max(), at_once[1].get());
        assert_eq!(traffic.served(), 5);
    });
}

#[test]
fn who_opens_a_gate_need_not_leave_for_the_others_to_pass() {
    check(1000, || {
        let (traffic, at_once) = (Arc::<Traffic>::default(), Rc::<[Cell<usize>; 2]>::default());
        at_once[0].set(1);
        let requests = [3, 3].map(|gate| request(&traffic, gate, &at_once));
        (0..4).for_each(|_| thread::yield_now());
        let last = traffic.arrive();
        for request in requests {
            block_on(request).expect("nobody aborts it");
        }
        drop(last);
    });
}

#[test]
fn whose_client_is_gone_opens_no_gate() {
    check(2000, || {
        let (traffic, at_once) = (Arc::<Traffic>::default(), Rc::default());
        let gone = request(&traffic, 2, &Rc::default());
        (0..4).for_each(|_| thread::yield_now());
        gone.abort();
        let _ = block_on(gone);
        let first = request(&traffic, 2, &at_once);
        (0..4).for_each(|_| thread::yield_now());
        assert!(traffic.in_flight_max() < 2);
        for request in [first, request(&traffic, 2, &at_once)] {
            block_on(request).expect("nobody aborts it");
        }
        assert_eq!(traffic.in_flight_max(), 2);
    });
}

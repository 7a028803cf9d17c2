//! What the site counts, and the gates that wait for it. `races/tests/site.rs` tries this file in many orders.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use tokio::sync::watch;

/// Who was and is being served. A request counts as in flight from its arrival until its answer begins.
#[derive(Default)]
pub struct Traffic {
    pub(super) connections: AtomicUsize,
    served: AtomicUsize,
    in_flight: watch::Sender<Count>,
    /// How often each URL that asks for a fault got it.
    pub(super) faults: Mutex<HashMap<String, u32>>,
}

/// How many are in flight, and at most were so far.
#[derive(Default)]
struct Count {
    now: usize,
    most: usize,
}

/// A request in flight, until dropped.
pub struct InFlight<'a>(&'a Traffic);

impl Traffic {
    /// A request arrives.
    pub fn arrive(&self) -> InFlight<'_> {
        self.served.fetch_add(1, Relaxed);
        self.in_flight.send_modify(|count| {
            count.now += 1;
            count.most = count.most.max(count.now);
        });
        InFlight(self)
    }

    /// Waits until so many requests have been in flight at once.
    pub async fn gate(&self, requests: usize) {
        // Not for how many there are now, which may be fewer again when this looks. It is an error if the sender is
        // gone, which is here.
        let _ = self.in_flight.subscribe().wait_for(|count| count.most >= requests).await;
    }

    /// Connections that were opened so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Relaxed)
    }

    /// Requests that arrived so far.
    pub fn served(&self) -> usize {
        self.served.load(Relaxed)
    }

    /// The greatest number of requests that were in flight at once so far.
    pub fn in_flight_max(&self) -> usize {
        self.in_flight.borrow().most
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.send_modify(|count| count.now -= 1);
    }
}

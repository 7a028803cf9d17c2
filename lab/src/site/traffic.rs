//! What the site counts.

use std::{
    collections::HashMap,
    sync::{Mutex, atomic::AtomicUsize},
};

use tokio::sync::watch;

/// Who was and is being served. A request counts as in flight from its arrival until its answer begins.
#[derive(Default)]
pub(super) struct Traffic {
    pub(super) connections: AtomicUsize,
    pub(super) in_flight: watch::Sender<usize>,
    pub(super) in_flight_max: AtomicUsize,
    pub(super) served: AtomicUsize,
    /// How often each URL that asks for a fault got it.
    pub(super) faults: Mutex<HashMap<String, u32>>,
}

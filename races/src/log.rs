//! What the threads of a checked run did, in order. The checker runs them all on one thread of the system, by turns.

use std::cell::RefCell;

thread_local! {
    static STEPS: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
}

/// What one thread did; 0 is the one that starts the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub thread: usize,
    pub what: String,
}

pub fn add(thread: usize, what: String) {
    STEPS.with_borrow_mut(|steps| steps.push(Step { thread, what }));
}

/// The steps since it was last asked.
pub fn take() -> Vec<Step> {
    STEPS.take()
}

//! What a worker tells of the panics of its tasks.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};

use crate::workers::name::current_name;
use crate::workers::wire::{Failure, is_closed_pipe};

thread_local! {
    /// Whether this thread is running a task, and whether a panic in it is printed: the parent reports those of a pool.
    static TASK: Cell<Option<bool>> = const { Cell::new(None) };
    static LAST: RefCell<Failure> = RefCell::default();
}

/// Calls a task, whose panics are kept for the parent, and are printed if `print`.
pub(super) fn in_task<R>(print: bool, call: impl FnOnce() -> R) -> R {
    TASK.set(Some(print));
    let result = call();
    TASK.set(None);
    result
}

/// Place and text of the last panic of a task on this thread.
pub(super) fn last() -> Failure {
    LAST.take()
}

/// From now on keeps place and text of the panics of tasks.
pub(super) fn keep() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let Some(print) = TASK.get() else { return before(info) };
        let message = info.payload_as_str().unwrap_or("a panic without a text").to_owned();
        let location =
            info.location().map_or_else(|| "an unknown place".into(), ToString::to_string);
        if print && !is_closed_pipe(&message) {
            let (name, pid) = (current_name(), std::process::id());
            // Without `eprintln!`, whose own panic in here would abort, if nobody reads.
            let _ = writeln!(
                io::stderr(),
                "process {name} (pid {pid}) panicked at {location}:\n{message}"
            );
        }
        LAST.set(Failure { location, message });
    }));
}

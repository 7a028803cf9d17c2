//! The name of a process.

use std::sync::OnceLock;

static NAME: OnceLock<String> = OnceLock::new();

/// The name of this process; `MainProcess` for the one the user started. Answers to `current_process().name`.
pub fn current_name() -> &'static str {
    NAME.get().map_or("MainProcess", String::as_str)
}

/// Says that this process is a worker of that name.
pub(crate) fn set_current_name(name: String) -> &'static str {
    NAME.get_or_init(|| name)
}

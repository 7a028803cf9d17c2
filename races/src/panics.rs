//! Panics that are what somebody looks for: not printed, but told.

use std::{any::Any, fs::File, io, os::fd::AsFd, panic};

use nix::unistd::dup2_stderr;

/// Runs `look` with nothing printed by who panics.
pub fn quietly<T>(look: impl FnOnce() -> T) -> T {
    let report = panic::take_hook();
    panic::set_hook(Box::new(|_| ()));
    let seen = look();
    panic::set_hook(report);
    seen
}

/// Runs `look`, which must not panic, with standard error led nowhere: shuttle says there what the table says better.
/// Where that cannot be done, its lines are seen.
pub fn without_stderr<T>(look: impl FnOnce() -> T) -> T {
    let kept = io::stderr().as_fd().try_clone_to_owned();
    let nowhere = File::options().write(true).open("/dev/null");
    let (Ok(kept), Ok(nowhere)) = (kept, nowhere) else { return look() };
    let closed = dup2_stderr(&nowhere);
    let seen = look();
    if closed.is_ok() {
        let _ = dup2_stderr(&kept);
    }
    seen
}

/// What a panic says, its first line.
pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    let text = text.lines().next().unwrap_or(text);
    let compared = text.strip_prefix("assertion `left ").and_then(|it| it.split_once(" failed: "));
    compared.map_or(text, |(_, said)| said).into()
}

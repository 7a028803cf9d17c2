//! What a function may return that has a process of its own.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use crate::travel::socket::has_sent_to_nobody;
use crate::workers::name::current_name;

/// After a send to nobody a worker waits so long before it complains: if its parent is ending, it is
/// killed meanwhile.
const GRACE: Duration = Duration::from_millis(100);

/// What a function may return that has a [`Process`](crate::Process) of its own: nothing, an `ExitCode`, or a `Result` of
/// these, of which an error is printed with all its causes and makes the exit code 1.
///
/// Not `std::process::Termination`, which prints errors as `Debug` does.
pub trait Outcome {
    /// Prints the error, if it is one, and gives the exit code.
    fn exit_code(self) -> i32;
}

impl Outcome for () {
    fn exit_code(self) -> i32 {
        0
    }
}

impl Outcome for ExitCode {
    fn exit_code(self) -> i32 {
        // It has no way to ask for its number, but can be compared.
        (0..=u8::MAX).find(|&number| ExitCode::from(number) == self).map_or(1, i32::from)
    }
}

impl<T: Outcome, E: Into<Box<dyn Error>>> Outcome for Result<T, E> {
    fn exit_code(self) -> i32 {
        match self {
            Ok(outcome) => outcome.exit_code(),
            Err(error) => {
                wait_if_orphaned();
                let error = with_causes(&*error.into());
                // Nobody may be listening.
                let _ = writeln!(std::io::stderr(), "{} failed: {error}", current_name());
                1
            }
        }
    }
}

/// A parent that ends closes its queues and pipes a moment before the worker sees it go, and is killed. An error that
/// only says so is not worth printing: nobody has failed.
fn wait_if_orphaned() {
    if has_sent_to_nobody() {
        thread::sleep(GRACE);
    }
}

fn with_causes(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

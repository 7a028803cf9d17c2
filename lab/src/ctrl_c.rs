//! Who answers Ctrl-C.
//!
//! Once a program has handled a signal, there is no way back without `unsafe` to the system's own answer, which ends
//! the program: with the last listener gone the signal would do nothing. So here the system's answer is given again
//! while nobody claims the signal.

use std::{
    io,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use signal_hook::{consts::SIGINT, flag};

static UNCLAIMED: AtomicBool = AtomicBool::new(false);
static CLAIMS: Mutex<usize> = Mutex::new(0);

/// While there is one, Ctrl-C does not end the program by itself: whoever has it listens.
pub(crate) struct Claim(());

impl Claim {
    /// To be made after the listener is there, and dropped before it is gone, so that no signal falls between the two.
    ///
    /// # Errors
    /// If signals cannot be handled.
    pub fn new() -> io::Result<Self> {
        static HANDLER: OnceLock<()> = OnceLock::new();
        let mut claims = CLAIMS.lock().unwrap_or_else(PoisonError::into_inner);
        if HANDLER.get().is_none() {
            flag::register_conditional_default(SIGINT, &UNCLAIMED)?;
            let _ = HANDLER.set(());
        }
        *claims += 1;
        UNCLAIMED.store(false, SeqCst);
        Ok(Self(()))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut claims = CLAIMS.lock().unwrap_or_else(PoisonError::into_inner);
        *claims -= 1;
        UNCLAIMED.store(*claims == 0, SeqCst);
    }
}

/// From here on a second Ctrl-C ends the program at once, with 130, wherever it stands: where nobody reads what it
/// prints (Ctrl-S in a terminal), it would wait for ever. The first one is for who listens.
///
/// # Errors
/// If signals cannot be handled.
pub fn end_at_the_second() -> io::Result<()> {
    let once = Arc::new(AtomicBool::new(false));
    // In this order, which is that in which they are called: the first Ctrl-C is looked for before it is noted.
    flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&once))?;
    flag::register(SIGINT, once)?;
    Ok(())
}

//! Who answers Ctrl-C.
//!
//! Once a program has handled a signal, there is no way back without `unsafe` to the system's own answer, which ends
//! the program: with the last listener gone the signal would do nothing. So here the system's answer is given again
//! while nobody claims the signal.

use std::{
    io,
    sync::{Arc, PoisonError, atomic::Ordering::SeqCst},
};

use super::sync::{AtomicBool, LazyLock, Mutex, SIGINT, SigId, flag, unregister};

static CLAIMS: LazyLock<Claims> = LazyLock::new(Claims::default);

#[derive(Default)]
struct Claims {
    are_none: AtomicBool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    claims: usize,
    /// The system's answer, among what is done when the signal comes.
    answer: Option<SigId>,
}

/// While there is one, Ctrl-C does not end the program by itself: whoever has it listens.
pub(crate) struct Claim(());

impl Claim {
    /// To be made after the listener is there, and dropped before it is gone, so that no signal falls between the two.
    ///
    /// # Errors
    /// If signals cannot be handled.
    pub fn new() -> io::Result<Self> {
        let mut state = CLAIMS.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Again each time, since what was registered first is done first: a signal that comes too late for the listener
        // must find out after it that the claim is gone.
        let answer = flag::register_conditional_default(SIGINT, &CLAIMS.are_none)?;
        if let Some(before) = state.answer.replace(answer) {
            unregister(before);
        }
        state.claims += 1;
        CLAIMS.are_none.store(false, SeqCst);
        Ok(Self(()))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut state = CLAIMS.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.claims -= 1;
        CLAIMS.are_none.store(state.claims == 0, SeqCst);
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

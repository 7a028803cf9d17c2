//! What the races are written with, two times over under the same names: as it runs, and as the checker runs it.

/// Compiles the same source two times: `plain` with the standard library's threads and locks, `checked` with shuttle's.
macro_rules! twice {
    ($($item:item)*) => {
        #[allow(clippy::unwrap_used, reason = "where a thread panicked, the run has failed")]
        pub mod plain {
            #[allow(unused_imports, reason = "each race needs some of it")]
            use crate::sync::{plain::*, yield_once};
            $($item)*
        }
        #[allow(clippy::unwrap_used, reason = "where a thread panicked, the run has failed")]
        pub mod checked {
            #[allow(unused_imports, reason = "each race needs some of it")]
            use crate::sync::{checked::*, yield_once};
            $($item)*
        }
    };
}

pub mod plain {
    pub use std::{
        pin::pin,
        sync::{
            Condvar, Mutex,
            atomic::{AtomicUsize, Ordering::SeqCst},
            mpsc,
        },
        thread,
    };

    pub use futures_executor::block_on;

    /// Says what the thread did, for the checker's table: here nobody reads it.
    pub fn did(_: std::fmt::Arguments<'_>) {}

    /// Where the checker may go on with another thread: here the system may everywhere.
    pub fn may_switch() {}
}

pub mod checked {
    pub use std::pin::pin;

    pub use shuttle::{
        future::block_on,
        sync::{
            Condvar, Mutex,
            atomic::{AtomicUsize, Ordering::SeqCst},
            mpsc,
        },
        thread,
    };

    /// Says what the thread did, for the table.
    pub fn did(what: std::fmt::Arguments<'_>) {
        crate::log::add(shuttle::current::me().into(), what.to_string());
    }

    /// Where the checker may go on with another thread, before a step of a library that it does not know.
    pub fn may_switch() {
        thread::yield_now();
    }
}

/// Lets the other futures of this thread go on first.
pub async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        if yielded {
            return std::task::Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

//! Nobody goes on before all are there. Python: `barrier.wait()`, which gives each thread a number;
//! here one of them is told that it leads.

use std::sync::{
    Barrier,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use anyhow::Result;

use super::threads::{THREADS, in_threads};

pub fn show() -> Result<()> {
    let barrier = Barrier::new(THREADS);
    let (arrived, leaders) = (AtomicUsize::new(0), AtomicUsize::new(0));
    in_threads(THREADS, |_| {
        arrived.fetch_add(1, Relaxed);
        let leads = barrier.wait().is_leader();
        assert_eq!(arrived.load(Relaxed), THREADS, "a thread is past the barrier too early");
        leaders.fetch_add(usize::from(leads), Relaxed);
    })?;
    println!("barrier: {THREADS} threads met, {} of them leads", leaders.into_inner());
    Ok(())
}

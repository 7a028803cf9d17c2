//! Two threads add 1: each reads, then writes. What one writes in between is lost.
//!
//! Python: `counter += 1`, which also reads, then writes. Twin: `python/lost_update.py`
//! Run: `cargo races lost-update`

twice! {
    pub fn race() {
        let counter = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let read = counter.load(SeqCst);
                    did(format_args!("reads {read}"));
                    counter.store(read + 1, SeqCst);
                    did(format_args!("writes {}", read + 1));
                });
            }
        });
        assert_eq!(counter.load(SeqCst), 2, "an update was lost");
    }

    pub fn mended() {
        let counter = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let read = counter.fetch_add(1, SeqCst); // one step
                    did(format_args!("reads {read}, writes {}", read + 1));
                });
            }
        });
        assert_eq!(counter.load(SeqCst), 2, "an update was lost");
    }
}

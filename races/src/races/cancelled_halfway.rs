//! A task takes 10 here, awaits, and gives 10 there; who is told to stop in between drops it with half its work done.
//!
//! Python: `task.cancel()`, which also ends it at an `await`. Twin: `python/cancelled_halfway.py`
//! Run: `cargo races cancelled-halfway`

twice! {
    async fn stopped(stop: &AtomicUsize) {
        while stop.load(SeqCst) == 0 {
            yield_once().await;
        }
        did(format_args!("stops: the transfer is dropped"));
    }

    /// Like `select!`: whichever is first, the other is dropped. Returns what is in both accounts.
    fn unless_stopped(transfer: impl AsyncFn(&Mutex<i32>, &Mutex<i32>)) -> i32 {
        let (stop, from, to) = (AtomicUsize::new(0), Mutex::new(100), Mutex::new(0));
        thread::scope(|scope| {
            scope.spawn(|| {
                stop.store(1, SeqCst);
                did(format_args!("says stop"));
            });
            let (transfer, stopped) = (pin!(transfer(&from, &to)), pin!(stopped(&stop)));
            block_on(futures_util::future::select(transfer, stopped));
        });
        from.into_inner().unwrap() + to.into_inner().unwrap()
    }

    pub fn race() {
        let total = unless_stopped(async |from, to| {
            *from.lock().unwrap() -= 10;
            did(format_args!("takes 10, awaits"));
            yield_once().await;
            *to.lock().unwrap() += 10;
            did(format_args!("gives 10"));
        });
        assert_eq!(total, 100, "money was lost");
    }

    pub fn mended() {
        let total = unless_stopped(async |from, to| {
            did(format_args!("awaits"));
            yield_once().await; // before both, none between them
            *from.lock().unwrap() -= 10;
            *to.lock().unwrap() += 10;
            did(format_args!("takes and gives 10"));
        });
        assert_eq!(total, 100, "money was lost");
    }
}

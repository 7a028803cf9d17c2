//! A semaphore of one place, for three threads: who gives its place back twice lets two in at once.
//!
//! Python: the same; `BoundedSemaphore` raises. Twin: `python/given_back_twice.py`
//! Run: `cargo races given-back-twice`

twice! {
    /// Three threads use the place; the first of them gives it back so many times.
    fn three_use_it(give_backs: usize) {
        let (places, changed, inside) = (Mutex::new(1), Condvar::new(), AtomicUsize::new(0));
        let most = AtomicUsize::new(0);
        let use_it = |give_backs| {
            let free = places.lock().unwrap();
            *changed.wait_while(free, |free| *free == 0).unwrap() -= 1;
            let others = inside.fetch_add(1, SeqCst);
            did(format_args!("in, with {others} others"));
            most.fetch_max(others + 1, SeqCst);
            inside.fetch_sub(1, SeqCst);
            for _ in 0..give_backs {
                *places.lock().unwrap() += 1;
                changed.notify_one();
                did(format_args!("gives a place back"));
            }
        };
        thread::scope(|scope| {
            scope.spawn(|| use_it(give_backs));
            scope.spawn(|| use_it(1));
            scope.spawn(|| use_it(1));
        });
        assert_eq!(most.load(SeqCst), 1, "two were in at once");
    }

    pub fn race() {
        three_use_it(2); // once where the work ends, once more where the function ends
    }

    pub fn mended() {
        three_use_it(1);
    }
}

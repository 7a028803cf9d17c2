//! One thread locks A, then B; another B, then A. Each may have what the other waits for.
//!
//! Python: the same. Twin: `python/two_locks.py`
//! Run: `cargo races two-locks`

twice! {
    fn lock_both(first: (&str, &Mutex<i32>), second: (&str, &Mutex<i32>)) {
        let mut from = first.1.lock().unwrap();
        did(format_args!("has {}, wants {}", first.0, second.0));
        let mut to = second.1.lock().unwrap();
        did(format_args!("has both"));
        *from -= 10;
        *to += 10;
    }

    pub fn race() {
        let (a, b) = (Mutex::new(100), Mutex::new(100));
        thread::scope(|scope| {
            scope.spawn(|| lock_both(("A", &a), ("B", &b)));
            scope.spawn(|| lock_both(("B", &b), ("A", &a)));
        });
    }

    pub fn mended() {
        let (a, b) = (Mutex::new(100), Mutex::new(100));
        thread::scope(|scope| {
            scope.spawn(|| lock_both(("A", &a), ("B", &b)));
            scope.spawn(|| lock_both(("A", &a), ("B", &b))); // one order for all
        });
    }
}

//! Two threads each take 60 of 100, if there are 60: the answer is old by the time they take.
//!
//! Python: the same, with `with lock` two times. Twin: `python/check_then_act.py`
//! Run: `cargo races check-then-act`

twice! {
    pub fn race() {
        let account = Mutex::new(100);
        let withdraw = || {
            let enough = *account.lock().unwrap() >= 60;
            did(format_args!("enough: {enough}"));
            if enough {
                *account.lock().unwrap() -= 60;
                did(format_args!("takes 60"));
            }
        };
        thread::scope(|scope| {
            scope.spawn(withdraw);
            scope.spawn(withdraw);
        });
        assert_eq!(*account.lock().unwrap(), 40, "more was taken than was there");
    }

    pub fn mended() {
        let account = Mutex::new(100);
        let withdraw = || {
            let mut balance = account.lock().unwrap(); // until the end
            let enough = *balance >= 60;
            did(format_args!("enough: {enough}"));
            if enough {
                *balance -= 60;
                did(format_args!("takes 60"));
            }
        };
        thread::scope(|scope| {
            scope.spawn(withdraw);
            scope.spawn(withdraw);
        });
        assert_eq!(*account.lock().unwrap(), 40, "more was taken than was there");
    }
}

//! One thread says that it is ready, another waits for it: who comes later than the word waits for ever.
//!
//! Python: `Condition.wait`, which has to look first too; mended, `wait_for`. Twin: `python/missed_notification.py`
//! Run: `cargo races missed-notification`

twice! {
    fn prepare(ready: &Mutex<bool>, changed: &Condvar) {
        *ready.lock().unwrap() = true;
        changed.notify_one();
        did(format_args!("notifies"));
    }

    pub fn race() {
        let (ready, changed) = (Mutex::new(false), Condvar::new());
        thread::scope(|scope| {
            scope.spawn(|| {
                let ready = ready.lock().unwrap();
                did(format_args!("ready: {ready}, waits"));
                drop(changed.wait(ready).unwrap());
                did(format_args!("goes on"));
            });
            scope.spawn(|| prepare(&ready, &changed));
        });
    }

    pub fn mended() {
        let (ready, changed) = (Mutex::new(false), Condvar::new());
        thread::scope(|scope| {
            scope.spawn(|| {
                let ready = ready.lock().unwrap();
                did(format_args!("ready: {ready}, waits unless it is"));
                drop(changed.wait_while(ready, |ready| !*ready).unwrap());
                did(format_args!("goes on"));
            });
            scope.spawn(|| prepare(&ready, &changed));
        });
    }
}

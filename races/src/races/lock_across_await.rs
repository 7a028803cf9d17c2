//! Two tasks on one thread; one awaits with the lock in its hand. The other blocks the thread that both need.
//!
//! Python: the same with a `threading.Lock` in asyncio. Twin: `python/lock_across_await.py`
//! Run: `cargo races lock-across-await`
//!
//! No schedule helps: it goes wrong each time. Clippy sees it (`await_holding_lock`), `tokio::spawn` refuses the guard.

twice! {
    #[allow(clippy::await_holding_lock, reason = "this is the race")]
    async fn add_with_the_lock(task: char, total: &Mutex<u32>) {
        did(format_args!("task {task} wants the lock"));
        let mut total = total.lock().unwrap();
        did(format_args!("task {task} has it, awaits"));
        yield_once().await;
        *total += 1;
    }

    async fn add(task: char, total: &Mutex<u32>) {
        did(format_args!("task {task} awaits"));
        yield_once().await;
        did(format_args!("task {task} wants the lock"));
        let mut total = total.lock().unwrap(); // after the await
        *total += 1;
    }

    pub fn race() {
        let total = Mutex::new(0);
        let both = [add_with_the_lock('A', &total), add_with_the_lock('B', &total)];
        block_on(futures_util::future::join_all(both));
        assert_eq!(*total.lock().unwrap(), 2);
    }

    pub fn mended() {
        let total = Mutex::new(0);
        let both = [add('A', &total), add('B', &total)];
        block_on(futures_util::future::join_all(both));
        assert_eq!(*total.lock().unwrap(), 2);
    }
}

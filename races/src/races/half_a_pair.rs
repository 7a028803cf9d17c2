//! One thread changes two numbers that belong together, another reads both: it may see one old, one new.
//!
//! Python: two attributes, set one after the other. Twin: `python/half_a_pair.py`
//! Run: `cargo races half-a-pair`

twice! {
    pub fn race() {
        let (width, height) = (Mutex::new(1), Mutex::new(1));
        let seen = thread::scope(|scope| {
            scope.spawn(|| {
                *width.lock().unwrap() = 2;
                did(format_args!("width is 2"));
                *height.lock().unwrap() = 2;
                did(format_args!("height is 2"));
            });
            let reader = scope.spawn(|| {
                let width = *width.lock().unwrap();
                did(format_args!("sees width {width}"));
                let height = *height.lock().unwrap();
                did(format_args!("sees height {height}"));
                (width, height)
            });
            reader.join().unwrap()
        });
        assert_eq!(seen.0, seen.1, "no square");
    }

    pub fn mended() {
        let square = Mutex::new((1, 1)); // one lock for what belongs together
        let seen = thread::scope(|scope| {
            scope.spawn(|| {
                let mut square = square.lock().unwrap();
                square.0 = 2;
                did(format_args!("width is 2"));
                square.1 = 2;
                did(format_args!("height is 2"));
            });
            let reader = scope.spawn(|| {
                let (width, height) = *square.lock().unwrap();
                did(format_args!("sees width {width}, height {height}"));
                (width, height)
            });
            reader.join().unwrap()
        });
        assert_eq!(seen.0, seen.1, "no square");
    }
}

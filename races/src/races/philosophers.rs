//! Three philosophers, three forks, and each needs two: where each has its left one, none gets a second.
//!
//! Python: the same. Twin: `python/philosophers.py`
//! Run: `cargo races philosophers`

twice! {
    fn eat(forks: &[Mutex<()>; 3], first: usize, second: usize) {
        let _one = forks[first].lock().unwrap();
        did(format_args!("has fork {first}, wants {second}"));
        let _other = forks[second].lock().unwrap();
        did(format_args!("eats"));
    }

    pub fn race() {
        let forks = &[(); 3].map(Mutex::new);
        thread::scope(|scope| {
            for left in 0..3 {
                let right = (left + 1) % 3;
                scope.spawn(move || eat(forks, left, right));
            }
        });
    }

    pub fn mended() {
        let forks = &[(); 3].map(Mutex::new);
        thread::scope(|scope| {
            for left in 0..3 {
                let right = (left + 1) % 3;
                scope.spawn(move || eat(forks, left.min(right), left.max(right))); // the lower first
            }
        });
    }
}

//! Two threads each put a value under one key, if there is none: `DashMap` locks each call, not two calls.
//!
//! Python: `if key not in d: d[key] = ...`; mended, `setdefault`. Twin: `python/check_then_act_map.py`
//! Run: `cargo races check-then-act-map`

twice! {
    pub fn race() {
        let tickets = dashmap::DashMap::new();
        let buy = |name| {
            may_switch();
            let is_free = !tickets.contains_key("seat 1");
            did(format_args!("free: {is_free}"));
            may_switch();
            if is_free {
                tickets.insert("seat 1", name);
                did(format_args!("buys"));
            }
            is_free
        };
        let sold = thread::scope(|scope| {
            let buyers = [scope.spawn(|| buy("Ann")), scope.spawn(|| buy("Bob"))];
            buyers.map(|buyer| buyer.join().unwrap())
        });
        assert_ne!(sold, [true, true], "one seat was sold to two");
    }

    pub fn mended() {
        let tickets = dashmap::DashMap::new();
        let buy = |name| {
            may_switch();
            let mut is_free = false;
            tickets.entry("seat 1").or_insert_with(|| { // locked from the look to the end
                is_free = true;
                name
            });
            did(format_args!("buys: {is_free}"));
            is_free
        };
        let sold = thread::scope(|scope| {
            let buyers = [scope.spawn(|| buy("Ann")), scope.spawn(|| buy("Bob"))];
            buyers.map(|buyer| buyer.join().unwrap())
        });
        assert_ne!(sold, [true, true], "one seat was sold to two");
    }
}

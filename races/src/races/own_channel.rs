//! A thread receives until the channel ends, and keeps a sender itself: it waits for its own end.
//!
//! Python: the consumer waits for a sentinel that nobody sends. Twin: `python/own_channel.py`
//! Run: `cargo races own-channel`

twice! {
    pub fn race() {
        let (sender, numbers) = mpsc::channel();
        let own = sender.clone();
        let producer = thread::spawn(move || {
            own.send(1).unwrap();
            did(format_args!("sends 1, and its sender ends"));
        });
        for number in numbers {
            did(format_args!("receives {number}"));
        }
        producer.join().unwrap();
        drop(sender); // too late
    }

    pub fn mended() {
        let (sender, numbers) = mpsc::channel();
        let own = sender.clone();
        let producer = thread::spawn(move || {
            own.send(1).unwrap();
            did(format_args!("sends 1, and its sender ends"));
        });
        drop(sender); // the producer has the only one left
        for number in numbers {
            did(format_args!("receives {number}"));
        }
        producer.join().unwrap();
    }
}

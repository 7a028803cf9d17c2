//! The races, in the order in which they are read.

/// A race and its mended near-twin, each from one source, compiled as it runs and as the checker runs it.
pub struct Race {
    pub name: &'static str,
    pub about: &'static str,
    pub plain: fn(),
    pub checked: fn(),
    pub mended_plain: fn(),
    pub mended_checked: fn(),
}

macro_rules! races {
    ($($module:ident $name:literal $about:literal)*) => {
        $(mod $module;)*

        pub const RACES: &[Race] = &[$(Race {
            name: $name,
            about: $about,
            plain: $module::plain::race,
            checked: $module::checked::race,
            mended_plain: $module::plain::mended,
            mended_checked: $module::checked::mended,
        }),*];
    };
}

races! {
    lost_update "lost-update" "two threads read a counter, then write it"
    check_then_act "check-then-act" "two threads look whether there is enough, then take"
    check_then_act_map "check-then-act-map" "two threads look whether a key is there, then put it"
    half_a_pair "half-a-pair" "one thread reads what another has half changed"
    two_locks "two-locks" "two threads take two locks in opposite order"
    philosophers "philosophers" "three threads, three locks, each takes two"
    missed_notification "missed-notification" "a thread waits for a word that was said before"
    given_back_twice "given-back-twice" "a place of a semaphore is given back twice"
    own_channel "own-channel" "a thread waits for the end of a channel that it keeps open"
    lock_across_await "lock-across-await" "a task awaits with a lock in its hand, on one thread"
    cancelled_halfway "cancelled-halfway" "a future is dropped between two steps"
}

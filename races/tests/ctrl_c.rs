//! The lab's event loop and who answers Ctrl-C, as they are, under the checker.

use std::future::pending;

use anyhow::Result;
use checked::{
    lab::{End, Interrupted, ctrl_c::end_at_the_second, ended, event_loop, raise},
    process::{check, lot},
};
use shuttle::thread;

fn is_interrupted(result: Result<()>) -> bool {
    let error = result.err();
    assert!(error.as_ref().is_none_or(|error| error.is::<Interrupted>()), "{error:?}");
    error.is_some()
}

#[test]
fn while_an_event_loop_runs_ctrl_c_is_for_it_and_before_and_after_for_the_system() {
    check(500, || {
        for _ in 0..2 {
            let waits = async {
                raise();
                pending().await
            };
            assert!(is_interrupted(event_loop::run(waits)));
            assert_eq!(ended(), None);
        }
        raise();
        assert_eq!(ended(), Some(End::Signal));
    });
    check(1, || {
        raise();
        assert_eq!(ended(), Some(End::Signal));
    });
}

#[test]
fn whenever_ctrl_c_comes_it_is_answered() {
    check(2000, || {
        let ctrl_c = thread::spawn(|| {
            (0..lot(60)).for_each(|_| thread::yield_now());
            raise();
        });
        let interrupted = [(); 2].map(|()| is_interrupted(event_loop::run(async { Ok(()) })));
        ctrl_c.join().expect("it does not panic");
        match ended() {
            None => assert!(interrupted[0] != interrupted[1], "{interrupted:?}"),
            end => assert_eq!(end, Some(End::Signal)),
        }
    });
}

#[test]
fn the_end_of_one_event_loop_takes_ctrl_c_from_no_other() {
    check(500, || {
        let other = thread::spawn(|| drop(event_loop::run(async { Ok(()) })));
        let waits = async {
            raise();
            pending().await
        };
        assert!(is_interrupted(event_loop::run(waits)));
        assert_eq!(ended(), None);
        other.join().expect("it does not panic");
    });
}

/// Takes long, or for ever, to be dropped.
struct Slow(bool);

impl Drop for Slow {
    fn drop(&mut self) {
        let mut turns = 0;
        while turns < 150 || self.0 && ended().is_none() {
            turns += 1;
            thread::yield_now();
        }
    }
}

#[test]
fn an_event_loop_that_takes_turns_has_the_time_to_drop_its_tasks() {
    check(300, || {
        let waits = async {
            let _slow = Slow(false);
            raise();
            pending().await
        };
        assert!(is_interrupted(event_loop::run(waits)));
        assert_eq!(ended(), None);
    });
}

#[test]
fn a_task_that_holds_the_event_loop_up_for_ever_is_ended_with_the_program() {
    check(50, || {
        let blocks = async {
            raise();
            drop(Slow(true));
            Ok(())
        };
        let _ = event_loop::run(blocks);
        assert_eq!(ended(), Some(End::Exit(130)));
    });
    check(50, || {
        let waits = async {
            let _slow = Slow(true);
            raise();
            pending().await
        };
        assert!(is_interrupted(event_loop::run(waits)));
        assert_eq!(ended(), Some(End::Exit(130)));
    });
}

#[test]
fn the_first_ctrl_c_does_not_end_a_program_that_ends_at_the_second() {
    check(500, || {
        end_at_the_second().expect("handle the signal");
        raise();
        assert_eq!(ended(), None);
        let others = [(); 2].map(|()| thread::spawn(raise));
        for other in others {
            other.join().expect("it does not panic");
        }
        assert_eq!(ended(), Some(End::Exit(130)));
    });
}

use lab::in_time;

use super::*;
use crate::pool::job::{Items, Piece, Pieces};

/// A schedule with a job of so many items.
fn scheduled(count: usize, chunk: usize) -> (Schedule, Pieces<u64>) {
    let schedule = Schedule::default();
    let pieces = add(&schedule, count, chunk);
    (schedule, pieces)
}

fn add(schedule: &Schedule, count: usize, chunk: usize) -> Pieces<u64> {
    let (items, pieces) = Items::<u64, u64>::new("task", vec![0; count], chunk, true);
    schedule.add(Arc::new(items), count).expect("it takes jobs");
    pieces
}

/// The next batch for one of three workers, of which this one is quick enough for any number of chunks of a job.
fn next(schedule: &Schedule, sequence: u64) -> Option<Batch> {
    schedule.next(false, &Pace { sequence, chunks: usize::MAX }, 3)
}

fn range(batch: Option<&Batch>) -> Option<Range<usize>> {
    batch.map(|batch| batch.items.clone())
}

#[test]
fn what_another_worker_has_is_delivered_by_a_broken_pool() {
    in_time(|| {
        let (schedule, pieces) = scheduled(1, 1);
        let batch = schedule.next(true, &Pace::default(), 2).expect("there is an item");
        schedule.break_off(Error::Broken { reason: "PoolWorker-2 died".into() }, None);
        batch.job.deliver(0..1, &mut &[2][..]).expect("a byte is a small number");
        let piece = pieces.next();
        assert!(matches!(&piece, Piece::Results(0, results) if results[..] == [2]), "{piece:?}");
    });
}

#[test]
fn items_that_come_back_to_a_broken_pool_are_refused_with_its_reason() {
    in_time(|| {
        let (schedule, pieces) = scheduled(3, 1);
        let batch = schedule.next(true, &Pace::default(), 1).expect("there are items");
        schedule.break_off(Error::Broken { reason: "PoolWorker-2 died".into() }, None);
        let _ = pieces.next(); // What break_off itself says, of the items that wait.
        schedule.returned(&batch, batch.items.clone());
        drop(batch);
        match pieces.next() {
            Piece::Over(error) => {
                let told = "unusable since PoolWorker-2 died; start a new one";
                assert_eq!(error.to_string(), told);
            }
            other => panic!("{other:?}"),
        }
    });
}

/// Half of an equal share, so that the last ones are not all with one worker.
#[test]
fn a_worker_gets_whole_chunks_and_a_fair_share_at_most() {
    in_time(|| {
        let (schedule, _pieces) = scheduled(100, 3);
        assert_eq!(range(next(&schedule, 0).as_ref()), Some(0..15));
        assert_eq!(range(next(&schedule, 0).as_ref()), Some(15..27));
        // Of another job nothing is known.
        assert_eq!(range(next(&schedule, 1).as_ref()), Some(27..30));
        let rest = std::iter::from_fn(|| next(&schedule, 0)).map(|batch| batch.items);
        let ends = rest.scan(30, |end, items| {
            assert_eq!(items.start, *end);
            *end = items.end;
            Some(*end)
        });
        assert_eq!(ends.last(), Some(100));
    });
}

#[test]
fn what_comes_back_is_handed_out_again_as_part_of_its_job() {
    in_time(|| {
        let (schedule, _pieces) = scheduled(60, 1);
        let _others = add(&schedule, 60, 1);
        let batch = next(&schedule, 0).expect("there are items");
        assert_eq!(batch.items, 0..10);
        schedule.returned(&batch, 4..10);
        // Together with those behind them, which nobody has taken.
        let (again, later) =
            (next(&schedule, 0).expect("items"), next(&schedule, 0).expect("items"));
        assert_eq!((again.items.clone(), later.items.clone()), (4..13, 13..20));
        // These have others between them.
        schedule.returned(&again, 6..13);
        assert_eq!(range(next(&schedule, 0).as_ref()), Some(6..13));
        // And these come to a job that has nothing left.
        while next(&schedule, 0).is_some_and(|batch| batch.sequence == 0) {}
        schedule.returned(&later, 19..20);
        let last = next(&schedule, 0).expect("items");
        assert_eq!((last.sequence, last.items), (0, 19..20));
    });
}

#[test]
fn a_job_comes_after_those_before_it_and_what_comes_back_goes_to_its_own() {
    in_time(|| {
        let (schedule, _pieces) = scheduled(1, 1);
        let _others = add(&schedule, 9, 1);
        let first = next(&schedule, 0).expect("items");
        let second = next(&schedule, 0).expect("items");
        assert_eq!((first.sequence, second.sequence), (0, 1));
        assert_eq!((first.items.clone(), second.items.clone()), (0..1, 0..1));
        schedule.returned(&first, 0..1);
        let again = next(&schedule, 0).expect("items");
        assert_eq!((again.sequence, again.items), (0, 0..1));
    });
}

#[test]
fn nothing_is_handed_out_of_an_empty_job_or_for_nobody() {
    in_time(|| {
        let (schedule, _pieces) = scheduled(0, 1);
        assert!(next(&schedule, 0).is_none());
        drop(add(&schedule, 10, 1));
        assert!(next(&schedule, 1).is_none());
        let _pieces = add(&schedule, 10, 1);
        assert_eq!(next(&schedule, 2).map(|batch| batch.sequence), Some(2));
    });
}

#[test]
fn it_ends_when_it_is_closed_and_nothing_is_on_its_way() {
    in_time(|| {
        let (schedule, _pieces) = scheduled(1, 1);
        let batch = schedule.next(true, &Pace::default(), 3).expect("there is an item");
        schedule.close();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| range(schedule.next(true, &Pace::default(), 3).as_ref()));
            // It may come back yet.
            schedule.returned(&batch, 0..1);
            assert_eq!(waits.join().expect("it does not panic"), Some(0..1));
        });
        schedule.returned(&batch, 0..0);
        assert!(schedule.next(true, &Pace::default(), 3).is_none());
    });
}

#[test]
fn a_pace_is_learnt_from_what_was_done_and_how_long_it_took() {
    in_time(|| {
        let (schedule, _pieces) = scheduled(1000, 3);
        let mut batch = next(&schedule, 0).expect("there are items");
        batch.items = 0..30;
        let (quick, slow) = (GROW - Duration::from_nanos(1), GROW);
        let learnt = |chunks, batch: &Batch, done, time| {
            let mut pace = Pace { sequence: 0, chunks };
            pace.learn(batch, done, time);
            (pace.chunks(0), pace.chunks(1))
        };
        // Of another job it knows nothing.
        assert_eq!(learnt(4, &batch, 30, slow), (4, 1));
        // Ten chunks, or more that were allowed.
        assert_eq!(learnt(4, &batch, 30, quick), (20, 1));
        assert_eq!(learnt(14, &batch, 30, quick), (28, 1));
        // What was not all done, or did not all fit, says how many do.
        assert_eq!(learnt(14, &batch, 29, quick), (9, 1));
        assert_eq!(learnt(14, &batch, 2, quick), (1, 1));
        batch.cut = true;
        assert_eq!(learnt(4, &batch, 30, quick), (10, 1));
        assert_eq!(learnt(14, &batch, 30, slow), (10, 1));
        batch.sequence = 1;
        assert_eq!(learnt(4, &batch, 30, slow), (1, 10));
    });
}

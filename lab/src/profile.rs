//! Where the time went: calls, own and total time of each span, in the form of cProfile's report.

use std::{
    cell::RefCell,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::Id,
};
use tracing_subscriber::{
    Registry,
    layer::{Context, Layer, SubscriberExt},
    registry::LookupSpan,
};

use crate::timeline;

/// The spans of a piece of work, in the order in which they were first entered.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Profile {
    /// A row for each name.
    pub rows: Vec<Row>,
}

/// All spans of one name.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Row {
    /// Their name.
    pub name: String,
    /// How often one was entered: cProfile's `ncalls`.
    pub calls: u64,
    /// Time inside them but in no span within: cProfile's `tottime`.
    pub own: Duration,
    /// Time inside them, a span of the same name within not counted again: cProfile's `cumtime`.
    pub total: Duration,
}

/// Runs `work` and says where its time went. Meanwhile each event is printed as a log line,
/// `PROCESS THREAD: MESSAGE`, with this name of the process.
///
/// As cProfile, it sees the calling thread and no other: a thread or a process that wants a profile
/// takes its own.
///
/// # Panics
/// If there is a timeline and its file can no longer be opened; [`crate::main`] has opened it before.
pub fn of(process: &'static str, work: impl FnOnce()) -> Profile {
    let layer = Profiler { process, profile: Arc::default() };
    let profile = Arc::clone(&layer.profile);
    let timeline = timeline::from_env().unwrap_or_else(|error| panic!("{error:#}"));
    let subscriber = Registry::default().with(timeline).with(layer);
    tracing::subscriber::with_default(subscriber, work);
    profile.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

struct Profiler {
    process: &'static str,
    profile: Arc<Mutex<Profile>>,
}

/// A span that is entered.
struct Entered {
    row: usize,
    begin: Instant,
    within: Duration,
}

thread_local! {
    static STACK: RefCell<Vec<Entered>> = const { RefCell::new(Vec::new()) };
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Profiler {
    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut profile = self.profile.lock().unwrap_or_else(PoisonError::into_inner);
        let row = profile.rows.iter().position(|row| row.name == span.name());
        let row = row.unwrap_or_else(|| {
            let (name, zero) = (span.name().to_owned(), Duration::ZERO);
            profile.rows.push(Row { name, calls: 0, own: zero, total: zero });
            profile.rows.len() - 1
        });
        let entered = Entered { row, begin: Instant::now(), within: Duration::ZERO };
        STACK.with_borrow_mut(|stack| stack.push(entered));
    }

    fn on_exit(&self, _id: &Id, _context: Context<'_, S>) {
        STACK.with_borrow_mut(|stack| {
            let Some(Entered { row, begin, within }) = stack.pop() else { return };
            let total = begin.elapsed();
            let mut profile = self.profile.lock().unwrap_or_else(PoisonError::into_inner);
            let recursive = stack.iter().any(|outer| outer.row == row);
            let row = &mut profile.rows[row];
            row.calls += 1;
            row.own += total.saturating_sub(within);
            row.total += if recursive { Duration::ZERO } else { total };
            if let Some(outer) = stack.last_mut() {
                outer.within += total;
            }
        });
    }

    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        event.record(&mut LogLine { process: self.process });
    }
}

/// Ours, because tracing-subscriber's lines leave out the process and name every span: a format of our own there is longer.
struct LogLine {
    process: &'static str,
}

impl Visit for LogLine {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            let thread = thread::current();
            println!("{} {}: {value:?}", self.process, thread.name().unwrap_or("a thread"));
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "   ncalls    tottime    cumtime  name")?;
        for Row { name, calls, own, total } in &self.rows {
            let (own, total) = (own.as_secs_f64(), total.as_secs_f64());
            writeln!(f, "{calls:>9} {own:>10.6} {total:>10.6}  {name}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tracing::info_span;

    use super::*;

    fn outer(depth: u32) {
        let _span = info_span!("outer").entered();
        thread::sleep(Duration::from_millis(2));
        for _ in 0..3 {
            info_span!("inner").in_scope(|| thread::sleep(Duration::from_millis(2)));
        }
        if depth > 0 {
            outer(depth - 1);
        }
    }

    #[test]
    fn calls_are_counted_and_no_time_twice() {
        let begin = Instant::now();
        let profile = of("MainProcess", || outer(1));
        let elapsed = begin.elapsed();
        let [outer, inner] = &profile.rows[..] else { panic!("{profile:?}") };
        assert_eq!(
            (&*outer.name, outer.calls, &*inner.name, inner.calls),
            ("outer", 2, "inner", 6)
        );
        assert_eq!(outer.own + inner.own, outer.total);
        assert_eq!(inner.own, inner.total);
        assert!(outer.total <= elapsed && inner.own >= Duration::from_millis(12), "{profile:?}");
    }
}

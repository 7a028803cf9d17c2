//! What asyncio's debug mode reports: tasks that held the thread of their event loop too long.

use std::{
    fmt::{Debug, Write},
    time::{Duration, Instant},
};

use anyhow::Result;
use tracing::{
    Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
    subscriber::DefaultGuard,
};
use tracing_subscriber::{
    Registry,
    layer::{Context, Layer, SubscriberExt},
    registry::LookupSpan,
};

use crate::timeline;

/// From now on, until the guard is dropped, reports each span that stays entered on this thread for
/// `threshold` or longer: a line on standard error.
///
/// A task's span is entered when the task is polled and left when it waits again.
///
/// # Errors
/// If there is a timeline and its file cannot be opened.
pub fn watch(threshold: Duration) -> Result<DefaultGuard> {
    let report = SlowPolls { threshold, report: |line| eprintln!("{line}") };
    let subscriber = Registry::default().with(timeline::from_env()?).with(report);
    Ok(tracing::subscriber::set_default(subscriber))
}

struct SlowPolls<F> {
    threshold: Duration,
    report: F,
}

struct Label(String);

struct Entered(Instant);

impl<S, F> Layer<S> for SlowPolls<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    F: Fn(String) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut label = Label(attributes.metadata().name().into());
        attributes.record(&mut label);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(label);
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            span.extensions_mut().replace(Entered(Instant::now()));
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let extensions = span.extensions();
        if let (Some(Label(label)), Some(Entered(begin))) = (extensions.get(), extensions.get()) {
            let held = begin.elapsed();
            if held >= self.threshold {
                let seconds = held.as_secs_f64();
                (self.report)(format!("Executing <{label}> took {seconds:.3} seconds"));
            }
        }
    }
}

impl Visit for Label {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing into a string does not fail.
        let _ = write!(self.0, " {field}={value:?}");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn only_a_poll_over_the_threshold_is_reported() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lines);
        let report = move |line| seen.lock().expect("no panic").push(line);
        let layer = SlowPolls { threshold: Duration::from_millis(20), report };
        tracing::subscriber::with_default(Registry::default().with(layer), || {
            let span = tracing::info_span!("task", name = "A", item = 7);
            span.in_scope(|| ());
            std::thread::sleep(Duration::from_millis(20)); // waits, and holds nobody up
            span.in_scope(|| std::thread::sleep(Duration::from_millis(20)));
        });
        let lines = lines.lock().expect("no panic");
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("Executing <task name=\"A\" item=7> took 0."), "{lines:?}");
    }
}

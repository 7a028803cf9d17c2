//! What is to be seen in a run, in a sentence or two, computed from it.

use super::{
    lanes::{Kind, Lane, Look, Run},
    recording::Facts,
};

/// How long something takes, for a reader: three digits, in a unit that fits.
pub fn time(nanoseconds: u64) -> String {
    let (value, unit) = match nanoseconds {
        0..1_000 => return format!("{nanoseconds} ns"),
        1_000..1_000_000 => (nanoseconds as f64 / 1e3, "µs"),
        1_000_000..1_000_000_000 => (nanoseconds as f64 / 1e6, "ms"),
        _ => (nanoseconds as f64 / 1e9, "s"),
    };
    let digits = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
    format!("{value:.digits$} {unit}")
}

fn percent(share: f64) -> String {
    // With a space that no line is broken at.
    format!("{:.0}\u{a0}%", share * 100.0)
}

/// `1 thread`, `2 threads`.
pub fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// How the facts were found.
pub fn source(facts: Facts) -> &'static str {
    match facts {
        Facts::Switches => "as the kernel recorded every switch",
        Facts::Sampled => {
            "sampled every millisecond or so: shorter stretches are put near their place"
        }
        Facts::Spans => "only what the programs say of themselves: on a core or not is not known",
    }
}

/// When the run was done, and for which part of the time its cores were in use.
pub fn summary(run: &Run) -> String {
    let took = time(run.length);
    let end = match &run.recording {
        it if it.stopped.is_some() => format!("stopped after {took}"),
        it if it.failure.is_some() => format!("failed after {took}"),
        _ => format!("done after {took}"),
    };
    if run.recording.facts == Facts::Spans {
        return end;
    }
    let cores = run.recording.cores;
    let share = |least: usize, most: usize| {
        percent(run.share_of_cores(|count| (least..=most).contains(&count)))
    };
    let (all, one, none) = (share(cores, usize::MAX), share(1, 1), share(0, 0));
    match cores {
        1 => format!("{end}; the core in use {all} of the time"),
        2 => format!("{end}; both cores in use {all} of the time, one {one}, none {none}"),
        _ => {
            let some = share(2, cores - 1);
            format!(
                "{end}; all {cores} cores in use {all} of the time, some {some}, one {one}, none {none}"
            )
        }
    }
}

/// What must be said of the recording: what is missing in it, who else was there.
pub fn warnings(run: &Run) -> Vec<String> {
    let recording = &run.recording;
    let mut said = Vec::new();
    if let Some(reason) = &recording.instead {
        said.push(format!("not as exact as it could be: {reason}"));
    }
    if recording.lost > 0 {
        said.push(format!(
            "{} of the kernel's records were lost: lanes may be wrong",
            recording.lost
        ));
    }
    if recording.facts == Facts::Switches && recording.others > 0.25 && run.length > 100_000_000 {
        said.push(format!("others used {:.1} cores meanwhile", recording.others));
    }
    if let Some(failure) = &recording.failure {
        said.push(failure.clone());
    }
    said
}

/// The lanes that are not drawn.
pub fn folded(run: &Run) -> Option<String> {
    let folded = run.folded;
    let threads = (folded.threads > 0).then(|| {
        let what = count(folded.threads, "more thread");
        format!("{what}: {} on a core in all", time(folded.on_core))
    });
    let tasks = (folded.tasks > 0).then(|| count(folded.tasks, "more task"));
    let parts: Vec<_> = tasks.into_iter().chain(threads).collect();
    (!parts.is_empty()).then(|| format!("and {}", parts.join(", and ")))
}

/// What a reader should see.
pub fn sentence(run: &Run) -> Option<String> {
    if run.recording.facts == Facts::Spans {
        return None;
    }
    let holding = run.tasks().map(|lane| lane.time(Look::Holding)).sum::<u64>();
    if holding * 4 > run.length {
        return Some("A task keeps the thread while it waits, and no other task gets on.".into());
    }
    computing(run).or_else(|| waiting(run))
}

/// For how long a lane was on a core for the program itself, not for the interpreter's start and end.
pub fn computed(lane: &Lane, run: &Run) -> u64 {
    let (begin, end) = run.own.unwrap_or((0, run.length));
    let share = lane.shares(begin, end.max(begin + 1))[Look::OnCore as usize];
    (share * end.saturating_sub(begin) as f64) as u64
}

/// What is to be seen where threads compute.
fn computing(run: &Run) -> Option<String> {
    let total: u64 = run.threads().map(|lane| computed(lane, run)).sum();
    if run.share_of_cores(|count| count > 0) < 0.5 {
        return None;
    }
    let workers: Vec<&Lane> =
        run.threads().filter(|lane| computed(lane, run) * 12 > total).collect();
    let processes = workers.iter().filter(|lane| lane.kind == Kind::Process).count();
    let what = if processes * 2 > workers.len() { "process" } else { "thread" };
    let number = workers.len();
    let many = format!("{number} {what}{}", if what == "process" { "es" } else { "s" });
    let cores = run.recording.cores;
    let ready: u64 = workers.iter().map(|lane| lane.time(Look::Ready)).sum();
    let full = run.share_of_cores(|count| count >= cores);
    let several = run.share_of_cores(|count| count > 1);
    if number > 1 && run.recording.others * 5.0 > cores as f64 {
        return Some(format!("{many} compute, and other programs take cores from them."));
    }
    if number > 1 && cores > 1 && several < 0.1 {
        let idle = if cores == 2 { "the other core is idle" } else { "the other cores are idle" };
        let they_wait = workers.iter().map(|lane| lane.time(Look::Waiting)).sum::<u64>() > ready;
        return Some(if they_wait {
            format!("{many} take turns: while one computes the others wait for it, and {idle}.")
        } else {
            format!("{many} share one core, and {idle}.")
        });
    }
    if number > 1 && full > 0.6 {
        let all = if cores == 2 { "both".into() } else { format!("all {cores}") };
        return Some(if ready * 10 > total && number > cores {
            format!("{many} compute on {all} cores at once; who has none is ready for the next.")
        } else {
            format!("{many} compute at once, on {all} cores.")
        });
    }
    (number == 1 && cores > 1 && several < 0.1)
        .then(|| format!("One {what} computes; a second core would be free."))
}

/// What is to be seen where the time goes by in waiting.
fn waiting(run: &Run) -> Option<String> {
    let overlap = |lanes: &[&Lane]| {
        let mut changes: Vec<_> =
            lanes.iter().flat_map(|lane| [(lane.begin, 1), (lane.end, -1)]).collect();
        changes.sort_unstable();
        let counts = changes.iter().scan(0, |count, change| {
            *count += change.1;
            Some(*count)
        });
        counts.max().unwrap_or(0)
    };
    let long = |lane: &&Lane| (lane.end - lane.begin) * 10 > run.length;
    let tasks: Vec<_> = run.tasks().filter(long).collect();
    if tasks.len() > 1 {
        let tids: std::collections::HashSet<_> = tasks.iter().map(|lane| lane.tid).collect();
        let on = if tids.len() == 1 { "one thread".into() } else { count(tids.len(), "thread") };
        let tasks = count(tasks.len(), "task");
        return Some(format!("{tasks} on {on}: each has it only to go on, then waits."));
    }
    let idle = |lane: &&Lane| lane.time(Look::Waiting) * 10 > (lane.end - lane.begin) * 8;
    let others: Vec<_> = run.threads().skip(1).filter(long).filter(idle).collect();
    let at_once = overlap(&others);
    (at_once > 1).then(|| format!("{at_once} wait side by side, and hardly need a core."))
}

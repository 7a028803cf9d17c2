//! Puts together what was recorded and what the program said: which lanes there are, in which order, and their names.

use std::collections::{HashMap, HashSet};

use super::{
    labels::{self, Labels},
    lanes::{Folded, Kind, Lane, Look, Run},
    recording::{Facts, Recording, Thread},
    spans::Line,
};

/// The most lanes that a picture of a run has.
const MOST: usize = 24;

/// What a thread without a label must have been on a core for to be drawn: of the run, and of what all threads were.
const NOTABLE: f64 = 0.01;

/// How much of a thread's life its only piece of work must be not to be drawn below it: the thread has its name.
const LIFE: f64 = 0.8;

/// The run as lanes.
pub fn arrange(language: &'static str, mut recording: Recording, lines: &[Line]) -> Run {
    let origin = recording.begin;
    let length = recording.end - origin;
    let mut threads = std::mem::take(&mut recording.threads);
    if recording.facts == Facts::Spans {
        threads = Labels::threads(lines, &recording);
    }
    let labels = Labels::new(lines, origin);
    let lanes: Vec<_> = threads
        .iter()
        .map(|thread| labels::thread(thread, origin, labels.works(thread.tid)))
        .collect();
    let mut tasks = labels.tasks(&lanes);
    let in_use = in_use(&lanes);
    let shown = shown(&lanes, &labels, length);
    let mut folded = Folded::default();
    let (mut kept, mut kept_threads) = (Vec::new(), Vec::new());
    for (at, (lane, thread)) in lanes.into_iter().zip(&threads).enumerate() {
        if shown.contains(&at) {
            kept.push(lane);
            kept_threads.push(thread);
        } else {
            folded.threads += 1;
            folded.on_core += lane.time(Look::OnCore);
        }
    }
    for (lane, thread) in kept.iter_mut().zip(kept_threads) {
        name(lane, thread, &labels);
    }
    let room = MOST.saturating_sub(kept.len()).max(4);
    folded.tasks = tasks.len().saturating_sub(room);
    tasks.truncate(room);
    let lanes = by_process(kept, tasks, &threads);
    Run { language, recording, length, lanes, folded, in_use, own: labels.own() }
}

/// How many cores are in use from when on.
fn in_use(lanes: &[Lane]) -> Vec<(u64, usize)> {
    let stretches = lanes.iter().flat_map(|lane| &lane.stretches);
    let mut changes: Vec<(u64, isize)> = stretches
        .filter(|stretch| stretch.look == Look::OnCore)
        .flat_map(|stretch| [(stretch.begin, 1), (stretch.end, -1)])
        .collect();
    changes.sort_unstable();
    let (mut steps, mut count) = (vec![(0, 0)], 0_isize);
    for (at, change) in changes {
        count += change;
        let count = usize::try_from(count).unwrap_or(0);
        match steps.last_mut() {
            Some(last) if last.0 == at => last.1 = count,
            _ => steps.push((at, count)),
        }
    }
    steps
}

/// Which of the threads to draw: those of each process with which it began, those with labels, and those that did
/// something; the busiest if these are too many.
fn shown(lanes: &[Lane], labels: &Labels, length: u64) -> HashSet<usize> {
    let total: u64 = lanes.iter().map(|lane| lane.time(Look::OnCore)).sum();
    let least = total.max(length) as f64 * NOTABLE;
    let mut weighed: Vec<_> = lanes
        .iter()
        .enumerate()
        .map(|(at, lane)| {
            let labelled = !lane.works.is_empty() || labels.has_tasks(lane.tid);
            let on_core = lane.time(Look::OnCore);
            let wanted = labelled || lane.pid == lane.tid || on_core as f64 > least;
            (at == 0, labelled, on_core, std::cmp::Reverse(at), wanted)
        })
        .filter(|(.., wanted)| *wanted)
        .collect();
    weighed.sort_unstable();
    weighed.into_iter().rev().take(MOST).map(|(_, _, _, at, _)| at.0).collect()
}

fn name(lane: &mut Lane, thread: &Thread, labels: &Labels) {
    let life = lane.end - lane.begin;
    lane.name = match &lane.works[..] {
        [work] if !thread.is_main() => {
            let name = work.name.clone();
            if (work.end - work.begin) as f64 > life as f64 * LIFE {
                lane.works.clear();
            }
            name
        }
        _ if thread.is_main() => "main thread".into(),
        _ => match labels.name(lane.tid) {
            Some(name) => name.into(),
            None if thread.named => thread.name.clone(),
            None => "thread".into(),
        },
    };
}

/// The lanes, process by process, each with its tasks last.
fn by_process(threads: Vec<Lane>, tasks: Vec<Lane>, all: &[Thread]) -> Vec<Lane> {
    let mut pids: Vec<u32> = Vec::new();
    for lane in &threads {
        if !pids.contains(&lane.pid) {
            pids.push(lane.pid);
        }
    }
    let alone = pids.len() == 1;
    let program =
        |pid| all.iter().find(|thread| thread.tid == pid).map_or("", |thread| &thread.name);
    let (mut threads, mut tasks, mut lanes) = (threads, tasks, Vec::new());
    for (number, pid) in pids.iter().enumerate() {
        let (mut own, others): (Vec<_>, Vec<_>) =
            threads.into_iter().partition(|lane| lane.pid == *pid);
        let (mut own_tasks, other_tasks): (Vec<_>, Vec<_>) =
            tasks.into_iter().partition(|lane| lane.pid == *pid);
        (threads, tasks) = (others, other_tasks);
        let mut process = match program(*pid) {
            _ if number == 0 => "main process".into(),
            // A program that starts itself again has this name, or the first's.
            name if ["", "exe", program(pids[0])].contains(&name) => format!("process {number}"),
            name => name.to_owned(),
        };
        distinguish(&mut own);
        distinguish(&mut own_tasks);
        let main = own.iter_mut().find(|lane| lane.tid == *pid && number > 0);
        if let Some(main) = main
            && let [work] = &main.works[..]
        {
            process = format!("{process}: {}", work.name);
            main.works.clear();
        }
        match &mut own[..] {
            _ if alone => {}
            [lane] => {
                lane.kind = Kind::Process;
                lane.name = process;
            }
            several => lanes.push(heading(process, *pid, several)),
        }
        lanes.extend(own);
        lanes.extend(own_tasks);
    }
    lanes
}

fn heading(name: String, pid: u32, threads: &[Lane]) -> Lane {
    Lane {
        kind: Kind::Heading,
        name,
        pid,
        tid: pid,
        starter: None,
        begin: threads.iter().map(|lane| lane.begin).min().unwrap_or(0),
        end: threads.iter().map(|lane| lane.end).max().unwrap_or(0),
        stretches: Vec::new(),
        works: Vec::new(),
    }
}

/// Numbers those that have the same name: what is the same in all of them, a function's argument, is left out.
fn distinguish(lanes: &mut [Lane]) {
    let mut counts = HashMap::<String, usize>::new();
    for lane in &*lanes {
        *counts.entry(lane.name.clone()).or_default() += 1;
    }
    let mut numbers = HashMap::<String, usize>::new();
    for lane in lanes {
        if counts[&lane.name] > 1 || lane.name == "thread" {
            let number = numbers.entry(lane.name.clone()).or_default();
            *number += 1;
            let name = first_word(&lane.name);
            lane.name = format!("{name} {number}");
        }
    }
}

fn first_word(name: &str) -> &str {
    name.split(' ').next().unwrap_or_default()
}

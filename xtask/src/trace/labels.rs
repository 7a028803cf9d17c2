//! What threads and tasks worked on, from what the programs said.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    lanes::{Kind, Lane, Look, Stretch, Work},
    recording::{Facts, Recording, State, Thread},
    spans::{self, Line},
};

/// What the lines say, by thread and by task.
pub struct Labels {
    works: HashMap<u32, Vec<Work>>,
    names: HashMap<u32, String>,
    tasks: Vec<Task>,
    own: Option<(u64, u64)>,
}

/// A task, and the turns that it had on threads.
struct Task {
    pid: u32,
    name: String,
    begin: u64,
    end: u64,
    turns: Vec<Turn>,
}

#[derive(Clone, Copy)]
struct Turn {
    tid: u32,
    begin: u64,
    end: u64,
}

impl Labels {
    /// Of the lines of a run that began at `origin`.
    pub fn new(lines: &[Line], origin: u64) -> Self {
        let mut lines: Vec<Line> = lines.to_vec();
        for line in &mut lines {
            line.begin = line.begin.saturating_sub(origin);
            line.end = line.end.saturating_sub(origin);
        }
        let own = lines.iter().filter(|line| line.kind == spans::Kind::Main);
        let own = own.map(|line| (line.begin, line.end));
        let own = own.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let asynchronous = asynchronous(&lines);
        let is = |line: &&Line, kind| {
            line.kind == kind && asynchronous.contains(&*line.name) == (kind == spans::Kind::Poll)
        };
        let mut works = HashMap::<u32, Vec<Work>>::new();
        for line in outermost(lines.iter().filter(|line| is(line, spans::Kind::Span))) {
            let work = Work { name: line.label(), begin: line.begin, end: line.end };
            works.entry(line.tid).or_default().push(work);
        }
        let named = lines.iter().filter_map(|line| Some((line.tid, line.thread.clone()?)));
        let names = named.filter(|(_, name)| name != "main" && name != "MainThread").collect();
        let turns = outermost(lines.iter().filter(|line| is(line, spans::Kind::Poll)));
        Self { works, names, tasks: tasks(&turns, &lines), own }
    }

    /// What a thread worked on, one thing after the other.
    pub fn works(&self, tid: u32) -> &[Work] {
        self.works.get(&tid).map_or(&[], Vec::as_slice)
    }

    /// What the program calls a thread, if it has a name for it.
    pub fn name(&self, tid: u32) -> Option<&str> {
        self.names.get(&tid).map(String::as_str)
    }

    /// Whether tasks had their turns on this thread.
    pub fn has_tasks(&self, tid: u32) -> bool {
        self.tasks.iter().any(|task| task.turns.iter().any(|turn| turn.tid == tid))
    }

    /// When the program's own code began and ended.
    pub fn own(&self) -> Option<(u64, u64)> {
        self.own
    }

    /// The lanes of the tasks. In its turn a task is on a core while its thread in `threads` is.
    pub fn tasks(&self, threads: &[Lane]) -> Vec<Lane> {
        let lanes: HashMap<u32, &Lane> = threads.iter().map(|lane| (lane.tid, lane)).collect();
        self.tasks.iter().map(|task| task.lane(&lanes)).collect()
    }

    /// The threads that the lines tell of, where there are no facts.
    pub fn threads(lines: &[Line], recording: &Recording) -> Vec<Thread> {
        let mut threads = BTreeMap::<u32, Thread>::new();
        for line in lines {
            let thread = threads.entry(line.tid).or_insert_with(|| Thread {
                pid: line.pid,
                tid: line.tid,
                starter: None,
                name: String::new(),
                named: false,
                begin: line.begin,
                end: line.end,
                stays: Vec::new(),
            });
            thread.begin = thread.begin.min(line.begin);
            thread.end = thread.end.max(line.end);
        }
        debug_assert_eq!(recording.facts, Facts::Spans);
        let mut threads: Vec<_> = threads.into_values().collect();
        threads.sort_by_key(|thread| thread.begin);
        threads
    }
}

/// The names of spans that are left and entered again.
fn asynchronous(lines: &[Line]) -> HashSet<&str> {
    let mut more = HashMap::<&str, i64>::new();
    for line in lines {
        *more.entry(&line.name).or_default() += match line.kind {
            _ if line.in_turns => 1,
            spans::Kind::Poll => 1,
            spans::Kind::Span => -1,
            spans::Kind::Main => 0,
        };
    }
    more.into_iter().filter(|(_, turns)| *turns > 0).map(|(name, _)| name).collect()
}

/// The lines that lie in no other of their thread, in the order of time.
fn outermost<'a>(lines: impl Iterator<Item = &'a Line>) -> Vec<&'a Line> {
    let mut lines: Vec<_> = lines.collect();
    lines.sort_by_key(|line| (line.begin, std::cmp::Reverse(line.end)));
    let mut ends = HashMap::<u32, u64>::new();
    lines.retain(|line| {
        let end = ends.entry(line.tid).or_default();
        let outer = line.end > *end;
        *end = (*end).max(line.end);
        outer
    });
    lines
}

fn tasks(turns: &[&Line], lines: &[Line]) -> Vec<Task> {
    // A task by its id where it has one; otherwise by its name: one that is not spawned but waited for.
    let key = |line: &Line| (line.pid, line.task.clone().unwrap_or_else(|| line.label()));
    let mut at = HashMap::new();
    let mut tasks: Vec<Task> = Vec::new();
    for line in turns {
        let at = *at.entry(key(line)).or_insert(tasks.len());
        if at == tasks.len() {
            let turns = Vec::new();
            tasks.push(Task {
                pid: line.pid,
                name: line.label(),
                begin: line.begin,
                end: line.end,
                turns,
            });
        }
        tasks[at].turns.push(Turn { tid: line.tid, begin: line.begin, end: line.end });
        tasks[at].end = tasks[at].end.max(line.end);
    }
    for line in lines.iter().filter(|line| line.kind == spans::Kind::Span) {
        if let Some(at) = at.get(&key(line)) {
            tasks[*at].begin = tasks[*at].begin.min(line.begin);
            tasks[*at].end = tasks[*at].end.max(line.end);
        }
    }
    tasks
}

impl Task {
    fn lane(&self, threads: &HashMap<u32, &Lane>) -> Lane {
        let mut stretches = Vec::new();
        let mut add = |look, begin, end, core| {
            if begin < end {
                stretches.push(Stretch { look, begin, end, core });
            }
        };
        let mut done = self.begin;
        for turn in &self.turns {
            add(Look::Waiting, done, turn.begin, None);
            done = turn.begin.max(done);
            let thread =
                threads.get(&turn.tid).map_or(&[][..], |lane| lane.between(done, turn.end));
            for stretch in thread.iter().filter(|stretch| stretch.look == Look::OnCore) {
                let (begin, end) = (stretch.begin.max(done), stretch.end.min(turn.end));
                add(Look::Holding, done, begin, None);
                add(Look::OnCore, begin, end, stretch.core);
                done = end;
            }
            add(Look::Holding, done, turn.end, None);
            done = turn.end.max(done);
        }
        add(Look::Waiting, done, self.end, None);
        Lane {
            kind: Kind::Task,
            name: self.name.clone(),
            pid: self.pid,
            tid: self.turns.last().map_or(self.pid, |turn| turn.tid),
            starter: None,
            begin: self.begin,
            end: self.end,
            stretches,
            works: Vec::new(),
        }
    }
}

/// The lane of a thread of a run that began at `origin`, not named yet.
pub fn thread(thread: &Thread, origin: u64, works: &[Work]) -> Lane {
    let since = |time: u64| time.saturating_sub(origin);
    let mut stretches: Vec<_> = thread
        .stays
        .iter()
        .map(|stay| Stretch {
            look: Look::from(stay.state),
            begin: since(stay.begin),
            end: since(stay.end),
            core: stay.core.filter(|_| stay.state == State::OnCore),
        })
        .collect();
    if stretches.is_empty() {
        // No facts: what is known is when it was at work.
        let works = works.iter().map(|work| (work.begin, work.end));
        stretches.extend(works.map(|(begin, end)| Stretch {
            look: Look::Holding,
            begin,
            end,
            core: None,
        }));
    }
    Lane {
        kind: Kind::Thread,
        name: String::new(),
        pid: thread.pid,
        tid: thread.tid,
        starter: thread.starter.map(|(_, tid)| tid),
        begin: since(thread.begin),
        end: since(thread.end),
        stretches,
        works: works.to_vec(),
    }
}

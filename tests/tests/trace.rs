//! Recordings of programs whose course is known, and what is drawn of them.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use nix::{
    sched::{CpuSet, sched_getaffinity, sched_setaffinity},
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid},
};
use prost::Message;
use tests::LIMIT;
use xtask::{
    catalogue::package,
    child::Finished,
    trace::{
        arrange::arrange,
        lanes::{Look, Run},
        perfetto,
        record::Program,
        recording::{Facts, Recording, State, Thread},
        spans::{self, Line},
        svg::Picture,
        terminal,
    },
};

fn recorder() -> Result<&'static Path> {
    Ok(tests::programs()?.get("xtask").context("not built")?)
}

/// Records a command by that recorder; what it prints and says of itself is in the folder.
fn record(
    recorder: &Path,
    folder: &Path,
    command: &[&str],
    facts: Option<Facts>,
) -> Result<(Recording, Vec<Line>)> {
    let timeline = folder.join("timeline").to_string_lossy().into_owned();
    let folder = folder.join("run");
    fs::create_dir(&folder)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777))?;
    let program = Program {
        command: &command.iter().map(Into::into).collect::<Vec<_>>(),
        environment: &[("LESSON_TIMELINE", &timeline), ("PACE", "0.05")],
        folder: &folder,
        facts,
        limit: LIMIT,
        live: false,
        processes: None,
    };
    let recording = program.record(recorder)?;
    Ok((recording, spans::read(Path::new(&timeline))?))
}

/// A command's facts.
fn facts(command: &[&str]) -> Result<Recording> {
    Ok(record(recorder()?, tempfile::tempdir()?.path(), command, None)?.0)
}

/// An example of a lesson and its arguments.
fn example<'a>(lesson: &str, args: &[&'a str]) -> Result<Vec<&'a str>> {
    let program = tests::programs()?.get(&package(lesson)).context("not built")?;
    Ok([program.to_str().context("no text")?].into_iter().chain(args.iter().copied()).collect())
}

/// Lets what this test starts use so many cores only.
fn on_cores(count: usize) -> Result<()> {
    let allowed = sched_getaffinity(Pid::from_raw(0))?;
    let mut few = CpuSet::new();
    let cores = (0..CpuSet::count()).filter(|core| allowed.is_set(*core).unwrap_or(false));
    for core in cores.take(count) {
        few.set(core)?;
    }
    Ok(sched_setaffinity(Pid::from_raw(0), &few)?)
}

/// Whether the system lets us have the kernel's records; otherwise a recording is sampled.
fn best() -> Result<Facts> {
    let level: i32 = fs::read_to_string("/proc/sys/kernel/perf_event_paranoid")?.trim().parse()?;
    Ok(if level <= 2 || Uid::effective().is_root() { Facts::Switches } else { Facts::Sampled })
}

fn of_process<'a>(recording: &'a Recording, name: &str) -> Vec<&'a Thread> {
    recording.threads.iter().filter(|thread| thread.name == name).collect()
}

/// What must hold for each thread of each recording.
fn check(recording: &Recording) -> Result<()> {
    for thread in &recording.threads {
        ensure!(recording.begin <= thread.begin && thread.end <= recording.end, "{thread:?}");
        let mut at = thread.begin;
        for stay in &thread.stays {
            ensure!(
                stay.begin == at && stay.begin < stay.end,
                "a gap, or no time: {stay:?} in {thread:?}"
            );
            at = stay.end;
        }
        ensure!(thread.stays.is_empty() || at == thread.end, "{thread:?}");
    }
    Ok(())
}

#[test]
fn two_threads_with_one_core_are_never_on_it_both() -> Result<()> {
    on_cores(1)?;
    let recording =
        facts(&example("01-threading", &["counter", "--threads", "2", "--additions", "200000"])?)?;
    check(&recording)?;
    assert_eq!((recording.facts, recording.lost, recording.cores), (best()?, 0, 1));
    let all = recording.threads.iter().flat_map(|thread| &thread.stays);
    let mut on_core: Vec<_> = all.filter(|stay| stay.state == State::OnCore).collect();
    on_core.sort_by_key(|stay| stay.begin);
    assert!(on_core.len() > 2);
    assert!(on_core.windows(2).all(|pair| pair[0].end <= pair[1].begin), "two at once");
    assert!(on_core.windows(2).all(|pair| pair[0].core == pair[1].core), "another core");
    Ok(())
}

#[test]
fn of_four_that_compute_on_two_cores_some_are_ready() -> Result<()> {
    on_cores(2)?;
    let args = ["gil", "threads", "--additions", "6000000"];
    let recording = facts(&example("01-threading", &args)?)?;
    check(&recording)?;
    let threads = &recording.threads[1..];
    assert_eq!(threads.len(), 4);
    for thread in threads {
        assert!(thread.time_in(State::OnCore) > 0, "{thread:?}");
        assert_eq!(thread.starter, Some((recording.threads[0].pid, recording.threads[0].tid)));
    }
    assert!(threads.iter().any(|thread| thread.time_in(State::Ready) > 0));
    Ok(())
}

#[test]
fn a_killed_process_ends_there_and_one_below_another_is_seen() -> Result<()> {
    let script = "sleep 3600 & sh -c 'sleep 0.01; :'; kill -9 $!; wait $!; [ $? = 137 ]";
    let recording = facts(&["sh", "-c", script])?;
    check(&recording)?;
    assert_eq!(recording.failure, None);
    let sleeps = of_process(&recording, "sleep");
    let [killed, below] = sleeps[..] else { anyhow::bail!("{:?}", recording.threads) };
    assert!(killed.begin < below.end && below.end < killed.end && killed.end <= recording.end);
    let root = &recording.threads[0];
    let between =
        recording.threads.iter().find(|thread| Some(thread.pid) == below.starter.map(|it| it.0));
    let between = between.context("the shell between is not there")?;
    assert_eq!(between.starter, Some((root.pid, root.tid)));
    Ok(())
}

#[test]
fn a_program_that_is_killed_is_drawn_up_to_there() -> Result<()> {
    let recording = facts(&["sh", "-c", "echo so far >&2; kill -9 $$"])?;
    check(&recording)?;
    assert_eq!(recording.failure.as_deref(), Some("signal: 9 (SIGKILL): so far"));
    let text = terminal::draw("sh", &[arrange("Rust", recording, &[])], true, 80);
    assert!(text.contains("Rust: failed after"), "{text}");
    assert!(text.lines().any(|line| line.contains("main thread") && line.contains('█')), "{text}");
    Ok(())
}

#[test]
fn what_outlives_the_program_is_recorded_and_ended() -> Result<()> {
    let begin = std::time::Instant::now();
    let recording = facts(&["sh", "-c", "setsid sleep 3600 & sleep 0.01"])?;
    assert_eq!(of_process(&recording, "sleep").len(), 2);
    assert!(begin.elapsed() < LIMIT);
    Ok(())
}

#[test]
fn spans_begin_and_end_where_their_thread_is_on_a_core() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let args = example("01-threading", &["gil", "threads", "--additions", "1000000"])?;
    let (recording, lines) = record(recorder()?, folder.path(), &args, None)?;
    let spans: Vec<_> = lines.iter().filter(|line| line.kind == spans::Kind::Span).collect();
    assert_eq!(spans.len(), 4);
    for (span, edge) in spans.iter().flat_map(|span| [(span, span.begin), (span, span.end)]) {
        let thread = recording.threads.iter().find(|thread| thread.tid == span.tid);
        let stays = &thread.context("a span without a thread")?.stays;
        let near = |time: u64| time.abs_diff(edge) < 1_000_000;
        let fits = stays.iter().filter(|stay| stay.state == State::OnCore).any(|stay| {
            (stay.begin..=stay.end).contains(&edge) || near(stay.begin) || near(stay.end)
        });
        assert!(fits, "{edge} of {span:?}: {stays:?}");
    }
    Ok(())
}

#[test]
fn an_ordinary_user_may_record() -> Result<()> {
    if !Uid::effective().is_root() {
        // Then all the other tests have shown it.
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
    let program = folder.path().join("xtask");
    fs::copy(recorder()?, &program)?;
    let wrapper = folder.path().join("as-nobody");
    let nobody =
        "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all";
    fs::write(&wrapper, format!("#!/bin/sh\nexec {nobody} '{}' \"$@\"\n", program.display()))?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    let (recording, _) = record(&wrapper, folder.path(), &["sh", "-c", "sleep 0.01; :"], None)?;
    check(&recording)?;
    let level: i32 = fs::read_to_string("/proc/sys/kernel/perf_event_paranoid")?.trim().parse()?;
    let expected = if level <= 2 { Facts::Switches } else { Facts::Sampled };
    assert_eq!(recording.facts, expected, "{:?}", recording.instead);
    assert_eq!(recording.instead.is_some(), expected == Facts::Sampled);
    assert_eq!(of_process(&recording, "sleep").len(), 1);
    Ok(())
}

/// Starts a program for which perf_event_open(2) fails, as under many containers' filters.
const REFUSE: &str = r#"
import ctypes, os, platform, struct, sys
number = {"x86_64": 298, "aarch64": 241}[platform.machine()]
# Load the call's number; if it is that one, fail with EACCES, else allow.
code = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x5000D), (0x06, 0, 0, 0x7FFF0000)]
filter = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
program = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(filter))
prctl = ctypes.CDLL(None, use_errno=True).prctl
assert prctl(38, 1, 0, 0, 0) == 0 and prctl(22, 2, program, 0, 0) == 0, ctypes.get_errno()
os.execv(sys.argv[1], sys.argv[1:])
"#;

#[test]
fn where_the_kernels_records_are_refused_threads_are_sampled() -> Result<()> {
    let Ok(python) = xtask::python::ready() else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let refuse = folder.path().join("refuse.py");
    fs::write(&refuse, REFUSE)?;
    let wrapper = folder.path().join("refused");
    let (python, recorder) = (python.interpreter.display(), recorder()?.display());
    fs::write(
        &wrapper,
        // Long enough for a sample of each thread, however busy the machine is.
        format!("#!/bin/sh\nPACE=1 exec '{python}' '{}' '{recorder}' \"$@\"\n", refuse.display()),
    )?;
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    let args = example("01-threading", &["workers", "A", "B"])?;
    let (recording, lines) = record(&wrapper, folder.path(), &args, None)?;
    check(&recording)?;
    assert_eq!(recording.facts, Facts::Sampled);
    let reason = recording.instead.as_deref().context("no reason")?;
    assert!(reason.contains("perf_event_open") && reason.contains("Permission denied"), "{reason}");
    assert_eq!(recording.threads.len(), 3, "{:?}", recording.threads);
    let text = terminal::draw("workers", &[arrange("Rust", recording, &lines)], true, 80);
    assert!(text.contains("sampled every millisecond"), "{text}");
    assert!(text.contains("not as exact as it could be"), "{text}");
    Ok(())
}

#[test]
fn sampled_threads_compute_and_wait_too() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let args = example("01-threading", &["gil", "threads", "--additions", "20000000"])?;
    let (recording, lines) = record(recorder()?, folder.path(), &args, Some(Facts::Sampled))?;
    check(&recording)?;
    assert_eq!(recording.facts, Facts::Sampled);
    let threads = &recording.threads[1..];
    assert_eq!(threads.len(), 4);
    assert!(threads.iter().all(|thread| thread.time_in(State::OnCore) > 0));
    let main = &recording.threads[0];
    assert!(main.time_in(State::Waiting) > main.time_in(State::OnCore), "it waits for the four");
    let text = terminal::draw("gil", &[arrange("Rust", recording, &lines)], true, 80);
    assert!(text.contains("sampled every millisecond"), "{text}");
    Ok(())
}

#[test]
fn without_facts_there_are_the_spans() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let args = example("01-threading", &["workers", "A", "B"])?;
    let (recording, lines) = record(recorder()?, folder.path(), &args, Some(Facts::Spans))?;
    let run = arrange("Rust", recording, &lines);
    let mut names: Vec<_> = run.lanes.iter().map(|lane| &*lane.name).collect();
    names.sort_unstable();
    assert_eq!(names, ["worker A", "worker B"]);
    assert!(
        run.lanes.iter().all(|lane| lane.time(Look::Holding) > 0 && lane.time(Look::OnCore) == 0)
    );
    let text = terminal::draw("workers", &[run], true, 80);
    assert!(text.contains("on a core or not is not known"), "{text}");
    Ok(())
}

#[derive(Message)]
struct Trace {
    #[prost(message, repeated, tag = "1")]
    packets: Vec<Packet>,
}

#[derive(Message)]
struct Packet {
    #[prost(uint64, optional, tag = "8")]
    timestamp: Option<u64>,
    #[prost(message, optional, tag = "11")]
    event: Option<TrackEvent>,
    #[prost(message, optional, tag = "60")]
    track: Option<TrackDescriptor>,
}

#[derive(Message)]
struct TrackEvent {
    #[prost(int32, tag = "9")]
    kind: i32,
    #[prost(uint64, tag = "11")]
    track: u64,
    #[prost(string, optional, tag = "23")]
    name: Option<String>,
    #[prost(int64, optional, tag = "30")]
    counter: Option<i64>,
}

#[derive(Message)]
struct TrackDescriptor {
    #[prost(uint64, tag = "1")]
    uuid: u64,
    #[prost(string, optional, tag = "2")]
    name: Option<String>,
    #[prost(message, optional, tag = "4")]
    thread: Option<ThreadDescriptor>,
}

#[derive(Message)]
struct ThreadDescriptor {
    #[prost(int32, tag = "2")]
    tid: i32,
    #[prost(string, tag = "5")]
    name: String,
}

#[test]
fn perfetto_gets_the_same_lanes() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let args = example("03-asyncio", &["event-loop"])?;
    let (recording, lines) = record(recorder()?, folder.path(), &args, None)?;
    let run = arrange("Rust", recording, &lines);
    let trace = Trace::decode(&*perfetto::encode(std::slice::from_ref(&run)))?;
    let mut tracks = HashMap::new();
    let (mut open, mut times) = (HashMap::new(), BTreeMap::<(String, String), u64>::new());
    let mut counted = Vec::new();
    for packet in trace.packets {
        if let Some(track) = packet.track {
            let name = track.name.or(track.thread.map(|thread| thread.name)).unwrap_or_default();
            assert_eq!(tracks.insert(track.uuid, name), None, "a number for two tracks");
        }
        let Some(event) = packet.event else { continue };
        let time = packet.timestamp.context("an event at no time")?;
        let track = tracks.get(&event.track).context("an event of no track")?.clone();
        match (event.kind, event.counter) {
            (1, None) => {
                let name = event.name.context("a slice without a name")?;
                assert_eq!(open.insert(track, (name, time)), None, "one in another");
            }
            (2, None) => {
                let (name, begin) = open.remove(&track).context("an end without a beginning")?;
                let name = if name.starts_with("on core") { "on a core".into() } else { name };
                *times.entry((track, name)).or_default() += time - begin;
            }
            (4, Some(count)) => counted.push((time, usize::try_from(count)?)),
            other => anyhow::bail!("{other:?}"),
        }
    }
    assert_eq!(open, HashMap::new());
    assert_eq!(counted, run.in_use);
    assert_eq!(run.tasks().count(), 3);
    for lane in &run.lanes {
        for (look, name) in
            [(Look::OnCore, "on a core"), (Look::Ready, "ready"), (Look::Waiting, "waits")]
        {
            let time = times.get(&(lane.name.clone(), name.into())).copied().unwrap_or(0);
            assert_eq!(time, lane.time(look), "{name} of {}", lane.name);
        }
    }
    Ok(())
}

fn xtask(args: &[&str]) -> Result<Finished> {
    tests::run(tests::program("xtask")?.args(args).env_remove("COLUMNS"))
}

/// The picture of an example, if it is XML.
fn picture(lesson: &str, name: &str) -> Result<String> {
    let path = xtask::cargo::target().join("trace").join(format!("{lesson}-{name}.svg"));
    let text = fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?;
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut depth = 0;
    loop {
        match reader.read_event()? {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    ensure!(depth == 0, "{depth} elements are open at the end");
    Ok(text)
}

#[test]
fn an_example_is_drawn_in_both_languages() -> Result<()> {
    let file = tempfile::NamedTempFile::new()?;
    let path = file.path().to_string_lossy().into_owned();
    let done = xtask(&["trace", "--debug", "--pace", "0.05", "--perfetto", &path, "countdown"])?;
    assert!(done.status.success(), "{}{}", done.stdout, done.stderr);
    for line in done.stdout.lines().filter(|line| !line.starts_with("The same as a picture")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let languages = if xtask::python::ready().is_ok() { 2 } else { 1 };
    for (text, what) in
        [(&done.stdout, "done after"), (&picture("03-asyncio", "countdown")?, "wide\" x=\"23%\"")]
    {
        assert!(text.matches(what).count() >= languages, "{text}");
    }
    assert!(Trace::decode(&*fs::read(file.path())?)?.packets.len() > 20);
    Ok(())
}

#[test]
fn a_run_that_fails_is_drawn_and_fails() -> Result<()> {
    let done = xtask(&["trace", "--debug", "--no-python", "failing-pages", "lab:a?fault=404"])?;
    assert_eq!(done.status.code(), Some(1), "{}", done.stderr);
    assert!(done.stdout.contains("Rust: failed after"), "{}", done.stdout);
    assert!(done.stdout.contains("exit status: 1: error: 1 of 1 pages failed"), "{}", done.stdout);
    assert!(picture("01-threading", "failing-pages")?.contains("failed after"));
    Ok(())
}

#[test]
fn what_cannot_be_traced_is_named() -> Result<()> {
    for (args, says) in [
        (&["trace", "nothing"][..], "nothing"),
        (&["trace", "workers"], "01-threading/workers, 02-multiprocessing/workers"),
        (&["trace", "--pace", "0", "gil"], "must be a number above 0"),
        (&["trace", "--facts", "guessed", "gil"], "guessed"),
        (&["trace"], "EXAMPLE"),
        (&["trace", "--readme", "--features", "nonsense"], "nonsense"),
    ] {
        let done = xtask(args)?;
        assert_eq!(done.status.code(), Some(2), "{args:?}: {}", done.stderr);
        assert!(done.stderr.contains(says), "{args:?}: {}", done.stderr);
    }
    let done = xtask(&["trace", "--debug", "--features", "nonsense", "daemon"])?;
    assert_eq!(done.status.code(), Some(1), "{}", done.stderr);
    let says = "error: cannot build lesson-01-threading with nonsense";
    assert!(done.stderr.contains(says), "{}", done.stderr);
    Ok(())
}

#[test]
fn an_interrupted_trace_is_drawn_and_leaves_nothing_behind() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let marker = folder.path().to_string_lossy();
    let mut command = tests::program("xtask")?;
    command.args(["trace", "--debug", "--pace", "100", "daemon", "--join"]).env_remove("PACE");
    let child = command.env("MARKER", &*marker).stdout(Stdio::piped()).process_group(0).spawn()?;
    let running = || tests::with_environment("MARKER", &marker);
    let cwd = |pid: i32| fs::read_link(format!("/proc/{pid}/cwd"));
    let traced = || -> Result<Option<PathBuf>> {
        let folders = running()?.into_iter().filter_map(|pid| cwd(pid).ok());
        // The recorder is there too, but the lesson's threads are not the recorder's.
        let is_run = |folder: &PathBuf| folder.ends_with("rust");
        let lesson = running()?.into_iter().any(|pid| {
            let threads = fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
            cwd(pid).is_ok_and(|folder| is_run(&folder)) && threads > 1
        });
        Ok(folders.filter(is_run).find(|_| lesson))
    };
    tests::wait_until(|| Ok(traced()?.is_some()))?;
    let run = traced()?.context("it has ended by itself")?;
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
    let done = child.wait_with_output()?;
    assert_eq!(done.status.code(), Some(130));
    let text = String::from_utf8(done.stdout)?;
    assert!(text.contains("Rust: stopped after") && !text.contains("Python:"), "{text}");
    assert!(!text.contains("signal"), "what a reader stopped has not failed: {text}");
    assert!(picture("01-threading", "daemon")?.contains("stopped after"));
    tests::wait_until(|| Ok(running()?.is_empty()))?;
    let run = run.parent().context("no folder")?;
    assert!(!run.exists(), "{} is left", run.display());
    Ok(())
}

#[test]
fn a_killed_trace_leaves_no_process_behind() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let marker = folder.path().to_string_lossy();
    let mut command = tests::program("xtask")?;
    command.args(["trace", "--debug", "--pace", "100", "thread-names"]).env_remove("PACE");
    let mut child = command.env("MARKER", &*marker).process_group(0).spawn()?;
    let running = || tests::with_environment("MARKER", &marker);
    let is_lesson = |pid: &i32| {
        fs::read_to_string(format!("/proc/{pid}/comm"))
            .is_ok_and(|name| name.starts_with("lesson-01"))
    };
    tests::wait_until(|| Ok(running()?.iter().any(is_lesson)))?;
    child.kill()?;
    child.wait()?;
    tests::wait_until(|| Ok(running()?.is_empty()))
}

/// A twin with its functions labelled: what it printed, and its lines.
fn labelled(lesson: &str, module: &str, args: &[&str]) -> Result<Option<(Finished, Vec<Line>)>> {
    let Ok(python) = xtask::python::ready() else { return Ok(None) };
    let folder = tempfile::tempdir()?;
    let timeline = folder.path().join("timeline");
    let root = xtask::catalogue::root();
    let mut command = Command::new(python.interpreter);
    command.args(["-BPc", "import sitecustomize; sitecustomize.main()"]);
    command.arg(root.join(lesson).join("python").join(module)).args(args);
    command.env("PYTHONPATH", root.join("xtask/trace")).env("LESSON_TIMELINE", &timeline);
    let done = tests::run(command.env("PACE", tests::PACE.to_string()))?;
    Ok(Some((done, spans::read(&timeline)?)))
}

#[test]
fn a_twins_functions_are_labelled_in_the_processes_it_spawns_too() -> Result<()> {
    for method in ["fork", "spawn"] {
        let args = ["start", "3", "--method", method];
        let Some((done, lines)) = labelled("02-multiprocessing", "micro.py", &args)? else {
            return Ok(());
        };
        assert_eq!(done.stdout, "3 processes started and joined\n", "{}", done.stderr);
        let main = lines.iter().find(|line| line.kind == spans::Kind::Main).context("no main")?;
        let mut pids: Vec<_> =
            lines.iter().filter(|line| line.name == "nothing").map(|line| line.pid).collect();
        pids.sort_unstable();
        pids.dedup();
        assert_eq!((pids.len(), pids.contains(&main.pid)), (3, false), "{method}: {lines:?}");
    }
    Ok(())
}

#[test]
fn a_twins_tasks_are_labelled_turn_by_turn() -> Result<()> {
    let Some((done, lines)) = labelled("03-asyncio", "event_loop.py", &["A=2", "B=1"])? else {
        return Ok(());
    };
    assert!(done.status.success() && done.stdout.starts_with("Task A starting\nTask B starting\n"));
    for task in ["task A", "task B"] {
        let count =
            |kind| lines.iter().filter(|line| line.kind == kind && line.label() == task).count();
        assert_eq!(
            (count(spans::Kind::Poll), count(spans::Kind::Span)),
            (2, 1),
            "{task}: {lines:?}"
        );
    }
    Ok(())
}

#[test]
fn a_twin_that_fails_fails_labelled_too() -> Result<()> {
    let args = ["gil", "--tasks", "none"];
    let Some((done, _)) = labelled("01-threading", "gil.py", &args[1..])? else { return Ok(()) };
    assert_eq!(done.status.code(), Some(2));
    assert!(done.stderr.contains("usage: gil.py"), "{}", done.stderr);
    Ok(())
}

#[test]
fn a_picture_stays_small() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let args = example("01-threading", &["gil", "threads", "--additions", "1000000"])?;
    let (recording, lines) = record(recorder()?, folder.path(), &args, None)?;
    let mut run = arrange("Rust", recording, &lines);
    // A million switches in ten seconds, in as many lanes as there can be.
    run.length = 10_000_000_000;
    let lanes = 24;
    run.lanes = (0..lanes).map(|number| many(&run, number, 1_000_000 / lanes)).collect();
    let text = Picture { title: "many", source: "", runs: &[run], shared: true }.draw();
    assert!(text.len() < 1_000_000, "{} bytes", text.len());
    assert!(text.contains("class=\"core\" d="));
    Ok(())
}

fn many(run: &Run, number: u64, count: u64) -> xtask::trace::lanes::Lane {
    let mut lane = run.lanes[0].clone();
    let step = run.length / count;
    lane.stretches.clear();
    for at in 0..count {
        // Uneven, so that no two columns are the same.
        let middle = at * step + (at * 7919 + number * 31) % step;
        let looks = [(Look::OnCore, at * step, middle), (Look::Ready, middle, (at + 1) * step)];
        lane.stretches.extend(looks.map(|(look, begin, end)| xtask::trace::lanes::Stretch {
            look,
            begin,
            end,
            core: Some(0),
        }));
    }
    (lane.begin, lane.end) = (0, run.length);
    lane
}

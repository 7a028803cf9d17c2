//! The faults, and how each is brought about.

use nix::sys::signal::Signal;

use super::peer::Manners;

/// Something that goes wrong around a program.
pub struct Fault {
    /// Its name in the table.
    pub name: &'static str,
    /// What happens, for a reader of the table.
    pub what: &'static str,
    /// How it is brought about.
    pub how: How,
    /// What an error says of it: one of these. None where the fault is no reason to fail.
    pub causes: &'static [&'static str],
}

/// How a fault is brought about.
pub enum How {
    /// Not at all: what the others are compared with.
    Nothing,
    /// The example is told to let one of its workers panic.
    Panic,
    /// The first worker process gets a signal.
    Worker(Signal),
    /// The local site and bucket are replaced by a server with such manners.
    Peer(Manners),
    /// The folder, current and for temporary files, is a file system of its own, mounted so by a shell.
    Folder(&'static str),
    /// A shell does this, and becomes the program `"$@"`.
    Shell(&'static str),
    /// These signals come while its first line is on its way.
    Signal(Whom, Signal),
    /// Ctrl-C, again and again, while nobody reads what it prints.
    Impatience,
    /// Nobody reads what it prints.
    Unread,
    /// The folders have this in their name.
    Name(&'static [u8]),
    /// `HOME` and `TMPDIR` are this, or not set.
    Homes(Option<&'static str>),
}

/// Who gets a signal.
#[derive(Clone, Copy)]
pub enum Whom {
    /// The whole process group, as from a terminal.
    Group,
    /// The program alone, as from kill(1).
    Program,
}

const KILLED: &[&str] = &[
    "SIGKILL",
    "ended early",
    "ended while it held the lock",
    "nobody is left",
    "process has ended",
    "process ended",
];
const FULL: &[&str] = &["No space left on device"];
const NO_FOLDER: &[&str] = &["No such file or directory"];

/// All of them, in the order of the table.
pub const FAULTS: &[Fault] = &[
    fault("none", "nothing goes wrong: what the others are compared with", How::Nothing, &[]),
    fault("worker panics", "it is told to let one panic", How::Panic, &["panicked"]),
    fault(
        "worker killed",
        "its first worker process gets SIGKILL as soon as it is there",
        How::Worker(Signal::SIGKILL),
        KILLED,
    ),
    fault(
        "worker hangs",
        "its first worker process gets SIGSTOP, and then all of them Ctrl-C",
        How::Worker(Signal::SIGSTOP),
        &[],
    ),
    fault(
        "peer resets",
        "site and bucket reset each connection after a request",
        How::Peer(Manners::Reset),
        &["reset by peer", "Connection reset", "connection closed"],
    ),
    fault(
        "peer is mute",
        "site and bucket answer nothing; with no time-out, then Ctrl-C",
        How::Peer(Manners::Mute),
        &["timed out", "not there after"],
    ),
    fault("disk full", "no byte fits into its folder or TMPDIR", How::Folder("size=4k"), FULL),
    fault(
        "read-only",
        "its folder and TMPDIR are mounted read-only",
        How::Folder("ro"),
        &["Read-only file system"],
    ),
    fault(
        "8 descriptors",
        "ulimit -n 8",
        How::Shell(r#"ulimit -n 8; exec "$@""#),
        &["Too many open files", "No file descriptors available"],
    ),
    fault(
        "2 processes",
        "ulimit -u 2, as another user: threads count",
        // A user who may reach the files, wherever the repository lies: below a folder of root's alone, too.
        How::Shell(
            r#"[ $(id -u) = 0 ] || exit 77; ulimit -u 2; files=-all,+dac_override
            exec setpriv --reuid "$CELL_UID" --regid "$CELL_UID" --clear-groups \
                --inh-caps $files --ambient-caps $files -- "$@""#,
        ),
        &["Resource temporarily unavailable"],
    ),
    fault(
        "4 MB more",
        "ulimit -v: 4 MB more of address space than `--list` needs",
        How::Shell(
            r#"v=8000; { until (ulimit -v $v; "$1" --list > /dev/null); do
                v=$((v + 2000)); [ $v -lt 1000000 ] || exit 78; done } 2> /dev/null
            ulimit -v $((v + 4000)); exec "$@""#,
        ),
        &[
            "Cannot allocate memory",
            "memory allocation of",
            "out of memory",
            "Resource temporarily unavailable",
        ],
    ),
    fault(
        "SIGINT",
        "Ctrl-C, while its first line is on its way",
        How::Signal(Whom::Group, Signal::SIGINT),
        &[],
    ),
    fault(
        "SIGTERM",
        "the same of kill(1), to the program alone",
        How::Signal(Whom::Program, Signal::SIGTERM),
        &[],
    ),
    fault("SIGHUP", "the terminal is gone", How::Signal(Whom::Group, Signal::SIGHUP), &[]),
    fault("SIGINT twice", "and nobody reads what it prints (Ctrl-S)", How::Impatience, &[]),
    fault("nobody reads", "stdout is a pipe without a reader", How::Unread, &[]),
    fault("stdout closed", ">&-", How::Shell(r#"exec "$@" >&-"#), &[]),
    fault("stdout full", "> /dev/full", How::Shell(r#"exec "$@" > /dev/full"#), FULL),
    fault("stdin closed", "<&-", How::Shell(r#"exec "$@" <&-"#), &[]),
    fault(
        "clock at 2 s",
        "CLOCK_MONOTONIC begins anew, in a time namespace",
        How::Shell(
            r#"exec unshare --map-root-user --time --fork --kill-child \
            --monotonic=-$(($(cut -d. -f1 /proc/uptime) - 2)) "$@""#,
        ),
        &[],
    ),
    fault(
        "one core",
        "taskset",
        How::Shell(r#"exec taskset -c "$(taskset -pc $$ | sed 's/.*: //; s/[-,].*//')" "$@""#),
        &[],
    ),
    fault(
        "odd path",
        "names of its folders, and of the file that it gets, have blanks, quotes, a dollar and a line end",
        How::Name(b"a 'b' \"c\" $d\ne"),
        &["illegal character"],
    ),
    fault("not UTF-8", "these names are not", How::Name(b"\xff\xc3(\xe9"), &["UTF-8"]),
    fault("no HOME", "HOME and TMPDIR are not set", How::Homes(None), &[]),
    fault(
        "HOME gone",
        "HOME and TMPDIR are folders that are not there",
        How::Homes(Some("/no/such/folder")),
        NO_FOLDER,
    ),
];

const fn fault(
    name: &'static str,
    what: &'static str,
    how: How,
    causes: &'static [&'static str],
) -> Fault {
    Fault { name, what, how, causes }
}

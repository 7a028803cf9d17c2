//! The `main` of every lesson, and the macro that makes its table of contents a program.

use std::{
    env, fmt,
    io::{self, Write},
    panic::{self, AssertUnwindSafe},
    process::{self, Command, ExitCode},
};

use anyhow::{Context, Result, bail};
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};

use crate::{pace, timeline};

/// A lesson's program, from its table of contents: the lesson's folder, then its examples in the tutorials' order.
///
/// Each example is a module with `Args` and `run(args)`. Functions of one that run in other processes are registered
/// by its `register`, which `: register` says, after `with multiprocessing::init`. `roles` are commands that are no
/// examples: they serve others until they are told to end.
///
/// ```ignore
/// lab::lesson! {
///     /// What the lesson is about
///     "02-multiprocessing" with multiprocessing::init,
///     workers: register,
///     micro,
/// }
/// ```
#[macro_export]
macro_rules! lesson {
    ($(#[$about:meta])* $folder:literal, $($example:ident),+ $(,)?) => {
        $crate::lesson!(@program $(#[$about])* $folder, [$($example),+] [], || ());
    };
    (
        $(#[$about:meta])* $folder:literal with $init:path,
        $($example:ident $(: $register:ident)?),+ $(; roles $roles:path)? $(,)?
    ) => {
        $crate::lesson!(@program $(#[$about])* $folder, [$($example),+] [$($roles)?], || {
            $init(|tasks| { $($($example::$register(tasks);)?)+ });
        });
    };
    (@program $(#[$about:meta])* $folder:literal, [$($example:ident),+] [$($roles:path)?], $begin:expr) => {
        $(mod $example;)+

        $(#[$about])*
        #[derive(::clap::Subcommand)]
        #[allow(non_camel_case_types, reason = "examples are named as their modules")]
        enum Example {
            $($example($example::Args),)+
            $(#[command(flatten)] Role($roles),)?
        }

        impl $crate::Lesson for Example {
            const FOLDER: &str = $folder;
            $(const ROLES: &[&str] = <$roles>::NAMES;)?

            fn run(self) -> ::anyhow::Result<()> {
                match self {
                    $(Self::$example(args) => $example::run(args),)+
                    $(Self::Role(role) => <$roles>::run(role),)?
                }
            }
        }

        fn main() -> ::std::process::ExitCode {
            $crate::main::<Example>($begin)
        }
    };
}

/// What [`lesson!`](crate::lesson) makes: an enum with a variant for each example.
pub trait Lesson: Subcommand {
    /// The lesson's folder, which is also its cargo alias.
    const FOLDER: &str;
    /// Commands that are no examples: not listed, and not run when all are.
    const ROLES: &[&str] = &[];

    /// Runs the chosen example.
    ///
    /// # Errors
    /// What went wrong, in which of the example's units of work, and why.
    fn run(self) -> Result<()>;
}

#[derive(Parser)]
#[command(disable_help_subcommand = true)]
struct Cli<L: Subcommand> {
    /// Print the examples' names, one a line
    #[arg(long)]
    list: bool,

    #[command(subcommand)]
    example: Option<L>,
}

/// Ctrl-C came, and the example ended by itself.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// The command line asks for what cannot be, which only the example can see: that two files have one name, for
/// instance.
#[derive(Debug)]
pub struct Misuse(pub String);

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misuse {}

/// Runs the example that the command line names, or all of them in order. `begin` comes before the command line is
/// read: a lesson of processes becomes a worker there, with the timeline started and panics handled as in the program
/// itself.
///
/// Exit code 0: all went well, 1: an example failed, 2: the command line ([`Misuse`] too) or `PACE` is wrong,
/// 130: it was [`Interrupted`], as shells say.
pub fn main<L: Lesson>(begin: impl FnOnce()) -> ExitCode {
    end_quietly_on_a_closed_pipe();
    match timeline::start().map(|()| begin()).and_then(|()| dispatch::<L>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody may be reading; the exit code tells all the same.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            if error.is::<Interrupted>() {
                ExitCode::from(130)
            } else if error.is::<Misuse>() {
                ExitCode::from(2)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn dispatch<L: Lesson>() -> Result<()> {
    let mut command = Cli::<L>::command()
        .name(L::FOLDER)
        .bin_name(format!("cargo {}", L::FOLDER))
        .mut_subcommands(|example| example.mut_args(negative_numbers_are_values));
    if let Err(error) = pace::from_env() {
        command.error(ErrorKind::InvalidValue, format!("{error:#}")).exit();
    }
    let matches = command.get_matches_mut();
    let cli = Cli::<L>::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let commands = command.get_subcommands().map(clap::Command::get_name);
    let examples = commands.filter(|name| !L::ROLES.contains(name));
    match cli.example {
        _ if cli.list => examples.for_each(|name| println!("{name}")),
        Some(example) => return run(example),
        None => return run_all(examples),
    }
    Ok(())
}

/// So that `--wait -1` is refused for its value, not as an unknown option.
fn negative_numbers_are_values(arg: Arg) -> Arg {
    let takes_values = arg.get_action().takes_values();
    arg.allow_negative_numbers(takes_values)
}

/// A panic, whose message is out already, is a failure like others: exit code 1, not Rust's 101.
fn run<L: Lesson>(example: L) -> Result<()> {
    panic::catch_unwind(AssertUnwindSafe(|| example.run()))
        .unwrap_or_else(|_| bail!("the example panicked"))
}

/// Runs each example as a process of its own, as the reader would by hand: a background thread that
/// one leaves behind does not print into the next.
fn run_all<'a>(examples: impl Iterator<Item = &'a str>) -> Result<()> {
    let program = env::current_exe().context("cannot find this program's file")?;
    let mut failed = Vec::new();
    for (position, name) in examples.enumerate() {
        println!("{}== {name} ==", if position > 0 { "\n" } else { "" });
        let status = Command::new(&program)
            .arg(name)
            .status()
            .with_context(|| format!("cannot start {}", program.display()))?;
        if !status.success() {
            failed.push(format!("{name} ({status})"));
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// `println!` panics when nobody reads any more (`| head -1`): that is the reader's wish, not a
/// fault, on whatever thread it happens. Other failures to print, as on a full disk, are faults.
pub fn end_quietly_on_a_closed_pipe() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| match info.payload_as_str() {
        Some(text) if text.starts_with("failed printing to stdout") => {
            #[cfg(feature = "scratch")]
            crate::scratch::remove_all();
            if text.contains("Broken pipe") {
                process::exit(0);
            }
            let _ = writeln!(io::stderr(), "error: {text}");
            process::exit(1);
        }
        // There is nowhere left to say so.
        Some(text) if text.starts_with("failed printing to stderr") => {
            #[cfg(feature = "scratch")]
            crate::scratch::remove_all();
            process::exit(1);
        }
        _ => report(info),
    }));
}

//! The functions that can run in another process.

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::Error;
use crate::travel::packet;
use crate::workers::outcome::Outcome;

type Result<T, E = Error> = std::result::Result<T, E>;

/// A named function of up to six arguments, given as a tuple. Implemented for every `fn` item; not for closures that
/// capture something, whose captives could not travel.
pub trait Function<Args>: Copy + Send + Sync + 'static {
    /// What it returns.
    type Output;

    /// Calls it.
    fn call(self, args: Args) -> Self::Output;
}

macro_rules! functions {
    ($(($($arg:ident)*))*) => { $(
        impl<F, R, $($arg),*> Function<($($arg,)*)> for F
        where
            F: Fn($($arg),*) -> R + Copy + Send + Sync + 'static,
        {
            type Output = R;

            #[allow(non_snake_case)]
            fn call(self, ($($arg,)*): ($($arg,)*)) -> R {
                self($($arg),*)
            }
        }
    )* };
}
functions!(() (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E G));

/// Calls a function once and gives the exit code of its process.
pub(crate) type Once = Box<dyn Fn(&mut &[u8]) -> Result<i32, Stop> + Send + Sync>;
/// Calls a function for so many items, appends the results, and says how many there are and what stopped it earlier.
pub(crate) type Many =
    Box<dyn Fn(usize, &mut &[u8], &mut Vec<u8>) -> (usize, Option<Stop>) + Send + Sync>;

/// Why a call did not return.
pub(crate) enum Stop {
    /// It panicked; the panic hook has taken down where and why.
    Panic,
    /// Its arguments or its result cannot travel.
    Error(Error),
}

/// The table of functions that [`init`](crate::init) fills.
#[derive(Default)]
pub struct Tasks {
    once: HashMap<&'static str, (TypeId, Once)>,
    many: HashMap<&'static str, (TypeId, Many)>,
}

impl Tasks {
    /// Lets `function` be the target of a [`Process`](crate::Process). It may return nothing, an `ExitCode`, or a `Result`
    /// whose error is printed and makes the exit code 1.
    ///
    /// # Panics
    /// If another function has the same path: closures of one function do.
    pub fn process<F, Args>(&mut self, function: F) -> &mut Tasks
    where
        F: Function<Args>,
        F::Output: Outcome,
        Args: DeserializeOwned,
    {
        let call: Once = Box::new(move |bytes| {
            let args: Args =
                packet::take(bytes, "the arguments of a process").map_err(Stop::Error)?;
            let call = || function.call(args).exit_code();
            catch_unwind(AssertUnwindSafe(call)).map_err(|_| Stop::Panic)
        });
        add(&mut self.once, function, call);
        self
    }

    /// Lets `function` be mapped over items by a [`Pool`](crate::Pool), or submitted to one.
    ///
    /// # Panics
    /// As [`process`](Tasks::process).
    pub fn pool<F, Args>(&mut self, function: F) -> &mut Tasks
    where
        F: Function<Args>,
        F::Output: Serialize,
        Args: DeserializeOwned,
    {
        let call: Many = Box::new(move |count, input, output| {
            let mut done = 0;
            let calls = catch_unwind(AssertUnwindSafe(|| {
                while done < count {
                    let result = function.call(packet::take(input, "an item")?);
                    packet::put(output, &result, "a result")?;
                    done += 1;
                }
                Ok(())
            }));
            let stop = match calls {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(Stop::Error(error)),
                Err(_) => Some(Stop::Panic),
            };
            (done, stop)
        });
        add(&mut self.many, function, call);
        self
    }

    pub(crate) fn once(&self, name: &str) -> Option<&Once> {
        self.once.get(name).map(|(_, call)| call)
    }

    pub(crate) fn many(&self, name: &str) -> Option<&Many> {
        self.many.get(name).map(|(_, call)| call)
    }

    /// The name under which a worker finds `F`, checked before anything is started.
    pub(crate) fn name_once<F: 'static>(&self) -> Result<&'static str> {
        find(&self.once, type_name::<F>(), TypeId::of::<F>())
    }

    pub(crate) fn name_many<F: 'static>(&self) -> Result<&'static str> {
        find(&self.many, type_name::<F>(), TypeId::of::<F>())
    }
}

fn add<F: 'static, C>(table: &mut HashMap<&'static str, (TypeId, C)>, _: F, call: C) {
    const {
        assert!(
            size_of::<F>() == 0,
            "give the function itself, not a pointer to it or a closure that captures"
        );
    };
    let (name, id) = (type_name::<F>(), TypeId::of::<F>());
    let before = table.insert(name, (id, call));
    assert!(
        before.is_none_or(|(other, _)| other == id),
        "two functions for processes have the name `{name}`"
    );
}

fn find<C>(
    table: &HashMap<&'static str, (TypeId, C)>,
    name: &'static str,
    id: TypeId,
) -> Result<&'static str> {
    match table.get(name) {
        Some((known, _)) if *known == id => Ok(name),
        _ => Err(Error::NotRegistered { task: name }),
    }
}

static TABLE: OnceLock<Tasks> = OnceLock::new();

/// Stores the table.
///
/// # Panics
/// The second time.
pub(crate) fn set_table(tasks: Tasks) {
    assert!(TABLE.set(tasks).is_ok(), "multiprocessing::init was called twice");
}

/// The table, once `init` was called.
pub(crate) fn table() -> Result<&'static Tasks> {
    TABLE.get().ok_or(Error::NotInitialised)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two functions with one path.
    fn twins() -> (impl Function<(u8,), Output = u8>, impl Function<(u8,), Output = u8>) {
        (|number: u8| number, |number: u8| number + 1)
    }

    fn is_refused(register: impl FnOnce(&mut Tasks)) -> bool {
        catch_unwind(AssertUnwindSafe(|| register(&mut Tasks::default()))).is_err()
    }

    fn name_of<F: 'static>(tasks: &Tasks, _: F) -> Result<&'static str> {
        tasks.name_many::<F>()
    }

    #[test]
    fn functions_with_one_path_are_told_apart() {
        let (one, other) = twins();
        let mut tasks = Tasks::default();
        tasks.pool(one).pool(one);
        assert!(name_of(&tasks, one).is_ok());
        assert!(matches!(name_of(&tasks, other), Err(Error::NotRegistered { .. })));
        assert!(is_refused(|tasks| {
            tasks.pool(one).pool(other);
        }));
    }
}

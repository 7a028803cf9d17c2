//! The functions that tasks call, by name.
//!
//! A plan carries a function's name and not its code. The client, the scheduler and the executors are
//! the same program, so all have it: the function shipped is the function compiled. The examples register
//! theirs as they do for processes.

use std::{
    error::Error,
    fmt,
    sync::{Arc, OnceLock},
};

use anyhow::Result;
use datafusion::{
    arrow::{array::ArrayRef, datatypes::DataType},
    error::DataFusionError,
    logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf},
};
use parking_lot::Mutex;
use tokio::task::block_in_place;

/// Which executor this process is, for errors to name.
pub static EXECUTOR: OnceLock<String> = OnceLock::new();

static REGISTERED: Mutex<Vec<Arc<ScalarUDF>>> = Mutex::new(Vec::new());

/// Whatever its role is, this process knows the function from now on.
pub fn register(function: ScalarUDF) {
    REGISTERED.lock().push(Arc::new(function));
}

/// All that are registered.
pub fn all() -> Vec<Arc<ScalarUDF>> {
    REGISTERED.lock().clone()
}

/// A function of one column.
pub fn function(
    name: &str,
    takes: DataType,
    returns: DataType,
    run: impl Fn(&ArrayRef) -> Result<ArrayRef> + Send + Sync + 'static,
) -> ScalarUDF {
    let run = move |columns: &[ColumnarValue]| {
        let column = ColumnarValue::values_to_arrays(columns)?.remove(0);
        // It may take its time, and wait.
        let done = block_in_place(|| run(&column));
        let failed = |error| DataFusionError::External(Box::new(Failed(format!("{error:#}"))));
        done.map(ColumnarValue::Array).map_err(failed)
    };
    create_udf(name, vec![takes], returns, Volatility::Stable, Arc::new(run))
}

/// What went wrong in a function. Marks set it apart in the text that the scheduler makes of it: where
/// the function fails, it will fail the next time too.
struct Failed(String);

const BEGIN: char = '⟦';
const END: char = '⟧';

/// The text between the marks, if a function failed.
pub fn failed(error: &str) -> Option<&str> {
    Some(error.split_once(BEGIN)?.1.split_once(END)?.0)
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let executor = EXECUTOR.get().map_or("", String::as_str);
        write!(f, "{BEGIN}on executor {executor}: {}{END}", self.0)
    }
}

/// The same: `Debug` is what the scheduler gets.
impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Failed {}

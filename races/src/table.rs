//! A schedule as a table: a column a thread, a line a step.

use std::collections::BTreeSet;

use crate::log::Step;

/// The lines of the table, its heading first.
pub fn lines(steps: &[Step]) -> Vec<String> {
    let threads: BTreeSet<usize> = steps.iter().map(|step| step.thread).collect();
    let columns = threads.iter().map(|&thread| {
        let name = if thread == 0 { "main".into() } else { format!("thread {thread}") };
        let cells = steps.iter().map(|step| if step.thread == thread { &*step.what } else { "" });
        let width = cells.clone().map(str::len).fold(name.len(), usize::max);
        let cells = [&*name].into_iter().chain(cells);
        cells.map(|cell| format!("  {cell:width$}")).collect::<Vec<_>>()
    });
    let columns: Vec<_> = columns.collect();
    let line = |row: usize| columns.iter().map(|column| &*column[row]).collect::<String>();
    (0..=steps.len()).map(|row| line(row).trim_end().to_owned()).collect()
}

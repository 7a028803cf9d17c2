//! All examples under all faults, as a table.

use std::{
    fmt::Write,
    fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use anyhow::{Context, Result};
use xtask::lab::Lab;

use super::{
    case::{Case, cases},
    fault::FAULTS,
    run::{self, Outcome},
    verdict::Verdict,
    watch::children,
};

/// Examples at once: most of them wait most of the time.
const AT_ONCE: usize = 4;

/// Every example under every fault.
pub struct Table {
    cases: Vec<Case>,
    /// By example, then by fault.
    verdicts: Vec<Vec<Verdict>>,
}

impl Table {
    /// Runs them all, or those whose `LESSON/EXAMPLE` has `filter` in it.
    ///
    /// # Errors
    /// If one cannot be run.
    pub fn new(filter: &str) -> Result<Self> {
        let mut cases = cases()?;
        cases.retain(|case| format!("{}/{}", case.lesson, case.name).contains(filter));
        let lab = Lab::start(crate::programs()?, Some(0.01))?;
        let before = connections(&lab)?;
        let columns: Vec<_> = cases.iter().map(|_| Mutex::new(None)).collect();
        let (next, number) = (AtomicUsize::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    while let Some(case) = cases.get(next.fetch_add(1, Relaxed)) {
                        let at = cases.iter().position(|it| std::ptr::eq(it, case));
                        let column = column(case, &lab, &number);
                        if let Some(at) = at {
                            *columns[at].lock().unwrap_or_else(PoisonError::into_inner) =
                                Some(column);
                        }
                    }
                });
            }
        });
        // Connections of programs that have ended are closed as soon as it looks at them.
        crate::wait_until(|| Ok(connections(&lab)? <= before))
            .context("site and bucket have more connections than in the beginning")?;
        let columns = columns.into_iter().map(|column| {
            let column = column.into_inner().unwrap_or_else(PoisonError::into_inner);
            column.context("an example was not run")?
        });
        Ok(Self { verdicts: columns.collect::<Result<_>>()?, cases })
    }

    /// What is wrong, each with its example and its fault.
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (case, column) in self.cases.iter().zip(&self.verdicts) {
            for (fault, verdict) in FAULTS.iter().zip(column) {
                let place = format!("{}/{}, {}", case.lesson, case.name, fault.name);
                wrong.extend(verdict.wrong.iter().map(|what| format!("{place}: {what}")));
            }
        }
        wrong
    }

    /// How many cells have in them what `is` wants, of that fault.
    pub fn count(&self, fault: &str, is: impl Fn(&str) -> bool) -> usize {
        let row = FAULTS.iter().position(|it| it.name == fault);
        let cells = self.verdicts.iter().filter_map(|column| column.get(row?));
        cells.filter(|verdict| is(&verdict.cell)).count()
    }

    /// As Markdown: what each fault is, and a table for each lesson.
    pub fn markdown(&self) -> String {
        let mut text = String::from("| fault | what happens |\n|---|---|\n");
        for fault in FAULTS {
            let _ = writeln!(text, "| {} | {} |", fault.name, fault.what);
        }
        let mut lessons: Vec<_> = self.cases.iter().map(|case| &*case.lesson).collect();
        lessons.dedup();
        for lesson in lessons {
            let here: Vec<_> = self
                .cases
                .iter()
                .zip(&self.verdicts)
                .filter(|(case, _)| case.lesson == lesson)
                .collect();
            let names: Vec<_> = here.iter().map(|(case, _)| &*case.name).collect();
            let _ = write!(
                text,
                "\n| {lesson} | {} |\n|---{}|\n",
                names.join(" | "),
                "|---".repeat(names.len())
            );
            for (row, fault) in FAULTS.iter().enumerate() {
                let cells: Vec<_> = here.iter().map(|(_, column)| &*column[row].cell).collect();
                let _ = writeln!(text, "| {} | {} |", fault.name, cells.join(" | "));
            }
        }
        text
    }
}

/// How many sockets site and bucket, which is a child of the site's process, have open.
fn connections(lab: &Lab) -> Result<usize> {
    let mut count = 0;
    for process in children(lab.pid()).chain([lab.pid()]) {
        for file in fs::read_dir(format!("/proc/{process}/fd"))? {
            let target = fs::read_link(file?.path()).unwrap_or_default();
            count += usize::from(target.to_string_lossy().starts_with("socket:"));
        }
    }
    Ok(count)
}

/// One example under all faults; the first is none.
fn column(case: &Case, lab: &Lab, number: &AtomicU32) -> Result<Vec<Verdict>> {
    let mut plain = None;
    let mut column = Vec::new();
    for fault in FAULTS {
        let outcome = run::run(case, fault, lab, number.fetch_add(1, Relaxed))
            .with_context(|| format!("{}/{}, {}", case.lesson, case.name, fault.name))?;
        column.push(Verdict::of(case, fault, &outcome, plain.as_ref()));
        if let (None, Outcome::Ended(ended)) = (&plain, outcome) {
            plain = Some(ended);
        }
    }
    Ok(column)
}

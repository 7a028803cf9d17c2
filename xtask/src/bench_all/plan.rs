//! What is to be measured: the catalogue's rows as commands.

use std::{
    collections::HashMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{contender::Contender, peers::Peers};
use crate::{
    catalogue::{Catalogue, Example, More, Order, package},
    python::Python,
};

/// What is measured in the same rounds: a program or several, and what they are compared with.
pub struct Plan<'a> {
    /// The programs, a row each.
    pub programs: Vec<Measured>,
    /// Each Python's side, or the same program again.
    pub others: Vec<Contender<'a>>,
    /// Factor on the waits.
    pub pace: f64,
    /// Which order of an output's lines counts; none, if outputs may differ.
    pub order: Option<Order>,
}

/// A program that gives a row.
pub struct Measured {
    /// The row's name.
    pub name: String,
    /// Seconds that wait at pace 1.
    pub waits: f64,
    /// Program and arguments.
    pub command: Vec<OsString>,
    /// Whether what it says last on its error stream is told under the table.
    pub tells: bool,
}

impl Plan<'_> {
    /// The rows' names.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.programs.iter().map(|program| program.name.clone())
    }
}

/// What plans are made from.
pub struct Planner<'a> {
    /// Where each lesson's program is.
    pub programs: &'a HashMap<String, PathBuf>,
    /// The Pythons, each with its label.
    pub pythons: &'a [(String, Python)],
    /// The report's factor on the waits.
    pub pace: f64,
    /// Whether the rows that take long are wanted.
    pub long: bool,
    /// The features whose rows are wanted: the programs are built with them.
    pub features: Option<&'a str>,
    /// What peers run on, if they are wanted.
    pub peers: Option<&'a Peers>,
}

impl<'a> Planner<'a> {
    /// The same program on both sides: how far from 1 a ratio is when there is no difference.
    pub fn control(&self, catalogue: &Catalogue) -> Result<Plan<'a>> {
        let control = &catalogue.control;
        let command = self.rust(&control.lesson, &control.name, &control.args)?;
        let others =
            vec![Contender { label: "again", command: command.clone(), twin: None, lack: None }];
        let programs = vec![measured("control".into(), command)];
        Ok(Plan { programs, others, pace: self.pace, order: Some(Order::Fixed) })
    }

    /// What a program of either language costs that does nothing.
    pub fn start_up(&self, catalogue: &Catalogue) -> Result<Plan<'a>> {
        let command = self.rust(&catalogue.control.lesson, "--list", &[])?;
        let others = self.pythons.iter().map(|(label, python)| {
            let command = [python.interpreter.as_os_str(), "-c".as_ref(), "pass".as_ref()];
            Contender { label, command: command.map(OsString::from).into(), twin: None, lack: None }
        });
        let others = others.collect();
        let programs = vec![measured("start-up".into(), command)];
        Ok(Plan { programs, others, pace: self.pace, order: None })
    }

    /// The example's rows.
    pub fn example(&self, example: &'a Example) -> Result<Vec<Plan<'a>>> {
        let name = example.full_name();
        let measured = |name: String, waits: f64, args: &[String]| {
            let command = self.rust(&example.lesson, &example.name, args)?;
            anyhow::Ok(Measured { waits, ..measured(name, command) })
        };
        let mut plans = vec![Plan {
            programs: vec![measured(name.clone(), example.waits, &example.bench)?],
            others: self.twins(&example.twin(), &example.bench, &[]),
            pace: self.pace,
            order: Some(example.order),
        }];
        for more in example.more.iter().filter(|more| self.wants(more)) {
            let mut program = measured(format!("{name}: {}", more.name), more.waits, &more.bench)?;
            program.tells = more.features.is_some();
            if more.beside
                && let Some(plan) = plans.last_mut()
            {
                plan.programs.push(program);
                continue;
            }
            let twin = example.twin();
            let twin = more.twin.as_ref().map_or(twin.clone(), |file| twin.with_file_name(file));
            plans.push(Plan {
                programs: vec![program],
                others: self.twins(&twin, &more.bench, &more.python),
                pace: more.pace.unwrap_or(self.pace),
                order: Some(example.order),
            });
        }
        for (peers, peer) in
            self.peers.iter().flat_map(|it| example.peers.iter().map(move |peer| (it, peer)))
        {
            plans.push(Plan {
                programs: vec![measured(
                    format!("{name}: beside {}", peer.name),
                    0.0,
                    &peer.bench,
                )?],
                others: vec![peers.contender(peer)],
                pace: self.pace,
                order: peer.order,
            });
        }
        Ok(plans)
    }

    fn wants(&self, more: &More) -> bool {
        (self.long || !more.long)
            && (more.features.is_none() || more.features.as_deref() == self.features)
    }

    fn twins(&self, file: &Path, args: &[String], python_args: &[String]) -> Vec<Contender<'a>> {
        let twins = self.pythons.iter().map(|(label, python)| {
            let twin = python.command(file);
            let mut command = vec![twin.get_program().to_owned()];
            command.extend(twin.get_args().map(OsString::from));
            command.extend(args.iter().chain(python_args).map(OsString::from));
            Contender { label, command, twin: Some((python, file.to_owned())), lack: None }
        });
        twins.collect()
    }

    fn rust(&self, lesson: &str, name: &str, args: &[String]) -> Result<Vec<OsString>> {
        let program = self.programs.get(&package(lesson));
        let program = program.with_context(|| format!("{lesson} is not built"))?;
        let args = args.iter().map(OsString::from);
        Ok([program.into(), name.into()].into_iter().chain(args).collect())
    }
}

/// A program that waits for nothing and tells nothing.
fn measured(name: String, command: Vec<OsString>) -> Measured {
    Measured { name, waits: 0.0, command, tells: false }
}

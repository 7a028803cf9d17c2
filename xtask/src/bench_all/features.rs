//! Rows of programs that no default build has.

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
};

use anyhow::Result;

use crate::{
    cargo,
    catalogue::{Example, Unknown, package},
};

/// Features, and the lessons that have rows with them.
pub struct Features<'a> {
    name: &'a str,
    lessons: BTreeSet<&'a str>,
}

impl<'a> Features<'a> {
    /// Those of that name.
    ///
    /// # Errors
    /// [`Unknown`], if no row of the examples is for them.
    pub fn of(name: &'a str, examples: &[&'a Example]) -> Result<Self, Unknown> {
        let rows = || examples.iter().flat_map(|example| of(example).map(move |it| (it, *example)));
        let lessons: BTreeSet<_> =
            rows().filter(|(it, _)| *it == name).map(|(_, example)| &*example.lesson).collect();
        if lessons.is_empty() {
            let known = rows().map(|(it, example)| format!("{it} ({})", example.full_name()));
            return Err(Unknown::new("feature of the chosen rows", &name, known));
        }
        Ok(Self { name, lessons })
    }

    /// Builds these lessons with them, in release.
    ///
    /// # Errors
    /// As of [`cargo::build_with`].
    pub fn build(&self) -> Result<HashMap<String, PathBuf>> {
        let mut programs = HashMap::new();
        for lesson in &self.lessons {
            programs.extend(cargo::build_with(self.name, &package(lesson), true)?);
        }
        Ok(programs)
    }
}

/// How to get the rows that are left out without further features.
pub fn left_out(examples: &[&Example], features: Option<&str>) -> Vec<String> {
    let rows = examples.iter().flat_map(|example| {
        let others = of(example).filter(move |it| Some(*it) != features);
        others
            .map(|it| format!("{} has more rows with --long --features {it}", example.full_name()))
    });
    rows.collect()
}

/// The features of an example's rows, each once.
fn of(example: &Example) -> impl Iterator<Item = &str> {
    let all: BTreeSet<_> =
        example.more.iter().filter_map(|more| more.features.as_deref()).collect();
    all.into_iter()
}

//! What is printed of the pages, and their sum.

use anyhow::{Result, ensure};
use lab::site::Url;

pub struct Report {
    /// Whether each page has a line of its own.
    each: bool,
    fetched: u64,
    failed: u64,
    characters: usize,
}

impl Report {
    pub fn new(each: bool) -> Self {
        Self { each, fetched: 0, failed: 0, characters: 0 }
    }

    /// Counts a page of so many characters, or says why there is none.
    pub fn add(&mut self, url: &Url, characters: Result<usize>) {
        match characters {
            Ok(characters) => {
                self.fetched += 1;
                self.characters += characters;
                if self.each {
                    println!("Fetched {url}: {characters} characters");
                }
            }
            Err(error) => {
                self.failed += 1;
                eprintln!("cannot fetch {url}: {error:#}");
            }
        }
    }

    /// Prints the sum.
    ///
    /// # Errors
    /// If a page failed.
    pub fn end(&self) -> Result<()> {
        let Self { fetched, failed, characters, .. } = self;
        let asked = fetched + failed;
        println!(
            "{asked} pages asked: {fetched} fetched, {failed} failed, {characters} characters"
        );
        ensure!(*failed == 0, "{failed} of {asked} pages failed");
        Ok(())
    }
}

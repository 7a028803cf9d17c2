//! What is printed of the pages, in the words of each tutorial, and their sum.

use anyhow::{Result, ensure};
use reqwest::Url;

use super::fetch::Page;

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Words {
    Approaches,
    Techniques,
    Slideshow,
}

pub struct Report {
    words: Words,
    pages: Option<u64>,
    fetched: u64,
    failed: u64,
    characters: usize,
    /// Lines to come in the order asked, each with its place in it.
    in_order: Vec<(usize, String)>,
}

impl Report {
    /// If it is of so many `pages`, none has a line of its own.
    pub fn new(words: Words, pages: Option<u64>) -> Self {
        Self { words, pages, fetched: 0, failed: 0, characters: 0, in_order: Vec::new() }
    }

    /// Counts a page and prints its line, or why it has none.
    pub fn add(&mut self, place: usize, url: &Url, page: Result<Page>) {
        if let Err(error) = page.and_then(|page| self.add_answer(place, url, &page)) {
            self.failed += 1;
            eprintln!("cannot fetch {url}: {error:#}");
        }
    }

    /// An answer that is no page is an error, even where it has a line.
    fn add_answer(&mut self, place: usize, url: &Url, answer: &Page) -> Result<()> {
        let &Page { status, characters } = answer;
        match self.words {
            _ if self.pages.is_some() => {}
            Words::Approaches => println!("Fetched {url}, status code: {}", status.as_u16()),
            _ if !status.is_success() => {}
            Words::Techniques => {
                self.in_order.push((place, format!("{url}: {characters} characters")));
            }
            Words::Slideshow => println!("Fetched {url}: {characters} characters"),
        }
        ensure!(status.is_success(), "{status}");
        self.fetched += 1;
        self.characters += characters;
        Ok(())
    }

    /// Prints what comes last.
    ///
    /// # Errors
    /// If a page failed.
    pub fn end(&mut self, seconds: f64) -> Result<()> {
        let Self { words, pages, fetched, failed, characters, ref mut in_order } = *self;
        in_order.sort_unstable();
        for (_, line) in in_order {
            println!("{line}");
        }
        match (pages, words) {
            (Some(asked), _) => println!(
                "{asked} pages asked: {fetched} fetched, {failed} failed, {characters} characters"
            ),
            (None, Words::Approaches) => println!("Total time taken: {seconds:.2} seconds"),
            (None, _) => {}
        }
        ensure!(failed == 0, "{failed} of {} pages failed", fetched + failed);
        Ok(())
    }
}

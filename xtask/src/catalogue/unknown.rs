//! What is said of a name that the catalogue does not have.

use std::fmt;

/// A name that the catalogue does not know: a usage error.
#[derive(Debug)]
pub struct Unknown {
    what: &'static str,
    name: String,
    known: Vec<String>,
}

impl Unknown {
    /// `name`, which is no `what`; `known` are those that there are.
    pub fn new(
        what: &'static str,
        name: &dyn fmt::Display,
        known: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let known = known.into_iter().map(Into::into).collect();
        Self { what, name: name.to_string(), known }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = if self.known.is_empty() { "none".into() } else { self.known.join(", ") };
        write!(f, "no {} {:?}; there are: {known}", self.what, self.name)
    }
}

impl std::error::Error for Unknown {}

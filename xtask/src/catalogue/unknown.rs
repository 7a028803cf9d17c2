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
        write!(f, "no {} {:?}; there are: {}", self.what, self.name, self.known.join(", "))
    }
}

impl std::error::Error for Unknown {}

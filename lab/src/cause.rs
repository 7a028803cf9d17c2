//! Errors that tell the same thing at each of their levels.

use anyhow::anyhow;

/// What went wrong at the root of an error that has layers of transport around it, without those layers.
pub fn root_cause(error: impl Into<anyhow::Error>) -> anyhow::Error {
    anyhow!("{}", error.into().root_cause())
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn the_innermost_error_is_left() {
        let refused = io::Error::other(io::Error::other("refused"));
        let error = anyhow::Error::new(refused).context("cannot connect");
        assert_eq!(format!("{:#}", root_cause(error)), "refused");
    }
}

//! Value parsers that lessons share.

/// Parses seconds of a wait or a time-out: a number from 0 to 3600.
///
/// # Errors
/// Says what is wrong with `text`.
pub fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.0..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("must be a number of seconds from 0 to 3600".into()),
    }
}

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

/// Parses whole seconds, from 0 to 3600.
///
/// # Errors
/// Says what is wrong with `text`.
pub fn whole_seconds(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(seconds @ 0..=3600) => Ok(seconds),
        _ => Err("must be a whole number from 0 to 3600".into()),
    }
}

/// Parses `NAME=VALUE`, with `value` for what follows the last `=`.
///
/// # Errors
/// Says what is wrong with `text`.
pub fn named<T>(
    text: &str,
    value: impl Fn(&str) -> Result<T, String>,
) -> Result<(String, T), String> {
    let (name, text) = text.rsplit_once('=').ok_or("must be NAME=VALUE, as in A=5")?;
    Ok((name.to_owned(), value(text).map_err(|error| format!("the value of {name:?} {error}"))?))
}

/// Parses `WIDTHxHEIGHT` of a photo, in pixels.
///
/// # Errors
/// Says what is wrong with `text`.
pub fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once('x').ok_or("must be WIDTHxHEIGHT")?;
    let side = |text: &str| match text.parse() {
        Ok(pixels) if (1..=16_000).contains(&pixels) => Ok(pixels),
        _ => Err("must be WIDTHxHEIGHT, each 1 to 16000"),
    };
    Ok((side(sides.0)?, side(sides.1)?))
}

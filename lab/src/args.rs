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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_from_none_to_an_hour() {
        for (text, number) in [("0", 0.0), ("0.5", 0.5), ("3600", 3600.0)] {
            assert_eq!(seconds(text), Ok(number));
        }
        assert_eq!((whole_seconds("0"), whole_seconds("3600")), (Ok(0), Ok(3600)));
        for text in ["-1", "3601", "NaN", "inf", "one", ""] {
            assert!(seconds(text).is_err() && whole_seconds(text).is_err(), "{text}");
        }
        assert!(whole_seconds("0.5").is_err());
    }

    #[test]
    fn a_name_may_have_what_stands_before_a_value() {
        assert_eq!(named("a=b=5", whole_seconds), Ok(("a=b".into(), 5)));
        assert!(named("A", whole_seconds).is_err_and(|error| error.contains("NAME=VALUE")));
        assert!(named("A=x", whole_seconds).is_err_and(|error| error.contains("value of \"A\"")));
    }

    #[test]
    fn a_photo_has_a_pixel_and_16000_at_most_each_way() {
        assert_eq!((size("1x16000"), size("16000x1")), (Ok((1, 16_000)), Ok((16_000, 1))));
        for text in ["5", "0x5", "5x0", "5x16001", "16001x5", "ax5", "5x5x5"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}

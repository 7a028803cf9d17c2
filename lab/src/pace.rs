//! Simulated waits. `PACE=0.05` turns a tutorial's two seconds into 0.1 s.

use std::{env, sync::OnceLock, time::Duration};

use anyhow::{Context, Result, ensure};

static PACE: OnceLock<f64> = OnceLock::new();

/// A tutorial's wait of `seconds`, scaled by the environment variable `PACE` (default 1).
///
/// # Panics
/// If `PACE` is not a pace; [`crate::main`] has refused that before an example runs.
pub fn seconds(seconds: f64) -> Duration {
    let pace = PACE.get_or_init(|| from_env().unwrap_or_else(|error| panic!("{error:#}")));
    scaled(seconds, *pace)
}

fn scaled(seconds: f64, pace: f64) -> Duration {
    Duration::from_secs_f64(seconds * pace)
}

/// Reads `PACE`.
///
/// # Errors
/// If it is set to anything but a number above 0 and at most 100.
pub fn from_env() -> Result<f64> {
    let Some(text) = env::var_os("PACE") else {
        return Ok(1.0);
    };
    parse(&text.to_string_lossy())
}

fn parse(text: &str) -> Result<f64> {
    let pace: f64 = text.parse().with_context(|| format!("PACE={text:?} is not a number"))?;
    ensure!(pace > 0.0 && pace <= 100.0, "PACE={text:?} must be above 0 and at most 100");
    Ok(pace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_above_nothing_and_100_at_most() -> Result<()> {
        assert_eq!((parse("0.05")?, parse("100")?), (0.05, 100.0));
        for text in ["0", "-1", "100.1", "NaN", "", "fast"] {
            assert!(parse(text).is_err(), "{text}");
        }
        Ok(())
    }

    #[test]
    fn a_wait_is_as_much_shorter() -> Result<()> {
        assert_eq!(scaled(2.0, 0.25), Duration::from_millis(500));
        assert_eq!(seconds(2.0), scaled(2.0, from_env()?));
        Ok(())
    }
}

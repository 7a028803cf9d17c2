//! Medians, their spread, and how sure a ratio is.

use serde::{Deserialize, Serialize};

/// Samples in a few numbers, in their unit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// The middle.
    pub median: f64,
    /// Median absolute deviation from the median.
    pub mad: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// Positions of samples further than 5 MAD from the median: flagged, never dropped.
    pub outliers: Vec<usize>,
}

impl Summary {
    /// Sums up at least one sample.
    pub fn of(samples: &[f64]) -> Self {
        let center = median(samples);
        let deviations: Vec<_> = samples.iter().map(|sample| (sample - center).abs()).collect();
        let mad = median(&deviations);
        let far =
            |(position, deviation): (usize, &f64)| (*deviation > 5.0 * mad).then_some(position);
        Self {
            median: center,
            mad,
            min: samples.iter().copied().fold(f64::INFINITY, f64::min),
            max: samples.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            outliers: deviations.iter().enumerate().filter_map(far).collect(),
        }
    }
}

/// A ratio with what is known of its error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// Median of the rounds' ratios.
    pub median: f64,
    /// Lower end: of the 95 % interval, or of the range where there are too few rounds.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Whether `low` and `high` are a 95 % bootstrap interval; else they are the range.
    pub interval: bool,
}

/// Fewest rounds that a bootstrap says something about.
const ROUNDS_FOR_AN_INTERVAL: usize = 6;
const RESAMPLES: usize = 10_000;

impl Ratio {
    /// The ratio that at least one round's ratios show.
    ///
    /// Percentile bootstrap of the median, with a fixed seed: the same samples give the same answer
    /// (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13).
    pub fn of(rounds: &[f64]) -> Self {
        let Summary { median: center, min, max, .. } = Summary::of(rounds);
        if rounds.len() < ROUNDS_FOR_AN_INTERVAL {
            return Self { median: center, low: min, high: max, interval: false };
        }
        let mut random = fastrand::Rng::with_seed(1);
        let mut resample = vec![0.0; rounds.len()];
        let mut medians: Vec<_> = (0..RESAMPLES)
            .map(|_| {
                resample.fill_with(|| rounds[random.usize(..rounds.len())]);
                median(&resample)
            })
            .collect();
        medians.sort_unstable_by(f64::total_cmp);
        let low = medians[RESAMPLES * 25 / 1000];
        let high = medians[RESAMPLES * 975 / 1000];
        Self { median: center, low, high, interval: true }
    }

    /// Whether the two sides may as well be equal.
    pub fn includes_one(&self) -> bool {
        (self.low..=self.high).contains(&1.0)
    }
}

fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    }
}

/// Three digits, or as many as there are before the point.
pub fn short(value: f64) -> String {
    match value.abs() {
        ..9.995 => format!("{value:.2}"),
        ..99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_flags_what_lies_far_off() {
        let summary = Summary::of(&[10.0, 11.0, 12.0, 13.0, 90.0]);
        assert_eq!((summary.median, summary.mad), (12.0, 1.0));
        assert_eq!((summary.min, summary.max), (10.0, 90.0));
        assert_eq!(summary.outliers, [4]);
    }

    #[test]
    fn the_interval_holds_the_median_and_is_the_same_each_time() {
        let rounds = [1.9, 2.0, 2.1, 2.0, 2.2, 1.8, 2.0, 2.1];
        let ratio = Ratio::of(&rounds);
        assert!(ratio.interval && ratio.low <= ratio.median && ratio.median <= ratio.high);
        assert!(ratio.low >= 1.8 && ratio.high <= 2.2 && !ratio.includes_one());
        assert_eq!(ratio, Ratio::of(&rounds));
    }

    #[test]
    fn few_rounds_give_their_range_only() {
        let ratio = Ratio::of(&[0.9, 1.2, 1.0]);
        let range = Ratio { median: 1.0, low: 0.9, high: 1.2, interval: false };
        assert_eq!(ratio, range);
        assert!(ratio.includes_one());
    }
}

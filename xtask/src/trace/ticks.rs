//! Round numbers along an axis of time.

/// The distance of ticks on an axis of that many nanoseconds, with their unit and its nanoseconds.
pub fn step(length: f64, most: usize) -> (f64, &'static str, f64) {
    let rough = length / most.max(2) as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|it| it * power >= rough).unwrap_or(10.0);
    let step = factor * power;
    match length {
        ..2e6 => (step, " µs", 1e3),
        2e6..2e9 => (step, " ms", 1e6),
        _ => (step, " s", 1e9),
    }
}

//! A report beside an earlier one.

use super::{
    report::{Report, Row},
    stats::Ratio,
};

/// Says which rows are clearly slower or faster than in `baseline`.
///
/// Where both reports have a Python side, the two ratios are compared: that takes out a change of
/// the machine. Otherwise the times are, and the lines say so.
pub fn compare(report: &Report, baseline: &Report) {
    println!("\nAgainst the baseline of {}:", baseline.revision);
    let mut unclear = 0;
    for row in report.rows.iter().filter(|row| row.name != "control") {
        let Some(old) = baseline.rows.iter().find(|old| old.name == row.name) else {
            println!("  {}: not in the baseline", row.name);
            continue;
        };
        if row.failure.is_some()
            || old.failure.is_some()
            || row.sides[0].command_line() != old.sides[0].command_line()
        {
            println!("  {}: not comparable (failed, or other arguments)", row.name);
            continue;
        }
        let (what, change) = match (row.ratio, old.ratio) {
            (Some(new), Some(old)) => ("python/rust", speed_change(new, old)),
            _ => ("time, without Python to compare with", time_change(row, old)),
        };
        match change {
            Some(change) => println!("  {}: {change} ({what})", row.name),
            None => unclear += 1,
        }
    }
    println!("  {unclear} rows with no clear difference");
}

fn speed_change(new: Ratio, old: Ratio) -> Option<String> {
    let word = if new.high < old.low {
        "clearly slower"
    } else if new.low > old.high {
        "clearly faster"
    } else {
        return None;
    };
    Some(format!(
        "{word}: {:.2} [{:.2}, {:.2}], was {:.2} [{:.2}, {:.2}]",
        new.median, new.low, new.high, old.median, old.low, old.high
    ))
}

/// The ranges of all samples must not even touch: times of two runs share no round.
fn time_change(new: &Row, old: &Row) -> Option<String> {
    let (new, old) = (new.sides[0].wall.as_ref()?, old.sides[0].wall.as_ref()?);
    let word = if new.min > old.max {
        "clearly slower"
    } else if new.max < old.min {
        "clearly faster"
    } else {
        return None;
    };
    Some(format!("{word}: {:.1} ms, was {:.1} ms", new.median * 1e3, old.median * 1e3))
}

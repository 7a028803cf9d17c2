//! A report beside an earlier one.

use super::{
    host::PythonSaid,
    report::{Report, Row},
    stats::Ratio,
};

/// Says which rows are clearly slower or faster than in `baseline`.
///
/// Where both reports have the same Python's side, or only one each, the ratios are compared: that takes out a change
/// of the machine. Otherwise the times are, and the lines say so.
pub fn compare(report: &Report, baseline: &Report) {
    println!("\nAgainst the baseline of {}:", baseline.host.revision);
    let (pythons, then) = (&*report.host.pythons, &*baseline.host.pythons);
    let pairs = same_pythons(pythons, then);
    for (python, then) in pairs.iter().map(|(at, old)| (&pythons[*at], &then[*old])) {
        if python.base.title() != then.base.title() {
            let (now, then) = (python.base.title(), then.base.title());
            println!("  its Python was {then}, this one's is {now}: a change may be Python's");
        }
    }
    let mut unclear = 0;
    for row in report.rows.iter().filter(|row| row.name != "control") {
        let Some(old) = baseline.rows.iter().find(|old| old.name == row.name) else {
            println!("  {}: not in the baseline", row.name);
            continue;
        };
        let command = |row: &Row| row.sides.first().map(|side| side.command_line().to_vec());
        if row.failure.is_some() || old.failure.is_some() || command(row) != command(old) {
            println!("  {}: not comparable (failed, or other arguments)", row.name);
            continue;
        }
        let ratios: Vec<_> = pairs
            .iter()
            .filter_map(|(new, then)| {
                let (new, old) = (row.sides.get(new + 1)?, old.sides.get(then + 1)?);
                Some((&*new.label, new.ratio?, old.ratio?))
            })
            .collect();
        let mut changes: Vec<_> = ratios
            .iter()
            .filter_map(|(label, new, old)| {
                Some((speed_change(*new, *old)?, format!("{label}/rust")))
            })
            .collect();
        if ratios.is_empty() {
            let what = "time, without Python to compare with".to_owned();
            changes.extend(time_change(row, old).map(|change| (change, what)));
        }
        for (change, what) in &changes {
            println!("  {}: {change} ({what})", row.name);
        }
        unclear += usize::from(changes.is_empty());
    }
    println!("  {unclear} rows with no clear difference");
}

/// Positions of the Pythons that are in both; of the only ones, whatever they are.
fn same_pythons(new: &[PythonSaid], old: &[PythonSaid]) -> Vec<(usize, usize)> {
    if let ([_], [_]) = (new, old) {
        return vec![(0, 0)];
    }
    let same = new.iter().enumerate().filter_map(|(at, python)| {
        let then = old.iter().position(|old| old.base.title() == python.base.title())?;
        Some((at, then))
    });
    same.collect()
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
    let (new, old) = (new.sides.first()?.wall.as_ref()?, old.sides.first()?.wall.as_ref()?);
    let word = if new.min > old.max {
        "clearly slower"
    } else if new.max < old.min {
        "clearly faster"
    } else {
        return None;
    };
    Some(format!("{word}: {:.1} ms, was {:.1} ms", new.median * 1e3, old.median * 1e3))
}

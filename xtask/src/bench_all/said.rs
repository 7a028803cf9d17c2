//! What a program said in each of its runs, as one line.

use regex_lite::Regex;

use super::stats::{Summary, short};

/// The last run's line, with each of its times (`12.3 ms`) that of all runs: the median ± the median absolute deviation.
pub fn summed_up(said: &[String]) -> Option<String> {
    let last = said.last()?;
    let time = Regex::new(r"[0-9]+(\.[0-9]+)? ms\b").ok()?;
    let mut line = String::new();
    let mut end = 0;
    for (position, found) in time.find_iter(last).enumerate() {
        let samples = said.iter().filter_map(|run| {
            time.find_iter(run).nth(position)?.as_str().trim_end_matches(" ms").parse().ok()
        });
        let Summary { median, mad, .. } = Summary::of(&samples.collect::<Vec<f64>>());
        line += &format!("{}{} ±{} ms", &last[end..found.start()], short(median), short(mad));
        end = found.end();
    }
    Some(line + &last[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_is_that_of_all_runs() {
        let said = |times: [[&str; 2]; 3]| {
            let lines = times.map(|[start, work]| {
                format!(
                    "On llvmpipe (LLVM 15.0.6, 256 bits): started in {start} ms, then {work} ms"
                )
            });
            summed_up(&lines)
        };
        let line =
            "On llvmpipe (LLVM 15.0.6, 256 bits): started in 180 ±10.0 ms, then 9.50 ±1.50 ms";
        assert_eq!(said([["170", "8.0"], ["180.0", "9.5"], ["200", "19"]]).as_deref(), Some(line));
        assert_eq!(summed_up(&["no time, 3 cores".into()]).as_deref(), Some("no time, 3 cores"));
        assert_eq!(summed_up(&[]), None);
    }
}

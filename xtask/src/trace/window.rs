//! A part of a run in which single turns can be told apart, where they cannot in the whole.

use super::{
    lanes::{Lane, Look, Run},
    saying::{self, computed},
};

/// From where to where to magnify a run of which a turn of `least` nanoseconds is seen, to show about `turns` of them.
/// None if that is not needed: if threads do not alternate, or slowly.
pub fn window(run: &Run, least: u64, turns: u64) -> Option<(u64, u64)> {
    let computing = |lane: &&Lane| computed(lane, run) * 12 > run.length;
    let lanes: Vec<_> = run.threads().filter(computing).collect();
    let on_core =
        lanes.iter().flat_map(|lane| &lane.stretches).filter(|it| it.look == Look::OnCore);
    let mut stays: Vec<_> = on_core.map(|it| (it.end - it.begin, it.begin)).collect();
    // The turn with which half of the time on a core is reached: a thousand short wake-ups are no alternation.
    let half = stays.iter().map(|stay| stay.0).sum::<u64>() / 2;
    stays.sort_unstable();
    let mut sum = 0;
    let typical = stays.iter().find(|stay| {
        sum += stay.0;
        sum >= half
    })?;
    let length = (typical.0 * turns).max(1_000);
    let alternates = lanes.len() > 1 && stays.len() as u64 > turns * 2 && typical.0 < least;
    stays.sort_unstable_by_key(|stay| stay.1);
    let middle = stays[stays.len() / 2].1;
    let begin = middle.saturating_sub(length / 2).min(run.length.saturating_sub(length));
    (alternates && length < run.length / 2).then_some((begin, begin + length))
}

/// What is said above it.
pub fn caption(run: &Run, (begin, end): (u64, u64)) -> String {
    let cores = run.average_cores(begin, end);
    format!(
        "magnified, from {} to {}: {cores:.2} cores in use",
        saying::time(begin),
        saying::time(end)
    )
}

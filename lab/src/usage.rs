//! Wall and CPU time of a piece of work.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeVal,
};

/// What a piece of work cost.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// From beginning to end.
    pub wall: Duration,
    /// User and system time of all threads of this process.
    pub cpu: Duration,
}

impl Usage {
    /// CPU seconds per wall second: how many cores were at work on average.
    pub fn cores(&self) -> f64 {
        self.cpu.as_secs_f64() / self.wall.as_secs_f64()
    }
}

/// Runs `work` and says what it cost.
///
/// # Errors
/// If the system does not tell the process's CPU time (getrusage(2)).
pub fn of<T>(work: impl FnOnce() -> T) -> Result<(T, Usage)> {
    let cpu_before = cpu()?;
    let begin = Instant::now();
    let value = work();
    let wall = begin.elapsed();
    let cpu = cpu()?.saturating_sub(cpu_before);
    Ok((value, Usage { wall, cpu }))
}

fn cpu() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).context("cannot read the CPU time (getrusage)")?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

fn duration(time: TimeVal) -> Duration {
    Duration::new(time.tv_sec().unsigned_abs(), time.tv_usec().unsigned_abs() as u32 * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_work_cost_is_its_wall_and_cpu_time() -> Result<()> {
        let busy = Duration::from_millis(30);
        let (value, usage) = of(|| {
            let begin = Instant::now();
            while begin.elapsed() < busy {}
            7
        })?;
        assert_eq!(value, 7);
        assert!(usage.wall >= busy && !usage.cpu.is_zero(), "{usage:?}");
        // Only that work, not what came before it.
        let begin = Instant::now();
        let (_, idle) = of(|| ())?;
        assert!(idle.wall <= begin.elapsed(), "{idle:?}");
        Ok(())
    }

    #[test]
    fn cores_are_cpu_time_by_wall_time() {
        let usage = Usage { wall: Duration::from_secs(2), cpu: Duration::from_secs(3) };
        assert_eq!(usage.cores(), 1.5);
        assert_eq!(duration(TimeVal::new(2, 500)), Duration::from_micros(2_000_500));
    }
}

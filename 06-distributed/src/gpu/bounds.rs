//! A GPU that has little, loses its device, or does not answer: more dispatches, or an error, and never a wrong sum.

use std::{thread, time::Duration};

use anyhow::Result;
use wgpu::{Adapter, Limits, PollType};

use super::{
    GROUP, GROUPS,
    device::{Device, adapters},
    first_on, numbers_at_once, sum_on,
};

/// The best that there is, if there is one.
fn adapter() -> Option<Adapter> {
    match adapters() {
        Ok(mut adapters) => Some(adapters.remove(0)),
        Err(error) => {
            println!("not tested: {error}");
            None
        }
    }
}

fn start(kernel: &str, limits: impl FnOnce(Limits) -> Limits) -> Result<Option<Device>> {
    let Some(adapter) = adapter() else { return Ok(None) };
    Device::with_limits(&adapter, limits(adapter.limits()), kernel).map(Some)
}

fn expected(last: i128) -> i128 {
    last * (last + 1) * (2 * last + 1) / 6
}

#[test]
fn no_more_groups_than_the_device_takes_at_once() -> Result<()> {
    let few = |limits| Limits { max_compute_workgroups_per_dimension: 3, ..limits };
    let Some(device) = start("counted", few)? else { return Ok(()) };
    for groups in [3, 4, 7] {
        for last in [groups * GROUP as i128 - 1, groups * GROUP as i128 + 1] {
            assert_eq!(first_on(&device, last as u32)?, expected(last), "{last}");
        }
    }
    Ok(())
}

#[test]
fn no_more_numbers_than_the_device_has_room_for() -> Result<()> {
    let room = 3 * GROUP as u64 * 4;
    let small =
        |limits| Limits { max_storage_buffer_binding_size: room, max_buffer_size: room, ..limits };
    let Some(device) = start("from_memory", small)? else { return Ok(()) };
    let last = 7 * GROUP as i32 + 1;
    assert_eq!(sum_on(&device, &(1..=last).collect::<Vec<_>>())?, expected(last.into()));
    Ok(())
}

#[test]
fn the_least_bound_counts() {
    let limits = Limits::defaults();
    assert_eq!(numbers_at_once(&limits), GROUP * GROUPS);
    let little = Limits { max_buffer_size: 2 * GROUP as u64 * 4 + 1, ..limits.clone() };
    assert_eq!(numbers_at_once(&little), 2 * GROUP);
    let few = Limits { max_compute_workgroups_per_dimension: 5, ..limits };
    assert_eq!(numbers_at_once(&few), 5 * GROUP);
}

/// The error's whole chain.
fn error(result: Result<impl std::fmt::Debug>) -> String {
    format!("{:#}", result.expect_err("it must fail"))
}

#[test]
fn a_device_that_is_lost_is_an_error() -> Result<()> {
    let Some(device) = start("counted", |limits| limits)? else { return Ok(()) };
    assert_eq!(first_on(&device, 10)?, 385);
    device.device.destroy();
    let error = error(first_on(&device, 10));
    assert!(error.contains("lost"), "{error}");
    Ok(())
}

/// Lost while it works, after as many dispatches as came to be done meanwhile.
#[test]
fn a_device_that_is_lost_at_any_moment_gives_an_error_or_the_whole_sum() -> Result<()> {
    let last = 40 * GROUP as i128;
    let mut failed = 0;
    for turns in (0..200).step_by(10) {
        let few = |limits| Limits { max_compute_workgroups_per_dimension: 1, ..limits };
        let Some(device) = start("counted", few)? else { return Ok(()) };
        let result = thread::scope(|scope| {
            let sum = scope.spawn(|| first_on(&device, last as u32));
            for _ in 0..turns {
                let _ = device.device.poll(PollType::Poll);
                thread::yield_now();
            }
            device.device.destroy();
            sum.join().expect("no panic over a lost device")
        });
        match result {
            Ok(sum) => assert_eq!(sum, expected(last), "lost after {turns} turns"),
            Err(error) => {
                failed += 1;
                println!("lost after {turns} turns: {error:#}");
            }
        }
    }
    assert!(failed > 0, "none was lost before it had done its work");
    Ok(())
}

#[test]
fn a_buffer_beyond_the_devices_bounds_is_an_error() -> Result<()> {
    let small = |limits| Limits { max_buffer_size: 1 << 16, ..limits };
    let Some(device) = start("from_memory", small)? else { return Ok(()) };
    let error = error(device.run([0, 0], vec![0; (1 << 16) + 4], 1));
    assert!(error.contains("cannot get 65540 bytes of its memory"), "{error}");
    Ok(())
}

/// As many groups as any GPU takes: seconds on a software adapter, of which none is waited for.
#[test]
fn no_answer_in_time_is_an_error_and_no_hang() -> Result<()> {
    let Some(mut device) = start("counted", |limits| limits)? else { return Ok(()) };
    device.patience = Duration::ZERO;
    let groups = 65_535;
    let error = error(device.run([0, groups * GROUP as u32], Vec::new(), groups));
    assert!(error.contains("no answer within 0ns"), "{error}");
    Ok(())
}

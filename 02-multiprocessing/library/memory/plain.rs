//! What may lie in shared memory. One of the files with `unsafe`.
#![allow(unsafe_code)]

use crate::memory::ring::Ring;

/// A value that means the same in every process: numbers, arrays and tuples of them.
///
/// Answers to the type codes of `multiprocessing.Value` and `Array`.
///
/// # Safety
/// The type must contain no pointer, reference, handle or anything else that is only valid in one process.
pub unsafe trait Plain: Copy + Send + 'static {}

macro_rules! plain {
    ($($number:ty)*) => { $(
        // SAFETY: a number has no pointer in it.
        unsafe impl Plain for $number {}
    )* };
}
plain!(() bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

// SAFETY: its elements have no pointers in them.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}
// SAFETY: its parts have no pointers in them.
unsafe impl<A: Plain, B: Plain> Plain for (A, B) {}
// SAFETY: its parts have no pointers in them.
unsafe impl<A: Plain, B: Plain, C: Plain> Plain for (A, B, C) {}
// SAFETY: it has no pointers in it.
unsafe impl Plain for Ring {}

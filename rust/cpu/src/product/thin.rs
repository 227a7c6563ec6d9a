//! Products with very few rows: the right factor is read once where it lies, as packing it would cost more than the product.

use super::Real;
use crate::simd::{Instructions, instructions};

/// Most rows of a thin product.
pub const MOST_ROWS: usize = 4;
/// Independent sums of a dot product: enough to hide the latency of an addition.
const LANES: usize = 32;
/// Inner elements whose rows of the right factor are read side by side, and columns that are summed together.
const STREAMS: usize = 8;
const TOGETHER: usize = 16;

/// Vectors that lie in memory, a step apart, their elements beside each other.
#[derive(Clone, Copy)]
pub struct Vectors<T> {
    pub start: *const T,
    pub step: isize,
}

/// Sums over a depth, for so many columns; otherwise as `Product`.
type Sums<T> = unsafe fn((usize, usize), Vectors<T>, Vectors<T>, *mut T, usize);

/// `dots` or `sweep`: rows, columns and depth, the factors, the results.
pub type Product<T> = unsafe fn((usize, usize, usize), Vectors<T>, Vectors<T>, *mut T, usize);

/// Sums of products of each of `rows` left vectors with each of `columns` right ones; those of a row go beside each other.
///
/// # Safety
/// The vectors must be readable for `depth` elements, `results` writable for `columns` elements of each row, `stride` apart.
pub unsafe fn dots<T: Real>(
    (rows, columns, depth): (usize, usize, usize),
    left: Vectors<T>,
    right: Vectors<T>,
    results: *mut T,
    stride: usize,
) {
    // SAFETY: the caller's contract.
    unsafe { version::<T, false>(rows)((columns, depth), left, right, results, stride) }
}

/// As `dots`, of a right factor whose `depth` rows lie a step apart, their `columns` elements beside each other: it is read
/// from end to end.
///
/// # Safety
/// The left vectors must be readable for `depth` elements, the rows for `columns`; `results` as for `dots`.
pub unsafe fn sweep<T: Real>(
    (rows, columns, depth): (usize, usize, usize),
    left: Vectors<T>,
    right: Vectors<T>,
    results: *mut T,
    stride: usize,
) {
    // SAFETY: the caller's contract.
    unsafe { version::<T, true>(rows)((columns, depth), left, right, results, stride) }
}

fn version<T: Real, const SWEEP: bool>(rows: usize) -> Sums<T> {
    match (instructions(), rows) {
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, 1) => avx512::<T, 1, SWEEP>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, 2) => avx512::<T, 2, SWEEP>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, 3) => avx512::<T, 3, SWEEP>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, _) => avx512::<T, 4, SWEEP>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, 1) => avx2::<T, 1, SWEEP>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, 2) => avx2::<T, 2, SWEEP>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, 3) => avx2::<T, 3, SWEEP>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, _) => avx2::<T, 4, SWEEP>,
        (Instructions::Baseline, 1) => baseline::<T, 1, SWEEP>,
        (Instructions::Baseline, 2) => baseline::<T, 2, SWEEP>,
        (Instructions::Baseline, 3) => baseline::<T, 3, SWEEP>,
        (Instructions::Baseline, _) => baseline::<T, 4, SWEEP>,
    }
}

/// # Safety
/// As for `dots`, or `sweep`.
#[inline(always)]
unsafe fn sums<T: Real, const R: usize, const SWEEP: bool, const FUSED: bool>(
    (columns, depth): (usize, usize),
    left: Vectors<T>,
    right: Vectors<T>,
    results: *mut T,
    stride: usize,
) {
    if !SWEEP {
        for column in 0..columns {
            let vector = right.start.wrapping_offset(column as isize * right.step);
            // SAFETY: the caller's contract.
            unsafe { dot::<T, R, FUSED>(depth, left, vector, results.wrapping_add(column), stride) };
        }
        return;
    }
    // SAFETY: the caller's contract.
    unsafe {
        (0..R).for_each(|row| std::slice::from_raw_parts_mut(results.add(row * stride), columns).fill(T::ZERO));
        let at = |inner: usize| {
            let left = Vectors { start: left.start.wrapping_add(inner), ..left };
            (left, Vectors { start: right.start.wrapping_offset(inner as isize * right.step), ..right })
        };
        let whole = depth / STREAMS * STREAMS;
        for inner in (0..whole).step_by(STREAMS) {
            let (left, right) = at(inner);
            streams::<T, R, STREAMS, FUSED>(columns, left, right, results, stride);
        }
        for inner in whole..depth {
            let (left, right) = at(inner);
            streams::<T, R, 1, FUSED>(columns, left, right, results, stride);
        }
    }
}

/// # Safety
/// As for `dots`, of one right vector.
#[inline(always)]
unsafe fn dot<T: Real, const R: usize, const FUSED: bool>(
    depth: usize,
    left: Vectors<T>,
    right: *const T,
    results: *mut T,
    stride: usize,
) {
    let mut sums = [[T::ZERO; LANES]; R];
    let whole = depth / LANES * LANES;
    for first in (0..whole).step_by(LANES) {
        for row in 0..R {
            let from = left.start.wrapping_offset(row as isize * left.step);
            for lane in 0..LANES {
                // SAFETY: the caller's contract.
                let (a, b) = unsafe { (*from.add(first + lane), *right.add(first + lane)) };
                let sum = &mut sums[row][lane];
                *sum = if FUSED { a.mul_add(b, *sum) } else { *sum + a * b };
            }
        }
    }
    for row in 0..R {
        let from = left.start.wrapping_offset(row as isize * left.step);
        let mut width = LANES;
        while width > 1 {
            width /= 2;
            for lane in 0..width {
                sums[row][lane] += sums[row][lane + width];
            }
        }
        let mut sum = sums[row][0];
        for n in whole..depth {
            // SAFETY: as above.
            sum += unsafe { *from.add(n) * *right.add(n) };
        }
        // SAFETY: as above.
        unsafe { *results.add(row * stride) = sum };
    }
}

/// Adds what S inner elements contribute to all results.
///
/// # Safety
/// As for `sweep`, of so many rows of the right factor; the results must be set.
#[inline(always)]
unsafe fn streams<T: Real, const R: usize, const S: usize, const FUSED: bool>(
    columns: usize,
    left: Vectors<T>,
    right: Vectors<T>,
    results: *mut T,
    stride: usize,
) {
    let from = |stream: usize| right.start.wrapping_offset(stream as isize * right.step);
    let mut factors = [[T::ZERO; S]; R];
    for (row, factors) in factors.iter_mut().enumerate() {
        for (stream, factor) in factors.iter_mut().enumerate() {
            // SAFETY: the caller's contract.
            *factor = unsafe { *left.start.wrapping_offset(row as isize * left.step).add(stream) };
        }
    }
    let add = |sum: T, a: T, b: T| if FUSED { a.mul_add(b, sum) } else { sum + a * b };
    let whole = columns / TOGETHER * TOGETHER;
    for first in (0..whole).step_by(TOGETHER) {
        let mut sums = [[T::ZERO; TOGETHER]; R];
        for row in 0..R {
            for lane in 0..TOGETHER {
                // SAFETY: the caller's contract, here and below.
                sums[row][lane] = unsafe { *results.add(row * stride + first + lane) };
            }
        }
        for stream in 0..S {
            for row in 0..R {
                for lane in 0..TOGETHER {
                    let value = unsafe { *from(stream).add(first + lane) };
                    sums[row][lane] = add(sums[row][lane], factors[row][stream], value);
                }
            }
        }
        for row in 0..R {
            for lane in 0..TOGETHER {
                unsafe { *results.add(row * stride + first + lane) = sums[row][lane] };
            }
        }
    }
    for column in whole..columns {
        for row in 0..R {
            // SAFETY: the caller's contract.
            unsafe {
                let place = results.add(row * stride + column);
                *place = (0..S).fold(*place, |sum, n| add(sum, factors[row][n], *from(n).add(column)));
            }
        }
    }
}

macro_rules! version {
    ($name:ident, $fused:expr $(, #[$attribute:meta])?) => {
        /// # Safety
        /// As for `sums`, on a processor with these instructions.
        $(#[$attribute])?
        unsafe fn $name<T: Real, const R: usize, const SWEEP: bool>(
            size: (usize, usize),
            left: Vectors<T>,
            right: Vectors<T>,
            results: *mut T,
            stride: usize,
        ) {
            // SAFETY: the caller's contract.
            unsafe { sums::<T, R, SWEEP, { $fused }>(size, left, right, results, stride) }
        }
    };
}

version!(baseline, cfg!(target_arch = "aarch64"));
#[cfg(target_arch = "x86_64")]
version!(avx2, true, #[target_feature(enable = "avx2,fma")]);
#[cfg(target_arch = "x86_64")]
version!(avx512, true, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]);

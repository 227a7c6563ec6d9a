//! Products with very few rows: the right factor is read once where it lies, as packing it would cost more than the product.

use super::Real;
use crate::simd::{Instructions, instructions};

/// Most rows of a thin product.
pub const MOST_ROWS: usize = 4;
/// Independent sums of a dot product: enough to hide the latency of an addition.
const LANES: usize = 32;

/// Vectors that lie in memory, a step apart, their elements beside each other.
#[derive(Clone, Copy)]
pub struct Vectors<T> {
    pub start: *const T,
    pub step: isize,
}

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
    let run = match (instructions(), rows) {
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, 1) => avx512::<T, 1>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, 2) => avx512::<T, 2>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, 3) => avx512::<T, 3>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, _) => avx512::<T, 4>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, 1) => avx2::<T, 1>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, 2) => avx2::<T, 2>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, 3) => avx2::<T, 3>,
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, _) => avx2::<T, 4>,
        (Instructions::Baseline, 1) => baseline::<T, 1>,
        (Instructions::Baseline, 2) => baseline::<T, 2>,
        (Instructions::Baseline, 3) => baseline::<T, 3>,
        (Instructions::Baseline, _) => baseline::<T, 4>,
    };
    for column in 0..columns {
        let vector = right.start.wrapping_offset(column as isize * right.step);
        // SAFETY: the caller's contract, and the processor has the instructions.
        unsafe { run(depth, left, vector, results.wrapping_add(column), stride) };
    }
}

/// # Safety
/// As for `dots`, of one right vector.
#[inline(always)]
unsafe fn column<T: Real, const R: usize, const FUSED: bool>(
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

macro_rules! version {
    ($name:ident, $fused:expr $(, #[$attribute:meta])?) => {
        /// # Safety
        /// As for `column`, on a processor with these instructions.
        $(#[$attribute])?
        unsafe fn $name<T: Real, const R: usize>(
            depth: usize,
            left: Vectors<T>,
            right: *const T,
            results: *mut T,
            stride: usize,
        ) {
            // SAFETY: the caller's contract.
            unsafe { column::<T, R, { $fused }>(depth, left, right, results, stride) }
        }
    };
}

version!(baseline, cfg!(target_arch = "aarch64"));
#[cfg(target_arch = "x86_64")]
version!(avx2, true, #[target_feature(enable = "avx2,fma")]);
#[cfg(target_arch = "x86_64")]
version!(avx512, true, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]);

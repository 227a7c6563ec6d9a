//! What is done with the elements of a block of scores, in each instruction set.

use rutile_core::math::FloatMath;

use super::MOST_QUERIES;
use crate::simd::{Instructions, instructions};

/// A block's scores, or weights: `keys` rows of `stride` queries.
#[derive(Clone, Copy)]
pub struct Block {
    pub scores: *mut f32,
    pub stride: usize,
    pub keys: usize,
}

impl Block {
    /// # Safety
    /// As for the loops.
    #[inline(always)]
    unsafe fn row<'a>(self, key: usize) -> &'a mut [f32] {
        // SAFETY: the caller's contract.
        unsafe { std::slice::from_raw_parts_mut(self.scores.add(key * self.stride), self.stride) }
    }
}

/// What is done with the elements of a block, whose memory must be writable, as must that of others like it be readable. Numbers
/// of queries are as many as a row has.
#[derive(Clone, Copy)]
pub struct Loops {
    /// Scales products, adds a bias, hides the keys behind query number `.3` plus the column, and finds the greatest score.
    pub prepare: unsafe fn(Block, f32, Option<*const f32>, Option<usize>, &mut [f32]),
    /// From scores and the greatest of each query to weights, which are still to be divided by their total. Where all is hidden,
    /// the greatest becomes 0.
    pub weights: unsafe fn(Block, &mut [f32], &mut [f32]),
    /// From scores to weights, times the factor, and from gradients of weights to those of products, given the logarithms and
    /// slopes of the queries.
    pub slopes: unsafe fn(Block, f32, Option<*const f32>, *mut f32, [&[f32]; 2]),
}

/// Weights that are summed before the sum is added to the total.
const TOGETHER: usize = 64;

/// # Safety
/// As for [`Loops::prepare`].
#[inline(always)]
unsafe fn prepare(tile: Block, scale: f32, bias: Option<*const f32>, causal: Option<usize>, greatest: &mut [f32]) {
    for key in 0..tile.keys {
        // SAFETY: the caller's contract.
        let row = unsafe { tile.row(key) };
        row.iter_mut().for_each(|score| *score *= scale);
        if let Some(bias) = bias {
            // SAFETY: as above.
            let bias = unsafe { std::slice::from_raw_parts(bias.add(key * tile.stride), tile.stride) };
            row.iter_mut().zip(bias).for_each(|(score, bias)| *score += bias);
        }
        if let Some(first) = causal {
            let hidden = key.saturating_sub(first).min(tile.stride);
            row[..hidden].fill(f32::NEG_INFINITY);
        }
        for (greatest, &score) in greatest.iter_mut().zip(row.iter()) {
            *greatest = if score > *greatest { score } else { *greatest };
        }
    }
}

/// # Safety
/// As for [`Loops::weights`].
#[inline(always)]
unsafe fn weights(tile: Block, greatest: &mut [f32], total: &mut [f32]) {
    greatest.iter_mut().for_each(|value| *value = if *value == f32::NEG_INFINITY { 0.0 } else { *value });
    let mut sums = [0.0; MOST_QUERIES];
    let sums = &mut sums[..total.len()];
    for first in (0..tile.keys).step_by(TOGETHER) {
        sums.fill(0.0);
        for key in first..(first + TOGETHER).min(tile.keys) {
            // SAFETY: the caller's contract.
            let row = unsafe { tile.row(key) };
            for ((score, &greatest), sum) in row.iter_mut().zip(greatest.iter()).zip(sums.iter_mut()) {
                *score = (*score - greatest).exp_();
                *sum += *score;
            }
        }
        total.iter_mut().zip(sums.iter()).for_each(|(total, sum)| *total += sum);
    }
}

/// # Safety
/// As for [`Loops::slopes`].
#[inline(always)]
unsafe fn slopes(
    tile: Block,
    scale: f32,
    factor: Option<*const f32>,
    above: *mut f32,
    [logarithms, slopes]: [&[f32]; 2],
) {
    let above = Block { scores: above, ..tile };
    for key in 0..tile.keys {
        // SAFETY: the caller's contract.
        let (row, above) = unsafe { (tile.row(key), above.row(key)) };
        let factor = factor.map(|factor| {
            // SAFETY: as above.
            unsafe { std::slice::from_raw_parts(factor.add(key * tile.stride), tile.stride) }
        });
        if let Some(factor) = factor {
            above.iter_mut().zip(factor).for_each(|(above, factor)| *above *= factor);
        }
        let queries = logarithms.iter().zip(slopes);
        for ((score, above), (&logarithm, &slope)) in row.iter_mut().zip(above).zip(queries) {
            *score = (*score - logarithm).exp_();
            *above = *score * (*above - slope) * scale;
        }
        if let Some(factor) = factor {
            row.iter_mut().zip(factor).for_each(|(weight, factor)| *weight *= factor);
        }
    }
}

macro_rules! version {
    ($name:ident $(, #[$attribute:meta])?) => {
        /// The loops in an instruction set, which the processor must have.
        mod $name {
            use super::Block;

            $(#[$attribute])?
            pub unsafe fn prepare(a: Block, b: f32, c: Option<*const f32>, d: Option<usize>, e: &mut [f32]) {
                // SAFETY: the caller's contract.
                unsafe { super::prepare(a, b, c, d, e) }
            }

            $(#[$attribute])?
            pub unsafe fn weights(a: Block, b: &mut [f32], c: &mut [f32]) {
                // SAFETY: the caller's contract.
                unsafe { super::weights(a, b, c) }
            }

            $(#[$attribute])?
            pub unsafe fn slopes(a: Block, b: f32, c: Option<*const f32>, d: *mut f32, e: [&[f32]; 2]) {
                // SAFETY: the caller's contract.
                unsafe { super::slopes(a, b, c, d, e) }
            }

            pub const LOOPS: super::Loops = super::Loops { prepare, weights, slopes };
        }
    };
}

version!(baseline);
#[cfg(target_arch = "x86_64")]
version!(avx2, #[target_feature(enable = "avx2,fma")]);
#[cfg(target_arch = "x86_64")]
version!(avx512, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]);

pub fn loops() -> Loops {
    match instructions() {
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => avx512::LOOPS,
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => avx2::LOOPS,
        Instructions::Baseline => baseline::LOOPS,
    }
}

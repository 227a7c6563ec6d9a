//! Packing float32 in vectors of 8 with masks.

use std::arch::x86_64::*;
use std::ops::Range;

use super::{Block, Segment, segments};

const WIDTH: usize = 8;
const NONE: Segment = Segment { lanes: 0, start: 0, step: 1 };

/// All bits of the lanes that are named by the low bits of `lanes`.
#[inline(always)]
unsafe fn mask(lanes: u32) -> __m256i {
    // SAFETY: the caller runs on a processor with AVX2.
    unsafe {
        let bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
        _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(lanes as i32), bits), bits)
    }
}

/// All bits of the lanes whose guards all hold; see the namesake for AVX-512.
#[inline(always)]
unsafe fn existing(own: &[__m256i; 4], shared: impl Fn(usize) -> i32, bounds: &[i32]) -> __m256i {
    // SAFETY: the caller runs on a processor with AVX2.
    unsafe {
        let mut lanes = _mm256_set1_epi32(-1);
        for (guard, &bound) in bounds.iter().enumerate() {
            let values = _mm256_add_epi32(own[guard], _mm256_set1_epi32(shared(guard)));
            let below = _mm256_cmpgt_epi32(_mm256_set1_epi32(bound), values);
            let above = _mm256_cmpgt_epi32(values, _mm256_set1_epi32(-1));
            lanes = _mm256_and_si256(lanes, _mm256_and_si256(below, above));
        }
        lanes
    }
}

/// The elements of some lanes, zero in the others.
#[inline(always)]
unsafe fn load(start: *const f32, segments: &[(Segment, __m256i)], lanes: __m256i) -> __m256 {
    // SAFETY: only elements of the given lanes are read, which exist.
    unsafe {
        let mut vector = _mm256_setzero_ps();
        for (segment, own) in segments {
            let (from, chosen) = (start.wrapping_offset(segment.start), _mm256_and_si256(lanes, *own));
            let loaded = if segment.step == 1 {
                _mm256_maskload_ps(from, chosen)
            } else {
                let steps = _mm256_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14);
                _mm256_mask_i32gather_ps::<4>(_mm256_setzero_ps(), from, steps, _mm256_castsi256_ps(chosen))
            };
            vector = _mm256_or_ps(vector, loaded);
        }
        vector
    }
}

/// Writes a step of a panel narrower than a vector: what runs over is overwritten by the next step, but for the last one.
#[inline(always)]
unsafe fn store(to: *mut f32, vector: __m256, room: usize) {
    // SAFETY: the caller's contract: `room` elements may be written.
    unsafe {
        if room >= WIDTH {
            _mm256_storeu_ps(to, vector);
        } else {
            _mm256_maskstore_ps(to, mask((1 << room) - 1), vector);
        }
    }
}

#[inline(always)]
unsafe fn guards_of(values: &[Vec<i32>], first: usize, count: usize) -> [__m256i; 4] {
    // SAFETY: entries are followed by room for a vector.
    unsafe {
        let mut own = [_mm256_setzero_si256(); 4];
        for guard in 0..count {
            own[guard] = _mm256_loadu_si256(values[guard].as_ptr().add(first).cast());
        }
        own
    }
}

#[inline(always)]
unsafe fn masked_segments(addresses: &[isize], list: &mut [(Segment, __m256i); WIDTH]) -> usize {
    let mut found = [NONE; 16];
    let count = segments(addresses, &mut found);
    for (to, from) in list.iter_mut().zip(&found[..count]) {
        // SAFETY: the caller runs on a processor with AVX2.
        *to = (*from, unsafe { mask(from.lanes) });
    }
    count
}

/// # Safety
/// As for [`super::single`], on a processor with AVX2.
#[target_feature(enable = "avx2,fma")]
pub unsafe fn along_outer(block: &Block<f32>, range: Range<usize>, panel: *mut f32, width: usize) {
    let (inner, depth) = (block.inner, block.inner.len());
    let total = depth * width;
    for chunk in (0..width).step_by(WIDTH) {
        let first = range.start + chunk;
        let lanes = range.end.saturating_sub(first).min(WIDTH);
        let mut list = [(NONE, _mm256_setzero_si256()); WIDTH];
        // SAFETY: entries, elements that exist and the panel, by the caller's contract.
        unsafe {
            let count = masked_segments(&block.outer.addresses[first..first + lanes], &mut list);
            let own = guards_of(&block.outer.guards, first, block.bounds.len());
            let lane = |lane: usize| block.outer.addresses[first + lane];
            for step in 0..depth {
                if let (Some(distance), true) = (block.early(step), lanes > 0) {
                    for at in [lane(0), lane(lanes - 1)] {
                        _mm_prefetch::<_MM_HINT_T0>(block.start.wrapping_offset(distance + at).cast());
                    }
                }
                let existing = existing(&own, |guard| inner.guards[guard][step], block.bounds);
                let vector = load(block.start.wrapping_offset(inner.addresses[step]), &list[..count], existing);
                let at = step * width + chunk;
                store(panel.add(at), vector, total - at);
            }
        }
    }
}

/// # Safety
/// As for [`super::single`], on a processor with AVX2.
#[target_feature(enable = "avx2,fma")]
pub unsafe fn along_inner(block: &Block<f32>, range: Range<usize>, panel: *mut f32, width: usize) {
    let (outer, depth) = (block.outer, block.inner.len());
    let total = depth * width;
    for first in (0..depth).step_by(WIDTH) {
        let lanes = (depth - first).min(WIDTH);
        let mut list = [(NONE, _mm256_setzero_si256()); WIDTH];
        // SAFETY: as in `along_outer`.
        unsafe {
            let count = masked_segments(&block.inner.addresses[first..first + lanes], &mut list);
            let own = guards_of(&block.inner.guards, first, block.bounds.len());
            for chunk in (0..width).step_by(WIDTH) {
                let mut rows = [_mm256_setzero_ps(); WIDTH];
                let start = range.start + chunk;
                for row in 0..range.end.saturating_sub(start).min(WIDTH) {
                    let existing = existing(&own, |guard| outer.guards[guard][start + row], block.bounds);
                    let from = block.start.wrapping_offset(outer.addresses[start + row]);
                    rows[row] = load(from, &list[..count], existing);
                }
                let columns = transposed(rows);
                for (step, &column) in columns[..lanes].iter().enumerate() {
                    let at = (first + step) * width + chunk;
                    store(panel.add(at), column, total - at);
                }
            }
        }
    }
}

/// The 8 × 8 matrix of these rows, transposed.
#[inline(always)]
unsafe fn transposed(rows: [__m256; WIDTH]) -> [__m256; WIDTH] {
    // SAFETY: the caller runs on a processor with AVX2.
    unsafe {
        let mut fours = rows;
        for i in 0..2 {
            let row = |n: usize| rows[4 * i + n];
            let (low, high) = (_mm256_unpacklo_ps(row(0), row(1)), _mm256_unpackhi_ps(row(0), row(1)));
            let (other_low, other_high) = (_mm256_unpacklo_ps(row(2), row(3)), _mm256_unpackhi_ps(row(2), row(3)));
            fours[4 * i] = _mm256_shuffle_ps::<0x44>(low, other_low);
            fours[4 * i + 1] = _mm256_shuffle_ps::<0xee>(low, other_low);
            fours[4 * i + 2] = _mm256_shuffle_ps::<0x44>(high, other_high);
            fours[4 * i + 3] = _mm256_shuffle_ps::<0xee>(high, other_high);
        }
        // fours[4 i + c] holds, in its halves, columns c and 4 + c of rows 4 i to 4 i + 3.
        let mut columns = fours;
        for c in 0..4 {
            columns[c] = _mm256_permute2f128_ps::<0x20>(fours[c], fours[4 + c]);
            columns[4 + c] = _mm256_permute2f128_ps::<0x31>(fours[c], fours[4 + c]);
        }
        columns
    }
}

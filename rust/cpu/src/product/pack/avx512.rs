//! Packing float32 in vectors of 16 with masks.

use std::arch::x86_64::*;
use std::ops::Range;

use super::{Block, Segment, segments};

const WIDTH: usize = 16;
const NONE: Segment = Segment { lanes: 0, start: 0, step: 1 };

/// Lanes whose guards all hold: `own` are the lanes' shares, `shared` the one share of the other direction.
#[inline(always)]
unsafe fn existing(own: &[__m512i; 4], shared: impl Fn(usize) -> i32, bounds: &[i32]) -> u32 {
    let mut lanes = 0xffff;
    for (guard, &bound) in bounds.iter().enumerate() {
        // SAFETY: the caller runs on a processor with AVX-512.
        unsafe {
            let values = _mm512_add_epi32(own[guard], _mm512_set1_epi32(shared(guard)));
            lanes &= _mm512_cmplt_epu32_mask(values, _mm512_set1_epi32(bound));
        }
    }
    lanes as u32
}

/// The elements of some lanes, zero in the others.
#[inline(always)]
unsafe fn load(start: *const f32, segments: &[Segment], lanes: u32) -> __m512 {
    // SAFETY: only elements of the given lanes are read, which exist.
    unsafe {
        let mut vector = _mm512_setzero_ps();
        for segment in segments {
            let from = start.wrapping_offset(segment.start);
            let chosen = lanes & segment.lanes;
            if segment.step == 1 {
                vector = _mm512_mask_loadu_ps(vector, chosen as u16, from);
            } else {
                let spread = _pdep_u32(chosen, 0x5555_5555);
                let low = _mm512_maskz_loadu_ps(spread as u16, from);
                let high = _mm512_maskz_loadu_ps((spread >> 16) as u16, from.wrapping_add(WIDTH));
                let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
                vector = _mm512_mask_mov_ps(vector, chosen as u16, _mm512_permutex2var_ps(low, even, high));
            }
        }
        vector
    }
}

/// Writes a step of a panel narrower than a vector: what runs over is overwritten by the next step, but for the last one.
#[inline(always)]
unsafe fn store(to: *mut f32, vector: __m512, room: usize) {
    // SAFETY: the caller's contract: `room` elements may be written.
    unsafe {
        if room >= WIDTH {
            _mm512_storeu_ps(to, vector);
        } else {
            _mm512_mask_storeu_ps(to, ((1u32 << room) - 1) as u16, vector);
        }
    }
}

#[inline(always)]
unsafe fn guards_of(values: &[Vec<i32>], first: usize, count: usize) -> [__m512i; 4] {
    // SAFETY: entries are followed by room for a vector.
    unsafe {
        let mut own = [_mm512_setzero_si512(); 4];
        for guard in 0..count {
            own[guard] = _mm512_loadu_si512(values[guard].as_ptr().add(first).cast());
        }
        own
    }
}

/// # Safety
/// As for [`super::single`], on a processor with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2")]
pub unsafe fn along_outer(block: &Block<f32>, range: Range<usize>, panel: *mut f32, width: usize) {
    let (inner, depth) = (block.inner, block.inner.len());
    let total = depth * width;
    for chunk in (0..width).step_by(WIDTH) {
        let first = range.start + chunk;
        let lanes = range.end.saturating_sub(first).min(WIDTH);
        let mut list = [NONE; 16];
        let count = segments(&block.outer.addresses[first..first + lanes], &mut list);
        let list = &list[..count];
        // SAFETY: entries, elements that exist and the panel, by the caller's contract.
        unsafe {
            let own = guards_of(&block.outer.guards, first, block.bounds.len());
            let lane = |lane: usize| block.outer.addresses[first + lane];
            for step in 0..depth {
                if let (Some(distance), true) = (block.early(step), lanes > 0) {
                    for at in [lane(0), lane(lanes - 1)] {
                        _mm_prefetch::<_MM_HINT_T0>(block.start.wrapping_offset(distance + at).cast());
                    }
                }
                let existing = existing(&own, |guard| inner.guards[guard][step], block.bounds);
                let vector = load(block.start.wrapping_offset(inner.addresses[step]), list, existing);
                let at = step * width + chunk;
                store(panel.add(at), vector, total - at);
            }
        }
    }
}

/// # Safety
/// As for [`super::single`], on a processor with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi2")]
pub unsafe fn along_inner(block: &Block<f32>, range: Range<usize>, panel: *mut f32, width: usize) {
    let (outer, depth) = (block.outer, block.inner.len());
    let total = depth * width;
    for first in (0..depth).step_by(WIDTH) {
        let lanes = (depth - first).min(WIDTH);
        let mut list = [NONE; 16];
        let count = segments(&block.inner.addresses[first..first + lanes], &mut list);
        let list = &list[..count];
        // SAFETY: as in `along_outer`.
        unsafe {
            let own = guards_of(&block.inner.guards, first, block.bounds.len());
            for chunk in (0..width).step_by(WIDTH) {
                let mut rows = [_mm512_setzero_ps(); WIDTH];
                let start = range.start + chunk;
                for row in 0..range.end.saturating_sub(start).min(WIDTH) {
                    let existing = existing(&own, |guard| outer.guards[guard][start + row], block.bounds);
                    rows[row] = load(block.start.wrapping_offset(outer.addresses[start + row]), list, existing);
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

/// The 16 × 16 matrix of these rows, transposed.
#[inline(always)]
unsafe fn transposed(rows: [__m512; WIDTH]) -> [__m512; WIDTH] {
    // SAFETY: the caller runs on a processor with AVX-512.
    unsafe {
        let mut pairs = rows;
        for i in 0..8 {
            pairs[2 * i] = _mm512_unpacklo_ps(rows[2 * i], rows[2 * i + 1]);
            pairs[2 * i + 1] = _mm512_unpackhi_ps(rows[2 * i], rows[2 * i + 1]);
        }
        let mut fours = pairs;
        for i in 0..4 {
            for j in 0..2 {
                let (low, high) = (_mm512_castps_pd(pairs[4 * i + j]), _mm512_castps_pd(pairs[4 * i + j + 2]));
                fours[4 * i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
                fours[4 * i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
            }
        }
        // fours[4 i + c] holds, in its 128-bit parts, columns c, 4 + c, 8 + c and 12 + c of rows 4 i to 4 i + 3.
        let mut columns = fours;
        for c in 0..4 {
            let even = [0, 1].map(|i| _mm512_shuffle_f32x4::<0x88>(fours[8 * i + c], fours[8 * i + 4 + c]));
            let odd = [0, 1].map(|i| _mm512_shuffle_f32x4::<0xdd>(fours[8 * i + c], fours[8 * i + 4 + c]));
            columns[c] = _mm512_shuffle_f32x4::<0x88>(even[0], even[1]);
            columns[8 + c] = _mm512_shuffle_f32x4::<0xdd>(even[0], even[1]);
            columns[4 + c] = _mm512_shuffle_f32x4::<0x88>(odd[0], odd[1]);
            columns[12 + c] = _mm512_shuffle_f32x4::<0xdd>(odd[0], odd[1]);
        }
        columns
    }
}

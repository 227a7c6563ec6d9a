//! Packing: a block of a matrix copied into panels, in the order in which tiles read them.
//!
//! A panel holds, for each step along the inner direction, the elements of some neighbours along the outer one. Elements
//! whose guards fail (padding of a convolution) are packed as zero, so that a convolution is a product whose right matrix
//! exists only as panels.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;

use std::ops::Range;

use super::line::Entries;
use crate::simd::{Instructions, instructions};

/// A block of a matrix in memory: element (outer, inner) lies at the sum of both addresses.
pub struct Block<'a, T> {
    pub start: *const T,
    pub outer: &'a Entries,
    pub inner: &'a Entries,
    /// An element exists if each guard's value, the sum of both shares, lies from 0 to its bound.
    pub bounds: &'a [i32],
    pub along: Along,
}

/// The direction along which neighbours lie beside each other in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    Outer,
    Inner,
    Neither,
}

/// Packs the outer elements of a range into one panel whose steps are `width` elements apart; what lies beyond the range
/// is packed as zero.
///
/// # Safety
/// Elements that exist must be readable, `panel` writable for `width` elements of each inner step.
pub unsafe fn single(block: &Block<f32>, range: Range<usize>, panel: *mut f32, width: usize) {
    // SAFETY: the caller's contract, and the processor has the instructions.
    unsafe {
        match (instructions(), block.along) {
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx512, Along::Outer) => avx512::along_outer(block, range, panel, width),
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx512, Along::Inner) => avx512::along_inner(block, range, panel, width),
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx2, Along::Outer) => avx2::along_outer(block, range, panel, width),
            #[cfg(target_arch = "x86_64")]
            (Instructions::Avx2, Along::Inner) => avx2::along_inner(block, range, panel, width),
            _ => portable(block, range, panel, width),
        }
    }
}

/// As `single`, for any element.
///
/// # Safety
/// As for `single`.
pub unsafe fn portable<T: Copy + Default>(block: &Block<T>, range: Range<usize>, panel: *mut T, width: usize) {
    let guards = block.bounds.len();
    for step in 0..block.inner.len() {
        let to = panel.wrapping_add(step * width);
        for (lane, outer) in range.clone().enumerate() {
            let inside = |guard: usize| {
                let value = block.outer.guards[guard][outer] + block.inner.guards[guard][step];
                (0..block.bounds[guard]).contains(&value)
            };
            let exists = (0..guards).all(inside);
            let address = block.outer.addresses[outer] + block.inner.addresses[step];
            // SAFETY: the caller's contract.
            unsafe { *to.add(lane) = if exists { *block.start.offset(address) } else { T::default() } };
        }
        for lane in range.len()..width {
            // SAFETY: as above.
            unsafe { *to.add(lane) = T::default() };
        }
    }
}

/// Steps by which elements that lie far apart are fetched early, and how far apart the processor does not foresee them.
const AHEAD: usize = 16;
const FAR: usize = 128;

impl<T> Block<'_, T> {
    /// The distance of a later step's elements along the outer direction, if it pays to fetch them early: steps lie far apart.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn early(&self, step: usize) -> Option<isize> {
        let addresses = &self.inner.addresses;
        let far = self.bounds.is_empty() && addresses.len() > 1 && addresses[1].abs_diff(addresses[0]) >= FAR;
        if far { addresses.get(step + AHEAD).copied() } else { None }
    }
}

/// Lanes of a vector whose elements lie evenly spaced: lane n at `start + n · step`.
#[derive(Clone, Copy)]
struct Segment {
    lanes: u32,
    start: isize,
    step: isize,
}

/// Cuts up to 16 addresses into segments of step 1 or 2 and single elements; gives their number.
fn segments(addresses: &[isize], segments: &mut [Segment; 16]) -> usize {
    let (mut count, mut first) = (0, 0);
    while first < addresses.len() {
        let step = addresses.get(first + 1).map_or(1, |next| next - addresses[first]);
        let step = if step == 2 { 2 } else { 1 };
        let mut end = first + 1;
        while end < addresses.len() && addresses[end] == addresses[end - 1] + step {
            end += 1;
        }
        let lanes = ((1u32 << end) - 1) & !((1u32 << first) - 1);
        segments[count] = Segment { lanes, start: addresses[first] - first as isize * step, step };
        count += 1;
        first = end;
    }
    count
}

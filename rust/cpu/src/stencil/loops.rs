//! The inner loops of stencils, in one version for each instruction set.

// Loops over constant numbers of lanes and registers, which compilers turn into vectors and unroll.
#![allow(clippy::needless_range_loop)]

use crate::simd::{Instructions, instructions};

/// Vectors of results that are summed together: enough to hide the latency of an addition.
pub const TOGETHER: usize = 8;
/// Taps whose products are summed together.
pub const TAPS: usize = 9;
/// Products that are summed in float32 before the sum is added in float64.
const LONGEST: usize = 128;

/// A vector of positions: where the first one's first tap lies in the image, and where it lies elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub image: usize,
    pub other: usize,
    /// Lanes that are positions of the vector before, too.
    pub repeated: usize,
}

#[derive(Clone, Copy, Debug)]
pub struct Tap {
    pub offset: usize,
    pub value: f32,
}

/// Rows to copy: how many, of how many elements; from where one lies to the next, and to where.
#[derive(Clone, Copy, Debug)]
pub struct Copying {
    pub rows: usize,
    pub elements: usize,
    pub apart: isize,
    pub steps: [isize; 2],
}

/// The loops for vectors of so many lanes.
#[derive(Clone, Copy)]
pub struct Loops {
    pub lanes: usize,
    /// Sums over the taps, at places of which there are a multiple of [`TOGETHER`].
    pub sums: unsafe fn(&[Place], &[Tap], *const f32, *mut f32),
    /// Adds to each of [`TAPS`] sums, lane by lane, the products of what the taps see with the elements elsewhere.
    pub products: unsafe fn(&[Place], &[usize; TAPS], *const f32, *const f32, &mut [[f64; MOST_LANES]; TAPS]),
    pub copy: unsafe fn(*const f32, *mut f32, Copying),
}

pub const MOST_LANES: usize = 8;
/// Lanes of the shortest vectors.
pub const FEWEST_LANES: usize = 4;

/// # Safety
/// What the taps see at the places must be readable, and the places writable.
#[inline(always)]
unsafe fn sums<const L: usize, const FUSED: bool>(places: &[Place], taps: &[Tap], image: *const f32, out: *mut f32) {
    for places in places.chunks_exact(TOGETHER) {
        let mut from = [image; TOGETHER];
        let mut sums = [[0.0f32; L]; TOGETHER];
        for n in 0..TOGETHER {
            from[n] = image.wrapping_add(places[n].image);
        }
        for tap in taps {
            for n in 0..TOGETHER {
                let pixels = from[n].wrapping_add(tap.offset);
                for lane in 0..L {
                    // SAFETY: the caller's contract.
                    let pixel = unsafe { *pixels.add(lane) };
                    let sum = &mut sums[n][lane];
                    *sum = if FUSED { pixel.mul_add(tap.value, *sum) } else { *sum + pixel * tap.value };
                }
            }
        }
        for n in 0..TOGETHER {
            // SAFETY: the caller's contract.
            unsafe { out.add(places[n].other).cast::<[f32; L]>().write_unaligned(sums[n]) };
        }
    }
}

/// # Safety
/// What the taps see at the places must be readable, and the elements there.
#[inline(always)]
unsafe fn products<const L: usize, const FUSED: bool>(
    places: &[Place],
    taps: &[usize; TAPS],
    image: *const f32,
    others: *const f32,
    totals: &mut [[f64; MOST_LANES]; TAPS],
) {
    for places in places.chunks(LONGEST) {
        let mut sums = [[0.0f32; L]; TAPS];
        for place in places {
            let mut factors = [0.0f32; L];
            for lane in 0..L {
                // SAFETY: the caller's contract.
                let factor = unsafe { *others.add(place.other + lane) };
                factors[lane] = if lane < place.repeated { 0.0 } else { factor };
            }
            for n in 0..TAPS {
                let pixels = image.wrapping_add(place.image + taps[n]);
                for lane in 0..L {
                    // SAFETY: the caller's contract.
                    let pixel = unsafe { *pixels.add(lane) };
                    let sum = &mut sums[n][lane];
                    *sum = if FUSED { pixel.mul_add(factors[lane], *sum) } else { *sum + pixel * factors[lane] };
                }
            }
        }
        for n in 0..TAPS {
            for lane in 0..L {
                totals[n][lane] += sums[n][lane] as f64;
            }
        }
    }
}

/// # Safety
/// The rows must be readable where they lie, and writable where they go.
#[inline(always)]
unsafe fn copy<const L: usize>(mut from: *const f32, mut to: *mut f32, copying: Copying) {
    let Copying { rows, elements, apart, steps } = copying;
    for _ in 0..rows {
        // SAFETY: the caller's contract; the last vector may begin within the one before.
        unsafe {
            if apart == 1 && elements >= L {
                let mut done = 0;
                while done < elements {
                    let at = done.min(elements - L);
                    to.add(at).cast::<[f32; L]>().write_unaligned(from.add(at).cast::<[f32; L]>().read_unaligned());
                    done += L;
                }
            } else if apart == 2 {
                for n in 0..elements {
                    *to.add(n) = *from.add(2 * n);
                }
            } else {
                for n in 0..elements {
                    *to.add(n) = *from.offset(n as isize * apart);
                }
            }
        }
        (from, to) = (from.wrapping_offset(steps[0]), to.wrapping_offset(steps[1]));
    }
}

macro_rules! version {
    ($name:ident, $fused:expr $(, #[$attribute:meta])?) => {
        /// The loops in an instruction set, which the processor must have.
        mod $name {
            use super::{Copying, Loops, MOST_LANES, Place, TAPS, Tap};

            $(#[$attribute])?
            unsafe fn sums<const L: usize>(places: &[Place], taps: &[Tap], image: *const f32, out: *mut f32) {
                // SAFETY: the caller's contract.
                unsafe { super::sums::<L, { $fused }>(places, taps, image, out) }
            }

            $(#[$attribute])?
            unsafe fn products<const L: usize>(
                places: &[Place],
                taps: &[usize; TAPS],
                image: *const f32,
                others: *const f32,
                totals: &mut [[f64; MOST_LANES]; TAPS],
            ) {
                // SAFETY: the caller's contract.
                unsafe { super::products::<L, { $fused }>(places, taps, image, others, totals) }
            }

            $(#[$attribute])?
            unsafe fn copy<const L: usize>(from: *const f32, to: *mut f32, copying: Copying) {
                // SAFETY: the caller's contract.
                unsafe { super::copy::<L>(from, to, copying) }
            }

            pub fn loops<const L: usize>() -> Loops {
                Loops { lanes: L, sums: sums::<L>, products: products::<L>, copy: copy::<L> }
            }
        }
    };
}

version!(baseline, cfg!(target_arch = "aarch64"));
#[cfg(target_arch = "x86_64")]
version!(avx2, true, #[target_feature(enable = "avx2,fma")]);
#[cfg(target_arch = "x86_64")]
version!(avx512, true, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]);

/// The loops that are best for rows of so many positions, at least [`FEWEST_LANES`].
pub fn loops(positions: usize) -> Loops {
    match (instructions(), positions) {
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, 8..) => avx512::loops::<8>(),
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx512, _) => avx512::loops::<4>(),
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, 8..) => avx2::loops::<8>(),
        #[cfg(target_arch = "x86_64")]
        (Instructions::Avx2, _) => avx2::loops::<4>(),
        (Instructions::Baseline, _) => baseline::loops::<4>(),
    }
}

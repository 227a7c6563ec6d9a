//! The transforms of tiles, of taps, and of the sums of their products.
//!
//! With `B` for pixels, `G` for taps and `A` for sums, a row of 2 results is `Aᵀ((G·taps) ⊙ (Bᵀ·pixels))`:
//!
//! ```text
//!      1  0 -1  0         1  0  0
//! Bᵀ = 0  1  1  0    G =  ½  ½  ½    Aᵀ = 1  1  1  0
//!      0 -1  1  0         ½ -½  ½         0  1 -1 -1
//!      0  1  0 -1         0  0  1
//! ```
//!
//! and the gradient of 3 taps is the same with 2 slopes in their place:
//!
//! ```text
//!       1  0              1  1  1  0
//! G' =  ½  ½         A'ᵀ= 0  1 -1  0
//!       ½ -½              0  1  1 -1
//!       0  1
//! ```
//!
//! Tiles and tables are taken along both axes in turn. Loops run over whole vectors, whatever the number of tiles: what
//! lies beyond the last one is written too, where something else is still to be written.

// Loops over constant numbers of lanes, which compilers turn into vectors.
#![allow(clippy::needless_range_loop)]

use super::window::TAPS;
use crate::simd::{Instructions, instructions};

/// Numbers of a transformed tile.
pub const POINTS: usize = 16;
/// Most tiles of a block, which lie beside each other.
pub const LANES: usize = 32;
/// Channels that taps are transformed for at a time.
pub const TOGETHER: usize = 64;

/// The transforms. Points are so many elements apart as the number after their address says.
#[derive(Clone, Copy)]
pub struct Transforms {
    /// Of tiles that see so many pixels of four rows, the first of which are so many short of the tile's first one.
    pub pixels: unsafe fn([Option<*const f32>; 4], usize, usize, usize, *mut f32, usize),
    /// Of the slopes of two rows of results.
    pub slopes: unsafe fn([Option<*const f32>; 2], usize, usize, *mut f32, usize),
    /// Of taps, each for [`TOGETHER`] channels.
    pub taps: unsafe fn(&[[f32; TOGETHER]; TAPS * TAPS], *mut f32, usize),
    /// From sums to two rows of results.
    pub results: unsafe fn(*const f32, usize, &mut [[f32; 2 * LANES]; 2]),
    /// From sums to gradients of taps.
    pub gradients: unsafe fn(*const f32, usize, &mut [[f32; TAPS * TAPS]; LANES]),
}

/// # Safety
/// The pixels of each row must be readable, `out` writable for [`LANES`] elements of each point.
#[inline(always)]
unsafe fn pixels(
    rows: [Option<*const f32>; 4],
    before: usize,
    count: usize,
    tiles: usize,
    out: *mut f32,
    stride: usize,
) {
    let mut lines = [[0.0; 2 * LANES + 2]; 4];
    for (line, row) in lines.iter_mut().zip(rows) {
        if let Some(row) = row {
            // SAFETY: the caller's contract.
            unsafe { short_copy(row, line[before..before + count].as_mut_ptr(), count) };
        }
    }
    // SAFETY: the caller's contract.
    unsafe {
        if tiles <= LANES / 2 {
            pixels_of::<{ LANES / 2 }>(&lines, out, stride)
        } else {
            pixels_of::<LANES>(&lines, out, stride)
        }
    }
}

/// As `copy_nonoverlapping`, for few elements.
///
/// # Safety
/// As for `copy_nonoverlapping`.
#[inline(always)]
unsafe fn short_copy(from: *const f32, to: *mut f32, count: usize) {
    let mut done = 0;
    // SAFETY: the caller's contract.
    unsafe {
        while done + 8 <= count {
            to.add(done).cast::<[f32; 8]>().write_unaligned(from.add(done).cast::<[f32; 8]>().read_unaligned());
            done += 8;
        }
        while done < count {
            *to.add(done) = *from.add(done);
            done += 1;
        }
    }
}

/// # Safety
/// As for [`pixels`].
#[inline(always)]
unsafe fn pixels_of<const N: usize>([a, b, c, d]: &[[f32; 2 * LANES + 2]; 4], out: *mut f32, stride: usize) {
    let mut lines = [[0.0; 2 * LANES + 2]; 4];
    for x in 0..2 * N + 2 {
        lines[0][x] = a[x] - c[x];
        lines[1][x] = b[x] + c[x];
        lines[2][x] = c[x] - b[x];
        lines[3][x] = b[x] - d[x];
    }
    for (n, line) in lines.iter().enumerate() {
        let mut points = [[0.0; N]; 4];
        for t in 0..N {
            let (a, b, c, d) = (line[2 * t], line[2 * t + 1], line[2 * t + 2], line[2 * t + 3]);
            points[0][t] = a - c;
            points[1][t] = b + c;
            points[2][t] = c - b;
            points[3][t] = b - d;
        }
        // SAFETY: the caller's contract.
        unsafe { put(&points, out.wrapping_add(4 * n * stride), stride) };
    }
}

/// Writes numbers of four points.
///
/// # Safety
/// `out` must be writable for them.
#[inline(always)]
unsafe fn put<const N: usize>(points: &[[f32; N]; 4], out: *mut f32, stride: usize) {
    for (k, point) in points.iter().enumerate() {
        // SAFETY: the caller's contract.
        unsafe { out.wrapping_add(k * stride).copy_from_nonoverlapping(point.as_ptr(), N) };
    }
}

/// # Safety
/// As for [`pixels`].
#[inline(always)]
unsafe fn slopes(rows: [Option<*const f32>; 2], count: usize, tiles: usize, out: *mut f32, stride: usize) {
    let mut lines = [[0.0; 2 * LANES]; 2];
    for (line, row) in lines.iter_mut().zip(rows) {
        if let Some(row) = row {
            // SAFETY: the caller's contract.
            unsafe { short_copy(row, line[..count].as_mut_ptr(), count) };
        }
    }
    // SAFETY: the caller's contract.
    unsafe {
        if tiles <= LANES / 2 {
            slopes_of::<{ LANES / 2 }>(&lines, out, stride)
        } else {
            slopes_of::<LANES>(&lines, out, stride)
        }
    }
}

/// # Safety
/// As for [`pixels`].
#[inline(always)]
unsafe fn slopes_of<const N: usize>([a, b]: &[[f32; 2 * LANES]; 2], out: *mut f32, stride: usize) {
    let mut lines = [[0.0; 2 * LANES]; 4];
    for x in 0..2 * N {
        lines[0][x] = a[x];
        lines[1][x] = 0.5 * (a[x] + b[x]);
        lines[2][x] = 0.5 * (a[x] - b[x]);
        lines[3][x] = b[x];
    }
    for (n, line) in lines.iter().enumerate() {
        let mut points = [[0.0; N]; 4];
        for t in 0..N {
            let (a, b) = (line[2 * t], line[2 * t + 1]);
            points[0][t] = a;
            points[1][t] = 0.5 * (a + b);
            points[2][t] = 0.5 * (a - b);
            points[3][t] = b;
        }
        // SAFETY: the caller's contract.
        unsafe { put(&points, out.wrapping_add(4 * n * stride), stride) };
    }
}

/// # Safety
/// `out` must be writable for [`TOGETHER`] elements of each point.
#[inline(always)]
unsafe fn taps(taps: &[[f32; TOGETHER]; TAPS * TAPS], out: *mut f32, stride: usize) {
    let mut columns = [[[0.0; TOGETHER]; TAPS]; 4];
    for column in 0..TAPS {
        let [a, b, c] = [&taps[column], &taps[TAPS + column], &taps[2 * TAPS + column]];
        for t in 0..TOGETHER {
            columns[0][column][t] = a[t];
            columns[1][column][t] = 0.5 * (a[t] + c[t] + b[t]);
            columns[2][column][t] = 0.5 * (a[t] + c[t] - b[t]);
            columns[3][column][t] = c[t];
        }
    }
    for (n, [a, b, c]) in columns.iter().enumerate() {
        let mut points = [[0.0; TOGETHER]; 4];
        for t in 0..TOGETHER {
            points[0][t] = a[t];
            points[1][t] = 0.5 * (a[t] + c[t] + b[t]);
            points[2][t] = 0.5 * (a[t] + c[t] - b[t]);
            points[3][t] = c[t];
        }
        // SAFETY: the caller's contract.
        unsafe { put(&points, out.wrapping_add(4 * n * stride), stride) };
    }
}

/// # Safety
/// [`LANES`] sums of each point must be readable.
#[inline(always)]
unsafe fn results(sums: *const f32, stride: usize, rows: &mut [[f32; 2 * LANES]; 2]) {
    let mut lines = [[[0.0; LANES]; 4]; 2];
    for k in 0..4 {
        // SAFETY: the caller's contract.
        let [a, b, c, d] = unsafe { column(sums.wrapping_add(k * stride), 4 * stride) };
        for t in 0..LANES {
            lines[0][k][t] = a[t] + (b[t] + c[t]);
            lines[1][k][t] = (b[t] - c[t]) - d[t];
        }
    }
    for (row, [a, b, c, d]) in rows.iter_mut().zip(&lines) {
        for t in 0..LANES {
            row[2 * t] = a[t] + (b[t] + c[t]);
            row[2 * t + 1] = (b[t] - c[t]) - d[t];
        }
    }
}

/// # Safety
/// As for [`results`].
#[inline(always)]
unsafe fn gradients(sums: *const f32, stride: usize, taps: &mut [[f32; TAPS * TAPS]; LANES]) {
    let mut lines = [[[0.0; LANES]; 4]; TAPS];
    for k in 0..4 {
        // SAFETY: the caller's contract.
        let [a, b, c, d] = unsafe { column(sums.wrapping_add(k * stride), 4 * stride) };
        for t in 0..LANES {
            lines[0][k][t] = a[t] + (b[t] + c[t]);
            lines[1][k][t] = b[t] - c[t];
            lines[2][k][t] = (b[t] + c[t]) - d[t];
        }
    }
    for (row, [a, b, c, d]) in lines.iter().enumerate() {
        for t in 0..LANES {
            taps[t][TAPS * row] = a[t] + (b[t] + c[t]);
            taps[t][TAPS * row + 1] = b[t] - c[t];
            taps[t][TAPS * row + 2] = (b[t] + c[t]) - d[t];
        }
    }
}

/// The sums of four points.
///
/// # Safety
/// They must be readable.
#[inline(always)]
unsafe fn column<'a>(sums: *const f32, stride: usize) -> [&'a [f32; LANES]; 4] {
    // SAFETY: the caller's contract.
    std::array::from_fn(|n| unsafe { &*sums.wrapping_add(n * stride).cast() })
}

macro_rules! version {
    ($name:ident $(, #[$attribute:meta])?) => {
        /// The transforms in an instruction set, which the processor must have.
        mod $name {
            use super::{LANES, TAPS, TOGETHER};

            $(#[$attribute])?
            unsafe fn pixels(a: [Option<*const f32>; 4], b: usize, c: usize, d: usize, e: *mut f32, f: usize) {
                // SAFETY: the caller's contract.
                unsafe { super::pixels(a, b, c, d, e, f) }
            }

            $(#[$attribute])?
            unsafe fn slopes(a: [Option<*const f32>; 2], b: usize, c: usize, d: *mut f32, e: usize) {
                // SAFETY: the caller's contract.
                unsafe { super::slopes(a, b, c, d, e) }
            }

            $(#[$attribute])?
            unsafe fn taps(a: &[[f32; TOGETHER]; TAPS * TAPS], b: *mut f32, c: usize) {
                // SAFETY: the caller's contract.
                unsafe { super::taps(a, b, c) }
            }

            $(#[$attribute])?
            unsafe fn results(a: *const f32, b: usize, c: &mut [[f32; 2 * LANES]; 2]) {
                // SAFETY: the caller's contract.
                unsafe { super::results(a, b, c) }
            }

            $(#[$attribute])?
            unsafe fn gradients(a: *const f32, b: usize, c: &mut [[f32; TAPS * TAPS]; LANES]) {
                // SAFETY: the caller's contract.
                unsafe { super::gradients(a, b, c) }
            }

            pub const TRANSFORMS: super::Transforms = super::Transforms { pixels, slopes, taps, results, gradients };
        }
    };
}

version!(baseline);
#[cfg(target_arch = "x86_64")]
version!(avx2, #[target_feature(enable = "avx2,fma")]);
#[cfg(target_arch = "x86_64")]
version!(avx512, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]);

pub fn transforms() -> Transforms {
    match instructions() {
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => avx512::TRANSFORMS,
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => avx2::TRANSFORMS,
        Instructions::Baseline => baseline::TRANSFORMS,
    }
}

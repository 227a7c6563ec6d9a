//! Register tiles: the innermost loops of products, one for each number of rows and of vectors of columns.
//!
//! A tile of `rows × columns` sums stays in registers over the whole depth. Each step loads one or two vectors of the right
//! panel and multiplies them by every row's element of the left panel. On x86-64 the float32 tiles have up to 14 × 32 sums
//! (AVX-512: 28 of 32 registers) or 6 × 16 (AVX2: 12 of 16).

use crate::simd::{Instructions, instructions};

/// Writes `left · right` to a tile of results, or adds it to what is there.
///
/// The left factor has `depth` steps of as many elements as the tile has rows, `left_stride` apart, the right one steps of whole
/// vectors, `right_stride` apart.
///
/// # Safety
/// The panels must be readable throughout, `results` writable for `columns` elements of each row, `row_stride` apart.
pub type Tile<T> = unsafe fn(
    depth: usize,
    left: *const T,
    left_stride: usize,
    right: *const T,
    right_stride: usize,
    results: *mut T,
    row_stride: usize,
    columns: usize,
    add: bool,
);

/// Steps by which the left factor is fetched early: where it is read as it lies, its steps may be far apart.
#[cfg(target_arch = "x86_64")]
const AHEAD: usize = 12;

/// Most sums of any tile.
pub const MOST_SUMS: usize = 14 * 32;

/// The tiles of a dtype on this processor.
#[derive(Clone, Copy)]
pub struct Tiles<T: 'static> {
    /// Elements of a vector; a tile is one or two vectors wide.
    pub vector: usize,
    tiles: &'static [[Tile<T>; 2]],
    across: &'static [[Tile<T>; 2]],
}

impl<T> Tiles<T> {
    /// Most rows of a tile.
    pub fn rows(&self) -> usize {
        self.tiles.len()
    }

    /// Most columns of a tile.
    pub fn columns(&self) -> usize {
        2 * self.vector
    }

    /// The tile for so many rows and columns.
    pub fn tile(&self, rows: usize, columns: usize) -> Tile<T> {
        self.tiles[rows - 1][(columns > self.vector) as usize]
    }

    /// The same for a left factor whose steps lie beside each other, `left_stride` being from row to row.
    pub fn across(&self, rows: usize, columns: usize) -> Tile<T> {
        self.across[rows - 1][(columns > self.vector) as usize]
    }
}

macro_rules! tiles {
    ($t:ty, $vector:literal, $module:ident, $($rows:literal)*) => {{
        const TILES: &[[Tile<$t>; 2]] =
            &[$([$module::tile::<$t, $rows, $vector, 1, false>, $module::tile::<$t, $rows, $vector, 2, false>]),*];
        const ACROSS: &[[Tile<$t>; 2]] =
            &[$([$module::tile::<$t, $rows, $vector, 1, true>, $module::tile::<$t, $rows, $vector, 2, true>]),*];
        Tiles { vector: $vector, tiles: TILES, across: ACROSS }
    }};
}

#[cfg(target_arch = "x86_64")]
macro_rules! single_tiles {
    ($vector:literal, $module:ident, $($rows:literal)*) => {{
        const TILES: &[[Tile<f32>; 2]] =
            &[$([$module::single::<$rows, 1, false>, $module::single::<$rows, 2, false>]),*];
        const ACROSS: &[[Tile<f32>; 2]] =
            &[$([$module::single::<$rows, 1, true>, $module::single::<$rows, 2, true>]),*];
        Tiles { vector: $vector, tiles: TILES, across: ACROSS }
    }};
}

pub fn single() -> Tiles<f32> {
    match instructions() {
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => single_tiles!(16, avx512, 1 2 3 4 5 6 7 8 9 10 11 12 13 14),
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => single_tiles!(8, avx2, 1 2 3 4 5 6),
        Instructions::Baseline => tiles!(f32, 8, baseline, 1 2 3 4 5 6),
    }
}

pub fn double() -> Tiles<f64> {
    match instructions() {
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => tiles!(f64, 8, avx512, 1 2 3 4 5 6 7 8),
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => tiles!(f64, 4, avx2, 1 2 3 4 5 6),
        Instructions::Baseline => tiles!(f64, 4, baseline, 1 2 3 4 5 6),
    }
}

/// Floats as the portable tiles see them.
pub trait Float: Copy + std::ops::Add<Output = Self> + std::ops::Mul<Output = Self> {
    const ZERO: Self;
    fn mul_add(self, factor: Self, term: Self) -> Self;
}

macro_rules! floats {
    ($($t:ty)*) => {$(
        impl Float for $t {
            const ZERO: $t = 0.0;
            #[inline(always)]
            fn mul_add(self, factor: $t, term: $t) -> $t {
                self.mul_add(factor, term)
            }
        }
    )*};
}

floats!(f32 f64);

/// A tile of R rows and N vectors of V elements, in a form that compilers vectorise.
///
/// # Safety
/// As for [`Tile`].
#[inline(always)]
unsafe fn portable<T: Float, const R: usize, const V: usize, const N: usize, const ACROSS: bool, const FUSED: bool>(
    depth: usize,
    left: *const T,
    left_stride: usize,
    right: *const T,
    right_stride: usize,
    results: *mut T,
    row_stride: usize,
    columns: usize,
    add: bool,
) {
    let mut sums = [[[T::ZERO; V]; N]; R];
    for step in 0..depth {
        for row in 0..R {
            let (apart, beside) = if ACROSS { (row, step) } else { (step, row) };
            // SAFETY: both panels hold `depth` steps.
            let factor = unsafe { *left.wrapping_add(apart.wrapping_mul(left_stride)).add(beside) };
            for n in 0..N {
                for lane in 0..V {
                    // SAFETY: as above.
                    let other = unsafe { *right.add(step * right_stride + n * V + lane) };
                    let sum = &mut sums[row][n][lane];
                    *sum = if FUSED { factor.mul_add(other, *sum) } else { *sum + factor * other };
                }
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        for (column, &sum) in sums.as_flattened()[..columns].iter().enumerate() {
            // SAFETY: the caller's contract.
            unsafe {
                let result = results.add(row * row_stride + column);
                *result = if add { *result + sum } else { sum };
            }
        }
    }
}

mod baseline {
    use super::{Float, portable};

    /// # Safety
    /// As for [`super::Tile`].
    pub unsafe fn tile<T: Float, const R: usize, const V: usize, const N: usize, const ACROSS: bool>(
        depth: usize,
        left: *const T,
        left_stride: usize,
        right: *const T,
        right_stride: usize,
        results: *mut T,
        row_stride: usize,
        columns: usize,
        add: bool,
    ) {
        // SAFETY: the caller's contract. NEON has fused multiplication in its baseline, SSE2 has not.
        unsafe {
            portable::<T, R, V, N, ACROSS, { cfg!(target_arch = "aarch64") }>(
                depth,
                left,
                left_stride,
                right,
                right_stride,
                results,
                row_stride,
                columns,
                add,
            )
        }
    }
}

/// Tiles of float32 in an instruction set's own words; the masks of a vector's first elements differ most.
#[cfg(target_arch = "x86_64")]
macro_rules! x86_tiles {
    ($module:ident, $features:literal, $width:literal, [$zero:ident $load:ident $store:ident $set:ident $fused:ident $add:ident],
     mask $mask:expr, masked_load $masked_load:expr, masked_store $masked_store:expr) => {
        mod $module {
            use std::arch::x86_64::*;

            use super::{AHEAD, Float, portable};

            /// # Safety
            /// As for [`super::Tile`], on a processor with these instructions.
            #[target_feature(enable = $features)]
            pub unsafe fn tile<T: Float, const R: usize, const V: usize, const N: usize, const ACROSS: bool>(
                depth: usize,
                left: *const T,
                left_stride: usize,
                right: *const T,
                right_stride: usize,
                results: *mut T,
                row_stride: usize,
                columns: usize,
                add: bool,
            ) {
                // SAFETY: the caller's contract.
                unsafe {
                    portable::<T, R, V, N, ACROSS, true>(
                        depth,
                        left,
                        left_stride,
                        right,
                        right_stride,
                        results,
                        row_stride,
                        columns,
                        add,
                    )
                }
            }

            /// # Safety
            /// As for [`super::Tile`], on a processor with these instructions.
            #[target_feature(enable = $features)]
            pub unsafe fn single<const R: usize, const N: usize, const ACROSS: bool>(
                depth: usize,
                mut left: *const f32,
                left_stride: usize,
                mut right: *const f32,
                right_stride: usize,
                results: *mut f32,
                row_stride: usize,
                columns: usize,
                add: bool,
            ) {
                let mut sums = [[$zero(); N]; R];
                for _ in 0..depth {
                    // SAFETY: both panels hold `depth` steps; fetching ahead of them does nothing but that.
                    unsafe {
                        if !ACROSS {
                            let later = left.wrapping_add(left_stride.wrapping_mul(AHEAD));
                            _mm_prefetch::<_MM_HINT_T0>(later.cast());
                            _mm_prefetch::<_MM_HINT_T0>(later.wrapping_add(R - 1).cast());
                        }
                        let mut vectors = [$zero(); N];
                        for n in 0..N {
                            vectors[n] = $load(right.add(n * $width));
                        }
                        for row in 0..R {
                            let at = if ACROSS { left_stride.wrapping_mul(row) } else { row };
                            let factor = $set(*left.wrapping_add(at));
                            for n in 0..N {
                                sums[row][n] = $fused(factor, vectors[n], sums[row][n]);
                            }
                        }
                    }
                    left = left.wrapping_add(if ACROSS { 1 } else { left_stride });
                    right = right.wrapping_add(right_stride);
                }
                let whole = columns == N * $width;
                for row in 0..R {
                    for n in 0..N {
                        let (result, sum) = (results.wrapping_add(row * row_stride + n * $width), sums[row][n]);
                        // SAFETY: the caller's contract; the mask leaves out what lies beyond the columns.
                        unsafe {
                            if whole {
                                let total = if add { $add(sum, $load(result)) } else { sum };
                                $store(result, total);
                            } else {
                                let mask = $mask(columns.saturating_sub(n * $width).min($width));
                                let total = if add { $add(sum, $masked_load(result, mask)) } else { sum };
                                $masked_store(result, mask, total);
                            }
                        }
                    }
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
x86_tiles!(
    avx512, "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma", 16,
    [_mm512_setzero_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_set1_ps _mm512_fmadd_ps _mm512_add_ps],
    mask |count: usize| ((1u32 << count) - 1) as u16,
    masked_load |from: *const f32, mask| _mm512_maskz_loadu_ps(mask, from),
    masked_store _mm512_mask_storeu_ps
);

#[cfg(target_arch = "x86_64")]
x86_tiles!(
    avx2, "avx2,fma", 8,
    [_mm256_setzero_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_set1_ps _mm256_fmadd_ps _mm256_add_ps],
    mask |count: usize| _mm256_cmpgt_epi32(_mm256_set1_epi32(count as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)),
    masked_load _mm256_maskload_ps,
    masked_store _mm256_maskstore_ps
);

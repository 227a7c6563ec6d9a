//! How reductions combine elements: vector loops over rows (many elements, one result) and columns (a row of results).
//!
//! What is carried between tiles is wide: a float64 for sums and products of floats, a 64-bit word for integers, or the
//! best element with its position. So neither the number of tiles nor of threads costs precision.

use rutile_core::dtype::DType;
use rutile_core::kernel::Fold;

use crate::element::{Element, with_element};
use crate::simd::{Instructions, instructions};
use crate::tile::TILE;

/// Most bytes of a carry, and its alignment.
pub const CARRY: usize = 16;

/// Lanes of a row loop, of short and of long rows: independent chains, to hide the latency of an addition.
const LANES: usize = 32;
const MANY_LANES: usize = 64;

/// Rows that are folded into carries of columns at once: carries are wide, and to widen each element would take longer.
pub const COLUMN_ROWS: usize = 8;

/// Most elements that are folded at once before what they give is widened.
pub const MOST_AT_ONCE: usize = 1 << 14;

/// Rows that are folded side by side where they are short.
const TOGETHER: usize = 16;

/// The loops of one fold for one dtype. `values` point to elements as registers hold them; carries lie `carry` bytes apart.
#[derive(Clone, Copy)]
pub struct Folder {
    pub carry: usize,
    /// Sets carries to what no element has been folded into.
    ///
    /// # Safety
    /// `carries` must be writable for `count` carries.
    pub begin: unsafe fn(carries: *mut u8, count: usize),
    /// Folds `count` rows of `len` elements, of which the first has position `first`, into one carry each.
    ///
    /// # Safety
    /// `values` must be readable for `count · len` elements, `carries` writable for `count` carries.
    pub rows: unsafe fn(values: *const u8, len: usize, first: usize, carries: *mut u8, count: usize),
    /// Folds an element of each row into each carry; the rows, COLUMN_ROWS at most, have positions from `first` on.
    ///
    /// # Safety
    /// Each row must be readable for `count` elements, `carries` writable for as many carries.
    pub columns: unsafe fn(rows: &[*const u8], first: usize, carries: *mut u8, count: usize),
    /// Folds a row of elements into one carry, and writes the result after each.
    ///
    /// # Safety
    /// `values` must be readable and `out` writable for `len` elements, `carry` writable for one carry.
    pub scan: unsafe fn(values: *const u8, len: usize, first: usize, carry: *mut u8, out: *mut u8),
    /// Folds carries of a later part of the reduction into those of an earlier one.
    ///
    /// # Safety
    /// `carries` must be writable and `later` readable for `count` carries.
    pub merge: unsafe fn(carries: *mut u8, later: *const u8, count: usize),
    /// Writes the results.
    ///
    /// # Safety
    /// `carries` must be readable for `count` carries, `out` writable for as many results.
    pub finish: unsafe fn(carries: *const u8, count: usize, out: *mut u8),
}

pub fn folder(fold: Fold, dtype: DType) -> Folder {
    with_element!(dtype, T => match fold {
        Fold::Sum => folder_of::<Sum<T>>(),
        Fold::Product => folder_of::<Product<T>>(),
        Fold::Max => folder_of::<Best<T, true, false>>(),
        Fold::Min => folder_of::<Best<T, false, false>>(),
        Fold::ArgMax => folder_of::<Best<T, true, true>>(),
        Fold::ArgMin => folder_of::<Best<T, false, true>>(),
    })
}

/// One way of folding elements of type `In`.
trait Folding {
    type In: Copy;
    type Out: Copy;
    type Carry: Copy;
    /// Rows up to this length are folded TOGETHER.
    const SHORT: usize;
    fn identity() -> Self::Carry;
    fn row(values: &[Self::In], first: usize, carry: Self::Carry) -> Self::Carry;
    /// As `row`, for TOGETHER rows of `len` elements, each in order.
    fn short_rows(values: &[Self::In], len: usize, first: usize, carries: &mut [Self::Carry; TOGETHER]);
    fn step(carry: Self::Carry, value: Self::In, position: usize) -> Self::Carry;
    /// Folds an element of each of COLUMN_ROWS rows.
    fn steps(carry: Self::Carry, values: [Self::In; COLUMN_ROWS], first: usize) -> Self::Carry;
    fn merge(carry: Self::Carry, later: Self::Carry) -> Self::Carry;
    fn finish(carry: Self::Carry) -> Self::Out;
}

struct Sum<T>(std::marker::PhantomData<T>);
struct Product<T>(std::marker::PhantomData<T>);

macro_rules! wide_folding {
    ($name:ident, $identity:ident, $combine:ident, $combine_wide:ident) => {
        impl<T: Element> Folding for $name<T> {
            type In = T;
            type Out = T;
            type Carry = u64;
            // From 9 elements on, one row after the other is as fast; both take the elements in order.
            const SHORT: usize = 8;
            #[inline(always)]
            fn identity() -> u64 {
                T::$identity.widen()
            }
            #[inline(always)]
            fn row(values: &[T], _: usize, carry: u64) -> u64 {
                let total = lanes(values, T::$identity, T::$combine);
                T::$combine_wide(carry, total.widen())
            }
            #[inline(always)]
            fn short_rows(values: &[T], len: usize, _: usize, carries: &mut [u64; TOGETHER]) {
                let mut totals = [T::$identity; TOGETHER];
                for i in 0..len {
                    for (row, total) in totals.iter_mut().enumerate() {
                        *total = total.$combine(of_row(values, len, row, i));
                    }
                }
                for (carry, total) in carries.iter_mut().zip(totals) {
                    *carry = T::$combine_wide(*carry, total.widen());
                }
            }
            #[inline(always)]
            fn step(carry: u64, value: T, _: usize) -> u64 {
                T::$combine_wide(carry, value.widen())
            }
            #[inline(always)]
            fn steps(carry: u64, values: [T; COLUMN_ROWS], _: usize) -> u64 {
                let [a, b, c, d, e, f, g, h] = values;
                let halves = [a.$combine(b).$combine(c.$combine(d)), e.$combine(f).$combine(g.$combine(h))];
                T::$combine_wide(carry, halves[0].$combine(halves[1]).widen())
            }
            #[inline(always)]
            fn merge(carry: u64, later: u64) -> u64 {
                T::$combine_wide(carry, later)
            }
            #[inline(always)]
            fn finish(carry: u64) -> T {
                T::narrow(carry)
            }
        }
    };
}

wide_folding!(Sum, ZERO, add, add_wide);
wide_folding!(Product, ONE, multiply, multiply_wide);

/// The best element and the position of the first such: NaN is better than any number.
struct Best<T, const MAX: bool, const POSITION: bool>(std::marker::PhantomData<T>);

impl<T: Element, const MAX: bool, const POSITION: bool> Best<T, MAX, POSITION> {
    const WORST: T = if MAX { T::LOWEST } else { T::HIGHEST };

    #[inline(always)]
    #[allow(clippy::eq_op)]
    fn better(new: T, old: T) -> bool {
        let beats = if MAX { new > old } else { new < old };
        // Only NaN differs from itself. No branches, so that loops vectorise.
        (beats | (new != new)) & (old == old)
    }

    /// The better value; of two NaN the later one, as that takes one comparison less.
    #[inline(always)]
    #[allow(clippy::eq_op)]
    fn pick(old: T, new: T) -> T {
        let beats = if MAX { new > old } else { new < old };
        if beats | (new != new) { new } else { old }
    }

    #[inline(always)]
    fn value(carry: T::Packed) -> T {
        T::unpack(carry).0
    }

    #[inline(always)]
    fn unseen(carry: T::Packed) -> bool {
        T::unpack(carry).1 == NOWHERE
    }
}

/// Position of an identity: no element has been seen.
const NOWHERE: u32 = u32::MAX;

macro_rules! best_folding {
    ($position:literal, $out:ty, |$t:ident, $carry:ident| $finish:expr) => {
        impl<$t: Element, const MAX: bool> Folding for Best<$t, MAX, $position> {
            type In = $t;
            type Out = $out;
            type Carry = $t::Packed;
            // Of longer ones a tile has fewer than TOGETHER.
            const SHORT: usize = TILE / TOGETHER;
            #[inline(always)]
            fn identity() -> $t::Packed {
                Self::WORST.pack(NOWHERE)
            }
            #[inline(always)]
            #[allow(clippy::eq_op)]
            fn row(values: &[$t], first: usize, carry: $t::Packed) -> $t::Packed {
                let best = lanes(values, Self::WORST, Self::pick);
                if !$position {
                    return Self::merge(carry, best.pack(0));
                }
                if values.is_empty() || !(Self::unseen(carry) || Self::better(best, Self::value(carry))) {
                    return carry;
                }
                let same = |&value: &$t| value == best || (value != value && best != best);
                best.pack((first + values.iter().position(same).unwrap_or(0)) as u32)
            }
            #[inline(always)]
            fn short_rows(values: &[$t], len: usize, first: usize, carries: &mut [$t::Packed; TOGETHER]) {
                let mut best: [$t; TOGETHER] = std::array::from_fn(|row| of_row(values, len, row, 0));
                let mut positions = [0u32; TOGETHER];
                for i in 1..len {
                    for row in 0..TOGETHER {
                        let value = of_row(values, len, row, i);
                        let better = Self::better(value, best[row]);
                        best[row] = if better { value } else { best[row] };
                        positions[row] = if better { i as u32 } else { positions[row] };
                    }
                }
                for (row, carry) in carries.iter_mut().enumerate() {
                    let position = if $position { first as u32 + positions[row] } else { 0 };
                    *carry = Self::merge(*carry, best[row].pack(position));
                }
            }
            #[inline(always)]
            fn step(carry: $t::Packed, value: $t, position: usize) -> $t::Packed {
                Self::merge(carry, value.pack(position as u32))
            }
            #[inline(always)]
            fn steps(carry: $t::Packed, values: [$t; COLUMN_ROWS], first: usize) -> $t::Packed {
                let (mut best, mut position) = (values[0], 0);
                for i in 1..COLUMN_ROWS {
                    let better = Self::better(values[i], best);
                    best = if better { values[i] } else { best };
                    position = if better { i as u32 } else { position };
                }
                Self::step(carry, best, first + if $position { position as usize } else { 0 })
            }
            #[inline(always)]
            fn merge(carry: $t::Packed, later: $t::Packed) -> $t::Packed {
                let better = Self::better(Self::value(later), Self::value(carry));
                if !Self::unseen(later) && (Self::unseen(carry) || better) { later } else { carry }
            }
            #[inline(always)]
            fn finish($carry: $t::Packed) -> $out {
                $finish
            }
        }
    };
}

best_folding!(false, T, |T, carry| Self::value(carry));
best_folding!(true, i32, |T, carry| if Self::unseen(carry) { 0 } else { T::unpack(carry).1 as i32 });

/// Element `i` of a row, of TOGETHER rows of `len` elements.
#[inline(always)]
fn of_row<T: Copy>(values: &[T], len: usize, row: usize, i: usize) -> T {
    debug_assert!(row < TOGETHER && i < len && values.len() == TOGETHER * len);
    // SAFETY: as asserted, by both callers' loops; a check here would keep these from being vectorised.
    unsafe { *values.get_unchecked(row * len + i) }
}

/// Folds a slice in independent chains, then those pairwise.
#[inline(always)]
fn lanes<T: Copy>(values: &[T], identity: T, combine: impl Fn(T, T) -> T) -> T {
    match values.len() {
        0..LANES => values.iter().fold(identity, |total, &value| combine(total, value)),
        LANES..256 => chains::<T, LANES>(values, identity, combine),
        _ => chains::<T, MANY_LANES>(values, identity, combine),
    }
}

#[inline(always)]
fn chains<T: Copy, const N: usize>(values: &[T], identity: T, combine: impl Fn(T, T) -> T) -> T {
    let mut totals = [identity; N];
    let (chunks, rest) = values.as_chunks::<N>();
    for chunk in chunks {
        for lane in 0..N {
            totals[lane] = combine(totals[lane], chunk[lane]);
        }
    }
    for (lane, &value) in rest.iter().enumerate() {
        totals[lane] = combine(totals[lane], value);
    }
    let mut width = N / 2;
    while width > 0 {
        for lane in 0..width {
            totals[lane] = combine(totals[lane], totals[lane + width]);
        }
        width /= 2;
    }
    totals[0]
}

/// # Safety
/// As for [`Folder::begin`].
unsafe fn begin<F: Folding>(carries: *mut u8, count: usize) {
    // SAFETY: the caller's contract.
    unsafe { std::slice::from_raw_parts_mut(carries.cast::<F::Carry>(), count) }.fill(F::identity());
}

/// # Safety
/// As for [`Folder::rows`].
#[inline(always)]
unsafe fn rows<F: Folding>(values: *const u8, len: usize, first: usize, carries: *mut u8, count: usize) {
    // SAFETY: the caller's contract.
    let carries = unsafe { std::slice::from_raw_parts_mut(carries.cast::<F::Carry>(), count) };
    for (row, carry) in carries.iter_mut().enumerate() {
        // SAFETY: as above.
        let values = unsafe { std::slice::from_raw_parts(values.cast::<F::In>().add(row * len), len) };
        *carry = F::row(values, first, *carry);
    }
}

/// As `rows`, for rows of one to F::SHORT elements, except for those that TOGETHER leaves over: it returns how many it took.
///
/// # Safety
/// As for [`Folder::rows`].
#[inline(always)]
unsafe fn short_rows<F: Folding>(values: *const u8, len: usize, first: usize, carries: *mut u8, count: usize) -> usize {
    // SAFETY: the caller's contract.
    let (carries, values) = unsafe {
        (
            std::slice::from_raw_parts_mut(carries.cast::<F::Carry>(), count),
            std::slice::from_raw_parts(values.cast::<F::In>(), count * len),
        )
    };
    let (blocks, _) = carries.as_chunks_mut::<TOGETHER>();
    for (carries, values) in blocks.iter_mut().zip(values.chunks_exact(TOGETHER * len)) {
        F::short_rows(values, len, first, carries);
    }
    blocks.len() * TOGETHER
}

/// # Safety
/// As for [`Folder::columns`].
#[inline(always)]
unsafe fn columns<F: Folding>(rows: &[*const u8], first: usize, carries: *mut u8, count: usize) {
    // SAFETY: the caller's contract.
    let carries = unsafe { std::slice::from_raw_parts_mut(carries.cast::<F::Carry>(), count) };
    // SAFETY: as above.
    let slice = |row: *const u8| unsafe { std::slice::from_raw_parts(row.cast::<F::In>(), count) };
    if let Ok(rows) = <[*const u8; COLUMN_ROWS]>::try_from(rows) {
        let [a, b, c, d, e, f, g, h] = rows.map(slice);
        for (i, carry) in carries.iter_mut().enumerate() {
            *carry = F::steps(*carry, [a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i]], first);
        }
        return;
    }
    for (position, &row) in rows.iter().enumerate() {
        for (carry, &value) in carries.iter_mut().zip(slice(row)) {
            *carry = F::step(*carry, value, first + position);
        }
    }
}

/// # Safety
/// As for [`Folder::scan`].
unsafe fn scan<F: Folding>(values: *const u8, len: usize, first: usize, carry: *mut u8, out: *mut u8) {
    // SAFETY: the caller's contract.
    unsafe {
        let (carry, values) = (carry.cast::<F::Carry>(), values.cast::<F::In>());
        let mut total = *carry;
        for i in 0..len {
            total = F::step(total, *values.add(i), first + i);
            *out.cast::<F::Out>().add(i) = F::finish(total);
        }
        *carry = total;
    }
}

/// # Safety
/// As for [`Folder::merge`].
unsafe fn merge<F: Folding>(carries: *mut u8, later: *const u8, count: usize) {
    // SAFETY: the caller's contract.
    let (carries, later) = unsafe {
        (
            std::slice::from_raw_parts_mut(carries.cast::<F::Carry>(), count),
            std::slice::from_raw_parts(later.cast::<F::Carry>(), count),
        )
    };
    carries.iter_mut().zip(later).for_each(|(carry, &other)| *carry = F::merge(*carry, other));
}

/// # Safety
/// As for [`Folder::finish`].
unsafe fn finish<F: Folding>(carries: *const u8, count: usize, out: *mut u8) {
    for i in 0..count {
        // SAFETY: the caller's contract.
        unsafe { *out.cast::<F::Out>().add(i) = F::finish(*carries.cast::<F::Carry>().add(i)) };
    }
}

/// For AVX-512 as well, whose gathers are half as fast as loads one by one: so it must not become part of its caller.
///
/// # Safety
/// As for `short_rows`, on a processor with AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
#[inline(never)]
unsafe fn short_rows_avx2<F: Folding>(
    values: *const u8,
    len: usize,
    first: usize,
    carries: *mut u8,
    count: usize,
) -> usize {
    // SAFETY: the caller's contract.
    unsafe { short_rows::<F>(values, len, first, carries, count) }
}

macro_rules! versions {
    ($module:ident, $short:ident $(, #[$attribute:meta])?) => {
        mod $module {
            use super::Folding;

            /// # Safety
            /// As for `Folder::rows`, on a processor with this module's instructions.
            $(#[$attribute])?
            pub unsafe fn rows<F: Folding>(values: *const u8, len: usize, first: usize, carries: *mut u8, count: usize) {
                // SAFETY: the caller's contract, for the rows that are left too.
                unsafe {
                    let done = match (1..=F::SHORT).contains(&len) {
                        true => super::$short::<F>(values, len, first, carries, count),
                        false => 0,
                    };
                    let values = values.wrapping_add(done * len * size_of::<F::In>());
                    let carries = carries.wrapping_add(done * size_of::<F::Carry>());
                    super::rows::<F>(values, len, first, carries, count - done)
                }
            }

            /// # Safety
            /// As for `Folder::columns`, on a processor with this module's instructions.
            $(#[$attribute])?
            pub unsafe fn columns<F: Folding>(rows: &[*const u8], first: usize, carries: *mut u8, count: usize) {
                // SAFETY: the caller's contract.
                unsafe { super::columns::<F>(rows, first, carries, count) }
            }
        }
    };
}

versions!(baseline, short_rows);
#[cfg(target_arch = "x86_64")]
versions!(avx2, short_rows_avx2, #[target_feature(enable = "avx2,fma")]);
#[cfg(target_arch = "x86_64")]
versions!(avx512, short_rows_avx2, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]);

fn folder_of<F: Folding>() -> Folder {
    const { assert!(size_of::<F::Carry>() <= CARRY && align_of::<F::Carry>() <= CARRY) };
    let common = Folder {
        carry: size_of::<F::Carry>(),
        begin: begin::<F>,
        rows: baseline::rows::<F>,
        columns: baseline::columns::<F>,
        scan: scan::<F>,
        merge: merge::<F>,
        finish: finish::<F>,
    };
    match instructions() {
        Instructions::Baseline => common,
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => Folder { rows: avx2::rows::<F>, columns: avx2::columns::<F>, ..common },
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => Folder { rows: avx512::rows::<F>, columns: avx512::columns::<F>, ..common },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold_rows(fold: Fold, values: &[f32], tile: usize) -> u32 {
        let folder = folder(fold, DType::F32);
        let (mut carry, mut columns) = ([0u128; 1], [0u128; 1]);
        let (row, column) = (carry.as_mut_ptr().cast::<u8>(), columns.as_mut_ptr().cast::<u8>());
        // SAFETY: one carry.
        unsafe {
            (folder.begin)(row, 1);
            (folder.begin)(column, 1);
        }
        for (i, part) in values.chunks(tile).enumerate() {
            // SAFETY: the slice has the length that is named.
            unsafe { (folder.rows)(part.as_ptr().cast(), part.len(), i * tile, row, 1) };
        }
        for (i, part) in values.chunks(tile.min(COLUMN_ROWS)).enumerate() {
            let rows: Vec<*const u8> = part.iter().map(|value| (&raw const *value).cast()).collect();
            // SAFETY: an element of each row for one carry.
            unsafe { (folder.columns)(&rows, i * tile.min(COLUMN_ROWS), column, 1) };
        }
        let (mut out, mut other) = ([0u32; 1], [0u32; 1]);
        // SAFETY: one result for one carry.
        unsafe {
            (folder.finish)(row, 1, out.as_mut_ptr().cast());
            (folder.finish)(column, 1, other.as_mut_ptr().cast());
        }
        assert_eq!(out, other, "{fold:?} of {values:?}");
        out[0]
    }

    #[test]
    fn first_best_and_nan_as_numpy_has_them() {
        let rows: &[(&[f32], u32, u32)] = &[
            (&[1.0, 3.0, 2.0, 3.0], 1, 0),
            (&[f32::NEG_INFINITY, f32::NEG_INFINITY], 0, 0),
            (&[f32::INFINITY], 0, 0),
            (&[1.0, f32::NAN, 5.0, f32::NAN], 1, 1),
            (&[2.0, 2.0, -1.0, -1.0, 7.0], 4, 2),
            (&[1.0, 2.0, 0.0, 2.0, 1.0, 0.0, 2.0, 1.0, 2.0], 1, 2),
            (&[0.0, 0.0, f32::NAN, 0.0, f32::NAN, 0.0, 0.0, 9.0, f32::NAN], 2, 2),
        ];
        for (values, max, min) in rows {
            for tile in [1, 2, 100] {
                assert_eq!(fold_rows(Fold::ArgMax, values, tile), *max, "{values:?}");
                assert_eq!(fold_rows(Fold::ArgMin, values, tile), *min, "{values:?}");
            }
        }
        assert!(f32::from_bits(fold_rows(Fold::Max, &[1.0, f32::NAN, 2.0], 2)).is_nan());
        assert_eq!(fold_rows(Fold::Min, &[1.0, -4.0, 2.0], 2), (-4.0f32).to_bits());
        assert_eq!(fold_rows(Fold::Max, &[], 1), f32::NEG_INFINITY.to_bits());
        assert_eq!(fold_rows(Fold::Product, &[], 1), 1f32.to_bits());
    }

    #[test]
    fn rows_side_by_side_give_what_each_gives_alone() {
        const ROWS: usize = 2 * TOGETHER + 3;
        for len in [1, 2, 7, LANES - 1, LANES, TILE / TOGETHER, 300] {
            // Sums and products of these are exact, in any order.
            let numbers = [-2.0, -1.0, -0.5, 0.5, 1.0, 2.0];
            let value = |i: usize| if i % 41 == 40 { f32::NAN } else { numbers[i * 7919 % 23 % 6] };
            let values: Vec<f32> = (0..ROWS * len).map(value).collect();
            for fold in [Fold::Sum, Fold::Product, Fold::Max, Fold::Min, Fold::ArgMax, Fold::ArgMin] {
                let folder = folder(fold, DType::F32);
                let (mut carries, mut out) = ([0u128; ROWS], [0u32; ROWS]);
                let memory = carries.as_mut_ptr().cast::<u8>();
                // SAFETY: there are as many rows of values, carries and results as are named.
                unsafe {
                    (folder.begin)(memory, ROWS);
                    (folder.rows)(values.as_ptr().cast(), len, 0, memory, ROWS);
                    (folder.finish)(memory, ROWS, out.as_mut_ptr().cast());
                }
                let alone: Vec<u32> = values.chunks(len).map(|row| fold_rows(fold, row, len)).collect();
                let same =
                    |(&a, &b): (&u32, &u32)| a == b || (f32::from_bits(a).is_nan() && f32::from_bits(b).is_nan());
                assert!(out.iter().zip(&alone).all(same), "{fold:?} of {len}: {out:?}, alone {alone:?}");
            }
        }
    }
}

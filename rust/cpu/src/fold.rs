//! How reductions combine elements: vector loops over rows (many elements, one result) and columns (a row of results).
//!
//! What is carried between tiles takes 8 bytes: a float64 for sums and products of floats, a 64-bit word for integers,
//! or the best element with its position. So neither the number of tiles nor of threads costs precision.

use rutile_core::dtype::DType;
use rutile_core::kernel::Fold;

use crate::simd::{Instructions, instructions};

/// What a reduction of any kind carries: see the module.
pub type Carry = u64;

/// Lanes of a row loop: enough independent chains to hide the latency of an addition.
const LANES: usize = 32;

/// The loops of one fold for one dtype. `values` point to elements of that dtype.
#[derive(Clone, Copy)]
pub struct Folder {
    pub identity: Carry,
    /// Folds `rows` rows of `len` elements, of which the first has position `first`, into one carry each.
    ///
    /// # Safety
    /// `values` must be readable for `rows · len` elements, `carries` be as many as rows.
    pub rows: unsafe fn(values: *const u8, len: usize, first: usize, carries: &mut [Carry]),
    /// Folds one element into each carry, at the same position in the reduction.
    ///
    /// # Safety
    /// `values` must be readable for as many elements as there are carries.
    pub columns: unsafe fn(values: *const u8, position: usize, carries: &mut [Carry]),
    /// Folds carries of a later part of the reduction into those of an earlier one.
    pub merge: fn(carries: &mut [Carry], later: &[Carry]),
    /// Writes the results.
    ///
    /// # Safety
    /// `out` must be writable for as many results as there are carries.
    pub finish: unsafe fn(carries: &[Carry], out: *mut u8),
}

pub fn folder(fold: Fold, dtype: DType) -> Option<Folder> {
    macro_rules! table {
        ($($dtype:ident $t:ty;)*) => {
            match dtype {
                $(DType::$dtype => Some(match fold {
                    Fold::Sum => folder_of::<Sum<$t>>(),
                    Fold::Product => folder_of::<Product<$t>>(),
                    Fold::Max => folder_of::<Best<$t, true, false>>(),
                    Fold::Min => folder_of::<Best<$t, false, false>>(),
                    Fold::ArgMax => folder_of::<Best<$t, true, true>>(),
                    Fold::ArgMin => folder_of::<Best<$t, false, true>>(),
                }),)*
                _ => None,
            }
        };
    }
    table! { F32 f32; I32 i32; U32 u32; Bool u8; }
}

/// One way of folding elements of type `In`.
trait Folding {
    type In: Copy;
    type Out: Copy;
    fn identity() -> Carry;
    fn row(values: &[Self::In], first: usize, carry: Carry) -> Carry;
    fn step(carry: Carry, value: Self::In, position: usize) -> Carry;
    fn merge(carry: Carry, later: Carry) -> Carry;
    fn finish(carry: Carry) -> Self::Out;
}

/// Elements that folds exist for. Sums and products of bools are "or" and "and".
trait Element: Copy + PartialOrd {
    const ZERO: Self;
    const ONE: Self;
    const LOWEST: Self;
    const HIGHEST: Self;
    fn add(self, other: Self) -> Self;
    fn multiply(self, other: Self) -> Self;
    /// Conversions to and from the carry of sums and products, and its own sum and product.
    fn widen(self) -> Carry;
    fn narrow(carry: Carry) -> Self;
    fn add_wide(a: Carry, b: Carry) -> Carry;
    fn multiply_wide(a: Carry, b: Carry) -> Carry;
    fn bits(self) -> u32;
    fn from_bits(bits: u32) -> Self;
}

impl Element for f32 {
    const ZERO: f32 = 0.0;
    const ONE: f32 = 1.0;
    const LOWEST: f32 = f32::NEG_INFINITY;
    const HIGHEST: f32 = f32::INFINITY;
    #[inline(always)]
    fn add(self, other: f32) -> f32 {
        self + other
    }
    #[inline(always)]
    fn multiply(self, other: f32) -> f32 {
        self * other
    }
    #[inline(always)]
    fn widen(self) -> Carry {
        (self as f64).to_bits()
    }
    #[inline(always)]
    fn narrow(carry: Carry) -> f32 {
        f64::from_bits(carry) as f32
    }
    #[inline(always)]
    fn add_wide(a: Carry, b: Carry) -> Carry {
        (f64::from_bits(a) + f64::from_bits(b)).to_bits()
    }
    #[inline(always)]
    fn multiply_wide(a: Carry, b: Carry) -> Carry {
        (f64::from_bits(a) * f64::from_bits(b)).to_bits()
    }
    #[inline(always)]
    fn bits(self) -> u32 {
        self.to_bits()
    }
    #[inline(always)]
    fn from_bits(bits: u32) -> f32 {
        f32::from_bits(bits)
    }
}

macro_rules! integer_elements {
    ($($t:ty, $one:expr, $low:expr, $high:expr, |$a:ident, $b:ident| $add:expr, $multiply:expr;)*) => {$(
        impl Element for $t {
            const ZERO: $t = 0;
            const ONE: $t = $one;
            const LOWEST: $t = $low;
            const HIGHEST: $t = $high;
            #[inline(always)]
            fn add(self, other: $t) -> $t {
                let ($a, $b) = (self, other);
                $add
            }
            #[inline(always)]
            fn multiply(self, other: $t) -> $t {
                let ($a, $b) = (self, other);
                $multiply
            }
            #[inline(always)]
            fn widen(self) -> Carry {
                self as Carry
            }
            #[inline(always)]
            fn narrow(carry: Carry) -> $t {
                carry as $t
            }
            #[inline(always)]
            fn add_wide(a: Carry, b: Carry) -> Carry {
                (a as $t).add(b as $t) as Carry
            }
            #[inline(always)]
            fn multiply_wide(a: Carry, b: Carry) -> Carry {
                (a as $t).multiply(b as $t) as Carry
            }
            #[inline(always)]
            fn bits(self) -> u32 {
                self as u32
            }
            #[inline(always)]
            fn from_bits(bits: u32) -> $t {
                bits as $t
            }
        }
    )*};
}

integer_elements! {
    i32, 1, i32::MIN, i32::MAX, |a, b| a.wrapping_add(b), a.wrapping_mul(b);
    u32, 1, 0, u32::MAX, |a, b| a.wrapping_add(b), a.wrapping_mul(b);
    u8, 1, 0, 1, |a, b| a | b, a & b;
}

struct Sum<T>(std::marker::PhantomData<T>);
struct Product<T>(std::marker::PhantomData<T>);

macro_rules! wide_folding {
    ($name:ident, $identity:ident, $combine:ident, $combine_wide:ident) => {
        impl<T: Element> Folding for $name<T> {
            type In = T;
            type Out = T;
            #[inline(always)]
            fn identity() -> Carry {
                T::$identity.widen()
            }
            #[inline(always)]
            fn row(values: &[T], _: usize, carry: Carry) -> Carry {
                let total = lanes(values, T::$identity, T::$combine);
                T::$combine_wide(carry, total.widen())
            }
            #[inline(always)]
            fn step(carry: Carry, value: T, _: usize) -> Carry {
                T::$combine_wide(carry, value.widen())
            }
            #[inline(always)]
            fn merge(carry: Carry, later: Carry) -> Carry {
                T::$combine_wide(carry, later)
            }
            #[inline(always)]
            fn finish(carry: Carry) -> T {
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
        // Only NaN differs from itself.
        (beats || new != new) && old == old
    }

    #[inline(always)]
    fn pick(old: T, new: T) -> T {
        if Self::better(new, old) { new } else { old }
    }

    #[inline(always)]
    fn pack(value: T, position: usize) -> Carry {
        (value.bits() as u64) << 32 | position as u32 as u64
    }

    #[inline(always)]
    fn value(carry: Carry) -> T {
        T::from_bits((carry >> 32) as u32)
    }
}

/// Position of an identity: no element has been seen.
const NOWHERE: usize = u32::MAX as usize;

macro_rules! best_folding {
    ($position:literal, $out:ty, |$t:ident, $carry:ident| $finish:expr) => {
        impl<$t: Element, const MAX: bool> Folding for Best<$t, MAX, $position> {
            type In = $t;
            type Out = $out;
            #[inline(always)]
            fn identity() -> Carry {
                Self::pack(Self::WORST, NOWHERE)
            }
            #[inline(always)]
            #[allow(clippy::eq_op)]
            fn row(values: &[$t], first: usize, carry: Carry) -> Carry {
                let best = lanes(values, Self::WORST, Self::pick);
                if !$position {
                    return Self::merge(carry, Self::pack(best, 0));
                }
                let unseen = carry as u32 as usize == NOWHERE;
                if values.is_empty() || !(unseen || Self::better(best, Self::value(carry))) {
                    return carry;
                }
                let same = |&value: &$t| value == best || (value != value && best != best);
                Self::pack(best, first + values.iter().position(same).unwrap_or(0))
            }
            #[inline(always)]
            fn step(carry: Carry, value: $t, position: usize) -> Carry {
                Self::merge(carry, Self::pack(value, position))
            }
            #[inline(always)]
            fn merge(carry: Carry, later: Carry) -> Carry {
                let unseen = carry as u32 as usize == NOWHERE;
                let seen = later as u32 as usize != NOWHERE;
                let better = Self::better(Self::value(later), Self::value(carry));
                if seen && (unseen || better) { later } else { carry }
            }
            #[inline(always)]
            fn finish($carry: Carry) -> $out {
                $finish
            }
        }
    };
}

best_folding!(false, T, |T, carry| T::from_bits((carry >> 32) as u32));
best_folding!(true, i32, |T, carry| if carry as u32 == u32::MAX { 0 } else { carry as u32 as i32 });

/// Folds a slice in LANES independent chains, then those pairwise.
#[inline(always)]
fn lanes<T: Copy>(values: &[T], identity: T, combine: impl Fn(T, T) -> T) -> T {
    if values.len() < LANES {
        return values.iter().fold(identity, |total, &value| combine(total, value));
    }
    let mut totals = [identity; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in chunks.by_ref() {
        for lane in 0..LANES {
            totals[lane] = combine(totals[lane], chunk[lane]);
        }
    }
    for (lane, &value) in chunks.remainder().iter().enumerate() {
        totals[lane] = combine(totals[lane], value);
    }
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            totals[lane] = combine(totals[lane], totals[lane + width]);
        }
        width /= 2;
    }
    totals[0]
}

/// # Safety
/// As for [`Folder::rows`].
#[inline(always)]
unsafe fn rows<F: Folding>(values: *const u8, len: usize, first: usize, carries: &mut [Carry]) {
    for (row, carry) in carries.iter_mut().enumerate() {
        // SAFETY: the caller's contract.
        let values = unsafe { std::slice::from_raw_parts(values.cast::<F::In>().add(row * len), len) };
        *carry = F::row(values, first, *carry);
    }
}

/// # Safety
/// As for [`Folder::columns`].
#[inline(always)]
unsafe fn columns<F: Folding>(values: *const u8, position: usize, carries: &mut [Carry]) {
    // SAFETY: the caller's contract.
    let values = unsafe { std::slice::from_raw_parts(values.cast::<F::In>(), carries.len()) };
    for (carry, &value) in carries.iter_mut().zip(values) {
        *carry = F::step(*carry, value, position);
    }
}

fn merge<F: Folding>(carries: &mut [Carry], later: &[Carry]) {
    carries.iter_mut().zip(later).for_each(|(carry, &other)| *carry = F::merge(*carry, other));
}

/// # Safety
/// As for [`Folder::finish`].
unsafe fn finish<F: Folding>(carries: &[Carry], out: *mut u8) {
    for (i, &carry) in carries.iter().enumerate() {
        // SAFETY: the caller's contract.
        unsafe { *out.cast::<F::Out>().add(i) = F::finish(carry) };
    }
}

macro_rules! versions {
    ($module:ident $(, #[$attribute:meta])?) => {
        mod $module {
            use super::{Carry, Folding};

            /// # Safety
            /// As for `Folder::rows`, on a processor with this module's instructions.
            $(#[$attribute])?
            pub unsafe fn rows<F: Folding>(values: *const u8, len: usize, first: usize, carries: &mut [Carry]) {
                // SAFETY: the caller's contract.
                unsafe { super::rows::<F>(values, len, first, carries) }
            }

            /// # Safety
            /// As for `Folder::columns`, on a processor with this module's instructions.
            $(#[$attribute])?
            pub unsafe fn columns<F: Folding>(values: *const u8, position: usize, carries: &mut [Carry]) {
                // SAFETY: the caller's contract.
                unsafe { super::columns::<F>(values, position, carries) }
            }
        }
    };
}

versions!(baseline);
#[cfg(target_arch = "x86_64")]
versions!(avx2, #[target_feature(enable = "avx2,fma")]);
#[cfg(target_arch = "x86_64")]
versions!(avx512, #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]);

fn folder_of<F: Folding>() -> Folder {
    let common = Folder {
        identity: F::identity(),
        rows: baseline::rows::<F>,
        columns: baseline::columns::<F>,
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
        let folder = folder(fold, DType::F32).unwrap();
        let mut carry = [folder.identity];
        for (i, part) in values.chunks(tile).enumerate() {
            // SAFETY: the slice has the length that is named.
            unsafe { (folder.rows)(part.as_ptr().cast(), part.len(), i * tile, &mut carry) };
        }
        let mut columns = [folder.identity];
        for (i, value) in values.iter().enumerate() {
            // SAFETY: one element for one carry.
            unsafe { (folder.columns)((&raw const *value).cast(), i, &mut columns) };
        }
        let (mut out, mut other) = ([0u32; 1], [0u32; 1]);
        // SAFETY: one result for one carry.
        unsafe {
            (folder.finish)(&carry, out.as_mut_ptr().cast());
            (folder.finish)(&columns, other.as_mut_ptr().cast());
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
}

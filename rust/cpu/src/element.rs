//! Elements as folds, scatters, scans and sorts see them: one type for each dtype that values have in registers.

use rutile_core::dtype::DType;

use crate::radix::Digits;

/// The dtype that values have while they are computed with: half-precision floats are float32 until they are stored.
pub fn register(dtype: DType) -> DType {
    match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        _ => dtype,
    }
}

/// Evaluates an expression with `$t` as the element type of a dtype's registers.
macro_rules! with_element {
    ($dtype:expr, $t:ident => $value:expr) => {
        with_element!(@table $dtype, $t, $value;
            Bool $crate::element::Truth; U8 u8; U16 u16; U32 u32; U64 u64; I8 i8; I16 i16; I32 i32; I64 i64;
            F16 f32; BF16 f32; F32 f32; F64 f64)
    };
    (@table $dtype:expr, $t:ident, $value:expr; $($variant:ident $type:ty);*) => {
        match $dtype {
            $(rutile_core::dtype::DType::$variant => {
                type $t = $type;
                $value
            })*
        }
    };
}

pub(crate) use with_element;

/// A bool in memory. Its sum is "or", its product "and".
#[repr(transparent)]
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Truth(pub u8);

pub trait Element: Copy + PartialOrd {
    /// An element with a 32-bit position.
    type Packed: Copy;
    /// What sorts as the element does: an unsigned integer, with its complement for the reverse order.
    type Key: Digits;
    const ZERO: Self;
    const ONE: Self;
    const LOWEST: Self;
    const HIGHEST: Self;
    fn add(self, other: Self) -> Self;
    fn multiply(self, other: Self) -> Self;
    /// Conversions to and from the carry of sums and products, and its own sum and product.
    fn widen(self) -> u64;
    fn narrow(carry: u64) -> Self;
    fn add_wide(a: u64, b: u64) -> u64;
    fn multiply_wide(a: u64, b: u64) -> u64;
    fn pack(self, position: u32) -> Self::Packed;
    fn unpack(packed: Self::Packed) -> (Self, u32);
    /// NaN is greater than all numbers; zeros of both signs are equal. Equal elements are ordered by position.
    fn key(self, descending: bool, position: u32) -> Self::Key;
    fn position(key: Self::Key) -> u32;
}

/// Packing and sorting keys for elements whose bits, as an unsigned integer, are of type `$bits`.
macro_rules! packing {
    ($bits:ty, $packed:ty, |$x:ident| $to_bits:expr, |$b:ident| $from_bits:expr, |$k:ident| $key:expr) => {
        type Packed = $packed;
        type Key = $packed;
        #[inline(always)]
        fn pack(self, position: u32) -> $packed {
            let $x = self;
            let bits: $bits = $to_bits;
            (bits as $packed) << 32 | position as $packed
        }
        #[inline(always)]
        fn unpack(packed: $packed) -> (Self, u32) {
            let $b = (packed >> 32) as $bits;
            ($from_bits, packed as u32)
        }
        #[inline(always)]
        fn key(self, descending: bool, position: u32) -> $packed {
            let $k = self;
            let key: $bits = $key;
            let key = if descending { !key } else { key };
            (key as $packed) << 32 | position as $packed
        }
        #[inline(always)]
        fn position(key: $packed) -> u32 {
            key as u32
        }
    };
}

macro_rules! float_elements {
    ($($t:ident $bits:ident $packed:ident;)*) => {$(
        impl Element for $t {
            packing!(
                $bits,
                $packed,
                |x| x.to_bits(),
                |b| $t::from_bits(b),
                |k| {
                    let bits = (k + 0.0).to_bits();
                    let negative = bits >> ($bits::BITS - 1) == 1;
                    let key = if negative { !bits } else { bits | 1 << ($bits::BITS - 1) };
                    if k.is_nan() { $bits::MAX } else { key }
                }
            );
            const ZERO: $t = 0.0;
            const ONE: $t = 1.0;
            const LOWEST: $t = $t::NEG_INFINITY;
            const HIGHEST: $t = $t::INFINITY;
            #[inline(always)]
            fn add(self, other: $t) -> $t {
                self + other
            }
            #[inline(always)]
            fn multiply(self, other: $t) -> $t {
                self * other
            }
            #[inline(always)]
            fn widen(self) -> u64 {
                (self as f64).to_bits()
            }
            #[inline(always)]
            fn narrow(carry: u64) -> $t {
                f64::from_bits(carry) as $t
            }
            #[inline(always)]
            fn add_wide(a: u64, b: u64) -> u64 {
                (f64::from_bits(a) + f64::from_bits(b)).to_bits()
            }
            #[inline(always)]
            fn multiply_wide(a: u64, b: u64) -> u64 {
                (f64::from_bits(a) * f64::from_bits(b)).to_bits()
            }
        }
    )*};
}

float_elements! {
    f32 u32 u64;
    f64 u64 u128;
}

macro_rules! integer_elements {
    ($($t:ident $bits:ident $packed:ident;)*) => {$(
        impl Element for $t {
            // The distance from the least value: in order, and unsigned.
            packing!($bits, $packed, |x| x as $bits, |b| b as $t, |k| (k as $bits).wrapping_sub($t::MIN as $bits));
            const ZERO: $t = 0;
            const ONE: $t = 1;
            const LOWEST: $t = $t::MIN;
            const HIGHEST: $t = $t::MAX;
            #[inline(always)]
            fn add(self, other: $t) -> $t {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn multiply(self, other: $t) -> $t {
                self.wrapping_mul(other)
            }
            #[inline(always)]
            fn widen(self) -> u64 {
                self as u64
            }
            #[inline(always)]
            fn narrow(carry: u64) -> $t {
                carry as $t
            }
            #[inline(always)]
            fn add_wide(a: u64, b: u64) -> u64 {
                a.wrapping_add(b)
            }
            #[inline(always)]
            fn multiply_wide(a: u64, b: u64) -> u64 {
                a.wrapping_mul(b)
            }
        }
    )*};
}

integer_elements! {
    u8 u8 u64; u16 u16 u64; u32 u32 u64; u64 u64 u128;
    i8 u8 u64; i16 u16 u64; i32 u32 u64; i64 u64 u128;
}

impl Element for Truth {
    packing!(u8, u64, |x| x.0, |b| Truth(b), |k| k.0);
    const ZERO: Truth = Truth(0);
    const ONE: Truth = Truth(1);
    const LOWEST: Truth = Truth(0);
    const HIGHEST: Truth = Truth(1);
    #[inline(always)]
    fn add(self, other: Truth) -> Truth {
        Truth(self.0 | other.0)
    }
    #[inline(always)]
    fn multiply(self, other: Truth) -> Truth {
        Truth(self.0 & other.0)
    }
    #[inline(always)]
    fn widen(self) -> u64 {
        self.0 as u64
    }
    #[inline(always)]
    fn narrow(carry: u64) -> Truth {
        Truth(carry as u8)
    }
    #[inline(always)]
    fn add_wide(a: u64, b: u64) -> u64 {
        a | b
    }
    #[inline(always)]
    fn multiply_wide(a: u64, b: u64) -> u64 {
        a & b
    }
}

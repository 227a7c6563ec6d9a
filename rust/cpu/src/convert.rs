//! Conversions between dtypes as loops over tiles: casts, and half precision to and from the float32 of registers.

use std::marker::PhantomData;

use rutile_core::dtype::DType;

use crate::loops::{Function, Lane, Loop, choose};

/// Evaluates an expression with `$t` as the lane type of a dtype of registers.
macro_rules! with_lane {
    ($dtype:expr, $t:ident => $value:expr) => {
        with_lane!(@table $dtype, $t, $value;
            Bool bool; U8 u8; U16 u16; U32 u32; U64 u64; I8 i8; I16 i16; I32 i32; I64 i64; F16 f32; BF16 f32; F32 f32; F64 f64)
    };
    (@table $dtype:expr, $t:ident, $value:expr; $($variant:ident $type:ty);*) => {
        match $dtype {
            $(DType::$variant => {
                type $t = $type;
                $value
            })*
        }
    };
}

/// The loop that converts one dtype of registers to another: floats are cut towards zero and saturate, NaN becomes 0;
/// integers wrap.
pub fn cast(from: DType, to: DType) -> Loop {
    with_lane!(from, From => with_lane!(to, To => choose::<Convert<From, To>>()))
}

/// The loop that converts a dtype of registers to float32 such that rounding the result to half precision is exact.
pub fn cast_before_rounding(from: DType) -> Loop {
    match from {
        DType::F64 => choose::<Convert<f64, Odd>>(),
        _ => cast(from, DType::F32),
    }
}

/// The loop that reads a half-precision dtype into registers; None for other dtypes.
pub fn widen(dtype: DType) -> Option<Loop> {
    match dtype {
        DType::F16 => Some(choose::<Convert<Half, f32>>()),
        DType::BF16 => Some(choose::<Convert<Brain, f32>>()),
        _ => None,
    }
}

/// The loop that rounds registers to a half-precision dtype in memory; None for other dtypes.
pub fn narrow(dtype: DType) -> Option<Loop> {
    match dtype {
        DType::F16 => Some(choose::<Convert<f32, Half>>()),
        DType::BF16 => Some(choose::<Convert<f32, Brain>>()),
        _ => None,
    }
}

/// The loop that rounds registers to what a half-precision dtype can hold; None for other dtypes.
pub fn round(dtype: DType) -> Option<Loop> {
    match dtype {
        DType::F16 => Some(choose::<Round<Half>>()),
        DType::BF16 => Some(choose::<Round<Brain>>()),
        _ => None,
    }
}

struct Convert<From, To>(PhantomData<(From, To)>);

impl<From: Lane + Into<To>, To: Lane> Function for Convert<From, To> {
    const ARITY: usize = 1;
    type A = From;
    type B = From;
    type C = From;
    type Out = To;
    #[inline(always)]
    fn call(a: From, _: From, _: From) -> To {
        a.convert()
    }
}

/// Through memory's form and back.
struct Round<To>(PhantomData<To>);

impl<To: Lane + Into<f32>> Function for Round<To>
where
    f32: Into<To>,
{
    const ARITY: usize = 1;
    type A = f32;
    type B = f32;
    type C = f32;
    type Out = f32;
    #[inline(always)]
    fn call(a: f32, _: f32, _: f32) -> f32 {
        let rounded: To = a.convert();
        To::lift(rounded.lower()).convert()
    }
}

/// What a cast makes of a value.
trait Into<To> {
    fn convert(self) -> To;
}

macro_rules! numbers {
    ($($from:ident)*) => {$(
        numbers!(@to $from: u8 u16 u32 u64 i8 i16 i32 i64 f32 f64);
        impl Into<bool> for $from {
            #[inline(always)]
            fn convert(self) -> bool {
                self != 0 as $from
            }
        }
        impl Into<$from> for bool {
            #[inline(always)]
            fn convert(self) -> $from {
                self as u8 as $from
            }
        }
    )*};
    (@to $from:ident: $($to:ident)*) => {$(
        #[allow(clippy::unnecessary_cast)]
        impl Into<$to> for $from {
            #[inline(always)]
            fn convert(self) -> $to {
                self as $to
            }
        }
    )*};
}

numbers!(u8 u16 u32 u64 i8 i16 i32 i64 f32 f64);

impl Into<bool> for bool {
    #[inline(always)]
    fn convert(self) -> bool {
        self
    }
}

/// float32 rounded to odd: what was cut off stays visible in the last bit, so that rounding again is as rounding once.
#[derive(Clone, Copy)]
struct Odd(f32);

impl Into<Odd> for f64 {
    #[inline(always)]
    fn convert(self) -> Odd {
        let nearest = self as f32;
        if nearest as f64 == self || self.is_nan() {
            return Odd(nearest);
        }
        let away = (nearest as f64).abs() > self.abs();
        Odd(f32::from_bits(nearest.to_bits().wrapping_sub(away as u32) | 1))
    }
}

impl Lane for Odd {
    type Stored = f32;
    const TUNED: bool = false;
    #[inline(always)]
    fn lift(stored: f32) -> Odd {
        Odd(stored)
    }
    #[inline(always)]
    fn lower(self) -> f32 {
        self.0
    }
}

/// float16 in memory, float32 in registers.
#[derive(Clone, Copy)]
struct Half(f32);

/// bfloat16 in memory, float32 in registers.
#[derive(Clone, Copy)]
struct Brain(f32);

macro_rules! half_lanes {
    ($($t:ident $lift:expr, $lower:expr;)*) => {$(
        impl Lane for $t {
            type Stored = u16;
            const TUNED: bool = true;
            #[inline(always)]
            fn lift(stored: u16) -> $t {
                $t($lift(stored))
            }
            #[inline(always)]
            fn lower(self) -> u16 {
                $lower(self.0)
            }
        }
        impl Into<f32> for $t {
            #[inline(always)]
            fn convert(self) -> f32 {
                self.0
            }
        }
        impl Into<$t> for f32 {
            #[inline(always)]
            fn convert(self) -> $t {
                $t(self)
            }
        }
    )*};
}

half_lanes! {
    Half half_to_float, float_to_half;
    Brain |bits: u16| f32::from_bits((bits as u32) << 16), float_to_brain;
}

/// Without branches, so that it vectorises: the exponent is corrected by a product, which also scales subnormals.
#[inline(always)]
fn half_to_float(half: u16) -> f32 {
    let magnitude = ((half & 0x7fff) as u32) << 13;
    let scaled = (f32::from_bits(magnitude) * f32::from_bits((254 - 15) << 23)).to_bits();
    let special = if magnitude >= 0x1f << 23 { 0xff << 23 } else { 0 };
    f32::from_bits(scaled | special | ((half & 0x8000) as u32) << 16)
}

/// Rounds to nearest, ties to even, as `half_to_float` without branches.
#[inline(always)]
fn float_to_half(value: f32) -> u16 {
    let sign = value.to_bits() & 0x8000_0000;
    let bits = value.to_bits() ^ sign;
    // Adding this number leaves the subnormal's bits, rounded, at the low end.
    let magic = (127 - 15 + 23 - 10 + 1) << 23;
    let subnormal = (f32::from_bits(bits) + f32::from_bits(magic)).to_bits().wrapping_sub(magic);
    let normal =
        bits.wrapping_add((15u32.wrapping_sub(127) << 23).wrapping_add(0xfff)).wrapping_add(bits >> 13 & 1) >> 13;
    let finite = if bits < 113 << 23 { subnormal } else { normal };
    let large = if bits > 0x7f80_0000 { 0x7e00 } else { 0x7c00 };
    let magnitude = if bits >= (127 + 16) << 23 { large } else { finite };
    (magnitude | sign >> 16) as u16
}

#[inline(always)]
fn float_to_brain(value: f32) -> u16 {
    let bits = value.to_bits();
    let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1)) >> 16;
    (if value.is_nan() { bits >> 16 | 0x40 } else { rounded }) as u16
}

#[cfg(test)]
mod tests {
    use half::{bf16, f16};

    use super::*;

    #[test]
    fn half_precision_is_that_of_the_half_crate() {
        let same = |a: f32, b: f32| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        for bits in 0..=u16::MAX {
            assert!(same(half_to_float(bits), f16::from_bits(bits).to_f32()), "{bits:#x}");
            assert!(same(Brain::lift(bits).0, bf16::from_bits(bits).to_f32()), "{bits:#x}");
        }
        for step in 0..=u32::MAX / 997 {
            let value = f32::from_bits(step * 997);
            let (half, brain) = (f16::from_bits(float_to_half(value)), bf16::from_bits(float_to_brain(value)));
            assert!(same(half.to_f32(), f16::from_f32(value).to_f32()), "{value}");
            assert!(same(brain.to_f32(), bf16::from_f32(value).to_f32()), "{value}");
        }
        // Just beside a tie, which float32 cannot tell from it.
        for bits in 0..0x7bff {
            let (low, high) = (f16::from_bits(bits).to_f64(), f16::from_bits(bits + 1).to_f64());
            for (beside, expected) in [(1.0 - 1e-15, bits), (1.0 + 1e-15, bits + 1)] {
                let odd: Odd = ((low + high) / 2.0 * beside).convert();
                assert_eq!(float_to_half(odd.0), expected, "{low} {high}");
            }
        }
    }
}

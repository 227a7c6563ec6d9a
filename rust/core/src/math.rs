//! Scalar arithmetic that the op table's CPU expressions call: branch-free where it must vectorise.

mod bessel;
mod float32;
mod gamma;
mod special;

/// Functions of floats; `f32` versions are written to vectorise.
pub trait FloatMath: Copy {
    fn exp_(self) -> Self;
    fn exp2_(self) -> Self;
    fn expm1_(self) -> Self;
    fn log_(self) -> Self;
    fn log2_(self) -> Self;
    fn log10_(self) -> Self;
    fn log1p_(self) -> Self;
    fn sinh_(self) -> Self;
    fn cosh_(self) -> Self;
    fn tanh_(self) -> Self;
    fn asinh_(self) -> Self;
    fn acosh_(self) -> Self;
    fn atanh_(self) -> Self;
    fn asin_(self) -> Self;
    fn acos_(self) -> Self;
    fn atan_(self) -> Self;
    fn erf_(self) -> Self;
    fn erfc_(self) -> Self;
    fn erfinv_(self) -> Self;
    fn lgamma_(self) -> Self;
    fn digamma_(self) -> Self;
    fn i0_(self) -> Self;
    fn i1_(self) -> Self;
    fn igamma_(self, other: Self) -> Self;
    fn igammac_(self, other: Self) -> Self;
    /// `sin_near` and its kin are functions of an angle that is not far.
    fn is_far(self) -> bool;
    fn sin_near(self) -> Self;
    fn cos_near(self) -> Self;
    fn tan_near(self) -> Self;
    fn sin_(self) -> Self;
    fn cos_(self) -> Self;
    fn tan_(self) -> Self;
    fn pow_(self, power: Self) -> Self;
    fn atan2_(self, other: Self) -> Self;
    fn hypot_(self, other: Self) -> Self;
    fn logaddexp_(self, other: Self) -> Self;
    fn nextafter_(self, other: Self) -> Self;
    fn sign_(self) -> Self;
    fn max_(self, other: Self) -> Self;
    fn min_(self, other: Self) -> Self;
    fn floor_div(self, other: Self) -> Self;
    fn floor_rem(self, other: Self) -> Self;
}

/// Functions of integers whose meaning is that of Python and NumPy; division by zero gives 0, as no trap may stop a kernel.
pub trait IntMath: Copy {
    fn abs_(self) -> Self;
    fn sign_(self) -> Self;
    fn floor_div(self, other: Self) -> Self;
    fn floor_rem(self, other: Self) -> Self;
    fn trunc_rem(self, other: Self) -> Self;
    fn gcd(self, other: Self) -> Self;
    fn pow_(self, power: Self) -> Self;
    fn shift_left(self, count: Self) -> Self;
    fn shift_right(self, count: Self) -> Self;
}

macro_rules! float_math {
    ($t:ident; far $far:expr; $($name:ident($($other:ident)?) $function:expr;)*) => {
        impl FloatMath for $t {
            $(
                #[inline(always)]
                fn $name(self $(, $other: Self)?) -> Self {
                    $function(self $(, $other)?)
                }
            )*
            #[inline(always)]
            fn digamma_(self) -> Self {
                special::digamma(self as f64) as $t
            }
            #[inline(always)]
            fn i0_(self) -> Self {
                bessel::i0(self as f64) as $t
            }
            #[inline(always)]
            fn i1_(self) -> Self {
                bessel::i1(self as f64) as $t
            }
            #[inline(always)]
            fn igamma_(self, other: Self) -> Self {
                gamma::incomplete(self as f64, other as f64).0 as $t
            }
            #[inline(always)]
            fn igammac_(self, other: Self) -> Self {
                gamma::incomplete(self as f64, other as f64).1 as $t
            }
            #[inline(always)]
            fn is_far(self) -> bool {
                self.abs() >= $far
            }
            #[inline(always)]
            fn sin_(self) -> Self {
                if self.is_far() { (self as f64).sin() as $t } else { self.sin_near() }
            }
            #[inline(always)]
            fn cos_(self) -> Self {
                if self.is_far() { (self as f64).cos() as $t } else { self.cos_near() }
            }
            #[inline(always)]
            fn tan_(self) -> Self {
                if self.is_far() { (self as f64).tan() as $t } else { self.tan_near() }
            }
            #[inline(always)]
            fn sign_(self) -> Self {
                let sign = if self > 0.0 { 1.0 } else { -1.0 };
                let sign = if self.is_nan() { self } else { sign };
                if self == 0.0 { 0.0 } else { sign }
            }
            // NaN on either side gives NaN, as in NumPy and PyTorch.
            #[inline(always)]
            fn max_(self, other: Self) -> Self {
                let larger = if self > other { self } else { other };
                if self.is_nan() { self } else { larger }
            }
            #[inline(always)]
            fn min_(self, other: Self) -> Self {
                let smaller = if self < other { self } else { other };
                if self.is_nan() { self } else { smaller }
            }
            // The exact quotient rounded down, where the rounded one may already have been rounded up; with infinities it is
            // floor(self / other), as the array API wants.
            #[inline(always)]
            fn floor_div(self, other: Self) -> Self {
                let quotient = self / other;
                if self.is_infinite() || other.is_infinite() || other == 0.0 || quotient.is_nan() {
                    return quotient;
                }
                let rem = self % other;
                let below = rem != 0.0 && (rem < 0.0) != (other < 0.0);
                let whole = (self - rem) / other - if below { 1.0 } else { 0.0 };
                if whole == 0.0 { (0.0 as $t).copysign(quotient) } else { whole.round() }
            }
            // Zeros have the divisor's sign.
            #[inline(always)]
            fn floor_rem(self, other: Self) -> Self {
                let rem = self % other;
                let below = (rem < 0.0) != (other < 0.0);
                if rem == 0.0 {
                    rem.copysign(other)
                } else if below {
                    rem + other
                } else {
                    rem
                }
            }
        }
    };
}

float_math! {
    f32;
    far float32::FAR;
    exp_() float32::exp;
    exp2_() float32::exp2;
    expm1_() float32::expm1;
    log_() float32::log;
    log2_() float32::log2;
    log10_() float32::log10;
    log1p_() float32::log1p;
    sinh_() float32::sinh;
    cosh_() float32::cosh;
    tanh_() float32::tanh;
    asinh_() float32::asinh;
    acosh_() float32::acosh;
    atanh_() float32::atanh;
    asin_() float32::asin;
    acos_() float32::acos;
    atan_() float32::atan;
    erf_() float32::erf;
    erfc_() float32::erfc;
    erfinv_() special::erfinv_f32;
    lgamma_() libm::lgammaf;
    sin_near() float32::sin_near;
    cos_near() float32::cos_near;
    tan_near() float32::tan_near;
    pow_(power) float32::pow;
    atan2_(other) float32::atan2;
    hypot_(other) float32::hypot;
    logaddexp_(other) float32::logaddexp;
    nextafter_(other) libm::nextafterf;
}
float_math! {
    f64;
    far f64::INFINITY;
    exp_() f64::exp;
    exp2_() f64::exp2;
    expm1_() f64::exp_m1;
    log_() f64::ln;
    log2_() f64::log2;
    log10_() f64::log10;
    log1p_() f64::ln_1p;
    sinh_() f64::sinh;
    cosh_() f64::cosh;
    tanh_() f64::tanh;
    asinh_() libm::asinh;
    acosh_() special::acosh_f64;
    atanh_() libm::atanh;
    asin_() f64::asin;
    acos_() f64::acos;
    atan_() f64::atan;
    erf_() libm::erf;
    erfc_() libm::erfc;
    erfinv_() special::erfinv_f64;
    lgamma_() libm::lgamma;
    sin_near() f64::sin;
    cos_near() f64::cos;
    tan_near() f64::tan;
    pow_(power) f64::powf;
    atan2_(other) f64::atan2;
    hypot_(other) f64::hypot;
    logaddexp_(other) special::logaddexp_f64;
    nextafter_(other) libm::nextafter;
}

macro_rules! int_math {
    ($($t:ty, $abs:expr, $sign:expr;)*) => {$(
        impl IntMath for $t {
            #[inline(always)]
            fn abs_(self) -> Self {
                $abs(self)
            }
            #[inline(always)]
            fn sign_(self) -> Self {
                $sign(self)
            }
            #[inline(always)]
            #[allow(unused_comparisons)]
            fn floor_div(self, other: Self) -> Self {
                if other == 0 {
                    return 0;
                }
                let quotient = self.wrapping_div(other);
                let inexact = self.wrapping_rem(other) != 0 && (self < 0) != (other < 0);
                if inexact { quotient.wrapping_sub(1) } else { quotient }
            }
            #[inline(always)]
            #[allow(unused_comparisons)]
            fn floor_rem(self, other: Self) -> Self {
                if other == 0 {
                    return 0;
                }
                let rem = self.wrapping_rem(other);
                if rem != 0 && (rem < 0) != (other < 0) { rem.wrapping_add(other) } else { rem }
            }
            #[inline(always)]
            fn trunc_rem(self, other: Self) -> Self {
                if other == 0 { 0 } else { self.wrapping_rem(other) }
            }
            #[inline(always)]
            fn gcd(self, other: Self) -> Self {
                let (mut a, mut b) = (self, other);
                while b != 0 {
                    (a, b) = (b, a.wrapping_rem(b));
                }
                a.abs_()
            }
            // A negative count is a great unsigned one.
            #[inline(always)]
            fn shift_left(self, count: Self) -> Self {
                let places = count as u64;
                if places < <$t>::BITS as u64 { self << places } else { 0 }
            }
            #[inline(always)]
            fn shift_right(self, count: Self) -> Self {
                self >> (count as u64).min(<$t>::BITS as u64 - 1) >> (count as u64 >= <$t>::BITS as u64) as u32
            }
            #[inline(always)]
            #[allow(unused_comparisons)]
            fn pow_(self, power: Self) -> Self {
                if power < 0 {
                    // 1 / self^-power, cut towards zero: only 1 and -1 leave anything.
                    let unit = self == 1 || self.wrapping_add(1) == 0;
                    return if !unit { 0 } else if power & 1 == 1 { self } else { 1 };
                }
                let (mut base, mut left, mut result) = (self, power as u64, 1 as $t);
                while left > 0 {
                    if left & 1 == 1 {
                        result = result.wrapping_mul(base);
                    }
                    base = base.wrapping_mul(base);
                    left >>= 1;
                }
                result
            }
        }
    )*};
}

int_math! {
    i8, i8::wrapping_abs, i8::signum;
    i16, i16::wrapping_abs, i16::signum;
    i32, i32::wrapping_abs, i32::signum;
    i64, i64::wrapping_abs, i64::signum;
    u8, std::convert::identity, |x: u8| x.min(1);
    u16, std::convert::identity, |x: u16| x.min(1);
    u32, std::convert::identity, |x: u32| x.min(1);
    u64, std::convert::identity, |x: u64| x.min(1);
}

/// First word of Threefry-2x32 on counter `(counter, 0)` and key `(key0, key1)`.
#[inline(always)]
pub fn threefry(key0: u32, key1: u32, counter: u32) -> u32 {
    threefry_pair(key0, key1, counter, 0).0
}

/// Threefry-2x32 with 20 rounds (Salmon et al., 2011) on counter `(a, b)` and key `(key0, key1)`.
#[inline(always)]
pub fn threefry_pair(key0: u32, key1: u32, a: u32, b: u32) -> (u32, u32) {
    const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
    let key = [key0, key1, 0x1BD1_1BDA ^ key0 ^ key1];
    let (mut a, mut b) = (a.wrapping_add(key[0]), b.wrapping_add(key[1]));
    for block in 0..5 {
        for rotation in ROTATIONS[block % 2] {
            a = a.wrapping_add(b);
            b = b.rotate_left(rotation) ^ a;
        }
        a = a.wrapping_add(key[(block + 1) % 3]);
        b = b.wrapping_add(key[(block + 2) % 3]).wrapping_add(block as u32 + 1);
    }
    (a, b)
}

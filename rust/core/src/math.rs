//! Scalar arithmetic that the op table's CPU expressions call: branch-free where it must vectorise.

mod bessel;
mod special;

/// Functions of floats; `f32` versions are written to vectorise.
pub trait FloatMath: Copy {
    fn exp_(self) -> Self;
    fn log_(self) -> Self;
    fn tanh_(self) -> Self;
    fn erf_(self) -> Self;
    fn sin_(self) -> Self;
    fn cos_(self) -> Self;
    fn pow_(self, power: Self) -> Self;
    fn sign_(self) -> Self;
    fn max_(self, other: Self) -> Self;
    fn min_(self, other: Self) -> Self;
    fn expm1_(self) -> Self;
    fn log1p_(self) -> Self;
    fn asinh_(self) -> Self;
    fn acosh_(self) -> Self;
    fn atanh_(self) -> Self;
    fn erfc_(self) -> Self;
    fn erfinv_(self) -> Self;
    fn lgamma_(self) -> Self;
    fn digamma_(self) -> Self;
    fn i0_(self) -> Self;
    fn i1_(self) -> Self;
    fn logaddexp_(self, other: Self) -> Self;
    fn nextafter_(self, other: Self) -> Self;
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

/// e^x within 2 ulp: Cephes' reduction by ln 2 in two parts and a degree-5 polynomial, scaled by exponent bits.
#[inline(always)]
fn exp_f32(x: f32) -> f32 {
    let clamped = x.clamp(-104.0, 88.8);
    let k = (clamped * std::f32::consts::LOG2_E + 12582912.0) - 12582912.0;
    let r = clamped - k * 0.693_359_4 - k * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4f32;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 5e-1;
    let value = p * r * r + r + 1.0;
    // Two factors keep results in the subnormal and the top binade exact.
    let half = (k as i32) >> 1;
    let rest = k as i32 - half;
    let scale = |n: i32| f32::from_bits(((n + 127) as u32) << 23);
    let scaled = value * scale(half) * scale(rest);
    let upper = if x > 88.722_84 { f32::INFINITY } else { scaled };
    if x.is_nan() { x } else { upper }
}

/// ln x within 2 ulp: Cephes' polynomial on [sqrt(1/2), sqrt(2)).
#[inline(always)]
fn log_f32(x: f32) -> f32 {
    let tiny = x < f32::MIN_POSITIVE;
    let scaled = if tiny { x * 8_388_608.0 } else { x };
    let bits = scaled.to_bits();
    let mut e = (((bits >> 23) & 0xff) as i32 - 126) as f32 - if tiny { 23.0 } else { 0.0 };
    let m = f32::from_bits((bits & 0x007f_ffff) | 0x3f00_0000);
    let low = m < std::f32::consts::FRAC_1_SQRT_2;
    e -= if low { 1.0 } else { 0.0 };
    let r = if low { m + m - 1.0 } else { m - 1.0 };
    let z = r * r;
    let mut p = 7.037_683_6e-2f32;
    p = p * r - 1.151_461e-1;
    p = p * r + 1.167_699_9e-1;
    p = p * r - 1.242_014_1e-1;
    p = p * r + 1.424_932_3e-1;
    p = p * r - 1.666_805_8e-1;
    p = p * r + 2.000_071_5e-1;
    p = p * r - 2.499_999_4e-1;
    p = p * r + 3.333_333e-1;
    let value = p * r * z + e * -2.121_944_4e-4 - 0.5 * z + r + e * 0.693_359_4;
    let value = if x == f32::INFINITY { x } else { value };
    let value = if x == 0.0 { f32::NEG_INFINITY } else { value };
    if x < 0.0 || x.is_nan() { f32::NAN } else { value }
}

#[inline(always)]
fn tanh_f32(x: f32) -> f32 {
    let a = x.abs();
    let z = x * x;
    let mut p = -5.704_988_7e-3f32;
    p = p * z + 2.063_909e-2;
    p = p * z - 5.373_971_6e-2;
    p = p * z + 1.333_144_2e-1;
    p = p * z - 3.333_328e-1;
    let small = p * z * x + x;
    let large = 1.0 - 2.0 / (exp_f32(2.0 * a) + 1.0);
    // The sign is copied for both: the sum above loses that of -0.
    (if a < 0.625 { small } else { large }).copysign(x)
}

macro_rules! float_math {
    ($t:ident, exp $exp:expr; log $log:expr; tanh $tanh:expr; erf $erf:expr; expm1 $expm1:expr; log1p $log1p:expr;
     asinh $asinh:expr; acosh $acosh:expr; atanh $atanh:expr; erfc $erfc:expr; erfinv $erfinv:expr; lgamma $lgamma:expr;
     nextafter $nextafter:expr;) => {
        impl FloatMath for $t {
            #[inline(always)]
            fn exp_(self) -> Self {
                $exp(self)
            }
            #[inline(always)]
            fn log_(self) -> Self {
                $log(self)
            }
            #[inline(always)]
            fn tanh_(self) -> Self {
                $tanh(self)
            }
            #[inline(always)]
            fn erf_(self) -> Self {
                $erf(self)
            }
            #[inline(always)]
            fn sin_(self) -> Self {
                self.sin()
            }
            #[inline(always)]
            fn cos_(self) -> Self {
                self.cos()
            }
            #[inline(always)]
            fn pow_(self, power: Self) -> Self {
                self.powf(power)
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
            #[inline(always)]
            fn expm1_(self) -> Self {
                $expm1(self)
            }
            #[inline(always)]
            fn log1p_(self) -> Self {
                $log1p(self)
            }
            #[inline(always)]
            fn asinh_(self) -> Self {
                $asinh(self)
            }
            #[inline(always)]
            fn acosh_(self) -> Self {
                $acosh(self)
            }
            #[inline(always)]
            fn atanh_(self) -> Self {
                $atanh(self)
            }
            #[inline(always)]
            fn erfc_(self) -> Self {
                $erfc(self)
            }
            #[inline(always)]
            fn erfinv_(self) -> Self {
                $erfinv(self)
            }
            #[inline(always)]
            fn lgamma_(self) -> Self {
                $lgamma(self)
            }
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
            // Equal infinities have no difference.
            #[inline(always)]
            fn logaddexp_(self, other: Self) -> Self {
                let larger = self.max_(other);
                let sum = larger + (-(self - other).abs()).exp_().log1p_();
                if larger.is_infinite() { larger } else { sum }
            }
            #[inline(always)]
            fn nextafter_(self, other: Self) -> Self {
                $nextafter(self, other)
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
    f32, exp exp_f32; log log_f32; tanh tanh_f32; erf libm::erff; expm1 special::expm1_f32; log1p special::log1p_f32;
    asinh libm::asinhf; acosh special::acosh_f32; atanh libm::atanhf; erfc libm::erfcf; erfinv special::erfinv_f32;
    lgamma libm::lgammaf; nextafter libm::nextafterf;
}
float_math! {
    f64, exp f64::exp; log f64::ln; tanh f64::tanh; erf libm::erf; expm1 f64::exp_m1; log1p f64::ln_1p;
    asinh libm::asinh; acosh special::acosh_f64; atanh libm::atanh; erfc libm::erfc; erfinv special::erfinv_f64;
    lgamma libm::lgamma; nextafter libm::nextafter;
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

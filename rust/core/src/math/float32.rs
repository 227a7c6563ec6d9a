//! Functions of float32 within 1 ulp, straight-line so that loops over them vectorise. They go by way of float64, whose
//! range takes in all that comes up on the way. Coefficients, from the highest power down, are minimax fits of the
//! relative error. Clamps are written so that NaN passes: a comparison with it is false.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, FRAC_PI_4, LN_2, LOG2_E, LOG10_E, PI};

use super::FloatMath;

/// From here on, `sin_near` and its kin lose digits; below, multiples of pi/2's first part are exact.
pub const FAR: f32 = 16_777_216.0;

/// Added to a float64 below 2^51, leaves its nearest integer in the low bits of the sum.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// No float32 is as small or as great as 2 to minus this or this.
const GREATEST_POWER: f64 = 200.0;

/// In float32 throughout, as softmax and attention wait for it: reduction by ln 2 in two parts, as in Cephes.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0;
    let x = if -104.0 > x { -104.0 } else { x };
    let x = if x > 89.0 { 89.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = x - k * 0.693_359_4 - k * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4f32;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 5e-1;
    let value = p * (r * r) + r + 1.0;
    // Two factors, the second 2^-64 or 2^64, reach the subnormal numbers and the top binade.
    let (bias, rest) = if x < 0.0 { (191 << 23, 5.421_011e-20) } else { (63 << 23, 1.844_674_4e19) };
    value * f32::from_bits((shifted.to_bits() << 23).wrapping_add(bias)) * rest
}

#[inline(always)]
pub fn exp2(x: f32) -> f32 {
    power_of_two(x as f64) as f32
}

#[inline(always)]
pub fn expm1(x: f32) -> f32 {
    let value = wide_expm1(x as f64) as f32;
    if x == 0.0 { x } else { value }
}

#[inline(always)]
pub fn sinh(x: f32) -> f32 {
    let less = wide_expm1((x as f64).abs());
    ((0.5 * (less + less / (less + 1.0))) as f32).copysign(x)
}

#[inline(always)]
pub fn cosh(x: f32) -> f32 {
    let power = power_of_two(x as f64 * LOG2_E);
    (0.5 * (power + 1.0 / power)) as f32
}

#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    const OVER: [f64; 5] = [
        5.059_615_148_820_410_6e-8,
        3.154_190_350_266_139e-5,
        0.004_006_343_496_363_89,
        0.137_836_656_747_459_43,
        0.999_999_999_007_802,
    ];
    const UNDER: [f64; 6] = [
        7.340_963_842_982_775e-10,
        1.613_825_530_720_676_4e-6,
        0.000_420_348_968_953_285_5,
        0.027_729_686_033_955_92,
        0.471_169_980_398_684_2,
        1.0,
    ];
    let bounded = clamp(x as f64, 9.055);
    let square = bounded * bounded;
    (bounded * polynomial(&OVER, square) / polynomial(&UNDER, square)) as f32
}

#[inline(always)]
pub fn log(x: f32) -> f32 {
    let (k, rest) = split_log(x as f64);
    logarithm_of(x, k * LN_2 + rest)
}

#[inline(always)]
pub fn log2(x: f32) -> f32 {
    let (k, rest) = split_log(x as f64);
    logarithm_of(x, k + rest * LOG2_E)
}

#[inline(always)]
pub fn log10(x: f32) -> f32 {
    let (k, rest) = split_log(x as f64);
    logarithm_of(x, (k * LN_2 + rest) * LOG10_E)
}

#[inline(always)]
pub fn log1p(x: f32) -> f32 {
    let value = logarithm_of(1.0 + x, wide_log1p(x as f64));
    if x == 0.0 { x } else { value }
}

#[inline(always)]
pub fn asinh(x: f32) -> f32 {
    let size = (x as f64).abs();
    let square = size * size;
    let value = wide_log1p(size + square / (1.0 + (square + 1.0).sqrt())) as f32;
    (if x.abs() < f32::INFINITY { value } else { x }).copysign(x)
}

#[inline(always)]
pub fn acosh(x: f32) -> f32 {
    let above = x as f64 - 1.0;
    let value = wide_log1p(above + (above * (above + 2.0)).sqrt()) as f32;
    let value = if x < f32::INFINITY { value } else { x };
    if x >= 1.0 { value } else { f32::NAN }
}

#[inline(always)]
pub fn atanh(x: f32) -> f32 {
    let size = (x as f64).abs();
    let value = (0.5 * wide_log1p(2.0 * size / (1.0 - size))) as f32;
    let edge = if size == 1.0 { f32::INFINITY } else { f32::NAN };
    (if size < 1.0 { value } else { edge }).copysign(x)
}

/// 2^(y log2 x), where x < 0 the sign of an odd y.
#[inline(always)]
pub fn pow(x: f32, y: f32) -> f32 {
    let size = (x as f64).abs();
    let (k, rest) = split_log(size);
    let log = k + rest * LOG2_E;
    let log = if size == 0.0 { f64::NEG_INFINITY } else { log };
    let log = if size < f64::INFINITY { log } else { size };
    let value = power_of_two(y as f64 * log) as f32;
    // A float32 beyond 2^40 is an even integer, as 2^40 is.
    let bounded = clamp(y as f64, 1_099_511_627_776.0);
    let shifted = bounded + ROUND;
    let whole = shifted - ROUND == bounded;
    let odd = whole as u32 & shifted.to_bits() as u32;
    let value = f32::from_bits(value.to_bits() ^ (x.to_bits() & odd << 31));
    let value = if x < 0.0 && size < f64::INFINITY && !whole { f32::NAN } else { value };
    let one = x == 1.0 || y == 0.0 || (size == 1.0 && y.abs() == f32::INFINITY);
    if one { 1.0 } else { value }
}

#[inline(always)]
pub fn sin_near(x: f32) -> f32 {
    let (quadrant, sine, cosine) = turn(x);
    let value = if quadrant & 1 == 0 { sine } else { cosine };
    f64::from_bits(value.to_bits() ^ (quadrant & 2) << 62) as f32
}

#[inline(always)]
pub fn cos_near(x: f32) -> f32 {
    let (quadrant, sine, cosine) = turn(x);
    let value = if quadrant & 1 == 0 { cosine } else { sine };
    f64::from_bits(value.to_bits() ^ (quadrant.wrapping_add(1) & 2) << 62) as f32
}

#[inline(always)]
pub fn tan_near(x: f32) -> f32 {
    let (quadrant, sine, cosine) = turn(x);
    let even = quadrant & 1 == 0;
    let (over, under) = if even { (sine, cosine) } else { (-cosine, sine) };
    (over / under) as f32
}

#[inline(always)]
pub fn asin(x: f32) -> f32 {
    let size = (x as f64).abs();
    (angle(size, (1.0 - size * size).sqrt()) as f32).copysign(x)
}

#[inline(always)]
pub fn acos(x: f32) -> f32 {
    let size = (x as f64).abs();
    let value = angle((1.0 - size * size).sqrt(), size);
    (if x < 0.0 { PI - value } else { value }) as f32
}

#[inline(always)]
pub fn atan(x: f32) -> f32 {
    (angle((x as f64).abs(), 1.0) as f32).copysign(x)
}

#[inline(always)]
pub fn atan2(y: f32, x: f32) -> f32 {
    // Of two infinities neither is the greater; of one and a number, 2^600 still is.
    let size = |number: f32| clamp((number as f64).abs(), 4.149_515_568_880_993e180);
    let value = angle(size(y), size(x));
    let value = if x.is_sign_negative() { PI - value } else { value };
    (value as f32).copysign(y)
}

#[inline(always)]
pub fn hypot(x: f32, y: f32) -> f32 {
    let (wide_x, wide_y) = (x as f64, y as f64);
    let value = (wide_x * wide_x + wide_y * wide_y).sqrt() as f32;
    let infinite = x.abs() == f32::INFINITY || y.abs() == f32::INFINITY;
    if infinite { f32::INFINITY } else { value }
}

#[inline(always)]
pub fn logaddexp(x: f32, y: f32) -> f32 {
    let larger = x.max_(y);
    let ratio = power_of_two(-(x as f64 - y as f64).abs() * LOG2_E);
    let value = (larger as f64 + wide_log1p(ratio)) as f32;
    if larger.abs() == f32::INFINITY { larger } else { value }
}

#[inline(always)]
pub fn erf(x: f32) -> f32 {
    const OVER: [f64; 6] = [
        6.791_425_283_346_056e-6,
        0.000_411_279_677_201_966_83,
        0.004_226_497_522_519_489_5,
        0.055_749_591_036_585_534,
        0.192_878_833_011_846_6,
        1.128_379_169_973_940_5,
    ];
    const UNDER: [f64; 7] = [
        2.604_888_964_274_788_3e-7,
        7.256_434_818_877_366e-5,
        0.001_421_210_898_655_724,
        0.016_295_161_225_751_44,
        0.117_495_422_985_259_99,
        0.504_267_849_032_211_2,
        1.0,
    ];
    let bounded = clamp(x as f64, 4.0);
    let square = bounded * bounded;
    (bounded * polynomial(&OVER, square) / polynomial(&UNDER, square)) as f32
}

/// exp(-x²) times a polynomial of where |x| lies between nothing, 2 and infinity.
#[inline(always)]
pub fn erfc(x: f32) -> f32 {
    const SCALED: [f64; 11] = [
        2.653_841_383_696_786_4e-5,
        0.000_138_115_667_336_876_07,
        3.276_185_605_280_508_6e-5,
        -0.000_962_621_807_240_361_8,
        -0.000_840_867_224_554_611,
        0.006_992_444_374_293_256,
        0.003_731_697_941_977_320_3,
        -0.078_977_996_382_154_91,
        0.241_658_261_115_888_67,
        -0.427_185_867_643_991_5,
        0.255_395_675_915_112_86,
    ];
    let size = clamp((x as f64).abs(), 10.2);
    let value = power_of_two(-size * size * LOG2_E) * polynomial(&SCALED, (size - 2.0) / (size + 2.0));
    (if x < 0.0 { 2.0 - value } else { value }) as f32
}

#[inline(always)]
fn clamp(x: f64, bound: f64) -> f64 {
    let x = if -bound > x { -bound } else { x };
    if x > bound { bound } else { x }
}

#[inline(always)]
fn polynomial<const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    let mut value = coefficients[0];
    for coefficient in &coefficients[1..] {
        value = value * x + coefficient;
    }
    value
}

/// 2^k and 2^r - 1, where k + r = x, k the nearest integer.
#[inline(always)]
fn split_power(x: f64) -> (f64, f64) {
    const LESS_ONE: [f64; 6] = [
        0.000_154_035_161_397_896_17,
        0.001_339_073_575_214_733_4,
        0.009_618_237_479_037_273,
        0.055_503_574_331_057_355,
        0.240_226_497_951_308_68,
        0.693_147_187_926_541_7,
    ];
    let x = clamp(x, GREATEST_POWER);
    let shifted = x + ROUND;
    let r = x - (shifted - ROUND);
    (f64::from_bits((shifted.to_bits() << 52).wrapping_add(1f64.to_bits())), r * polynomial(&LESS_ONE, r))
}

#[inline(always)]
fn power_of_two(x: f64) -> f64 {
    let (scale, rest) = split_power(x);
    scale * rest + scale
}

#[inline(always)]
fn wide_expm1(x: f64) -> f64 {
    let (scale, rest) = split_power(x * LOG2_E);
    scale * rest + (scale - 1.0)
}

/// k and m where 2^k m = x > 0 and m lies in [sqrt(1/2), sqrt(2)).
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    const LEAST: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    let above = x.to_bits().wrapping_sub(LEAST);
    // The exponent, made positive, as the low bits of a float64 from 2^52 on.
    let exponent = above.wrapping_add(1024 << 52) >> 52 | 0x433 << 52;
    let k = f64::from_bits(exponent) - 4_503_599_627_371_520.0;
    (k, f64::from_bits((above & ((1 << 52) - 1)) + LEAST))
}

/// ln(1 + x) for x in [sqrt(1/2) - 1, sqrt(2) - 1): twice the inverse hyperbolic tangent of x / (2 + x).
#[inline(always)]
fn short_log1p(x: f64) -> f64 {
    const INVERSE_TANGENT: [f64; 5] =
        [0.117_907_374_617_660_31, 0.142_686_734_018_255_8, 0.200_001_672_687_880_52, 0.333_333_328_243_148_4, 1.0];
    let ratio = x / (2.0 + x);
    2.0 * ratio * polynomial(&INVERSE_TANGENT, ratio * ratio)
}

/// k and ln m, as of `split`.
#[inline(always)]
fn split_log(x: f64) -> (f64, f64) {
    let (k, m) = split(x);
    (k, short_log1p(m - 1.0))
}

#[inline(always)]
fn wide_log1p(x: f64) -> f64 {
    let (k, m) = split(1.0 + x);
    // Where nothing is split off, x has the digits that the sum has lost.
    let rest = if k == 0.0 { x } else { m - 1.0 };
    k * LN_2 + short_log1p(rest)
}

/// A logarithm of x, given its value where x is positive and finite.
#[inline(always)]
fn logarithm_of(x: f32, value: f64) -> f32 {
    let positive = if x < f32::INFINITY { value as f32 } else { x };
    let other = if x == 0.0 { f32::NEG_INFINITY } else { f32::NAN };
    if x > 0.0 { positive } else { other }
}

/// The quarter turns nearest to x in the low bits, and sine and cosine of what is left: at most an eighth of a turn.
#[inline(always)]
fn turn(x: f32) -> (u64, f64, f64) {
    // pi/2 in two parts, the first of 29 bits.
    const FIRST: f64 = 1.570_796_325_802_803;
    const SECOND: f64 = 9.920_935_796_805_404e-10;
    const SINE: [f64; 4] = [-0.000_195_152_508_817_585_7, 0.008_332_160_528_958_15, -0.166_666_546_059_459_63, 1.0];
    const COSINE: [f64; 5] = [
        2.438_352_502_397_242_8e-5,
        -0.001_388_668_119_951_629_8,
        0.041_666_620_342_984_38,
        -0.499_999_996_943_519_54,
        1.0,
    ];
    let x = x as f64;
    let shifted = x * FRAC_2_PI + ROUND;
    let k = shifted - ROUND;
    let r = x - k * FIRST - k * SECOND;
    let square = r * r;
    (shifted.to_bits(), r * polynomial(&SINE, square), polynomial(&COSINE, square))
}

/// The angle of the point (x, y) for x, y >= 0: reduced by an eighth or a quarter of a turn, with one division.
#[inline(always)]
fn angle(y: f64, x: f64) -> f64 {
    const ARC: [f64; 6] = [
        -0.060_779_948_908_876_69,
        0.105_937_286_949_778_75,
        -0.142_435_224_813_540_7,
        0.199_984_709_772_761_45,
        -0.333_333_151_804_680_2,
        1.0,
    ];
    let (low, high) = (y > 0.414_213_562_373_095_03 * x, y > 2.414_213_562_373_095 * x);
    let over = if low { y - x } else { y };
    let under = if low { y + x } else { x };
    let start = if low { FRAC_PI_4 } else { 0.0 };
    let over = if high { -x } else { over };
    let under = if high { y } else { under };
    let start = if high { FRAC_PI_2 } else { start };
    let tangent = over / if under == 0.0 { 1.0 } else { under };
    start + tangent * polynomial(&ARC, tangent * tangent)
}

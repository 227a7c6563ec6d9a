//! Numbers of 64 bits, where they differ from those of 32 in more than their type: bits, conversions, and the functions of
//! float64, for which shading languages have none.

use super::Function;

/// What the functions of both widths call.
pub static BITS: &[Function] = &[
    ("join_u64", "fn join_u64(low: u32, high: u32) -> u64 {\n    return (u64(high) << 32u) | u64(low);\n}"),
    ("join_i64", "fn join_i64(low: u32, high: u32) -> i64 {\n    return bitcast<i64>(join_u64(low, high));\n}"),
    ("join_f64", "fn join_f64(low: u32, high: u32) -> f64 {\n    return bitcast<f64>(join_u64(low, high));\n}"),
    (
        "infinity_f64",
        "var<private> infinity_bits_f64: u64 = 0x7ff0000000000000lu;
fn infinity_f64() -> f64 {
    return bitcast<f64>(infinity_bits_f64);
}",
    ),
    (
        "nan_f64",
        "var<private> nan_bits_f64: u64 = 0x7ff8000000000000lu;
fn nan_f64() -> f64 {
    return bitcast<f64>(nan_bits_f64);
}",
    ),
    (
        "is_nan_f64",
        "fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}",
    ),
    (
        "is_infinite_f64",
        "fn is_infinite_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) == 0x7ff0000000000000lu;
}",
    ),
    // The high and the low word of what has the order of the values, as `sort_key_f32`.
    (
        "sort_key_u64",
        "fn sort_key_u64(a: u64) -> vec2<u32> {
    return vec2(u32(a >> 32u), u32(a & 0xfffffffflu));
}",
    ),
    (
        "sort_key_i64",
        "fn sort_key_i64(a: i64) -> vec2<u32> {
    return sort_key_u64(bitcast<u64>(a) ^ 0x8000000000000000lu);
}",
    ),
    (
        "sort_key_f64",
        "fn sort_key_f64(a: f64) -> vec2<u32> {
    let word = bitcast<u64>(a);
    let size = word & 0x7ffffffffffffffflu;
    let key = select(0x8000000000000000lu - size, word | 0x8000000000000000lu, word == size);
    return select(sort_key_u64(key), vec2(0xffffffffu), is_nan_f64(a));
}",
    ),
    // Of two (high word, low word, position).
    (
        "goes_before_wide",
        "fn goes_before_wide(a: vec3<u32>, b: vec3<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && (a.y < b.y || (a.y == b.y && a.z < b.z)));
}",
    ),
    (
        "at_most_wide",
        "fn at_most_wide(a: vec2<u32>, b: vec2<u32>) -> bool {
    return a.x < b.x || (a.x == b.x && a.y <= b.y);
}",
    ),
    (
        "copysign_f64",
        "fn copysign_f64(a: f64, b: f64) -> f64 {
    return bitcast<f64>((bitcast<u64>(a) & 0x7ffffffffffffffflu) | (bitcast<u64>(b) & 0x8000000000000000lu));
}",
    ),
    // As `rest_f32`.
    (
        "rest_f64",
        "fn rest_f64(a: f64, q: f64, b: f64) -> f64 {
    let b_high = bitcast<f64>(bitcast<u64>(b) & 0xfffffffff8000000lu);
    let q_high = bitcast<f64>(bitcast<u64>(q) & 0xfffffffff8000000lu);
    let b_low = b - b_high;
    let q_low = q - q_high;
    return fma(-q_low, b_low, fma(-q_low, b_high, fma(-q_high, b_low, fma(-q_high, b_high, a))));
}",
    ),
    (
        "nextafter_f64",
        "fn nextafter_f64(a: f64, b: f64) -> f64 {
    if (is_nan_f64(a) || is_nan_f64(b)) {
        return nan_f64();
    }
    if (a == b) {
        return b;
    }
    if (a == 0.0lf) {
        return copysign_f64(bitcast<f64>(1lu), b);
    }
    let word = bitcast<u64>(a);
    return bitcast<f64>(select(word - 1lu, word + 1lu, (a < b) == (a > 0.0lf)));
}",
    ),
    // 2^n for n of normal numbers.
    (
        "power_of_two",
        "fn power_of_two(n: i32) -> f64 {
    return bitcast<f64>(u64(u32(n + 1023)) << 52u);
}",
    ),
    // exp(r) * 2^n for |r| up to 0.35: Taylor's series, and two factors so that subnormal results are rounded once.
    (
        "scaled_exp",
        "fn scaled_exp(r: f64, n: f64) -> f64 {
    var sum = 1.0lf;
    for (var k = 13; k > 0; k--) {
        sum = 1.0lf + sum * r / f64(k);
    }
    let half = i32(n) >> 1u;
    return sum * power_of_two(half) * power_of_two(i32(n) - half);
}",
    ),
    // Cody and Waite's reduction.
    (
        "exp_f64",
        "fn exp_f64(a: f64) -> f64 {
    let x = clamp(a, -750.0lf, 720.0lf);
    let n = round(x * 1.4426950408889634lf);
    let r = (x - n * 0.6931471803691238lf) - n * 1.9082149292705877e-10lf;
    return select(scaled_exp(r, n), a, is_nan_f64(a));
}",
    ),
    (
        "exp2_f64",
        "fn exp2_f64(a: f64) -> f64 {
    let x = clamp(a, -1080.0lf, 1030.0lf);
    let n = round(x);
    return select(scaled_exp((x - n) * 0.6931471805599453lf, n), a, is_nan_f64(a));
}",
    ),
    // Near zero Taylor's series up to x^17.
    (
        "expm1_f64",
        "fn expm1_f64(a: f64) -> f64 {
    let x = clamp(a, -0.5lf, 0.5lf);
    var series = 1.0lf;
    for (var k = 17; k > 1; k--) {
        series = 1.0lf + series * x / f64(k);
    }
    return select(select(exp_f64(a) - 1.0lf, x * series, abs(a) < 0.5lf), a, a == 0.0lf);
}",
    ),
    // fdlibm's: log of m * 2^e by the series of (m - 1) / (m + 1), m between the roots of one half and of two.
    (
        "log_f64",
        "fn log_f64(a: f64) -> f64 {
    if (a < 0.0lf) {
        return nan_f64();
    }
    if (a == 0.0lf) {
        return -infinity_f64();
    }
    if (is_nan_f64(a) || is_infinite_f64(a)) {
        return a;
    }
    let subnormal = a < 2.2250738585072014e-308lf;
    let word = bitcast<u64>(select(a, a * 18014398509481984.0lf, subnormal));
    var e = i32(u32(word >> 52u)) - 1023 - select(0, 54, subnormal);
    var m = bitcast<f64>((word & 0xffffffffffffflu) | 0x3ff0000000000000lu);
    if (m > 1.4142135623730951lf) {
        m = m * 0.5lf;
        e = e + 1;
    }
    let f = m - 1.0lf;
    let s = f / (2.0lf + f);
    let z = s * s;
    var series = 0.14798198605116586lf;
    series = 0.15313837699209373lf + z * series;
    series = 0.1818357216161805lf + z * series;
    series = 0.22222198432149784lf + z * series;
    series = 0.2857142874366239lf + z * series;
    series = 0.3999999999940942lf + z * series;
    series = 0.6666666666666735lf + z * series;
    let square = 0.5lf * f * f;
    let n = f64(e);
    return n * 0.6931471803691238lf - ((square - (s * (square + z * series) + n * 1.9082149292705877e-10lf)) - f);
}",
    ),
    // Near one, twice the series of atanh(x / (2 + x)).
    (
        "log1p_f64",
        "fn log1p_f64(a: f64) -> f64 {
    let x = clamp(a, -0.5lf, 0.5lf);
    let z = x / (2.0lf + x);
    var series = 0.0lf;
    for (var k = 35; k > 0; k -= 2) {
        series = 1.0lf / f64(k) + z * z * series;
    }
    return select(select(log_f64(1.0lf + a), 2.0lf * z * series, abs(a) < 0.5lf), a, a == 0.0lf);
}",
    ),
    // Exact for powers of two.
    (
        "log2_f64",
        "fn log2_f64(a: f64) -> f64 {
    let value = log_f64(a) * 1.4426950408889634lf;
    let whole = round(value);
    return select(value, whole, exp2_f64(whole) == a);
}",
    ),
    ("pow_positive", "fn pow_positive(a: f64, b: f64) -> f64 {\n    return exp_f64(b * log_f64(a));\n}"),
    // Sine of a + turns * pi/2: fdlibm's reduction in three parts and its polynomials. Loses digits as |a| grows beyond a
    // million, and has none from 2^53 on.
    (
        "sin_turned_f64",
        "fn sin_turned_f64(a: f64, turns: i32) -> f64 {
    let n = round(a * 0.6366197723675814lf);
    let rest = ((a - n * 1.5707963267341256lf) - n * 6.077100506303966e-11lf) - n * 2.0222662487959506e-21lf;
    let r = clamp(rest, -0.79lf, 0.79lf);
    let z = r * r;
    var sine = 1.58969099521155e-10lf;
    sine = -2.5050760253406863e-8lf + z * sine;
    sine = 2.7557313707070068e-6lf + z * sine;
    sine = -1.984126982985795e-4lf + z * sine;
    sine = 8.33333333332249e-3lf + z * sine;
    sine = -0.16666666666666632lf + z * sine;
    sine = r + r * z * sine;
    var cosine = -1.1359647557788195e-11lf;
    cosine = 2.087572321298175e-9lf + z * cosine;
    cosine = -2.7557314351390663e-7lf + z * cosine;
    cosine = 2.480158728947673e-5lf + z * cosine;
    cosine = -1.388888888887411e-3lf + z * cosine;
    cosine = 4.16666666666666e-2lf + z * cosine;
    cosine = 1.0lf - (0.5lf * z - z * z * cosine);
    let quadrant = i32(clamp(n, -2.0e9lf, 2.0e9lf)) + turns;
    let value = select(sine, cosine, (quadrant & 1) == 1);
    return select(select(value, -value, (quadrant & 2) == 2), nan_f64(), is_nan_f64(a) || is_infinite_f64(a));
}",
    ),
    ("sin_f64", "fn sin_f64(a: f64) -> f64 {\n    return sin_turned_f64(a, 0);\n}"),
    ("cos_f64", "fn cos_f64(a: f64) -> f64 {\n    return sin_turned_f64(a, 1);\n}"),
    // fdlibm's polynomial, of what inverting and halving the angle leave: at most the tangent of pi / 8.
    (
        "atan_f64",
        "fn atan_f64(a: f64) -> f64 {
    let x = abs(a);
    let inverted = select(x, 1.0lf / x, x > 1.0lf);
    let t = inverted / (1.0lf + sqrt(1.0lf + inverted * inverted));
    let z = t * t;
    var series = 1.6285820115365782e-2lf;
    series = -3.6531572744216916e-2lf + z * series;
    series = 4.976877994615932e-2lf + z * series;
    series = -5.833570133790573e-2lf + z * series;
    series = 6.661073137387531e-2lf + z * series;
    series = -7.69187620504483e-2lf + z * series;
    series = 9.090887133436507e-2lf + z * series;
    series = -0.11111110405462356lf + z * series;
    series = 0.14285714272503466lf + z * series;
    series = -0.19999999999876483lf + z * series;
    series = 0.3333333333333293lf + z * series;
    let angle = 2.0lf * (t - t * z * series);
    let size = select(angle, 1.5707963267948966lf - angle, x > 1.0lf);
    return select(copysign_f64(size, a), a, is_nan_f64(a) || a == 0.0lf);
}",
    ),
    (
        "tanh_f64",
        "fn tanh_f64(a: f64) -> f64 {
    let grown = expm1_f64(clamp(2.0lf * a, -50.0lf, 50.0lf));
    return select(grown / (grown + 2.0lf), a, is_nan_f64(a) || a == 0.0lf);
}",
    ),
    // Abramowitz and Stegun 7.1.6, whose terms are all positive.
    (
        "erf_series",
        "fn erf_series(x: f64) -> f64 {
    var term = x;
    var sum = x;
    for (var n = 1; n < 48; n++) {
        term = term * 2.0lf * x * x / f64(2 * n + 1);
        sum = sum + term;
    }
    return 1.1283791670955126lf * exp_f64(-x * x) * sum;
}",
    ),
    // Abramowitz and Stegun 7.1.14, a continued fraction.
    (
        "erfc_fraction",
        "fn erfc_fraction(x: f64) -> f64 {
    var rest = x;
    for (var n = 60; n > 0; n--) {
        rest = x + 0.5lf * f64(n) / rest;
    }
    return 0.5641895835477563lf * exp_f64(-x * x) / rest;
}",
    ),
    (
        "erf_f64",
        "fn erf_f64(a: f64) -> f64 {
    let x = min(abs(a), 6.0lf);
    let size = select(1.0lf - erfc_fraction(max(x, 2.5lf)), erf_series(min(x, 2.5lf)), x < 2.5lf);
    return select(copysign_f64(size, a), a, is_nan_f64(a));
}",
    ),
    (
        "erfc_f64",
        "fn erfc_f64(a: f64) -> f64 {
    return select(1.0lf - erf_f64(a), erfc_fraction(clamp(a, 2.5lf, 30.0lf)), a > 2.5lf);
}",
    ),
    // Stirling's series is precise above 15: smaller arguments are moved up, and those below one half mirrored.
    (
        "lgamma_f64",
        "fn lgamma_f64(a: f64) -> f64 {
    if (is_infinite_f64(a) || is_nan_f64(a)) {
        return abs(a);
    }
    if (a <= 0.0lf && floor(a) == a) {
        return infinity_f64();
    }
    if (a == 1.0lf || a == 2.0lf) {
        return 0.0lf;
    }
    let mirrored = a < 0.5lf;
    var z = select(a, 1.0lf - a, mirrored);
    var passed = 1.0lf;
    while (z < 15.0lf) {
        passed = passed * z;
        z = z + 1.0lf;
    }
    let s = 1.0lf / (z * z);
    var series = -1.9175269175269176e-3lf;
    series = 8.417508417508417e-4lf + s * series;
    series = -5.952380952380953e-4lf + s * series;
    series = 7.936507936507937e-4lf + s * series;
    series = -2.777777777777778e-3lf + s * series;
    series = (8.333333333333333e-2lf + s * series) / z;
    let plain = (z - 0.5lf) * log_f64(z) - z + 0.9189385332046728lf + series - log_f64(passed);
    let sine = abs(sin_f64((a - round(a)) * 3.141592653589793lf));
    return select(plain, 1.1447298858494002lf - log_f64(sine) - plain, mirrored);
}",
    ),
    (
        "digamma_f64",
        "fn digamma_f64(a: f64) -> f64 {
    if (is_nan_f64(a) || (a < 0.0lf && floor(a) == a)) {
        return nan_f64();
    }
    if (a == 0.0lf) {
        return copysign_f64(infinity_f64(), -a);
    }
    let mirrored = a < 0.5lf;
    var z = select(a, 1.0lf - a, mirrored);
    var below = 0.0lf;
    while (z < 15.0lf) {
        below = below + 1.0lf / z;
        z = z + 1.0lf;
    }
    let s = 1.0lf / (z * z);
    var series = 2.1092796092796094e-2lf;
    series = -7.575757575757576e-3lf + s * series;
    series = 4.166666666666667e-3lf + s * series;
    series = -3.968253968253968e-3lf + s * series;
    series = 8.333333333333333e-3lf + s * series;
    series = (-8.333333333333333e-2lf + s * series) * s;
    let plain = log_f64(z) - 0.5lf / z + series - below;
    let angle = (a - round(a)) * 3.141592653589793lf;
    return select(plain, plain - 3.141592653589793lf * cos_f64(angle) / sin_f64(angle), mirrored);
}",
    ),
];

pub static FUNCTIONS: &[Function] = &[
    // Conversions saturate and take NaN to zero, as on the CPU.
    (
        "f32_to_i64",
        "fn f32_to_i64(a: f32) -> i64 {
    let inside = i64(clamp(a, -9223372036854775808.0, 9223371487098961920.0));
    return select(select(inside, 9223372036854775807li, a >= 9223372036854775808.0), 0li, is_nan(a));
}",
    ),
    (
        "f32_to_u64",
        "fn f32_to_u64(a: f32) -> u64 {
    let inside = u64(clamp(a, 0.0, 18446742974197923840.0));
    return select(select(inside, 18446744073709551615lu, a >= 18446744073709551616.0), 0lu, is_nan(a));
}",
    ),
    (
        "f64_to_i32",
        "fn f64_to_i32(a: f64) -> i32 {
    return select(i32(clamp(a, -2147483648.0lf, 2147483647.0lf)), 0, is_nan_f64(a));
}",
    ),
    (
        "f64_to_u32",
        "fn f64_to_u32(a: f64) -> u32 {
    return select(u32(clamp(a, 0.0lf, 4294967295.0lf)), 0u, is_nan_f64(a));
}",
    ),
    (
        "f64_to_i64",
        "fn f64_to_i64(a: f64) -> i64 {
    let inside = i64(clamp(a, -9223372036854775808.0lf, 9223372036854774784.0lf));
    return select(select(inside, 9223372036854775807li, a >= 9223372036854775808.0lf), 0li, is_nan_f64(a));
}",
    ),
    (
        "f64_to_u64",
        "fn f64_to_u64(a: f64) -> u64 {
    let inside = u64(clamp(a, 0.0lf, 18446744073709549568.0lf));
    return select(select(inside, 18446744073709551615lu, a >= 18446744073709551616.0lf), 0lu, is_nan_f64(a));
}",
    ),
    // Halley's steps from what float32 gives, on whichever of erf and erfc is not near one.
    (
        "erfinv_f64",
        "fn erfinv_f64(a: f64) -> f64 {
    if (abs(a) >= 1.0lf || is_nan_f64(a)) {
        return select(nan_f64(), a * infinity_f64(), abs(a) == 1.0lf);
    }
    let y = abs(a);
    var x = min(f64(erfinv_f32(f32(y))), 5.9lf);
    for (var step = 0; step < 4; step++) {
        let error = select((1.0lf - y) - erfc_f64(x), erf_f64(x) - y, y < 0.5lf);
        let change = error / (1.1283791670955126lf * exp_f64(-x * x));
        x = x - change / (1.0lf + x * change);
    }
    return copysign_f64(x, a);
}",
    ),
    // I of order 0, or I of order 1 divided by x / 2, as a series of positive terms (Abramowitz and Stegun, 9.6.10).
    (
        "bessel_near",
        "fn bessel_near(x: f64, order: f64) -> f64 {
    var term = 1.0lf;
    var sum = 1.0lf;
    for (var k = 1; k < 64; k++) {
        term = term * 0.25lf * x * x / (f64(k) * (f64(k) + order));
        sum = sum + term;
    }
    return sum;
}",
    ),
    // I's asymptotic series (9.7.1); the exponential in two factors, as it overflows before the function does.
    (
        "bessel_far",
        "fn bessel_far(x: f64, order: f64) -> f64 {
    var term = 1.0lf;
    var sum = 1.0lf;
    for (var k = 1; k < 25; k++) {
        let odd = f64(2 * k - 1);
        term = term * (odd * odd - 4.0lf * order * order) / (8.0lf * f64(k) * x);
        sum = sum + term;
    }
    let half = exp_f64(0.5lf * x);
    return half * (sum / sqrt(6.283185307179586lf * x)) * half;
}",
    ),
    (
        "i0_f64",
        "fn i0_f64(a: f64) -> f64 {
    let x = abs(a);
    if (is_nan_f64(a) || is_infinite_f64(a)) {
        return x;
    }
    return select(bessel_far(max(x, 30.0lf), 0.0lf), bessel_near(min(x, 30.0lf), 0.0lf), x < 30.0lf);
}",
    ),
    (
        "i1_f64",
        "fn i1_f64(a: f64) -> f64 {
    let x = abs(a);
    if (is_nan_f64(a) || is_infinite_f64(a)) {
        return a;
    }
    let near = 0.5lf * a * bessel_near(min(x, 30.0lf), 1.0lf);
    return select(copysign_f64(bessel_far(max(x, 30.0lf), 1.0lf), a), near, x < 30.0lf);
}",
    ),
    // float32 rounded to odd: what was cut off stays visible in the last bit, so that rounding again is as rounding once.
    (
        "f64_to_odd",
        "fn f64_to_odd(a: f64) -> f32 {
    let nearest = f32(a);
    let back = f64(nearest);
    let odd = (bitcast<u32>(nearest) - u32(abs(back) > abs(a))) | 1u;
    return select(bitcast<f32>(odd), nearest, back == a || is_nan_f64(a));
}",
    ),
];

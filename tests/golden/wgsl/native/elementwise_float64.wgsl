@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<f64>;
@group(0) @binding(2) var<storage, read_write> a2: array<f64>;
@group(0) @binding(3) var<storage, read_write> a3: array<f64>;
@group(0) @binding(4) var<storage, read_write> a4: array<f64>;
@group(0) @binding(5) var<storage, read_write> a5: array<f64>;
@group(0) @binding(6) var<storage, read_write> a6: array<f64>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

var<private> infinity_bits_f64: u64 = 0x7ff0000000000000lu;
fn infinity_f64() -> f64 {
    return bitcast<f64>(infinity_bits_f64);
}
var<private> nan_bits_f64: u64 = 0x7ff8000000000000lu;
fn nan_f64() -> f64 {
    return bitcast<f64>(nan_bits_f64);
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn is_infinite_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) == 0x7ff0000000000000lu;
}
fn power_of_two(n: i32) -> f64 {
    return bitcast<f64>(u64(u32(n + 1023)) << 52u);
}
fn scaled_exp(r: f64, n: f64) -> f64 {
    var sum = 1.0lf;
    for (var k = 13; k > 0; k--) {
        sum = 1.0lf + sum * r / f64(k);
    }
    let half = i32(n) >> 1u;
    return sum * power_of_two(half) * power_of_two(i32(n) - half);
}
fn exp_f64(a: f64) -> f64 {
    let x = clamp(a, -750.0lf, 720.0lf);
    let n = round(x * 1.4426950408889634lf);
    let r = (x - n * 0.6931471803691238lf) - n * 1.9082149292705877e-10lf;
    return select(scaled_exp(r, n), a, is_nan_f64(a));
}
fn exp2_f64(a: f64) -> f64 {
    let x = clamp(a, -1080.0lf, 1030.0lf);
    let n = round(x);
    return select(scaled_exp((x - n) * 0.6931471805599453lf, n), a, is_nan_f64(a));
}
fn expm1_f64(a: f64) -> f64 {
    let x = clamp(a, -0.5lf, 0.5lf);
    var series = 1.0lf;
    for (var k = 17; k > 1; k--) {
        series = 1.0lf + series * x / f64(k);
    }
    return select(select(exp_f64(a) - 1.0lf, x * series, abs(a) < 0.5lf), a, a == 0.0lf);
}
fn log_f64(a: f64) -> f64 {
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
}
fn sign_f64(a: f64) -> f64 {
    return select(sign(a), a, is_nan_f64(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = (-v0);
    let v2 = abs(v0);
    let v3 = sign_f64(v0);
    let v4 = exp_f64(v0);
    let v5 = exp2_f64(v0);
    let v6 = expm1_f64(v0);
    let v7 = log_f64(v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<f64>;
@group(0) @binding(2) var<storage, read_write> a2: array<f64>;
@group(0) @binding(3) var<storage, read_write> a3: array<f64>;
@group(0) @binding(4) var<storage, read_write> a4: array<f64>;
@group(0) @binding(5) var<storage, read_write> a5: array<f64>;
@group(0) @binding(6) var<storage, read_write> a6: array<f64>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

var<private> infinity_bits_f64: u64 = 0x7ff0000000000000lu;
fn infinity_f64() -> f64 {
    return bitcast<f64>(infinity_bits_f64);
}
var<private> nan_bits_f64: u64 = 0x7ff8000000000000lu;
fn nan_f64() -> f64 {
    return bitcast<f64>(nan_bits_f64);
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn is_infinite_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) == 0x7ff0000000000000lu;
}
fn power_of_two(n: i32) -> f64 {
    return bitcast<f64>(u64(u32(n + 1023)) << 52u);
}
fn scaled_exp(r: f64, n: f64) -> f64 {
    var sum = 1.0lf;
    for (var k = 13; k > 0; k--) {
        sum = 1.0lf + sum * r / f64(k);
    }
    let half = i32(n) >> 1u;
    return sum * power_of_two(half) * power_of_two(i32(n) - half);
}
fn exp2_f64(a: f64) -> f64 {
    let x = clamp(a, -1080.0lf, 1030.0lf);
    let n = round(x);
    return select(scaled_exp((x - n) * 0.6931471805599453lf, n), a, is_nan_f64(a));
}
fn log_f64(a: f64) -> f64 {
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
}
fn log1p_f64(a: f64) -> f64 {
    let x = clamp(a, -0.5lf, 0.5lf);
    let z = x / (2.0lf + x);
    var series = 0.0lf;
    for (var k = 35; k > 0; k -= 2) {
        series = 1.0lf / f64(k) + z * z * series;
    }
    return select(select(log_f64(1.0lf + a), 2.0lf * z * series, abs(a) < 0.5lf), a, a == 0.0lf);
}
fn log2_f64(a: f64) -> f64 {
    let value = log_f64(a) * 1.4426950408889634lf;
    let whole = round(value);
    return select(value, whole, exp2_f64(whole) == a);
}
fn sin_turned_f64(a: f64, turns: i32) -> f64 {
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
}
fn sin_f64(a: f64) -> f64 {
    return sin_turned_f64(a, 0);
}
fn cos_f64(a: f64) -> f64 {
    return sin_turned_f64(a, 1);
}
fn sqrt_f64(a: f64) -> f64 {
    return select(sqrt(a), nan_f64(), a < 0.0);
}
fn log10_f64(a: f64) -> f64 {
    return log_f64(a) * 0.4342944819032518;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = log2_f64(v0);
    let v2 = log10_f64(v0);
    let v3 = log1p_f64(v0);
    let v4 = sqrt_f64(v0);
    let v5 = (1.0 / v0);
    let v6 = sin_f64(v0);
    let v7 = cos_f64(v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<f64>;
@group(0) @binding(2) var<storage, read_write> a2: array<f64>;
@group(0) @binding(3) var<storage, read_write> a3: array<f64>;
@group(0) @binding(4) var<storage, read_write> a4: array<f64>;
@group(0) @binding(5) var<storage, read_write> a5: array<f64>;
@group(0) @binding(6) var<storage, read_write> a6: array<f64>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

var<private> nan_bits_f64: u64 = 0x7ff8000000000000lu;
fn nan_f64() -> f64 {
    return bitcast<f64>(nan_bits_f64);
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn is_infinite_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) == 0x7ff0000000000000lu;
}
fn copysign_f64(a: f64, b: f64) -> f64 {
    return bitcast<f64>((bitcast<u64>(a) & 0x7ffffffffffffffflu) | (bitcast<u64>(b) & 0x8000000000000000lu));
}
fn power_of_two(n: i32) -> f64 {
    return bitcast<f64>(u64(u32(n + 1023)) << 52u);
}
fn scaled_exp(r: f64, n: f64) -> f64 {
    var sum = 1.0lf;
    for (var k = 13; k > 0; k--) {
        sum = 1.0lf + sum * r / f64(k);
    }
    let half = i32(n) >> 1u;
    return sum * power_of_two(half) * power_of_two(i32(n) - half);
}
fn exp_f64(a: f64) -> f64 {
    let x = clamp(a, -750.0lf, 720.0lf);
    let n = round(x * 1.4426950408889634lf);
    let r = (x - n * 0.6931471803691238lf) - n * 1.9082149292705877e-10lf;
    return select(scaled_exp(r, n), a, is_nan_f64(a));
}
fn expm1_f64(a: f64) -> f64 {
    let x = clamp(a, -0.5lf, 0.5lf);
    var series = 1.0lf;
    for (var k = 17; k > 1; k--) {
        series = 1.0lf + series * x / f64(k);
    }
    return select(select(exp_f64(a) - 1.0lf, x * series, abs(a) < 0.5lf), a, a == 0.0lf);
}
fn sin_turned_f64(a: f64, turns: i32) -> f64 {
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
}
fn atan_f64(a: f64) -> f64 {
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
}
fn tanh_f64(a: f64) -> f64 {
    let grown = expm1_f64(clamp(2.0lf * a, -50.0lf, 50.0lf));
    return select(grown / (grown + 2.0lf), a, is_nan_f64(a) || a == 0.0lf);
}
fn sqrt_f64(a: f64) -> f64 {
    return select(sqrt(a), nan_f64(), a < 0.0);
}
fn tan_f64(a: f64) -> f64 {
    return sin_turned_f64(a, 0) / sin_turned_f64(a, 1);
}
fn asin_f64(a: f64) -> f64 {
    return 2.0 * atan_f64(a / (1.0 + sqrt_f64((1.0 - a) * (1.0 + a))));
}
fn acos_f64(a: f64) -> f64 {
    return 2.0 * atan_f64(sqrt_f64((1.0 - a) / (1.0 + a)));
}
fn sinh_f64(a: f64) -> f64 {
    let grown = expm1_f64(clamp(a, -1.0, 1.0));
    let near = 0.5 * (grown + grown / (grown + 1.0));
    let far = exp_f64(a - 0.6931471805599453) - exp_f64(-a - 0.6931471805599453);
    return select(select(far, near, abs(a) < 1.0), a, is_nan_f64(a));
}
fn cosh_f64(a: f64) -> f64 {
    return select(exp_f64(a - 0.6931471805599453) + exp_f64(-a - 0.6931471805599453), a, is_nan_f64(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = tan_f64(v0);
    let v2 = asin_f64(v0);
    let v3 = acos_f64(v0);
    let v4 = atan_f64(v0);
    let v5 = sinh_f64(v0);
    let v6 = cosh_f64(v0);
    let v7 = tanh_f64(v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<f64>;
@group(0) @binding(2) var<storage, read_write> a2: array<f64>;
@group(0) @binding(3) var<storage, read_write> a3: array<f64>;
@group(0) @binding(4) var<storage, read_write> a4: array<f64>;
@group(0) @binding(5) var<storage, read_write> a5: array<f64>;
@group(0) @binding(6) var<storage, read_write> a6: array<f64>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

var<private> infinity_bits_f64: u64 = 0x7ff0000000000000lu;
fn infinity_f64() -> f64 {
    return bitcast<f64>(infinity_bits_f64);
}
var<private> nan_bits_f64: u64 = 0x7ff8000000000000lu;
fn nan_f64() -> f64 {
    return bitcast<f64>(nan_bits_f64);
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn is_infinite_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) == 0x7ff0000000000000lu;
}
fn copysign_f64(a: f64, b: f64) -> f64 {
    return bitcast<f64>((bitcast<u64>(a) & 0x7ffffffffffffffflu) | (bitcast<u64>(b) & 0x8000000000000000lu));
}
fn power_of_two(n: i32) -> f64 {
    return bitcast<f64>(u64(u32(n + 1023)) << 52u);
}
fn scaled_exp(r: f64, n: f64) -> f64 {
    var sum = 1.0lf;
    for (var k = 13; k > 0; k--) {
        sum = 1.0lf + sum * r / f64(k);
    }
    let half = i32(n) >> 1u;
    return sum * power_of_two(half) * power_of_two(i32(n) - half);
}
fn exp_f64(a: f64) -> f64 {
    let x = clamp(a, -750.0lf, 720.0lf);
    let n = round(x * 1.4426950408889634lf);
    let r = (x - n * 0.6931471803691238lf) - n * 1.9082149292705877e-10lf;
    return select(scaled_exp(r, n), a, is_nan_f64(a));
}
fn log_f64(a: f64) -> f64 {
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
}
fn log1p_f64(a: f64) -> f64 {
    let x = clamp(a, -0.5lf, 0.5lf);
    let z = x / (2.0lf + x);
    var series = 0.0lf;
    for (var k = 35; k > 0; k -= 2) {
        series = 1.0lf / f64(k) + z * z * series;
    }
    return select(select(log_f64(1.0lf + a), 2.0lf * z * series, abs(a) < 0.5lf), a, a == 0.0lf);
}
fn erf_series(x: f64) -> f64 {
    var term = x;
    var sum = x;
    for (var n = 1; n < 48; n++) {
        term = term * 2.0lf * x * x / f64(2 * n + 1);
        sum = sum + term;
    }
    return 1.1283791670955126lf * exp_f64(-x * x) * sum;
}
fn erfc_fraction(x: f64) -> f64 {
    var rest = x;
    for (var n = 60; n > 0; n--) {
        rest = x + 0.5lf * f64(n) / rest;
    }
    return 0.5641895835477563lf * exp_f64(-x * x) / rest;
}
fn erf_f64(a: f64) -> f64 {
    let x = min(abs(a), 6.0lf);
    let size = select(1.0lf - erfc_fraction(max(x, 2.5lf)), erf_series(min(x, 2.5lf)), x < 2.5lf);
    return select(copysign_f64(size, a), a, is_nan_f64(a));
}
fn sqrt_f64(a: f64) -> f64 {
    return select(sqrt(a), nan_f64(), a < 0.0);
}
fn asinh_f64(a: f64) -> f64 {
    let x = abs(a);
    let near = min(x, 1.0e9);
    let s = near * near;
    let close = log1p_f64(near + s / (1.0 + sqrt(1.0 + s)));
    let size = select(close, log_f64(x) + 0.6931471805599453, x > 1.0e9);
    return select(copysign_f64(size, a), a, is_nan_f64(a));
}
fn acosh_f64(a: f64) -> f64 {
    let above = min(a, 1.0e9) - 1.0;
    let close = log1p_f64(above + sqrt_f64(above * 2.0 + above * above));
    let size = select(close, log_f64(a) + 0.6931471805599453, a > 1.0e9);
    return select(select(size, nan_f64(), a < 1.0), a, is_nan_f64(a));
}
fn sigmoid_f64(a: f64) -> f64 {
    let decay = exp_f64(-abs(a));
    return select(1.0, decay, a < 0.0) / (1.0 + decay);
}
fn atanh_f64(a: f64) -> f64 {
    let x = abs(a);
    return copysign_f64(0.5 * log1p_f64(2.0 * x / (1.0 - x)), a);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = sigmoid_f64(v0);
    let v2 = (0.5 * v0 * (erf_f64(v0 * 0.7071067811865476) + 1.0));
    let v3 = (v0 * sigmoid_f64((v0 * v0 * 0.044715 + 1.0) * v0 * 1.5957691216057308));
    let v4 = (v0 * sigmoid_f64(v0));
    let v5 = asinh_f64(v0);
    let v6 = acosh_f64(v0);
    let v7 = atanh_f64(v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<f64>;
@group(0) @binding(2) var<storage, read_write> a2: array<f64>;
@group(0) @binding(3) var<storage, read_write> a3: array<f64>;
@group(0) @binding(4) var<storage, read_write> a4: array<f64>;
@group(0) @binding(5) var<storage, read_write> a5: array<f64>;
@group(0) @binding(6) var<storage, read_write> a6: array<f64>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

var<private> infinity_bits_f64: u64 = 0x7ff0000000000000lu;
fn infinity_f64() -> f64 {
    return bitcast<f64>(infinity_bits_f64);
}
var<private> nan_bits_f64: u64 = 0x7ff8000000000000lu;
fn nan_f64() -> f64 {
    return bitcast<f64>(nan_bits_f64);
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn is_infinite_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) == 0x7ff0000000000000lu;
}
fn copysign_f64(a: f64, b: f64) -> f64 {
    return bitcast<f64>((bitcast<u64>(a) & 0x7ffffffffffffffflu) | (bitcast<u64>(b) & 0x8000000000000000lu));
}
fn power_of_two(n: i32) -> f64 {
    return bitcast<f64>(u64(u32(n + 1023)) << 52u);
}
fn scaled_exp(r: f64, n: f64) -> f64 {
    var sum = 1.0lf;
    for (var k = 13; k > 0; k--) {
        sum = 1.0lf + sum * r / f64(k);
    }
    let half = i32(n) >> 1u;
    return sum * power_of_two(half) * power_of_two(i32(n) - half);
}
fn exp_f64(a: f64) -> f64 {
    let x = clamp(a, -750.0lf, 720.0lf);
    let n = round(x * 1.4426950408889634lf);
    let r = (x - n * 0.6931471803691238lf) - n * 1.9082149292705877e-10lf;
    return select(scaled_exp(r, n), a, is_nan_f64(a));
}
fn log_f64(a: f64) -> f64 {
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
}
fn sin_turned_f64(a: f64, turns: i32) -> f64 {
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
}
fn sin_f64(a: f64) -> f64 {
    return sin_turned_f64(a, 0);
}
fn cos_f64(a: f64) -> f64 {
    return sin_turned_f64(a, 1);
}
fn erf_series(x: f64) -> f64 {
    var term = x;
    var sum = x;
    for (var n = 1; n < 48; n++) {
        term = term * 2.0lf * x * x / f64(2 * n + 1);
        sum = sum + term;
    }
    return 1.1283791670955126lf * exp_f64(-x * x) * sum;
}
fn erfc_fraction(x: f64) -> f64 {
    var rest = x;
    for (var n = 60; n > 0; n--) {
        rest = x + 0.5lf * f64(n) / rest;
    }
    return 0.5641895835477563lf * exp_f64(-x * x) / rest;
}
fn erf_f64(a: f64) -> f64 {
    let x = min(abs(a), 6.0lf);
    let size = select(1.0lf - erfc_fraction(max(x, 2.5lf)), erf_series(min(x, 2.5lf)), x < 2.5lf);
    return select(copysign_f64(size, a), a, is_nan_f64(a));
}
fn erfc_f64(a: f64) -> f64 {
    return select(1.0lf - erf_f64(a), erfc_fraction(clamp(a, 2.5lf, 30.0lf)), a > 2.5lf);
}
fn lgamma_f64(a: f64) -> f64 {
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
}
fn digamma_f64(a: f64) -> f64 {
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
}
var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
var<private> nan_bits: u32 = 0x7fc00000u;
fn nan() -> f32 {
    return bitcast<f32>(nan_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn is_infinite(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) == 0x7f800000u;
}
fn log_f32(a: f32) -> f32 {
    if (a < 0.0) {
        return nan();
    }
    if (a == 0.0) {
        return -infinity();
    }
    return select(log(a), a, is_infinite(a) || is_nan(a));
}
fn erfinv_f32(a: f32) -> f32 {
    let w = -log_f32((1.0 - a) * (1.0 + a));
    let central = w < 5.0;
    let x = select(sqrt(w) - 3.0, w - 2.5, central);
    var p = fma(select(-2.0021426e-4, 2.8102263e-8, central), x, select(1.0095056e-4, 3.4327394e-7, central));
    p = fma(p, x, select(1.3493432e-3, -3.5233877e-6, central));
    p = fma(p, x, select(-3.6734284e-3, -4.3915065e-6, central));
    p = fma(p, x, select(5.7395077e-3, 2.1858087e-4, central));
    p = fma(p, x, select(-7.6224613e-3, -1.2537250e-3, central));
    p = fma(p, x, select(9.4388705e-3, -4.1776816e-3, central));
    p = fma(p, x, select(1.0016741, 0.24664073, central));
    p = fma(p, x, select(2.8329768, 1.5014094, central));
    return select(p * a, a * infinity(), abs(a) == 1.0);
}
fn erfinv_f64(a: f64) -> f64 {
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
}
fn bessel_near(x: f64, order: f64) -> f64 {
    var term = 1.0lf;
    var sum = 1.0lf;
    for (var k = 1; k < 64; k++) {
        term = term * 0.25lf * x * x / (f64(k) * (f64(k) + order));
        sum = sum + term;
    }
    return sum;
}
fn bessel_far(x: f64, order: f64) -> f64 {
    var term = 1.0lf;
    var sum = 1.0lf;
    for (var k = 1; k < 25; k++) {
        let odd = f64(2 * k - 1);
        term = term * (odd * odd - 4.0lf * order * order) / (8.0lf * f64(k) * x);
        sum = sum + term;
    }
    let half = exp_f64(0.5lf * x);
    return half * (sum / sqrt(6.283185307179586lf * x)) * half;
}
fn i0_f64(a: f64) -> f64 {
    let x = abs(a);
    if (is_nan_f64(a) || is_infinite_f64(a)) {
        return x;
    }
    return select(bessel_far(max(x, 30.0lf), 0.0lf), bessel_near(min(x, 30.0lf), 0.0lf), x < 30.0lf);
}
fn i1_f64(a: f64) -> f64 {
    let x = abs(a);
    if (is_nan_f64(a) || is_infinite_f64(a)) {
        return a;
    }
    let near = 0.5lf * a * bessel_near(min(x, 30.0lf), 1.0lf);
    return select(copysign_f64(bessel_far(max(x, 30.0lf), 1.0lf), a), near, x < 30.0lf);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = erf_f64(v0);
    let v2 = erfc_f64(v0);
    let v3 = erfinv_f64(v0);
    let v4 = lgamma_f64(v0);
    let v5 = digamma_f64(v0);
    let v6 = i0_f64(v0);
    let v7 = i1_f64(v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<f64>;
@group(0) @binding(2) var<storage, read_write> a2: array<f64>;
@group(0) @binding(3) var<storage, read_write> a3: array<f64>;
@group(0) @binding(4) var<storage, read_write> a4: array<f64>;
@group(0) @binding(5) var<storage, read_write> a5: array<f64>;
@group(0) @binding(6) var<storage, read_write> a6: array<f64>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn relu_f64(a: f64) -> f64 {
    return select(a, 0.0, a <= 0.0);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = floor(v0);
    let v2 = ceil(v0);
    let v3 = round(v0);
    let v4 = trunc(v0);
    let v5 = relu_f64(v0);
    let v6 = (v0 + v0);
    let v7 = (v0 - v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<f64>;
@group(0) @binding(2) var<storage, read_write> a2: array<f64>;
@group(0) @binding(3) var<storage, read_write> a3: array<f64>;
@group(0) @binding(4) var<storage, read_write> a4: array<f64>;
@group(0) @binding(5) var<storage, read_write> a5: array<f64>;
@group(0) @binding(6) var<storage, read_write> a6: array<f64>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

var<private> infinity_bits_f64: u64 = 0x7ff0000000000000lu;
fn infinity_f64() -> f64 {
    return bitcast<f64>(infinity_bits_f64);
}
var<private> nan_bits_f64: u64 = 0x7ff8000000000000lu;
fn nan_f64() -> f64 {
    return bitcast<f64>(nan_bits_f64);
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn is_infinite_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) == 0x7ff0000000000000lu;
}
fn copysign_f64(a: f64, b: f64) -> f64 {
    return bitcast<f64>((bitcast<u64>(a) & 0x7ffffffffffffffflu) | (bitcast<u64>(b) & 0x8000000000000000lu));
}
fn rest_f64(a: f64, q: f64, b: f64) -> f64 {
    let b_high = bitcast<f64>(bitcast<u64>(b) & 0xfffffffff8000000lu);
    let q_high = bitcast<f64>(bitcast<u64>(q) & 0xfffffffff8000000lu);
    let b_low = b - b_high;
    let q_low = q - q_high;
    return fma(-q_low, b_low, fma(-q_low, b_high, fma(-q_high, b_low, fma(-q_high, b_high, a))));
}
fn power_of_two(n: i32) -> f64 {
    return bitcast<f64>(u64(u32(n + 1023)) << 52u);
}
fn scaled_exp(r: f64, n: f64) -> f64 {
    var sum = 1.0lf;
    for (var k = 13; k > 0; k--) {
        sum = 1.0lf + sum * r / f64(k);
    }
    let half = i32(n) >> 1u;
    return sum * power_of_two(half) * power_of_two(i32(n) - half);
}
fn exp_f64(a: f64) -> f64 {
    let x = clamp(a, -750.0lf, 720.0lf);
    let n = round(x * 1.4426950408889634lf);
    let r = (x - n * 0.6931471803691238lf) - n * 1.9082149292705877e-10lf;
    return select(scaled_exp(r, n), a, is_nan_f64(a));
}
fn log_f64(a: f64) -> f64 {
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
}
fn pow_positive(a: f64, b: f64) -> f64 {
    return exp_f64(b * log_f64(a));
}
fn atan_f64(a: f64) -> f64 {
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
}
fn pow_f64(a: f64, b: f64) -> f64 {
    if (b == 0.0 || a == 1.0) {
        return 1.0;
    }
    if (is_nan_f64(a) || is_nan_f64(b)) {
        return nan_f64();
    }
    let whole = floor(b) == b;
    if (whole && abs(b) <= 64.0) {
        var left = u32(abs(b));
        var base = a;
        var result = 1.0lf;
        while (left > 0u) {
            if ((left & 1u) == 1u) {
                result *= base;
            }
            base *= base;
            left = left >> 1u;
        }
        return select(result, 1.0 / result, b < 0.0);
    }
    let x = abs(a);
    if (is_infinite_f64(b)) {
        let grows = (x > 1.0) == (b > 0.0);
        return select(select(0.0lf, infinity_f64(), grows), 1.0lf, x == 1.0);
    }
    if (x == 0.0 || is_infinite_f64(x)) {
        let grows = (x != 0.0) == (b > 0.0);
        let size = select(0.0lf, infinity_f64(), grows);
        return select(size, -size, a < 0.0 && whole && floor(b * 0.5) * 2.0 != b);
    }
    if (a < 0.0 && !whole) {
        return nan_f64();
    }
    let odd = a < 0.0 && floor(b * 0.5) * 2.0 != b;
    let size = pow_positive(x, b);
    return select(size, -size, odd);
}
fn fmod_f64(a: f64, b: f64) -> f64 {
    if (b == 0.0 || is_nan_f64(a) || is_nan_f64(b) || is_infinite_f64(a)) {
        return nan_f64();
    }
    if (is_infinite_f64(b)) {
        return a;
    }
    var rest = rest_f64(a, trunc(a / b), b);
    rest = select(rest, rest + copysign_f64(b, a), rest != 0.0 && (rest < 0.0) != (a < 0.0));
    return copysign_f64(rest, a);
}
fn floor_div_f64(a: f64, b: f64) -> f64 {
    let quotient = a / b;
    if (is_infinite_f64(b) || b == 0.0 || is_nan_f64(quotient) || abs(quotient) >= 9007199254740992.0) {
        return quotient;
    }
    let rest = fmod_f64(a, b);
    let below = rest != 0.0 && (rest < 0.0) != (b < 0.0);
    let whole = round((a - rest) / b) - select(0.0lf, 1.0lf, below);
    return select(whole, copysign_f64(0.0lf, quotient), whole == 0.0);
}
fn remainder_f64(a: f64, b: f64) -> f64 {
    let rest = fmod_f64(a, b);
    let whole = copysign_f64(rest, b);
    return select(select(rest, rest + b, (rest < 0.0) != (b < 0.0)), whole, rest == 0.0);
}
fn atan2_f64(a: f64, b: f64) -> f64 {
    if (is_nan_f64(a) || is_nan_f64(b)) {
        return nan_f64();
    }
    let y = abs(a);
    let x = abs(b);
    var angle = 0.0lf;
    if (is_infinite_f64(x) && is_infinite_f64(y)) {
        angle = 0.7853981633974483lf;
    } else if (y > x) {
        angle = 1.5707963267948966 - atan_f64(x / y);
    } else if (x > 0.0) {
        angle = atan_f64(y / x);
    }
    let backwards = copysign_f64(1.0lf, b) < 0.0;
    return copysign_f64(select(angle, 3.141592653589793 - angle, backwards), a);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = (v0 * v0);
    let v2 = (v0 / v0);
    let v3 = floor_div_f64(v0, v0);
    let v4 = remainder_f64(v0, v0);
    let v5 = fmod_f64(v0, v0);
    let v6 = pow_f64(v0, v0);
    let v7 = atan2_f64(v0, v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<f64>;
@group(0) @binding(2) var<storage, read_write> a2: array<f64>;
@group(0) @binding(3) var<storage, read_write> a3: array<f64>;
@group(0) @binding(4) var<storage, read_write> a4: array<f64>;
@group(0) @binding(5) var<storage, read_write> a5: array<f64>;
@group(0) @binding(6) var<storage, read_write> a6: array<f64>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

var<private> infinity_bits_f64: u64 = 0x7ff0000000000000lu;
fn infinity_f64() -> f64 {
    return bitcast<f64>(infinity_bits_f64);
}
var<private> nan_bits_f64: u64 = 0x7ff8000000000000lu;
fn nan_f64() -> f64 {
    return bitcast<f64>(nan_bits_f64);
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn is_infinite_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) == 0x7ff0000000000000lu;
}
fn copysign_f64(a: f64, b: f64) -> f64 {
    return bitcast<f64>((bitcast<u64>(a) & 0x7ffffffffffffffflu) | (bitcast<u64>(b) & 0x8000000000000000lu));
}
fn nextafter_f64(a: f64, b: f64) -> f64 {
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
}
fn power_of_two(n: i32) -> f64 {
    return bitcast<f64>(u64(u32(n + 1023)) << 52u);
}
fn scaled_exp(r: f64, n: f64) -> f64 {
    var sum = 1.0lf;
    for (var k = 13; k > 0; k--) {
        sum = 1.0lf + sum * r / f64(k);
    }
    let half = i32(n) >> 1u;
    return sum * power_of_two(half) * power_of_two(i32(n) - half);
}
fn exp_f64(a: f64) -> f64 {
    let x = clamp(a, -750.0lf, 720.0lf);
    let n = round(x * 1.4426950408889634lf);
    let r = (x - n * 0.6931471803691238lf) - n * 1.9082149292705877e-10lf;
    return select(scaled_exp(r, n), a, is_nan_f64(a));
}
fn expm1_f64(a: f64) -> f64 {
    let x = clamp(a, -0.5lf, 0.5lf);
    var series = 1.0lf;
    for (var k = 17; k > 1; k--) {
        series = 1.0lf + series * x / f64(k);
    }
    return select(select(exp_f64(a) - 1.0lf, x * series, abs(a) < 0.5lf), a, a == 0.0lf);
}
fn log_f64(a: f64) -> f64 {
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
}
fn log1p_f64(a: f64) -> f64 {
    let x = clamp(a, -0.5lf, 0.5lf);
    let z = x / (2.0lf + x);
    var series = 0.0lf;
    for (var k = 35; k > 0; k -= 2) {
        series = 1.0lf / f64(k) + z * z * series;
    }
    return select(select(log_f64(1.0lf + a), 2.0lf * z * series, abs(a) < 0.5lf), a, a == 0.0lf);
}
fn sin_turned_f64(a: f64, turns: i32) -> f64 {
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
}
fn sin_f64(a: f64) -> f64 {
    return sin_turned_f64(a, 0);
}
fn erf_series(x: f64) -> f64 {
    var term = x;
    var sum = x;
    for (var n = 1; n < 48; n++) {
        term = term * 2.0lf * x * x / f64(2 * n + 1);
        sum = sum + term;
    }
    return 1.1283791670955126lf * exp_f64(-x * x) * sum;
}
fn erfc_fraction(x: f64) -> f64 {
    var rest = x;
    for (var n = 60; n > 0; n--) {
        rest = x + 0.5lf * f64(n) / rest;
    }
    return 0.5641895835477563lf * exp_f64(-x * x) / rest;
}
fn erf_f64(a: f64) -> f64 {
    let x = min(abs(a), 6.0lf);
    let size = select(1.0lf - erfc_fraction(max(x, 2.5lf)), erf_series(min(x, 2.5lf)), x < 2.5lf);
    return select(copysign_f64(size, a), a, is_nan_f64(a));
}
fn erfc_f64(a: f64) -> f64 {
    return select(1.0lf - erf_f64(a), erfc_fraction(clamp(a, 2.5lf, 30.0lf)), a > 2.5lf);
}
fn lgamma_f64(a: f64) -> f64 {
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
}
fn max_f64(a: f64, b: f64) -> f64 {
    return select(select(b, a, a > b), a, is_nan_f64(a));
}
fn logaddexp_f64(a: f64, b: f64) -> f64 {
    let larger = max_f64(a, b);
    if (is_infinite_f64(larger)) {
        return larger;
    }
    return larger + log1p_f64(exp_f64(-abs(a - b)));
}
fn hypot_f64(a: f64, b: f64) -> f64 {
    if (is_infinite_f64(a) || is_infinite_f64(b)) {
        return infinity_f64();
    }
    let larger = max(abs(a), abs(b));
    let scale = select(larger, 1.0lf, larger == 0.0);
    let x = a / scale;
    let y = b / scale;
    return sqrt(fma(x, x, y * y)) * scale;
}
fn gamma_scale_f64(a: f64, x: f64) -> f64 {
    if (a < 8.0) {
        return exp_f64(a * log_f64(x) - x - lgamma_f64(a));
    }
    let distance = (x - a) / a;
    let s = 1.0 / (a * a);
    let series = (0.08333333333333333 - (0.002777777777777778 - s * 0.0007936507936507937) * s) / a;
    return exp_f64(a * (log1p_f64(distance) - distance) - series) * sqrt(a * 0.15915494309189535);
}
fn gamma_great_f64(a: f64, x: f64, upper: bool) -> f64 {
    let distance = clamp((x - a) / a, -0.99lf, 9.0lf);
    let tail = 0.25 - (0.2 - 0.16666666666666666 * distance) * distance;
    let near = (0.5 - (0.3333333333333333 - tail * distance) * distance) * distance * distance;
    let half = select(distance - log1p_f64(distance), near, abs(distance) < 0.01);
    let eta = select(sqrt(2.0 * half), -sqrt(2.0 * half), distance < 0.0);
    let terms = ((eta * 0.0011574074074074073 - 0.014814814814814815) * eta + 0.08333333333333333) * eta;
    let rest = (terms - 0.3333333333333333) * exp_f64(-min(half * a, 700.0lf)) / sqrt(6.283185307179586 * a);
    let reach = eta * sqrt(0.5 * a);
    return select(0.5 * erfc_f64(-reach) - rest, 0.5 * erfc_f64(reach) + rest, upper);
}
fn gamma_small_f64(a: f64, x: f64) -> f64 {
    var taylor = -0.207385551028674 + 0.1695571769974082 * a;
    taylor = 0.2705808084277845 + taylor * a;
    taylor = -0.4006856343865314 + taylor * a;
    taylor = 0.8224670334241132 + taylor * a;
    taylor = -0.5772156649015329 + taylor * a;
    let grown = expm1_f64(a * log_f64(x) - taylor * a);
    var power = 1.0lf;
    var sum = 0.0lf;
    var n = 0.0lf;
    for (var i = 0u; i < 20u; i++) {
        n += 1.0;
        power *= -x / n;
        sum += power / (a + n);
    }
    return -grown - a * (grown + 1.0) * sum;
}
fn gamma_part_f64(a: f64, x: f64, upper: bool) -> f64 {
    if (is_nan_f64(a) || is_nan_f64(x) || a < 0.0 || x < 0.0 || (a == 0.0 && x == 0.0)) {
        return nan_f64();
    }
    if (is_infinite_f64(a) && is_infinite_f64(x)) {
        return nan_f64();
    }
    if (a == 0.0 || is_infinite_f64(x)) {
        return select(1.0lf, 0.0lf, upper);
    }
    if (x == 0.0 || is_infinite_f64(a)) {
        return select(0.0lf, 1.0lf, upper);
    }
    if (a > 1e5) {
        return gamma_great_f64(a, x, upper);
    }
    if (a < 0.01 && x < 1.0) {
        let part = gamma_small_f64(a, x);
        return select(1.0 - part, part, upper);
    }
    let scale = gamma_scale_f64(a, x);
    if (x < a + 1.0) {
        var term = 1.0 / a;
        var sum = term;
        var n = a;
        for (var i = 0u; i < 10000u && term > sum * 2e-16; i++) {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return select(scale * sum, 1.0 - scale * sum, upper);
    }
    var b = x + 1.0 - a;
    var d = 1.0 / b;
    var product = d;
    // The first step adds nothing to b.
    var inverse = 0.0lf;
    var n = 0.0lf;
    for (var i = 0u; i < 10000u; i++) {
        n += 1.0;
        let step = n * (a - n);
        b += 2.0;
        d = 1.0 / (step * d + b);
        let c = b + step * inverse;
        inverse = 1.0 / c;
        product *= c * d;
        if (abs(c * d - 1.0) < 2e-16) {
            break;
        }
    }
    return select(1.0 - scale * product, scale * product, upper);
}
fn igamma_f64(a: f64, x: f64) -> f64 {
    return gamma_part_f64(a, x, false);
}
fn igammac_f64(a: f64, x: f64) -> f64 {
    return gamma_part_f64(a, x, true);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = hypot_f64(v0, v0);
    let v2 = logaddexp_f64(v0, v0);
    let v3 = igamma_f64(v0, v0);
    let v4 = igammac_f64(v0, v0);
    let v5 = copysign_f64(v0, v0);
    let v6 = nextafter_f64(v0, v0);
    let v7 = max_f64(v0, v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f64>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_bool(word: u32, at: u32) -> bool {
    return ((word >> ((at & 3u) * 8u)) & 0xffu) != 0u;
}
fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn min_f64(a: f64, b: f64) -> f64 {
    return select(select(b, a, a < b), a, is_nan_f64(a));
}
fn less_f64(a: f64, b: f64) -> bool {
    return a < b;
}
fn less_equal_f64(a: f64, b: f64) -> bool {
    return a <= b;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = min_f64(v0, v0);
    let v2 = less_f64(v0, v0);
    let v3 = less_equal_f64(v0, v0);
    let v4 = (v0 == v0);
    let v5 = !(v0 == v0);
    let word6 = a1[i >> 2u];
    let v7 = unpack_bool(word6, 0u);
    let v8 = select(v0, v0, v7);
    let next9 = i + 1u;
    let v10 = a0[next9];
    let v11 = min_f64(v10, v10);
    let v12 = less_f64(v10, v10);
    let v13 = less_equal_f64(v10, v10);
    let v14 = (v10 == v10);
    let v15 = !(v10 == v10);
    let v16 = unpack_bool(word6, 1u);
    let v17 = select(v10, v10, v16);
    let next18 = i + 2u;
    let v19 = a0[next18];
    let v20 = min_f64(v19, v19);
    let v21 = less_f64(v19, v19);
    let v22 = less_equal_f64(v19, v19);
    let v23 = (v19 == v19);
    let v24 = !(v19 == v19);
    let v25 = unpack_bool(word6, 2u);
    let v26 = select(v19, v19, v25);
    let next27 = i + 3u;
    let v28 = a0[next27];
    let v29 = min_f64(v28, v28);
    let v30 = less_f64(v28, v28);
    let v31 = less_equal_f64(v28, v28);
    let v32 = (v28 == v28);
    let v33 = !(v28 == v28);
    let v34 = unpack_bool(word6, 3u);
    let v35 = select(v28, v28, v34);
    a2[i] = v1;
    a2[i + 1u] = v11;
    a2[i + 2u] = v20;
    a2[i + 3u] = v29;
    a3[i >> 2u] = pack_bool(v2, v12, v21, v30);
    a4[i >> 2u] = pack_bool(v3, v13, v22, v31);
    a5[i >> 2u] = pack_bool(v4, v14, v23, v32);
    a6[i >> 2u] = pack_bool(v5, v15, v24, v33);
    a7[i] = v8;
    a7[i + 1u] = v17;
    a7[i + 2u] = v26;
    a7[i + 3u] = v35;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u64>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}
fn pack_uint8(a: u32, b: u32, c: u32, d: u32) -> u32 {
    return a | (b << 8u) | (c << 16u) | (d << 24u);
}
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
fn pack_int16(a: i32, b: i32) -> u32 {
    return bitcast<u32>((a & 0xffff) | (b << 16u));
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn f64_to_i32(a: f64) -> i32 {
    return select(i32(clamp(a, -2147483648.0lf, 2147483647.0lf)), 0, is_nan_f64(a));
}
fn f64_to_u32(a: f64) -> u32 {
    return select(u32(clamp(a, 0.0lf, 4294967295.0lf)), 0u, is_nan_f64(a));
}
fn f64_to_u64(a: f64) -> u64 {
    let inside = u64(clamp(a, 0.0lf, 18446744073709549568.0lf));
    return select(select(inside, 18446744073709551615lu, a >= 18446744073709551616.0lf), 0lu, is_nan_f64(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = !(v0 == 0.0lf);
    let v2 = clamp(f64_to_u32(v0), 0u, 255u);
    let v3 = clamp(f64_to_u32(v0), 0u, 65535u);
    let v4 = f64_to_u32(v0);
    let v5 = f64_to_u64(v0);
    let v6 = clamp(f64_to_i32(v0), -128i, 127i);
    let v7 = clamp(f64_to_i32(v0), -32768i, 32767i);
    let next8 = i + 1u;
    let v9 = a0[next8];
    let v10 = !(v9 == 0.0lf);
    let v11 = clamp(f64_to_u32(v9), 0u, 255u);
    let v12 = clamp(f64_to_u32(v9), 0u, 65535u);
    let v13 = f64_to_u32(v9);
    let v14 = f64_to_u64(v9);
    let v15 = clamp(f64_to_i32(v9), -128i, 127i);
    let v16 = clamp(f64_to_i32(v9), -32768i, 32767i);
    let next17 = i + 2u;
    let v18 = a0[next17];
    let v19 = !(v18 == 0.0lf);
    let v20 = clamp(f64_to_u32(v18), 0u, 255u);
    let v21 = clamp(f64_to_u32(v18), 0u, 65535u);
    let v22 = f64_to_u32(v18);
    let v23 = f64_to_u64(v18);
    let v24 = clamp(f64_to_i32(v18), -128i, 127i);
    let v25 = clamp(f64_to_i32(v18), -32768i, 32767i);
    let next26 = i + 3u;
    let v27 = a0[next26];
    let v28 = !(v27 == 0.0lf);
    let v29 = clamp(f64_to_u32(v27), 0u, 255u);
    let v30 = clamp(f64_to_u32(v27), 0u, 65535u);
    let v31 = f64_to_u32(v27);
    let v32 = f64_to_u64(v27);
    let v33 = clamp(f64_to_i32(v27), -128i, 127i);
    let v34 = clamp(f64_to_i32(v27), -32768i, 32767i);
    a1[i >> 2u] = pack_bool(v1, v10, v19, v28);
    a2[i >> 2u] = pack_uint8(v2, v11, v20, v29);
    a3[i >> 1u] = pack_uint16(v3, v12);
    a3[(i >> 1u) + 1u] = pack_uint16(v21, v30);
    a4[i] = v4;
    a4[i + 1u] = v13;
    a4[i + 2u] = v22;
    a4[i + 3u] = v31;
    a5[i] = v5;
    a5[i + 1u] = v14;
    a5[i + 2u] = v23;
    a5[i + 3u] = v32;
    a6[i >> 2u] = pack_int8(v6, v15, v24, v33);
    a7[i >> 1u] = pack_int16(v7, v16);
    a7[(i >> 1u) + 1u] = pack_int16(v25, v34);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f64>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<i64>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn bits_of_bfloat16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let rounded = (word + 0x7fffu + ((word >> 16u) & 1u)) >> 16u;
    return select(rounded, (word >> 16u) | 0x40u, (word & 0x7fffffffu) > 0x7f800000u);
}
fn round_float16(a: f32) -> f32 {
    return unpack2x16float(bits_of_float16(a)).x;
}
fn round_bfloat16(a: f32) -> f32 {
    return bitcast<f32>(bits_of_bfloat16(a) << 16u);
}
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
fn pack_bfloat16(a: f32, b: f32) -> u32 {
    return bits_of_bfloat16(a) | (bits_of_bfloat16(b) << 16u);
}
fn is_nan_f64(a: f64) -> bool {
    return (bitcast<u64>(a) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn f64_to_i32(a: f64) -> i32 {
    return select(i32(clamp(a, -2147483648.0lf, 2147483647.0lf)), 0, is_nan_f64(a));
}
fn f64_to_i64(a: f64) -> i64 {
    let inside = i64(clamp(a, -9223372036854775808.0lf, 9223372036854774784.0lf));
    return select(select(inside, 9223372036854775807li, a >= 9223372036854775808.0lf), 0li, is_nan_f64(a));
}
fn f64_to_odd(a: f64) -> f32 {
    let nearest = f32(a);
    let back = f64(nearest);
    let odd = (bitcast<u32>(nearest) - u32(abs(back) > abs(a))) | 1u;
    return select(bitcast<f32>(odd), nearest, back == a || is_nan_f64(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = f64_to_i32(v0);
    let v2 = f64_to_i64(v0);
    let v3 = round_float16(f64_to_odd(v0));
    let v4 = round_bfloat16(f64_to_odd(v0));
    let v5 = f32(v0);
    let next6 = i + 1u;
    let v7 = a0[next6];
    let v8 = f64_to_i32(v7);
    let v9 = f64_to_i64(v7);
    let v10 = round_float16(f64_to_odd(v7));
    let v11 = round_bfloat16(f64_to_odd(v7));
    let v12 = f32(v7);
    a1[i] = v1;
    a1[i + 1u] = v8;
    a2[i] = v2;
    a2[i + 1u] = v9;
    a3[i >> 1u] = pack_float16(v3, v10);
    a4[i >> 1u] = pack_bfloat16(v4, v11);
    a5[i] = v5;
    a5[i + 1u] = v12;
}

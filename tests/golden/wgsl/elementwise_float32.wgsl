@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(0) @binding(6) var<storage, read_write> a6: array<f32>;
@group(0) @binding(7) var<storage, read_write> a7: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

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
fn sign_f32(a: f32) -> f32 {
    return select(sign(a), a, is_nan(a));
}
fn exp_f32(a: f32) -> f32 {
    return select(exp(a), a, is_nan(a));
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
fn sqrt_f32(a: f32) -> f32 {
    return select(sqrt(a), nan(), a < 0.0);
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
    let v3 = sign_f32(v0);
    let v4 = exp_f32(v0);
    let v5 = log_f32(v0);
    let v6 = sqrt_f32(v0);
    let v7 = (1.0 / v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(0) @binding(6) var<storage, read_write> a6: array<f32>;
@group(0) @binding(7) var<storage, read_write> a7: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

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
fn sin_turned(a: f32, turns: i32) -> f32 {
    let n = round(a * 0.63661975);
    let rest = fma(n, -7.5497899e-8, fma(n, -4.8375130e-4, fma(n, -1.5703125, a)));
    let r = clamp(rest, -0.79, 0.79);
    let z = r * r;
    let sine = fma(fma(fma(-1.9515296e-4, z, 8.3321609e-3), z, -1.6666655e-1) * z, r, r);
    let cosine = fma(fma(fma(2.4433157e-5, z, -1.3887316e-3), z, 4.1666646e-2), z * z, fma(-0.5, z, 1.0));
    let quadrant = i32(clamp(n, -2.0e9, 2.0e9)) + turns;
    let value = select(sine, cosine, (quadrant & 1) == 1);
    return select(select(value, -value, (quadrant & 2) == 2), nan(), is_nan(a) || is_infinite(a));
}
fn sin_f32(a: f32) -> f32 {
    return sin_turned(a, 0);
}
fn cos_f32(a: f32) -> f32 {
    return sin_turned(a, 1);
}
fn tanh_f32(a: f32) -> f32 {
    let x = abs(a);
    let z = a * a;
    var near = fma(-5.7049887e-3, z, 2.0639089e-2);
    near = fma(near, z, -5.3739716e-2);
    near = fma(near, z, 1.3331442e-1);
    near = fma(near, z, -3.333328e-1);
    near = fma(near * z, a, a);
    let far = sign(a) * (1.0 - 2.0 / (exp(2.0 * min(x, 20.0)) + 1.0));
    return select(select(far, near, x < 0.625), a, is_nan(a));
}
fn erf_f32(a: f32) -> f32 {
    let t = min(abs(a), 4.0);
    let s = t * t;
    var far = fma(-1.72853470e-5, t, 3.83197126e-4);
    far = fma(far, s, fma(-3.88396438e-3, t, 2.42546219e-2));
    far = fma(far, t, -1.06777877e-1);
    far = fma(far, t, -6.34846687e-1);
    far = fma(far, t, -1.28717512e-1);
    far = sign(a) * (1.0 - exp(fma(far, t, -t)));
    var near = fma(-5.96761703e-4, s, 4.99119423e-3);
    near = fma(near, s, -2.67681349e-2);
    near = fma(near, s, 1.12819925e-1);
    near = fma(near, s, -3.76125336e-1);
    near = fma(near, s, 1.28379166e-1);
    near = fma(near, a, a);
    return select(select(far, near, t < 0.927734375), a, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = sin_f32(v0);
    let v2 = cos_f32(v0);
    let v3 = tanh_f32(v0);
    let v4 = erf_f32(v0);
    let v5 = floor(v0);
    let v6 = ceil(v0);
    let v7 = round(v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(0) @binding(6) var<storage, read_write> a6: array<f32>;
@group(0) @binding(7) var<storage, read_write> a7: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn floor_div_f32(a: f32, b: f32) -> f32 {
    return floor(a / b);
}
fn relu_f32(a: f32) -> f32 {
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
    let v1 = trunc(v0);
    let v2 = relu_f32(v0);
    let v3 = (v0 + v0);
    let v4 = (v0 - v0);
    let v5 = (v0 * v0);
    let v6 = (v0 / v0);
    let v7 = floor_div_f32(v0, v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

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
fn max_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a > b), a, is_nan(a));
}
fn min_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a < b), a, is_nan(a));
}
fn pow_f32(a: f32, b: f32) -> f32 {
    if (b == 0.0 || a == 1.0) {
        return 1.0;
    }
    if (is_nan(a) || is_nan(b)) {
        return nan();
    }
    let whole = floor(b) == b;
    if (whole && abs(b) <= 64.0) {
        var left = u32(abs(b));
        var base = a;
        var result = 1.0;
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
    if (is_infinite(b)) {
        let grows = (x > 1.0) == (b > 0.0);
        return select(select(0.0, infinity(), grows), 1.0, x == 1.0);
    }
    if (x == 0.0 || is_infinite(x)) {
        let grows = (x != 0.0) == (b > 0.0);
        let size = select(0.0, infinity(), grows);
        return select(size, -size, a < 0.0 && whole && floor(b * 0.5) * 2.0 != b);
    }
    if (a < 0.0 && !whole) {
        return nan();
    }
    let odd = a < 0.0 && floor(b * 0.5) * 2.0 != b;
    let size = pow(x, b);
    return select(size, -size, odd);
}
fn remainder_f32(a: f32, b: f32) -> f32 {
    if (b == 0.0 || is_nan(a) || is_nan(b) || is_infinite(a)) {
        return nan();
    }
    var rest = a;
    if (!is_infinite(b)) {
        rest = fma(-trunc(a / b), b, a);
    }
    return select(rest, rest + b, rest != 0.0 && (rest < 0.0) != (b < 0.0));
}
fn less_f32(a: f32, b: f32) -> bool {
    return a < b;
}
fn less_equal_f32(a: f32, b: f32) -> bool {
    return a <= b;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = remainder_f32(v0, v0);
    let v2 = pow_f32(v0, v0);
    let v3 = max_f32(v0, v0);
    let v4 = min_f32(v0, v0);
    let v5 = less_f32(v0, v0);
    let v6 = less_equal_f32(v0, v0);
    let v7 = (v0 == v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = select(0u, 1u, v5);
    a6[i] = select(0u, 1u, v6);
    a7[i] = select(0u, 1u, v7);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<f32>;
@group(0) @binding(4) var<storage, read_write> a4: array<i32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn f32_to_i32(a: f32) -> i32 {
    let inside = i32(clamp(a, -2147483648.0, 2147483520.0));
    return select(select(inside, 2147483647, a >= 2147483648.0), 0, is_nan(a));
}
fn f32_to_u32(a: f32) -> u32 {
    let inside = u32(clamp(a, 0.0, 4294967040.0));
    return select(select(inside, 4294967295u, a >= 4294967296.0), 0u, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = !(v0 == v0);
    let v2 = a1[i];
    let v3 = !(v2 == 0.0);
    let v4 = select(v0, v0, v3);
    let v5 = f32_to_i32(v0);
    let v6 = f32_to_u32(v0);
    let v7 = !(v0 == 0.0);
    a2[i] = select(0u, 1u, v1);
    a3[i] = v4;
    a4[i] = v5;
    a5[i] = v6;
    a6[i] = select(0u, 1u, v7);
}

@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<i32>;
@group(0) @binding(3) var<storage, read_write> a3: array<i32>;
@group(0) @binding(4) var<storage, read_write> a4: array<i32>;
@group(0) @binding(5) var<storage, read_write> a5: array<i32>;
@group(0) @binding(6) var<storage, read_write> a6: array<i32>;
@group(0) @binding(7) var<storage, read_write> a7: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn sign_i32(a: i32) -> i32 {
    return sign(a);
}
fn f32_to_i32(a: f32) -> i32 {
    let inside = i32(clamp(a, -2147483648.0, 2147483520.0));
    return select(select(inside, 2147483647, a >= 2147483648.0), 0, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = f32_to_i32(v0);
    let v2 = (-v1);
    let v3 = abs(v1);
    let v4 = sign_i32(v1);
    let v5 = v1;
    let v6 = v1;
    let v7 = v1;
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<i32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = (v0 != v0);
    let v2 = a1[i];
    let v3 = !(v2 == 0.0);
    let v4 = select(v0, v0, v3);
    let v5 = f32(v0);
    let v6 = u32(v0);
    let v7 = bool(v0);
    a2[i] = select(0u, 1u, v1);
    a3[i] = v4;
    a4[i] = v5;
    a5[i] = v6;
    a6[i] = select(0u, 1u, v7);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<i32>;
@group(0) @binding(3) var<storage, read_write> a3: array<i32>;
@group(0) @binding(4) var<storage, read_write> a4: array<i32>;
@group(0) @binding(5) var<storage, read_write> a5: array<i32>;
@group(0) @binding(6) var<storage, read_write> a6: array<i32>;
@group(0) @binding(7) var<storage, read_write> a7: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn floor_div_i32(a: i32, b: i32) -> i32 {
    if (b == 0) {
        return 0;
    }
    if (b == -1) {
        return -a;
    }
    let quotient = a / b;
    let inexact = quotient * b != a && (a < 0) != (b < 0);
    return select(quotient, quotient - 1, inexact);
}
fn relu_i32(a: i32) -> i32 {
    return max(a, 0);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = v0;
    let v2 = relu_i32(v0);
    let v3 = (~v0);
    let v4 = (v0 + v0);
    let v5 = (v0 - v0);
    let v6 = (v0 * v0);
    let v7 = floor_div_i32(v0, v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<i32>;
@group(0) @binding(3) var<storage, read_write> a3: array<i32>;
@group(0) @binding(4) var<storage, read_write> a4: array<i32>;
@group(0) @binding(5) var<storage, read_write> a5: array<i32>;
@group(0) @binding(6) var<storage, read_write> a6: array<i32>;
@group(0) @binding(7) var<storage, read_write> a7: array<i32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn max_i32(a: i32, b: i32) -> i32 {
    return max(a, b);
}
fn min_i32(a: i32, b: i32) -> i32 {
    return min(a, b);
}
fn pow_u32(a: u32, b: u32) -> u32 {
    var left = b;
    var base = a;
    var result = 1u;
    while (left > 0u) {
        if ((left & 1u) == 1u) {
            result *= base;
        }
        base *= base;
        left = left >> 1u;
    }
    return result;
}
fn pow_i32(a: i32, b: i32) -> i32 {
    if (b < 0) {
        return select(select(0, 1, a == 1), select(1, -1, (b & 1) == 1), a == -1);
    }
    return bitcast<i32>(pow_u32(bitcast<u32>(a), u32(b)));
}
fn fmod_i32(a: i32, b: i32) -> i32 {
    if (b == 0 || b == -1) {
        return 0;
    }
    return a - (a / b) * b;
}
fn gcd_u32(a: u32, b: u32) -> u32 {
    var x = a;
    var y = b;
    while (y != 0u) {
        let rest = x % y;
        x = y;
        y = rest;
    }
    return x;
}
fn gcd_i32(a: i32, b: i32) -> i32 {
    return bitcast<i32>(gcd_u32(bitcast<u32>(abs(a)), bitcast<u32>(abs(b))));
}
fn floor_div_i32(a: i32, b: i32) -> i32 {
    if (b == 0) {
        return 0;
    }
    if (b == -1) {
        return -a;
    }
    let quotient = a / b;
    let inexact = quotient * b != a && (a < 0) != (b < 0);
    return select(quotient, quotient - 1, inexact);
}
fn remainder_i32(a: i32, b: i32) -> i32 {
    return select(a - floor_div_i32(a, b) * b, 0, b == 0);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = remainder_i32(v0, v0);
    let v2 = fmod_i32(v0, v0);
    let v3 = gcd_i32(v0, v0);
    let v4 = pow_i32(v0, v0);
    let v5 = max_i32(v0, v0);
    let v6 = min_i32(v0, v0);
    let v7 = (v0 & v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<i32>;
@group(0) @binding(3) var<storage, read_write> a3: array<i32>;
@group(0) @binding(4) var<storage, read_write> a4: array<i32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn xor_i32(a: i32, b: i32) -> i32 {
    return a ^ b;
}
fn shl_i32(a: i32, b: i32) -> i32 {
    return select(a << (u32(b) & 31u), 0, u32(b) > 31u);
}
fn shr_i32(a: i32, b: i32) -> i32 {
    return a >> min(u32(b), 31u);
}
fn less_i32(a: i32, b: i32) -> bool {
    return a < b;
}
fn less_equal_i32(a: i32, b: i32) -> bool {
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
    let v1 = (v0 | v0);
    let v2 = xor_i32(v0, v0);
    let v3 = shl_i32(v0, v0);
    let v4 = shr_i32(v0, v0);
    let v5 = less_i32(v0, v0);
    let v6 = less_equal_i32(v0, v0);
    let v7 = (v0 == v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = select(0u, 1u, v5);
    a6[i] = select(0u, 1u, v6);
    a7[i] = select(0u, 1u, v7);
}

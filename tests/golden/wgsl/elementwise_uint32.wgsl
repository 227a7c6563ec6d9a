@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn sign_u32(a: u32) -> u32 {
    return min(a, 1u);
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
    let v1 = f32_to_u32(v0);
    let v2 = (0u - v1);
    let v3 = v1;
    let v4 = sign_u32(v1);
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

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(0) @binding(6) var<storage, read_write> a6: array<i32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn rotate_left(a: u32, count: u32) -> u32 {
    return (a << count) | (a >> (32u - count));
}
fn threefry_rounds(state: vec2<u32>, rotations: vec4<u32>) -> vec2<u32> {
    var a = state.x;
    var b = state.y;
    a += b;
    b = rotate_left(b, rotations.x) ^ a;
    a += b;
    b = rotate_left(b, rotations.y) ^ a;
    a += b;
    b = rotate_left(b, rotations.z) ^ a;
    a += b;
    b = rotate_left(b, rotations.w) ^ a;
    return vec2(a, b);
}
fn threefry(k0: u32, k1: u32, counter: u32) -> u32 {
    let k2 = 0x1bd11bdau ^ k0 ^ k1;
    let even = vec4(13u, 15u, 26u, 6u);
    let odd = vec4(17u, 29u, 16u, 24u);
    var state = vec2(counter + k0, k1);
    state = threefry_rounds(state, even) + vec2(k1, k2 + 1u);
    state = threefry_rounds(state, odd) + vec2(k2, k0 + 2u);
    state = threefry_rounds(state, even) + vec2(k0, k1 + 3u);
    state = threefry_rounds(state, odd) + vec2(k1, k2 + 4u);
    state = threefry_rounds(state, even) + vec2(k2, k0 + 5u);
    return state.x;
}
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
    let v5 = threefry(v0, v0, v0);
    let v6 = f32(v0);
    let v7 = i32(v0);
    let v8 = bool(v0);
    a2[i] = select(0u, 1u, v1);
    a3[i] = v4;
    a4[i] = v5;
    a5[i] = v6;
    a6[i] = v7;
    a7[i] = select(0u, 1u, v8);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn floor_div_u32(a: u32, b: u32) -> u32 {
    return select(a / max(b, 1u), 0u, b == 0u);
}
fn relu_u32(a: u32) -> u32 {
    return a;
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
    let v2 = relu_u32(v0);
    let v3 = (~v0);
    let v4 = (v0 + v0);
    let v5 = (v0 - v0);
    let v6 = (v0 * v0);
    let v7 = floor_div_u32(v0, v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn max_u32(a: u32, b: u32) -> u32 {
    return max(a, b);
}
fn min_u32(a: u32, b: u32) -> u32 {
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
fn fmod_u32(a: u32, b: u32) -> u32 {
    return select(a % max(b, 1u), 0u, b == 0u);
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
fn floor_div_u32(a: u32, b: u32) -> u32 {
    return select(a / max(b, 1u), 0u, b == 0u);
}
fn remainder_u32(a: u32, b: u32) -> u32 {
    return select(a - floor_div_u32(a, b) * b, 0u, b == 0u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = remainder_u32(v0, v0);
    let v2 = fmod_u32(v0, v0);
    let v3 = gcd_u32(v0, v0);
    let v4 = pow_u32(v0, v0);
    let v5 = max_u32(v0, v0);
    let v6 = min_u32(v0, v0);
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

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn xor_u32(a: u32, b: u32) -> u32 {
    return a ^ b;
}
fn shl_u32(a: u32, b: u32) -> u32 {
    return select(a << (b & 31u), 0u, b > 31u);
}
fn shr_u32(a: u32, b: u32) -> u32 {
    return select(a >> (b & 31u), 0u, b > 31u);
}
fn less_u32(a: u32, b: u32) -> bool {
    return a < b;
}
fn less_equal_u32(a: u32, b: u32) -> bool {
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
    let v2 = xor_u32(v0, v0);
    let v3 = shl_u32(v0, v0);
    let v4 = shr_u32(v0, v0);
    let v5 = less_u32(v0, v0);
    let v6 = less_equal_u32(v0, v0);
    let v7 = (v0 == v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = select(0u, 1u, v5);
    a6[i] = select(0u, 1u, v6);
    a7[i] = select(0u, 1u, v7);
}

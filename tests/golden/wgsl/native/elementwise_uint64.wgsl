@group(0) @binding(0) var<storage, read> a0: array<u64>;
@group(0) @binding(1) var<storage, read_write> a1: array<u64>;
@group(0) @binding(2) var<storage, read_write> a2: array<u64>;
@group(0) @binding(3) var<storage, read_write> a3: array<u64>;
@group(0) @binding(4) var<storage, read_write> a4: array<u64>;
@group(0) @binding(5) var<storage, read_write> a5: array<u64>;
@group(0) @binding(6) var<storage, read_write> a6: array<u64>;
@group(0) @binding(7) var<storage, read_write> a7: array<u64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn sign_u64(a: u64) -> u64 {
    return min(a, 1lu);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = (0lu - v0);
    let v2 = v0;
    let v3 = sign_u64(v0);
    let v4 = v0;
    let v5 = v0;
    let v6 = v0;
    let v7 = v0;
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u64>;
@group(0) @binding(1) var<storage, read_write> a1: array<u64>;
@group(0) @binding(2) var<storage, read_write> a2: array<u64>;
@group(0) @binding(3) var<storage, read_write> a3: array<u64>;
@group(0) @binding(4) var<storage, read_write> a4: array<u64>;
@group(0) @binding(5) var<storage, read_write> a5: array<u64>;
@group(0) @binding(6) var<storage, read_write> a6: array<u64>;
@group(0) @binding(7) var<storage, read_write> a7: array<u64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn floor_div_u64(a: u64, b: u64) -> u64 {
    return select(a / max(b, 1lu), 0lu, b == 0lu);
}
fn remainder_u64(a: u64, b: u64) -> u64 {
    return select(a - floor_div_u64(a, b) * b, 0lu, b == 0lu);
}
fn relu_u64(a: u64) -> u64 {
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
    let v1 = relu_u64(v0);
    let v2 = (~v0);
    let v3 = (v0 + v0);
    let v4 = (v0 - v0);
    let v5 = (v0 * v0);
    let v6 = floor_div_u64(v0, v0);
    let v7 = remainder_u64(v0, v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u64>;
@group(0) @binding(1) var<storage, read_write> a1: array<u64>;
@group(0) @binding(2) var<storage, read_write> a2: array<u64>;
@group(0) @binding(3) var<storage, read_write> a3: array<u64>;
@group(0) @binding(4) var<storage, read_write> a4: array<u64>;
@group(0) @binding(5) var<storage, read_write> a5: array<u64>;
@group(0) @binding(6) var<storage, read_write> a6: array<u64>;
@group(0) @binding(7) var<storage, read_write> a7: array<u64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn max_u64(a: u64, b: u64) -> u64 {
    return max(a, b);
}
fn min_u64(a: u64, b: u64) -> u64 {
    return min(a, b);
}
fn pow_u64(a: u64, b: u64) -> u64 {
    var left = b;
    var base = a;
    var result = 1lu;
    while (left > 0lu) {
        if ((left & 1lu) == 1lu) {
            result *= base;
        }
        base *= base;
        left = left >> 1u;
    }
    return result;
}
fn fmod_u64(a: u64, b: u64) -> u64 {
    return select(a % max(b, 1lu), 0lu, b == 0lu);
}
fn gcd_u64(a: u64, b: u64) -> u64 {
    var x = a;
    var y = b;
    while (y != 0lu) {
        let rest = x % y;
        x = y;
        y = rest;
    }
    return x;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = fmod_u64(v0, v0);
    let v2 = gcd_u64(v0, v0);
    let v3 = pow_u64(v0, v0);
    let v4 = max_u64(v0, v0);
    let v5 = min_u64(v0, v0);
    let v6 = (v0 & v0);
    let v7 = (v0 | v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u64>;
@group(0) @binding(1) var<storage, read_write> a1: array<u64>;
@group(0) @binding(2) var<storage, read_write> a2: array<u64>;
@group(0) @binding(3) var<storage, read_write> a3: array<u64>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}
fn xor_u64(a: u64, b: u64) -> u64 {
    return a ^ b;
}
fn shl_u64(a: u64, b: u64) -> u64 {
    return select(a << u32(b & 63lu), 0lu, b > 63lu);
}
fn shr_u64(a: u64, b: u64) -> u64 {
    return select(a >> u32(b & 63lu), 0lu, b > 63lu);
}
fn less_u64(a: u64, b: u64) -> bool {
    return a < b;
}
fn less_equal_u64(a: u64, b: u64) -> bool {
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
    let v1 = xor_u64(v0, v0);
    let v2 = shl_u64(v0, v0);
    let v3 = shr_u64(v0, v0);
    let v4 = less_u64(v0, v0);
    let v5 = less_equal_u64(v0, v0);
    let v6 = (v0 == v0);
    let v7 = (v0 != v0);
    let next8 = i + 1u;
    let v9 = a0[next8];
    let v10 = xor_u64(v9, v9);
    let v11 = shl_u64(v9, v9);
    let v12 = shr_u64(v9, v9);
    let v13 = less_u64(v9, v9);
    let v14 = less_equal_u64(v9, v9);
    let v15 = (v9 == v9);
    let v16 = (v9 != v9);
    let next17 = i + 2u;
    let v18 = a0[next17];
    let v19 = xor_u64(v18, v18);
    let v20 = shl_u64(v18, v18);
    let v21 = shr_u64(v18, v18);
    let v22 = less_u64(v18, v18);
    let v23 = less_equal_u64(v18, v18);
    let v24 = (v18 == v18);
    let v25 = (v18 != v18);
    let next26 = i + 3u;
    let v27 = a0[next26];
    let v28 = xor_u64(v27, v27);
    let v29 = shl_u64(v27, v27);
    let v30 = shr_u64(v27, v27);
    let v31 = less_u64(v27, v27);
    let v32 = less_equal_u64(v27, v27);
    let v33 = (v27 == v27);
    let v34 = (v27 != v27);
    a1[i] = v1;
    a1[i + 1u] = v10;
    a1[i + 2u] = v19;
    a1[i + 3u] = v28;
    a2[i] = v2;
    a2[i + 1u] = v11;
    a2[i + 2u] = v20;
    a2[i + 3u] = v29;
    a3[i] = v3;
    a3[i + 1u] = v12;
    a3[i + 2u] = v21;
    a3[i + 3u] = v30;
    a4[i >> 2u] = pack_bool(v4, v13, v22, v31);
    a5[i >> 2u] = pack_bool(v5, v14, v23, v32);
    a6[i >> 2u] = pack_bool(v6, v15, v24, v33);
    a7[i >> 2u] = pack_bool(v7, v16, v25, v34);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read> a1: array<u64>;
@group(0) @binding(2) var<storage, read_write> a2: array<u64>;
@group(0) @binding(3) var<storage, read_write> a3: array<u64>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_bool(word: u32, at: u32) -> bool {
    return ((word >> ((at & 3u) * 8u)) & 0xffu) != 0u;
}
fn wrap_uint8(a: u32) -> u32 {
    return a & 0xffu;
}
fn wrap_uint16(a: u32) -> u32 {
    return a & 0xffffu;
}
fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}
fn pack_uint8(a: u32, b: u32, c: u32, d: u32) -> u32 {
    return a | (b << 8u) | (c << 16u) | (d << 24u);
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
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
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 2u];
    let v1 = unpack_bool(word0, 0u);
    let v2 = a1[i];
    let v3 = select(v2, v2, v1);
    let v4 = u64(threefry(u32(v2), u32(v2), u32(v2)));
    let v5 = (v2 != 0lu);
    let v6 = wrap_uint8(u32(v2));
    let v7 = wrap_uint16(u32(v2));
    let v8 = u32(v2);
    let next9 = i + 1u;
    let v10 = unpack_bool(word0, 1u);
    let v11 = a1[next9];
    let v12 = select(v11, v11, v10);
    let v13 = u64(threefry(u32(v11), u32(v11), u32(v11)));
    let v14 = (v11 != 0lu);
    let v15 = wrap_uint8(u32(v11));
    let v16 = wrap_uint16(u32(v11));
    let v17 = u32(v11);
    let next18 = i + 2u;
    let v19 = unpack_bool(word0, 2u);
    let v20 = a1[next18];
    let v21 = select(v20, v20, v19);
    let v22 = u64(threefry(u32(v20), u32(v20), u32(v20)));
    let v23 = (v20 != 0lu);
    let v24 = wrap_uint8(u32(v20));
    let v25 = wrap_uint16(u32(v20));
    let v26 = u32(v20);
    let next27 = i + 3u;
    let v28 = unpack_bool(word0, 3u);
    let v29 = a1[next27];
    let v30 = select(v29, v29, v28);
    let v31 = u64(threefry(u32(v29), u32(v29), u32(v29)));
    let v32 = (v29 != 0lu);
    let v33 = wrap_uint8(u32(v29));
    let v34 = wrap_uint16(u32(v29));
    let v35 = u32(v29);
    a2[i] = v3;
    a2[i + 1u] = v12;
    a2[i + 2u] = v21;
    a2[i + 3u] = v30;
    a3[i] = v4;
    a3[i + 1u] = v13;
    a3[i + 2u] = v22;
    a3[i + 3u] = v31;
    a4[i >> 2u] = pack_bool(v5, v14, v23, v32);
    a5[i >> 2u] = pack_uint8(v6, v15, v24, v33);
    a6[i >> 1u] = pack_uint16(v7, v16);
    a6[(i >> 1u) + 1u] = pack_uint16(v25, v34);
    a7[i] = v8;
    a7[i + 1u] = v17;
    a7[i + 2u] = v26;
    a7[i + 3u] = v35;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u64>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<i32>;
@group(0) @binding(4) var<storage, read_write> a4: array<i64>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
}
fn wrap_int16(a: i32) -> i32 {
    return (a << 16u) >> 16u;
}
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
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
fn pack_int16(a: i32, b: i32) -> u32 {
    return bitcast<u32>((a & 0xffff) | (b << 16u));
}
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
fn pack_bfloat16(a: f32, b: f32) -> u32 {
    return bits_of_bfloat16(a) | (bits_of_bfloat16(b) << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = wrap_int8(i32(v0));
    let v2 = wrap_int16(i32(v0));
    let v3 = i32(v0);
    let v4 = i64(v0);
    let v5 = round_float16(f32(v0));
    let v6 = round_bfloat16(f32(v0));
    let v7 = f32(v0);
    let next8 = i + 1u;
    let v9 = a0[next8];
    let v10 = wrap_int8(i32(v9));
    let v11 = wrap_int16(i32(v9));
    let v12 = i32(v9);
    let v13 = i64(v9);
    let v14 = round_float16(f32(v9));
    let v15 = round_bfloat16(f32(v9));
    let v16 = f32(v9);
    let next17 = i + 2u;
    let v18 = a0[next17];
    let v19 = wrap_int8(i32(v18));
    let v20 = wrap_int16(i32(v18));
    let v21 = i32(v18);
    let v22 = i64(v18);
    let v23 = round_float16(f32(v18));
    let v24 = round_bfloat16(f32(v18));
    let v25 = f32(v18);
    let next26 = i + 3u;
    let v27 = a0[next26];
    let v28 = wrap_int8(i32(v27));
    let v29 = wrap_int16(i32(v27));
    let v30 = i32(v27);
    let v31 = i64(v27);
    let v32 = round_float16(f32(v27));
    let v33 = round_bfloat16(f32(v27));
    let v34 = f32(v27);
    a1[i >> 2u] = pack_int8(v1, v10, v19, v28);
    a2[i >> 1u] = pack_int16(v2, v11);
    a2[(i >> 1u) + 1u] = pack_int16(v20, v29);
    a3[i] = v3;
    a3[i + 1u] = v12;
    a3[i + 2u] = v21;
    a3[i + 3u] = v30;
    a4[i] = v4;
    a4[i + 1u] = v13;
    a4[i + 2u] = v22;
    a4[i + 3u] = v31;
    a5[i >> 1u] = pack_float16(v5, v14);
    a5[(i >> 1u) + 1u] = pack_float16(v23, v32);
    a6[i >> 1u] = pack_bfloat16(v6, v15);
    a6[(i >> 1u) + 1u] = pack_bfloat16(v24, v33);
    a7[i] = v7;
    a7[i + 1u] = v16;
    a7[i + 2u] = v25;
    a7[i + 3u] = v34;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u64>;
@group(0) @binding(1) var<storage, read_write> a1: array<f64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = f64(v0);
    a1[i] = v1;
}

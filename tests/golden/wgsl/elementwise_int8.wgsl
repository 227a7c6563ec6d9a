@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
}
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
fn sign_i32(a: i32) -> i32 {
    return sign(a);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 2u];
    let v1 = unpack_int8(word0, 0u);
    let v2 = wrap_int8((-v1));
    let v3 = wrap_int8(abs(v1));
    let v4 = sign_i32(v1);
    let v5 = v1;
    let v6 = v1;
    let v7 = v1;
    let v8 = v1;
    let next9 = i + 1u;
    let v10 = unpack_int8(word0, 1u);
    let v11 = wrap_int8((-v10));
    let v12 = wrap_int8(abs(v10));
    let v13 = sign_i32(v10);
    let v14 = v10;
    let v15 = v10;
    let v16 = v10;
    let v17 = v10;
    let next18 = i + 2u;
    let v19 = unpack_int8(word0, 2u);
    let v20 = wrap_int8((-v19));
    let v21 = wrap_int8(abs(v19));
    let v22 = sign_i32(v19);
    let v23 = v19;
    let v24 = v19;
    let v25 = v19;
    let v26 = v19;
    let next27 = i + 3u;
    let v28 = unpack_int8(word0, 3u);
    let v29 = wrap_int8((-v28));
    let v30 = wrap_int8(abs(v28));
    let v31 = sign_i32(v28);
    let v32 = v28;
    let v33 = v28;
    let v34 = v28;
    let v35 = v28;
    a1[i >> 2u] = pack_int8(v2, v11, v20, v29);
    a2[i >> 2u] = pack_int8(v3, v12, v21, v30);
    a3[i >> 2u] = pack_int8(v4, v13, v22, v31);
    a4[i >> 2u] = pack_int8(v5, v14, v23, v32);
    a5[i >> 2u] = pack_int8(v6, v15, v24, v33);
    a6[i >> 2u] = pack_int8(v7, v16, v25, v34);
    a7[i >> 2u] = pack_int8(v8, v17, v26, v35);
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

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
}
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
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
fn relu_i32(a: i32) -> i32 {
    return max(a, 0);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 2u];
    let v1 = unpack_int8(word0, 0u);
    let v2 = relu_i32(v1);
    let v3 = wrap_int8((~v1));
    let v4 = wrap_int8((v1 + v1));
    let v5 = wrap_int8((v1 - v1));
    let v6 = wrap_int8((v1 * v1));
    let v7 = wrap_int8(floor_div_i32(v1, v1));
    let v8 = remainder_i32(v1, v1);
    let next9 = i + 1u;
    let v10 = unpack_int8(word0, 1u);
    let v11 = relu_i32(v10);
    let v12 = wrap_int8((~v10));
    let v13 = wrap_int8((v10 + v10));
    let v14 = wrap_int8((v10 - v10));
    let v15 = wrap_int8((v10 * v10));
    let v16 = wrap_int8(floor_div_i32(v10, v10));
    let v17 = remainder_i32(v10, v10);
    let next18 = i + 2u;
    let v19 = unpack_int8(word0, 2u);
    let v20 = relu_i32(v19);
    let v21 = wrap_int8((~v19));
    let v22 = wrap_int8((v19 + v19));
    let v23 = wrap_int8((v19 - v19));
    let v24 = wrap_int8((v19 * v19));
    let v25 = wrap_int8(floor_div_i32(v19, v19));
    let v26 = remainder_i32(v19, v19);
    let next27 = i + 3u;
    let v28 = unpack_int8(word0, 3u);
    let v29 = relu_i32(v28);
    let v30 = wrap_int8((~v28));
    let v31 = wrap_int8((v28 + v28));
    let v32 = wrap_int8((v28 - v28));
    let v33 = wrap_int8((v28 * v28));
    let v34 = wrap_int8(floor_div_i32(v28, v28));
    let v35 = remainder_i32(v28, v28);
    a1[i >> 2u] = pack_int8(v2, v11, v20, v29);
    a2[i >> 2u] = pack_int8(v3, v12, v21, v30);
    a3[i >> 2u] = pack_int8(v4, v13, v22, v31);
    a4[i >> 2u] = pack_int8(v5, v14, v23, v32);
    a5[i >> 2u] = pack_int8(v6, v15, v24, v33);
    a6[i >> 2u] = pack_int8(v7, v16, v25, v34);
    a7[i >> 2u] = pack_int8(v8, v17, v26, v35);
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

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
}
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
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
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 2u];
    let v1 = unpack_int8(word0, 0u);
    let v2 = fmod_i32(v1, v1);
    let v3 = wrap_int8(gcd_i32(v1, v1));
    let v4 = wrap_int8(pow_i32(v1, v1));
    let v5 = max_i32(v1, v1);
    let v6 = min_i32(v1, v1);
    let v7 = (v1 & v1);
    let v8 = (v1 | v1);
    let next9 = i + 1u;
    let v10 = unpack_int8(word0, 1u);
    let v11 = fmod_i32(v10, v10);
    let v12 = wrap_int8(gcd_i32(v10, v10));
    let v13 = wrap_int8(pow_i32(v10, v10));
    let v14 = max_i32(v10, v10);
    let v15 = min_i32(v10, v10);
    let v16 = (v10 & v10);
    let v17 = (v10 | v10);
    let next18 = i + 2u;
    let v19 = unpack_int8(word0, 2u);
    let v20 = fmod_i32(v19, v19);
    let v21 = wrap_int8(gcd_i32(v19, v19));
    let v22 = wrap_int8(pow_i32(v19, v19));
    let v23 = max_i32(v19, v19);
    let v24 = min_i32(v19, v19);
    let v25 = (v19 & v19);
    let v26 = (v19 | v19);
    let next27 = i + 3u;
    let v28 = unpack_int8(word0, 3u);
    let v29 = fmod_i32(v28, v28);
    let v30 = wrap_int8(gcd_i32(v28, v28));
    let v31 = wrap_int8(pow_i32(v28, v28));
    let v32 = max_i32(v28, v28);
    let v33 = min_i32(v28, v28);
    let v34 = (v28 & v28);
    let v35 = (v28 | v28);
    a1[i >> 2u] = pack_int8(v2, v11, v20, v29);
    a2[i >> 2u] = pack_int8(v3, v12, v21, v30);
    a3[i >> 2u] = pack_int8(v4, v13, v22, v31);
    a4[i >> 2u] = pack_int8(v5, v14, v23, v32);
    a5[i >> 2u] = pack_int8(v6, v15, v24, v33);
    a6[i >> 2u] = pack_int8(v7, v16, v25, v34);
    a7[i >> 2u] = pack_int8(v8, v17, v26, v35);
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

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
}
fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
fn xor_i32(a: i32, b: i32) -> i32 {
    return a ^ b;
}
fn shl_i32(a: i32, b: i32) -> i32 {
    return select(a << (u32(b) & 31u), 0, u32(b) > 31u);
}
fn shr_i32(a: i32, b: i32) -> i32 {
    return a >> (min(u32(b), 31u));
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
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 2u];
    let v1 = unpack_int8(word0, 0u);
    let v2 = xor_i32(v1, v1);
    let v3 = wrap_int8(shl_i32(v1, v1));
    let v4 = shr_i32(v1, v1);
    let v5 = less_i32(v1, v1);
    let v6 = less_equal_i32(v1, v1);
    let v7 = (v1 == v1);
    let v8 = (v1 != v1);
    let next9 = i + 1u;
    let v10 = unpack_int8(word0, 1u);
    let v11 = xor_i32(v10, v10);
    let v12 = wrap_int8(shl_i32(v10, v10));
    let v13 = shr_i32(v10, v10);
    let v14 = less_i32(v10, v10);
    let v15 = less_equal_i32(v10, v10);
    let v16 = (v10 == v10);
    let v17 = (v10 != v10);
    let next18 = i + 2u;
    let v19 = unpack_int8(word0, 2u);
    let v20 = xor_i32(v19, v19);
    let v21 = wrap_int8(shl_i32(v19, v19));
    let v22 = shr_i32(v19, v19);
    let v23 = less_i32(v19, v19);
    let v24 = less_equal_i32(v19, v19);
    let v25 = (v19 == v19);
    let v26 = (v19 != v19);
    let next27 = i + 3u;
    let v28 = unpack_int8(word0, 3u);
    let v29 = xor_i32(v28, v28);
    let v30 = wrap_int8(shl_i32(v28, v28));
    let v31 = shr_i32(v28, v28);
    let v32 = less_i32(v28, v28);
    let v33 = less_equal_i32(v28, v28);
    let v34 = (v28 == v28);
    let v35 = (v28 != v28);
    a1[i >> 2u] = pack_int8(v2, v11, v20, v29);
    a2[i >> 2u] = pack_int8(v3, v12, v21, v30);
    a3[i >> 2u] = pack_int8(v4, v13, v22, v31);
    a4[i >> 2u] = pack_bool(v5, v14, v23, v32);
    a5[i >> 2u] = pack_bool(v6, v15, v24, v33);
    a6[i >> 2u] = pack_bool(v7, v16, v25, v34);
    a7[i >> 2u] = pack_bool(v8, v17, v26, v35);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_bool(word: u32, at: u32) -> bool {
    return ((word >> ((at & 3u) * 8u)) & 0xffu) != 0u;
}
fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
}
fn wrap_uint8(a: u32) -> u32 {
    return a & 0xffu;
}
fn wrap_int16(a: i32) -> i32 {
    return (a << 16u) >> 16u;
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
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
fn pack_int16(a: i32, b: i32) -> u32 {
    return bitcast<u32>((a & 0xffff) | (b << 16u));
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
    let word2 = a1[i >> 2u];
    let v3 = unpack_int8(word2, 0u);
    let v4 = select(v3, v3, v1);
    let v5 = bool(v3);
    let v6 = wrap_uint8(u32(v3));
    let v7 = wrap_uint16(u32(v3));
    let v8 = u32(v3);
    let v9 = wrap_int16(v3);
    let next10 = i + 1u;
    let v11 = unpack_bool(word0, 1u);
    let v12 = unpack_int8(word2, 1u);
    let v13 = select(v12, v12, v11);
    let v14 = bool(v12);
    let v15 = wrap_uint8(u32(v12));
    let v16 = wrap_uint16(u32(v12));
    let v17 = u32(v12);
    let v18 = wrap_int16(v12);
    let next19 = i + 2u;
    let v20 = unpack_bool(word0, 2u);
    let v21 = unpack_int8(word2, 2u);
    let v22 = select(v21, v21, v20);
    let v23 = bool(v21);
    let v24 = wrap_uint8(u32(v21));
    let v25 = wrap_uint16(u32(v21));
    let v26 = u32(v21);
    let v27 = wrap_int16(v21);
    let next28 = i + 3u;
    let v29 = unpack_bool(word0, 3u);
    let v30 = unpack_int8(word2, 3u);
    let v31 = select(v30, v30, v29);
    let v32 = bool(v30);
    let v33 = wrap_uint8(u32(v30));
    let v34 = wrap_uint16(u32(v30));
    let v35 = u32(v30);
    let v36 = wrap_int16(v30);
    a2[i >> 2u] = pack_int8(v4, v13, v22, v31);
    a3[i >> 2u] = pack_bool(v5, v14, v23, v32);
    a4[i >> 2u] = pack_uint8(v6, v15, v24, v33);
    a5[i >> 1u] = pack_uint16(v7, v16);
    a5[(i >> 1u) + 1u] = pack_uint16(v25, v34);
    a6[i] = v8;
    a6[i + 1u] = v17;
    a6[i + 2u] = v26;
    a6[i + 3u] = v35;
    a7[i >> 1u] = pack_int16(v9, v18);
    a7[(i >> 1u) + 1u] = pack_int16(v27, v36);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<i32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_int8(word: u32, at: u32) -> i32 {
    return bitcast<i32>(word << (24u - (at & 3u) * 8u)) >> 24u;
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
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
fn pack_bfloat16(a: f32, b: f32) -> u32 {
    return bits_of_bfloat16(a) | (bits_of_bfloat16(b) << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 2u];
    let v1 = unpack_int8(word0, i);
    let v2 = v1;
    let v3 = round_float16(f32(v1));
    let v4 = round_bfloat16(f32(v1));
    let v5 = f32(v1);
    let next6 = i + 1u;
    let v7 = unpack_int8(word0, next6);
    let v8 = v7;
    let v9 = round_float16(f32(v7));
    let v10 = round_bfloat16(f32(v7));
    let v11 = f32(v7);
    a1[i] = v2;
    a1[i + 1u] = v8;
    a2[i >> 1u] = pack_float16(v3, v9);
    a3[i >> 1u] = pack_bfloat16(v4, v10);
    a4[i] = v5;
    a4[i + 1u] = v11;
}

@group(0) @binding(0) var<storage, read> a0: array<i64>;
@group(0) @binding(1) var<storage, read_write> a1: array<i64>;
@group(0) @binding(2) var<storage, read_write> a2: array<i64>;
@group(0) @binding(3) var<storage, read_write> a3: array<i64>;
@group(0) @binding(4) var<storage, read_write> a4: array<i64>;
@group(0) @binding(5) var<storage, read_write> a5: array<i64>;
@group(0) @binding(6) var<storage, read_write> a6: array<i64>;
@group(0) @binding(7) var<storage, read_write> a7: array<i64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn sign_i64(a: i64) -> i64 {
    return sign(a);
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
    let v3 = sign_i64(v0);
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

@group(0) @binding(0) var<storage, read> a0: array<i64>;
@group(0) @binding(1) var<storage, read_write> a1: array<i64>;
@group(0) @binding(2) var<storage, read_write> a2: array<i64>;
@group(0) @binding(3) var<storage, read_write> a3: array<i64>;
@group(0) @binding(4) var<storage, read_write> a4: array<i64>;
@group(0) @binding(5) var<storage, read_write> a5: array<i64>;
@group(0) @binding(6) var<storage, read_write> a6: array<i64>;
@group(0) @binding(7) var<storage, read_write> a7: array<i64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn floor_div_i64(a: i64, b: i64) -> i64 {
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
fn remainder_i64(a: i64, b: i64) -> i64 {
    return select(a - floor_div_i64(a, b) * b, 0li, b == 0);
}
fn relu_i64(a: i64) -> i64 {
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
    let v1 = relu_i64(v0);
    let v2 = (~v0);
    let v3 = (v0 + v0);
    let v4 = (v0 - v0);
    let v5 = (v0 * v0);
    let v6 = floor_div_i64(v0, v0);
    let v7 = remainder_i64(v0, v0);
    a1[i] = v1;
    a2[i] = v2;
    a3[i] = v3;
    a4[i] = v4;
    a5[i] = v5;
    a6[i] = v6;
    a7[i] = v7;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i64>;
@group(0) @binding(1) var<storage, read_write> a1: array<i64>;
@group(0) @binding(2) var<storage, read_write> a2: array<i64>;
@group(0) @binding(3) var<storage, read_write> a3: array<i64>;
@group(0) @binding(4) var<storage, read_write> a4: array<i64>;
@group(0) @binding(5) var<storage, read_write> a5: array<i64>;
@group(0) @binding(6) var<storage, read_write> a6: array<i64>;
@group(0) @binding(7) var<storage, read_write> a7: array<i64>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn max_i64(a: i64, b: i64) -> i64 {
    return max(a, b);
}
fn min_i64(a: i64, b: i64) -> i64 {
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
fn pow_i64(a: i64, b: i64) -> i64 {
    if (b < 0) {
        return select(select(0li, 1li, a == 1), select(1li, -1li, (b & 1) == 1), a == -1);
    }
    return bitcast<i64>(pow_u64(bitcast<u64>(a), u64(b)));
}
fn fmod_i64(a: i64, b: i64) -> i64 {
    if (b == 0 || b == -1) {
        return 0;
    }
    return a - (a / b) * b;
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
fn gcd_i64(a: i64, b: i64) -> i64 {
    return bitcast<i64>(gcd_u64(bitcast<u64>(abs(a)), bitcast<u64>(abs(b))));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = group * 256u + lane;
    if (i >= p[0].x) {
        return;
    }
    let v0 = a0[i];
    let v1 = fmod_i64(v0, v0);
    let v2 = gcd_i64(v0, v0);
    let v3 = pow_i64(v0, v0);
    let v4 = max_i64(v0, v0);
    let v5 = min_i64(v0, v0);
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

@group(0) @binding(0) var<storage, read> a0: array<i64>;
@group(0) @binding(1) var<storage, read_write> a1: array<i64>;
@group(0) @binding(2) var<storage, read_write> a2: array<i64>;
@group(0) @binding(3) var<storage, read_write> a3: array<i64>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}
fn xor_i64(a: i64, b: i64) -> i64 {
    return a ^ b;
}
fn shl_i64(a: i64, b: i64) -> i64 {
    return select(a << (u32(b) & 63u), 0li, u64(b) > 63lu);
}
fn shr_i64(a: i64, b: i64) -> i64 {
    return a >> u32(min(u64(b), 63lu));
}
fn less_i64(a: i64, b: i64) -> bool {
    return a < b;
}
fn less_equal_i64(a: i64, b: i64) -> bool {
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
    let v1 = xor_i64(v0, v0);
    let v2 = shl_i64(v0, v0);
    let v3 = shr_i64(v0, v0);
    let v4 = less_i64(v0, v0);
    let v5 = less_equal_i64(v0, v0);
    let v6 = (v0 == v0);
    let v7 = (v0 != v0);
    let next8 = i + 1u;
    let v9 = a0[next8];
    let v10 = xor_i64(v9, v9);
    let v11 = shl_i64(v9, v9);
    let v12 = shr_i64(v9, v9);
    let v13 = less_i64(v9, v9);
    let v14 = less_equal_i64(v9, v9);
    let v15 = (v9 == v9);
    let v16 = (v9 != v9);
    let next17 = i + 2u;
    let v18 = a0[next17];
    let v19 = xor_i64(v18, v18);
    let v20 = shl_i64(v18, v18);
    let v21 = shr_i64(v18, v18);
    let v22 = less_i64(v18, v18);
    let v23 = less_equal_i64(v18, v18);
    let v24 = (v18 == v18);
    let v25 = (v18 != v18);
    let next26 = i + 3u;
    let v27 = a0[next26];
    let v28 = xor_i64(v27, v27);
    let v29 = shl_i64(v27, v27);
    let v30 = shr_i64(v27, v27);
    let v31 = less_i64(v27, v27);
    let v32 = less_equal_i64(v27, v27);
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
@group(0) @binding(1) var<storage, read> a1: array<i64>;
@group(0) @binding(2) var<storage, read_write> a2: array<i64>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u64>;
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
    let v4 = (v2 != 0li);
    let v5 = wrap_uint8(u32(v2));
    let v6 = wrap_uint16(u32(v2));
    let v7 = u32(v2);
    let v8 = u64(v2);
    let next9 = i + 1u;
    let v10 = unpack_bool(word0, 1u);
    let v11 = a1[next9];
    let v12 = select(v11, v11, v10);
    let v13 = (v11 != 0li);
    let v14 = wrap_uint8(u32(v11));
    let v15 = wrap_uint16(u32(v11));
    let v16 = u32(v11);
    let v17 = u64(v11);
    let next18 = i + 2u;
    let v19 = unpack_bool(word0, 2u);
    let v20 = a1[next18];
    let v21 = select(v20, v20, v19);
    let v22 = (v20 != 0li);
    let v23 = wrap_uint8(u32(v20));
    let v24 = wrap_uint16(u32(v20));
    let v25 = u32(v20);
    let v26 = u64(v20);
    let next27 = i + 3u;
    let v28 = unpack_bool(word0, 3u);
    let v29 = a1[next27];
    let v30 = select(v29, v29, v28);
    let v31 = (v29 != 0li);
    let v32 = wrap_uint8(u32(v29));
    let v33 = wrap_uint16(u32(v29));
    let v34 = u32(v29);
    let v35 = u64(v29);
    a2[i] = v3;
    a2[i + 1u] = v12;
    a2[i + 2u] = v21;
    a2[i + 3u] = v30;
    a3[i >> 2u] = pack_bool(v4, v13, v22, v31);
    a4[i >> 2u] = pack_uint8(v5, v14, v23, v32);
    a5[i >> 1u] = pack_uint16(v6, v15);
    a5[(i >> 1u) + 1u] = pack_uint16(v24, v33);
    a6[i] = v7;
    a6[i + 1u] = v16;
    a6[i + 2u] = v25;
    a6[i + 3u] = v34;
    a7[i] = v8;
    a7[i + 1u] = v17;
    a7[i + 2u] = v26;
    a7[i + 3u] = v35;
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<i64>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<i32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<f32>;
@group(0) @binding(7) var<storage, read_write> a7: array<f64>;
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
    let v4 = round_float16(f32(v0));
    let v5 = round_bfloat16(f32(v0));
    let v6 = f32(v0);
    let v7 = f64(v0);
    let next8 = i + 1u;
    let v9 = a0[next8];
    let v10 = wrap_int8(i32(v9));
    let v11 = wrap_int16(i32(v9));
    let v12 = i32(v9);
    let v13 = round_float16(f32(v9));
    let v14 = round_bfloat16(f32(v9));
    let v15 = f32(v9);
    let v16 = f64(v9);
    let next17 = i + 2u;
    let v18 = a0[next17];
    let v19 = wrap_int8(i32(v18));
    let v20 = wrap_int16(i32(v18));
    let v21 = i32(v18);
    let v22 = round_float16(f32(v18));
    let v23 = round_bfloat16(f32(v18));
    let v24 = f32(v18);
    let v25 = f64(v18);
    let next26 = i + 3u;
    let v27 = a0[next26];
    let v28 = wrap_int8(i32(v27));
    let v29 = wrap_int16(i32(v27));
    let v30 = i32(v27);
    let v31 = round_float16(f32(v27));
    let v32 = round_bfloat16(f32(v27));
    let v33 = f32(v27);
    let v34 = f64(v27);
    a1[i >> 2u] = pack_int8(v1, v10, v19, v28);
    a2[i >> 1u] = pack_int16(v2, v11);
    a2[(i >> 1u) + 1u] = pack_int16(v20, v29);
    a3[i] = v3;
    a3[i + 1u] = v12;
    a3[i + 2u] = v21;
    a3[i + 3u] = v30;
    a4[i >> 1u] = pack_float16(v4, v13);
    a4[(i >> 1u) + 1u] = pack_float16(v22, v31);
    a5[i >> 1u] = pack_bfloat16(v5, v14);
    a5[(i >> 1u) + 1u] = pack_bfloat16(v23, v32);
    a6[i] = v6;
    a6[i + 1u] = v15;
    a6[i + 2u] = v24;
    a6[i + 3u] = v33;
    a7[i] = v7;
    a7[i + 1u] = v16;
    a7[i + 2u] = v25;
    a7[i + 3u] = v34;
}

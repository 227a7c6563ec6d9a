@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<u32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn wrap_uint16(a: u32) -> u32 {
    return a & 0xffffu;
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
fn sign_u32(a: u32) -> u32 {
    return min(a, 1u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 1u];
    let v1 = unpack_uint16(word0, 0u);
    let v2 = wrap_uint16((0u - v1));
    let v3 = wrap_uint16(v1);
    let v4 = sign_u32(v1);
    let v5 = v1;
    let v6 = v1;
    let v7 = v1;
    let v8 = v1;
    let next9 = i + 1u;
    let v10 = unpack_uint16(word0, 1u);
    let v11 = wrap_uint16((0u - v10));
    let v12 = wrap_uint16(v10);
    let v13 = sign_u32(v10);
    let v14 = v10;
    let v15 = v10;
    let v16 = v10;
    let v17 = v10;
    a1[i >> 1u] = pack_uint16(v2, v11);
    a2[i >> 1u] = pack_uint16(v3, v12);
    a3[i >> 1u] = pack_uint16(v4, v13);
    a4[i >> 1u] = pack_uint16(v5, v14);
    a5[i >> 1u] = pack_uint16(v6, v15);
    a6[i >> 1u] = pack_uint16(v7, v16);
    a7[i >> 1u] = pack_uint16(v8, v17);
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

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn wrap_uint16(a: u32) -> u32 {
    return a & 0xffffu;
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
fn floor_div_u32(a: u32, b: u32) -> u32 {
    return select(a / max(b, 1u), 0u, b == 0u);
}
fn remainder_u32(a: u32, b: u32) -> u32 {
    return select(a - floor_div_u32(a, b) * b, 0u, b == 0u);
}
fn relu_u32(a: u32) -> u32 {
    return a;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 1u];
    let v1 = unpack_uint16(word0, 0u);
    let v2 = relu_u32(v1);
    let v3 = wrap_uint16((~v1));
    let v4 = wrap_uint16((v1 + v1));
    let v5 = wrap_uint16((v1 - v1));
    let v6 = wrap_uint16((v1 * v1));
    let v7 = wrap_uint16(floor_div_u32(v1, v1));
    let v8 = remainder_u32(v1, v1);
    let next9 = i + 1u;
    let v10 = unpack_uint16(word0, 1u);
    let v11 = relu_u32(v10);
    let v12 = wrap_uint16((~v10));
    let v13 = wrap_uint16((v10 + v10));
    let v14 = wrap_uint16((v10 - v10));
    let v15 = wrap_uint16((v10 * v10));
    let v16 = wrap_uint16(floor_div_u32(v10, v10));
    let v17 = remainder_u32(v10, v10);
    a1[i >> 1u] = pack_uint16(v2, v11);
    a2[i >> 1u] = pack_uint16(v3, v12);
    a3[i >> 1u] = pack_uint16(v4, v13);
    a4[i >> 1u] = pack_uint16(v5, v14);
    a5[i >> 1u] = pack_uint16(v6, v15);
    a6[i >> 1u] = pack_uint16(v7, v16);
    a7[i >> 1u] = pack_uint16(v8, v17);
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

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn wrap_uint16(a: u32) -> u32 {
    return a & 0xffffu;
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
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
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 1u];
    let v1 = unpack_uint16(word0, 0u);
    let v2 = fmod_u32(v1, v1);
    let v3 = wrap_uint16(gcd_u32(v1, v1));
    let v4 = wrap_uint16(pow_u32(v1, v1));
    let v5 = max_u32(v1, v1);
    let v6 = min_u32(v1, v1);
    let v7 = (v1 & v1);
    let v8 = (v1 | v1);
    let next9 = i + 1u;
    let v10 = unpack_uint16(word0, 1u);
    let v11 = fmod_u32(v10, v10);
    let v12 = wrap_uint16(gcd_u32(v10, v10));
    let v13 = wrap_uint16(pow_u32(v10, v10));
    let v14 = max_u32(v10, v10);
    let v15 = min_u32(v10, v10);
    let v16 = (v10 & v10);
    let v17 = (v10 | v10);
    a1[i >> 1u] = pack_uint16(v2, v11);
    a2[i >> 1u] = pack_uint16(v3, v12);
    a3[i >> 1u] = pack_uint16(v4, v13);
    a4[i >> 1u] = pack_uint16(v5, v14);
    a5[i >> 1u] = pack_uint16(v6, v15);
    a6[i >> 1u] = pack_uint16(v7, v16);
    a7[i >> 1u] = pack_uint16(v8, v17);
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

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn wrap_uint16(a: u32) -> u32 {
    return a & 0xffffu;
}
fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}
fn pack_uint16(a: u32, b: u32) -> u32 {
    return a | (b << 16u);
}
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
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 1u];
    let v1 = unpack_uint16(word0, 0u);
    let v2 = xor_u32(v1, v1);
    let v3 = wrap_uint16(shl_u32(v1, v1));
    let v4 = shr_u32(v1, v1);
    let v5 = less_u32(v1, v1);
    let v6 = less_equal_u32(v1, v1);
    let v7 = (v1 == v1);
    let v8 = (v1 != v1);
    let next9 = i + 1u;
    let v10 = unpack_uint16(word0, 1u);
    let v11 = xor_u32(v10, v10);
    let v12 = wrap_uint16(shl_u32(v10, v10));
    let v13 = shr_u32(v10, v10);
    let v14 = less_u32(v10, v10);
    let v15 = less_equal_u32(v10, v10);
    let v16 = (v10 == v10);
    let v17 = (v10 != v10);
    let next18 = i + 2u;
    let word19 = a0[(i >> 1u) + 1u];
    let v20 = unpack_uint16(word19, 0u);
    let v21 = xor_u32(v20, v20);
    let v22 = wrap_uint16(shl_u32(v20, v20));
    let v23 = shr_u32(v20, v20);
    let v24 = less_u32(v20, v20);
    let v25 = less_equal_u32(v20, v20);
    let v26 = (v20 == v20);
    let v27 = (v20 != v20);
    let next28 = i + 3u;
    let v29 = unpack_uint16(word19, 1u);
    let v30 = xor_u32(v29, v29);
    let v31 = wrap_uint16(shl_u32(v29, v29));
    let v32 = shr_u32(v29, v29);
    let v33 = less_u32(v29, v29);
    let v34 = less_equal_u32(v29, v29);
    let v35 = (v29 == v29);
    let v36 = (v29 != v29);
    a1[i >> 1u] = pack_uint16(v2, v11);
    a1[(i >> 1u) + 1u] = pack_uint16(v21, v30);
    a2[i >> 1u] = pack_uint16(v3, v12);
    a2[(i >> 1u) + 1u] = pack_uint16(v22, v31);
    a3[i >> 1u] = pack_uint16(v4, v13);
    a3[(i >> 1u) + 1u] = pack_uint16(v23, v32);
    a4[i >> 2u] = pack_bool(v5, v14, v24, v33);
    a5[i >> 2u] = pack_bool(v6, v15, v25, v34);
    a6[i >> 2u] = pack_bool(v7, v16, v26, v35);
    a7[i >> 2u] = pack_bool(v8, v17, v27, v36);
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
fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
}
fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
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
fn pack_int8(a: i32, b: i32, c: i32, d: i32) -> u32 {
    return bitcast<u32>((a & 0xff) | ((b & 0xff) << 8u) | ((c & 0xff) << 16u) | (d << 24u));
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
    let word2 = a1[i >> 1u];
    let v3 = unpack_uint16(word2, 0u);
    let v4 = select(v3, v3, v1);
    let v5 = wrap_uint16(threefry(v3, v3, v3));
    let v6 = bool(v3);
    let v7 = wrap_uint8(v3);
    let v8 = v3;
    let v9 = wrap_int8(i32(v3));
    let next10 = i + 1u;
    let v11 = unpack_bool(word0, 1u);
    let v12 = unpack_uint16(word2, 1u);
    let v13 = select(v12, v12, v11);
    let v14 = wrap_uint16(threefry(v12, v12, v12));
    let v15 = bool(v12);
    let v16 = wrap_uint8(v12);
    let v17 = v12;
    let v18 = wrap_int8(i32(v12));
    let next19 = i + 2u;
    let v20 = unpack_bool(word0, 2u);
    let word21 = a1[(i >> 1u) + 1u];
    let v22 = unpack_uint16(word21, 0u);
    let v23 = select(v22, v22, v20);
    let v24 = wrap_uint16(threefry(v22, v22, v22));
    let v25 = bool(v22);
    let v26 = wrap_uint8(v22);
    let v27 = v22;
    let v28 = wrap_int8(i32(v22));
    let next29 = i + 3u;
    let v30 = unpack_bool(word0, 3u);
    let v31 = unpack_uint16(word21, 1u);
    let v32 = select(v31, v31, v30);
    let v33 = wrap_uint16(threefry(v31, v31, v31));
    let v34 = bool(v31);
    let v35 = wrap_uint8(v31);
    let v36 = v31;
    let v37 = wrap_int8(i32(v31));
    a2[i >> 1u] = pack_uint16(v4, v13);
    a2[(i >> 1u) + 1u] = pack_uint16(v23, v32);
    a3[i >> 1u] = pack_uint16(v5, v14);
    a3[(i >> 1u) + 1u] = pack_uint16(v24, v33);
    a4[i >> 2u] = pack_bool(v6, v15, v25, v34);
    a5[i >> 2u] = pack_uint8(v7, v16, v26, v35);
    a6[i] = v8;
    a6[i + 1u] = v17;
    a6[i + 2u] = v27;
    a6[i + 3u] = v36;
    a7[i >> 2u] = pack_int8(v9, v18, v28, v37);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<i32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_uint16(word: u32, at: u32) -> u32 {
    return (word >> ((at & 1u) * 16u)) & 0xffffu;
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
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 1u];
    let v1 = unpack_uint16(word0, 0u);
    let v2 = wrap_int16(i32(v1));
    let v3 = i32(v1);
    let v4 = round_float16(f32(v1));
    let v5 = round_bfloat16(f32(v1));
    let v6 = f32(v1);
    let next7 = i + 1u;
    let v8 = unpack_uint16(word0, 1u);
    let v9 = wrap_int16(i32(v8));
    let v10 = i32(v8);
    let v11 = round_float16(f32(v8));
    let v12 = round_bfloat16(f32(v8));
    let v13 = f32(v8);
    a1[i >> 1u] = pack_int16(v2, v9);
    a2[i] = v3;
    a2[i + 1u] = v10;
    a3[i >> 1u] = pack_float16(v4, v11);
    a4[i >> 1u] = pack_bfloat16(v5, v12);
    a5[i] = v6;
    a5[i + 1u] = v13;
}

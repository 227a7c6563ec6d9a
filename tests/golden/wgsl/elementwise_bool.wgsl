@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
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
fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}
fn add_bool(a: bool, b: bool) -> bool {
    return a | b;
}
fn mul_bool(a: bool, b: bool) -> bool {
    return a & b;
}
fn max_bool(a: bool, b: bool) -> bool {
    return a | b;
}
fn min_bool(a: bool, b: bool) -> bool {
    return a & b;
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
    let v2 = (!v1);
    let v3 = add_bool(v1, v1);
    let v4 = mul_bool(v1, v1);
    let v5 = max_bool(v1, v1);
    let v6 = min_bool(v1, v1);
    let v7 = (v1 & v1);
    let v8 = (v1 | v1);
    let next9 = i + 1u;
    let v10 = unpack_bool(word0, 1u);
    let v11 = (!v10);
    let v12 = add_bool(v10, v10);
    let v13 = mul_bool(v10, v10);
    let v14 = max_bool(v10, v10);
    let v15 = min_bool(v10, v10);
    let v16 = (v10 & v10);
    let v17 = (v10 | v10);
    let next18 = i + 2u;
    let v19 = unpack_bool(word0, 2u);
    let v20 = (!v19);
    let v21 = add_bool(v19, v19);
    let v22 = mul_bool(v19, v19);
    let v23 = max_bool(v19, v19);
    let v24 = min_bool(v19, v19);
    let v25 = (v19 & v19);
    let v26 = (v19 | v19);
    let next27 = i + 3u;
    let v28 = unpack_bool(word0, 3u);
    let v29 = (!v28);
    let v30 = add_bool(v28, v28);
    let v31 = mul_bool(v28, v28);
    let v32 = max_bool(v28, v28);
    let v33 = min_bool(v28, v28);
    let v34 = (v28 & v28);
    let v35 = (v28 | v28);
    a1[i >> 2u] = pack_bool(v2, v11, v20, v29);
    a2[i >> 2u] = pack_bool(v3, v12, v21, v30);
    a3[i >> 2u] = pack_bool(v4, v13, v22, v31);
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
fn pack_bool(a: bool, b: bool, c: bool, d: bool) -> u32 {
    return u32(a) | (u32(b) << 8u) | (u32(c) << 16u) | (u32(d) << 24u);
}
fn xor_bool(a: bool, b: bool) -> bool {
    return a != b;
}
fn less_bool(a: bool, b: bool) -> bool {
    return !a && b;
}
fn less_equal_bool(a: bool, b: bool) -> bool {
    return !a || b;
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
    let v2 = xor_bool(v1, v1);
    let v3 = less_bool(v1, v1);
    let v4 = less_equal_bool(v1, v1);
    let v5 = (v1 == v1);
    let v6 = (v1 != v1);
    let word7 = a1[i >> 2u];
    let v8 = unpack_bool(word7, 0u);
    let v9 = select(v1, v1, v8);
    let next10 = i + 1u;
    let v11 = unpack_bool(word0, 1u);
    let v12 = xor_bool(v11, v11);
    let v13 = less_bool(v11, v11);
    let v14 = less_equal_bool(v11, v11);
    let v15 = (v11 == v11);
    let v16 = (v11 != v11);
    let v17 = unpack_bool(word7, 1u);
    let v18 = select(v11, v11, v17);
    let next19 = i + 2u;
    let v20 = unpack_bool(word0, 2u);
    let v21 = xor_bool(v20, v20);
    let v22 = less_bool(v20, v20);
    let v23 = less_equal_bool(v20, v20);
    let v24 = (v20 == v20);
    let v25 = (v20 != v20);
    let v26 = unpack_bool(word7, 2u);
    let v27 = select(v20, v20, v26);
    let next28 = i + 3u;
    let v29 = unpack_bool(word0, 3u);
    let v30 = xor_bool(v29, v29);
    let v31 = less_bool(v29, v29);
    let v32 = less_equal_bool(v29, v29);
    let v33 = (v29 == v29);
    let v34 = (v29 != v29);
    let v35 = unpack_bool(word7, 3u);
    let v36 = select(v29, v29, v35);
    a2[i >> 2u] = pack_bool(v2, v12, v21, v30);
    a3[i >> 2u] = pack_bool(v3, v13, v22, v31);
    a4[i >> 2u] = pack_bool(v4, v14, v23, v32);
    a5[i >> 2u] = pack_bool(v5, v15, v24, v33);
    a6[i >> 2u] = pack_bool(v6, v16, v25, v34);
    a7[i >> 2u] = pack_bool(v9, v18, v27, v36);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(0) @binding(3) var<storage, read_write> a3: array<u32>;
@group(0) @binding(4) var<storage, read_write> a4: array<u32>;
@group(0) @binding(5) var<storage, read_write> a5: array<u32>;
@group(0) @binding(6) var<storage, read_write> a6: array<i32>;
@group(0) @binding(7) var<storage, read_write> a7: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_bool(word: u32, at: u32) -> bool {
    return ((word >> ((at & 3u) * 8u)) & 0xffu) != 0u;
}
fn wrap_int8(a: i32) -> i32 {
    return (a << 24u) >> 24u;
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
fn bits_of_float16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let size = word & 0x7fffffffu;
    let normal = (size + 0xc8000fffu + ((size >> 13u) & 1u)) >> 13u;
    let subnormal = bitcast<u32>(bitcast<f32>(size) + 0.5) - 0x3f000000u;
    let finite = select(normal, subnormal, size < 0x38800000u);
    let large = select(0x7c00u, 0x7e00u, size > 0x7f800000u);
    return ((word >> 16u) & 0x8000u) | select(finite, large, size >= 0x47800000u);
}
fn round_float16(a: f32) -> f32 {
    return unpack2x16float(bits_of_float16(a)).x;
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
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
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
    let v2 = wrap_uint8(u32(v1));
    let v3 = wrap_uint16(u32(v1));
    let v4 = u32(v1);
    let v5 = wrap_int8(i32(v1));
    let v6 = wrap_int16(i32(v1));
    let v7 = i32(v1);
    let v8 = round_float16(f32(v1));
    let next9 = i + 1u;
    let v10 = unpack_bool(word0, 1u);
    let v11 = wrap_uint8(u32(v10));
    let v12 = wrap_uint16(u32(v10));
    let v13 = u32(v10);
    let v14 = wrap_int8(i32(v10));
    let v15 = wrap_int16(i32(v10));
    let v16 = i32(v10);
    let v17 = round_float16(f32(v10));
    let next18 = i + 2u;
    let v19 = unpack_bool(word0, 2u);
    let v20 = wrap_uint8(u32(v19));
    let v21 = wrap_uint16(u32(v19));
    let v22 = u32(v19);
    let v23 = wrap_int8(i32(v19));
    let v24 = wrap_int16(i32(v19));
    let v25 = i32(v19);
    let v26 = round_float16(f32(v19));
    let next27 = i + 3u;
    let v28 = unpack_bool(word0, 3u);
    let v29 = wrap_uint8(u32(v28));
    let v30 = wrap_uint16(u32(v28));
    let v31 = u32(v28);
    let v32 = wrap_int8(i32(v28));
    let v33 = wrap_int16(i32(v28));
    let v34 = i32(v28);
    let v35 = round_float16(f32(v28));
    a1[i >> 2u] = pack_uint8(v2, v11, v20, v29);
    a2[i >> 1u] = pack_uint16(v3, v12);
    a2[(i >> 1u) + 1u] = pack_uint16(v21, v30);
    a3[i] = v4;
    a3[i + 1u] = v13;
    a3[i + 2u] = v22;
    a3[i + 3u] = v31;
    a4[i >> 2u] = pack_int8(v5, v14, v23, v32);
    a5[i >> 1u] = pack_int16(v6, v15);
    a5[(i >> 1u) + 1u] = pack_int16(v24, v33);
    a6[i] = v7;
    a6[i + 1u] = v16;
    a6[i + 2u] = v25;
    a6[i + 3u] = v34;
    a7[i >> 1u] = pack_float16(v8, v17);
    a7[(i >> 1u) + 1u] = pack_float16(v26, v35);
}

// Next kernel.

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_bool(word: u32, at: u32) -> bool {
    return ((word >> ((at & 3u) * 8u)) & 0xffu) != 0u;
}
fn bits_of_bfloat16(a: f32) -> u32 {
    let word = bitcast<u32>(a);
    let rounded = (word + 0x7fffu + ((word >> 16u) & 1u)) >> 16u;
    return select(rounded, (word >> 16u) | 0x40u, (word & 0x7fffffffu) > 0x7f800000u);
}
fn round_bfloat16(a: f32) -> f32 {
    return bitcast<f32>(bits_of_bfloat16(a) << 16u);
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
    let v1 = unpack_bool(word0, i);
    let v2 = round_bfloat16(f32(v1));
    let v3 = f32(v1);
    let next4 = i + 1u;
    let v5 = unpack_bool(word0, next4);
    let v6 = round_bfloat16(f32(v5));
    let v7 = f32(v5);
    a1[i >> 1u] = pack_bfloat16(v2, v6);
    a2[i] = v3;
    a2[i + 1u] = v7;
}

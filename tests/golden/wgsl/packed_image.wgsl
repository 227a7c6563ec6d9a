@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;

fn unpack_uint8(word: u32, at: u32) -> u32 {
    return (word >> ((at & 3u) * 8u)) & 0xffu;
}
fn pack_uint8(a: u32, b: u32, c: u32, d: u32) -> u32 {
    return a | (b << 8u) | (c << 16u) | (d << 24u);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn f32_to_u32(a: f32) -> u32 {
    let inside = u32(clamp(a, 0.0, 4294967040.0));
    return select(select(inside, 4294967295u, a >= 4294967296.0), 0u, is_nan(a));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 4u;
    if (i >= p[0].x) {
        return;
    }
    let rest1 = i / p[0].y;
    let x0 = i - rest1 * p[0].y;
    let rest3 = rest1 / p[0].z;
    let x2 = rest1 - rest3 * p[0].z;
    let word4 = a0[i >> 2u];
    let v5 = unpack_uint8(word4, 0u);
    let v6 = f32(v5);
    let v7 = a1[x2];
    let v8 = (v6 - v7);
    let v9 = clamp(f32_to_u32(v8), 0u, 255u);
    let next10 = i + 1u;
    let rest12 = next10 / p[0].y;
    let x11 = next10 - rest12 * p[0].y;
    let rest14 = rest12 / p[0].z;
    let x13 = rest12 - rest14 * p[0].z;
    let v15 = unpack_uint8(word4, 1u);
    let v16 = f32(v15);
    let v17 = a1[x13];
    let v18 = (v16 - v17);
    let v19 = clamp(f32_to_u32(v18), 0u, 255u);
    let next20 = i + 2u;
    let rest22 = next20 / p[0].y;
    let x21 = next20 - rest22 * p[0].y;
    let rest24 = rest22 / p[0].z;
    let x23 = rest22 - rest24 * p[0].z;
    let v25 = unpack_uint8(word4, 2u);
    let v26 = f32(v25);
    let v27 = a1[x23];
    let v28 = (v26 - v27);
    let v29 = clamp(f32_to_u32(v28), 0u, 255u);
    let next30 = i + 3u;
    let rest32 = next30 / p[0].y;
    let x31 = next30 - rest32 * p[0].y;
    let rest34 = rest32 / p[0].z;
    let x33 = rest32 - rest34 * p[0].z;
    let v35 = unpack_uint8(word4, 3u);
    let v36 = f32(v35);
    let v37 = a1[x33];
    let v38 = (v36 - v37);
    let v39 = clamp(f32_to_u32(v38), 0u, 255u);
    a2[i >> 2u] = pack_uint8(v9, v19, v29, v39);
}

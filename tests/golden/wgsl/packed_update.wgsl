@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read> a1: array<u32>;
@group(0) @binding(2) var<storage, read_write> a2: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
@group(1) @binding(1) var<uniform> s: array<vec4<u32>, 4096>;

fn unpack_float16(word: u32, at: u32) -> f32 {
    return unpack2x16float(word >> ((at & 1u) * 16u)).x;
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
fn pack_float16(a: f32, b: f32) -> u32 {
    return bits_of_float16(a) | (bits_of_float16(b) << 16u);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let i = (group * 256u + lane) * 2u;
    if (i >= p[0].x) {
        return;
    }
    let word0 = a0[i >> 1u];
    let v1 = unpack_float16(word0, 0u);
    let word2 = a1[i >> 1u];
    let v3 = unpack_float16(word2, 0u);
    let v4 = bitcast<f32>(s[p[0].y >> 2u][p[0].y & 3u]);
    let v5 = (v3 * v4);
    let v6 = (v1 - v5);
    let next7 = min(i + 1u, p[0].x - 1u);
    let v8 = unpack_float16(word0, 1u);
    let v9 = unpack_float16(word2, 1u);
    let v10 = bitcast<f32>(s[p[0].y >> 2u][p[0].y & 3u]);
    let v11 = (v9 * v10);
    let v12 = (v8 - v11);
    a2[i >> 1u] = pack_float16(v6, v12);
}

@group(0) @binding(0) var<storage, read> a0: array<u32>;
@group(0) @binding(1) var<storage, read_write> a1: array<u32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile_f32_0: array<f32, 256>;

fn unpack_bfloat16(word: u32, at: u32) -> f32 {
    return bitcast<f32>((word >> ((at & 1u) * 16u)) << 16u);
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
var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 {
    return bitcast<f32>(infinity_bits);
}
fn is_nan(a: f32) -> bool {
    return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u;
}
fn max_f32(a: f32, b: f32) -> f32 {
    return select(select(b, a, a > b), a, is_nan(a));
}
fn exp_f32(a: f32) -> f32 {
    return select(exp(a), a, is_nan(a));
}
fn less_f32(a: f32, b: f32) -> bool {
    return a < b;
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 32u;
    let wanted = group * 8u + lane / 32u;
    let i = wanted;
    let start0 = part * 2u;
    let r1 = min(start0 + 0u, p[0].x - 2u);
    let place2 = i * p[0].y + r1;
    var acc0: f32 = -infinity();
    let word3 = a0[place2 >> 1u];
    let v4 = unpack_bfloat16(word3, 0u);
    acc0 = select(acc0, max_f32(acc0, v4), start0 + 0u < p[0].x);
    let v5 = unpack_bfloat16(word3, 1u);
    acc0 = select(acc0, max_f32(acc0, v5), start0 + 0u < p[0].x);
    tile_f32_0[lane] = acc0;
    workgroupBarrier();
    for (var step = 16u; step > 0u; step = step / 2u) {
        if (part < step) {
            acc0 = max_f32(acc0, tile_f32_0[lane + step]);
            tile_f32_0[lane] = acc0;
        }
        workgroupBarrier();
    }
    acc0 = tile_f32_0[lane - part];
    workgroupBarrier();
    let v6 = bitcast<f32>(p[0].z);
    let v7 = less_f32(round_bfloat16(v6), round_bfloat16(acc0));
    let v8 = 0.0;
    let v9 = select(v8, acc0, v7);
    var acc2: f32 = 0.0;
    let v10 = (v4 - v9);
    let v11 = exp_f32(v10);
    acc2 = select(acc2, (acc2 + v11), start0 + 0u < p[0].x);
    let v12 = (v5 - v9);
    let v13 = exp_f32(v12);
    acc2 = select(acc2, (acc2 + v13), start0 + 0u < p[0].x);
    tile_f32_0[lane] = acc2;
    workgroupBarrier();
    for (var step = 16u; step > 0u; step = step / 2u) {
        if (part < step) {
            acc2 = (acc2 + tile_f32_0[lane + step]);
            tile_f32_0[lane] = acc2;
        }
        workgroupBarrier();
    }
    acc2 = tile_f32_0[lane - part];
    workgroupBarrier();
    let v14 = (1.0 / acc2);
    let v15 = (v11 * v14);
    let v16 = (v13 * v14);
    if (start0 + 0u < p[0].x) {
        a1[place2 >> 1u] = pack_bfloat16(v15, v16);
    }
}

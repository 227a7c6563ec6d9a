@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read> a1: array<f32>;
@group(0) @binding(2) var<storage, read_write> a2: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 1>;
var<workgroup> tile_f32_0: array<f32, 256>;

var<private> nan_bits: u32 = 0x7fc00000u;
fn nan() -> f32 {
    return bitcast<f32>(nan_bits);
}
fn sqrt_f32(a: f32) -> f32 {
    return select(sqrt(a), nan(), a < 0.0);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = workgroup.x;
    let part = lane % 64u;
    let wanted = group * 4u + lane / 64u;
    let i = wanted;
    let r0 = part + 0u;
    let place1 = i * p[0].x + r0;
    var acc0: f32 = 0.0;
    let v2 = a0[place1];
    acc0 = (acc0 + v2);
    tile_f32_0[lane] = acc0;
    workgroupBarrier();
    for (var step = 32u; step > 0u; step = step / 2u) {
        if (part < step) {
            acc0 = (acc0 + tile_f32_0[lane + step]);
            tile_f32_0[lane] = acc0;
        }
        workgroupBarrier();
    }
    acc0 = tile_f32_0[lane - part];
    workgroupBarrier();
    let v3 = bitcast<f32>(p[0].y);
    let v4 = (acc0 * v3);
    var acc2: f32 = 0.0;
    let v5 = (v2 - v4);
    let v6 = (v5 * v5);
    acc2 = (acc2 + v6);
    tile_f32_0[lane] = acc2;
    workgroupBarrier();
    for (var step = 32u; step > 0u; step = step / 2u) {
        if (part < step) {
            acc2 = (acc2 + tile_f32_0[lane + step]);
            tile_f32_0[lane] = acc2;
        }
        workgroupBarrier();
    }
    acc2 = tile_f32_0[lane - part];
    workgroupBarrier();
    let v7 = (acc2 * v3);
    let v8 = bitcast<f32>(p[0].z);
    let v9 = (v7 + v8);
    let v10 = sqrt_f32(v9);
    let v11 = (1.0 / v10);
    let v12 = (v5 * v11);
    let v13 = a1[r0];
    let v14 = (v12 * v13);
    let v15 = (v14 + v13);
    a2[place1] = v15;
}

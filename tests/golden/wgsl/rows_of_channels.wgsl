@group(0) @binding(0) var<storage, read> a0: array<f32>;
@group(0) @binding(1) var<storage, read_write> a1: array<f32>;
@group(1) @binding(0) var<uniform> p: array<vec4<u32>, 2>;
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
    let part = lane % 128u;
    let wanted = group * 2u + lane / 128u;
    let i = wanted;
    let r0 = min(part + 0u, p[0].x - 1u);
    let rest2 = r0 / p[0].y;
    let y1 = r0 - rest2 * p[0].y;
    let place3 = i * p[0].z + rest2 * p[0].w + y1;
    var acc0: f32 = 0.0;
    let v4 = a0[place3];
    acc0 = select(acc0, (acc0 + v4), part + 0u < p[0].x);
    tile_f32_0[lane] = acc0;
    workgroupBarrier();
    for (var step = 64u; step > 0u; step = step / 2u) {
        if (part < step) {
            acc0 = (acc0 + tile_f32_0[lane + step]);
            tile_f32_0[lane] = acc0;
        }
        workgroupBarrier();
    }
    acc0 = tile_f32_0[lane - part];
    workgroupBarrier();
    let v5 = bitcast<f32>(p[1].x);
    let v6 = (acc0 * v5);
    var acc2: f32 = 0.0;
    let v7 = (v4 - v6);
    let v8 = (v7 * v7);
    acc2 = select(acc2, (acc2 + v8), part + 0u < p[0].x);
    tile_f32_0[lane] = acc2;
    workgroupBarrier();
    for (var step = 64u; step > 0u; step = step / 2u) {
        if (part < step) {
            acc2 = (acc2 + tile_f32_0[lane + step]);
            tile_f32_0[lane] = acc2;
        }
        workgroupBarrier();
    }
    acc2 = tile_f32_0[lane - part];
    workgroupBarrier();
    let v9 = (acc2 * v5);
    let v10 = bitcast<f32>(p[1].y);
    let v11 = (v9 + v10);
    let v12 = sqrt_f32(v11);
    let v13 = (1.0 / v12);
    let v14 = (v7 * v13);
    if (part + 0u < p[0].x) {
        a1[place3] = v14;
    }
}
